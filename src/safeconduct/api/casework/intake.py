"""What comes in from outside: foreign tables, texts, tables of a new case; read, and not written yet."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.casework.folders import CLAIMS_FILE
from safeconduct.terms import CaseError, Fault, UsageError, is_comment, records, separator_of
from safeconduct.terms import read_text as read_file

if TYPE_CHECKING:
    from safeconduct.ledger.formats import Heading

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of claims.csv that something was read as, and what a person should know of the reading."""

    title: str
    rows: tuple[Cells, ...]
    told: tuple[str, ...]


def read_foreign(
    path: Path, case: Path, say: Mapping[str, str], dates: str, pairs: Mapping[str, str] | None = None
) -> Read:
    """The rows of a table in any known format; `say`: what holds for every row; `pairs`: which heading is which column.

    Raises CaseError with every fault, UsageError for a heading matched to no column.
    """
    from safeconduct.ledger import to_csv, with_rows
    from safeconduct.ledger.formats import HEADINGS, formats, places_of, read_claims, read_headings

    kept, faults = case / HEADINGS.file, list[Fault]()
    remembered = read_headings(kept, faults) if kept.is_file() else ()
    if faults:
        raise CaseError(faults)
    places = places_of(case, with_rows(case, [])[0].terms)
    matched = headings_of(pairs, say, dates) if pairs else ()
    found = read_claims(path, places=places, headings=matched, remembered=remembered, say=say, dates=dates)
    title = next((one.title for one in formats() if one.name == found.format), "a table by the headings of this case")
    rows = tuple(filled(row) for row in csv.DictReader(io.StringIO(to_csv(found.claims))))
    return Read(path.name, rows, (f"Read as: {title}.", *found.sentences()))


def headings_of(pairs: Mapping[str, str], say: Mapping[str, str], dates: str) -> tuple[Heading, ...]:
    """A mapping from what a person matched and said of every row. Raises UsageError for what is no column."""
    from safeconduct.ledger.formats import TARGETS, Heading

    wrong = [
        f'"{theirs}" is matched to "{ours}"; expected one of {", ".join(TARGETS)}; correct it.'
        for theirs, ours in pairs.items() if ours not in TARGETS
    ]  # fmt: skip
    if wrong:
        raise UsageError("\n".join(wrong))
    matched = (Heading(theirs, ours, say.get("quantity", "") if ours == "best" else "", "", dates)
               for theirs, ours in pairs.items())  # fmt: skip
    fixed = (Heading("", name, value) for name, value in say.items() if name not in pairs.values())
    return (*matched, *fixed)


def read_text(
    content: bytes, name: str, case: Path, reader: str, source: str, outlet: str = "", published: date | None = None
) -> Read:
    """What a text may be read as asserting, in the order of the text. Raises CaseError or UsageError."""
    from safeconduct.monitor import case_names
    from safeconduct.reading import accept, read

    found = read(content, case_names(case), name=name, published=published, outlet=outlet)
    with tempfile.TemporaryDirectory(prefix="safeconduct-") as place:
        part = Path(place) / "case"
        shutil.copytree(case, part, ignore=shutil.ignore_patterns(".*", "journal.jsonl", "texts"))
        there = {row["id"] for row in rows_of(part)}
        accept(found.proposals, part, found, reader=reader, source=source)
        new = [filled(row) for row in rows_of(part) if row["id"] not in there]
    if day := found.document.published:  # the table of claims has the moment at which that day ends
        new = [{**row, "published": day.isoformat()} for row in new]
    new.sort(key=lambda row: int((row.get("span") or "0").split("-")[0] or 0))
    n_known = len(found.proposals) - len(new)
    told = [*found.warnings, *([f"{n_known} proposals are in the reports already."] if n_known else [])]
    return Read(found.document.title or source, tuple(new), tuple(told))


def rows_of(case: Path) -> list[dict[str, str]]:
    """The rows of a case's claims.csv as they stand in the file."""
    text = read_file(case / CLAIMS_FILE, []) or ""
    lines = [
        cells
        for _, cells in records(text, CLAIMS_FILE, [], separator=separator_of(text))
        if not is_comment(cells or [""])
    ]
    return [dict(zip(lines[0], cells, strict=False)) for cells in lines[1:] if any(cells)] if lines else []


def filled(row: Cells) -> dict[str, str]:
    """The cells that hold something."""
    return {name: value for name, value in row.items() if value}


def new_case(
    tables: Mapping[str, Path], title: str, start: datetime, days: float, *, as_given: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files of a new case from tables of people, roads, crossings and areas; what to know. Raises CaseError."""
    from safeconduct.scenario import Answers, Inputs, draft_case

    inputs = Inputs(
        tables["people"], tables["roads"], tables.get("crossings"), as_given, boundaries=tables.get("boundaries")
    )
    answers = Answers(title, start if start.tzinfo else start.replace(tzinfo=UTC), days, ())
    draft = draft_case(inputs, answers)
    return dict(draft.files), draft.told

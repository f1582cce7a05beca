"""A file from any source, recognised by its content and read as claims.

A file of text, a workbook or JSON becomes one or more sheets; the first row among the first 25 whose headings a format
knows is the header. Formats that other packages offer (entry points of the group `safeconduct.importers`) are asked
after ours.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from safeconduct.ledger.formats import acled, agreements, dtm, ged, hapi, hxl, kobo, own, unhcr
from safeconduct.ledger.formats.base import ForeignTable, Format, Intake
from safeconduct.ledger.formats.mapping import Heading, by_table, read_mapped, serves
from safeconduct.ledger.formats.places import PlaceFinder
from safeconduct.ledger.types import Claim, Terms
from safeconduct.terms import (
    CaseError,
    Fault,
    Record,
    closest,
    is_workbook,
    parse_time,
    read_sheets,
    read_text,
    records,
    shown,
)

OWN_FORMATS = (
    ged.GED, acled.ACLED, dtm.DTM, hapi.HAPI, unhcr.YEARLY_FORMAT, unhcr.PORTAL_FORMAT, agreements.PAX_FORMAT,
    agreements.PAM_FORMAT, kobo.KOBO, own.OWN_FORMAT, hxl.HXL,
)  # fmt: skip
PLUGINS = "safeconduct.importers"
MOST_HEAD_ROWS = 25  # in which the header is looked for: tables of offices begin with titles and notes
LISTS = ("data", "Result", "result", "results", "timeseries", "items")  # under which interfaces put their rows
SAYABLE = (
    "quantity", "place", "reporter", "source_title", "address", "published", "basis", "scope", "topic", "unit",
    "context", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class TableClaims:
    """The claims of one file, and what of it was not taken."""

    file: str
    format: str  # name of the format, or "mapped"
    claims: tuple[Claim, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)  # what was left out -> rows, columns or cells
    unknown_places: Mapping[str, int] = field(default_factory=dict)  # names that are no place of the case -> claims

    def sentences(self) -> tuple[str, ...]:
        """What a person should know of the reading."""
        told = [f"{self.file}: left out {what} ({n:,})." for what, n in sorted(self.left_out.items())]
        names = sorted(self.unknown_places, key=lambda name: (-self.unknown_places[name], name))
        if names:
            few = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
            told.append(
                f"{self.file}: {len(names)} names are no place of the case and are kept as words: {few}. "
                "Add them to aliases.csv or names.csv."
            )
        return tuple(told)


@cache
def formats() -> tuple[Format, ...]:
    """Every format known: ours first, then those of other packages, by name."""
    from importlib.metadata import entry_points  # here, as few commands import tables

    found = {one.name: one for one in OWN_FORMATS}
    for point in sorted(entry_points(group=PLUGINS), key=lambda one: one.name):
        offered = point.load()
        if not isinstance(offered, Format):
            raise TypeError(f"{point.value} of the group {PLUGINS} is no Format")
        found.setdefault(offered.name, offered)
    return tuple(found.values())


def sniff(path: Path, faults: list[Fault] | None = None) -> Format | None:
    """The format of a file by its content; None where no format knows its headings."""
    found = _told_apart(sheets_of(path, faults if faults is not None else []))
    return found[0] if found else None


def read_claims(
    path: Path,
    terms: Terms | None = None,
    zone: tzinfo = UTC,
    *,
    places: PlaceFinder | None = None,
    form: str = "",
    headings: Sequence[Heading] = (),
    remembered: Sequence[Heading] = (),
    say: Mapping[str, str] | None = None,
) -> TableClaims:
    """The claims of a file in any format known, with what was left out. Raises CaseError with every fault, by line.

    form: the name of a format, where it should not be found by content. headings: a mapping that a person gave, which
    goes before all formats; remembered: one that serves where no format fits. say: fields that hold for every claim.
    `zone` is that of times without an offset.
    """
    faults: list[Fault] = []
    sheets = sheets_of(path, faults)
    stop_if_any(faults)
    found = _told_apart(sheets, form)
    how, sheet = found if found else (None, None)
    mapped: Sequence[Heading] = ()
    if headings or how is None:
        mapped, sheet = next(
            ((some, one) for some in by_table(headings or remembered) for one in sheets if serves(some, one)),
            (headings, None),
        )
    if sheet is None or (how is None and not mapped):
        raise CaseError([_unknown(path, sheets, form, headings)])
    reading = Intake(sheet, places or PlaceFinder(terms or Terms()), zone, faults)
    reading.places.unknown = Counter()
    others = {one.name for one in sheets if one.name and one.name != sheet.name}
    if others:
        reading.left_out[f"other sheets: {', '.join(sorted(others))}"] += 1
    made = read_mapped(reading, mapped) if mapped or how is None else how.read(reading)
    claims = _finished(made, reading.places.terms, say or {}, reading)
    stop_if_any(faults)
    left = {what: n for what, n in reading.left_out.items() if n}
    return TableClaims(
        path.name, how.name if how and not mapped else "mapped", claims, left, dict(reading.places.unknown)
    )


def _finished(made: Iterable[Claim], terms: Terms, say: Mapping[str, str], reading: Intake) -> tuple[Claim, ...]:
    """The claims with what a person said of all of them, in the case's terms, each statement once."""
    faults, said = reading.faults, _said(say, reading.faults)
    kept: dict[str, Claim] = {}
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for claim in made:
        if said:
            claim = replace(claim, **said)
        subject = (claim.quantity, claim.place)
        if subject not in known:
            named = in_terms(claim, terms)
            known[subject] = (named.quantity, named.place)
        if known[subject] != subject:
            claim = in_terms(claim, terms)
        if claim.kind == "figure" and not _is_sound(claim, reading):
            continue
        there = kept.setdefault(claim.id, claim)
        if there is not claim:
            if same_statement(there, claim):
                reading.left_out["rows that say the same as one above"] += 1
            else:
                found = f"{shown(claim.id)}, an id that line {there.row.rpartition(':')[2]} has"
                faults.append(
                    Fault(reading.sheet.file, line_of(claim), "id", found, "an id of its own", "correct or remove one")
                )
    return tuple(kept.values())


def _is_sound(claim: Claim, reading: Intake) -> bool:
    """Whether a figure says what it counts; that, and bounds out of order, are noted where they are wrong."""
    file, faults = reading.sheet.file, reading.faults
    figures = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if claim.quantity and figures == sorted(figures):
        return True
    line = line_of(claim)
    if claim.quantity:
        found = f"out of order ({' then '.join(f'{value:g}' for value in figures)})"
        faults.append(Fault(file, line, "best", found, "low, best and high in this order", "correct the row"))
    elif not any(one.column == "quantity" and one.file == file for one in faults):
        advice = "say it: --say quantity=..."
        faults.append(Fault(file, line, "quantity", "empty", "what is counted", advice))
    return False


def line_of(claim: Claim) -> int:
    """The line that a claim was made from, where it says so."""
    _, _, line = claim.row.rpartition(":")
    return int(line) if line.isdigit() else 0


def same_statement(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same, wherever they were read."""
    blank: dict[str, Any] = {"row": "", "source_title": "", "context": "", "published": None, "published_rule": ""}
    return replace(one, **blank) == replace(other, **blank)


def _said(say: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    """Fields that a person gave for every claim of a table."""
    found: dict[str, Any] = {}
    for name, value in say.items():
        if name not in SAYABLE:
            faults.append(Fault("--say", 0, name, "no field that can be said", "one of them", closest(name, SAYABLE)))
        elif name == "published":
            try:
                found |= {"published": parse_time(value), "published_rule": "recorded"}
            except ValueError as wrong:
                faults.append(Fault("--say", 0, name, shown(value), "a time with its offset", str(wrong)))
        else:
            found[name] = value
    return found


def in_terms(claim: Claim, terms: Terms) -> Claim:
    """The claim with its quantity and place by the names of the vocabulary and of the case."""
    quantity = terms.quantity(claim.quantity).name if claim.quantity else ""
    place = terms.place_key(claim.place, quantity)
    said = claim.place_said or (claim.place if place != claim.place else "")
    if (quantity, place, said) == (claim.quantity, claim.place, claim.place_said):
        return claim
    return replace(claim, quantity=quantity, place=place, place_said=said)


def stop_if_any(faults: Sequence[Fault]) -> None:
    """Raise CaseError where a fault was found."""
    if faults:
        raise CaseError(faults)


def sheets_of(path: Path, faults: list[Fault]) -> list[ForeignTable]:
    """The tables of a file, each with every row that may be its header tried by the formats."""
    if is_workbook(path):
        return [_sheet(grid.file, grid.sheet, grid.rows, faults) for grid in read_sheets(path, faults)]
    text = read_text(path, faults)
    if text is None:
        return []
    if text.lstrip()[:1] in ("{", "["):
        return list(_json_sheets(text, path.name, faults))
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=head.count)
    rows = tuple(records(text, path.name, faults, separator=separator))
    if not rows and not faults:
        faults.append(Fault(path.name, 0, "", "empty file", "a table", "choose another file"))
    return [_sheet(path.name, "", rows, faults)] if rows else []


def _sheet(file: str, name: str, rows: Sequence[Record], faults: list[Fault]) -> ForeignTable:
    """A table under its header: the first row that a format knows (HXL's last of all), else the first row."""
    tagged = None
    for at, (line, cells) in enumerate(rows[:MOST_HEAD_ROWS]):
        bare = ForeignTable(file, name, tuple(cell.strip() for cell in cells), (), line)
        known = next((form.name for form in formats() if form.fits(bare)), "")
        if known and known != hxl.HXL.name:
            return _under(bare, rows[at + 1 :], faults)
        if known and tagged is None:
            tagged = bare, at
    bare, at = tagged or (ForeignTable(file, name, tuple(cell.strip() for cell in rows[0][1]), (), rows[0][0]), 0)
    return _under(bare, rows[at + 1 :], faults)


def _under(bare: ForeignTable, rows: Sequence[Record], faults: list[Fault]) -> ForeignTable:
    """The rows under a header, by its headings.

    A row of text with more or fewer cells than the header is a fault: which cell is which cannot be known.
    """
    width = len(bare.header)
    found = []
    for line, cells in rows:
        if len(cells) == width:
            found.append((line, cells))
        else:
            advice = "quote a cell that holds a comma; end short rows with commas"
            faults.append(Fault(bare.file, line, "", f"{len(cells)} cells", f"{width}, as in the header", advice))
    return replace(bare, rows=tuple(found))


def _json_sheets(text: str, file: str, faults: list[Fault]) -> Iterator[ForeignTable]:
    """The lists of records in a JSON file as tables; the line of a record is its number."""
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        faults.append(Fault(file, error.lineno, "", f"no JSON ({error.msg})", "JSON", "fetch the file again"))
        return
    except RecursionError:
        faults.append(Fault(file, 0, "", "JSON of too many levels", "a list of records", "fetch the file again"))
        return
    found = _records_in(said)
    if found is None:
        known = ", ".join(LISTS)
        faults.append(
            Fault(file, 0, "", "JSON without records", f"a list of records, or one under {known}", "check it")
        )
        return
    header = tuple(dict.fromkeys(str(name) for record in found for name in record))
    rows = tuple((at, [_json_cell(record.get(name)) for name in header]) for at, record in enumerate(found, start=1))
    yield ForeignTable(file, "", header, rows, 0)


def _records_in(said: object, deep: int = 3) -> list[dict[object, object]] | None:
    """The list of records in a value of JSON."""
    if isinstance(said, list):
        found = [one for one in said if isinstance(one, dict)]
        return found if found and len(found) == len(said) else None
    if isinstance(said, dict) and deep:
        for name in LISTS:
            inner = _records_in(said.get(name), deep - 1)
            if inner is not None:
                return inner
    return None


def _json_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _told_apart(sheets: Sequence[ForeignTable], form: str = "") -> tuple[Format, ForeignTable] | None:
    """The first format and sheet that belong together; the named format where one is named."""
    for sheet in sheets:
        for one in formats():
            if form in ("", one.name) and one.fits(sheet):
                return one, sheet
    return None


def _unknown(path: Path, sheets: Sequence[ForeignTable], form: str, headings: Sequence[Heading]) -> Fault:
    """The sentence about a table that nothing here can read."""
    heads = ", ".join(shown(head) for head in (sheets[0].header if sheets else ())[:12] if head) or "none"
    if headings:
        missing = [one.heading for one in headings if one.heading and not any(s.has(one.heading) for s in sheets)]
        return Fault(
            path.name,
            0,
            "",
            f"headings {heads}",
            f"those of the mapping ({', '.join(missing[:5])})",
            "correct the mapping",
        )
    if form and form not in {one.name for one in formats()}:
        return Fault("--format", 0, "", shown(form), "a format", closest(form, [one.name for one in formats()]))
    known = ", ".join(one.name for one in formats())
    advice = "say which heading is which column with --map FILE or --ask"
    return Fault(path.name, 0, "", f"no format known here has the headings {heads}", f"one of {known}", advice)

"""A header mapping: which heading of a table is which column of claims.csv. It is remembered by heading.

A mapping is a small table that a person writes, or answers questions for. Kept as `headings.csv` in a case folder, it
serves every later table with the same headings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.ledger.formats.base import ORDERS, ForeignTable, Intake, Line, period, with_content_id
from safeconduct.ledger.rows.columns import COLUMNS
from safeconduct.ledger.types import BASES, KINDS, NO_ADDRESS, Claim
from safeconduct.ledger.vocabulary import words_in
from safeconduct.terms import Column, Fault, Need, Row, Table, cells, read_rows

HEADINGS = Table(
    "headings.csv",
    "Which heading of other people's tables is which column of claims.csv; made by `ledger import --ask`.",
    (
        Column("heading", "heading in their table; empty = the value holds for every row", need=Need.COLUMN),
        Column("column", "column of claims.csv; pcode = a P-code of the place; ignore = means nothing to us"),
        Column(
            "value",
            "without a heading: what every row says; with a heading of low, best or high: the quantity counted",
            need=Need.NONE,
        ),
        Column("table", "name of the mapping: rows of one name belong together", need=Need.NONE),
        Column("dates", f"how the table writes dates: {', '.join(ORDERS)}; empty = year-month-day", need=Need.NONE),
    ),
    is_required=False,
    may_be_empty=True,
)
FIGURES = ("low", "best", "high")
TIMES = ("time", "until", "published")
SPECIAL = ("pcode", "ignore")
TARGETS = (*COLUMNS, *SPECIAL)


@dataclass(frozen=True, slots=True)
class Heading:
    """One row of a mapping."""

    heading: str
    column: str
    value: str = ""
    table: str = ""  # rows of one name make one mapping
    dates: str = ""


def read_headings(path: Path, faults: list[Fault]) -> tuple[Heading, ...]:
    """The rows of a mapping, checked. Faults are added to the list."""
    return tuple(_heading(row) for row in read_rows(path, HEADINGS, faults) or [])


def _heading(row: Row) -> Heading:
    column = cells.choice(row, "column", TARGETS)
    heading, value = row.cells.get("heading", ""), row.cells.get("value", "")
    if not heading and not value:
        row.note("value", "what every row says, as no heading is named", "fill in heading or value")
    if row.cells.get("dates"):
        cells.choice(row, "dates", tuple(ORDERS))
    return Heading(heading, column, value, row.cells.get("table", ""), row.cells.get("dates", ""))


def by_table(headings: Sequence[Heading]) -> list[tuple[Heading, ...]]:
    """The mappings that a file of them holds."""
    names = dict.fromkeys(one.table for one in headings)
    return [tuple(one for one in headings if one.table == name) for name in names]


def serves(headings: Sequence[Heading], sheet: ForeignTable) -> bool:
    """Whether a mapping fits a table: all its headings are there, one of them a figure, an act or words."""
    named = [one for one in headings if one.heading and one.column != "ignore"]
    return bool(named) and sheet.has(*(one.heading for one in named))


def read_mapped(reading: Intake, headings: Sequence[Heading]) -> Iterator[Claim]:
    """The claims of a table by its mapping: one for each figure of a row, else one for the row."""
    fixed = {one.column: one.value for one in headings if not one.heading}
    named = [one for one in headings if one.heading and reading.sheet.has(one.heading)]
    reading.order = next((ORDERS[one.dates] for one in headings if one.dates), "ymd")
    reading.leave_columns(one.heading for one in named)
    figures: dict[str, dict[str, str]] = {}  # quantity -> low, best, high -> heading
    for one in named:
        if one.column in FIGURES:
            figures.setdefault(one.value or fixed.get("quantity", ""), {})[one.column] = one.heading
    texts = {one.column: one.heading for one in named if one.column not in (*FIGURES, "ignore")}
    kind = fixed.get("kind", "figure" if figures else "statement")
    if kind not in KINDS or fixed.get("basis", "estimated") not in BASES:
        wrong = "kind" if kind not in KINDS else "basis"
        known = ", ".join(KINDS if wrong == "kind" else BASES)
        reading.faults.append(
            Fault(HEADINGS.file, 0, wrong, f'"{fixed[wrong]}"', f"one of {known}", "choose one of them")
        )
        return
    for line in reading.lines():
        for quantity, ends in (figures or {"": {}}).items():
            said = _claim(line, kind, quantity, ends, texts, fixed)
            if said:
                yield said
            else:
                reading.left_out[f"rows without a number in {', '.join(ends.values())}"] += 1


def _claim(
    line: Line, kind: str, quantity: str, ends: Mapping[str, str], texts: Mapping[str, str], fixed: Mapping[str, str]
) -> Claim | None:
    """One claim of a row; None where its figures are empty."""
    said = {name: line.get(head) for name, head in texts.items() if name not in TIMES}
    text = {**fixed, **{name: cell for name, cell in said.items() if cell}}
    quantity = quantity or text.get("quantity", "")
    numbers = {end: line.counted(head, quantity) for end, head in ends.items()}
    if ends and all(number is None for number in numbers.values()):
        return None
    reporter = text.get("reporter", "")
    if not reporter:
        line.fault("reporter", "empty", "who says so", "map a heading to reporter, or say it once with --say reporter=")
    start = line.when(texts["time"]) if "time" in texts else (None, "unknown")
    time, precision, until = *start, None
    if "until" in texts and line.get(texts["until"]):
        end = line.when(texts["until"])
        if not line.is_reversed(start, end, texts["until"]):
            time, precision, until = period(start, end)
    published = line.when(texts["published"])[0] if "published" in texts else None
    known: dict[str, object] = {
        name: text[name] for name in ("place_said", "hedge", "scope", "actor", "towards", "action", "status", "words",
        "topic", "context", "remark", "unit", "basis", "due_said", "behalf") if text.get(name)
    }  # fmt: skip
    known |= {name: words_in(text[name]) for name in ("obligation", "disputes", "responds_to") if text.get(name)}
    if kind != "figure":
        known = {"unit": "", "basis": "", **known}
    made = line.claim(
        quantity, numbers.get("best"), (time, precision), text.get("place", ""), text.get("pcode", ""), (), **known,
        kind=kind, low=numbers.get("low"), high=numbers.get("high"), until=until, reporter=reporter,
        via=tuple(part.strip() for part in text.get("via", "").split(";") if part.strip()),
        source_title=text.get("source_title") or line.of.sheet.file, address=text.get("address") or NO_ADDRESS,
        published=published, published_rule="recorded" if published else "",
    )  # fmt: skip
    return replace(made, id=text["id"]) if text.get("id") else with_content_id(made)


def ask_headings(sheet: ForeignTable, ask: Callable[[str, str], str]) -> tuple[Heading, ...]:
    """A mapping made by questions. `ask(question, default)` hands back the answer; an empty one means ignore."""
    made: list[Heading] = []
    for head, at in sheet.columns().items():
        example = next((row[at] for _, row in sheet.rows if row[at]), "")
        likely = head.strip().lower() if head.strip().lower() in TARGETS else "ignore"
        column = ask(f'"{head}" (such as "{example}") is the column', likely).strip() or "ignore"
        while column not in TARGETS:
            column = ask(f'"{column}" is no column; one of {", ".join(TARGETS)}', likely).strip() or "ignore"
        value = ask(f'What does "{head}" count (a quantity)', "").strip() if column in FIGURES else ""
        dates = ask(f"How are dates written: {', '.join(ORDERS)}", "year-month-day") if column in TIMES else ""
        made.append(Heading(head, column, value, sheet.file, dates))
    for column in ("reporter", "source_title", "place"):
        if not any(one.column == column for one in made):
            value = ask(f"{column} of every row", "").strip()
            if value:
                made.append(Heading("", column, value, sheet.file))
    return tuple(made)


def write_headings(headings: Sequence[Heading]) -> str:
    """A mapping as the text of its table."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in HEADINGS.columns])
    writer.writerows((one.heading, one.column, one.value, one.table, one.dates) for one in headings)
    return out.getvalue()

"""The tables of a file, each under its header: text, workbook or JSON.

The first row among the first 25 whose headings a format knows is the header. Formats that other packages offer (entry
points of the group `safeconduct.importers`) are asked after ours.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from statistics import median

from safeconduct.ledger.formats import hxl, own
from safeconduct.ledger.formats.base import ForeignTable, Format
from safeconduct.ledger.formats.mapping import Heading, serves
from safeconduct.ledger.formats.providers import PROVIDERS
from safeconduct.terms import Fault, Record, is_workbook, read_sheets, read_text, records

OWN_FORMATS = (*PROVIDERS, own.OWN_FORMAT, hxl.HXL)
PLUGINS = "safeconduct.importers"
MOST_HEAD_ROWS = 25  # in which the header is looked for: tables of offices begin with titles and notes
LISTS = ("data", "Result", "result", "results", "timeseries", "items")  # under which interfaces put their rows
SEPARATORS = (",", ";", "\t")
Mapped = Sequence[Heading]  # a mapping of one table


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


def sheets_of(
    path: Path, faults: list[Fault], *, first: Sequence[Mapped] = (), last: Sequence[Mapped] = ()
) -> list[ForeignTable]:
    """The tables of a file, each under its header: the row that a mapping of `first` serves, that a format knows, or
    that a mapping of `last` serves; else the first that is as wide as the table.
    """
    if is_workbook(path):
        return [_sheet(grid.file, grid.sheet, grid.rows, faults, first, last) for grid in read_sheets(path, faults)]
    text = read_text(path, faults)
    if text is None:
        return []
    if text.lstrip()[:1] in ("{", "["):
        return list(_json_sheets(text, path.name, faults))
    rows = tuple(records(text, path.name, faults, separator=_separator(text, (*first, *last))))
    if not rows and not faults:
        faults.append(Fault(path.name, 0, "", "empty file", "a table", "choose another file"))
    return [_sheet(path.name, "", rows, faults, first, last)] if rows else []


def _separator(text: str, mappings: Sequence[Mapped]) -> str:
    """What parts the cells: what makes a known header of a first line, else what half of them hold most of."""
    lines = list(islice((line for line in io.StringIO(text) if line.strip()), MOST_HEAD_ROWS))
    for sign in SEPARATORS:
        for line in lines:
            bare = _bare("", "", (0, next(csv.reader([line], delimiter=sign))))
            if _known(bare) or any(serves(one, bare) for one in mappings):
                return sign
    counts = [[re.sub(r'"[^"]*"', "", line).count(sign) for line in lines] for sign in SEPARATORS]
    return max(zip(counts, SEPARATORS, strict=True), key=lambda pair: median(pair[0] or [0]))[1]


def _bare(file: str, name: str, row: Record) -> ForeignTable:
    """A row as a header without rows."""
    return ForeignTable(file, name, tuple(cell.strip() for cell in row[1]), (), row[0])


def _known(bare: ForeignTable) -> str:
    """The name of the format that knows a header; empty where none does."""
    return next((form.name for form in formats() if form.fits(bare)), "")


def _sheet(
    file: str, name: str, rows: Sequence[Record], faults: list[Fault], first: Sequence[Mapped], last: Sequence[Mapped]
) -> ForeignTable:
    """A table under its header. Of the formats HXL comes last, as its hashtags stand under a header."""
    heads = [_bare(file, name, row) for row in rows[:MOST_HEAD_ROWS]]
    known = [_known(bare) for bare in heads]
    tries = (
        (any(serves(one, bare) for one in first) for bare in heads),
        (form not in ("", hxl.HXL.name) for form in known),
        (form == hxl.HXL.name for form in known),
        (any(serves(one, bare) for one in last) for bare in heads),
    )
    found = (at for fits in tries for at, it_fits in enumerate(fits) if it_fits)
    at = next(found, None)
    if at is None:  # titles above a header fill few of its cells
        filled = [sum(map(bool, bare.header)) for bare in heads]
        at = next(n for n, count in enumerate(filled) if 2 * count > max(filled))
    return _under(heads[at], rows[at + 1 :], faults)


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

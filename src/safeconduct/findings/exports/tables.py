"""A table for others: named columns with meaning and unit, as xlsx or CSV, with a data dictionary.

No cell is a formula: a workbook's cells are typed as text or number, and text for a CSV file is held inert.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from safeconduct.terms import guarded, inert

WIDEST = 60  # characters of a column in a workbook
A4 = 9  # as workbooks number it
ON_PAPER = 190  # characters on the width of a sheet of paper that can be read
LONGEST_CELL = 32_767  # characters that a cell of a workbook can hold
MOST_ROWS = 1_048_576  # of a sheet
Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column, as a reader elsewhere needs to know it."""

    name: str
    meaning: str
    unit: str = ""
    kind: str = "string"  # string, number, integer, date or datetime, as table schemas name them


@dataclass(frozen=True)
class ExportTable:
    """A table that is passed on."""

    name: str  # of the file or sheet
    title: str
    columns: tuple[ExportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


def column_of(table: ExportTable, name: str) -> list[Cell]:
    """One column of a table."""
    at = table.header.index(name)
    return [row[at] for row in table.rows]


def table_csv(table: ExportTable) -> str:
    """A table as CSV: comma, UTF-8, decimal point; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180; so that either of the two in a cell is quoted
    writer.writerow(map(inert, table.header))
    writer.writerows([cell_text(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def cell_text(value: Cell) -> str:
    """A cell as text: no exponent for ordinary numbers, nothing where nothing is known."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return inert(value) if isinstance(value, str) else str(value)


def dictionary(tables: Iterable[ExportTable]) -> ExportTable:
    """What each column of some tables means: a table itself."""
    columns = (
        ExportColumn("table", "file or sheet"),
        ExportColumn("column", "heading"),
        ExportColumn("meaning", "what it holds"),
        ExportColumn("unit", "of the numbers"),
        ExportColumn("type", "string, number, integer, date or datetime"),
    )
    rows = [(t.name, c.name, c.meaning, c.unit, c.kind) for t in tables for c in t.columns]
    return ExportTable("data-dictionary", "What the columns mean", columns, tuple(rows))


def notes_table(notes: Mapping[str, str]) -> ExportTable:
    """What must travel with a table: its origin, its version, its terms."""
    columns = (ExportColumn("about", "what is told"), ExportColumn("text", "what is reported"))
    return ExportTable("about", "Where these tables come from", columns, tuple(notes.items()))


def workbook(tables: Sequence[ExportTable], notes: Mapping[str, str], *, made: datetime | None = None) -> bytes:
    """Tables as one xlsx, each in a sheet, with the data dictionary and the notes in sheets of their own.

    made: a time that the file carries; with the same time the same tables give the same bytes. Raises ValueError where
    a table has more rows than a sheet can hold.
    """
    from safeconduct.findings.workbooks import new_workbook  # here, as a run needs no workbook

    target = io.BytesIO()
    book = new_workbook(target, made)
    bold = book.add_format({"bold": True, "bottom": 1})
    for table in (*tables, dictionary(tables), notes_table(notes)):
        if len(table.rows) >= MOST_ROWS:
            raise ValueError(f"{table.name} has {len(table.rows):,} rows; a sheet holds {MOST_ROWS - 1:,}")
        _write_sheet(book.add_worksheet(sheet_name(table.name)), table, bold)
    book.close()
    return target.getvalue()


class Sheet(Protocol):
    """What is used of a sheet of xlsxwriter, which has no types."""

    def write_string(self, row: int, column: int, text: str, form: object = ..., /) -> int:
        """Write text, whatever it begins with."""

    def write_number(self, row: int, column: int, number: float, /) -> int:
        """Write a number."""

    def set_column(self, first: int, last: int, width: float, form: object, options: Mapping[str, bool], /) -> int:
        """Set the width of columns, in letters, and whether they are hidden."""

    def set_paper(self, size: int, /) -> None:
        """Choose the paper."""

    def set_landscape(self) -> None:
        """Turn the paper."""

    def fit_to_pages(self, across: int, down: int, /) -> None:
        """Shrink the print to so many sheets of paper; 0 = as many as it needs."""

    def repeat_rows(self, row: int, /) -> None:
        """Print a row on top of each sheet of paper."""

    def freeze_panes(self, row: int, column: int, /) -> None:
        """Keep what stands above and left of a cell in sight."""

    def autofilter(self, row: int, column: int, last_row: int, last_column: int, /) -> None:
        """Give the header of a range its filters."""


def _write_sheet(sheet: Sheet, table: ExportTable, bold: object) -> None:
    """The cells of one table, typed; text is written as text, whatever it begins with. Empty columns are hidden."""
    wide = 0
    for at, column in enumerate(table.columns):
        heading = f"{column.name} ({column.unit})" if column.unit else column.name
        sheet.write_string(0, at, heading, bold)
        longest = max((len(cell_text(row[at])) for row in table.rows[:200]), default=0)
        is_empty = bool(table.rows) and all(row[at] in (None, "") for row in table.rows)
        width = min(WIDEST, max(len(heading), longest) + 2)
        sheet.set_column(at, at, width, None, {"hidden": is_empty})
        wide += 0 if is_empty else width
    for line, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            if cell is None or cell != cell or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(line, at, guarded(cell)[:LONGEST_CELL])
            else:
                sheet.write_number(line, at, cell)
    sheet.freeze_panes(1, 0)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(max(1, round(wide / ON_PAPER)), 0)  # as many sheets of paper down as the rows need
    sheet.repeat_rows(0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def sheet_name(name: str) -> str:
    """A name that a sheet may have."""
    return "".join("-" if letter in "[]:*?/\\" else letter for letter in name)[:31] or "table"

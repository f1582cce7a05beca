"""Plain text tables, read strictly: every fault is told with its line and column, and all of them at once.

A table is described once, by a `Table` of `Column`s; readers and the docs page use the same description. The functions
that read a cell note a fault and hand back a harmless stand-in, so that reading goes on to the next mistake; whoever
reads a folder raises `CaseError` at the end if any fault was noted.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from safeconduct.terms import Fault, closest, parse_time

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
WITH_COMMA = re.compile(r"[+-]?[0-9]+(,[0-9]+)+")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Need(StrEnum):
    """What a table must have of a column."""

    FILLED = "required"
    COLUMN = "may be empty"  # the column must be there, a cell may be empty
    NONE = "optional"  # the column may be left out


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as a newcomer needs to know it."""

    name: str
    meaning: str
    unit: str = ""
    need: Need = Need.FILLED


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a case folder."""

    file: str
    about: str
    columns: tuple[Column, ...]
    is_required: bool = True
    may_be_empty: bool = False

    def need(self, column: str) -> Need:
        """What the table must have of this column."""
        return next(c.need for c in self.columns if c.name == column)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name, where it stands, and where to note what is wrong with it."""

    table: Table
    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[Fault]

    def note(self, column: str, expected: str, advice: str, found: str = "") -> None:
        """Note that a cell is not as it should be."""
        self.faults.append(
            Fault(self.file, self.line, column, found or shown(self.cells.get(column, "")), expected, advice)
        )

    def warn(self, column: str, found: str, expected: str, advice: str) -> None:
        """Note something that may be right but rarely is."""
        self.faults.append(Fault(self.file, self.line, column, found, expected, advice, is_warning=True))


def shown(text: str) -> str:
    """A cell as a sentence quotes it: on one line, not too long."""
    line = " ".join(text.split())
    return f'"{line[:57]}..."' if len(line) > 60 else f'"{line}"' if line else "empty"


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """The text of a file; None, with a fault noted, where it cannot be read. A byte order mark is dropped."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"a byte that is not UTF-8 (0x{error.object[error.start]:02x})"
        advice = "save the file again with the encoding UTF-8"
        faults.append(Fault(path.name, line, "", found, "text in UTF-8", advice))
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        faults.append(Fault(path.name, 0, "", f"file cannot be read ({reason})", "a file of text", "add it"))
    return None


def read_rows(path: Path, table: Table, faults: list[Fault]) -> list[Row] | None:
    """The rows of a table; None where the file as a whole cannot be used. Faults are added to the list."""
    text = read_text(path, faults)
    if text is None:
        return None
    records = list(_records(text, path.name, faults))
    if not records:
        expected = f"a first line that names the columns {', '.join(c.name for c in table.columns)}"
        faults.append(Fault(path.name, 0, "", "empty file", expected, "add that line"))
        return None
    header = [name.strip() for name in records[0][1]]
    if not _header_is_usable(header, records[0][0], path.name, table, faults):
        return None
    if len(records) == 1 and not table.may_be_empty:
        faults.append(Fault(path.name, 0, "", "table without a row", "at least one row", "add one"))
    return [
        Row(table, path.name, line, dict(zip(header, (c.strip() for c in cells), strict=True)), faults)
        for line, cells in records[1:]
        if _has_width(header, cells, line, path.name, faults)
    ]


def _records(text: str, file: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The line on which each record starts, and its cells. Blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = "cells split by commas, with quotes in pairs"
        faults.append(Fault(file, line, "", f"broken row ({error})", expected, "mend the quotes of this row"))


def _header_is_usable(header: list[str], line: int, file: str, table: Table, faults: list[Fault]) -> bool:
    """Whether every needed column is there, once. Unknown columns are told as well."""
    known = [column.name for column in table.columns]
    before = len(faults)
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        faults.append(
            Fault(file, line, "", "a header without commas", "cells split by commas", "save the table as CSV")
        )
        return False
    missing = [c.name for c in table.columns if c.need is not Need.NONE and c.name not in header]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(Fault(file, line, "", f"column {shown(name)} twice", "it once", "remove one"))
        elif name not in known:
            advice = closest(name, missing or known)
            found = f"unknown column {shown(name)}" if name else "a column without a name"
            faults.append(Fault(file, line, "", found, f"one of {', '.join(known)}", advice))
    for name in missing:
        faults.append(Fault(file, line, "", f'no column "{name}"', f'a column "{name}"', "add it"))
    return len(faults) == before


def _has_width(header: list[str], cells: list[str], line: int, file: str, faults: list[Fault]) -> bool:
    if len(cells) == len(header):
        return True
    advice = "quote a cell that holds a comma; end short rows with commas"
    faults.append(Fault(file, line, "", f"{len(cells)} cells", f"{len(header)}, as in the header", advice))
    return False


def text(row: Row, column: str) -> str:
    """A cell of words."""
    cell = row.cells.get(column, "")
    if not cell and row.table.need(column) is Need.FILLED:
        advice = 'name the source, or write "assumed"' if column == "source" else "fill it in"
        row.note(column, "some text", advice)
    return cell


def key(row: Row, column: str) -> str:
    """A cell that names something for the computer: letters, digits, _ . and -."""
    cell = row.cells.get(column, "")
    if not KEY.fullmatch(cell):
        row.note(column, "a name of letters, digits, _ . or -", "use a short name such as north_bridge")
    return cell


def new_key(row: Row, column: str, lines: dict[str, int]) -> str:
    """A key that no earlier row of the table has; `lines` keeps where each stands."""
    cell = key(row, column)
    if cell in lines:
        row.note(column, f"a name that line {lines[cell]} has not used", "rename or remove one of the two")
    else:
        lines[cell] = row.line
    return cell


def choice(row: Row, column: str, known: Collection[str], otherwise: str = "") -> str:
    """A cell that is one of some words, or the word it stands for when empty."""
    cell = row.cells.get(column, "")
    if not cell and row.table.need(column) is not Need.FILLED:
        return otherwise
    if cell not in known:
        row.note(column, "a word that is known here", closest(cell, known))
    return cell


def yes_no(row: Row, column: str, *, otherwise: bool) -> bool:
    """A cell that says yes or no."""
    return choice(row, column, ("yes", "no"), "yes" if otherwise else "no") == "yes"


def number(row: Row, column: str, *, low: float = float("-inf"), high: float = float("inf")) -> float | None:
    """A cell with a number in a range; None when the cell is empty and may be, or is faulty."""
    cell = row.cells.get(column, "")
    expected = f"a number{_range(low, high)}"
    if not cell:
        if row.table.need(column) is Need.FILLED:
            row.note(column, expected, "fill it in")
        return None
    return number_in(row, column, cell, expected=expected, low=low, high=high)


def number_in(row: Row, column: str, cell: str, *, expected: str, low: float, high: float) -> float | None:
    """The number that a cell holds, if it holds one in the range."""
    if WITH_COMMA.fullmatch(cell):
        row.note(column, expected, "write the decimal mark as a point and thousands without a mark")
        return None
    if not NUMBER.fullmatch(cell) or float(cell) in (float("inf"), float("-inf")):
        row.note(column, expected, "write digits, such as 1250 or 0.4")
        return None
    if not low <= float(cell) <= high:
        row.note(column, expected, "correct the number or its unit")
        return None
    return float(cell)


def _range(low: float, high: float) -> str:
    if high == float("inf"):
        return "" if low == float("-inf") else f" of at least {low:g}"
    return f" from {low:g} to {high:g}"


def time(row: Row, column: str) -> datetime:
    """A cell with a time and its offset from UTC."""
    cell = row.cells.get(column, "")
    expected = "a time with its offset from UTC, such as 2023-09-24T14:00+04:00"
    try:
        return parse_time(cell)
    except ValueError as error:
        no_zone = "no offset" in str(error)
        advice = "add the offset, such as +04:00" if no_zone else "write it as in the example"
        row.note(column, expected, advice, f"{shown(cell)}, without a zone" if no_zone else "")
    return NO_TIME

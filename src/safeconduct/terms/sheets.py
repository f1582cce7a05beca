"""Plain text tables, read strictly: every fault is reported with its line and column, and all of them at once.

A table is described once, by a `Table` of `Column`s; readers and the docs page use the same description. Cells are
split by commas, semicolons or tabs, as the header shows; lines above it that start with "# " are comments. What is
wrong is noted in a list of faults, and reading goes on to the next mistake; the reader of a folder raises `CaseError`
at the end if any fault was noted. `cells.py` reads the cells of a row.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice
from pathlib import Path
from warnings import warn

from safeconduct.terms.faults import CaseError, Fault, closest
from safeconduct.terms.grids import formula_faults, is_there, is_workbook, pick_sheet, read_sheets, size_fault

MOST_YAML, MOST_MARKS = 2_000_000, 60_000  # of a file of YAML; reading 10,000 marks takes about a second


MOST_UNSEEN = 20  # characters that are reported one by one
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # no editor shows it


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


@dataclass(frozen=True)
class Table:
    """One file of a case folder."""

    file: str
    about: str
    columns: tuple[Column, ...]
    is_required: bool = True
    may_be_empty: bool = False
    old_names: Mapping[str, str] = field(default_factory=dict)  # of columns -> name now; "" = no longer read

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Its columns by name."""
        return {column.name: column for column in self.columns}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column name, where it stands, and where to note what is wrong with it."""

    table: Table
    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[Fault]
    separator: str = ","  # where cells are split by semicolons or tabs, a comma may be a decimal mark

    def may_be_empty(self, column: str) -> bool:
        """Whether the column may be left out or a cell of it be empty."""
        return self.table.by_name[column].need is not Need.FILLED

    def note(self, column: str, expected: str, advice: str, found: str = "") -> None:
        """Note that a cell is not as it should be."""
        self.faults.append(
            Fault(self.file, self.line, column, found or shown(self.cells.get(column, "")), expected, advice)
        )


def shown(text: str) -> str:
    """A cell as a sentence quotes it: on one line, not too long."""
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
    return f'"{line[:57]}..."' if len(line) > 60 else f'"{line}"' if line else "empty"


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """The text of a file; None, with a fault noted, where it cannot be read. A byte order mark is dropped."""
    wrong = size_fault(path)
    if wrong:
        faults.append(wrong)
        return None
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


def text_of(path: Path) -> str:
    """The text of a regular file of a sane size. Raises CaseError."""
    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        raise CaseError(faults)
    return text


def json_of(path: Path) -> object:
    """What a file of JSON holds. Raises CaseError."""
    try:
        found: object = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        told = f"no JSON ({' '.join(str(error).split())[:80]})"
        raise CaseError([Fault(path.name, 0, "", told, "JSON", "make the file again")]) from None
    return found


def yaml_fault(text: str, file: str) -> Fault | None:
    """What speaks against reading a file of YAML: more of it than a person writes. None where nothing does."""
    marks = sum(text.count(mark) for mark in ("\n", ",", ": ", "[", "{"))
    if len(text) <= MOST_YAML and marks <= MOST_MARKS:
        return None
    found = f"{len(text):,} characters with {marks:,} lines, commas and brackets"
    expected = f"at most {MOST_YAML:,} characters and {MOST_MARKS:,} of these"
    return Fault(file, 0, "", found, expected, "keep long lists in tables")


def read_rows(path: Path, table: Table, faults: list[Fault]) -> list[Row] | None:
    """The rows of a table, text or workbook; None where the file as a whole cannot be used. Faults are added."""
    before = len(faults)
    found, separator = _cells(path, [column.name for column in table.columns], faults)
    if not found and len(faults) > before:
        return None
    found = found[next((n for n, (_, cells) in enumerate(found) if not is_comment(cells)), len(found)) :]
    if not found:
        expected = f"a first line that names the columns {', '.join(c.name for c in table.columns)}"
        faults.append(Fault(path.name, 0, "", "empty file", expected, "add that line"))
        return None
    header = [name.strip() for name in found[0][1]]
    header = _named_as_now(header, found[0][0], path.name, table)
    if not _header_is_usable(header, found[0][0], path.name, table, faults):
        return None
    if len(found) == 1 and not table.may_be_empty:
        faults.append(Fault(path.name, 0, "", "table without a row", "at least one row", "add one"))
    return [_row(table, path.name, header, line, cells, faults, separator) for line, cells in found[1:]]


def read_loosely(path: Path, names: list[str]) -> list[dict[str, str]]:
    """The rows of a table, text or workbook, that another reader holds to its columns; none where it cannot be read."""
    found = [cells for _, cells in _cells(path, names, [])[0]] if is_there(path) else []
    found = found[next((n for n, cells in enumerate(found) if not is_comment(cells)), len(found)) :]
    header = [name.strip() for name in found[0]] if found else []
    return [dict(zip(header, (cell.strip() for cell in cells), strict=False)) for cells in found[1:]]


def is_comment(cells: list[str]) -> bool:
    """Whether a record above the header is a comment: its first cell starts with "# ", or is "#" alone."""
    return cells[0].strip() == "#" or cells[0].lstrip().startswith("# ")


def separator_of(text: str) -> str:
    """What splits the cells of a table: the sign that its header holds most often of comma, semicolon and tab."""
    lines = (line for line in io.StringIO(text) if line.strip())
    header = next((line for line in lines if not is_comment([line.lstrip('"')])), "")
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(",;\t", key=unquoted.count)


def _named_as_now(header: list[str], line: int, file: str, table: Table) -> list[str]:
    """The header with old names of columns replaced; each gets a warning. Columns no longer read keep theirs."""
    for old in (name for name in header if name in table.old_names):
        now = table.old_names[old]
        told = f"is now called {now}" if now else "is no longer read"
        warn(f"{file}:{line}: column {old} {told}; old names are read for one release", FutureWarning, stacklevel=3)
    return [table.old_names.get(name) or name for name in header]


def _cells(path: Path, names: list[str], faults: list[Fault]) -> tuple[list[tuple[int, list[str]]], str]:
    """Lines and cells of a file of text, or of the sheet of a workbook that has most of these headings; what splits."""
    if is_workbook(path):
        sheets = read_sheets(path, faults)
        faults += islice(formula_faults(path), MOST_UNSEEN) if sheets else ()
        return (list(pick_sheet(sheets, names).rows) if sheets else []), ","
    text = read_text(path, faults)
    if text is None:
        return [], ","
    faults += islice(_unseen_characters(text, path.name), MOST_UNSEEN)
    separator = separator_of(text)
    return list(records(text, path.name, faults, separator=separator)), separator


def _unseen_characters(text: str, file: str) -> Iterator[Fault]:
    """A fault at each character that no editor shows: a name that holds one looks like another and is not."""
    line, counted = 1, 0
    for found in UNSEEN.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield Fault(file, line, "", *(unseen(found.group()) or ("", "", "")))


def unseen(text: str) -> tuple[str, str, str] | None:
    """What a fault says of a text that holds a control character; None where it holds none."""
    found = UNSEEN.search(text)
    if found is None:
        return None
    said = f"a control character (0x{ord(found.group()):02x})"
    return said, "letters, digits and signs that can be seen", "remove it"


def _row(
    table: Table, file: str, header: list[str], line: int, cells: list[str], faults: list[Fault], separator: str
) -> Row:
    """A row with its cells by name. A row of the wrong width is reported once; nothing more is said of its cells."""
    by_name = dict(zip(header, map(str.strip, cells), strict=False))
    if len(cells) != len(header):
        advice = "quote a cell that holds a comma; end short rows with commas"
        found, expected = f"{len(cells)} cells", f"{len(header)}, as in the header"
        faults.append(Fault(file, line, "", found, expected, advice))
        faults = []
    return Row(table, file, line, by_name, faults, separator)


def records(
    text: str,
    file: str,
    faults: list[Fault],
    *,
    separator: str = ",",
    expected: str = "cells split by commas, with quotes in pairs",
) -> Iterator[tuple[int, list[str]]]:
    """The line on which each record starts, and its cells. Blank lines are passed over; a broken row is reported."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if "".join(cells).strip():
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(file, line, "", f"broken row ({error})", expected, "mend the quotes of this row"))


def _header_is_usable(header: list[str], line: int, file: str, table: Table, faults: list[Fault]) -> bool:
    """Whether every needed column is there, once. Unknown columns are reported as well."""
    known = [column.name for column in table.columns]
    before = len(faults)
    missing = [c.name for c in table.columns if c.need is not Need.NONE and c.name not in header]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(Fault(file, line, "", f"column {shown(name)} twice", "it once", "remove one"))
        elif name not in known and name not in table.old_names:
            advice = closest(name, missing or known)
            found = f"unknown column {shown(name)}" if name else "a column without a name"
            faults.append(Fault(file, line, "", found, f"a column of {table.file}", advice))
    for name in missing:
        faults.append(Fault(file, line, "", f'no column "{name}"', f'a column "{name}"', "add it"))
    return len(faults) == before

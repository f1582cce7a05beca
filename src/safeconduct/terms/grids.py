"""A table as rows of text, from plain text or a workbook: the one way in which files of cells are opened.

Plain text is UTF-8 with cells split by commas (or, where the caller allows it, semicolons or tabs). A workbook is
`.xlsx`, `.xlsm`, `.xls` or `.ods`. Nothing but a regular file of a sane size is opened, and an archive is measured
before it is unpacked.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from string import ascii_uppercase
from typing import BinaryIO

from safeconduct.terms.faults import Fault

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
MOST_BYTES = 512 * 2**20  # of a file of text; 100,000 events of a conflict data set take about 60 MiB
MOST_BOOK_BYTES = 100 * 2**20  # of a workbook as it lies on the disk
MOST_UNPACKED = 1024 * 2**20  # of all parts of a workbook together
MOST_RATIO = 300  # an office's workbook unpacks to 5 to 30 times its size; a bomb to a thousand and more
SMALL_PART = 8 * 2**20  # a part of this size is unpacked whatever its ratio
MOST_CELLS = 30_000_000  # of one sheet, empty ones counted
PART_OF_CELLS = re.compile(r"xl/worksheets/[^/]+\.xml|content\.xml")  # of .xlsx and .ods
ERROR_CELL, REFERENCE = re.compile(rb'<c\s[^>]*\bt="e"[^>]*>'), re.compile(rb'\sr="([A-Z]{1,3}[0-9]{1,7})"')
UNSAVED = re.compile(  # a cell with a formula and no value
    rb"<c(\s[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
TAG = re.compile(r"<(?:\w+:)?(\w+)((?:\s[^<>]*)?)/?>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # text, colour and language, one sign, blank, filling
MONTH_OF_EXCEL = "17"  # the built-in form of dates mmm-yy
DATED_CELL = re.compile(r"<(?:\w+:)?c\s([^<>]*)>")
AT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ODS_YEAR = re.compile(r'office:date-value="\d{4}-01-01[^"]*"[^>]*>\s*<text:p>\s*\d{4}\s*</text:p>')
ODS_MONTH = re.compile(
    r'office:date-value="\d{4}-\d\d-01[^"]*"[^>]*>\s*<text:p>\s*[^\W\d]+\.?[ \-/]\d{2,4}\s*</text:p>'
)
Cells = dict[tuple[int, int], str]  # row and column, counted from 0 -> "year" or "month", as the cell shows
Record = tuple[int, list[str]]  # line, counted from 1, and the cells


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table, and where they stand."""

    file: str
    sheet: str  # name of the sheet; empty for a file of text
    rows: tuple[Record, ...]  # blank rows are left out
    more_sheets: tuple[str, ...] = ()  # sheets of the workbook that were not taken


def size_fault(path: Path, most: int = MOST_BYTES) -> Fault | None:
    """What speaks against opening a file: it is not there, no regular file, or too large. None where nothing does."""
    try:
        found = path.stat()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        return Fault(path.name, 0, "", f"file cannot be read ({reason})", "a file", "correct its name, or add it")
    if not stat.S_ISREG(found.st_mode):
        kind = f"file cannot be read ({'is a folder' if stat.S_ISDIR(found.st_mode) else 'is a pipe or device'})"
        return Fault(path.name, 0, "", kind, "a regular file", "name the file itself")
    if found.st_size > most:
        size, limit = f"{found.st_size / 2**20:,.0f} MiB", f"at most {most // 2**20:,} MiB"
        return Fault(path.name, 0, "", size, limit, "split the file")
    return None


def content_of(path: Path) -> bytes:
    """The bytes of a regular file of a sane size; none of anything else, which its reader then refuses."""
    return b"" if size_fault(path) else path.read_bytes()


def is_there(path: Path) -> bool:
    """Whether something has this name: a broken link too, as a table that is meant is not left out."""
    return os.path.lexists(path)


def table_file(path: Path, faults: list[Fault] | None = None) -> Path:
    """The file that holds a table of a folder: `path`, or a workbook of the same name in its place.

    A table that lies there twice is noted in the faults.
    """
    found = [one for one in (path, path.with_suffix(".xlsx"), path.with_suffix(".ods")) if is_there(one)]
    if len(found) > 1 and faults is not None:
        names = " and ".join(one.name for one in found)
        faults.append(Fault(path.name, 0, "", f"a table given twice, as {names}", "one file", "keep one of them"))
    return found[0] if found else path


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its name or by its first bytes."""
    if path.suffix.lower() in WORKBOOKS:
        return True
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_sheets(path: Path, faults: list[Fault]) -> list[Grid]:
    """Every sheet of a workbook that holds a cell, in its order. Faults are added to the list.

    A number is written without a needless point, a date as year-month-day, a date with an hour other than midnight
    as an ISO time, one that shows a year or a month as that; what a formula gave is taken, and an error cell is empty.
    A text merged over several rows stands in each of them; a number does not, as it may be their sum.
    """
    wrong = size_fault(path, MOST_BOOK_BYTES) or archive_fault(path) or _ods_fault(path)
    unsaved = [] if wrong else unsaved_formulas(path)
    if wrong or unsaved:
        faults += [wrong] if wrong else unsaved
        return []
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    found: list[Grid] = []
    try:
        coarse = coarse_cells(path)
        book = CalamineWorkbook.from_path(str(path))
        names = [one.name for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height * sheet.width > MOST_CELLS:
                size = f"a sheet of {sheet.height:,} rows and {sheet.width:,} columns"
                advice = "delete the rows and columns that are not used"
                faults.append(Fault(path.name, 0, name, size, f"at most {MOST_CELLS:,} cells", advice))
                continue
            cells: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
            for (row, column), shows in coarse.get(name, {}).items():
                if row < len(cells) and column < len(cells[row]):
                    cells[row][column] = shortened(cells[row][column], shows)
            for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
                for row in range(top + 1, min(bottom + 1, len(cells))):
                    if isinstance(cells[top][left], str | date) and cells[row][left] == "":
                        cells[row][left] = cells[top][left]
            rows = _filled(cells, cell_text)
            if rows:
                found.append(Grid(path.name, name, rows))
    except (CalamineError, OSError, ValueError) as error:
        faults.append(_no_workbook(path, " ".join(str(error).split())[:80]))
        return []
    if not found and not faults:
        faults.append(Fault(path.name, 0, "", "a workbook without a cell", "a table", "choose another file"))
    others = tuple(grid.sheet for grid in found)
    return [replace(grid, more_sheets=tuple(name for name in others if name != grid.sheet)) for grid in found]


def _no_workbook(path: Path, told: str) -> Fault:
    """The sentence about a file that has the name of a workbook and cannot be read as one."""
    head = b""
    if path.is_file():
        with open(path, "rb") as file:
            head = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        advice = "open it in a spreadsheet and save it as a workbook or CSV"
        return Fault(path.name, 0, "", "a web page or XML with the name of a workbook", "a workbook", advice)
    if head and b"\0" not in head and b"," in head.replace(b";", b",").replace(b"\t", b","):
        return Fault(path.name, 0, "", "text with the name of a workbook", "a workbook", "name it .csv")
    found, advice = f"no workbook that can be read ({told})", "save it again, or as CSV"
    return Fault(path.name, 0, "", found, "a workbook", advice)


def coarse_cells(path: Path) -> dict[str, Cells]:
    """The cells of an .xlsx that show a year or a month and nothing finer, by the name of their sheet."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        styles = _coarse_styles(archive.read("xl/styles.xml").decode("utf-8", "replace"))
        if not styles:
            return {}
        book = _tags(archive.read("xl/workbook.xml").decode("utf-8", "replace"), "sheet")
        links = _tags(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"), "Relationship")
        goal = {one.get("Id", ""): one.get("Target", "") for one in links}
        found = {}
        for sheet in book:
            target = goal.get(sheet.get("r:id", ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                found[unescape(sheet.get("name", ""))] = _cells_of(
                    archive.read(part).decode("utf-8", "replace"), styles
                )
    return {name: cells for name, cells in found.items() if cells}


def _tags(text: str, name: str) -> list[dict[str, str]]:
    """The attributes of every element of a name."""
    return [dict(ATTRIBUTE.findall(said)) for tag, said in TAG.findall(text) if tag == name]


def _coarse_styles(text: str) -> dict[str, str]:
    """Number of a style of cells -> "year" or "month", where it shows no more of a date."""
    forms = {one.get("numFmtId", ""): _shows(unescape(one.get("formatCode", ""))) for one in _tags(text, "numFmt")}
    forms[MONTH_OF_EXCEL] = "month"
    styles = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    used = _tags(styles[0], "xf") if styles else []
    known = {str(n): forms.get(one.get("numFmtId", ""), "") for n, one in enumerate(used)}
    return {number: shows for number, shows in known.items() if shows}


def _shows(form: str) -> str:
    """What a form of numbers shows of a date: "year", "month", or nothing where it shows more or no date."""
    letters = set(NOT_SHOWN.sub("", form.split(";")[0]).lower()) & set("ymdhs0#?")
    return {"y": "year", "my": "month"}.get("".join(sorted(letters)), "")


def _cells_of(text: str, styles: dict[str, str]) -> Cells:
    """The cells of a sheet that have one of the styles."""
    found: Cells = {}
    for said in DATED_CELL.findall(text):
        cell = dict(ATTRIBUTE.findall(said))
        at = AT.fullmatch(cell.get("r", ""))
        if at and cell.get("s", "") in styles:
            column = 0
            for letter in at[1]:
                column = column * 26 + ascii_uppercase.index(letter) + 1
            found[int(at[2]) - 1, column - 1] = styles[cell["s"]]
    return found


def shortened(value: object, shows: str) -> object:
    """The year or month that a cell shows, where its date is the first day of it; the cell itself otherwise."""
    if not isinstance(value, date) or value.day != 1 or (shows == "year" and value.month != 1):
        return value
    if isinstance(value, datetime) and value.time() != time():
        return value
    return f"{value:%Y}" if shows == "year" else f"{value:%Y-%m}"


def _ods_fault(path: Path) -> Fault | None:
    """A fault for an .ods with dates that show only a year or a month: its reader gives the first day of them."""
    if path.suffix.lower() != ".ods" or not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        text = archive.read("content.xml").decode("utf-8", "replace") if "content.xml" in archive.namelist() else ""
    if not (ODS_YEAR.search(text) or ODS_MONTH.search(text)):
        return None
    found, expected = "dates that show only a year or a month", "a year as a number, or a month as text such as 2030-05"
    return Fault(path.name, 0, "", found, expected, "type them so, or let the cells show the day")


def unsaved_formulas(path: Path) -> list[Fault]:
    """A fault for each cell of an .xlsx whose formula was saved without its value: it would be read as empty."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist() if PART_OF_CELLS.fullmatch(name)]
    cells = (said for part in parts if b"<f" in part for said in UNSAVED.findall(part) if b't="str"' not in said)
    at = [known[1].decode() for said in cells if (known := REFERENCE.search(said))]
    found, advice = "a formula without a value in cell", "open the workbook in a spreadsheet and save it again"
    lines = ((ref, int(ref.lstrip(ascii_uppercase))) for ref in at)
    return [Fault(path.name, line, "", f"{found} {ref}", "its value", advice) for ref, line in lines]


def formula_faults(path: Path) -> list[Fault]:
    """A fault for each cell of a workbook whose formula gave an error: it would be read as empty, which has a meaning.

    A parameter typed as =name is such a formula, unless it is typed as text. A `.ods` has one fault without a line.
    """
    if not zipfile.is_zipfile(path):
        return []
    expected, advice = "a value", "type an apostrophe before a parameter's =name, correct other formulas"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if PART_OF_CELLS.fullmatch(name)}
    at = [
        ref.decode() for part in parts.values() for cell in ERROR_CELL.findall(part) for ref in REFERENCE.findall(cell)
    ]
    found = [
        Fault(
            path.name,
            int(ref.lstrip(ascii_uppercase)),
            "",
            f"a formula without a result in cell {ref}",
            expected,
            advice,
        )
        for ref in at
    ]
    n = sum(part.count(b'calcext:value-type="error"') for part in parts.values())
    return [*found, *([Fault(path.name, 0, "", f"{n} formulas without a result", expected, advice)] if n else [])]


def _filled(rows: Iterable[Sequence[object]], text_of: Callable[[object], str]) -> tuple[Record, ...]:
    """The rows that hold a cell, each with its line."""
    texts = ((line, [text_of(cell) for cell in row]) for line, row in enumerate(rows, start=1))
    kept = [(line, cells) for line, cells in texts if any(cells)]
    width = max((n for _, cells in kept for n, cell in enumerate(cells, start=1) if cell), default=0)
    return tuple((line, cells[:width]) for line, cells in kept)


def cell_text(value: object) -> str:
    """A cell of a workbook as the text that a file of text would have."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return (
            value.date().isoformat() if is_day else value.isoformat(timespec="seconds" if value.second else "minutes")
        )
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value / timedelta(hours=1):g}"
    return "" if value is None else str(value)


def pick_sheet(grids: Sequence[Grid], wanted: Iterable[str]) -> Grid:
    """The sheet whose header holds most of the wanted headings; the first of those that hold equally many."""
    names = {name.strip().lower() for name in wanted}

    def held(grid: Grid) -> int:
        return len(names & {cell.strip().lower() for cell in grid.rows[0][1]})

    return max(grids, key=held)


def archive_fault(path: Path) -> Fault | None:
    """What speaks against unpacking an archive: too much in it. None for a file that is no archive.

    What the directory of an archive says of sizes may be false, so each part is unpacked piece by piece and counted.
    """
    if not zipfile.is_zipfile(path):
        return None
    expected, advice = "a workbook of an ordinary size", "do not open it unless you know who made it"
    try:
        with zipfile.ZipFile(path) as archive, open(path, "rb") as raw:
            total = 0
            for part in archive.infolist():
                total += part.file_size
                suspect = part.file_size > max(SMALL_PART, MOST_RATIO * part.compress_size)
                if suspect or total > MOST_UNPACKED or _unpacks_to_more(raw, part):
                    found = f"an archive that would unpack to more than it should ({part.filename})"
                    return Fault(path.name, 0, "", found, expected, advice)
    except (zipfile.BadZipFile, OSError, struct.error, zlib.error, ValueError) as error:
        told = " ".join(str(error).split())[:80]
        return Fault(path.name, 0, "", f"an archive that cannot be read ({told})", expected, "save it again")
    return None


def _unpacks_to_more(raw: BinaryIO, part: zipfile.ZipInfo) -> bool:
    """Whether a part of an archive holds more than its directory says."""
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return part.compress_type != zipfile.ZIP_STORED or part.file_size != part.compress_size
    raw.seek(part.header_offset)
    name_length, extra_length = struct.unpack("<26x2H", raw.read(30))
    raw.seek(part.header_offset + 30 + name_length + extra_length)
    unpacker, counted, left = zlib.decompressobj(-zlib.MAX_WBITS), 0, part.compress_size
    while left > 0 and not unpacker.eof:
        piece = raw.read(min(left, 2**16))
        if not piece:
            return False
        left -= len(piece)
        while piece and not unpacker.eof:
            counted += len(unpacker.decompress(piece, 2**20))
            piece = unpacker.unconsumed_tail
            if counted > part.file_size:
                return True
    return False

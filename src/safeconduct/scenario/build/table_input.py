"""Tables as people have them: other headings and separators are read, and doubts are reported with file and line.

A comma, a semicolon or a tab may part the cells; a heading may be any of its column's usual names. A number is never
guessed at: a decimal comma is a fault, as 1,250 may mean two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.terms import (
    Column,
    Fault,
    Need,
    Record,
    Row,
    Table,
    cells,
    is_workbook,
    pick_sheet,
    read_sheets,
    records,
    shown,
    size_fault,
)  # fmt: skip

SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Wanted:
    """What a table should hold: its columns, and other headings under which each is known."""

    about: str
    columns: tuple[Column, ...]
    also: Mapping[str, str]  # column -> other headings, with spaces between


@dataclass
class Sheet:
    """A table once read, by our column names."""

    file: str
    rows: list[Row]
    faults: list[Fault]
    headings: Mapping[str, str]  # our column -> heading in the file
    unused: tuple[str, ...] = ()  # headings that mean nothing to us
    is_whole: bool = True  # whether every row could be used

    def has(self, column: str) -> bool:
        """Whether the file gives a column."""
        return column in self.headings

    def line_fault(self, line: int, column: str, found: str, expected: str, advice: str) -> None:
        """Note a fault at a line."""
        self.faults.append(Fault(self.file, line, column, found, expected, advice))


def as_headed(faults: Iterable[Fault], sheets: Iterable[Sheet]) -> list[Fault]:
    """Faults with columns as their files call them."""
    headings = {sheet.file: sheet.headings for sheet in sheets}
    return [replace(one, column=headings.get(one.file, {}).get(one.column, one.column)) for one in faults]


def read_sheet(path: Path, wanted: Wanted) -> Sheet:
    """A table in any of the usual forms, text or workbook, with every fault of its shape."""
    sheet = Sheet(path.name, [], [], {})
    found_rows, separator = _rows(path, wanted, sheet.faults)
    if not found_rows:
        if not sheet.faults:
            sheet.line_fault(0, "", "empty file", f"a first line such as {_example(wanted)}", "add that line")
        return sheet
    first, heads = found_rows[0]
    sheet.headings, sheet.unused = _headings([head.strip() for head in heads], wanted)
    plain = [_plain(head) for head in heads]
    for heading in sheet.headings.values():
        at = [str(n) for n, head in enumerate(plain, start=1) if head == _plain(heading)]
        if len(at) > 1:
            found = f"heading {shown(heading)} over the columns {' and '.join(at)}"
            sheet.line_fault(first, "", found, "it over one", "rename or remove one of them")
    missing = [c.name for c in wanted.columns if c.need is not Need.NONE and c.name not in sheet.headings]
    for name in missing:
        found = f"no column for {name} among {', '.join(shown(head.strip()) for head in heads)}"
        usual = " or ".join([name, *wanted.also.get(name, "").split()[:3]])
        advice = cells.nearest(name, sheet.unused, "add it")
        sheet.line_fault(first, "", found, f"a column headed {usual}", advice)
    if missing:
        return sheet
    table = Table(path.name, wanted.about, wanted.columns)
    places = {name: [head.strip() for head in heads].index(head) for name, head in sheet.headings.items()}
    people = [c.name for c in wanted.columns if c.unit == "persons" and c.name in places]  # whole: 12,500 is no 12.5
    for line, values in found_rows[1:]:
        if all(not cell.strip() or cell.strip().startswith("#") for cell in values):
            continue  # a row of HXL tags
        if len(values) != len(heads):
            advice = "quote a cell that holds the separator, and write decimals with a point"
            found, expected = f"{len(values)} cells", f"{len(heads)}, as in the header"
            sheet.line_fault(line, "", found, expected, advice)
            sheet.is_whole = False
            continue
        by_name = {name: " ".join(values[at].split()) for name, at in places.items()}  # names may have a line break
        for name in people:
            by_name[name] = cells.without_grouping(by_name[name])
        row = Row(table, path.name, line, by_name, sheet.faults, separator)
        sheet.rows.append(row)
        for name in people:
            if cells.POINT_IN_THREES.fullmatch(by_name[name]):
                fraction, whole = float(by_name[name]), int(by_name[name].replace(".", ""))
                expected = f"a whole number (it may be {fraction:g} or {whole:,})"
                row.note(name, expected, f"write {whole} or {fraction:g}")
    if not sheet.rows and not sheet.faults:
        sheet.line_fault(0, "", "table without a row", "at least one row", "add one")
    return sheet


def _rows(path: Path, wanted: Wanted, faults: list[Fault]) -> tuple[list[Record], str]:
    """Lines and cells of a file of text, or of the sheet of a workbook that has most of the usual headings; and what
    splits the cells of a text."""
    if is_workbook(path):
        sheets = read_sheets(path, faults)
        names = [name for c in wanted.columns for name in (c.name, *wanted.also.get(c.name, "").split())]
        return list(pick_sheet(sheets, names).rows) if sheets else [], ","
    lines = _text(path, faults)
    head = next((line for line in lines.split("\n") if line.strip()), "")
    separator, expected = max(SEPARATORS, key=head.count), "cells with quotes in pairs"
    return list(records(lines, path.name, faults, separator=separator, expected=expected)), separator


def _text(path: Path, faults: list[Fault]) -> str:
    """The text of a file, with a fault for every line that is not UTF-8 or was once read in a wrong encoding."""
    wrong = size_fault(path)
    if wrong:
        faults.append(wrong)
        return ""
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        faults.append(Fault(path.name, 0, "", f"file cannot be read ({reason})", "a table", "correct its name"))
        return ""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        faults.append(Fault(path.name, 1, "", "text in UTF-16", "text in UTF-8", "save it again as CSV UTF-8"))
        return ""
    return "\n".join(_lines(raw, path.name, faults))


def _lines(raw: bytes, file: str, faults: list[Fault]) -> Iterator[str]:
    """Each line as text; one that is not UTF-8 is reported, and read as Windows-1252 so that other faults are seen."""
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("cp1252", errors="replace")
            found = f"bytes that are not UTF-8, perhaps {shown(_odd_words(text))} in Windows-1252"
            faults.append(
                Fault(file, number, "", found, "text in UTF-8", "save the file again with the encoding UTF-8")
            )
        else:
            meant = _misread(text)
            if meant:
                found = (
                    f"{shown(_odd_words(text))}, which looks like {shown(_odd_words(meant))} read in a wrong encoding"
                )
                faults.append(Fault(file, number, "", found, "letters as they are written", "correct the line"))
        yield text


def _odd_words(text: str) -> str:
    """The words of a line that hold other letters than a-z."""
    return " ".join(word for word in re.split(r"[\s,;\t]+", text) if not word.isascii())


def _misread(text: str) -> str:
    """What a line means whose UTF-8 bytes were once read as Windows-1252; empty where it was not."""
    if text.isascii():
        return ""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""


def _headings(heads: list[str], wanted: Wanted) -> tuple[dict[str, str], tuple[str, ...]]:
    """Our columns and their headings; our own names go before other ones, earlier ones before later."""
    plain = {_plain(head): head for head in reversed(heads)}
    found: dict[str, str] = {}
    for column in wanted.columns:
        for name in (column.name, *wanted.also.get(column.name, "").split()):
            if name.endswith("*"):  # a heading with a year, such as POP_2025: the latest
                years = [head for head in plain if re.fullmatch(name[:-1] + r"\d{4}", head)]
                name = max(years, default=name)
            if name in plain and plain[name] not in found.values():
                found[column.name] = plain[name]
                break
    return found, tuple(head for head in heads if head and head not in found.values())


def _plain(head: str) -> str:
    """A heading in small letters, without what stands in brackets, words joined by _."""
    return re.sub(r"[\s\-]+", "_", re.sub(r"[(\[].*?[)\]]", "", head).strip().lower())


def _example(wanted: Wanted) -> str:
    return ",".join(column.name for column in wanted.columns if column.need is not Need.NONE)

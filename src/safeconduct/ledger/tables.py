"""Reading a CSV table of a case: every fault of it told at once, with line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.terms import CaseError, Fault, closest

Row = dict[str, str]


@dataclass
class Faults:
    """The faults of one file, as they are found."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, column: str, found: str, expected: str, advice: str) -> None:
        """Note one fault."""
        self.found.append(Fault(self.file, line, column, found, expected, advice))

    def stop_if_any(self) -> None:
        """Raise CaseError with all of them."""
        if self.found:
            raise CaseError(self.found)


def read_text(path: Path) -> str:
    """The text of a file, without a byte order mark. Raises CaseError where it is missing or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise CaseError([Fault(str(path), 0, "", "no such file", "a table", "check the path")]) from None
    except IsADirectoryError:
        raise CaseError([Fault(str(path), 0, "", "a folder", "a table", "name the file in it")]) from None
    except UnicodeDecodeError as wrong:
        fault = Fault(
            str(path), 0, "", f"byte {wrong.start} is not UTF-8", "text in UTF-8", "save it as CSV UTF-8"
        )
        raise CaseError([fault]) from None


def rows_of(
    text: str, faults: Faults, columns: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[tuple[int, Row]]:
    """Line number and cells of each row that holds anything. An unknown or missing column is a fault."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    for name in header:
        if name not in columns:
            faults.add(1, "header", f'"{name}"', "a column of this table", closest(name, columns))
    for name in needed:
        if name not in header:
            faults.add(1, "header", f"without {name}", "that column", "add it")
    if faults.found:
        return
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cells):
            continue
        if len(cells) != len(header):
            faults.add(
                line, "", f"{len(cells)} cells", f"{len(header)} as in the header", "check commas and quotes"
            )
            continue
        yield line, dict(zip(header, map(str.strip, cells), strict=True))


def number_in(cell: str, line: int, column: str, faults: Faults) -> float | None:
    """The number in a cell; None where it is empty; a fault where it holds something else."""
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if value != value or value in (float("inf"), float("-inf")):
        faults.add(
            line,
            column,
            f'"{cell}"',
            "a plain number such as 13550",
            "leave it empty where no figure is given",
        )
        return None
    return value

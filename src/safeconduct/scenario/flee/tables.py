"""Flee's tables: cells by position, comments by a leading #, faults by file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safeconduct.terms import Fault, read_text, records, shown, within_years
from safeconduct.terms import cells as forms

THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table, and where to note what is wrong with it."""

    file: str
    line: int
    values: tuple[str, ...]
    faults: list[Fault]

    @property
    def where(self) -> str:
        """File and line, as the source of what the row says."""
        return f"{self.file}, line {self.line}"

    def at(self, column: int) -> str:
        """A cell, stripped; empty where the row is too short."""
        return self.values[column].strip() if column < len(self.values) else ""

    def note(self, column: str, found: str, expected: str, advice: str, *, warns: bool = False) -> None:
        """Note a fault, or a warning."""
        self.faults.append(Fault(self.file, self.line, column, found, expected, advice, is_warning=warns))

    def number(self, column: int, name: str, *, otherwise: float | None = None, whole: bool = False) -> float:
        """A cell with a number; a stand-in, with a fault noted, where it holds none."""
        cell, kind = self.at(column), "a whole number" if whole else "a number"
        if not cell and otherwise is not None:
            return otherwise
        if whole and THOUSANDS.fullmatch(cell):
            self.note(name, shown(cell), kind, f"it is taken as {cell.replace(',', '')}", warns=True)
            return float(cell.replace(",", ""))
        if forms.WITH_COMMA.fullmatch(cell):
            self.note(name, shown(cell), kind, "write thousands without a mark, and the decimal mark as a point")
        elif not forms.NUMBER.fullmatch(cell):
            self.note(name, shown(cell), kind, "write digits, such as 1250")
        elif not -forms.MOST <= float(cell) <= forms.MOST or 0 < abs(float(cell)) < forms.LEAST:
            self.note(name, shown(cell), f"{kind} of at most {forms.MOST:,.0f}", "correct it")
        elif whole and float(cell) != int(float(cell)):
            self.note(name, shown(cell), kind, "round it")
        else:
            return float(cell)
        return 0.0 if otherwise is None else otherwise

    def day(self, column: int, name: str) -> date | None:
        """A cell with a date; None, with a fault noted, where it holds none."""
        cell = self.at(column)
        try:
            if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", cell):
                raise ValueError
            year, month, day = map(int, cell.split("-"))
            return within_years(date(year, month, day))
        except ValueError:
            self.note(name, shown(cell), "a date such as 2012-02-29", "write year-month-day")
            return None


def read_cells(path: Path, faults: list[Fault]) -> tuple[tuple[str, ...], list[Cells]]:
    """The names of the commented header row (empty where there is none) and all other rows."""
    text = read_text(path, faults)
    header: tuple[str, ...] = ()
    rows: list[Cells] = []
    for line, values in records(text or "", path.name, faults):
        if values[0].startswith("#"):
            header = header or tuple(name.strip().removeprefix("#") for name in values)
        else:
            rows.append(Cells(path.name, line, tuple(values), faults))
    return header, rows


def too_wide(row: Cells, header: tuple[str, ...], least: int) -> bool:
    """Whether a row has more cells than its header names, which is reported: mostly a number with a comma in it."""
    width = max(len(header), least)
    extra = [cell for cell in row.values[width:] if cell.strip()]
    if extra:
        advice = "quote a name that holds a comma; write thousands without a mark"
        row.note("", f"{len(row.values)} cells", f"{width}, as in the header", advice)
    return bool(extra)

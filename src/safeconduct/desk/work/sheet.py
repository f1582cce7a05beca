"""The planning sheet of a simulation: by day and place, how many people arrive by the end of the day, and the wait."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safeconduct.desk.work.works import Work, rounded
from safeconduct.terms import inert

ARRIVED, WAIT = ("cum_arrivals_persons", "cum_registered_persons"), "wait_hours"
HEADER = ("day", "place", "arrived by its end", "low", "high", "longest wait, hours", "recorded")
MEANING = (
    "Median, and range of 90 % of runs given the model's assumptions. Plan for the high figure, not for the middle."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A day and a place."""

    day: str
    place: str
    middle: float
    low: float
    high: float
    wait: float | None  # hours, the longest median of the day
    recorded: str  # the last figure recorded on that day

    @property
    def cells(self) -> tuple[str, ...]:
        """As a sheet shows it, figures rounded to three digits."""
        wait = "" if self.wait is None else f"{self.wait:.1f}"
        return (self.day, self.place, rounded(self.middle), rounded(self.low), rounded(self.high), wait, self.recorded)


def planning_rows(work: Work) -> list[Row]:
    """The sheet's rows, by day; none where the work left no arrivals."""
    file = work.folder / "out" / "arrivals.csv"
    return rows_in(file) if work.state == "done" and file.exists() else []


def rows_in(file: Path) -> list[Row]:
    """The last hour of each day and place of a table of arrivals; days as the case counts them."""
    arrived: dict[tuple[str, str], dict[str, str]] = {}
    waits: dict[tuple[str, str], float] = {}
    recorded: dict[tuple[str, str], str] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            at = (datetime.fromisoformat(row["time"]).date().isoformat(), row["place"])
            if row["quantity"] in ARRIVED and row["p50"]:
                arrived[at] = row
                recorded[at] = row["recorded"] or recorded.get(at, "")
            elif row["quantity"] == WAIT and row["p50"]:
                waits[at] = max(waits.get(at, 0.0), float(row["p50"]))
    return [
        Row(day, place, float(row["p50"]), float(row["p05"]), float(row["p95"]), waits.get((day, place)),
            recorded[day, place])
        for (day, place), row in sorted(arrived.items())
    ]  # fmt: skip


def as_csv(rows: Sequence[Row]) -> str:
    """The sheet as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([inert(cell) for cell in row.cells] for row in rows)
    return out.getvalue()


def as_xlsx(rows: Sequence[Row], title: str, question: str) -> bytes:
    """The sheet as a workbook: figures as numbers, texts never as formulas."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    bold, figure = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet("Planning")
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 6, 18)
    for line, text in enumerate((title, question, MEANING)):
        sheet.write_string(line, 0, text, bold if line == 0 else None)
    for column, name in enumerate(HEADER):
        sheet.write_string(4, column, name, bold)
    for line, row in enumerate(rows, start=5):
        sheet.write_string(line, 0, row.day)
        sheet.write_string(line, 1, row.place)
        for column, value in enumerate((row.middle, row.low, row.high), start=2):
            sheet.write_number(line, column, float(f"{value:.3g}"), figure)
        if row.wait is not None:
            sheet.write_number(line, 5, round(row.wait, 1))
        if row.recorded:
            sheet.write_number(line, 6, float(row.recorded), figure)
    book.close()
    return out.getvalue()

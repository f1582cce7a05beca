"""The planning sheet of a simulation: by day and place how many arrive, how long they wait, shelter, and needs.

Figures are counted run by run from the series that the run has left: median, and 5 and 95 % of runs. Needs are those of
the high figure, by the standards that a forecast's sheet uses too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.casework import STANDARDS
from safeconduct.desk.work.works import Work, rounded
from safeconduct.terms import inert

if TYPE_CHECKING:
    import polars as pl

ARRIVED, SHELTERED, WAIT = ("cum_arrivals_persons", "cum_registered_persons"), "n_sheltered_persons", "wait_hours"
NEW, BY_END, SHELTER, LONGEST_WAIT, ON_RECORD = (
    "arrive on the day", "arrived by its end", "in organised shelter", "longest wait", "recorded by its end",
)  # fmt: skip
NEEDS_OF = {  # measure -> words, and needs of its high figure
    NEW: ("on arrival", ("water", "food")),
    SHELTER: ("for organised shelter", ("water", "food", "covered space")),
}
HEADER = ("day", "place", "what", "unit", "middle", "low", "high", "standard")
MEANING = (
    "Median, and range of 90 % of runs given the model's assumptions. Plan for the high figure, not for the middle: "
    "needs are those of the high figure."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a day and a place."""

    day: str
    place: str
    what: str
    unit: str
    middle: float | None
    low: float | None
    high: float
    standard: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """As a sheet shows it, figures rounded to three digits."""
        figures = ("" if value is None else rounded(value) for value in (self.middle, self.low, self.high))
        return (self.day, self.place, self.what, self.unit, *figures, self.standard)


def has_sheet(work: Work) -> bool:
    """Whether a piece of work left what a sheet is made of, and no sheet of its own, as a forecast does."""
    out = work.folder / "out"
    if (out / "planning.xlsx").exists():
        return False
    return work.state == "done" and (out / "series.parquet").exists() and (out / "arrivals.csv").exists()


def planning_rows(work: Work) -> list[Row]:
    """The sheet's rows, by day and place; none where the work left no arrivals."""
    return list(rows_in(work.folder / "out")) if has_sheet(work) else []


def rows_in(out: Path) -> Iterator[Row]:
    """The rows of a run's folder; days as the case counts them."""
    import polars as pl

    shift, recorded = zone_and_record(out / "arrivals.csv")
    words = [pl.col(name).cast(pl.String) for name in ("quantity", "place")]
    series = pl.scan_parquet(out / "series.parquet").with_columns(words)
    used = series.filter(pl.col("quantity").is_in([*ARRIVED, SHELTERED, WAIT]) & pl.col("value").is_finite()).collect()
    local = used.with_columns(day=(pl.col("time") + shift - timedelta(microseconds=1)).dt.date().cast(pl.String))
    last = pl.col("value").sort_by("time").last()
    by_run = local.group_by("quantity", "place", "run", "day").agg(last, most=pl.col("value").max())
    found: dict[tuple[str, str], list[Row]] = {}
    for quantity, measures in measures_of(by_run.sort("day")):
        for place, frame in sorted(quantity.items()):
            for what, column in measures:
                for row in bands(frame, column).iter_rows(named=True):
                    found.setdefault((row["day"], place), []).extend(with_needs(row, place, what))
    places = list(dict.fromkeys(place for _, place in found))  # crossings before shelters
    for day, place in sorted(found, key=lambda at: (at[0], places.index(at[1]))):
        yield from found[day, place]
        if (day, place) in recorded:
            yield Row(day, place, ON_RECORD, "persons", None, None, recorded[day, place])


def measures_of(by_run: pl.DataFrame) -> Iterator[tuple[dict[str, pl.DataFrame], tuple[tuple[str, str], ...]]]:
    """Frames by place of each quantity that was recorded, with the measures that are counted from it."""
    import polars as pl

    arrived = next((name for name in ARRIVED if (by_run["quantity"] == name).any()), "")
    before = pl.col("value").shift(1, fill_value=0.0).over("run", "place", order_by="day")
    new = (pl.col("value") - before).clip(lower_bound=0)
    for name, measures in (
        (arrived, ((NEW, "new"), (BY_END, "value"))),
        (WAIT, ((LONGEST_WAIT, "most"),)),
        (SHELTERED, ((SHELTER, "value"),)),
    ):
        rows = by_run.filter(pl.col("quantity") == name).with_columns(new=new)
        yield {str(key[0]): part for key, part in rows.partition_by("place", as_dict=True).items()}, measures


def bands(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Median, 5 and 95 % of runs by day."""
    import polars as pl

    chances = {"middle": 0.5, "low": 0.05, "high": 0.95}
    quantiles = [pl.col(column).quantile(chance, "linear").alias(name) for name, chance in chances.items()]
    return frame.group_by("day").agg(quantiles).sort("day")


def with_needs(row: dict[str, object], place: str, what: str) -> Iterator[Row]:
    """A figure, then what its high value of people needs."""
    day, middle, low, high = str(row["day"]), *(float(str(row[name])) for name in ("middle", "low", "high"))
    if what == SHELTER and high < 1:
        return
    yield Row(day, place, what, "hours" if what == LONGEST_WAIT else "persons", middle, low, high)
    words, needs = NEEDS_OF.get(what, ("", ()))
    for one in STANDARDS:
        if one.need in needs:
            yield Row(day, place, f"{one.need} {words}", one.unit, None, None, high * one.per_person, one.source)


def zone_and_record(file: Path) -> tuple[timedelta, dict[tuple[str, str], float]]:
    """The zone of a table of arrivals, and the last figure recorded by the end of each day at each place."""
    shift, recorded = timedelta(0), dict[tuple[str, str], float]()
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            when = datetime.fromisoformat(row["time"])
            shift = when.utcoffset() or shift
            if row["quantity"] in ARRIVED and row["recorded"]:
                day = (when - timedelta(microseconds=1)).date().isoformat()
                recorded[day, row["place"]] = float(row["recorded"])
    return shift, recorded


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
    bold, figure = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.##"})
    sheet = book.add_worksheet("Planning")
    for column, width in enumerate((12, 24, 34, 14, 12, 12, 12, 44)):
        sheet.set_column(column, column, width)
    for line, text in enumerate((title, question, MEANING)):
        sheet.write_string(line, 0, text, bold if line == 0 else None)
    for column, name in enumerate(HEADER):
        sheet.write_string(4, column, name, bold)
    for line, row in enumerate(rows, start=5):
        for column, text in zip((0, 1, 2, 3, 7), (row.day, row.place, row.what, row.unit, row.standard), strict=True):
            sheet.write_string(line, column, text)
        for column, value in enumerate((row.middle, row.low, row.high), start=4):
            if value is not None:
                sheet.write_number(line, column, float(f"{value:.3g}"), figure)
    if rows:
        sheet.autofilter(4, 0, 4 + len(rows), len(HEADER) - 1)
    sheet.freeze_panes(5, 3)
    book.close()
    return out.getvalue()

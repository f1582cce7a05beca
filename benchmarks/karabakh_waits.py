"""The tables of docs/limits.md on waits: what runs give by day beside what was told, and the scores of arrivals.

safeconduct run karabakh-2023 --runs 200 --out out/shipped
safeconduct run karabakh-2023 --runs 200 --sample FOLDER-OF-A-FIT --out out/with-waits
python benchmarks/karabakh_waits.py out/shipped out/with-waits
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from math import exp, log
from pathlib import Path

import numpy as np
import polars as pl

from safeconduct.scenario import Scenario, read_case, told_by
from safeconduct.terms import parse_time

CASE, CROSSING, WAIT = "karabakh-2023", "hakari_bridge", "wait_hours"
LATE = "2030-01-01T00:00+04:00"  # after everything told
DAYS = range(24, 31)  # of September 2023
FITTED_UNTIL = "2023-09-27T15:00+04:00"
HOUR = timedelta(hours=1)
COUNTS = ("cum_arrivals_persons", "cum_arrivals_vehicles")


def told_on(case: Scenario, day: int, until: str) -> list[float]:
    """Hours told of those who crossed on a day, by what was published until then."""
    found = told_by(case, WAIT, CROSSING, parse_time(until))
    return [one.best for one in found if one.earliest is not None and one.earliest.day == day]


def middle(values: list[float]) -> str:
    """The geometric mean of what was told, and each figure."""
    if not values:
        return "-"
    return f"{exp(sum(map(log, values)) / len(values)):.0f} ({', '.join(f'{v:g}' for v in values)})"


def waits_by_day(folder: Path, name: str) -> dict[int, np.ndarray]:
    """[run] mean wait over the hours of each day in which somebody crossed."""
    table = pl.read_parquet(folder / "series.parquet").with_columns(pl.col("place", "quantity").cast(pl.String))
    is_mine = (pl.col("quantity") == WAIT) & pl.col("place").str.starts_with(name)
    mine = table.filter(is_mine & pl.col("value").is_not_nan())
    times = [datetime.fromisoformat(str(time)) for time in mine["time"].cast(pl.String)]
    days = [(time - HOUR / 2).day for time in times]  # the value at 00:00 is of those who crossed in the hour before
    mine = mine.with_columns(pl.Series("day", days))
    means = mine.group_by("run", "day").agg(pl.col("value").mean())
    return {day: means.filter(pl.col("day") == day)["value"].to_numpy() for day in DAYS}


def spread(values: np.ndarray) -> str:
    """Median, and 5 to 95 %."""
    if not len(values):
        return "-"
    low, best, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{best:.1f} ({low:.1f}-{high:.1f})"


def show(folders: list[Path]) -> None:
    """Print both tables."""
    case = read_case(CASE)
    name = case.place(CROSSING).name
    runs = [waits_by_day(folder, name) for folder in folders]
    print("| September | told by 27 Sept 15:00 | told at all |", " | ".join(f.name for f in folders), "|")
    for day in DAYS:
        told = [middle(told_on(case, day, until)) for until in (FITTED_UNTIL, LATE)]
        print(f"| {day} |", " | ".join([*told, *(spread(one[day]) for one in runs)]), "|")
    for folder in folders:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        print(folder.name, {key: summary[key] for key in ("mean_trip_hours", "longest_trip_hours", "longest_queue_km")})
        for row in summary["scores"]:
            if row["target_quantity"] in COUNTS and row["target_place"] == CROSSING:
                print("  ", row)


if __name__ == "__main__":
    show([Path(argument) for argument in sys.argv[1:]])

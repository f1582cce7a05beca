"""The planning sheet as rows that programs and spreadsheets read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.inference.assimilate import EVERYWHERE, Forecast, PlanRow, plan
from safeconduct.inference.camps import CampForecast, plan_camps

if TYPE_CHECKING:
    import polars as pl

HEADER = ("day", "place", "name", "measure", "unit", "best_case", "most_likely", "worst_case", "standard")


def place_name(made: Forecast | CampForecast, place: str) -> str:
    """A place by both its names."""
    return place if place == EVERYWHERE else made.scenario.place(place).both_names


def plan_rows(made: Forecast | CampForecast, rows: Sequence[PlanRow]) -> list[tuple[object, ...]]:
    """Rows in the order of HEADER, figures rounded as one would say them."""
    return [
        (
            one.day.isoformat(), one.place, place_name(made, one.place), f"{one.measure} {one.cut}".strip(), one.unit,
            rounded(one.best_case), rounded(one.most_likely), rounded(one.worst_case), one.standard,
        )
        for one in rows
    ]  # fmt: skip


def by_day_and_place(made: Forecast | CampForecast) -> pl.DataFrame:
    """The planning sheet as a frame, one row a day, place and measure."""
    import polars as pl

    rows = plan_camps(made) if isinstance(made, CampForecast) else plan(made)
    return pl.DataFrame(plan_rows(made, rows), schema=list(HEADER), orient="row", infer_schema_length=None)


def rounded(value: float) -> float:
    """Two figures that count from 100 on, whole numbers below: a forecast is not more exact."""
    digits = len(str(int(abs(value)))) - 2
    return float(round(value, -max(digits, 0)))

"""Forecasts of camps in a Flee folder, and their back-test, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.findings.forecast import (
    by_day_and_place,
    camp_backtest_table,
    camps_in_short,
    write_camp_backtest,
    write_camps,
)
from safeconduct.inference.camps import CampForecast, CampOriginScore, backtest_camps, camp_doubts, forecast_camps
from safeconduct.ledger import Table
from safeconduct.scenario import Scenario
from safeconduct.terms import VERSION, UsageError, parse_time

if TYPE_CHECKING:
    import polars as pl

HORIZON_DAYS = 90  # of a forecast of camps, where none is given


@dataclass(frozen=True)
class CampForecastResult:
    """A forecast of camps as a value: a frame to look at, a folder to write."""

    made: CampForecast
    provenance: Mapping[str, object]

    def by_day_and_place(self) -> pl.DataFrame:
        """The planning sheet: one row a week, camp and measure, with best case, most likely and worst case."""
        return by_day_and_place(self.made)

    @property
    def doubts(self) -> list[str]:
        """What to know before the figures are used."""
        return camp_doubts(self.made)

    def in_short(self) -> list[str]:
        """The headline in sentences."""
        return camps_in_short(self.made)

    def write(self, folder: Path | str, remark: str = "") -> Path:
        """Write the planning sheet and the page, with a remark; returns the page to open."""
        return write_camps(Path(folder), self.made, self.provenance, remark)


@dataclass(frozen=True)
class CampBacktestResult:
    """Scores of forecasts of camps from many days beside those of simple rules."""

    title: str
    found: Sequence[CampOriginScore]

    def table(self) -> Table:
        """All scores, for a terminal."""
        return camp_backtest_table(self.found)

    def tables_beside(self) -> list[Table]:
        """No further table."""
        return []

    def write(self, folder: Path | str) -> Path:
        """Write all scores as a table; returns it."""
        return write_camp_backtest(Path(folder), self.found)


def day_of(scenario: Scenario, option: str, text: str) -> int:
    """A day of the case, typed as its number or as a time. Raises UsageError where it is none inside the case."""
    n_days = round(scenario.clock.hours / 24.0)
    try:
        day = int(text) if text.strip().isdecimal() else int(scenario.clock.hour_of(parse_time(text)) // 24)
    except ValueError as error:
        raise UsageError(f"{option}: {error}; or a day of the case, such as 30.") from None
    if not 1 <= day < n_days - 1:
        raise UsageError(f"{option} is {text}; expected a day from 1 to {n_days - 2}, or a time on one of them.")
    return day


def camp_forecast(
    scenario: Scenario, as_of: str, *, horizon_hours: float | None, seed: int, command: str
) -> CampForecastResult:
    """The forecast of camps as of a day."""
    day = day_of(scenario, "--as-of", as_of)
    ahead = HORIZON_DAYS if horizon_hours is None else max(round(horizon_hours / 24.0), 1)
    until = min(day + ahead, round(scenario.clock.hours / 24.0) - 1)
    provenance = {
        "command": command, "case": scenario.key, "scenario_hash": scenario.hash, "as_of_day": day, "seed": seed,
        "safeconduct": VERSION,
    }  # fmt: skip
    return CampForecastResult(forecast_camps(scenario, day, until, seed=seed), provenance)


def camp_backtest(scenario: Scenario, origins: Sequence[str], *, seed: int) -> CampBacktestResult:
    """Forecasts of camps from several days, scored beside simple rules."""
    days = sorted({day_of(scenario, "--origins", text) for text in origins})
    found = [score for day in days for score in backtest_camps(scenario, day, seed=seed)]
    return CampBacktestResult(scenario.title, found)

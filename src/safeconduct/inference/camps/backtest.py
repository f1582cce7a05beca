"""Forecasts of camps from several days, scored on what was counted later, beside rules that knew as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.camps.ahead import MONTH, CampForecast, Settings, forecast_camps
from safeconduct.inference.score.camp_rules import blind_rules
from safeconduct.inference.score.camps import coverage, crps_by_day, relative_difference
from safeconduct.scenario import Scenario, Walk

Array = NDArray[np.float64]
FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class CampOriginScore:
    """Scores of one forecaster from one day, over all camps and later days."""

    day: int
    is_total_given: bool
    model: str
    crps: float  # persons, mean over camps and days
    ard: float  # averaged relative difference of the median, normal form
    cover50: float | None  # share of camps' days; None for a rule that gives one number
    cover90: float | None


def backtest_camps(
    scenario: Scenario, day: int, *, seed: int = 0, settings: Settings | None = None, every: int = 1
) -> list[CampOriginScore]:
    """Scores from a day: with the total of each later day given, as Flee and blind rules have it, and without it."""
    walk = scenario.walk
    assert walk is not None  # a folder in which people walk
    recorded = np.array([walk.recorded[camp] for camp in walk.camps])
    total, last = recorded.sum(axis=0), recorded.shape[1] - 1
    found = []
    for is_given in (True, False):
        made = forecast_camps(
            scenario, day, last, seed=seed, settings=settings, total=total if is_given else None, every=every
        )
        found.append(score_made(made, recorded, is_given))
        for name, counts in rules_of(scenario, walk, made, total, is_given).items():
            truth = recorded[:, made.days]
            crps = float(np.abs(counts - truth).mean())
            found.append(CampOriginScore(day, is_given, name, crps, relative_difference(counts, truth), None, None))
    return found


def score_made(made: CampForecast, recorded: Array, is_given: bool) -> CampOriginScore:
    """The score of a forecast."""
    truth = recorded[:, made.days]
    crps = float(np.mean([crps_by_day(made.persons[:, row], truth[row]) for row in range(len(truth))]))
    covers = [float(coverage(made.persons, truth, share).mean()) for share in (0.5, 0.9)]
    middle = np.median(made.persons, axis=0)
    return CampOriginScore(made.day, is_given, FORECAST, crps, relative_difference(middle, truth), *covers)


def rules_of(scenario: Scenario, walk: Walk, made: CampForecast, total: Array, is_given: bool) -> Mapping[str, Array]:
    """Rule -> [camp, day forecast]. Those that share out a given total know each day's places in conflict as well."""
    now = made.known[:, -1]
    if not is_given:
        month = made.known[:, max(made.known.shape[1] - 1 - MONTH, 0)]
        ahead = (made.days - made.day) / min(MONTH, max(made.known.shape[1] - 1, 1))
        return {
            "level of the day": np.tile(now[:, None], (1, made.days.size)),
            "trend of a month": np.maximum(now[:, None] + (now - month)[:, None] * ahead[None, :], 0.0),
        }
    shares = now / now.sum() if now.sum() > 0 else np.full(now.size, 1.0 / now.size)
    blind = {name: counts[:, made.days] for name, counts in blind_rules(scenario, walk).items() if is_blind(name)}
    return {"shares of the day": shares[:, None] * total[made.days][None, :], **blind}


def is_blind(rule: str) -> bool:
    """Whether a rule only shares out a total."""
    return not rule.endswith(("ago", "on"))

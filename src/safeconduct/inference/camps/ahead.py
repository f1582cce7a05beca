"""How many people each camp will hold, from what had been counted in the camps by a day.

The total goes on as it rose over the last month, ever more slowly. It is shared out as people are shared now and as
those of the last month were; with time a part goes by distance alone, so that a camp that is empty today may fill. The
spread of totals and shares grows as that of a random walk. Nothing of it is simulated: docs/why/0043.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.score.camp_rules import attraction, distances, part_of, source_days
from safeconduct.scenario import Scenario, Walk
from safeconduct.terms import Draws

Array = NDArray[np.float64]
MONTH = 30  # days
N_DRAWS = 400
LEAST_SHARE = 0.002  # of each camp, before shares are drawn: an empty camp may fill
PERSONS = "n_persons"


@dataclass(frozen=True, slots=True)
class Settings:
    """Constants, chosen on other conflicts than the one forecast where they are scored (docs/why/0043)."""

    as_now: float = 0.5  # weight of present shares, against shares of last month's newcomers
    distance_days: float = 1000.0  # in which all but 1/e goes by distance
    share_sd: float = 0.3  # of the log of a camp's share over a month
    slowing_days: float = 90.0  # after which a rise has slowed to 1/e
    rise_sd: float = 1.0  # of the log of the factor on the rise to come
    level_sd: float = 0.03  # of the log of the total over a month, for returns and recounts


@dataclass(frozen=True)
class CampForecast:
    """What is expected after a day."""

    scenario: Scenario
    camps: tuple[str, ...]
    day: int  # of the case; the last whose counts are known
    known: Array  # [camp, day] what had been counted by then, day 0 to `day`
    days: NDArray[np.int64]  # forecast
    persons: Array  # [draw, camp, day] from `days`
    seed: int


def counted_by(scenario: Scenario, walk: Walk, day: int) -> Array:
    """[camp, day] counts up to a day: on straight lines between them, the last one kept; none later is looked at."""
    found = np.zeros((len(walk.camps), day + 1))
    targets = {target.place: target for target in scenario.targets if target.quantity == PERSONS}
    for row, camp in enumerate(walk.camps):
        points = [(scenario.clock.hour_of(one.time) / 24.0 - 1.0, one.best) for one in targets[camp].observations]
        past = sorted((when, count) for when, count in points if when <= day)
        if past:
            found[row] = np.interp(np.arange(day + 1), [when for when, _ in past], [count for _, count in past])
    return found


def forecast_camps(
    scenario: Scenario, day: int, until: int, *, seed: int = 0, settings: Settings | None = None,
    total: Array | None = None, every: int = 1,
) -> CampForecast:  # fmt: skip
    """The forecast from a day. `total`: persons in all camps on each day of the case, where it is taken as known."""
    walk = scenario.walk
    assert walk is not None  # a folder in which people walk
    chosen, draws = settings or Settings(), Draws(seed)
    known = counted_by(scenario, walk, day)
    days = np.arange(day + every, until + 1, every)
    ahead = (days - day).astype(np.float64)
    if total is None:
        totals = total_ahead(known.sum(axis=0), ahead, chosen, draws)
    else:
        totals = np.tile(total[days], (N_DRAWS, 1))
    shares = shares_ahead(known, by_distance(scenario, walk, day), ahead, totals, chosen, draws)
    return CampForecast(scenario, walk.camps, day, known, days, shares * totals[:, None, :], seed)


def by_distance(scenario: Scenario, walk: Walk, day: int) -> Array:
    """[camp] shares by gravity from places in conflict on a day; equal where there is none or no road."""
    sources = source_days(scenario, walk)[:, day]
    found = part_of(sources, sources.sum()) @ attraction(distances(scenario, walk), 1.0)
    whole = float(found.sum())
    return np.asarray(found / whole if whole > 0 else np.full(len(walk.camps), 1.0 / len(walk.camps)))


def total_ahead(total: Array, ahead: Array, chosen: Settings, draws: Draws) -> Array:
    """[draw, day] persons in all camps."""
    last, before = float(total[-1]), float(total[max(total.size - 1 - MONTH, 0)])
    rate = max(last - before, 0.0) / min(MONTH, max(total.size - 1, 1))
    slots = np.arange(N_DRAWS)
    factor = np.exp(chosen.rise_sd * normal(draws, "rise", slots))[:, None]
    rise = rate * chosen.slowing_days * (1.0 - np.exp(-ahead / chosen.slowing_days))
    level = np.exp(chosen.level_sd * np.sqrt(ahead / MONTH)[None, :] * normal(draws, "level", slots)[:, None])
    return np.asarray((last + rise[None, :] * factor) * level)


def shares_ahead(known: Array, far: Array, ahead: Array, totals: Array, chosen: Settings, draws: Draws) -> Array:
    """[draw, camp, day] shares of the total."""
    last = known[:, -1]
    total = max(float(last.sum()), 1.0)
    now = last / total if last.sum() > 0 else far
    rise = np.maximum(last - known[:, max(known.shape[1] - 1 - MONTH, 0)], 0.0)
    newcomers = rise / rise.sum() if rise.sum() > 0 else now
    new = np.maximum(totals - total, 0.0)[:, None, :] / np.maximum(totals, 1.0)[:, None, :]  # [draw, 1, day]
    by_rise = (1.0 - new) * now[None, :, None] + new * newcomers[None, :, None]
    near = chosen.as_now * now[None, :, None] + (1.0 - chosen.as_now) * by_rise
    part = 1.0 - np.exp(-ahead / chosen.distance_days)
    middle = (1.0 - part) * near + part * far[None, :, None]
    slots = np.arange(N_DRAWS)[:, None]
    noise = normal(draws, "share", slots, np.arange(last.size)[None, :])[:, :, None]
    sd = chosen.share_sd * np.sqrt(ahead / MONTH)[None, None, :]
    drawn = (middle + LEAST_SHARE) * np.exp(sd * noise)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def normal(draws: Draws, name: str, slots: NDArray[np.int64], index: NDArray[np.int64] | int = 0) -> Array:
    """Standard normal numbers."""
    from scipy.special import ndtri

    return np.asarray(ndtri(draws.uniform(name, slots, index)))

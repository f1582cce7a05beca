"""Floods and hunger: what their levels of today and of the days ahead make of pulls and of chances of moving on.

A flooded place's own chance of moving on gives way to that of the flood's level, and its pull is multiplied by the
level's weight. A forecast counts for a group as far as the group heeds it. Here it shifts both towards their means over
the days ahead; Flee multiplies by what it foresees, so that a place without a coming flood repels everybody and holds
everybody there (`forecast_of_floods_multiplies`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import FloodForecast, FloodRules, Walk

Array = NDArray[np.float64]


def levels_by_day(levels: Mapping[str, tuple[float, ...]], keys: Sequence[str], n_days: int) -> Array:
    """[day, place] a level, 0 for places that the table does not name; no rows where no table names any."""
    if not levels:
        return np.zeros((0, len(keys)))
    none = (0.0,) * n_days
    return np.array([levels.get(key, none) for key in keys]).T


def by_level(numbers: tuple[float, ...], level: Array, without: Array | float) -> Array:
    """A number of the level that a flood has, on a straight line between two; `without` a flood or without numbers."""
    if not numbers:
        return np.broadcast_to(np.asarray(without, dtype=np.float64), level.shape).copy()
    return np.where(level > 0.0, np.interp(level, np.arange(len(numbers)), numbers), without)


def foreseen(forecast: FloodForecast, day: int, n_days: int, *, as_flee: bool) -> list[tuple[int, float]]:
    """Days of which a forecast speaks today, each with its weight."""
    found = []
    for ahead in range(1, forecast.days_ahead + 1):
        then = day + ahead
        if as_flee:
            then = min(then, forecast.last_day)
        if then > forecast.last_day or then >= n_days:
            break
        at = then if as_flee else ahead
        found.append((then, forecast.weights[at] if at < len(forecast.weights) else 0.0))
        if as_flee and then == forecast.last_day:
            break
    return found


def flood_pull(walk: Walk, flood: Array, heed: Array, day: int) -> Array:
    """[group, place] factor on pulls; all 1 where no rule on floods says otherwise."""
    n_places, rules = flood.shape[1], walk.rules.floods
    factor = np.ones((heed.size, n_places))
    if rules is None or not flood.size:
        return factor
    factor *= by_level(rules.weights, flood[day], 1.0)
    forecast = rules.forecast
    if forecast is None or not forecast.days_ahead:
        return factor
    ahead = foreseen(forecast, day, len(flood), as_flee=walk.quirks.forecast_of_floods_multiplies)
    if walk.quirks.forecast_of_floods_multiplies:
        if forecast.days_ahead > 1 and day <= forecast.last_day:
            factor *= heed[:, None] * sum_of_floods(rules, flood, ahead) ** 2 / forecast.days_ahead
        return factor
    mean = mean_ahead([by_level(rules.weights, flood[then], 1.0) for then, _ in ahead], ahead)
    return factor if mean is None else factor * (1.0 - heed[:, None] + heed[:, None] * mean)


def flood_chance(walk: Walk, flood: Array, heed: Array, day: int, chance: Array) -> Array:
    """[group, place] chance of moving on in a day, from the [place] chance without floods."""
    rules = walk.rules.floods
    if rules is None or not flood.size:
        return np.tile(chance, (heed.size, 1))
    now = by_level(rules.move_chances, flood[day], chance)
    found, forecast = np.tile(now, (heed.size, 1)), rules.forecast
    if forecast is None or not forecast.days_ahead:
        return found
    ahead = foreseen(forecast, day, len(flood), as_flee=walk.quirks.forecast_of_floods_multiplies)
    if walk.quirks.forecast_of_floods_multiplies:
        return found * heed[:, None] * sum_of_floods(rules, flood, ahead) / forecast.days_ahead
    mean = mean_ahead([np.maximum(now, by_level(rules.move_chances, flood[then], now)) for then, _ in ahead], ahead)
    return found if mean is None else found * (1.0 - heed[:, None]) + heed[:, None] * mean


def sum_of_floods(rules: FloodRules, flood: Array, ahead: list[tuple[int, float]]) -> Array:
    """[place] sum over the days ahead of the level's weight times the day's; a day without a flood adds nothing."""
    parts = [weight * by_level(rules.weights, flood[then], 0.0) * (flood[then] > 0.0) for then, weight in ahead]
    return np.asarray(sum(parts, np.zeros(flood.shape[1])))


def mean_ahead(values: list[Array], ahead: list[tuple[int, float]]) -> Array | None:
    """The mean of values of the days ahead by the days' weights; None where no day counts."""
    total = sum(weight for _, weight in ahead)
    if not total > 0.0:
        return None
    return np.asarray(sum(weight * value for value, (_, weight) in zip(values, ahead, strict=True)) / total)


def hunger_share(hunger: Array, day: int) -> Array:
    """[place] share of people short of food today."""
    return hunger[day] / 100.0 if hunger.size else np.zeros(hunger.shape[1])

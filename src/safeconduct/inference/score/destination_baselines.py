"""Rules for where people go: shares as last recorded, all to the nearest place, and gravity.

Each is handed the recorded total of the scored places at the hour of a row, which a simulation is not: they
answer where, not how many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.score.baselines import Baseline
from safeconduct.inference.score.evidence import TargetRows, is_cumulative
from safeconduct.scenario import Place, Scenario, Target, km_between

Array = NDArray[np.float64]
TOLD = "; handed the recorded total"
Weights = Mapping[str, float]  # place key -> how strongly it draws people


def where_baselines(
    scenario: Scenario, target: Target, evidence: Mapping[tuple[str, str], TargetRows]
) -> list[Baseline]:
    """The rules that apply to a count at one of several places; none where it is a running total or alone."""
    group = {place: e for (quantity, place), e in evidence.items() if quantity == target.quantity}
    known = {place.key: place for place in scenario.places}
    is_flow = target.quantity.startswith("new_")  # over crossings, which have rules of their own
    if is_cumulative(target.quantity) or is_flow or len(group) < 2 or not group.keys() <= known.keys():
        return []
    places = {key: known[key] for key in group}
    km = distances(scenario, places)
    rules = (
        ("persistence of shares", last_levels(group), "shares as in the last fitted rows"),
        ("nearest place", nearest(km), "all at the place nearest to the people's homes, as the crow flies"),
        ("gravity", gravity(scenario, places, km), "people living there / km, as the crow flies"),
    )
    return [
        Baseline(name, shared_out(target.place, group, weights), note + TOLD)
        for name, weights, note in rules
        if target.place in weights
    ]


def shared_out(place: str, group: Mapping[str, TargetRows], weights: Weights) -> Callable[[Array], Array]:
    """A rule that gives a place its share, by weight, of what was recorded at the places that report at an hour."""
    counts: dict[float, dict[str, float]] = {}
    for key in weights:
        for row in group[key].rows:
            counts.setdefault(row.hour, {})[key] = row.best

    def at(hour: float) -> float:
        reported = counts[hour]
        whole = sum(weights[key] for key in reported)
        return sum(reported.values()) * (weights[place] / whole if whole else 1.0 / len(reported))

    return lambda when: np.array([at(float(hour)) for hour in when])


def last_levels(group: Mapping[str, TargetRows]) -> Weights:
    """The last fitted count of each place that has one."""
    rows = {place: [row for row in evidence.rows if row.is_fitted] for place, evidence in group.items()}
    return {place: fitted[-1].best for place, fitted in rows.items() if fitted}


def nearest(km: Weights) -> Weights:
    """All weight on the nearest place."""
    closest = min(km, key=lambda place: km[place])
    return {place: float(place == closest) for place in km}


def gravity(scenario: Scenario, places: Mapping[str, Place], km: Weights) -> Weights:
    """People living at a place / km to it; nothing where these are not known for every place."""
    values = scenario.values()
    pull = {key: place.pull_persons.at(values) for key, place in places.items()}
    if not all(isfinite(p) for p in pull.values()) or not all(km.values()):
        return {}
    return {key: pull[key] / km[key] for key in places}


def distances(scenario: Scenario, places: Mapping[str, Place]) -> Weights:
    """Mean km, as the crow flies, from the homes of the people of the case."""
    people = sum(row.weight_persons for row in scenario.people)
    return {
        key: sum(row.weight_persons * crow_km(scenario.place(row.place), place) for row in scenario.people) / people
        for key, place in places.items()
    }


def crow_km(one: Place, other: Place) -> float:
    """Km between two places, as the crow flies."""
    return km_between(one.lat, one.lon, other.lat, other.lon)

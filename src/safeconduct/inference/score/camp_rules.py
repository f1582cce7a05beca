"""Rules that share the recorded total out over camps without simulating people, or carry camps' own past forward.

Rules that share out know the total in camps of each day, as the simulation does; rules that carry forward know the
camps' counts of some days ago. None knows more of the day itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import Scenario, Walk

Array = NDArray[np.float64]
DAYS_AGO = 30  # age of what the rules that carry forward know
EXPONENTS = np.arange(0.0, 4.01, 0.25)  # tried where gravity is fitted
EARLY_SHARE = 0.25  # of the days, on which it is fitted


def blind_rules(scenario: Scenario, walk: Walk) -> dict[str, Array]:
    """[camp, day] what each rule says."""
    recorded = np.array([walk.recorded[camp] for camp in walk.camps])
    total = recorded.sum(axis=0)
    km, sources = distances(scenario, walk), source_days(scenario, walk)

    def by_gravity(exponent: float) -> Array:
        counts: Array = total * shares(total, sources, attraction(km, exponent))
        return counts

    fitted = fitted_exponent(recorded, [by_gravity(exponent) for exponent in EXPONENTS])
    before = np.maximum(np.arange(total.size) - DAYS_AGO, 0)
    earlier = np.maximum(before - DAYS_AGO, 0)
    past = recorded[:, before]
    return {
        "equal split": np.tile(total / len(recorded), (len(recorded), 1)),
        "nearest place": total * shares(total, sources, nearest(km)),
        "gravity, exponent 1": by_gravity(1.0),
        f"gravity, exponent fitted on the first {EARLY_SHARE:.0%} of days": by_gravity(fitted),
        f"level of {DAYS_AGO} days ago": past,
        f"shares of {DAYS_AGO} days ago": total * part_of(past, past.sum(axis=0)),
        f"trend of {DAYS_AGO} days, {DAYS_AGO} days on": np.maximum(2 * past - recorded[:, earlier], 0.0),
    }  # fmt: skip


def fitted_exponent(recorded: Array, found: list[Array]) -> float:
    """The exponent that comes nearest to the record of the early days."""
    early = slice(0, max(1, int(EARLY_SHARE * recorded.shape[1])))
    apart = [np.abs(counts - recorded)[:, early].sum() for counts in found]
    return float(EXPONENTS[int(np.argmin(apart))])


def distances(scenario: Scenario, walk: Walk) -> Array:
    """[place, camp] km by the shortest road, closures left aside; infinite where there is none."""
    index = {place.key: i for i, place in enumerate(scenario.places)}
    km = np.full((len(index), len(index)), np.inf)
    np.fill_diagonal(km, 0.0)
    for route in scenario.routes:
        a, b = index[route.start], index[route.end]
        km[a, b] = km[b, a] = min(km[a, b], route.km)
    for via in range(len(index)):
        np.minimum(km, km[:, via, None] + km[None, via, :], out=km)
    return km[:, [index[camp] for camp in walk.camps]]


def source_days(scenario: Scenario, walk: Walk) -> Array:
    """[place, day] weight of each home on each day: inhabitants times intensity of conflict."""
    index = {place.key: i for i, place in enumerate(scenario.places)}
    population = np.array([walk.places[place.key].population for place in scenario.places])
    intensity = np.array([walk.places[place.key].intensity for place in scenario.places])
    found = np.zeros((len(index), walk.n_days))
    told = iter((*walk.happenings, None))
    one = next(told)
    for day in range(walk.n_days):
        while one is not None and one.day <= day:
            if one.kind in ("conflict", "becomes"):
                intensity[index[one.subject]] = one.value
            one = next(told)
        found[:, day] = population * intensity
    return found


def attraction(km: Array, exponent: float) -> Array:
    """[place, camp] shares of people from each place by gravity; none where no camp can be reached."""
    pull = np.where(np.isfinite(km), np.maximum(km, 1.0) ** -exponent, 0.0)
    return part_of(pull, pull.sum(axis=1, keepdims=True))


def part_of(counts: Array, whole: Array) -> Array:
    """Each count as a part of the whole; 0 where there is no whole."""
    parts: Array = np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)
    return parts


def nearest(km: Array) -> Array:
    """[place, camp] everyone to the nearest camp; no one where none can be reached."""
    found: Array = np.zeros_like(km)
    found[np.arange(len(km)), np.argmin(km, axis=1)] = 1.0
    found[~np.isfinite(km).any(axis=1)] = 0.0
    return found


def shares(total: Array, sources: Array, to_camp: Array) -> Array:
    """[camp, day] shares of the total: each day's rise goes where that day's homes send it."""
    rise = np.diff(np.maximum.accumulate(total), prepend=0.0)
    sent = np.cumsum(rise * (to_camp.T @ part_of(sources, sources.sum(axis=0))), axis=1)
    everybody = sent.sum(axis=0)
    return np.where(everybody > 0, part_of(sent, everybody), 1.0 / len(sent))

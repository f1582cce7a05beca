"""How many people set out each day, and from where: the recorded total, or a rate where there is conflict."""

from __future__ import annotations

from math import floor

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.walk.hazards import by_level
from safeconduct.scenario import Walk
from safeconduct.terms import Draws, RunStopped

NO_SOURCE = (
    "No place is in conflict, and Flee stops there (an assertion fails); "
    "run without --compat flee, where those who leave come from the places last in conflict."
)


def recorded_agents(walk: Walk) -> NDArray[np.float64]:
    """[day] agents in all camps together, as the camps' records or the total gives them."""
    camps = np.sum([walk.recorded[camp] for camp in walk.camps], axis=0) + np.array(walk.recorded_elsewhere)
    return np.asarray(camps if walk.rules.sum_from_camps else np.array(walk.recorded_total)) / walk.persons_per_agent


def residents(walk: Walk) -> dict[str, int]:
    """Agents in each place when the run begins."""
    if walk.rules.empty_camps_on_day0:
        return {}
    share = walk.persons_per_agent
    found = {camp: floor(walk.recorded[camp][0] / share + 1e-9) if walk.rules.insert_day0 else 0 for camp in walk.camps}
    for place, persons in walk.already_there.items():
        found[place] = found.get(place, 0) + floor(persons / (1 if walk.quirks.attributes_not_scaled else share))
    return found


def arrivals(walk: Walk) -> NDArray[np.int64]:
    """[day] new agents so that the recorded total is met; where it falls, later rises first make up for that."""
    rules, total = walk.rules, recorded_agents(walk)
    day0_sets_out = not (rules.insert_day0 or rules.empty_camps_on_day0)
    reached = np.floor(np.maximum.accumulate(total - (0.0 if day0_sets_out else total[0])) + 1e-9)
    new = np.diff(np.maximum(reached, 0.0), prepend=0.0).astype(np.int64)
    if day0_sets_out and rules.sum_from_camps and walk.quirks.total_counts_on_day0:
        new[0] += int(walk.recorded_total[0] / walk.persons_per_agent)
    return new


def flood_rates(walk: Walk, flood: NDArray[np.float64], day: int) -> tuple[float, NDArray[np.float64]]:
    """A rate of 1 and [place] how much of it the level of today's flood drives out; 0 without a flood."""
    assert walk.rules.floods is not None, "a case that floods drive has rules on floods"
    return 1.0, by_level(walk.rules.floods.leavers, flood[day], 0.0)


def driven(walk: Walk, population: NDArray[np.float64], strength: NDArray[np.float64], rate: float, day: int,
           draws: Draws, codes: NDArray[np.uint64]) -> NDArray[np.float64]:  # fmt: skip
    """[place] agents that leave today where conflict or a flood is active, with parts of them unless counts are cut."""
    active = np.maximum(strength, 0.0)
    scaled = rate if walk.quirks.rate_not_scaled else rate / walk.persons_per_agent
    if walk.rules.spawn_mode == "poisson":
        means = zip((scaled * active).tolist(), codes.tolist(), strict=True)
        return np.array([float(poisson(mean, draws, code, day)) if mean > 0 else 0.0 for mean, code in means])
    leavers = rate * population * active if walk.rules.spawn_mode == "pop_ratio" else scaled * active
    return np.asarray(np.floor(leavers) if walk.quirks.counts_are_cut else leavers)


def poisson(mean: float, draws: Draws, slot: int, day: int) -> int:
    """A Poisson number: events of rate 1 until their waiting times exceed the mean, drawn in blocks."""
    count, left, block = 0, mean, int(mean + 6 * mean**0.5 + 20)
    for turn in range(256):
        number = (np.arange(block) + block * turn).astype(np.uint64)
        waits = np.cumsum(-np.log(draws.uniform(f"spawn: day {day}", np.uint64(slot) << np.uint64(32) | number)))
        inside = int(np.searchsorted(waits, left))
        count += inside
        if inside < block:
            return count
        left -= float(waits[-1])
    return count


def source_weights(
    walk: Walk, population: NDArray[np.float64], intensity: NDArray[np.float64], decay: NDArray[np.float64]
) -> NDArray[np.float64]:
    """[place] weights of the homes of those who leave; all zero where nothing speaks for any place."""
    active = np.where(intensity > 0, intensity * decay, 0.0)
    if not walk.rules.conflict_zone_spawning_only:
        active = np.where(intensity > 0, active, 1.0)
    return np.asarray(population * active)


def no_source(walk: Walk) -> None:
    """Stop a run that Flee would stop."""
    if walk.quirks.needs_a_conflict:
        raise RunStopped(NO_SOURCE)

"""A particle: parameter values, a seed, the shocks of the posts' rates, and the run that they give up to an hour.

A run is a pure function of the first three, so a particle can be gone on with, copied, or run again from the start with
something changed. Parameters stand as scores, on which each prior is standard normal; so do shocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import Course, Tally, advance, begin
from safeconduct.inference.assimilate.evidence import Count, Evidence, QueueReport, VehicleCount, WaitReport
from safeconduct.ledger import Ledger
from safeconduct.scenario import Parameter, Scenario, share_of, thinned
from safeconduct.terms import UsageError

Array = NDArray[np.float64]
PERSONS = 30_000  # simulated at most; each then stands for several
STEP_MINUTES = 120.0
PERSONS_CROSSED, VEHICLES, PERSON_HOURS = range(3)  # kinds of what a run counts at a crossing
JAM_PER_KM = 135.0  # vehicles that stand on a km of one lane
NO_LEDGER = Ledger((), "", None)  # type: ignore[arg-type]  # a run needs no claims, and they are long to copy


@dataclass(frozen=True)
class Setting:
    """What all particles share: the case made coarse, its free parameters, and what runs record."""

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    fixed: Mapping[str, float]  # values that the user has set
    share: float  # of the people that is simulated
    record: tuple[str, ...]

    def values(self, scores: Array) -> dict[str, float]:
        """Parameter values at these scores."""
        from scipy.special import ndtr

        drawn = {p.name: p.prior.quantile(float(c)) for p, c in zip(self.parameters, ndtr(scores), strict=True)}
        return self.scenario.values({**drawn, **self.fixed})

    @property
    def grain(self) -> float:
        """Persons that move as one: those of a simulated party, each standing for several."""
        return (self.persons_each() - 1.0) * self.scenario.values()["persons_per_vehicle"]

    @property
    def step_hours(self) -> float:
        """Hours of a step, at least one: the runs record at its ends."""
        return max(1.0, self.scenario.clock.step_minutes / 60.0)

    def persons_each(self) -> float:
        """Persons that a simulated one stands for."""
        return self.scenario.one_in / self.share


def setting_of(scenario: Scenario, fixed: Mapping[str, float], record: Sequence[str]) -> Setting:
    """A case made coarse enough for many particles: fewer people on narrower roads, steps of two hours, no claims."""
    step = min(max(scenario.clock.step_minutes, STEP_MINUTES), 60 * scenario.clock.hours)
    clock = replace(scenario.clock, step_minutes=step)
    coarse = replace(scenario, clock=clock, ledger=NO_LEDGER, targets=())
    free = tuple(p for p in scenario.parameters.values() if p.prior.kind != "fixed" and p.name not in fixed)
    return Setting(coarse, free, dict(fixed), share_of(scenario, PERSONS), tuple(record))


@dataclass(frozen=True)
class Particle:
    """All that a possible world is a function of, and how well it agrees with the evidence so far."""

    scores: Array  # [parameter]
    seed: int
    shocks: Array  # [group, slot] of the posts' log rates, past and to come
    expected: Array  # [evidence] log likelihood by the fluid that it was drawn from
    born: int = 0  # particles with one number have one history of leaving
    later: tuple[tuple[float, int], ...] = ()  # (hour, seed) of what happens by chance from that hour on


def start(setting: Setting, particle: Particle) -> Course:
    """The run of a particle, before its first step."""
    values = setting.values(particle.scores)
    course = begin(*thinned(setting.scenario, values, setting.share), seed=particle.seed, record=setting.record)
    if particle.shocks.size:
        course.world.shocks[:] = particle.shocks
    return course


def simulated_of(setting: Setting, course: Course, one: Evidence) -> float:
    """What a run that has gone past a piece of evidence has in its place; NaN where no one crossed."""
    each = setting.persons_each()
    match one:
        case Count():
            return each * crossed(course, one.place, one.since, one.hour)
        case VehicleCount():
            return ratio(crossed(course, one.place, 0.0, one.hour), crossed(course, one.place, 0.0, one.hour, VEHICLES))
        case WaitReport():
            hours = crossed(course, one.place, one.since, one.hour, PERSON_HOURS)
            return ratio(hours, crossed(course, one.place, one.since, one.hour))
        case QueueReport():
            return each * most_standing(course, one.since, one.hour) / JAM_PER_KM


def ratio(above: float, below: float) -> float:
    """One figure over another; NaN where there is nothing to divide by."""
    return above / below if below > 0 else float("nan")


def crossed(course: Course, place: str, since: float, hour: float, kind: int = PERSONS_CROSSED) -> float:
    """Persons, vehicles or person-hours on the way (as `kind` says) that crossed between two hours, as simulated."""
    bins = course.world.roads.crossed[kind, course.tables.crossings.index(place)]
    total = np.concatenate([[0.0], np.cumsum(bins)])
    at = np.interp([since, hour], course.tables.record_hours * np.arange(total.size), total)
    return float(at[1] - at[0])


def most_standing(course: Course, since: float, hour: float) -> float:
    """Most vehicles that stood at one whole hour between two, as simulated. Raises UsageError in a case with phases."""
    if not isinstance(course.tally, Tally):
        raise UsageError(
            f"{course.scenario.key} has phases, whose runs count no queues; forecast with --without-queues."
        )
    step = course.tables.record_hours
    standing = course.tally.queue_vehicles[int(np.ceil(since / step)) : int(hour / step) + 1]
    return float(standing.max(initial=0.0))


def run_to(setting: Setting, particle: Particle, hour: float) -> Course:
    """The run of a particle from the start to an hour."""
    course = start(setting, particle)
    for since, seed in particle.later:
        advance(course, since)
        course.world.seed = np.uint64(seed)
    advance(course, hour)
    return course


def follow(course: Course, particle: Particle) -> None:
    """From here on a copied run has the shocks and the chance of its new particle."""
    if particle.later:
        course.world.seed = np.uint64(particle.later[-1][1])
    if particle.shocks.size:
        course.world.shocks[:] = particle.shocks

"""What was published by an hour, as evidence with an error model each.

Counts are compared by their increments: what a crossing passed between two counts whose hours are exact. A report of a
wait is compared with the mean of all who crossed in its hours, a report of a queue with all vehicles that stand. The
sizes of all errors are assumed; they were written down before a score was seen (docs/why/0022).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, hypot, log, sqrt

import numpy as np
from numpy.typing import NDArray

from safeconduct.ledger import Ledger, Observation, as_of, observe, observe_each
from safeconduct.scenario import Scenario

Array = NDArray[np.float64]
MODEL_SHARE = 0.05  # sd of what the model leaves out, as a share of an increment
HOUR_SD = 0.25  # hours by which a count may have been taken earlier or later
ROUNDING_PERSONS = 25.0
VEHICLE_SHARE = 0.05  # sd of the log of persons a vehicle
WAIT_FACTOR, WAIT_SHARED = 2.0, 0.5  # a reported wait is right within this factor; part of the variance shared by a day
QUEUE_FACTOR, WORTHLESS = 3.0, 0.05  # a reported length is right within this factor; share of reports that say nothing
LEAST_HOURS, FAR_OFF = 0.1, 3.0  # least simulated wait, and log by which a run without any is off
LEAST_KM = 0.1  # added to a simulated queue before logarithms are taken
LONGEST_WINDOW_HOURS = 48.0  # a report whose time is known less well says nothing of a day
AT_ONCE_HOURS = 1.0  # before a moment, of which a report of a wait or a queue at that moment speaks; assumed
TOTAL, DAILY = "cum_arrivals_persons", "new_arrivals_persons"
ARRIVALS = (TOTAL, DAILY)
LONGEST_DAY_HOURS = 25.0  # between two midnights, where clocks go back
JOINED_HOURS = 2.0  # by which the ends of two days may miss each other: clocks change, zones differ
OPENINGS = ("open", "admit")


@dataclass(frozen=True, slots=True)
class Count:
    """Persons who crossed between two hours."""

    place: str
    since: float  # hours since the start of the case
    hour: float
    persons: float
    total: float  # the running total at `hour`; NaN where the record has none
    grain: float = 0.0  # persons that move as one where a simulated party stands for several
    late: float = 0.0  # hours, sd of when it was taken, where its hour is known roughly

    def sd(self, true: Array) -> Array:
        """[run] standard deviation of the error, in persons, if so many had crossed in truth.

        Errors are shares of the truth, never of what was reported: else a low report would count as an exact one.
        """
        taken = hypot(sqrt(2.0) * HOUR_SD, self.late) / (self.hour - self.since)  # as a share: hours over hours
        by_chance = self.grain * true  # of a coarse run: parties come and are served by chance
        return np.asarray(np.sqrt((MODEL_SHARE**2 + taken**2) * true**2 + ROUNDING_PERSONS**2 + by_chance))

    def log_likelihoods(self, simulated: Array) -> Array:
        """[run] log density of the count if so many had crossed in truth."""
        sd = self.sd(simulated)
        return np.asarray(-0.5 * np.square((simulated - self.persons) / sd) - np.log(sd))


@dataclass(frozen=True, slots=True)
class VehicleCount:
    """Persons a vehicle up to an hour, from running totals of both."""

    place: str
    hour: float
    persons_per_vehicle: float

    def log_likelihoods(self, simulated: Array) -> Array:
        """[run] log density of so many persons a vehicle; a run in which no one crossed (NaN) says nothing."""
        off = np.log(simulated / self.persons_per_vehicle) / VEHICLE_SHARE
        return np.where(np.isnan(off), 0.0, -0.5 * np.square(off))


@dataclass(frozen=True, slots=True)
class WaitReport:
    """Hours on the way that were reported of those who crossed between two hours: the geometric mean of n reports."""

    place: str
    since: float
    hour: float
    hours: float
    n: int

    @property
    def sd(self) -> float:
        """Standard deviation of the log of the mean of these reports."""
        return log(WAIT_FACTOR) * sqrt(WAIT_SHARED + (1.0 - WAIT_SHARED) / self.n)

    def log_likelihoods(self, simulated: Array) -> Array:
        """[run] log density; a run in which no one crossed (NaN) is taken to have a wait far off."""
        off = np.log(np.maximum(simulated, LEAST_HOURS) / self.hours)
        found: Array = -0.5 * np.square(np.where(np.isnan(off), FAR_OFF, off) / self.sd)
        return found


@dataclass(frozen=True, slots=True)
class QueueReport:
    """A reported queue at some moment between two hours."""

    since: float
    hour: float
    km: float
    is_at_least: bool

    def log_likelihoods(self, simulated_km: Array) -> Array:
        """[run] log chance of such a report if so much road was taken up at most in those hours."""
        off = np.log((simulated_km + LEAST_KM) / (self.km + LEAST_KM)) / log(QUEUE_FACTOR)
        if self.is_at_least:
            from scipy.special import ndtr

            return np.asarray(np.log(WORTHLESS + (1.0 - WORTHLESS) * ndtr(off)))
        return np.asarray(np.log(WORTHLESS + (1.0 - WORTHLESS) * np.exp(-0.5 * off * off)))


Evidence = Count | VehicleCount | WaitReport | QueueReport


@dataclass(frozen=True, slots=True)
class Published:
    """All evidence that was published by an hour, in order of the hours it speaks of."""

    until: float  # hours since the start of the case
    counts: tuple[Count, ...]
    rough: tuple[Count, ...]  # totals at a rough hour, and counts of a day; never where a forecast starts
    vehicles: tuple[VehicleCount, ...]
    waits: tuple[WaitReport, ...]
    queues: tuple[QueueReport, ...]
    ledger: Ledger  # as it could be known

    def seen_by(self, grain: float) -> Published:
        """The same for runs in which so many persons move as one."""
        counts, rough = (tuple(replace(one, grain=grain) for one in each) for each in (self.counts, self.rough))
        return replace(self, counts=counts, rough=rough)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All of it, in one order."""
        return (*self.counts, *self.rough, *self.vehicles, *self.waits, *self.queues)

    def ending(self, after: float, by: float) -> tuple[int, ...]:
        """Numbers in `evidence` of what speaks last of an hour after one hour and not after another."""
        return tuple(i for i, one in enumerate(self.evidence) if after < one.hour <= by)

    @property
    def last_counts(self) -> dict[str, Count]:
        """Place -> its last count."""
        return {one.place: one for one in self.counts}

    def said_of(self, place: str) -> float:
        """The highest total published for a place, at whatever hour: no later total is lower."""
        said = (*self.counts, *self.rough)
        return max((one.total for one in said if one.place == place and one.total == one.total), default=0.0)


def published_by(scenario: Scenario, when: datetime, *, with_waits: bool = True, with_queues: bool = True) -> Published:
    """What was published by a time, as evidence on a case."""
    ledger, until = as_of(scenario.ledger, when), scenario.clock.hour_of(when)
    opening = opening_hour(scenario, until)
    places = {t.place: t.quantity for t in reversed(scenario.targets) if t.quantity in ARRIVALS}
    counts = [
        one for place, quantity in places.items() for one in counts_of(scenario, ledger, quantity, place, opening)
    ]
    counts = sorted((one for one in counts if one.hour <= until), key=lambda one: (one.hour, one.place))
    rough = [
        one for place, quantity in places.items() if quantity == TOTAL
        for one in (*rough_counts(scenario, ledger, place), *counts_of_a_day(scenario, ledger, place, counts))
    ]  # fmt: skip
    rough = sorted((one for one in rough if one.hour <= until), key=lambda one: (one.hour, one.place))
    vehicles = [one for one in vehicle_counts(scenario, ledger, list(places)) if one.hour <= until]
    waits = list(wait_reports(scenario, ledger, until)) if with_waits else []
    queues = list(queue_reports(scenario, ledger, until)) if with_queues else []
    return Published(until, tuple(counts), tuple(rough), tuple(vehicles), tuple(waits), tuple(queues), ledger)


def opening_hour(scenario: Scenario, until: float) -> float:
    """The hour of the first opening of a way, before which no one could pass; 0 where there is none.

    A way that was shut after the start of the case had been open before: its reopening is none.
    """
    events = [(scenario.clock.hour_of(event.time), event) for event in scenario.events]
    shut = [(hour, event.target) for hour, event in events if event.kind == "close" and hour > 0.0]
    hours = (
        hour for hour, event in events
        if event.kind in OPENINGS and not any(since < hour and target == event.target for since, target in shut)
    )  # fmt: skip
    return min((hour for hour in hours if 0.0 <= hour <= until), default=0.0)


def counts_of(scenario: Scenario, ledger: Ledger, quantity: str, place: str, opening: float) -> Iterator[Count]:
    """Increments of one series: between counts of a running total, or over the day before a daily count.

    Daily counts add up to a running total as long as their days join. A count of hours that another has covered, such
    as a second reporter's, is left out: the same people would be evidence twice.
    """
    since, total = opening, 0.0
    until: float | None = None  # the last daily count's
    for one in observe(ledger, quantity, place):
        hour = scenario.clock.hour_of(one.time)
        if not one.is_exact or not 0.0 <= hour <= scenario.clock.hours:
            continue
        if quantity == DAILY:
            first = max(hour - 24.0, 0.0)
            if until is not None and first < until - JOINED_HOURS:
                continue
            total = total + one.best if until is None or first <= until + JOINED_HOURS else float("nan")
            yield Count(place, first, hour, one.best, total)
            until = hour
        elif hour > since and one.best >= total:
            yield Count(place, since, hour, one.best - total, one.best)
            since, total = hour, one.best


def rough_counts(scenario: Scenario, ledger: Ledger, place: str) -> Iterator[Count]:
    """Running totals whose hour is known within half a day, each as a rise since the exact count before it.

    None was taken after it was published. A total said twice is taken once.
    """
    since, total, said = 0.0, 0.0, 0.0
    for one in observe(ledger, TOTAL, place):
        hour = scenario.clock.hour_of(one.time)
        if not 0.0 <= hour <= scenario.clock.hours:
            continue
        if one.is_exact:
            since, total = hour, one.best
        elif is_hourly(one) and total > 0 and hour > since and one.best > max(total, said):
            said = one.best
            yield Count(place, since, hour, one.best - total, one.best, late=hours_known(ledger, one) / sqrt(12.0))


def counts_of_a_day(scenario: Scenario, ledger: Ledger, place: str, counts: Sequence[Count]) -> Iterator[Count]:
    """Counts of one day where totals are compared: each a rise between two midnights.

    Totals that were counted on the day, or at its end, already hold its people, and leave it out.
    """
    totals = [one.hour for one in counts if one.place == place]
    for one in observe(ledger, DAILY, place):
        since, hour = hours_of_day(scenario, one)
        is_day = 0.0 < hour <= min(since + LONGEST_DAY_HOURS, scenario.clock.hours)
        if is_day and totals and not any(since < at <= hour for at in totals):
            yield Count(place, max(since, 0.0), hour, one.best, float("nan"))


def hours_of_day(scenario: Scenario, one: Observation) -> tuple[float, float]:
    """The hours of which a daily count speaks: those of its day, or the 24 before a moment."""
    hour_of = scenario.clock.hour_of
    if one.is_exact or one.earliest is None or one.latest is None:
        return hour_of(one.time) - 24.0, hour_of(one.time)
    return hour_of(one.earliest), hour_of(one.latest)


def hours_known(ledger: Ledger, one: Observation) -> float:
    """The hours within which a count was taken: those it may speak of, up to its publication."""
    assert one.earliest is not None and one.latest is not None  # its hour is known within half a day
    published = [when for when in (ledger.by_id(claim).published for claim in one.claims) if when is not None]
    return (min([one.latest, *published]) - one.earliest).total_seconds() / 3600.0


def vehicle_counts(scenario: Scenario, ledger: Ledger, places: list[str]) -> Iterator[VehicleCount]:
    """Persons a vehicle at hours, exact or approximate, for which both totals are given."""
    for place in places:
        persons = {one.time: one.best for one in observe(ledger, "cum_arrivals_persons", place)}
        for one in observe(ledger, "cum_arrivals_vehicles", place):
            hour = scenario.clock.hour_of(one.time)
            if one.time in persons and one.best > 0 and 0.0 <= hour <= scenario.clock.hours and is_hourly(one):
                yield VehicleCount(place, hour, persons[one.time] / one.best)


def is_hourly(one: Observation) -> bool:
    """Whether the hour of an observation is known within half a day."""
    return one.is_exact or (
        one.earliest is not None and one.latest is not None and (one.latest - one.earliest).total_seconds() <= 12 * 3600
    )


def wait_reports(
    scenario: Scenario, ledger: Ledger, until: float, quantity: str = "wait_hours"
) -> Iterator[WaitReport]:
    """Reported waits by place and hours, each claim for itself, those of the same hours taken together."""
    for place in dict.fromkeys(t.place for t in scenario.targets if t.quantity == quantity):
        groups: dict[tuple[float, float], list[float]] = defaultdict(list)
        for one in observe_each(ledger, quantity, place):
            since, hour = window_of(scenario, one, until)
            if speaks_of_a_day(since, hour) and one.best > 0:
                groups[since, hour].append(log(one.best))
        for (since, hour), logs in sorted(groups.items()):
            yield WaitReport(place, since, hour, exp(sum(logs) / len(logs)), len(logs))


def queue_reports(scenario: Scenario, ledger: Ledger, until: float) -> Iterator[QueueReport]:
    """Reported lengths of queues, wherever they stand, each claim for itself."""
    places = dict.fromkeys(claim.place for claim in ledger.claims if claim.quantity == "queue_km")
    for place in places:
        for one in observe_each(ledger, "queue_km", place):
            since, hour = window_of(scenario, one, until)
            if speaks_of_a_day(since, hour):
                claim = ledger.by_id(one.claims[0])
                yield QueueReport(since, hour, one.best, is_at_least=claim.hedge.startswith("at least"))


def speaks_of_a_day(since: float, hour: float) -> bool:
    """Whether the hours that a report may speak of are few enough to compare it with the runs."""
    return since < hour <= since + LONGEST_WINDOW_HOURS


def window_of(scenario: Scenario, one: Observation, until: float) -> tuple[float, float]:
    """The hours that an observation may speak of, inside the clock and before an hour."""
    since = scenario.clock.hour_of(one.earliest or one.time)
    hour = scenario.clock.hour_of(one.latest or one.time)
    since = min(since, hour - AT_ONCE_HOURS)
    return max(since, 0.0), min(hour, until, scenario.clock.hours)

"""What a fit asks of each run: its value at the fitted rows, and numbers that might have been reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.score.applicable_baselines import persons_present
from safeconduct.inference.score.evidence import between_hours, evidence_of
from safeconduct.ledger import Observation
from safeconduct.scenario import BY_TRAVELLERS, Scenario, told_by
from safeconduct.terms import UsageError, closest, show_time

Array = NDArray[np.float64]
COUNT_SD = 0.01  # error of a count, as a share of the people present (assumed)
WAIT_SD_HOURS = 2.0  # error of a mean wait where many are asked (assumed); single tellers may be off by a factor
PERSONS_PER_VEHICLE = 4.0  # to turn the error of a count into vehicles (assumed)
DAY_HOURS = 24.0
LONGEST_TOLD_HOURS = 48.0  # a claim whose time is known less well than this says nothing of a day's waits (assumed)


@dataclass(frozen=True, slots=True)
class FitRow:
    """A recorded figure of one target that a fit uses."""

    quantity: str
    place: str
    hour: float  # hours since the start of the case
    low: float
    best: float
    high: float
    since: float | None = None  # start of the hours over which a run is averaged, up to `hour`; None = at `hour`
    is_told: bool = False  # by a traveller or reporter, of some who crossed: it may be far from the mean of all


@dataclass(frozen=True, slots=True)
class Observable:
    """A number that a run gives: an outcome, a series at an hour, or the hour at which a series gets so far.

    An outcome has neither place nor hour nor share. `share` asks for the hour at which a running total,
    over all its places, has reached that share of its end.
    """

    name: str  # in words, for a reader
    unit: str
    quantity: str  # of a series, or the name of an outcome
    place: str = ""  # place or route of the series
    hour: float | None = None  # hours since the start of the case
    report_sd: float | None = None  # how far a report of it would err (assumed); None where it is not reported
    share: float | None = None  # of the end of a running total

    @property
    def is_outcome(self) -> bool:
        """Whether it is one of a run's outcomes rather than taken from a series."""
        return self.hour is None and self.share is None


def like_headline(scenario: Scenario) -> list[tuple[str, str]]:
    """The headline's target, and those of the same quantity at other places: they are fitted together."""
    others = [(t.quantity, t.place) for t in scenario.targets if t.quantity == scenario.headline[0]]
    return list(dict.fromkeys([scenario.headline, *others]))


def rows_to_fit(scenario: Scenario, keys: Iterable[tuple[str, str]], until: datetime) -> tuple[FitRow, ...]:
    """The rows of these (quantity, place) targets whose hour is known, up to a time, in order."""
    wanted = set(keys)
    last = scenario.clock.hours
    return tuple(
        FitRow(target.quantity, target.place, row.hour, row.low, row.best, row.high)
        for target in scenario.targets
        if (target.quantity, target.place) in wanted
        for row in evidence_of(target, scenario.clock, last_hour=last, until=until).rows
        if row.is_fitted
    )


def also_to_fit(scenario: Scenario, quantities: Collection[str], until: datetime) -> tuple[FitRow, ...]:
    """Rows of further targets: counts as for the headline, and what travellers reported, each claim for itself.

    A report counts if it was published by then. Raises UsageError for a quantity that is no target of the case.
    """
    known = dict.fromkeys(target.quantity for target in scenario.targets if target.quantity != scenario.headline[0])
    for quantity in quantities:
        if quantity not in known:
            advice = closest(quantity, known) if known else "add it to the targets of case.yaml"
            raise UsageError(f"--also is {quantity}; expected another quantity that the case compares; {advice}.")
    keys = [(target.quantity, target.place) for target in scenario.targets if target.quantity in quantities]
    counted = rows_to_fit(scenario, [key for key in keys if key[0] not in BY_TRAVELLERS], until)
    return (*counted, *(row for key in keys if key[0] in BY_TRAVELLERS for row in rows_told(scenario, key, until)))


def rows_told(scenario: Scenario, key: tuple[str, str], until: datetime) -> Iterator[FitRow]:
    """What was published by a time of the way of those who crossed at hours before it, one row a claim."""
    end = min(scenario.clock.hour_of(until), scenario.clock.hours)
    for one in told_by(scenario, *key, until):
        since, hour = hours_told(scenario, one)
        since, hour = max(since, 0.0), min(hour, end)
        if since <= hour <= since + LONGEST_TOLD_HOURS:
            yield FitRow(*key, hour, one.low, one.best, one.high, since, is_told=True)


def hours_told(scenario: Scenario, one: Observation) -> tuple[float, float]:
    """First and last hour that an observation may speak of."""
    return (scenario.clock.hour_of(one.earliest or one.time), scenario.clock.hour_of(one.latest or one.time))


def table_of(ensemble: Ensemble, rows: Sequence[FitRow], observables: Sequence[Observable], *, n_draws: int) -> Array:
    """[draw, row and observable] what each draw's run gave, as `fit` asks for it; NaN where it failed."""
    table = np.full((n_draws, len(rows) + len(observables)), np.nan)
    if len(ensemble.runs):
        columns = [value_for(ensemble, row) for row in rows]
        columns += [observed(ensemble, observable) for observable in observables]
        table[ensemble.runs] = np.column_stack(columns)
    return table


def value_for(ensemble: Ensemble, row: FitRow) -> Array:
    """[run] what a run gives for a row: a series at its hour, or its mean over the row's hours that have a value."""
    if row.since is None or row.since == row.hour:
        return series_at(ensemble, row.quantity, row.place, row.hour)
    inside = (ensemble.hours > row.since) & (ensemble.hours <= row.hour)
    values = ensemble.series[row.quantity, row.place][:, inside]
    n_known = (~np.isnan(values)).sum(axis=1)
    total: Array = np.nansum(values, axis=1)
    return np.where(n_known > 0, total / np.maximum(n_known, 1), np.nan)


def observed(ensemble: Ensemble, observable: Observable) -> Array:
    """[run] the value of an observable."""
    if observable.share is not None:
        return hour_reached(ensemble, observable.quantity, observable.share)
    if observable.hour is not None:
        return series_at(ensemble, observable.quantity, observable.place, observable.hour)
    return ensemble.outcomes[observable.quantity]


def series_at(ensemble: Ensemble, quantity: str, place: str, hour: float) -> Array:
    """[run] a series at an hour, on the straight line between whole hours."""
    return between_hours(ensemble.hours, ensemble.series[quantity, place], np.array([hour]))[:, 0]


def hour_reached(ensemble: Ensemble, quantity: str, share: float) -> Array:
    """[run] the first recorded hour at which a running total, over all places, has that share of its end.

    NaN where it never grows.
    """
    total = np.sum([series for (q, _), series in ensemble.series.items() if q == quantity], axis=0)
    end = total[:, -1:]
    first = np.argmax(total >= share * end, axis=1)
    return np.where(end[:, 0] > 0.0, ensemble.hours[first], np.nan)


def candidates(scenario: Scenario, until: datetime) -> tuple[Observable, ...]:
    """Numbers that a fit up to a time may leave open, and reports that might narrow them, around the headline."""
    quantity, crossing = scenario.headline
    trip = (Observable("mean trip", "hours", "mean_trip_hours"),)
    outcomes = (
        Observable("people there at the start", "persons", "persons_at_start"),
        *(trip if any(route.counts_as for route in scenario.routes) else ()),
        Observable("most road that queues took up", "km", "longest_queue_km"),
        Observable("hour by which half have left home", "hours", "cum_departures_persons", share=0.5),
    )
    hour = scenario.clock.hour_of(until)
    days = [h for h in (hour - DAY_HOURS, hour, hour + DAY_HOURS) if 0.0 <= h <= scenario.clock.hours]
    if quantity != "cum_arrivals_persons":
        return outcomes
    return (*outcomes, *(one for h in days for one in reports_at(scenario, crossing, h, is_later=h > hour)))


def reports_at(scenario: Scenario, crossing: str, hour: float, *, is_later: bool) -> Iterator[Observable]:
    """What might be reported from a crossing, and from the largest home, at an hour."""
    present, when = persons_present(scenario), show_time(scenario.clock.at(hour))
    at = f"at {scenario.place(crossing).both_names}, {when}"
    count_sd = COUNT_SD * present
    yield Observable(f"mean wait {at}", "hours", "wait_hours", crossing, hour, report_sd=WAIT_SD_HOURS)
    vehicles_sd = count_sd / PERSONS_PER_VEHICLE
    yield Observable(f"vehicles crossed {at}", "vehicles", "cum_arrivals_vehicles", crossing, hour, vehicles_sd)
    home = max(scenario.people, key=lambda people: people.weight_persons).place
    left = f"persons who have left {scenario.place(home).both_names}, {when}"
    yield Observable(left, "persons", "cum_departures_persons", home, hour, report_sd=count_sd)
    if is_later:
        yield Observable(f"persons crossed {at}", "persons", "cum_arrivals_persons", crossing, hour, report_sd=count_sd)

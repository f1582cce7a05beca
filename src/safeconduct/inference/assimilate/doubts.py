"""What a reader has to know before the headline: where the simulation contradicts its witnesses, or itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate.evidence import Count
from safeconduct.inference.assimilate.forecast import Forecast
from safeconduct.inference.assimilate.particles import JAM_PER_KM
from safeconduct.inference.assimilate.reached import unreached
from safeconduct.inference.assimilate.sampler import ENOUGH_BORN, ENOUGH_EFFECTIVE

Array = NDArray[np.float64]
FEWEST_COVERED = 0.7  # of the counts that the runs were conditioned on
FLOW_OFF = 1.25  # factor by which simulated flow may differ from recorded flow over the last counts
LAST_COUNTS = 3
JAM_KM = 1.0  # a reported queue as long as this is a queue
Z90 = 1.645


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of the runs beside what was reported."""

    what: str
    reported: str
    low: float  # 5 % of the runs
    middle: float
    high: float
    unit: str


def doubts(made: Forecast) -> list[str]:
    """A sentence for each thing to doubt; empty where there is none."""
    found = [*unreached(made.reached), *few_particles(made), *left_prior(made), *badly_covered(made), *other_flow(made)]
    return [*found, *other_waits(made), *no_queue(made)]


def few_particles(made: Forecast) -> Iterator[str]:
    """Few effective particles, or few different draws."""
    found = made.assimilated
    if found.effective < ENOUGH_EFFECTIVE:
        yield (
            f"Only {found.effective:.0f} effective particles of {len(found.particles)} at one of the counts, expected "
            f"{ENOUGH_EFFECTIVE:.0f}: ranges are too narrow. Use more particles, or ask whether the model fits here."
        )
    if found.n_born < ENOUGH_BORN:
        yield f"All runs come from {found.n_born} histories of leaving, expected {ENOUGH_BORN}: ranges are too narrow."


def left_prior(made: Forecast) -> Iterator[str]:
    """Parameters whose median has left the range of 90 % of their prior."""
    for parameter in made.assimilated.setting.parameters:
        middle = float(np.median(made.ensemble.parameters[parameter.name]))
        name = parameter.note or parameter.name
        low, high = parameter.prior.quantile(0.05), parameter.prior.quantile(0.95)
        unit = "" if parameter.unit == "1" else f" {parameter.unit}"
        if not low <= middle <= high:
            yield (
                f"{name[:1].upper()}{name[1:]}: the runs now hold {middle:.3g}{unit}, outside the "
                f"range of 90 % of its prior ({low:.3g} to {high:.3g}). The mechanism may be wrong."
            )


def crossed_between(made: Forecast, one: Count) -> Array:
    """[run] persons simulated between two counts."""
    series = made.simulated[one.place]
    at = [np.array([np.interp(h, made.ensemble.hours, run) for run in series]) for h in (one.since, one.hour)]
    return np.asarray(at[1] - at[0])


def badly_covered(made: Forecast) -> Iterator[str]:
    """Counts that the runs were conditioned on and do not give."""
    counts = [one for one in made.published.counts if one.place in made.simulation]
    inside = []
    for one in counts:
        new = crossed_between(made, one)
        low, high = np.quantile(new, (0.05, 0.95))
        error = Z90 * float(one.sd(np.array(one.persons)))
        inside.append(low - error <= one.persons <= high + error)
    if inside and np.mean(inside) < FEWEST_COVERED:
        yield (
            f"{sum(inside)} of {len(inside)} counts that the runs were fitted to lie inside their range of 90 %, "
            f"expected {FEWEST_COVERED:.0%} or more."
        )


def other_flow(made: Forecast) -> Iterator[str]:
    """Simulated flow over the last counts against recorded flow."""
    for place in made.simulation:
        last = [one for one in made.published.counts if one.place == place][-LAST_COUNTS:]
        recorded = sum(one.persons for one in last)
        simulated = float(np.median(sum(crossed_between(made, one) for one in last)))
        if recorded > 0 and not 1 / FLOW_OFF <= simulated / recorded <= FLOW_OFF:
            hours = last[-1].hour - last[0].since
            yield (
                f"Over the last {hours:.0f} hours with counts the runs pass {simulated / hours:,.0f} persons an hour "
                f"at {made.scenario.place(place).both_names}; {recorded / hours:,.0f} were counted."
            )


def other_waits(made: Forecast) -> Iterator[str]:
    """Reported waits outside the range of 90 % of the runs."""
    for one in made.published.waits:
        found = with_range("", "", mean_wait(made, one.place, one.since, one.hour), "hours")
        if np.isfinite(found.middle) and not found.low <= one.hours <= found.high:
            yield (
                f"Hours on the way on {day_of(made, one.since, one.hour):%d %B}: {one.hours:.0f} reported, "
                f"{found.middle:.0f} ({found.low:.0f} to {found.high:.0f}) in the runs."
            )


def no_queue(made: Forecast) -> Iterator[str]:
    """Reported queues that the runs do not have."""
    for one in made.published.queues:
        middle = float(np.median(queue_km(made, one.since, one.hour)))
        if one.km >= JAM_KM and middle < one.km / 10.0:
            day = made.scenario.clock.at((one.since + one.hour) / 2).date()
            least = "at least " if one.is_at_least else ""
            yield (
                f"A queue of {least}{one.km:g} km was reported on {day:%d %B}; half of the runs have less than "
                f"{middle:.2g} km."
            )


def queue_km(made: Forecast, since: float, hour: float) -> Array:
    """[run] longest queue between two hours, all standing vehicles together, in km of one lane."""
    standing = np.sum([s for (name, _), s in made.ensemble.series.items() if name == "n_queue_vehicles"], axis=0)
    hours = made.ensemble.hours
    return np.asarray(standing[:, (hours >= since) & (hours <= hour)].max(axis=1) / JAM_PER_KM)


def mean_wait(made: Forecast, place: str, since: float, hour: float) -> Array:
    """[run] mean hours on the way of those who crossed between two hours."""
    hours, waits = made.ensemble.hours, made.ensemble.series["wait_hours", place]
    new = np.diff(made.simulated[place], axis=1, prepend=0.0)
    inside = (hours > since) & (hours <= hour)
    persons, total = new[:, inside], np.nan_to_num(waits[:, inside]) * new[:, inside]
    known = persons.sum(1) > 0
    return np.asarray(np.divide(total.sum(1), persons.sum(1), out=np.full(len(new), np.nan), where=known))


def beside(made: Forecast) -> list[Beside]:
    """Arrivals, waits and queues of the runs beside what was reported of the same hours."""
    found = []
    clock = made.scenario.clock
    days = [one for one in made.published.rough if one.total != one.total]
    for one in (*made.published.counts[-4:], *days[-4:]):
        if one.place in made.simulation:
            when = f"{clock.at(one.since):%d %b %H:%M} to {clock.at(one.hour):%d %b %H:%M}"
            found.append(with_range(f"Arrivals, {when}", f"{one.persons:,.0f}", crossed_between(made, one), "persons"))
    for wait in made.published.waits:
        day, more = day_of(made, wait.since, wait.hour), f" (mean of {wait.n} reports)" if wait.n > 1 else ""
        values = mean_wait(made, wait.place, wait.since, wait.hour)
        found.append(with_range(f"Hours on the way, {day:%d %b}", f"{wait.hours:.0f}{more}", values, "hours"))
    for queue in made.published.queues:
        day, least = day_of(made, queue.since, queue.hour), "at least " if queue.is_at_least else ""
        values = queue_km(made, queue.since, queue.hour)
        found.append(with_range(f"Queue, {day:%d %b}", f"{least}{queue.km:g}", values, "km"))
    return list(dict.fromkeys(found))


def day_of(made: Forecast, since: float, hour: float) -> date:
    """The day in the middle of some hours."""
    return made.scenario.clock.at((since + hour) / 2).date()


def with_range(what: str, reported: str, values: Array, unit: str) -> Beside:
    """A figure of the runs with its range of 90 %."""
    low, middle, high = (float(x) for x in np.nanquantile(values, (0.05, 0.5, 0.95)))
    return Beside(what, reported, low, middle, high, unit)

"""What a forecast means for those who plan: people and needs by day and place, dates, and triggers.

Three named cases stand for quantiles over the forecast: best case 10 %, most likely 50 %, worst case 90 %. What is most
likely of arrivals is one line, the middle of the running total: days are its steps and dates are read off it, so that
they add up. Needs follow Sphere; capacity stands apart from need, since what there is and what is needed are two
questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate.doubts import mean_wait
from safeconduct.inference.assimilate.evidence import TOTAL
from safeconduct.inference.assimilate.forecast import SIMULATION, Forecast
from safeconduct.inference.assimilate.pool_of_forecasts import WEIGHTS
from safeconduct.inference.score.applicable_baselines import PRESENT
from safeconduct.scenario import Parameter, Role, Scenario, room_is

Array = NDArray[np.float64]
CASES = {"best_case": 0.1, "most_likely": 0.5, "worst_case": 0.9}
EDITION = "Sphere Handbook 2018"
HORIZONS = (24, 48, 72)  # hours of the triggers
SEATS = 45.0  # of a bus onward from reception (assumed)
EVERYWHERE = "all places"
SHELTERED, FOR_SHELTER, CAPACITY = "in organised shelter", "for organised shelter", "capacity of organised shelter"
QUEUES, READY = "standing in queues at the end of the day", "ready to leave without means or way at the end of the day"
WAITS, BY_RUNS = "hours from leaving to crossing, mean", "by the runs alone"
WHOLE = ("toilets", "taps", "buses")  # units of which a part is of no use
UNSETTLED = 0.1  # share of the middle by which other random numbers may move it before that is told
ALIKE = 0.05  # days whose arrivals differ by less of the largest are told as the same


@dataclass(frozen=True, slots=True)
class Standard:
    """A need for each person."""

    need: str
    unit: str
    per_person: float
    source: str


STANDARDS = (
    Standard("water", "litres a day", 15.0, EDITION),
    Standard("food energy", "kcal a day", 2100.0, EDITION),
    Standard("food", "kg a day", 0.55, f"0.5-0.6 kg for 2,100 kcal, middle; {EDITION}"),
    Standard("covered space", "m2", 3.5, EDITION),
    Standard("toilets", "toilets", 1.0 / 20.0, f"20 persons each; {EDITION}"),
    Standard("water points", "taps", 1.0 / 250.0, f"250 persons each; {EDITION}"),
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One figure of the planning sheet."""

    day: date
    place: str  # key, or EVERYWHERE
    measure: str
    unit: str
    best_case: float
    most_likely: float
    worst_case: float
    standard: str = ""
    until: time | None = None  # of a day that the end of the forecast cuts off

    @property
    def cut(self) -> str:
        """Where the day is cut off, in words; empty for a whole day."""
        return f"until {self.until:%H:%M}" if self.until else ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """More than so many persons within so many hours."""

    place: str
    persons: float
    hours: int
    chance: float


@dataclass(frozen=True, slots=True)
class DateRange:
    """When a total is reached: by the early, the middle and the late line; None where by none before the end."""

    place: str
    what: str
    persons: float
    best_case: datetime | None
    most_likely: datetime | None
    worst_case: datetime | None


def days_ahead(made: Forecast) -> list[tuple[date, int, int]]:
    """Calendar days that end after the origin, with the hours between which each counts."""
    clock, found = made.scenario.clock, []
    day, last = made.when.date(), made.until.date()
    while day <= last:
        start = datetime.combine(day, datetime.min.time(), made.when.tzinfo)
        first = max(clock.hour_of(start), 0.0)
        end = min(clock.hour_of(start + timedelta(days=1)), float(made.ensemble.hours[-1]))
        if end > max(first, made.origin):
            found.append((day, round(max(first, 0.0)), round(end)))
        day += timedelta(days=1)
    return found


def plan(made: Forecast) -> list[PlanRow]:
    """The planning sheet: by day and place."""
    found: list[PlanRow] = []
    lines = {place: most_likely_total(made, place) for place in made.simulation}
    for day, first, end in days_ahead(made):
        last = made.scenario.clock.at(float(end))
        until = last.timetz().replace(tzinfo=None) if last.date() == day else None
        found += [replace(one, until=until) for one in day_rows(made, lines, day, first, end)]
    return found


def day_rows(made: Forecast, lines: Mapping[str, Array], day: date, first: int, end: int) -> Iterator[PlanRow]:
    """The rows of one day; a day that has begun counts what is left of it after the origin too."""
    series, standing = made.ensemble.series, total_of(made, "n_queue_vehicles")
    for place, line in lines.items():
        new, likely = series[TOTAL, place][:, end] - series[TOTAL, place][:, first], float(line[end] - line[first])
        yield row(day, place, "arrivals on the day", "persons", new, likely=likely)
        yield row(day, place, "arrived by the end of the day", "persons", series[TOTAL, place][:, end])
        yield from waits(made, day, place, first, end)
        yield from transport(made, day, place, new, likely)
        for one in STANDARDS[:3]:
            need, its = f"{one.need} on arrival", one.per_person
            yield row(day, place, need, one.unit, new * its, one.source, likely=likely * its)
    if standing is not None:
        persons = standing[:, end] * persons_per_vehicle(made)
        yield row(day, EVERYWHERE, QUEUES, "persons", persons, BY_RUNS)
    waiting = total_of(made, "n_waiting_persons")
    if waiting is not None:
        yield row(day, EVERYWHERE, READY, "persons", waiting[:, end], BY_RUNS)
    yield from shelter_rows(made, day, end)


def most_likely_total(made: Forecast, place: str) -> Array:
    """[hour] the most likely running total: the middle of the forecast at each hour."""
    return np.asarray(np.median(made.ensemble.series[TOTAL, place], axis=0))


def waits(made: Forecast, day: date, place: str, first: int, end: int) -> Iterator[PlanRow]:
    """Hours from leaving to crossing of those who cross on the day, by the runs alone: their mean in each run."""
    if ("wait_hours", place) in made.ensemble.series:
        values = mean_wait(made, place, float(first), float(end))
        if (known := values[np.isfinite(values)]).size:
            yield row(day, place, WAITS, "hours", known, BY_RUNS)


def shelter_rows(made: Forecast, day: date, end: int) -> Iterator[PlanRow]:
    """People in organised shelter, what they need, and apart from it what there is: all places, then each."""
    series, values = made.ensemble.series, made.scenario.values()
    homes = [one for one in made.scenario.places
             if one.role is Role.SHELTER and ("n_sheltered_persons", one.key) in series]  # fmt: skip
    groups = [(one.key, [one]) for one in homes]
    rooms = {one.key: room_is(one, made.scenario.parameters) for one in homes}
    for place, members in ([(EVERYWHERE, homes)] if len(homes) > 1 else []) + groups:
        persons = np.sum([series["n_sheltered_persons", one.key][:, end] for one in members], axis=0)
        yield row(day, place, SHELTERED, "persons", persons)
        others = [series.get(("n_own_arrangement_persons", one.key)) for one in members]
        if all(other is not None for other in others):
            own = np.sum([other[:, end] for other in others if other is not None], axis=0)
            yield row(day, place, "in own arrangements", "persons", own)
        for one in STANDARDS:
            yield row(day, place, f"{one.need} {FOR_SHELTER}", one.unit, persons * one.per_person, one.source)
        room, known = float(sum(one.shelter_persons.at(values) for one in members)), {rooms[one.key] for one in members}
        if np.isfinite(room) and "" not in known:
            by = "assumed" if "assumed" in known else "case folder"
            yield PlanRow(day, place, CAPACITY, "persons", room, room, room, by)


def transport(made: Forecast, day: date, place: str, new: Array, likely: float) -> Iterator[PlanRow]:
    """Vehicles that arrive, and buses for those who ask for organised shelter."""
    each = persons_per_vehicle(made)
    vehicles = likely / float(np.median(each))
    yield row(day, place, "vehicles arriving on the day", "vehicles", new / each, likely=vehicles)
    asks = made.ensemble.parameters.get("state_shelter_share")
    if asks is not None:
        why = f"{SEATS:.0f} seats (assumed), all who ask for organised shelter"
        buses = likely * float(np.median(asks)) / SEATS
        yield row(day, place, "bus loads onward", "buses", new * asks / SEATS, why, likely=buses)


def persons_per_vehicle(made: Forecast) -> Array:
    """[run] persons in a vehicle."""
    return made.ensemble.parameters["persons_per_vehicle"]


def total_of(made: Forecast, quantity: str) -> Array | None:
    """[run, hour] a series summed over all its places; None where it was not recorded."""
    found = [series for (name, _), series in made.ensemble.series.items() if name == quantity]
    return np.sum(found, axis=0) if found else None


def row(
    day: date, place: str, measure: str, unit: str, values: Array, standard: str = "", likely: float | None = None
) -> PlanRow:
    """A row from a figure of every run."""
    return PlanRow(day, place, measure, unit, *three_cases(np.maximum(values, 0.0), unit, likely), standard)


def three_cases(values: Array, unit: str, line: float | None = None) -> tuple[float, float, float]:
    """Best case, most likely and worst case of a figure of every run; of what is whole, enough.

    A step of the most likely line is given; where it lies outside the range of the day, the range goes as far.
    """
    best, likely, worst = np.quantile(values, list(CASES.values())).tolist()
    if line is not None:
        best, likely, worst = min(best, line), line, max(worst, line)
    return (rounded_up(best), rounded_up(likely), rounded_up(worst)) if unit in WHOLE else (best, likely, worst)


def rounded_up(value: float) -> float:
    """A number of whole things that is enough, to two figures: 5.2 taps are 6, and 121 are 130."""
    step = 10.0 ** max(len(str(ceil(value))) - 2, 0)
    return float(ceil(value / step) * step)


def people_at_start(scenario: Scenario) -> Parameter | None:
    """The parameter that says how many people are there at the start; None where the case has none."""
    return scenario.parameters.get(PRESENT)


def triggers(made: Forecast) -> list[Trigger]:
    """Round numbers of new arrivals within a day or more, where their chances are neither sure nor remote."""
    found = []
    for place in made.simulation:
        series, start = made.ensemble.series[TOTAL, place], int(made.origin)
        for hours in HORIZONS:
            end = min(start + hours, series.shape[1] - 1)
            new = series[:, end] - series[:, start]
            for persons in round_numbers(float(np.quantile(new, 0.02)), float(np.quantile(new, 0.98))):
                chance = float((new > persons).mean())
                if 0.03 <= chance <= 0.97:
                    found.append(Trigger(place, persons, hours, chance))
    return found


def round_numbers(low: float, high: float, n_most: int = 5) -> list[float]:
    """At most so many round numbers between two."""
    if high <= low:
        return []
    step = next(s for s in (m * 10.0**e for e in range(8) for m in (1, 2, 5)) if (high - low) / s <= n_most)
    return [float(x) for x in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step if x > 0]


def dates_of(made: Forecast) -> list[DateRange]:
    """When half and nine tenths of those who most likely come by the end of the forecast will have come.

    The most likely date is read off the most likely line. Early and late are the hours at which the 90 and the 10 %
    point of the running total reach the same number of persons.
    """
    found = []
    for place in made.simulation:
        lines = np.quantile(made.ensemble.series[TOTAL, place], sorted(CASES.values(), reverse=True), axis=0)
        for share, words in ((0.5, "half"), (0.9, "nine in ten")):
            persons = share * float(lines[1, -1])
            early, likely, late = (when_reached(made, line, persons) for line in lines)
            found.append(DateRange(place, words, persons, early, likely, late))
    return found


def when_reached(made: Forecast, line: Array, persons: float) -> datetime | None:
    """The full hour by which a running total has reached so many; None where it does not."""
    reached = np.flatnonzero(line >= persons)
    return made.scenario.clock.at(float(made.ensemble.hours[reached[0]])) if reached.size else None


def unsettled(made: Forecast, place: str) -> tuple[float, float] | None:
    """The range in which the most likely total at the end would lie with other random numbers, where that is wide.

    The runs are as good as so many independent ones as they have histories of leaving. A share of n such runs lies
    below the middle with a standard error of 0.5 / sqrt(n), and so the middle lies between the points of the forecast
    that are two of these off, times the weight of the runs in the pool.
    """
    weight = WEIGHTS[SIMULATION] / (WEIGHTS[SIMULATION] + sum(WEIGHTS[rule] for rule in made.rules[place]))
    off = weight / np.sqrt(max(made.assimilated.n_born, 1))
    chances = np.clip([0.5 - off, 0.5, 0.5 + off], 0.0, 1.0)
    low, middle, high = (float(x) for x in np.quantile(made.ensemble.series[TOTAL, place][:, -1], chances))
    return (low, high) if high - low > UNSETTLED * middle else None


def ahead(made: Forecast, place: str) -> list[tuple[date, float, bool]]:
    """(day, most likely arrivals after the origin, whether all of the day lies ahead), by day."""
    line, now, clock = most_likely_total(made, place), int(made.origin), made.scenario.clock
    return [
        (day, float(line[end] - line[max(first, now)]),
         first >= now and clock.at(float(end)).date() > day)
        for day, first, end in days_ahead(made)
    ]  # fmt: skip


def peak(made: Forecast, place: str) -> tuple[date, float]:
    """The day on which most people are still to come after the origin, and its most likely figure."""
    day, most, _ = max(ahead(made, place), key=lambda one: one[1])
    return day, most


def level_days(made: Forecast, place: str) -> tuple[float, float] | None:
    """Lowest and highest most likely arrivals of the whole days ahead where they are about the same, else None."""
    days = [persons for _, persons, is_whole in ahead(made, place) if is_whole]
    if len(days) < 2 or max(days) - min(days) > ALIKE * max(days):
        return None
    return min(days), max(days)

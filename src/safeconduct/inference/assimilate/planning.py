"""What a forecast means for those who plan: people and needs by day and place, dates, and triggers.

Three named cases stand for quantiles over the forecast: best case 10 %, most likely 50 %, worst case 90 %. Needs follow
Sphere; capacity stands apart from need, since what there is and what is needed are two questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate.evidence import TOTAL
from safeconduct.inference.assimilate.forecast import Forecast
from safeconduct.scenario import Role, room_is

Array = NDArray[np.float64]
CASES = {"best_case": 0.1, "most_likely": 0.5, "worst_case": 0.9}
EDITION = "Sphere Handbook 2018"
HORIZONS = (24, 48, 72)  # hours of the triggers
SEATS = 45.0  # of a bus onward from reception (assumed)
EVERYWHERE = "all places"
SHELTERED, FOR_SHELTER, CAPACITY = "in organised shelter", "for organised shelter", "capacity of organised shelter"
QUEUES, READY = "standing in queues at the end of the day", "ready to leave without means or way at the end of the day"
WHOLE = ("toilets", "taps", "buses")  # units of which a part is of no use
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
    """When something is expected: three named cases, best case first; None where it is not reached."""

    place: str
    what: str
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
    for day, first, end in days_ahead(made):
        last = made.scenario.clock.at(float(end))
        until = last.timetz().replace(tzinfo=None) if last.date() == day else None
        found += [replace(one, until=until) for one in day_rows(made, day, first, end)]
    return found


def day_rows(made: Forecast, day: date, first: int, end: int) -> Iterator[PlanRow]:
    """The rows of one day; a day that has begun counts what is left of it after the origin too."""
    series, standing = made.ensemble.series, total_of(made, "n_queue_vehicles")
    for place in made.simulation:
        new = series[TOTAL, place][:, end] - series[TOTAL, place][:, first]
        yield row(day, place, "arrivals on the day", "persons", new)
        yield row(day, place, "arrived by the end of the day", "persons", series[TOTAL, place][:, end])
        yield from transport(made, day, place, new)
        for one in STANDARDS[:3]:
            yield row(day, place, f"{one.need} on arrival", one.unit, new * one.per_person, one.source)
    if standing is not None:
        persons = standing[:, end] * persons_per_vehicle(made)
        yield row(day, EVERYWHERE, QUEUES, "persons", persons)
    waiting = total_of(made, "n_waiting_persons")
    if waiting is not None:
        yield row(day, EVERYWHERE, READY, "persons", waiting[:, end])
    yield from shelter_rows(made, day, end)


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


def transport(made: Forecast, day: date, place: str, new: Array) -> Iterator[PlanRow]:
    """Vehicles that arrive, and buses for those who ask for organised shelter."""
    yield row(day, place, "vehicles arriving on the day", "vehicles", new / persons_per_vehicle(made))
    asks = made.ensemble.parameters.get("state_shelter_share")
    if asks is not None:
        why = f"{SEATS:.0f} seats (assumed), all who ask for organised shelter"
        yield row(day, place, "bus loads onward", "buses", new * asks / SEATS, why)


def persons_per_vehicle(made: Forecast) -> Array:
    """[run] persons in a vehicle."""
    return made.ensemble.parameters["persons_per_vehicle"]


def total_of(made: Forecast, quantity: str) -> Array | None:
    """[run, hour] a series summed over all its places; None where it was not recorded."""
    found = [series for (name, _), series in made.ensemble.series.items() if name == quantity]
    return np.sum(found, axis=0) if found else None


def row(day: date, place: str, measure: str, unit: str, values: Array, standard: str = "") -> PlanRow:
    """A row from a figure of every run."""
    return PlanRow(day, place, measure, unit, *three_cases(np.maximum(values, 0.0), unit), standard)


def three_cases(values: Array, unit: str) -> tuple[float, float, float]:
    """Best case, most likely and worst case of a figure of every run; of what is whole, enough."""
    best, likely, worst = np.quantile(values, list(CASES.values())).tolist()
    return (rounded_up(best), rounded_up(likely), rounded_up(worst)) if unit in WHOLE else (best, likely, worst)


def rounded_up(value: float) -> float:
    """A number of whole things that is enough, to two figures: 5.2 taps are 6, and 121 are 130."""
    step = 10.0 ** max(len(str(ceil(value))) - 2, 0)
    return float(ceil(value / step) * step)


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
    """When half and nine tenths of those who come by the end of the forecast will have come."""
    found = []
    for place in made.simulation:
        series = made.ensemble.series[TOTAL, place]
        for share, words in ((0.5, "half have arrived"), (0.9, "nine in ten have arrived")):
            level = share * series[:, -1:]
            hours = made.ensemble.hours[(series >= level).argmax(axis=1)]
            three = [when_of(made, float(h)) for h in np.quantile(hours, list(CASES.values()))]
            found.append(DateRange(place, words, *three))
    return found


def when_of(made: Forecast, hour: float) -> datetime:
    """An hour of the case as a time, to the full hour."""
    return made.scenario.clock.at(float(round(hour)))


def ahead(made: Forecast, place: str) -> list[tuple[date, float, bool]]:
    """(day, most likely arrivals after the origin, whether all of the day lies ahead), by day."""
    series, now, clock = made.ensemble.series[TOTAL, place], int(made.origin), made.scenario.clock
    return [
        (day, float(np.median(series[:, end] - series[:, max(first, now)])),
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

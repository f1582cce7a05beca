"""What a forecast of camps means for those who plan: people and needs by camp, week by week, and what to doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate import EVERYWHERE, STANDARDS, PlanRow, three_cases
from safeconduct.inference.camps.ahead import MONTH, PERSONS, CampForecast

Array = NDArray[np.float64]
PEOPLE, CAPACITY = "people in the camp", "capacity of the camp"
WEEK = 7


def when_of(made: CampForecast, day: int) -> datetime:
    """A day of the case as a date."""
    return made.scenario.clock.at(24.0 * day)


def plan_camps(made: CampForecast) -> list[PlanRow]:
    """The planning sheet: every seventh day, and the last."""
    rows = [row for row in range(made.days.size) if (row + 1) % WEEK == 0 or row == made.days.size - 1]
    return [one for row in rows for one in rows_of_day(made, row)]


def rows_of_day(made: CampForecast, row: int) -> Iterator[PlanRow]:
    """The rows of one day: all camps together, then each with its needs, and apart from them its capacity."""
    walk = made.scenario.walk
    assert walk is not None  # a folder in which people walk
    day = when_of(made, int(made.days[row])).date()
    yield plan_row(day, EVERYWHERE, PEOPLE, "persons", made.persons[:, :, row].sum(axis=1))
    for camp, persons in zip(made.camps, made.persons[:, :, row].T, strict=True):
        yield plan_row(day, camp, PEOPLE, "persons", persons)
        for one in STANDARDS:
            yield plan_row(day, camp, f"{one.need} for the camp", one.unit, persons * one.per_person, one.source)
        room = walk.places[camp].capacity
        if np.isfinite(room) and room > 0:
            yield PlanRow(day, camp, CAPACITY, "persons", room, room, room, "locations.csv")


def plan_row(day: date, place: str, measure: str, unit: str, values: Array, standard: str = "") -> PlanRow:
    """A row from the figure of every draw."""
    return PlanRow(day, place, measure, unit, *three_cases(values, unit), standard)


def camp_doubts(made: CampForecast) -> list[str]:
    """What to know before the figures are used."""
    found = []
    if made.day < MONTH:
        found.append(f"Only {made.day + 1} days of counts: the rise of a month is taken from fewer days.")
    for target in made.scenario.targets:
        past = [one.time for one in target.observations if one.time <= when_of(made, made.day + 1)]
        last = max(past, default=None)
        if target.quantity != PERSONS:
            continue
        name = made.scenario.place(target.place).both_names
        if last is None:
            found.append(f"{name} had not been counted by then.")
        elif last <= when_of(made, made.day + 1) - timedelta(days=MONTH):
            found.append(f"The last count of {name} is of {last - timedelta(days=1):%d %B %Y}.")
    return found

"""Where each simulated person stands for several: what the case holds becomes smaller, what a run counts larger.

Persons, room, fuel and what roads and posts let through are divided by the same number, so that the hours which people
need and wait stay what they were (the sample of a population, with scaled flow and storage capacities, as in MATSim;
Horni, Nagel & Axhausen 2016). What chance does to single vehicles grows by its square root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import QUANTITIES, Amount, Checkpoint, Event, Place, Route, Scenario, Supply, Values

PERSONS_PRESENT = "persons_present"
COUNTS = ("persons", "vehicles", "litres")  # units of what is counted; hours, days and km stay
DIVIDED_EVENTS = ("capacity", "fuel", "convoy", "shuttle", "shelter")  # kinds whose value counts persons or vehicles
COUNTED_OUTCOMES = (
    "persons_at_start", "persons_arrived", "longest_queue_vehicles", "peak_arrivals_per_hour",
    "persons_in_state_shelter",
)  # fmt: skip

Series = Mapping[tuple[str, str], NDArray[np.float64]]


def one_in_many(scenario: Scenario, values: Values) -> tuple[Scenario, Values]:
    """The case and its parameter values as they are simulated; unchanged where everybody is."""
    n = scenario.one_in
    if n == 1:
        return scenario, values
    shrink = Shrink(n, values)
    smaller = replace(
        scenario,
        places=tuple(map(shrink.place, scenario.places)),
        routes=tuple(map(shrink.route, scenario.routes)),
        checkpoints=tuple(map(shrink.checkpoint, scenario.checkpoints)),
        people=tuple(replace(row, weight_persons=row.weight_persons / n) for row in scenario.people),
        supplies=tuple(map(shrink.supply, scenario.supplies)),
        events=tuple(map(shrink.event, scenario.events)),
    )
    present = {PERSONS_PRESENT: values[PERSONS_PRESENT] / n} if PERSONS_PRESENT in values else {}
    return smaller, {**values, **present}


class Shrink:
    """Divides what rows of a case hold, under one run's parameter values."""

    def __init__(self, n: int, values: Values) -> None:
        self.n, self.values = n, values

    def part(self, amount: Amount) -> Amount:
        """One part in n; no limit stays no limit."""
        return Amount(amount.at(self.values) / self.n)

    def place(self, row: Place) -> Place:
        """Room in organised shelter; ties are compared with each other only."""
        return replace(row, shelter_persons=self.part(row.shelter_persons))

    def route(self, row: Route) -> Route:
        """Vehicles an hour, and vehicles that fit."""
        return replace(row, capacity_per_hour=self.part(row.capacity_per_hour), jam_per_km=self.part(row.jam_per_km))

    def checkpoint(self, row: Checkpoint) -> Checkpoint:
        """Fewer booths, and longer for each vehicle where no fewer are left: as many vehicles an hour in n."""
        booths = max(1, round(row.booths / self.n))
        seconds = row.seconds.at(self.values) * self.n * booths / row.booths
        return replace(row, booths=booths, seconds=Amount(seconds))

    def supply(self, row: Supply) -> Supply:
        """Litres; days of food stay days."""
        if row.item != "fuel":
            return row
        return replace(row, stock=self.part(row.stock), use_per_day=self.part(row.use_per_day))

    def event(self, row: Event) -> Event:
        """Values that count persons, vehicles or litres; strengths, shares and days stay."""
        return replace(row, value=self.part(row.value)) if row.kind in DIVIDED_EVENTS else row


def for_everybody(series: Series, outcomes: Mapping[str, float], n: int) -> tuple[Series, Mapping[str, float]]:
    """What a run counted, for all whom its people stand for."""
    if n == 1:
        return series, outcomes
    grown = {key: values * n if QUANTITIES[key[0]][1] in COUNTS else values for key, values in series.items()}
    return grown, {name: value * n if name in COUNTED_OUTCOMES else value for name, value in outcomes.items()}

"""Phases of a long case, and what people live on and pass by in it, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from safeconduct.scenario.amount import Amount

INSIDE, OUTSIDE = "inside", "outside"  # all origins together; all receptions and shelters together
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that sums up a phase: one recorded series at one moment, or over the phase."""

    name: str
    quantity: str
    place: str
    at: str  # start, end, change, highest, lowest, mean, or first_below:X / first_above:X (days from the phase's start)
    about: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the case with a step of its own. It begins at a time, or when an event happens."""

    key: str
    title: str
    begins: datetime | None  # None: when `event` happens
    event: str  # id of an event; empty where `begins` is given
    step_minutes: float
    record_minutes: float
    measures: tuple[Measure, ...]
    about: str
    assumes: tuple[str, ...]  # what this phase takes for granted, a sentence each
    fit_until: datetime | None = None  # parameters are fitted on rows published and dated up to then
    fits: tuple[str, ...] = ()  # those parameters


@dataclass(frozen=True, slots=True)
class Stock:
    """What people at a place live on: need, store, own production, rationing and spoilage of one kind of good."""

    place: str  # place key, region:NAME or * for every origin
    kind: str  # food, fuel, medicine, power
    unit: str  # of the need: kg, litres, days of treatment, kWh
    need: Amount  # unit a person and day
    start_days: Amount  # days of full need in store at the start
    store_days: Amount  # largest store, in days of full need
    made_share: Amount  # share of the need over a year that is made inside
    season: tuple[float, ...]  # twelve factors on that share, January first
    ration_below_days: Amount  # rationing begins below so many days in store
    ration_share: Amount  # share of the need that is handed out when little is left
    spoils_share: Amount  # of the store, in a day
    weight: Amount  # part in the hardship that people feel
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inflow:
    """Goods of one kind that come in, a constant rate until an event changes it."""

    id: str
    kind: str
    thousand_per_day: Amount  # tonnes for kg, thousand litres, MWh
    route: str  # road that must be open to everyone; empty = comes whatever the road
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """People of one category whom a post lets through in one direction while it is not open to everyone."""

    id: str
    checkpoint: str
    direction: str  # out or in
    category: str
    persons_per_day: Amount  # limit; infinite = as many as ask; 0 = no one
    asks_per_day: Amount  # persons who ask in a day
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A reported figure that runs are fitted on or scored with, read as a quantity that runs record."""

    id: str
    phase: str
    quantity: str
    place: str
    time: datetime
    low: float
    best: float
    high: float
    says: str  # exact, about, at_least, at_most
    published: datetime
    reporter: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActEffect:
    """One thing that an act of a party does to the case's events, from the day it is set."""

    act: str  # PARTY.ACT
    effect: str  # drop or add
    event: str  # id of events that do not happen, * for any ending; or the id of the event that is added
    kind: str
    target: str
    value: Amount
    to: str
    days: float  # after the act
    sets: tuple[str, ...]  # measures, as phase.name, that this effect decides by itself
    about: str
    source: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A counterfactual that the case asks by itself: acts set from their own day."""

    key: str
    title: str
    do: str  # PARTY.ACT@TIME, several joined by +
    acts: tuple[tuple[str, datetime], ...]
    about: str


@dataclass(frozen=True)
class Timeline:
    """All that a case with phases adds. `starts` gives each phase's first hour under the events of one run."""

    phases: tuple[Phase, ...]
    stocks: tuple[Stock, ...]
    inflows: tuple[Inflow, ...]
    passages: tuple[Passage, ...]
    observed: tuple[Seen, ...]
    acts: tuple[ActEffect, ...]
    refuges: tuple[str, ...]  # places where people under fire gather while no way out is open
    resettles: str  # place where those who have lost their home may live instead; empty = nowhere
    declared: tuple[Declared, ...] = ()  # of counterfactuals.yaml

    def starts(
        self, times: Mapping[str, datetime], start: datetime, end: datetime
    ) -> tuple[tuple[Phase, datetime], ...]:
        """Phases that take place, each with its beginning, in order of time; none begins before the case does.

        `times`: when each event of the run happens. A phase whose event does not happen does not take place.
        """
        found = [(phase, phase.begins or times.get(phase.event)) for phase in self.phases]
        begun = [(phase, max(when, start)) for phase, when in found if when is not None and when < end]
        return tuple(sorted(begun, key=lambda one: one[1]))

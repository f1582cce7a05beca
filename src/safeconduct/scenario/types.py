"""What a case says, as frozen records. Nothing here knows what happens next.

A number that a person may want to vary is an `Amount`: either a value, or the name of a parameter of the case (written
`=name` in a table's cell), which a run fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from safeconduct.ledger import Ledger, Observation
from safeconduct.scenario.amount import Amount, Values
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.timeline.types import Phase, Timeline
from safeconduct.scenario.walk import Walk
from safeconduct.terms import Clock


class Role(StrEnum):
    """What a place is for. People may live in an origin only; a shelter is where a journey may end."""

    ORIGIN = "origin"
    JUNCTION = "junction"
    CROSSING = "crossing"
    RECEPTION = "reception"  # where arrivals are registered and sent on
    SHELTER = "shelter"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map, by the names that each side gives it."""

    key: str
    name: str
    other_name: str  # the other side's name; empty where none is known
    lat: float  # degrees north
    lon: float  # degrees east
    role: Role
    region: str  # province or district: shelter is counted by it
    pull_persons: Amount  # people who live there: the pull of ties for own arrangements
    shelter_persons: Amount  # persons that organised shelter here can take
    source: str
    note: str = ""

    @property
    def both_names(self) -> str:
        """Both names, where both are known and differ."""
        return f"{self.name} / {self.other_name}" if self.other_name and self.other_name != self.name else self.name


@dataclass(frozen=True, slots=True)
class Route:
    """A road between two places, in one row; used both ways unless it says otherwise."""

    id: str
    start: str  # place key
    end: str
    km: float
    speed_kmh: Amount
    capacity_per_hour: Amount  # vehicles an hour in each direction; infinite = no limit; 0 = closed
    jam_per_km: Amount  # vehicles a km that fit when they stand; infinite = a queue that takes no room
    priority: Amount  # share of a merge's turns, against the other roads that meet there
    is_two_way: bool
    is_open: bool  # at the start of the case
    hours: str  # hours of the day when open, "06:00-22:00"; empty = always
    counts_as: str  # name under which crossings from start to end are counted; empty = not counted
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A server on a route: booths, seconds for each vehicle, hours of work, who is let through."""

    id: str
    route: str
    towards: str  # place key: the direction it serves
    booths: int
    seconds: Amount  # mean service time for one vehicle
    law: str  # "fixed" or "exponential": how service times vary
    hours: str
    admits: tuple[str, ...]  # let through: everyone, nobody, or any of medical, passport, aid, student, resident
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Who lives at a place before anything happens."""

    place: str
    weight_persons: float  # scaled so that all rows sum to the parameter persons_present, where the case has one
    car_share: Amount  # share of parties that have a vehicle of their own
    source: str
    reporter: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """A stock at a place and what wears it down. item: food (days for everyone) or fuel (litres for vehicles)."""

    place: str  # place key, region:NAME or * for every origin
    item: str
    stock: Amount
    unit: str
    use_per_day: Amount
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a known time, whatever the simulated people do.

    kind        target (place, region:NAME, *, route or checkpoint)   value
    attack      places under fire                                     threat added, 0..1; wears off
    ceasefire   places                                                factor on their threat
    signal      places that notice                                    strength, 0..1 (posts withdrawn, an announcement)
    open/close  route                                                 -
    capacity    route                                                 vehicles an hour
    rate        route, or crossings: all that count crossings         factor on the vehicles an hour of road and posts
    admit       checkpoint                                            - (categories in `to`)
    gather      places whose people move to `to` inside the area      share of the people still there
    fuel        place                                                 litres released to civilians
    food        place                                                 days of food for everyone there
    convoy      place                                                 buses that leave for `to`, with `seats` each
    shuttle     place                                                 buses that go to `to` and come back for more
    shelter     place                                                 persons that can be sheltered there from now on
    transfer    places handed over                                    - (home is no longer reachable)
    reachable   places                                                - (home is reachable and protected again)

    In a case with phases alone:
    announce    places to be handed over                              days until then; a later one moves the date
    trust       * (people everywhere)                                 change of trust in the force, -1..1
    inflow      inflow                                                tonnes, thousand litres or MWh a day from now on
    passage     passage                                               persons a day, or transfers of `seats`; 0 = no one
    seats       place where return convoys start                      places a day in them from now on
    """

    id: str
    time: datetime
    kind: str
    target: str
    value: Amount
    to: str
    seats: float
    reporter: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A series that runs are scored on: a quantity at a place, with its reconciled figures in order of time."""

    quantity: str
    place: str  # place key or route id, as the engine records it
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Scenario:
    """A whole case, checked: every name it uses is defined."""

    key: str
    title: str
    about: str
    clock: Clock
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    checkpoints: tuple[Checkpoint, ...]
    people: tuple[People, ...]
    supplies: tuple[Supply, ...]
    events: tuple[Event, ...]
    parameters: Mapping[str, Parameter]
    targets: tuple[Target, ...]
    record: tuple[str, ...]  # quantities kept for every run, hour by hour
    headline: tuple[str, str]  # (quantity, place) of the series that the report opens with
    ledger: Ledger
    hash: str  # of the folder's files
    warnings: tuple[str, ...] = field(default=())
    walk: Walk | None = None  # what a case adds where people walk from place to place
    timeline: Timeline | None = None  # what a case with phases adds
    one_in: int = 1  # persons that each simulated one stands for
    learn_until: datetime | None = None  # rules that must learn from the record learn from rows up to then
    own_rules: tuple[str, ...] = ()  # rules of other packages that join the order of a step
    folder: Path = field(
        default=Path(), compare=False
    )  # where it was read from: what a fit left beside it, how the game meets it

    def place(self, key: str) -> Place:
        """The place with this key. Raises KeyError where there is none."""
        return self._places[key]

    def phase_starts(self) -> tuple[tuple[Phase, datetime], ...]:
        """The phases that take place, each with its beginning, in order of time; empty for a case without phases."""
        times = {event.id: event.time for event in self.events}
        return self.timeline.starts(times, self.clock.start, self.clock.end) if self.timeline else ()

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        return {place.key: place for place in self.places}

    def values(self, changes: Values | None = None) -> dict[str, float]:
        """Every parameter's value, with some changed."""
        return {name: p.value for name, p in self.parameters.items()} | dict(changes or {})

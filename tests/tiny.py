"""Small invented cases, built in code: a few places, roads and people, and the events that a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from safeconduct.engine import QUANTITIES, Run, simulate
from safeconduct.engine.kernels.people import ON_ROAD, OWN_PLACE, RIDING, SHELTERED, WAITING, WALKING, WISHING
from safeconduct.engine.kernels.queues import BUS
from safeconduct.engine.step import step
from safeconduct.engine.tables import Tables, build_tables
from safeconduct.engine.world import World, build_world
from safeconduct.ledger import Ledger
from safeconduct.scenario import (
    MODEL_PARAMETERS,
    Amount,
    Checkpoint,
    Event,
    People,
    Place,
    Role,
    Route,
    Scenario,
    Supply,
)
from safeconduct.terms import Clock

START = datetime(2030, 1, 1, tzinfo=UTC)
SOURCE = "invented"
AT_ONCE = {  # everyone decides at the first signal of 1, is ready within seconds, and has a car with fuel
    "trust_weight": 0.0,
    "stay_share": 0.0,
    "ready_median_hours": 1e-6,
    "ready_shape": 50.0,
    "persons_per_vehicle": 1.0,
    "own_fuel_share": 1.0,
    "lift_share": 0.0,
    "walk_share": 0.0,
    "threat_half_life_hours": 1e9,
}


def limit(value: float | None) -> Amount:
    """An amount; None = no limit."""
    return Amount(value)


def place(
    key: str,
    role: str,
    spot: tuple[float, float],
    *,
    pull: float = 0.0,
    shelter: float | None = 0.0,
    region: str = "",
) -> Place:
    """A place at a spot of its own; shelter=None: room for everyone."""
    return Place(key, key, "", *spot, Role(role), region, limit(pull), limit(shelter), SOURCE)


def road(
    start: str,
    end: str,
    km: float = 10.0,
    *,
    id: str = "",
    kmh: float = 60.0,
    capacity: float | None = None,
    jam: float | None = None,
    priority: float = 1.0,
    two_way: bool = True,
    is_open: bool = True,
    hours: str = "",
    counts_as: str = "",
) -> Route:
    """A road; capacity in vehicles an hour and jam in vehicles a km, None = no limit."""
    amounts = (limit(kmh), limit(capacity), limit(jam), limit(priority))
    return Route(id or f"{start}-{end}", start, end, km, *amounts, two_way, is_open, hours, counts_as, SOURCE)


def event(
    hour: float, kind: str, target: str, value: float = 0.0, *, to: str = "", seats: float = 0.0, id: str = ""
) -> Event:
    """Something that happens so many hours after the start."""
    name = id or f"{kind}-{target}-{hour:g}"
    return Event(name, START + timedelta(hours=hour), kind, target, Amount(value), to, seats, SOURCE, SOURCE)


def checkpoint(
    route: str,
    towards: str,
    *,
    seconds: float,
    id: str = "post",
    booths: int = 1,
    law: str = "fixed",
    hours: str = "",
    admits: str = "everyone",
) -> Checkpoint:
    """A post on a road."""
    return Checkpoint(id, route, towards, booths, Amount(seconds), law, hours, tuple(admits.split()), SOURCE)


def food(target: str, days: float, use: float = 1.0) -> Supply:
    """A stock of food."""
    return Supply(target, "food", Amount(days), "days", Amount(use), SOURCE)


def fuel(target: str, litres: float, use: float = 0.0) -> Supply:
    """A stock of fuel."""
    return Supply(target, "fuel", Amount(litres), "litres", Amount(use), SOURCE)


def people(at: str, persons: float, cars: float = 1.0) -> People:
    """Who lives at a place."""
    return People(at, persons, Amount(cars), SOURCE, SOURCE)


def case(
    places: Iterable[Place],
    roads: Iterable[Route],
    residents: Iterable[People],
    *,
    hours: float = 24.0,
    step_minutes: float = 15.0,
    events: Iterable[Event] = (),
    checkpoints: Iterable[Checkpoint] = (),
    supplies: Iterable[Supply] = (),
    values: Mapping[str, float] | None = None,
) -> Scenario:
    """A whole case. `values` change the model's parameters; nothing is drawn but what parties draw for themselves."""
    places = tuple(places)
    changed = {p.name: p for p in MODEL_PARAMETERS} | {
        p.name: type(p)(p.name, values[p.name], p.unit, p.prior, SOURCE)
        for p in MODEL_PARAMETERS
        if values and p.name in values
    }
    assert not values or set(values) <= set(changed), "no such parameter"
    return Scenario(
        key="tiny",
        title="tiny",
        about="",
        clock=Clock(START, START + timedelta(hours=hours), step_minutes),
        places=places,
        routes=tuple(roads),
        checkpoints=tuple(checkpoints),
        people=tuple(residents),
        supplies=tuple(supplies),
        events=tuple(sorted(events, key=lambda e: e.time)),
        parameters=changed,
        targets=(),
        record=QUANTITIES,
        headline=("n_persons", places[0].key),
        ledger=Ledger((), ""),
        hash="",
    )


def line(
    persons: float = 1000.0,
    *,
    km: float = 10.0,
    cars: float = 1.0,
    values: Mapping[str, float] | None = None,
    events: Iterable[Event] = (),
    **limits: object,
) -> Scenario:
    """home -> gate -> camp: one road to a counted crossing, one on to a shelter with room for all. Signal at hour 1."""
    in_case = {"hours", "step_minutes", "checkpoints", "supplies"}
    return case(
        (
            place("home", "origin", (45.0, 9.0)),
            place("gate", "crossing", (45.1, 9.0)),
            place("camp", "shelter", (45.2, 9.0), pull=1.0, shelter=None),
        ),
        (
            road("home", "gate", km, counts_as="gate", **{k: v for k, v in limits.items() if k not in in_case}),
            road("gate", "camp", 6.0),
        ),
        (people("home", persons, cars),),
        events=(event(1.0, "signal", "*", 1.0, id="leave"), *events),
        values=AT_ONCE | dict(values or {}),
        **{k: v for k, v in limits.items() if k in in_case},
    )


def run(scenario: Scenario, seed: int = 0, **values: float) -> Run:
    """One run, everything recorded."""
    return simulate(scenario, values, seed=seed, record=QUANTITIES)


def walk_through(
    scenario: Scenario, seed: int = 0, change: Callable[[World, Tables], None] = lambda world, tables: None
) -> Iterator[tuple[World, Tables]]:
    """The World at the end of every step; `change` may alter it before the first."""
    tables = build_tables(scenario, scenario.values())
    world = build_world(tables, seed)
    change(world, tables)
    for hour, until in zip(tables.edges[:-1], tables.edges[1:], strict=True):
        world.hour, world.until = float(hour), float(until)
        step(world, tables)
        yield world, tables


def counted_afresh(world: World, tables: Tables) -> tuple[np.ndarray, np.ndarray]:
    """[4, place] and [4, link] as `counts` has them, counted party by party instead of kept."""
    parties, queues = world.parties, world.roads.queues
    state, at, persons = parties.state, parties.at, parties.persons

    def at_places(of: np.ndarray) -> np.ndarray:
        return np.bincount(at[of], persons[of], len(tables.places))

    away = np.isin(state, (ON_ROAD, WALKING, RIDING))
    blocked = np.isin(state, (WAITING, WISHING))
    at_place = [at_places(those) for those in (~away, blocked, state == SHELTERED, state == OWN_PLACE)]
    by_link = np.zeros((4, tables.n_links))
    for party in np.flatnonzero(np.isin(state, (ON_ROAD, WALKING))):
        link, rider = queues["link"][at[party]], int(party)
        while rider >= 0:
            by_link[1, link] += persons[rider]
            rider = int(parties.rider[rider])
        if state[party] == ON_ROAD:
            stands = parties.ready[party] <= world.hour
            units = world.bus_units if parties.mode[party] == BUS else 1
            by_link[[0, 2, 3], link] += (1, stands, units * (stands and at[party] == link))
    return np.array(at_place), by_link


def total(result: Run, quantity: str) -> np.ndarray:
    """[hour] a quantity summed over everywhere."""
    return sum((values for (name, _), values in result.series.items() if name == quantity), np.zeros(result.hours.size))


def same(one: Run, other: Run) -> bool:
    """Whether two runs agree to the last bit."""
    return (
        one.series.keys() == other.series.keys()
        and all(values.tobytes() == other.series[key].tobytes() for key, values in one.series.items())
        and str(one.outcomes) == str(other.outcomes)
    )

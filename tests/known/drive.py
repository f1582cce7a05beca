"""Small scenarios for tests, and a way to drive the engine's road alone: vehicles with given hours of leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from oracle import Link, OracleCase

from safeconduct.engine import step
from safeconduct.engine.kernels import road
from safeconduct.engine.kernels.people import ON_ROAD
from safeconduct.engine.kernels.queues import CAR
from safeconduct.engine.tables import build_tables
from safeconduct.engine.world import build_world
from safeconduct.ledger import Ledger
from safeconduct.scenario import MODEL_PARAMETERS, Amount, People, Place, Role, Route, Scenario
from safeconduct.terms import Clock

START = datetime(2030, 1, 1, tzinfo=UTC)
NO_LIMIT = Amount()


def make_place(key: str, number: int, role: Role, pull: float = 0.0) -> Place:
    """A place with a spot of its own on the map."""
    return Place(key, key, "", 45.0 + number / 10, 9.0, role, "", Amount(pull), NO_LIMIT, "invented")


def make_route(link: Link) -> Route:
    """A one-way road with room, speed, capacity and a share of turns."""
    amounts = [Amount(v) for v in (link.speed_kmh, link.capacity_per_hour, link.jam_per_km, link.priority)]
    return Route(link.id, link.start, link.end, link.km, *amounts, False, True, "", "", "invented")


def make_scenario(
    places: Mapping[str, Role],
    links: tuple[Link, ...],
    persons: Mapping[str, int],
    *,
    hours: float,
    step_minutes: float = 60.0,
    pulls: Mapping[str, float] | None = None,
    **more: Any,
) -> Scenario:
    """A scenario of these places and roads. Everyone has a vehicle."""
    given = {
        "key": "invented",
        "title": "invented",
        "about": "",
        "clock": Clock(START, START + timedelta(hours=hours), step_minutes),
        "places": tuple(make_place(k, i, r, (pulls or {}).get(k, 0.0)) for i, (k, r) in enumerate(places.items())),
        "routes": tuple(make_route(link) for link in links),
        "checkpoints": (),
        "people": tuple(People(k, float(n), Amount(1.0), "invented", "invented") for k, n in persons.items()),
        "supplies": (),
        "events": (),
        "parameters": {p.name: p for p in MODEL_PARAMETERS},
        "targets": (),
        "record": (),
        "headline": ("n_persons", "out"),
        "ledger": Ledger((), ""),
        "hash": "",
    }
    return Scenario(**given | more)


def of_case(case: OracleCase, step_minutes: float) -> Scenario:
    """The network of an oracle's case, with as many persons at each origin as vehicles leave it."""
    ends = {name for link in case.links for name in (link.start, link.end)} - set(case.leave_hours) - {"out"}
    places = dict.fromkeys(case.leave_hours, Role.ORIGIN) | dict.fromkeys(sorted(ends), Role.JUNCTION)
    persons = {key: leave.size for key, leave in case.leave_hours.items()}
    hours = 24.0 * np.ceil(max(said.last_arrival_hour for said in case.answers.values()) / 24 + 1)
    return make_scenario(places | {"out": Role.RECEPTION}, case.links, persons, hours=hours, step_minutes=step_minutes)


def drive(
    scenario: Scenario, leave_hours: Mapping[str, NDArray[np.float64]], seed: int = 0
) -> dict[str, NDArray[np.float64]]:
    """Origin -> [vehicle] hour of arrival at `out`, of one person a vehicle, in the order of `leave_hours`."""
    tables = build_tables(scenario, scenario.values({"persons_per_vehicle": 1.0}))
    world = build_world(tables, seed)
    step.choose_way(world, tables)
    parties = world.parties
    moving = {key: np.flatnonzero(parties.home == tables.place_index[key]) for key in leave_hours}
    for key, leave in leave_hours.items():
        parties.ready[moving[key]] = leave
    parties.state[:], parties.mode[:], parties.destination[:] = ON_ROAD, CAR, tables.goal_of[tables.place_index["out"]]
    wish = parties.ready.copy()
    n_arrived = 0
    for world.hour, world.until in zip(tables.edges[:-1], tables.edges[1:], strict=True):
        gone = np.flatnonzero((wish >= world.hour) & (wish < world.until)).astype(np.int32)
        road.drive(world.parties, world.roads, gone, gone.size)
        step.travel(world, tables)
        n_arrived += world.reached.size
    assert n_arrived == parties.at.size, "somebody has not arrived"
    return {key: parties.ready[them] for key, them in moving.items()}


def arrival_hours(case: OracleCase, step_minutes: float = 60.0) -> dict[str, NDArray[np.float64]]:
    """Origin -> [vehicle] the hour at which the engine lets it arrive on an oracle's case."""
    return drive(of_case(case, step_minutes), case.leave_hours)

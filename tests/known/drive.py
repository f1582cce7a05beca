"""Drive the engine's road alone: vehicles with given hours of leaving, on the network of an oracle's case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from oracle import Link, OracleCase

from safeconduct.engine import road
from safeconduct.engine.people import ON_ROAD, REACHED
from safeconduct.engine.step import choose_way
from safeconduct.engine.tables import build_tables
from safeconduct.engine.world import build_world
from safeconduct.ledger import Ledger
from safeconduct.scenario import MODEL_PARAMETERS, Amount, People, Place, Role, Route, Scenario
from safeconduct.terms import Clock

START = datetime(2030, 1, 1, tzinfo=UTC)
NO_LIMIT = Amount()


def place(key: str, number: int, role: Role) -> Place:
    """A place of its own spot on the map."""
    return Place(key, key, "", 45.0 + number / 10, 9.0, role, "", Amount(0.0), NO_LIMIT, "invented")


def route(link: Link) -> Route:
    """A one-way road with room, speed, capacity and a share of turns."""
    amounts = [Amount(v) for v in (link.speed_kmh, link.capacity_per_hour, link.jam_per_km, link.priority)]
    return Route(link.id, link.start, link.end, link.km, *amounts, False, True, "", "", "invented")


def scenario(case: OracleCase, hours: float, step_minutes: float) -> Scenario:
    """The case's network, with as many persons at each origin as vehicles leave it."""
    ends = {name for link in case.links for name in (link.start, link.end)} - set(case.leave_hours) - {"out"}
    roles = dict.fromkeys(case.leave_hours, Role.ORIGIN) | dict.fromkeys(sorted(ends), Role.JUNCTION)
    places = [place(key, i, role) for i, (key, role) in enumerate((roles | {"out": Role.RECEPTION}).items())]
    people = [
        People(key, float(leave.size), Amount(1.0), "invented", "invented") for key, leave in case.leave_hours.items()
    ]
    return Scenario(
        key="oracle",
        title=case.name,
        about="",
        clock=Clock(START, START + timedelta(hours=hours), step_minutes),
        rules={},
        places=tuple(places),
        routes=tuple(route(link) for link in case.links),
        checkpoints=(),
        people=tuple(people),
        supplies=(),
        events=(),
        parameters={p.name: p for p in MODEL_PARAMETERS},
        targets=(),
        record=(),
        headline=("n_persons", "out"),
        ledger=Ledger((), ""),
        hash="",
    )


def arrival_hours(case: OracleCase, step_minutes: float = 60.0) -> dict[str, NDArray[np.float64]]:
    """Origin -> [vehicle] the hour at which the engine lets it arrive, by steps of this length."""
    horizon = 24.0 * np.ceil(max(said.last_arrival_hour for said in case.answers.values()) / 24 + 1)
    case_now = scenario(case, horizon, step_minutes)
    tables = build_tables(case_now, case_now.values({"persons_per_vehicle": 1.0}))
    world = build_world(tables, seed=0)
    choose_way(world, tables)
    men, parties, hours = world.men, {}, np.empty(0)
    for origin, leave in case.leave_hours.items():
        first = men.slot[tables.place_index[origin]]
        parties[origin] = np.arange(first, first + leave.size, dtype=np.int32)
        men.ready[parties[origin]] = leave
    men.state[:], men.mode[:] = ON_ROAD, road.CAR
    men.destination[:] = tables.goal_of[tables.place_index["out"]]
    arrived = np.empty(men.at.size, np.int32)
    everyone = np.lexsort((np.arange(men.at.size), men.ready)).astype(np.int32)
    hours = men.ready[everyone].copy()
    n_left = n_arrived = 0
    for until in np.arange(step_minutes / 60, horizon + 1e-9, step_minutes / 60):
        n_now = int(np.searchsorted(hours, until))
        road.set_out(world.roads, men, everyone[n_left:n_now], hours[n_left:n_now])
        n_arrived += road.travel_until(
            world.roads, men, tables.goals, arrived, until, world.bus_units, world.seed, REACHED
        )
        n_left = n_now
    assert n_arrived == men.at.size, "somebody has not arrived"
    return {origin: men.ready[them] for origin, them in parties.items()}

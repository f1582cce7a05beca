"""When people would come to the posts if nothing held them up: runs without posts and without limits on roads.

These runs need only the parameters of leaving. What posts and roads then pass is a queue that `fluid.py` solves for
thousands of rates at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import Course, advance
from safeconduct.inference.assimilate.evidence import Published
from safeconduct.inference.assimilate.particles import Particle, Setting, start
from safeconduct.scenario import Amount, Scenario, share_of

Array = NDArray[np.float64]
AT_ONCE = Amount(0.01)  # seconds at a booth
FREE_PERSONS = 10_000  # simulated at most in such a run
OF_SERVICE = ("service_sd", "service_memory_hours", "opening_share", "opening_hours")


@dataclass(frozen=True, slots=True)
class Channel:
    """A group of posts whose crossings are counted at one place."""

    group: int  # of the engine's groups of posts
    place: str
    booths: int
    seconds: Amount
    capacity: Amount  # vehicles an hour of the roads that the posts stand on, all together
    n_roads: int
    opened: float  # hour of the opening, -inf where it was open from the start


@dataclass(frozen=True, slots=True)
class Free:
    """What one run without posts gives for a channel."""

    came: Array  # [hour] persons who have come by then
    hours: float  # mean hours on the way
    persons_per_vehicle: float


def freed(scenario: Scenario) -> Scenario:
    """The case without posts' service times and roads' limits."""
    return replace(
        scenario,
        checkpoints=tuple(replace(one, seconds=AT_ONCE, law="fixed") for one in scenario.checkpoints),
        routes=tuple(replace(one, capacity_per_hour=Amount(), jam_per_km=Amount()) for one in scenario.routes),
        events=tuple(event for event in scenario.events if event.kind not in ("capacity", "rate")),
    )


def of_service(setting: Setting) -> NDArray[np.bool_]:
    """[parameter] whether runs without posts do not depend on it."""
    case = setting.scenario
    amounts = [one.seconds for one in case.checkpoints] + [route.capacity_per_hour for route in case.routes]
    names = {*OF_SERVICE, *(amount.parameter for amount in amounts)}
    return np.array([p.name in names for p in setting.parameters], dtype=bool)


def channels_of(setting: Setting, course: Course, published: Published) -> tuple[Channel, ...]:
    """Posts by group, where what they pass is counted."""
    tables, world, found = course.tables, course.world, []
    routes = {route.id: route for route in setting.scenario.routes}
    posts = {one.id: one for one in setting.scenario.checkpoints}
    places = dict.fromkeys(one.place for one in published.counts)
    for group in range(world.shocks.shape[0]):
        rows = np.flatnonzero(world.service_group == group)
        links = [int(tables.row_link[row]) for row in rows]
        names = {tables.link_route[k].counts_as for k in links} | {
            tables.places[tables.link_end[k]].region for k in links
        }
        place = next((place for place in places if place in names), None)
        if place is None:
            continue
        opened = [setting.scenario.clock.hour_of(event.time) for event in setting.scenario.events
                  if event.kind in ("open", "admit") and event.target in
                  {tables.link_route[k].id for k in links} | {tables.rows[row].id for row in rows}]  # fmt: skip
        is_closed = np.isfinite(world.opened[rows]).any()
        first = tables.rows[rows[0]].id
        roads = {tables.link_route[k].id for k in links}
        found.append(Channel(
            group, place, sum(posts[tables.rows[row].id].booths for row in rows), posts[first].seconds,
            routes[next(iter(sorted(roads)))].capacity_per_hour, len(roads),
            max(min(opened, default=0.0), 0.0) if is_closed else -np.inf,
        ))  # fmt: skip
    return tuple(found)


def free_run(setting: Setting, particle: Particle, channels: Sequence[Channel], hour: float) -> list[Free]:
    """[channel] what a run without posts gives up to an hour."""
    share = min(setting.share, share_of(setting.scenario, FREE_PERSONS))
    open_setting = replace(setting, scenario=freed(setting.scenario), share=share)
    course = start(open_setting, particle)
    course.world.shocks[:] = 0.0
    advance(course, hour)
    each, found = open_setting.persons_each(), []
    for channel in channels:
        persons, vehicles, hours = course.world.roads.crossed[:, course.tables.crossings.index(channel.place)]
        came = each * np.concatenate([[0.0], np.cumsum(persons)])
        per_vehicle = persons.sum() / vehicles.sum() if vehicles.sum() else 1.0
        trip = hours.sum() / persons.sum() if persons.sum() else 0.0
        whole = np.interp(np.arange(int(hour) + 1), course.tables.record_hours * np.arange(came.size), came)
        found.append(Free(whole, float(trip), float(per_vehicle)))
    return found

"""What happens to the World from outside: one small function for each kind of event."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from safeconduct.engine.home import expect_return
from safeconduct.engine.kernels import people
from safeconduct.engine.kernels.queues import NEVER
from safeconduct.engine.roads import admits, gap_of
from safeconduct.engine.tables import Moment, Tables
from safeconduct.engine.timeline.handover import announce
from safeconduct.engine.timeline.homecoming import expect_dates, give_seats
from safeconduct.engine.timeline.mind import change_trust
from safeconduct.engine.timeline.passage import set_passage
from safeconduct.engine.timeline.supplies import set_inflow
from safeconduct.engine.world import Bus, World
from safeconduct.scenario import ALL_CROSSINGS, Event
from safeconduct.terms import stream_number


def attack(world: World, tables: Tables, event: Event) -> None:
    """Threat is added at places under fire."""
    for place in tables.targets(event.target):
        added = event.value.at(tables.values)
        world.threat[place] += added
        world.jump[place] += added * tables.values["threat_weight"]


def ceasefire(world: World, tables: Tables, event: Event) -> None:
    """Threat falls to a part of what it was."""
    for place in tables.targets(event.target):
        lost = world.threat[place] * (1.0 - event.value.at(tables.values))
        world.threat[place] -= lost
        world.jump[place] -= lost * tables.values["threat_weight"]


def signal(world: World, tables: Tables, event: Event) -> None:
    """People notice something that bears on whether to go."""
    for place in tables.targets(event.target):
        added = event.value.at(tables.values)
        world.signal[place] += added
        world.jump[place] += added * tables.values["signal_weight"]


def set_open(world: World, tables: Tables, event: Event) -> None:
    """A road is opened or closed to those who would enter it; who is on it goes on."""
    for link in tables.links_of(event.target, event.to):
        if event.kind == "open" and not world.link_open[link]:
            world.opened[tables.row_link == link] = world.hour
        world.link_open[link] = event.kind == "open"


def capacity(world: World, tables: Tables, event: Event) -> None:
    """A road carries another number of vehicles an hour from now on; at 0 those on it stand."""
    for link in tables.links_of(event.target, event.to):
        set_gap(world, link, gap_of(event.value.at(tables.values)))


def rate(world: World, tables: Tables, event: Event) -> None:
    """A road and its posts, or all that count crossings, pass so many times the vehicles an hour of the case."""
    factor, roads = event.value.at(tables.values), world.roads
    for link, route in enumerate(tables.link_route):
        if route.id == event.target or (event.target == ALL_CROSSINGS and route.counts_as):
            set_gap(world, link, gap_of(route.capacity_per_hour.at(tables.values) * factor))
            for row in np.flatnonzero(tables.row_link == link):
                hours = tables.rows[row].seconds.at(tables.values) / 3600.0 / factor
                roads.rows["hours"][row] = world.service_hours[row] = hours


def set_gap(world: World, link: int, gap: float) -> None:
    """From now on so many hours lie between two vehicles of a link."""
    queue = world.roads.queues[link]
    queue["gap_hours"] = gap
    for gate in ("exit_free", "entry_free"):
        if gap == NEVER or queue[gate] == NEVER:
            queue[gate] = NEVER if gap == NEVER else world.hour


def admit(world: World, tables: Tables, event: Event) -> None:
    """A checkpoint lets other people through from now on."""
    for row, checkpoint in enumerate(tables.rows):
        if checkpoint.id == event.target:
            names = tuple(event.to.split())
            if not world.roads.rows["admits"][row]:
                world.opened[row] = world.hour
            world.roads.rows["admits"][row] = 0 if "nobody" in names else admits(names)


def gather(world: World, tables: Tables, event: Event) -> None:
    """A share of those still there, whatever their home, is from now on at another place, each by its own draw."""
    is_left = np.zeros(len(tables.places), np.bool_)
    is_left[tables.targets(event.target)] = True
    people.gather(
        world.parties, is_left, tables.place_index[event.to], float(event.value.at(tables.values)),
        np.uint64(stream_number(f"gather {event.id}")), world.seed, world.there,
    )  # fmt: skip


def fuel(world: World, tables: Tables, event: Event) -> None:
    """Fuel is released to civilians at a place."""
    for place in tables.targets(event.target):
        world.fuel[place] = max(0.0, world.fuel[place] + event.value.at(tables.values))


def food(world: World, tables: Tables, event: Event) -> None:
    """Food arrives: so many days for everyone who is there."""
    for place in tables.targets(event.target):
        world.food[place] += event.value.at(tables.values) * world.here[place]


def convoy(world: World, tables: Tables, event: Event) -> None:
    """Buses stand ready at a place. A convoy goes once; a shuttle comes back for more."""
    for place in tables.targets(event.target):
        goal = int(tables.goal_of[tables.place_index[event.to]])
        bus = Bus(place, goal, seats=int(event.seats), comes_back=event.kind == "shuttle")
        world.parked += [bus] * round(event.value.at(tables.values))


def shelter(world: World, tables: Tables, event: Event) -> None:
    """Organised shelter is opened at a place."""
    for place in tables.targets(event.target):
        world.shelters.room[world.shelters.at[place]] += event.value.at(tables.values)


def transfer(world: World, tables: Tables, event: Event) -> None:
    """A place is handed over: those who lived there can not come back for now. With phases, pressure there tells so."""
    if world.course is not None:
        world.course.held[tables.targets(event.target)] = True
        return
    world.reachable[tables.targets(event.target)] = False


def reachable(world: World, tables: Tables, event: Event) -> None:
    """Home can be reached again and is protected: those who are away may come back, at a rate."""
    world.reachable[tables.targets(event.target)] = True
    everyone = np.arange(world.parties.at.size, dtype=np.int32)
    if world.course is not None:
        expect_dates(world, tables, world.course, everyone)
    else:
        expect_return(world, tables, everyone)


KINDS: Mapping[str, Callable[[World, Tables, Event], None]] = {
    "attack": attack,
    "ceasefire": ceasefire,
    "signal": signal,
    "open": set_open,
    "close": set_open,
    "capacity": capacity,
    "rate": rate,
    "admit": admit,
    "gather": gather,
    "fuel": fuel,
    "food": food,
    "convoy": convoy,
    "shuttle": convoy,
    "shelter": shelter,
    "transfer": transfer,
    "reachable": reachable,
    "announce": announce,
    "trust": change_trust,
    "inflow": set_inflow,
    "passage": set_passage,
    "seats": give_seats,
}


def happen(world: World, tables: Tables, moment: Moment) -> None:
    """Apply one dated thing; ways are then planned anew and everybody who was blocked looks again."""
    if moment.event is None:
        world.gate_open[moment.gate] = moment.is_open
    else:
        KINDS[moment.event.kind](world, tables, moment.event)
    world.roads.queues["is_open"] = world.link_open & world.gate_open
    world.must_plan = True

"""One step, in order. Each phase reads the World as the phase before left it."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.events import happen
from safeconduct.engine.home import expect_return
from safeconduct.engine.kernels import destination, means, people, queues, road, walking
from safeconduct.engine.kernels.means import ANY_STATE
from safeconduct.engine.kernels.people import BLOCKED, OWN_PLACE, REACHED, RECEIVED, SHELTERED, WAITING
from safeconduct.engine.kernels.queues import BUS, no_moments
from safeconduct.engine.rules import with_rules
from safeconduct.engine.service import does_move, move_log_rate, opening_factor, slot_of
from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.handover import leave_home
from safeconduct.engine.timeline.homecoming import count_returns, expect_dates, going_home
from safeconduct.engine.timeline.mind import feel_over_months, forget, gather_inside, weigh_leaving
from safeconduct.engine.timeline.passage import admit_at_posts
from safeconduct.engine.timeline.supplies import live_on_stocks
from safeconduct.engine.world import Bus, World

REPLAN_HOURS = 0.25  # assumed: a queue that grew or shrank by less changes no party's way


def apply_events(world: World, tables: Tables) -> None:
    """Apply what is dated for this hour: roads open or close, places come under fire, buses and fuel arrive."""
    world.jump[:] = 0.0
    while world.next_moment < len(tables.moments) and tables.moments[world.next_moment].hour <= world.hour + 1e-9:
        happen(world, tables, tables.moments[world.next_moment])
        world.next_moment += 1


def move_rates(world: World, tables: Tables) -> None:
    """Let each post serve at the rate of this hour: low after an opening, then moving around its level."""
    if not does_move(tables):
        return
    v = tables.values
    slot = min(slot_of(world.hour), world.shocks.shape[1] - 1)
    if world.is_at_level and world.rate_slot >= slot and not world.must_plan:
        return  # in the slot of the step before, and nothing has happened
    is_at_level = world.hour - float(world.opened.max()) > v["opening_hours"] + tables.page_hours  # the last opened
    world.is_at_level = is_at_level
    if world.rate_slot < slot:
        move_log_rate(world.log_rate, world.shocks, world.rate_slot, slot, v["service_sd"], v["service_memory_hours"])
        world.rate_slot = slot
    service: NDArray[np.float64] = np.exp(world.log_rate[world.service_group])
    if not is_at_level:
        middle = 0.5 * (world.hour + world.until)  # of the step, so that its length does not matter much
        service *= opening_factor(middle - world.opened, v["opening_share"], v["opening_hours"])
    world.roads.rows["hours"] = world.service_hours / service


def consume_supplies(world: World, tables: Tables) -> None:
    """Let people eat from their stocks, and threat fade, over the step that has passed."""
    hours = world.hour - world.before
    if hours <= 0:
        return
    fade = 0.5 ** (hours / tables.values["threat_half_life_hours"])
    world.threat *= fade
    if world.course is not None:
        forget(world, tables, world.course, hours)
        live_on_stocks(world, tables, world.course, hours)
    if tables.has_fuel_use:
        world.fuel -= world.fuel_use * (hours / 24)
        np.maximum(world.fuel, 0.0, out=world.fuel)
    if tables.has_food:
        people.use_up(world.food, world.here, world.food_use, hours / 24)


def feel_pressure(world: World, tables: Tables) -> None:
    """Sum up what speaks for leaving at each place: threat, hardship, neighbours gone, signals, less trust."""
    v = tables.values
    world.felt[:] = world.pressure
    if world.course is not None:
        feel_over_months(world, tables, world.course)
        return
    gone = share_gone(world, tables)
    if v["neighbour_weight"] > 0:
        gone += v["neighbour_weight"] * (tables.neighbours @ gone - gone)
    people.press(
        world.pressure, world.threat, gone, world.signal, world.food, world.here, world.food_use, tables.has_food,
        v["comfort_days"], v["threat_weight"], v["hardship_weight"], v["share_gone_weight"], v["signal_weight"],
        v["trust_weight"] * v["trust"],
    )  # fmt: skip


def food_days(world: World) -> NDArray[np.float64]:
    """[place] days that the food there lasts for those who are there."""
    days = np.full(world.here.size, np.inf)
    np.divide(world.food, world.here * np.maximum(world.food_use, 1e-9), out=days, where=world.here > 0)
    return days


def share_gone(world: World, tables: Tables) -> NDArray[np.float64]:
    """[place] share of a home's people who have left for good."""
    return world.gone / tables.persons_or_one


def decide_to_leave(world: World, tables: Tables) -> None:
    """Parties whose threshold has been passed decide; where a way out is open they get ready to go."""
    if world.course is not None:
        weigh_leaving(world, tables, world.course)
        return
    is_new = people.decide(
        world.parties, world.threshold, world.order, world.decided, world.next_threshold,
        world.felt, world.jump, world.pressure, world.before, world.hour, world.there[BLOCKED],
    )  # fmt: skip
    if is_new or world.must_ask:
        people.get_ready(
            world.parties, world.delay, world.order, world.decided, world.prepared,
            world.way_since, world.calendar_queue, world.hour, tables.page_hours, world.there[BLOCKED],
        )  # fmt: skip


def choose_way(world: World, tables: Tables) -> None:
    """Where something was opened or closed, or queues have grown or shrunk, find the quickest open ways anew."""
    n, roads = tables.n_links, world.roads
    delay, differs = world.planned_delay, world.must_plan
    if tables.has_loop and (world.must_plan or world.hour.is_integer()):
        delay = np.empty(n)
        differs |= queues.queue_hours(roads.queues, roads.rows, world.planned_delay, REPLAN_HOURS, delay)
    if not differs:
        return
    admits = np.empty(n, np.int64)
    ways = destination.Ways(
        *tables.ways, tables.goals, roads.next_hop, world.cost_to, world.planned_cost, world.planned_links
    )
    destination.choose_ways(
        roads.queues, roads.rows, world.link_open, delay, ways, tables.reception_goals, no_moments(len(tables.places)),
        world.shelters, world.first_goal, admits, np.empty(n), np.empty(n, np.bool_),
        np.empty(len(tables.places), np.int32),
    )  # fmt: skip
    if world.course is not None:
        world.course.open_links = passable(admits, 0)
        rows = roads.rows["admits"][world.course.posts.row]
        world.course.has_shut_post = bool((rows & 1 == 0).any())
    world.planned_delay[:] = delay
    has_way = (world.first_goal >= 0) | world.shelters.reachable.any(axis=2)
    world.way_since[:] = np.where(has_way, np.minimum(world.way_since, world.hour), np.inf)
    if world.must_plan:
        look_again(world, tables, passable(admits, 0))
    world.must_plan, world.must_board = False, True


def look_again(world: World, tables: Tables, links: NDArray[np.bool_]) -> None:
    """Parties that could not go on before look again, now that something was opened, closed or changed."""
    world.prepared[:] = world.parties.first[:-1]
    world.must_ask = True
    road.turn_away(world.roads, world.parties, links)
    road.wake_all(world.roads, world.parties, world.hour)
    destination.ask_again(
        world.parties, tables.goals, world.shelters, tables.values["reception_hours"],
        world.calendar_queue, world.hour, tables.page_hours, world.seed,
    )  # fmt: skip


def passable(admits: NDArray[np.int64], category: int) -> NDArray[np.bool_]:
    """[link] whether this category may plan to take it: open, not at capacity 0, let through at its checkpoint."""
    links: NDArray[np.bool_] = (admits >> category & 1).astype(np.bool_)
    return links


def take_due(world: World, tables: Tables) -> None:
    """Turn to today's page: who is ready to leave, to go on from reception, or to go home in this step."""
    page = people.page_of(world.hour, tables.page_hours)
    world.due, world.n_readying = world.due[:0], 0
    if page >= world.calendar_queue.size or world.calendar_queue[page] < 0:
        return
    due = world.lists.due
    n_due, world.n_readying = people.fall_due(world.parties, world.calendar_queue, page, world.until, due)
    world.due = due[:n_due]


def find_means(world: World, tables: Tables) -> None:
    """Parties that are ready or wait set out if there is a way and fuel, feet or a lift."""
    if not (world.n_readying or world.must_ask or world.fuel_found < world.until):
        return
    v, lists = tables.values, world.lists
    n_going, n_waiting, world.fuel_found, is_longer = means.find_means(
        world.parties, world.walks, world.fuel, v["fuel_litres_per_trip"], v["fuel_search_hours"], world.first_goal,
        world.shelters, world.waiting, world.due, world.hour, world.until, world.has_room, world.there,
        lists.moving, lists.waiting, lists.first, np.empty(world.waiting.size + world.due.size, np.int32), world.seed,
    )  # fmt: skip
    world.waiting = lists.waiting[:n_waiting]
    world.must_ask, world.must_board = False, world.must_board or is_longer
    set_out(world, tables, lists.moving[:n_going])


def set_out(world: World, tables: Tables, parties: NDArray[np.int32]) -> None:
    """Parties leave home for good: onto the road in order of their hour, or on foot."""
    if not parties.size:
        return
    if world.course is not None:
        leave_home(world, world.course, parties)
    on_foot = np.empty(parties.size, np.int32)
    n_on_foot = means.set_out(
        world.parties, world.roads, parties, on_foot, world.departed, world.gone, world.there, tables.record_hours
    )
    if n_on_foot:
        world.walkers = np.concatenate([world.walkers, on_foot[:n_on_foot]])


def ride_buses(world: World, tables: Tables) -> None:
    """Buses that stand ready take those who wait; a bus leaves once half its seats are wanted."""
    if any(hour <= world.hour for hour, _ in world.returning):
        world.parked += [bus for hour, bus in world.returning if hour <= world.hour]
        world.returning = [item for item in world.returning if item[0] > world.hour]
        world.must_board = True
    if not world.parked or not world.waiting.size or not (world.must_board or world.course is not None):
        return
    world.must_board = False
    parties, still, persons = world.parties, list[Bus](), np.zeros(len(tables.places))
    means.count_without_vehicle(parties, world.waiting, persons)
    wanted = persons.tolist()
    if not any(wanted[bus.place] * 2 >= bus.seats for bus in world.parked):
        return
    without = world.waiting[parties.mode[world.waiting] == BUS]
    for bus in world.parked:
        if wanted[bus.place] * 2 < bus.seats or world.roads.next_hop[0, bus.goal, bus.place] < 0:
            still.append(bus)
            continue
        here = without[(parties.at[without] == bus.place) & (parties.state[without] == WAITING)]
        leader = means.board(parties, world.shelters, here, bus.place, bus.goal, bus.seats, world.hour, world.there)
        if leader < 0:  # every party that waits is larger than the bus
            still.append(bus)
            continue
        wanted[bus.place] -= sum(parties.persons[party] for party in in_vehicle(world, leader))
        set_out(world, tables, np.array([leader], dtype=np.int32))
        world.must_board = True
        if bus.comes_back:
            world.buses.append(replace(bus, leader=leader))
    if len(still) < len(world.parked):
        world.waiting = world.waiting[parties.state[world.waiting] == WAITING]
    world.parked = still


def in_vehicle(world: World, leader: int) -> Iterator[int]:
    """Everyone in a vehicle, its leading party first."""
    party = leader
    while party >= 0:
        yield party
        party = int(world.parties.rider[party])


def go_on(world: World, tables: Tables) -> None:
    """Those who were received drive on to where they will stay; where the way is closed they try again."""
    if world.due.size > world.n_readying:
        depart_again(world, tables, world.due, RECEIVED)


def go_home(world: World, tables: Tables) -> None:
    """Those whose day of return has come set out for home, while it can be reached."""
    if world.course is not None:
        depart_again(world, tables, going_home(world, tables, world.course))
        return
    if not tables.has_returns or world.due.size == world.n_readying or not world.expects.any():
        return
    parties, state = world.parties, world.parties.state[world.due]
    settled = (state == SHELTERED) | (state == OWN_PLACE)
    can_return = world.reachable[parties.home[world.due]]
    world.expects[world.due[settled & ~can_return]] = False  # a new date, once home is reachable again
    moving = world.due[settled & can_return]
    parties.destination[moving] = tables.goal_of[parties.home[moving]]
    depart_again(world, tables, moving)


def depart_again(world: World, tables: Tables, parties: NDArray[np.int32], only: int = ANY_STATE) -> None:
    """Put parties, or those in one state, on the road; who has no open way looks again next step."""
    if parties.size:
        means.depart_again(
            world.parties, world.roads, world.shelters, world.there, world.calendar_queue, parties, only,
            world.lists.moving, world.hour, world.until, tables.page_hours,
        )  # fmt: skip


def travel(world: World, tables: Tables) -> None:
    """Move vehicles and walkers, exactly in time, to the end of the step."""
    roads, parties, arrived, n = world.roads, world.parties, world.lists.moving, 0
    if road.next_moment(roads) <= world.until:
        n = road.travel_until(
            roads, parties, arrived, world.until, world.bus_units, world.seed, REACHED, tables.record_hours
        )
    if world.walkers.size:
        n, n_walking = walking.walk_until(
            roads, parties, world.walkers, arrived, n, world.until, REACHED, tables.record_hours
        )
        world.walkers = world.walkers[:n_walking]
    world.reached = arrived[:n]


def shelter(world: World, tables: Tables) -> None:
    """Register those who reached a goal, give them shelter or send them on; let shuttles turn round."""
    if not world.reached.size:
        return
    v = tables.values
    if world.buses:
        there = set(world.reached.tolist())
        for bus in [bus for bus in world.buses if bus.leader in there]:
            world.returning.append((float(world.parties.ready[bus.leader]) + v["bus_turn_round_hours"], bus))
            world.buses.remove(bus)
    destination.receive(
        world.parties, world.reached, tables.is_reception, world.shelters, world.there, world.registered,
        v["registration_lag_hours"], v["reception_hours"], tables.record_hours,
        world.calendar_queue, world.until, tables.page_hours, world.seed,
    )  # fmt: skip
    if world.course is not None:
        count_returns(world, world.course)
        expect_dates(world, tables, world.course, world.reached)
    elif tables.has_returns and world.reachable.any():
        expect_return(world, tables, world.reached)


ORDER: tuple[Callable[[World, Tables], None], ...] = (
    consume_supplies,  # what the step that has passed used up
    apply_events,  # dated things come before any party looks around
    move_rates,  # after events, which may open a post
    feel_pressure,  # of the world as it now stands
    choose_way,  # before any party asks whether there is one
    gather_inside,  # with phases: who is under fire and has no way out; before they look around there
    admit_at_posts,  # with phases: before those let through turn up among the ready
    decide_to_leave,
    take_due,
    find_means,
    ride_buses,
    go_on,
    go_home,
    travel,  # to the end of the step, exactly in time
    shelter,
)


def step(world: World, tables: Tables) -> None:
    """One step from `world.hour` to `world.until`, with the rules of other packages that the case names."""
    for phase in with_rules(ORDER, tables.scenario.own_rules):
        phase(world, tables)
    world.before, world.hour = world.hour, world.until

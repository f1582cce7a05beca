"""By what means? Fuel, feet, a bus, or a lift in another party's vehicle."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import part_of_kernel, phase_kernel
from safeconduct.engine.kernels.destination import Shelters, choose_shelter, keep_room
from safeconduct.engine.kernels.people import (
    BLOCKED,
    IN_OWN_PLACE,
    IN_SHELTER,
    ON_ROAD,
    OWN_PLACE,
    READYING,
    RIDING,
    SHELTERED,
    THERE,
    WAITING,
    WALKING,
    own_draw,
    schedule,
)
from safeconduct.engine.kernels.queues import BUS, CAR, FOOT, Roads, Travellers
from safeconduct.engine.kernels.road import drive
from safeconduct.terms import stream_number

NO_FUEL, HAS_FUEL, LOOKING = range(3)  # what a party with a vehicle has
ANY_STATE = -1

FUEL_STREAM = np.uint64(stream_number("own fuel"))
SEARCH_STREAM = np.uint64(stream_number("time to find fuel"))
LIFT_STREAM = np.uint64(stream_number("has room for others"))
WALK_STREAM = np.uint64(stream_number("sets out on foot"))


@part_of_kernel
def has_fuel_by(
    parties: Travellers, fuel: NDArray[np.float64], needed: float, search_hours: float, party: int, hour: float,
    until: float, seed: np.uint64,
) -> bool:  # fmt: skip
    """Whether a party with a vehicle can go before `until`, and then from which hour (`ready`).

    It has fuel, or takes what was released where it is, or looks for some and finds it after a time of its own.
    """
    who = parties.rows[party]
    is_new = who.fuel == NO_FUEL
    if who.fuel != HAS_FUEL and fuel[who.at] >= needed:
        fuel[who.at] -= needed
        who.fuel = LOOKING
        who.ready = hour if who.state == WAITING else max(who.ready, hour)
        return True
    who.ready = max(who.ready, hour)  # it may have found some while no way was open
    if who.fuel == HAS_FUEL:
        return True
    who.fuel = LOOKING
    if is_new:
        who.ready += -np.log(own_draw(parties, party, SEARCH_STREAM, seed)) * search_hours
    return bool(who.ready < until)


@phase_kernel
def find_means(
    parties: Travellers,
    walks: NDArray[np.int8],
    fuel: NDArray[np.float64],
    needed: float,
    search_hours: float,
    first_goal: NDArray[np.int32],
    shelters: Shelters,
    waited: NDArray[np.int32],
    due: NDArray[np.int32],
    hour: float,
    until: float,
    has_room: NDArray[np.int8],
    there: NDArray[np.float64],
    going: NDArray[np.int32],
    waiting: NDArray[np.int32],
    first: NDArray[np.int32],
    behind: NDArray[np.int32],
    seed: np.uint64,
) -> tuple[int, int, float, bool]:
    """Who goes in this step, of those who have waited and then of those due who are ready: counts of both lists.

    It takes a way, and a vehicle with fuel, or feet, or a lift. Fuel that a place has is taken in order of being ready.
    Who cannot go waits, in order; `waiting` may be the array of those who have waited. Where no reception can be
    reached, a party heads for a shelter of its own choice. Returned beside both counts: the hour at which the first of
    those who wait finds fuel, and whether a party without a vehicle waits that did not wait before.
    """
    n_going: Any = np.int64(0)
    n_waiting: Any = np.int64(0)
    is_longer = False
    for i in range(waited.size + due.size):
        party: Any = np.int64(waited[i] if i < waited.size else due[i - waited.size])
        who = parties.rows[party]
        if i >= waited.size and who.state != READYING:
            continue
        goal = first_goal[who.category, who.at]
        can_go = goal >= 0 or shelters.reachable[who.category, who.at].any()
        if can_go and who.mode == BUS and walks[party]:
            who.mode = FOOT
            who.ready = max(who.ready, hour)
        if can_go and who.mode == CAR:
            can_go = has_fuel_by(parties, fuel, needed, search_hours, party, hour, until, seed)
        can_go = can_go and who.mode != BUS
        if can_go and goal < 0:
            goal = choose_shelter(parties, party, who.at, shelters, seed)
        if not can_go or goal < 0:
            if who.state != WAITING:
                there[BLOCKED, who.at] += who.persons
                is_longer |= who.mode == BUS
            who.state = WAITING
            waiting[n_waiting] = party
            n_waiting += 1
            continue
        if who.state == WAITING:
            there[BLOCKED, who.at] -= who.persons
        who.destination = goal
        going[n_going] = party
        n_going += 1
    n_waiting, fuel_found = give_lifts(
        parties, shelters, going, n_going, waiting, n_waiting, has_room, there, first, behind
    )
    return int(n_going), int(n_waiting), fuel_found, is_longer


@phase_kernel
def count_without_vehicle(parties: Travellers, waiting: NDArray[np.int32], persons: NDArray[np.float64]) -> None:
    """Add up the persons, by place, who wait and have no vehicle."""
    for party in waiting:
        who = parties.rows[party]
        if who.mode == BUS:
            persons[who.at] += who.persons


@phase_kernel
def board(
    parties: Travellers, shelters: Shelters, waiting: NDArray[np.int32], place: int, goal: int, seats: int, hour: float,
    there: NDArray[np.float64],
) -> int:  # fmt: skip
    """Seat waiting parties without a vehicle on one bus, first come first served. Returns the first, or -1."""
    leader, last, free = -1, -1, seats
    for party in waiting:
        if parties.rows[party].state != WAITING or parties.rows[party].at != place or parties.rows[party].mode != BUS:
            continue
        if parties.rows[party].persons > free:
            continue
        free -= parties.rows[party].persons
        there[BLOCKED, place] -= parties.rows[party].persons
        parties.rows[party].state = RIDING
        parties.rows[party].destination = goal
        keep_room(parties, party, shelters)
        parties.rows[party].ready = hour
        if leader < 0:
            leader = party
        else:
            parties.rows[last].rider = party
        last = party
        if free == 0:
            break
    return leader


@part_of_kernel
def give_lifts(
    parties: Travellers, shelters: Shelters, going: NDArray[np.int32], n_going: int, waiting: NDArray[np.int32],
    n_waiting: int, has_room: NDArray[np.int8], there: NDArray[np.float64], first: NDArray[np.int32],
    behind: NDArray[np.int32],
) -> tuple[int, float]:  # fmt: skip
    """Vehicles with room take along one party each of those who wait at the same place, first come first served.

    Who is taken along is struck from `waiting`. Returns how many still wait, and the hour at which the first of them
    finds fuel. `first` [place] and `behind` [waiting] are filled here with lines of those who wait.
    """
    if n_going > 0:
        first[:] = -1
        for i in range(n_waiting - 1, -1, -1):
            place = parties.rows[waiting[i]].at
            behind[i], first[place] = first[place], i
    for k in range(n_going):
        leader = going[k]
        place = parties.rows[leader].at
        i = first[place]
        if i < 0 or not has_room[leader] or parties.rows[leader].mode == FOOT:
            continue
        first[place] = behind[i]
        rider = waiting[i]
        there[BLOCKED, place] -= parties.rows[rider].persons
        parties.rows[rider].state, parties.rows[leader].rider = RIDING, rider
        parties.rows[rider].destination = parties.rows[leader].destination
        keep_room(parties, rider, shelters)
    n: Any = np.int64(0)
    fuel_found = np.inf
    for i in range(n_waiting):
        party = waiting[i]
        who = parties.rows[party]
        if who.state == WAITING:
            waiting[n] = party
            n += 1
            if who.fuel == LOOKING:
                fuel_found = min(fuel_found, who.ready)
    return int(n), fuel_found


@part_of_kernel
def book_departures(
    parties: Travellers, moving: NDArray[np.int32], departed: NDArray[np.float64],
    gone: NDArray[np.float64], there: NDArray[np.float64],
    bin_hours: float,
) -> None:  # fmt: skip
    """Write down who leaves for good, by home and interval, riders included."""
    for leader in moving:
        hour, party = parties.rows[leader].ready, leader
        page = min(int(hour / bin_hours), departed.shape[1] - 1)
        while party >= 0:
            who = parties.rows[party]
            who.left = hour
            departed[who.home, page] += who.persons
            gone[who.home] += who.persons
            there[THERE, who.at] -= who.persons
            party = who.rider


@phase_kernel
def set_out(
    parties: Travellers, roads: Roads, moving: NDArray[np.int32], walkers: NDArray[np.int32],
    departed: NDArray[np.float64], gone: NDArray[np.float64], there: NDArray[np.float64], bin_hours: float,
) -> int:  # fmt: skip
    """Put parties on the road for good: vehicles in order of their hour, walkers at once. Lists these; how many.

    The vehicles are then found, in their order, at the start of `moving`.
    """
    book_departures(parties, moving, departed, gone, there, bin_hours)
    n_vehicles: Any = np.int64(0)
    n_walkers = 0
    for party in moving:
        who = parties.rows[party]
        if who.mode == FOOT:
            hop = roads.next_hop[who.category, who.destination, who.at]
            who.at, who.state = roads.queues[hop].connector, WALKING
            walkers[n_walkers] = party
            n_walkers += 1
        else:
            who.state = ON_ROAD
            moving[n_vehicles] = party
            n_vehicles += 1
    drive(parties, roads, moving, n_vehicles)
    return n_walkers


@phase_kernel
def depart_again(
    parties: Travellers, roads: Roads, shelters: Shelters, there: NDArray[np.float64],
    calendar_queue: NDArray[np.int32], due: NDArray[np.int32], only: int, moving: NDArray[np.int32], hour: float,
    until: float, width: float,
) -> None:  # fmt: skip
    """Put parties that know where to go on the road, in vehicles; who has no open way looks again next step.

    Of those due, all or those in one state. `moving` is filled.
    """
    n: Any = np.int64(0)
    for one in due:
        party: Any = np.int64(one)
        who = parties.rows[party]
        if only != ANY_STATE and who.state != only:
            continue
        if roads.next_hop[who.category, who.destination, who.at] < 0:
            schedule(parties, calendar_queue, party, until, width)
            continue
        there[THERE, who.at] -= who.persons
        if who.state == OWN_PLACE:
            there[IN_OWN_PLACE, who.at] -= who.persons
        if who.state == SHELTERED:
            there[IN_SHELTER, who.at] -= who.persons
            shelters.room[shelters.at[who.at]] += who.persons
        who.state, who.mode = ON_ROAD, CAR
        who.ready = max(who.ready, hour)  # not when they would have gone, had there been a way
        moving[n] = party
        n += 1
    drive(parties, roads, moving, n)

"""By what means? Fuel, feet, a bus, or a lift in somebody's vehicle."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.compile import kernel
from safeconduct.engine.people import ON_ROAD, RIDING, WAITING, WALKING, own_draw
from safeconduct.engine.queues import BUS, CAR, FOOT, Roads, Travellers
from safeconduct.engine.roofs import Shelters, choose_shelter, keep_room
from safeconduct.terms import stream_number

NO_FUEL, HAS_FUEL, LOOKING = range(3)  # what a party with a vehicle has

FUEL_STREAM = np.uint64(stream_number("own fuel"))
SEARCH_STREAM = np.uint64(stream_number("time to find fuel"))
LIFT_STREAM = np.uint64(stream_number("has room for others"))
WALK_STREAM = np.uint64(stream_number("sets out on foot"))


@kernel
def has_fuel_by(
    men: Travellers, fuel_state: NDArray[np.int8], fuel: NDArray[np.float64], needed: float, search_hours: float,
    party: int, hour: float, until: float, seed: np.uint64,
) -> bool:  # fmt: skip
    """Whether a party with a vehicle can go before `until`, and then from which hour (`ready`).

    It has fuel, or takes what was released where it is, or looks for some and finds it after a time of its own.
    """
    if fuel_state[party] == HAS_FUEL:
        men.ready[party] = max(men.ready[party], hour)
        return True
    place = men.at[party]
    if fuel_state[party] == NO_FUEL:
        fuel_state[party] = LOOKING
        men.ready[party] = max(men.ready[party], hour)
        if fuel[place] < needed:
            men.ready[party] += -np.log(own_draw(men, party, SEARCH_STREAM, seed)) * search_hours
            return bool(men.ready[party] < until)
    if fuel[place] >= needed:
        fuel[place] -= needed
        men.ready[party] = hour if men.state[party] == WAITING else max(men.ready[party], hour)
        return True
    men.ready[party] = max(men.ready[party], hour)  # it may have found some while no way was open
    return bool(men.ready[party] < until)


@kernel
def find_means(
    men: Travellers,
    fuel_state: NDArray[np.int8],
    walks: NDArray[np.int8],
    fuel: NDArray[np.float64],
    needed: float,
    search_hours: float,
    first_goal: NDArray[np.int32],
    houses: Shelters,
    parties: NDArray[np.int32],
    hour: float,
    until: float,
    going: NDArray[np.int32],
    waiting: NDArray[np.int32],
    seed: np.uint64,
) -> tuple[int, int]:
    """Who of these parties, in order, goes in this step: a way, and a vehicle with fuel, or feet. Counts of both lists.

    Fuel that a place has is taken in order of being ready. Who cannot go waits, in order.
    Where no reception can be reached, a party heads for a shelter of its own choice.
    """
    n_going, n_waiting = 0, 0
    for party in parties:
        place, category = men.at[party], men.category[party]
        can_go = first_goal[category, place] >= 0 or houses.reachable[category, place].any()
        if can_go and men.mode[party] == BUS and walks[party]:
            men.mode[party] = FOOT
            men.ready[party] = max(men.ready[party], hour)
        if can_go and men.mode[party] == CAR:
            can_go = has_fuel_by(men, fuel_state, fuel, needed, search_hours, party, hour, until, seed)
        goal = -1
        if can_go and men.mode[party] != BUS:
            goal = first_goal[category, place]
            if goal < 0:
                goal = choose_shelter(men, party, place, houses, seed)
        if goal < 0:
            men.state[party] = WAITING
            waiting[n_waiting] = party
            n_waiting += 1
            continue
        men.destination[party] = goal
        going[n_going] = party
        n_going += 1
    return n_going, n_waiting


@kernel
def board(
    men: Travellers, houses: Shelters, waiting: NDArray[np.int32], place: int, goal: int, seats: int, hour: float
) -> int:
    """Seat waiting parties without a vehicle on one bus, first come first served. Returns the first, or -1."""
    leader, last, free = -1, -1, seats
    for party in waiting:
        if men.state[party] != WAITING or men.at[party] != place or men.mode[party] != BUS:
            continue
        if men.persons[party] > free:
            continue
        free -= men.persons[party]
        men.state[party] = RIDING
        men.destination[party] = goal
        keep_room(men, party, houses)
        men.ready[party] = hour
        if leader < 0:
            leader = party
        else:
            men.rider[last] = party
        last = party
        if free == 0:
            break
    return leader


@kernel
def give_lifts(
    men: Travellers, houses: Shelters, going: NDArray[np.int32], waiting: NDArray[np.int32], has_room: NDArray[np.int8],
    first: NDArray[np.int32], behind: NDArray[np.int32],
) -> int:  # fmt: skip
    """Vehicles with room take along one party each of those who wait at the same place, first come first served.

    Who is taken along is struck from `waiting`. Returns how many still wait. `first` [place] and `behind` [waiting] are
    filled here with lines of those who wait.
    """
    first[:] = -1
    for i in range(waiting.size - 1, -1, -1):
        place = men.at[waiting[i]]
        behind[i], first[place] = first[place], i
    for leader in going:
        place = men.at[leader]
        i = first[place]
        if i < 0 or not has_room[leader] or men.mode[leader] == FOOT:
            continue
        first[place] = behind[i]
        rider = waiting[i]
        men.state[rider], men.rider[leader] = RIDING, rider
        men.destination[rider] = men.destination[leader]
        keep_room(men, rider, houses)
    n = 0
    for party in waiting:
        if men.state[party] == WAITING:
            waiting[n] = party
            n += 1
    return n


@kernel
def book_departures(
    men: Travellers, parties: NDArray[np.int32], departed: NDArray[np.float64],
    gone: NDArray[np.float64], here: NDArray[np.float64],
    bin_hours: float,
) -> None:  # fmt: skip
    """Write down who leaves for good, by home and interval, riders included; who is on foot sets out at once."""
    for leader in parties:
        party = leader
        while party >= 0:
            men.left[party] = men.ready[leader]
            page = min(int(men.ready[leader] / bin_hours), departed.shape[1] - 1)
            departed[men.home[party], page] += men.persons[party]
            gone[men.home[party]] += men.persons[party]
            here[men.at[party]] -= men.persons[party]
            if party == leader:
                men.state[party] = WALKING if men.mode[party] == FOOT else ON_ROAD
            party = men.rider[party]


@kernel
def start_walking(men: Travellers, roads: Roads, parties: NDArray[np.int32]) -> None:
    """Put those on foot at the start of their first link."""
    for party in parties:
        hop = roads.next_hop[men.category[party], men.destination[party], men.at[party]]
        men.at[party] = roads.queues[hop].connector

"""Which way, and to which shelter? Least-cost ways to every goal, the choice of a destination, reception."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel
from safeconduct.engine.kernels.people import (
    HOME_AGAIN,
    IN_OWN_PLACE,
    IN_SHELTER,
    OWN_PLACE,
    RECEIVED,
    SHELTERED,
    THERE,
    own_draw,
    schedule,
)
from safeconduct.engine.kernels.queues import CAR, NEVER, Travellers, expect, no_moments
from safeconduct.terms import stream_number

SHELTER_STREAM = np.uint64(stream_number("asks for organised shelter"))
CHOICE_STREAM = np.uint64(stream_number("destination"))
LAG_STREAM = np.uint64(stream_number("registration lag"))


def plan(
    start: NDArray[np.int32],
    links_by_end: tuple[NDArray[np.int64], NDArray[np.int64]],
    cost: NDArray[np.float64],
    passable: NDArray[np.bool_],
    goals: NDArray[np.int32],
    hop: NDArray[np.int32],
    cost_to: NDArray[np.float64],
) -> None:
    """Least-cost ways from everywhere to every goal: hop[goal, place] is the link to take, cost_to its cost."""
    settle(start, *links_by_end, cost, passable, goals, no_moments(hop.shape[1]), hop, cost_to)


@kernel
def settle(
    start: NDArray[np.int32], links: NDArray[np.int64], first: NDArray[np.int64], cost: NDArray[np.float64],
    passable: NDArray[np.bool_], goals: NDArray[np.int32], heap: NDArray[Any], hop: NDArray[np.int32],
    cost_to: NDArray[np.float64],
) -> None:  # fmt: skip
    """Settle places in order of cost to each goal (Dijkstra 1959); links are in order of the place they end at."""
    for g in range(goals.size):
        for place in range(hop.shape[1]):
            hop[g, place], cost_to[g, place] = -1, np.inf
        cost_to[g, goals[g]] = 0.0
        expect(heap, goals[g], 0.0)
        while heap[heap.size - 1].spot > 0:
            nearest: Any = np.int64(heap[0].moment)
            expect(heap, nearest, NEVER)
            for i in links[first[nearest] : first[nearest + 1]]:
                through = cost_to[g, nearest] + cost[i]
                if passable[i] and through < cost_to[g, start[i]] - 1e-9:
                    cost_to[g, start[i]], hop[g, start[i]] = through, i
                    expect(heap, start[i], through)


@kernel
def choose_ways(
    queues: NDArray[Any], rows: NDArray[Any], is_open: NDArray[np.bool_], delay: NDArray[np.float64],
    start: NDArray[np.int32], links: NDArray[np.int64], first: NDArray[np.int64], goals: NDArray[np.int32],
    receptions: NDArray[np.int32], heap: NDArray[Any], hop: NDArray[np.int32], cost_to: NDArray[np.float64],
    shelters: Shelters, first_goal: NDArray[np.int32], admits: NDArray[np.int64], cost: NDArray[np.float64],
    passable: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Plan the ways of every category [category, ...] anew: links, costs, shelters within reach, the nearest reception.

    `admits` [link] gets a bit mask of the categories that may plan to take it: none where it is shut or at capacity 0;
    `cost` and `passable` [category, link] are filled. A category with the links of one before has its ways.
    """
    n = delay.size
    for link in range(n):
        q = queues[link]
        admits[link] = -1 if is_open[link] and q.gap_hours < NEVER else 0
        let_through: Any = np.int64(0 if q.n_rows > 0 else -1)
        for row in range(q.row, q.row + q.n_rows):
            let_through |= rows[row].admits
        admits[link] &= let_through
        cost[link] = q.free_hours[CAR] + delay[link]
    for category in range(hop.shape[0]):
        same = -1
        for other in range(category):
            is_same = same < 0
            for link in range(n):
                is_same &= (admits[link] >> category & 1) == (admits[link] >> other & 1)
            same = other if is_same else same
        if same >= 0:
            for place in range(hop.shape[2]):
                first_goal[category, place] = first_goal[same, place]
                for g in range(goals.size):
                    hop[category, g, place] = hop[same, g, place]
                    cost_to[category, g, place] = cost_to[same, g, place]
                for s in range(shelters.goal.size):
                    shelters.reachable[category, place, s] = shelters.reachable[same, place, s]
            continue
        for link in range(n):
            passable[link] = admits[link] >> category & 1
        settle(start, links, first, cost, passable, goals, heap, hop[category], cost_to[category])
        for place in range(hop.shape[2]):
            for s in range(shelters.goal.size):
                shelters.reachable[category, place, s] = cost_to[category, shelters.goal[s], place] < np.inf
            nearest, least = -1, np.inf
            for goal in receptions:
                if cost_to[category, goal, place] < least:
                    nearest, least = goal, cost_to[category, goal, place]
            first_goal[category, place] = nearest


class Shelters(NamedTuple):
    """Where a journey may end; S shelters, P places."""

    place: NDArray[np.int32]  # [shelter]
    goal: NDArray[np.int32]  # [shelter] index among goals
    at: NDArray[np.int32]  # [place] shelter, -1 if none
    pull: NDArray[np.float64]  # [shelter] persons: ties
    room: NDArray[np.float64]  # [shelter] persons that organised shelter can still take
    nearness: NDArray[np.float64]  # [place, shelter] km to the power -distance_exponent
    reachable: NDArray[np.bool_]  # [category, place, shelter]
    asks: NDArray[np.int8]  # [party] 1 = asks for organised shelter


@kernel
def weight_of(shelters: Shelters, category: int, place: int, shelter: int, asks: bool) -> float:
    """Pull of a shelter on a party at a place: room left if it asks for shelter, else ties; both fall with distance."""
    if not shelters.reachable[category, place, shelter]:
        return 0.0
    pull = max(shelters.room[shelter], 0.0) if asks else shelters.pull[shelter]
    return float(pull * shelters.nearness[place, shelter])


@kernel
def choose_shelter(parties: Travellers, party: int, place: int, shelters: Shelters, seed: np.uint64) -> int:
    """The goal a party goes on to, -1 if none can be reached; its room is kept. Without room left, ties decide."""
    asks, total, category = shelters.asks[party] == 1, 0.0, parties.rows[party].category
    for s in range(shelters.pull.size):
        total += weight_of(shelters, category, place, s, asks)
    if asks and total <= 0.0:
        asks = not asks
        for s in range(shelters.pull.size):
            total += weight_of(shelters, category, place, s, asks)
    mark, choice = own_draw(parties, party, CHOICE_STREAM, seed) * total, -1
    for s in range(shelters.pull.size):
        weight = weight_of(shelters, category, place, s, asks)
        if weight > 0.0:
            choice = s
            mark -= weight
            if mark <= 0.0:
                break
    if choice < 0:
        return -1
    shelters.asks[party] = asks
    if asks:
        shelters.room[choice] -= parties.rows[party].persons
    return int(shelters.goal[choice])


@kernel
def send_on(
    parties: Travellers, party: int, shelters: Shelters, stay_hours: float,
    calendar_queue: NDArray[np.int32], now: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """A party at reception chooses where to go on to, if anything can be reached; else it stays and is asked again."""
    goal = choose_shelter(parties, party, parties.rows[party].at, shelters, seed)
    if goal >= 0:
        parties.rows[party].mode = CAR
        parties.rows[party].destination = goal
        parties.rows[party].ready += stay_hours
        schedule(parties, calendar_queue, party, max(parties.rows[party].ready, now), width)


@kernel
def ask_again(
    parties: Travellers, goals: NDArray[np.int32], shelters: Shelters, stay_hours: float,
    calendar_queue: NDArray[np.int32], now: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """Those who stay at reception as they could reach nothing choose again."""
    for party in range(parties.rows.size):
        if parties.rows[party].state == RECEIVED and goals[parties.rows[party].destination] == parties.rows[party].at:
            send_on(parties, party, shelters, stay_hours, calendar_queue, now, width, seed)


@kernel
def keep_room(parties: Travellers, party: int, shelters: Shelters) -> None:
    """Room is kept for a party that is taken to a shelter it did not choose; where none is left it asks for none."""
    for s in range(shelters.goal.size):
        if shelters.goal[s] == parties.rows[party].destination and shelters.asks[party] == 1:
            if shelters.room[s] > 0:
                shelters.room[s] -= parties.rows[party].persons
            else:
                shelters.asks[party] = 0


@kernel
def receive(
    parties: Travellers,
    arrived: NDArray[np.int32],
    is_reception: NDArray[np.bool_],
    shelters: Shelters,
    there: NDArray[np.float64],
    registered: NDArray[np.float64],
    lag_hours: float,
    stay_hours: float,
    bin_hours: float,
    calendar_queue: NDArray[np.int32],
    now: float,
    width: float,
    seed: np.uint64,
) -> None:
    """Those who reached a goal are home again, sheltered, or registered and sent on.

    At a place that is no shelter a party is registered (with a lag: what a register would have reported), chooses
    where to go, and is written into the calendar queue to go on after `stay_hours`, in a vehicle of whatever kind.
    """
    for one in arrived:
        party: Any = np.int64(one)
        place = parties.rows[party].at
        there[THERE, place] += parties.rows[party].persons
        if place == parties.rows[party].home:
            parties.rows[party].state = HOME_AGAIN
        elif shelters.at[place] >= 0:
            is_organised = shelters.asks[party] == 1
            parties.rows[party].state = SHELTERED if is_organised else OWN_PLACE
            there[IN_SHELTER if is_organised else IN_OWN_PLACE, place] += parties.rows[party].persons
        else:
            if is_reception[place]:
                lag = -np.log(own_draw(parties, party, LAG_STREAM, seed)) * lag_hours
                page = int((parties.rows[party].ready + lag) / bin_hours)
                if page < registered.shape[1]:
                    registered[place, page] += parties.rows[party].persons
            parties.rows[party].state = RECEIVED
            send_on(parties, party, shelters, stay_hours, calendar_queue, now, width, seed)

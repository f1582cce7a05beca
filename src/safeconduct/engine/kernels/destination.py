"""Which way, and to which shelter? Least-cost ways to every goal, the choice of a destination, reception."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel
from safeconduct.engine.kernels.people import HOME_AGAIN, OWN_PLACE, RECEIVED, SHELTERED, own_draw, schedule
from safeconduct.engine.kernels.queues import CAR, NEVER, Travellers, expect
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
    n_places = hop.shape[1]
    due, heap, spot = np.empty(n_places), np.zeros(n_places + 1, np.int32), np.full(n_places, -1, np.int32)
    settle(start, *links_by_end, cost, passable, goals, due, heap, spot, hop, cost_to)


@kernel
def settle(
    start: NDArray[np.int32], links: NDArray[np.int64], first: NDArray[np.int64], cost: NDArray[np.float64],
    passable: NDArray[np.bool_], goals: NDArray[np.int32], due: NDArray[np.float64], heap: NDArray[np.int32],
    spot: NDArray[np.int32], hop: NDArray[np.int32], cost_to: NDArray[np.float64],
) -> None:  # fmt: skip
    """Settle places in order of cost to each goal (Dijkstra 1959); links are in order of the place they end at."""
    for g in range(goals.size):
        for place in range(hop.shape[1]):
            hop[g, place], cost_to[g, place] = -1, np.inf
        cost_to[g, goals[g]] = 0.0
        expect(due, heap, spot, goals[g], 0.0)
        while heap[heap.size - 1] > 0:
            place = heap[0]
            expect(due, heap, spot, place, NEVER)
            for i in links[first[place] : first[place + 1]]:
                through = cost_to[g, place] + cost[i]
                if passable[i] and through < cost_to[g, start[i]] - 1e-9:
                    cost_to[g, start[i]], hop[g, start[i]] = through, i
                    expect(due, heap, spot, start[i], through)


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
    here: NDArray[np.float64],
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
        here[place] += parties.rows[party].persons
        if place == parties.rows[party].home:
            parties.rows[party].state = HOME_AGAIN
        elif shelters.at[place] >= 0:
            parties.rows[party].state = SHELTERED if shelters.asks[party] == 1 else OWN_PLACE
        else:
            if is_reception[place]:
                lag = -np.log(own_draw(parties, party, LAG_STREAM, seed)) * lag_hours
                page = int((parties.rows[party].ready + lag) / bin_hours)
                if page < registered.shape[1]:
                    registered[place, page] += parties.rows[party].persons
            parties.rows[party].state = RECEIVED
            send_on(parties, party, shelters, stay_hours, calendar_queue, now, width, seed)

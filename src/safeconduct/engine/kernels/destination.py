"""Which way, and under which roof? Least-cost ways to every goal, the choice of a destination, reception."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel
from safeconduct.engine.kernels.people import HOME_AGAIN, OWN_ROOF, RECEIVED, SHELTERED, own_draw, schedule
from safeconduct.engine.kernels.queues import CAR, Travellers
from safeconduct.terms import stream_number

ROOF_STREAM = np.uint64(stream_number("asks for organised shelter"))
CHOICE_STREAM = np.uint64(stream_number("destination"))
LAG_STREAM = np.uint64(stream_number("registration lag"))


@kernel
def plan(
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    cost: NDArray[np.float64],
    passable: NDArray[np.bool_],
    goals: NDArray[np.int32],
    hop: NDArray[np.int32],
    cost_to: NDArray[np.float64],
) -> None:
    """Least-cost ways from everywhere to every goal: hop[goal, place] is the link to take, cost_to its cost.

    Labels are corrected until none changes (Bellman 1958); a few dozen places need no heap.
    """
    for g in range(goals.size):
        for place in range(hop.shape[1]):
            hop[g, place], cost_to[g, place] = -1, np.inf
        cost_to[g, goals[g]] = 0.0
        changed = True
        while changed:
            changed = False
            for i in range(start.size):
                if passable[i]:
                    through = cost_to[g, end[i]] + cost[i]
                    if through < cost_to[g, start[i]] - 1e-9:
                        cost_to[g, start[i]], hop[g, start[i]] = through, i
                        changed = True


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
def weight_of(houses: Shelters, category: int, place: int, shelter: int, asks: bool) -> float:
    """Pull of a shelter on a party at a place: room left if it asks for shelter, else ties; both fall with distance."""
    if not houses.reachable[category, place, shelter]:
        return 0.0
    pull = max(houses.room[shelter], 0.0) if asks else houses.pull[shelter]
    return float(pull * houses.nearness[place, shelter])


@kernel
def choose_shelter(men: Travellers, party: int, place: int, houses: Shelters, seed: np.uint64) -> int:
    """The goal a party goes on to, -1 if none can be reached; its room is kept. Without room left, ties decide."""
    asks, total, category = houses.asks[party] == 1, 0.0, men.rows[party].category
    for s in range(houses.pull.size):
        total += weight_of(houses, category, place, s, asks)
    if asks and total <= 0.0:
        asks = False
        for s in range(houses.pull.size):
            total += weight_of(houses, category, place, s, asks)
    mark, choice = own_draw(men, party, CHOICE_STREAM, seed) * total, -1
    for s in range(houses.pull.size):
        weight = weight_of(houses, category, place, s, asks)
        if weight > 0.0:
            choice = s
            mark -= weight
            if mark <= 0.0:
                break
    if choice < 0:
        return -1
    houses.asks[party] = asks
    if asks:
        houses.room[choice] -= men.rows[party].persons
    return int(houses.goal[choice])


@kernel
def send_on(
    men: Travellers, party: int, houses: Shelters, stay_hours: float,
    bucket: NDArray[np.int32], now: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """A party at reception chooses where to go on to, if anything can be reached; else it stays and is asked again."""
    goal = choose_shelter(men, party, men.rows[party].at, houses, seed)
    if goal >= 0:
        men.rows[party].mode = CAR
        men.rows[party].destination = goal
        men.rows[party].ready += stay_hours
        schedule(men, bucket, party, max(men.rows[party].ready, now), width)


@kernel
def ask_again(
    men: Travellers, goals: NDArray[np.int32], houses: Shelters, stay_hours: float,
    bucket: NDArray[np.int32], now: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """Those who stay at reception as they could reach nothing choose again."""
    for party in range(men.rows.size):
        if men.rows[party].state == RECEIVED and goals[men.rows[party].destination] == men.rows[party].at:
            send_on(men, party, houses, stay_hours, bucket, now, width, seed)


@kernel
def keep_room(men: Travellers, party: int, houses: Shelters) -> None:
    """Room is kept for a party that is taken to a shelter it did not choose; where none is left it asks for none."""
    for s in range(houses.goal.size):
        if houses.goal[s] == men.rows[party].destination and houses.asks[party] == 1:
            if houses.room[s] > 0:
                houses.room[s] -= men.rows[party].persons
            else:
                houses.asks[party] = 0


@kernel
def receive(
    men: Travellers,
    arrived: NDArray[np.int32],
    is_reception: NDArray[np.bool_],
    houses: Shelters,
    here: NDArray[np.float64],
    registered: NDArray[np.float64],
    lag_hours: float,
    stay_hours: float,
    bin_hours: float,
    bucket: NDArray[np.int32],
    now: float,
    width: float,
    seed: np.uint64,
) -> None:
    """Those who reached a goal are home again, sheltered, or registered and sent on.

    At a place that is no shelter a party is registered (with a lag: what a register would have reported), chooses
    where to go, and is written into the diary to go on after `stay_hours`, in a vehicle of whatever kind.
    """
    for party in arrived:
        place = men.rows[party].at
        here[place] += men.rows[party].persons
        if place == men.rows[party].home:
            men.rows[party].state = HOME_AGAIN
        elif houses.at[place] >= 0:
            men.rows[party].state = SHELTERED if houses.asks[party] == 1 else OWN_ROOF
        else:
            if is_reception[place]:
                lag = -np.log(own_draw(men, party, LAG_STREAM, seed)) * lag_hours
                page = int((men.rows[party].ready + lag) / bin_hours)
                if page < registered.shape[1]:
                    registered[place, page] += men.rows[party].persons
            men.rows[party].state = RECEIVED
            send_on(men, party, houses, stay_hours, bucket, now, width, seed)

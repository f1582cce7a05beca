"""Which way, and to which shelter? Least-cost ways to every goal, the choice of a destination, reception."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import inner_kernel, kernel, part_of_kernel, phase_kernel
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
from safeconduct.engine.kernels.queues import CAR, NEVER, Travellers, expect
from safeconduct.terms import stream_number

SHELTER_STREAM = np.uint64(stream_number("asks for organised shelter"))
CHOICE_STREAM = np.uint64(stream_number("destination"))
LAG_STREAM = np.uint64(stream_number("registration lag"))


class Ways(NamedTuple):
    """Which links lead where, and the least-cost ways to G goals as they were found last."""

    start: NDArray[np.int32]  # [link] place; links are in order of it, and then of their end
    end: NDArray[np.int32]  # [link] place
    by_end: NDArray[np.int64]  # links in order of the place where they end
    first_by_end: NDArray[np.int64]  # [place + 1] where those that end there begin in that order
    first: NDArray[np.int64]  # [place + 1] where those that start there begin
    goals: NDArray[np.int32]  # [goal] place
    hop: NDArray[np.int32]  # [category, goal, place] link to take
    cost_to: NDArray[np.float64]  # [category, goal, place] cost of the way
    cost: NDArray[np.float64]  # [link] then; not a number before ways were found
    passable: NDArray[np.bool_]  # [category, link] then


@kernel
def replan(
    ways: Ways, category: int, cost: NDArray[np.float64], passable: NDArray[np.bool_], changed: NDArray[np.int32],
    heap: NDArray[Any],
) -> bool:  # fmt: skip
    """Find the least-cost ways of a category from everywhere to every goal. Returns whether any may differ.

    A goal is left alone where no way to it can differ: where every place with a link of another cost than before would
    be settled as it was, given that all before it were. `changed` [place] is filled with these places.
    """
    n_changed = 0
    for link in range(cost.size):
        is_other = passable[link] and cost[link] != ways.cost[link]
        is_other |= passable[link] != ways.passable[category, link]
        if is_other and (n_changed == 0 or changed[n_changed - 1] != ways.start[link]):
            changed[n_changed] = ways.start[link]
            n_changed += 1
    is_in_order = rises(ways.cost, ways.passable[category]) and rises(cost, passable)
    differs = False
    for g in range(ways.goals.size):
        is_same = is_in_order and ways.cost_to[category, g, ways.goals[g]] == 0.0
        for i in range(n_changed):
            is_same = is_same and (
                changed[i] == ways.goals[g] or settles_alike(ways, category, g, changed[i], cost, passable)
            )
        if not is_same:
            settle(ways, category, g, cost, passable, heap)
            differs = True
    for link in range(cost.size):
        ways.passable[category, link] = passable[link]
    return differs


@part_of_kernel
def rises(cost: NDArray[np.float64], passable: NDArray[np.bool_]) -> bool:
    """Whether one link more always costs more, rounding included: then places are settled in order of cost."""
    least, total = np.inf, 0.0
    for link in range(cost.size):
        if passable[link]:
            least, total = min(least, cost[link]), total + cost[link]
    return bool(least > 1e-15 * total)  # nothing compares with what is no number


@inner_kernel
def settles_alike(
    ways: Ways, category: int, g: int, place: int, cost: NDArray[np.float64], passable: NDArray[np.bool_]
) -> bool:
    """Whether a place gets the cost and link it has: its links are tried in the order in which their ends settle."""
    here, hop, due, last = np.inf, -1, -1.0, -1
    for _ in range(ways.first[place], ways.first[place + 1]):
        link = -1
        for i in range(ways.first[place], ways.first[place + 1]):
            when = ways.cost_to[category, g, ways.end[i]]
            is_later = when > due or (when == due and i > last)
            if is_later and (link < 0 or when < ways.cost_to[category, g, ways.end[link]]):
                link = i
        last, due = link, ways.cost_to[category, g, ways.end[link]]
        if due >= ways.cost_to[category, g, place]:
            break
        if passable[link] and due + cost[link] < here - 1e-9:
            here, hop = due + cost[link], link
    return bool(here == ways.cost_to[category, g, place] and hop == ways.hop[category, g, place])


@inner_kernel
def settle(
    ways: Ways, category: int, g: int, cost: NDArray[np.float64], passable: NDArray[np.bool_], heap: NDArray[Any]
) -> None:
    """Settle places in order of cost to a goal (Dijkstra 1959)."""
    hop, cost_to, start = ways.hop[category, g], ways.cost_to[category, g], ways.start
    hop[:], cost_to[:] = -1, np.inf
    goal: Any = np.int64(ways.goals[g])
    cost_to[goal] = 0.0
    expect(heap, goal, 0.0)
    while heap[heap.size - 1].spot > 0:
        nearest: Any = np.int64(heap[0].moment)
        expect(heap, nearest, NEVER)
        for i in ways.by_end[ways.first_by_end[nearest] : ways.first_by_end[nearest + 1]]:
            place: Any = np.int64(start[i])
            through = cost_to[nearest] + cost[i]
            if passable[i] and through < cost_to[place] - 1e-9:
                cost_to[place], hop[place] = through, i
                expect(heap, place, through)


@phase_kernel
def choose_ways(
    queues: NDArray[Any], rows: NDArray[Any], is_open: NDArray[np.bool_], delay: NDArray[np.float64],
    ways: Ways, receptions: NDArray[np.int32], heap: NDArray[Any], shelters: Shelters, first_goal: NDArray[np.int32],
    admits: NDArray[np.int64], cost: NDArray[np.float64], passable: NDArray[np.bool_], changed: NDArray[np.int32],
) -> None:  # fmt: skip
    """Plan the ways of every category [category, ...] anew: links, costs, shelters within reach, the nearest reception.

    `admits` [link] gets a bit mask of the categories that may plan to take it: none where it is shut or at capacity 0;
    `cost`, `passable` [link] and `changed` [place] are filled. A category with the links of one before has its ways.
    """
    n, hop, cost_to = delay.size, ways.hop, ways.cost_to
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
                for g in range(ways.goals.size):
                    hop[category, g, place] = hop[same, g, place]
                    cost_to[category, g, place] = cost_to[same, g, place]
                for s in range(shelters.goal.size):
                    shelters.reachable[category, place, s] = shelters.reachable[same, place, s]
            for link in range(n):
                ways.passable[category, link] = ways.passable[same, link]
            continue
        for link in range(n):
            passable[link] = admits[link] >> category & 1
        if not replan(ways, category, cost, passable, changed, heap):
            continue
        for place in range(hop.shape[2]):
            for s in range(shelters.goal.size):
                shelters.reachable[category, place, s] = cost_to[category, shelters.goal[s], place] < np.inf
            nearest, least = -1, np.inf
            for goal in receptions:
                if cost_to[category, goal, place] < least:
                    nearest, least = goal, cost_to[category, goal, place]
            first_goal[category, place] = nearest
    for link in range(n):
        ways.cost[link] = cost[link]


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


@inner_kernel
def weight_of(shelters: Shelters, category: int, place: int, shelter: int, asks: bool) -> float:
    """Pull of a shelter on a party at a place: room left if it asks for shelter, else ties; both fall with distance."""
    if not shelters.reachable[category, place, shelter]:
        return 0.0
    pull = max(shelters.room[shelter], 0.0) if asks else shelters.pull[shelter]
    return float(pull * shelters.nearness[place, shelter])


@inner_kernel
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


@inner_kernel
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


@phase_kernel
def ask_again(
    parties: Travellers, goals: NDArray[np.int32], shelters: Shelters, stay_hours: float,
    calendar_queue: NDArray[np.int32], now: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """Those who stay at reception as they could reach nothing choose again."""
    for party in range(parties.rows.size):
        if parties.rows[party].state == RECEIVED and goals[parties.rows[party].destination] == parties.rows[party].at:
            send_on(parties, party, shelters, stay_hours, calendar_queue, now, width, seed)


@inner_kernel
def keep_room(parties: Travellers, party: int, shelters: Shelters) -> None:
    """Room is kept for a party that is taken to a shelter it did not choose; where none is left it asks for none."""
    for s in range(shelters.goal.size):
        if shelters.goal[s] == parties.rows[party].destination and shelters.asks[party] == 1:
            if shelters.room[s] > 0:
                shelters.room[s] -= parties.rows[party].persons
            else:
                shelters.asks[party] = 0


@phase_kernel
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

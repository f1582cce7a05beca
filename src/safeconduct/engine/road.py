"""How far? Vehicles on links with room and capacity, exact in time whatever the step.

Every link obeys Newell's two limits (Newell 1993; Yperman 2007, link transmission): a vehicle leaves no earlier than its
free-flow time after it entered, and enters no earlier than the moment at which the gap left by the vehicle one
storage ahead has travelled back to the start of the link. Capacity holds at both ends; order on a link is first in,
first out. Where links meet, turns go by priority. Vehicles move one at a time in order of time (a heap over links), so
a step only says when people look up, never when a vehicle moves.

A *queue* is a link, or one of three helpers that are handled alike:
  connector  the queue of those who start a journey onto a link; takes no room
  hold       where a category waits apart from others before its checkpoint; takes no room
  booth      a checkpoint's place for one vehicle at a time, whose "free-flow time" is the time of service
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safeconduct.engine.random import HALF, uniform

LINK, CONNECTOR, HOLD, BOOTH = 0, 1, 2, 3
CAR, BUS, FOOT = 0, 1, 2
LEAVE_ROAD, NO_WAY = -1, -2
NEVER = np.inf


class Roads(NamedTuple):
    """Everything the road kernels read and write; Q queues, R checkpoint rows, D destinations, N places."""

    kind: NDArray[np.int8]  # [queue]
    node: NDArray[np.int32]  # [queue] place at its downstream end (connector: the start of its link)
    link: NDArray[np.int32]  # [queue] the link it belongs to
    head: NDArray[np.int32]  # [queue] first party, -1 if empty
    tail: NDArray[np.int32]
    key: NDArray[np.float64]  # [queue] earliest hour at which the head may move, as far as is known
    turn: NDArray[np.float64]  # [queue] turns taken at merges, weighted by priority
    served: NDArray[np.float64]  # [queue] turn of the last vehicle let in
    priority: NDArray[np.float64]
    last_ready: NDArray[np.float64]
    exit_free: NDArray[np.float64]  # hour from which the next vehicle may leave
    entry_free: NDArray[np.float64]
    gap_hours: NDArray[np.float64]  # hours between vehicles at capacity; inf = nothing passes
    is_open: NDArray[np.int8]  # whether vehicles may enter
    units_in: NDArray[np.int64]  # cumulative entries, in cars
    units_out: NDArray[np.int64]
    storage: NDArray[np.int64]  # cars that fit; 0 = no limit
    ring_start: NDArray[np.int64]  # where its exit times stand in `ring`
    wave_hours: NDArray[np.float64]  # for a gap to travel back over the link
    free_hours: NDArray[np.float64]  # [queue, mode]
    wants: NDArray[np.int32]  # queue that a blocked head waits for
    crossing: NDArray[np.int32]  # counted crossing at its end, -1 if none
    first_row: NDArray[np.int32]  # [queue] first checkpoint row at the end of a link, -1 if none
    n_rows: NDArray[np.int32]
    feeder_start: NDArray[np.int32]  # [place + 1] queues that end at a place: feeders[start:stop]
    feeders: NDArray[np.int32]
    connector: NDArray[np.int32]  # [queue] the connector of a link
    row_hold: NDArray[np.int32]  # [row] queue, -1 where the link has one row only
    row_booth: NDArray[np.int32]  # [row] first booth
    row_booths: NDArray[np.int32]
    row_hours: NDArray[np.float64]  # [row] mean service time
    row_varies: NDArray[np.int8]  # [row] 1 = exponential service
    row_admits: NDArray[np.int64]  # [row] bit mask of categories
    row_open: NDArray[np.int8]
    row_stream: NDArray[np.uint64]
    booth_feeder: NDArray[np.int32]  # [queue] queue that feeds a booth
    heap: NDArray[np.int32]
    place_in_heap: NDArray[np.int32]  # [queue] -1 = not in the heap
    n_heap: NDArray[np.int64]  # [1]
    ring: NDArray[np.float64]  # exit times of the last `storage` cars of each link
    next_hop: NDArray[np.int32]  # [category, destination, place] link to take, -1 = no open way
    crossed_persons: NDArray[np.float64]  # [crossing, bin] persons who crossed in that interval
    crossed_vehicles: NDArray[np.float64]
    crossed_wait: NDArray[np.float64]  # person-hours from leaving to crossing
    bin_hours: NDArray[np.float64]  # [1] length of an interval


class Travellers(NamedTuple):
    """The parties' columns that the road needs."""

    at: NDArray[np.int16]  # [party] place, or queue while on the road
    state: NDArray[np.int8]
    mode: NDArray[np.int8]
    category: NDArray[np.int8]
    persons: NDArray[np.int16]
    home: NDArray[np.int16]
    destination: NDArray[np.int16]  # index among destinations
    next: NDArray[np.int32]  # the party behind in the same queue
    rider: NDArray[np.int32]  # the next party on the same bus, -1 = none
    ready: NDArray[np.float64]  # hour at which it has driven its link, freely
    left: NDArray[np.float32]  # hour of leaving for good; NaN before
    crossed: NDArray[np.float32]  # hour of the first counted crossing; NaN before
    slot: NDArray[np.int64]  # [place] party number of the first party of each home
    code: NDArray[np.uint64]  # [place] code of the place


@njit(cache=True, inline="always")
def sooner(roads: Roads, a: int, b: int) -> bool:
    """Whether queue a acts before queue b: by time, then by turn, then by number."""
    if roads.key[a] != roads.key[b]:
        return bool(roads.key[a] < roads.key[b])
    if roads.turn[a] != roads.turn[b]:
        return bool(roads.turn[a] < roads.turn[b])
    return a < b


@njit(cache=True)
def sift(roads: Roads, queue: int) -> None:
    """Put a queue where it belongs in the heap after its key or turn changed; out of it when it can never act."""
    heap, place, n = roads.heap, roads.place_in_heap, roads.n_heap
    i = place[queue]
    if roads.key[queue] == NEVER:
        if i < 0:
            return
        n[0] -= 1
        last = heap[n[0]]
        place[queue] = -1
        if last == queue:
            return
        heap[i] = last
        place[last] = i
        queue = last
    elif i < 0:
        i = n[0]
        n[0] += 1
    while i > 0:
        parent = (i - 1) >> 1
        other = heap[parent]
        if not sooner(roads, queue, other):
            break
        heap[i] = other
        place[other] = i
        i = parent
    while True:
        child = 2 * i + 1
        if child >= n[0]:
            break
        if child + 1 < n[0] and sooner(roads, heap[child + 1], heap[child]):
            child += 1
        other = heap[child]
        if not sooner(roads, other, queue):
            break
        heap[i] = other
        place[other] = i
        i = child
    heap[i] = queue
    place[queue] = i


@njit(cache=True, inline="always")
def units_of(mode: int, bus_units: int) -> int:
    """Room that a vehicle takes, in cars."""
    return bus_units if mode == BUS else 1


@njit(cache=True)
def row_for(roads: Roads, queue: int, category: int) -> int:
    """The checkpoint row at the end of a link that lets this category through; -1 if none does."""
    for row in range(roads.first_row[queue], roads.first_row[queue] + roads.n_rows[queue]):
        if (roads.row_admits[row] >> category) & 1:
            return int(row)
    return -1


@njit(cache=True)
def free_booth(roads: Roads, row: int) -> int:
    """The first empty booth of a checkpoint row, else its first one."""
    first = roads.row_booth[row]
    for booth in range(first, first + roads.row_booths[row]):
        if roads.head[booth] < 0:
            return int(booth)
    return int(first)


@njit(cache=True)
def next_queue(roads: Roads, men: Travellers, queue: int, party: int, goals: NDArray[np.int32]) -> int:
    """Where the head of a queue goes next: a queue, LEAVE_ROAD or NO_WAY."""
    kind = roads.kind[queue]
    if kind == CONNECTOR:
        return int(roads.link[queue])
    if kind == LINK and roads.n_rows[queue] > 0:
        row = row_for(roads, queue, men.category[party])
        if row < 0:
            return NO_WAY
        return int(roads.row_hold[row]) if roads.row_hold[row] >= 0 else free_booth(roads, row)
    if kind == HOLD:
        return free_booth(roads, roads.first_row[queue])
    node, goal = roads.node[queue], men.destination[party]
    if goals[goal] == node:
        return LEAVE_ROAD
    hop = roads.next_hop[men.category[party], goal, node]
    return int(hop) if hop >= 0 else NO_WAY


@njit(cache=True)
def moment(roads: Roads, queue: int, target: int, ready: float, units: int) -> float:
    """The hour at which the head of a queue may enter its target, as things stand; NEVER while it is blocked."""
    if target == NO_WAY or roads.gap_hours[queue] == NEVER:
        return NEVER
    hour = max(ready, roads.exit_free[queue])
    if target == LEAVE_ROAD:
        return float(hour)
    if roads.is_open[target] == 0 or roads.gap_hours[target] == NEVER:
        return NEVER
    if roads.kind[target] == BOOTH:
        if roads.head[target] >= 0:
            return NEVER
        return float(max(hour, roads.exit_free[target]))
    hour = max(hour, roads.entry_free[target])
    storage = roads.storage[target]
    if storage > 0:
        needed = roads.units_in[target] + min(units, storage) - storage
        if needed > roads.units_out[target]:
            return NEVER
        if needed > 0:
            left = roads.ring[roads.ring_start[target] + (needed - 1) % storage]
            hour = max(hour, left + roads.wave_hours[target])
    return float(hour)


@njit(cache=True)
def wake(roads: Roads, queue: int, blocked_on: int, hour: float) -> None:
    """Let a blocked head look again, from this hour on."""
    if roads.head[queue] >= 0 and roads.key[queue] == NEVER and roads.wants[queue] == blocked_on:
        roads.key[queue] = hour
        sift(roads, queue)


@njit(cache=True)
def wake_feeders(roads: Roads, queue: int, hour: float) -> None:
    """Room has come free in a queue: whoever waits for it may look again."""
    if roads.kind[queue] == BOOTH:
        feeder = roads.booth_feeder[queue]
        if roads.head[feeder] >= 0 and roads.key[feeder] == NEVER:
            roads.key[feeder] = hour
            sift(roads, feeder)
    elif roads.storage[queue] > 0:
        wake(roads, roads.connector[queue], queue, hour)
        start = roads.node[roads.connector[queue]]
        for i in range(roads.feeder_start[start], roads.feeder_start[start + 1]):
            wake(roads, roads.feeders[i], queue, hour)


@njit(cache=True)
def wake_all(roads: Roads, hour: float) -> None:
    """Something was opened, closed or changed: every blocked head looks again."""
    for queue in range(roads.head.size):
        if roads.head[queue] >= 0 and roads.key[queue] == NEVER:
            roads.key[queue] = hour
            sift(roads, queue)


@njit(cache=True)
def join(roads: Roads, men: Travellers, queue: int, party: int, ready: float) -> None:
    """Put a party at the end of a queue, ready to leave it at an hour but never before the one ahead."""
    ready = max(ready, roads.last_ready[queue])
    roads.last_ready[queue] = ready
    men.ready[party] = ready
    men.at[party] = queue
    men.next[party] = -1
    if roads.head[queue] < 0:
        roads.head[queue] = party
        roads.key[queue] = ready
        sift(roads, queue)
    else:
        men.next[roads.tail[queue]] = party
    roads.tail[queue] = party


@njit(cache=True)
def leave(roads: Roads, men: Travellers, queue: int, hour: float, units: int) -> None:
    """Take the head out of a queue and tell those who wait for its room."""
    party = roads.head[queue]
    roads.head[queue] = men.next[party]
    roads.exit_free[queue] = hour + units * roads.gap_hours[queue]
    storage = roads.storage[queue]
    if storage > 0:
        for _ in range(min(units, storage)):
            roads.ring[roads.ring_start[queue] + roads.units_out[queue] % storage] = hour
            roads.units_out[queue] += 1
    if roads.head[queue] >= 0:
        roads.key[queue] = max(men.ready[roads.head[queue]], roads.exit_free[queue])
    else:
        roads.key[queue] = NEVER
    sift(roads, queue)
    wake_feeders(roads, queue, hour)


@njit(cache=True)
def count_crossing(roads: Roads, men: Travellers, crossing: int, party: int, hour: float) -> None:
    """Book a vehicle, and everyone in it, at a counted crossing."""
    interval = min(int(hour / roads.bin_hours[0]), roads.crossed_persons.shape[1] - 1)
    roads.crossed_vehicles[crossing, interval] += 1.0 if men.mode[party] != FOOT else 0.0
    rider = party
    while rider >= 0:
        roads.crossed_persons[crossing, interval] += men.persons[rider]
        if np.isnan(men.crossed[rider]):
            men.crossed[rider] = hour
            roads.crossed_wait[crossing, interval] += men.persons[rider] * (hour - men.left[rider])
        rider = men.rider[rider]


@njit(cache=True)
def service_hours(roads: Roads, men: Travellers, row: int, party: int, seed: np.uint64) -> float:
    """Time at a booth for one vehicle: fixed, or exponential with the party's own draw."""
    if roads.row_varies[row] == 0:
        return float(roads.row_hours[row])
    home = men.home[party]
    slot = (men.code[home] << HALF) | np.uint64(party - men.slot[home])
    return float(-np.log(uniform(seed, roads.row_stream[row], slot, np.uint64(0))) * roads.row_hours[row])


@njit(cache=True)
def take_turn(roads: Roads, queue: int, target: int, units: int) -> None:
    """Book a turn at a merge. Who has long not come does not save up turns."""
    turn = max(roads.turn[queue], roads.served[target])
    roads.served[target] = turn
    roads.turn[queue] = turn + units / roads.priority[queue]


@njit(cache=True)
def enter(roads: Roads, men: Travellers, target: int, party: int, hour: float, units: int, seed: np.uint64) -> None:
    """Let a vehicle into a link, a hold or a booth."""
    roads.entry_free[target] = hour + units * roads.gap_hours[target]
    roads.units_in[target] += min(units, roads.storage[target]) if roads.storage[target] > 0 else units
    if roads.kind[target] == BOOTH:
        stay = service_hours(roads, men, roads.first_row[target], party, seed)
        roads.last_ready[target] = hour
    else:
        stay = roads.free_hours[target, men.mode[party]]
    join(roads, men, target, party, hour + stay)


@njit(cache=True)
def travel_until(
    roads: Roads,
    men: Travellers,
    goals: NDArray[np.int32],
    arrived: NDArray[np.int32],
    end: float,
    bus_units: int,
    seed: np.uint64,
    arrived_state: int,
) -> int:
    """Move vehicles in order of time until `end`; list those who reach their destination. Returns how many.

    A party that arrives keeps the hour in `ready`. Reading order: who acts next, where to, may it yet, then move.
    """
    n_arrived = 0
    while roads.n_heap[0] > 0:
        queue = roads.heap[0]
        if roads.key[queue] > end:
            break
        party = roads.head[queue]
        units = units_of(men.mode[party], bus_units)
        target = next_queue(roads, men, queue, party, goals)
        hour = moment(roads, queue, target, men.ready[party], units)
        if hour > roads.key[queue]:
            roads.key[queue] = hour
            roads.wants[queue] = target
            sift(roads, queue)
            continue
        hour = roads.key[queue]
        if target >= 0:
            take_turn(roads, queue, target, units)
        leave(roads, men, queue, hour, units)
        if roads.crossing[queue] >= 0 and (roads.kind[queue] == BOOTH or roads.n_rows[queue] == 0):
            count_crossing(roads, men, roads.crossing[queue], party, hour)
        if target == LEAVE_ROAD:
            node = roads.node[queue]
            while party >= 0:
                men.at[party] = node
                men.state[party] = arrived_state
                men.ready[party] = hour
                arrived[n_arrived] = party
                n_arrived += 1
                rider = men.rider[party]
                men.rider[party] = -1
                party = rider
        else:
            enter(roads, men, target, party, hour, units, seed)
    return n_arrived


@njit(cache=True)
def count_lines(roads: Roads, behind: NDArray[np.int32]) -> NDArray[np.float64]:
    """[queue] vehicles in every queue."""
    vehicles = np.zeros(roads.head.size)
    for queue in range(roads.head.size):
        party = roads.head[queue]
        while party >= 0:
            vehicles[queue] += 1.0
            party = behind[party]
    return vehicles


@njit(cache=True)
def set_out(
    roads: Roads,
    men: Travellers,
    parties: NDArray[np.int32],
    hours: NDArray[np.float64],
) -> None:
    """Put parties, in order of their hour of leaving, into the connectors of their first links."""
    for i in range(parties.size):
        party = parties[i]
        hop = roads.next_hop[men.category[party], men.destination[party], men.at[party]]
        join(roads, men, roads.connector[hop], party, hours[i])


@njit(cache=True)
def walk_until(
    roads: Roads,
    men: Travellers,
    goals: NDArray[np.int32],
    walkers: NDArray[np.int32],
    arrived: NDArray[np.int32],
    end: float,
    arrived_state: int,
) -> int:
    """Move people on foot until `end`: they pass any queue, wait where no way is open. Returns how many arrived.

    A walker's `at` is the link it is on, or the connector of the link it is about to take.
    """
    n_arrived = 0
    for party in walkers:
        while men.ready[party] <= end:
            queue, hour = men.at[party], men.ready[party]
            node, goal = roads.node[queue], men.destination[party]
            if roads.kind[queue] == CONNECTOR:
                target = roads.link[queue]
            elif goals[goal] == node:
                target = LEAVE_ROAD
            else:
                hop = roads.next_hop[men.category[party], goal, node]
                target = hop if hop >= 0 else NO_WAY
            if target == NO_WAY or (target >= 0 and roads.is_open[target] == 0):
                men.ready[party] = end + 1e-9
                break
            if roads.kind[queue] == LINK and roads.crossing[queue] >= 0:
                count_crossing(roads, men, roads.crossing[queue], party, hour)
            if target == LEAVE_ROAD:
                men.at[party] = node
                men.state[party] = arrived_state
                arrived[n_arrived] = party
                n_arrived += 1
                break
            men.at[party] = target
            men.ready[party] = hour + roads.free_hours[target, FOOT]
    return n_arrived

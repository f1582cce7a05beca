"""How far? Vehicles on links with room and capacity, exact in time whatever the step.

Every link obeys Newell's two limits (Newell 1993; Yperman 2007, link transmission): a vehicle leaves no earlier than
its free-flow time after it entered, and enters no earlier than the moment at which the gap left by the vehicle one
storage ahead has travelled back to the start of the link. Capacity holds at both ends; order on a link is first in,
first out; where links meet, turns go by priority. Vehicles move one at a time in order of time (a heap of coming
moments), so a step only says when people look up, never when a vehicle moves.

A *queue* is a link, or one of three helpers that are handled alike:
  connector  the queue of those who start a journey onto a link; takes no room
  hold       where a category waits apart from others before its checkpoint; takes no room
  booth      a checkpoint's place for one vehicle at a time, whose "free-flow time" is the time of service

Two kinds of moment stand in the heap: a queue's head reaches the stop line (number = queue), and a queue's gate may let
the next vehicle in (number = n_queues + queue). At the same hour heads come first, so that the gate can choose.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import inner_kernel, kernel, part_of_kernel, phase_kernel
from safeconduct.engine.kernels.people import put_in_order
from safeconduct.engine.kernels.queues import (
    BOOTH,
    BUS,
    CONNECTOR,
    FOOT,
    HOLD,
    LEAVE_ROAD,
    LINK,
    NEVER,
    NO_WAY,
    Roads,
    Travellers,
    expect,
    is_expected,
)
from safeconduct.engine.kernels.random import HALF, uniform


@part_of_kernel
def row_for(queues: NDArray[Any], rows: NDArray[Any], queue: int, category: int) -> int:
    """The checkpoint row at the end of a link that lets this category through; -1 if none does."""
    for row in range(queues[queue].row, queues[queue].row + queues[queue].n_rows):
        if (rows[row].admits >> category) & 1:
            return row
    return -1


@part_of_kernel
def next_queue(roads: Roads, queue: int, category: int, goal: int) -> int:
    """Where the head of a queue goes next: a queue (any booth is named by the first one), LEAVE_ROAD or NO_WAY."""
    queues = roads.queues
    kind = queues[queue].kind
    if kind == CONNECTOR:
        return int(queues[queue].link)
    if kind == HOLD:
        return int(roads.rows[queues[queue].row].booth)
    if kind == LINK and queues[queue].n_rows > 0:
        row = row_for(queues, roads.rows, queue, category)
        if row < 0:
            return NO_WAY
        return int(roads.rows[row].hold) if roads.rows[row].hold >= 0 else int(roads.rows[row].booth)
    node = queues[queue].node
    if roads.goals[goal] == node:
        return LEAVE_ROAD
    hop = roads.next_hop[category, goal, node]
    return int(hop) if hop >= 0 else NO_WAY


@part_of_kernel
def gate_hour(queues: NDArray[Any], ring: NDArray[np.float64], target: int, units: int) -> float:
    """The earliest hour at which a link or hold can take another vehicle, as things stand; NEVER while it cannot."""
    q = queues[target]
    if q.is_open == 0 or q.gap_hours == NEVER:
        return NEVER
    if q.storage > 0:
        needed = q.units_in + min(units, q.storage) - q.storage
        if needed > q.units_out:
            return NEVER
        if needed > 0:
            return float(max(q.entry_free, ring[q.ring_start + (needed - 1) % q.storage] + q.wave_hours))
    return float(q.entry_free)


@part_of_kernel
def first_in_turn(roads: Roads, target: int) -> int:
    """Of the heads that stand at a link's gate, the queue whose turn it is; -1 if none stands there."""
    queues = roads.queues
    best = queues[target].connector
    if queues[best].wants != target:
        best = -1
    start, rank = queues[queues[target].connector].node, queues[target].rank
    for i in range(roads.feeder_start[start], roads.feeder_start[start + 1]):
        queue = roads.feeders[i]
        if queues[queue].wants == target and (best < 0 or roads.turn[queue, rank] < roads.turn[best, rank]):
            best = queue
    return int(best)


@part_of_kernel
def free_booth(queues: NDArray[Any], first: int, n: int) -> int:
    """An empty, open booth of a checkpoint row; -1 if there is none."""
    for booth in range(first, first + n):
        if queues[booth].head < 0 and queues[booth].is_open == 1:
            return booth
    return -1


@part_of_kernel
def persons_aboard(parties: Travellers, party: int) -> int:
    """Persons in a vehicle, by its leading party."""
    persons: Any = np.int64(0)
    while party >= 0:
        who = parties.rows[party]
        persons += who.persons
        party = who.rider
    return int(persons)


@part_of_kernel
def join(roads: Roads, parties: Travellers, queue: int, party: int, ready: float) -> None:
    """Put a party at the end of a queue, ready to leave it at an hour but never before the one ahead."""
    q = roads.queues[queue]
    ready = max(ready, q.last_ready)
    q.last_ready = ready
    q.n_vehicles += 1
    q.n_persons += persons_aboard(parties, party)
    who = parties.rows[party]
    who.ready, who.at, who.next = ready, queue, -1
    if q.mark < 0:
        q.mark = party
    if q.head < 0:
        q.head = party
        q.wants = -1
        expect(roads.heap, queue, max(ready, q.exit_free))
    else:
        parties.rows[q.tail].next = party
    q.tail = party


@part_of_kernel
def leave(roads: Roads, parties: Travellers, queue: int, hour: float, units: int) -> None:
    """Take the head out of a queue; the next comes to the stop line, and the gate looks again if it was full."""
    q, n = roads.queues[queue], roads.queues.size
    first: Any = np.int64(q.head)
    q.n_persons -= persons_aboard(parties, first)
    q.head = parties.rows[q.head].next
    q.n_vehicles -= 1
    if q.n_standing_vehicles > 0:
        q.n_standing_vehicles -= 1
        q.n_standing_cars -= units
    else:
        q.mark = q.head
    q.wants = -1
    q.exit_free = hour + units * q.gap_hours
    if q.storage > 0:
        for _ in range(min(units, q.storage)):
            roads.ring[q.ring_start + q.units_out % q.storage] = hour
            q.units_out += 1
    when = max(parties.rows[q.head].ready, q.exit_free) if q.head >= 0 else NEVER
    expect(roads.heap, queue, when)
    gate = queue
    if q.kind == BOOTH:
        gate = roads.rows[q.row].booth
    if roads.queues[gate].n_standing > 0 and not is_expected(roads.heap, n + gate):
        expect(roads.heap, n + gate, hour)


@phase_kernel
def turn_away(roads: Roads, parties: Travellers, passable: NDArray[np.bool_]) -> None:
    """Who stands at the start of a road that cannot be taken any more turns to another way, if there is one."""
    for queue in range(roads.queues.size):
        q = roads.queues[queue]
        if q.kind != CONNECTOR or q.head < 0 or passable[q.link]:
            continue
        party: Any = np.int64(q.head)
        q.head, q.n_vehicles, q.n_persons = -1, 0, 0
        q.mark, q.n_standing_vehicles, q.n_standing_cars = -1, 0, 0
        expect(roads.heap, queue, NEVER)
        while party >= 0:
            behind: Any = np.int64(parties.rows[party].next)
            hop = roads.next_hop[parties.rows[party].category, parties.rows[party].destination, q.node]
            joined: Any = np.int64(roads.queues[hop].connector if hop >= 0 else queue)
            join(roads, parties, joined, party, parties.rows[party].ready)
            party = behind


@phase_kernel
def wake_all(roads: Roads, parties: Travellers, hour: float) -> None:
    """Something was opened, closed or changed: heads that stand still look again where they may go."""
    queues, n = roads.queues, roads.queues.size
    for queue in range(n):
        queues[queue].n_standing = 0
        expect(roads.heap, n + queue, NEVER)
    for queue in range(n):
        if queues[queue].head >= 0:
            queues[queue].wants = -1
            ready = max(parties.rows[queues[queue].head].ready, queues[queue].exit_free)
            expect(roads.heap, queue, max(ready, hour))


@inner_kernel
def count_crossing(roads: Roads, parties: Travellers, crossing: int, party: int, hour: float, bin_hours: float) -> None:
    """Book a vehicle, and everyone in it, at a counted crossing."""
    interval = min(int(hour / bin_hours), roads.crossed.shape[2] - 1)
    if parties.rows[party].mode != FOOT:
        roads.crossed[1, crossing, interval] += 1.0
    rider = party
    while rider >= 0:
        roads.crossed[0, crossing, interval] += parties.rows[rider].persons
        roads.crossed[2, crossing, interval] += parties.rows[rider].persons * (hour - parties.rows[rider].left)
        if np.isnan(parties.crossed[rider]):
            parties.crossed[rider] = hour
        rider = parties.rows[rider].rider


@inner_kernel
def service_hours(roads: Roads, parties: Travellers, row: int, party: int, seed: np.uint64) -> float:
    """Time at a booth for one vehicle: fixed, or exponential with the party's own draw."""
    if roads.rows[row].varies == 0:
        return float(roads.rows[row].hours)
    home = parties.rows[party].home
    slot = (parties.code[home] << HALF) | np.uint64(party - parties.first[home])
    return float(-np.log(uniform(seed, roads.rows[row].stream, slot, np.uint64(0))) * roads.rows[row].hours)


@part_of_kernel
def move(
    roads: Roads,
    parties: Travellers,
    queue: int,
    target: int,
    hour: float,
    units: int,
    seed: np.uint64,
    bin_hours: float,
) -> None:
    """Let the head of a queue into a link, a hold or a booth."""
    q, t = roads.queues[queue], roads.queues[target]
    party: Any = np.int64(q.head)
    turn = max(roads.turn[queue, t.rank], t.served)  # who has long not come does not save up turns
    t.served = turn
    roads.turn[queue, t.rank] = turn + units / q.priority
    leave(roads, parties, queue, hour, units)
    if q.crossing >= 0 and (q.kind == BOOTH or q.n_rows == 0):
        count_crossing(roads, parties, q.crossing, party, hour, bin_hours)
    t.entry_free = hour + units * t.gap_hours
    t.units_in += min(units, t.storage) if t.storage > 0 else units
    if t.kind == BOOTH:
        t.last_ready = hour
        join(roads, parties, target, party, hour + service_hours(roads, parties, t.row, party, seed))
    else:
        join(roads, parties, target, party, hour + t.free_hours[parties.rows[party].mode])


@part_of_kernel
def stand(roads: Roads, parties: Travellers, queue: int, target: int, hour: float) -> None:
    """The head of a queue stands at the gate of its target, or where it is if it has no way."""
    queues, n = roads.queues, roads.queues.size
    expect(roads.heap, queue, NEVER)
    queues[queue].wants = target
    if target >= 0:
        queues[target].n_standing += 1
        if not is_expected(roads.heap, n + target):
            expect(roads.heap, n + target, hour)


@part_of_kernel
def may_pass(roads: Roads, target: int, units: int, hour: float) -> bool:
    """Whether a link takes a vehicle that comes to it now without a stop: none stands there, and there is room."""
    queues = roads.queues
    if target < 0 or queues[target].kind != LINK or queues[target].n_standing > 0:
        return False
    return bool(gate_hour(queues, roads.ring, target, units) <= hour)


@part_of_kernel
def open_gate(
    roads: Roads, parties: Travellers, gate: int, hour: float, bus_units: int, seed: np.uint64, bin_hours: float
) -> None:
    """A gate may let a vehicle in: choose by turn, let it in, and say when to look again."""
    queues, n = roads.queues, roads.queues.size
    target = gate
    if queues[gate].kind == BOOTH:
        queue = queues[gate].feeder
        target = free_booth(queues, gate, roads.rows[queues[gate].row].n_booths)
        when = NEVER if target < 0 else max(hour, queues[target].exit_free)
    elif queues[gate].kind == HOLD:
        queue = queues[gate].link
        when = hour
    else:
        queue = first_in_turn(roads, gate)
        when = NEVER
    units = bus_units if parties.rows[queues[queue].head].mode == BUS else 1
    if queues[gate].kind == LINK:
        when = max(hour, gate_hour(queues, roads.ring, gate, units))
    if when > hour:
        expect(roads.heap, n + gate, when)
        return
    queues[gate].n_standing -= 1
    move(roads, parties, queue, target, hour, units, seed, bin_hours)
    when = NEVER
    if queues[gate].n_standing > 0:
        when = hour
        if queues[gate].kind == LINK:
            a_car: Any = np.int64(1)
            when = max(hour, gate_hour(queues, roads.ring, gate, a_car))
    expect(roads.heap, n + gate, when)


@inner_kernel
def leave_road(
    roads: Roads, parties: Travellers, queue: int, hour: float, units: int, arrived_state: int,
    arrived: NDArray[np.int32], n_arrived: int, bin_hours: float,
) -> int:  # fmt: skip
    """The head of a queue has reached its goal, and everyone in its vehicle. Returns how many have arrived so far."""
    q = roads.queues[queue]
    party: Any = np.int64(q.head)
    node = q.node
    leave(roads, parties, queue, hour, units)
    if q.crossing >= 0 and (q.kind == BOOTH or q.n_rows == 0):
        count_crossing(roads, parties, q.crossing, party, hour, bin_hours)
    while party >= 0:
        who = parties.rows[party]
        arrived[n_arrived] = party
        n_arrived += 1
        party = np.int64(who.rider)
        who.at, who.state, who.ready, who.rider = node, arrived_state, hour, -1
    return n_arrived


@phase_kernel
def travel_until(
    roads: Roads,
    parties: Travellers,
    arrived: NDArray[np.int32],
    end: float,
    bus_units: int,
    seed: np.uint64,
    arrived_state: int,
    bin_hours: float,
) -> int:
    """Move vehicles in order of time until `end`; list those who reach their goal. Returns how many.

    A party that arrives keeps the hour in `ready`.
    """
    n, last = roads.queues.size, roads.heap.size - 1
    n_arrived: Any = np.int64(0)
    while roads.heap[last].spot > 0:
        moment: Any = np.int64(roads.heap[0].moment)
        hour = roads.heap[0].hour
        if hour > end:
            break
        if moment >= n:
            open_gate(roads, parties, moment - n, hour, bus_units, seed, bin_hours)
            continue
        party = roads.queues[moment].head
        units = bus_units if parties.rows[party].mode == BUS else 1
        target = next_queue(roads, moment, parties.rows[party].category, parties.rows[party].destination)
        if target == LEAVE_ROAD:
            n_arrived = leave_road(roads, parties, moment, hour, units, arrived_state, arrived, n_arrived, bin_hours)
        elif may_pass(roads, target, units, hour):
            move(roads, parties, moment, target, hour, units, seed, bin_hours)
        else:
            stand(roads, parties, moment, target, hour)
    return int(n_arrived)


def next_moment(roads: Roads) -> float:
    """The hour of the next moment on the roads; inf where none is expected."""
    return float(roads.heap["hour"][0]) if roads.heap["spot"][-1] else NEVER


@kernel
def drive(parties: Travellers, roads: Roads, moving: NDArray[np.int32], n: int) -> None:
    """Put the first `n` vehicles of a list into the queues of their first links, in order of their hour."""
    put_in_order(parties, moving, n)
    for i in range(n):
        party: Any = np.int64(moving[i])
        who = parties.rows[party]
        hop = roads.next_hop[who.category, who.destination, who.at]
        connector: Any = np.int64(roads.queues[hop].connector)
        join(roads, parties, connector, party, who.ready)

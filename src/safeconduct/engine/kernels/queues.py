"""The road as data: queues, checkpoint rows, travellers, and the heap of coming moments."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import inner_kernel, kernel, phase_kernel

LINK, CONNECTOR, HOLD, BOOTH = 0, 1, 2, 3
CAR, BUS, FOOT = 0, 1, 2
LEAVE_ROAD, NO_WAY = -1, -2
NEVER = np.inf

QUEUE = np.dtype(
    [
        ("kind", "i4"),
        ("node", "i4"),  # place at its downstream end (connector: the start of its link)
        ("link", "i4"),  # the link it belongs to
        ("connector", "i4"),  # of a link
        ("feeder", "i4"),  # queue that feeds a booth
        ("row", "i4"),  # first checkpoint row at the end of a link; the row of a hold or booth; -1 = none
        ("n_rows", "i4"),
        ("crossing", "i4"),  # counted crossing at its end, -1 = none
        ("head", "i4"),  # first party, -1 = empty
        ("tail", "i4"),
        ("n_vehicles", "i4"),  # from its head to its tail
        ("n_persons", "i4"),  # in those vehicles
        ("n_standing_vehicles", "i4"),  # of those whose hour was past at the last count
        ("n_standing_cars", "i4"),  # room that these take
        ("mark", "i4"),  # the first behind these, -1 = none
        ("wants", "i4"),  # the gate at which its head stands; NO_WAY = stands without a way; -1 = still driving
        ("n_standing", "i4"),  # heads that stand at its gate
        ("is_open", "i4"),  # whether vehicles may enter
        ("rank", "i4"),  # of a link among those that start where it starts
        ("storage", "i8"),  # cars that fit; 0 = no limit
        ("ring_start", "i8"),  # where its exit times stand in `ring`
        ("units_in", "i8"),  # cumulative entries, in cars
        ("units_out", "i8"),
        ("gap_hours", "f8"),  # between cars at capacity; inf = nothing passes
        ("wave_hours", "f8"),  # for a gap to travel back over the link
        ("free_hours", "f8", (3,)),  # by mode
        ("priority", "f8"),
        ("served", "f8"),  # turn of the last vehicle let in
        ("last_ready", "f8"),
        ("exit_free", "f8"),  # hour from which the next vehicle may leave
        ("entry_free", "f8"),
    ],
    align=True,
)
ROW = np.dtype(
    [
        ("hold", "i4"),  # queue; -1 where the link has one row only
        ("booth", "i4"),  # first booth
        ("n_booths", "i4"),
        ("varies", "i4"),  # 1 = exponential service
        ("admits", "i8"),  # bit mask of categories
        ("hours", "f8"),  # mean service time
        ("stream", "u8"),
    ],
    align=True,
)
MOMENT = np.dtype(
    [
        ("hour", "f8"),  # of the moment that stands here in the heap: the earliest stands first
        ("moment", "i4"),  # that stands here
        ("spot", "i4"),  # where the moment of this row's number stands, -1 = nowhere; in the last row: how many stand
    ],
    align=True,
)


def no_moments(n: int) -> NDArray[Any]:
    """A heap for moments 0 to n - 1, none of which is expected."""
    heap = np.zeros(n + 1, MOMENT)
    heap["spot"][:n] = -1
    return heap


class Roads(NamedTuple):
    """Everything the road kernels read and write; Q queues, R checkpoint rows, G goals, P places."""

    queues: NDArray[Any]  # [queue] of QUEUE
    rows: NDArray[Any]  # [row] of ROW
    feeder_start: NDArray[np.int32]  # [place + 1] queues that end at a place: feeders[start:stop]
    feeders: NDArray[np.int32]
    goals: NDArray[np.int32]  # [goal] place
    next_hop: NDArray[np.int32]  # [category, goal, place] link to take, -1 = no open way
    turn: NDArray[np.float64]  # [queue, rank of a link ahead] turns taken at its gate, weighted by priority
    ring: NDArray[np.float64]  # exit times of the last `storage` cars of each link
    heap: NDArray[Any]  # [2 Q + 1] of MOMENT
    crossed: NDArray[np.float64]  # [3, crossing, bin] persons, vehicles, person-hours since leaving


TRAVELLER = np.dtype(
    [
        ("ready", "f8"),  # hour at which it has driven its link freely, or is ready for what it waits for
        ("next", "i4"),  # the party behind in the same queue, or on the same page of the calendar queue
        ("rider", "i4"),  # the next party in the same vehicle, -1 = none
        ("left", "f4"),  # hour of leaving for good; NaN before
        ("at", "i2"),  # place, or queue while on the road
        ("destination", "i2"),  # index among goals
        ("home", "i2"),
        ("persons", "i2"),
        ("state", "i1"),
        ("mode", "i1"),
        ("category", "i1"),
        ("fuel", "i1"),  # NO_FUEL, HAS_FUEL or LOOKING, as `means` has them
    ],
    align=True,
)


def column(name: str) -> property:
    """A field of all rows as an array, for NumPy; kernels take rows."""
    return property(lambda self: self.rows[name])


class Parties(NamedTuple):
    """The parties, as kernels take them: a row has all that the road needs, as every move costs cache lines."""

    rows: NDArray[Any]  # [party] of TRAVELLER
    crossed: NDArray[np.float32]  # [party] hour of the first counted crossing; NaN before
    first: NDArray[np.int64]  # [place] first party of each home
    code: NDArray[np.uint64]  # [place] code of the place


class Travellers(Parties):
    """The parties, with columns of their rows for NumPy."""

    __slots__ = ()
    ready = column("ready")
    next = column("next")
    rider = column("rider")
    left = column("left")
    at = column("at")
    destination = column("destination")
    home = column("home")
    persons = column("persons")
    state = column("state")
    mode = column("mode")
    category = column("category")


@inner_kernel
def expect(heap: NDArray[Any], m: int, when: float) -> None:
    """Set the hour of moment m and put it where it belongs in the heap; out of the heap where it never comes."""
    last = heap.size - 1
    i, n = heap[m].spot, heap[last].spot
    if when == NEVER:
        if i < 0:
            return
        n -= 1
        heap[last].spot, heap[m].spot = n, -1
        if i == n:
            return
        m, when = heap[n].moment, heap[n].hour
    elif i < 0:
        i = n
        n += 1
        heap[last].spot = n
    while i > 0:
        above = heap[(i - 1) >> 1]
        if above.hour < when or (above.hour == when and above.moment < m):
            break
        heap[i].hour, heap[i].moment = above.hour, above.moment
        heap[above.moment].spot = i
        i = (i - 1) >> 1
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n:
            left, right = heap[child], heap[child + 1]
            child += right.hour < left.hour or (right.hour == left.hour and right.moment < left.moment)
        below = heap[child]
        if when < below.hour or (when == below.hour and m < below.moment):
            break
        heap[i].hour, heap[i].moment = below.hour, below.moment
        heap[below.moment].spot = i
        i = child
    heap[i].hour, heap[i].moment = when, m
    heap[m].spot = i


@inner_kernel
def is_expected(heap: NDArray[Any], m: int) -> bool:
    """Whether moment m stands in the heap."""
    return bool(heap[m].spot >= 0)


@kernel
def queue_hours(
    queues: NDArray[Any], rows: NDArray[Any], planned: NDArray[np.float64], least: float, hours: NDArray[np.float64]
) -> bool:
    """[link] hours by which those now on a link and at its start exceed what drives freely: the delay of the last.

    A delay that differs from the planned one by less than `least` stays as planned. Returns whether any differs.
    """
    differs, n = False, hours.size
    for link in range(n):
        q = queues[link]
        gap = q.gap_hours if q.gap_hours < NEVER else 0.0
        if q.n_rows == 1:  # a checkpoint for all at its end: what binds is the slower of the two
            gap = max(gap, rows[q.row].hours / rows[q.row].n_booths)
        on_link = max(q.n_vehicles * gap - q.free_hours[CAR], 0.0)
        hours[link] = on_link + queues[n + link].n_vehicles * gap
        if abs(hours[link] - planned[link]) < least:
            hours[link] = planned[link]
        differs |= hours[link] != planned[link]
    return differs


@phase_kernel
def count_on_links(
    queues: NDArray[Any], parties: Travellers, walkers: NDArray[np.int32], by_link: NDArray[np.float64], hour: float,
    bus_units: int,
) -> None:  # fmt: skip
    """Count who is on the road at an hour; `by_link` holds zeros and is filled.

    by_link[4, link]: vehicles, persons, vehicles standing, at its start and its checkpoint included; and the room, in
    cars, that those take who stand on the link itself. Hours rise along a queue, so each vehicle is looked at once.
    """
    for queue in range(queues.size):
        q = queues[queue]
        while q.mark >= 0 and parties.rows[q.mark].ready <= hour:
            who = parties.rows[q.mark]
            q.n_standing_vehicles += 1
            q.n_standing_cars += bus_units if who.mode == BUS else 1
            q.mark = who.next
        by_link[0, q.link] += q.n_vehicles
        by_link[1, q.link] += q.n_persons
        by_link[2, q.link] += q.n_standing_vehicles
        if q.kind == LINK:
            by_link[3, q.link] = q.n_standing_cars
    for party in walkers:
        by_link[1, queues[parties.rows[party].at].link] += parties.rows[party].persons

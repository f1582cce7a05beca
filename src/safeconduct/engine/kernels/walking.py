"""People on foot: they pass any queue, and wait only where no way is open."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import phase_kernel
from safeconduct.engine.kernels.people import WALKING
from safeconduct.engine.kernels.queues import CONNECTOR, FOOT, LEAVE_ROAD, LINK, NO_WAY, Roads, Travellers
from safeconduct.engine.kernels.road import count_crossing, row_for


@phase_kernel
def walk_until(
    roads: Roads,
    parties: Travellers,
    walkers: NDArray[np.int32],
    arrived: NDArray[np.int32],
    n_arrived: int,
    end: float,
    arrived_state: int,
    bin_hours: float,
) -> tuple[int, int]:
    """Move people on foot until `end`: they pass any queue, wait where no way is open.

    Returns how many have arrived, `n_arrived` before included, and how many still walk: these are then found, in order,
    at the start of `walkers`.

    A walker's `at` is the link it is on, or the connector of the link it is about to take.
    """
    n_walking = 0
    for one in walkers:
        party: Any = np.int64(one)
        while parties.rows[party].ready <= end:
            who = parties.rows[party]
            queue: Any = np.int64(who.at)
            hour, goal = who.ready, who.destination
            q = roads.queues[queue]
            target = LEAVE_ROAD
            if q.kind == CONNECTOR:
                target = q.link
            elif roads.goals[goal] != q.node:
                hop = roads.next_hop[parties.rows[party].category, goal, q.node]
                target = hop if hop >= 0 else NO_WAY
            shut = target == NO_WAY or (target >= 0 and roads.queues[target].is_open == 0)
            if q.kind == LINK and q.n_rows > 0:
                row = row_for(roads.queues, roads.rows, queue, parties.rows[party].category)
                shut |= row < 0 or roads.queues[roads.rows[row].booth].is_open == 0
            if shut:
                parties.rows[party].ready = end + 1e-9
                break
            if q.kind == LINK and q.crossing >= 0:
                count_crossing(roads, parties, q.crossing, party, hour, bin_hours)
            if target == LEAVE_ROAD:
                parties.rows[party].at = q.node
                parties.rows[party].state = arrived_state
                arrived[n_arrived] = party
                n_arrived += 1
                break
            parties.rows[party].at = target
            parties.rows[party].ready = hour + roads.queues[target].free_hours[FOOT]
        if parties.rows[party].state == WALKING:
            walkers[n_walking] = party
            n_walking += 1
    return n_arrived, n_walking

"""How fast do posts serve? A rate that starts low after an opening, reaches its level, and moves around it.

factor(t) = opening(t) * exp(x(t)). After a road or post was opened, `opening` rises from `opening_share` to 1 by equal
ratios in equal times over `opening_hours`: service grows in proportion to what is there to grow from (assumed). x is a
mean-reverting log rate: it holds for a slot of six hours, has standard deviation `service_sd` and forgets over
`service_memory_hours` (an AR(1) process, the Ornstein-Uhlenbeck process seen every six hours). Posts that lead to one
region are run by one service and move together. Off, to the bit, where `service_sd` is 0 and `opening_share` is 1.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel
from safeconduct.engine.tables import Tables
from safeconduct.terms import Draws

SLOT_HOURS = 6.0  # of one value of the log rate (assumed: half a shift)
LONG_OPEN = -np.inf  # hour of opening of a post that was open before the case begins


def does_move(tables: Tables) -> bool:
    """Whether posts of this run serve at a rate that moves."""
    v = tables.values
    return bool(tables.rows) and (v["service_sd"] > 0.0 or v["opening_share"] < 1.0)


def service_groups(tables: Tables) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names of the groups of posts that move together, and [row] the group of each: its region, else its own place."""
    names = [
        tables.places[tables.link_end[link]].region or tables.spot(row) for row, link in enumerate(tables.row_link)
    ]
    known = tuple(sorted(set(names)))
    return known, np.array([known.index(name) for name in names], dtype=np.int64)


def draw_shocks(tables: Tables, seed: int) -> NDArray[np.float64]:
    """[group, slot] standard normal shocks of the log rate, drawn by the group's name and the slot."""
    n_slots = int(tables.scenario.clock.hours / SLOT_HOURS) + 1
    names, _ = service_groups(tables)
    if not does_move(tables):
        return np.zeros((len(names), n_slots))
    from scipy.special import ndtri  # here, as a case whose posts keep their rate need not wait for it

    slots, draws = np.arange(n_slots), Draws(seed)
    shocks: NDArray[np.float64] = ndtri([draws.uniform(f"service rate {name}", slots) for name in names])
    return shocks


def opened_from_start(tables: Tables) -> NDArray[np.float64]:
    """[row] hour from which each post has been open: long ago where road and post are open at the start."""
    closed = [
        not tables.link_route[link].is_open or "nobody" in checkpoint.admits
        for link, checkpoint in zip(tables.row_link, tables.rows, strict=True)
    ]
    return np.where(closed, 0.0, LONG_OPEN)


def move_log_rate(
    rate: NDArray[np.float64], shocks: NDArray[np.float64], done: int, last: int, sd: float, memory_hours: float
) -> None:
    """Carry the log rate [group] from the slot that is `done` (-1: none) to a later one; stationary from the first."""
    keep = exp(-SLOT_HOURS / memory_hours)
    carry_on(rate, shocks, done, last, keep, sqrt(1.0 - keep * keep) * sd, sd)


@kernel
def carry_on(
    rate: NDArray[np.float64], shocks: NDArray[np.float64], done: int, last: int, keep: float, spread: float, sd: float
) -> None:
    """The steps of `move_log_rate`."""
    for slot in range(done + 1, last + 1):
        for group in range(rate.size):
            shock = shocks[group, slot]
            rate[group] = sd * shock if slot == 0 else keep * rate[group] + spread * shock


def slot_of(hour: float) -> int:
    """The slot of the log rate that holds an hour."""
    return int(hour / SLOT_HOURS + 1e-9)


def opening_factor(hours_open: NDArray[np.float64], share: float, hours: float) -> NDArray[np.float64]:
    """The part of its level that a post serves so many hours after it was opened."""
    left = np.clip(1.0 - hours_open / hours, 0.0, 1.0)
    risen: NDArray[np.float64] = share**left
    return risen

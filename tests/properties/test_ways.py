"""Ways that are mended where costs change are those that would be found anew, ties and all."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from safeconduct.engine.kernels.destination import Ways, replan
from safeconduct.engine.kernels.queues import no_moments

N_PLACES = 7


def costs_of(draw: Generator, n: int, *, has_free: bool) -> list[float]:
    """Many equal ones, some that differ by less or a little more than what is taken to be equal; some free of cost."""
    whole = (0.0, 1.0) if has_free else (1.0, 2.0, 3.0)
    return list(draw.choice(whole, n) + draw.choice((0.0, 0.0, 6e-10, 1.2e-9), n))


def unplanned(ends: list[tuple[int, int]], goals: list[int]) -> Ways:
    """Links in the engine's order, and no way found."""
    start, end = (np.array(side, np.int32) for side in zip(*sorted(ends), strict=True))
    by_end, places, shape = np.argsort(end, kind="stable"), np.arange(N_PLACES + 1), (1, len(goals), N_PLACES)
    first_by_end, first = np.searchsorted(end[by_end], places), np.searchsorted(start, places)
    hop, cost_to = np.full(shape, -1, np.int32), np.full(shape, np.inf)
    none = np.full(start.size, np.nan), np.zeros((1, start.size), np.bool_)
    return Ways(start, end, by_end, first_by_end, first, np.array(goals, np.int32), hop, cost_to, *none)


def plan(ways: Ways, costs: NDArray[np.float64], is_open: NDArray[np.bool_]) -> bool:
    """As `choose_ways` does for each category. Returns whether any way may differ."""
    differs = replan(ways, 0, costs, is_open, np.empty(N_PLACES, np.int32), no_moments(N_PLACES))
    ways.cost[:] = costs
    return differs


def test_ways_after_a_change_are_those_found_anew() -> None:
    """Also which of two equally quick ways is taken; and a goal is said to differ only where it does."""
    draw = np.random.default_rng(1)
    for trial in range(1000):
        has_free = trial % 2 == 1
        n = int(draw.integers(8, 30))
        ends = [(int(a), int(b)) for a, b in draw.integers(0, N_PLACES, (n, 2))]
        goals = [int(goal) for goal in draw.permutation(N_PLACES)[:3]]
        ways, costs, is_open = (
            unplanned(ends, goals),
            np.array(costs_of(draw, n, has_free=has_free)),
            draw.random(n) < 0.9,
        )
        for _ in range(6):
            before = ways.hop.copy(), ways.cost_to.copy()
            differs = plan(ways, costs, is_open)
            anew = unplanned(ends, goals)
            assert plan(anew, costs, is_open)
            np.testing.assert_array_equal(ways.hop, anew.hop)
            np.testing.assert_array_equal(ways.cost_to, anew.cost_to)
            assert differs or (np.array_equal(ways.hop, before[0]) and np.array_equal(ways.cost_to, before[1]))
            changed = draw.integers(0, n, 2)
            costs[changed], is_open[changed] = costs_of(draw, 2, has_free=has_free), draw.random(2) < 0.8


def test_only_goals_whose_ways_can_differ_are_looked_at_again() -> None:
    """On a line, a dearer end changes the ways to the goal behind it; what no way takes changes none."""
    pairs = [(n, n + 1) for n in range(N_PLACES - 1)]
    ends = [*pairs, *((b, a) for a, b in pairs), (0, 5)]
    ways = unplanned(ends, [0, 5])
    costs = np.where((ways.start == 0) & (ways.end == 5), 50.0, 1.0)
    is_open = np.ones(costs.size, np.bool_)
    assert plan(ways, costs, is_open)
    costs[(ways.start == 0) & (ways.end == 5)] = 40.0
    assert not plan(ways, costs, is_open)
    ways.hop[0, 0, 2] = 7  # a mark that stays where a goal is left alone
    costs[(ways.start == 4) & (ways.end == 5)] = 2.0
    assert plan(ways, costs, is_open)
    assert ways.hop[0, 0, 2] == 7
    assert ways.cost_to[0, 1, 0] == 6.0

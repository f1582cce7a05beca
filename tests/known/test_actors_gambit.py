"""Held against Gambit's logit agent quantal response equilibria: 24 random two-period games, frozen in `aqre.json`.

Gambit solves the whole tree; the solver here reads continuation values between grid beliefs along straight lines. A
straight line over a cell of width w misses a smooth value by at most w^2 / 8 of its curvature, and a chance by a
quarter of that at lambda = 1: 1e-4 on the default grid of 21 beliefs, 1e-6 on 401, for curvatures up to about 1.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from safeconduct.actors import DEFAULT_GRID, Game, Stage, solve

FROZEN = json.loads((Path(__file__).parent / "oracles" / "gambit" / "aqre.json").read_text())


def game_of(tables):
    stages = tuple(
        Stage(
            f"stage {k}",
            stage["mover"],
            tuple(f"a{i}" for i in range(len(stage["next_state"][0]))),
            np.array(stage["payoff"]),
            np.array(stage["next_state"]),
        )
        for k, stage in enumerate(tables["stages"])
    )
    return Game(tuple(tables["players"]), "informed", stages, tables["periods"], tables["discount"])


def played(solution, history, kind):
    """Chances at the node that a public history reaches: beliefs are updated as the public updates them."""
    stages, period, k, state, belief = solution.game.stages, 0, 0, 0, solution.belief
    for action in history:
        if stages[k].mover < 0:
            first, second = (at(solution, period, k, state, belief, kind=i)[action] for i in (0, 1))
            belief = belief * first / (belief * first + (1 - belief) * second)
        state = int(stages[k].next_state[state, action])
        period, k = (period + 1, 0) if k == len(stages) - 1 else (period, k + 1)
    return at(solution, period, k, state, belief, kind=kind or 0)


def at(solution, period, k, state, belief, kind):
    return solution.solved.chances(k, state, belief, period=period, kind=kind)


class Solved:
    """A solved game with the belief at which Gambit's tree starts."""

    def __init__(self, tables, grid):
        self.game, self.belief = game_of(tables), tables["belief"]
        self.solved = solve(self.game, grid=grid, lambda_=FROZEN["lambda"], noise="start")


def largest_difference(grid):
    worst = 0.0
    for tables in FROZEN["games"]:
        solution = Solved(tables, grid)
        assert solution.solved.is_usable, solution.solved.gates.faults
        for _, history, kind, chances in tables["aqre"]:
            worst = max(worst, float(np.abs(played(solution, history, kind) - chances).max()))
    return worst


@pytest.mark.parametrize(("grid", "tolerance"), [(np.linspace(0, 1, 401), 1e-6), (DEFAULT_GRID, 1e-4)])
def test_agrees_with_gambit(grid, tolerance):
    assert len(FROZEN["games"]) >= 20
    assert largest_difference(grid) < tolerance


def test_noise_counted_from_the_choice_differs_from_gambit_where_the_future_is_discounted():
    """The logit applies to payoffs from the period of the choice; only undiscounted games are the same either way."""
    differs = []
    for tables in FROZEN["games"]:
        game = game_of(tables)
        ours, tree = (solve(game, noise=noise).policy[1] for noise in ("current", "start"))
        differs.append((tables["discount"] < 1, bool(np.abs(ours - tree).max() > 1e-3)))
    assert all(discounted == different for discounted, different in differs)

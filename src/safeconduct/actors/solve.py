"""Solve a reputation game: logit agent-QRE with consistent beliefs, by backward induction over a grid of beliefs.

The logit applies to payoffs counted from the period of the choice (`noise="current"`): a player in a later period is
not noisier only because the period is later. Solvers of a whole tree count from the start, which is `noise="start"`;
both are the same game where the discount is 1. Why: docs/game.md.

Start reading at `solve`. `Solution.gates` says whether it may be used: an answer that did not converge, or whose node
has another equilibrium, is refused where `Solution.is_usable` is asked, never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from safeconduct.actors.game import INFORMED, Floats, Game, GameArrays, tables_of

DEFAULT_GRID: Floats = np.linspace(0.0, 1.0, 21)
CONVERGED = 1e-10  # largest gap of a fixed point that passes, in log odds over 1 + lambda
BRANCH_AGREES = 1e-6  # largest difference in a chance between two homotopies that passes
START_SIZES = (2.0, 6.0)  # log odds at noise 1; where the multi-start looks for other equilibria


@dataclass(frozen=True)
class Gates:
    """What a solution must pass before it may be used."""

    largest_gap: float  # of any fixed point, in log odds over 1 + lambda
    n_nodes_with_another: int  # nodes at which another start ends at another equilibrium
    branch_gap: float = 0.0  # between two homotopies in lambda, in chances; 0 where none was asked for

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each gate that fails."""
        found = []
        if not self.largest_gap <= CONVERGED:
            found.append(f"a fixed point is left with a gap of {self.largest_gap:.1e}")
        if self.n_nodes_with_another:
            found.append(f"{self.n_nodes_with_another} nodes have another equilibrium")
        if not self.branch_gap <= BRANCH_AGREES:
            found.append(f"the principal branch depends on the steps in lambda by {self.branch_gap:.1e}")
        return tuple(found)


@dataclass(frozen=True)
class Solution:
    """An equilibrium: every player's chances at every period, state and belief, and what the game is worth."""

    game: Game
    grid: Floats  # [belief]
    policy: Floats  # [period, stage, type, state, action, belief]; open stages have both types alike
    value: Floats  # [who, state, belief] at the start of the first period
    ell: Floats  # [period, stage, state, belief, action] log likelihood ratio of the two types
    gates: Gates

    @property
    def is_usable(self) -> bool:
        """Whether every gate passes."""
        return not self.gates.faults

    def chances(self, stage: int, state: int, belief: float, *, period: int = 0, kind: int = 0) -> Floats:
        """[action] chances at a node, read between grid beliefs along a straight line."""
        rows = self.policy[period, stage, kind, state, : len(self.game.stages[stage].menu)]
        return np.array([np.interp(belief, self.grid, row) for row in rows])


def other_starts(n_actions: int) -> Floats:
    """[start, action] log odds from which another equilibrium is looked for: each action telling for either type."""
    one = np.eye(n_actions)
    return np.concatenate([[np.zeros(n_actions)], *(sign * size * one for size in START_SIZES for sign in (1, -1))])


def solve(
    game: Game,
    *,
    grid: Floats = DEFAULT_GRID,
    lambda_: float = 1.0,
    noise: Literal["current", "start"] = "current",
    homotopy: int = 0,
    look_for_others: bool = True,
) -> Solution:
    """Solve a game at one lambda.

    homotopy: number of steps along which the principal branch is followed from lambda near 0; 0 starts at lambda
    itself, which finds the same branch wherever the equilibrium is single (and the gates tell where it is not).
    """
    tables = tables_of(game)
    starts = _starts(tables) if look_for_others else np.zeros((0, 1))
    if homotopy == 0:
        return _solution(game, tables, grid, _path(lambda_, 1), noise, starts)
    coarse = _solution(game, tables, grid, _path(lambda_, homotopy), noise, starts[:0])
    fine = _solution(game, tables, grid, _path(lambda_, 2 * homotopy), noise, starts)
    gap = float(np.abs(coarse.policy - fine.policy).max())
    gates = Gates(fine.gates.largest_gap, fine.gates.n_nodes_with_another, gap)
    return Solution(game, grid, fine.policy, fine.value, fine.ell, gates)


def _path(lambda_: float, steps: int) -> Floats:
    """Lambdas of a homotopy: geometric, from at most 0.1 to the one asked for."""
    return np.geomspace(min(0.1, lambda_), lambda_, steps) if steps > 1 else np.array([lambda_])


def _starts(tables: GameArrays) -> Floats:
    informed = tables.n_actions[tables.mover == INFORMED]
    return other_starts(int(informed.max()))


def _solution(game: Game, tables: GameArrays, grid: Floats, path: Floats, noise: str, starts: Floats) -> Solution:
    from safeconduct.actors.kernels import induct

    n_stages, _, n_states, n_actions = tables.payoff.shape
    ell = np.zeros((game.periods, n_stages, n_states, grid.size, n_actions))
    later = game.discount ** np.arange(game.periods) if noise == "start" else np.ones(game.periods)
    packed = packed_tables(tables)
    for step, lambda_ in enumerate(path):
        is_last = step == path.size - 1
        policy, value, faults = induct(packed, grid, lambda_ * later, ell, step > 0, starts if is_last else starts[:0])
    return Solution(game, grid, policy, value, ell, Gates(float(faults[0]) / (1.0 + float(path[-1])), int(faults[1])))


def packed_tables(tables: GameArrays) -> tuple[NDArray[np.generic], ...]:
    """The arrays in the order in which the kernels unpack them."""
    return (
        tables.payoff,
        tables.next_state,
        tables.n_states,
        tables.n_actions,
        tables.mover,
        tables.discount,
        tables.watch_stage,
        tables.watch_action,
        tables.watch_node,
        tables.watch_weight,
    )

"""A coded history of one guarantee, period by period, and the solved policies that it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.actors.game import Floats, Ints
from safeconduct.actors.guarantee import MOVES, STATUSES
from safeconduct.actors.solve import Solution

UNKNOWN = -1  # a stance or an answer that was not looked up or is not scored


@dataclass(frozen=True)
class History:
    """What was done, as coded. All arrays have one entry a period, in calendar order."""

    status: Ints  # index into STATUSES, as recorded when the period begins
    habit: Ints  # the stance of the period before (RELY or HEDGE)
    stance: Ints  # index into STANCES, or UNKNOWN
    move: Ints  # index into MOVES
    answer: Ints  # index into ANSWERS, or UNKNOWN; NOTHING where there was no move

    def __len__(self) -> int:
        return int(self.move.size)

    @property
    def is_challenge(self) -> NDArray[np.bool_]:
        """[period] whether the challenger moved and the answer is known."""
        return np.asarray((self.move > 0) & (self.answer != UNKNOWN))


@dataclass(frozen=True)
class Policies:
    """First-period policies of many solved games, each met by several proteges.

    Players look ahead from every date afresh, so the first period's policy is the one in force at that date. The
    challenger and the guarantor expect an average protege; which protege it was only the analyst asks, so a game's
    proteges are drawn apart from it. `hedges` is 2 where the stance enters the others' payoffs, else 1.
    """

    move: NDArray[np.float32]  # [draw, level, status x hedges, move, belief]
    answer: NDArray[np.float32]  # [draw, level, type, status x hedges x move, answer, belief]; all four moves
    proteges: Floats  # [draw, protege, lean|habit|mistrust]
    belief: Floats  # [draw] chance of the resolute type before anything was seen
    grid: Floats  # [belief]

    def __len__(self) -> int:
        return int(self.belief.size)

    @property
    def hedges(self) -> int:
        """How many stances the game tells apart."""
        return int(self.move.shape[2]) // len(STATUSES)

    def of(self, draws: NDArray[np.int64] | slice) -> Policies:
        """Those of some draws only."""
        return replace(
            self,
            move=self.move[draws],
            answer=self.answer[draws],
            proteges=self.proteges[draws],
            belief=self.belief[draws],
        )


def policies_of(solutions: Sequence[Sequence[Solution]], belief: Floats, proteges: Floats) -> Policies:
    """Pack solutions [draw][level] of the guarantee game or of its core."""
    stages = len(solutions[0][0].game.stages)
    nodes = len(STATUSES) * (2 if stages == 3 else 1)

    def packed(stage: int, kinds: slice | int, n_states: int, n_actions: int) -> NDArray[np.float32]:
        rows = [[level.policy[0, stage, kinds, :n_states, :n_actions] for level in draw] for draw in solutions]
        return np.array(rows, dtype=np.float32)

    move = packed(stages - 2, 0, nodes, len(MOVES))
    answer = packed(stages - 1, slice(None), nodes * len(MOVES), 3)
    return Policies(move, answer, proteges, belief, solutions[0][0].grid)

"""A coded history of one guarantee, period by period, and the solved policies that it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.actors.game import Floats, Ints
from safeconduct.actors.solve import Solution

UNKNOWN = -1  # a stance or an answer that nobody looked up or that is not scored


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
        return (self.move > 0) & (self.answer != UNKNOWN)


@dataclass(frozen=True)
class Policies:
    """First-period policies of many solved games, [draw, level of the covariate, ...], each with its prior belief.

    Players look ahead from every date afresh, so the first period's policy is the one in force at that date.
    """

    stance: NDArray[np.float32]  # [draw, level, status x habit, option, belief]
    move: NDArray[np.float32]  # [draw, level, status x stance, option, belief]
    answer: NDArray[np.float32]  # [draw, level, type, status x stance x move, option, belief]
    belief: Floats  # [draw] chance of the resolute type before anything was seen
    grid: Floats  # [belief]

    def __len__(self) -> int:
        return int(self.belief.size)

    def of(self, draws: NDArray[np.int64] | slice) -> Policies:
        """Those of some draws only."""
        return Policies(self.stance[draws], self.move[draws], self.answer[draws], self.belief[draws], self.grid)


def policies_of(solutions: Sequence[Sequence[Solution]], belief: Floats) -> Policies:
    """Pack solutions [draw][level] of the guarantee game."""
    packed = [np.stack([level.policy[0] for level in draw]) for draw in solutions]
    policy = np.stack(packed).astype(np.float32)  # [draw, level, stage, type, state, action, belief]
    return Policies(
        policy[:, :, 0, 0, :6, :3],
        policy[:, :, 1, 0, :6, :4],
        policy[:, :, 2, :, :24, :3],
        belief,
        solutions[0][0].grid,
    )

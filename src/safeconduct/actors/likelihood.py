"""How probable a coded history is under solved games, and histories simulated from them.

By default the challenges are taken as given: what is scored is how the protege and the guarantor answered them,
P(stance, answer | move), since that is where the information is. `scores_moves=True` scores the challenger too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.actors.game import Floats, Ints
from safeconduct.actors.history import UNKNOWN, History, Policies


@dataclass(frozen=True)
class Scores:
    """What each draw makes of a history."""

    logs: Floats  # [draw, period, stance|move|answer] log chances; 0 where not scored
    belief: Floats  # [draw, period] mean public belief before the answer
    answers: Floats  # [draw, period, answer] chances of true answers; 0 where there was no move

    @property
    def log_likelihood(self) -> Floats:
        """[draw] of the whole history."""
        return np.asarray(self.logs.sum(axis=(1, 2)))


def log_likelihoods(policies: Policies, history: History, level: Ints, *, scores_moves: bool = False) -> Floats:
    """[draw] exact log likelihoods where every answer is known and coded without error. level: [period]."""
    from safeconduct.actors.forward_kernels import exact

    out: Floats = exact(*(*_arrays(policies), level, *_columns(history), scores_moves))
    return out


def score(policies: Policies, history: History, level: Ints, error: Floats, *, scores_moves: bool = False) -> Scores:
    """Scores with coding error; answers that were not looked up are summed over. error: [true, coded]."""
    from safeconduct.actors.forward_kernels import filtered

    return Scores(*filtered(*(*_arrays(policies), level, *_columns(history), scores_moves, error)))


def coding_error(chance: float, n_answers: int = 3) -> Floats:
    """[true, coded]: an answer is coded one rung too low or too high with this chance in all (assumed)."""
    error = np.eye(n_answers) * (1.0 - chance)
    for true in range(n_answers):
        beside = [code for code in (true - 1, true + 1) if 0 <= code < n_answers]
        error[true, beside] = chance / len(beside)
    return error


@dataclass(frozen=True)
class Simulated:
    """Histories drawn from solved games, one for each draw."""

    histories: tuple[History, ...]  # as coded, cut where all was taken or settled
    answers: tuple[Ints, ...]  # the true answers
    belief: Floats  # [draw, period] public belief before the period


def simulate(
    policies: Policies,
    is_resolute: NDArray[np.bool_],
    level: Ints,
    uniforms: Floats,
    error: Floats,
    moves: Ints | None = None,
) -> Simulated:
    """Draw one history from each game. moves: [period] the challenges to condition on; None lets the challenger play.

    uniforms: [draw, period, 4]; the same numbers give the same histories, so that paired worlds share their draws. Each
    game meets its first protege.
    """
    from safeconduct.actors.forward_kernels import simulated

    first = np.zeros(len(policies), dtype=np.int64)
    given = np.full(uniforms.shape[1], UNKNOWN) if moves is None else moves
    out, belief, length = simulated(*(*_arrays(policies), is_resolute, level, given, error, uniforms, first))
    histories = tuple(History(*(out[i, d, :n] for i in (0, 1, 2, 3, 5))) for d, n in enumerate(length))
    return Simulated(histories, tuple(out[4, d, :n] for d, n in enumerate(length)), belief)


def _arrays(policies: Policies) -> tuple[Any, ...]:
    return policies.move, policies.answer, policies.proteges, policies.belief, policies.grid


def _columns(history: History) -> tuple[Any, ...]:
    return history.status, history.habit, history.stance, history.move, history.answer

"""Whether an account could have produced a history like the recorded one; which question would part two accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import CodedHistory
from safeconduct.accounts.game.evidence import weights_of
from safeconduct.accounts.game.solved_prior import SolvedPrior
from safeconduct.actors import ANSWERS, MOVES, STANCES, UNKNOWN, Floats, History, Scores, simulate
from safeconduct.terms import Draws

CHECKED_GAMES = 1000  # histories simulated for one predictive check
FAILS_BELOW = 0.05  # smallest p value times the number of statistics


@dataclass(frozen=True)
class PredictiveCheck:
    """Statistics of the recorded history against histories drawn from the account's prior."""

    recorded: Mapping[str, float]
    p_values: Mapping[str, float]  # two-sided

    @property
    def passes(self) -> bool:
        """Whether no statistic is out of reach, allowing for their number (Bonferroni)."""
        return min(self.p_values.values()) * len(self.p_values) >= FAILS_BELOW

    @property
    def worst(self) -> str:
        """The statistic that fits worst."""
        return min(self.p_values, key=lambda name: self.p_values[name])


def statistics(history: History) -> dict[str, float]:
    """What a predictive check looks at."""
    answers = history.answer[history.is_challenge]
    stances = history.stance[history.stance != UNKNOWN]
    half = answers.size // 2
    changes = np.flatnonzero(np.diff(answers)) + 1
    runs = np.diff(np.concatenate([[0], changes, [answers.size]]))
    return {
        **{f"answers of {name}": float((answers == i).sum()) for i, name in enumerate(ANSWERS)},
        "longest run of one answer": float(runs.max()) if answers.size else 0.0,
        "later answers against earlier": float(answers[half:].mean() - answers[:half].mean()) if half else 0.0,
        "months of turning elsewhere": float(stances.sum()),
    }


def predictive_check(
    shelf: SolvedPrior,
    reading: CodedHistory,
    dating: Dating | None,
    error: Floats,
    draws: Draws,
    *,
    plays_moves: bool = False,
) -> PredictiveCheck:
    """Draw a history from each of the account's first games and see where the recorded one lies.

    shelf: games of the prior alone. Aimed ones explain the record by their making and would let any account pass.
    """
    history = reading.history
    policies = shelf.policies.of(slice(0, CHECKED_GAMES))
    simulated = simulate(
        policies,
        draws.uniform("check type", np.arange(len(policies))) < policies.belief,
        shelf.level_index(reading.levels(dating)),
        uniforms(draws, "check", len(policies), len(history)),
        error,
        None if plays_moves else history.move,
    )
    recorded = statistics(history)
    drawn = [statistics(as_looked_up(other, history)) for other in simulated.histories]
    p_values = {}
    for name, value in recorded.items():
        values = np.array([statistic[name] for statistic in drawn])
        p_values[name] = float(min(1.0, 2.0 * min((values <= value).mean(), (values >= value).mean())))
    return PredictiveCheck(recorded, p_values)


def as_looked_up(history: History, like: History) -> History:
    """A simulated history with what was not looked up in the recorded one blanked in the same periods."""
    n = len(history)
    stance = np.where(like.stance[:n] == UNKNOWN, UNKNOWN, history.stance)
    answer = np.where((like.answer[:n] == UNKNOWN) & (history.move > 0), UNKNOWN, history.answer)
    return History(history.status, history.habit, stance, history.move, answer)


def uniforms(draws: Draws, name: str, n_draws: int, n_periods: int) -> Floats:
    """[draw, period, 4] uniform numbers of a named simulation."""
    slots = np.arange(n_draws * n_periods * 4, dtype=np.uint64)
    return draws.uniform(name, slots).reshape(n_draws, n_periods, 4)


@dataclass(frozen=True)
class Question:
    """A situation in which two accounts expect different answers."""

    move: str
    stance: str
    holds: tuple[str, ...]  # covariates in force; the others are not
    chances: tuple[Floats, Floats]  # of ANSWERS, under the first and the second account
    bits: float  # Jensen-Shannon divergence: what one such answer would tell on average


def best_question(first: tuple[SolvedPrior, Scores], second: tuple[SolvedPrior, Scores]) -> Question:
    """The situation, at the beliefs reached, whose answer would tell most between two accounts."""
    covariates = sorted({shelf.account.covariate for shelf, _ in (first, second)} - {""})
    found = []
    for move, stance, levels in product((2, 3), (0, 1), product((False, True), repeat=len(covariates))):
        holds = tuple(name for name, on in zip(covariates, levels, strict=True) if on)
        chances = tuple(_expected(shelf, scores, move, stance, holds) for shelf, scores in (first, second))
        pair = (chances[0], chances[1])
        found.append(Question(MOVES[move], STANCES[stance], holds, pair, divergence(*pair)))
    return max(found, key=lambda question: question.bits)


def _expected(shelf: SolvedPrior, scores: Scores, move: int, stance: int, holds: tuple[str, ...]) -> Floats:
    """[answer] chances under an account, over the games that explain the history, with the corridor open."""
    policies = shelf.policies
    level = len(shelf.levels) - 1 if shelf.account.covariate in holds else 0
    node = (stance if policies.hedges == 2 else 0) * len(MOVES) + move
    belief = scores.belief[:, -1]
    cell = np.clip(np.searchsorted(policies.grid, belief, side="right") - 1, 0, policies.grid.size - 2)
    part = (belief - policies.grid[cell]) / (policies.grid[cell + 1] - policies.grid[cell])
    rows = policies.answer[:, level, :, node]  # [draw, type, answer, belief]
    every = np.arange(belief.size)
    at = rows[every, :, :, cell] * (1 - part)[:, None, None] + rows[every, :, :, cell + 1] * part[:, None, None]
    both = belief[:, None] * at[:, 0] + (1 - belief)[:, None] * at[:, 1]
    return np.asarray(weights_of(scores.log_likelihood) @ both)


def divergence(p: Floats, q: Floats) -> float:
    """Jensen-Shannon divergence in bits."""
    middle = (p + q) / 2
    return float(sum((row * np.log2(row / middle, where=row > 0, out=np.zeros_like(row))).sum() for row in (p, q)) / 2)

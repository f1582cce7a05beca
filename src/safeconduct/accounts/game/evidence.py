"""The evidence of one account for one history: a mean over its prior library, with how far that mean may be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import CodedHistory
from safeconduct.accounts.game.solved_prior import SolvedPrior
from safeconduct.actors import Floats, Scores, score


@dataclass(frozen=True)
class Evidence:
    """Log evidence by importance sampling."""

    log: float  # natural log of the mean weighted likelihood
    standard_error: float  # of that log, from the draws
    effective_size: float  # draws that would carry the same if all counted alike
    n_draws: int


def evidence_of(log_likelihoods: Floats) -> Evidence:
    """The evidence that these [draw] weighted log likelihoods give."""
    top = float(log_likelihoods.max())
    weights = np.exp(log_likelihoods - top)
    mean, n = float(weights.mean()), weights.size
    relative = float(weights.std(ddof=1)) / (mean * n**0.5)
    size = float(weights.sum() ** 2 / (weights**2).sum())
    return Evidence(top + float(np.log(mean)), relative, size, n)


def weights_of(log_likelihoods: Floats) -> Floats:
    """[draw] posterior weights, which sum to 1."""
    weights = np.exp(log_likelihoods - log_likelihoods.max())
    return np.asarray(weights / weights.sum())


def scores_of(
    shelf: SolvedPrior, reading: CodedHistory, dating: Dating | None, error: Floats, *, scores_moves: bool = False
) -> Scores:
    """What every game on a shelf makes of one reading; a game's weight is counted once, with its first period."""
    level = shelf.level_index(reading.levels(dating))
    scores = score(shelf.policies, reading.history, level, error, scores_moves=scores_moves)
    scores.logs[:, 0, 0] += shelf.log_weight
    return scores


def mixed_log_likelihoods(
    shelf: SolvedPrior,
    readings: Sequence[CodedHistory],
    dating: Dating | None,
    error: Floats,
    *,
    scores_moves: bool = False,
) -> Floats:
    """[draw] log of the mean likelihood over readings that differ by dates within their windows."""
    logs = [
        scores_of(shelf, reading, dating, error, scores_moves=scores_moves).log_likelihood + np.log(reading.weight)
        for reading in readings
    ]
    return np.asarray(np.logaddexp.reduce(logs, axis=0))


def one_step_logs(scores: Scores) -> Floats:
    """[period] log predictive scores: each period given all before it, over the account's games."""
    running = np.cumsum(scores.logs.sum(axis=2), axis=1)
    top = running.max(axis=0)
    totals = np.log(np.exp(running - top).mean(axis=0)) + top
    return np.diff(totals, prepend=0.0)


def one_step_answers(scores: Scores) -> Floats:
    """[period, answer] chances of true answers before each is seen; 0 where there was no move."""
    parts = scores.logs.sum(axis=2)
    before = np.cumsum(parts, axis=1) - scores.logs[:, :, 2]
    weights = np.exp(before - before.max(axis=0))
    weights /= weights.sum(axis=0)
    return np.asarray(np.einsum("dt,dta->ta", weights, scores.answers))


@dataclass(frozen=True)
class BeliefPath:
    """The public belief along a history, as an account reads it."""

    mean: Floats  # [period] chance of the resolute type before the period's answer
    low: Floats  # [period] 5 % quantile over games that explain the history
    high: Floats  # [period] 95 %


def belief_path(scores: Scores) -> BeliefPath:
    """Posterior mean and 90 % interval of the public belief over an account's games."""
    weights = weights_of(scores.log_likelihood)
    order = np.argsort(scores.belief, axis=0)
    ranked = np.take_along_axis(scores.belief, order, axis=0)
    running = np.cumsum(weights[order], axis=0)
    low, high = (ranked[(running >= chance).argmax(axis=0), np.arange(ranked.shape[1])] for chance in (0.05, 0.95))
    return BeliefPath(weights @ scores.belief, low, high)

"""Predictors without any strategy, scored one step ahead on the same rows as the accounts, always in the table.

Each predicts the next stance, move or answer from counts of what came before; the total of the log scores is the log
evidence of the counting model, so it can be set beside an account's. Where one of them predicts better, accounts are
not ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.actors import ANSWERS, MOVES, UNKNOWN, Floats, History, Ints

PSEUDO_COUNT = 1.0  # of each outcome in a context (Laplace)
COMPARATOR_WEIGHT = 5.0  # pseudo answers that the comparators are worth in each context (assumed)
BASE_RATES: Floats = np.geomspace(0.02, 1.0, 8)  # challenges a period, without memory (assumed grid)
EXCITATIONS: Floats = np.array([0.0, 0.1, 0.2, 0.4, 0.8])  # added right after a challenge (assumed grid)
DECAYS: Floats = np.array([0.2, 0.5, 1.0, 2.0])  # a period (assumed grid)


@dataclass(frozen=True)
class Baseline:
    """A strategy-free predictor and its score at each period."""

    key: str
    title: str
    logs: Floats  # [period, stance|move|answer] log chances of what was coded; 0 where not scored

    @property
    def total(self) -> float:
        """Log score of the whole history."""
        return float(self.logs.sum())


def baselines(
    history: History, *, scores_moves: bool = False, comparators: Mapping[str, Sequence[float]] | None = None
) -> tuple[Baseline, ...]:
    """All baselines of a history.

    comparators: answers counted in other guaranteed ceasefires, for "probe" and "offensive", in the order of ANSWERS.
    """
    stance = _stances(history)
    by_move = (history.move == MOVES.index("offensive")).astype(np.int64)
    moves = {
        "markov": _moves_by_last(history) if scores_moves else np.zeros(len(history)),
        "exciting": _moves_excited(history) if scores_moves else np.zeros(len(history)),
    }
    plain = np.full((2, len(ANSWERS)), PSEUDO_COUNT)
    rows = [
        ("counts", "counts of earlier answers", _answers(history, by_move, plain), "markov"),
        ("markov", "counts after the last answer", _answers(history, _last_answers(history), _wide()), "markov"),
    ]
    if comparators:
        known = _comparator_prior(comparators)
        rows.append(
            ("comparators", "answers in other guaranteed ceasefires", _answers(history, by_move, known), "markov")
        )
    if scores_moves:
        rows.append(("timing", "counts, with challenges that excite more", rows[0][2], "exciting"))
    return tuple(Baseline(k, t, np.stack([stance, moves[m], answer], axis=1)) for k, t, answer, m in rows)


def counted(context: Ints, outcome: Ints, prior: Floats) -> Floats:
    """[step] log chance of each outcome, one step ahead, by counts in its context. prior: [context, outcome]."""
    counts, logs = prior.astype(float).copy(), np.zeros(outcome.size)
    for i, (c, o) in enumerate(zip(context, outcome, strict=True)):
        logs[i] = np.log(counts[c, o] / counts[c].sum())
        counts[c, o] += 1.0
    return logs


def _placed(where: Ints, logs: Floats, n: int) -> Floats:
    out = np.zeros(n)
    out[where] = logs
    return out


def _stances(history: History) -> Floats:
    where = np.flatnonzero(history.stance != UNKNOWN)
    logs = counted(history.habit[where], history.stance[where], np.full((2, 2), PSEUDO_COUNT))
    return _placed(where, logs, len(history))


def _answers(history: History, context: Ints, prior: Floats) -> Floats:
    where = np.flatnonzero(history.is_challenge)
    return _placed(where, counted(context[where], history.answer[where], prior), len(history))


def _wide() -> Floats:
    return np.full((len(ANSWERS) + 1, len(ANSWERS)), PSEUDO_COUNT)


def _last_answers(history: History) -> Ints:
    """[period] the last known answer before it; one more than the last index where there was none."""
    out, last = np.empty(len(history), dtype=np.int64), len(ANSWERS)
    for t in range(len(history)):
        out[t] = last
        last = int(history.answer[t]) if history.is_challenge[t] else last
    return out


def _comparator_prior(comparators: Mapping[str, Sequence[float]]) -> Floats:
    counts = np.array([comparators["probe"], comparators["offensive"]], dtype=float) + PSEUDO_COUNT
    return np.asarray(COMPARATOR_WEIGHT * counts / counts.sum(axis=1, keepdims=True))


def _moves_by_last(history: History) -> Floats:
    last = np.concatenate([[0], (history.move[:-1] > 0).astype(np.int64)])
    return counted(last, history.move, np.full((2, len(MOVES)), PSEUDO_COUNT))


def _moves_excited(history: History) -> Floats:
    """Whether there is a challenge by a self-exciting chance averaged over a grid of its rates; which one by counts."""
    base, excite, decay = (grid.ravel() for grid in np.meshgrid(BASE_RATES, EXCITATIONS, DECAYS))
    weight, memory = np.full(base.size, 1.0 / base.size), np.zeros(base.size)
    logs = np.zeros(len(history))
    for t, moved in enumerate(history.move > 0):
        chance = -np.expm1(-(base + excite * memory))
        like = chance if moved else 1.0 - chance
        logs[t] = np.log(weight @ like)
        weight = weight * like / (weight @ like)
        memory = (memory + moved) * np.exp(-decay)
    where = np.flatnonzero(history.move > 0)
    kinds = counted(np.zeros(where.size, dtype=np.int64), history.move[where] - 1, np.full((1, 3), PSEUDO_COUNT))
    return logs + _placed(where, kinds, len(history))

"""How well answers are predicted in cases that were left out: log score, Brier score, calibration, and paired errors.

Acts within a case are alike, so standard errors and intervals come from drawing whole cases again (bootstrap over
cases), and two predictors are compared on the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from safeconduct.comparators.ceasefires import Ceasefires
from safeconduct.comparators.mixed_ordinal_model import Chances, Floats, Outcome
from safeconduct.comparators.predictors import (
    MARGINAL,
    MODEL,
    PREDICTORS,
    RUNNING,
    RUNNING_KEYS,
    TARGETS,
    Predictor,
    Target,
    all_outcomes,
)
from safeconduct.terms import Draws

Ints = NDArray[np.int64]
Resample = Callable[[Floats], Floats]  # values of rows -> their mean, each time the rows are drawn again
N_RESAMPLES = 2000
SEED = 8
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the calibration table


@dataclass(frozen=True)
class Score:
    """A mean per act, and its standard error over cases."""

    mean: float
    error: float


@dataclass(frozen=True)
class Gain:
    """How much better one predictor's log score is than another's, per act, in nats; 90 % interval over cases."""

    over: str
    mean: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval lies above zero: what is called skill here."""
        return self.low > 0


@dataclass(frozen=True)
class Scored:
    """One predictor on one target, every case left out in turn."""

    predictor: Predictor
    chances: Chances
    log: Score
    brier: Score


@dataclass(frozen=True)
class Bin:
    """Chances that were put between two bounds, and how many of them came."""

    low: float
    high: float
    n: int
    mean: float
    n_yes: int


@dataclass(frozen=True)
class Comparison:
    """Every predictor on one target."""

    target: Target
    rows: tuple[Outcome, ...]  # those that were scored
    scored: tuple[Scored, ...]

    def by_key(self, key: str) -> Scored:
        """The scores of one predictor."""
        return next(one for one in self.scored if one.predictor.key == key)

    def calibration(self, key: str) -> tuple[Bin, ...]:
        """How often a level came when its chance was put at so much: of yes, or of all five levels together."""
        mean = self.by_key(key).chances.mean
        came = np.eye(mean.shape[1])[[row.level or 0 for row in self.rows]]
        chosen = slice(1, 2) if mean.shape[1] == 2 else slice(None)
        return calibration(mean[:, chosen].ravel(), came[:, chosen].ravel())

    @property
    def best_running(self) -> Scored:
        """The running rate that scores best of those with other weights: the rival is given the choice in hindsight."""
        return max((one for one in self.scored if one.predictor.key in RUNNING_KEYS), key=lambda one: one.log.mean)

    def gain(self, key: str, over: str) -> Gain:
        """How much better one predictor's log score is than another's."""
        levels = np.array([row.level for row in self.rows], dtype=np.int64)
        one, other = (log_scores(self.by_key(name).chances.mean, levels) for name in (key, over))
        return gain_of(one - other, partial(resampled, groups=[row.case for row in self.rows]), over)

    def beaten(self, key: str) -> dict[str, bool]:
        """Whether a predictor clearly predicts better than the marginal rates and than the best running rate."""
        rivals = {MARGINAL.title: MARGINAL.key, RUNNING.title: self.best_running.predictor.key}
        return {title: self.gain(key, over).is_clear for title, over in rivals.items()}

    def has_skill(self, key: str) -> bool:
        """Whether it beats both."""
        return all(self.beaten(key).values())

    def verdict(self, key: str = MODEL.key) -> str:
        """Whether a predictor predicts better than the plain rates, in a sentence."""
        clear = self.beaten(key)
        beaten, others = ([title for title in clear if clear[title] is wanted] for wanted in (True, False))
        name = self.by_key(key).predictor.title
        if not others:
            return f"The {name} has skill over the {' and over the '.join(beaten)}."
        if not beaten:
            return f"The {name} has no skill beyond the {' or the '.join(others)}: its gain may be chance."
        return f"The {name} beats the {beaten[0]} but has no skill beyond the {others[0]}: that gain may be chance."


def leave_one_case_out(
    ceasefires: Ceasefires, target: Target, predictors: Sequence[Predictor] = PREDICTORS
) -> Comparison:
    """Predict each case from all others, and score what is known of it."""
    rows = all_outcomes(ceasefires, target)
    keys = sorted({row.case for row in rows if row.level is not None})
    order = tuple(row for key in keys for row in rows if row.case == key and row.level is not None)
    found = {p.key: [_left_out(p, rows, key, len(target.names)) for key in keys] for p in predictors}
    joined = {key: _joined(parts) for key, parts in found.items()}
    return Comparison(target, order, _scored(order, joined, predictors))


def _left_out(predictor: Predictor, rows: Sequence[Outcome], key: str, n_levels: int) -> Chances:
    train = [row for row in rows if row.case != key]
    test = [row for row in rows if row.case == key and row.level is not None]
    return predictor.predict(train, test, n_levels)


def _joined(parts: Sequence[Chances]) -> Chances:
    return Chances(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("mean", "low", "high")))


def log_scores(chances: Floats, levels: Ints) -> Floats:
    """[row] natural logarithm of the chance that was given to what came."""
    return np.asarray(np.log(chances[np.arange(len(levels)), levels]))


def brier_scores(chances: Floats, levels: Ints) -> Floats:
    """[row] squared distance of the chances from what came; for yes or no that of the chance of yes."""
    squares = (chances - np.eye(chances.shape[1])[levels]) ** 2
    return np.asarray(squares[:, 1] if chances.shape[1] == 2 else squares.sum(axis=1))


def resampled(values: Floats, groups: Sequence[str], n: int = N_RESAMPLES) -> Floats:
    """[resample] mean per row when whole groups are drawn again; the same draws for the same groups."""
    names = sorted(set(groups))
    of = np.array([names.index(group) for group in groups])
    sums, counts = np.bincount(of, values, len(names)), np.bincount(of, minlength=len(names))
    picks = drawn_again(n, len(names))
    return np.asarray(sums[picks].sum(axis=1) / counts[picks].sum(axis=1))


@cache
def drawn_again(n: int, n_groups: int) -> Ints:
    """[resample, place] number of the group drawn there."""
    uniform = Draws(SEED).uniform("groups drawn again", np.arange(n)[:, None], np.arange(n_groups)[None, :])
    return np.asarray((uniform * n_groups).astype(np.int64))


def score_of(values: Floats, again: Resample) -> Score:
    """Mean and its standard error, by how the rows are drawn again."""
    return Score(float(values.mean()), float(again(values).std()))


def gain_of(values: Floats, again: Resample, over: str) -> Gain:
    """Mean of paired differences and its 90 % interval, by how the rows are drawn again."""
    low, high = np.quantile(again(values), (0.05, 0.95))
    return Gain(over, float(values.mean()), float(low), float(high))


def _scored(
    rows: Sequence[Outcome], chances: Mapping[str, Chances], predictors: Sequence[Predictor]
) -> tuple[Scored, ...]:
    levels = np.array([row.level for row in rows], dtype=np.int64)
    by_case = partial(resampled, groups=[row.case for row in rows])
    return tuple(
        Scored(
            one,
            chances[one.key],
            score_of(log_scores(chances[one.key].mean, levels), by_case),
            score_of(brier_scores(chances[one.key].mean, levels), by_case),
        )
        for one in predictors
    )


def calibration(chances: Floats, yes: Floats) -> tuple[Bin, ...]:
    """How often a thing came (1) when its chance was put at so much; empty bins are left out."""
    bins = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = (chances >= low) & ((chances < high) if high < 1 else (chances <= high))
        if inside.any():
            bins.append(Bin(low, high, int(inside.sum()), float(chances[inside].mean()), int(yes[inside].sum())))
    return tuple(bins)


def compare_answers(ceasefires: Ceasefires) -> tuple[Comparison, ...]:
    """Both targets, every predictor, every case left out in turn."""
    return tuple(leave_one_case_out(ceasefires, target) for target in TARGETS)

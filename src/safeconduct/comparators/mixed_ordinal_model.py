"""A hierarchical model of graded outcomes: what helps everywhere, and how far each case differs from the rest.

Levels 0..K-1 are reached step by step: given that level k is reached, the logit of going beyond it is
  threshold k + effects of the covariates + effect of the kind + effect of the case
(the sequential or continuation-ratio model, Tutz 1991; with two levels the ordinary logit). Effects of kinds and of
cases are normal with standard deviations that are estimated. Fitted by variational Bayes with independent factors
(`variational.py`), so spreads come out a little too narrow.

A case that was not in the fit starts with an unknown effect, normal with the estimated standard deviation; what is
known of its earlier outcomes then narrows it down by Bayes' rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from safeconduct.comparators.variational import Fitted, Priors, fit_mixed
from safeconduct.terms import Draws

Floats = NDArray[np.float64]
PRIOR_SD = 2.0  # of thresholds and effects, in logits (assumed; covariates are scaled to a spread of about 1)
PRIOR_SD_LOG = 1.0  # of the log of each standard deviation (assumed; as in statsmodels' BinomialBayesMixedGLM)
N_DRAWS = 400  # from the fitted parameters
GRID: Floats = np.linspace(-4.0, 4.0, 33)  # of a new case's effect, in its standard deviations
SEED = 20  # predictions repeat themselves
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Covariates:
    """What a predictor may look at: covariates of an outcome, and its kind."""

    x: tuple[float, ...]  # scaled to a spread of about 1
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a case, with the earlier ones of that case as they were known when it began."""

    case: str
    id: str
    told: Covariates
    level: int | None  # None = not known
    earlier: tuple[tuple[Covariates, int], ...] = ()


@dataclass(frozen=True)
class Chances:
    """Chance of each level, and the 90 % interval of what it may be given the fit."""

    mean: Floats  # [row, level]
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Effects:
    """A fitted model, as draws of its parameters."""

    n_levels: int
    kinds: tuple[str, ...]
    fixed: Floats  # [draw, threshold | covariate]
    by_kind: Floats  # [draw, kind]
    case_sd: Floats  # [draw] standard deviation between cases, in logits

    def predict(self, rows: Sequence[Outcome]) -> Chances:
        """Chances of each row for a case that was not in the fit."""
        seen: dict[Covariates, Floats] = {}
        for told in {one for row in rows for one in (row.told, *(before for before, _ in row.earlier))}:
            seen[told] = self._levels(told)
        alike = {(row.told, row.earlier): row for row in rows}  # rows that say the same have the same chances
        of = {key: self._one(row, seen) for key, row in alike.items()}
        found = [of[row.told, row.earlier] for row in rows]
        return Chances(*(np.array([one[n] for one in found]) for n in range(3)))

    def _one(self, row: Outcome, seen: Mapping[Covariates, Floats]) -> tuple[Floats, Floats, Floats]:
        weight = np.tile(np.exp(-(GRID**2) / 2), (len(self.case_sd), 1))
        for told, level in row.earlier:
            weight = weight * seen[told][:, :, level]
        return _summed(seen[row.told], weight / weight.sum())

    def _levels(self, told: Covariates) -> Floats:
        """[draw, grid, level] chance of each level for each effect that the case may have."""
        n = self.n_levels - 1
        shared = self.fixed[:, n:] @ np.array(told.x) if told.x else np.zeros(len(self.case_sd))
        if told.kind in self.kinds:
            shared = shared + self.by_kind[:, self.kinds.index(told.kind)]
        own = shared[:, None] + self.case_sd[:, None] * GRID
        beyond = 1.0 / (1.0 + np.exp(-(self.fixed[:, None, :n] + own[:, :, None])))
        reached = np.concatenate([np.ones((*own.shape, 1)), np.cumprod(beyond, axis=2)], axis=2)
        return np.asarray(reached * np.concatenate([1.0 - beyond, np.ones((*own.shape, 1))], axis=2))


def _summed(chances: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted mean and 90 % interval of each level's chance."""
    flat, weights = chances.reshape(-1, chances.shape[-1]), weight.ravel()
    order = np.argsort(flat, axis=0)
    ranked = np.cumsum(weights[order], axis=0)
    ends = [
        np.array([flat[order[min(int(np.searchsorted(ranked[:, k], q)), len(flat) - 1), k], k]
                  for k in range(flat.shape[1])])
        for q in INTERVAL
    ]  # fmt: skip
    return weights @ flat, ends[0], ends[1]


def fit_effects(rows: Sequence[Outcome], n_levels: int) -> Effects:
    """Fit the model to outcomes of many cases; those that are not known are left out."""
    known = [row for row in rows if row.level is not None]
    cases = sorted({row.case for row in known})
    kinds = tuple(sorted({row.told.kind for row in known} - {""}))
    steps = [(row, k) for row in known for k in range(min(row.level or 0, n_levels - 2) + 1)]
    went = np.array([float((row.level or 0) > k) for row, k in steps])
    fixed = np.array([[*(float(k == j) for j in range(n_levels - 1)), *row.told.x] for row, k in steps])
    groups = np.array(
        [[*(row.case == c for c in cases), *(row.told.kind == k for k in kinds)] for row, _ in steps], dtype=float
    )
    which = np.array([0] * len(cases) + [1] * len(kinds))
    found = fit_mixed(went, fixed, groups, which, Priors(PRIOR_SD, PRIOR_SD_LOG))
    return _drawn(found, n_levels, len(cases), kinds)


def _drawn(found: Fitted, n_levels: int, n_cases: int, kinds: tuple[str, ...]) -> Effects:
    """Draws from the independent normal factors of a fit."""
    fixed, spreads, groups = found.fixed, found.log_spreads, found.groups
    return Effects(
        n_levels,
        kinds,
        fixed.mean + fixed.sd * _normal("fixed", len(fixed.mean)),
        groups.mean[n_cases:] + groups.sd[n_cases:] * _normal("kinds", len(kinds)),
        np.exp(spreads.mean[0] + spreads.sd[0] * _normal("spread", 1)[:, 0]),
    )


@cache
def _normal(name: str, n: int) -> Floats:
    """[draw, n] standard normal numbers that are always the same."""
    from scipy.special import ndtri

    uniform = Draws(SEED).uniform(name, np.arange(N_DRAWS)[:, None], np.arange(n)[None, :])
    return np.asarray(ndtri(uniform))

"""Logistic regression with normal group effects, by variational Bayes with independent normal factors.

For an outcome y of 0 or 1 with linear predictor t = fixed effects + group effects, the evidence lower bound is
  sum of y E t - E log(1 + exp t) + E log prior + entropy of the factors,
with normal priors on fixed effects and on the log standard deviation of each set of groups (Ormerod & Wand 2010). The
model is that of statsmodels' `BinomialBayesMixedGLM`, which tests hold this file to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(10)
REACH = 5.0  # standard deviations of the linear predictor over which its logistic mean is integrated
Z = REACH * NODES[:, None]
Z_WEIGHTS = REACH * NODE_WEIGHTS[:, None] * np.exp(-np.square(Z) / 2) / np.sqrt(2 * np.pi)
START_SD = 0.5  # of every factor


@dataclass(frozen=True, slots=True)
class Priors:
    """Standard deviations of the normal priors around zero, in logits."""

    fixed: float
    log_spread: float


@dataclass(frozen=True, slots=True)
class Factor:
    """Independent normal distributions."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted factors."""

    fixed: Factor  # [column of fixed]
    log_spreads: Factor  # [set of groups] log of the standard deviation between groups
    groups: Factor  # [column of groups]


def fit_mixed(outcomes: Floats, fixed: Floats, groups: Floats, which: NDArray[np.int64], priors: Priors) -> Fitted:
    """Maximise the lower bound by BFGS from zero means. outcomes [row] 0 or 1; fixed [row, column]; groups
    [row, column]; which [column of groups]: the set that the group belongs to."""
    from scipy.optimize import minimize

    n_fixed, n_sets = fixed.shape[1], int(which.max()) + 1
    design = np.hstack([fixed, groups])
    squared, counted = np.square(design), np.bincount(which)
    n = design.shape[1] + n_sets
    parts = (slice(0, n_fixed), slice(n_fixed, n_fixed + n_sets), slice(n_fixed + n_sets, n))
    linear = np.r_[parts[0], parts[2]]

    def loss(point: Floats) -> tuple[float, Floats]:
        """Minus the lower bound and its gradient in means and log standard deviations."""
        mean, sd = point[:n], np.exp(point[n:])
        bound, by_mean, by_sd = _bound(mean, sd, outcomes, design, squared, linear, which, counted, parts, priors)
        return -bound, -np.concatenate([by_mean, by_sd * sd])

    start = np.concatenate([np.zeros(n), np.full(n, np.log(START_SD))])
    found = minimize(loss, start, jac=True, method="BFGS").x
    mean, sd = found[:n], np.exp(found[n:])
    return Fitted(*(Factor(mean[part], sd[part]) for part in parts))


def _bound(
    mean: Floats, sd: Floats, outcomes: Floats, design: Floats, squared: Floats, linear: NDArray[np.int64],
    which: NDArray[np.int64], counted: NDArray[np.int64], parts: tuple[slice, slice, slice], priors: Priors,
) -> tuple[float, Floats, Floats]:  # fmt: skip
    """The lower bound up to a constant, with its gradients in means and standard deviations.

    What does not change between calls is given: the squared design, its columns `linear` among the means, and how many
    columns each set of groups has (`counted`).
    """
    fixed, spread, group = parts
    by_mean, by_sd = np.zeros_like(mean), 1.0 / sd
    centre, width = design @ mean[linear], np.sqrt(squared @ np.square(sd[linear]))
    z, weight = Z, Z_WEIGHTS
    predictor = centre + width * z
    bound = (outcomes * centre).sum() - (weight * np.logaddexp(0.0, predictor)).sum() + np.log(sd).sum()
    slope = weight / (1.0 + np.exp(-predictor))
    by_mean[linear] = (outcomes - slope.sum(axis=0)) @ design
    by_sd[linear] -= ((slope * z).sum(axis=0) / width) @ squared * sd[linear]

    squares, precision = np.square(mean) + np.square(sd), np.exp(2 * (np.square(sd[spread]) - mean[spread]))
    own = precision[which]  # [group] expected 1 / variance
    bound -= (squares[group] * own).sum() / 2 + mean[spread][which].sum()
    pull = np.bincount(which, weights=squares[group] * own)
    by_mean[spread] += pull - counted
    by_sd[spread] -= 2 * pull * sd[spread]
    by_mean[group] -= mean[group] * own
    by_sd[group] -= sd[group] * own
    for part, prior in ((fixed, priors.fixed), (spread, priors.log_spread)):
        bound -= squares[part].sum() / 2 / prior**2
        by_mean[part] -= mean[part] / prior**2
        by_sd[part] -= sd[part] / prior**2
    return float(bound), by_mean, by_sd

"""Where to try next: draws of the fitted parameters, on the scale on which the prior is standard normal."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import NDArray

from safeconduct.terms import Draws, log_standard_normal, normal_quantile

Array = NDArray[np.float64]
PRIOR_PART = 0.1  # of each proposal, so that no weight can grow without bound (Hesterberg 1995)
N_KERNELS = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """Part of the prior, and normal kernels of one shape around good draws; the prior alone, without any."""

    centres: Array  # [kernel, parameter]
    root: Array  # [parameter, parameter] lower triangular root of the kernels' covariance

    @classmethod
    def prior(cls, n_parameters: int) -> Proposal:
        """The prior itself."""
        return cls(np.empty((0, n_parameters)), np.eye(n_parameters))

    @classmethod
    def around(cls, scores: Array, weights: Array, start: float) -> Proposal:
        """Kernels around draws picked by weight, as wide as Silverman's rule says for so many draws."""
        n_parameters = scores.shape[1]
        spread = np.atleast_2d(np.cov(scores.T, aweights=weights)) + 1e-9 * np.eye(n_parameters)
        n_effective = effective_size(weights)
        width = (4.0 / ((n_parameters + 2.0) * n_effective)) ** (1.0 / (n_parameters + 4.0))
        picked = scores[resample(weights, N_KERNELS, start)]
        return cls(picked, width * np.linalg.cholesky(spread))

    def draw(self, draws: Draws, slots: NDArray[np.int64]) -> Array:
        """[slot, parameter] one draw for each slot."""
        n_parameters = self.root.shape[0]
        chances = draws.uniform("fit.propose", slots[:, None], np.arange(n_parameters + 2))
        noise = normal_quantile(chances[:, :n_parameters])
        if not len(self.centres):
            return noise
        kernel = (chances[:, n_parameters] * len(self.centres)).astype(np.int64)
        near = self.centres[kernel] + noise @ self.root.T
        return np.where(chances[:, n_parameters + 1, None] < PRIOR_PART, noise, near)

    def log_density(self, scores: Array) -> Array:
        """[draw] log density of the mixture."""
        prior = log_standard_normal(scores)
        if not len(self.centres):
            return prior
        points, centres = np.linalg.solve(self.root, scores.T).T, np.linalg.solve(self.root, self.centres.T).T
        squares = np.square(points).sum(1)[:, None] + np.square(centres).sum(1) - 2.0 * points @ centres.T
        shape = -np.log(np.diag(self.root)).sum() - 0.5 * scores.shape[1] * log(2.0 * pi)
        kernels = np.logaddexp.reduce(-0.5 * squares, axis=1) + shape - log(len(self.centres))
        return np.asarray(np.logaddexp(log(PRIOR_PART) + prior, log(1.0 - PRIOR_PART) + kernels))


def normalised(log_weights: Array) -> Array:
    """Weights that sum to one. Raises ValueError where none is positive."""
    top = log_weights.max()
    if not np.isfinite(top):
        raise ValueError("no draw has a positive weight")
    weights = np.exp(log_weights - top)
    return np.asarray(weights / weights.sum())


def effective_size(weights: Array) -> float:
    """Kish's effective number of draws."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def resample(weights: Array, n: int, start: float) -> NDArray[np.int64]:
    """Systematic resampling: n indices, each n times its weight, up to one more or less; 0 < start < 1."""
    places = (np.arange(n) + start) / n
    index = np.searchsorted(np.cumsum(weights / weights.sum()), places)
    return np.minimum(index, len(weights) - 1)

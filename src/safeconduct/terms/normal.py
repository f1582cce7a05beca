"""The standard normal distribution: density, chances and quantiles of arrays."""

from __future__ import annotations

from math import log, pi

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def log_standard_normal(scores: Array) -> Array:
    """[draw] log density of independent standard normals."""
    return np.asarray(-0.5 * np.square(scores).sum(axis=1) - 0.5 * scores.shape[1] * log(2.0 * pi))


def normal_quantile(chances: Array) -> Array:
    """Standard normal quantiles."""
    from scipy.special import ndtri

    return np.asarray(ndtri(chances))


def normal_chance(scores: Array) -> Array:
    """Chances of standard normals to lie below."""
    from scipy.special import ndtr

    return np.asarray(ndtr(scores))

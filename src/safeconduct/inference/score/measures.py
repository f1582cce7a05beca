"""Distances between a recorded figure and what a model says of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def crps(draws: Array, recorded: float) -> float:
    """The continuous ranked probability score of equally likely draws, in the unit of the figure; 0 is best.

    The fair estimator (Ferro 2014): its expectation does not depend on how many draws there are. One draw
    alone scores its absolute error, so that a rule which gives one number can stand beside an ensemble.
    """
    n = len(draws)
    distance = float(np.abs(draws - recorded).mean())
    if n == 1:
        return distance
    ordered = np.sort(draws)
    spread = float((2.0 * np.arange(n) - n + 1.0) @ ordered) / (n * (n - 1.0))
    return distance - spread


def is_covered(draws: Array, low: float, high: float, share: float) -> bool:
    """Whether the central interval with this share of the draws meets the recorded interval low..high."""
    left, right = np.quantile(draws, ((1.0 - share) / 2.0, (1.0 + share) / 2.0))
    return bool(left <= high and low <= right)


def root_mean_square(errors: Array) -> float:
    """The square root of the mean squared error, in the unit of the errors."""
    return float(np.sqrt(np.mean(np.square(errors))))

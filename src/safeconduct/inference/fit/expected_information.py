"""Which further observation would narrow what is still open, before anyone has made it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)  # report errors tried, in sd; weights of a normal
FINEST = 0.1  # an observation is never taken as finer than this part of its spread: draws lie no closer


def expected_reduction(seen: Array, wanted: Array, report_sd: float, weights: Array) -> Array:
    """[wanted] share of the variance that one report of `seen`, with this error, is expected to remove.

    Each draw in turn plays the truth and is reported with an error; the others, weighted by how well they
    agree with that report, are what would then be believed (expected posterior variance; Raiffa & Schlaifer
    1961).

    seen: [draw] the quantity to be reported; wanted: [draw, wanted]; weights: [draw] of different draws,
    sum 1.
    """
    total = variance(weights[None, :], wanted)[0]
    sd = max(report_sd, FINEST * float(variance(weights[None, :], seen[:, None])[0, 0]) ** 0.5)
    if sd == 0.0:
        return np.zeros(wanted.shape[1])
    left = np.zeros_like(wanted)
    for node, part in zip(NODES, NODE_WEIGHTS / NODE_WEIGHTS.sum(), strict=True):
        agreement = np.exp(-0.5 * np.square((seen[:, None] + node * sd - seen) / sd)) * weights
        np.fill_diagonal(agreement, 0.0)
        after = variance(agreement, wanted)
        left += part * np.where(np.isnan(after), total, after)
    share: Array = 1.0 - np.divide(weights @ left, total, out=np.ones_like(total), where=total > 0.0)
    return np.clip(share, 0.0, 1.0)


def variance(weights: Array, values: Array) -> Array:
    """[set, value] unbiased variance of [draw, value] under each set's [set, draw] weights; NaN for a single draw."""
    sums = weights.sum(axis=1, keepdims=True)
    parts = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0.0)
    centred = values - values.mean(axis=0)
    plain = parts @ np.square(centred) - np.square(parts @ centred)
    freedom = 1.0 - np.square(parts).sum(axis=1, keepdims=True)
    is_known = np.broadcast_to((sums > 0.0) & (freedom > 1e-9), plain.shape)
    found: Array = np.divide(plain, freedom, out=np.full(plain.shape, np.nan), where=is_known)
    return found

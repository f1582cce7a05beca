"""How likely a recorded series is, if a simulated one were true.

Recorded = simulated + what the model leaves out + what the report gets wrong, both normal. What the model
leaves out is alike at hours that lie close together, so that ten bulletins of one day are not ten
independent witnesses (Kennedy & O'Hagan 2001). What travellers report of their own way is compared by its logarithm
with the mean of all who cross in those hours: it is one party's, or a reporter's typical or worst case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.fit.observables import FitRow

Array = NDArray[np.float64]
Z95 = 1.645  # a recorded low and high are read as a central 90 % interval (assumed)
LEAST_SHARE = 0.02  # of a target's largest figure, added before logarithms are compared (assumed)


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """The sizes of both errors. All are assumed; they are stated in the file of every fit."""

    reporting_share: float = 0.01  # sd of a report's error, as a share of the figure
    reporting_floor: float = 0.002  # least sd of it, as a share of the target's largest fitted figure
    discrepancy_share: float = 0.05  # sd of what the model leaves out, as a share of the figure
    discrepancy_floor: float = 0.02  # least sd of it, as a share of the target's largest fitted figure
    correlation_hours: float = 12.0  # after which the likeness of discrepancies has fallen to 1/e
    is_by_factor: bool = False  # errors are of a figure's logarithm: twice as many is as wrong as half
    reported_factor: float = 2.0  # what travellers report is right within this factor of the mean of all (one sd)
    told_shared: float = 0.5  # part of that variance which tellers at close hours share, as the press picks the worst

    @classmethod
    def leaving_out(
        cls, share: float, alike_hours: float, *, is_by_factor: bool = False, reported_factor: float = 2.0
    ) -> ErrorModel:
        """Errors where the model leaves out this share of a figure, and two fifths of that of the largest one."""
        return cls(
            discrepancy_share=share,
            discrepancy_floor=share / 2.5,
            correlation_hours=alike_hours,
            is_by_factor=is_by_factor,
            reported_factor=reported_factor,
        )

    def covariance(self, rows: Sequence[FitRow]) -> Array:
        """[row, row] of both errors together; rows of different targets err independently."""
        hours = np.array([row.hour for row in rows])
        best = np.array([row.best for row in rows])
        same, largest = is_same(rows), largest_of(rows)
        interval = np.array([(row.high - row.low) / (2.0 * Z95) for row in rows])
        report = np.square([self.reporting_share * best, self.reporting_floor * largest, interval]).sum(axis=0)
        discrepancy = np.hypot(self.discrepancy_share * best, self.discrepancy_floor * largest)
        if self.is_by_factor:
            by_factor = LEAST_SHARE * largest
            report, discrepancy = report / np.square(best + by_factor), np.full(len(rows), self.discrepancy_share)
        is_told, told = is_told_of(rows), log(self.reported_factor) ** 2
        own = np.square(interval / np.where(is_told, best, 1.0)) + (1.0 - self.told_shared) * told
        report = np.where(is_told, own, report)
        discrepancy = np.where(is_told, sqrt(self.told_shared * told), discrepancy)
        likeness = np.where(same, np.exp(-np.abs(hours[:, None] - hours) / self.correlation_hours), 0.0)
        total: Array = np.diag(report) + likeness * np.outer(discrepancy, discrepancy)
        return total

    def added(self, rows: Sequence[FitRow]) -> Array | None:
        """[row] what is added before logarithms are compared, NaN where figures are; None where all figures are."""
        is_told = is_told_of(rows)
        if not self.is_by_factor and not is_told.any():
            return None
        return np.where(is_told, 0.0, LEAST_SHARE * largest_of(rows) if self.is_by_factor else np.nan)

    def words(self, rows: Sequence[FitRow]) -> str:
        """The sizes that were used for these rows."""
        n_told = int(is_told_of(rows).sum())
        if not n_told:
            return str(self)
        part = f"{self.told_shared:.0%} of its variance alike over {self.correlation_hours:g} hours"
        sources = f"{n_told} reported by travellers or journalists"
        return f"{self}; {sources}: a factor of {self.reported_factor:g} of the mean, {part}"

    def __str__(self) -> str:
        reports = (
            f"reports {self.reporting_share:.1%} of the figure and {self.reporting_floor:.1%} of the largest fitted"
        )
        model = f"model {self.discrepancy_share:.1%} and {self.discrepancy_floor:.1%}"
        if self.is_by_factor:
            model = f"model {self.discrepancy_share:g} of the logarithm of figure + {LEAST_SHARE:.0%} of the largest"
        return f"normal, sizes assumed: {reports}; {model}, alike over {self.correlation_hours:g} hours"


def is_same(rows: Sequence[FitRow]) -> NDArray[np.bool_]:
    """[row, row] whether both are of one target."""
    keys = [(row.quantity, row.place) for row in rows]
    return np.array([[one == other for other in keys] for one in keys], dtype=bool).reshape(len(rows), len(rows))


def is_told_of(rows: Sequence[FitRow]) -> NDArray[np.bool_]:
    """[row] whether it was reported by travellers rather than counted."""
    return np.array([row.is_told for row in rows], dtype=bool)


def largest_of(rows: Sequence[FitRow]) -> Array:
    """[row] the largest fitted figure of its target."""
    largest: Array = np.where(is_same(rows), [row.best for row in rows], 0.0).max(axis=1, initial=0.0)
    return largest


def log_likelihood(modelled: Array, recorded: Array, covariance: Array) -> Array:
    """[draw] log density of the recorded rows given [draw, row], up to a constant; -inf for a failed run."""
    whitened = np.linalg.solve(np.linalg.cholesky(covariance), (modelled - recorded).T)
    found: Array = -0.5 * np.square(whitened).sum(axis=0)
    return np.where(np.isnan(found), -np.inf, found)

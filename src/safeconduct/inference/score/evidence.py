"""Which recorded rows count, at which hour, and whether they were used in a fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.ledger import Observation
from safeconduct.scenario import Target
from safeconduct.terms import Clock

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """A recorded figure on the clock of a case."""

    hour: float  # hours since the start of the case
    low: float
    best: float
    high: float
    is_fitted: bool


@dataclass(frozen=True, slots=True)
class TargetRows:
    """The rows of one target that a model is held against, and a sentence on those left out."""

    rows: tuple[RecordedRow, ...]
    final_count: float  # the last recorded figure; the largest one where the last is zero
    note: str


def is_cumulative(quantity: str) -> bool:
    """Whether the quantity is a running total."""
    return quantity.startswith("cum_")


def evidence_of(target: Target, clock: Clock, *, last_hour: float, until: datetime | None) -> TargetRows:
    """Rows whose hour is known, and for a running total also the last count even where only its day is known.

    A row counts as fitted when its hour is known and lies at or before `until`; none does where that is None.
    """
    observations = sorted(target.observations, key=lambda observation: observation.time)
    chosen = [o for i, o in enumerate(observations) if o.is_exact or is_final_count(target, observations, i)]
    inside = [o for o in chosen if 0.0 <= clock.hour_of(o.time) <= last_hour]
    rows = tuple(RecordedRow(clock.hour_of(o.time), o.low, o.best, o.high, is_fitted(o, until)) for o in inside)
    final = observations[-1].best if observations else 0.0
    largest = max((o.best for o in observations), default=0.0)
    note = left_out(target, len(observations) - len(chosen), len(chosen) - len(inside))
    return TargetRows(rows, final or largest or float("nan"), note)


def is_fitted(observation: Observation, until: datetime | None) -> bool:
    """Whether a fit up to this time uses the figure: its hour is known and not later."""
    return until is not None and observation.is_exact and observation.time <= until


def is_final_count(target: Target, observations: list[Observation], index: int) -> bool:
    """Whether this is the last figure of a running total, which moves little within its day."""
    return is_cumulative(target.quantity) and index == len(observations) - 1


def left_out(target: Target, n_without_hour: int, n_outside: int) -> str:
    """A sentence on the rows that are not scored; empty where all are."""
    parts = []
    if n_without_hour:
        parts.append(f"{n_without_hour} whose hour is not known")
    if n_outside:
        parts.append(f"{n_outside} outside the simulated hours")
    return f"{target.quantity} at {target.place}: left out {' and '.join(parts)}." if parts else ""


def modelled(ensemble: Ensemble, target: Target, hours: Iterable[float]) -> Array:
    """[run, row] the simulated values of a target at each hour."""
    wanted = np.asarray(tuple(hours), dtype=float)
    return between_hours(ensemble.hours, ensemble.series[target.quantity, target.place], wanted)


def between_hours(hours: Array, series: Array, wanted: Array) -> Array:
    """[run, wanted] values on the straight line between hours; a gap (NaN) touches no hour but its own."""
    after = np.clip(np.searchsorted(hours, wanted), 1, len(hours) - 1)
    part = (wanted - hours[after - 1]) / (hours[after] - hours[after - 1])
    left, right = series[:, after - 1], series[:, after]
    return np.where(part == 0.0, left, np.where(part == 1.0, right, (1.0 - part) * left + part * right))

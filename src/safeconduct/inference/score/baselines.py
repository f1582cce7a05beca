"""Rules that know nothing of roads or people, fitted on the same rows as the simulation.

A simulation that does not beat them has shown nothing. Each gives one number for an hour, so that its CRPS is
its absolute error. Hours are since the start of the case; counts are in the unit of the target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


Tell = Callable[[float], str]  # how an hour is written for a reader


def tell_hour(hour: float) -> str:
    """An hour as counted from the start of the case."""
    return f"hour {hour:.2f}"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A named rule, ready to be asked for any hours, and how it came out of the fitted rows."""

    name: str
    at: Callable[[Array], Array]  # hours -> counts
    note: str


def persistence_of_level(hours: Array, counts: Array) -> Baseline:
    """Nothing changes after the last row that comes before; none yet at the first."""

    def at(when: Array) -> Array:
        before = np.searchsorted(hours, when, side="left")
        return np.where(before > 0, counts[np.maximum(before - 1, 0)], 0.0)

    return Baseline("persistence of level", at, f"each row as the last one before it; {counts[-1]:,.0f} in the end")


def persistence_of_rate(hours: Array, counts: Array) -> Baseline:
    """Things go on as between the last two rows that come before; level where only one does."""
    rates = np.append(0.0, np.diff(counts) / np.diff(hours))  # [row] rate that led there

    def at(when: Array) -> Array:
        before = np.searchsorted(hours, when, side="left")
        last = np.maximum(before - 1, 0)
        return np.where(before > 0, counts[last] + rates[last] * (when - hours[last]), 0.0)

    note = f"each row from the last two before it; {rates[-1]:,.0f} an hour in the end"
    return Baseline("persistence of the last rate", at, note)


def trend(hours: Array, counts: Array) -> Baseline:
    """The least-squares straight line through the fitted rows, without floor or ceiling."""
    rate, at_start = line_through(hours, counts)
    return Baseline("trend", lambda when: at_start + rate * when, f"{rate:,.0f} an hour, {at_start:,.0f} at the start")


def constant_rate_server(
    hours: Array, counts: Array, *, opening: float, present: float, tell: Tell = tell_hour
) -> Baseline:
    """Everyone present is ready when the way opens, and so many an hour are let through until none is left.

    The fitted rate is the best of all: the squared error is a parabola between any two rates at which a row
    reaches the ceiling, so its least value lies at the foot of one of them or where two meet.
    """
    open_hours = np.clip(hours - opening, 0.0, None)

    def served(rate: float, since: Array) -> Array:
        return np.minimum(present, rate * since)

    some = open_hours > 0.0
    feet = [
        float(counts[part] @ open_hours[part] / (open_hours[part] @ open_hours[part]))
        for part in (some & (open_hours <= limit) for limit in open_hours[some])
    ]
    candidates = [*feet, *(present / open_hours[some])]
    rate = min(candidates, key=lambda r: square_sum(served(r, open_hours) - counts), default=0.0)
    return Baseline(
        "constant-rate server",
        lambda when: served(rate, np.clip(when - opening, 0.0, None)),
        f"{rate:,.0f} an hour from {tell(opening)} until {present:,.0f}",
    )


def capped_straight_line(
    hours: Array, counts: Array, *, cap: float, cap_source: str, tell: Tell = tell_hour, is_free: bool = False
) -> Baseline:
    """Nothing until a start, then a constant rate until a cap; start and rate are free.

    The rows on the slope follow each other, and the best line is the least-squares line through them. So
    every run of two or more rows is tried: the best of all lines with two or more rows on their slope. `is_free`: the
    same line, continued past its cap.
    """

    def clipped(rate: float, at_start: float, when: Array) -> Array:
        return np.clip(at_start + rate * when, 0.0, cap)

    lines = [
        line_through(hours[first : last + 1], counts[first : last + 1])
        for first, last in combinations(range(len(hours)), 2)
    ]
    rate, at_start = min(lines, key=lambda line: square_sum(clipped(line[0], line[1], hours) - counts))
    begins = f"from {tell(-at_start / rate)}" if rate else f"at {at_start:,.0f}"
    return Baseline(
        "capped straight line",
        (lambda when: np.maximum(at_start + rate * when, 0.0))
        if is_free
        else lambda when: clipped(rate, at_start, when),
        f"{rate:,.0f} an hour {begins}, cap {cap:,.0f} ({cap_source})",
    )


def line_through(hours: Array, counts: Array) -> tuple[float, float]:
    """The least-squares line through points at two or more hours: rate an hour, and value at hour 0."""
    middle = hours.mean()
    rate = float((hours - middle) @ counts / ((hours - middle) @ (hours - middle)))
    return rate, float(counts.mean() - rate * middle)


def square_sum(errors: Array) -> float:
    """The sum of squared errors."""
    return float(errors @ errors)

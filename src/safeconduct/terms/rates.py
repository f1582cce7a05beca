"""A rate is not a chance. They meet in `chance_within` and nowhere else."""

from __future__ import annotations

from math import expm1, log


def per_day(count: float) -> float:
    """A rate given per day, in 1/hour."""
    return count / 24.0


def rate_from_half_life(hours: float) -> float:
    """The rate, in 1/hour, at which half is gone after so many hours."""
    return log(2.0) / hours


def chance_within(rate: float, hours: float) -> float:
    """The chance that something with a constant rate (1/hour) happens within so many hours.

    Halving the hours and asking twice gives the same chance of never: exp(-rate * hours).
    """
    return -expm1(-rate * hours)

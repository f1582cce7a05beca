"""How a stated figure is read: as rounded as it looks, and no firmer than it is said."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from safeconduct.ledger.types import Claim

ABOVE = ("over", "more than", "at least")
BELOW = ("up to", "at most", "nearly", "almost", "under", "maximum")
NEAR = ("about", "around", "approximately", "some", "roughly")


@dataclass(frozen=True, slots=True)
class Reading:
    """A stated figure as an interval."""

    low: float
    best: float
    high: float

    def meets(self, other: Reading) -> bool:
        """Whether one number could satisfy both."""
        return self.low <= other.high and other.low <= self.high

    def gap(self, other: Reading) -> float:
        """How far the two intervals are apart; 0 where they meet."""
        return max(0.0, self.low - other.high, other.low - self.high)


def rounding(value: float) -> float:
    """How finely a figure is stated: the place value of its last digit that is not zero, but no more than a tenth of it.

    42,500 -> 100; 377 -> 1; 2.5 -> 0.1; 0 -> 1. At least two digits are taken as meant: 100,000 -> 10,000.
    """
    if value == 0:
        return 1.0
    return min(last_place(value), abs(value) / 10)


def last_place(value: float) -> float:
    """The place value of the last digit that is not zero."""
    whole, _, part = f"{abs(value):.6f}".partition(".")
    part = part.rstrip("0")
    return 10.0 ** -len(part) if part else 10.0 ** (len(whole) - len(whole.rstrip("0")))


def significant_digits(value: float) -> int:
    """How many digits are stated: 26,600 -> 3."""
    return 0 if value == 0 else floor(log10(abs(value)) - log10(last_place(value)) + 1e-9) + 1


def read_figure(claim: Claim) -> Reading | None:
    """The interval that a claim's figure stands for; None where it holds no number.

    A bare figure is read as rounded to its last digit that is not zero: half a unit of that digit on either side, or
    nothing where that unit is 1 or less. "Over X" and "at least X" run from X to the next figure so rounded, "nearly X" and
    "up to X" from the one before to X, "about X" one such unit both ways: when reports are set side by side, a bound is
    not a licence for any figure. A stated range is taken as it stands.
    """
    value = claim.value
    if value is None:
        return None
    step = rounding(value)
    low, high = claim.low, claim.high
    if low is not None and high is not None and low < high:
        return Reading(min(low, value), value, max(high, value))
    if (low is not None and high is None) or claim.hedge.startswith(ABOVE):
        return Reading(value, value, value + step)
    if (high is not None and low is None) or claim.hedge.startswith(BELOW):
        return Reading(max(0.0, value - step), value, value)
    if claim.hedge.startswith(NEAR):
        return Reading(value - step, value, value + step)
    half = step / 2 if step > 1 else 0.0
    return Reading(value - half, value, value + half)

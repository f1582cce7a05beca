"""How a stated figure is read: as rounded as it looks, and no firmer than it is said."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from safeconduct.ledger.types import Claim

ABOVE = ("over", "more than", "at least")
BELOW = ("up to", "at most", "nearly", "almost", "under", "maximum", "as many as", "a maximum of")
NEAR = ("about", "around", "approximately", "some", "roughly")
BOUNDS = (*ABOVE, *BELOW, *NEAR, "by")


@dataclass(frozen=True, slots=True)
class FigureInterval:
    """A stated figure as an interval."""

    low: float
    best: float
    high: float

    def meets(self, other: FigureInterval) -> bool:
        """Whether one number could satisfy both."""
        return self.low <= other.high and other.low <= self.high


def rounding(value: float) -> float:
    """How finely a figure is stated: the place value of its last digit that is not zero, at most a tenth of it.

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


def read_figure(claim: Claim) -> FigureInterval | None:
    """The interval that a claim's figure stands for as it is said; None where it holds no number.

    A bare figure and a range are taken as they stand. "Over X" and "at least X" run from X to the next figure stated as
    finely, "nearly X" and "up to X" from the one before to X, "about X" one such step both ways: when reports are set
    side by side, a bound is not a licence for any figure.
    """
    value, low, high = claim.value, claim.low, claim.high
    if value is None:
        return None
    step = rounding(value)
    if low is not None and high is not None and low < high:
        return FigureInterval(low, value, high)
    if (low is not None and high is None) or claim.hedge.startswith(ABOVE):
        return FigureInterval(value, value, value + step)
    if (high is not None and low is None) or claim.hedge.startswith(BELOW):
        return FigureInterval(max(0.0, value - step), value, value)
    if claim.hedge.startswith(NEAR):
        return FigureInterval(value - step, value, value + step)
    return FigureInterval(value, value, value)


def is_lower_bound(claim: Claim) -> bool:
    """Whether a figure is said as the least: "over", "more than", "at least"."""
    return claim.hedge.startswith(ABOVE) or (claim.low is not None and claim.high is None)


def stated_ends(claim: Claim) -> tuple[float | None, float | None, float | None, str]:
    """Low, best and high as stated, and the bound: a least or most figure is one end, and no middle is made up."""
    is_range = claim.low is not None and claim.high is not None
    if is_lower_bound(claim) and not is_range:
        return claim.value, None, None, "at least"
    if not is_range and (claim.hedge.startswith(BELOW) or claim.high is not None):
        return None, None, claim.value, "at most"
    return claim.low, claim.best, claim.high, "about" if claim.hedge.startswith(NEAR) else ""


def hedges(claim: Claim) -> tuple[str, str]:
    """What is said before the number ("at least"), and what else makes it less firm ("according to some reports")."""
    parts = [part.strip() for part in claim.hedge.split(";") if part.strip()]
    bounds = [part for part in parts if part.startswith(BOUNDS)]
    return " ".join(bounds), "; ".join(part for part in parts if part not in bounds)


def as_rounded(reading: FigureInterval) -> FigureInterval:
    """A bare figure as an interval of half a step on either side; nothing is added where the step is 1 or less."""
    step = rounding(reading.best)
    if reading.low < reading.high or step <= 1:
        return reading
    return FigureInterval(reading.low - step / 2, reading.best, reading.high + step / 2)

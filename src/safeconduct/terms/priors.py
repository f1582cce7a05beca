"""What is thought of a number before the data speak."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

STANDARD = NormalDist()
Z95 = STANDARD.inv_cdf(0.95)
ARGUMENTS = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("p05", "p95"),
    "triangular": ("low", "mode", "high"),
}


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution by its name and arguments, in the unit of its parameter.

    kind is one of fixed(value), uniform(low, high), normal(mean, sd), lognormal(p05, p95), triangular(low, mode, high).
    """

    kind: str
    arguments: tuple[float, ...]

    def quantile(self, chance: float) -> float:
        """The value below which the parameter lies with this chance. A normal is not cut off."""
        a = self.arguments
        if self.kind == "fixed":
            return a[0]
        if self.kind == "uniform":
            return a[0] + chance * (a[1] - a[0])
        if self.kind == "normal":
            return a[0] + a[1] * STANDARD.inv_cdf(chance)
        if self.kind == "lognormal":
            middle, sd = (log(a[0]) + log(a[1])) / 2, (log(a[1]) - log(a[0])) / (2 * Z95)
            return exp(middle + sd * STANDARD.inv_cdf(chance))
        low, mode, high = a
        left = (mode - low) / (high - low)
        if chance < left:
            return float(low + (chance * (high - low) * (mode - low)) ** 0.5)
        return float(high - ((1 - chance) * (high - low) * (high - mode)) ** 0.5)

    def log_density(self, value: float) -> float:
        """Log density up to a constant that does not depend on the value; -inf outside the support."""
        a, never = self.arguments, float("-inf")
        if self.kind == "fixed":
            return 0.0 if value == a[0] else never
        if self.kind == "uniform":
            return 0.0 if a[0] <= value <= a[1] else never
        if self.kind == "normal":
            return -0.5 * ((value - a[0]) / a[1]) ** 2
        if self.kind == "lognormal":
            if value <= 0:
                return never
            middle, sd = (log(a[0]) + log(a[1])) / 2, (log(a[1]) - log(a[0])) / (2 * Z95)
            return -log(value) - 0.5 * ((log(value) - middle) / sd) ** 2
        low, mode, high = a
        if not low <= value <= high:
            return never
        part = (value - low) / (mode - low) if value < mode else (high - value) / (high - mode)
        return log(part) if part > 0 else never

    def __str__(self) -> str:
        names = ARGUMENTS[self.kind]
        return f"{self.kind}({', '.join(f'{n}={v:g}' for n, v in zip(names, self.arguments, strict=True))})"

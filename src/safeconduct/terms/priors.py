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

    def chance_below(self, value: float) -> float:
        """The chance that the parameter lies below a value; of the kinds without edges, normal and lognormal."""
        a = self.arguments
        if self.kind == "normal":
            return STANDARD.cdf((value - a[0]) / a[1])
        if self.kind == "lognormal":
            if value <= 0:
                return 0.0
            middle, sd = (log(a[0]) + log(a[1])) / 2, (log(a[1]) - log(a[0])) / (2 * Z95)
            return STANDARD.cdf((log(value) - middle) / sd)
        raise ValueError(f"a {self.kind} prior has edges of its own")

    def within(self, low: float, high: float, chance: float) -> float:
        """The value at this chance of the prior cut off at low and high.

        A value inside is the one of the prior as it is; only a draw that falls outside is drawn again inside, from
        where it fell: together that is exactly the truncated distribution.
        """
        value = self.quantile(chance)
        if low <= value <= high or self.kind not in ("normal", "lognormal"):
            return value
        below, above = self.chance_below(low), 1 - self.chance_below(high)
        again = chance / below if value < low else (1 - chance) / above
        return min(max(self.quantile(below + again * (1 - below - above)), low), high)

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

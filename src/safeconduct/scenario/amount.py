"""A number of a table: a value, or the name of a parameter of the case, which a run fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, float]  # parameter name -> value, as one run uses them


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a table: a value, or the name of the parameter that holds it."""

    value: float | None = None
    parameter: str | None = None

    def at(self, values: Values) -> float:
        """The number under these parameter values. An Amount with neither is infinite: no limit."""
        if self.parameter is not None:
            return float(values[self.parameter])
        return float("inf") if self.value is None else self.value

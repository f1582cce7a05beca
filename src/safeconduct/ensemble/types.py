"""Many runs of one plan, labelled by run, hour and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that did not finish: a value, counted and reported."""

    run: int
    sentence: str


@dataclass(frozen=True)
class Ensemble:
    """What finished runs recorded. All arrays have the finished runs, in order, on their first axis."""

    runs: NDArray[np.int64]  # [run] number of the run in its plan
    hours: NDArray[np.float64]  # [hour] hours since the start of the case
    series: Mapping[tuple[str, str], NDArray[np.float64]]  # (quantity, place or route) -> [run, hour]
    outcomes: Mapping[str, NDArray[np.float64]]  # name, such as mean_trip_hours -> [run]
    parameters: Mapping[str, NDArray[np.float64]]  # name -> [run]
    failures: tuple[Failure, ...]
    seeds: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))  # [run]

    def quantiles(self, quantity: str, place: str, chances: tuple[float, ...]) -> NDArray[np.float64]:
        """[chance, hour] quantiles over runs of one series."""
        return np.quantile(self.series[quantity, place], chances, axis=0)

    def since(self, hour: float) -> Ensemble:
        """Every series from an hour on: the state at that hour comes from the runs before it. Outcomes stay."""
        first = int(np.searchsorted(self.hours, hour - 1e-7))
        series = {key: values[:, first:] for key, values in self.series.items()}
        return replace(self, hours=self.hours[first:], series=series)

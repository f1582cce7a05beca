"""A factual and a counterfactual ensemble, run by run: the difference within each pair that shares its draws.

Run k of both has the same seed and the same parameter values but for what was changed, so the difference within a pair
is the effect of the change in that run (common random numbers; Law 2015, chapter 11). Two separate bands would hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.scenario import Role, Scenario

Floats = NDArray[np.float64]
MOST_PARTNERS = 200  # other runs that each run is set against for the unpaired width; more would change no digit shown


@dataclass(frozen=True, slots=True)
class PairedValues:
    """A figure or a series of both worlds, first axis [pair of runs]."""

    factual: Floats
    other: Floats

    @property
    def difference(self) -> Floats:
        """Counterfactual less factual within each pair; NaN where either has no value."""
        return self.other - self.factual


@dataclass(frozen=True, slots=True)
class Gain:
    """How much narrower the difference is with common draws than between runs that share nothing."""

    hour: float
    paired_width: float  # of the 90 % interval of the difference within pairs
    unpaired_width: float  # of the same between runs of different numbers

    @property
    def ratio(self) -> float:
        """Unpaired width by paired width; NaN where nothing differs within any pair."""
        return self.unpaired_width / self.paired_width if self.paired_width > 0 else float("nan")


@dataclass(frozen=True)
class PairedEnsemble:
    """A factual and a counterfactual ensemble with the same runs in the same order."""

    scenario: Scenario
    factual: Ensemble
    other: Ensemble

    def __len__(self) -> int:
        return len(self.factual.runs)

    def series(self, quantity: str, places: Iterable[str]) -> PairedValues | None:
        """[pair, hour] a quantity summed over places; None where it was not recorded."""
        keys = [(quantity, place) for place in places if (quantity, place) in self.factual.series]
        if not keys:
            return None
        return PairedValues(*(sum_of(world, keys) for world in (self.factual, self.other)))

    @cached_property
    def over_time(self) -> Mapping[str, PairedValues]:
        """[pair, hour] what is shown over time, by name: arrivals, those who cannot leave, those still there, need."""
        places = [place.key for place in self.scenario.places]
        homes = [place.key for place in self.scenario.places if place.role is Role.ORIGIN]
        found = {
            "arrivals": self.series(self.scenario.headline[0], [self.scenario.headline[1]]),
            "waiting_persons": self.series("n_waiting_persons", places),
            "still_there_persons": self.series("n_persons", homes),
            "sheltered_persons": self.series("n_sheltered_persons", places),
            "without_food_persons": without_food(self, homes),
        }
        return {name: both for name, both in found.items() if both is not None}

    @cached_property
    def measures(self) -> Mapping[str, PairedValues]:
        """[pair] every figure that sums up a run, by name."""
        shared = [name for name in self.factual.outcomes if name in self.other.outcomes]
        found = {name: PairedValues(self.factual.outcomes[name], self.other.outcomes[name]) for name in shared}
        return found | dict(summed_up(self))

    def arrivals_at(self, hour: float) -> PairedValues:
        """[pair] the headline's series at an hour, in line between whole hours."""
        both = self.over_time["arrivals"]
        return PairedValues(at_hour(self, both.factual, hour), at_hour(self, both.other, hour))

    def gain(self, hour: float) -> Gain:
        """What common draws gain for the headline's series at an hour."""
        both = self.arrivals_at(hour)
        partners = range(1, min(len(self), MOST_PARTNERS + 1))
        unpaired = [both.other - np.roll(both.factual, shift) for shift in partners]
        return Gain(hour, width90(both.difference), width90(np.concatenate(unpaired)) if unpaired else float("nan"))


def pair_up(scenario: Scenario, factual: Ensemble, other: Ensemble, left_out: Collection[int] = ()) -> PairedEnsemble:
    """Keep the runs that finished in both worlds, but for those left out."""
    kept = np.setdiff1d(np.intersect1d(factual.runs, other.runs), list(left_out))
    return PairedEnsemble(scenario, only(factual, kept), only(other, kept))


def only(ensemble: Ensemble, runs: NDArray[np.int64]) -> Ensemble:
    """An ensemble's runs of these numbers."""
    rows = np.isin(ensemble.runs, runs)
    return replace(
        ensemble,
        runs=ensemble.runs[rows],
        series={key: values[rows] for key, values in ensemble.series.items()},
        outcomes={name: values[rows] for name, values in ensemble.outcomes.items()},
        parameters={name: values[rows] for name, values in ensemble.parameters.items()},
        seeds=ensemble.seeds[rows] if len(ensemble.seeds) else ensemble.seeds,
    )


def sum_of(ensemble: Ensemble, keys: Iterable[tuple[str, str]]) -> Floats:
    """[run, hour] the sum of some series."""
    total: Floats = np.sum([ensemble.series[key] for key in keys], axis=0)
    return total


def without_food(pairs: PairedEnsemble, homes: list[str]) -> PairedValues | None:
    """[pair, hour] persons at places of origin whose stock of food has run out; None where no place has a stock."""
    keys = [("food_days", home) for home in homes if ("food_days", home) in pairs.factual.series]
    if not keys or not any(np.isfinite(pairs.factual.series[key]).any() for key in keys):
        return None

    def hungry(world: Ensemble) -> Floats:
        found = [world.series["n_persons", home] * (world.series["food_days", home] <= 0) for _, home in keys]
        total: Floats = np.sum(found, axis=0)
        return total

    return PairedValues(hungry(pairs.factual), hungry(pairs.other))


def summed_up(pairs: PairedEnsemble) -> Iterator[tuple[str, PairedValues]]:
    """Figures that the engine does not give itself, from the series over time."""
    hours = np.diff(pairs.factual.hours, append=pairs.factual.hours[-1])
    ways: tuple[tuple[str, str, Callable[[Floats], Floats]], ...] = (
        ("waiting_persons", "most_waiting_persons", lambda series: series.max(axis=1)),
        ("waiting_persons", "waiting_at_end_persons", lambda series: series[:, -1]),
        ("waiting_persons", "waiting_person_hours", lambda series: series @ hours),
        ("still_there_persons", "still_there_at_end_persons", lambda series: series[:, -1]),
        ("sheltered_persons", "most_sheltered_persons", lambda series: series.max(axis=1)),
        ("sheltered_persons", "sheltered_person_days", lambda series: series @ hours / 24),
        ("without_food_persons", "without_food_person_days", lambda series: series @ hours / 24),
    )
    for series, name, sum_up in ways:
        both = pairs.over_time.get(series)
        if both is not None:
            yield name, PairedValues(sum_up(both.factual), sum_up(both.other))


def at_hour(pairs: PairedEnsemble, series: Floats, hour: float) -> Floats:
    """[pair] a series at an hour, in line between whole hours."""
    return np.array([np.interp(hour, pairs.factual.hours, one) for one in series])


def width90(values: Floats) -> float:
    """Width of the middle 90 %."""
    low, high = np.quantile(values, (0.05, 0.95))
    return float(high - low)

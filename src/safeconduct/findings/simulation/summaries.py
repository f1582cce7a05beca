"""Many runs in five numbers: quantiles over runs of every recorded series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.scenario import Place, Role, Scenario

CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("p05", "p25", "p50", "p75", "p95")
Series = NDArray[np.float64]  # [run, hour], or [chance, hour] once it is bands


def quantiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """[chance, ...] quantiles over the first axis, of the runs that have a value; NaN where none has one.

    The same as `numpy.nanquantile` (linear between ranks), which is a hundred times slower.
    """
    ordered = np.sort(values, axis=0)  # NaN goes last
    if not len(ordered):
        return np.full((len(CHANCES), *values.shape[1:]), np.nan)
    last = np.count_nonzero(~np.isnan(ordered), axis=0) - 1
    rank = np.multiply.outer(np.array(CHANCES), np.maximum(last, 0))
    below = rank.astype(np.intp)
    low = np.take_along_axis(ordered, below, axis=0)
    high = np.take_along_axis(ordered, np.minimum(below + 1, np.maximum(last, 0)), axis=0)
    part = rank - below
    with np.errstate(invalid="ignore"):
        return np.where(part > 0, low + part * (high - low), low)


@dataclass(frozen=True)
class EnsembleSummary:
    """A scenario and its ensemble, read together: names for subjects, bands for series."""

    scenario: Scenario
    ensemble: Ensemble

    @cached_property
    def bands(self) -> Mapping[tuple[str, str], Series]:
        """[chance, hour] of every recorded series, by (quantity, subject)."""
        return {key: quantiles(values) for key, values in self.ensemble.series.items()}

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Places by key."""
        return {place.key: place for place in self.scenario.places}

    @cached_property
    def crossings(self) -> tuple[str, ...]:
        """Subjects at which arrivals are counted, in the order of the routes."""
        return tuple(dict.fromkeys(r.counts_as for r in self.scenario.routes if r.counts_as))

    @cached_property
    def ends(self) -> Mapping[str, tuple[str, str]]:
        """Where each route starts and ends, by its id."""
        return {route.id: (route.start, route.end) for route in self.scenario.routes}

    @cached_property
    def n_hours(self) -> int:
        """How many hours were recorded."""
        return len(self.ensemble.hours)

    def name(self, subject: str) -> str:
        """The first name of a place, the ends of a route, or the word itself."""
        ends = self.ends.get(subject)
        if ends:
            return " \N{EN DASH} ".join(map(self.name, ends))
        return self.places[subject].name if subject in self.places else subject

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What tables call each place: its name, with its key where two places share one."""
        n_named = Counter(place.name for place in self.scenario.places)
        return {p.key: p.name if n_named[p.name] == 1 else f"{p.name} ({p.key})" for p in self.scenario.places}

    def label(self, subject: str) -> str:
        """What tables call a subject: a place by its label, a route by its id."""
        return self.labels.get(subject, subject)

    def both_names(self, subject: str) -> str:
        """As `name`, with both names of each place where both are known."""
        ends = self.ends.get(subject)
        if ends and self.name(ends[1]).startswith(f"{self.name(ends[0])} ("):
            return self.both_names(ends[0])  # the road over a crossing, to its other side
        if ends:
            return " \N{EN DASH} ".join(map(self.both_names, ends))
        return self.places[subject].both_names if subject in self.places else subject

    def region_names(self, region: str) -> str:
        """A region by both names of the place that it is called after: one of the case, else one that claims name."""
        here = next((place.both_names for place in self.scenario.places if place.name == region), "")
        named = [word.names[:2] for word in self.scenario.ledger.terms.places.values() if region in word.names[:2]]
        names = dict.fromkeys((region, *named[0])) if named else (region,)
        return here or " / ".join(names)

    def total(self, quantity: str, subjects: Iterable[str]) -> Series | None:
        """[run, hour] of a quantity summed over subjects in each run; None where none was recorded."""
        series = self.ensemble.series
        found = [series[quantity, subject] for subject in subjects if (quantity, subject) in series]
        return np.sum(found, axis=0) if found else None

    def regions(self, role: Role, quantity: str) -> dict[str, list[str]]:
        """Regions that hold places of a role with a recorded quantity, each with those places' keys."""
        grouped: dict[str, list[str]] = {}
        for place in self.scenario.places:
            if place.role is role and (quantity, place.key) in self.ensemble.series:
                grouped.setdefault(place.region or place.name, []).append(place.key)
        return grouped

"""Which assumption matters most? Each is moved alone, all else held, and the runs share their random draws.

One at a time shows no interplay: two assumptions may do together what neither does alone. It ranks; it does not
weigh chances (Saltelli & Annoni 2010 on what one-at-a-time misses).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import QuickRuns
from safeconduct.scenario import Parameter, Scenario, Values, alike, value_is_possible

Simulate = Callable[[Sequence[Values], Sequence[int]], QuickRuns]
LOW, HIGH = 0.05, 0.95  # points of the prior that are tried
BASE_SEEDS = 3  # runs with nothing moved, of which the scatter is seen


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """An assumption, or several alike, and what moving it does."""

    parameters: tuple[Parameter, ...]
    low: tuple[float, ...]  # [parameter] tried
    high: tuple[float, ...]
    has_prior: bool  # else half and twice the value were tried
    arrived: tuple[float, float]  # persons who have arrived by the time, at low and at high
    trip_hours: tuple[float, float]  # mean hours on the way, at low and at high
    error: float  # persons: standard error of the difference of the two

    @property
    def length(self) -> float:
        """How far it moves the persons who have arrived."""
        return abs(self.arrived[1] - self.arrived[0])

    @property
    def is_seen(self) -> bool:
        """Whether that is more than chance would do."""
        return self.length > 2 * self.error


@dataclass(frozen=True)
class Sensitivities:
    """Assumptions in order of what they move, longest first."""

    hour: float  # since the start: when arrivals are compared
    arrived: float  # persons by then, nothing moved
    final: float  # persons by the end, nothing moved
    trip_hours: float
    n_seeds: int
    n_runs: int
    share: float  # of the people that was simulated
    levers: tuple[Sensitivity, ...]
    not_tried: tuple[Parameter, ...]  # 0 and without a prior, so that there is nothing to halve


def measure_sensitivity(
    scenario: Scenario, simulate: Simulate, *, n_seeds: int = 1, also_fixed: bool = False
) -> Sensitivities:
    """Move every assumption to both ends of its prior; `also_fixed` tries those without one at half and twice."""
    groups = [group for group in alike(scenario.parameters.values()) if also_fixed or _has_prior(group)]
    tried = [(group, *ends(group)) for group in groups]
    tried = [(group, low, high) for group, low, high in tried if low != high]
    base = scenario.values()
    seeds = range(n_seeds)
    rows, numbers = [base] * max(BASE_SEEDS, n_seeds), list(range(max(BASE_SEEDS, n_seeds)))
    for group, low, high in tried:
        for point in (low, high):
            moved = base | {one.name: value for one, value in zip(group, point, strict=True)}
            rows += [moved] * n_seeds
            numbers += seeds
    runs = simulate(rows, numbers)
    return _ranked(runs, tried, n_seeds, [g for g in groups if ends(g)[0] == ends(g)[1]])


def _has_prior(group: Sequence[Parameter]) -> bool:
    return all(one.prior.kind != "fixed" for one in group)


def ends(group: Sequence[Parameter]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The two points that are tried of each: 5 and 95 % of the prior, or half and twice where there is none."""
    return tuple(_end(one, LOW, 0.5) for one in group), tuple(_end(one, HIGH, 2.0) for one in group)


def _end(one: Parameter, chance: float, factor: float) -> float:
    if one.prior.kind != "fixed":
        found = one.prior.quantile(chance)
        return found if value_is_possible(one.name, found) else one.value
    found = one.value * factor
    if one.unit == "parties":
        return max(1.0, found)  # half a party is no household
    return found if value_is_possible(one.name, found) else min(1.0, found)  # only a share can be too large


def _ranked(
    runs: QuickRuns,
    tried: Sequence[tuple[Sequence[Parameter], tuple[float, ...], tuple[float, ...]]],
    n_seeds: int,
    not_tried: Iterable[Sequence[Parameter]],
) -> Sensitivities:
    n_base = max(BASE_SEEDS, n_seeds)
    mean = runs.arrived[:n_base].mean(axis=0)
    at = int(np.searchsorted(mean, 0.5 * mean[-1])) if mean[-1] > 0 else len(mean) - 1
    arrived = runs.arrived[:, at]
    moved, trips = arrived[n_base:].reshape(-1, 2, n_seeds), runs.trip_hours[n_base:].reshape(-1, 2, n_seeds)
    error = _errors(moved, arrived[:n_base])
    levers = [
        Sensitivity(tuple(group), low, high, _has_prior(group), _pair(moved[i]), _pair(trips[i]), float(error[i]))
        for i, (group, low, high) in enumerate(tried)
    ]
    levers.sort(key=lambda lever: (-lever.length, lever.parameters[0].name))
    return Sensitivities(
        hour=float(runs.hours[at]),
        arrived=float(mean[at]),
        final=float(mean[-1]),
        trip_hours=float(runs.trip_hours[:n_base].mean()),
        n_seeds=n_seeds,
        n_runs=len(runs.arrived),
        share=runs.share,
        levers=tuple(levers),
        not_tried=tuple(one for group in not_tried for one in group),
    )


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    """Means over seeds at the low and the high end."""
    return float(values[0].mean()), float(values[1].mean())


def _errors(moved: NDArray[np.float64], base: NDArray[np.float64]) -> NDArray[np.float64]:
    """[tried] standard error of high less low: from paired runs, or, of one pair, as if its draws were not shared."""
    n_seeds = moved.shape[2]
    if n_seeds > 1:
        paired: NDArray[np.float64] = (moved[:, 1] - moved[:, 0]).std(axis=1, ddof=1) / n_seeds**0.5
        return paired
    return np.full(len(moved), float(base.std(ddof=1)) * 2**0.5)

"""How long those who cross have stood before the crossing, from what stands and what has crossed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import Scenario

Series = Mapping[tuple[str, str], NDArray[np.float64]]
DAY_HOURS = 24


def queue_hours(scenario: Scenario, found: Series) -> dict[tuple[str, str], NDArray[np.float64]]:
    """[hour] for each crossing that one road counts: hours stood on that road by the vehicle that crosses then.

    First in, first out: it came when as many had come as have now crossed (Newell's horizontal distance between the
    two curves). NaN where none crossed in the day before. As fine as one vehicle's service, times what it stands for.
    """
    roads: dict[str, list[str]] = {}
    for route in scenario.routes:
        if route.counts_as:
            roads.setdefault(route.counts_as, []).append(route.id)
    return {
        ("queue_hours", place): stood(found["n_queue_vehicles", ids[0]], found["cum_arrivals_vehicles", place])
        for place, ids in roads.items()
        if len(ids) == 1
    }


def stood(standing: NDArray[np.float64], crossed: NDArray[np.float64]) -> NDArray[np.float64]:
    """[hour] hours from joining a queue to crossing, from the vehicles that stand and those that have crossed."""
    hours = np.arange(crossed.size, dtype=np.float64)
    come = np.maximum.accumulate(crossed + standing)
    joined = np.interp(crossed, come, hours)
    lately = crossed.copy()
    lately[DAY_HOURS:] -= crossed[:-DAY_HOURS]
    return np.where(lately > 0.0, np.maximum(hours - joined, 0.0), np.nan)

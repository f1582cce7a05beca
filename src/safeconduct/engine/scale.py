"""Where each simulated person stands for several: what the case holds becomes smaller, what a run counts larger."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import QUANTITIES, Scenario, Values, thinned

COUNTS = ("persons", "vehicles", "litres")  # units of what is counted; hours, days and km stay
COUNTED_OUTCOMES = (
    "persons_at_start", "persons_arrived", "longest_queue_vehicles", "peak_arrivals_per_hour",
    "persons_in_state_shelter", "persons_displaced",
)  # fmt: skip

Series = Mapping[tuple[str, str], NDArray[np.float64]]


def one_in_many(scenario: Scenario, values: Values) -> tuple[Scenario, Values]:
    """The case and its parameter values as they are simulated; unchanged where everybody is."""
    return (scenario, values) if scenario.one_in == 1 else thinned(scenario, values, 1.0 / scenario.one_in)


def for_everybody(series: Series, outcomes: Mapping[str, float], n: float) -> tuple[Series, Mapping[str, float]]:
    """What a run counted, for all whom its people stand for."""
    if n == 1:
        return series, outcomes
    grown = {key: values * n if QUANTITIES[key[0]][1] in COUNTS else values for key, values in series.items()}
    return grown, {name: value * n if name in COUNTED_OUTCOMES else value for name, value in outcomes.items()}

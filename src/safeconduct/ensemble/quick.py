"""A few coarse runs in this process: fewer people on narrower roads, longer steps. Enough to rank, not to report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble.pool import Progress
from safeconduct.ensemble.work import refuse_much_work
from safeconduct.scenario import Role, Scenario, Values, share_of, thinned

PERSONS = 20_000  # simulated at most; each then stands for several
STEP_MINUTES, MANY_ROADS, LONG_STEP_MINUTES = 60.0, 500, 360.0


@dataclass(frozen=True)
class QuickRuns:
    """What quick runs gave. Persons are of the whole case, whatever share of them was simulated."""

    hours: NDArray[np.float64]  # [hour] since the start
    arrived: NDArray[np.float64]  # [run, hour] persons who have arrived by then
    trip_hours: NDArray[np.float64]  # [run] mean hours on the way, waiting included; NaN where no one arrived
    share: float  # of the people that was simulated


def quick_runs(
    scenario: Scenario,
    values: Sequence[Values],
    seeds: Sequence[int],
    *,
    progress: Progress = lambda done, total: None,
) -> QuickRuns:
    """One run for each row of parameter values, with the seed beside it: the same seed gives the same draws."""
    from safeconduct.engine import simulate

    refuse_much_work(scenario, len(values), values[0] if values else scenario.values({}))
    coarse = coarsened(scenario)
    share = 1.0 if scenario.walk else share_of(scenario, PERSONS)
    quantity = "cum_arrivals_persons" if any(route.counts_as for route in scenario.routes) else "n_persons"
    ends = {place.key for place in scenario.places if place.role in (Role.SHELTER, Role.RECEPTION)}
    arrived, trips, hours = [], [], np.zeros(1)
    for number, (row, seed) in enumerate(zip(values, seeds, strict=True)):
        smaller, filled = thinned(coarse, row, share)
        run = simulate(smaller, filled, seed=seed, record=(quantity,))
        wanted = [s for (_, at), s in run.series.items() if quantity == "cum_arrivals_persons" or at in ends]
        arrived.append(np.sum(wanted, axis=0) / share)
        trips.append(run.outcomes.get("mean_trip_hours", float("nan")))
        hours = run.hours
        progress(number + 1, len(values))
    return QuickRuns(hours, np.array(arrived), np.array(trips), share / scenario.one_in)


def coarsened(scenario: Scenario) -> Scenario:
    """The case with longer steps; on a large map, where every step plans every way anew, with much longer ones."""
    if scenario.walk:
        return scenario
    wanted = LONG_STEP_MINUTES if len(scenario.routes) > MANY_ROADS else STEP_MINUTES
    step = min(max(scenario.clock.step_minutes, wanted), 60 * scenario.clock.hours)
    return replace(scenario, clock=replace(scenario.clock, step_minutes=step))

"""Which baselines apply to a target, and what they know about the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.score.baselines import (
    Baseline,
    capped_straight_line,
    constant_rate_server,
    persistence_of_level,
    persistence_of_rate,
    trend,
)
from safeconduct.inference.score.evidence import RecordedRow, TargetRows
from safeconduct.scenario import Scenario, Target
from safeconduct.terms import Clock, Prior, show_time

Array = NDArray[np.float64]
PRESENT = "persons_present"  # the parameter that holds how many people were there before anything happened
TOLD = "the final count: known only afterwards"
FAR_HOURS = 1e6  # about a century
OPENINGS = ("open", "admit")  # kinds of event that let people through


def baselines_for(
    scenario: Scenario, target: Target, evidence: TargetRows, rows: Sequence[RecordedRow]
) -> list[Baseline]:
    """Every baseline that can be fitted on these rows; none where fewer than two hours are known."""
    hours, counts = by_hour(rows)
    if len(hours) < 2:
        return []
    plain = [rule(hours, counts) for rule in PLAIN]
    if target.quantity != "cum_arrivals_persons":
        return plain
    present = max(persons_present(scenario), float(counts.max()))
    tell = partial(tell_time, scenario.clock)
    opening = opening_hour(scenario, float(hours[0]))
    told = capped_straight_line(hours, counts, cap=evidence.final_count, cap_source=TOLD, tell=tell)
    return [
        *plain,
        constant_rate_server(hours, counts, opening=opening, present=present, tell=tell),
        capped_straight_line(hours, counts, cap=present, cap_source="prior mean of persons present", tell=tell),
        replace(told, name="capped straight line given the final count"),
    ]


def tell_time(clock: Clock, hour: float) -> str:
    """An hour of the case as a time; of a line so flat that it starts outside all calendars, the hour."""
    return show_time(clock.at(hour)) if abs(hour) < FAR_HOURS else f"hour {hour:.3g}"


PLAIN: tuple[Callable[[Array, Array], Baseline], ...] = (persistence_of_level, persistence_of_rate, trend)


def by_hour(rows: Sequence[RecordedRow]) -> tuple[Array, Array]:
    """Hours in order, each once, and the mean recorded count at each."""
    hours = np.unique([row.hour for row in rows])
    counts = [np.mean([row.best for row in rows if row.hour == hour]) for hour in hours]
    return hours, np.asarray(counts, dtype=float)


def persons_present(scenario: Scenario) -> float:
    """The prior mean of the people there before anything happened, in persons."""
    if PRESENT in scenario.parameters:
        return prior_mean(scenario.parameters[PRESENT].prior)
    return sum(people.weight_persons for people in scenario.people)


def prior_mean(prior: Prior, n_points: int = 2000) -> float:
    """The mean of a prior: the average of its quantiles at the middles of equal steps of chance."""
    return sum(prior.quantile((i + 0.5) / n_points) for i in range(n_points)) / n_points


def opening_hour(scenario: Scenario, first_counted: float) -> float:
    """The hour of the last opening before anyone was counted; the start of the case where there is none."""
    hours = (scenario.clock.hour_of(event.time) for event in scenario.events if event.kind in OPENINGS)
    return max((hour for hour in hours if 0.0 <= hour <= first_counted), default=0.0)

"""Steps and moments of record of a case with phases: each phase has its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.scenario import Phase, Scenario

DAY_HOURS = 24.0


@dataclass(frozen=True)
class Clockwork:
    """When steps begin and what is recorded when, in hours since the start."""

    phases: tuple[Phase, ...]
    starts: NDArray[np.float64]  # [phase] hour at which it begins; 0 for the first
    grid: NDArray[np.float64]  # [step] hours at which steps begin, dated moments left aside
    records: NDArray[np.float64]  # [record] hours at which the run is recorded, the end included
    page_hours: float  # the longest step

    def span(self, number: int) -> tuple[float, float]:
        """First and last hour of a phase."""
        ends = [*self.starts[1:], self.records[-1]]
        return float(self.starts[number]), float(ends[number])


def clockwork(scenario: Scenario) -> Clockwork:
    """The phases that take place under the case's events. Raises ValueError where the case has none."""
    clock, begun = scenario.clock, scenario.phase_starts()
    if not begun:
        raise ValueError(f"no phase of {scenario.key} begins before the end of its clock")
    starts = np.array([clock.hour_of(when) for _, when in begun])
    starts[0] = 0.0
    ends = [*starts[1:], clock.hours]
    steps, records = [], []
    for (phase, _), start, end in zip(begun, starts, ends, strict=True):
        steps.append(regular(phase.step_minutes / 60.0, float(start), float(end)))
        records.append(regular(phase.record_minutes / 60.0, float(start), float(end)))
    days = regular(DAY_HOURS, 0.0, clock.hours)  # a page of the calendar queue is a day: no step crosses its edge
    return Clockwork(
        phases=tuple(phase for phase, _ in begun),
        starts=starts,
        grid=np.unique(np.concatenate([*steps, days])),
        records=np.unique(np.concatenate([*records, [clock.hours]])),
        page_hours=DAY_HOURS,
    )


def regular(width: float, start: float, end: float) -> NDArray[np.float64]:
    """`start`, and the multiples of a width after it and before `end`."""
    first = np.floor(start / width) + 1
    inside = np.arange(first, np.ceil(end / width - 1e-9)) * width
    return np.concatenate([[start], inside[inside > start + 1e-9]])

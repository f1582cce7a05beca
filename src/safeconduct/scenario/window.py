"""A case that ends earlier: the end of a window on its timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from safeconduct.scenario.types import Scenario
from safeconduct.terms import UsageError, show_time


def ending(scenario: Scenario, until: datetime) -> Scenario:
    """The case up to a time: later events and figures to compare with are left out. Raises UsageError outside it."""
    clock = scenario.clock
    if not clock.start < until <= clock.end:
        span = f"after {show_time(clock.start)} and not after {show_time(clock.end)}"
        raise UsageError(f"--until: {show_time(until)} lies outside the case; expected a time {span}.")
    targets = tuple(
        replace(target, observations=tuple(one for one in target.observations if one.time <= until))
        for target in scenario.targets
    )
    return replace(
        scenario,
        clock=replace(clock, end=until),
        events=tuple(event for event in scenario.events if event.time <= until),
        targets=targets,
    )

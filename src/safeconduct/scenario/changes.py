"""Changes to a case that a person asks for on the command line, checked like the case itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from safeconduct.scenario.parameter import Parameter, expected_value, value_is_possible
from safeconduct.scenario.types import Scenario
from safeconduct.terms import Prior, UsageError, closest, parse_time, show_time


def known_parameter(scenario: Scenario, name: str) -> Parameter:
    """The parameter with this name. Raises UsageError, with the nearest name, where there is none."""
    if name not in scenario.parameters:
        raise UsageError(f'there is no parameter "{name}"; {closest(name, scenario.parameters)}.')
    return scenario.parameters[name]


def with_parameter(scenario: Scenario, name: str, value: str | float) -> Scenario:
    """The case with one parameter held at a value. Raises UsageError for an unknown name or an impossible value."""
    known = known_parameter(scenario, name)
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not value_is_possible(name, number):
        raise UsageError(f'{name} is "{value}"; expected {expected_value(name, known.unit)}.')
    held = Parameter(name, number, known.unit, Prior("fixed", (number,)), "assumed (set for this run)", known.note)
    return replace(scenario, parameters={**scenario.parameters, name: held})


def with_event_time(scenario: Scenario, event_id: str, time: str) -> Scenario:
    """The case with one event at another time. Raises UsageError for an unknown event or a time outside the clock."""
    known = [event.id for event in scenario.events]
    if event_id not in known:
        raise UsageError(f'there is no event "{event_id}"; {closest(event_id, known)}.')
    try:
        when = parse_time(time)
    except ValueError as error:
        raise UsageError(f"the time of event {event_id} is wrong: {error}.") from None
    start, end = scenario.clock.start, scenario.clock.end
    if not start <= when <= end:
        span = f"{show_time(start)} to {show_time(end)}"
        raise UsageError(f"{time} lies outside the clock of the case; expected a time from {span}.")
    moved = [replace(event, time=when) if event.id == event_id else event for event in scenario.events]
    return replace(scenario, events=tuple(sorted(moved, key=lambda event: event.time)))


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

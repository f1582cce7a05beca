"""What acts of the parties change in a case with phases: one table, each row with a source or the word assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from safeconduct.scenario.timeline.types import ActEffect
from safeconduct.scenario.types import Event, Scenario
from safeconduct.terms import Clock, UsageError, closest, parse_time, show_time

DROP = "drop"


def parse_acts(scenario: Scenario, text: str) -> tuple[tuple[str, datetime], ...]:
    """Acts as typed: PARTY.ACT@TIME, several joined by +. Raises UsageError for one that the table has not."""
    try:
        return acts_in(text, scenario.timeline.acts if scenario.timeline else (), scenario.clock)
    except ValueError as error:
        raise UsageError(f"--do: {error}.") from None


def acts_in(text: str, effects: Iterable[ActEffect], clock: Clock) -> tuple[tuple[str, datetime], ...]:
    """Acts and their times. Raises ValueError, in words, for an act without effects or a time outside the clock."""
    known, found = sorted({one.act for one in effects}), []
    for part in joined(text):
        act, _, time = part.partition("@")
        if act not in known:
            raise ValueError(f'there is no "{act}" in act_effects.csv; {closest(act, known)}')
        when = parse_time(time)
        if not clock.start <= when < clock.end:
            span = f"from {show_time(clock.start)} to {show_time(clock.end)}"
            raise ValueError(f"{part} lies outside the case; expected a time {span}")
        found.append((act, when))
    return tuple(found)


def joined(text: str) -> list[str]:
    """Parts of what was typed; the + of a time's offset joins nothing."""
    parts: list[str] = []
    for piece in text.split("+"):
        if parts and ("@" not in piece):
            parts[-1] += f"+{piece}"
        else:
            parts.append(piece)
    return parts


def effects_of(scenario: Scenario, acts: Iterable[tuple[str, datetime]]) -> list[tuple[ActEffect, datetime]]:
    """The rows of the table for some acts, in order."""
    plan = scenario.timeline
    rows = plan.acts if plan else ()
    return [(row, when) for act, when in acts for row in rows if row.act == act]


def with_acts_set(scenario: Scenario, acts: Sequence[tuple[str, datetime]]) -> Scenario:
    """The case under acts that were not recorded: nothing before an act changes.

    A drop leaves out the events of that name from the act on; an add puts an event so many days after it.
    """
    events = list(scenario.events)
    for effect, when in effects_of(scenario, acts):
        if effect.effect == DROP:
            events = [one for one in events if one.time < when or not fnmatchcase(one.id, effect.event)]
            continue
        time = when + timedelta(days=effect.days)
        if time < scenario.clock.end:
            added = Event(
                effect.event, time, effect.kind, effect.target, effect.value, effect.to, 0.0, "assumed", effect.source,
                effect.about,
            )  # fmt: skip
            events = [one for one in events if one.id != added.id] + [added]
    return replace(scenario, events=tuple(sorted(events, key=lambda one: one.time)))


def measures_set(scenario: Scenario, acts: Sequence[tuple[str, datetime]]) -> frozenset[str]:
    """Measures, as phase.name, that follow from the acts' assumed effects alone: no result of the simulation."""
    return frozenset(name for effect, _ in effects_of(scenario, acts) for name in effect.sets)

"""What a case takes for given on the ground: who may pass its crossing, where posts stand, which places changed hands.

These are inputs of the runs, not reports and not results: each carries the source that the case gives for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from safeconduct.findings.story.claims import EPOCH, Json
from safeconduct.ledger import PASSES
from safeconduct.scenario import Checkpoint, Event, Role, Route, Scenario

SHUT, OPEN, ADMIT, TRANSFER = "close", "open", "admit", "transfer"


def day_of(when: datetime, zone: tzinfo) -> float:
    """Days since 1 January 1970 where the case lies, with the hour as a share of the day."""
    local = when.astimezone(zone)
    return round(local.toordinal() - EPOCH + (local.hour + local.minute / 60) / 24, 3)


def crossing(scenario: Scenario) -> Route | None:
    """The road on which crossings are counted, that into a crossing first; None where none is."""
    ends = {place.key for place in scenario.places if place.role is Role.CROSSING}
    counted = [route for route in scenario.routes if route.counts_as]
    return next((route for route in counted if route.end in ends), counted[0] if counted else None)


def may_pass(scenario: Scenario, zone: tzinfo) -> list[Json]:
    """For each direction of the crossing who may pass from when until when, as the runs take it."""
    road = crossing(scenario)
    if road is None:
        return []
    ways = (("out", road.end), ("in", road.start)) if road.is_two_way else (("out", road.end),)
    return [{"way": way, "said": stretches(scenario, road, towards, zone)} for way, towards in ways]


def stretches(scenario: Scenario, road: Route, towards: str, zone: tzinfo) -> list[list[object]]:
    """Start, end, who, for how a picture is coloured, and the source of the change, in order of time."""
    post = next((one for one in scenario.checkpoints if one.route == road.id and one.towards == towards), None)
    is_open, admits = road.is_open, post.admits if post else ("everyone",)
    turns = [(scenario.clock.start, is_open, admits, post.source if post else road.source)]
    for event in sorted(events_of(scenario, road, post), key=lambda one: one.time):
        is_open = event.kind == OPEN if event.kind in (OPEN, SHUT) else is_open
        admits = categories(event) if event.kind == ADMIT else admits
        turns.append((event.time, is_open, admits, event.source))
    ends = [when for when, *_ in turns[1:]] + [scenario.clock.end]
    found: list[list[object]] = []
    for (start, opened, who, source), end in zip(turns, ends, strict=True):
        words = who if opened else ("nobody",)
        if start < end:
            found.append([day_of(start, zone), day_of(end, zone), list(words), shade(words), source])
    return found


def events_of(scenario: Scenario, road: Route, post: Checkpoint | None) -> Iterator[Event]:
    """The case's events that change who may pass a road in one direction."""
    for event in scenario.events:
        if event.kind in (OPEN, SHUT) and event.target == road.id:
            yield event
        if event.kind == ADMIT and post is not None and event.target == post.id:
            yield event


def categories(event: Event) -> tuple[str, ...]:
    """Whom an event lets through."""
    return tuple(event.to.split()) or ("everyone",)


def shade(words: tuple[str, ...]) -> str:
    """The widest of the words that the road's track has a colour for."""
    return next((word for word in PASSES if word in words), "checked")


def posts(scenario: Scenario) -> list[Json]:
    """Checkpoints: on which road, towards which end, and from where we know."""
    return [{"road": one.route, "towards": one.towards, "source": one.source} for one in scenario.checkpoints]


def handed_over(scenario: Scenario, zone: tzinfo) -> list[Json]:
    """Places that changed hands, with the day and its source, in order of time."""
    inside = {place.key: place.region for place in scenario.places}
    found: list[Json] = []
    for event in sorted(scenario.events, key=lambda one: one.time):
        if event.kind != TRANSFER:
            continue
        region = event.target.removeprefix("region:") if event.target.startswith("region:") else ""
        keys = [key for key, of in inside.items() if (region and of == region) or key == event.target]
        said = f"{event.source}; {event.note}" if event.note else event.source
        found += [{"place": key, "day": int(day_of(event.time, zone)), "source": said} for key in keys]
    return found

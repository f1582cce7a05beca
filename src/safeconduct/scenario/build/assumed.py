"""What of a case is assumed: filled in by the program or marked so in its tables, and in no report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from safeconduct.scenario.build.places import ASSUMED
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.types import Checkpoint, Place, Role, Route, Scenario

FILLED_IN = re.compile(
    r"\broom assumed: as many persons as leave"
)  # what a new case says of a room that no table gives
MARKED = re.compile(r"\b(shelter|room|capacity)\b[^;]*\bassumed")
LEAVING = ("attack", "ceasefire", "signal")  # kinds of events that decide when people leave
NAMED = 6  # of one kind, at most


def room_is(place: Place, parameters: Mapping[str, Parameter]) -> str:
    """Where the room of a shelter comes from: "the case folder", "assumed", or nothing where it is not known."""
    if place.source == ASSUMED or FILLED_IN.search(place.note):
        return ""
    name = place.shelter_persons.parameter
    is_assumed = name is not None and name in parameters and parameters[name].is_assumed
    marked = is_assumed or place.source.startswith(ASSUMED) or MARKED.search(place.note)
    return ASSUMED if marked else "the case folder"


def departure_assumed(scenario: Scenario) -> str:
    """A sentence where no report stands behind when and why people leave; empty otherwise."""
    events = [one for one in scenario.events if one.kind in LEAVING]
    if not events:
        return "When and why people leave is assumed: the case has no event that makes them leave."
    if any(not one.source.startswith(ASSUMED) for one in events):
        return ""
    return "When and why people leave is assumed: every event that makes them leave is marked so."


def assumed_in(scenario: Scenario) -> list[str]:
    """What of a case is assumed, a line each: departure first, then places, rooms, parameters, posts, roads, stocks."""
    invented = [one.both_names for one in scenario.places if one.source == ASSUMED]
    rooms = [one.both_names for one in scenario.places
             if one.role is Role.SHELTER and not room_is(one, scenario.parameters)]  # fmt: skip
    parameters = [one.note or name for name, one in scenario.parameters.items() if one.is_assumed]
    name = {place.key: place.both_names for place in scenario.places}
    way = {one.id: f"{name[one.start]} - {name[one.end]}" for one in scenario.routes}
    posts = [f"{way.get(one.route, one.id)}{what_of(one)}" for one in scenario.checkpoints if is_marked(one)]
    roads = [f"{way[one.id]}{what_of(one)}" for one in scenario.routes if is_marked(one)]
    stocks = [one.item for one in scenario.supplies if one.source.startswith(ASSUMED)]
    leaving = departure_assumed(scenario)
    groups = (
        ("Places that stand for others", invented), ("Shelters whose room is not known", rooms),
        ("Parameters", parameters), ("Posts with an assumed figure", posts),
        ("Roads with an assumed figure", roads), ("Stocks", stocks),
    )  # fmt: skip
    listed = [f"{words}, {len(names)}: {some(names)}." for words, names in groups if names]
    return [*([leaving] if leaving else []), *listed]


def is_marked(one: Checkpoint | Route) -> bool:
    """Whether a figure of a post or a road is assumed."""
    return ASSUMED in f"{one.source} {one.note}"


def what_of(one: Checkpoint | Route) -> str:
    """Which figure that is, in brackets, as the note says; empty where it does not."""
    parts = [part.strip() for part in one.note.split(";") if ASSUMED in part]
    return f" ({'; '.join(parts)})" if parts else ""


def some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f"; and {more} more" if more > 0 else "")

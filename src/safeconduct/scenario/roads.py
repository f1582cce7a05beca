"""What a case's roads show before anything moves: who has no way out, which road is too short to be true."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import Protocol

from safeconduct.scenario.types import Event, People, Place, Role, Route
from safeconduct.terms import Fault

EARTH_KM = 6371.0
SHORTEST = 0.97  # of the great circle: places are points, roads start at their edges
FAR_DEGREES = 5.0
NAMED = 12  # places in one sentence
ENDS = (Role.SHELTER, Role.RECEPTION)


@dataclass(frozen=True)
class Network:
    """Places, roads, people and events of a case, with the line on which each stands."""

    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    people: tuple[People, ...]
    events: tuple[Event, ...]
    place_lines: Mapping[str, int]
    route_lines: Mapping[str, tuple[str, int]]  # file and line: a file of extra roads may add to the table
    people_lines: Mapping[str, int]


def road_faults(case: Network) -> Iterator[Fault]:
    """Faults and warnings that need more than one row."""
    yield from _unnamed_places(case)
    yield from _swapped_coordinates(case)
    yield from _short_roads(case)
    yield from _no_way_out(case)
    yield from _unreached_shelters(case)


def _unnamed_places(case: Network) -> Iterator[Fault]:
    named = {end for route in case.routes for end in (route.start, route.end)}
    for place in case.places:
        if place.key and place.key not in named:
            line, found = case.place_lines[place.key], f'"{place.key}", which no road names'
            yield Fault("places.csv", line, "key", found, "a road to every place", "add a road or remove the place")


def _swapped_coordinates(case: Network) -> Iterator[Fault]:
    lat, lon = median(p.lat for p in case.places), median(p.lon for p in case.places)
    for place in case.places:
        away = max(abs(place.lat - lat), abs(place.lon - lon))
        away_if_swapped = max(abs(place.lon - lat), abs(place.lat - lon))
        if away > FAR_DEGREES and away_if_swapped < FAR_DEGREES:
            found = f"{place.lat:g}, far from the other places, while lon is {place.lon:g}"
            line, advice = case.place_lines[place.key], "exchange lat and lon"
            yield Fault("places.csv", line, "lat", found, "degrees north", advice, is_warning=True)


def km_between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Length of the shortest line over a sphere between two points (haversine)."""
    lat_1, lat_2 = radians(lat), radians(other_lat)
    half_lat, half_lon = (lat_2 - lat_1) / 2, radians(other_lon - lon) / 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(sin(half_lat) ** 2 + cos(lat_1) * cos(lat_2) * sin(half_lon) ** 2)))


def _short_roads(case: Network) -> Iterator[Fault]:
    places = {place.key: place for place in case.places}
    for route in case.routes:
        file, line = case.route_lines[route.id]
        yield from short_road(route.km, places[route.start], places[route.end], file=file, line=line, column="km")


def short_road(km: float, start: Place, end: Place, *, file: str, line: int, column: str) -> Iterator[Fault]:
    """A warning where a road is shorter than the straight line between its ends."""
    straight = km_between(start.lat, start.lon, end.lat, end.lon)
    if km < SHORTEST * straight:
        found, expected = f"{km:g}", f"at least the {straight:.1f} km of a straight line"
        advice = "correct the length or the coordinates of its ends"
        yield Fault(file, line, column, found, expected, advice, is_warning=True)


def _no_way_out(case: Network) -> Iterator[Fault]:
    """People who could leave by some road, if only it opened; and people whom no road at all leads out."""
    ends = {place.key for place in case.places if place.role in ENDS}
    opened = [route for route in case.routes if _ever_opens(route, case.events)]
    out = reach(ends, opened, against=True)
    inside = {row.place: n for n, row in enumerate(case.people) if row.weight_persons > 0 and row.place not in out}
    behind = _behind(inside, [route for route in case.routes if not _ever_opens(route, case.events)], opened)
    for place in inside.keys() - set().union(*behind.values()):
        found, advice = f'"{place}", from which no road leads to a shelter', "add the road"
        yield _warning("people.csv", case.people_lines[place], "place", found, "a way out", advice)
    for gate, cut_off in behind.items():
        more = f" and {len(cut_off) - NAMED:,} more places" if len(cut_off) > NAMED else ""
        people = ", ".join(sorted(cut_off, key=inside.__getitem__)[:NAMED]) + more
        found = f'"no" at the start and no event opens the road, with people of {people} behind it'
        yield _warning(*case.route_lines[gate], "is_open", found, "a way out", "add an event of the kind open")


def _behind(inside: Collection[str], shut: Iterable[Route], opened: Sequence[Route]) -> dict[str, set[str]]:
    """The places inside from which one end of a shut road is reached and the other is not, by road.

    Places that reach one another are reached from the same ones, which are looked up once for all of them.
    """
    behind: dict[str, set[str]] = {}
    if not inside:
        return behind
    onward, back = ways_of(opened), ways_of(opened, against=True)
    from_where: dict[str, set[str]] = {}
    for route in shut:
        for end in (route.start, route.end):
            if end not in from_where:
                found = along((end,), back)
                people = found & set(inside)
                from_where |= dict.fromkeys(found & along((end,), onward), people)
        cut_off = from_where[route.start] ^ from_where[route.end]
        if cut_off:
            behind[route.id] = cut_off
    return behind


def _warning(file: str, line: int, column: str, found: str, expected: str, advice: str) -> Fault:
    return Fault(file, line, column, found, expected, advice, is_warning=True)


def _ever_opens(route: Route, events: Iterable[Event]) -> bool:
    """Whether a road is open at some time, with room for a vehicle."""
    kinds = {event.kind for event in events if event.target == route.id}
    has_room = route.capacity_per_hour.value != 0 or "capacity" in kinds
    return has_room and (route.is_open or "open" in kinds)


class Link(Protocol):
    """What leads from one place to another: a road of a case, or one in the making."""

    @property
    def start(self) -> str:
        """Key of a place."""

    @property
    def end(self) -> str:
        """Key of a place."""

    @property
    def is_two_way(self) -> bool:
        """Whether it also leads back."""


def reach(origins: Iterable[str], routes: Iterable[Link], *, against: bool = False) -> set[str]:
    """Every place to which these roads lead from some; `against` their direction: from which they lead to these."""
    return along(origins, ways_of(routes, against=against))


def ways_of(routes: Iterable[Link], *, against: bool = False) -> Mapping[str, list[str]]:
    """Where roads lead from each place, or `against` their direction."""
    ways: dict[str, list[str]] = {}
    for route in routes:
        here, there = (route.end, route.start) if against else (route.start, route.end)
        ways.setdefault(here, []).append(there)
        if route.is_two_way:
            ways.setdefault(there, []).append(here)
    return ways


def along(origins: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    """Every place to which ways lead from some, these included."""
    reached = set(origins)
    frontier = list(reached)
    while frontier:
        for place in ways.get(frontier.pop(), ()):
            if place not in reached:
                reached.add(place)
                frontier.append(place)
    return reached


def _unreached_shelters(case: Network) -> Iterator[Fault]:
    reached = reach((row.place for row in case.people), case.routes)
    for place in case.places:
        if place.role is Role.SHELTER and place.key not in reached:
            found, advice = f'"{place.key}", a shelter that no road reaches', "add the road"
            line = case.place_lines[place.key]
            yield _warning("places.csv", line, "key", found, "a way from an origin", advice)

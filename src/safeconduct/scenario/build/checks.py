"""What several rows together give away: swapped coordinates, a place in the sea, roads that do not hang together.

No map of the world is needed: a place is judged by where the other places are and by the roads that lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from safeconduct.scenario.build.links import NewLink
from safeconduct.scenario.build.places import NewPlace
from safeconduct.scenario.roads import SHORTEST, km_between, reach
from safeconduct.scenario.types import Role
from safeconduct.terms import Fault

FAR = 2.5  # times the median distance to the middle of all places: far enough to ask whether lat and lon are swapped
FAR_OFF = 1.5  # times the length of its road: farther than this by a straight line, a place is not where it should be
MOSTLY = 0.5  # share of links that are shorter than a straight line, from which the whole table is suspected
ENDS = (Role.CROSSING, Role.RECEPTION, Role.SHELTER)


def swapped(places: Sequence[NewPlace]) -> Iterator[Fault]:
    """Places far from the middle of all, which would be near it with lat and lon exchanged."""
    if len(places) < 3:
        return
    lat, lon = median(p.lat for p in places), median(p.lon for p in places)
    away = [km_between(p.lat, p.lon, lat, lon) for p in places]
    spread = median(away)
    for place, km in zip(places, away, strict=True):
        if km > FAR * spread and km > 1 and km_between(place.lon, place.lat, lat, lon) < km / 2:
            found = f"{place.lat:g} and lon {place.lon:g}, {km:,.0f} km from the middle of all places"
            if abs(place.lon) > 90 or place.lat == place.lon:
                continue
            expected = f"a position near the others; {place.name} seems to have lat and lon swapped"
            yield place.fault("lat", found, expected, "exchange the two")


def all_swapped(places: Mapping[str, NewPlace], links: Iterable[NewLink]) -> bool:
    """Whether most links are shorter than a straight line as the table stands, and few with lat and lon exchanged."""
    ends = [(places[one.start], places[one.end], one.km) for one in links]
    if len(ends) < 3 or any(abs(p.lon) > 90 for p in places.values()):
        return False
    as_given = sum(km < SHORTEST * km_between(a.lat, a.lon, b.lat, b.lon) for a, b, km in ends)
    exchanged = sum(km < SHORTEST * km_between(a.lon, a.lat, b.lon, b.lat) for a, b, km in ends)
    return as_given > MOSTLY * len(ends) and exchanged <= as_given / 4


def swapped_table(places: Mapping[str, NewPlace]) -> Fault:
    """The one sentence for a whole table of swapped coordinates."""
    first = min(places.values(), key=lambda place: place.line)
    found = f"{first.lat:g} and lon {first.lon:g}, with which most roads are shorter than a straight line"
    expected = "degrees north first; lat and lon of the whole table seem to be swapped"
    return first.fault("lat", found, expected, "exchange the two headings")


def far_off(places: Mapping[str, NewPlace], links: Iterable[NewLink]) -> Iterator[Fault]:
    """Places much farther from their neighbours than their roads are long; those with most such roads first."""
    short = {
        one: gap
        for one in links
        if (gap := _gap(places[one.start], places[one.end])) > FAR_OFF * one.km and gap - one.km > 1.0
    }
    roads: dict[str, int] = {}
    for one in links:
        for key in (one.start, one.end):
            roads[key] = roads.get(key, 0) + 1
    while short:
        count: dict[str, int] = {}
        for one in short:
            for key in (one.start, one.end):
                count[key] = count.get(key, 0) + 1
        worst = max(count, key=lambda key: (count[key] / roads[key], count[key], _remote(key, places)))
        one, gap = max(((o, g) for o, g in short.items() if worst in (o.start, o.end)), key=lambda pair: pair[1])
        place, other = places[worst], places[one.end if one.start == worst else one.start]
        found = (
            f"{place.lat:g} and lon {place.lon:g}: {gap:,.0f} km from {other.name}, to which its road is {one.km:g} km"
        )
        expected = f"a position within reach of its roads; {place.name} may stand in the sea"
        yield place.fault("lat", found, expected, "correct lat and lon, or the length of the road")
        short = {o: g for o, g in short.items() if worst not in (o.start, o.end)}


def _gap(a: NewPlace, b: NewPlace) -> float:
    return km_between(a.lat, a.lon, b.lat, b.lon)


def _remote(key: str, places: Mapping[str, NewPlace]) -> float:
    """Distance from the middle of all places, km."""
    lat, lon = median(p.lat for p in places.values()), median(p.lon for p in places.values())
    return km_between(places[key].lat, places[key].lon, lat, lon)


def at_one_spot(places: Iterable[NewPlace]) -> Iterator[str]:
    """A sentence for each place with exactly the position of an earlier one, which is often a copy or a middle."""
    seen: dict[tuple[float, float], NewPlace] = {}
    for place in places:
        first = seen.setdefault((place.lat, place.lon), place)
        if first is not place:
            yield f"{place.where}: {place.name} has the position of {first.name} ({first.where}); is it a copy?"


def apart(places: Mapping[str, NewPlace], links: Iterable[NewLink], file: str) -> Iterator[Fault]:
    """Groups of places that no road joins to the others; the group with most people is taken for the main one."""
    groups = sorted(_groups(places, links), key=lambda keys: (-sum(places[k].persons for k in keys), -len(keys)))
    for keys in groups[1:]:
        named = sorted((places[key] for key in keys), key=lambda place: (place.file, place.line))
        first, others = named[0], len(named) - 1
        among = f", with {others} other place{'s' * (others > 1)} that hang together with it" if others else ""
        found = f'"{first.name}"{among}, from which no road leads to the others'
        yield first.fault(
            "name", found, f"roads that join all places ({file})", "add the missing road, or remove the row"
        )


def _groups(places: Mapping[str, NewPlace], links: Iterable[NewLink]) -> list[list[str]]:
    """Places that roads join, whatever their direction."""
    root = {key: key for key in places}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one in links:
        root[find(one.start)] = find(one.end)
    groups: dict[str, list[str]] = {}
    for key in places:
        groups.setdefault(find(key), []).append(key)
    return list(groups.values())


def one_ways(places: Mapping[str, NewPlace], links: Sequence[NewLink]) -> Iterator[Fault]:
    """Homes from which no road leads, the way it may be driven, to a crossing, camp or shelter."""
    reached = reach((key for key, place in places.items() if place.role in ENDS), links, against=True)
    for place in places.values():
        if place.persons and place.role is Role.ORIGIN and place.key not in reached:
            found = f'"{place.name}", from which no road leads to a crossing, camp or shelter as roads may be driven'
            yield place.fault("name", found, "a way out", "correct two_way or oneway of its roads")

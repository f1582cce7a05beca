"""Flee's map: locations and routes, and what they become in a case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.scenario.amount import Amount
from safeconduct.scenario.flee.tables import Cells, read_cells, too_wide
from safeconduct.scenario.roads import short_road
from safeconduct.scenario.types import Place, Role, Route
from safeconduct.scenario.walk import CAMP, CAMPS, CONFLICT, FLOOD, FORWARD, IDP_CAMP, MARKER, TOWN, Quirks, WalkPlace
from safeconduct.terms import Fault, closest, shown

LOCATIONS, ROUTES = "locations.csv", "routes.csv"
NO_LIMIT, ZERO, ONE = Amount(), Amount(0.0), Amount(1.0)
KNOWN_TYPES = ("camp", "idpcamp", "conflict_zone", "flood_zone", "forwarding_hub", "marker", "town")
UNSUPPORTED = {"trade_volume": "use_economic_pull", "hdi": "use_economic_pull", "farmer_fraction": "harvest_months"}


@dataclass(frozen=True)
class Location:
    """One row of the locations."""

    name: str
    key: str
    country: str
    place: Place
    walk: WalkPlace
    already_there: float  # persons, beside those that the record has


@dataclass
class Map:
    """Locations by name, and the roads between them."""

    home: str = ""
    locations: dict[str, Location] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # location -> line
    twins: dict[str, list[str]] = field(default_factory=dict)  # name -> keys of all places of that name, if several
    keys: set[str] = field(default_factory=set)
    routes: list[Route] = field(default_factory=list)
    copies: dict[str, int] = field(default_factory=dict)
    speed: dict[str, float] = field(default_factory=dict)
    walk_chance: dict[str, float] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The key of a place. Raises KeyError where there is none."""
        return self.locations[name].key

    def names_used(self) -> set[str]:
        """Names as the tables have them: two places may share one."""
        return {one.name for one in self.locations.values()}

    def names(self) -> Mapping[str, str]:
        """Name of each place by key."""
        return {one.key: name for name, one in self.locations.items()}

    def between(self, some: set[str], others: set[str]) -> list[str]:
        """Ids of routes with one end among some keys and the other among others."""
        return [
            r.id for r in self.routes if (r.start in some and r.end in others) or (r.end in some and r.start in others)
        ]


def kind_of(word: str) -> str:
    """The kind that a location type stands for, by the first of Flee's words that it holds; empty where none."""
    text = word.lower()
    if "camp" in text:
        return IDP_CAMP if "idp" in text else CAMP
    if "conflict" in text:
        return CONFLICT
    if "forward" in text:
        return FORWARD
    if "marker" in text:
        return MARKER
    if "flood_zone" in text:
        return FLOOD
    return TOWN if "default" in text or "town" in text else ""


def short_key(name: str, taken: set[str]) -> str:
    """A name for the computer, in plain letters, that no other place has; it is taken from now on."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    key = re.sub(r"[^A-Za-z0-9_.-]+", "_", plain).strip("_.-") or "place"
    while key in taken:
        key += "_2"
    taken.add(key)
    return key


def read_map(folder: Path, quirks: Quirks, faults: list[Fault]) -> Map:
    """Locations and routes, with every fault noted."""
    found = Map()
    header, rows = read_cells(folder / LOCATIONS, faults)
    attributes = {name: 8 + i for i, name in enumerate(header[8:]) if name}
    if not rows:
        faults.append(Fault(LOCATIONS, 0, "", "no location", "name,region,country,latitude,...", "add them"))
    found.home = home_country(rows, quirks)
    for row in rows:
        if not too_wide(row, header, 8):
            _location(row, found, attributes, quirks)
    _routes(folder, found, quirks, faults)
    named = {key for route in found.routes for key in (route.start, route.end)}
    for name, one in found.locations.items():
        if one.key not in named:
            told = f"{shown(name)}, which no route names", "a place that a route leads to", "it cannot be reached"
            faults.append(Fault(LOCATIONS, found.lines[name], "", *told, is_warning=True))
    return found


def home_country(rows: list[Cells], quirks: Quirks) -> str:
    """The country that people flee from: that of the first place in conflict; in Flee, of the first place at all."""
    first = [row for row in rows if quirks.first_row_is_home or kind_of(row.at(5)) == CONFLICT] or rows
    return (first[0].at(2) or "unknown") if first else ""


def _location(row: Cells, found: Map, attributes: Mapping[str, int], quirks: Quirks) -> None:
    name, kind = row.at(0), kind_of(row.at(5))
    if not name:
        row.note("name", "empty", "the name of a place", "fill it in")
        return
    if name in found.locations:
        advice = "they are two places, and routes lead to the " + ("last" if quirks.last_of_a_name else "first")
        expected = f"a name that line {found.lines[name]} has not used"
        row.note("name", shown(name), expected, advice, warns=True)
    if not kind:
        row.note("location_type", shown(row.at(5)), f"one of {', '.join(KNOWN_TYPES)}", "choose one of them")
    country = row.at(2) or "unknown"
    for unused, rule in UNSUPPORTED.items():
        if unused in attributes and row.at(attributes[unused]):
            row.note(unused, "not used", f"nothing here without {rule}", "it is left aside", warns=True)

    def attribute(name: str) -> float:
        return row.number(attributes[name], name, otherwise=0.0) if name in attributes else 0.0

    date = row.number(6, "conflict_date", whole=True) if kind == CONFLICT else 0.0
    people = row.number(7, "population", otherwise=0.0, whole=True)
    is_camp = kind in CAMPS
    no_limit = not row.at(7) or (people < 1 and quirks.no_capacity_is_no_limit)
    capacity = people if is_camp and not no_limit else float("inf")
    intensity = 0.0
    if kind == CONFLICT and date <= 0:
        intensity = attribute("conflict_intensity") or 1.0
    walk = WalkPlace(
        TOWN if kind == CONFLICT and date > 0 else kind,
        country != found.home, 0.0 if is_camp else people, capacity, attribute("capacity_per_day"), intensity,
    )  # fmt: skip
    key = short_key(name, found.keys)
    is_home = walk.population > 0 or (not walk.is_foreign and not is_camp and kind not in (FORWARD, MARKER))
    role = Role.SHELTER if is_camp else Role.ORIGIN if is_home else Role.JUNCTION
    place = Place(
        key, name, "", row.number(3, "latitude", otherwise=0.0), row.number(4, "longitude", otherwise=0.0), role,
        row.at(1) or "unknown", ZERO, Amount(capacity) if capacity < float("inf") else NO_LIMIT,
        row.where,
    )  # fmt: skip
    unique = name if name not in found.locations else f"{name} (line {row.line})"
    found.locations[unique] = Location(name, key, country, place, walk, attribute("initial_idps") if is_camp else 0.0)
    found.lines[unique] = row.line
    if unique != name:
        found.twins.setdefault(name, [found.key(name)]).append(key)


def _routes(folder: Path, found: Map, quirks: Quirks, faults: list[Fault]) -> None:
    header, rows = read_cells(folder / ROUTES, faults)
    attributes = {name: 4 + i for i, name in enumerate(header[4:]) if name}
    if not rows:
        faults.append(Fault(ROUTES, 0, "", "no route", "name1,name2,distance,forced_redirection", "add them"))
    taken: set[str] = set()
    by_key = {one.key: one.place for one in found.locations.values()}
    for row in rows:
        if not too_wide(row, header, 4):
            _route(row, found, attributes, quirks, taken, by_key)


def _route(
    row: Cells, found: Map, attributes: Mapping[str, int], quirks: Quirks, taken: set[str], by_key: Mapping[str, Place]
) -> None:
    known = True
    for column, name in (("name1", row.at(0)), ("name2", row.at(1))):
        if name not in found.locations:
            row.note(column, shown(name), f"a place of {LOCATIONS}", closest(name, found.locations))
            known = False
    km = row.number(2, "distance")
    flag = row.number(3, "forced_redirection", otherwise=0.0, whole=True)
    if row.at(2) and km <= 0 and known:
        row.note("distance", shown(row.at(2)), "km, a number above 0", "correct it")
    if flag not in (0.0, 1.0, 2.0):
        row.note("forced_redirection", shown(row.at(3)), "0, 1 or 2", "choose one of them")
    if not known:
        return
    start, end = (_end_of(row.at(column), found, quirks) for column in (0, 1))
    if start == end and row.at(0) in found.twins:
        if quirks.last_of_a_name:
            told = "another place than name1", "the route is left aside; in Flee it leads back to where it starts"
            row.note("name2", shown(row.at(1)), *told, warns=True)
            return
        start, end = found.twins[row.at(0)][:2]
    if flag == 2.0:
        start, end = end, start
    if start == end:
        row.note("name2", shown(row.at(1)), "another place than name1", "correct one of the two")
        return
    ends = by_key[start], by_key[end]
    if all((place.lat, place.lon) != (0.0, 0.0) for place in ends):  # what Flee reads where there are no coordinates
        row.faults.extend(short_road(km, *ends, file=row.file, line=row.line, column="distance"))
    route_id = short_key(f"{start}--{end}", taken)
    found.routes.append(
        Route(
            route_id, start, end, km, ONE, NO_LIMIT, NO_LIMIT, ONE, True, True, "", "", f"{row.file}, line {row.line}"
        )
    )
    if flag == 1.0 and quirks.double_links:
        found.copies[route_id] = 2
    if "max_move_speed" in attributes:
        found.speed[route_id] = row.number(attributes["max_move_speed"], "max_move_speed")
    if "walk_probability" in attributes:
        found.walk_chance[route_id] = row.number(attributes["walk_probability"], "walk_probability", otherwise=0.0)


def _end_of(name: str, found: Map, quirks: Quirks) -> str:
    """The key of the place that a route names: where several share the name, the first or, as in Flee, the last."""
    return found.twins[name][-1] if quirks.last_of_a_name and name in found.twins else found.key(name)

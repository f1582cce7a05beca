"""Roads of a case in the making: a table of links between named places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.scenario.build.defaults import DETOUR, OTHER_CLASS, ROAD_CLASSES, road_class
from safeconduct.scenario.build.places import SAID, NewPlace, finder
from safeconduct.scenario.build.table_input import Sheet, Wanted, read_sheet
from safeconduct.scenario.files.rows import hours
from safeconduct.scenario.roads import km_between
from safeconduct.terms import Column, Need, Row, cells

LINKS_TABLE = Wanted(
    "Roads between places.",
    (
        Column("from", "name, key or P-code of a place"),
        Column("to", "name, key or P-code of a place"),
        Column("km", "length; empty = the straight line and some more", "km", Need.NONE),
        Column("metres", "length, where it is not given in km", "m", Need.NONE),
        Column("class", f"{', '.join(ROAD_CLASSES)}", need=Need.NONE),
        Column("speed_kmh", "speed where nothing is in the way; empty = by class", "km/hour", Need.NONE),
        Column("capacity_per_hour", "vehicles an hour in each direction; empty = by class", "vehicles/hour", Need.NONE),
        Column("lanes", "lanes in each direction; empty = by class", "1", Need.NONE),
        Column("two_way", "yes or no; empty = yes", need=Need.NONE),
        Column("hours", "hours of the day when open; empty = always", "HH:MM-HH:MM", Need.NONE),
        Column("id", "short name for the computer", need=Need.NONE),
        Column("road", "name or number of the road", need=Need.NONE),
        *SAID,
    ),
    {
        "from": "start name1 place1 place_1 origin a u from_name from_place",
        "to": "end name2 place2 place_2 destination b v to_name to_place",
        "km": "length_km distance_km distance dist_km kilometres kilometers",
        "metres": "length_m distance_m meters m",
        "class": "road_class highway fclass type kind",
        "speed_kmh": "speed kmh maxspeed max_speed",
        "capacity_per_hour": "capacity vehicles_per_hour",
        "two_way": "is_two_way twoway both_ways",
        "road": "ref number road_name",
        "source": "source_title reference",
        "note": "notes comment remark",
    },
)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A road of a case in the making; empty amounts are filled by its class."""

    start: str  # place key
    end: str
    km: float
    road_class: str
    speed_kmh: float | None = None
    capacity_per_hour: float | None = None
    lanes: int | None = None
    is_two_way: bool = True
    id: str = ""
    hours: str = ""
    source: str = ""
    reporter: str = ""
    notes: tuple[str, ...] = field(default=())
    file: str = ""
    line: int = 0
    spots: tuple[
        tuple[float, float], ...
    ] = ()  # its real shape from start to end, degrees north and east; () = straight

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def read_links(path: Path, places: Iterable[NewPlace], *, knows_all: bool = True) -> tuple[Sheet, list[NewLink]]:
    """The table of links, with its faults. A link listed once in each direction is one road that goes both ways.

    knows_all: False where a table of places could not be read, so that nothing can be said of unknown names.
    """
    sheet = read_sheet(path, LINKS_TABLE)
    known = {place.key: place for place in places}
    find = finder(known.values())
    names = [word for place in known.values() for word in (place.name, place.key)] if knows_all else []
    links, lines = list[NewLink](), dict[str, int]()
    for row in sheet.rows:
        start, end = _end(row, "from", find, names), _end(row, "to", find, names)
        if start and end and start is end:
            row.note("to", "another place than the start", "correct one of the two, or remove the row")
        link = _link(row, start, end, lines)
        if start and end:
            links.append(link)
    return sheet, _both_ways(links, says=sheet.has("two_way"))


def _end(row: Row, column: str, find: Callable[[str], NewPlace | None], names: list[str]) -> NewPlace | None:
    """The place that a cell names."""
    word = cells.text(row, column)
    place = find(word) if word else None
    if word and place is None and names:
        expected = "the name, key or P-code of one place of the other tables"
        row.note(column, expected, cells.nearest(word, names, "add it to the table of people, with people empty"))
    return place


def _link(row: Row, start: NewPlace | None, end: NewPlace | None, lines: dict[str, int]) -> NewLink:
    kind = road_class(row.cells.get("class", ""))
    if kind is None:
        advice = cells.nearest(row.cells["class"], ROAD_CLASSES, "choose one of them, or leave it empty")
        row.note("class", f"one of {', '.join(ROAD_CLASSES)}", advice)
    km, notes = _km(row, start, end)
    lanes = cells.number(row, "lanes", low=1, high=20)
    if lanes is not None and lanes != int(lanes):
        row.note("lanes", "a whole number", "round it")
    told = (row.cells.get("road", ""), row.cells.get("note", ""))
    return NewLink(
        start=start.key if start else "",
        end=end.key if end else "",
        km=km,
        road_class=kind or OTHER_CLASS,
        speed_kmh=cells.number(row, "speed_kmh", low=0.1, high=300),
        capacity_per_hour=cells.number(row, "capacity_per_hour", low=0, high=1e6),
        lanes=int(lanes) if lanes else None,
        is_two_way=cells.yes_no(row, "two_way", otherwise=True),
        id=cells.new_key(row, "id", lines) if row.cells.get("id") else "",
        hours=hours(row, "hours"),
        source=row.cells.get("source", ""),
        reporter=row.cells.get("reporter", ""),
        notes=tuple(word for word in (*told, *notes) if word),
        file=row.file,
        line=row.line,
    )


def _km(row: Row, start: NewPlace | None, end: NewPlace | None) -> tuple[float, tuple[str, ...]]:
    """Length of a link, and a note where it is not the table's."""
    km, metres = cells.number(row, "km", low=0.001, high=20_000), cells.number(row, "metres", low=1, high=2e7)
    if km is not None:
        return km, ()
    if metres is not None:
        return metres / 1000, ()
    if not start or not end or row.cells.get("km") or row.cells.get("metres"):
        return 1.0, ()
    straight = km_between(start.lat, start.lon, end.lat, end.lon)
    return max(0.001, round(straight * DETOUR, 1)), (f"length assumed: {DETOUR:g} times the straight line",)


def _both_ways(links: list[NewLink], *, says: bool) -> list[NewLink]:
    """Links without those that tell an earlier one in the other direction, unless the table says who is two-way."""
    if says:
        return links
    kept: dict[tuple[object, ...], NewLink] = {}
    for link in links:
        back = (link.end, link.start, link.km, link.road_class, link.capacity_per_hour)
        if back not in kept:
            kept[(link.start, link.end, link.km, link.road_class, link.capacity_per_hour, *_twin(kept, link))] = link
    return list(kept.values())


def _twin(kept: dict[tuple[object, ...], NewLink], link: NewLink) -> tuple[int, ...]:
    """A number for a second road between the same places, so that none is lost."""
    key = (link.start, link.end, link.km, link.road_class, link.capacity_per_hour)
    return (len(kept),) if key in kept else ()

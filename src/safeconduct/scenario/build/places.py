"""The tables of `new` that name places: who lives where; and crossings, camps and shelters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from safeconduct.scenario.build.table_input import Sheet, Wanted, read_sheet
from safeconduct.scenario.files.rows import categories, hours
from safeconduct.scenario.types import Role
from safeconduct.terms import Column, Fault, Need, Row, cells, plain_letters

ASSUMED = "assumed"
SAID = (
    Column("source", "title or address of the source", need=Need.NONE),
    Column("reporter", "who says so", need=Need.NONE),
    Column("note", "anything else a reader should know", need=Need.NONE),
)
NAMED = (
    Column("name", "name as one side writes it"),
    Column("other_name", "name as the other side writes it", need=Need.NONE),
    Column("key", "short name for the computer; made from the P-code or the name where there is none", need=Need.NONE),
    Column("pcode", "P-code of the place; becomes its key", need=Need.NONE),
    Column("region", "province or district", need=Need.NONE),
)
PEOPLE_TABLE = Wanted(
    "Who lives where.",
    (
        *NAMED,
        Column("lat", "degrees north", "degrees"),
        Column("lon", "degrees east", "degrees"),
        Column("people", "people who live there; empty = a junction only", "persons", Need.COLUMN),
        Column("car_share", "share of parties with a vehicle of their own, 0..1", "1", Need.NONE),
        *SAID,
    ),
    {
        "name": "place city town village settlement locality location adm4_en adm3_en adm2_en adm1_en adm4_name "
        "adm3_name adm2_name adm1_name admin3name_en admin2name_en admin1name_en label",
        "other_name": "alt_name name_local local_name second_name",
        "key": "id code",
        "pcode": "p_code adm4_pcode adm3_pcode adm2_pcode adm1_pcode admin3pcode admin2pcode admin1pcode place_code "
        "admin_code",
        "region": "province district county oblast state admin1 admin_1 adm1_name adm1_en country",
        "lat": "latitude y north northing_degrees",
        "lon": "long lng longitude x east",
        "people": "population pop persons inhabitants residents individuals total_population pop_total t_tl pop_* "
        "population_*",
        "source": "source_title reference",
        "note": "notes comment remark",
    },
)
SITES_TABLE = Wanted(
    "Crossings, camps and shelters.",
    (
        *NAMED,
        Column("kind", "crossing, reception, shelter or camp; empty = crossing", need=Need.NONE),
        Column("lat", "degrees north; empty for a place of the table of people", "degrees", Need.NONE),
        Column("lon", "degrees east; empty for a place of the table of people", "degrees", Need.NONE),
        Column("booths", "vehicles served at a time, at a crossing", "1", Need.NONE),
        Column("seconds", "mean time for one vehicle at a booth", "seconds", Need.NONE),
        Column("capacity_per_hour", "vehicles an hour that pass a crossing", "vehicles/hour", Need.NONE),
        Column("hours", "hours of work; empty = always", "HH:MM-HH:MM", Need.NONE),
        Column("admits", "everyone, nobody, or any of medical, passport, aid; empty = everyone", need=Need.NONE),
        Column("shelter_persons", "persons that organised shelter can take", "persons", Need.NONE),
        Column("pull_persons", "people who live there or beyond, a pull for own arrangements", "persons", Need.NONE),
        *SAID,
    ),
    {**PEOPLE_TABLE.also, "kind": "type role", "booths": "lanes servers", "region": "country " + PEOPLE_TABLE.also[
        "region"], "seconds": "seconds_per_vehicle service_seconds", "capacity_per_hour": "vehicles_per_hour capacity",
     "hours": "opening_hours open", "shelter_persons": "beds places_for shelter_capacity",
     "name": "crossing camp shelter site " + PEOPLE_TABLE.also["name"]},
)  # fmt: skip
KINDS = {
    "": Role.CROSSING, "crossing": Role.CROSSING, "border": Role.CROSSING, "checkpoint": Role.CROSSING,
    "reception": Role.RECEPTION, "shelter": Role.SHELTER, "camp": Role.SHELTER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place of a case in the making, with where it was read; amounts as cells, empty where nothing is said."""

    key: str
    name: str
    lat: float
    lon: float
    role: Role
    file: str
    line: int
    persons: float = 0.0
    said: Mapping[str, str] = field(default_factory=dict)  # further cells as written

    @property
    def where(self) -> str:
        """File and line, or the file alone where it has no lines."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def fault(self, column: str, found: str, expected: str, advice: str) -> Fault:
        """A fault at the row of this place."""
        return Fault(self.file, self.line, column, found, expected, advice)


def slug(name: str) -> str:
    """A short name for the computer: small letters without accents, joined by _; empty where most letters have none."""
    plain = plain_letters(name).lower()
    n_kept, n_letters = (sum(letter.isalpha() for letter in text) for text in (plain, name))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") if 2 * n_kept >= n_letters else ""


WITHOUT_POSITIONS = replace(
    PEOPLE_TABLE,
    columns=tuple(replace(c, need=Need.NONE) if c.name in ("lat", "lon") else c for c in PEOPLE_TABLE.columns),
)


def _positioned(row: Row, middles: Mapping[str, tuple[float, float]]) -> Row:
    """A row with the middle of its area as its position, where it gives none."""
    if row.cells.get("lat") or row.cells.get("lon"):
        return row
    spot = middles.get(row.cells.get("pcode", "").upper())
    if spot is None:
        row.note("pcode", "a P-code of the layer of boundaries", "correct it, or add lat and lon")
        spot = (1.0, 1.0)
    note = "; ".join(part for part in (row.cells.get("note", ""), "position: middle of its area") if part)
    return replace(row, cells={**row.cells, "lat": f"{spot[0]:.6f}", "lon": f"{spot[1]:.6f}", "note": note})


def read_people(path: Path, middles: Mapping[str, tuple[float, float]] | None = None) -> tuple[Sheet, list[NewPlace]]:
    """The table of who lives where, with its faults.

    middles: P-code -> degrees north and east, for rows that give no position of their own.
    """
    sheet = read_sheet(path, PEOPLE_TABLE if middles is None else WITHOUT_POSITIONS)
    if middles is not None:
        sheet.rows = [_positioned(row, middles) for row in sheet.rows]
    places = [_person_row(row) for row in sheet.rows]
    if sheet.rows and not sheet.faults and not any(place.persons for place in places):
        sheet.line_fault(0, "people", "empty in every row", "people somewhere", "fill in the numbers")
    return sheet, places


def read_sites(path: Path, homes: Iterable[NewPlace]) -> tuple[Sheet, list[NewPlace]]:
    """The table of crossings, camps and shelters. One that has the name of a home and no position stands there."""
    sheet = read_sheet(path, SITES_TABLE)
    by_name = {place.name.casefold(): place for place in homes}
    return sheet, [_site_row(row, by_name) for row in sheet.rows]


def _person_row(row: Row) -> NewPlace:
    persons = cells.number(row, "people", low=0, high=1e10)
    if persons == 0 and row.cells["people"]:
        row.note("people", "a number above 0", "correct it, or leave it empty for a junction without residents")
    if row.cells.get("car_share"):
        cells.number(row, "car_share", low=0, high=1)
    role = Role.ORIGIN if persons else Role.JUNCTION
    return _place(row, cells.number(row, "lat"), cells.number(row, "lon"), role, persons or 0.0)


def _site_row(row: Row, homes: Mapping[str, NewPlace]) -> NewPlace:
    kind = row.cells.get("kind", "").lower()
    if kind not in KINDS:
        known = next((word for word in KINDS if word and word in kind.split()), "")
        advice = f'write "{known}"' if known else cells.nearest(kind, KINDS, "choose one of them")
        row.note("kind", "crossing, border, checkpoint, reception, shelter or camp", advice)
    role, home = KINDS.get(kind, Role.CROSSING), homes.get(row.cells.get("name", "").casefold())
    lat, lon = cells.number(row, "lat"), cells.number(row, "lon")
    for column, most in (("booths", 1000), ("seconds", 1e6), ("capacity_per_hour", 1e6),
                         ("shelter_persons", 1e10), ("pull_persons", 1e10)):  # fmt: skip
        cells.number(row, column, low=1 if column == "booths" else 0, high=most)
    hours(row, "hours")
    categories(row, "admits")
    if lat is None and lon is None and home is not None and not row.cells.get("lat"):
        if role is Role.CROSSING:
            row.note("name", "a place of its own for a crossing", "give it another name and a position")
        return _place(row, home.lat, home.lon, role, home.persons)
    if (lat is None or lon is None) and not any(f.line == row.line and f.column in ("lat", "lon") for f in row.faults):
        row.note("lat", "degrees north and east", "fill them in, or use the name of a place of the table of people")
    return _place(row, lat, lon, role, 0.0)


def _place(row: Row, lat: float | None, lon: float | None, role: Role, persons: float) -> NewPlace:
    """A row as a place, its position checked as far as one row allows."""
    if lat is not None and lon is not None:
        _check_position(row, lat, lon)
    key = row.cells.get("key", "") or row.cells.get("pcode", "")
    if key and not cells.KEY.fullmatch(key):
        cells.key(row, "key" if row.cells.get("key") else "pcode")
    if not cells.text(row, "name"):
        key = key or f"line_{row.line}"
    ends_there = role not in (Role.ORIGIN, Role.JUNCTION)
    key = key or slug(row.cells["name"]) or f"{role.value if ends_there else 'place'}_{row.line}"
    return NewPlace(key, row.cells["name"], lat or 0.0, lon or 0.0, role, row.file, row.line, persons, dict(row.cells))


def _check_position(row: Row, lat: float, lon: float) -> None:
    found = f"{row.cells['lat']}, while lon is {row.cells['lon']}"
    if lat == 0 and lon == 0:
        row.note("lat", "a position", "fill in lat and lon", "0, and lon too, which is a point in the open sea")
    elif abs(lat) > 90 >= abs(lon) and abs(lat) <= 180:
        row.note("lat", "degrees from -90 to 90", "exchange lat and lon, which seem to be swapped", found)
    elif abs(lat) > 90:
        row.note("lat", "degrees from -90 to 90", "correct the number")
    elif abs(lon) > 180:
        row.note("lon", "degrees from -180 to 180", "correct the number")


def with_own_keys(*tables: list[NewPlace]) -> None:
    """Number the keys that different names share, where nothing but the name made them."""
    names: dict[str, str] = {place.key: place.name.casefold() for table in tables for place in table if is_coded(place)}
    for table in tables:
        for at, place in enumerate(table):
            key, number = place.key, 2
            while not is_coded(place) and names.setdefault(key, place.name.casefold()) != place.name.casefold():
                key, number = f"{place.key}_{number}", number + 1
            table[at] = replace(place, key=key)


def is_coded(place: NewPlace) -> bool:
    """Whether the table itself gives the key of a place."""
    return bool(place.said.get("key") or place.said.get("pcode"))


def name_faults(places: Iterable[NewPlace]) -> list[Fault]:
    """Names and keys that are used twice; one name may stand twice where P-codes or keys tell the two apart."""
    faults, names, keys = list[Fault](), dict[str, NewPlace](), dict[str, NewPlace]()
    for place in places:
        coded = is_coded(place)
        for seen, word, column in ((keys, place.key, "key"), (names, place.name.casefold(), "name")):
            first = seen.setdefault(word, place)
            if first is place or (column == "name" and coded):
                continue
            column = column if coded else "name"
            where = f"line {first.line}" + (f" of {first.file}" if first.file != place.file else "")
            what = f"a {column} that {where} has not used"
            advice = "remove one of the two, or separate them by a column pcode"
            faults.append(place.fault(column, f'"{place.key if column == "key" else place.name}"', what, advice))
            break
    return faults


def finder(places: Iterable[NewPlace]) -> Callable[[str], NewPlace | None]:
    """A function that finds a place by its key, P-code or name, in capitals or not; None where two share the name."""
    found: dict[str, NewPlace | None] = {}
    for place in places:
        words = (place.key, place.name, place.said.get("pcode", ""), place.said.get("other_name", ""))
        for word in {word.casefold() for word in words} - {""}:
            found[word] = None if word in found else place
    for place in places:
        found[place.key.casefold()] = place
    return lambda word: found.get(word.casefold())

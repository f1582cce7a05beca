"""What the map is drawn from: land, borders, coasts, places with both names, roads in the shape that the case gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from safeconduct.findings.atlas import Box, Line, base_map, box_around
from safeconduct.findings.story import scene
from safeconduct.findings.story.claims import Json
from safeconduct.findings.story.path import StoryFile
from safeconduct.ledger import Terms
from safeconduct.scenario import Role, Scenario, find_case, read_case, read_shapes
from safeconduct.terms import read_loosely, table_file

MARGIN = 0.25  # of the longer side of what the map opens on


@dataclass(frozen=True)
class Ground:
    """The places of a case and the land around them."""

    scenario: Scenario | None  # whose places and roads are drawn; None where the case has none
    shapes: Mapping[str, Sequence[tuple[float, float]]]  # road -> its line as lat, lon; a road without one is straight
    positions: dict[str, tuple[float, float]]  # place -> lon, lat, those of names.csv included
    names: dict[str, str]

    @property
    def whole(self) -> Box:
        """A box around every place of the case whose roads are drawn; without one, around all that has a position."""
        drawn = [(place.lon, place.lat) for place in self.scenario.places] if self.scenario else []
        return box_around(drawn or self.positions.values()).padded(0.05)

    @property
    def near(self) -> Box:
        """A box around the places people leave from and how they get out: the crisis, not the region."""
        roles = (Role.ORIGIN, Role.CROSSING)
        close = [(p.lon, p.lat) for p in self.scenario.places if p.role in roles] if self.scenario else []
        return box_around(close).padded(MARGIN) if close else self.whole


def ground_of(folder: Path, story: StoryFile, terms: Terms) -> Ground | None:
    """The ground of a case; None where no place of it has a position."""
    land = land_folder(folder, story)
    scenario = read_case(land) if land else None
    positions = read_positions(folder / "names.csv")
    names = {key: place.both for key, place in terms.places.items()}
    if scenario:
        for place in scenario.places:
            positions.setdefault(place.key, (place.lon, place.lat))
            names.setdefault(place.key, place.both_names)
    return Ground(scenario, read_shapes(land) if land else {}, positions, names) if positions else None


def land_folder(folder: Path, story: StoryFile) -> Path | None:
    """The case whose places and roads are drawn: the one that the story names, else the folder's own."""
    if story.land:
        beside = folder.parent / story.land
        return beside if beside.is_dir() else find_case(story.land)
    return folder if table_file(folder / "places.csv").exists() and (folder / "case.yaml").exists() else None


def read_positions(file: Path) -> dict[str, tuple[float, float]]:
    """Longitude and latitude by place, of rows that have both; the reader of the ledger has checked the file."""
    rows = read_loosely(table_file(file), ["key", "lat", "lon"])
    return {row["key"]: (float(row["lon"]), float(row["lat"])) for row in rows if row.get("lon") and row.get("lat")}


def map_data(ground: Ground, zone: tzinfo) -> Json:
    """Everything that the map draws."""
    box, near = ground.whole, ground.near
    corners = [(one.west, one.south) for one in (box, near)] + [(one.east, one.north) for one in (box, near)]
    around = box_around(corners).padded(0.35)
    base = base_map(around)
    scenario = ground.scenario
    roles = {place.key: place.role.value for place in scenario.places} if scenario else {}
    return {
        "near": near.as_list(),
        "whole": box.as_list(),
        "around": around.as_list(),
        "land": [[flat(ring) for ring in polygon] for polygon in base.land],
        "borders": [flat(line) for line in base.borders],
        "coasts": [flat(line) for line in base.coasts],
        "places": {
            key: {"at": [round(lon, 4), round(lat, 4)], "name": ground.names.get(key, key), "role": roles.get(key, "")}
            for key, (lon, lat) in ground.positions.items()
            if around.west < lon < around.east and around.south < lat < around.north
        },
        "roads": [] if scenario is None else [
            {"id": route.id, "ends": [route.start, route.end], "counts": route.counts_as or "",
             "line": [round(value, 4) for lat, lon in ground.shapes.get(route.id, ()) for value in (lon, lat)]}
            for route in scenario.routes
        ],
        "posts": scene.posts(scenario) if scenario else [],
        "handed": scene.handed_over(scenario, zone) if scenario else [],
    }  # fmt: skip


def flat(line: Line) -> list[float]:
    """A line as lon, lat, lon, lat, to about 100 metres."""
    found: list[float] = line.round(3).ravel().tolist()
    return found

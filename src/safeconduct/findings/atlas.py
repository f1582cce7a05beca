"""Land, coasts and borders around a case, cut from the world map that ships with the package.

Natural Earth 1:10m as TopoJSON (world-atlas 2.0.2): arcs are stored once and shared, so a line between two
countries is an arc that both use, and a coast is an arc that one uses.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Line: TypeAlias = NDArray[np.float64]  # [point, (lon, lat)] in degrees
Rings: TypeAlias = list[list[int]]  # a polygon: rings of arc numbers, the outer one first; ~n is arc n backwards
GRID_CELLS = 1600  # points closer than the box's longer side / this are one point


@dataclass(frozen=True, slots=True)
class Box:
    """A box of longitudes and latitudes in degrees."""

    west: float
    south: float
    east: float
    north: float

    def padded(self, share: float, least: float = 0.05) -> Box:
        """The box with a margin on all sides, as a share of its longer side (in degrees, at least `least`)."""
        pad = max(share * max(self.east - self.west, self.north - self.south), least)
        return Box(self.west - pad, max(self.south - pad, -85), self.east + pad, min(self.north + pad, 85))

    def as_list(self) -> list[float]:
        """West, south, east, north."""
        return [self.west, self.south, self.east, self.north]


def box_around(points: Iterable[tuple[float, float]]) -> Box:
    """The smallest box that holds all (lon, lat) points."""
    lons, lats = zip(*points, strict=True)
    return Box(min(lons), min(lats), max(lons), max(lats))


@dataclass(frozen=True, slots=True)
class BaseMap:
    """What is drawn under a map. Every polygon is a list of rings, its outer ring first."""

    land: list[list[Line]]
    borders: list[Line]
    coasts: list[Line]


@dataclass(frozen=True)
class WorldMap:
    """The whole map, decoded."""

    arcs: list[Line]
    land: list[Rings]
    users: NDArray[np.int64]  # [arc] how many countries use it


@cache
def world() -> WorldMap:
    """The shipped map, read once."""
    packed = files("safeconduct.findings").joinpath("assets/countries-10m.json.gz").read_bytes()
    topology = json.loads(gzip.decompress(packed))
    scale, shift = (np.array(topology["transform"][part]) for part in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    users = np.zeros(len(arcs), dtype=np.int64)
    for country in topology["objects"]["countries"]["geometries"]:
        users[sorted({max(n, ~n) for polygon in polygons(country) for ring in polygon for n in ring})] += 1
    land = [polygon for part in topology["objects"]["land"]["geometries"] for polygon in polygons(part)]
    return WorldMap(arcs, land, users)


def polygons(geometry: dict[str, Any]) -> list[Rings]:
    """Polygons of a TopoJSON geometry."""
    found: list[Rings] = geometry.get("arcs", [])
    return [geometry["arcs"]] if geometry.get("type") == "Polygon" else found


def base_map(box: Box) -> BaseMap:
    """Land, borders and coasts inside a box, no finer than the eye can see at its size."""
    whole = world()
    cell = max(box.east - box.west, box.north - box.south) / GRID_CELLS
    near = [reaches(arc, box) for arc in whole.arcs]
    lines = {
        is_border: [
            coarse(piece, cell)
            for arc, users, is_near in zip(whole.arcs, whole.users, near, strict=True)
            if is_near and (users > 1) == is_border
            for piece in pieces(arc, box)
        ]
        for is_border in (True, False)
    }
    return BaseMap(list(land_inside(whole, box, cell)), lines[True], lines[False])


def reaches(line: Line, box: Box) -> bool:
    """Whether a line's own box overlaps the box."""
    lon, lat = line[:, 0], line[:, 1]
    is_beside = lon.min() > box.east or lon.max() < box.west
    return not (is_beside or lat.min() > box.north or lat.max() < box.south)


def pieces(line: Line, box: Box) -> Iterator[Line]:
    """The parts of a line near a box: each run of points inside, with the neighbour on either side."""
    lon, lat = line[:, 0], line[:, 1]
    inside = (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
    kept = inside | np.append(inside[1:], False) | np.insert(inside[:-1], 0, False)
    cuts = np.flatnonzero(kept[1:] != kept[:-1]) + 1
    for part, keep in zip(np.split(line, cuts), np.split(kept, cuts), strict=True):
        if keep[0] and len(part) > 1:
            yield part


def land_inside(whole: WorldMap, box: Box, cell: float) -> Iterator[list[Line]]:
    """Land polygons cut at the box's sides. A ring that crosses 180 degrees is met on either side of it."""
    for polygon in whole.land:
        rings = [joined(whole.arcs, ring) for ring in polygon]
        for turn in (0.0, 360.0, -360.0):
            turned = [ring + (turn, 0.0) for ring in rings]
            if reaches(turned[0], box):
                cut = [coarse(cut_to(ring, box), cell) for ring in turned if reaches(ring, box)]
                if len(cut[0]) > 2:
                    yield [ring for ring in cut if len(ring) > 2]


def joined(arcs: list[Line], ring: list[int]) -> Line:
    """One closed ring from its arcs (~n is arc n backwards), its longitudes without the jump at 180 degrees."""
    line = np.concatenate([arcs[n][:-1] if n >= 0 else arcs[~n][:0:-1] for n in ring])
    return np.column_stack([np.unwrap(line[:, 0], period=360.0), line[:, 1]])


def cut_to(ring: Line, box: Box) -> Line:
    """A ring cut at the four sides of a box, one after the other (Sutherland & Hodgman 1974)."""
    for axis, limit, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        if not len(ring):
            break
        after = np.roll(ring, -1, axis=0)
        inside, next_inside = sign * (ring[:, axis] - limit) >= 0, sign * (after[:, axis] - limit) >= 0
        run = after[:, axis] - ring[:, axis]
        share = np.divide(limit - ring[:, axis], run, out=np.zeros_like(run), where=run != 0)
        met = ring + share[:, None] * (after - ring)
        ring = np.stack([ring, met], axis=1)[np.stack([inside, inside != next_inside], axis=1)]
    return ring


def coarse(line: Line, cell: float) -> Line:
    """The line on a grid, without points that fall on the one before."""
    snapped: Line = np.round(line / cell) * cell
    if len(snapped) < 2:
        return snapped
    moved = np.append(True, (np.diff(snapped, axis=0) != 0).any(axis=1))
    kept: Line = snapped[moved].round(5)
    return kept

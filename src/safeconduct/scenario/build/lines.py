"""Roads as lines on a map: GeoJSON, or an OpenStreetMap extract (which needs the extra `roads`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safeconduct.scenario.build.defaults import OTHER_CLASS, road_class
from safeconduct.scenario.build.layers import read_layer
from safeconduct.terms import Fault, UsageError, read_text

OSM_SOURCE = "OpenStreetMap contributors (ODbL), {file}"
NO_OSMIUM = (
    "{file} is an OpenStreetMap extract, and the library that reads it is not installed; "
    "install safeconduct[roads], or give the roads as GeoJSON or as a table of links."
)
CLOSED = ("no", "private")
Node = int | str | tuple[float, float]  # OpenStreetMap's number, a name of ours, or the spot itself


@dataclass(frozen=True, slots=True)
class Way:
    """A line of road with what is said of it."""

    nodes: tuple[Node, ...]
    spots: tuple[tuple[float, float], ...]  # degrees north, degrees east
    road_class: str
    name: str
    speed_kmh: float | None
    lanes: int | None  # in each direction
    is_one_way: bool
    source: str

    @property
    def manner(self) -> tuple[object, ...]:
        """All that must be alike for two pieces to be one road."""
        return (self.road_class, self.speed_kmh, self.lanes, self.is_one_way)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map, degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a spot lies inside."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def read_lines(path: Path, faults: list[Fault], told: list[str]) -> list[Way]:
    """The roads of a file by its ending. Raises UsageError where a library is missing."""
    if path.suffix.lower() in (".osm", ".pbf"):
        return list(_osm(path, faults))
    if path.suffix.lower() in (".gpkg", ".shp"):
        return list(_layer(path, faults, told))
    return list(_geojson(path, faults, told))


def clipped(ways: Iterable[Way], box: Box) -> list[Way]:
    """The pieces of ways that lie in a box, with one point beyond at each end."""
    kept = list[Way]()
    for way in ways:
        inside = [box.holds(*spot) for spot in way.spots]
        run = list[int]()
        for i in range(len(inside)):
            if any(inside[max(0, i - 1) : i + 2]):
                run.append(i)
            else:
                kept += _piece(way, run)
                run = []
        kept += _piece(way, run)
    return kept


def _piece(way: Way, run: list[int]) -> list[Way]:
    if len(run) < 2:
        return []
    first, last = run[0], run[-1] + 1
    return [
        Way(way.nodes[first:last], way.spots[first:last], way.road_class, way.name, way.speed_kmh, way.lanes,
            way.is_one_way, way.source)
    ]  # fmt: skip


def _osm(path: Path, faults: list[Fault]) -> Iterator[Way]:
    """Roads for motor vehicles of an extract."""
    try:
        import osmium
    except ImportError:
        raise UsageError(NO_OSMIUM.format(file=path.name)) from None
    found = 0
    try:
        with_roads = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
        for one in with_roads:
            if not isinstance(one, osmium.osm.Way):
                continue
            points = [(node.ref, node.lat, node.lon) for node in one.nodes if node.location.valid()]
            way = _way(dict(one.tags), points, OSM_SOURCE.format(file=path.name))
            if way:
                found += 1
                yield way
    except RuntimeError as error:
        faults.append(Fault(path.name, 0, "", f"no extract that can be read ({error})", "OSM data", "fetch it again"))
        return
    if not found:
        faults.append(Fault(path.name, 0, "", "no road", "ways with a tag highway", "choose another extract"))


def _way(tags: Mapping[str, str], points: list[tuple[int, float, float]], source: str) -> Way | None:
    """A way by its tags; None where no car may use it."""
    kind = road_class(tags.get("highway", ""))
    if kind is None or not tags.get("highway") or tags.get("motor_vehicle", tags.get("access")) in CLOSED:
        return None
    if len(points) < 2 or tags.get("highway") == "service":
        return None
    one_way = tags.get("oneway", "yes" if kind == "motorway" or tags.get("junction") == "roundabout" else "no")
    if one_way == "-1":
        points = points[::-1]
    is_one_way = one_way in ("yes", "true", "1", "-1")
    return Way(
        tuple(ref for ref, _, _ in points), tuple((lat, lon) for _, lat, lon in points), kind,
        tags.get("ref") or tags.get("name", ""), speed(tags.get("maxspeed", "")),
        _lanes(tags.get("lanes", ""), is_one_way), is_one_way, source,
    )  # fmt: skip


def speed(text: str) -> float | None:
    """Kilometres an hour of a tag such as 50 or 30 mph; None where it says nothing that is certain."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", text.strip())
    if match is None:
        return None
    found = float(match[1]) * (1.609344 if match[2] == "mph" else 1.0)
    return round(found, 1) if 0.1 <= found <= 300 else None


def _lanes(text: str, is_one_way: bool) -> int | None:
    """Lanes in each direction; the tag counts both."""
    if not text.isdigit() or not 1 <= int(text) <= 20:
        return None
    return int(text) if is_one_way else max(1, int(text) // 2)


def _geojson(path: Path, faults: list[Fault], told: list[str]) -> Iterator[Way]:
    """Lines of a GeoJSON file; other shapes are passed over, which is reported."""

    def fault(line: int, column: str, found: str, expected: str, advice: str) -> None:
        faults.append(Fault(path.name, line, column, found, expected, advice))

    text = read_text(path, faults)
    if text is None:
        return None
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        return fault(error.lineno, "", f"no JSON ({error.msg})", "GeoJSON", "export the lines as GeoJSON")
    except RecursionError:
        return fault(0, "", "JSON of too many levels", "GeoJSON", "export the lines as GeoJSON")
    features = said.get("features") if isinstance(said, dict) else None
    if not isinstance(features, list):
        return fault(0, "", "JSON without features", "a GeoJSON FeatureCollection", "export the lines as GeoJSON")
    others = 0
    for number, feature in enumerate(features, start=1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        shape, at = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else ("", None)
        if shape not in ("LineString", "MultiLineString") or not isinstance(at, list):
            others += 1
            continue
        for line in [at] if shape == "LineString" else at:
            try:
                said = feature.get("properties")
                yield _line_way(line, said if isinstance(said, dict) else {}, path.name)
            except (TypeError, ValueError, LookupError) as error:
                expected = "pairs of lon and lat in degrees (WGS 84)"
                fault(0, f"feature {number}", f"a line that cannot be used ({error})", expected, "export it again")
    if others:
        told.append(f"{path.name}: {others} features that are no lines were passed over.")
    if others == len(features):
        fault(0, "", "no line", "LineString features", "export the roads")


def _layer(path: Path, faults: list[Fault], told: list[str]) -> Iterator[Way]:
    """Lines of a GeoPackage or a shapefile; other shapes are passed over, which is reported."""
    features = read_layer(path, faults)
    others = sum(one.shape not in ("LineString", "MultiLineString") for one in features)
    for number, one in enumerate(features, start=1):
        lines = [one.at] if one.shape == "LineString" else one.at if one.shape == "MultiLineString" else []
        for line in lines:
            try:
                yield _line_way(line, one.properties, path.name)  # type: ignore[arg-type]  # checked there
            except (TypeError, ValueError, LookupError) as error:
                expected = "pairs of lon and lat in degrees (WGS 84)"
                found = f"a line that cannot be used ({error})"
                faults.append(Fault(path.name, 0, f"feature {number}", found, expected, "export it again"))
    if others:
        told.append(f"{path.name}: {others} features that are no lines were passed over.")
    if others == len(features) and not faults:
        faults.append(Fault(path.name, 0, "", "no line", "LineString features", "export the roads"))


def _line_way(line: list[list[float]], said: Mapping[str, object], file: str) -> Way:
    """A line of GeoJSON as a way. Raises ValueError for what is no position."""
    spots = tuple((float(point[1]), float(point[0])) for point in line)
    if len(spots) < 2:
        raise ValueError("fewer than two points")
    for lat, lon in spots:
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise ValueError(f"lon {lon:g}, lat {lat:g}")
    words = {str(name).lower(): "" if value is None else str(value) for name, value in said.items()}
    kind = road_class(words.get("highway") or words.get("class") or words.get("fclass") or words.get("road_class", ""))
    one_way = words.get("oneway", "").lower() in ("yes", "true", "1", "f")
    lanes = _lanes(words.get("lanes", "").removesuffix(".0"), one_way)
    nodes = tuple((round(lat, 6), round(lon, 6)) for lat, lon in spots)
    limit = speed(words.get("speed_kmh") or words.get("maxspeed", ""))
    name, source = words.get("ref") or words.get("name", ""), words.get("source") or file
    return Way(nodes, spots, kind or OTHER_CLASS, name, limit, lanes, one_way, source)

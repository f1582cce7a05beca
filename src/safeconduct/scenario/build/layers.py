"""Layers of a map in the formats of the field: GeoJSON, GeoPackage (by sqlite alone), shapefile (extra `maps`).

Each feature is its properties and a shape as GeoJSON has it, in degrees (WGS 84): longitude first.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.terms import Fault, UsageError, read_text, size_fault

LAYER_FORMATS = (".geojson", ".json", ".gpkg", ".shp")
DEGREES = (4326, 4979, 0, -1)  # systems of reference that are WGS 84, or not said
SHAPES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}
NO_PYSHP = (
    "{file} is a shapefile, and the library that reads it is not installed; install safeconduct[maps], or save the "
    "layer as GeoPackage or GeoJSON."
)
CODES = ("adm4_pcode", "adm3_pcode", "adm2_pcode", "adm1_pcode", "pcode", "p_code", "admin2pcode", "admin1pcode")


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a layer."""

    properties: Mapping[str, object]
    shape: str  # LineString, MultiLineString, Point, Polygon ...
    at: list[object]  # coordinates as GeoJSON nests them


def read_layer(path: Path, faults: list[Fault]) -> list[Feature]:
    """The features of a layer by the file's ending. Raises UsageError where a library is missing."""
    wrong = size_fault(path)
    if wrong:
        faults.append(wrong)
        return []
    try:
        ending = path.suffix.lower()
        read = _geopackage if ending == ".gpkg" else _shapefile if ending == ".shp" else _geojson
        return list(read(path, faults))
    except (
        sqlite3.Error,
        struct.error,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        OSError,
    ) as error:
        told = " ".join(str(error).split())[:80]
        found = f"no layer that can be read ({told})"
        faults.append(Fault(path.name, 0, "", found, "a layer of a map", "save it again"))
    return []


def _geojson(path: Path, faults: list[Fault]) -> Iterator[Feature]:
    text = read_text(path, faults)
    said = json.loads(text) if text else {}
    for one in said.get("features") or []:
        shape = one.get("geometry") or {}
        yield Feature(one.get("properties") or {}, str(shape.get("type", "")), shape.get("coordinates") or [])


def _shapefile(path: Path, faults: list[Fault]) -> Iterator[Feature]:
    try:
        import shapefile
    except ImportError:
        raise UsageError(NO_PYSHP.format(file=path.name)) from None
    projection = path.with_suffix(".prj")
    if projection.is_file() and "PROJCS" in (read_text(projection, []) or "")[:20]:
        faults.append(_not_degrees(path.name, "its .prj names a projection"))
        return
    try:
        with shapefile.Reader(str(path)) as reader:
            for one in reader.iterShapeRecords():
                shape = one.shape.__geo_interface__
                yield Feature(one.record.as_dict(), shape["type"], _as_lists(shape["coordinates"]))
    except shapefile.ShapefileException as error:
        raise ValueError(str(error)) from None


def _as_lists(value: object) -> list[object]:
    return [_as_lists(one) if isinstance(one, list | tuple) else one for one in value]  # type: ignore[attr-defined]  # nested


def _not_degrees(file: str, found: str) -> Fault:
    return Fault(file, 0, "", found, "longitude and latitude in degrees (WGS 84)", "save the layer in EPSG:4326")


def _geopackage(path: Path, faults: list[Fault]) -> Iterator[Feature]:
    """Every feature of every layer. The file is opened for reading only."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.row_factory = sqlite3.Row
    try:
        layers = database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
        for table, column, system in layers:
            if system not in DEGREES:
                faults.append(_not_degrees(path.name, f'layer "{table}" in the system of reference {system}'))
                continue
            for row in database.execute(f'SELECT * FROM "{str(table).replace(chr(34), chr(34) * 2)}"'):
                blob = row[column]
                if isinstance(blob, bytes) and blob[:2] == b"GP":
                    kind, at = _wkb(blob, 8 + ENVELOPES[blob[3] >> 1 & 7])[:2]
                    said = {name: row[name] for name in row.keys() if name != column}  # noqa: SIM118  # a sqlite row
                    yield Feature(said, SHAPES[kind], at)
    finally:
        database.close()


ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of the envelope, by the flag that tells its kind


def _wkb(blob: bytes, start: int) -> tuple[int, list[object], int]:
    """Kind, coordinates and end of a shape in well-known binary; heights and measures are passed over."""
    order = "<" if blob[start] == 1 else ">"
    (code,) = struct.unpack_from(f"{order}I", blob, start + 1)
    plain = code & 0xFFFF
    n_numbers = 2 + {0: 0, 1: 1, 2: 1, 3: 2}[plain // 1000] + bool(code & 0x80000000) + bool(code & 0x40000000)
    kind, end = plain % 1000, start + 5

    def spots(count: int) -> list[object]:
        nonlocal end
        flat = struct.unpack_from(f"{order}{count * n_numbers}d", blob, end)
        end += 8 * count * n_numbers
        return [[flat[n], flat[n + 1]] for n in range(0, len(flat), n_numbers)]

    def number() -> int:
        nonlocal end
        (found,) = struct.unpack_from(f"{order}I", blob, end)
        end += 4
        if found > len(blob):
            raise ValueError("a shape with more parts than bytes")
        return int(found)

    if kind == 1:
        return kind, list(spots(1)[0]), end  # type: ignore[call-overload]  # a spot is a list
    if kind == 2:
        return kind, spots(number()), end
    if kind == 3:
        return kind, [spots(number()) for _ in range(number())], end
    parts = []
    for _ in range(number()):
        _, part, end = _wkb(blob, end)
        parts.append(part)
    return kind, parts, end  # type: ignore[return-value]  # lists of lists


def middles(path: Path, faults: list[Fault]) -> dict[str, tuple[float, float]]:
    """P-code -> degrees north and east of the middle of an area, or of its point.

    COD layers say where their middle is (center_lat, center_lon); else it is that of the largest ring.
    """
    found: dict[str, tuple[float, float]] = {}
    for one in read_layer(path, faults):
        said = {str(name).lower(): value for name, value in one.properties.items()}
        code = next((str(said[name]) for name in CODES if said.get(name)), "")
        spot = _middle(one, said)
        if code and spot:
            found[code.upper()] = spot
    if not found and not faults:
        expected = f"a column such as {', '.join(CODES[:4])}"
        faults.append(Fault(path.name, 0, "", "no area with a P-code", expected, "choose another layer"))
    return found


def _middle(one: Feature, said: Mapping[str, object]) -> tuple[float, float] | None:
    lat, lon = said.get("center_lat"), said.get("center_lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return float(lat), float(lon)
    if one.shape == "Point":
        return float(str(one.at[1])), float(str(one.at[0]))
    rings = list(_rings(one.at)) if one.shape in ("Polygon", "MultiPolygon") else []
    return max((_centre(ring) for ring in rings), default=(0.0, 0.0, 0.0))[1:] if rings else None


def _rings(at: object) -> Iterator[Sequence[Sequence[float]]]:
    """The rings of a polygon or of several."""
    assert isinstance(at, list)
    if at and isinstance(at[0], list) and at[0] and isinstance(at[0][0], int | float):
        yield at
    else:
        for part in at:
            yield from _rings(part)


def _centre(ring: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Area (square degrees), and degrees north and east of the centre of gravity."""
    twice, north, east = 0.0, 0.0, 0.0
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = one[0] * other[1] - other[0] * one[1]
        twice, east, north = twice + cross, east + (one[0] + other[0]) * cross, north + (one[1] + other[1]) * cross
    if abs(twice) < 1e-15:
        return 0.0, ring[0][1], ring[0][0]
    return abs(twice) / 2, north / (3 * twice), east / (3 * twice)

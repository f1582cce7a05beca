"""Places, roads and results as layers of a map: GeoJSON, and GeoPackage written by sqlite alone."""

from __future__ import annotations

import json
import sqlite3
import struct
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.findings.exports.tables import ExportColumn, ExportTable
from safeconduct.scenario import Scenario

WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
APPLICATION, VERSION = 0x47504B47, 10300  # "GPKG", 1.3
SPATIAL_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  PRIMARY KEY (table_name, column_name), FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name));
"""
SQL_TYPES = {"number": "REAL", "integer": "INTEGER", "date": "DATE", "datetime": "TEXT"}
Spot = tuple[float, float]  # degrees north, degrees east


@dataclass(frozen=True)
class Layer:
    """A table whose rows stand somewhere: one spot each, or the spots of a line."""

    table: ExportTable
    shapes: tuple[tuple[Spot, ...], ...]  # [row]
    is_line: bool


def place_layer(scenario: Scenario) -> Layer:
    """Every place with its names, role and region."""
    columns = (
        ExportColumn("key", "short name"), ExportColumn("name", "name as one side writes it"),
        ExportColumn("other_name", "name as the other side writes it"), ExportColumn("role", "what the place is for"),
        ExportColumn("region", "province or district"), ExportColumn("source", "where place and figures come from"),
    )  # fmt: skip
    rows = tuple((p.key, p.name, p.other_name, p.role.value, p.region, p.source) for p in scenario.places)
    return Layer(
        ExportTable("places", "Places", columns, rows), tuple(((p.lat, p.lon),) for p in scenario.places), False
    )


def road_layer(scenario: Scenario, shapes: Mapping[str, Sequence[Spot]]) -> Layer:
    """Every road, by its real shape where one is kept, else as a straight line, which the row says."""
    columns = (
        ExportColumn("id", "short name"), ExportColumn("start", "place where it starts"),
        ExportColumn("end", "place where it ends"), ExportColumn("km", "length", "km", "number"),
        ExportColumn("is_open", "yes or no, at the start"), ExportColumn("shape", "real or straight"),
        ExportColumn("source", "where the road comes from"),
    )  # fmt: skip
    rows, lines = [], []
    for road in scenario.routes:
        ends = [(scenario.place(key).lat, scenario.place(key).lon) for key in (road.start, road.end)]
        real = shapes.get(road.id)
        is_open = "yes" if road.is_open else "no"
        rows.append((road.id, road.start, road.end, road.km, is_open, "real" if real else "straight", road.source))
        lines.append(tuple(real or ends))
    return Layer(ExportTable("roads", "Roads", columns, tuple(rows)), tuple(lines), True)


def at_places(table: ExportTable, scenario: Scenario, column: str = "place") -> Layer:
    """A table of results on the map: each row at the place that it names. Rows of other things are left out."""
    at = table.header.index(column)
    by_name = {name: (p.lat, p.lon) for p in scenario.places for name in (p.key, p.both_names, p.name)}
    kept = [(row, by_name[str(row[at])]) for row in table.rows if str(row[at]) in by_name]
    rows = tuple(row for row, _ in kept)
    return Layer(ExportTable(table.name, table.title, table.columns, rows), tuple((spot,) for _, spot in kept), False)


def geojson(layer: Layer) -> str:
    """A layer as GeoJSON (RFC 7946): WGS 84, longitude first."""
    features = []
    for row, spots in zip(layer.table.rows, layer.shapes, strict=True):
        at = [[round(lon, 6), round(lat, 6)] for lat, lon in spots]
        shape = {"type": "LineString", "coordinates": at} if layer.is_line else {"type": "Point", "coordinates": at[0]}
        said = dict(zip(layer.table.header, row, strict=True))
        features.append({"type": "Feature", "geometry": shape, "properties": said})
    return json.dumps({"type": "FeatureCollection", "name": layer.table.name, "features": features}, ensure_ascii=False)


def geopackage(layers: Iterable[Layer], *, changed: str = "2000-01-01T00:00:00.000Z") -> bytes:
    """Layers as one GeoPackage. `changed` is the time that the file carries: the same layers, the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        database = sqlite3.connect(path)
        try:
            database.executescript(f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};")
            database.executescript(SPATIAL_TABLES)
            with database:
                database.executemany(
                    "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        ("WGS 84", 4326, "EPSG", 4326, WGS84, "longitude and latitude in degrees"),
                        ("Undefined Cartesian", -1, "NONE", -1, "undefined", ""),
                        ("Undefined geographic", 0, "NONE", 0, "undefined", ""),
                    ],
                )
                for layer in layers:
                    _add(database, layer, changed)
        finally:
            database.close()
        return path.read_bytes()


def _add(database: sqlite3.Connection, layer: Layer, changed: str) -> None:
    """One layer: its table, its rows, and its lines in the tables that every GeoPackage has."""
    table, name = layer.table, _quoted(layer.table.name)
    kinds = ", ".join(f"{_quoted(c.name)} {SQL_TYPES.get(c.kind, 'TEXT')}" for c in table.columns)
    database.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom BLOB, {kinds})")
    marks = ", ".join("?" * (len(table.columns) + 1))
    rows = ((_blob(spots, is_line=layer.is_line), *row) for row, spots in zip(table.rows, layer.shapes, strict=True))
    columns = ", ".join(_quoted(c) for c in ("geom", *table.header))
    database.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", rows)
    every = [spot for spots in layer.shapes for spot in spots]
    lats, lons = [lat for lat, _ in every] or [0.0], [lon for _, lon in every] or [0.0]
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)",
        (table.name, table.name, table.title, changed, min(lons), min(lats), max(lons), max(lats)),
    )
    kind = "LINESTRING" if layer.is_line else "POINT"
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (table.name, kind))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _blob(spots: Sequence[Spot], *, is_line: bool) -> bytes:
    """A geometry as GeoPackage keeps it: a header without an envelope, then well-known binary, little-endian."""
    head = b"GP" + struct.pack("<BBi", 0, 1, 4326)
    flat = [value for lat, lon in spots for value in (lon, lat)]
    if is_line:
        return head + struct.pack(f"<BII{len(flat)}d", 1, 2, len(spots), *flat)
    return head + struct.pack("<BI2d", 1, 1, *flat[:2])

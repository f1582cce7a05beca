"""The real shape of the roads of a case, kept beside its tables for maps: `roads.geojson`.

The engine does not read it: a road's length stands in routes.csv. A road without a shape is drawn straight.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from safeconduct.terms import read_text

SHAPES = "roads.geojson"
Spot = tuple[float, float]  # degrees north, degrees east


def shapes_geojson(shapes: Mapping[str, Sequence[Spot]]) -> str:
    """The lines of roads as GeoJSON, each with the id of its road."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": road},
            "geometry": {"type": "LineString", "coordinates": [[round(lon, 6), round(lat, 6)] for lat, lon in spots]},
        }
        for road, spots in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def read_shapes(folder: Path) -> dict[str, tuple[Spot, ...]]:
    """Road -> the spots of its line. Without a file that can be read there are none: roads are straight."""
    path = folder / SHAPES
    text = read_text(path, []) if path.is_file() else None
    found: dict[str, tuple[Spot, ...]] = {}
    try:
        for feature in json.loads(text)["features"] if text else ():
            line = feature["geometry"]["coordinates"]
            found[str(feature["properties"]["id"])] = tuple((float(lat), float(lon)) for lon, lat in line)
    except (ValueError, KeyError, TypeError):
        return {}
    return found

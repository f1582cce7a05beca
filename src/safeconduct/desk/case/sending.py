"""A case to send on: a zip that is the same bytes for the same files, its citable hash, reports as GeoJSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from safeconduct.api.casework import CLAIMS_FILE, Line
from safeconduct.desk.case import rowfile
from safeconduct.desk.case.journal import FILE as JOURNAL
from safeconduct.terms import inert, read_loosely, table_file

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same files make the same bytes
SNAPSHOT = "snapshot.json"
COLUMNS = ("id", "kind", "of_when", "said", "place", "who_says_so", "side", "known_since", "source", "address")


def files_of(folder: Path, left_out: frozenset[str], *, with_journal: bool) -> dict[str, bytes]:
    """The files of a case by name, without some reports and without hidden files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in Path(name).parts)
        if path.is_file() and not path.is_symlink() and not is_hidden and (with_journal or name != JOURNAL):
            found[name] = path.read_bytes()
    if left_out and CLAIMS_FILE in found:
        text = found[CLAIMS_FILE].decode("utf-8")
        gone = set(left_out)
        while more := set(rowfile.links_to(text, gone)) - gone:  # a report about one that is left out goes with it
            gone |= more
        found[CLAIMS_FILE] = rowfile.without(text, gone).encode()
    return found


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip; the same files give the same bytes."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in sorted(files):
            part = ZipInfo(name, LONG_AGO)
            part.compress_type, part.external_attr = ZIP_DEFLATED, 0o644 << 16
            packed.writestr(part, files[name])
    return out.getvalue()


def snapshot(files: Mapping[str, bytes], key: str, as_of: str, version: str) -> tuple[str, dict[str, bytes]]:
    """The hash to cite, and the files with the list that it is the hash of.

    A reader with the folder and the program can make the list again: it holds the hash of every file, the moment from
    which one looked, and the version of the program.
    """
    told = {
        "case": key, "as_of": as_of, "program": f"safeconduct {version}",
        "files": {name: sha256(content).hexdigest() for name, content in sorted(files.items())},
        "to_see_it": f"safeconduct monitor {key}" + (f" --as-of {as_of}" if as_of else ""),
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    cite = "sc-" + sha256(text.encode()).hexdigest()[:20]
    return cite, {f"{key}/{name}": content for name, content in files.items()} | {SNAPSHOT: text.encode()}


def spots(folder: Path) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the places whose tables give them, by key."""
    found = {}
    for name in ("places.csv", "names.csv"):
        for row in read_loosely(table_file(folder / name), ["key", "lat", "lon"]):
            try:
                found[row["key"]] = (float(row["lon"]), float(row["lat"]))
            except (KeyError, ValueError):
                continue
    return found


def geojson(lines: Iterable[tuple[Line, str]], at: Mapping[str, tuple[float, float]]) -> str:
    """Reports as GeoJSON (RFC 7946): a point where the place is on the map, no geometry otherwise."""
    features = []
    for line, key in lines:
        spot = at.get(key)
        told = dict(zip(COLUMNS, cells_of(line), strict=True))
        point = {"type": "Point", "coordinates": list(spot)} if spot else None
        features.append({"type": "Feature", "id": line.id, "geometry": point, "properties": told})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def cells_of(line: Line) -> tuple[str, ...]:
    """A report's cells in the order of COLUMNS."""
    return (
        line.id,
        line.kind,
        line.when,
        line.what,
        line.where,
        line.by,
        line.side,
        line.known,
        line.source,
        line.address,
    )


def as_csv(lines: Iterable[Line]) -> str:
    """Reports as a table for spreadsheets; a cell that would be taken for a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in cells_of(line)] for line in lines)
    return out.getvalue()

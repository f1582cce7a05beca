"""datapackage.json: what lies in a folder of exports, under which terms, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from safeconduct.findings.exports.tables import ExportTable
from safeconduct.ledger import Claim, terms_of_use

UNSTATED = "not stated: the terms of each source hold"
MOST_SOURCES = 200
MEDIA = {
    "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3", "jsonl": "application/x-ndjson",
    "svg": "image/svg+xml", "png": "image/png",
}  # fmt: skip


def data_package(
    name: str,
    title: str,
    files: Mapping[str, bytes],
    tables: Sequence[ExportTable],
    *,
    licence: str = "",
    claims: Sequence[Claim] = (),
    provenance: Mapping[str, object] | None = None,
    made: str = "",
) -> str:
    """The description of a folder, by the rules of Frictionless data packages."""
    schemas = {table.name: table for table in tables}
    listed = [_resource(path, content, schemas.get(path.partition(".")[0])) for path, content in files.items()]
    found: dict[str, object] = {
        "profile": "data-package", "name": name, "title": title, "created": made,
        "licenses": [{"name": "other", "title": licence or UNSTATED}],
        "sources": sources_of(claims), "resources": listed,
    }  # fmt: skip
    told = terms_of_use(claims)
    if told:
        found["notes"] = list(told)
    if provenance:
        found["provenance"] = dict(provenance)
    return json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False, indent=1) + "\n"


def sources_of(claims: Sequence[Claim]) -> list[dict[str, str]]:
    """The sources that the claims name, each once, in the order of the claims; the first of many."""
    seen = dict.fromkeys((claim.source_title, claim.address) for claim in claims)
    every = [
        {"title": title, "path": address} if address.startswith("http") else {"title": title}
        for title, address in seen
        if title
    ]
    more = [{"title": f"and {len(every) - MOST_SOURCES} more, named in the claims"}]
    return every[:MOST_SOURCES] + (more if len(every) > MOST_SOURCES else [])


def _resource(path: str, content: bytes, table: ExportTable | None) -> dict[str, object]:
    """One file: size, hash, and the meaning of its columns where it is a table."""
    stem, _, ending = path.rpartition(".")
    found: dict[str, object] = {
        "name": path.replace(".", "-").lower(), "path": path, "format": ending, "mediatype": MEDIA.get(ending, ""),
        "bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}",
    }  # fmt: skip
    if ending == "csv" and table is not None:
        fields = [
            {"name": c.name, "type": c.kind, "description": c.meaning} | ({"unit": c.unit} if c.unit else {})
            for c in table.columns
        ]
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": {"fields": fields}}
        found["title"] = table.title
    return found

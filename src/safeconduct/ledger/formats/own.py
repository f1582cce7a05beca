"""The ledger's own columns, as `claims.csv` has them and as an export writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake
from safeconduct.ledger.read import CLAIMS, COLUMNS, read_claim
from safeconduct.ledger.types import Claim
from safeconduct.terms import Need, Row, shown

OWN = replace(CLAIMS, columns=tuple(replace(c, need=Need.NONE) if c.name == "id" else c for c in CLAIMS.columns))
KNOWN_BY = ("kind", "reporter", "precision", "source_title")


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has columns that only our own tables have."""
    return sheet.has("reporter", "precision")


def read(reading: Intake) -> Iterator[Claim]:
    """Claims in our own columns."""
    header = reading.sheet.header
    for name in header:
        if name and name not in COLUMNS:
            reading.left_out[f"columns that claims.csv does not have: {name}"] += 1
    head = reading.head()
    before = len(reading.faults)
    for name in {name for name in header if name and header.count(name) > 1}:
        head.fault("", f"column {shown(name)} twice", "it once", "remove one")
    for name in (c.name for c in OWN.columns if c.need is not Need.NONE and c.name not in header):
        head.fault("", f'no column "{name}"', f'a column "{name}"', "add it")
    if len(reading.faults) > before:
        return
    lines = {line.at: line for line in reading.lines()}
    rows = [Row(OWN, reading.sheet.file, at, line.cells(), reading.faults) for at, line in lines.items()]
    for claim, row in zip(own_claims(rows), rows, strict=True):
        if row.cells.get("id"):  # it is ours already, with the place as it was read then
            yield claim
            continue
        where, said, _ = reading.places.find(claim.place, "", claim.quantity)
        yield replace(claim, place=where, place_said=claim.place_said or said)


def own_claims(rows: Iterable[Row]) -> list[Claim]:
    """Claims in the ledger's own columns. A row without an id gets one from its content."""
    times: dict[str, datetime] = {}
    lines: dict[str, int] = {}
    claims = []
    for row in rows:
        claim = read_claim(replace(row, cells={**row.cells, "id": row.cells.get("id") or content_id(row.cells)}), times)
        if claim.id in lines:
            row.note("id", f"a name that line {lines[claim.id]} has not used", "rename or remove one of the two")
        lines[claim.id] = row.line
        claims.append(claim)
    return claims


def content_id(cells: Mapping[str, str]) -> str:
    """An id that the same row always gets."""
    text = "\x1f".join(f"{name}={cells[name]}" for name in sorted(cells) if cells[name])
    return "c" + blake2b(text.encode(), digest_size=6).hexdigest()


OWN_FORMAT = Format("own", "Columns of claims.csv", fits, read, "this project", KNOWN_BY)

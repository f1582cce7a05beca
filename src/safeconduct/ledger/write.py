"""Writing claims: the reviewed CSV, CSV with HXL tags, JSON. What is written reads back as the same claims."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from safeconduct.ledger.read import COLUMNS
from safeconduct.ledger.types import Claim

HXL_TAGS = {  # a #date column holds dates alone, and #indicator+num numbers alone: HXL's own schema asks for both
    "id": "#meta+id",
    "kind": "#meta+kind",
    "time": "#date+start",
    "until": "#date+end",
    "precision": "#meta+precision",
    "place": "#loc+code",
    "place_said": "#loc+name",
    "quantity": "#indicator+name",
    "low": "#indicator+num+min",
    "best": "#indicator+num",
    "high": "#indicator+num+max",
    "unit": "#meta+unit",
    "basis": "#meta+basis",
    "reporter": "#org+reporter+name",
    "source_title": "#meta+source+title",
    "address": "#meta+source+url",
    "published": "#date+published",
    "words": "#description",
    "note": "#description+note",
}
OLD_HXL_TAGS = {  # of the exports of 0.1, which are still read
    "#date+precision": "precision",
    "#indicator+value+low": "low",
    "#indicator+value+num": "best",
    "#indicator+value+high": "high",
    "#indicator+unit": "unit",
}


def cell(value: object) -> str:
    """A field as the text of a cell."""
    if value is None or value == ():
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


NO_TEXT = tuple(
    COLUMNS.index(name)
    for name in (
        "time", "until", "published", "low", "best", "high", "severity", "via", "responds_to", "supersedes",
        "disputes", "retells",
    )
)  # fmt: skip


def to_rows(claims: Iterable[Claim]) -> Iterable[list[str]]:
    """One list of cells for each claim, in the order of COLUMNS."""
    every = attrgetter(*COLUMNS)
    for claim in claims:
        cells = list(every(claim))
        for at in NO_TEXT:
            cells[at] = cell(cells[at])
        yield cells


def to_csv(claims: Iterable[Claim], *, header: bool = True, tags: bool = False) -> str:
    """The claims as CSV; with `tags`, a row of HXL hashtags under the header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(COLUMNS)
    if tags:
        writer.writerow([HXL_TAGS.get(name, f"#meta+{name}") for name in COLUMNS])
    writer.writerows(to_rows(claims))
    return out.getvalue()


def to_json(claims: Iterable[Claim]) -> str:
    """The claims as a JSON array of flat objects; empty cells are left out."""
    rows = [{n: c for n, c in zip(COLUMNS, row, strict=True) if c} for row in to_rows(claims)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"

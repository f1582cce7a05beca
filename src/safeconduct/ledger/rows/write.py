"""Writing claims: the reviewed CSV, CSV with HXL tags, JSON. What is written reads back as the same claims."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter

from safeconduct.ledger.rows.columns import COLUMNS, header_comment
from safeconduct.ledger.types import Claim
from safeconduct.terms import guarded, inert

LIVE_STARTS = "'=+-@\t\r"  # texts that may need to be held; others are not looked at twice
ALWAYS = ("id", "reporter", "source_title", "kind", "time", "precision")
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
    "context": "#description+context",
    "remark": "#description+remark",
}
OLD_HXL_TAGS = {  # of the exports of 0.1, which are still read
    "#date+precision": "precision",
    "#indicator+value+low": "low",
    "#indicator+value+num": "best",
    "#indicator+value+high": "high",
    "#indicator+unit": "unit",
}


NO_TEXT = {one.name for one in fields(Claim) if one.type != "str"}  # fields that are not written as they stand


def cell(value: object) -> str:
    """A field as the text of a cell."""
    if value is None or value == ():
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def to_rows(claims: Iterable[Claim], columns: Sequence[str] = COLUMNS) -> Iterable[list[str]]:
    """One list of cells for each claim, in the order of the columns."""
    every = attrgetter(*columns)
    other = [at for at, name in enumerate(columns) if name in NO_TEXT]
    for claim in claims:
        cells = list(every(claim))
        for at in other:
            cells[at] = cell(cells[at])
        yield cells


def columns_used(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The columns that a file of these claims needs: those that must be filled, and those that any claim fills."""
    left = [name for name in COLUMNS if name not in ALWAYS]
    used = set(ALWAYS)
    for claim in claims:
        found = {name for name in left if getattr(claim, name) not in ("", None, ())}
        used |= found
        left = [name for name in left if name not in found] if found else left
    return tuple(name for name in COLUMNS if name in used)


def to_csv(claims: Iterable[Claim], *, header: bool = True, tags: bool = False) -> str:
    """The claims as CSV with every column; with `tags`, a row of HXL hashtags under the header."""
    return as_table(claims, COLUMNS, header=header, tags=tags)


def to_file(claims: Iterable[Claim]) -> str:
    """The claims as a claims.csv: what columns hold in a comment on top, and no column that is empty all the way."""
    claims = tuple(claims)
    return header_comment() + as_table(claims, columns_used(claims))


def as_table(claims: Iterable[Claim], columns: Sequence[str], *, header: bool = True, tags: bool = False) -> str:
    """The claims as CSV with these columns.

    No cell is a formula: a text that a spreadsheet would run is held by an apostrophe, which our readers take off.
    """
    out = io.StringIO(newline="")
    writer, quoting = csv.writer(out, lineterminator="\n"), csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    if header:
        writer.writerow(columns)
    if tags:
        writer.writerow([HXL_TAGS.get(name, f"#meta+{name}") for name in columns])
    claims = tuple(claims)
    at_end = columns.index("until") if tags and "until" in columns else None
    for claim, row in zip(claims, to_rows(claims, columns), strict=True):
        if at_end is not None and claim.last_day:  # a #date+end is a day of the period
            row[at_end] = claim.last_day.isoformat()
        cells = [inert(text) if text and text[0] in LIVE_STARTS else text for text in row]
        has_return = any("\r" in text for text in cells)  # alone it is not quoted, and other readers end the line there
        (quoting if has_return else writer).writerow(cells)
    return out.getvalue()


def to_json(claims: Iterable[Claim]) -> str:
    """The claims as a JSON array of flat objects; empty cells are left out."""
    rows = [{n: guarded(c) for n, c in zip(COLUMNS, row, strict=True) if c} for row in to_rows(claims)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"

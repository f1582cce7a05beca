"""Reading other people's tables as claims: our own columns, CSV with HXL hashtags, UCDP GED events.

Every reader gives claims with places by the case's aliases, quantities by its vocabulary and times of publication by
the rules of `publication.py`; none writes anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.read import CLAIMS, COLUMNS, read_claim
from safeconduct.ledger.types import NO_ADDRESS, Claim, Terms
from safeconduct.ledger.write import HXL_TAGS
from safeconduct.terms import CaseError, Column, Fault, Need, Row, Table, parse_time, read_rows, read_text, shown
from safeconduct.terms import cells as read_cell

GED_COLUMNS = (
    "id",
    "date_start",
    "date_end",
    "date_prec",
    "side_a",
    "side_b",
    "best",
    "high",
    "low",
    "latitude",
    "longitude",
)
HASHTAG = re.compile(r"#[A-Za-z]\w*(\s*\+\s*[A-Za-z]\w*)*")
MOST_HEAD_ROWS = 25  # in which HXL looks for the row of hashtags
GED_PRECISION = {"4": "month", "5": "year"}  # 1 the day is known, 2 some days, 3 a week: dates say which
FIELD_OF_TAG = {tag: name for name, tag in HXL_TAGS.items()} | {f"#meta+{name}": name for name in COLUMNS}


def read_foreign(path: Path, terms: Terms, zone: tzinfo = UTC) -> tuple[Claim, ...]:
    """The claims of a table in any format known here, told by its header. Raises CaseError with every fault.

    `zone` is that of dates without an offset, as in HXL and GED tables.
    """
    faults: list[Fault] = []
    text = read_text(path, faults) or ""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if set(GED_COLUMNS) <= set(header):
        claims = list(ged_claims(path, header, faults))
    elif any(map(is_tag_row, rows[:MOST_HEAD_ROWS])):
        claims = list(hxl_claims(path, rows, zone, faults))
    elif not faults:
        claims = own_claims(read_rows(path, OWN, faults) or [])
    if faults:
        raise CaseError(faults)
    return tuple(with_publication(in_terms(claim, terms)) for claim in claims)


def in_terms(claim: Claim, terms: Terms) -> Claim:
    """The claim with its quantity and place by the names of the vocabulary and of the case."""
    quantity = terms.quantity(claim.quantity).name if claim.quantity else ""
    place = terms.place_key(claim.place, quantity)
    said = claim.place_said or (claim.place if place != claim.place else "")
    return replace(claim, quantity=quantity, place=place, place_said=said)


OWN = replace(CLAIMS, columns=tuple(replace(c, need=Need.NONE) if c.name == "id" else c for c in CLAIMS.columns))


def own_claims(rows: list[Row]) -> list[Claim]:
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


@cache
def hxl_quantities() -> dict[tuple[str, str], str]:
    """(hashtag, attribute) -> quantity."""
    text = (files("safeconduct.ledger") / "data" / "hxl_quantities.csv").read_text("utf-8")
    return {(row["hashtag"], row["attributes"]): row["quantity"] for row in csv.DictReader(io.StringIO(text))}


def is_tag_row(row: list[str]) -> bool:
    """Whether a row holds hashtags and nothing else, as the row under the header of an HXL table does."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and all(map(HASHTAG.fullmatch, cells))


def normal_tag(cell: str) -> str:
    """A hashtag with its attributes in order, as HXL compares them: "#date +End" -> "#date+end"."""
    tag, *attributes = re.split(r"\s*\+\s*", cell.strip().lower())
    return "+".join([tag, *sorted(attributes)])


def hxl_claims(path: Path, rows: list[list[str]], zone: tzinfo, faults: list[Fault]) -> Iterator[Claim]:
    """One claim for each figure of each row of an HXL table; or our own export, read back field by field."""
    at = next(n for n, row in enumerate(rows) if is_tag_row(row))
    tags = [normal_tag(cell) if cell.strip() else f"column {n}" for n, cell in enumerate(rows[at])]
    own = {normal_tag(tag): name for tag, name in FIELD_OF_TAG.items()}
    fields = [own.get(tag, "") for tag in tags]
    is_ours = {"id", "kind", "reporter"} <= set(fields)
    names = [name or tag for name, tag in zip(fields, tags, strict=True)] if is_ours else tags
    table = OWN if is_ours else Table(path.name, "", tuple(Column(name, "", need=Need.NONE) for name in names))
    found = [
        Row(table, path.name, n, dict(zip(names, map(str.strip, row), strict=False)), faults)
        for n, row in enumerate(rows[at + 1 :], at + 2)
        if any(row)
    ]
    if is_ours:
        yield from own_claims(found)
        return
    figures = [(tag, quantity) for tag in tags if (quantity := figure_of_tag(tag))]
    if not figures:
        known = ", ".join(sorted({f"{tag}+{word}".rstrip("+") for tag, word in hxl_quantities()}))
        faults.append(
            Fault(path.name, at + 1, "", "no hashtag of a figure", f"one of {known}", "tag the column of figures")
        )
    for row in found:
        yield from hxl_row(row, figures, zone)


def figure_of_tag(tag: str) -> str:
    """The quantity that a hashtag stands for; empty where it is no figure known here."""
    name, *attributes = tag.split("+")
    known = hxl_quantities()
    return next((known[name, word] for word in (*attributes, "") if (name, word) in known), "")


def hxl_row(row: Row, figures: list[tuple[str, str]], zone: tzinfo) -> Iterator[Claim]:
    """The claims of one row of an HXL table."""

    def first(*starts: str) -> str:
        return next((cell for start in starts for tag, cell in row.cells.items() if cell and tag.startswith(start)), "")

    place = first("#loc+name", "#loc", "#adm3", "#adm2", "#adm1", "#country")
    reporter = first("#org", "#source", "#meta+source") or "not named in the table"
    when, precision = foreign_date(row, first("#date"), zone)
    for tag, quantity in figures:
        cells = {**row.cells, tag: row.cells.get(tag, "").replace(",", "")}
        value = read_cell.number(replace(row, cells=cells), tag)
        if value is None:
            continue
        address = first("#meta+url", "#source+url")
        said = Claim(
            "", "figure", when, precision, place, quantity, None, value, None, "persons", "estimated", reporter,
            f"HXL table {row.file}", address or NO_ADDRESS, row=f"{row.file}:{row.line}",
        )  # fmt: skip
        what = (when and when.isoformat(), place, quantity, value, reporter, row.file)
        yield replace(said, id=content_id({"what": repr(what)}))


def foreign_date(row: Row, cell: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """A date as other people's tables give it: day, month, year or time; without an offset it is in `zone`."""
    if not cell:
        return None, "unknown"
    try:
        for pattern, precision, rest in (
            (r"\d{4}-\d\d-\d\d", "day", ""),
            (r"\d{4}-\d\d", "month", "-01"),
            (r"\d{4}", "year", "-01-01"),
        ):
            if re.fullmatch(pattern, cell):
                return datetime.fromisoformat(cell + rest).replace(tzinfo=zone), precision
        when = datetime.fromisoformat(cell)
        return (parse_time(cell) if when.tzinfo else when.replace(tzinfo=zone)), "exact"
    except ValueError:
        row.faults.append(
            Fault(row.file, row.line, "#date", shown(cell), "a date such as 2023-09-24", "write year-month-day")
        )
        return None, "unknown"


def ged_claims(path: Path, header: list[str], faults: list[Fault]) -> Iterator[Claim]:
    """The deaths of each UCDP GED event as a figure with low, best and high.

    Columns and codes as in the GED codebook: date_prec 1 the day is known, 2 some days, 3 a week, 4 a month, 5 a year.
    The reporter is UCDP, which codes what the sources named in source_original say.
    """
    table = Table("a UCDP GED table", "", tuple(Column(name, "", need=Need.NONE) for name in header))
    for row in read_rows(path, table, faults) or []:
        cells = row.cells
        start, end = (foreign_date(row, cells[name][:10], UTC)[0] for name in ("date_start", "date_end"))
        low, best, high = (read_cell.number(row, name) for name in ("low", "best", "high"))
        yield Claim(
            id=f"ged{cells['id']}",
            kind="figure",
            time=start,
            precision=GED_PRECISION.get(cells["date_prec"], "day") if start else "unknown",
            until=end + timedelta(days=1) if start and end else None,
            place=next((cells[n] for n in ("where_coordinates", "adm_2", "adm_1", "country") if cells.get(n)), ""),
            quantity="new_deaths_persons",
            low=low,
            best=best,
            high=high,
            unit="persons",
            basis="estimated",
            reporter="UCDP GED",
            via=tuple(part.strip() for part in cells.get("source_original", "").split(";") if part.strip()),
            source_title=cells.get("source_article") or f"UCDP GED event {cells['id']}",
            address=f"https://ucdp.uu.se/event/{cells['id']}",
            actor=f"{cells['side_a']}; {cells['side_b']}",
            topic="operation",
            note=f"where_prec {cells.get('where_prec') or 'not given'}, date_prec {cells['date_prec']}",
            row=f"{path.name}:{row.line}",
        )

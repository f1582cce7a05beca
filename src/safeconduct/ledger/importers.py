"""Reading other people's tables as claims: our own columns, CSV with HXL hashtags, UCDP GED events.

Every reader gives claims with places by the case's aliases, quantities by its vocabulary and times of publication by the
rules of `publication.py`; none writes anything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.read import COLUMNS, NEEDED, TimeReader, check_links, read_claim
from safeconduct.ledger.tables import Faults, Row, number_in, read_text, rows_of
from safeconduct.ledger.types import NO_ADDRESS, Claim, Terms
from safeconduct.ledger.write import HXL_TAGS
from safeconduct.terms import parse_time

UTC = UTC
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
GED_DATE_PRECISION = {
    "1": "day",
    "2": "day",
    "3": "day",
    "4": "month",
    "5": "year",
}  # codebook: day, days, week, month, year
FIELD_OF_TAG = {tag: name for name, tag in HXL_TAGS.items()} | {f"#meta+{name}": name for name in COLUMNS}


def read_foreign(path: Path, terms: Terms, zone: tzinfo = UTC) -> tuple[Claim, ...]:
    """The claims of a table in any format known here, told by its header. Raises CaseError with every fault.

    `zone` is that of dates without an offset, as in HXL and GED tables.
    """
    text = read_text(path)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip() for cell in rows[0]] if rows else []
    faults = Faults(str(path))
    if set(GED_COLUMNS) <= set(header):
        claims = list(ged_claims(text, header, terms, faults))
    elif any(row and any(cell.strip().startswith("#") for cell in row) for row in rows[:25]):
        claims = list(hxl_claims(rows, terms, zone, faults))
    else:
        claims = list(own_claims(text, faults))
    faults.stop_if_any()
    return tuple(with_publication(in_terms(claim, terms)) for claim in claims)


def in_terms(claim: Claim, terms: Terms) -> Claim:
    """The claim with its quantity and place by the names of the vocabulary and of the case."""
    quantity = terms.quantity(claim.quantity).name if claim.quantity else ""
    place = terms.place_key(claim.place, quantity)
    said = claim.place_said or (claim.place if place != claim.place else "")
    return replace(claim, quantity=quantity, place=place, place_said=said)


def own_claims(text: str, faults: Faults) -> Iterator[Claim]:
    """Claims in the ledger's own columns. A row without an id gets one from its content."""
    times, lines, claims = TimeReader(), {}, []
    for line, row in rows_of(text, faults, COLUMNS, tuple(name for name in NEEDED if name != "id")):
        named = {**row, "id": row.get("id") or content_id(row)}
        claim = read_claim(named, line, times, faults)
        if claim.id in lines:
            faults.add(
                line,
                "id",
                f'"{claim.id}" as in line {lines[claim.id]}',
                "an id used once",
                "give it another id",
            )
        lines[claim.id] = line
        claims.append(claim)
    known = frozenset(
        link
        for claim in claims
        for name in ("supersedes", "disputes", "retells", "responds_to")
        for link in getattr(claim, name)
    )
    check_links(claims, lines, known, faults)
    return iter(claims)


def content_id(row: Row) -> str:
    """An id that the same row always gets."""
    text = "\x1f".join(f"{name}={row[name]}" for name in sorted(row) if row[name])
    return "c" + blake2b(text.encode(), digest_size=6).hexdigest()


@cache
def hxl_quantities() -> dict[tuple[str, str], str]:
    """(hashtag, attribute) -> quantity."""
    text = (files("safeconduct.ledger") / "data" / "hxl_quantities.csv").read_text("utf-8")
    return {(row["hashtag"], row["attributes"]): row["quantity"] for row in csv.DictReader(io.StringIO(text))}


def normal_tag(cell: str) -> str:
    """A hashtag with its attributes in order, as HXL compares them: "#date +End" -> "#date+end"."""
    tag, *attributes = re.split(r"\s*\+\s*", cell.strip().lower())
    return "+".join([tag, *sorted(attributes)])


def hxl_claims(rows: list[list[str]], terms: Terms, zone: tzinfo, faults: Faults) -> Iterator[Claim]:
    """One claim for each figure of each row of an HXL table; or our own export, read back field by field."""
    at = next(n for n, row in enumerate(rows[:25]) if any(cell.strip().startswith("#") for cell in row))
    tags = [normal_tag(cell) if cell.strip() else "" for cell in rows[at]]
    own = {normal_tag(tag): name for tag, name in FIELD_OF_TAG.items()}
    fields = [own.get(tag, "") for tag in tags]
    if {"id", "kind", "reporter"} <= set(fields):
        plain = io.StringIO(newline="")
        writer = csv.writer(plain, lineterminator="\n")
        kept = [n for n, name in enumerate(fields) if name]
        writer.writerows(
            [[fields[n] for n in kept], *([row[n] for n in kept] for row in rows[at + 1 :] if any(row))]
        )
        yield from own_claims(plain.getvalue(), faults)
        return
    figures = [(n, found) for n, tag in enumerate(tags) if (found := figure_of_tag(tag))]
    if not figures:
        faults.add(
            at + 1,
            "",
            "no hashtag of a figure",
            "such as #affected+displaced",
            "see docs/ledger.md for those known",
        )
    for line, row in enumerate(rows[at + 1 :], start=at + 2):
        if any(row):
            yield from hxl_row(dict(zip(tags, row, strict=False)), row, figures, line, zone, faults)


def figure_of_tag(tag: str) -> str:
    """The quantity that a hashtag stands for; empty where it is no figure known here."""
    name, *attributes = tag.split("+")
    known = hxl_quantities()
    return next((known[name, a] for a in (*attributes, "") if (name, a) in known), "")


def hxl_row(
    cells: dict[str, str],
    row: list[str],
    figures: list[tuple[int, str]],
    line: int,
    zone: tzinfo,
    faults: Faults,
) -> Iterator[Claim]:
    """The claims of one row of an HXL table."""
    first = {
        name: next((v for tag, v in cells.items() if v and tag.startswith(name)), "")
        for name in ("#date", "#org", "#meta", "#source")
    }
    place = next(
        (
            v
            for start in ("#loc+name", "#loc", "#adm3", "#adm2", "#adm1", "#country")
            for t, v in cells.items()
            if v and t.startswith(start)
        ),
        "",
    )
    when, precision = foreign_date(first["#date"], zone, line, faults)
    for column, quantity in figures:
        value = number_in(row[column].replace(",", "") if column < len(row) else "", line, quantity, faults)
        if value is None:
            continue
        claim = Claim(
            id="",
            kind="figure",
            time=when,
            precision=precision,
            place=place,
            quantity=quantity,
            low=None,
            best=value,
            high=None,
            unit="persons",
            basis="estimated",
            reporter=first["#org"] or first["#source"] or "not named in the table",
            source_title=first["#meta"] or f"HXL table {Path(faults.file).name}",
            address=NO_ADDRESS,
            row=f"{Path(faults.file).name}:{line}",
        )
        yield replace(
            claim,
            id=content_id({"row": repr((when, place, quantity, value, claim.reporter, claim.source_title))}),
        )


def foreign_date(cell: str, zone: tzinfo, line: int, faults: Faults) -> tuple[datetime | None, str]:
    """A date as other people's tables give it: ISO date, month, year or time; a time without an offset is in `zone`."""
    text = cell.strip()
    if not text:
        return None, "unknown"
    for pattern, precision, tail in (
        (r"\d{4}-\d\d-\d\d", "day", ""),
        (r"\d{4}-\d\d", "month", "-01"),
        (r"\d{4}", "year", "-01-01"),
    ):
        if re.fullmatch(pattern, text):
            try:
                return datetime.fromisoformat(text + tail).replace(tzinfo=zone), precision
            except ValueError:
                break
    try:
        when = datetime.fromisoformat(text)
        return (parse_time(text) if when.tzinfo else when.replace(tzinfo=zone)), "exact"
    except ValueError:
        faults.add(line, "date", f'"{cell}"', "a date such as 2023-09-24", "write it as year-month-day")
        return None, "unknown"


def ged_claims(text: str, header: list[str], terms: Terms, faults: Faults) -> Iterator[Claim]:
    """The deaths of each UCDP GED event as a figure with low, best and high.

    Columns and codes as in the GED codebook: date_prec 1 the day is known, 2 and 3 some days to a week, 4 a month, 5 a year.
    The reporter is UCDP, which codes what the sources named in source_original say.
    """
    for line, row in rows_of(text, faults, tuple(header), GED_COLUMNS):
        start, end = (ged_date(row[name], line, name, faults) for name in ("date_start", "date_end"))
        numbers = {name: number_in(row[name], line, name, faults) for name in ("low", "best", "high")}
        yield Claim(
            id=f"ged{row['id']}",
            kind="figure",
            time=start,
            precision=GED_DATE_PRECISION.get(row["date_prec"], "day") if start else "unknown",
            until=end + timedelta(days=1) if start and end else None,
            place=row.get("where_coordinates")
            or row.get("adm_2")
            or row.get("adm_1")
            or row.get("country", ""),
            quantity="new_deaths_persons",
            low=numbers["low"],
            best=numbers["best"],
            high=numbers["high"],
            unit="persons",
            basis="estimated",
            reporter="UCDP GED",
            via=tuple(part.strip() for part in row.get("source_original", "").split(";") if part.strip()),
            source_title=row.get("source_article") or f"UCDP GED event {row['id']}",
            address=f"https://ucdp.uu.se/event/{row['id']}",
            actor=f"{row['side_a']}; {row['side_b']}",
            topic="operation",
            note=f"where_prec {row.get('where_prec', 'not given')}, date_prec {row['date_prec']}",
            row=f"{Path(faults.file).name}:{line}",
        )


def ged_date(cell: str, line: int, column: str, faults: Faults) -> datetime | None:
    """The date of a GED cell, such as 2023-09-19 00:00:00.000, at the start of its day in UTC."""
    try:
        return datetime.fromisoformat(cell[:10]).replace(tzinfo=UTC)
    except ValueError:
        faults.add(
            line, column, f'"{cell}"', "a date such as 2023-09-19", "keep the columns as UCDP publishes them"
        )
        return None

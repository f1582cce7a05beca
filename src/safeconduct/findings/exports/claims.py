"""Claims for others: as a table with its dictionary, and as statements of FollowTheMoney."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha1

from safeconduct.findings.exports.tables import ExportColumn, ExportTable
from safeconduct.ledger import CLAIMS, Claim, Terms, to_rows

NUMBERS = (
    "low", "best", "high", "killed_persons", "injured_persons", "displaced_persons", "closed_hours", "road_days",
)  # fmt: skip
TIMES = ("time", "until", "published")


def claims_table(claims: Iterable[Claim]) -> ExportTable:
    """The claims as they stand in claims.csv, with what each column means."""
    names = tuple(column.name for column in CLAIMS.columns)
    columns = tuple(
        ExportColumn(c.name, c.meaning, "" if c.name in TIMES else c.unit, _kind(c.name)) for c in CLAIMS.columns
    )
    at_numbers = [names.index(name) for name in NUMBERS if name in names]
    rows = []
    for cells in to_rows(claims):
        row: list[str | float | None] = list(cells)
        for at in at_numbers:
            row[at] = float(cells[at]) if cells[at] else None
        rows.append(tuple(row))
    return ExportTable("claims", "What was reported, by whom", columns, tuple(rows))


def _kind(name: str) -> str:
    return "number" if name in NUMBERS else "datetime" if name in TIMES else "string"


def statements(claims: Sequence[Claim], terms: Terms, dataset: str) -> str:
    """The claims as statements of FollowTheMoney, one JSON object a line: reporters, sources, each report as an Event.

    A source is a Document whose author is the reporter, and the proof of its Events; Documentation links the two. A
    statement gives one property of one entity; `origin` is the claim that says so, `first_seen` its publication.
    Nothing is stated that the claim does not say.
    """
    lines: list[str] = []
    met: set[str] = set()
    for claim in claims:
        seen = claim.published.isoformat(timespec="seconds")[:19] if claim.published else None
        reporter, source = _key("reporter", claim.reporter), _source_key(claim)
        if claim.reporter and reporter not in met:
            met.add(reporter)
            known = terms.reporter(claim.reporter)
            told = {"name": claim.reporter, "notes": f"speaks for {known.behalf}; side: {known.side}"}
            lines += _stated(reporter, "LegalEntity", told, dataset, seen, claim.id)
        if source and source not in met:
            met.add(source)
            title = claim.source_title or claim.address
            told = {"name": title, "title": title, "author": claim.reporter, "sourceUrl": _link(claim)}
            lines += _stated(source, "Document", told, dataset, seen, claim.id)
            if claim.reporter:
                told = {"document": source, "entity": reporter, "role": "reporter"}
                lines += _stated(_key("reports", source), "Documentation", told, dataset, seen, claim.id)
        lines += _stated(_key("claim", claim.id), "Event", _event(claim, terms), dataset, seen, claim.id)
    return "".join(line + "\n" for line in lines)


def _source_key(claim: Claim) -> str:
    """The key of what a claim was read in; empty where it names nothing."""
    named = claim.source_title or _link(claim)
    return _key("source", "\n".join((claim.reporter, claim.source_title, claim.address))) if named else ""


def _link(claim: Claim) -> str:
    return claim.address if claim.address.startswith(("http://", "https://")) else ""


def _stated(
    entity: str, schema: str, properties: Mapping[str, str], dataset: str, seen: str | None, origin: str
) -> Iterator[str]:
    """One line for each property. The id is FollowTheMoney's: a hash of data set, entity, property and value."""
    for name, value in properties.items():
        if value:
            mark = sha1(f"{dataset}.{entity}.{name}.{value}".encode(), usedforsecurity=False).hexdigest()
            said = {
                "id": mark, "entity_id": entity, "canonical_id": entity, "prop": name, "schema": schema, "value": value,
                "dataset": dataset, "lang": None, "original_value": None, "external": False, "first_seen": seen,
                "last_seen": seen, "origin": origin,
            }  # fmt: skip
            yield json.dumps(said, ensure_ascii=False)


def _event(claim: Claim, terms: Terms) -> dict[str, str]:
    """The properties of a claim. FollowTheMoney's dates have an hour only where a source gave one."""
    best = _figure(claim)
    word = terms.quantity(claim.quantity).label if claim.quantity else claim.action.replace("_", " ")
    said = claim.words or " ".join(
        part for part in (word + ":" if best else word, claim.hedge, best, claim.unit) if part
    )
    return {
        "name": f"{claim.reporter} reports: {said}"[:500],
        "summary": said,
        "description": "; ".join(part for part in (claim.scope, claim.status, claim.context) if part),
        "startDate": _date(claim, claim.time.isoformat() if claim.time else ""),
        "endDate": (claim.last_day or claim.until.date()).isoformat() if claim.until else "",
        "location": terms.place_name(claim.place) if claim.place else claim.place_said,
        "publisher": claim.reporter,
        "proof": _source_key(claim),
        "sourceUrl": _link(claim),
        "keywords": claim.topic,
        "recordId": claim.id,
    }


def _figure(claim: Claim) -> str:
    """The figure with its bounds: "1200 (1000 to 1500)", "1000 to 1500", "at least 1000"."""
    low, best, high = (f"{v:.15g}" if v is not None else "" for v in (claim.low, claim.best, claim.high))
    bounds = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
    return f"{best} ({bounds})" if best and bounds else best or bounds


def _date(claim: Claim, iso: str) -> str:
    if claim.precision == "approximate" and iso[11:16] == "00:00":  # no hour was given
        return iso[:10]
    return {"year": iso[:4], "month": iso[:7], "day": iso[:10]}.get(claim.precision, iso[:19])


def _key(kind: str, name: str) -> str:
    return f"sc-{kind}-{sha1(name.encode(), usedforsecurity=False).hexdigest()[:16]}"

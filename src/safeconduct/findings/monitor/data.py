"""The monitor for machines: one JSON document, or one CSV row for each thing it shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from safeconduct.findings.simulation.tables import as_csv
from safeconduct.ledger import Claim, hedged_words, show_figure, show_saying, show_when
from safeconduct.monitor import View, days_between, force, influence, say_state, views

Item = dict[str, str]
COLUMNS = (
    "view",
    "item",
    "day",
    "party",
    "says",
    "reporter",
    "side",
    "known_since",
    "claims",
    "reading",
)  # reading: this record's


def items(view: View) -> Iterator[Item]:
    """One flat row for each thing shown, in the order of the views."""
    for one in views.standings(view):
        yield from obligation_items(view, one)
    yield from road_items(view)
    for claim in (*views.passages(view), *force.means(view), *force.posture(view)):
        yield claim_item(view, claim, "force" if claim.topic != views.PASSAGE_TOPIC else "passages", claim.quantity)
    for answer in force.answers(view):
        row = claim_item(view, answer.act, "answers", answer.act.id)
        yield {**row, "says": answer.found, "claims": " ".join(c.id for c in (answer.act, *answer.answers))}
    for sign, claims in views.signs(view).items():
        yield from (claim_item(view, claim, "signs", sign) for claim in claims)
    for foretold in views.predictions(view):
        row = claim_item(view, foretold.claim, "predictions", foretold.claim.id)
        yield {**row, "claims": " ".join((foretold.claim.id, *(claim.id for claim, _ in foretold.shows)))}
    for series in influence(view):
        yield from (claim_item(view, claim, "influence", series.name) for claim in series.claims)
    for counted in views.people(view):
        yield from (claim_item(view, claim, "people", f"{counted.label}, {counted.place}") for claim in counted.latest)
    for doer in views.doers(view):
        yield from (claim_item(view, claim, "actors", doer.key) for claim in doer.claims)


def obligation_items(view: View, one: views.Standing) -> Iterator[Item]:
    """An obligation, each report on it, and each claim that bears on it."""
    o = one.obligation
    row = dict.fromkeys(COLUMNS, "") | {"view": "obligations", "item": o.id}
    yield {**row, "day": str(one.due or ""), "party": "; ".join(o.binds), "says": o.what, "reading": one.says}
    for report in one.reports:
        told = {**claim_item(view, report.claim, "reports", o.id), "says": hedged_words(report.claim)}
        yield {**told, "claims": " ".join((report.claim.id, *(claim.id for claim in report.disputes)))}
    yield from (claim_item(view, bore.claim, "bearings", o.id) for bore in one.bore)


def road_items(view: View) -> Iterator[Item]:
    """Who could pass: a row for each day and side, and one for each day without a report."""
    row = dict.fromkeys(COLUMNS, "") | {"view": "road"}
    for stretch in views.calendar(view):
        for day in days_between(stretch.first, stretch.last):
            for side, said in stretch.sides.items():
                told = f"out: {say_state(said.out)}; in: {say_state(said.into)}"
                yield {**row, "day": str(day), "says": told, "side": side, "claims": " ".join(said.claims)}
            if not stretch.sides:
                yield {**row, "day": str(day), "says": "not known"}


def claim_item(view: View, claim: Claim, name: str, item: str) -> Item:
    """A claim as a row."""
    said = show_saying(claim, view.ledger)
    return {
        "view": name,
        "item": item,
        "day": str(view.day(claim) or ""),
        "party": "; ".join(view.parties(claim)) if claim.kind == "act" else "",
        "says": said if claim.kind != "figure" else f"{said} ({show_when(claim)})",
        "reporter": claim.reporter,
        "side": view.ledger.side(claim),
        "known_since": claim.published.isoformat(timespec="minutes") if claim.published else "",
        "claims": claim.id,
        "reading": claim.status,
    }


def to_csv(rows: Iterable[Item]) -> str:
    """The rows as CSV."""
    return as_csv(COLUMNS, ([row[column] for column in COLUMNS] for row in rows))


def to_json(view: View) -> str:
    """Everything shown as one document: rows by view, and the claims that they name."""
    rows: dict[str, list[Item]] = {}
    for row in items(view):
        rows.setdefault(row["view"], []).append({k: v for k, v in row.items() if v and k != "view"})
    told = {claim.id: plain(view, claim) for claim in view.known.values()}
    document = {
        "case": view.case.key,
        "title": view.case.settings.title,
        "as_of": view.when.isoformat(timespec="seconds"),
        "ledger_revision": view.ledger.revision,
        "views": rows,
        "claims": told,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def plain(view: View, claim: Claim) -> Item:
    """A claim as a document holds it."""
    return {
        "says": show_saying(claim, view.ledger),
        "figure": show_figure(claim),
        "reporter": claim.reporter,
        "title": claim.source_title,
        "address": claim.address,
    }

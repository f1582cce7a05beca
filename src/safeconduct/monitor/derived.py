"""What the claims themselves give: who could pass the road, what bears on which obligation, what came of predictions.

One report is one row of claims.csv. Nothing about it stands in a second table: these records are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from safeconduct.ledger import Claim, Ledger

NOBODY = "nobody"
ONE_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim that bears on an obligation, and the date to which it moved that obligation."""

    obligation: str
    claim: str
    new_due: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A report of who could pass from a day on; None = this direction is not spoken of."""

    claim: str
    start: date
    out: tuple[str, ...] | None
    into: tuple[str, ...] | None
    holds_days: int | None
    note: str
    is_count: bool = False  # of people or goods that passed: a least, and no word on who else could


@dataclass(frozen=True, slots=True)
class Forecast:
    """A prediction, its date, and a claim that tells what came of it; an empty claim where none does."""

    prediction: str
    due: date | None
    claim: str


def bearings(ledger: Ledger) -> tuple[Bearing, ...]:
    """Every claim that bears on an obligation; not reports on how it stands, nor what only disputes such a report."""
    return tuple(one for claim in ledger.claims for one in bearings_of(claim, ledger))


def bearings_of(claim: Claim, ledger: Ledger) -> Iterator[Bearing]:
    """One record for each obligation on which a claim bears."""
    if claim.kind == "status":
        return
    answered = {key for name in claim.disputes for key in status_keys(ledger.by_id(name))}
    for key in claim.obligation:
        if key not in answered:
            moved = claim.due if claim.kind != "prediction" else None
            yield Bearing(key, claim.id, moved, note_on(claim, key))


def status_keys(claim: Claim) -> tuple[str, ...]:
    """The obligations on which a status reports."""
    return claim.obligation if claim.kind == "status" else ()


def note_on(claim: Claim, key: str) -> str:
    """How a claim bears on one obligation: the part of its note that names it, or the whole where no part names one."""
    parts = [part.strip() for part in claim.obligation_note.split("|")]
    named = {head: words for head, found, words in (part.partition(": ") for part in parts) if head in claim.obligation}
    return named.get(key, "") if named else claim.obligation_note


def passages(claims: Iterable[Claim], zone: tzinfo) -> tuple[Passage, ...]:
    """Every report of who could pass, in order of its day."""
    found = [
        Passage(claim.id, day, claim.road_out, claim.road_in, claim.road_days, claim.remark, counts_passages(claim))
        for claim in claims
        if (claim.road_out or claim.road_in) and (day := day_of_passage(claim, zone)) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def counts_passages(claim: Claim) -> bool:
    """Whether a report of the road is a figure of who passed; a figure of a closure is a word that no one could."""
    return claim.kind == "figure" and NOBODY not in {*(claim.road_out or ()), *(claim.road_in or ())}


def day_of_passage(claim: Claim, zone: tzinfo) -> date | None:
    """The day from which a report speaks of the road: of a count over a period its last day, else its first."""
    if claim.time is None:
        return None
    if claim.kind == "figure" and claim.until is not None:
        return (claim.until - ONE_MOMENT).astimezone(zone).date()
    return claim.time.astimezone(zone).date()


def forecasts(claims: Iterable[Claim]) -> tuple[Forecast, ...]:
    """Each prediction with each claim that tells what came of it; one without any stands once, alone."""
    claims = tuple(claims)
    tellers: dict[str, list[str]] = {}
    for claim in claims:
        for name in claim.outcome_of:
            tellers.setdefault(name, []).append(claim.id)
    return tuple(
        Forecast(claim.id, claim.due, teller)
        for claim in claims
        if claim.kind == "prediction"
        for teller in tellers.get(claim.id, [""])
    )

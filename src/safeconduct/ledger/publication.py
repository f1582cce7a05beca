"""When a claim was published, and what could be known at a date.

Where a source gives no time of publication these rules do, in this order; the rule is kept with the claim:
  recorded            the source or the table of articles gives it
  no source           nobody published it: background knowledge, arithmetic of the compiler
  hour plus one       a bulletin: the hour it speaks of, and one hour more
  date in the title   a bulletin whose title names a later day; any other row whose title names a later date
  date plus a day     any other row: the end of its day, month or year; for an act that lasts, of its first day
  outcome date        how an obligation turned out: the end of the outcome's date
  unknown             none serves: the claim stays out of as-of views, and is listed
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from safeconduct.ledger.types import Claim, Ledger, period_end, period_start

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")"
YEAR = r"(?P<year>(?:19|20)\d\d)"
DATE_IN_TITLE = re.compile(rf"\b(?:(?P<day>\d{{1,2}})\s+)?{MONTH}\b\.?(?:\s+{YEAR}\b)?", re.IGNORECASE)
NOT_A_MONTH = re.compile(r"^may$")  # "may" in small letters is a verb
ONE_HOUR = timedelta(hours=1)
LONGEST_AHEAD = timedelta(days=60)  # a source may announce an event by so much (assumed)


def dates_in_title(title: str, near: datetime) -> list[tuple[datetime, datetime]]:
    """Start and end of each date in a title; one without a year is the first that is at most 60 days before `near`."""
    found = []
    for match in DATE_IN_TITLE.finditer(title):
        if NOT_A_MONTH.match(match["month"]) or not (match["day"] or match["year"]):
            continue
        years = [int(match["year"])] if match["year"] else range(near.year - 1, near.year + 2)
        periods = [period_of(year, MONTHS[match["month"].lower()], match["day"], near.tzinfo) for year in years]
        likely = [p for p in periods if p and (match["year"] or p[0] >= near - LONGEST_AHEAD)]
        found += likely[:1]
    return found


def period_of(year: int, month: int, day: str | None, zone: tzinfo | None) -> tuple[datetime, datetime] | None:
    """Start and end of a day or month; None where there is no such day."""
    try:
        start = datetime(year, month, int(day or 1), tzinfo=zone)
    except ValueError:
        return None
    return start, period_end(start, "day" if day else "month")


def find_publication(claim: Claim) -> tuple[datetime | None, str]:
    """When a claim was published, and by which rule that was found."""
    if claim.published is not None:
        return claim.published, claim.published_rule or "recorded"
    if not claim.is_verified:
        return None, "no source"
    window = claim.window
    if claim.time is None or window is None:
        return None, "unknown"
    titled = dates_in_title(claim.source_title, claim.time)
    if claim.precision in ("exact", "approximate"):
        told = (claim.until or claim.time) + ONE_HOUR
        later = [end for start, end in titled if start > told]
        return (max(later), "date in the title") if later else (told, "hour plus one")
    told = first_period_end(claim.time, claim.precision) if claim.kind == "act" else window[1]
    latest = max((end for _start, end in titled), default=told)
    if latest > told:
        return latest, "date in the title"
    return told, "outcome date" if claim.kind == "status" else "date plus a day"


def first_period_end(when: datetime, precision: str) -> datetime:
    """The end of the day, month or year in which something began."""
    return period_end(period_start(when, precision), precision)


def with_publication(claim: Claim) -> Claim:
    """The claim with its time of publication and the rule that gave it."""
    if claim.published_rule:
        return claim
    published, rule = find_publication(claim)
    return replace(claim, published=published, published_rule=rule)


def as_of(ledger: Ledger, when: datetime) -> Ledger:
    """The ledger as it could be known then: claims published by that moment, without what came later."""
    kept = [claim for claim in ledger.claims if claim.published is not None and claim.published <= when]
    ids = {claim.id for claim in kept}
    return Ledger(tuple(cut_end(cut_links(claim, ids), when) for claim in kept), ledger.revision, ledger.terms)


def cut_end(claim: Claim, when: datetime) -> Claim:
    """The claim without what came later: the end of what still lasts, and what came of a prediction."""
    if claim.until is not None and claim.until > when:
        claim = replace(claim, until=None)
    return replace(claim, status="") if claim.kind == "prediction" and claim.status else claim


def cut_links(claim: Claim, ids: set[str]) -> Claim:
    """The claim with links to these ids only."""

    def kept(links: tuple[str, ...]) -> tuple[str, ...]:
        return links if ids.issuperset(links) else tuple(link for link in links if link in ids)

    links = (claim.responds_to, claim.supersedes, claim.disputes, claim.retells)
    if ids.issuperset(link for group in links for link in group):
        return claim
    responds_to, supersedes, disputes, retells = map(kept, links)
    return replace(claim, responds_to=responds_to, supersedes=supersedes, disputes=disputes, retells=retells)


def undated(ledger: Ledger) -> tuple[Claim, ...]:
    """The claims that no as-of view holds, for want of a time of publication."""
    return tuple(claim for claim in ledger.claims if claim.published is None)

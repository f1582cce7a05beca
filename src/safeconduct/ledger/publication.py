"""When a claim was published, and what could be known at a date.

Where a source gives no time of publication these rules do, in this order; the rule is kept with the claim:
  recorded            the source or the table of articles gives it
  day only            the source gives the day and no hour: known from the end of that day
  no source           not published: background knowledge, arithmetic of the compiler
  hour plus one       a bulletin: the hour it speaks of, and one hour more
  date in the title   a bulletin whose title names a later day; any other row whose title names a later date; an act
                      that lasts whose title names one of its days. A date that is the row's own `due` is no publication
  page not dated      an encyclopaedia, which changes without a date, or a page that the row says gives none: known
                      from the end of the day on which it was read, in no as-of view where that was not kept
  with the latest row of its page  a page without a date, of which another row tells a later moment: not before that;
                      stated in the row
  with the disputed report  a dispute that the record lists beside a report, without a source of its own
  date plus a day     any other row: the end of its day, month, year or period
  outcome date        how an obligation turned out: the end of the outcome's date
  unknown             none serves: the claim stays out of as-of views, and is listed
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from safeconduct.ledger.rows.columns import LINKS
from safeconduct.ledger.types import Claim, Ledger, period_end

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
UNDATED_PAGE = re.compile(r"wikipedia|encyclop", re.IGNORECASE)  # of a title or an address
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
    if UNDATED_PAGE.search(f"{claim.source_title} {claim.address}"):
        return read_on(claim), "page not dated"
    window = claim.window
    if claim.time is None or window is None:
        return None, "unknown"
    titled = [one for one in dates_in_title(claim.source_title, claim.time) if not is_due(one, claim)]
    if claim.precision in ("exact", "approximate"):
        told = (claim.until or claim.time) + ONE_HOUR
        later = [end for start, end in titled if start > told]
        return (max(later), "date in the title") if later else (told, "hour plus one")
    told = window[1]
    latest = max((end for start, end in titled if start >= claim.time or end > told), default=told)
    if latest > told or (claim.kind == "act" and latest < told):
        return latest, "date in the title"
    return told, "outcome date" if claim.kind == "status" else "date plus a day"


def read_on(claim: Claim) -> datetime | None:
    """The end of the day on which a page was read; None where that is not known."""
    try:
        day = datetime.fromisoformat(claim.retrieved)
    except ValueError:
        return None
    return period_end(day.replace(tzinfo=day.tzinfo or (claim.time.tzinfo if claim.time else UTC)), "day")


def is_due(titled: tuple[datetime, datetime], claim: Claim) -> bool:
    """Whether a date in a title is the day to which the report moves a duty, or by which it predicts."""
    return claim.due is not None and titled[0].date() == claim.due


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
    """The claim without the end of what still lasted then."""
    if claim.until is not None and claim.until > when:
        claim = replace(claim, until=None)
    return claim


def cut_links(claim: Claim, ids: set[str]) -> Claim:
    """The claim with links to these ids only."""

    def kept(links: tuple[str, ...]) -> tuple[str, ...]:
        return links if ids.issuperset(links) else tuple(link for link in links if link in ids)

    if ids.issuperset(link for name in LINKS for link in getattr(claim, name)):
        return claim
    responds_to, outcome_of, supersedes, disputes, retells = (kept(getattr(claim, name)) for name in LINKS)
    return replace(
        claim,
        responds_to=responds_to,
        outcome_of=outcome_of,
        supersedes=supersedes,
        disputes=disputes,
        retells=retells,
    )


def undated(ledger: Ledger) -> tuple[Claim, ...]:
    """The claims that no as-of view holds, for want of a time of publication."""
    return tuple(claim for claim in ledger.claims if claim.published is None)

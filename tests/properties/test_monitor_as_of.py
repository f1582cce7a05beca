"""As of a date the monitor knows nothing that was published later, whatever the date; and forgets nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.findings.monitor import as_text, view_case
from safeconduct.findings.monitor.page import monitor_html
from safeconduct.monitor.views import View, balance, calendar, predictions, standings
from safeconduct.scenario import shipped_cases

RECORD = view_case(shipped_cases() / "karabakh", None).case
MONTHS = {f"{date(2000, n, 1):%b}".lower(): n for n in range(1, 13)}
FULL_DATE = re.compile(r"\b(?:(\d{1,2}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (20\d\d)\b")
YEAR = re.compile(r"\b20\d\d\b")
AHEAD = {  # what was announced, agreed or foreseen for a later date, and said so at the time
    "AG04a", "AG06d.d1", "E047", "E047.p", "E050.d1", "E058", "E124", "E124.p", "EV003", "EV051",
}  # fmt: skip
DAYS = st.dates(date(2020, 10, 1), date(2024, 6, 1))


def seen_on(day: date) -> View:
    """The record by the end of a day."""
    return View(RECORD, RECORD.end_of(day))


@given(DAYS)
@settings(max_examples=25)
def test_no_page_and_no_row_names_a_claim_published_later(day: date) -> None:
    """Every id of a later claim is absent from the page and from what machines get."""
    view = seen_on(day)
    later = {c.id for c in RECORD.ledger.claims if c.published is None or c.published > view.when}
    told = set(re.findall(r'href="#c-([^"]+)"', monitor_html(view)))
    told |= {name for row in as_text(view, "csv").splitlines() for name in re.findall(r"[A-Z]{1,3}\d\S*", row[-200:])}
    assert not told & later


@given(DAYS)
@settings(max_examples=25)
def test_nothing_shown_comes_from_a_later_day(day: date) -> None:
    """No report, dispute, bearing, answer to a prediction or day of the calendar is later; no period ends later."""
    view = seen_on(day)
    for claim in view.known.values():
        assert claim.published and claim.published <= view.when
        assert claim.until is None or claim.until <= view.when
    for one in standings(view):
        assert all(report.claim.id in view.known for report in one.reports)
        assert all(bore.claim.id in view.known for bore in one.bore)
    for one in predictions(view):
        assert all(claim.published <= view.when for claim, _ in one.shows) and not one.claim.status
    assert all(stretch.last <= day for stretch in calendar(view))


@given(DAYS, st.integers(0, 400))
@settings(max_examples=25)
def test_what_was_known_stays_known(day: date, later: int) -> None:
    """Claims, reports, bearings and counts of acts only grow; the days of the calendar too."""
    one, other = seen_on(day), seen_on(day + timedelta(days=later))
    assert one.known.keys() <= other.known.keys()
    assert balance(one).n_acts <= balance(other).n_acts
    assert sum(s.n_days for s in calendar(one)) <= sum(s.n_days for s in calendar(other))
    after = {b.obligation.id: b for b in standings(other)}
    for a in standings(one):
        b = after[a.obligation.id]
        assert {report.claim.id for report in a.reports} <= {report.claim.id for report in b.reports}


def dates_named(text: str) -> list[date]:
    """The first day of each date that a text names: days and months with their year, and years alone."""
    full = [date(int(y), MONTHS[m[:3].lower()], int(d or 1)) for d, m, y in FULL_DATE.findall(text)]
    return full + [date(int(year), 1, 1) for year in YEAR.findall(text)]


def test_no_claim_speaks_of_a_date_after_its_publication() -> None:
    """In its words, status and scope: what came later is a claim of its own. Announcements, and only they, do."""
    ahead = {
        claim.id
        for claim in RECORD.ledger.claims
        if claim.published
        and claim.topic not in RECORD.settings.leaves_out
        and any(day > claim.published.date() for day in dates_named(f"{claim.words} {claim.status} {claim.scope}"))
    }
    assert ahead == AHEAD

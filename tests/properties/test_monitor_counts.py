"""Every count on the page is the count of claims published by then: random dates and filters, and each heading."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.findings.monitor import view_case
from safeconduct.findings.monitor.page import monitor_html
from safeconduct.monitor import RECENT_DAYS
from safeconduct.monitor.views import SAYINGS, View, balance, in_the_text, is_of, standings
from safeconduct.monitor.watch import STALE_DAYS, age_of, supplies
from safeconduct.scenario import shipped_cases

CASE = view_case(shipped_cases() / "karabakh", None).case
WHOLE = View(CASE, CASE.end_of(date(2023, 10, 5)))
ROW = re.compile(r'<tr id="c-([^"]+)" data-k="(-?\d+)" data-g="(\w+)" data-s="([^"]*)" data-p="([^"]*)">')
DAYS = st.dates(date(2020, 11, 10), date(2023, 10, 5))
KINDS = st.sampled_from(["", "act", "figure", "statement", "status", "prediction"])
SIDES = st.sampled_from(["", *sorted({WHOLE.ledger.side(claim) for claim in WHOLE.known.values()})])
PARTIES = st.sampled_from(["", *CASE.actors])


@cache
def rows() -> list[tuple[str, ...]]:
    """The rows of the last page."""
    return [tuple(map(unescape, row)) for row in ROW.findall(monitor_html(WHOLE))]


@settings(max_examples=200)
@given(DAYS, KINDS, SIDES, PARTIES)
def test_what_the_filters_leave_is_what_was_published_by_then(day: date, kind: str, side: str, party: str) -> None:
    """The rows of the page, sifted as its script does, against the ledger itself."""
    last = (day - CASE.first).days
    left = {
        name
        for name, k, g, s, p in rows()
        if int(k) <= last and kind in ("", g) and side in ("", s) and (not party or party in p.split("|"))
    }
    view = View(CASE, CASE.end_of(day))
    known = {
        claim.id
        for claim in view.known.values()
        if kind in ("", claim.kind)
        and side in ("", view.ledger.side(claim))
        and (not party or is_of(view, claim, party, CASE.actors[party]))
    }
    assert left == known


@settings(max_examples=8)
@given(DAYS)
def test_every_number_in_a_heading_is_that_of_what_stands_below(day: date) -> None:
    hold_counts(day)


@pytest.mark.slow
@settings(max_examples=200)
@given(DAYS)
def test_every_number_of_two_hundred_dates_is_that_of_the_claims_published_by_then(day: date) -> None:
    hold_counts(day)


def hold_counts(day: date) -> None:
    """Claims, obligations, folded lists, acts, signs, predictions, actors, people, passages: the page of a date."""
    view = View(CASE, CASE.end_of(day))
    known, page = view.known.values(), unescape(monitor_html(view))
    assert f"{len(view.known)} claims published by then" in page
    assert f"<summary>{len(view.known)} claims</summary>" in page and page.count('<tr id="c-') == len(view.known)
    for words, body in re.findall(r"<summary>([^<]*)</summary>\s*<ul class=\"acts\">(.*?)</ul>", page, re.DOTALL):
        found = re.findall(r"\d+", re.sub(r"in 30 days|since the agreement.*", "", words))
        if found:
            n = found[0] if "bear" in words or "act" in words else found[-1]
            assert int(n) == body.count("<li data-k="), words
    found = in_the_text(standings(view))
    assert page.count('<details class="obligation">') == len(found)
    told = sum(map(int, re.findall(r"<dt>obligations [^<]*</dt><dd><b>(\d+)</b>", page)))
    assert told == len(found)  # each in one state
    short = re.search(r"(\d+) obligations; as this record reads the latest report on each: ([^.]*)\.", page)
    if found:
        assert short and int(short[1]) == len(found) == sum(map(int, re.findall(r"\d+", short[2])))
    acts = [claim for claim in known if claim.kind == "act" and not claim.retells]
    assert f"{len(acts)} reports of acts, retellings counted once" in page and balance(view).n_acts == len(acts)
    lately = [
        claim
        for claim in acts
        if (when := view.day(claim)) and CASE.signed <= when <= day and (day - when).days < RECENT_DAYS
    ]
    assert (f"<summary>{len(lately)} report" in page) == bool(lately)
    made = [int(n) for n in re.findall(r'</small></th><td class="n">(\d+)</td><td class="n">\d*</td>', page)]
    assert sum(made) == sum(claim.kind == "prediction" for claim in known)
    actors = re.findall(r'<details id="a-(\w+)"><summary>[^<]*<small>\([^)]*\): (\d+)</small>', page)
    said = [claim for claim in known if claim.kind in SAYINGS]
    for key, n in actors:
        assert int(n) == sum(is_of(view, claim, key, CASE.actors[key]) for claim in said)
    passed = [claim for claim in known if claim.kind == "figure" and claim.topic == "corridor" and not claim.retells]
    assert (f"by category: {len(passed)} figure" in page) == bool(passed)


@settings(max_examples=25)
@given(DAYS)
def test_ages_are_days_from_the_last_report(day: date) -> None:
    """Never negative; marked past the stated age; the newest figure of each kind."""
    view = View(CASE, CASE.end_of(day))
    for one in supplies(view):
        assert one.age_days == age_of(view, one.latest) >= 0
        assert one.is_old == (one.age_days > STALE_DAYS)
        same = [c for c in view.known.values() if c.kind == "figure" and c.quantity == one.latest.quantity]
        assert len([c for c in same if c.topic == "supplies" and not c.retells and c.time]) == one.n_claims

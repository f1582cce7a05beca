"""How a figure is read, when a claim was known, what retells what, what disagrees: on hand-made claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hand_claims import NOON, TERMS, ledger, said
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.ledger import Claim, as_of, find_conflicts, undated
from safeconduct.ledger.figures import as_rounded, read_figure, rounding, significant_digits
from safeconduct.ledger.publication import find_publication
from safeconduct.ledger.retelling import mark_retellings


@pytest.mark.parametrize(("value", "step"), [(42500, 100), (377, 1), (2.5, 0.1), (0, 1), (100000, 10000), (20, 2)])
def test_a_figure_is_as_fine_as_it_looks(value: float, step: float) -> None:
    """The place value of its last digit that is not zero, at most a tenth of it."""
    assert rounding(value) == pytest.approx(step)


@pytest.mark.parametrize(("value", "digits"), [(26600, 3), (2000, 1), (98625, 5), (2.5, 2), (0, 0)])
def test_digits_that_are_stated(value: float, digits: int) -> None:
    """Zeros at the end say nothing."""
    assert significant_digits(value) == digits


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ({}, 2000, 2000),
        ({"hedge": "about"}, 1800, 2200),
        ({"hedge": "over"}, 2000, 2200),
        ({"hedge": "nearly"}, 1800, 2000),
        ({"low": 2000.0}, 2000, 2200),
        ({"high": 2000.0}, 1800, 2000),
        ({"low": 1500.0, "high": 2600.0}, 1500, 2600),
    ],
)
def test_a_figure_is_no_firmer_than_it_is_said(change: dict[str, object], low: float, high: float) -> None:
    """Hedges and single bounds reach to the next figure stated as finely."""
    reading = read_figure(said("C1", 2000, **change))
    assert reading is not None
    assert (reading.low, reading.best, reading.high) == (low, 2000, high)


def test_a_bare_figure_may_be_rounded() -> None:
    """Half a step on either side when reports are compared; a figure to the unit stays."""
    reading = [read_figure(said("C1", value)) for value in (42500, 377)]
    assert [(as_rounded(r).low, as_rounded(r).high) for r in reading if r] == [(42450, 42550), (377, 377)]


def day(text: str) -> datetime:
    """Midnight of a day, UTC."""
    return datetime.fromisoformat(text + "T00:00+00:00")


@pytest.mark.parametrize(
    ("change", "when", "rule"),
    [
        ({}, NOON + timedelta(hours=1), "hour plus one"),
        ({"source_title": "report of 1 Jan 2030"}, NOON + timedelta(hours=1), "hour plus one"),
        ({"source_title": "report of 2 Jan"}, day("2030-01-03"), "date in the title"),
        ({"precision": "day"}, day("2030-01-02"), "date plus a day"),
        ({"precision": "day", "source_title": "Paper 5 Mar 2031"}, day("2031-03-06"), "date in the title"),
        ({"precision": "day", "source_title": "Paper, Apr 2030"}, day("2030-05-01"), "date in the title"),
        ({"precision": "day", "source_title": "Plan Jan 2030 - Jun 2030"}, day("2030-07-01"), "date in the title"),
        ({"precision": "day", "source_title": "Paper 5 Mar 2029"}, day("2030-01-02"), "date plus a day"),
        ({"precision": "month"}, day("2030-02-01"), "date plus a day"),
        ({"kind": "status", "precision": "day"}, day("2030-01-02"), "outcome date"),
        ({"kind": "act", "precision": "day", "until": day("2030-06-01")}, day("2030-06-01"), "date plus a day"),
        (
            {"kind": "act", "precision": "day", "until": day("2030-06-01"), "source_title": "Paper 9 Jan 2030"},
            day("2030-01-10"),
            "date in the title",
        ),
        (
            {"precision": "day", "source_title": "moved to 5 Mar 2030", "due": date(2030, 3, 5)},
            day("2030-01-02"),
            "date plus a day",
        ),
        ({"precision": "year"}, day("2031-01-01"), "date plus a day"),
        ({"precision": "day", "until": day("2030-06-01")}, day("2030-06-01"), "date plus a day"),
        ({"published": day("2030-09-09")}, day("2030-09-09"), "recorded"),
        ({"basis": "derived"}, None, "no source"),
        ({"address": "unverified"}, None, "no source"),
        ({"time": None, "precision": "unknown"}, None, "unknown"),
    ],
)
def test_when_a_claim_could_be_known(change: dict[str, object], when: datetime | None, rule: str) -> None:
    """Bulletins an hour later, other rows at the end of their date or of the date in the title, whichever is later."""
    assert find_publication(said("C1", 5, **change)) == (when, rule)


def test_a_view_as_of_a_date_knows_nothing_later() -> None:
    """Neither claims nor links to them; what has no date is listed apart."""
    first = said("C1", 5, published=NOON)
    later = said("C2", 6, published=NOON + timedelta(days=1), supersedes=("C1",))
    early = said("C3", 5, published=NOON, retells=("C2",))
    never = said("C4", 7)
    view = as_of(ledger(first, later, early, never), NOON)
    assert [(claim.id, claim.retells) for claim in view.claims] == [("C1", ()), ("C3", ())]
    assert undated(ledger(first, never)) == (never,)


def test_the_same_report_through_another_outlet_is_a_retelling() -> None:
    """Same voice, numbers and place, and the time of one lies within the time of the other; the closer time leads."""
    claims = (
        said("A1", 28120, precision="day", by="north minister"),
        said("A2", 28120, hours=8),
        said("A3", 28120, hours=9),
        said("A4", 28120, hours=8, by="south"),
        said("A5", 28121, hours=8),
    )
    links = {claim.id: claim.retells for claim in mark_retellings(claims, TERMS)}
    assert links == {"A1": ("A2",), "A2": (), "A3": (), "A4": (), "A5": ()}


def test_marking_retellings_twice_changes_nothing() -> None:
    """So that what is exported reads back the same."""
    once = mark_retellings((said("A1", 5), said("A2", 5), said("A3", 5)), TERMS)
    assert mark_retellings(once, TERMS) == once


def why(*claims: Claim) -> list[str]:
    """Why these claims disagree."""
    return [pair.why for conflict in find_conflicts(ledger(*claims)) for pair in conflict.pairs]


DAY = {"precision": "day"}


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ((said("C1", 13350), said("C2", 13550)), ["two figures for one moment"]),
        ((said("C1", 13350), said("C2", 13550, hours=1)), []),
        ((said("C1", 13550), said("C2", 13350, hours=1)), ["a running total cannot fall"]),
        ((said("C1", 13550), said("C2", 13350, hours=1, retells=("C1",))), []),
        ((said("C1", 13550), said("C2", 13350, hours=1, supersedes=("C1",))), []),
        ((said("C1", 13550), said("C2", 13350, hours=1, basis="derived")), []),
        ((said("C1", 42500), said("C2", 42540)), []),
        ((said("C1", 100617, **DAY), said("C2", 100625, **DAY)), ["two totals for one date"]),
        (
            (said("C1", 16000, **DAY), said("C2", 20270, **DAY), said("C3", 13550), said("C4", 28120, hours=9)),
            [],
        ),
        ((said("C1", 50, of="stock"), said("C2", 70, of="stock")), ["two figures for one time"]),
        ((said("C1", 50, of="stock"), said("C2", 70, of="stock", hours=1)), []),
        (
            (said("C1", 500, of="residents", **DAY), said("C2", 700, of="residents", hours=240, **DAY)),
            ["within 31 days, for which such a figure holds"],
        ),
        ((said("C1", 500, of="residents", **DAY), said("C2", 700, of="residents", hours=2400, **DAY)), []),
        ((said("C1", 50, of="daily", **DAY), said("C2", 70, of="daily", **DAY)), ["two figures for one period"]),
        ((said("C1", 36, of="daily", hedge="more than", **DAY), said("C2", 41, of="daily", **DAY)), []),
        (
            (said("C1", 36, of="daily", hedge="more than", **DAY), said("C2", 30, of="daily", **DAY)),
            ["two figures for one period"],
        ),
        ((said("C1", 50, of="daily", **DAY), said("C2", 70, of="daily", hours=24, **DAY)), []),
        (
            (said("C1", 26600, of="daily", **DAY), said("C2", 26600, of="daily", hours=24, **DAY)),
            ["one figure, dated differently"],
        ),
        ((said("C1", 40, of="daily", **DAY), said("C2", 40, of="daily", hours=24, **DAY)), []),
        ((said("C1", 50, of="daily", precision="year"), said("C2", 70, of="daily", precision="year")), []),
        ((said("C1", 85, of="road"), said("C2", 100, of="road", hours=999)), ["two figures for what does not change"]),
        ((said("C1", 11, of="way", **DAY), said("C2", 24, of="way", **DAY)), []),
        (
            (said("C1", 15, of="last", **DAY), said("C2", 15, of="last", hours=24, **DAY)),
            ["happened once, dated differently"],
        ),
        ((said("C1", 85, of="road"), said("C2", 99, of="road", place="elsewhere")), []),
    ],
)  # fmt: skip
def test_what_disagrees_and_what_time_explains(claims: tuple[Claim, ...], told: list[str]) -> None:
    """Each kind of quantity, with a case that disagrees and one that does not."""
    assert why(*claims) == told


def test_an_act_that_happens_once_has_one_date() -> None:
    """Dated a day apart by two reporters."""
    acts = [
        said(name, kind="act", of="", action="opened", hours=hours, **DAY) for name, hours in (("C1", 0), ("C2", 24))
    ]
    assert why(*acts) == ["happened once, dated differently"]


def test_reports_that_disagree_through_others_are_one_conflict() -> None:
    """Widest gap first; sides and voices of all; a day's figure equal to a contested total stands with it."""
    claims = (
        said("C1", 1700), said("C2", 1235, by="south", hours=24), said("C3", 1235, of="daily", hours=24),
        said("C4", 4000, hours=24), said("C5", 9000, hours=48, place="elsewhere"),
    )  # fmt: skip
    (conflict,) = find_conflicts(ledger(*claims))
    assert conflict.claims == ("C1", "C2", "C3", "C4")
    assert (conflict.sides, conflict.voices) == (("North", "South"), ("north", "south"))
    assert conflict.ratio == pytest.approx(4000 / 1235)


def test_conflicts_do_not_depend_on_the_order_of_claims() -> None:
    """The same disagreements whichever way the file is sorted."""
    claims = [said(f"C{n}", 100 + 37 * (n % 5), hours=n // 3) for n in range(12)]
    assert find_conflicts(ledger(*claims)) == find_conflicts(ledger(*reversed(claims)))


def test_a_claim_of_figures_far_apart_ranks_first() -> None:
    """By the ratio of the two figures."""
    claims = [said("C1", 10), said("C2", 20), said("C3", 10, place="b"), said("C4", 90, place="b")]
    assert [conflict.place for conflict in find_conflicts(ledger(*map(replace, claims)))] == ["b", "gate"]


@settings(max_examples=60)
@given(st.data())
def test_pairs_left_out_of_the_search_disagree_by_no_rule(data: st.DataObject) -> None:
    """The search that looks at few pairs of a long series finds what a search of all pairs finds."""
    from itertools import combinations

    from safeconduct.ledger import conflicts

    n = data.draw(st.integers(2, 14))
    claims = [
        said(
            f"C{number}",
            data.draw(st.sampled_from([100, 110, 137, 1500, 1700])),
            of=data.draw(st.sampled_from(["total", "stock", "residents", "daily"])),
            hours=data.draw(st.integers(0, 400)),
            precision=data.draw(st.sampled_from(["exact", "day", "approximate", "month"])),
        )
        for number in range(n)
    ]
    found = find_conflicts(ledger(*claims))
    few, conflicts.candidates = conflicts.candidates, lambda word, ordered: combinations(ordered, 2)
    try:
        assert find_conflicts(ledger(*claims)) == found
    finally:
        conflicts.candidates = few


def test_a_long_series_needs_few_comparisons_a_report() -> None:
    """Ten thousand rising totals: each is compared with its neighbour, not with all that follow."""
    from safeconduct.ledger import conflicts

    claims = [said(f"C{number:05d}", float(number), hours=number / 9) for number in range(10_000)]
    reports = conflicts.reports_by_subject(ledger(*claims))["total", "gate"]
    ordered = sorted(reports, key=lambda report: report.window)
    assert sum(1 for _ in conflicts.candidates(TERMS.quantities["total"], ordered)) < 2 * len(claims)

"""From claims to observations, on hand-made claims and on the shipped record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from safeconduct.ledger import Claim, Ledger, observe
from safeconduct.scenario import read_case

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def said(
    number: int, figure: float | None, *, hours: float = 0.0, precision: str = "exact", note: str = "",
    reporter: str = "council", title: str = "bulletin", low: float | None = None, high: float | None = None,
) -> Claim:  # fmt: skip
    """A claim about arrivals at the gate."""
    when = NOON + timedelta(hours=hours)
    return Claim(
        f"C{number}", "figure", when, precision, "gate", "arrivals", low, figure, high, "persons", "counted",
        reporter, title, "", note,
    )  # fmt: skip


def seen(*claims: Claim) -> list[tuple[float, float, float, bool, tuple[str, ...]]]:
    """The observations of these claims, without their words."""
    found = observe(Ledger(claims, ""), "arrivals", "gate")
    return [(one.low, one.best, one.high, one.is_exact, one.claims) for one in found]


def test_one_figure_through_several_outlets_counts_once() -> None:
    """Two outlets carry one bulletin: one observation that names both."""
    assert seen(said(1, 500), said(2, 500)) == [(500, 500, 500, True, ("C1", "C2"))]


def test_rival_figures_of_one_hour_make_an_interval() -> None:
    """The best figure is one that somebody reported, not a mean that nobody did."""
    assert seen(said(1, 500), said(2, 550), said(3, 550)) == [(500, 550, 550, True, ("C1", "C2", "C3"))]


def test_a_source_that_gives_the_hour_goes_before_one_that_does_not() -> None:
    """The other claim is left out, and the observation says so."""
    claims = (said(1, 500), said(2, 700, precision="approximate"), said(3, 710, note="evening; time approximate"))
    assert seen(*claims) == [(500, 500, 500, True, ("C1",))]
    assert "2 without a stated hour left out" in observe(Ledger(claims, ""), "arrivals", "gate")[0].why


def test_an_approximate_time_is_not_exact() -> None:
    """By its precision or by its note."""
    assert [one[3] for one in seen(said(1, 5, precision="day"), said(2, 6, hours=1, note="time approximate"))] == [
        False,
        False,
    ]


def test_arithmetic_and_memory_are_no_evidence() -> None:
    """Neither what the compiler worked out nor what nobody looked up, nor a claim without a figure."""
    assert seen(said(1, 5, reporter="derived"), said(2, 6, title="unverified"), said(3, None)) == []


def test_ranges_are_kept_and_order_is_by_time() -> None:
    """A claim of "3,000 to 3,500" is an interval with its middle as best figure."""
    assert seen(said(1, 4000, hours=2), said(2, None, low=3000, high=3500)) == [
        (3000, 3250, 3500, True, ("C2",)),
        (4000, 4000, 4000, True, ("C1",)),
    ]


def test_the_shipped_record_has_its_sixteen_exact_bulletins() -> None:
    """24 Sept 18:00 (377) to 29 Sept 20:00 (98,625), and the final count of 4 Oct, of which only the day is known."""
    case = read_case("karabakh-2023")
    arrivals = case.targets[0].observations
    exact = [(one.time.strftime("%d %H:%M"), one.best) for one in arrivals if one.is_exact]
    assert exact == [
        ("24 18:00", 377), ("24 22:00", 1050), ("25 00:00", 1510), ("25 06:00", 2906), ("25 17:00", 6650),
        ("26 08:00", 13550), ("26 20:00", 28120), ("27 08:00", 42500), ("27 15:00", 50243), ("28 08:00", 65036),
        ("28 10:00", 66500), ("28 14:00", 70500), ("28 20:00", 76407), ("29 06:00", 84770), ("29 10:00", 88780),
        ("29 20:00", 98625),
    ]  # fmt: skip
    rival = next(one for one in arrivals if one.time.strftime("%d %H:%M") == "26 08:00")
    assert (rival.low, rival.high, len(rival.claims)) == (13350, 13550, 4)
    assert (arrivals[-1].best, arrivals[-1].is_exact, arrivals[-1].time.day) == (100632, False, 4)
    assert all(case.clock.start <= one.time <= case.clock.end for target in case.targets for one in target.observations)

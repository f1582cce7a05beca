"""From claims to observations: each rule on hand-made claims, and the shipped record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hand_claims import NOON, ledger, said

from safeconduct.ledger import Claim, left_out, observe
from safeconduct.scenario import read_case

Seen = tuple[float, float, float, bool, tuple[str, ...]]


def seen(*claims: Claim, of: str = "total") -> list[Seen]:
    """The observations of these claims, without their words."""
    return [(one.low, one.best, one.high, one.is_exact, one.claims) for one in observe(ledger(*claims), of, "gate")]


def rules(*claims: Claim) -> dict[str, str]:
    """The claims left out, each with its rule."""
    return dict(left_out(ledger(*claims)))


def test_a_retelling_counts_once() -> None:
    """Two outlets carry one bulletin: the original is the evidence, and the other is told."""
    claims = (said("C1", 500), said("C2", 500, retells=("C1",)))
    assert seen(*claims) == [(500, 500, 500, True, ("C1",))]
    assert observe(ledger(*claims), "total", "gate")[0].left_out == (("C2", "retelling"),)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"basis": "derived"}, "derived"),
        ({"reporter": "derived"}, "derived"),
        ({"address": "unverified"}, "unverified"),
        ({"source_title": "unverified"}, "unverified"),
        ({"best": None}, "no figure"),
        ({"time": None, "precision": "unknown"}, "no figure"),
    ],
)
def test_what_is_no_evidence(change: dict[str, object], rule: str) -> None:
    """Arithmetic of the compiler, what nobody looked up, no number, no time."""
    claims = (said("C1", 5), said("C2", 6, **change))
    assert rules(*claims) == {"C2": rule}
    assert [one[4] for one in seen(*claims)] == [("C1",)]


def test_an_hour_that_the_source_does_not_give_is_six_hours_wide() -> None:
    """The figure held at some moment between; it is not exact."""
    (one,) = observe(ledger(said("C1", 5, precision="approximate")), "total", "gate")
    assert (one.time, one.earliest, one.latest) == (NOON, NOON - timedelta(hours=6), NOON + timedelta(hours=6))
    assert not one.is_exact


def test_a_date_is_its_whole_day() -> None:
    """From midnight to midnight of its own zone; a day's count stands at the day's last minute."""
    (one,) = observe(ledger(said("C1", 5, precision="day")), "total", "gate")
    midnight = NOON.replace(hour=0)
    assert (one.earliest, one.latest, one.is_exact) == (midnight, midnight + timedelta(days=1), False)
    assert one.time == midnight + timedelta(hours=23, minutes=59)


def test_a_claim_that_is_superseded_is_left_out() -> None:
    """By the claim's own word."""
    claims = (said("C1", 500), said("C2", 480, supersedes=("C1",)))
    assert seen(*claims) == [(480, 480, 480, True, ("C2",))]
    assert rules(*claims) == {"C1": "superseded"}


def test_a_later_correction_of_one_voice_supersedes() -> None:
    """The same voice, through whichever mouth, publishes another figure for the same time a day later."""
    first = said("C1", 500, published=NOON + timedelta(hours=1))
    later = said("C2", 520, by="north minister", published=NOON + timedelta(days=1))
    assert seen(first, later) == [(520, 520, 520, True, ("C2",))]
    assert rules(first, later) == {"C1": "superseded"}


def test_one_voice_with_several_figures_for_one_hour() -> None:
    """The best figure is the one that most reports carry, retellings counted as carriers; the interval spans all."""
    assert seen(said("C1", 500), said("C2", 550), said("C3", 550, retells=("C2",))) == [
        (500, 550, 550, True, ("C1", "C2"))
    ]


def test_one_voice_with_several_totals_for_one_day() -> None:
    """A running total rises: the highest is the day's."""
    claims = (said("C1", 16000, precision="day"), said("C2", 20270, precision="day", by="north minister"))
    assert seen(*claims) == [(16000, 20270, 20270, False, ("C1", "C2"))]


def test_parties_are_not_averaged_into_false_precision() -> None:
    """The interval spans both, the middle is no side's figure, and the words say so."""
    claims = (said("C1", 2000, of="stock"), said("C2", 10000, of="stock", by="south"))
    (one,) = observe(ledger(*claims), "stock", "gate")
    assert (one.low, one.best, one.high) == (2000, 6000, 10000)
    assert "no side's figure" in one.why


def test_among_voices_of_no_party_the_closest_reading_is_best() -> None:
    """An organisation that counted goes before a party that said "about"; the interval spans both."""
    claims = (said("C1", 5000, of="stock", hedge="about"), said("C2", 5210, of="stock", by="relief"))
    assert seen(*claims, of="stock") == [(4500, 5210, 5500, True, ("C1", "C2"))]


def test_a_cumulative_count_stays_monotone() -> None:
    """43,000 and then 42,000: both intervals are widened until no count has to fall, and best figures rise."""
    falling = observe(
        ledger(said("C1", 43000), said("C2", 42000, hours=48), said("C3", 45000, hours=72)), "total", "gate"
    )
    assert [(one.low, one.best, one.high) for one in falling] == [
        (42000, 42500, 43000),
        (42000, 42500, 43000),
        (45000, 45000, 45000),
    ]
    assert ["widened" in one.why for one in falling] == [True, True, False]


def test_a_level_may_fall() -> None:
    """Only running totals are kept from falling."""
    assert [one[1] for one in seen(said("C1", 43, of="stock"), said("C2", 42, of="stock", hours=1), of="stock")] == [
        43,
        42,
    ]


def test_hedges_and_ranges_are_intervals() -> None:
    """As said; "over X" runs to the next figure stated as finely."""
    claims = [said("C1", None, low=3000, high=3500), said("C2", 2000, hours=-1, hedge="over", low=2000)]
    assert seen(*claims) == [(2000, 2000, 2200, True, ("C2",)), (3000, 3250, 3500, True, ("C1",))]


def test_names_are_joined_by_vocabulary_and_aliases() -> None:
    """A quantity by another spelling, a place as said - for this quantity the gate, for others the country."""
    found = ledger(said("C1", 500))
    assert len(observe(found, "arrivals", "the gate")) == len(observe(found, "total", "Northland")) == 1
    assert observe(found, "stock", "Northland") == ()


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
    rival = next(one for one in arrivals if one.is_exact and one.time.strftime("%d %H:%M") == "26 08:00")
    assert (rival.low, rival.high, len(rival.claims)) == (13350, 13550, 2)
    assert sum(rule == "retelling" for _, rule in rival.left_out) >= 2
    assert (arrivals[-1].best, arrivals[-1].is_exact, arrivals[-1].time.day) == (100632, False, 4)
    assert all(case.clock.start <= one.time <= case.clock.end for target in case.targets for one in target.observations)

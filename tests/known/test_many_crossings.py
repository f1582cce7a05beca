"""One person that stands for many, a crossing that becomes faster, and hours stood in a queue, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny import AT_ONCE, case, checkpoint, event, people, place, road

from safeconduct.engine import simulate
from safeconduct.engine.scale import one_in_many
from safeconduct.engine.waits import stood

RECORD = ("cum_arrivals_persons", "cum_arrivals_vehicles", "new_arrivals_persons", "queue_hours")


def corridor(*, persons=8_000.0, events=(), hours=48.0, posts=True, capacity=None, one_in=1):
    """A town 60 km from a gate where a post of two booths needs 72 seconds a vehicle: 100 vehicles an hour."""
    found = case(
        (place("town", "origin", (0.0, 0.0)), place("gate", "crossing", (0.0, 0.5)),
         place("hall", "shelter", (0.0, 0.51), pull=1.0, shelter=None)),
        (road("town", "gate", 60.0), road("gate", "hall", 1.0, capacity=capacity, counts_as="gate")),
        (people("town", persons),),
        hours=hours,
        events=(event(0.0, "signal", "*", 1.0), *events),
        checkpoints=(checkpoint("gate-hall", "hall", seconds=72.0, booths=2),) if posts else (),
        values=AT_ONCE | {"state_shelter_share": 0.0},
    )  # fmt: skip
    return replace(found, one_in=one_in)


def test_one_in_twenty_gives_the_same_counts():
    """1,000 vehicles of one person each at 100 an hour: the same people in the same hours, in steps of 20."""
    whole, part = (simulate(corridor(persons=1_000.0, one_in=n), seed=3, record=RECORD) for n in (1, 20))
    assert part.outcomes["persons_at_start"] == whole.outcomes["persons_at_start"] == 1_000.0
    for quantity in ("cum_arrivals_persons", "cum_arrivals_vehicles"):
        gap = part.series[quantity, "gate"] - whole.series[quantity, "gate"]
        assert np.abs(gap).max() <= 2 * 20  # one vehicle of twenty, at each of the two ends of an hour
    assert part.outcomes["mean_trip_hours"] == pytest.approx(whole.outcomes["mean_trip_hours"], abs=0.2)


def test_what_roads_carry_and_posts_serve_is_divided():
    """A fifth of 300 vehicles an hour; two booths at 72 s become one at 72 x 10 / 2 s; distances stay."""
    scenario = corridor(capacity=300.0, one_in=10)
    part, _ = one_in_many(scenario, scenario.values())
    assert part.routes[1].capacity_per_hour.value == 30.0
    assert (part.checkpoints[0].booths, part.checkpoints[0].seconds.value) == (1, 360.0)
    assert [route.km for route in part.routes] == [60.0, 1.0]
    assert part.people[0].weight_persons == 800.0
    assert one_in_many(replace(scenario, one_in=1), {}) == (replace(scenario, one_in=1), {})


@pytest.mark.parametrize("posts", [True, False])
def test_a_rate_changes_how_many_pass(posts):
    """100 vehicles an hour until hour 20, then twice as many, over a post or a road of that capacity."""
    twice = event(20.0, "rate", "crossings", 2.0)
    run = simulate(corridor(posts=posts, capacity=None if posts else 100.0, events=[twice]), seed=1, record=RECORD)
    crossed = run.series["cum_arrivals_vehicles", "gate"]
    assert crossed[20] - crossed[10] == pytest.approx(1_000, abs=5)
    assert crossed[32] - crossed[22] == pytest.approx(2_000, abs=5)


def test_a_rate_for_one_road_leaves_others_alone():
    """The road named is not the one that has the post."""
    plain = simulate(corridor(), seed=1, record=RECORD)
    other = simulate(corridor(events=[event(20.0, "rate", "town-gate", 2.0)]), seed=1, record=RECORD)
    assert (plain.series["cum_arrivals_vehicles", "gate"] == other.series["cum_arrivals_vehicles", "gate"]).all()


def test_a_day_holds_what_crossed_in_its_24_hours():
    """The rise of the running total; in the first 24 hours all of it."""
    run = simulate(corridor(), seed=1, record=RECORD)
    total, day = run.series["cum_arrivals_persons", "gate"], run.series["new_arrivals_persons", "gate"]
    assert (day[:24] == total[:24]).all() and (day[24:] == total[24:] - total[:-24]).all()
    assert day[40] == pytest.approx(2_400, abs=5)


def test_hours_stood_before_the_crossing():
    """10 an hour come and 5 cross: who crosses at hour t came at t / 2. Before anybody crossed there is no wait."""
    hours = np.arange(11.0)
    assert stood(5.0 * hours, 5.0 * hours)[1:] == pytest.approx(hours[1:] / 2)
    assert np.isnan(stood(5.0 * hours, np.zeros(11))).all()
    assert (stood(np.zeros(11), 5.0 * hours)[1:] == 0.0).all()


def test_those_who_come_together_wait_for_each_other():
    """8,000 vehicles at the post at about hour 1, 100 an hour: who crosses at hour 31 has stood about 30 hours."""
    stood_there = simulate(corridor(), seed=1, record=RECORD).series["queue_hours", "gate"]
    assert stood_there[31] == pytest.approx(30.0, abs=1.0)

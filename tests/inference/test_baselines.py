"""Baselines on rows worked out by hand, and on the record of September 2023."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.inference.score import baselines
from safeconduct.inference.score.measures import root_mean_square

# The 16 bulletins of the Government of Armenia that give an hour: hours since 24 Sept 2023 00:00, persons.
BULLETINS = (
    (18, 377),
    (22, 1_050),
    (24, 1_510),
    (30, 2_906),
    (41, 6_650),
    (56, 13_550),
    (68, 28_120),
    (80, 42_500),
    (87, 50_243),
    (104, 65_036),
    (106, 66_500),
    (110, 70_500),
    (116, 76_407),
    (126, 84_770),
    (130, 88_780),
    (140, 98_625),
)
FINAL_HOUR, FINAL = 252, 100_632  # 4 Oct 2023, hour not given; UNHCR
HOURS, COUNTS = np.array(BULLETINS, dtype=float).T
FITTED = HOURS <= 87  # 27 Sept 15:00


def test_persistence_of_level_knows_only_what_came_before():
    """Rows of 10 at hour 1 and 20 at hour 3: at hour 3 only the 10 is known."""
    rule = baselines.persistence_of_level(np.array([1.0, 3.0]), np.array([10.0, 20.0]))
    assert rule.at(np.array([0.0, 1.0, 2.9, 3.0, 3.1, 99.0])).tolist() == [0, 0, 10, 10, 20, 20]


def test_persistence_of_rate_goes_on_as_between_the_last_two():
    """0, 8 and 28 at hours 0, 4 and 6: 2 an hour foretells 12 at hour 6; after it 10 an hour."""
    rule = baselines.persistence_of_rate(np.array([0.0, 4.0, 6.0]), np.array([0.0, 8.0, 28.0]))
    assert rule.at(np.array([0.0, 4.0, 6.0, 9.0])).tolist() == [0, 0, 12, 58]


def test_trend_is_the_least_squares_line():
    """Points (0,0), (1,1), (2,5): slope 2.5, level -0.5."""
    rule = baselines.trend(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 5.0]))
    assert rule.at(np.array([0.0, 4.0])) == pytest.approx([-0.5, 9.5])


def test_trend_through_a_flat_record_is_flat():
    assert baselines.trend(np.array([0.0, 5.0]), np.array([7.0, 7.0])).at(np.array([100.0])) == pytest.approx(7.0)


def test_server_finds_its_rate_and_stops_when_nobody_is_left():
    """Opened at hour 10 with 100 present, 20 an hour: the row at the ceiling says nothing of the rate."""
    hours = np.array([5.0, 11.0, 13.0, 30.0])
    rule = baselines.constant_rate_server(hours, np.array([0.0, 20.0, 60.0, 100.0]), opening=10.0, present=100.0)
    assert rule.at(np.array([9.0, 12.0, 15.0, 50.0])) == pytest.approx([0, 40, 100, 100])


@given(st.lists(st.tuples(st.floats(1, 50), st.floats(0, 100)), min_size=1, max_size=6))
def test_no_rate_serves_better(rows):
    hours, counts = np.array(sorted(rows)).T
    best = baselines.constant_rate_server(hours, counts, opening=0.0, present=100.0)
    least = baselines.square_sum(best.at(hours) - counts)
    for rate in np.linspace(0.0, 120.0, 300):
        assert least <= baselines.square_sum(np.minimum(100.0, rate * hours) - counts) + 1e-6


def test_capped_line_recovers_itself():
    """Start at hour 3, 10 an hour, cap 50; rows before, on and after the slope."""
    hours = np.array([0.0, 2.0, 4.0, 6.0, 7.0, 9.0, 20.0])
    rule = baselines.capped_straight_line(hours, np.clip(10 * (hours - 3), 0, 50), cap=50.0, cap_source="told")
    assert rule.at(np.array([3.5, 5.0, 7.5, 100.0])) == pytest.approx([5, 20, 45, 50])


@pytest.mark.parametrize(
    ("rows", "start", "rate", "misfit"),
    [(HOURS > 0, 37.0, 960, 0.018), (FITTED, 37.75, 985, 0.014)],
    ids=["all 16 rows", "up to 27 Sept 15:00, scored on the rest and the final count"],
)
def test_the_line_of_september_2023(rows, start, rate, misfit):
    """From 25 Sept 13:00 at 960 an hour, 1.8 % of the total; from 13:45 at 985, 1.4 % on unseen rows.

    The quoted starts are rounded to a quarter of an hour and the rates to 5 an hour; shares to 0.1 %.
    """
    line = baselines.capped_straight_line(HOURS[rows], COUNTS[rows], cap=FINAL, cap_source="final count")
    slope = float(line.at(np.array([71.0]))[0] - line.at(np.array([70.0]))[0])
    begins = 70.0 - float(line.at(np.array([70.0]))[0]) / slope
    seen, held = (
        (HOURS, COUNTS) if rows.all() else (np.append(HOURS[~rows], FINAL_HOUR), np.append(COUNTS[~rows], FINAL))
    )
    assert begins == pytest.approx(start, abs=0.13)
    assert slope == pytest.approx(rate, abs=5.0)
    assert root_mean_square(line.at(seen) - held) / FINAL == pytest.approx(misfit, abs=0.0005)


def test_no_line_fits_september_2023_better():
    """A search over 30,000 starts and rates finds no smaller squared error than the enumeration."""
    line = baselines.capped_straight_line(HOURS, COUNTS, cap=FINAL, cap_source="final count")
    starts, rates = np.meshgrid(np.arange(0.0, 75.0, 0.5), np.arange(500.0, 1500.0, 5.0))
    others = np.clip(rates[..., None] * (HOURS - starts[..., None]), 0.0, FINAL)
    assert baselines.square_sum(line.at(HOURS) - COUNTS) <= np.square(others - COUNTS).sum(-1).min()

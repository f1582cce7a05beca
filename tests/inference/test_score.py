"""Which rows are scored, as what, and what is said of them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scored_case import ARRIVALS, START, ensemble, observation, scenario, target

from safeconduct.inference import score
from safeconduct.scenario import Target

HOURS = np.arange(11.0)
ROWS = [(2.0, 20.0), (4.0, 40.0), (6.5, 65.0), (9.0, 80.0)]
UNTIL = START + timedelta(hours=4)


def row_of(scores, rows, model="simulation"):
    (found,) = [r for r in scores.rows if r.rows == rows and r.model == model]
    return found


def runs_at(*rates):
    """Runs that count so many an hour."""
    return ensemble({ARRIVALS: [rate * HOURS for rate in rates]}, HOURS)


def test_fitted_and_later_rows_are_scored_apart():
    """Runs at 9, 10 and 11 an hour; the record runs at 10 until hour 6.5, then falls behind by 10 of 80."""
    scores = score(scenario(target(ROWS)), runs_at(9, 10, 11), fitted_until=UNTIL)
    fitted, later = row_of(scores, "fitted"), row_of(scores, "later")
    assert (fitted.n_rows, later.n_rows, scores.fitted_rows) == (2, 2, 2)
    assert fitted.rmse_share == 0.0 and fitted.cover50 == 1.0
    assert later.rmse_share == pytest.approx((10.0**2 / 2) ** 0.5 / 80.0)
    assert later.rmse == pytest.approx((10.0**2 / 2) ** 0.5)
    assert later.cover50 == 0.5 and later.cover90 == 0.5


def test_later_crps_by_hand():
    """At 9: draws 81, 90, 99 and record 80: 10 - 6 = 4. At 6.5: 58.5, 65, 71.5 and 65: 13/3 - 13/3 = 0."""
    scores = score(scenario(target(ROWS)), runs_at(9, 10, 11), fitted_until=UNTIL)
    assert row_of(scores, "later").crps == pytest.approx(2.0)


def test_a_row_between_whole_hours_lies_on_the_straight_line():
    jumps = ensemble({ARRIVALS: [np.where(HOURS < 7, 0.0, 130.0)]}, HOURS)
    scores = score(scenario(target([(6.5, 65.0)])), jumps, fitted_until=None)
    assert row_of(scores, "all").rmse_share == 0.0


def test_rows_without_an_hour_are_left_out_but_for_the_final_count():
    rows = [*ROWS[:2], (5.0, 12.0), (10.0, 100.0)]
    scores = score(scenario(target(rows, inexact=(5.0, 10.0))), runs_at(10, 10), fitted_until=UNTIL)
    later = row_of(scores, "later")
    assert later.n_rows == 1 and later.rmse_share == 0.0
    assert "left out 1 whose hour is not known" in scores.note


def test_a_final_count_without_an_hour_is_never_called_fitted():
    rows = target([*ROWS[:2], (10.0, 100.0)], inexact=(10.0,))
    scores = score(scenario(rows), runs_at(10, 10), fitted_until=START + timedelta(hours=400))
    assert (scores.fitted_rows, row_of(scores, "later").n_rows) == (2, 1)


def test_rows_outside_the_simulated_hours_are_told():
    scores = score(scenario(target([*ROWS, (300.0, 90.0)])), runs_at(10, 10), fitted_until=UNTIL)
    assert row_of(scores, "later").n_rows == 2
    assert "left out 1 outside the simulated hours" in scores.note


def test_without_a_fit_all_rows_stand_together_and_baselines_say_that_they_saw_them():
    scores = score(scenario(target(ROWS)), runs_at(10, 10), fitted_until=None)
    assert {row.rows for row in scores.rows} == {"all"} and scores.fitted_rows == 0
    assert all("fitted on these very rows" in row.note for row in scores.rows if row.model != "simulation")


def test_baselines_see_the_fitted_rows_only():
    """Later rows may say anything: the rules come out the same. One is told the final count, by its name."""
    wild = [*ROWS[:2], (6.5, 1.0), (9.0, 7.0)]
    notes = [
        {row.model: row.note for row in score(scenario(target(rows)), runs_at(10, 10), fitted_until=UNTIL).rows}
        for rows in (ROWS, wild)
    ]
    differing = {model for model in notes[0] if notes[0][model] != notes[1][model]}
    assert differing == {"capped straight line given the final count"}


def test_a_rule_that_gives_one_number_scores_its_absolute_error():
    """The trend of the fitted rows is 10 an hour: right at 6.5, 10 too many at 9."""
    trend = row_of(score(scenario(target(ROWS)), runs_at(1, 1), fitted_until=UNTIL), "later", "trend")
    assert trend.crps == pytest.approx(5.0)
    assert trend.cover50 is None and trend.cover90 is None


def test_the_server_starts_at_the_opening():
    """Open at hour 2, and 40 crossed by hour 4: 20 an hour."""
    rows = target([(2.0, 0.0), (4.0, 40.0), (9.0, 140.0)])
    scores = score(scenario(rows, opening=2.0), runs_at(1, 1), fitted_until=UNTIL)
    assert row_of(scores, "later", "constant-rate server").crps == pytest.approx(0.0)


def test_times_are_told_as_times():
    """Straight from hour 0 at 10 an hour; a line that hardly rises starts ages ago."""
    for rows, told in ((ROWS[:2], "from 2000-01-01T00:00+00:00"), ([(2.0, 50.0), (4.0, 50.0 + 1e-9)], "from hour -")):
        found = row_of(
            score(scenario(target(rows)), runs_at(1, 1), fitted_until=UNTIL), "fitted", "capped straight line"
        )
        assert told in found.note


def test_a_target_that_was_not_fitted_is_not_called_fitted():
    other = ("cum_arrivals_vehicles", "gate")
    runs = ensemble({ARRIVALS: [10 * HOURS], other: [2 * HOURS]}, HOURS)
    case = scenario(target(ROWS), target([(2.0, 4.0), (4.0, 8.0), (9.0, 18.0)], key=other))
    scores = score(case, runs, fitted_until=UNTIL)
    mine = {row.rows for row in scores.rows if row.target_quantity == other[0] and row.model == "simulation"}
    assert mine == {"all", "later"} and scores.fitted_rows == 2


def test_a_target_that_runs_did_not_keep_is_told():
    scores = score(scenario(target(ROWS, key=("wait_hours", "gate"))), runs_at(1), fitted_until=None)
    assert scores.rows == () and "wait_hours at gate: not scored" in scores.note


def test_runs_without_a_value_are_left_out_of_that_row_and_told():
    """A wait is known only where somebody crossed."""
    key = ("wait_hours", "gate")
    runs = ensemble({key: [np.where(HOURS < 3, np.nan, 5.0), np.full(11, 5.0)]}, HOURS)
    scores = score(scenario(target([(2.0, 5.0), (8.0, 5.0)], key=key)), runs, fitted_until=None)
    found = row_of(scores, "all")
    assert found.n_rows == 2 and found.rmse_share == 0.0
    assert found.note == "some runs have no value at 1 of the rows"


def test_a_row_at_which_no_run_has_a_value_is_told():
    key = ("wait_hours", "gate")
    runs = ensemble({key: [np.where(HOURS < 3, np.nan, 5.0)] * 2}, HOURS)
    scores = score(scenario(target([(2.0, 5.0), (8.0, 5.0)], key=key)), runs, fitted_until=None)
    assert row_of(scores, "all").n_rows == 1 and "no run has a value at 1 rows" in scores.note


def test_the_recorded_interval_counts():
    """Runs between 80 and 120 at hour 10; the figure is 70, but may have been 85."""
    wide = Target(*ARRIVALS, (observation(10, 70, low=60, high=95),))
    narrow = Target(*ARRIVALS, (observation(10, 70),))
    found = [row_of(score(scenario(t), runs_at(8, 9, 10, 11, 12), fitted_until=None), "all") for t in (wide, narrow)]
    assert [row.cover50 for row in found] == [1.0, 0.0]


counts = st.lists(st.floats(0, 1e5), min_size=3, max_size=6)
rates = st.lists(st.floats(1, 1e4), min_size=2, max_size=8)


@given(counts, rates, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_runs_does_not_matter(figures, speeds, random):
    rows = [(float(hour + 1), sum(figures[: hour + 1]) + 1.0) for hour in range(len(figures))]
    mixed_rows, mixed_speeds = random.sample(rows, len(rows)), random.sample(speeds, len(speeds))
    one = score(scenario(target(rows)), runs_at(*speeds), fitted_until=START + timedelta(hours=2))
    other = score(scenario(target(mixed_rows)), runs_at(*mixed_speeds), fitted_until=START + timedelta(hours=2))
    for left, right in zip(one.rows, other.rows, strict=True):
        assert (left.model, left.rows, left.n_rows, left.cover90) == (
            right.model,
            right.rows,
            right.n_rows,
            right.cover90,
        )
        assert left.crps == pytest.approx(right.crps, abs=1e-6 * (1 + rows[-1][1] + 10 * max(speeds)))


@given(counts, rates, st.sampled_from([0.001, 10.0, 4096.0]))
def test_another_unit_changes_the_crps_alone(figures, speeds, factor):
    """Counting in thousands: absolute scores shrink a thousandfold, shares and coverage stay."""
    rows = [(float(hour + 1), sum(figures[: hour + 1]) + 1.0) for hour in range(len(figures))]
    scaled = [(hour, factor * count) for hour, count in rows]
    key = ("n_waiting_persons", "gate")  # no rule that knows how many people there are in all
    one, other = (
        score(
            scenario(target(r, key=key)), ensemble({key: [f * v * HOURS for v in speeds]}, HOURS), fitted_until=UNTIL
        ).rows
        for r, f in ((rows, 1.0), (scaled, factor))
    )
    size = 1 + rows[-1][1] + 10 * max(speeds)
    for left, right in zip(one, other, strict=True):
        assert left.crps * factor == pytest.approx(right.crps, abs=1e-6 * size * factor)
        assert left.rmse_share == pytest.approx(right.rmse_share, abs=1e-6 * size)

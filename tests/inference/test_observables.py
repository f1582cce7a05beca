"""What is asked of each run, worked out by hand on straight lines."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scored_case import ARRIVALS, START, ensemble, scenario, target

from safeconduct.ensemble import Ensemble, Failure
from safeconduct.inference import FitRow, Observable, candidates, rows_to_fit, table_of
from safeconduct.scenario import Amount, Place, Role

HOURS = np.arange(11.0)
ROW = FitRow(*ARRIVALS, 2.5, 25.0, 25.0, 25.0)
LEFT = "cum_departures_persons"


def test_rows_to_fit_are_exact_and_early():
    """Of hours 2, 3, 4 and 9: 3 is known by its day only, 9 is too late."""
    case = scenario(target([(2.0, 20.0), (3.0, 1.0), (4.0, 40.0), (9.0, 90.0)], inexact=(3.0,)))
    rows = rows_to_fit(case, [ARRIVALS], START + timedelta(hours=4))
    assert [(row.hour, row.best) for row in rows] == [(2.0, 20.0), (4.0, 40.0)]
    assert rows_to_fit(case, [("wait_hours", "gate")], START + timedelta(hours=4)) == ()


def test_each_draw_gets_its_own_line_and_a_failed_one_none():
    """Runs 0 and 2 finished: 10 and 20 an hour; run 1 failed."""
    outcomes = {"mean_trip_hours": np.array([3.0, 5.0])}
    series = {ARRIVALS: np.array([10 * HOURS, 20 * HOURS])}
    runs = Ensemble(np.array([0, 2]), HOURS, series, outcomes, {}, (Failure(1, "run 1: it failed"),))
    asked = (Observable("trip", "hours", "mean_trip_hours"), Observable("crossed", "persons", *ARRIVALS, 4.0))
    table = table_of(runs, [ROW], asked, n_draws=3)
    assert table[[0, 2]].tolist() == [[25.0, 3.0, 40.0], [50.0, 5.0, 80.0]]
    assert np.isnan(table[1]).all()


def test_when_every_run_failed_the_table_is_empty():
    none = Ensemble(np.empty(0, np.int64), np.empty(0), {}, {}, {}, ())
    assert np.isnan(table_of(none, [ROW], (), n_draws=2)).all()


def test_the_hour_by_which_half_have_left():
    """Two homes, together 0, 10, 20 ... 100: half by hour 5; where nobody leaves there is no such hour."""
    runs = ensemble({(LEFT, "a"): [4 * HOURS, 0 * HOURS], (LEFT, "b"): [6 * HOURS, 0 * HOURS]}, HOURS)
    table = table_of(runs, [], [Observable("half left", "hours", LEFT, share=0.5)], n_draws=2)
    assert table[0, 0] == 5.0 and np.isnan(table[1, 0])


def test_candidates_stay_within_the_case():
    """A day before, at, and a day after hour 30 of 60; later counts are asked for only after."""
    places = [Place(key, key.title(), "", 0.0, 0.0, Role.ORIGIN, "", Amount(), Amount(), "assumed") for key in PLACES]
    case = scenario(target([(2.0, 20.0)]), hours=60.0, places=places)
    found = candidates(case, START + timedelta(hours=30))
    assert {one.hour for one in found if not one.is_outcome and one.share is None} == {6.0, 30.0, 54.0}
    assert [one.hour for one in found if one.quantity == "cum_arrivals_persons"] == [54.0]
    assert len({one.name for one in found}) == len(found)
    early = candidates(case, START + timedelta(hours=50))
    assert max(one.hour for one in early if one.hour is not None) == 50.0


def test_candidates_say_how_far_a_report_would_err():
    """1 % of 105,000 present; nobody reports an outcome of the whole."""
    places = [Place(key, key.title(), "", 0.0, 0.0, Role.ORIGIN, "", Amount(), Amount(), "assumed") for key in PLACES]
    found = candidates(scenario(target([(2.0, 20.0)]), places=places), START + timedelta(hours=30))
    by_quantity = {one.quantity: one.report_sd for one in found}
    assert by_quantity["cum_arrivals_persons"] == pytest.approx(1050.0)
    assert by_quantity["cum_arrivals_vehicles"] == pytest.approx(262.5)
    assert by_quantity["persons_at_start"] is None


PLACES = ("gate", "town")

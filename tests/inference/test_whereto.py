"""Rules for where people go, on three places in a row along the equator."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scored_case import START, ensemble, scenario, target

from safeconduct.inference import score
from safeconduct.inference.score.destination_baselines import crow_km
from safeconduct.scenario import Amount, Place, Role

HOURS = np.arange(11.0)
SHELTERS = ("near", "middle", "far")
DEGREE_KM = 6371.0 * np.pi / 180.0


def place(key, lon, *, pull=100.0):
    """A place on the equator where so many people live."""
    return Place(key, key, "", 0.0, lon, Role.SHELTER, "", Amount(pull), Amount(), "assumed")


PLACES = (place("town", 0.0), place("near", 1.0), place("middle", 2.0, pull=400.0), place("far", 4.0))
LEVELS = {"near": [(2.0, 30.0), (8.0, 30.0)], "middle": [(2.0, 10.0), (8.0, 50.0)], "far": [(2.0, 60.0), (8.0, 20.0)]}


def scored(levels, model, *, until=2.0):
    """Absolute error of a rule at each place on the later rows."""
    targets = [target(rows, key=("n_sheltered_persons", key)) for key, rows in levels.items()]
    runs = ensemble({("n_sheltered_persons", key): [HOURS] for key in levels}, HOURS)
    when = None if until is None else START + timedelta(hours=until)
    rows = score(scenario(*targets, places=PLACES), runs, fitted_until=when).rows
    label = "all" if until is None else "later"
    return {row.target_place: row.crps for row in rows if (row.model, row.rows) == (model, label)}


def test_great_circle():
    """One degree of the equator, and a quarter of the way round."""
    assert crow_km(PLACES[0], PLACES[1]) == pytest.approx(DEGREE_KM)
    assert crow_km(PLACES[0], place("side", 90.0)) == pytest.approx(90 * DEGREE_KM)


def test_shares_persist():
    """30, 10 and 60 of 100 at hour 2; 100 in all at hour 8 too, now 30, 50 and 20."""
    assert scored(LEVELS, "persistence of shares") == pytest.approx({"near": 0, "middle": 40, "far": 40})


def test_all_go_to_the_nearest():
    assert scored(LEVELS, "nearest place") == pytest.approx({"near": 70, "middle": 50, "far": 20})


def test_gravity():
    """100 / 1, 400 / 2 and 100 / 4 of 325: of 100 persons 30.77, 61.54 and 7.69."""
    errors = {"near": 0.769, "middle": 11.538, "far": 12.308}
    assert scored(LEVELS, "gravity") == pytest.approx(errors, abs=0.001)


def test_only_places_that_report_share_the_total():
    """At hour 8 far says nothing: the other two share 80 as 30 to 10."""
    levels = LEVELS | {"far": [(2.0, 60.0)]}
    assert scored(levels, "persistence of shares") == pytest.approx({"near": 30, "middle": 30})


def test_a_place_without_a_fitted_row_has_no_share():
    levels = LEVELS | {"far": [(8.0, 20.0)]}
    assert scored(levels, "persistence of shares") == pytest.approx({"near": 30, "middle": 30})
    assert set(scored(levels, "nearest place")) == set(SHELTERS)


def test_without_a_fit_there_are_no_last_shares():
    assert scored(LEVELS, "persistence of shares", until=None) == {}
    assert set(scored(LEVELS, "gravity", until=None)) == set(SHELTERS)


def test_one_place_alone_gets_no_such_rule():
    assert scored({"near": LEVELS["near"]}, "nearest place") == {}

"""Rules for the people who cross in a day, on two countries along the equator with three crossings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scored_case import START, ensemble, scenario, target
from tiny import road

from safeconduct.inference import score
from safeconduct.scenario import Amount, People, Place, Role

HOURS = np.arange(97.0)
FLOW = "new_arrivals_persons"
DAYS = {"west": [(24.0, 30.0), (48.0, 20.0), (72.0, 60.0)], "east": [(25.0, 10.0), (49.0, 20.0), (73.0, 20.0)]}


def spot(key, lon):
    return Place(key, key, "", 0.0, lon, Role.JUNCTION, "", Amount(0.0), Amount(0.0), "assumed")


PLACES = (
    spot("town", 0.0), spot("village", 3.0), spot("w1", -1.0), spot("w2", -2.0), spot("e1", 4.0),
    spot("west", -5.0), spot("east", 9.0),
)  # fmt: skip
ROADS = (
    road("w1", "west", counts_as="west"),
    road("w2", "west", counts_as="west"),
    road("e1", "east", counts_as="east"),
)


def scored(model, label="later", **changes):
    """Absolute error of a rule at each place; rows up to hour 50 are learnt from."""
    targets = [target(rows, key=(FLOW, key)) for key, rows in DAYS.items()]
    homes = (People("town", 300.0, Amount(0.5), "assumed", "nobody"),
             People("village", 100.0, Amount(0.5), "assumed", "nobody"))  # fmt: skip
    made = replace(scenario(*targets, places=PLACES), routes=ROADS, people=homes, **changes)
    runs = ensemble({(FLOW, key): [20.0 + 0 * HOURS, 40.0 + 0 * HOURS] for key in DAYS}, HOURS)
    rows = score(made, runs, fitted_until=None).rows
    return {row.target_place: row.crps for row in rows if (row.model, row.rows) == (model, label)}


LEARN = {"learn_until": START + timedelta(hours=50)}


def test_everybody_over_the_nearest_crossing():
    """300 of 400 live nearest to the west: of 60 + 20 recorded at hour 72 (east: 19.something) the west gets 3/4."""
    at_72 = np.interp(72.0, [25, 49, 73], [10, 20, 20])
    found = scored("nearest border", **LEARN)
    assert found["west"] == pytest.approx(abs(0.75 * (60 + at_72) - 60))
    assert found["east"] == pytest.approx(abs(0.25 * (60 + 20) - 20))


def test_gravity_looks_at_every_crossing():
    """Town: west 1/1 + 1/2, east 1/4; village: west 1/4 + 1/5, east 1/1 (degrees)."""
    west = 300 * 1.5 / 1.75 + 100 * 0.45 / 1.45
    found = scored("gravity", **LEARN)
    assert found["east"] == pytest.approx(abs((1 - west / 400) * 80 - 20), abs=1e-6)


def test_one_rate_over_every_crossing():
    """Two crossings saw 30 and 20, one 10 and 20: (2 x 50 + 30) / (4 + 4 + 1 + 1) = 13 a day over each."""
    found = scored("constant server per crossing", **LEARN)
    assert found == pytest.approx({"west": 60 - 26, "east": 20 - 13})


def test_rules_learn_from_all_rows_where_no_time_is_named():
    """Then (2 x 110 + 50) / (3 x 4 + 3) = 18 a day, scored on these very rows."""
    found = scored("constant server per crossing", label="all")
    assert found["east"] == pytest.approx((8 + 2 + 2) / 3)


def test_runs_that_were_fitted_on_nothing_are_told_on_all_and_on_later_rows():
    """What rules learnt from is no fit of the runs: no row of the simulation is called fitted."""
    targets = [target(rows, key=(FLOW, key)) for key, rows in DAYS.items()]
    made = replace(scenario(*targets, places=PLACES), routes=ROADS, people=scenario().people, **LEARN)
    runs = ensemble({(FLOW, key): [20.0 + 0 * HOURS, 40.0 + 0 * HOURS] for key in DAYS}, HOURS)
    found = score(made, runs, fitted_until=None)
    assert {row.rows for row in found.rows if row.model == "simulation"} == {"all", "later"}
    assert found.fitted_until is None and found.fitted_rows == 0

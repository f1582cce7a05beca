"""The case of many crossings: it reads, its targets are found, no outcome is a capacity, a small run is scored."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from safeconduct.engine import simulate
from safeconduct.ensemble import Ensemble, Plan
from safeconduct.inference import score
from safeconduct.scenario import Scenario, read_case, shipped_cases, with_event_time

COUNTRIES = ("hungary", "poland", "romania", "slovakia")
HIGHEST = (34000, 16754, 16387, 15096, 16801, 9102, 4655, 1818)  # highest daily entry counts found, of 8 crossings
FOLDER = shipped_cases() / "ukraine-2022"


@pytest.fixture(scope="module")
def case() -> Scenario:
    """The case as it ships."""
    return read_case("ukraine-2022")


def coarse(case: Scenario) -> Scenario:
    """Five days, and one person for two thousand."""
    end = case.clock.start + timedelta(days=5)
    return replace(case, one_in=2000, clock=replace(case.clock, end=end))


def test_every_day_of_four_countries_is_a_target(case):
    """36 days each, at a midnight of the country; of the fifth only the total is, its days are arithmetic."""
    found = {(t.quantity, t.place): t.observations for t in case.targets}
    for country in COUNTRIES:
        rows = found["new_arrivals_persons", country]
        midnights = [one for one in rows if one.time.hour == 0 and one.time.minute == 0]
        assert len(midnights) == 36 and all(one.is_exact for one in rows)
        assert all(b.time.date() - a.time.date() == timedelta(days=1) for a, b in pairwise(midnights))
    assert found["cum_arrivals_persons", "moldova"]
    assert ("new_arrivals_persons", "moldova") not in found


def test_both_figures_of_one_day_are_kept(case):
    """20 March: one source says 32,915 and another 40,000."""
    poland = next(t for t in case.targets if t.place == "poland")
    (day,) = [one for one in poland.observations if one.time.isoformat().startswith("2022-03-21T00:00")]
    assert (day.low, day.high) == (32915, 40000)


def test_the_highest_counts_found_are_no_capacity(case):
    """No crossing differs from another in what it can serve, so that none can have its own record as a capacity."""
    assert len(case.checkpoints) == 36
    assert {(post.booths, post.seconds.parameter, post.law) for post in case.checkpoints} == {
        (6, "checkpoint_seconds", "exponential")
    }
    counted = [route for route in case.routes if route.counts_as]
    assert {route.capacity_per_hour.value for route in counted} == {None}
    assert {row["capacity_per_hour"] for row in rows("routes.csv")} == {"", "=trunk_capacity_per_hour"}
    said = [n for p in case.parameters.values() for n in (p.value, *p.prior.arguments)]
    assert not {round(n) for n in said} & {*HIGHEST, *(round(n / 24) for n in HIGHEST)}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of the case."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_with_the_change_of_exit_control_at_the_end_it_runs_as_frozen(case):
    """So the frozen version can be run again from the case as it ships; at its date the change lets more people out."""
    small = coarse(case)
    end = "2022-03-01T05:00+02:00"
    kept = ("cum_arrivals_persons", "n_queue_vehicles")
    frozen = replace(small, events=tuple(event for event in small.events if event.id != "fast-track"))
    assert len(frozen.events) == len(small.events) - 1
    versions = (frozen, with_event_time(small, "fast-track", end), small)
    one, other, dated = (simulate(c, {"fast_track_factor": 4.0}, seed=4, record=kept) for c in versions)
    assert all((one.series[key] == other.series[key]).all() for key in one.series)
    assert dated.outcomes["persons_arrived"] > one.outcomes["persons_arrived"] > 0


def test_a_small_run_is_scored_by_country_beside_the_rules(case):
    """Each country has scores of the runs on all its rows, and of every rule on the rows it learnt from."""
    small = coarse(case)
    plan = Plan(small, 2, 0)
    runs = [simulate(small, plan.values(k), seed=plan.run_seed(k), record=small.record) for k in range(2)]
    series = {key: np.stack([run.series[key] for run in runs]) for key in runs[0].series}
    scores = score(small, Ensemble(np.arange(2), runs[0].hours, series, {}, {}, ()), fitted_until=None)
    for country in COUNTRIES:
        models = {row.model for row in scores.rows if row.target_place == country}
        assert {"simulation", "nearest border", "gravity", "constant server per crossing"} <= models
        assert {"persistence of level", "persistence of shares"} <= models
    together = [row.crps for row in scores.rows if row.model == "simulation"]
    assert np.isfinite([one for one in together if one is not None]).all()

"""What a fit leaves open, on problems whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from safeconduct.inference import (
    Effort,
    ErrorModel,
    FitRow,
    Observable,
    Question,
    fit,
    profile,
    read_identifiability,
    write_identifiability,
)
from safeconduct.inference.fit.expected_information import expected_reduction
from safeconduct.scenario import Parameter
from safeconduct.terms import CaseError, Draws, Prior, normal_quantile

RATE = Parameter("rate", 300.0, "vehicles/hour", Prior("lognormal", (150.0, 600.0)), "assumed")
LOAD = Parameter("load", 4.5, "persons/vehicle", Prior("lognormal", (3.0, 6.75)), "assumed")
VEHICLES = Observable("vehicles by hour 10", "vehicles", "cum_arrivals_vehicles", "gate", 10.0, 30.0)
WEATHER = Observable("rain", "mm", "rain", report_sd=0.1)
WAIT = Observable("mean wait", "hours", "mean_trip_hours")


def persons(values, seeds):
    """Persons by hour 10 = 10 x rate x load; then vehicles, rain that has to do with nothing, 1000 h / rate."""
    rain = [float(Draws(seed).uniform("rain", 0)) for seed in seeds]
    return np.array(
        [[10 * v["rate"] * v["load"], 10 * v["rate"], r, 1000 / v["rate"]] for v, r in zip(values, rain, strict=True)]
    )


@pytest.fixture(scope="module")
def product_only():
    """Only the product of rate and load is seen: 13,500 persons by hour 10, to 1 %."""
    row = FitRow("cum_arrivals_persons", "gate", 10.0, 13_500.0, 13_500.0, 13_500.0)
    question = Question((RATE, LOAD), (row,), np.array([[135.0**2]]), (VEHICLES, WEATHER, WAIT))
    return profile(fit(question, persons, seed=1))


def named(records, name):
    """The record with this name."""
    (found,) = [record for record in records if record.name == name]
    return found


def test_a_product_is_held_while_its_factors_are_open(product_only):
    """The product stays within 1.96 % of 1,350; rates from 200 to 450 all fit, so the ratio spans a factor 4."""
    (pair,) = product_only.pairs
    assert pair.correlation < -0.95
    assert pair.product == pytest.approx((1350 * (1 - 0.0196), 1350 * (1 + 0.0196)), rel=0.003)
    assert pair.ratio[1] / pair.ratio[0] > 4.0
    assert named(product_only.ranges, "load").is_open


def test_what_follows_from_an_open_number_is_open(product_only):
    """The wait is 1000 / rate: it ranges as widely as the rate does."""
    rate, wait = named(product_only.ranges, "rate"), named(product_only.ranges, "mean wait")
    assert wait.low == pytest.approx(1000 / rate.high) and wait.high == pytest.approx(1000 / rate.low)
    assert rate.is_parameter and not wait.is_parameter


def test_the_telling_observation_comes_first(product_only):
    """Vehicles to 30 in some 3,000 fix the rate and with it everything else; rain tells nothing."""
    first = product_only.prospects[0]
    assert first.observable == "vehicles by hour 10" and first.reduction > 0.9
    about = {(p.observable, p.wanted): p.reduction for p in product_only.prospects}
    assert about["vehicles by hour 10", "load"] > 0.9
    assert about["rain", "load"] < 0.05 and about["rain", "mean wait"] < 0.05
    assert not any(p.observable == "mean wait" for p in product_only.prospects)


def test_the_profile_of_a_normal_mean():
    """Seen as 14 and 16 with sd 2: twice the drop is (x - 15)^2 / 2, so 15 -+ 2.77 fit almost as well."""
    parameter = Parameter("x", 10.0, "1", Prior("normal", (10.0, 3.0)), "assumed")
    rows = tuple(FitRow("cum_arrivals_persons", "gate", h, y, y, y) for h, y in ((0.0, 14.0), (1.0, 16.0)))
    found = fit(
        Question((parameter,), rows, np.eye(2) * 4.0), lambda vs, _: np.array([[v["x"]] * 2 for v in vs]), seed=2
    )
    result = profile(found)
    (x,), (curve,) = result.ranges, result.profiles
    assert (x.low, x.best, x.high) == pytest.approx((15 - 2.77, 15.0, 15 + 2.77), abs=0.15)
    width = curve.at[1] - curve.at[0]
    for at, drop, rmse in zip(curve.at, curve.drop, curve.rmse, strict=True):
        nearest = max(abs(at - 15) - width / 2, 0.0)
        assert nearest**2 / 2 - 1e-9 <= drop <= (nearest + width) ** 2 / 2 + 0.01
        assert rmse**2 == pytest.approx(1 + 2 * drop, abs=0.01)
    assert result.n_near == int((np.abs(found.values[:, 0] - 15) <= (2 * 3.84) ** 0.5).sum())
    assert result.pairs == () and result.prospects == ()


def test_expected_reduction_of_a_normal_pair():
    """Correlation r, report error s: r^2 / (1 + s^2) of the variance is removed; 400 draws tell it to 0.06."""
    first, second = (normal_quantile(Draws(3).uniform(name, np.arange(400))) for name in ("first", "second"))
    even = np.full(400, 1 / 400)
    for r, s in ((1.0, 0.5), (0.8, 0.2), (0.5, 1.0), (0.0, 0.3)):
        wanted = (r * first + (1 - r * r) ** 0.5 * second)[:, None]
        assert expected_reduction(first, wanted, s, even)[0] == pytest.approx(r * r / (1 + s * s), abs=0.06)


def test_a_number_that_does_not_vary_is_not_narrowed():
    draws = np.arange(10.0)
    even = np.full(10, 0.1)
    assert expected_reduction(draws, np.ones((10, 1)), 1.0, even).tolist() == [0.0]
    assert expected_reduction(np.ones(10), draws[:, None], 0.0, even).tolist() == [0.0]


def test_draws_without_a_value_take_no_part():
    """A wait that is known for rates above 250 only: its range is that of those draws."""

    def partly(values, seeds):
        table = persons(values, seeds)
        table[:, 3] = np.where(table[:, 1] > 2500.0, table[:, 3], np.nan)
        return table

    row = FitRow("cum_arrivals_persons", "gate", 10.0, 13_500.0, 13_500.0, 13_500.0)
    question = Question((RATE, LOAD), (row,), np.array([[135.0**2]]), (VEHICLES, WEATHER, WAIT))
    found = profile(fit(question, partly, seed=1))
    assert named(found.ranges, "mean wait").high <= 1000 / 250
    assert named(found.profiles, "mean wait").at[-1] < 1000 / 250
    assert {p.wanted for p in found.prospects} == {"rate", "load", "mean wait", "rain", VEHICLES.name}


def test_it_comes_back_from_its_file_as_it_was(tmp_path, product_only):
    path = tmp_path / "left_open.json"
    write_identifiability(path, product_only)
    assert read_identifiability(path) == product_only
    assert [one.name for one in tmp_path.iterdir()] == ["left_open.json"]


def test_a_number_that_is_unknown_stays_unknown_in_the_file(tmp_path, product_only):
    unknown = replace(product_only.ranges[0], low=float("nan"))
    write_identifiability(tmp_path / "left_open.json", replace(product_only, ranges=(unknown,)))
    (found,) = read_identifiability(tmp_path / "left_open.json").ranges
    assert np.isnan(found.low) and found.high == unknown.high


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"ranges": [{}]}', '{"ranges": 1}'])
def test_a_file_that_no_fit_has_written_is_refused(tmp_path, text):
    (tmp_path / "left_open.json").write_text(text)
    with pytest.raises(CaseError, match="left_open.json: not what a fit leaves"):
        read_identifiability(tmp_path / "left_open.json")


def test_five_parameters_are_found_and_left_as_open_as_they_are():
    """People get ready along a log-logistic curve and pass a gate of fixed rate; nine exact rows, 1,200 runs.

    The truth fits perfectly, so it lies within every range. The rows end while the queue still stands: they
    say nothing of how many people there are in all.
    """
    hours = np.arange(5, 70, 8)
    names = ("start", "median", "shape", "rate", "present")
    normal = Prior("normal", (0.0, 1.0))
    parameters = tuple(Parameter(name, 0.0, "1", normal, "assumed") for name in names)

    def gate(values, _seeds):
        start, median, shape, rate, present = (np.array([v[name] for v in values])[:, None] for name in names)
        crossed = [np.zeros((len(values), 1))]
        for hour in range(1, 75):
            since = np.maximum(hour + 4 - 10 * start, 1e-3) / (30 * np.exp(0.5 * median))
            ready = 1e5 * (1 + 0.1 * present) / (1 + since ** (-3 * np.exp(0.3 * shape)))
            crossed.append(np.minimum(ready, crossed[-1] + 900 * np.exp(0.4 * rate)))
        return np.hstack(crossed)[:, hours]

    truth = dict(zip(names, (1.0, 0.8, -0.2, 0.3, 0.0), strict=True))
    recorded = gate([truth], [0])[0]
    rows = tuple(FitRow("cum_arrivals_persons", "gate", h, y, y, y) for h, y in zip(hours, recorded, strict=True))
    found = fit(Question(parameters, rows, ErrorModel().covariance(rows)), gate, seed=3, effort=Effort(6, 200, 400))
    ranges = profile(found).ranges
    assert found.caution == "" and found.effective > 100
    assert all(one.low <= truth[one.name] <= one.high for one in ranges)
    assert named(ranges, "present").is_open and not named(ranges, "rate").is_open

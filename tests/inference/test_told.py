"""Waits as told: which may be used when, how a run is held against them, and what they add to a count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scored_case import ARRIVALS, START, ensemble, scenario, target

from safeconduct.inference import Effort, ErrorModel, FitRow, Question, also_to_fit, fit, sample_of, table_of
from safeconduct.ledger import Claim, Ledger
from safeconduct.scenario import Parameter
from safeconduct.terms import Prior, UsageError

WAIT = ("wait_hours", "gate")
HOURS = np.arange(49.0)


def told(best, hour=24.0, *, since=0.0):
    """A wait told of those who crossed in these hours."""
    return FitRow(*WAIT, hour, best, best, best, since, is_told=True)


def claim(name, best, day, published_hours, **more):
    """Somebody tells of this many hours on the way, on this day since the start; published so long after the start."""
    when, published = START + timedelta(days=day), START + timedelta(hours=published_hours)
    made = Claim(
        name, "figure", when, "day", "gate", "wait_hours", None, best, None, "hours", "estimated", name,
        f"report {name}", "https://example.org/" + name, published=published, published_rule="recorded",
    )  # fmt: skip
    return replace(made, **more)


def rows(*claims, until, quantities=("wait_hours",), hours=60.0):
    """(since, hour, best) of the rows that a fit up to an hour may use beside the count."""
    case = scenario(target([(2.0, 20.0)]), target([], key=WAIT), target([(5.0, 9.0)], key=VEHICLES), hours=hours)
    found = also_to_fit(replace(case, ledger=Ledger(claims, "")), quantities, START + timedelta(hours=until))
    return [(row.since, row.hour, row.best) for row in found]


VEHICLES = ("cum_arrivals_vehicles", "gate")


def test_only_what_was_published_by_then_is_used():
    """Of three waits of the first day one came out on the third: a fit up to hour 30 does not know it."""
    claims = (claim("a", 20.0, 0, 24), claim("b", 12.0, 0, 26), claim("c", 40.0, 0, 50))
    assert rows(*claims, until=30.0) == [(0.0, 24.0, 20.0), (0.0, 24.0, 12.0)]
    assert len(rows(*claims, until=55.0)) == 3


def test_travellers_of_one_day_are_not_merged_and_a_day_that_goes_on_ends_now():
    """Two stay two; published at hour 30, they speak of hours 24 to 30 and not of the evening."""
    claims = (claim("a", 8.0, 1, 30, scope="one"), claim("b", 16.0, 1, 30, scope="other"))
    assert rows(*claims, until=30.0) == [(24.0, 30.0, 8.0), (24.0, 30.0, 16.0)]


def test_what_has_no_day_or_no_date_of_publication_is_not_used():
    unknown = claim("a", 8.0, 0, 24, precision="unknown", time=None)
    month = claim("b", 8.0, 0, 24, precision="month")
    assert rows(unknown, month, claim("c", 8.0, 0, 24, published=None), until=50.0) == []


def test_further_counts_are_used_as_the_headline_is():
    assert rows(until=10.0, quantities=("cum_arrivals_vehicles",)) == [(None, 5.0, 9.0)]
    assert rows(until=4.0, quantities=("cum_arrivals_vehicles",)) == []


@pytest.mark.parametrize("name", ["wait_hour", "n_persons", "cum_arrivals_persons"])
def test_a_quantity_that_is_no_further_target_is_refused(name):
    with pytest.raises(UsageError, match=f"--also is {name}; expected another quantity that the case compares"):
        rows(until=10.0, quantities=(name,))


def test_a_run_is_averaged_over_the_hours_in_which_somebody_crossed():
    """Hours 1 to 4 of 2, nobody, 4, 6: mean 4; nobody at all: no value, and the run is no failed one."""
    series = np.array([[9.0, 2.0, np.nan, 4.0, 6.0, 9.0], [np.nan] * 6])
    counts = np.array([np.arange(6.0), np.arange(6.0)])
    runs = ensemble({WAIT: series, ARRIVALS: counts}, np.arange(6.0))
    found = table_of(runs, [told(5.0, 4.0), FitRow(*ARRIVALS, 2.0, 2.0, 2.0, 2.0)], (), n_draws=2)
    assert found[0].tolist() == [4.0, 2.0] and np.isnan(found[1, 0]) and found[1, 1] == 2.0


def test_half_and_twice_are_as_wrong_and_tellers_of_one_day_share_half():
    """ln(2)^2 in all; half of it shared at one hour, that times exp(-1) twelve hours on, none with a count."""
    error, count = ErrorModel(), FitRow(*ARRIVALS, 24.0, 100.0, 100.0, 100.0)
    given = [count, told(10.0), told(40.0), told(10.0, 36.0)]
    covariance, two = error.covariance(given), np.log(2.0) ** 2
    assert np.diag(covariance)[1:] == pytest.approx([two] * 3)
    assert covariance[1, 2:] == pytest.approx([two / 2, two / 2 * np.exp(-1.0)])
    assert covariance[0, 1:].tolist() == [0.0] * 3
    assert covariance[0, 0] == error.covariance([count])[0, 0]
    question = Question((ENTRY,), tuple(given), covariance, added=error.added(given))
    modelled, recorded = question.compared(np.array([[90.0, 5.0, 80.0, 10.0]]))
    assert (modelled - recorded)[0] == pytest.approx([-10.0, -np.log(2.0), np.log(2.0), 0.0])


ENTRY = Parameter("entry", 900.0, "persons/hour", Prior("lognormal", (450.0, 3600.0)), "assumed")
SERVED = 300.0  # persons an hour


def queue(values, _seeds):
    """[draw, row] a road that serves 300 an hour while more come: count at hours 6 and 24, mean wait of hours 1 to 24.

    Who crosses at hour t came at t x 300 / entry, and so has waited t x (1 - 300 / entry).
    """
    entry = np.array([v["entry"] for v in values])
    waits = 12.5 * np.maximum(1.0 - SERVED / entry, 0.01)
    return np.column_stack([np.full(len(entry), SERVED * 6.0), np.full(len(entry), SERVED * 24.0), waits])


def test_waits_tell_what_a_saturated_road_hides():
    """The count alone leaves the entry as it was; a wait told as 10 hours, right within 5 %, gives 1,500 an hour."""
    counts = [FitRow(*ARRIVALS, hour, *[SERVED * hour] * 3) for hour in (6.0, 24.0)]
    error = ErrorModel(reported_factor=1.05)
    both = (*counts, told(10.0))
    with_waits = Question((ENTRY,), both, error.covariance(both), added=error.added(both))
    without = Question((ENTRY,), tuple(counts), error.covariance(counts))
    effort = Effort(4, 300, 400)
    known = np.log(fit(with_waits, queue, seed=1, effort=effort).posterior)
    open_ = np.log(fit(without, lambda v, s: queue(v, s)[:, :2], seed=1, effort=effort).posterior)
    prior_sd = np.log(8.0) / (2 * 1.645)
    assert open_.std() == pytest.approx(prior_sd, rel=0.1)
    assert known.std() < prior_sd / 2
    assert np.exp(known.mean()) == pytest.approx(1500.0, rel=0.15)


def test_the_file_of_a_sample_says_how_waits_were_read():
    error, given = ErrorModel(reported_factor=3.0), (told(10.0),)
    question = Question((ENTRY,), given, error.covariance(given), added=error.added(given))
    found = fit(question, lambda v, s: queue(v, s)[:, 2:], seed=0, effort=Effort(1, 30, 10))
    until = datetime(2000, 1, 3, tzinfo=UTC)
    sample = sample_of(found, until, error=error, command="fit", scenario_hash="a", code_version="0")
    assert sample.about["errors"].endswith(
        "1 reported by travellers or journalists: a factor of 3 of the mean, 50% of its variance alike over 12 hours"
    )
    assert sample.fitted_targets == (WAIT,)

"""The timeline's fit and counterfactuals: weights against hand-worked chances, acts from their own day, refusals."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from safeconduct.engine import simulate
from safeconduct.ensemble import Ensemble, Plan
from safeconduct.findings.acts import HEAD, REFUSED, compare, overview, write_acts
from safeconduct.findings.simulation.tables import outcomes
from safeconduct.findings.timeline.phases import measure_summary
from safeconduct.inference.fit.proposal import effective_size, normalised
from safeconduct.inference.timeline.fit import drawn, rows_to_fit, tries
from safeconduct.inference.timeline.likelihood import log_likelihood, spread
from safeconduct.inference.timeline.scores import row_score
from safeconduct.scenario import Parameter, Scenario, Seen, find_case, parse_acts, read_case, with_acts_set
from safeconduct.terms import CaseError, Draws, Prior, UsageError

OPEN = "plain.keep_road_open@2030-12-01T00:00+01:00"


@lru_cache
def demo() -> Scenario:
    """The invented ceasefire, one simulated person for ten."""
    return replace(read_case("demo-ceasefire"), one_in=10)


def ensemble_of(scenario: Scenario, values: list[float]) -> Ensemble:
    """Runs that hold one constant number each of people outside."""
    hours = np.array([0.0, scenario.clock.hours])
    series = {("n_persons", "outside"): np.array([[x, x] for x in values])}
    return Ensemble(np.arange(len(values)), hours, series, {}, {"x": np.array(values)}, ())


def seen(says: str, best: float = 1000.0) -> Seen:
    """A reported figure of people outside."""
    start = demo().clock.start
    return Seen("one", "war", "n_persons", "outside", start + timedelta(days=3), best, best, best, says, start, "", "")


def test_the_likelihood_is_the_normal_of_the_logarithm() -> None:
    """exact: sd 0.1 of the logarithm, so a run 10 % of a logarithm off has exp(-1/2) of the chance."""
    runs = ensemble_of(demo(), [1000.0, 1000.0 * np.exp(0.1), 1000.0 * np.exp(-0.2)])
    found = log_likelihood(runs, demo(), [seen("exact")])
    np.testing.assert_allclose(found - found[0], [0.0, -0.5, -2.0], atol=1e-9)


def test_at_least_speaks_against_one_side_only() -> None:
    """Far above the figure nothing is held against a run; at the figure half is."""
    runs = ensemble_of(demo(), [1000.0, 50_000.0, 100.0])
    found = np.exp(log_likelihood(runs, demo(), [seen("at_least")]))
    assert found[0] == pytest.approx(0.5)
    assert found[1] == pytest.approx(1.0)
    assert found[2] < 1e-6


def test_bulletins_of_one_count_are_worth_three_rows() -> None:
    """Thirty equal rows weigh as much as three."""
    runs = ensemble_of(demo(), [1000.0, 1200.0])
    thirty, three = (log_likelihood(runs, demo(), [seen("exact")] * n) for n in (30, 3))
    np.testing.assert_allclose(thirty, three)


def test_only_the_wrong_side_of_a_bound_is_an_error() -> None:
    """At most 1,000: runs of 900 and 1,400 lie 0 and 400 beyond it, half of them agree; at least: 100 and 0."""
    runs = ensemble_of(demo(), [900.0, 1400.0])
    for says, beyond in (("at_most", 200.0), ("at_least", 50.0)):
        row = row_score(runs, demo(), seen(says), (), was_fitted=False)
        assert (row.beyond, row.agrees) == (beyond, 0.5) and np.isnan(row.crps)


def test_a_range_widens_the_error() -> None:
    """500-2,000 read as 90 %: log(4) / 3.29."""
    assert spread(replace(seen("about"), low=500.0, high=2000.0)) == pytest.approx(np.log(4.0) / 3.29)


def test_draws_follow_the_weights() -> None:
    """Systematic draws differ from their expectation by less than one."""
    chances = normalised(np.log([0.1, 0.2, 0.7]))
    counts = np.bincount(drawn(chances, 100, Draws(5)), minlength=3)
    assert (np.abs(counts - 100 * chances) < 1).all()


def test_rounds_recover_a_known_posterior() -> None:
    """People outside = persons_present as drawn; prior normal, one report of the same width: the mean is half way.

    Prior N(m, s), report of m + 2 s with deviation s (of the logarithm, as s is small against m): N(m + s, s / sqrt 2).
    """
    scenario, report = demo(), seen("exact")
    width = 0.1 * report.best
    prior = Prior("normal", (report.best - 2.0 * width, width))
    free = [Parameter("x", prior.arguments[0], "persons", prior, "assumed", "")]

    def carry(case: Scenario, rows: Sequence[Mapping[str, float]], seeds: Sequence[int]) -> Ensemble:
        assert len(set(seeds)) == len(rows)
        return ensemble_of(case, [report.best * float(np.exp(row["x"] / report.best - 1.0)) for row in rows])

    values, found = tries(scenario, scenario, carry, [report], free, [{"y": 7.0}], 500, Draws(3))
    x = np.array([row["x"] for row in values])
    mean = float(found.weights @ x)
    spread_of = float(np.sqrt(found.weights @ (x - mean) ** 2))
    error = width / np.sqrt(2.0 * effective_size(found.weights))
    assert found.widened == 1.0 and all(row["y"] == 7.0 for row in values)
    assert abs(mean - (report.best - width)) < 5 * error
    assert abs(spread_of - width / np.sqrt(2.0)) < 5 * error


def test_rows_published_later_are_not_fitted_on() -> None:
    """A row of the phase that speaks of an earlier time but came out after the date is left for scoring."""
    scenario = demo()
    assert scenario.timeline is not None
    phase = next(one for one in scenario.timeline.phases if one.key == "handover")
    rows = rows_to_fit(scenario, phase)
    late = tuple(replace(one, published=one.published + timedelta(days=90)) for one in scenario.timeline.observed)
    other = replace(scenario, timeline=replace(scenario.timeline, observed=late))
    assert len(rows) == 3 and rows_to_fit(other, phase) == ()


def test_an_act_changes_nothing_before_its_day() -> None:
    """Same draws: both worlds are equal to the last bit until the act."""
    scenario = demo()
    acts = parse_acts(scenario, OPEN)
    values, changed = Plan(scenario, 1, 2).values(0), with_acts_set(scenario, acts)
    first, second = simulate(scenario, values, seed=2), simulate(changed, values, seed=2)
    hour = scenario.clock.hour_of(acts[0][1])
    for key in (("n_persons", "inside"), ("food_days", "inside")):
        before = [run.series[key][run.hours <= hour] for run in (first, second)]
        np.testing.assert_array_equal(*before)
    assert first.series["food_met_share", "inside"].min() < 0.9 < second.series["food_met_share", "inside"].min()


def test_an_answer_that_is_its_assumption_is_refused(tmp_path: Path) -> None:
    """The open road decides the days of food by itself; who stays at the end is a result."""
    scenario = demo()
    acts = parse_acts(scenario, OPEN)
    worlds = []
    for case in (scenario, with_acts_set(scenario, acts)):
        runs = [simulate(case, Plan(case, 3, 0).values(k), seed=k) for k in range(3)]
        outcomes = {name: np.array([run.outcomes.get(name, np.nan) for run in runs]) for name in runs[0].outcomes}
        drawn_values = {name: np.array([run.values[name] for run in runs]) for name in runs[0].values}
        worlds.append(Ensemble(np.arange(3), np.zeros(1), {}, outcomes, drawn_values, ()))
    found = compare(scenario, acts, *worlds)
    by_name = {one.name: one.record() for one in found.measures}
    assert by_name["closed.food_lowest"]["result"] == REFUSED and "difference" not in by_name["closed.food_lowest"]
    assert isinstance(by_name["case.inside"]["difference"], dict)
    assert found.assumed and found.n_pairs == 3
    write_acts(tmp_path / "acts", found, {})
    table = list(csv.DictReader((tmp_path / "acts" / "counterfactual.csv").open()))
    refused = {name for name, one in by_name.items() if "result" in one}
    shared = {one.name for one in found.measures if one.difference.size}
    assert refused and {row["measure"] for row in table} == shared - refused


def test_who_lives_inside_stands_with_pairs_and_the_last_report() -> None:
    """11 of 12 pairs; 40 more inside in each; the latest of two reports; the answer at both ends of a parameter."""
    plain = demo()
    plan = plain.timeline
    assert plan is not None
    start = plain.clock.start
    reports = [
        replace(seen("about", best), place="inside", time=start + timedelta(days=day), reporter="Valley")
        for day, best in ((5, 900.0), (2, 1000.0))
    ]
    scenario = replace(plain, timeline=replace(plan, observed=tuple(reports)))
    x = np.arange(12.0)
    runs = ensemble_of(scenario, list(x))
    first, second = (replace(runs, outcomes={"case.inside": 100.0 * x + more}) for more in (0.0, 40.0))
    fewer = replace(second, runs=x[:-1].astype(int), outcomes={"case.inside": second.outcomes["case.inside"][:-1]},
                    parameters={"x": x[:-1]})  # fmt: skip
    row = dict(
        zip(HEAD, overview(["open"], [compare(scenario, parse_acts(scenario, OPEN), first, fewer)])[0], strict=True)
    )
    assert row["pairs"] == "11" and row["difference"] == "40 (40 to 40)"
    assert row["inside, simulated without the change"] == "500 (100 to 900)"
    assert row["inside, last report"] == f"900: Valley, {reports[0].time.day} {reports[0].time:%B %Y}"
    assert row["depends most on"] == (
        "x (rank correlation +1.00): 190 (70 to 310) where it is 0 to 3; 890 (770 to 1,010) where it is 7 to 10"
    )


def test_a_refused_answer_is_not_told_by_what_it_depends_on() -> None:
    """An act that decides who lives inside: no figures for it in either world's record, the overview or its ends."""
    plain = demo()
    plan = plain.timeline
    assert plan is not None
    acts = parse_acts(plain, OPEN)
    effects = tuple(replace(one, sets=(*one.sets, "case.inside")) for one in plan.acts)
    scenario = replace(plain, timeline=replace(plan, acts=effects))
    x = np.arange(12.0)
    runs = replace(ensemble_of(scenario, list(x)), outcomes={"case.inside": 100.0 * x})
    found = compare(scenario, acts, runs, runs)
    row = dict(zip(HEAD, overview(["open"], [found])[0], strict=True))
    assert found.dominates == () and row["inside, simulated with it"] == REFUSED
    assert row["difference"] == row["depends most on"] == ""


def test_a_level_that_is_never_reached_is_later_than_all() -> None:
    """10 runs, 4 of which never fall below: p50 of [1..6, never x 4] lies between 5 and 6, p75 is never."""
    scenario = demo()
    phase, measure = next(
        (phase, one)
        for phase in (scenario.timeline.phases if scenario.timeline else ())
        for one in phase.measures
        if one.at.startswith("first_")
    )
    days = np.array([1.0, 2, 3, 4, 5, 6, *[np.nan] * 4])
    name = f"{phase.key}.{measure.name}"
    runs = replace(ensemble_of(scenario, [0.0] * 10), outcomes={name: days})
    found = measure_summary(phase, measure, runs)
    assert (found["p50"], found["p75"], found["n_runs_without"], found["unit"]) == (5.5, None, 4, "days")
    assert outcomes(runs, scenario)[name]["p50"] == 5.5 and outcomes(runs, scenario)[name]["p75"] is None


def test_declared_counterfactuals_are_read_and_all_faults_are_told(tmp_path: Path) -> None:
    """The shipped file's acts lie within the case; a key that comes twice and a mistyped act are told at once."""
    plan = demo().timeline
    assert plan is not None
    assert [one.key for one in plan.declared] == ["road-open", "transfer-later"]
    assert plan.declared[0].acts == parse_acts(demo(), plan.declared[0].do)
    folder = tmp_path / "case"
    copytree(find_case("demo-ceasefire"), folder)
    lines = (folder / "counterfactuals.yaml").read_text("utf-8").replace("transfer-later", "road-open")
    (folder / "counterfactuals.yaml").write_text(lines.replace("keep_road_open", "keep_road_opn"), "utf-8")
    with pytest.raises(CaseError) as told:
        read_case(folder)
    assert "a key that no other has" in str(told.value) and "keep_road_open" in str(told.value)


def test_a_range_stands_with_its_conditions() -> None:
    """With the road open its phase does not take place; the departure does, as recorded, and is named."""
    scenario = demo()
    acts = parse_acts(scenario, OPEN)
    flat = ensemble_of(scenario, [1.0, 2.0])
    flat = replace(flat, outcomes={"case.inside": np.array([3.0, 5.0])})
    conditions = compare(scenario, acts, flat, flat).conditions
    closed, departure = (phase.title for phase, _ in scenario.phase_starts()[-2:])
    assert conditions[0] == f"{closed}: does not take place."
    assert conditions[1].startswith(f"{departure}: as recorded, from 2031-04-25")


def test_an_unknown_act_is_refused_with_the_nearest() -> None:
    """One sentence with what there is."""
    with pytest.raises(UsageError, match="keep_road_open"):
        parse_acts(demo(), "plain.keep_road_opn@2030-12-01T00:00+01:00")

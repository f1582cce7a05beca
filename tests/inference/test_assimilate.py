"""Forecasts from states: the fluid's posterior against a grid, the pool, what was known when, a small forecast."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from safeconduct.engine import advance, finish
from safeconduct.findings.forecast import backtest_table, tables_beside, write_backtest
from safeconduct.inference.assimilate import Backtest, OriginScore, WaitScore, make_forecast
from safeconduct.inference.assimilate.demand import Channel, Free
from safeconduct.inference.assimilate.evidence import Count, Published, QueueReport, WaitReport, published_by
from safeconduct.inference.assimilate.fluid import Draw, Fluid, Near, effective_size, passed, posterior, refined
from safeconduct.inference.assimilate.forecast import between_counts, ensemble_of, from_last_count, known_events
from safeconduct.inference.assimilate.particles import Particle, crossed, follow, run_to, setting_of
from safeconduct.inference.assimilate.pool_of_forecasts import N_QUANTILES, server_with_priors, with_rules
from safeconduct.inference.assimilate.sampler import Assimilated, Effort, own_chance
from safeconduct.ledger import Ledger
from safeconduct.scenario import Amount, Scenario, read_case
from safeconduct.terms import Draws, Prior, parse_time

SD, PER_VEHICLE, SECONDS = 0.4, 4.0, 60.0


def one_post(evidence: tuple[Count, ...], hours: int = 6, case: Scenario | None = None) -> Fluid:
    """A post at which so many stand that it always serves; only its log rate is unknown."""
    case = case or read_case("demo-valley")
    fixed = {name: p.value for name, p in case.parameters.items()} | {"service_sd": SD, "service_memory_hours": 12.0}
    setting = setting_of(case, fixed, ())
    channel = Channel(0, "pass_gate", 2, Amount(SECONDS), Amount(), 1, -np.inf)
    free = Free(np.full(hours + 1, 1e6), 1.0, PER_VEHICLE)
    none = np.zeros(len(setting.parameters), dtype=bool)
    return Fluid(setting, (channel,), ((free,),), evidence, none, 1, -(-hours // 6), 1, np.ones(len(evidence)))


def test_the_posterior_of_a_rate_is_that_of_a_grid() -> None:
    """One slot of six hours, two booths of 60 s, four persons a vehicle: level 480 an hour, 3,600 counted.

    Posterior of x by a grid over its prior N(0, sd^2) and the count's normal error; the mean of 1,500 draws lies within
    five standard errors of it, their spread within a tenth.
    """
    count = Count("pass_gate", 0.0, 6.0, 3600.0, 3600.0)
    fluid = one_post((count,))
    draw, _ = posterior(fluid, Draws(4), 1500)
    found = SD * draw.shocks[:, 0, 0]
    grid = np.linspace(-2.0, 2.0, 4001)
    level = 2 * 3600 / SECONDS * PER_VEHICLE
    log_density = -0.5 * (grid / SD) ** 2 + count.log_likelihoods(6 * level * np.exp(grid))
    weights = np.exp(log_density - log_density.max())
    weights /= weights.sum()
    mean = float(weights @ grid)
    sd = float(np.sqrt(weights @ (grid - mean) ** 2))
    assert abs(found.mean() - mean) < 5 * sd / np.sqrt(300)  # neighbours are alike: at least 300 independent
    assert abs(found.std() / sd - 1.0) < 0.15


def test_an_error_is_a_share_of_the_truth() -> None:
    """5 %, a quarter of an hour of ten at either end, 25 persons: of 1,000 who crossed, whatever was reported.

    So 900 reported of 1,000 is as likely as 1,100, and of 1,000 reported 1,200 in truth are likelier than 800.
    """
    sd = float(np.sqrt(50.0**2 + 2 * 25.0**2 + 25.0**2))
    low, high = (Count("here", 0.0, 10.0, persons, persons) for persons in (900.0, 1100.0))
    assert float(low.sd(np.array(1000.0))) == pytest.approx(sd) == float(high.sd(np.array(1000.0)))
    assert low.log_likelihoods(np.array([1000.0])) == pytest.approx(high.log_likelihoods(np.array([1000.0])))
    less, more = Count("here", 0.0, 10.0, 1000.0, 1000.0).log_likelihoods(np.array([800.0, 1200.0]))
    assert more > less


def test_moves_to_new_runs_give_the_posterior_where_few_runs_of_the_prior_agree() -> None:
    """1,000 * exp(s) people, s standard normal, pass a fast post; 4,000 were counted, five runs of the prior are known.

    Posterior of s by a grid. Before the moves all draws share a few of five runs; after them there are n effective
    ones, and mean and spread are those of the grid within four standard errors, sd / sqrt(n) and 1 / sqrt(2 n).
    """
    scores = [-1.5, -0.5, 0.0, 0.9, 2.0]
    rng = np.random.default_rng(3)

    def free_of(score: float) -> tuple[Free, ...]:
        return (Free(np.full(7, 1000.0 * np.exp(score)), 1.0, 1e6),)

    def near(runs: np.ndarray) -> list[tuple[Free, ...]]:
        made = [float(np.sqrt(0.75) * scores[run] + 0.5 * rng.normal()) for run in runs]
        scores.extend(made)
        return [free_of(score) for score in made]

    count = Count("pass_gate", 0.0, 6.0, 4000.0, 4000.0)
    fluid = replace(one_post((count,)), free=tuple(free_of(score) for score in scores), n_prior=5)
    few, each = posterior(fluid, Draws(2), 3000)
    assert len(set(few.run.tolist())) <= 5
    for _ in range(6):  # the start is far off: rounds enough to forget it
        few, each = refined_with(fluid, few, each, near)
        fluid = replace(fluid, free=tuple(free_of(score) for score in scores))
    found = np.array(scores)[few.run]
    grid = np.linspace(-4.0, 4.0, 4001)
    log_density = -0.5 * grid**2 + count.log_likelihoods(1000.0 * np.exp(grid))
    weights = np.exp(log_density - log_density.max())
    weights /= weights.sum()
    mean = float(weights @ grid)
    sd = float(np.sqrt(weights @ (grid - mean) ** 2))
    n = effective_size(np.unique(few.run, return_counts=True)[1] / few.run.size)
    assert n >= 300
    assert abs(found.mean() - mean) < 4 * sd / np.sqrt(n)
    assert abs(found.std() / sd - 1.0) < 4 / np.sqrt(2 * n)


def refined_with(fluid: Fluid, draw: Draw, each: np.ndarray, near: Near) -> tuple[Draw, np.ndarray]:
    """Rounds of moves whose draws differ from call to call."""
    return refined(fluid, Draws(len(fluid.free)), draw, each, near, 300)


def test_copies_of_a_particle_part_by_chance_from_where_they_were_copied() -> None:
    """Two particles of one past: the same up to the hour, other service times after it; run again, each is the same."""
    setting = setting_of(read_case("demo-valley"), {}, ("cum_arrivals_persons",))
    hour = setting.scenario.clock.hours / 2
    one = Particle(np.zeros(len(setting.parameters)), 3, np.empty((0, 0)), np.empty(0))
    copies = own_chance([one, one], Draws(1), hour)
    courses = [run_to(setting, copy, setting.scenario.clock.hours) for copy in copies]
    past = [crossed(course, "pass_gate", 0.0, hour) for course in courses]
    assert past[0] == past[1] > 0
    series = [finish(course).series["cum_arrivals_persons", "pass_gate"] for course in courses]
    assert not np.array_equal(series[0], series[1])
    known = run_to(setting, one, hour)
    follow(known, copies[1])
    advance(known)
    np.testing.assert_array_equal(finish(known).series["cum_arrivals_persons", "pass_gate"], series[1])


def test_a_queue_passes_what_the_rate_allows_and_no_more_than_has_come() -> None:
    """Without shocks the post passes 480 an hour until those who came are through."""
    fluid = one_post((), hours=12)
    draw, _ = posterior(replace(fluid, evidence=()), Draws(1), 20)
    still = replace(draw, shocks=np.zeros_like(draw.shocks))
    _, out = passed(fluid, still, fluid.values(still.scores), 0)
    np.testing.assert_allclose(out[0], 480.0 * np.arange(13))
    few = replace(fluid, free=((Free(np.full(13, 1000.0), 1.0, PER_VEHICLE),),))
    _, out = passed(few, still, few.values(still.scores), 0)
    assert out[0, -1] == 1000.0


def test_reports_pull_the_way_they_should() -> None:
    """A wait half as long as reported is one sd off where one report stands alone; a longer queue meets "at least"."""
    report = WaitReport("here", 0.0, 24.0, 20.0, 1)
    assert report.log_likelihoods(np.array([10.0]))[0] == pytest.approx(-0.5)
    assert report.log_likelihoods(np.array([np.nan]))[0] < -5
    least = QueueReport(0.0, 24.0, 10.0, is_at_least=True)
    found = least.log_likelihoods(np.array([0.0, 10.0, 100.0]))
    assert found[0] < found[1] < found[2] <= 0.0


def test_the_pool_is_a_mixture_of_paths() -> None:
    """100 runs that change ranks, all at 0 to 1; rules at 4 and at 8: a half, a quarter, a quarter at every hour.

    Runs that stay keep their own path, and stand for all: of 100 evenly spread last totals every other one is left. Two
    parts of three likewise. A rule's runs take its quantiles.
    """
    rng = np.random.default_rng(1)
    series = np.cumsum(rng.uniform(0.0, 0.25, (100, 4)), axis=1)
    series[:, -1] = rng.permutation(100) / 100.0 + series[:, -2]
    four, eight = (np.linspace(low, low + 1.0, N_QUANTILES)[:, None] + np.zeros(4) for low in (4.0, 8.0))
    found = with_rules(series, {"server with priors": four, "capped line with spread": eight})
    for hour in range(4):
        taken = [(found[:, hour] < 4).sum(), ((found[:, hour] >= 4) & (found[:, hour] < 8)).sum()]
        assert taken == [50, 25]
    kept = found[:, -1] < 4
    np.testing.assert_array_equal(found[kept], series[kept])
    order = np.argsort(series[:, -1])
    assert max(np.diff(np.flatnonzero(kept[order]))) <= 3
    np.testing.assert_allclose(np.sort(found[found[:, 0] >= 8, 0]), 8.0 + (np.arange(25) + 0.5) / 25, atol=0.01)
    two = with_rules(series, {"server with priors": four})
    assert abs((two[:, 0] < 4).mean() - 2 / 3) <= 0.01


def test_a_rule_whose_prior_a_count_nearly_excludes_still_has_a_spread() -> None:
    """60 persons in 40 hours where 350 an hour are few: of 20,000 draws hardly one agrees, so more are drawn.

    In the end all are served, and the count says nothing of how many they are: mean and spread are those of the prior,
    N(m, s), within five standard errors of 30 effective draws, s / sqrt(30) and s / sqrt(60).
    """
    case = read_case("demo-valley")
    prior = case.parameters["persons_present"].prior
    normal_prior = Prior("normal", (prior.quantile(0.5), prior.quantile(0.5) / 10.0))
    known = {**case.parameters, "persons_present": replace(case.parameters["persons_present"], prior=normal_prior)}
    case = replace(case, parameters=known)
    found = server_with_priors(case, np.array([40.0]), np.array([60.0]), np.array([1e7]), opening=0.0, seed=1)[:, 0]
    mean, sd = normal_prior.arguments
    assert abs(found.mean() - mean) < 5 * sd / np.sqrt(30)
    assert abs(found.std() / sd - 1.0) < 5 / np.sqrt(60)


def test_only_what_was_published_counts() -> None:
    """A later as-of never loses a count; nothing published after it is used; later events need an announcement."""
    case = read_case("karabakh-2023")
    early, late = (parse_time(f"2023-09-{text}+04:00") for text in ("26T08:00", "28T12:00"))
    first, second = published_by(case, early), published_by(case, late)
    assert set(first.counts) <= set(second.counts) and len(first.counts) < len(second.counts)
    assert all(claim.published <= early for claim in first.ledger.claims if claim.published)
    assert not published_by(case, late, with_waits=False).waits and second.waits
    assert all(event.time <= early for event in known_events(case, early))
    last = case.events[-1]
    told = replace(last, note=f"announced {early:%Y-%m-%dT%H:%M%z}; by radio")
    assert told in known_events(replace(case, events=(*case.events[:-1], told)), early + timedelta(hours=1))


def test_counts_of_hours_already_covered_are_no_evidence_and_rough_hours_have_their_error() -> None:
    """Ukraine: no two daily counts of a country share hours, and they add up. Karabakh: 19,000 at about 16:00.

    Said to hold between 10:00 and 22:00, published at 17:00: seven hours, sd 7 / sqrt(12) = 2.02.
    """
    case = read_case("ukraine-2022")
    found = published_by(case, case.clock.end)
    for place in found.last_counts:
        mine = [one for one in found.counts if one.place == place]
        assert all(later.since > one.hour - 2.5 for one, later in pairwise(mine))
        assert mine[-1].total == pytest.approx(sum(one.persons for one in mine))
    evening = published_by(read_case("karabakh-2023"), parse_time("2023-09-26T20:00+04:00"))
    rough = evening.rough
    assert [(one.total, round(one.late, 2)) for one in rough] == [(19_000.0, 2.02)]
    assert evening.said_of("hakari_bridge") == 19_000.0 > evening.last_counts["hakari_bridge"].total
    persons = np.array(rough[0].persons)
    assert rough[0].sd(persons) > replace(rough[0], late=0.0).sd(persons)


def test_bands_are_of_the_next_count() -> None:
    """Runs that all agree, 100 persons an hour: a count nine hours on spreads by 5 % of 900, the hour and rounding.

    sd = hypot(45, sqrt(2) * 0.25 * 100, 25) = 62.5; 4,000 runs give it within five standard errors, 5 / sqrt(8,000).
    """
    hours = np.arange(21.0)
    runs = np.tile(100.0 * hours, (4000, 1))
    counts = (Count("here", 0.0, 10.0, 900.0, 900.0),)
    found = from_last_count(hours, runs, Published(10.0, counts, (), (), (), (), Ledger((), "")), "here", 3)
    assert (found[:, 10] == 900.0).all() and found[:, 5].std() == 0.0
    assert abs(found[:, 19].mean() - 1800.0) < 5 * 70 / np.sqrt(4000)
    assert abs(found[:, 19].std() / np.hypot(np.hypot(45.0, np.sqrt(2) * 0.25 * 100), 25.0) - 1) < 5 / np.sqrt(8000)


def test_between_two_counts_people_came_as_in_each_run() -> None:
    """500 counted by hour 10. One run had all come in the first five hours, one none in them, one has no one at all."""
    hours = np.arange(12.0)
    early, late = np.minimum(hours / 5.0, 1.0), np.clip((hours - 5.0) / 5.0, 0.0, 1.0)
    counts = (Count("here", 0.0, 10.0, 500.0, 500.0),)
    found = between_counts(hours, np.array([80 * early, 90 * late, 0 * late]), counts)
    np.testing.assert_allclose(found[:, 10], 500.0)
    np.testing.assert_allclose(found[:, 5], [500.0, 0.0, 250.0])
    assert (np.diff(found, axis=1) >= 0).all()


def test_waits_of_a_back_test_are_off_by_a_root_mean_square_factor() -> None:
    """Medians twice and half of what was reported are off by a factor of 2; a day that no run crossed is left out."""
    when = parse_time("2023-09-26T08:00+04:00")
    days = [(20.0, 40.0), (30.0, 15.0), (10.0, float("nan"))]
    waits = tuple(WaitScore(when, "gate", when.date(), told, 1, 0.0, middle, 99.0) for told, middle in days)
    found = Backtest((), waits, ())
    assert found.wait_factor(when) == pytest.approx(2.0)
    assert np.isnan(found.wait_factor(when + timedelta(hours=12)))


def test_a_page_of_a_back_test_tells_places_apart_and_adds_up_coverage(tmp_path: Path) -> None:
    """Two places from one origin are two lines; 3 of 4 and 1 of 4 rows inside are half of all."""
    when = parse_time("2023-09-26T08:00+04:00")
    scores = tuple(
        OriginScore(when, place, "forecast (pool)", 4, 10.0, 9.0, (inside, inside), 0.0, 0.0, 0.0)
        for place, inside in (("east", 3), ("west", 1))
    )
    found = Backtest(scores, (), ())
    assert [line[1] for line in backtest_table(found).rows] == ["east", "west", ""]
    assert tables_beside(found)[0].rows == (("forecast (pool)", "8", "50%", "50%"),)
    page = write_backtest(tmp_path, found, "<b>case</b>").read_text(encoding="utf-8")
    assert "&lt;b&gt;case" in page and "<b>case" not in page


@pytest.mark.slow
def test_a_small_forecast_is_the_same_with_one_process_and_two_and_is_written(tmp_path: Path) -> None:
    """The demo valley with few particles: same seed, same runs; every file is there and the figures are ordered."""
    from safeconduct.findings.forecast import write_forecast

    case = read_case("demo-valley")
    when = case.clock.start + (case.clock.end - case.clock.start) / 2
    one, two = (make_forecast(case, when, case.clock.end, effort=Effort(20, 20, 100), workers=n) for n in (1, 2))
    for key, series in one.ensemble.series.items():
        np.testing.assert_array_equal(series, two.ensemble.series[key])
    write_forecast(tmp_path, one, {"command": "test", "case": case.key, "seed": 0})
    record = json.loads((tmp_path / "forecast.json").read_text(encoding="utf-8"))
    page = (Path(__file__).parents[2] / "docs" / "forecast.md").read_text(encoding="utf-8")
    assert [name for name in record if f"`{name}`" not in page] == []
    assert all(row["best_case"] <= row["most_likely"] <= row["worst_case"] for row in record["plan"])
    written = {path.name for path in tmp_path.iterdir()}
    assert {"planning.xlsx", "planning.csv", "forecast.html", "onepage.html", "arrivals.csv"} <= written
    assert [name for name in written if f"`{name}`" not in page] == []


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_runs_count_everybody_once_where_a_simulated_person_stands_for_many(share: float) -> None:
    """With one in ten simulated, a run counts all for whom people crossed."""
    case = replace(read_case("demo-valley"), one_in=10)
    setting = replace(setting_of(case, {}, ("cum_arrivals_persons",)), share=share)
    particle = Particle(np.zeros(len(setting.parameters)), 3, np.empty((0, 0)), np.empty(0))
    course = run_to(setting, particle, case.clock.hours)
    runs = ensemble_of(Assimilated(setting, (), (particle,), (finish(course),)))
    everybody = setting.persons_each() * crossed(course, "pass_gate", 0.0, case.clock.hours)
    assert everybody > 500
    assert runs.series["cum_arrivals_persons", "pass_gate"][0, -1] == pytest.approx(everybody)

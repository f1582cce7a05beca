"""What must hold in any run of a case with phases: people and goods are conserved, rules at posts are kept.

The invented case `demo-ceasefire` is run under parameter values drawn over the whole of their priors (Hypothesis, the
same draws on every machine).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import counted_afresh

from safeconduct.engine import Run, simulate
from safeconduct.engine.run import counts
from safeconduct.engine.scale import one_in_many
from safeconduct.engine.step import ORDER
from safeconduct.engine.tables import Tables, build_tables
from safeconduct.engine.timeline.supplies import ledger
from safeconduct.engine.world import World, build_world
from safeconduct.ensemble import Plan
from safeconduct.scenario import Amount, Scenario, read_case

few = settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 10_000)


@lru_cache
def demo() -> Scenario:
    """The invented ceasefire, one simulated person for five."""
    return replace(read_case("demo-ceasefire"), one_in=5)


def steps(scenario: Scenario, seed: int) -> Iterator[tuple[World, Tables]]:
    """The world after every step of a run whose parameters are drawn from their priors."""
    tables = build_tables(*one_in_many(scenario, Plan(scenario, 1, seed).values(0)))
    world = build_world(tables, seed)
    for hour, until in zip(tables.edges[:-1], tables.edges[1:], strict=True):
        world.hour, world.until = float(hour), float(until)
        for phase in ORDER:
            phase(world, tables)
        world.before, world.hour = world.hour, world.until
        yield world, tables


@lru_cache
def karabakh() -> Scenario:
    """The shipped ceasefire of three years, one simulated person for sixty."""
    return replace(read_case("karabakh"), one_in=60)


@few
@given(seed=seeds)
def test_people_and_goods_are_conserved_through_all_phases(seed: int) -> None:
    """Everybody is somewhere at every hour; start + came + made = in store + used + spoiled, to rounding."""
    check_conserved(demo(), seed)


@settings(few, max_examples=2)
@given(seed=seeds)
def test_three_years_of_a_shipped_case_conserve_people_and_goods(seed: int) -> None:
    """The same over its 1,104 days."""
    check_conserved(karabakh(), seed)


def check_conserved(scenario: Scenario, seed: int) -> None:
    """After every step; that each person is somewhere, after every fortieth."""
    for number, (world, tables) in enumerate(steps(scenario, seed)):
        course = world.course
        assert course is not None
        found, flows = course.goods.stock, ledger(course.goods)
        assert (found >= 0).all() and (course.goods.met >= 0).all() and (course.goods.met <= 1 + 1e-9).all()
        there = found.sum(axis=1) + flows["used"] + flows["spoiled"]
        np.testing.assert_allclose(there, flows["start"] + flows["came"] + flows["made"], rtol=1e-9)
        assert (world.here >= 0).all()
        if number % 40 == 0:
            at_place, by_link = counted_afresh(world, tables)
            assert at_place[0].sum() + by_link[1].sum() == tables.persons.sum()
            np.testing.assert_array_equal(at_place[0], world.here)
            np.testing.assert_array_equal(by_link, counts(world, tables)[1])


@few
@given(seed=seeds)
def test_nobody_passes_whom_the_rules_refuse(seed: int) -> None:
    """While the post is shut, those who cross are those whom passages let through, within the limits so far."""
    shut_at, passed = None, 0.0
    for world, tables in steps(demo(), seed):
        posts = world.course.posts if world.course else None
        assert posts is not None
        assert (posts.cum_passed <= posts.cum_allowed + 1e-6).all()
        crossed = float(world.roads.crossed[0].sum()) * tables.scenario.one_in
        is_shut = not world.roads.rows["admits"][posts.row[0]] & 1
        if is_shut and shut_at is None:
            shut_at = world.hour
        if shut_at is not None and is_shut and world.hour > shut_at + 72:
            passed = float(posts.cum_passed[posts.is_out].sum())
            assert crossed - crossed_at(world, tables, shut_at + 48) <= passed + 1e-6
    assert shut_at is not None and passed > 0


def test_transfers_of_a_stated_size_are_a_limit_a_day() -> None:
    """One and a half transfers a day of two persons each let through whom three a day let through, to the last bit."""
    scenario = demo()
    by_size = replace(
        scenario,
        events=tuple(
            replace(e, value=Amount(1.5), seats=2.0) if e.kind == "passage" else e for e in scenario.events
        ),
    )  # fmt: skip
    assert {e.value for e in scenario.events if e.kind == "passage"} == {Amount(3.0)}
    one, other = runs(scenario, 1)[0], runs(by_size, 1)[0]
    for key, values in one.series.items():
        np.testing.assert_array_equal(values, other.series[key])


def crossed_at(world: World, tables: Tables, hour: float) -> float:
    """Persons who had crossed by an hour; those on the road when a post shuts may still pass for two days."""
    return float(world.roads.crossed[0, :, : int(hour)].sum()) * tables.scenario.one_in


def runs(scenario: Scenario, n: int = 3) -> list[Run]:
    """A few runs with parameters from their priors."""
    plan = Plan(scenario, n, 0)
    return [simulate(scenario, plan.values(k), seed=plan.run_seed(k)) for k in range(n)]


def moved(scenario: Scenario, event: str, days: float) -> Scenario:
    """The case with an event so many days later."""
    return replace(
        scenario,
        events=tuple(
            sorted(
                (replace(e, time=e.time + timedelta(days=days)) if e.id == event else e for e in scenario.events),
                key=lambda e: e.time,
            )
        ),
    )


def peaceful(scenario: Scenario) -> Scenario:
    """The case without its first war, so that all who live in the village leave for its transfer alone."""
    return replace(
        scenario, events=tuple(e for e in scenario.events if not e.id.startswith(("fighting", "crest-buses")))
    )


def test_a_transfer_moved_by_ten_days_moves_the_flight_and_not_its_size() -> None:
    """Announced ten days later and carried out ten days later: as many leave, ten days later, to the recording step."""
    before = peaceful(demo())
    after = moved(moved(before, "transfer-announced", 10), "transfer-crest", 10)
    for first, second in zip(runs(before), runs(after), strict=True):
        key = ("cum_departures_persons", "crest")
        old, new = first.series[key], second.series[key]
        size = [np.interp(24 * 45.0, run.hours, run.series[key]) for run in (first, second)]
        assert size[0] > 100 and abs(size[1] - size[0]) <= 0.1 * size[0]
        middle = [
            float(np.interp(0.5 * s, line, run.hours))
            for s, line, run in zip(size, (old, new), (first, second), strict=True)
        ]
        assert 24 * 8.5 <= middle[1] - middle[0] <= 24 * 11.5


def test_a_postponed_transfer_moves_the_flight() -> None:
    """A second announcement, before the first date comes near, replaces the date."""
    scenario = peaceful(demo())
    announced = next(e for e in scenario.events if e.id == "transfer-announced")
    transfer = next(e for e in scenario.events if e.id == "transfer-crest")
    again = replace(
        announced, id="postponed", time=announced.time + timedelta(hours=1), value=type(announced.value)(22.0)
    )
    events = [e for e in moved(scenario, transfer.id, 10).events] + [again]
    later = replace(scenario, events=tuple(sorted(events, key=lambda e: e.time)))
    key = ("cum_departures_persons", "crest")
    for first, second in zip(runs(scenario), runs(later), strict=True):
        half = [float(np.interp(0.5 * run.series[key].max(), run.series[key], run.hours)) for run in (first, second)]
        assert 24 * 8.5 <= half[1] - half[0] <= 24 * 11.5


def test_nobody_returns_to_a_place_that_was_handed_over() -> None:
    """No rule forbids it: all may return everywhere from the same day; pressure in the village keeps them away."""
    for run in runs(demo()):
        assert run.series["cum_returns_persons", "crest"][-1] == 0
        assert run.series["cum_returns_persons", "inside"][-1] > 500


@pytest.mark.parametrize("days", [30.0, 200.0])
def test_what_has_not_happened_yet_changes_nothing_before(days: float) -> None:
    """A run that ends earlier equals the first part of the longer one: state is carried over, not fitted to the end."""
    scenario = demo()
    clock = scenario.clock
    short = replace(scenario, clock=replace(clock, end=clock.start + timedelta(days=days)))
    values = Plan(scenario, 1, 3).values(0)
    whole, part = simulate(scenario, values, seed=3), simulate(short, values, seed=3)
    shared = whole.hours < 24 * days - 1e-6
    for key in (
        ("n_persons", "inside"),
        ("food_days", "inside"),
        ("cum_returns_persons", "inside"),
        ("trust", "inside"),
    ):
        np.testing.assert_allclose(part.series[key][:-1], whole.series[key][shared])

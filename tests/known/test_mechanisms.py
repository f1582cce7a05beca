"""The model answers changes as it must: which way, and roughly how far. Paired runs: same seeds, same draws.

Demo valley, ten runs. The bounds are wide on purpose: they say what would be wrong, not what is right to the percent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from safeconduct.engine import simulate
from safeconduct.ensemble import Plan
from safeconduct.scenario import Scenario, read_case, with_event_time, with_parameter

VALLEY = read_case("demo-valley")
N = 10


def outcomes(scenario: Scenario, **changes: Callable[[float], float]) -> dict[str, np.ndarray]:
    """[run] outcomes, every run with the parameters it would have had, some of them changed."""
    plan, found = Plan(scenario, N, 0), []
    for k in range(N):
        values = plan.values(k)
        values |= {name: change(values[name]) for name, change in changes.items()}
        found.append(simulate(scenario, values, seed=plan.run_seed(k), record=()).outcomes)
    return {name: np.array([one[name] for one in found]) for name in found[0]}


@cache
def as_it_was() -> dict[str, np.ndarray]:
    """Outcomes of the case, with a road so narrow that its capacity matters."""
    return outcomes(VALLEY, pass_capacity_per_hour=lambda capacity: 60.0)


def test_half_the_capacity_makes_longer_queues_and_later_arrivals() -> None:
    """From 60 to 30 vehicles an hour: the peak halves, mean trips lengthen in every run, nobody arrives sooner."""
    half = outcomes(VALLEY, pass_capacity_per_hour=lambda capacity: 30.0)
    before = as_it_was()
    assert (half["mean_trip_hours"] > before["mean_trip_hours"]).all()
    assert (half["persons_arrived"] <= before["persons_arrived"]).all()
    assert (half["longest_queue_vehicles"] > before["longest_queue_vehicles"]).all()
    assert half["peak_arrivals_per_hour"].mean() < 0.75 * before["peak_arrivals_per_hour"].mean()


def test_a_road_that_opens_a_day_later_delays_everyone_by_about_a_day() -> None:
    """Half have crossed 20 to 28 hours later, where half do at all; the road is wide and stays open at night."""
    by_night = ("night-closure", "road-opens-again")
    always = replace(VALLEY, events=tuple(e for e in VALLEY.events if e.id not in by_night))
    late = with_event_time(always, "road-opens", "2030-05-08T10:00+02:00")
    wide, later = (outcomes(case, pass_capacity_per_hour=lambda capacity: 400.0) for case in (always, late))
    delay = later["hours_to_50pct"] - wide["hours_to_50pct"]
    delay = delay[~np.isnan(delay)]
    assert (later["persons_arrived"] < wide["persons_arrived"]).all()
    assert delay.size >= 3
    assert (np.abs(delay - 24) < 4).all()


def test_without_fuel_fewer_leave() -> None:
    """No own fuel, none sent, none found: those with a vehicle stay, but for the few whom somebody takes along."""
    dry = replace(VALLEY, supplies=tuple(s for s in VALLEY.supplies if s.item != "fuel"))
    dry = replace(dry, events=tuple(e for e in dry.events if e.kind != "fuel"))
    none = outcomes(dry, own_fuel_share=lambda share: 0.0, fuel_search_hours=lambda hours: 1e6)
    normal = outcomes(VALLEY)
    assert (none["persons_arrived"] < 0.35 * normal["persons_arrived"]).all()


def test_without_buses_fewer_leave() -> None:
    """Six buses of 40 seats: 240 persons, fewer where seats stay empty, more where others follow those who left."""
    no_buses = outcomes(replace(VALLEY, events=tuple(e for e in VALLEY.events if e.kind != "convoy")))
    missing = outcomes(VALLEY)["persons_arrived"] - no_buses["persons_arrived"]
    assert (missing > 0.5 * 240).all()
    assert (missing < 1.5 * 240).all()


def test_a_second_road_brings_people_out_sooner(tmp_path: Path) -> None:
    """--routes: a tunnel beside the pass, as narrow: the queue of the pass shortens, and more arrive."""
    table = tmp_path / "more.csv"
    table.write_text(
        "id,start,end,km,speed_kmh,capacity_per_hour,jam_per_km,is_open,counts_as,source\n"
        "tunnel,fork,pass_gate,9,35,60,135,yes,pass_gate,assumed (invented)\n"
    )
    two = outcomes(read_case("demo-valley", extra_routes=table), pass_capacity_per_hour=lambda capacity: 60.0)
    before = as_it_was()
    assert (two["persons_arrived"] > before["persons_arrived"]).all()
    assert (two["hours_to_50pct"] < np.nan_to_num(before["hours_to_50pct"], nan=99.0)).all()


def test_more_trust_means_fewer_leave() -> None:
    """Trust from none to full, in the same runs."""
    low, high = (outcomes(VALLEY, trust=lambda trust, t=t: t)["persons_arrived"] for t in (0.0, 1.0))
    assert (high <= low).all()
    assert high.sum() < low.sum()


def test_the_big_case_answers_too() -> None:
    """karabakh-2023, two paired runs by hours: half the capacity, and an opening a day later."""
    big = read_case("karabakh-2023")
    big = replace(big, clock=replace(big.clock, step_minutes=60.0))

    def half_arrived(scenario: Scenario, capacity: float) -> np.ndarray:
        plan = Plan(with_parameter(scenario, "corridor_capacity_per_hour", capacity), 2, 0)
        runs = [simulate(plan.scenario, plan.values(k), seed=plan.run_seed(k), record=()) for k in range(2)]
        assert all(run.outcomes["persons_arrived"] > 0.9 * run.outcomes["persons_at_start"] for run in runs)
        return np.array([run.outcomes["hours_to_50pct"] for run in runs])

    plain = half_arrived(big, 300.0)
    narrow = half_arrived(big, 150.0)
    late = half_arrived(with_event_time(big, "corridor-opened", "2023-09-25T14:00+04:00"), 300.0)
    assert (narrow > plain + 5).all()  # the post limits part of the flow too, so that the road decides less
    assert (np.abs(late - plain - 24) < 12).all()

"""Leaving, against closed forms: how many have left by when, how far fear spreads, where people go, who comes home.

Errors are those of counting independent parties: binomial, multinomial or exponential, five of their sizes wide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from theory import cascade_share, gravity_shares, log_logistic_gone, tipping_pressure
from tiny import AT_ONCE, case, event, food, fuel, line, people, place, road, run, same

from safeconduct.scenario import Scenario

N = 20_000


def test_departures_follow_the_readiness_law() -> None:
    """All decide at hour 1; the share gone by an hour is log-logistic, with a binomial error."""
    result = run(line(N, values={"ready_median_hours": 4.0, "ready_shape": 3.0}))
    gone = result.series["cum_departures_persons", "home"]
    expected = log_logistic_gone(np.maximum(result.hours - 1.0, 1e-9), 4.0, 3.0)
    error = np.sqrt(N * expected * (1 - expected)) + 1e-6
    assert (np.abs(gone - N * expected) <= 5 * error).all()


def test_the_pace_of_a_household_is_that_of_its_slowest() -> None:
    """Three parties that wait for each other: the share gone is the cube of the law."""
    result = run(line(N, values={"ready_median_hours": 4.0, "ready_shape": 3.0, "household_parties": 3.0}))
    expected = log_logistic_gone(np.maximum(result.hours - 1.0, 1e-9), 4.0, 3.0) ** 3
    error = np.sqrt(3 * N * expected * (1 - expected)) + 3
    assert (np.abs(result.series["cum_departures_persons", "home"] - N * expected) <= 5 * error).all()


MIND = {"share_gone_weight": 0.8, "threshold_mean": 0.4, "threshold_concentration": 8.0}
TIPS = tipping_pressure(0.8, 0.4, 8.0)


def share_gone(pressure: float) -> float:
    """Share that has left in the end under this pressure, once everyone who follows has followed."""
    signal = event(1.0, "signal", "*", pressure, id="leave")
    result = run(replace(line(N, values=MIND, hours=96.0), events=(signal,)))
    return float(result.series["cum_departures_persons", "home"][-1] / N)


@pytest.mark.parametrize("pressure", [TIPS * 0.7, TIPS * 0.9, TIPS * 1.1, TIPS * 1.5])
def test_a_cascade_ends_at_the_mean_field_fixed_point(pressure: float) -> None:
    """Granovetter 1978. The error of a share is binomial, made larger by those who follow: 1 / (1 - slope)."""
    expected = cascade_share(pressure, 0.8, 0.4, 8.0)
    slope = (cascade_share(pressure + 1e-4, 0.8, 0.4, 8.0) - expected) / 1e-4
    error = np.sqrt(expected * (1 - expected) / N) * (1 + 0.8 * slope)
    assert abs(share_gone(pressure) - expected) <= 5 * error


def test_the_cascade_tips_where_mean_field_theory_says() -> None:
    """Within 5 % of the tipping pressure the share that leaves jumps from under a third to nearly all."""
    assert share_gone(0.95 * TIPS) < 0.33
    assert share_gone(1.05 * TIPS) > 0.95


def test_people_follow_what_they_see_next_door() -> None:
    """With weight 0 nobody in the quiet village leaves; with weight 1 most do, as their neighbours leave."""
    gone = []
    for weight in (0.0, 1.0):
        base = line(2000.0, values=MIND | {"neighbour_weight": weight}, hours=96.0)
        quiet = (*base.places, place("quiet", "origin", (44.9, 9.0)))
        near = replace(
            base, places=quiet, routes=(*base.routes, road("quiet", "home")),
            people=(*base.people, people("quiet", 2000.0)), events=(event(1.0, "signal", "home", 1.0),),
        )  # fmt: skip
        gone.append(run(near).series["cum_departures_persons", "quiet"][-1])
    assert gone[0] == 0
    assert gone[1] > 1000


def star(**values: float) -> Scenario:
    """One home and three shelters at 10, 20 and 40 km, with room for nobody but pulls of 1, 2 and 4."""
    ends = (("near", 10.0, 1.0), ("middle", 20.0, 2.0), ("far", 40.0, 4.0))
    return case(
        (
            place("home", "origin", (45.0, 9.0)),
            *(place(k, "shelter", (46.0 + i, 9.0), pull=p) for i, (k, _, p) in enumerate(ends)),
        ),
        tuple(road("home", key, km) for key, km, _ in ends),
        (people("home", N),),
        events=(event(0.0, "signal", "*", 1.0),),
        values=AT_ONCE | values,
    )


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_destinations_are_drawn_by_gravity(exponent: float) -> None:
    """Shares of own arrangements are pull / km ** exponent, with a multinomial error."""
    result = run(star(distance_exponent=exponent, state_shelter_share=0.0))
    found = [result.series["n_own_arrangement_persons", key][-1] for key in ("near", "middle", "far")]
    shares = gravity_shares([1.0, 2.0, 4.0], [10.0, 20.0, 40.0], exponent)
    assert sum(found) == N
    assert (np.abs(found - N * shares) <= 5 * np.sqrt(N * shares * (1 - shares))).all()


def test_shelter_is_full_when_it_is_full() -> None:
    """Two of three shelters have room for 300; it is taken, but for the last party's size, and the rest go by ties."""
    places = tuple(
        replace(p, shelter_persons=replace(p.shelter_persons, value=300.0)) if p.key in ("near", "far") else p
        for p in star().places
    )
    result = run(replace(star(state_shelter_share=1.0), places=places))
    assert [result.series["n_sheltered_persons", key][-1] for key in ("near", "middle", "far")] == [300, 0, 300]
    assert sum(result.series["n_own_arrangement_persons", key][-1] for key in ("near", "middle", "far")) == N - 600


def with_reception(**values: float) -> Scenario:
    """home -> hall (reception) -> camp."""
    return case(
        (
            place("home", "origin", (45.0, 9.0)),
            place("hall", "reception", (45.1, 9.0)),
            place("camp", "shelter", (45.2, 9.0), pull=1.0, shelter=None),
        ),
        (road("home", "hall", counts_as="hall"), road("hall", "camp")),
        (people("home", 5000.0),),
        hours=96.0,
        events=(event(0.0, "signal", "*", 1.0),),
        values=AT_ONCE | values,
    )


def test_registration_lags_by_its_mean() -> None:
    """Mean hours from arriving to being registered: the area between the two curves, exponential error."""
    result = run(with_reception(registration_lag_hours=6.0))
    arrived, seen = (result.series[q, "hall"] for q in ("cum_arrivals_persons", "cum_registered_persons"))
    assert (seen <= arrived).all()
    assert abs((arrived - seen).sum() / 5000 - 6.0) <= 5 * 6.0 / np.sqrt(5000) + 0.5 / np.sqrt(5000)


def test_home_again_by_a_half_life() -> None:
    """Of those who will return at all, half set out within each half-life of home being reachable."""
    base = with_reception(return_half_life_days=0.5, never_return_share=0.2, reception_hours=0.0)
    result = run(replace(base, events=(*base.events, event(10.0, "reachable", "home"))))
    away = result.series["n_sheltered_persons", "camp"] + result.series["n_own_arrangement_persons", "camp"]
    since = np.maximum(result.hours - 10.0, 0.0)[11:]
    share = 0.2 + 0.8 * 0.5 ** (since / 12.0)
    assert (np.abs(away[11:] - 5000 * share) <= 5 * np.sqrt(5000 * share * (1 - share)) + 1).all()
    assert away[10] == 5000


def test_a_home_handed_over_keeps_people_away_until_it_is_reachable_again() -> None:
    """Between the transfer and the second opening nobody sets out; afterwards they do, with new dates where needed."""
    base = with_reception(return_half_life_days=0.5, never_return_share=0.0, reception_hours=0.0)
    events = [
        event(10.0, "reachable", "home"),
        event(16.0, "transfer", "home"),
        event(40.0, "reachable", "home", id="2"),
    ]
    home = run(replace(base, events=(*base.events, *events))).series["n_persons", "home"]
    assert 0 < home[20] == home[40] < 5000
    assert home[-1] > 0.9 * 5000


def test_food_lasts_as_long_as_it_says() -> None:
    """Ten days, of which one is gone after 24 hours (as the step before left them); a row for a place counts."""
    base = line(1000.0, supplies=(food("*", 3.0), food("home", 10.0)), hours=30.0, values={"hardship_weight": 0.0})
    days = run(replace(base, events=())).series["food_days", "home"]
    assert days[[0, 24]] == pytest.approx([10.0, 9.0 + 0.25 / 24])


def test_the_order_of_supplies_does_not_matter() -> None:
    """A row for one place counts before a row for all, wherever it stands."""
    stocks = (food("*", 3.0), food("home", 10.0), fuel("home", 100.0))
    assert same(run(line(100.0, supplies=stocks)), run(line(100.0, supplies=stocks[::-1])))


def test_fuel_is_used_up_by_the_day() -> None:
    """2,000 litres at 480 a day: 20 less each hour (5 each step, counted a step later), never below 0."""
    base = line(10.0, supplies=(fuel("home", 2000.0, 480.0),), hours=120.0)
    litres = run(replace(base, events=())).series["fuel_litres", "home"]
    assert litres[1:101] == pytest.approx(2005.0 - 20.0 * np.arange(1, 101))
    assert (litres[101:] == 0).all()


def test_fuel_lets_go_as_many_as_it_fills() -> None:
    """No own fuel, none to be found: 300 litres at 15 a trip are 20 vehicles, and 150 released are ten more."""
    values = {"own_fuel_share": 0.0, "fuel_search_hours": 1e9, "fuel_litres_per_trip": 15.0}
    released = event(9.0, "fuel", "home", 150.0)
    gone = run(line(100.0, supplies=(fuel("home", 300.0),), events=(released,), values=values)).series
    assert list(gone["cum_departures_persons", "home"][[1, 2, 9, 10, 24]]) == [0, 20, 20, 30, 30]


def test_who_found_fuel_behind_a_closed_road_leaves_when_it_opens() -> None:
    """Not in the past: departures booked before the opening stay as they were."""
    values = {"own_fuel_share": 0.0, "fuel_search_hours": 3.0}
    shut = (event(1.2, "close", "home-gate"), event(12.0, "open", "home-gate"))
    gone = run(line(500.0, events=shut, values=values)).series["cum_departures_persons", "home"]
    assert gone[12] == gone[2] < 100
    assert gone[-1] > 450


def test_who_gathered_elsewhere_leaves_from_there() -> None:
    """A village whose own road is closed: those who are in town go, those left cannot; a second move takes all."""
    base = line(1000.0)
    village = replace(
        base,
        places=(*base.places, place("village", "origin", (44.9, 9.0)), place("airport", "origin", (44.8, 9.0))),
        routes=(*base.routes, road("village", "home", is_open=False), road("airport", "home", is_open=False)),
        people=(*base.people, people("village", 1000.0)),
        events=(
            event(0.2, "gather", "village", 0.5, to="airport"),
            event(0.4, "gather", "airport", 1.0, to="home"),
            *base.events,
        ),
    )
    result = run(village)
    assert result.series["n_persons", "airport"][1] == 0
    assert abs(result.series["cum_departures_persons", "village"][-1] - 500) <= 5 * np.sqrt(250)
    assert result.series["cum_departures_persons", "home"][-1] == 1000


@pytest.mark.parametrize("minutes", [1.0, 5.0, 7.0, 10.0, 20.0, 45.0, 90.0, 1440.0])
def test_no_step_loses_a_page_of_the_calendar_queue(minutes: float) -> None:
    """Whatever the step, everyone who decides leaves; half hours of clock at the end are counted too."""
    values = {"ready_median_hours": 6.0, "ready_shape": 10.0}
    result = run(line(500.0, values=values, step_minutes=minutes, hours=72.5))
    assert result.hours[-1] == 72.5
    assert result.series["cum_departures_persons", "home"][-1] == 500
    assert result.series["n_persons", "camp"][-1] == 500

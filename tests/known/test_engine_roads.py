"""On the road, against closed forms: the point queue, posts, breakdowns, closures, merges, buses and walkers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from theory import md1_wait_hours, mdc_wait_hours, mm1_wait_hours, point_queue
from tiny import AT_ONCE, case, checkpoint, event, line, people, place, road, run, walk_through

from safeconduct.engine.kernels.people import ON_ROAD, WALKING
from safeconduct.engine.kernels.queues import BUS
from safeconduct.engine.tables import Tables
from safeconduct.engine.world import World
from safeconduct.scenario import Scenario

FREE = 10.0 / 60.0  # hours from home to the gate on an empty road
FINE = 2e-5  # hours of leaving and of crossing are kept in single precision, up to 100 hours


def at_the_end(scenario: Scenario, seed: int = 0) -> World:
    """The World after the last step."""
    *_, (world, _) = walk_through(scenario, seed)
    return world


@pytest.mark.parametrize("minutes", [5.0, 15.0, 60.0])
def test_the_queue_is_the_point_queue(minutes: float) -> None:
    """Every vehicle crosses when Vickrey's bottleneck lets it, whatever the step."""
    values = {"ready_median_hours": 3.0, "ready_shape": 3.0}
    parties = at_the_end(line(800.0, capacity=100.0, values=values, step_minutes=minutes)).parties
    there = ~np.isnan(parties.crossed)
    assert there.sum() > 700
    expected = point_queue(parties.left[there], 100.0) + FREE
    assert np.abs(np.sort(parties.crossed[there]) - expected).max() <= FINE


def sojourn_hours(per_hour: float, post: dict[str, object], n: int = 30_000) -> tuple[float, float]:
    """Mean hours from leaving to crossing, and its error by means of 30 batches; departures are Poisson."""
    served = (checkpoint("home-gate", "gate", **post),)
    scenario = line(n, km=0.001, hours=1.02 * n / per_hour, step_minutes=600.0, checkpoints=served)
    gaps = np.random.default_rng(7).exponential(1 / per_hour, n)

    def leave_at_random(world: World, tables: Tables) -> None:
        world.delay[:] = np.cumsum(gaps)

    *_, (world, _) = walk_through(scenario, change=leave_at_random)
    gone = np.argsort(world.parties.left)
    hours = (world.parties.crossed.astype(float) - world.parties.left)[gone]
    batches = np.nanmean(hours[: 29 * (n // 30)].reshape(29, -1)[1:], axis=1)
    return float(batches.mean()), float(batches.std(ddof=1) / np.sqrt(batches.size))


@pytest.mark.parametrize(
    ("post", "wait"),
    [
        ({"seconds": 36.0, "law": "exponential"}, mm1_wait_hours(70.0, 100.0)),
        ({"seconds": 36.0, "law": "fixed"}, md1_wait_hours(70.0, 100.0)),
        ({"seconds": 108.0, "law": "fixed", "booths": 3}, mdc_wait_hours(70.0, 0.03, 3)),
    ],
    ids=["M/M/1", "M/D/1", "M/D/3"],
)
def test_waits_at_a_post(post: dict[str, object], wait: float) -> None:
    """70 vehicles an hour come to a post that serves 100: wait and service, within four errors of the mean."""
    mean, error = sojourn_hours(70.0, post)
    service = post["seconds"] / 3600.0
    assert error < 0.1 * wait
    assert abs(mean - service - wait) <= 4 * error


def crossed(scenario: Scenario, at: str = "gate") -> np.ndarray:
    """[hour] persons that have crossed."""
    return run(scenario).series["cum_arrivals_persons", at]


def test_a_breakdown_holds_everyone_and_then_lets_them_go() -> None:
    """Capacity 100, 0 from hour 3 to 6, then 100 again: three hours are lost, nobody is."""
    down = (event(3.0, "capacity", "home-gate", 0.0), event(6.0, "capacity", "home-gate", 100.0, id="mended"))
    whole, broken = crossed(line(800.0, capacity=100.0)), crossed(line(800.0, capacity=100.0, events=down))
    assert broken[3] == broken[6] == whole[3]
    assert np.abs(broken[6:] - whole[3:-3]).max() <= 20  # those on the road had nearly driven it
    assert broken[-1] == 800


def test_contraflow_opens_one_direction_only() -> None:
    """A second lane towards the gate: twice the rate there, and nothing else."""
    base = line(800.0, capacity=100.0)
    both = replace(base, events=(*base.events, event(2.0, "capacity", "home-gate", 200.0, to="gate")))
    away = replace(base, events=(*base.events, event(2.0, "capacity", "home-gate", 200.0, to="home")))
    assert np.diff(crossed(both))[3] == 200
    assert (crossed(away) == crossed(base)).all()


def test_nobody_enters_a_road_by_night() -> None:
    """Open from 06:00 to 18:00 (the clock starts at midnight): crossings from 6:00 to 18:00 and ten minutes."""
    base = line(3000.0, capacity=100.0)  # three days' worth
    clock = replace(base.clock, end=base.clock.start + 4 * (base.clock.end - base.clock.start))
    gate = replace(base.routes[0], hours="06:00-18:00")
    parties = at_the_end(replace(base, clock=clock, routes=(gate, *base.routes[1:]))).parties
    hours = parties.crossed[~np.isnan(parties.crossed)] % 24 - FREE
    assert hours.size == 3000
    assert (hours >= 6 - FINE).all()
    assert (hours <= 18 + FINE).all()


def test_a_post_works_by_its_hours_and_its_admission() -> None:
    """Nobody passes outside 06:00-18:00, nobody when nobody is admitted, and walkers no more than vehicles."""
    post = checkpoint("home-gate", "gate", seconds=1.0, hours="06:00-18:00")
    stop = event(2.0, "admit", "post", to="nobody", id="stop"), event(20.0, "admit", "post", to="everyone", id="go")
    for values, cars in (({}, 1.0), ({"walk_share": 1.0, "walk_hours_per_day": 24.0}, 0.0)):
        by_day = crossed(line(100.0, km=1.0, cars=cars, checkpoints=(post,), values=values))
        assert list(by_day[[1, 6, 8]]) == [0, 0, 100]
        always = (replace(post, hours=""),)
        stopped = crossed(line(100.0, km=6.0, cars=cars, checkpoints=always, values=values, events=stop))
        assert list(stopped[[19, 20, 23]]) == [stopped[2], stopped[2], 100]


def test_a_post_for_others_lets_nobody_through() -> None:
    """Only holders of a passport are admitted, and nobody in this case has one."""
    post = checkpoint("home-gate", "gate", seconds=1.0, admits="passport medical")
    assert (crossed(line(100.0, checkpoints=(post,))) == 0).all()


def two_ways(**values: float) -> Scenario:
    """home to camp by a short road, or over the hill by a long one."""
    return case(
        (
            place("home", "origin", (45.0, 9.0)),
            place("hill", "junction", (45.1, 9.2)),
            place("camp", "shelter", (45.2, 9.0), pull=1.0, shelter=None),
        ),
        (
            road("home", "camp", 10.0, id="short", capacity=100.0, counts_as="camp"),
            road("home", "hill", 20.0),
            road("hill", "camp", 20.0),
        ),
        (people("home", 1000.0),),
        events=(event(0.0, "signal", "*", 1.0),),
        values=AT_ONCE | values,
    )  # fmt: skip


def test_who_stands_before_a_closed_road_takes_another() -> None:
    """The short road closes for good while hundreds queue for it: they take the hill, and nobody is left behind."""
    turned = run(replace(two_ways(), events=(*two_ways().events, event(2.0, "close", "short"))))
    assert turned.series["n_persons", "camp"][-1] == 1000
    assert turned.series["cum_arrivals_persons", "camp"][-1] <= 220


def test_a_long_queue_sends_people_over_the_hill() -> None:
    """40 minutes by the hill, 10 by the short road and its queue: later parties spread over both."""
    later = run(two_ways(ready_median_hours=3.0, ready_shape=8.0))
    assert 200 < later.series["cum_arrivals_persons", "camp"][-1] < 800
    assert later.series["n_persons", "camp"][-1] == 1000


def beyond_reception(onward_open: bool) -> Scenario:
    """home -> hall (reception) -> gate -> camp, the onward road closed or open; crossings are counted at the gate."""
    return case(
        (
            place("home", "origin", (45.0, 9.0)),
            place("hall", "reception", (45.1, 9.0)),
            place("gate", "crossing", (45.2, 9.0)),
            place("camp", "shelter", (45.3, 9.0), pull=1.0, shelter=None),
        ),
        (
            road("home", "hall", counts_as="hall"),
            road("hall", "gate", is_open=onward_open, counts_as="gate"),
            road("gate", "camp"),
        ),
        (people("home", 500.0),),
        events=(event(0.0, "signal", "*", 1.0),),
        values=AT_ONCE,
    )


def test_those_received_behind_a_closed_road_go_on_when_it_opens() -> None:
    """Nobody stays at reception for ever, and nobody drives in the past; they still ask for organised shelter."""
    closed = beyond_reception(onward_open=False)
    opened = run(replace(closed, events=(*closed.events, event(12.0, "open", "hall-gate"))))
    assert opened.series["n_persons", "hall"][12] == 500
    assert opened.series["cum_arrivals_persons", "gate"][12] == 0
    assert opened.series["n_persons", "camp"][-1] == 500
    free = run(beyond_reception(onward_open=True))
    assert opened.outcomes["persons_in_state_shelter"] == free.outcomes["persons_in_state_shelter"] > 0


def test_those_on_their_way_on_wait_for_the_road() -> None:
    """The onward road closes while they rest at reception, and opens at hour 12: crossings come after that."""
    events = (event(1.0, "close", "hall-gate"), event(12.0, "open", "hall-gate"))
    base = beyond_reception(onward_open=True)
    result = run(replace(base, events=(*base.events, *events)))
    assert result.series["cum_arrivals_persons", "gate"][12] == 0
    assert result.series["n_persons", "camp"][-1] == 500


def test_two_crossings_on_one_way_count_everyone_once() -> None:
    """Both series are whole, each with its own wait; persons who have arrived are counted at the first crossing."""
    result = run(beyond_reception(onward_open=True))
    assert result.series["cum_arrivals_persons", "hall"][-1] == 500
    assert result.series["cum_arrivals_persons", "gate"][-1] == 500
    assert result.outcomes["persons_arrived"] == 500
    assert np.nanmean(result.series["wait_hours", "gate"]) > np.nanmean(result.series["wait_hours", "hall"]) + 2.0


def merge(side_priority: float, detour: bool = False) -> Scenario:
    """Two villages whose roads meet before a gate of 100 vehicles an hour; main may also send people to a near town."""
    return case(
        (
            place("main", "origin", (45.0, 9.0)),
            place("side", "origin", (45.0, 9.4)),
            place("fork", "junction", (45.2, 9.0)),
            place("camp", "shelter", (45.4, 9.0), pull=1.0),
            place("town", "shelter", (45.2, 9.5), pull=50.0 * detour),
        ),
        (
            road("main", "fork", two_way=False, capacity=1000.0),
            road("side", "fork", two_way=False, capacity=1000.0, priority=side_priority),
            road("fork", "camp", capacity=100.0, counts_as="camp", two_way=False),
            road("fork", "town", two_way=False),
        ),
        (people("main", 3000.0), people("side", 3000.0)),
        events=(event(0.0, "signal", "*", 1.0),),
        values=AT_ONCE | {"state_shelter_share": 0.0, "distance_exponent": 0.0},
    )


def no_ties_to_town(world: World, tables: Tables) -> None:
    """Nobody of the side road goes to the town."""
    town = tables.shelters == tables.place_index["town"]
    world.shelters.nearness[tables.place_index["side"], town] = 0.0


def shares_at_camp(scenario: Scenario, until: float) -> np.ndarray:
    """Vehicles of main and of side that have crossed into the camp."""
    world, tables = next((w, t) for w, t in walk_through(scenario, change=no_ties_to_town) if w.hour >= until)
    home = [tables.place_index[key] for key in ("main", "side")]
    to_camp = world.parties.destination == tables.goal_of[tables.place_index["camp"]]
    there = ~np.isnan(world.parties.crossed) & to_camp
    return np.array([(there & (world.parties.home == h)).sum() for h in home])


@pytest.mark.parametrize("priority", [1.0, 0.25])
def test_turns_at_a_merge_go_by_priority(priority: float) -> None:
    """While both sides queue, the side road gets priority / (1 + priority) of the gate, to a vehicle or two."""
    main, side = shares_at_camp(merge(priority), 10.0)
    assert abs(side - priority / (1 + priority) * (main + side)) <= 2


def test_who_also_serves_another_road_is_not_made_to_wait_for_it() -> None:
    """Of the main road 50 in 51 turn off before the gate; the others get their turn there as they come, 20 an hour."""
    main, side = shares_at_camp(merge(1.0, detour=True), 1.5)
    assert main > 10
    assert 90 < main + side < 150


def riders(world: World) -> Iterator[int]:
    """Persons in each bus on the road."""
    parties = world.parties
    for leader in np.flatnonzero((parties.state == ON_ROAD) & (parties.mode == BUS)):
        n, party = 0, int(leader)
        while party >= 0:
            n, party = n + int(parties.persons[party]), int(parties.rider[party])
        yield n


def test_buses_keep_to_their_seats_and_come_back() -> None:
    """Two shuttles of 40 seats, 16 km at 60 km/h and an hour to turn round: a trip every 76 minutes, and a step."""
    shuttle = event(1.0, "shuttle", "home", 2.0, to="camp", seats=40.0)
    values = {"persons_per_group": 3.0, "bus_turn_round_hours": 1.0}
    base = line(1000.0, cars=0.0, events=(shuttle,), values=values, hours=30.0)
    loads = [n for world, _ in walk_through(base) for n in riders(world)]
    assert loads
    assert max(loads) <= 40
    crossings = run(base).series["cum_arrivals_vehicles", "gate"]
    trips = np.floor((20.0 - 1.0 - FREE) / (16 / 60 + 1.0 + 0.25 / 2)) + 1
    assert abs(crossings[20] - 2 * trips) <= 2 * 2


def test_a_convoy_goes_once() -> None:
    """Three buses of 30 seats take at most 90, and at least three times half."""
    convoy = event(2.0, "convoy", "home", 3.0, to="camp", seats=30.0)
    result = run(line(1000.0, cars=0.0, events=(convoy,), values={"persons_per_group": 3.0}))
    assert result.series["cum_arrivals_vehicles", "gate"][-1] == 3
    assert 45 <= result.series["cum_arrivals_persons", "gate"][-1] <= 90
    assert result.series["n_waiting_persons", "home"][-1] >= 910


def test_a_bus_too_small_for_every_party_leaves_empty_handed() -> None:
    """Parties of ten and more, two seats: nobody goes, and nothing breaks."""
    convoy = event(2.0, "convoy", "home", 3.0, to="camp", seats=2.0)
    result = run(line(200.0, cars=0.0, events=(convoy,), values={"persons_per_group": 30.0}))
    assert result.series["n_persons", "home"][-1] == 200


def test_walkers_walk_at_their_pace() -> None:
    """3.5 km in each of 6 hours a day: 10 km take 11.4 hours, past any queue."""
    base = line(300.0, cars=0.0, capacity=5.0, values={"walk_share": 1.0}, hours=48.0)
    parties = at_the_end(base).parties
    assert (parties.state != WALKING).all()
    assert np.abs(parties.crossed - parties.left - 10.0 / (3.5 * 6 / 24)).max() <= FINE


def test_lifts_take_one_party_each() -> None:
    """Half have a car with room: nearly everyone without one is taken along, at most one party a car."""
    values = {"lift_share": 1.0, "persons_per_group": 1.0, "ready_median_hours": 2.0, "ready_shape": 2.0}
    result = run(line(1000.0, cars=0.5, values=values))
    cars = result.series["cum_arrivals_vehicles", "gate"][-1]
    arrived = result.series["cum_arrivals_persons", "gate"][-1]
    assert cars < arrived <= 2 * cars
    assert arrived >= 900


def test_those_taken_along_take_up_room_too() -> None:
    """Organised shelter for 300 at the end of a bus line and of lifts: never more than that and one party."""
    base = line(1000.0, cars=0.5, values={"lift_share": 1.0, "state_shelter_share": 1.0, "persons_per_group": 3.0})
    places = tuple(
        replace(p, shelter_persons=replace(p.shelter_persons, value=300.0)) if p.key == "camp" else p
        for p in base.places
    )
    bus = event(2.0, "convoy", "home", 5.0, to="camp", seats=40.0)
    result = run(replace(base, places=places, events=(*base.events, bus)))
    assert 300 <= result.series["n_sheltered_persons", "camp"][-1] < 312
    assert result.series["n_persons", "camp"][-1] > 600


def test_the_step_does_not_change_what_is_expected() -> None:
    """Steps of 5, 15 and 60 minutes, 12 seeds: arrivals by hour 12 and mean trips within three Monte Carlo errors."""
    mind = {"share_gone_weight": 0.6, "threshold_mean": 0.4, "threshold_concentration": 6.0}
    values = mind | {"ready_median_hours": 3.0, "ready_shape": 3.0}
    found = {}
    for minutes in (5.0, 15.0, 60.0):
        base = line(2000.0, capacity=150.0, values=values, step_minutes=minutes)
        runs = [run(replace(base, events=(event(1.0, "signal", "*", 0.3),)), seed) for seed in range(12)]
        found[minutes] = np.array([
            (r.series["cum_arrivals_persons", "gate"][12], r.outcomes["mean_trip_hours"]) for r in runs
        ])  # fmt: skip
    for minutes in (15.0, 60.0):
        one, other = found[5.0], found[minutes]
        error = np.sqrt((one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / 12)
        assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) <= 3 * error).all(), minutes


@pytest.mark.parametrize("k", [2.0, 4.0])
def test_k_times_the_persons_in_each_vehicle(k: float) -> None:
    """Capacity counts vehicles: with k times as many people, k to a vehicle, k times as many cross at any hour."""
    one = run(line(2000.0, capacity=150.0, hours=12.0))
    many = run(line(2000.0 * k, capacity=150.0, hours=12.0, values={"persons_per_vehicle": k}))
    vehicles = one.series["cum_arrivals_vehicles", "gate"], many.series["cum_arrivals_vehicles", "gate"]
    assert np.abs(vehicles[0] - vehicles[1]).max() <= 1
    persons = many.series["cum_arrivals_persons", "gate"]
    error = np.sqrt(np.maximum(vehicles[1], 1) * (k - 1))  # a party is one and a Poisson number
    assert (np.abs(persons - k * vehicles[1]) <= 5 * error).all()


def test_seed_0_is_a_seed() -> None:
    """It gives the same run twice, and another run than seed 1."""
    values = {"ready_median_hours": 3.0, "ready_shape": 3.0}
    first, again, other = (run(line(200.0, values=values), seed) for seed in (0, 0, 1))
    assert first.outcomes == again.outcomes
    assert (
        first.outcomes["mean_trip_hours"] != other.outcomes["mean_trip_hours"]
        or (first.series["cum_departures_persons", "home"] != other.series["cum_departures_persons", "home"]).any()
    )

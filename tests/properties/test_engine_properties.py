"""What must hold in any small case: nobody is lost or made, roads hold no more than they can, and order and names
of rows change nothing.

Cases are drawn at random (Hypothesis, the same ones on every machine): a tree of roads with a loop or two, closures,
posts, buses, walkers, lifts, stocks, gatherings, returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import (
    AT_ONCE,
    case,
    checkpoint,
    counted_afresh,
    event,
    food,
    fuel,
    people,
    place,
    road,
    run,
    same,
    total,
    walk_through,
)

from safeconduct.engine import Run
from safeconduct.engine.kernels.people import ON_ROAD
from safeconduct.engine.kernels.road import BUS, LINK
from safeconduct.engine.run import counts
from safeconduct.scenario import Event, Role, Route, Scenario

ROLES = ("reception", "shelter", "crossing", "origin", "origin", "junction", "shelter")  # of the cases drawn below
small = settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
HOURS = 30
KINDS = [
    "attack",
    "ceasefire",
    "signal",
    "open",
    "open",
    "close",
    "capacity",
    "gather",
    "fuel",
    "food",
    "convoy",
    "shuttle",
    "shelter",
    "transfer",
    "reachable",
    "admit",
]
LATER = ("attack", "signal", "open", "close", "capacity", "convoy", "gather", "reachable", "fuel")

shares = st.sampled_from((0.0, 0.1, 0.5, 1.0))
capacities = st.sampled_from((None, 0.0, 20.0, 60.0, 300.0))
jams = st.sampled_from((None, 1.0, 8.0, 100.0))
opening_hours = st.sampled_from(("", "", "", "06:00-18:00", "22:00-05:30"))
moments = st.integers(0, 4 * HOURS - 1).map(lambda quarter: quarter / 4 + 0.1)


@st.composite
def roads(draw: st.DrawFn, keys: list[str], counted: str) -> list[Route]:
    """A tree over the places, and up to two roads more."""
    pairs = [(keys[draw(st.integers(0, i - 1))], keys[i]) for i in range(1, len(keys))]
    more = draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=2))
    pairs += [pair for pair in more if pair[0] != pair[1]]
    return [
        road(
            b, a, draw(st.sampled_from((0.5, 4.0, 30.0))), id=f"road-{i}",
            capacity=draw(capacities), jam=draw(jams), priority=draw(st.sampled_from((0.25, 1.0))),
            is_open=draw(st.booleans()) or draw(st.booleans()), hours=draw(opening_hours),
            counts_as=counted if a == counted or draw(st.booleans()) else "",
        )
        for i, (a, b) in enumerate(pairs)
    ]  # fmt: skip


@st.composite
def events(draw: st.DrawFn, keys: list[str], origins: list[str], ways: list[str]) -> list[Event]:
    """Anything that can happen, at any time."""
    home, anywhere, way = st.sampled_from(origins), st.sampled_from(keys), st.sampled_from(ways)
    kinds = st.sampled_from(KINDS)
    found = [event(0.0, "signal", "*", draw(shares), id="first")]
    for i, kind in enumerate(draw(st.lists(kinds, max_size=8))):
        hour, name = draw(moments), f"event-{i}"
        if kind in ("open", "close"):
            found.append(event(hour, kind, draw(way), id=name))
        elif kind == "capacity":
            found.append(event(hour, kind, draw(way), draw(capacities) or 0.0, id=name))
        elif kind in ("convoy", "shuttle"):
            seats = draw(st.sampled_from((2.0, 30.0)))
            found.append(event(hour, kind, draw(home), 2.0, to=draw(anywhere), seats=seats, id=name))
        elif kind == "gather":
            found.append(event(hour, kind, draw(home), draw(shares), to=draw(home), id=name))
        elif kind == "admit":
            found.append(event(hour, kind, "post", to=draw(st.sampled_from(("nobody", "everyone"))), id=name))
        else:
            amount = {"fuel": 400.0, "food": 2.0, "shelter": 50.0}.get(kind, draw(shares))
            found.append(event(hour, kind, draw(home), amount, id=name))
    return found


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A small case."""
    roles = list(ROLES)
    roles = roles[: draw(st.integers(4, 7))]
    keys = [f"p{i}" for i in range(len(roles))]
    places = [
        place(key, role, (45 + i / 10, 9 + 7 * i % 5), pull=100.0, shelter=draw(st.sampled_from((0.0, 60.0, None))))
        for i, (key, role) in enumerate(zip(keys, roles, strict=True))
    ]
    origins = [key for key, role in zip(keys, roles, strict=True) if role == "origin"]
    ways = draw(roads(keys, "p2"))
    post_at = draw(st.sampled_from(ways))
    values = {
        "ready_median_hours": draw(st.sampled_from((0.01, 2.0))),
        "own_fuel_share": draw(shares), "lift_share": draw(shares), "walk_share": draw(shares),
        "household_parties": draw(st.sampled_from((1.0, 3.0))), "state_shelter_share": draw(shares),
        "return_half_life_days": 0.3, "bus_turn_round_hours": 0.5, "bus_lane_units": 3.0, "trust": 0.1,
        "neighbour_weight": draw(shares), "fuel_search_hours": draw(st.sampled_from((0.5, 100.0))),
    }  # fmt: skip
    return case(
        places,
        ways,
        [people(key, draw(st.sampled_from((0.0, 7.0, 150.0))), draw(shares)) for key in origins],
        hours=HOURS,
        step_minutes=draw(st.sampled_from((5.0, 15.0, 20.0, 60.0))),
        events=draw(events(keys, origins, [way.id for way in ways])),
        checkpoints=[
            checkpoint(
                post_at.id, post_at.end, seconds=draw(st.sampled_from((0.0, 40.0))), booths=draw(st.integers(1, 2)),
                law=draw(st.sampled_from(("fixed", "exponential"))), hours=draw(opening_hours),
            )
        ],
        supplies=draw(st.lists(st.sampled_from((food("*", 0.5), fuel("p3", 300.0, 200.0))), unique=True)),
        values=values,
    )  # fmt: skip


@small
@given(scenarios(), st.integers(0, 3))
def test_nobody_is_lost_or_made(scenario: Scenario, seed: int) -> None:
    """At every hour everyone stands somewhere: at a place, or on a road."""
    result = run(scenario, seed)
    everyone = total(result, "n_persons") + total(result, "n_persons_on_route")
    np.testing.assert_array_equal(everyone, sum(row.weight_persons for row in scenario.people))


@small
@given(scenarios(), st.integers(0, 3))
def test_what_is_kept_by_place_and_road_is_what_counting_each_party_gives(scenario: Scenario, seed: int) -> None:
    """After every third step, as counting on the roads goes on from the count before."""
    for number, (world, tables) in enumerate(walk_through(scenario, seed)):
        if number % 3 == 0:
            for kept, counted in zip(counts(world, tables), counted_afresh(world, tables), strict=True):
                np.testing.assert_array_equal(kept, counted)


@small
@given(scenarios(), st.integers(0, 3))
def test_no_count_is_negative_and_totals_never_fall(scenario: Scenario, seed: int) -> None:
    """Counts are at least 0, running totals rise, and parts are no larger than their whole."""
    result = run(scenario, seed)
    for (quantity, at), values in result.series.items():
        assert quantity == "pressure" or not (values < 0).any(), (quantity, at)
        if quantity.startswith("cum_"):
            assert (np.diff(values) >= 0).all(), (quantity, at)
    for key in [one.key for one in scenario.places]:
        assert (result.series["n_waiting_persons", key] <= result.series["n_persons", key]).all()
    for way in scenario.routes:
        assert (result.series["n_queue_vehicles", way.id] <= result.series["n_vehicles", way.id]).all()
    gone = "persons_arrived" if any(way.counts_as for way in scenario.routes) else "persons_displaced"
    assert result.outcomes[gone] <= result.outcomes["persons_at_start"]


@small
@given(scenarios(), st.integers(0, 3))
def test_no_road_holds_more_than_its_room(scenario: Scenario, seed: int) -> None:
    """Cars on a link, a bus counting as several, never exceed its storage, nor what its counters say."""
    n_looked = 0
    for world, _ in walk_through(scenario, seed):
        queues, parties = world.roads.queues, world.parties
        on_road = parties.state == ON_ROAD
        units = np.where(parties.mode == BUS, world.bus_units, 1)
        for i in np.flatnonzero((queues["kind"] == LINK) & (queues["storage"] > 0)):
            there = np.minimum(units[on_road & (parties.at == i)], queues["storage"][i]).sum()
            assert there <= queues["storage"][i]
            assert there == queues["units_in"][i] - queues["units_out"][i]
        n_looked += int((queues["kind"] == LINK).sum())
    assert n_looked


@small
@given(scenarios(), st.integers(0, 3))
def test_no_crossing_passes_more_than_its_capacity(scenario: Scenario, seed: int) -> None:
    """Vehicles counted in an hour: at most the largest capacities in force of the counted roads, and one each."""
    result = run(scenario, seed)
    most = 0.0
    for way in scenario.routes:
        if way.counts_as == "p2":
            later = [e.value.value or 0.0 for e in scenario.events if e.kind == "capacity" and e.target == way.id]
            most += max([way.capacity_per_hour.at({}), *later]) + 1
    counted = result.series.get(("cum_arrivals_vehicles", "p2"), np.zeros(2))
    assert (np.diff(counted) <= most).all()


@small
@given(scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(scenario: Scenario, chance) -> None:
    """Every table shuffled: the same run to the last bit."""
    tables = ("places", "routes", "people", "supplies", "events", "checkpoints")
    shuffled = {name: tuple(chance.sample(getattr(scenario, name), len(getattr(scenario, name)))) for name in tables}
    assert same(run(scenario), run(replace(scenario, **shuffled)))


def renamed(scenario: Scenario, name: Callable[[str], str]) -> Scenario:
    """The same case under other names of places and roads."""

    def maybe(word: str) -> str:
        known = {p.key for p in scenario.places} | {r.id for r in scenario.routes}
        return name(word) if word in known else word

    return replace(
        scenario,
        places=tuple(replace(p, key=name(p.key), name=name(p.name)) for p in scenario.places),
        routes=tuple(
            replace(r, id=name(r.id), start=name(r.start), end=name(r.end), counts_as=maybe(r.counts_as))
            for r in scenario.routes
        ),
        people=tuple(replace(p, place=name(p.place)) for p in scenario.people),
        supplies=tuple(replace(s, place=maybe(s.place)) for s in scenario.supplies),
        events=tuple(replace(e, target=maybe(e.target), to=maybe(e.to)) for e in scenario.events),
        checkpoints=tuple(replace(c, route=name(c.route), towards=name(c.towards)) for c in scenario.checkpoints),
    )


@small
@given(scenarios())
def test_renaming_changes_nothing_but_names(scenario: Scenario) -> None:
    """Names in reverse order of the alphabet, the same run."""
    fresh = {chr(ord("a") + i): chr(ord("z") - i) for i in range(26)} | {str(d): str(9 - d) for d in range(10)}

    def name(word: str) -> str:
        return "".join(fresh.get(letter, letter) for letter in word)

    one, other = run(scenario), run(renamed(scenario, name))
    moved = Run(one.hours, {(q, name(at)): v for (q, at), v in one.series.items()}, one.outcomes, one.values, one.seed)
    assert same(moved, other)


@small
@given(scenarios(), st.floats(-60, 60), st.floats(0, 3))
def test_one_more_unrelated_party_changes_nobody_else(scenario: Scenario, lat: float, hour: float) -> None:
    """A far hamlet with people, a post, buses, a loop of roads and a camp of its own, and everyone else as before."""
    hamlet = [
        place("hamlet", "origin", (lat, 50.0)), place("elsewhere", "crossing", (lat, 50.1)),
        place("tent", "shelter", (lat, 50.2), pull=5.0, shelter=None),
    ]  # fmt: skip
    its_roads = [
        road("hamlet", "elsewhere", 3.0, capacity=30.0, jam=50.0, counts_as="elsewhere"),
        road("elsewhere", "tent", 3.0), road("hamlet", "tent", 9.0, capacity=5.0),
    ]  # fmt: skip
    larger = replace(
        scenario,
        places=(*hamlet, *scenario.places),
        routes=(*its_roads, *scenario.routes),
        people=(people("hamlet", 200.0, 0.5), *scenario.people),
        checkpoints=(
            *scenario.checkpoints, checkpoint("hamlet-elsewhere", "elsewhere", seconds=30, id="a", law="exponential")
        ),
        events=(event(0.0, "convoy", "hamlet", 3.0, to="tent", seats=20.0, id="a"), *scenario.events),
    )  # fmt: skip
    one, other = run(scenario), run(larger)
    assert other.series["n_persons", "hamlet"][0] == 200.0  # it is there, and has people
    for key, values in one.series.items():
        assert values.tobytes() == other.series[key].tobytes(), key


@small
@given(
    scenarios(),
    st.sampled_from(["attack", "signal", "open", "close", "capacity", "convoy", "gather", "reachable", "fuel"]),
)
def test_an_event_changes_nothing_before_its_time(scenario: Scenario, kind: str) -> None:
    """One event more at hour 17.3: all that is recorded up to hour 17 is as it was."""
    target = scenario.routes[0].id if kind in ("open", "close", "capacity") else "p3"
    more = event(17.3, kind, target, 1.0, to="p0" if kind in ("convoy", "gather") else "", seats=10.0, id="later")
    later = replace(scenario, events=(*scenario.events, more))
    one, other = run(scenario), run(later)
    assert one.series.keys() == other.series.keys()
    for key, values in one.series.items():
        assert values[:18].tobytes() == other.series[key][:18].tobytes(), key


@small
@given(scenarios(), st.integers(0, 2**63))
def test_same_seed_same_run(scenario: Scenario, seed: int) -> None:
    """Twice the same, whatever was run between."""
    one = run(scenario, seed)
    run(scenario, seed + 1)
    assert same(one, run(scenario, seed))


def test_renaming_parallel_roads_changes_nothing() -> None:
    """Two roads of one length between the same places: which one people prefer has nothing to do with its name."""

    def outcome(wide: str, narrow: str) -> dict[str, float]:
        ways = [road("a", "b", id=wide, capacity=100.0, counts_as="b"), road("a", "b", id=narrow, capacity=10.0)]
        places = [place("a", "origin", (45.0, 9.0)), place("b", "shelter", (46.0, 9.0), pull=1.0)]
        leave = [event(1.0, "signal", "*", 1.0)]
        return dict(run(case(places, ways, [people("a", 200.0)], events=leave, values=AT_ONCE)).outcomes)

    assert str(outcome("one", "other")) == str(outcome("other", "one"))


def test_roles_cover_the_case() -> None:
    """The cases above hold every role, so that a role that is added is added there as well."""
    assert {role.value for role in Role} == set(ROLES)

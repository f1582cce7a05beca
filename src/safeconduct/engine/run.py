"""One run: a scenario, parameter values and a seed go in, what was recorded comes out."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels import people, queues
from safeconduct.engine.scale import for_everybody, one_in_many
from safeconduct.engine.step import food_days, step
from safeconduct.engine.tables import Tables, build_tables
from safeconduct.engine.timeline.record import TimelineTally, phase_outcomes
from safeconduct.engine.waits import queue_hours
from safeconduct.engine.walk.step import build_walking_world, walk_counts, walk_outcomes, walk_step
from safeconduct.engine.world import World, build_world
from safeconduct.scenario import Role, Scenario, Values

COUNTED_AT_PLACES = ("n_persons", "n_waiting_persons", "n_sheltered_persons", "n_own_arrangement_persons")
PLACE_QUANTITIES = (*COUNTED_AT_PLACES, "pressure", "food_days", "fuel_litres")
ROUTE_QUANTITIES = ("n_vehicles", "n_persons_on_route", "n_queue_vehicles", "queue_km")
FLOW_QUANTITIES = (
    "cum_departures_persons",
    "cum_arrivals_persons",
    "new_arrivals_persons",
    "cum_arrivals_vehicles",
    "wait_hours",
    "queue_hours",
    "cum_registered_persons",
)
OF_CROSSINGS = (  # outcomes that say nothing where no road counts who crosses
    "persons_arrived", "hours_to_50pct", "hours_to_90pct", "mean_trip_hours", "longest_trip_hours",
    "peak_arrivals_per_hour",
)  # fmt: skip
DAY_HOURS = 24.0
QUANTITIES = PLACE_QUANTITIES + ROUTE_QUANTITIES + FLOW_QUANTITIES


@dataclass(frozen=True)
class Run:
    """What one run recorded. Same scenario, values and seed: same Run."""

    hours: NDArray[np.float64]  # [hour]
    series: Mapping[tuple[str, str], NDArray[np.float64]]  # (quantity, place or route) -> [hour]
    outcomes: Mapping[str, float]
    values: Mapping[str, float]
    seed: int


class Tally:
    """Counts the World at whole hours: only what was asked for, and what the outcomes need."""

    def __init__(self, tables: Tables, record: Iterable[str]) -> None:
        self.record = tuple(record)
        n_hours, n_places, n_routes = tables.n_bins + 1, len(tables.places), len(tables.scenario.routes)
        self.places = {q: np.zeros((n_hours, n_places)) for q in PLACE_QUANTITIES if q in self.record}
        needed = {*self.record, *(["n_queue_vehicles"] if "queue_hours" in self.record else [])}
        self.routes = {q: np.zeros((n_hours, n_routes)) for q in ROUTE_QUANTITIES if q in needed}
        self.queue_vehicles = np.zeros(n_hours)
        self.queue_km = np.zeros(n_hours)
        row = {route.id: i for i, route in enumerate(tables.scenario.routes)}
        self.route_of = np.array([row[route.id] for route in tables.link_route], dtype=np.int64)
        self.km_per_car = np.array([1.0 / route.jam_per_km.at(tables.values) for route in tables.link_route])

    def is_due(self, world: World, tables: Tables) -> bool:
        """Whether this hour lies on the recording grid."""
        return is_whole(world.hour, tables.record_hours)

    def count(self, world: World, tables: Tables) -> None:
        """Count everybody at this hour."""
        hour = ceil(world.hour / tables.record_hours - 1e-7)
        at_place, by_link = counts(world, tables)
        if world.crowd is not None:
            add_walkers(world, tables, at_place, by_link)
        by_link[3] = np.minimum(by_link[3] * self.km_per_car, tables.link_km)  # counted in cars, kept in km
        _, _, self.queue_vehicles[hour], self.queue_km[hour] = by_link.sum(axis=1)
        for quantity, kept in self.places.items():
            if quantity in COUNTED_AT_PLACES:
                kept[hour] = at_place[COUNTED_AT_PLACES.index(quantity)]
            elif quantity == "food_days":
                kept[hour] = food_days(world)
            else:
                kept[hour] = world.pressure if quantity == "pressure" else world.fuel
        for quantity, kept in self.routes.items():
            kept[hour] = np.bincount(self.route_of, by_link[ROUTE_QUANTITIES.index(quantity)], kept.shape[1])

    def series(self, world: World, tables: Tables) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Everything recorded, by quantity and place or route; places where a quantity cannot be are left out."""
        found: dict[tuple[str, str], NDArray[np.float64]] = {}
        for quantity, kept in self.places.items():
            for i, place in enumerate(tables.places):
                if belongs_at(quantity, place.role):
                    found[quantity, place.key] = kept[:, i]
        for quantity, kept in self.routes.items():
            for i, route in enumerate(tables.scenario.routes):
                found[quantity, route.id] = kept[:, i]
        found |= flows(world, tables)
        if "queue_hours" in self.record:
            found |= queue_hours(tables.scenario, found)
        return {key: values for key, values in found.items() if key[0] in self.record}


def counts(world: World, tables: Tables) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Everybody where they are now, [4, place] as the World keeps them and [4, link] as `count_on_links` has them."""
    by_link = np.zeros((4, tables.n_links))
    queues.count_on_links(world.roads.queues, world.parties, world.walkers, by_link, world.hour, world.bus_units)
    return world.there.copy(), by_link


def belongs_at(quantity: str, role: Role) -> bool:
    """Whether a quantity says anything at a place of this role."""
    if quantity in ("n_sheltered_persons", "n_own_arrangement_persons"):
        return role is Role.SHELTER
    if quantity in ("pressure", "food_days"):
        return role is Role.ORIGIN
    return True


def flows(world: World, tables: Tables) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Cumulative flows at whole hours, and the mean hours on the way of those who crossed in the hour before."""
    found: dict[tuple[str, str], NDArray[np.float64]] = {}
    for i, place in enumerate(tables.places):
        if is_home(tables, i):
            found["cum_departures_persons", place.key] = running(world.departed[i])
        if tables.is_reception[i]:
            found["cum_registered_persons", place.key] = running(world.registered[i])
    for i, key in enumerate(tables.crossings):
        crossed = world.roads.crossed[0, i]
        found["cum_arrivals_persons", key] = running(crossed)
        found["new_arrivals_persons", key] = over_a_day(running(crossed), tables.record_hours)
        found["cum_arrivals_vehicles", key] = running(world.roads.crossed[1, i])
        wait = np.divide(world.roads.crossed[2, i], crossed, out=np.full(crossed.size, np.nan), where=crossed > 0)
        found["wait_hours", key] = np.concatenate([[np.nan], wait])
    return found


def is_home(tables: Tables, place: int) -> bool:
    """Whether people may leave this place for good."""
    walk = tables.scenario.walk
    return bool(tables.persons[place]) or (walk is not None and walk.places[tables.places[place].key].population > 0)


def add_walkers(world: World, tables: Tables, at_place: NDArray[np.float64], by_link: NDArray[np.float64]) -> None:
    """Count those who walk from place to place beside everybody else."""
    here, blocked, on_link = walk_counts(world, tables)
    at_place[0] += here
    at_place[1] += blocked
    by_link[1] += on_link


def running(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """[hour] running total at whole hours of counts per interval."""
    return np.concatenate([[0.0], np.cumsum(counts)])


def over_a_day(total: NDArray[np.float64], record_hours: float) -> NDArray[np.float64]:
    """[hour] by how much a running total rose in the 24 hours before; since the start, in the first 24."""
    bins = round(DAY_HOURS / record_hours)
    rise: NDArray[np.float64] = total.copy()
    rise[bins:] -= total[:-bins]
    return rise


def outcomes(world: World, tables: Tables, tally: Tally) -> dict[str, float]:
    """The figures that sum up a run; of crossings only where a road counts them, else who has left home."""
    if world.crowd is not None:
        return walk_outcomes(world, tables)
    found = stay_and_crossings(world, tables, tally)
    if tables.crossings:
        return found
    displaced = {"persons_displaced": float(world.departed.sum())}
    return displaced | {name: value for name, value in found.items() if name not in OF_CROSSINGS}


def stay_and_crossings(world: World, tables: Tables, tally: Tally) -> dict[str, float]:
    """Who crossed, queued and is sheltered. Trips run from leaving for good to the first counted crossing."""
    parties = world.parties
    total = float(tables.persons.sum())
    there = ~np.isnan(parties.crossed)
    trips, persons = (parties.crossed - parties.left)[there], parties.persons[there]
    bins = np.minimum((parties.crossed[there] / tables.record_hours).astype(np.int64), tables.n_bins - 1)
    crossed = running(np.bincount(bins, weights=persons, minlength=tables.n_bins).astype(np.float64))
    hours = tables.record_hours * np.arange(crossed.size, dtype=np.float64)
    return {
        "persons_at_start": total,
        "persons_arrived": float(crossed[-1]),
        "hours_to_50pct": when_reached(hours, crossed, 0.5 * total),
        "hours_to_90pct": when_reached(hours, crossed, 0.9 * total),
        "mean_trip_hours": float(np.average(trips, weights=persons)) if trips.size else float("nan"),
        "longest_trip_hours": float(trips.max()) if trips.size else float("nan"),
        "longest_queue_km": float(tally.queue_km.max()),
        "longest_queue_vehicles": float(tally.queue_vehicles.max()),
        "peak_arrivals_per_hour": float(np.diff(crossed).max(initial=0.0) / tables.record_hours),
        "persons_in_state_shelter": float(parties.persons[parties.state == people.SHELTERED].sum()),
    }


def when_reached(hours: NDArray[np.float64], total: NDArray[np.float64], level: float) -> float:
    """The hour at which a running total first reaches a level, interpolated; NaN if it never does."""
    after = int(np.searchsorted(total, level))
    if after >= total.size:
        return float("nan")
    if after == 0:
        return float(hours[0])
    low, high = total[after - 1], total[after]
    return float(hours[after - 1] + (level - low) / (high - low) * (hours[after] - hours[after - 1]))


def simulate(
    scenario: Scenario, values: Values | None = None, *, seed: int, record: Iterable[str] | None = None
) -> Run:
    """Run a case once. `values` change parameters; `record` names the quantities to keep hour by hour.

    Writes nothing and prints nothing. Raises KeyError for a parameter that the case needs and does not have.
    """
    filled, wanted = scenario.values(values), tuple(scenario.record if record is None else record)
    course = begun(scenario, filled, build_tables(*one_in_many(scenario, filled)), seed, wanted)
    advance(course)
    return finish(course)


@dataclass
class Course:
    """A run under way: it can be copied or pickled at any hour, changed, and gone on with.

    What goes on from a copy is identical to the bit to what would have happened without a stop.
    """

    scenario: Scenario
    filled: Values  # parameter values of all people; `tables.values` are those of the people simulated
    seed: int
    tables: Tables
    world: World
    tally: Tally | TimelineTally
    n_steps: int = 0  # done

    @property
    def hour(self) -> float:
        """The hour up to which it has run."""
        return float(self.tables.edges[self.n_steps])

    def copy(self) -> Course:
        """Another course from here on; tables are read-only and shared."""
        world, tally = deepcopy((self.world, self.tally), {id(self.tables): self.tables})
        return replace(self, world=world, tally=tally)


def begin(
    scenario: Scenario, values: Values | None = None, *, seed: int, record: Iterable[str] | None = None
) -> Course:
    """A run that has not begun: everybody at home. See `simulate`."""
    filled, wanted = scenario.values(values), tuple(scenario.record if record is None else record)
    return begun(scenario, filled, build_tables(*one_in_many(scenario, filled)), seed, wanted)


def begun(scenario: Scenario, filled: Values, tables: Tables, seed: int, record: tuple[str, ...]) -> Course:
    """A run on these tables, everybody at home."""
    world = build_world(tables, seed) if scenario.walk is None else build_walking_world(tables, seed)
    tally: Tally | TimelineTally
    tally = TimelineTally(tables, tables.work, record) if tables.work else Tally(tables, record)
    return Course(scenario, filled, seed, tables, world, tally)


def advance(course: Course, until: float = np.inf) -> None:
    """Run whole steps up to the last that ends at or before an hour; by default to the end of the case."""
    world, tables, one_step = course.world, course.tables, step if course.scenario.walk is None else walk_step
    edges = tables.edges
    while course.n_steps < edges.size - 1 and edges[course.n_steps + 1] <= until + 1e-9:
        world.hour, world.until = float(edges[course.n_steps]), float(edges[course.n_steps + 1])
        if course.tally.is_due(world, tables):
            course.tally.count(world, tables)
        one_step(world, tables)
        course.n_steps += 1


def finish(course: Course) -> Run:
    """What was recorded of a course that has come to its end; of a case with phases at the moments of each phase."""
    world, tables, tally, n = course.world, course.tables, course.tally, course.scenario.one_in
    world.hour = float(tables.edges[-1])
    tally.count(world, tables)
    if isinstance(tally, TimelineTally):
        counted = {key: values for key, values in flows(world, tables).items() if key[0] in tally.needed}
        found = tally.series(tables, dict(for_everybody(counted, {}, n)[0]))
        kept = {key: values for key, values in found.items() if key[0] in tally.record}
        return Run(tally.work.records, kept, phase_outcomes(tally.work, found), course.filled, course.seed)
    hours = np.minimum(
        tables.record_hours * np.arange(tables.n_bins + 1, dtype=np.float64), tables.scenario.clock.hours
    )
    series, ends = for_everybody(tally.series(world, tables), outcomes(world, tables, tally), n)
    return Run(hours, series, ends, course.filled, course.seed)


def is_whole(hour: float, interval: float) -> bool:
    """Whether an hour lies on the recording grid."""
    return abs(hour / interval - round(hour / interval)) < 1e-7

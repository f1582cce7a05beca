"""The World: the only thing that changes during a run. Whatever can be counted from it is counted, not kept."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels import destination, people
from safeconduct.engine.kernels.destination import SHELTER_STREAM, Shelters
from safeconduct.engine.kernels.means import FUEL_STREAM, LIFT_STREAM, WALK_STREAM
from safeconduct.engine.kernels.people import HOME, THERE
from safeconduct.engine.kernels.queues import NEVER, TRAVELLER, Roads, Travellers, no_moments
from safeconduct.engine.kernels.random import fill_uniform
from safeconduct.engine.roads import build_roads
from safeconduct.engine.service import draw_shocks, opened_from_start, service_groups
from safeconduct.engine.tables import CATEGORIES, Tables
from safeconduct.engine.timeline.state import TimelineState, build_timeline_state
from safeconduct.engine.walk.crowd import Crowd
from safeconduct.terms import stream_number

QUANTILE_GRID = (1.0 - np.cos(np.linspace(0.0, np.pi, 1025))) / 2.0


@dataclass(frozen=True, slots=True)
class Bus:
    """A bus on a line, out with its passengers."""

    place: int
    goal: int
    seats: int
    comes_back: bool
    leader: int = -1  # party that leads the passengers, while under way


class Lists(NamedTuple):
    """Room for the lists of a step, which are views of it."""

    due: NDArray[np.int32]  # [party]
    moving: NDArray[np.int32]  # [party]
    waiting: NDArray[np.int32]  # [party]
    first: NDArray[np.int32]  # [place]


@dataclass
class World:
    """Everything that changes. P places, L links, Q queues, B recording intervals."""

    parties: Travellers
    roads: Roads
    shelters: Shelters
    seed: np.uint64
    bus_units: int

    threshold: NDArray[np.float32]  # [party] pressure at which it decides; inf = stays
    delay: NDArray[np.float32]  # [party] hours from deciding to being ready
    has_room: NDArray[np.int8]  # [party] its vehicle has room for another party
    walks: NDArray[np.int8]  # [party] would go on foot
    order: NDArray[np.int32]  # parties of each home by threshold
    decided: NDArray[np.int64]  # [place] how far along `order` parties have decided
    next_threshold: NDArray[np.float64]  # [place] of the next party to decide
    prepared: NDArray[np.int64]  # [place] how far along `order` parties were asked to get ready
    way_since: NDArray[np.float64]  # [category, place] hour from which a way out is open; inf while none is
    calendar_queue: NDArray[np.int32]  # [page] first party of the page of the calendar queue, -1 if empty
    waiting: NDArray[np.int32]  # parties that want to go and cannot yet, in order of being ready
    walkers: NDArray[np.int32]
    lists: Lists

    threat: NDArray[np.float64]  # [place]
    signal: NDArray[np.float64]  # [place]
    felt: NDArray[np.float64]  # [place] pressure at the end of the step before
    pressure: NDArray[np.float64]  # [place]
    jump: NDArray[np.float64]  # [place] pressure added at this very hour
    food: NDArray[np.float64]  # [place] person-days of food; inf = never short
    food_use: NDArray[np.float64]  # [place] rations eaten per person and day
    fuel: NDArray[np.float64]  # [place] litres that civilians can have
    fuel_use: NDArray[np.float64]  # [place] litres used up in a day by others than those who leave
    there: NDArray[np.float64]  # [4, place] persons: there, blocked, in organised shelter, in own arrangements
    link_open: NDArray[np.bool_]  # [queue] as events say
    gate_open: NDArray[np.bool_]  # [queue] as hours of the day say
    reachable: NDArray[np.bool_]  # [place] home that people may come back to
    first_goal: NDArray[np.int32]  # [category, place] reception to head for, -1 = none
    planned_delay: NDArray[np.float64]  # [link] hours of queue that the last plan knew of
    planned_cost: NDArray[np.float64]  # [link] hours that the last plan took it to cost; NaN before the first
    planned_links: NDArray[np.bool_]  # [category, link] that the last plan took to be passable
    cost_to: NDArray[np.float64]  # [category, goal, place] hours

    expects: NDArray[np.bool_]  # [party] has a date of return
    due: NDArray[np.int32]  # parties that today's page of the calendar queue names, in order of hour
    reached: NDArray[np.int32]  # parties that reached a goal in this step, until others set out

    gone: NDArray[np.float64]  # [place] persons who left home for good: the sum of `departed`, asked for every step
    departed: NDArray[np.float64]  # [place, bin] persons who left home for good
    registered: NDArray[np.float64]  # [place, bin]

    service_hours: NDArray[np.float64]  # [checkpoint row] mean time for one vehicle at its level, events included
    service_group: NDArray[np.int64]  # [checkpoint row] posts with one number move together
    shocks: NDArray[np.float64]  # [group, slot] standard normal, of the log rate of service
    opened: NDArray[np.float64]  # [checkpoint row] hour at which it was opened last
    log_rate: NDArray[np.float64]  # [group] log of the factor on the rate of service, in the present slot

    hour: float = 0.0
    until: float = 0.0
    before: float = 0.0
    next_moment: int = 0
    rate_slot: int = -1  # slot that `log_rate` is of
    must_plan: bool = True
    is_at_level: bool = False  # whether every post has reached its level since it was opened, when last looked at
    must_board: bool = True  # whether something changed for buses that stand ready, or those who wait for them
    n_readying: int = 0  # of those due in this step, how many get ready to leave home
    must_ask: bool = True  # whether something changed for those who wait
    fuel_found: float = np.inf  # hour at which the next of those who look for fuel finds some
    buses: list[Bus] = field(default_factory=list)  # under way
    parked: list[Bus] = field(default_factory=list)  # waiting at `place` for passengers
    returning: list[tuple[float, Bus]] = field(default_factory=list)  # back at `place` at an hour
    course: TimelineState | None = None  # what a case with phases adds
    crowd: Crowd | None = None  # those who walk from place to place, in a case that has them

    @property
    def here(self) -> NDArray[np.float64]:
        """[place] persons there."""
        persons: NDArray[np.float64] = self.there[THERE]
        return persons


@lru_cache(maxsize=512)  # particles of a forecast begin several runs with the same values
def beta_table(mean: float, concentration: float) -> NDArray[np.float64]:
    """Quantiles of a Beta distribution with this mean and a + b, on a grid that is dense at both ends."""
    from scipy.special import betaincinv  # here, as a tenth of a second of start-up is much to a case that needs none

    table: NDArray[np.float64] = betaincinv(mean * concentration, (1.0 - mean) * concentration, QUANTILE_GRID)
    return table


def log_logistic(median: float, shape: float, chance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Delays whose share done by time t is 1 / (1 + (median / t) ** shape): S-shaped."""
    return (median * (chance / (1.0 - chance)) ** (1.0 / shape)).astype(np.float32)


def slowest_of_household(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Parties of one household share the largest value: the last to decide decides, the slowest sets the pace."""
    if size <= 1 or values.size == 0:
        return values
    starts = np.arange(0, values.size, size)
    largest = np.maximum.reduceat(values, starts)
    return np.repeat(largest, np.diff(np.append(starts, values.size)))


def raise_people(tables: Tables, seed: np.uint64) -> tuple[Travellers, NDArray[np.int64]]:
    """Every party at home, with its size and means."""
    v, n_places = tables.values, len(tables.places)
    first = np.zeros(n_places + 1, dtype=np.int64)
    sizes = (v["persons_per_vehicle"], v["persons_per_group"], seed)
    given = (tables.persons, tables.code, tables.car_share, *sizes)
    is_empty = not tables.persons.any()  # where people walk from place to place, no one is there yet
    n = 0 if is_empty else people.raise_parties(*given, np.empty(0, np.int16), np.empty(0, np.int8), first)
    persons, mode = np.empty(n, np.int16), np.empty(n, np.int8)
    if not is_empty:
        people.raise_parties(*given, persons, mode, first)
    rows = np.zeros(n, TRAVELLER)
    rows["home"] = rows["at"] = np.repeat(np.arange(n_places, dtype=np.int16), np.diff(first))
    rows["state"], rows["mode"], rows["persons"], rows["left"] = HOME, mode, persons, np.nan
    for none in ("destination", "next", "rider"):
        rows[none] = -1
    parties = Travellers(rows, np.full(n, np.nan, np.float32), first, tables.code)
    return parties, first


def minds(tables: Tables, first: NDArray[np.int64], seed: np.uint64) -> tuple[NDArray[np.float32], ...]:
    """[party] thresholds and delays, home by home."""
    v, n = tables.values, int(first[-1])
    threshold, delay, chance = np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n, np.float32)
    if not n:
        return threshold, delay
    streams = [np.uint64(stream_number(name)) for name in ("threshold", "readiness", "stays")]
    household = round(v["household_parties"])
    table = beta_table(v["threshold_mean"], v["threshold_concentration"])
    for place, code in enumerate(tables.code):
        part = slice(first[place], first[place + 1])
        draws = chance[part]
        fill_uniform(draws, seed, streams[0], code, np.uint64(0))
        mine = np.interp(draws, QUANTILE_GRID, table).astype(np.float32)
        fill_uniform(draws, seed, streams[2], code, np.uint64(0))
        mine[draws < v["stay_share"]] = np.inf
        fill_uniform(draws, seed, streams[1], code, np.uint64(0))
        slow = log_logistic(v["ready_median_hours"], v["ready_shape"], draws)
        threshold[part] = slowest_of_household(mine, household)
        delay[part] = slowest_of_household(slow, household)
    return threshold, delay


def nearness(tables: Tables) -> NDArray[np.float64]:
    """[place, shelter] km by the shortest road to the power -distance_exponent, closures left aside."""
    n_goals, n_places = len(tables.goals), len(tables.places)
    if not tables.persons.any():
        return np.ones((n_places, len(tables.shelters)))
    hop, km = np.empty((1, n_goals, n_places), np.int32), np.empty((1, n_goals, n_places))
    unplanned, anywhere = np.full(tables.n_links, np.nan), np.ones(tables.n_links, dtype=np.bool_)
    ways = destination.Ways(*tables.ways, tables.goals, hop, km, unplanned, ~anywhere[None])
    destination.replan(ways, 0, tables.link_km, anywhere, np.empty(n_places, np.int32), no_moments(n_places))
    to_shelter = np.maximum(km[0, tables.goal_of[tables.shelters]].T, 1.0)
    return np.ascontiguousarray(
        np.where(np.isfinite(to_shelter), to_shelter, NEVER) ** -tables.values["distance_exponent"]
    )


def by_threshold(threshold: NDArray[np.float32], first: NDArray[np.int64]) -> NDArray[np.int32]:
    """[party] parties of each home in order of threshold."""
    order = np.empty(threshold.size, np.int32)
    for place in range(first.size - 1):
        part = slice(first[place], first[place + 1])
        order[part] = first[place] + np.argsort(threshold[part], kind="stable")
    return order


def stocks(tables: Tables, item: str, none: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[place] a stock and its use in a day; the row for a place counts, else that for its region, else that for *."""
    stock, use = np.full(len(tables.places), none), np.zeros(len(tables.places))
    rows = [row for row in tables.scenario.supplies if row.item == item]
    for row in sorted(rows, key=lambda row: (row.place != "*", not row.place.startswith("region:"))):
        for place in tables.targets(row.place):
            stock[place], use[place] = row.stock.at(tables.values), row.use_per_day.at(tables.values)
    return stock, use


def build_world(tables: Tables, seed: int) -> World:
    """Everybody at home, roads empty, gates as they stand at the start."""
    key = np.uint64(seed)
    parties, first = raise_people(tables, key)
    threshold, delay = minds(tables, first, key)
    n, n_places, v = parties.at.size, len(tables.places), tables.values
    flags = {}
    for name, stream, share in (
        ("fuel", FUEL_STREAM, v["own_fuel_share"]),
        ("room", LIFT_STREAM, v["lift_share"]),
        ("walks", WALK_STREAM, v["walk_share"]),
        ("asks", SHELTER_STREAM, v["state_shelter_share"]),
    ):
        flags[name] = np.empty(n, np.int8)
        if n:
            people.draw_below(flags[name], first, tables.code, stream, key, share)
    shares = [v.get(f"{name}_share", 0.0) for name in CATEGORIES[1:]]
    upper = np.cumsum(shares)
    n_categories = len(CATEGORIES) if upper[-1] > 0 else 1
    if n_categories > 1:
        category = np.zeros(n, np.int8)
        people.draw_category(category, first, tables.code, upper, key)
        parties.rows["category"] = category
    parties.rows["fuel"] = flags["fuel"]
    roads = build_roads(tables, n_categories)
    food_days, food_use = stocks(tables, "food", NEVER)
    fuel, fuel_use = stocks(tables, "fuel", 0.0)
    shelter_at = np.full(n_places, -1, np.int32)
    shelter_at[tables.shelters] = np.arange(len(tables.shelters))
    link_open = np.ones(roads.queues.size, dtype=np.bool_)
    link_open[: tables.n_links] = [route.is_open for route in tables.link_route]
    for row, checkpoint in enumerate(tables.rows):
        if "nobody" in checkpoint.admits:
            roads.rows["admits"][row] = 0
    roads.queues["is_open"] = link_open
    flat = np.zeros(n_places)
    world = World(
        parties=parties, roads=roads, seed=key, bus_units=max(1, round(v["bus_lane_units"])),
        shelters=Shelters(
            place=tables.shelters, goal=tables.goal_of[tables.shelters], at=shelter_at, pull=tables.pull,
            room=tables.room.copy(), nearness=nearness(tables),
            reachable=np.zeros((n_categories, n_places, len(tables.shelters)), np.bool_), asks=flags["asks"],
        ),
        threshold=threshold, delay=delay, has_room=flags["room"], walks=flags["walks"],
        order=by_threshold(threshold, first), decided=first[:-1].copy(), next_threshold=np.zeros(n_places),
        prepared=first[:-1].copy(), way_since=np.full((n_categories, n_places), NEVER),
        calendar_queue=np.full(int(tables.scenario.clock.hours / tables.page_hours + 1.5), -1, np.int32),
        waiting=np.empty(0, np.int32), walkers=np.empty(0, np.int32),
        lists=Lists(*(np.empty(size, np.int32) for size in (n, n, n, n_places))),
        threat=flat.copy(), signal=flat.copy(), felt=flat.copy(), pressure=flat.copy(), jump=flat.copy(),
        food=np.multiply(food_days, tables.persons, out=food_days, where=np.isfinite(food_days)), food_use=food_use,
        fuel=fuel, fuel_use=fuel_use, there=np.stack([tables.persons.astype(np.float64), flat, flat, flat]),
        link_open=link_open, gate_open=np.ones(roads.queues.size, dtype=np.bool_),
        reachable=np.zeros(n_places, np.bool_), first_goal=np.full((n_categories, n_places), -1, np.int32),
        planned_delay=np.zeros(tables.n_links), planned_cost=np.full(tables.n_links, np.nan),
        planned_links=np.zeros((n_categories, tables.n_links), np.bool_),
        cost_to=np.full((n_categories, len(tables.goals), n_places), NEVER),
        expects=np.zeros(n, np.bool_), due=np.empty(0, np.int32), reached=np.empty(0, np.int32),
        gone=flat.copy(), departed=np.zeros((n_places, tables.n_bins)), registered=np.zeros((n_places, tables.n_bins)),
        service_hours=roads.rows["hours"].copy(), service_group=service_groups(tables)[1],
        shocks=draw_shocks(tables, seed), opened=opened_from_start(tables),
        log_rate=np.zeros(len(service_groups(tables)[0])),
    )  # fmt: skip
    if tables.work is not None:
        world.course = build_timeline_state(tables, parties, seed)
        parties.category[:] = 0  # set while a post lets a party of that category through
    return world

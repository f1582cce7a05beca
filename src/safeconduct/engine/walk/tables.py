"""What walkers know, as arrays: routes within their awareness, places, habits. Made once for a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import Tables
from safeconduct.engine.walk.data import AHEAD, HOPS_AHEAD, LINK, OPTION, SPOT, Habits, Land
from safeconduct.engine.walk.hazards import levels_by_day
from safeconduct.scenario import Walk, km_between

SMALL_CHANCE = 0.005  # Flee: a move chance below this makes a camp of any place but a camp
Path = tuple[int, ...]  # links


@dataclass(frozen=True)
class WalkTables:
    """What stays as it is during a run."""

    walk: Walk
    habits: Habits
    group_share: NDArray[np.float64]  # [group, place]
    group_power: NDArray[np.float64]  # [group]
    heed: NDArray[np.float64]  # [group] how far it acts on a forecast of floods
    flood: NDArray[np.float64]  # [day, place] level; no days where no table names floods
    hunger: NDArray[np.float64]  # [day, place] percent short of food; likewise
    is_restless: bool  # places change every day, whether or not anything happens
    copies_of: dict[str, list[int]]  # route id -> links


def walk_of(tables: Tables) -> Walk:
    """The walk of a case that has one."""
    assert tables.scenario.walk is not None, "a case without a walk has other phases"
    return tables.scenario.walk


def build_walk(tables: Tables, seed: int) -> WalkTables:
    """Compile the walk of a case under one run's values."""
    walk, v = walk_of(tables), tables.values
    quirks, rules = walk.quirks, walk.rules
    share, power, heed = groups(tables)
    keys = [place.key for place in tables.places]
    floods, hunger = (levels_by_day(levels, keys, walk.n_days) for levels in (walk.flood_level, walk.hunger))
    habits = Habits(
        seed=np.uint64(seed),
        weight_softening=float(v["weight_softening"]), weight_power=float(v["weight_power"]),
        buffer=float(v["capacity_buffer_share"]), overflow=float(v["overflow_weight"]),
        pruning=float(v["pruning_threshold"]), walk_km=float(v["walk_km_per_day"]),
        day_km=float(v["journey_km_per_day"]), starts_on_foot=rules.start_on_foot,
        avoids_short_stints=rules.avoid_short_stints, stays_close=rules.stay_close_to_home,
        no_gate=quirks.capacity_is_no_gate, full_camp_stops=quirks.full_camp_stops_journey,
        all_full_means_any=quirks.all_full_means_any, full_speed=quirks.full_speed_each_hop,
        only_beyond=quirks.arrives_only_beyond, turned_back_anyway=quirks.turned_back_though_reopened,
        home_is_here=quirks.home_is_here, oldest_first=quirks.oldest_go_first,
        by_group=bool((heed > 0.0).any() and floods.size),
    )  # fmt: skip
    links: dict[str, list[int]] = {}
    for link, route in enumerate(tables.link_route):
        links.setdefault(route.id, []).append(link)
    return WalkTables(walk, habits, share, power, heed, floods, hunger, is_restless(walk), links)


def is_restless(walk: Walk) -> bool:
    """Whether pulls, rooms or chances of moving on change from day to day by themselves."""
    grows = any(place.capacity_per_day for place in walk.places.values())
    has_levels = bool(walk.flood_level or walk.hunger)
    return grows or has_levels or bool(walk.rules.spawn_decay) or walk.rules.take_from_population


def groups(tables: Tables) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """[group, place] shares, [group] powers and [group] heed of forecasts; the first group is everybody else."""
    walk = walk_of(tables)
    power = np.array([1.0, *(group.power for group in walk.groups)])
    heed = np.array([0.0, *(group.heed for group in walk.groups)])
    share = np.zeros((power.size, len(tables.places)))
    for row, group in enumerate(walk.groups, start=1):
        share[row] = [group.share.get(place.key, group.share.get("", 0.0)) for place in tables.places]
    share[0] = 1.0 - share[1:].sum(axis=0)
    return share, power, heed


def build_land(tables: Tables, power: NDArray[np.float64]) -> Land:
    """Places before people walk, all routes that they can think of, and the calendar queue; pulls come each day."""
    walk, v, n = walk_of(tables), tables.values, len(tables.places)
    options = [list(options_from(tables, place)) for place in range(n)]
    flat = [path for paths in options for path in paths]
    spots, routes, links = np.zeros(n + 1, SPOT), np.zeros(len(flat), OPTION), np.zeros(tables.n_links, LINK)
    spots["first"] = np.concatenate([[0], np.cumsum([len(paths) for paths in options])])
    spots["room"] = spots["soon_full"] = np.inf
    lengths = np.array([len(path) for path in flat], dtype=np.int32)
    km = np.array([sum(tables.link_km[link] for link in path) for path in flat])
    routes["end"] = [tables.link_end[path[-1]] for path in flat]
    routes["leg"], routes["n_legs"], routes["is_open"] = np.cumsum(lengths) - lengths, lengths, 1
    routes["divisor"] = (v["softening_km"] + km) ** v["distance_power"]
    links["start"], links["end"], links["km"] = tables.link_start, tables.link_end, tables.link_km
    links["is_open"], links["closed_on"] = 1, -1
    links["speed"] = [walk.route_speed.get(route.id, v["journey_km_per_day"]) for route in tables.link_route]
    links["walk_chance"] = [walk.walk_chance.get(route.id, 0.0) for route in tables.link_route]
    return Land(
        spots=spots, options=routes, legs=np.array([link for path in flat for link in path], dtype=np.uint32),
        links=links, pull=np.zeros((power.size, len(flat))), score=np.ones((power.size, n)),
        chance=np.zeros((power.size, n)),
        nearness=nearness(tables) if walk.rules.stay_close_to_home else np.ones((1, 1)),
        pulls=np.empty(int(np.diff(spots["first"]).max(initial=1))), due=np.zeros(0, np.int16),
        first=np.zeros(walk.n_days + 1, np.int64), slots=np.zeros(AHEAD, np.uint64),
        ahead=np.zeros((HOPS_AHEAD, AHEAD)),
    )  # fmt: skip


def options_from(tables: Tables, place: int) -> Iterator[Path]:
    """Every path from a place up to the awareness level, no place twice; markers are passed and not counted."""
    walk = walk_of(tables)
    level = walk.rules.awareness_level
    if level < 1:
        level = int(level < 0 or not walk.quirks.no_awareness_is_none)
    markers = {i for i, one in enumerate(tables.places) if walk.places[one.key].kind == "marker"}
    leaving: dict[int, list[int]] = {}
    for link, start in enumerate(tables.link_start):
        leaving.setdefault(int(start), []).append(link)

    def onward(at: int, path: Path, seen: frozenset[int], depth: int) -> Iterator[Path]:
        for link in leaving.get(at, ()) if depth else ():
            end = int(tables.link_end[link])
            if end in seen:
                continue
            further = (*path, link)
            for _ in range(walk.copies.get(tables.link_route[link].id, 1)):
                if end not in markers:
                    yield further
                yield from onward(end, further, seen | {end}, depth if end in markers else depth - 1)

    yield from onward(place, (), frozenset({place}), level)


def nearness(tables: Tables) -> NDArray[np.float64]:
    """[place, place] factor on a place's pull for being close to home (or to another place)."""
    swaps = walk_of(tables).quirks.latitude_is_longitude
    spots = [(one.lon, one.lat) if swaps else (one.lat, one.lon) for one in tables.places]
    km = np.array([[km_between(*a, *b) for b in spots] for a in spots])
    near: NDArray[np.float64] = np.maximum(1.0, km) ** -tables.values["home_distance_power"]
    return near

"""Where people walk from place to place: another order of phases over the same World.

Start reading at `WALK_ORDER`. A step is a day. People come from places in conflict, look as far ahead as they know,
take the option that pulls, and rest with the chance of the kind of place they come to.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import Tables
from safeconduct.engine.walk import kernels, spawn
from safeconduct.engine.walk.crowd import Crowd
from safeconduct.engine.walk.data import WALKER, Land
from safeconduct.engine.walk.hazards import flood_chance, flood_pull, hunger_share
from safeconduct.engine.walk.tables import SMALL_CHANCE, build_land, build_walk
from safeconduct.engine.world import World, build_world
from safeconduct.scenario import MODEL_PARAMETERS, Happening
from safeconduct.terms import Draws

ROUNDING = 1e-9  # walkers: what sums of parts may lack of a whole one
NEVER_MOVES = 1e-300  # 1/day: as good as none
GROWTH = 1.5  # of the arrays, as it is not known beforehand how many will come
LEFT_CAMP = "camp left as a town"  # what Flee makes of a camp with a conflict behind it: only its pull is a camp's
CAMP_KINDS = ("camp", "idpcamp", LEFT_CAMP)


def crowd_of(world: World) -> Crowd:
    """The walkers of a world that has them."""
    assert world.crowd is not None, "a world without walkers has other phases"
    return world.crowd


def build_crowd(tables: Tables, seed: int) -> Crowd:
    """A crowd before the first day."""
    walk_tables = build_walk(tables, seed)
    walk, n_places = walk_tables.walk, len(tables.places)
    share = float(walk.persons_per_agent)
    kinds = [walk.places[place.key] for place in tables.places]
    scaled = np.array([[one.population, one.capacity] for one in kinds]).reshape(n_places, 2) / share
    if walk.quirks.counts_are_cut:
        scaled = np.floor(scaled)
    is_recorded = walk.rules.spawn_mode == "recorded"
    planned = spawn.arrivals(walk) if is_recorded else np.zeros(walk.n_days, np.int64)
    size = int(planned.sum()) + sum(spawn.residents(walk).values()) + sum(walk.named_agents.values())
    intensity = np.array([one.intensity or -1.0 for one in kinds])
    return Crowd(
        tables=walk_tables,
        walkers=np.zeros(max(size, 1), WALKER),
        land=with_room(build_land(tables, walk_tables.group_power), max(size, 1)),
        road=np.empty(max(size, 1), np.uint32),
        planned=planned,
        population=scaled[:, 0],
        capacity=scaled[:, 1],
        intensity=intensity,
        since=np.zeros(n_places, np.int64),
        kind=[one.kind for one in kinds],
        n_closures=np.zeros(tables.n_links, np.int64),
        born=np.zeros(n_places, np.int64),
        owed=np.zeros(n_places),
        sources=spawn.source_weights(walk, scaled[:, 0], intensity, np.ones(n_places)),
    )


def notice_events(world: World, tables: Tables) -> None:
    """Apply what is dated for today: conflicts start, change or end, places change their kind, roads close or open."""
    crowd = crowd_of(world)
    crowd.day = round(world.hour / 24.0)
    told, before = crowd.tables.walk.happenings, world.next_moment
    while world.next_moment < len(told) and told[world.next_moment].day <= crowd.day:
        happen(crowd, tables, told[world.next_moment])
        world.next_moment += 1
    crowd.has_news = crowd.day == 0 or world.next_moment > before or crowd.tables.is_restless


def happen(crowd: Crowd, tables: Tables, what: Happening) -> None:
    """Apply one happening."""
    if what.kind in ("close", "open"):
        for link in crowd.tables.copies_of[what.subject]:
            close_link(crowd, link, closes=what.kind == "close")
        options, legs = crowd.land.options, crowd.land.legs
        n_shut = np.concatenate([[0], np.cumsum(crowd.land.links["is_open"][legs] == 0)])
        options["is_open"] = n_shut[options["leg"] + options["n_legs"]] == n_shut[options["leg"]]
        return
    place = tables.place_index[what.subject]
    if what.kind == "becomes":
        crowd.kind[place] = what.to
        what_to = what.value if what.to == "conflict" else -1.0
        crowd.intensity[place] = what_to
    elif what.value > 0:
        crowd.intensity[place] = what.value
        if what.restarts:
            crowd.since[place] = crowd.day
    else:
        crowd.intensity[place] = -1.0
        if crowd.kind[place] == "conflict" or crowd.tables.walk.quirks.conflict_end_makes_town:
            crowd.kind[place] = LEFT_CAMP if crowd.kind[place] in CAMP_KINDS else "town"


def close_link(crowd: Crowd, link: int, *, closes: bool) -> None:
    """Close or open one direction of a road; it is open when no closure holds."""
    links, n = crowd.land.links, crowd.n_closures
    n[link] = max(0, n[link] + (1 if closes else -1))
    if crowd.tables.walk.quirks.first_reopening_opens:
        n[link] = int(closes)
    if closes:
        links["closed_on"][link] = crowd.day
    links["is_open"][link] = n[link] == 0


def find_sources(world: World, tables: Tables) -> None:
    """Weigh the homes of those who leave: people times intensity, fading as a conflict lasts."""
    crowd = crowd_of(world)
    if not crowd.has_news:
        return
    walk = crowd.tables.walk
    weights = spawn.source_weights(walk, crowd.population, crowd.intensity, decay(crowd, tables))
    if walk.rules.starvation_driven_spawning and crowd.day > 0:
        may_leave = crowd.intensity > 0 if walk.rules.conflict_zone_spawning_only else weights >= 0
        starving = np.where(may_leave, crowd.population * hunger_share(crowd.tables.hunger, crowd.day), 0.0)
        weights = np.minimum(crowd.population, weights + starving)
    if weights.sum() > 0 or walk.quirks.needs_a_conflict:
        crowd.sources = weights
    elif not crowd.sources.sum() > 0:
        crowd.sources = crowd.population * [not walk.places[one.key].is_foreign for one in tables.places]


def decay(crowd: Crowd, tables: Tables) -> NDArray[np.float64]:
    """[place] factor on a conflict's weight by how long it has lasted."""
    factors = crowd.tables.walk.rules.spawn_decay
    if not factors:
        return np.ones(crowd.since.size)
    turn = (crowd.day - crowd.since) // max(1.0, tables.values["spawn_decay_days"])
    return np.asarray(np.array(factors)[np.minimum(turn, len(factors) - 1).astype(np.int64)])


def weigh_places(world: World, tables: Tables) -> None:
    """Set each place's pull, room and chance of moving on for today; who rests where that chance changed looks anew."""
    crowd = crowd_of(world)
    if not crowd.has_news:
        return
    walk, v, land, spots = crowd.tables.walk, tables.values, crowd.land, crowd.land.spots[:-1]
    kinds = np.array(crowd.kind)
    chance = move_chance(crowd, tables, kinds)
    is_camp = np.isin(kinds, CAMP_KINDS)
    if walk.quirks.small_chance_makes_camp:
        is_camp |= (chance < SMALL_CHANCE) & (kinds != "flood_zone")
    hunger = hunger_share(crowd.tables.hunger, crowd.day)
    if walk.rules.flee_when_starving:
        chance = hunger + (1.0 - hunger) * chance
    chances = flood_chance(walk, crowd.tables.flood, crowd.tables.heed, crowd.day, chance)
    score = np.where(is_camp, v["camp_weight"], 1.0)
    is_foreign = np.array([walk.places[place.key].is_foreign for place in tables.places])
    score *= np.where(is_foreign, v["foreign_weight"], 1.0)
    if walk.rules.avoid_food_deprived_locations and crowd.day > 0:
        score *= np.where(is_foreign, 1.0, 1.0 - hunger**2)
    hot = crowd.intensity > 0
    score[hot] *= v["conflict_weight"] ** (decay(crowd, tables) * crowd.intensity)[hot]
    land.score[:] = score ** crowd.tables.group_power[:, None]
    land.score[:] *= flood_pull(walk, crowd.tables.flood, crowd.tables.heed, crowd.day)
    if walk.rules.use_pop_for_loc_weight:
        land.score[:, ~is_camp] *= np.maximum(1.0, crowd.population[~is_camp]) ** v["population_power"]
    land.pull[:] = (v["weight_softening"] + land.score[:, land.options["end"]]) / land.options["divisor"]
    land.pull[:] = np.where(land.options["is_open"] == 1, land.pull ** v["weight_power"], 0.0)
    spots["is_camp"] = is_camp
    spots["is_town"] = ~hot & ((kinds == LEFT_CAMP) | ((kinds == "town") & ~is_camp))
    changed = (chances != land.chance).any(axis=0)
    land.chance[:] = chances
    spots["chance"], spots["patience"] = chances[0], patience(chances[0])
    if (spots["here"][changed] > 0).any():
        kernels.wait_anew(crowd.walkers, crowd.n, land, crowd.tables.habits, crowd.day, changed)


def make_room(world: World, tables: Tables) -> None:
    """Say how many people each place can hold today."""
    crowd = crowd_of(world)
    if not crowd.has_news:
        return
    walk = crowd.tables.walk
    per_day = np.array([walk.places[place.key].capacity_per_day for place in tables.places])
    crowd.capacity += per_day / (1 if walk.quirks.attributes_not_scaled else walk.persons_per_agent)
    room = crowd.capacity * tables.values["capacity_scaling"]
    if walk.quirks.no_capacity_is_no_limit:
        room = np.where(room < 1, np.inf, room)
    crowd.land.spots["room"][:-1] = room
    soon_full = room * tables.values["capacity_buffer_share"]
    crowd.land.spots["soon_full"][:-1] = (
        soon_full if walk.quirks.capacity_is_no_gate else np.minimum(soon_full, room - 1)
    )


def move_chance(crowd: Crowd, tables: Tables, kinds: NDArray[np.str_]) -> NDArray[np.float64]:
    """[place] chance of moving on in a day, by its kind and, where the case says so, its people."""
    v = tables.values
    by_kind = {
        "camp": v["camp_move_chance"],
        "idpcamp": v["idpcamp_move_chance"],
        "town": v["default_move_chance"],
        LEFT_CAMP: v["default_move_chance"],
        "conflict": v["conflict_move_chance"],
        "flood_zone": v["default_move_chance"],
        "forward": 1.0,
        "marker": 1.0,
    }
    chance = np.array([by_kind[str(kind)] for kind in kinds])
    chance[crowd.intensity > 0] = v["conflict_move_chance"]
    if v["move_chance_power"] != 0.0:
        room = np.where(np.isfinite(crowd.capacity), crowd.capacity, -1.0)
        people = np.maximum(np.maximum(crowd.population, room), 0.0)
        chance = chance * (people / v["move_chance_population"]) ** v["move_chance_power"]
    return np.asarray(np.minimum(chance, 1.0))


def patience(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """[place] 1 / log(1 - chance), and 0 where no one stays."""
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / np.log1p(-np.clip(chance, NEVER_MOVES, 1.0)))


def set_out_from_home(world: World, tables: Tables) -> None:
    """Add today's new walkers at their homes: the recorded rise, or those that conflict drives out."""
    crowd = crowd_of(world)
    walk, day, before = crowd.tables.walk, crowd.day, crowd.born.copy()
    if day > 0:  # on day 0 they follow the residents
        crowd.land.first[day:] = crowd.n
    if walk.rules.spawn_mode == "recorded":
        if not crowd.sources.sum() > 0:
            spawn.no_source(walk)
        add(crowd, int(crowd.planned[day]), np.cumsum(crowd.sources))
    else:
        if walk.rules.driven_by_flood:
            rate, active = spawn.flood_rates(walk, crowd.tables.flood, day)
        else:
            rate, active = tables.values["spawn_per_conflict_day"], crowd.intensity
        leavers = spawn.driven(walk, crowd.population, active, rate, day, Draws(int(world.seed)), tables.code)
        crowd.owed += leavers
        whole = np.floor(crowd.owed + ROUNDING)
        crowd.owed -= whole
        for home in np.flatnonzero(whole).tolist():
            add(crowd, int(whole[home]), one_hot(len(tables.places), home))
    new = crowd.born - before
    world.departed[:, min(day, world.departed.shape[1] - 1)] += new * walk.persons_per_agent
    if walk.rules.take_from_population:
        crowd.population = np.maximum(crowd.population - new, 0.0)


def settle_residents(world: World, tables: Tables) -> None:
    """Add those who are in camps, or elsewhere, when the case begins."""
    crowd, walk = crowd_of(world), crowd_of(world).tables.walk
    weigh_places(world, tables)  # for the chances by which they wait
    for place, n in spawn.residents(walk).items():
        add(crowd, n, one_hot(len(tables.places), tables.place_index[place]))
    for (place, group), n in walk.named_agents.items():
        of_group = np.zeros_like(crowd.tables.group_share)
        of_group[group] = 1.0
        add(crowd, n, one_hot(len(tables.places), tables.place_index[place]), of_group)
    is_recorded = walk.rules.spawn_mode == "recorded"
    if is_recorded and walk.quirks.day0_counts_twice and walk.rules.insert_day0 and not walk.rules.empty_camps_on_day0:
        crowd.capacity -= np.where(crowd.capacity > 0, day0_residents(crowd, tables), 0.0)


def day0_residents(crowd: Crowd, tables: Tables) -> NDArray[np.float64]:
    """[place] agents that the record has in camps on day 0."""
    walk = crowd.tables.walk
    recorded = {camp: walk.recorded[camp][0] / walk.persons_per_agent for camp in walk.camps}
    return np.floor([recorded.get(place.key, 0.0) for place in tables.places])


def with_room(land: Land, size: int) -> Land:
    """The land with room for so many walkers' days."""
    return land._replace(due=np.concatenate([land.due, np.empty(size - land.due.size, np.int16)]))


def one_hot(size: int, place: int) -> NDArray[np.float64]:
    """Cumulative weights with everything on one place."""
    return (np.arange(size) >= place).astype(np.float64)


def add(crowd: Crowd, n: int, cumulative: NDArray[np.float64], group_share: NDArray[np.float64] | None = None) -> None:
    """Add new walkers of today, with homes drawn by these cumulative weights, and groups by these shares."""
    if n <= 0:
        return
    if crowd.n + n > crowd.road.size:
        size = int(GROWTH * crowd.road.size) + n
        crowd.walkers = np.concatenate([crowd.walkers, np.zeros(size - crowd.walkers.size, WALKER)])
        crowd.land = with_room(crowd.land, size)
        crowd.road = np.concatenate([crowd.road, np.empty(size - crowd.road.size, np.uint32)])
    kernels.begin_lives(
        crowd.walkers, crowd.n, crowd.n + n, crowd.land, crowd.tables.habits, crowd.day,
        cumulative, crowd.tables.group_share if group_share is None else group_share, crowd.born,
    )  # fmt: skip
    crowd.n += n


def look_around(world: World, tables: Tables) -> None:
    """Let those whose rest ends today choose a way, and set out if there is one."""
    crowd = crowd_of(world)
    crowd.land.spots["blocked"] = 0
    crowd.n_road = kernels.decide(crowd.walkers, crowd.n, crowd.land, crowd.tables.habits, crowd.road, crowd.day)


def walk_on(world: World, tables: Tables) -> None:
    """Move those under way through the day, over several roads where they are short."""
    crowd = crowd_of(world)
    crowd.n_road = kernels.walk_a_day(
        crowd.walkers, crowd.land, crowd.tables.habits, crowd.road, crowd.n_road, crowd.day
    )


Phase = Callable[[World, Tables], None]
WALK_ORDER: tuple[Phase, ...] = (
    notice_events,  # dated things come before any party looks around
    find_sources,  # of the conflicts as they now stand
    weigh_places,  # before any walker waits by its chances
    set_out_from_home,
    make_room,
    look_around,
    walk_on,  # to the end of the day
)


def walk_step(world: World, tables: Tables) -> None:
    """One day."""
    for phase in WALK_ORDER:
        phase(world, tables)
    world.before, world.hour = world.hour, world.until


def build_walking_world(tables: Tables, seed: int) -> World:
    """The World of a case in which people walk: no party lives by the other rules, and walkers come day by day."""
    defaults = {parameter.name: parameter.value for parameter in MODEL_PARAMETERS}
    world = build_world(replace(tables, values={**defaults, **tables.values}), seed)
    world.crowd = build_crowd(tables, seed)
    settle_residents(world, tables)
    return world


def walk_counts(world: World, tables: Tables) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """[place] persons there, [place] persons who could not go on today, [link] persons under way."""
    crowd = crowd_of(world)
    under_way = crowd.walkers["at"][crowd.road[: crowd.n_road]]
    share = float(crowd.tables.walk.persons_per_agent)
    on_link = np.bincount(under_way, minlength=tables.n_links).astype(np.float64)
    spots = crowd.land.spots[:-1]
    return spots["here"] * share, spots["blocked"] * share, on_link * share


def walk_outcomes(world: World, tables: Tables) -> dict[str, float]:
    """The figures that sum up a run of walkers."""
    here, _, on_link = walk_counts(world, tables)
    is_camp = np.array([place.key in crowd_of(world).tables.walk.camps for place in tables.places])
    return {
        "persons_displaced": float(crowd_of(world).n * crowd_of(world).tables.walk.persons_per_agent),
        "persons_in_camps": float(here[is_camp].sum()),
        "persons_in_other_places": float(here[~is_camp].sum()),
        "persons_on_the_way": float(on_link.sum()),
    }

"""Each quirk of Flee that is copied on demand: what happens with it, and what happens without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from flee_folder import LOCATIONS, read_folder, with_quirk, write_folder
from numpy.typing import NDArray

from safeconduct.engine import simulate
from safeconduct.engine.compile import kernel
from safeconduct.engine.random import log_of
from safeconduct.engine.spawn import arrivals, driven
from safeconduct.engine.tables import build_tables
from safeconduct.engine.walk import build_walking_world, crowd_of, walk_step
from safeconduct.engine.walk_kernels import list_due
from safeconduct.engine.walk_tables import nearness, options_from
from safeconduct.scenario import Quirks, Scenario
from safeconduct.terms import Draws, RunStopped

STRAIGHT = {"simsetting.yml": "move_rules:\n  default_movechance: 1.0\n  conflict_weight: 0.0\n"}
DIRECT = "#name1,name2,distance\nSource,Camp,{km}\nSource,Town,5000\n"
ONE_DAY = "2020-01-01,0\n2020-01-02,{n}\n"


def counts(n: int) -> dict[str, str]:
    """So many people arrive on the second day, by the record, and nobody later."""
    text = ONE_DAY.format(n=n)
    return {"source_data/camp.csv": text, "source_data/total.csv": text}


def folder(where: Path, *, n_days: int = 6, as_flee: bool = False, **files: str) -> Scenario:
    """A case from a folder with some files of its own; names with __ for the dot."""
    named = {name.replace("__", "."): text for name, text in files.items()}
    return read_folder(write_folder(where, n_days, {**STRAIGHT, **counts(999), **named}), as_flee=as_flee)


def in_camp(case: Scenario, place: str = "Camp", **values: float) -> NDArray[np.float64]:
    """[day] persons in a camp at the end of each day."""
    return simulate(case, {"camp_move_chance": 0.0, **values}, seed=1, record=("n_persons",)).series[
        "n_persons", place
    ][1:]


def test_without_compat_there_is_no_quirk_and_with_it_all(tmp_path: Path) -> None:
    """The switch turns on every one of them."""
    plain, flee = folder(tmp_path), folder(tmp_path, as_flee=True)
    assert plain.walk and flee.walk
    assert not any(getattr(plain.walk.quirks, one.name) for one in fields(Quirks))
    assert all(getattr(flee.walk.quirks, one.name) for one in fields(Quirks))


def test_a_days_distance(tmp_path: Path) -> None:
    """100 km and then 350 km at 360 km a day: 450 km take two days; with the quirk one, as each hop starts anew."""
    case = folder(tmp_path)
    assert in_camp(case).tolist()[:4] == [0.0, 0.0, 999.0, 999.0]
    assert in_camp(with_quirk(case, full_speed_each_hop=True)).tolist()[:4] == [0.0, 999.0, 999.0, 999.0]


def test_a_road_as_long_as_a_day(tmp_path: Path) -> None:
    """360 km at 360 km a day take one day, and two with the quirk."""
    case = folder(tmp_path, routes__csv=DIRECT.format(km=360))
    assert in_camp(case)[1] > 900
    assert in_camp(with_quirk(case, arrives_only_beyond=True))[1] == 0.0


CAMP_OF_100 = LOCATIONS.replace(",5000", ",100")
ONLY_CAMP = "#name1,name2,distance\nSource,Camp,50\n"


def test_999_people_and_a_camp_of_100(tmp_path: Path) -> None:
    """A hundred are let in and the rest stay where they are; Flee takes them all, as nobody there is counted yet."""
    case = folder(tmp_path, locations__csv=CAMP_OF_100, routes__csv=ONLY_CAMP)
    assert in_camp(case).tolist() == [0.0, 100.0, 100.0, 100.0, 100.0, 100.0]
    assert in_camp(with_quirk(case, capacity_is_no_gate=True))[1] == 999.0
    flee = folder(tmp_path, as_flee=True, locations__csv=CAMP_OF_100, routes__csv=ONLY_CAMP)
    assert in_camp(flee)[1] == 999.0


def test_a_gate_can_be_soft(tmp_path: Path) -> None:
    """With a pull beyond capacity people go to a full camp too."""
    case = folder(tmp_path, locations__csv=CAMP_OF_100, routes__csv=ONLY_CAMP)
    assert in_camp(case, overflow_weight=0.5)[1] == 999.0


@pytest.mark.parametrize(
    ("any_option", "stops", "later"), [(True, False, 1998.0), (True, True, 999.0), (False, False, 999.0)]
)
def test_what_a_full_camp_does_to_those_who_come_later(
    tmp_path: Path, any_option: bool, stops: bool, later: float
) -> None:
    """999 came on day 1 and 999 more on day 3: they come where any option will do, unless a second look stops them."""
    text = "2020-01-01,0\n2020-01-02,999\n2020-01-03,999\n2020-01-04,1998\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text}
    case = folder(tmp_path, locations__csv=CAMP_OF_100, routes__csv=ONLY_CAMP, **files)
    quirks = {"capacity_is_no_gate": True, "all_full_means_any": any_option, "full_camp_stops_journey": stops}
    assert in_camp(with_quirk(case, **quirks))[-1] == later


@pytest.mark.parametrize(("twice", "at_end"), [(False, 100.0), (True, 60.0)])
def test_residents_of_the_first_day(tmp_path: Path, twice: bool, at_end: float) -> None:
    """Sixty of a hundred places are taken; forty are free, or none where residents count twice."""
    text = "2020-01-01,60\n2020-01-02,1059\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text}
    case = folder(tmp_path, locations__csv=CAMP_OF_100, routes__csv=ONLY_CAMP, **files)
    assert in_camp(with_quirk(case, day0_counts_twice=twice))[-1] == at_end


@pytest.mark.parametrize(("no_limit", "at_end"), [(False, 0.0), (True, 999.0)])
def test_a_capacity_of_nought(tmp_path: Path, no_limit: bool, at_end: float) -> None:
    """Room for nobody, or for everybody; the reader and the run both have to agree."""
    locations = LOCATIONS.replace(",5000", ",0")
    case = folder(tmp_path, locations__csv=locations, routes__csv=ONLY_CAMP)
    assert in_camp(with_quirk(case, no_capacity_is_no_limit=no_limit))[-1] == at_end
    flee = folder(tmp_path, as_flee=True, locations__csv=locations, routes__csv=ONLY_CAMP)
    assert in_camp(flee)[-1] == 999.0


@pytest.mark.parametrize(("as_flee", "early"), [(False, 0.0), (True, 999.0)])
def test_a_closed_link(tmp_path: Path, as_flee: bool, early: float) -> None:
    """A closed road lets nobody through until it opens; in Flee a closure of one link closes nothing."""
    case = folder(tmp_path, as_flee=as_flee, routes__csv=ONLY_CAMP, closures__csv="link,Source,Camp,0,4\n")
    assert in_camp(case)[1] == early and in_camp(case)[-1] == 999.0


@pytest.mark.parametrize(("first_opens", "on_day_3"), [(False, 0.0), (True, 999.0)])
def test_two_closures_of_one_road(tmp_path: Path, first_opens: bool, on_day_3: float) -> None:
    """Days 0 to 3 and 0 to 5: open from day 5, or from the end of the first where closures do not count."""
    closures = "country,Home,Abroad,0,3\nlocation,Camp,,0,5\n"
    case = folder(tmp_path, routes__csv=ONLY_CAMP, closures__csv=closures)
    found = in_camp(with_quirk(case, first_reopening_opens=first_opens))
    assert found[3] == on_day_3 and found[5] == 999.0


@pytest.mark.parametrize(("anyway", "arrived"), [(False, 999.0), (True, 0.0)])
def test_a_road_that_closes_and_opens_under_way(tmp_path: Path, anyway: bool, arrived: float) -> None:
    """1000 km take three days from day 1; closed on day 2 and open on day 3: they pass, or are sent back at its end."""
    files = {"routes__csv": "#name1,name2,distance\nSource,Camp,1000\n", "closures__csv": "country,Home,Abroad,2,3\n"}
    case = folder(tmp_path, **files)
    assert in_camp(with_quirk(case, turned_back_though_reopened=anyway))[3] == arrived


def test_a_redirecting_link_of_kind_1_counts_twice(tmp_path: Path) -> None:
    """Two roads of one length: two in three take the doubled one (5 sd of a binomial of 999), and half without."""
    locations = LOCATIONS + "Camp2,West,Abroad,11.0,22.0,camp,,5000\n"
    routes = "#name1,name2,distance,forced_redirection\nSource,Camp,50,1\nSource,Camp2,50,0\n"
    layout = {"source_data/data_layout.csv": "total,total.csv\nCamp,camp.csv\nCamp2,none.csv\n"}
    files = {"source_data/none.csv": "2020-01-01,0\n", **layout, "locations.csv": locations, "routes.csv": routes}
    for as_flee, share in ((False, 1 / 2), (True, 2 / 3)):
        case = folder(tmp_path, as_flee=as_flee, **files)
        assert abs(in_camp(case)[1] - 999 * share) < 5 * np.sqrt(999 * share * (1 - share))


def test_intensity_that_changes(tmp_path: Path) -> None:
    """1, then 0.5, then nothing, then 0.2: all four count, or only start and end."""
    values = (1, 1, 0.5, 0.5, 0, 0.2)
    files = {"conflicts__csv": "#Day,Source\n" + "".join(f"{day},{value}\n" for day, value in enumerate(values))}
    for as_flee, expected in ((False, [(2, 0.5), (4, 0.0), (5, 0.2)]), (True, [(0, 1.0), (4, 0.0), (5, 0.2)])):
        walk = folder(tmp_path, as_flee=as_flee, **files).walk
        assert walk and [(one.day, one.value) for one in walk.happenings] == expected


def moments(case: Scenario, day: int) -> tuple[list[str], list[float]]:
    """Kinds of places and chances of moving on, by name, at the end of a day."""
    tables = build_tables(case, case.values())
    world = build_walking_world(tables, 1)
    for today in range(day + 1):
        world.hour, world.until = 24.0 * today, 24.0 * (today + 1)
        walk_step(world, tables)
    order = [tables.place_index[place.key] for place in case.places]
    crowd = crowd_of(world)
    return [crowd.kind[i] for i in order], [float(crowd.land.spots["chance"][i]) for i in order]


@pytest.mark.parametrize(("town", "kind", "chance"), [(False, "camp", 0.001), (True, "town", 1.0)])
def test_a_camp_after_a_conflict(tmp_path: Path, town: bool, kind: str, chance: float) -> None:
    """Conflict in the camp on day 1 only: a camp again on day 3, or a town from then on."""
    text = "#Day,Source,Camp\n" + "".join(f"{day},1,{int(day == 1)}\n" for day in range(6))
    kinds, chances = moments(with_quirk(folder(tmp_path, conflicts__csv=text), conflict_end_makes_town=town), 3)
    assert (kinds[2], chances[2]) == (kind, chance)


def test_a_small_move_chance_makes_a_camp(tmp_path: Path) -> None:
    """A town with a chance of 0.001 a day is a camp in Flee's eyes."""
    for quirk in (False, True):
        case = with_quirk(folder(tmp_path), small_chance_makes_camp=quirk)
        tables = build_tables(case, case.values({"default_move_chance": 0.001}))
        world = build_walking_world(tables, 1)
        world.hour, world.until = 0.0, 24.0
        walk_step(world, tables)
        assert bool(crowd_of(world).land.spots["is_camp"][tables.place_index["Town"]]) == quirk


def test_new_people_by_the_record(tmp_path: Path) -> None:
    """100, 130, 120, 125, 140: a fall is made up for first. In Flee, day 0 counts the total too where it spawns."""
    text = "2020-01-01,100\n2020-01-02,130\n2020-01-03,120\n2020-01-04,125\n2020-01-05,140\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text}
    none_there = {"simsetting__yml": "spawn_rules:\n  insert_day0: False\n"}
    for as_flee, first in ((False, 100), (True, 200)):
        case = folder(tmp_path, n_days=5, as_flee=as_flee, **files)
        assert case.walk and arrivals(case.walk).tolist() == [0, 30, 0, 0, 10]
        case = folder(tmp_path, n_days=5, as_flee=as_flee, **files, **none_there)
        assert case.walk and arrivals(case.walk).tolist() == [first, 30, 0, 0, 10]


def test_counts_of_whole_agents(tmp_path: Path) -> None:
    """A record of 25 persons is two agents of ten in Flee, and 25 persons in ours."""
    where = write_folder(tmp_path, 5, {**STRAIGHT, **counts(25)})
    for as_flee, persons in ((False, 25.0), (True, 20.0)):
        walk = read_folder(where, hasten=10, as_flee=as_flee).walk
        assert walk and walk.recorded["Camp"][1] == persons


def test_a_rate_for_each_agent(tmp_path: Path) -> None:
    """500 leavers a day are 50 agents of ten; in Flee 500 agents."""
    settings = "spawn_rules:\n  conflict_driven_spawning:\n    spawn_mode: constant\n"
    where = write_folder(tmp_path, 5, {"simsetting.yml": settings})
    for as_flee, n in ((False, 50), (True, 500)):
        walk = read_folder(where, hasten=10, as_flee=as_flee).walk
        assert walk
        codes = np.arange(1, dtype=np.uint64)
        assert driven(walk, np.ones(1), np.ones(1), 500.0, 0, Draws(0), codes).tolist() == [n]


MOVES = "#Day,Source,Town\n" + "".join(f"{day},{int(day < 2)},{int(day >= 2)}\n" for day in range(6))


@pytest.mark.parametrize(("quirk", "home"), [(False, "Town"), (True, "Source")])
def test_sources_on_the_day_that_conflict_moves(tmp_path: Path, quirk: bool, home: str) -> None:
    """Conflict moves on day 2, when 999 people leave: from where it is now, or from where it was the day before."""
    text = "2020-01-01,0\n2020-01-02,0\n2020-01-03,999\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text, "conflicts__csv": MOVES}
    case = folder(tmp_path, locations__csv=LOCATIONS.replace("town,,", "town,,10000"), **files)
    run = simulate(with_quirk(case, sources_of_yesterday=quirk), seed=1)
    assert run.series["cum_departures_persons", home][-1] == 999.0


def test_a_ceasefire_runs(tmp_path: Path) -> None:
    """No conflict anywhere from day 0 on: those recorded come from where people live; Flee stops."""
    quiet = "#Day,Source\n" + "".join(f"{day},0\n" for day in range(6))
    files = {"conflicts__csv": quiet, "locations__csv": LOCATIONS.replace("conflict_zone,0", "conflict_zone,9")}
    assert in_camp(folder(tmp_path, **files))[-1] > 0
    with pytest.raises(RunStopped, match="No place is in conflict"):
        in_camp(folder(tmp_path, as_flee=True, **files))


def test_latitude_for_longitude(tmp_path: Path) -> None:
    """A degree of longitude at 60 north is half a degree of latitude; swapped, lengths are those at 20 north."""
    rows = "#n,r,c,lat,lon,t,d,p\nA,r,Home,60,20,conflict_zone,0,10\nB,r,Home,60,21,town,,\nCamp,r,X,61,20,camp,,5\n"
    routes = "#name1,name2,distance\nA,B,60\nA,Camp,60\n"
    conflicts = "#Day,A\n" + "".join(f"{day},1\n" for day in range(6))
    case = folder(tmp_path, locations__csv=rows, routes__csv=routes, conflicts__csv=conflicts)
    for quirk, ratio in ((False, 2.0), (True, np.cos(np.radians(20.0)))):
        tables = build_tables(with_quirk(case, latitude_is_longitude=quirk), case.values({"home_distance_power": 1.0}))
        near = nearness(tables)
        a, b, camp = (tables.place_index[key] for key in ("A", "B", "Camp"))
        assert near[a, b] / near[a, camp] == pytest.approx(ratio, rel=0.01)


def test_close_to_home_or_to_here(tmp_path: Path) -> None:
    """From a town far from home, the way back pulls; where home means here, both neighbours pull alike."""
    rows = (
        "#n,r,c,lat,lon,t,d,p\nHome,r,Z,0,0,conflict_zone,0,10\nMid,r,Z,0,9,town,,\nFar,r,Z,0,18,camp,,\n"
        "Back,r,Z,0,0.1,camp,,\n"
    )
    routes = "#name1,name2,distance\nHome,Mid,100\nMid,Far,100\nMid,Back,100\n"
    layout = "total,total.csv\nFar,camp.csv\nBack,none.csv\n"
    settings = "move_rules:\n  stay_close_to_home: True\n  home_distance_power: 1.0\n  conflict_weight: 0.0\n"
    conflicts = "#Day,Home\n" + "".join(f"{day},1\n" for day in range(6))
    files = {
        "locations.csv": rows, "routes.csv": routes, "simsetting.yml": settings, "conflicts.csv": conflicts,
        "source_data/data_layout.csv": layout, "source_data/none.csv": "2020-01-01,0\n",
    }  # fmt: skip
    case = folder(tmp_path, **files)
    ends = {quirk: simulate(with_quirk(case, home_is_here=quirk), seed=1).series for quirk in (False, True)}
    assert ends[False]["n_persons", "Back"][-1] > 50 * ends[False]["n_persons", "Far"][-1]
    back, far = (ends[True]["n_persons", place][-1] for place in ("Back", "Far"))
    assert abs(back - far) < 5 * np.sqrt(back + far)


@pytest.mark.parametrize(("quirk", "n_options"), [(False, 1), (True, 0)])
def test_awareness_of_nothing(tmp_path: Path, quirk: bool, n_options: int) -> None:
    """At level 0 people see the next places, or, in Flee, none and nobody moves."""
    case = with_quirk(
        folder(tmp_path, simsetting__yml="move_rules:\n  awareness_level: 0\n"), no_awareness_is_none=quirk
    )
    tables = build_tables(case, case.values())
    assert len(list(options_from(tables, tables.place_index["Source"]))) == n_options


def test_awareness_of_two_links_and_of_markers(tmp_path: Path) -> None:
    """Each prefix of a path is an option of its own; a marker is passed, is none itself and takes no depth."""
    options: Mapping[str, set[tuple[str, ...]]] = {}
    for kind, expected in (("town", {("Town",), ("Town", "Camp")}), ("marker", {("Town", "Camp")})):
        locations = LOCATIONS.replace("town", kind)
        level = 2 if kind == "town" else 1
        settings = f"move_rules:\n  awareness_level: {level}\n"
        case = folder(tmp_path, locations__csv=locations, simsetting__yml=settings)
        tables = build_tables(case, case.values())
        paths = options_from(tables, tables.place_index["Source"])
        options = {kind: {tuple(tables.places[tables.link_end[link]].name for link in path) for path in paths}}
        assert options[kind] == expected


@kernel
def due_today(some: NDArray[np.uint32], due: NDArray[np.int16], oldest_first: bool, day: int) -> int:
    """Those of the list who are due, as a kernel asks for them."""
    return int(list_due(some, due, due.size, oldest_first, np.uint64(7), day))


def test_who_goes_first() -> None:
    """Who is due is listed once, in order of birth: in Flee from the oldest on, else from anybody by the day's draw."""
    due = np.where(np.sin(np.arange(1000.0)) > 0.5, 3, 0).astype(np.int16)
    expected, some, starts = np.flatnonzero(due == 3), np.zeros(1000, np.uint32), set()
    n = due_today(some, due, True, 3)
    assert np.array_equal(some[:n], expected)
    for day in range(3, 23):
        due[expected] = day
        n = due_today(some, due, False, day)
        start = int(np.searchsorted(expected, some[0]))
        assert np.array_equal(some[:n], np.roll(expected, -start))
        starts.add(start)
    assert len(starts) > 15, "twenty days, hundreds to begin with: hardly ever twice the same"


@kernel
def logs(x: NDArray[np.float64]) -> None:
    """The logarithms by which walkers wait, in place."""
    for k in range(x.size):
        x[k] = log_of(x[k])


def test_logarithms_of_draws() -> None:
    """As the library's to a part in 10^11, from the smallest draw to the largest, where the series ends, and near 1."""
    draws = np.concatenate([np.geomspace(2.0**-54, 1.0, 20_001)[:-1], 1.0 - np.geomspace(2.0**-53, 0.5, 1_001)])
    found = draws.copy()
    logs(found)
    assert np.allclose(found, np.log(draws), rtol=1e-11, atol=0.0)


@pytest.mark.parametrize(("as_flee", "abroad"), [(False, "Abroad"), (True, "Home")])
def test_the_home_country(tmp_path: Path, as_flee: bool, abroad: str) -> None:
    """Where the first row is a camp abroad, home is still where the conflict is; not so in Flee."""
    head, source, town, camp = LOCATIONS.splitlines()
    case = folder(tmp_path, as_flee=as_flee, locations__csv="\n".join((head, camp, source, town)))
    assert case.walk
    foreign = {place.name for place in case.places if case.walk.places[place.key].is_foreign}
    assert foreign == ({"Camp"} if abroad == "Abroad" else {"Source", "Town"})

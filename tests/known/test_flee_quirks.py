"""Each quirk of Flee that is copied on demand: what happens with it, and what happens without."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from flee_folder import LOCATIONS, NONE, ROUTES, Switches, read_folder, with_quirk, write_folder
from numpy.typing import NDArray

from safeconduct.engine import simulate
from safeconduct.engine.kernels.compile import kernel
from safeconduct.engine.kernels.random import log_of
from safeconduct.engine.tables import build_tables
from safeconduct.engine.walk.kernels import list_due
from safeconduct.engine.walk.spawn import arrivals
from safeconduct.engine.walk.step import Crowd, build_walking_world, crowd_of, walk_step
from safeconduct.engine.walk.tables import nearness, options_from
from safeconduct.scenario import Quirks, Scenario
from safeconduct.terms import RunStopped

STRAIGHT = {"simsetting.yml": "move_rules:\n  default_movechance: 1.0\n  conflict_weight: 0.0\n"}
DIRECT = "#name1,name2,distance\nSource,Camp,{km}\nSource,Town,5000\n"
ONE_DAY = "2020-01-01,0\n2020-01-02,{n}\n"


def counts(n: int) -> dict[str, str]:
    """So many people arrive on the second day, by the record, and nobody later."""
    text = ONE_DAY.format(n=n)
    return {"source_data/camp.csv": text, "source_data/total.csv": text}


def folder(
    where: Path, *, n_days: int = 6, hasten: int = 1, as_flee: bool = False, only: Switches = NONE, **files: str
) -> Scenario:
    """A case from a folder with some files of its own; names with __ for the dot."""
    named = {name.replace("__", "."): text for name, text in files.items()}
    written = write_folder(where, n_days, {**STRAIGHT, **counts(999), **named})
    return read_folder(written, hasten=hasten, as_flee=as_flee, only=only)


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


def test_residents_are_there_from_the_first_hour(tmp_path: Path) -> None:
    """Sixty at the end of day 0 by the record: sixty when it begins, too, and none of them has left a home."""
    text = "2020-01-01,60\n2020-01-02,70\n"
    case = folder(tmp_path, **{"source_data/camp__csv": text, "source_data/total__csv": text})
    series = simulate(case, {"camp_move_chance": 0.0}, seed=1).series
    assert series["n_persons", "Camp"][:2].tolist() == [60.0, 60.0]
    assert series["cum_departures_persons", "Source"][:3].tolist() == [0.0, 0.0, 10.0]


@pytest.mark.parametrize(("no_limit", "at_end"), [(False, 0.0), (True, 999.0)])
def test_a_capacity_of_nought(tmp_path: Path, no_limit: bool, at_end: float) -> None:
    """Room for nobody, or for everybody; the reader and the run both have to agree."""
    locations = LOCATIONS.replace(",5000", ",0")
    case = folder(tmp_path, locations__csv=locations, routes__csv=ONLY_CAMP)
    assert in_camp(with_quirk(case, no_capacity_is_no_limit=no_limit))[-1] == at_end
    flee = folder(tmp_path, as_flee=True, locations__csv=locations, routes__csv=ONLY_CAMP)
    assert in_camp(flee)[-1] == 999.0


@pytest.mark.parametrize(("ignored", "early"), [(False, 0.0), (True, 999.0)])
def test_a_closed_link(tmp_path: Path, ignored: bool, early: float) -> None:
    """A closed road lets nobody through until it opens on day 4; in Flee a closure of one link closes nothing."""
    files = {"routes__csv": ONLY_CAMP, "closures__csv": "link,Source,Camp,0,4\n"}
    case = folder(tmp_path, only={"link_closures_ignored": ignored}, **files)
    assert in_camp(case).tolist() == [0.0, early, early, early, 999.0, 999.0]


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
    for doubled, share in ((False, 1 / 2), (True, 2 / 3)):
        case = folder(tmp_path, only={"double_links": doubled}, **files)
        assert abs(in_camp(case)[1] - 999 * share) < 5 * np.sqrt(999 * share * (1 - share))


@pytest.mark.parametrize(("doubled", "times"), [(False, 1), (True, 2)])
def test_ways_that_lead_over_a_doubled_link_are_doubled(tmp_path: Path, doubled: bool, times: int) -> None:
    """Two links ahead: the town stands twice among the options where its link does, and so does the camp behind it."""
    routes = ROUTES.replace("100,0", "100,1")
    settings = "move_rules:\n  awareness_level: 2\n"
    case = folder(tmp_path, only={"double_links": doubled}, routes__csv=routes, simsetting__yml=settings)
    assert sorted(options_of(case)) == sorted([("Town",), ("Town", "Camp")] * times)


def driven_out(case: Scenario, home: str = "Source", seed: int = 1) -> list[float]:
    """[day] persons who have left a home by the end of each day."""
    return simulate(case, seed=seed).series["cum_departures_persons", home][1:].tolist()


A_HUNDRED_A_DAY = "spawn_rules:\n  conflict_driven_spawning:\n    displaced_per_conflict_day: 100\n"


@pytest.mark.parametrize(
    ("ignored", "expected"), [(False, [100, 200, 250, 300, 300, 320]), (True, [100, 200, 300, 400, 400, 420])]
)
def test_intensity_that_changes(tmp_path: Path, ignored: bool, expected: list[float]) -> None:
    """1, then 0.5, then nothing, then 0.2 of a hundred leavers a day; or 1 until it ends, and 0.2 when it starts."""
    values = (1, 1, 0.5, 0.5, 0, 0.2)
    conflicts = "#Day,Source\n" + "".join(f"{day},{value}\n" for day, value in enumerate(values))
    files = {"conflicts__csv": conflicts, "simsetting__yml": A_HUNDRED_A_DAY}
    assert driven_out(folder(tmp_path, only={"intensity_changes_ignored": ignored}, **files)) == expected


def on_day(case: Scenario, day: int, **values: float) -> Crowd:
    """All walkers, and places as they stand at the end of a day."""
    tables = build_tables(case, case.values(values))
    world = build_walking_world(tables, 1)
    for today in range(day + 1):
        world.hour, world.until = 24.0 * today, 24.0 * (today + 1)
        walk_step(world, tables)
    return crowd_of(world)


def index_of(case: Scenario, place: str) -> int:
    """Where a place stands in the arrays."""
    return build_tables(case, case.values()).place_index[place]


@pytest.mark.parametrize(("town", "chance"), [(False, 0.001), (True, 1.0)])
def test_a_camp_after_a_conflict(tmp_path: Path, town: bool, chance: float) -> None:
    """Conflict in the camp on day 1 only: a camp on day 3, or one that pulls as a camp and is left as a town is."""
    text = "#Day,Source,Camp\n" + "".join(f"{day},1,{int(day == 1)}\n" for day in range(6))
    case = with_quirk(folder(tmp_path, conflicts__csv=text), conflict_end_makes_town=town)
    spot = on_day(case, 3).land.spots[index_of(case, "Camp")]
    assert (spot["is_camp"], spot["is_town"], spot["chance"]) == (True, town, chance)


@pytest.mark.parametrize(("quirk", "score"), [(False, 1.0), (True, 7.0)])
def test_a_small_move_chance_makes_a_camp(tmp_path: Path, quirk: bool, score: float) -> None:
    """A town with a chance of 0.001 a day is a camp in Flee's eyes, and pulls as one."""
    case = with_quirk(folder(tmp_path), small_chance_makes_camp=quirk)
    land, town = on_day(case, 0, default_move_chance=0.001, camp_weight=7.0).land, index_of(case, "Town")
    assert (land.spots["is_camp"][town], land.score[0, town]) == (quirk, score)


@pytest.mark.parametrize("cut", [False, True])
def test_new_people_by_the_record(tmp_path: Path, cut: bool) -> None:
    """100, 130, 120, 125, 140: a fall is made up for first, whether counts are cut to whole agents or not."""
    text = "2020-01-01,100\n2020-01-02,130\n2020-01-03,120\n2020-01-04,125\n2020-01-05,140\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text}
    walk = folder(tmp_path, n_days=5, only={"counts_are_cut": cut}, **files).walk
    assert walk and arrivals(walk).tolist() == [0, 30, 0, 0, 10]


@pytest.mark.parametrize(("again", "first"), [(False, 100.0), (True, 170.0)])
def test_the_total_on_the_first_day(tmp_path: Path, again: bool, first: float) -> None:
    """A camp of 100 and a total of 70: 100 set out on day 0 where nobody is there yet; in Flee 170."""
    files = {"source_data/camp__csv": "2020-01-01,100\n2020-01-03,120\n", "source_data/total__csv": "2020-01-01,70\n"}
    none_there = "spawn_rules:\n  insert_day0: False\n"
    case = folder(tmp_path, n_days=4, only={"total_counts_on_day0": again}, simsetting__yml=none_there, **files)
    assert driven_out(case) == [first, first + 10, first + 20, first + 20]


@pytest.mark.parametrize(
    ("shifts", "expected"), [(False, (110, 125, 140, 150, 160)), (True, (110, 135, 160, 160, 160))]
)
def test_a_camp_counted_in_two_files(tmp_path: Path, shifts: bool, expected: tuple[float, ...]) -> None:
    """100 on day 0 and 140 on day 4; 10 on day 0 and 20 on day 2. Each on straight lines: 120 + 20 on day 2. In Flee a
    date of the second file alone takes the first's later count, 140 + 20, and later dates of the first are lost."""
    files = {
        "source_data/camp__csv": "2020-01-01,100\n2020-01-05,140\n",
        "source_data/more__csv": "2020-01-01,10\n2020-01-03,20\n",
        "source_data/data_layout__csv": "total,total.csv\nCamp,camp.csv,more.csv\n",
    }
    walk = folder(tmp_path, n_days=5, only={"sums_shift_dates": shifts}, **files).walk
    assert walk and walk.recorded["Camp"] == expected


@pytest.mark.parametrize(("cut", "persons", "displaced"), [(False, 15.0, 30.0), (True, 10.0, 20.0)])
def test_counts_of_whole_agents(tmp_path: Path, cut: bool, persons: float, displaced: float) -> None:
    """Two camps of 15 are three agents of ten; in Flee each holds one, and two set out."""
    files = {
        "locations__csv": LOCATIONS + "Camp2,West,Abroad,11.0,22.0,camp,,5000\n",
        "routes__csv": ROUTES + "Town,Camp2,350,0\n",
        "source_data/data_layout__csv": "total,total.csv\nCamp,camp.csv\nCamp2,camp.csv\n",
        "source_data/camp__csv": ONE_DAY.format(n=15),
    }
    case = folder(tmp_path, hasten=10, only={"counts_are_cut": cut}, **files)
    assert case.walk and [case.walk.recorded[camp][1] for camp in case.walk.camps] == [persons, persons]
    assert simulate(case, seed=1).outcomes["persons_displaced"] == displaced


@pytest.mark.parametrize(("per_agent", "persons"), [(False, 100.0), (True, 1000.0)])
def test_a_rate_for_each_agent(tmp_path: Path, per_agent: bool, persons: float) -> None:
    """A hundred leavers a day are ten agents of ten; in Flee a hundred agents."""
    only = {"rate_not_scaled": per_agent}
    case = folder(tmp_path, n_days=3, hasten=10, only=only, simsetting__yml=A_HUNDRED_A_DAY)
    assert driven_out(case) == [persons, 2 * persons, 3 * persons]


@pytest.mark.parametrize(("per_agent", "expected"), [(False, [50, 200, 300, 400]), (True, [500, 1490, 1490, 1490])])
def test_attributes_for_each_agent(tmp_path: Path, per_agent: bool, expected: list[float]) -> None:
    """50 are there at the start, and room grows by 100 a day from 0: 200 on day 1, when 990 come in agents of ten. In
    Flee both count agents: 500 are there, and room for 2,000."""
    columns = LOCATIONS.splitlines()
    columns[0] += ",initial_idps,capacity_per_day"
    columns[1:] = [f"{columns[1]},,", f"{columns[2]},,", f"{columns[3].replace('5000', '0')},50,100"]
    files = {"locations__csv": "\n".join(columns), "routes__csv": ONLY_CAMP}
    for name in ("camp", "total"):
        files[f"source_data/{name}__csv"] = ONE_DAY.format(n=990)
    case = folder(tmp_path, n_days=4, hasten=10, only={"attributes_not_scaled": per_agent}, **files)
    assert in_camp(case).tolist() == expected


MOVES = "#Day,Source,Town\n" + "".join(f"{day},{int(day < 2)},{int(day >= 2)}\n" for day in range(6))
TOWN_OF_10000 = LOCATIONS.replace("town,,", "town,,10000")


@pytest.mark.parametrize("as_flee", [False, True])
def test_sources_on_the_day_that_conflict_moves(tmp_path: Path, as_flee: bool) -> None:
    """Conflict moves on day 2, when 999 people leave: all from where it is now. (So does Flee, tried at 3.1.)"""
    text = "2020-01-01,0\n2020-01-02,0\n2020-01-03,999\n"
    files = {"source_data/camp__csv": text, "source_data/total__csv": text, "conflicts__csv": MOVES}
    case = folder(tmp_path, as_flee=as_flee, locations__csv=TOWN_OF_10000, **files)
    assert driven_out(case, "Town")[-1] == 999.0


def test_a_conflict_that_is_on_from_the_start_fades_from_day_0(tmp_path: Path) -> None:
    """After two days a conflict drives nobody out: on day 1 the one of day 0 still counts as much as that of day 1."""
    conflicts = "#Day,Source,Town\n" + "".join(f"{day},1,{int(day > 0)}\n" for day in range(6))
    fades = "spawn_rules:\n  conflict_spawn_decay: [1.0, 0.0]\n  conflict_spawn_decay_interval: 2\n"
    files = {"locations__csv": TOWN_OF_10000, "conflicts__csv": conflicts, "simsetting__yml": fades}
    assert abs(driven_out(folder(tmp_path, **files))[-1] - 999 / 2) < 5 * np.sqrt(999 / 4)


def test_a_ceasefire_runs(tmp_path: Path) -> None:
    """No conflict anywhere from day 0 on: those recorded come from where people live; Flee stops."""
    quiet = "#Day,Source\n" + "".join(f"{day},0\n" for day in range(6))
    files = {"conflicts__csv": quiet, "locations__csv": LOCATIONS.replace("conflict_zone,0", "conflict_zone,9")}
    assert driven_out(folder(tmp_path, only={"needs_a_conflict": False}, **files))[-1] == 999.0
    with pytest.raises(RunStopped, match="No place is in conflict"):
        driven_out(folder(tmp_path, only={"needs_a_conflict": True}, **files))


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


def options_of(case: Scenario) -> list[tuple[str, ...]]:
    """Every way that people at the source can think of, by the names of its places."""
    tables = build_tables(case, case.values())
    paths = options_from(tables, tables.place_index["Source"])
    return [tuple(tables.places[tables.link_end[link]].name for link in path) for path in paths]


@pytest.mark.parametrize(("quirk", "n_options"), [(False, 1), (True, 0)])
def test_awareness_of_nothing(tmp_path: Path, quirk: bool, n_options: int) -> None:
    """At level 0 people see the next places, or, in Flee, none and nobody moves."""
    case = with_quirk(
        folder(tmp_path, simsetting__yml="move_rules:\n  awareness_level: 0\n"), no_awareness_is_none=quirk
    )
    assert len(options_of(case)) == n_options


def test_awareness_of_two_links_and_of_markers(tmp_path: Path) -> None:
    """Each prefix of a path is an option of its own; a marker is passed, is none itself and takes no depth."""
    for kind, expected in (("town", [("Town",), ("Town", "Camp")]), ("marker", [("Town", "Camp")])):
        locations = LOCATIONS.replace("town", kind)
        level = 2 if kind == "town" else 1
        settings = f"move_rules:\n  awareness_level: {level}\n"
        assert options_of(folder(tmp_path, locations__csv=locations, simsetting__yml=settings)) == expected


def left_behind(case: Scenario, seed: int) -> float:
    """Persons who still are at the source at the end."""
    return float(simulate(case, seed=seed, record=("n_persons",)).series["n_persons", "Source"][-1])


def test_who_gets_the_last_places(tmp_path: Path) -> None:
    """50 who left the source on day 1 and 50 who left the town on day 2 wait for a road that opens on day 3, to a camp
    of 50. In Flee the older ones get all places. Else a draw names the first of the hundred, k = 0..99: min(k, 100 - k)
    stay behind at the source, 25 in the mean, with a variance of 208.5; 20 seeds, five standard errors."""
    text = "2020-01-01,0\n2020-01-02,50\n2020-01-03,100\n"
    files = {
        "source_data/camp__csv": text, "source_data/total__csv": text, "conflicts__csv": MOVES,
        "locations__csv": TOWN_OF_10000.replace(",5000", ",50"),
        "routes__csv": "#name1,name2,distance\nSource,Camp,50\nTown,Camp,50\n",
        "closures__csv": "country,Home,Abroad,0,3\n",
        "simsetting__yml": STRAIGHT["simsetting.yml"] + "  camp_movechance: 0.0\n",
    }  # fmt: skip
    found = {}
    for oldest_first in (False, True):
        case = folder(tmp_path, n_days=4, only={"oldest_go_first": oldest_first}, **files)
        found[oldest_first] = [left_behind(case, seed) for seed in range(20)]
    assert found[True] == [0.0] * 20
    assert abs(np.mean(found[False]) - 25.0) < 5 * np.sqrt(208.5 / 20)


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


@pytest.mark.parametrize(("first_row", "arrived"), [(False, 0.0), (True, 999.0)])
def test_the_home_country(tmp_path: Path, first_row: bool, arrived: float) -> None:
    """The first row is a camp abroad, and places abroad pull nobody: nobody goes there, as home is where the conflict
    is. In Flee that camp is home, and the town is abroad: everybody goes to the camp."""
    head, source, town, camp = LOCATIONS.splitlines()
    files = {
        "locations__csv": "\n".join((head, camp, source, town)),
        "routes__csv": "#name1,name2,distance\nSource,Town,50\nSource,Camp,50\n",
        "simsetting__yml": STRAIGHT["simsetting.yml"] + "  foreign_weight: 0.0\n",
    }
    assert in_camp(folder(tmp_path, only={"first_row_is_home": first_row}, **files))[-1] == arrived

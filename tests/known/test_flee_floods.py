"""Floods, food security and agents from a file in Flee's format: what each rule does, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from flee_folder import LOCATIONS, NONE, ROUTES, Switches, read_folder, write_folder

from safeconduct.engine import simulate
from safeconduct.engine.walk.hazards import flood_chance, flood_pull
from safeconduct.scenario import FloodForecast, FloodRules, Scenario, Walk, check_case
from safeconduct.terms import CaseError

FLOODED = LOCATIONS.replace("conflict_zone,0,", "flood_zone,,")
SPAWNING = """spawn_rules:
  flood_zone_spawning_only: True
  conflict_zone_spawning_only: False
  take_from_population: True
  insert_day0: False
  flood_driven_spawn_mode:
    spawn_mode: {mode}
    displaced_per_flood_day: {leavers}
"""
MOVING = "move_rules:\n  flood_rules:\n    flood_movechances: {chances}\n    flood_loc_weights: {weights}\n"


def levels(*by_day: float, place: str = "Source") -> str:
    """The table of floods with one place."""
    return f"#Day,{place}\n" + "".join(f"{day},{level}\n" for day, level in enumerate(by_day))


def flooded(
    folder: Path, *by_day: float, mode: str = "pop_ratio", leavers: str = "[0.0,0.1,0.5]", chances: str = "[0,1,1]",
    weights: str = "[1,1,1]", only: Switches = NONE, hasten: int = 1, **files: str,
) -> Scenario:  # fmt: skip
    """A case in which floods drive people out of one place, whose levels are given day by day."""
    settings = SPAWNING.format(mode=mode, leavers=leavers) + MOVING.format(chances=chances, weights=weights)
    written = {"locations.csv": FLOODED, "simsetting.yml": settings, "flood_level.csv": levels(*by_day)}
    written |= {name.replace("__", "."): text for name, text in files.items()}
    where = write_folder(folder, len(by_day), written)
    (where / "conflicts.csv").unlink()
    return read_folder(where, only=only, hasten=hasten)


def left(case: Scenario) -> list[float]:
    """[day] persons who have left the source by the end of each day."""
    return simulate(case, seed=1).series["cum_departures_persons", "Source"][1:].tolist()


def test_a_flood_drives_out_a_share_of_those_still_there(tmp_path: Path) -> None:
    """Levels 0, 1, 2, 1 of 10,000: none; a tenth; half of 9,000; a tenth of 4,500. No table of conflicts is needed."""
    assert left(flooded(tmp_path, 0, 1, 2, 1)) == [0.0, 1000.0, 5500.0, 5950.0]


def test_between_two_levels_the_share_lies_on_a_straight_line(tmp_path: Path) -> None:
    """Level 1.5 lies half way between a tenth and a half: three tenths of 10,000."""
    assert left(flooded(tmp_path, 1.5))[0] == 3000.0


def test_a_number_of_persons_a_day(tmp_path: Path) -> None:
    """100 at level 1 and 250 at level 2, whatever an agent stands for; in Flee a number counts agents."""
    listed = "[0,100,250]"
    assert left(flooded(tmp_path, 1, 2, mode="constant", leavers=listed, hasten=50)) == [100.0, 350.0]
    only = {"rate_not_scaled": True, "counts_are_cut": True}
    case = flooded(tmp_path, 1, 2, mode="constant", leavers=listed, hasten=5, only=only)
    assert left(case) == [500.0, 1750.0]


def test_a_random_number_a_day_has_its_mean(tmp_path: Path) -> None:
    """Poisson of mean 100 on 50 days: 5,000 in all, within five standard deviations."""
    total = left(flooded(tmp_path, *[1] * 50, mode="poisson", leavers="[0,100,250]"))[-1]
    assert abs(total - 5000) < 5 * sqrt(5000)


FAR = "#name1,name2,distance\nSource,Camp,5000\nTown,Camp,5000\n"  # nobody arrives, or comes back, in a few days


def test_the_level_decides_who_moves_on(tmp_path: Path) -> None:
    """At level 1 a tenth of 10,000 moves on, at level 2 everybody; binomial, five standard deviations."""
    case = flooded(
        tmp_path, 1, 2, mode="constant", leavers="[0,10000,0]", chances="[0,0.1,1.0]", routes__csv=FAR,
        locations__csv=FLOODED.replace(",5000", ","),
    )  # fmt: skip
    there = simulate(case, seed=1, record=("n_persons",)).series["n_persons", "Source"]
    assert there[1] == pytest.approx(9000, abs=5 * sqrt(10000 * 0.1 * 0.9)) and there[2] == 0.0


def weights_only(walk: Walk, **said: object) -> Walk:
    """A walk with these rules on floods."""
    return replace(walk, rules=replace(walk.rules, floods=FloodRules(**said)))  # type: ignore[arg-type]  # by name


def walk_of(folder: Path, *by_day: float, only: Switches = NONE) -> Walk:
    """The walk of a flooded case."""
    found = flooded(folder, *by_day, only=only).walk
    assert found
    return found


def test_a_flood_multiplies_a_pull_and_replaces_a_chance(tmp_path: Path) -> None:
    """Levels 0, 1, 2 with weights 1, 0.4, 0 and chances -, 0.7, 1.0: without a flood both stay as they are."""
    walk = weights_only(walk_of(tmp_path, 0), weights=(1.0, 0.4, 0.0), move_chances=(0.9, 0.7, 1.0))
    flood, nobody = np.array([[0.0, 1.0, 2.0, 1.5]]), np.zeros(1)
    assert flood_pull(walk, flood, nobody, 0)[0].tolist() == pytest.approx([1.0, 0.4, 0.0, 0.2])
    chance = np.array([0.3, 0.3, 0.3, 0.3])
    assert flood_chance(walk, flood, nobody, 0, chance)[0].tolist() == pytest.approx([0.3, 0.7, 1.0, 0.85])


FORECAST = FloodForecast(days_ahead=2, last_day=3, weights=(9.0, 1.0, 3.0, 5.0))


def test_a_forecast_shifts_towards_its_mean(tmp_path: Path) -> None:
    """Tomorrow level 0, the day after 1, weights 1 and 3: pulls 1 and 0.2 average 0.4, chances 0.3 and 0.7 give 0.6.

    Who heeds it by half goes half of the way: 0.7 and 0.45. Beyond the last day of the forecast nothing is known.
    """
    walk = weights_only(walk_of(tmp_path, 0), weights=(1.0, 0.2), move_chances=(0.0, 0.7), forecast=FORECAST)
    flood, heed, chance = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0.0, 0.5, 1.0]), np.array([0.3])
    assert flood_pull(walk, flood, heed, 0)[:, 0].tolist() == pytest.approx([1.0, 0.7, 0.4])
    assert flood_chance(walk, flood, heed, 0, chance)[:, 0].tolist() == pytest.approx([0.3, 0.45, 0.6])
    assert flood_pull(walk, flood, heed, 3)[:, 0].tolist() == pytest.approx([0.2, 0.2, 0.2])


def test_in_flee_a_forecast_multiplies(tmp_path: Path) -> None:
    """Weights by day of the case, 3 on day 2 and 5 on day 3. On day 1 both have level 1: 3 * 0.2 + 5 * 0.2 = 1.6.

    The pull is multiplied by 1.6^2 / 2 = 1.28 and the chance by 1.6 / 2 = 0.8, each times the heed; a place without a
    flood ahead pulls nobody, and nobody leaves it.
    """
    walk = walk_of(tmp_path, 0, only={"forecast_of_floods_multiplies": True})
    walk = weights_only(walk, weights=(1.0, 0.2), move_chances=(0.0, 0.7), forecast=FORECAST)
    flood, heed = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]), np.array([0.5, 1.0])
    chance = np.array([0.3, 0.3])
    assert flood_pull(walk, flood, heed, 1).tolist() == [pytest.approx([0.64, 0.0]), pytest.approx([1.28, 0.0])]
    assert flood_chance(walk, flood, heed, 1, chance).tolist() == [pytest.approx([0.12, 0]), pytest.approx([0.24, 0])]


AWARE = """    flood_forecaster: True
    flood_forecaster_timescale: 1
    flood_forecaster_end_time: 3
    flood_forecaster_weights: [1.0, 1.0]
    flood_awareness_weights: [0.0, 1.0]
"""


def test_groups_wait_by_their_own_chances(tmp_path: Path) -> None:
    """A quarter heeds nothing, the rest heeds fully. Day 0: nobody's chance is above 0 at level 1; all foresee level 2,
    whose chance is 1. So those who heed leave on day 0, about 7,500 of 10,000, five deviations of a binomial."""
    settings = SPAWNING.format(mode="constant", leavers="[0,10000,0]")
    settings += MOVING.format(chances="[0,0.0,1.0]", weights="[1,1,1]") + AWARE
    case = flooded(
        tmp_path, 1, 2, simsetting__yml=settings, demographics_floodawareness__csv="floodawareness,Default\n0,1\n1,3\n",
        locations__csv=FLOODED.replace(",5000", ","),
    )  # fmt: skip
    assert case.walk and [(group.heed, group.share[""]) for group in case.walk.groups] == [(1.0, 0.75)]
    there = simulate(case, seed=1, record=("n_persons",)).series["n_persons", "Source"]
    assert there[1] == pytest.approx(2500, abs=5 * sqrt(10000 * 0.75 * 0.25)) and there[2] == 0.0


def test_what_floods_need_is_told(tmp_path: Path) -> None:
    """People who leave are taken from the population; the table is there; every level has its number."""
    with pytest.raises(CaseError, match="take_from_population is .*expected True where floods drive people out"):
        settings = SPAWNING.format(mode="pop_ratio", leavers="[0,1]").replace("population: True", "population: False")
        flooded(tmp_path / "a", 1, simsetting__yml=settings)
    with pytest.raises(CaseError, match="a level of 3, and displaced_per_flood_day has 3 numbers"):
        flooded(tmp_path / "b", 3)
    folder = write_folder(tmp_path / "c", 1, {"simsetting.yml": SPAWNING.format(mode="pop_ratio", leavers="[0,1]")})
    assert any("flood_level.csv: no such file" in str(fault) for fault in check_case(folder))


HUNGRY = "spawn_rules:\n  insert_day0: False\nmove_rules:\n  default_movechance: 0.2\n  {rule}: True\n"


def test_hunger_raises_the_chance_of_moving_on(tmp_path: Path) -> None:
    """50 percent short of food and a chance of 0.2 give 0.5 + 0.5 * 0.2 = 0.6 at a town of that region."""
    ipc = "#Day,East\n0,50\n10,50\n"
    files = {"simsetting.yml": HUNGRY.format(rule="flee_when_starving"), "region_attributes_IPC.csv": ipc}
    people = "2020-01-01,0\n2020-01-02,9999\n"
    files |= {"source_data/camp.csv": people, "source_data/total.csv": people}
    files["locations.csv"] = LOCATIONS.replace(
        "Source,East,Home,10.0,20.0,conflict_zone,0,", "Source,East,Home,10.0,20.0,town,,"
    ).replace(",5000", ",")
    files |= {"conflicts.csv": "#Day,Source\n" + "0,0\n" * 3, "routes.csv": FAR}
    case = read_folder(write_folder(tmp_path, 3, files))
    there = simulate(case, seed=1, record=("n_persons",)).series["n_persons", "Source"]
    assert there[2] == pytest.approx(9999 * 0.4, abs=5 * sqrt(9999 * 0.24))


def test_hunger_repels_and_drives_out(tmp_path: Path) -> None:
    """At 60 percent a place at home pulls by 1 - 0.36; on straight lines between rows: day 1 of 0 and 100 is 50."""
    ipc = "#Day,East\n0,0\n2,100\n"
    rules = HUNGRY.format(rule="avoid_food_deprived_locations").replace(
        "day0: False", "day0: False\n  starvation_driven_spawning: True"
    )
    case = read_folder(write_folder(tmp_path, 3, {"simsetting.yml": rules, "region_attributes_IPC.csv": ipc}))
    assert case.walk and case.walk.hunger["Source"] == (0.0, 50.0, 100.0) and "Camp" not in case.walk.hunger
    from safeconduct.engine.tables import build_tables
    from safeconduct.engine.walk.step import build_walking_world, crowd_of, walk_step

    tables = build_tables(case, {name: one.value for name, one in case.parameters.items()})
    world = build_walking_world(tables, 1)
    crowd, at = crowd_of(world), tables.place_index
    for day in range(2):
        world.hour, world.until = 24.0 * day, 24.0 * (day + 1)
        walk_step(world, tables)
    town, camp = crowd.land.score[0, at["Town"]], crowd.land.score[0, at["Camp"]]
    assert (town, camp) == (pytest.approx(1 - 0.25), 1.0)
    assert (
        crowd.sources[at["Source"]] == 10000.0
    )  # 10,000 in conflict and half of them again, but no more than live there
    assert crowd.sources[at["Town"]] == 0.0  # only places in conflict, as the settings say


def test_agents_of_a_file_stand_where_it_says(tmp_path: Path) -> None:
    """Three agents, two of them children who shun dangers; a row with an unknown place is a warning."""
    files = {
        "simsetting.yml": "spawn_rules:\n  read_from_agents_csv_file: True\n"
        "move_rules:\n  ChildrenAvoidHazards: True\n",
        "demographics_age.csv": "age,Default\n10,1\n40,1\n",
        "agents.csv": "place,age\nTown,10\nTown,12\nTown,50\nNowhere,50\n",
    }
    folder = write_folder(tmp_path, files=files)
    case = read_folder(folder)
    assert case.walk and case.walk.named_agents == {("Town", 1): 2, ("Town", 0): 1}
    assert any('"Nowhere"' in str(fault) and fault.is_warning for fault in check_case(folder))
    run = simulate(case, {"default_move_chance": 0.0}, seed=1, record=("n_persons",))
    assert run.series["n_persons", "Town"][0] == 3.0


TWINS = LOCATIONS + "Town,West,Abroad,10.5,20.5,camp,,\n"


def test_two_places_of_one_name(tmp_path: Path) -> None:
    """Routes lead to the first, and a route from the name to itself joins the two; in Flee routes lead to the last."""
    files = {"locations.csv": TWINS, "routes.csv": ROUTES + "Town,Town,5\n"}
    folder = write_folder(tmp_path, files=files)
    plain, flee = read_folder(folder), read_folder(folder, only={"last_of_a_name": True})
    assert [(r.start, r.end) for r in plain.routes] == [("Source", "Town"), ("Town", "Camp"), ("Town", "Town_2")]
    assert [(r.start, r.end) for r in flee.routes] == [("Source", "Town_2"), ("Town_2", "Camp")]


def test_unsorted_counts(tmp_path: Path) -> None:
    """Rows of days 0, 4, 2 count 0, 40, 100: sorted, day 3 is 70; as Flee reads them, day 3 is 30 and day 4 is 100."""
    counts = "2020-01-01,0\n2020-01-05,40\n2020-01-03,100\n"
    folder = write_folder(tmp_path, files={"source_data/camp.csv": counts})
    plain, flee = read_folder(folder).walk, read_folder(folder, only={"rows_as_written": True}).walk
    assert plain and plain.recorded["Camp"][:6] == (0.0, 50.0, 100.0, 70.0, 40.0, 40.0)
    assert flee and flee.recorded["Camp"][:6] == (0.0, 10.0, 20.0, 30.0, 100.0, 100.0)
    assert any("the rows are sorted" in str(fault) and fault.is_warning for fault in check_case(folder))


FOLDERS = Path(__file__).parents[2].parent / "shared" / "flee-folders"


@pytest.mark.skipif(not FOLDERS.is_dir(), reason=f"no folder {FOLDERS.name} beside the project")
def test_folders_of_the_field_run() -> None:
    """Each of them is read without a fault and run; nobody is lost on the way."""
    from safeconduct.scenario import WalkReading, read_case

    found = sorted(path for path in FOLDERS.iterdir() if path.is_dir())
    assert len(found) == 11
    for folder in found:
        run = simulate(
            read_case(folder, as_walk=WalkReading(hasten=500)), seed=1, record=("n_persons", "n_persons_on_route")
        )
        everybody = sum(values for values in run.series.values())
        assert isinstance(everybody, np.ndarray) and everybody[-1] == pytest.approx(run.outcomes["persons_displaced"])

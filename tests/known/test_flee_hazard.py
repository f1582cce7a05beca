"""The hazard rule and waiting: how many leave, and how many stay, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from flee_folder import NONE, Switches, read_folder, write_folder

from safeconduct.engine import simulate
from safeconduct.engine.walk.spawn import driven
from safeconduct.scenario import Scenario
from safeconduct.terms import Draws

N_DAYS = 10


def hazard(folder: Path, mode: str, rate: float, *, more: str = "", hasten: int = 1, only: Switches = NONE) -> Scenario:
    """A case in which conflict drives people out of one place at a rate."""
    settings = f"spawn_rules:\n{more}  conflict_driven_spawning:\n    spawn_mode: {mode}\n"
    settings += f"    displaced_per_conflict_day: {rate}\n"
    return read_folder(write_folder(folder, N_DAYS, {"simsetting.yml": settings}), hasten=hasten, only=only)


def left(case: Scenario, seed: int = 1) -> list[float]:
    """[day] persons who have left the source by the end of each day."""
    return simulate(case, seed=seed).series["cum_departures_persons", "Source"][1:].tolist()


@pytest.mark.parametrize("hasten", [1, 10, 400, 1000])
def test_a_constant_rate_does_not_depend_on_the_size_of_agents(tmp_path: Path, hasten: int) -> None:
    """500 people a day, to the last whole agent: parts of agents are carried on, and nobody is lost by rounding."""
    expected = [500.0 * day // hasten * hasten for day in range(1, N_DAYS + 1)]
    assert left(hazard(tmp_path, "constant", 500, hasten=hasten)) == expected


def test_in_flee_parts_of_agents_are_lost(tmp_path: Path) -> None:
    """A hundredth of 10,000 people is half an agent of 200 a day: nobody ever leaves; in our way five agents do."""
    assert left(hazard(tmp_path, "pop_ratio", 0.01, hasten=200, only={"counts_are_cut": True}))[-1] == 0.0
    assert left(hazard(tmp_path, "pop_ratio", 0.01, hasten=200))[-1] == 5 * 200.0


def test_a_chance_per_day_empties_a_place_by_powers(tmp_path: Path) -> None:
    """A tenth of those still there leaves each day: after k days 10,000 (1 - 0.9^k) have left, to one person."""
    case = hazard(tmp_path, "pop_ratio", 0.1, more="  take_from_population: True\n")
    expected = [10000 * (1 - 0.9**day) for day in range(1, N_DAYS + 1)]
    assert left(case) == pytest.approx(expected, abs=1.0)


def test_a_chance_for_each_inhabitant_of_the_start(tmp_path: Path) -> None:
    """Where nobody is taken from the population, a tenth of 10,000 leaves each day."""
    assert left(hazard(tmp_path, "pop_ratio", 0.1)) == [1000.0 * day for day in range(1, N_DAYS + 1)]


def test_a_random_number_has_its_mean_and_variance(tmp_path: Path) -> None:
    """Poisson of mean 7 at 4,000 places: mean and variance are 7, within four standard errors of each."""
    walk, n, mean = hazard(tmp_path, "poisson", 7).walk, 4000, 7.0
    assert walk
    found = driven(walk, np.ones(n), np.ones(n), mean, 3, Draws(5), np.arange(n, dtype=np.uint64))
    assert abs(found.mean() - mean) < 4 * np.sqrt(mean / n)
    assert abs(found.var() - mean) < 4 * np.sqrt((mean + 2 * mean**2) / n)


def test_half_the_intensity_drives_out_half_as_many(tmp_path: Path) -> None:
    """And none where there is no conflict."""
    walk = hazard(tmp_path, "constant", 500).walk
    assert walk
    found = driven(walk, np.ones(3), np.array([1.0, 0.5, -1.0]), 500.0, 0, Draws(0), np.arange(3, dtype=np.uint64))
    assert found.tolist() == [500.0, 250.0, 0.0]


def test_who_stays_stays_by_powers_of_the_chance(tmp_path: Path) -> None:
    """20,000 people come on one day: 0.7^k are there after k looks, also where the chance then changes."""
    counts = "2020-01-01,0\n2020-01-02,20000\n2020-12-31,20000\n"
    conflicts = "#Day,Source\n" + "".join(f"{day},{int(day < 4)}\n" for day in range(N_DAYS))
    settings = "move_rules:\n  conflict_movechance: 0.3\n  default_movechance: 0.1\n"
    files = {"source_data/camp.csv": counts, "source_data/total.csv": counts, "simsetting.yml": settings}
    case = read_folder(write_folder(tmp_path, N_DAYS, {**files, "conflicts.csv": conflicts}))
    values = {"camp_weight": 1e6, "default_move_chance": 0.1, "journey_km_per_day": 20.0}  # slow: nobody comes back
    there = simulate(case, values, seed=1, record=("n_persons",)).series["n_persons", "Source"][1:]
    share = 1.0
    for day in range(1, 6):  # born on day 1, whose conflict lasts to day 3
        share *= 0.7 if day < 4 else 0.9
        sd = np.sqrt(20000 * share * (1 - share))
        assert abs(there[day] - 20000 * share) < 4 * sd, day

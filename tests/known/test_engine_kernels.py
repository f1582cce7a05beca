"""Compiled kernels do what their Python says: no index beyond an array, no number that wraps round.

Machine code does not look whether an index lies inside its array; the interpreter does. So a small case with everything
in it is run both ways, and the two must agree to the last bit.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import config
from numpy.typing import NDArray
from tiny import START, checkpoint, event, run

from safeconduct.engine import Run, step, world
from safeconduct.engine.kernels.people import put_in_order
from safeconduct.engine.kernels.queues import TRAVELLER, Roads, Travellers, no_moments
from safeconduct.engine.roads import build_roads
from safeconduct.engine.tables import Tables
from safeconduct.engine.world import raise_people
from safeconduct.scenario import read_case
from safeconduct.terms import Draws
from safeconduct.terms.cache import COMPILED, PACKAGE, folder_for

VALUES = {
    "persons_present": 150.0,
    "walk_share": 0.2,
    "lift_share": 0.5,
    "own_fuel_share": 0.5,
    "persons_per_group": 2.0,
}


def everything() -> Run:
    """The demo valley with fewer people, and with shuttles, walkers, a breakdown, hours of work and returns."""
    valley = read_case("demo-valley")
    start = valley.clock.start
    more = [
        event(20.0, "shuttle", "middle", 2.0, to="lowtown", seats=12.0),
        event(40.0, "capacity", "pass-hall", 0.0, id="breakdown"),
        event(42.0, "capacity", "pass-hall", 300.0, id="mended"),
        event(50.0, "reachable", "*", id="home"),
        event(60.0, "transfer", "side", id="away"),
    ]  # fmt: skip
    moved = [replace(one, time=start + (one.time - START)) for one in more]
    posts = [checkpoint("pass-hall", "hall", seconds=30.0, id="second", hours="06:00-20:00")]
    case = replace(valley, events=(*valley.events, *moved), checkpoints=(*valley.checkpoints, *posts))
    return run(case, 1, **VALUES, return_half_life_days=0.2)


def fingerprint(result: Run) -> str:
    """All series and outcomes in one number."""
    content = b"".join(result.series[key].tobytes() for key in sorted(result.series))
    return hashlib.md5(content + str(result.outcomes).encode()).hexdigest()


def with_attributes(tables: Tables, n_categories: int) -> Roads:
    """The roads as numpy records, whose fields the interpreter reads by name as compiled code does."""
    roads = build_roads(tables, n_categories)
    records = {name: getattr(roads, name).view(np.recarray) for name in ("queues", "rows", "heap")}
    return roads._replace(**records)


def moments_with_attributes(n: int) -> NDArray[Any]:
    """The same of a heap."""
    return no_moments(n).view(np.recarray)


def people_with_attributes(tables: Tables, seed: np.uint64) -> tuple[Travellers, NDArray[np.int64]]:
    """The same of parties."""
    parties, first = raise_people(tables, seed)
    return parties._replace(rows=parties.rows.view(np.recarray)), first


def test_compiled_and_interpreted_code_agree() -> None:
    """The same bits, and no IndexError where the interpreter looks."""
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "error", "PYTHONPATH": path}
    told = subprocess.run([sys.executable, __file__], capture_output=True, text=True, env=environment)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == fingerprint(everything())


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 500])
def test_parties_are_put_in_order_of_their_hour_then_number(n: int) -> None:
    """The same as a sort by two keys, with many at the same hour; those beyond the first n stay where they are."""
    rows = np.zeros(600, TRAVELLER)
    rows["ready"] = np.floor(20 * Draws(4).uniform("hour", np.arange(600)))
    parties = Travellers(rows, np.empty(0, np.float32), np.empty(0, np.int64), np.empty(0, np.uint64))
    given = np.argsort(Draws(4).uniform("order", np.arange(600))).astype(np.int32)
    moving = given.copy()
    put_in_order(parties, moving, n)
    first = given[:n]
    assert moving[:n].tolist() == first[np.lexsort((first, rows["ready"][first]))].tolist()
    assert moving[n:].tolist() == given[n:].tolist()


def test_machine_code_never_outlives_its_sources(tmp_path: Path) -> None:
    """Any change to any file of a room with kernels names another folder for the machine code."""
    rooms = tmp_path / "one", tmp_path / "other"
    for room in rooms:
        room.mkdir()
        (room / "kernels.py").write_text("x = 1\n")
    before = folder_for(tmp_path, rooms)
    assert folder_for(tmp_path, rooms) == before
    (rooms[1] / "kernels.py").write_text("x = 2\n")
    assert folder_for(tmp_path, rooms) != before
    now = folder_for(PACKAGE, (PACKAGE / room for room in COMPILED))
    assert os.environ.get("NUMBA_CACHE_DIR") or str(now) == config.CACHE_DIR


if __name__ == "__main__":
    world.build_roads, world.raise_people = with_attributes, people_with_attributes
    step.no_moments = world.no_moments = moments_with_attributes
    print(fingerprint(everything()))

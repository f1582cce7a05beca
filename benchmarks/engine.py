"""How fast the engine is: 10,000 to 10,000,000 parties on 50 places with queues, seven days at 15-minute steps.

    python benchmarks/engine.py [--most 10000000] [--write]

Counted: CPU seconds of this process until everybody has arrived, once compiled; party-steps a CPU second, counting only
parties that decide in a step or stand on a link at its end (people at home or arrived cost and count nothing); bytes a
party, by the arrays of the World and by the growth of the process. Capacities grow with the number of parties, so the
queues are alike at every size. --write puts the table into docs/engine-speed.md and draws it beside that page; the
drawing needs matplotlib, which the extra `docs` has.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from safeconduct.engine.kernels.people import ON_ROAD
from safeconduct.engine.step import step
from safeconduct.engine.tables import Tables, build_tables
from safeconduct.engine.world import World, build_world
from safeconduct.ledger import Ledger
from safeconduct.scenario import MODEL_PARAMETERS, Amount, Event, People, Place, Role, Route, Scenario
from safeconduct.terms import Clock, Draws

START, DAYS, SOURCE = datetime(2030, 1, 1, tzinfo=UTC), 7, "invented"
N_PLACES, N_SHELTERS = 50, 10
LINK_CAPACITY = 750  # vehicles an hour on every road at a million parties: queues that last for days
VALUES = {
    "persons_per_vehicle": 1.0,
    "own_fuel_share": 1.0,
    "stay_share": 0.0,
    "trust_weight": 0.0,
    "ready_median_hours": 24.0,
    "ready_shape": 8.0,
    "lift_share": 0.0,
    "reception_hours": 0.0,
}
PAGE = Path(__file__).parent.parent / "docs" / "engine-speed.md"
PICTURE = PAGE.with_suffix(".svg")
ASKED = 50.0  # million party-steps a CPU second, at a million parties
HEAD = (
    "| parties | CPU s | steps | party-steps | million party-steps a CPU s | bytes a party: arrays | process |\n"
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
)


def network(n_parties: int) -> Scenario:
    """Fifty places strewn over a square, each joined to its three nearest; ten of them are shelters."""
    draws = Draws(0)
    spots = np.column_stack([draws.uniform(axis, np.arange(N_PLACES)) for axis in ("lat", "lon")]) * 2.0
    homes = range(N_SHELTERS, N_PLACES)
    places = tuple(
        Place(f"p{i}", f"p{i}", "", lat, lon, Role.SHELTER if i < N_SHELTERS else Role.ORIGIN, "", Amount(1.0),
              Amount(None), SOURCE)
        for i, (lat, lon) in enumerate(spots)
    )  # fmt: skip
    scale = n_parties / 1_000_000
    pairs = set()
    for i in range(N_PLACES):
        nearest = np.argsort(np.square(spots - spots[i]).sum(axis=1))
        pairs |= {(min(i, int(j)), max(i, int(j))) for j in nearest[1:4]}
        pairs.add((min(i, (i + 1) % N_PLACES), max(i, (i + 1) % N_PLACES)))
    limits = (Amount(50.0), Amount(LINK_CAPACITY * scale), Amount(135 * max(scale, 0.05)), Amount(1.0))
    routes = tuple(
        Route(f"r{i}-{j}", f"p{i}", f"p{j}", 10 + 100 * float(np.hypot(*(spots[i] - spots[j]))), *limits, True, True,
              "", "", SOURCE)
        for i, j in sorted(pairs)
    )  # fmt: skip
    each = n_parties / len(homes)
    return Scenario(
        key="strewn", title="strewn", about="", clock=Clock(START, START + timedelta(days=DAYS), 15.0),
        places=places, routes=routes, checkpoints=(), supplies=(),
        people=tuple(People(f"p{i}", each, Amount(1.0), SOURCE, SOURCE) for i in homes),
        events=(Event("go", START, "signal", "*", Amount(2.0), "", 0.0, SOURCE, SOURCE),),
        parameters={p.name: p for p in MODEL_PARAMETERS}, targets=(), record=(), headline=("n_persons", "p0"),
        ledger=Ledger((), ""), hash="",
    )  # fmt: skip


def steps(world: World, tables: Tables) -> int:
    """Run every step until all have arrived; returns how many steps that took."""
    n_there = 0
    for number, (hour, until) in enumerate(zip(tables.edges[:-1], tables.edges[1:], strict=True)):
        world.hour, world.until = float(hour), float(until)
        step(world, tables)
        n_there += world.reached.size
        if n_there >= world.parties.at.size:
            return number + 1
    return len(tables.edges) - 1


def active(world: World, tables: Tables) -> int:
    """Party-steps: parties on a link at the end of each step, and parties that decided in it."""
    total, decided = 0, int(world.decided.sum())
    for hour, until in zip(tables.edges[:-1], tables.edges[1:], strict=True):
        world.hour, world.until = float(hour), float(until)
        step(world, tables)
        total += int((world.parties.state == ON_ROAD).sum()) + int(world.decided.sum()) - decided
        decided = int(world.decided.sum())
    return total


def bytes_of(world: World) -> int:
    """Bytes of every array in the World that has one entry a party."""
    n = world.parties.at.size
    arrays = [getattr(world, f.name) for f in fields(world)] + [*world.parties, world.shelters.asks, *world.lists]
    return sum(a.nbytes for a in arrays if isinstance(a, np.ndarray) and a.shape[:1] == (n,))


@dataclass(frozen=True)
class Result:
    """What one size cost."""

    n_parties: int
    seconds: float
    n_steps: int
    party_steps: int
    bytes_held: float  # a party, in arrays
    bytes_grown: float  # a party, by the growth of the process; 0 where compiling had taken more

    @property
    def speed(self) -> float:
        """Million party-steps a CPU second."""
        return self.party_steps / self.seconds / 1e6

    def __str__(self) -> str:
        grown = f"{self.bytes_grown:.0f}" if self.bytes_grown > 0 else "-"
        return (
            f"| {self.n_parties:,} | {self.seconds:.2f} | {self.n_steps} | {self.party_steps:,} | {self.speed:.0f} "
            f"| {self.bytes_held:.0f} | {grown} |"
        )


def measure(n_parties: int) -> Result:
    """Run one size twice: once timed until all have arrived, once to count party-steps."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tables = build_tables(network(n_parties), network(n_parties).values(VALUES))
    begin = time.process_time()
    world = build_world(tables, 0)
    n_steps = steps(world, tables)
    seconds = time.process_time() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    held = bytes_of(world)
    del world
    counted = active(build_world(tables, 0), tables)
    return Result(n_parties, seconds, n_steps, counted, held / n_parties, grown / n_parties)


def draw(results: list[Result], path: Path) -> None:
    """CPU seconds and speed over the number of parties, both axes logarithmic."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "safeconduct", "font.size": 10}
    from matplotlib import pyplot

    parties = [result.n_parties for result in results]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8.0, 3.2), layout="constrained")
    left.loglog(parties, [result.seconds for result in results], "o-", color="#1b4d7a")
    left.set(title="CPU seconds until all have arrived", xlabel="parties")
    right.loglog(parties, [result.speed for result in results], "o-", color="#1b4d7a")
    right.axhline(ASKED, color="#767676", linestyle="--", linewidth=1)
    below = {"xytext": (0, -12), "textcoords": "offset points", "ha": "right", "color": "#595959"}
    right.annotate(f"asked for at a million: {ASKED:.0f}", (parties[-1], ASKED), **below)
    right.set(title="Million party-steps a CPU second", xlabel="parties", ylim=(10, 300), yticks=[10, 30, 100, 300])
    right.set_yticklabels(["10", "30", "100", "300"])
    for axes in (left, right):
        axes.grid(color="#dddddd", linewidth=0.6)
    figure.savefig(path, metadata={"Date": None})


def write(results: list[Result]) -> None:
    """Put the table into the page, with how busy the machine was, and draw it."""
    head = PAGE.read_text(encoding="utf-8").split("<!-- table -->")[0]
    load = f"Load of the machine while this was measured: {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores."
    rows = "\n".join(map(str, results))
    PAGE.write_text(f"{head}<!-- table -->\n\n{HEAD}{rows}\n\n{load}\n", encoding="utf-8")
    draw(results, PICTURE)


def main() -> None:
    """Measure each size, print the table, write the page if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--most", type=int, default=1_000_000)
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    measure(1_000)  # compiles
    print(HEAD, end="")
    results, size = [], 10_000
    while size <= asked.most:
        results.append(measure(size))
        print(results[-1], flush=True)
        size *= 10
    if asked.write:
        write(results)


if __name__ == "__main__":
    main()

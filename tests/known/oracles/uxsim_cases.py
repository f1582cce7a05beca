"""Make `uxsim_cases.json`: what the traffic simulator UXsim says of queues, frozen for our tests.

UXsim (Seo 2025, Journal of Open Source Software 10(106), 7617; MIT licence) moves vehicles by Newell's
simplified car-following rule, which solves the kinematic-wave model with a triangular flow-density diagram.
Our engine solves the same model by counting vehicles at the ends of each link (Newell 1993; Yperman 2007):
the two share the physics and not a line of code. Nothing that is shipped imports this file.

To make the answers anew (four minutes of CPU), in an environment of its own:

    python -m venv oracle && oracle/bin/pip install uxsim==1.15.1
    oracle/bin/python tests/known/oracles/uxsim_cases.py

How the two models meet. UXsim is given the free speed u, the jam density k and a reaction time r; the
backward wave then runs at w = 1 / (r k) and a link carries at most q = u / (r (u + w)). With u = 40 km/h,
k = 135 vehicles/km and r = 4/3 s: w = 20 km/h and q = 1800 vehicles/h. A bottleneck is a link that lets fewer
in (`capacity_in`); our engine holds that capacity at both ends, which is the same, since what enters evenly
leaves evenly. Vehicles that cannot enter their first link wait beside it, in order, and take no room. Time
runs from 0 in hours; a trip lasts from the wish to leave to the arrival, so it includes that wait.

At a merge UXsim draws whose turn it is, so those cases are run with several seeds: the answer is the mean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import exp, sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

FREE_KMH, JAM_PER_KM, REACTION_SECONDS = 40.0, 135.0, 4 / 3
WAVE_KMH = 3600 / (REACTION_SECONDS * JAM_PER_KM)
DIAGRAM_PER_HOUR = 3600 / REACTION_SECONDS * FREE_KMH / (FREE_KMH + WAVE_KMH)
INTERVAL_HOURS = 0.25
FINE, COARSE = 1, 5  # vehicles that UXsim moves as one: for the answer, and to tell its error
MERGE_SEEDS = range(8)
Arrivals = dict[str, list[float]]  # origin -> hour of arrival of each vehicle, in the order of leaving
KNOWN_DIFFERENCES = (
    "UXsim steps by 4/3 s: a departure, an arrival and each passage of a node may come up to two steps late.",
    "UXsim draws whose turn it is at a merge, with the priorities as chances; an engine may take turns.",
    "UXsim's car following holds a link's inflow to the diagram's capacity only on average.",
)


@dataclass(frozen=True)
class Link:
    """A one-way road. `priority` is its share of the turns where it merges with another."""

    id: str
    start: str
    end: str
    km: float
    capacity_per_hour: float = DIAGRAM_PER_HOUR
    priority: float = 1.0
    speed_kmh: float = FREE_KMH
    jam_per_km: float = JAM_PER_KM


@dataclass(frozen=True)
class Origin:
    """Vehicles that want to leave a place: so many in each quarter of an hour, evenly spaced within it."""

    place: str
    counts: tuple[int, ...]

    def times(self) -> list[float]:
        """Hour at which each vehicle wants to leave: the middles of equal shares of its interval."""
        return [
            (interval + (turn + 0.5) / count) * INTERVAL_HOURS
            for interval, count in enumerate(self.counts)
            for turn in range(count)
        ]


@dataclass(frozen=True)
class Case:
    """One question to UXsim. Everyone goes to the place `out`."""

    name: str
    links: tuple[Link, ...]
    origins: tuple[Origin, ...]


def uniform(n: int, hours: float) -> tuple[int, ...]:
    """n departures, as even as whole vehicles allow, per quarter of an hour."""
    return _counts(n, hours, lambda share: share)


def s_shaped(n: int, hours: float) -> tuple[int, ...]:
    """n departures on a logistic curve: its middle at half the time, its scale a tenth of it."""

    def logistic(share: float) -> float:
        return 1 / (1 + exp(-(share - 0.5) / 0.1))

    low, high = logistic(0), logistic(1)
    return _counts(n, hours, lambda share: (logistic(share) - low) / (high - low))


def _counts(n: int, hours: float, share_gone: Callable[[float], float]) -> tuple[int, ...]:
    n_intervals = round(hours / INTERVAL_HOURS)
    gone = [round(n * share_gone(edge / n_intervals)) for edge in range(n_intervals + 1)]
    return tuple(after - before for before, after in pairwise(gone))


def corridor(name: str, capacity: float, counts: tuple[int, ...], *parts_km: float) -> Case:
    """One road in three parts, the second of which is the bottleneck; a third part of 0 km is left out."""
    before, narrow, after = parts_km
    links = [Link("before", "main", "narrows", before), Link("narrow", "narrows", "beyond", narrow, capacity)]
    links += [Link("after", "beyond", "out", after)] if after else []
    links[-1] = Link(**{**asdict(links[-1]), "end": "out"})
    return Case(name, tuple(links), (Origin("main", counts),))


def merge(
    name: str, km: float, side_priority: float, capacity: float, main: tuple[int, ...], side: tuple[int, ...]
) -> Case:
    """A side road joins a third along; the last third is narrow; the queue grows past the junction."""
    third = km / 3
    links = (
        Link("main road", "main", "junction", third, priority=1 - side_priority),
        Link("side road", "side", "junction", km * 0.15, priority=side_priority),
        Link("shared road", "junction", "narrows", third),
        Link("narrow", "narrows", "out", third, capacity),
    )
    return Case(name, links, (Origin("main", main), Origin("side", side)))


def cases() -> Iterator[Case]:
    """Every case of the file. 20,833 vehicles are 100,000 persons at 4.8 to a vehicle."""
    big = 20_833
    yield corridor("end 205 uniform 6 h", 205, uniform(big, 6), 99, 1, 0)
    yield corridor("middle 205 s-shaped 48 h", 205, s_shaped(big, 48), 50, 10, 40)
    yield corridor("end 300 uniform 24 h", 300, uniform(big, 24), 99, 1, 0)
    yield corridor("middle 450 s-shaped 12 h", 450, s_shaped(big, 12), 50, 10, 40)
    yield corridor("end 600 s-shaped 24 h", 600, s_shaped(big, 24), 99, 1, 0)
    yield corridor("middle 900 uniform 6 h", 900, uniform(big, 6), 50, 10, 40)
    yield corridor("end 900 s-shaped 48 h", 900, s_shaped(big, 48), 99, 1, 0)
    yield corridor("small end 300", 300, uniform(1_000, 1), 19, 1, 0)
    yield corridor("small middle 240", 240, s_shaped(1_500, 3), 10, 5, 15)
    for side_priority in (0.5, 0.25):
        yield merge(f"merge {side_priority}", 100, side_priority, 500, uniform(8_000, 10), uniform(4_000, 10))
    for side_priority in (0.5, 0.25):
        yield merge(f"small merge {side_priority}", 30, side_priority, 400, uniform(2_400, 3), uniform(1_200, 3))


def ask(case: Case, deltan: int, seed: int) -> Arrivals:
    """UXsim's hour of arrival of each vehicle, by origin, in the order of leaving."""
    from uxsim import World

    n_vehicles = sum(sum(origin.counts) for origin in case.origins)
    slowest = min(link.capacity_per_hour for link in case.links)
    horizon = n_vehicles / slowest + max(len(o.counts) for o in case.origins) * INTERVAL_HOURS + 10
    world = World(
        deltan=deltan,
        reaction_time=REACTION_SECONDS,
        tmax=horizon * 3600,
        random_seed=seed,
        print_mode=0,
        save_mode=0,
        vehicle_logging_timestep_interval=-1,
        duo_update_time=horizon * 3600,  # there is one way only: no need to look for it again
        cpp=True,
    )
    for place in {name for link in case.links for name in (link.start, link.end)}:
        world.addNode(place, 0, 0)
    for link in case.links:
        narrow = link.capacity_per_hour < DIAGRAM_PER_HOUR
        world.addLink(
            link.id,
            link.start,
            link.end,
            link.km * 1000,
            free_flow_speed=link.speed_kmh / 3.6,
            jam_density=link.jam_per_km / 1000,
            merge_priority=link.priority,
            capacity_in=link.capacity_per_hour / 3600 if narrow else None,
        )
    platoons = {origin.place: _platoons(world, origin, deltan) for origin in case.origins}
    world.exec_simulation()
    arrivals = {}
    for origin in case.origins:
        hours = [vehicle.arrival_time * world.DELTAT / 3600 for vehicle in platoons[origin.place]]
        assert min(hours) > 0, "someone has not arrived: give the case more time"
        arrivals[origin.place] = [hour for hour in hours for _ in range(deltan)][: sum(origin.counts)]
    return arrivals


def _platoons(world: Any, origin: Origin, deltan: int) -> list[Any]:
    """UXsim's vehicles: each stands for `deltan` of ours and leaves at their mean time."""
    times = origin.times()
    groups = [times[i : i + deltan] for i in range(0, len(times), deltan)]
    return [world.addVehicle(origin.place, "out", 3600 * sum(group) / len(group)) for group in groups]


def cumulative(hours: list[float], until: int) -> list[int]:
    """How many had arrived by each full hour."""
    return [sum(hour <= full for hour in hours) for full in range(until + 1)]


def per_seed(case: Case, place: str, runs: list[dict[str, list[float]]]) -> tuple[list[float], list[list[int]]]:
    """In each run: the mean hours from wishing to leave this place to arriving; arrivals by full hour."""
    origin = next(o for o in case.origins if o.place == place)
    until = int(max(hour for run in runs for hours in run.values() for hour in hours)) + 1
    trips = [fmean(run[place]) - fmean(origin.times()) for run in runs]
    return trips, [cumulative(run[place], until) for run in runs]


def answer(case: Case, place: str, fine: list[Arrivals], coarse: list[Arrivals]) -> dict[str, Any]:
    """One origin's answer and its error: two standard errors over seeds, or what larger platoons change."""
    trips, counts = per_seed(case, place, fine)
    coarse_trips, coarse_counts = per_seed(case, place, coarse)
    mean_counts = [fmean(hour) for hour in zip(*counts, strict=True)]
    apart = [abs(a - fmean(b)) for a, b in zip(mean_counts, zip(*coarse_counts, strict=True), strict=False)]
    noise = 2 * stdev(trips) / sqrt(len(trips)) if len(trips) > 1 else 0.0
    return {
        "cum_arrivals_vehicles": [round(n, 1) for n in mean_counts],
        "mean_trip_hours": round(fmean(trips), 5),
        "last_arrival_hour": round(fmean(max(run[place]) for run in fine), 5),
        "error_trip_hours": round(max(noise, abs(fmean(trips) - fmean(coarse_trips))), 5),
        "error_arrivals_vehicles": round(max(apart), 1),
    }


def frozen(case: Case) -> dict[str, Any]:
    """The case with all that is needed to build it again, and UXsim's answer for each origin."""
    seeds = MERGE_SEEDS if len(case.origins) > 1 else range(1)  # without a merge UXsim draws nothing
    fine, coarse = [[ask(case, deltan, seed) for seed in seeds] for deltan in (FINE, COARSE)]
    departures = {o.place: {"interval_hours": INTERVAL_HOURS, "vehicles": o.counts} for o in case.origins}
    return {
        "name": case.name,
        "links": [asdict(link) for link in case.links],
        "departures": departures,
        "destination": "out",
        "n_seeds": len(seeds),
        "answers": {o.place: answer(case, o.place, fine, coarse) for o in case.origins},
    }


def main() -> None:
    """Ask UXsim every case and write the answers beside this file."""
    import uxsim

    answers = []
    for case in cases():
        answers.append(frozen(case))
        for place, said in answers[-1]["answers"].items():
            print(case.name, place, {name: said[name] for name in said if name[:3] != "cum"}, flush=True)
    book = {
        "about": "Frozen answers of UXsim; made by uxsim_cases.py, which explains every field.",
        "uxsim_version": uxsim.__version__,
        "deltan": FINE,
        "reaction_seconds": round(REACTION_SECONDS, 6),
        "wave_kmh": round(WAVE_KMH, 6),
        "diagram_capacity_per_hour": round(DIAGRAM_PER_HOUR, 6),
        "error_is": f"the larger of two standard errors over seeds and the change with platoons of {COARSE}",
        "known_differences": KNOWN_DIFFERENCES,
        "cases": answers,
    }
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(book).replace('{"name"', '\n{"name"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

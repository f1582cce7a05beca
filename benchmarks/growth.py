"""What a case costs as it grows: python benchmarks/growth.py [--places ...] [--repeats 3] [--page docs/growth.md].

A made-up network of so many places on a grid, with four times as many links, 20 people a place and one crossing for a
hundred places (or --crossings of them at every size), is checked, run twice for three days at hourly steps, and run
with its report. Each call is a process of its own: CPU seconds and peak memory, the least of some calls, as what else
the machine does only adds. Doubling the places may cost 2.3 times at most.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "attack"))
import forked
from forked import Ended, ended, warm
from inputs import Attack

CASE = """title: A made-up network
about: A grid of places with roads between neighbours, to measure how costs grow. Nothing in it is real.
clock: {start: "2030-05-06T06:00+00:00", end: "2030-05-09T06:00+00:00", step_minutes: 60}
parameters:
  ready_median_hours: {value: 10, prior: {lognormal: [5, 20]}, source: assumed}
record: [n_persons, cum_departures_persons, cum_arrivals_persons]
headline: [cum_arrivals_persons, gate0]
"""
ATTACK = "hit,2030-05-06T10:00+00:00,attack,*,0.6,assumed,assumed"
CALLS = {
    "check": ("check", "case"),
    "2 runs": ("run", "case", "--runs", "2", "--workers", "1", "--no-report", "--any-size"),
    "2 runs and the report": ("run", "case", "--runs", "2", "--workers", "1", "--any-size"),
}
ALLOWED = 2.3  # times, for a doubling


def write_case(folder: Path, n_places: int, n_crossings: int) -> None:
    """A grid of so many places, each linked to its right, lower and both diagonal neighbours."""
    folder.mkdir(parents=True)
    side = round(n_places**0.5)
    places, routes, people = [], [], []
    at = {}
    for n in range(n_places):
        row, column = divmod(n, side)
        at[row, column] = n
        places.append(f"p{n},Place {n},{40 + row * 0.02:.2f},{20 + column * 0.02:.2f},origin,assumed")
        people.append(f"p{n},20,0.6,assumed,assumed")
    for (row, column), n in at.items():
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            if (row + down, column + right) in at:
                other = at[row + down, column + right]
                routes.append(f"r{n}-{other},p{n},p{other},3.2,40,600,,assumed")
    apart = max(n_places // n_crossings, 1)
    for gate in range(n_crossings):
        row, column = divmod(gate * apart, side)
        lat, lon = 40 + row * 0.02, 20 + column * 0.02
        places.append(f"gate{gate},Gate {gate},{lat + 0.01:.2f},{lon + 0.01:.2f},crossing,assumed")
        places.append(f"town{gate},Town {gate},{lat + 0.03:.2f},{lon + 0.01:.2f},shelter,assumed")
        routes.append(f"out{gate},p{gate * apart},gate{gate},5,40,200,gate{gate},assumed")
        routes.append(f"on{gate},gate{gate},town{gate},5,40,600,,assumed")
    tables = {
        "places.csv": ("key,name,lat,lon,role,source", places),
        "routes.csv": ("id,start,end,km,speed_kmh,capacity_per_hour,counts_as,source", routes),
        "people.csv": ("place,weight_persons,car_share,source,reporter", people),
        "events.csv": ("id,time,kind,target,value,reporter,source", [ATTACK]),
    }  # fmt: skip
    (folder / "case.yaml").write_text(CASE, "utf-8")
    for name, (head, rows) in tables.items():
        (folder / name).write_text("\n".join((head, *rows)) + "\n", "utf-8")


def measured(n_places: int, place: Path, n_crossings: int | None = None, repeats: int = 1) -> dict[str, Ended]:
    """Each call on a case of this size, at its cheapest. Raises SystemExit where one fails."""
    found, gates = {}, n_crossings or max(n_places // 100, 1)
    for name, words in CALLS.items():
        attack = Attack("", "", words, lambda folder: write_case(folder / "case", n_places, gates))
        calls = [ended(attack, place) for _ in range(repeats)]
        for one in calls:
            if one.code:
                raise SystemExit(f"{name} with {n_places} places: {one.err[-500:]}")
        found[name] = min(calls, key=lambda one: one.cpu_seconds)
    return found


def main() -> None:
    """Measure, print, and write the page where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, nargs="+", default=[1250, 2500, 5000])
    parser.add_argument("--crossings", type=int, help="the same number at every size; else one for a hundred places")
    parser.add_argument("--repeats", type=int, default=3, help="calls of which the cheapest counts")
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    warm()
    forked.STOP_CPU_SECONDS, forked.STOP_SECONDS, forked.STOP_BYTES = 1800, 7200, 2**36  # no bad input: let it end
    with tempfile.TemporaryDirectory() as made:
        measured(100, Path(made))  # compiles once
        found = {n: measured(n, Path(made), asked.crossings, asked.repeats) for n in asked.places}
    lines = ["| Places | Links | " + " | ".join(f"{name}: CPU s | MiB" for name in CALLS) + " |",
             "|---|---|" + "---|---|" * len(CALLS)]  # fmt: skip
    for n, calls in found.items():
        cells = [f"{one.cpu_seconds:.2f} | {one.peak_bytes / 2**20:,.0f}" for one in calls.values()]
        lines.append(f"| {n:,} | about {4 * n:,} | " + " | ".join(cells) + " |")
    ratios = []
    for few, many in zip(asked.places, asked.places[1:], strict=False):
        ratios += [found[many][name].cpu_seconds / found[few][name].cpu_seconds for name in CALLS]
    if ratios:
        lines.append(f"\nThe dearest doubling costs {max(ratios):.1f} times as much (allowed: {ALLOWED}).")
    text = "\n".join(lines)
    print(text)
    print(f"{platform.machine()}, Python {platform.python_version()}")
    if asked.page:
        before, _, rest = asked.page.read_text("utf-8").partition("<!-- places -->\n")
        asked.page.write_text(
            f"{before}<!-- places -->\n\n{text}\n\n<!-- end of places -->{rest.partition('<!-- end of places -->')[2]}"
        )
    sys.exit(max(ratios, default=0.0) > ALLOWED)


if __name__ == "__main__":
    main()

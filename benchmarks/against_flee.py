"""This program and Flee on the same folder, in turn: CPU seconds, memory, agent-days a CPU second, ARD of both.

    python benchmarks/against_flee.py --case FOLDER --hasten 20 --flee CHECKOUT
    python benchmarks/against_flee.py --case FOLDER --hasten 20 --reference flee_runs.csv

With --flee, both run several times in turn on this machine, each in a process of its own. With --reference, stored
runs of Flee (columns case, hasten, seed, ard_normal, ard_rescaled, mean_total_error) stand for it. Run it twice and
keep the second result: the first compiles.

An agent-day is one agent in the case on one day, moving or at rest, from the day on which it is added to the last: the
sum over days of the agents there, as Flee simulates them. The last line is of the days alone (every phase of a day,
not only compiled code), without start-up, reading, scoring and writing.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, stdev

FORMS = ("normal", "rescaled", "flee_total_error")
COLUMNS = ("ard_normal", "ard_rescaled", "mean_total_error")
RUN = """
import sys
from safeconduct.app import main
sys.argv[0] = "safeconduct"
main()
"""
RUN_FLEE = """
import random, runpy, sys
import numpy as np
seed = int(sys.argv.pop(1))
random.seed(seed); np.random.seed(seed)
script, sys.argv = sys.argv[1], sys.argv[1:]
runpy.run_path(script, run_name="__main__")
"""


@dataclass(frozen=True)
class Measured:
    """One run of a program."""

    cpu_seconds: float
    peak_mb: float
    ard: tuple[float, ...]  # in the order of FORMS


def measure(command: Sequence[str], **options: object) -> tuple[float, float, str]:
    """CPU seconds and peak memory (MB) of a process and its children, and what it printed."""
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]  # options of any kind
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode:
        sys.exit(f"{' '.join(command[:6])} ended with code {process.returncode}")
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    return usage.ru_utime + usage.ru_stime, peak, text


def ours(case: Path, hasten: int, seed: int, compat: bool) -> Measured:
    """One run of this program, the whole process."""
    with tempfile.TemporaryDirectory() as out:
        options = ["--hasten", str(hasten), "--seed", str(seed), "--runs", "1", "--no-report", "--out", out + "/out"]
        options += ["--compat", "flee"] if compat else []
        cpu, peak, _ = measure([sys.executable, "-c", RUN, "run", str(case), *options])
        ard = json.loads((Path(out) / "out" / "summary.json").read_text())["scores"]["ard"]
    return Measured(cpu, peak, tuple(ard[form]["mean"] for form in FORMS))


def flees(python: str, checkout: Path, case: Path, hasten: int, seed: int) -> Measured:
    """One run of Flee, the whole process, its generators seeded from outside."""
    tables = case / "input_csv" if (case / "input_csv").is_dir() else case
    data = next(one for one in (case / "source_data", case.parent / "source_data") if one.is_dir())
    with tempfile.TemporaryDirectory() as work:
        said = (case / "simsetting.yml").read_text()
        settings = Path(work) / "simsetting.yml"
        settings.write_text(with_hasten(said, hasten))
        script = checkout / "runscripts" / "run.py"
        command = [python, "-c", RUN_FLEE, str(seed), str(script), str(tables), str(data), "0", str(settings)]
        cpu, peak, text = measure(command, cwd=work, env={**os.environ, "PYTHONPATH": str(checkout)})
    return Measured(cpu, peak, ard_of_flee(text))


def with_hasten(settings: str, hasten: int) -> str:
    """The settings with so many persons to an agent, whatever they said before."""
    changed, n = re.subn(r"(?m)^(\s+hasten:).*$", rf"\1 {hasten}", settings)
    return changed if n else f"{settings.rstrip()}\noptimisations:\n  hasten: {hasten}\n"


def ard_of_flee(text: str) -> tuple[float, ...]:
    """The three forms from what Flee prints."""
    rows = list(csv.DictReader(line for line in text.splitlines() if line[:1].isdigit() or line.startswith("Day")))
    camps = [name.removesuffix(" sim") for name in rows[0] if name.endswith(" sim")]
    sums = [0.0, 0.0, 0.0]
    for row in rows:
        simulated = [float(row[f"{camp} sim"]) for camp in camps]
        recorded = [float(row[f"{camp} data"]) for camp in camps]
        people, total = max(sum(recorded), 1.0), sum(simulated)
        factor = sum(recorded) / total if total else 0.0
        sums[0] += sum(abs(s - r) for s, r in zip(simulated, recorded, strict=True)) / people
        sums[1] += sum(abs(s * factor - r) for s, r in zip(simulated, recorded, strict=True)) / people
        sums[2] += float(row["Total error"])
    return tuple(one / len(rows) for one in sums)


def agent_days(case: Path, hasten: int) -> float:
    """Agents times the days that each of them is simulated, by the record."""
    from safeconduct.engine.walk.spawn import arrivals, residents
    from safeconduct.scenario import Quirks, WalkReading, read_case

    walk = read_case(case, as_walk=WalkReading(Quirks.of_flee(), hasten)).walk
    assert walk is not None
    new = arrivals(walk)
    new[0] += sum(residents(walk).values())
    return float(new.cumsum().sum())


def kernel_seconds(case: Path, hasten: int, times: int) -> list[float]:
    """CPU seconds of all days of a run, in this process: no reading, no scoring, nothing written."""
    from time import process_time

    from safeconduct.engine.tables import build_tables
    from safeconduct.engine.walk.step import build_walking_world, walk_step
    from safeconduct.scenario import Quirks, WalkReading, read_case

    scenario = read_case(case, as_walk=WalkReading(Quirks.of_flee(), hasten))
    tables, found = build_tables(scenario, scenario.values()), []
    for seed in range(times + 1):  # the first loads or compiles the kernels and does not count
        world = build_walking_world(tables, seed)
        start = process_time()
        for hour, until in zip(tables.edges[:-1], tables.edges[1:], strict=True):
            world.hour, world.until = float(hour), float(until)
            walk_step(world, tables)
        found.append(process_time() - start)
    return found[1:]


def line(name: str, runs: Sequence[Measured], days: float) -> str:
    """A row of the table: means, and the standard deviation of each form of ARD."""
    forms = zip(*[run.ard for run in runs], strict=True)
    shown = " | ".join(f"{mean(form):.4f} ± {stdev(form) if len(runs) > 1 else 0.0:.4f}" for form in forms)
    cpu, peak = mean(run.cpu_seconds for run in runs), max(run.peak_mb for run in runs)
    return (
        f"| {name} | {len(runs)} | {cpu:.2f} | {peak:.0f} | {days / cpu:,.0f} | {shown} |"
        if cpu
        else (f"| {name} | {len(runs)} | | | | {shown} |")
    )


def stored(path: Path, case: str, hasten: int) -> list[Measured]:
    """Stored runs of Flee on a case."""
    rows = [row for row in csv.DictReader(path.open()) if row["case"] == case and int(row["hasten"]) == hasten]
    if not rows:
        sys.exit(f"{path.name} has no run of {case} at hasten {hasten}")
    return [Measured(0.0, 0.0, tuple(float(row[column]) for column in COLUMNS)) for row in rows]


def report(runs: dict[str, list[Measured]], days: float) -> Iterable[str]:
    """The lines of the result."""
    yield f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {days:,.0f} agent-days"
    yield "| program | runs | CPU s | peak MB | agent-days / CPU s | ARD normal | rescaled | Flee's total error |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, measured in runs.items():
        yield line(name, measured, days)
    flee, mine = runs.get("Flee", []), runs["this, --compat flee"]
    pairs = [(theirs, one) for theirs, one in zip(flee, mine, strict=False) if theirs.cpu_seconds]
    if pairs:
        ratios = [theirs.cpu_seconds / one.cpu_seconds for theirs, one in pairs]
        yield f"CPU ratio of each pair (Flee / this): {', '.join(f'{ratio:.1f}' for ratio in ratios)}"
    if len(flee) > 1:
        apart = [
            (mean(a) - mean(b)) / stdev(b)
            for a, b in zip(*(zip(*[r.ard for r in g], strict=True) for g in (mine, flee)), strict=True)
        ]
        yield f"Means apart, in Flee's standard deviations: {', '.join(f'{one:+.2f}' for one in apart)}"


def main() -> None:
    """Run both, or one beside stored runs, and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--case", type=Path, required=True, help="a folder in Flee's format")
    options.add_argument("--hasten", type=int, default=1, help="persons that one agent stands for")
    options.add_argument("--times", type=int, default=3, help="runs of each, with seeds 1, 2, ...")
    options.add_argument("--flee", type=Path, help="a checkout of Flee")
    options.add_argument("--flee-python", default=sys.executable, help="Python that has what Flee needs")
    options.add_argument("--reference", type=Path, help="stored runs of Flee")
    said = options.parse_args()
    runs: dict[str, list[Measured]] = {"this, --compat flee": [], "this": []}
    if said.reference:
        runs["Flee"] = stored(said.reference, said.case.resolve().name, said.hasten)
    for seed in range(1, said.times + 1):
        if said.flee:
            runs.setdefault("Flee", []).append(
                flees(said.flee_python, said.flee.resolve(), said.case.resolve(), said.hasten, seed)
            )
        runs["this, --compat flee"].append(ours(said.case, said.hasten, seed, compat=True))
        runs["this"].append(ours(said.case, said.hasten, seed, compat=False))
    days = agent_days(said.case, said.hasten)
    print("\n".join(report(runs, days)))
    seconds = kernel_seconds(said.case, said.hasten, max(said.times, 5))
    print(
        f"Days alone, --compat flee, {len(seconds)} runs: {min(seconds):.3f} to {max(seconds):.3f} CPU s, "
        f"{days / median(seconds) / 1e6:.0f} million agent-days a CPU second (median)"
    )


if __name__ == "__main__":
    main()

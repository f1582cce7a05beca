"""The same plan on local workers, on Dask clusters whose workers are killed, in parts, and through twenty kills.

    python benchmarks/many_machines.py [--case demo-valley] [--runs 2000] [--long 10000] [--every 10]

Prints the hash of series.parquet and the seconds of each way; the last line says whether all are the same. Needs the
extra [cluster]. Seconds are of the wall clock and depend on what else runs; the hashes do not.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

PROGRAM = [sys.executable, "-m", "safeconduct"]


def safeconduct(*words: str) -> None:
    """One command, to its end."""
    subprocess.run([*PROGRAM, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def hash_in(out: Path) -> str:
    """The hash of the series that a command has written."""
    return sha256((out / "series.parquet").read_bytes()).hexdigest()


def timed(name: str, out: Path, do: Callable[[], object], found: dict[str, str]) -> None:
    """Do something that writes into a folder, and print what came out."""
    start = time.perf_counter()
    do()
    found[name] = hash_in(out)
    print(f"{name:<48} {found[name][:16]} {time.perf_counter() - start:8.1f} s", flush=True)


@contextmanager
def killing_workers(local: object, every: float) -> object:  # type: ignore[misc]  # a generator, as contextmanager asks
    """One worker of a cluster is killed every so many seconds; yields how many were."""
    stop, counted, draw = threading.Event(), [0], random.Random(0)

    def kill() -> None:
        while not stop.wait(every):
            pids = [one.pid for one in local.workers.values() if one.pid]  # type: ignore[attr-defined]  # of Dask
            if pids:
                os.kill(draw.choice(pids), signal.SIGKILL)
                counted[0] += 1

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    yield counted
    stop.set()
    thread.join()


def on_cluster(n_workers: int, every: float, words: Sequence[str], out: Path) -> None:
    """The command on a cluster of this machine, a worker of which is killed every so many seconds."""
    from distributed import LocalCluster

    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(n_workers=n_workers, **options) as local, killing_workers(local, every) as counted:  # type: ignore[attr-defined]  # of Dask
        safeconduct(*words, "--cluster", local.scheduler_address, "--out", str(out))
    print(f"  workers killed: {counted[0]}", flush=True)


def in_parts(n_parts: int, words: Sequence[str], folder: Path) -> None:
    """The command part by part, and once more to put the parts together."""
    for part in range(1, n_parts + 1):
        safeconduct(*words, "--part", f"{part}/{n_parts}", "--out", str(folder / "parts" / str(part)))
    safeconduct(*words, "--gather", str(folder / "parts"), "--out", str(folder / "out"))


def with_kills(n_kills: int, n_runs: int, words: Sequence[str], out: Path) -> None:
    """The command killed (SIGKILL) so many times, each time after a share of the runs, and resumed."""
    killed = 0
    while killed < n_kills:
        process = subprocess.Popen([*PROGRAM, *words, "--resume", "--out", str(out)], stdout=subprocess.DEVNULL)
        goal = (killed + 1) * n_runs // (n_kills + 1)
        while process.poll() is None and len(list((out / "runs").glob("*.npz"))) < goal:
            time.sleep(0.2)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        killed += 1
    print(f"  killed and resumed: {killed}", flush=True)
    safeconduct(*words, "--resume", "--out", str(out))


def main() -> None:
    """Each way in turn."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--case", default="demo-valley")
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--long", type=int, default=10_000, help="runs of the plan that is killed twenty times")
    options.add_argument("--every", type=float, default=10.0, help="seconds between kills of a worker")
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    asked = options.parse_args()
    words = ("run", asked.case, "--runs", str(asked.runs), "--no-report")
    print(f"{asked.case}, {asked.runs} runs; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        for n in asked.workers:
            out = Path(place) / f"local-{n}"
            local = (*words, "--workers", str(n), "--out", str(out))
            timed(f"local, {n} workers", out, lambda local=local: safeconduct(*local), found)  # type: ignore[misc]  # bound now
        for n in asked.workers:
            out = Path(place) / f"dask-{n}"
            timed(
                f"Dask, {n} workers, one killed every {asked.every:g} s", out,
                lambda n=n, out=out: on_cluster(n, asked.every, words, out), found,  # type: ignore[misc]  # bound now
            )  # fmt: skip
        timed("five parts, gathered", Path(place) / "out", lambda: in_parts(5, words, Path(place)), found)
        same = len(set(found.values())) == 1
        print("all the same" if same else "NOT the same")
        if asked.long:
            many = ("run", asked.case, "--runs", str(asked.long), "--no-report")
            out, killed, long = Path(place) / "long", Path(place) / "killed", dict[str, str]()
            timed(f"{asked.long} runs", out, lambda: safeconduct(*many, "--out", str(out)), long)
            timed(
                f"{asked.long} runs, killed twenty times",
                killed,
                lambda: with_kills(20, asked.long, many, killed),
                long,
            )
            print("the same" if len(set(long.values())) == 1 else "NOT the same")
            same = same and len(set(long.values())) == 1
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()

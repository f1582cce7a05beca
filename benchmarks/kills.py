"""Kill commands at random moments and go on: python benchmarks/kills.py [--share 1] [--seed 0] [--rows FILE] [--tell].

Each of `run`, `forecast`, `whatif`, `fit`, `ledger import` and a save on the desk is called once undisturbed, then
again and again in a process of its own that is killed (SIGKILL, the parent alone) at a moment drawn over its whole
length, and resumed or repeated. What it then gives must be what the undisturbed call gave, byte by byte but for the
command that provenance names; a ledger holds all or nothing of an import or a save at every moment; no process is
left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "attack"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from forked import forked, warm
from inputs import CASES

AS_OF = "2030-05-07T18:00+02:00"
RUNS = ("--runs", "12", "--no-report", "--out", "out")
PROVENANCE = ("provenance.json", "manifest.json")  # name the command that was typed, and hash the file that does
IDLE_SECONDS = 30.0  # until every process of a killed call must be gone


def of_case(folder: Path) -> None:
    """A working folder with a case and reports to import."""
    from killed_import import write_claims

    shutil.copytree(CASES / "demo-valley", folder / "case")
    write_claims(folder / "new.csv", "new", 3000)


def of_desk(folder: Path) -> None:
    """A working folder whose desk holds a case."""
    shutil.copytree(CASES / "demo-valley", folder / "desk" / "demo-valley")


def result(folder: Path) -> dict[str, str]:
    """The files of an output folder, each by its hash."""
    out = folder / "out"
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.iterdir())
        if path.name not in PROVENANCE
    }


def ledger(folder: Path) -> dict[str, str]:
    """The claims of the case by their hash."""
    return {"claims.csv": sha256((folder / "case" / "claims.csv").read_bytes()).hexdigest()}


def n_saved(folder: Path) -> int:
    """Rows that were saved on the desk; an odd number would be half of a save."""
    text = (folder / "desk" / "demo-valley" / "claims.csv").read_text("utf-8")
    return text.count("saved at the desk")


def desk(folder: Path) -> dict[str, str]:
    """What was saved at the desk, told as whole or torn."""
    return {"saved": "whole" if n_saved(folder) % 2 == 0 and n_saved(folder) >= 2 else f"{n_saved(folder)} rows"}


def save_at_desk(folder: Path) -> None:
    """Two reports in one save."""
    from safeconduct.desk.case.casefile import CaseFile
    from safeconduct.desk.case.workspace import Workspace
    from safeconduct.desk.kept import Kept

    file = CaseFile(Workspace(folder / "desk").find("demo-valley"), Kept(8))
    file.catch_up()
    row = {"reporter": "Lakes radio (invented)", "source_title": "saved at the desk", "time": "2030-05-08",
           "published": "2030-05-08"}  # fmt: skip
    file.save([{**row, "words": f"one {os.getpid()}"}, {**row, "words": f"two {os.getpid()}"}], "Ana", "", "")


@dataclass(frozen=True)
class Victim:
    """A command that is killed: how its folder is made, what goes on after a kill, and what it leaves."""

    name: str
    prepare: Callable[[Path], None]
    words: tuple[str, ...]  # empty = a save on the desk
    more: tuple[str, ...]  # added when it is called again
    look: Callable[[Path], dict[str, str]]
    times: int  # how often it is killed
    part: Callable[[Path], bool] = lambda folder: False  # whether what lies there is half of something


def half_imported(folder: Path) -> bool:
    """Whether the ledger holds a part of the import."""
    n = (folder / "case" / "claims.csv").read_text("utf-8").count("\nnew0")
    return n not in (0, 3000)


VICTIMS = (
    Victim("run", of_case, ("run", "case", *RUNS, "--workers", "1"), ("--resume",), result, 40),
    Victim("run, two workers", of_case, ("run", "case", *RUNS, "--workers", "2"), ("--resume",), result, 10),
    Victim(
        "whatif", of_case, ("whatif", "case", *RUNS, "--workers", "1", "--set", "trust=0.5"), ("--resume",), result, 36,
    ),
    Victim(
        "forecast", of_case,
        ("forecast", "case", "--as-of", AS_OF, "--particles", "20", "--workers", "1", "--out", "out"), (), result, 30,
    ),
    Victim(
        "fit", of_case,
        ("fit", "case", "--until", "2030-05-08T12:00+02:00", "--param", "pass_capacity_per_hour", "--rounds", "2",
         "--per-round", "10", "--keep", "5", "--workers", "1", "--out", "out"), (), result, 30,
    ),
    Victim("ledger import", of_case, ("ledger", "import", "new.csv", "--case", "case"), (), ledger, 34, half_imported),
    Victim("save on the desk", of_desk, (), (), desk, 40, lambda folder: n_saved(folder) % 2 == 1),
)  # fmt: skip


def start(victim: Victim, folder: Path, *, again: bool = False) -> int:
    """Start a call in a process of its own; its number."""
    out, err = folder.parent / "out.txt", folder.parent / "err.txt"
    if victim.words:
        return forked([*victim.words, *(victim.more if again else ())], folder, out, err)
    process = os.fork()
    if process:
        return process
    os.setsid()
    code = 1
    try:
        save_at_desk(folder)
        code = 0
    finally:
        os._exit(code)


def whole(victim: Victim, folder: Path, *, again: bool = False) -> float:
    """Call to the end; wall seconds. Raises SystemExit where it ends badly."""
    began = time.monotonic()
    _, status = os.waitpid(start(victim, folder, again=again), 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise SystemExit(f"{victim.name}: exit code {code}: {(folder.parent / 'err.txt').read_text('utf-8')[-800:]}")
    return time.monotonic() - began


def left_over(session: int) -> int:
    """Processes of a session that still run after a while."""
    until = time.monotonic() + IDLE_SECONDS
    while True:
        found = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found += int(fields[3]) == session and fields[0] != "Z"
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.1)


def kill_once(victim: Victim, place: Path, seconds: float, wanted: dict[str, str]) -> dict[str, object]:
    """Kill a call after so many seconds, go on, and compare."""
    shutil.rmtree(place, ignore_errors=True)
    folder = place / "work"
    folder.mkdir(parents=True)
    victim.prepare(folder)
    process = start(victim, folder)
    time.sleep(seconds)
    is_running = os.waitpid(process, os.WNOHANG)[0] == 0
    if is_running:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    is_half, n_left = victim.part(folder), left_over(process)
    whole(victim, folder, again=True)
    stray = [path.name for path in folder.rglob(".*") if path.suffix == ".part" or path.name == ".safeconduct-result"]
    return {
        "victim": victim.name, "seconds": round(seconds, 3), "killed": is_running, "half": is_half,
        "left": n_left, "same": victim.look(folder) == wanted, "stray": stray,
    }  # fmt: skip


def tell(rows: list[dict[str, object]]) -> None:
    """A table, a row a command."""
    print("| Command | Calls | Killed while it ran | Other result after going on | Half of something seen | "
          "Processes left | Temporary files left |\n|---|---|---|---|---|---|---|")  # fmt: skip
    for name in [*dict.fromkeys(str(row["victim"]) for row in rows), "all"]:
        mine = [row for row in rows if name in (row["victim"], "all")]
        counts = Counter[str]()
        for row in mine:
            counts.update({"killed": bool(row["killed"]), "other": not row["same"], "half": bool(row["half"]),
                           "left": bool(row["left"]), "stray": bool(row["stray"])})  # fmt: skip
        told = (counts[key] for key in ("killed", "other", "half", "left", "stray"))
        print(f"| {name} | {len(mine)} | {' | '.join(map(str, told))} |")


def main() -> None:
    """Kill, go on, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the 220 kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--tell", action="store_true", help="make the table from --rows alone")
    asked = parser.parse_args()
    if asked.tell:
        tell([json.loads(line) for line in asked.rows.read_text("utf-8").splitlines()])
        return
    warm()
    os.environ["SAFECONDUCT_CACHE"] = tempfile.mkdtemp()
    draw, rows = random.Random(asked.seed), []
    chosen = [one for one in VICTIMS if asked.only in one.name]
    with tempfile.TemporaryDirectory() as made:
        place = Path(made) / "place"
        for victim in chosen:
            folder = place / "work"
            for _ in range(2):  # the first compiles
                shutil.rmtree(place, ignore_errors=True)
                folder.mkdir(parents=True)
                victim.prepare(folder)
                took = whole(victim, folder)
            wanted = victim.look(folder)
            for _ in range(ceil(asked.share * victim.times)):
                rows.append(kill_once(victim, place, draw.uniform(0.0, 1.05 * took), wanted))
                if asked.rows:
                    with asked.rows.open("a") as file:
                        file.write(json.dumps(rows[-1]) + "\n")
    tell(rows)
    sys.exit(any(row["half"] or row["left"] or row["stray"] or not row["same"] for row in rows))


if __name__ == "__main__":
    main()

"""Pieces of work of the desk: what was asked by whom on which data, how far it is, how it ended, what it left.

Each is a folder: a copy of the case as it was, the question, a log, and the result. Nothing of it is kept in memory, so
a piece of work outlives the page and the desk.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.api.casework import ForecastRecord, outcome_words, read_forecast
from safeconduct.desk.case.workspace import Place
from safeconduct.terms import UsageError, write_whole

NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
MOST_RUNNING = 2  # at a time, assumed: each takes all cores
TEMPLATES = {  # what is done -> words of the command after its name
    "run": ("--runs", "{runs}", "--seed", "{seed}"),
    "whatif": ("--runs", "{runs}", "--seed", "{seed}"),
    "forecast": ("--as-of", "{as_of}", "--seed", "{seed}"),
    "fit": ("--until", "{as_of}", "--seed", "{seed}"),
    "accounts": (),
    "game": ("--game", "--seed", "{seed}"),
    "story": (),
}
WORDS = {
    "forecast": "Forecast", "run": "Simulation", "whatif": "What would be different",
    "fit": "Parameters estimated from reports", "accounts": "Explanations compared",
    "game": "Explanations compared by a model of choices", "story": "Story page",
}  # fmt: skip
LEFT = {  # file that work leaves -> what it is
    "forecast.html": "the forecast on one page", "onepage.html": "one page to print", "report.html": "the simulation",
    "whatif.html": "what would be different", "accounts.html": "the explanations side by side",
    "story.html": "the whole case on one page", "monitor.html": "the monitor on one page", "fit.html": "the estimates",
    "planning.xlsx": "planning sheet as a workbook", "planning.csv": "planning sheet as CSV",
    "arrivals.csv": "arrivals hour by hour", "differences.csv": "differences hour by hour",
    "differences.parquet": "the same of every pair", "pairs.csv": "measures of every pair",
    "measures.csv": "the measures above", "summary.json": "the outcomes above, for programs",
    "forecast.json": "the forecast, for programs", "runs.parquet": "one row a run, for programs",
    "series.parquet": "every run hour by hour, for programs", "manifest.json": "hashes of these files",
    "provenance.json": "how it was made, to repeat it",
}  # fmt: skip
NOT_POOLED = {  # of a forecast, whose page pools its runs with simple rules
    "summary.json": "outcomes of the runs before they are pooled, for programs",
    "runs.parquet": "one row a run before they are pooled, for programs",
}
COMMANDS = {"game": "accounts"}  # where the command is called otherwise
RESUMED = ("run", "whatif")  # that go on with what is there when asked to


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work as it stands."""

    id: str
    folder: Path
    what: str  # a key of TEMPLATES
    who: str
    at: str  # ISO time, UTC
    question: str  # in words
    data: str  # hash of the case's files that it was asked on
    total: int  # runs in all; 0 = not known
    done: int
    state: str  # running, done, failed, cancelled, stopped
    seconds: float

    @property
    def title(self) -> str:
        """What is done, in words."""
        return WORDS.get(self.what, self.what)

    @property
    def remaining(self) -> str:
        """How long it will still take at the pace so far; empty where that is not known."""
        if self.state != "running" or not self.done or not self.total:
            return ""
        return shown_seconds(self.seconds / self.done * (self.total - self.done))

    @property
    def files(self) -> list[Path]:
        """What it has left, pages first."""
        out = self.folder / "out"
        found = [path for path in out.iterdir() if path.is_file() and path.name[0] != "."] if out.is_dir() else []
        return sorted(found, key=lambda path: (path.suffix != ".html", path.name))

    @property
    def page(self) -> Path | None:
        """The page that answers the question."""
        return next((path for path in self.files if path.suffix == ".html" and path.name != "onepage.html"), None)

    @property
    def foreseen(self) -> ForecastRecord | None:
        """What a forecast says in short; None for other work, and where its file is gone or damaged."""
        with suppress(UsageError):
            return read_forecast(self.folder / "out") if self.what == "forecast" and self.state == "done" else None
        return None

    @property
    def log(self) -> str:
        """The end of what the command said."""
        file = self.folder / "log.txt"
        return file.read_text("utf-8", errors="replace")[-4000:] if file.exists() else ""

    @property
    def outcomes(self) -> Mapping[str, tuple[str, str]]:
        """Outcome -> median, range of 90 % of runs; nothing where the work leaves no summary."""
        file = self.folder / "out" / "summary.json"
        if self.what == "forecast":  # the runs behind it are one part of a forecast; what it says is `foreseen`
            return {}
        try:
            found = json.loads(file.read_text("utf-8")) if file.exists() else {}
        except ValueError:
            return {}
        if not isinstance(found, dict):
            return {}
        if isinstance(measures := found.get("measures"), dict):  # of a what-if
            return {words_of(name): difference(one) for name, one in measures.items() if has_band(one["difference"])}
        return {words_of(name): band(bands, outcome_words(name)[1]) for name, bands in found.items() if has_band(bands)}


def words_of(name: str) -> str:
    """What an outcome is, in words."""
    at = name.removeprefix("arrivals at ")
    if at == name:
        return outcome_words(name)[0]
    return f"arrived by {datetime.fromisoformat(at):%d %b %Y, %H:%M}".replace(" 0", " ")


def has_band(bands: object) -> bool:
    """Whether an outcome has a median."""
    return isinstance(bands, dict) and bands.get("p50") is not None


def band(bands: Mapping[str, object], unit: str, show: Callable[[object], str] | None = None) -> tuple[str, str]:
    """Median with its unit, and range of 90 % of runs."""
    low, middle, high = ((show or rounded)(bands.get(key)) for key in ("p05", "p50", "p95"))
    return f"{middle} {unit}".strip(), f"{low} to {high}" if low != high else "the same in 90 % of runs"


def difference(one: Mapping[str, Any]) -> tuple[str, str]:
    """By how much an outcome differs with the change: median with both worlds, and the range of 90 % of pairs."""
    middle, span = band(one["difference"], one["unit"], with_sign)
    return f"{middle} ({rounded(one['factual_p50'])} without, {rounded(one['counterfactual_p50'])} with)", span


def with_sign(value: object) -> str:
    """A difference with its sign."""
    text = rounded(value)
    return f"+{text}" if isinstance(value, int | float) and value > 0 and text != "0" else text


def rounded(value: object) -> str:
    """A figure to three digits; later than the case where there is none."""
    if not isinstance(value, int | float):
        return "not reached"
    digits = 0 if value == int(value) else max(0, 2 - len(str(int(abs(value)))) + 1)
    return f"{value:,.{digits}f}" if abs(value) < 1000 else f"{float(f'{value:.3g}'):,.0f}"


def took(works: Iterable[Work], what: str) -> str:
    """How long the newest finished work of a kind took, of works with the newest first; empty where there is none."""
    return next((shown_seconds(one.seconds) for one in works if one.what == what and one.state == "done"), "")


def shown_seconds(seconds: float) -> str:
    """A duration for people."""
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def hash_of(folder: Path) -> str:
    """One hash over all files of a case, by name; the journal and hidden files apart."""
    found = sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".") and name != "journal.jsonl":
            found.update(f"{name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def works_of(own: Path, place: Place) -> Works:
    """The work of a case of this desk."""
    return Works(own / "work" / (f"shipped.{place.key}" if place.is_shipped else place.key))


@dataclass(frozen=True)
class Works:
    """The work of one case."""

    folder: Path

    def all(self) -> list[Work]:
        """Every piece of work, newest first."""
        names = sorted((p.name for p in self.folder.glob("*") if NAME.fullmatch(p.name)), reverse=True)
        return [found for name in names if (found := self.find(name))]

    def find(self, name: str) -> Work | None:
        """One piece of work; None where there is none of this name."""
        folder = self.folder / name
        if not NAME.fullmatch(name) or not (folder / "asked.json").exists():
            return None
        asked = json.loads((folder / "asked.json").read_text("utf-8"))
        state, seconds = self._state(folder, asked)
        n_done = sum(1 for _ in (folder / "out").rglob("[0-9]*.npz")) if state == "running" else 0
        total = int(asked.get("total", 0))
        return Work(
            name, folder, asked["what"], asked["who"], asked["at"], asked["question"], asked["data"], total,
            total if state == "done" else min(n_done, total), state, seconds,
        )  # fmt: skip

    def start(
        self, what: str, case: Path, who: str, question: str, given: Mapping[str, str], more: Sequence[str], total: int
    ) -> str:
        """Begin a piece of work on a copy of the case; returns its name. Raises UsageError where too many are at it."""
        if sum(one.state == "running" for one in self.all()) >= MOST_RUNNING:
            raise UsageError(f"{MOST_RUNNING} pieces of work are running; expected fewer; wait, or cancel one.")
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder = self.folder / name
        folder.mkdir(parents=True)
        shutil.copytree(case, folder / "case" / case.name, ignore=shutil.ignore_patterns(".*", "journal.jsonl"))
        words = [word.format(**given) for word in TEMPLATES[what]]
        asked = {
            "what": what, "who": who, "at": datetime.now(UTC).isoformat(timespec="seconds"), "question": question,
            "data": hash_of(case), "total": total, "start": time.time(),
            "command": [COMMANDS.get(what, what), f"case/{case.name}", *words, *more, "--out", "out"],
        }  # fmt: skip
        write_whole(folder / "asked.json", json.dumps(asked, ensure_ascii=False, indent=1) + "\n")
        self._launch(folder)
        return name

    def resume(self, work: Work) -> None:
        """Go on with what was stopped; the runs that are finished are kept."""
        asked = json.loads((work.folder / "asked.json").read_text("utf-8"))
        if work.what in RESUMED and "--resume" not in asked["command"]:
            asked["command"].append("--resume")
        asked["start"] = time.time()
        write_whole(work.folder / "asked.json", json.dumps(asked, ensure_ascii=False, indent=1) + "\n")
        for old in ("ended.json", "cancelled"):
            (work.folder / old).unlink(missing_ok=True)
        self._launch(work.folder)

    def cancel(self, work: Work) -> None:
        """Stop it and all that it started; finished runs stay."""
        (work.folder / "cancelled").touch()
        pid = alive(work.folder)
        if pid:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)
            for _ in range(50):  # what it started ends its runs in order, and takes longer than itself
                if not members(pid):
                    return
                time.sleep(0.1)
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def watch(self, name: str) -> Iterator[Work]:
        """The piece of work again and again, about once a second, until it has ended."""
        while (found := self.find(name)) is not None:
            yield found
            if found.state != "running":
                return
            time.sleep(1)

    def _launch(self, folder: Path) -> None:
        command = [sys.executable, "-m", "safeconduct.desk.work.worker", str(folder)]
        started = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it outlives the desk, and can be stopped with all that it started
        )  # fmt: skip
        write_whole(folder / "pid", f"{started.pid} {birth_of(started.pid)}\n")
        import threading

        threading.Thread(target=started.wait, daemon=True).start()  # so that no zombie is taken for a living one

    def _state(self, folder: Path, asked: Mapping[str, object]) -> tuple[str, float]:
        since = float(str(asked.get("start", 0)))
        if (folder / "ended.json").exists():
            ended = json.loads((folder / "ended.json").read_text("utf-8"))
            was = "done" if ended["code"] == 0 else "failed"
            return "cancelled" if (folder / "cancelled").exists() and was == "failed" else was, ended["seconds"]
        if (folder / "cancelled").exists():
            return "cancelled", 0.0
        return ("running" if alive(folder) else "stopped"), max(0.0, time.time() - since)


def birth_of(pid: int) -> str:
    """When a process began, in ticks of its machine: tells it from a later one of the same number. Empty where gone."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state[0] == "Z" else state[19]


def members(group: int) -> list[int]:
    """The living processes of a group: a piece of work and all that it started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of, *_ = stat.read_text().rpartition(")")[2].split()
            if int(of) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found


def alive(folder: Path) -> int:
    """The process of a piece of work while it lives, else 0."""
    try:
        pid, birth = (folder / "pid").read_text().split()
    except (OSError, ValueError):
        return 0
    return int(pid) if birth and birth_of(int(pid)) == birth else 0

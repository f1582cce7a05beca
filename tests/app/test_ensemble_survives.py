"""An ensemble gives the same bytes however it is carried out, and loses no finished run: workers, kills, Ctrl-C, a full
disk, runs that fail. Processes are real where the fault is one of processes."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hard_runs import DeadlyPlan, FailingPlan, HopelessPlan

from safeconduct.api import RunRequest
from safeconduct.api import run as simulate
from safeconduct.app import main
from safeconduct.ensemble import Ensemble, Plan, carry_out, pool
from safeconduct.scenario import read_case
from safeconduct.terms import RunStopped, UsageError

VALLEY = read_case("demo-valley")
COMMAND = (sys.executable, "-c", "from safeconduct.app import main; main()")


def start(out: Path, *words: str, runs: int = 60) -> subprocess.Popen[str]:
    """`safeconduct run demo-valley` in a process group of its own, that hears SIGINT even where these tests do not.

    A shell starts what it puts in the background with SIGINT ignored, and children inherit that.
    """
    arguments = ("run", "demo-valley", "--runs", str(runs), "--no-report", "--workers", "2", "--out", str(out), *words)
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True, start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, heard)


def wait_for_runs(out: Path, n: int) -> int:
    """Wait until so many runs are kept."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        kept = len(list(out.glob("runs/*.npz")))
        if kept >= n:
            return kept
        time.sleep(0.005)
    raise AssertionError("no run was kept in two minutes")


def same(one: Ensemble, other: Ensemble) -> bool:
    """Whether two ensembles agree to the last bit."""
    return (
        one.runs.tolist() == other.runs.tolist()
        and list(one.series) == list(other.series)
        and all(one.series[key].tobytes() == other.series[key].tobytes() for key in one.series)
        and all(one.outcomes[key].tobytes() == other.outcomes[key].tobytes() for key in one.outcomes)
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """series.parquet of 60 runs by one worker, never disturbed."""
    out = tmp_path_factory.mktemp("whole")
    simulate(RunRequest("demo-valley", 60, workers=1)).write(out, report=False)
    return (out / "series.parquet").read_bytes()


@pytest.mark.parametrize("workers", [2, 4])
def test_the_number_of_workers_changes_no_byte(workers: int, whole: bytes, tmp_path: Path) -> None:
    """1, 2 and 4 workers write the same series.parquet."""
    simulate(RunRequest("demo-valley", 60, workers=workers)).write(tmp_path / "out", report=False)
    assert (tmp_path / "out" / "series.parquet").read_bytes() == whole


def test_killed_and_resumed_gives_the_same_bytes(whole: bytes, tmp_path: Path) -> None:
    """SIGKILL to the whole process group mid-way; --resume runs the rest only."""
    first = start(tmp_path)
    kept = wait_for_runs(tmp_path, 3)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert kept < 60
    assert not (tmp_path / "series.parquet").exists()
    old = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*.npz")}
    again = start(tmp_path, "--resume")
    assert again.wait() == 0
    assert len(old) >= 3
    assert (tmp_path / "series.parquet").read_bytes() == whole


@pytest.mark.parametrize("after", [0, 3])
def test_ctrl_c_ends_with_one_sentence(after: int, tmp_path: Path) -> None:
    """SIGINT to the process group, as a terminal sends it: exit code 1, one sentence, finished runs kept."""
    running = start(tmp_path, runs=400)
    wait_for_runs(tmp_path, after)
    while not (tmp_path / "runs" / "plan.json").exists():
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate()
    assert running.returncode == 1
    lines = told.strip().splitlines()
    assert len(lines) == 1, told
    kept = len(list(tmp_path.glob("runs/*.npz")))
    assert f"Stopped: interrupted; {kept} of 400 runs are finished and kept." in lines[0]
    assert not list(tmp_path.glob("runs/*.part"))
    assert kept >= after


def test_a_killed_worker_loses_no_run(tmp_path: Path) -> None:
    """SIGKILL to one child: its run and those under way are done again, and all come out as ever."""
    killed = []

    def kill_one(done: int, total: int) -> None:
        if done == 3 and not killed:
            killed.append(multiprocessing.active_children()[0])
            os.kill(killed[0].pid or 0, signal.SIGKILL)

    found = carry_out(Plan(VALLEY, 12, 0), tmp_path / "killed", workers=2, progress=kill_one)
    assert killed
    assert found.failures == ()
    assert same(found, carry_out(Plan(VALLEY, 12, 0), tmp_path / "plain", workers=1))


def test_a_run_that_kills_its_worker_takes_no_other_with_it(tmp_path: Path) -> None:
    """Run 2 kills any process: it alone fails, and is told."""
    found = carry_out(DeadlyPlan(VALLEY, 12, 0), tmp_path, workers=2)
    assert found.runs.tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert [failure.sentence for failure in found.failures] == ["run 2: its worker process was killed twice"]


@pytest.mark.parametrize("workers", [1, 2])
def test_failed_runs_are_counted_and_told(workers: int, tmp_path: Path) -> None:
    """Two of six runs fail: four are kept under their own numbers, and the failures are values."""
    found = carry_out(FailingPlan(VALLEY, 6, 0), tmp_path, workers=workers)
    assert found.runs.tolist() == [0, 2, 3, 5]
    assert [failure.run for failure in found.failures] == [1, 4]
    assert found.failures[0].sentence == "run 1: ValueError: nothing to draw from"
    whole = carry_out(Plan(VALLEY, 6, 0), tmp_path / "whole", workers=1)
    key = ("cum_arrivals_persons", "pass_gate")
    np.testing.assert_array_equal(found.series[key], whole.series[key][[0, 2, 3, 5]])


def test_failed_runs_stand_in_the_summary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """summary.json counts them beside those that finished."""
    monkeypatch.setattr("safeconduct.api.simulation.Plan", FailingPlan)
    simulate(RunRequest("demo-valley", 6, workers=1)).write(tmp_path / "out", report=False)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["n_runs"], summary["n_failed_runs"]) == (4, 2)


def test_nothing_is_written_where_every_run_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence with the reason of the first failure."""
    asked = RunRequest("demo-valley", 2, workers=1)
    monkeypatch.setattr("safeconduct.api.simulation.Plan", HopelessPlan)
    with pytest.raises(RunStopped, match="No run finished.*run 0: ValueError: nothing to draw from"):
        simulate(asked).write(tmp_path / "out", report=False)
    assert not (tmp_path / "out" / "summary.json").exists()


def test_a_full_disk_stops_the_plan_and_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """ENOSPC at the third run: one sentence, two runs kept; with room again, --resume ends as if nothing had been."""
    whole = carry_out(Plan(VALLEY, 5, 0), tmp_path / "whole", workers=1)
    keep = pool.keep_run

    def keep_two(folder: Path, number: int, record: bytes) -> None:
        if number >= 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        keep(folder, number, record)

    with monkeypatch.context() as patch:
        patch.setattr(pool, "keep_run", keep_two)
        with pytest.raises(RunStopped, match=r"No space left on device.*2 of 5 runs are finished and kept"):
            carry_out(Plan(VALLEY, 5, 0), tmp_path / "full", workers=1)
    assert same(carry_out(Plan(VALLEY, 5, 0), tmp_path / "full", workers=1, resume=True), whole)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_disk_that_refuses_gives_one_sentence(workers: str, tmp_path: Path) -> None:
    """No file may be longer than 2 kB (RLIMIT_FSIZE): exit code 1, one line, no half-written run."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); "
    command = (sys.executable, "-B", "-c", limit + COMMAND[2])
    words = ("run", "demo-valley", "--runs", "4", "--no-report", "--workers", workers, "--out", str(tmp_path / "out"))
    done = subprocess.run([*command, *words], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "File too large" in done.stderr
    assert [path.name for path in (tmp_path / "out" / "runs").iterdir()] == ["plan.json"]


def test_another_plan_is_not_resumed(tmp_path: Path) -> None:
    """Another seed, another parameter: refused with a sentence; the same plan with more runs goes on."""
    carry_out(Plan(VALLEY, 2, 0), tmp_path, workers=1)
    for other in (Plan(VALLEY, 2, 1), Plan(VALLEY, 2, 0, changes={"trust": 0.9})):
        with pytest.raises(UsageError, match="another plan"):
            carry_out(other, tmp_path, workers=1, resume=True)
    more = carry_out(Plan(VALLEY, 4, 0), tmp_path, workers=1, resume=True)
    assert more.runs.tolist() == [0, 1, 2, 3]
    fewer = carry_out(Plan(VALLEY, 3, 0), tmp_path, workers=1, resume=True)
    assert fewer.runs.tolist() == [0, 1, 2]


WHATIF = ("whatif", "demo-valley", "--runs", "3", "--workers", "1", "--no-report")
CHANGED = {  # what is asked when an interrupted what-if is resumed -> how the refusal tells what differs
    ("--set", "trust=0.8"): ("runs/1 (the changed world)", "parameters set trust (0.9, now 0.8) differ"),
    (): ("runs/1 (the changed world)", "parameters set trust (0.9, now none) differ"),
    ("--set", "trust=0.9", "--event", "buses.time=2030-05-07T10:00+02:00"): ("runs/1", "time of event buses (2030-"),
    ("--set", "trust=0.9", "--hold", "car_share=0.5"): ("runs/0 (the case as it", "set car_share (none, now 0.5)"),
    ("--set", "trust=0.9", "--seed", "1"): ("runs/0 (the case as it stands)", "seed (0, now 1) differ"),
}


@pytest.mark.parametrize("n_kept", [2, 4])  # in the first world; in the second
def test_a_what_if_is_resumed_only_as_it_was_asked(
    n_kept: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Interrupted in either world, another question is refused with what differs before anything is run; what was
    kept stays, and the same question ends as if nothing had been."""
    keep, kept = pool.keep_run, []

    def keep_some(folder: Path, number: int, record: bytes) -> None:
        if len(kept) == n_kept:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        kept.append(folder)
        keep(folder, number, record)

    def ask(*words: str, out: str = "out") -> Result:
        return CliRunner().invoke(main, [*WHATIF, "--out", str(tmp_path / out), *words])

    with monkeypatch.context() as patch:
        patch.setattr(pool, "keep_run", keep_some)
        assert ask("--set", "trust=0.9").exit_code == 1
    for words, (where, what) in CHANGED.items():
        done = ask("--resume", *words)
        assert done.exit_code == 2, done.output
        assert where in done.stderr and what in done.stderr
        assert "expected the same; leave out --resume to start anew, repeat the command as it was" in done.stderr
        assert len(list(tmp_path.glob("out/runs/*/*.npz"))) == n_kept
    assert ask("--resume", "--set", "trust=0.9").exit_code == 0
    assert ask("--set", "trust=0.9", out="whole").exit_code == 0
    assert (tmp_path / "out" / "pairs.csv").read_bytes() == (tmp_path / "whole" / "pairs.csv").read_bytes()


def test_without_resume_a_plan_starts_anew(tmp_path: Path) -> None:
    """Runs of an older plan in the folder do not slip into the new one."""
    carry_out(Plan(VALLEY, 3, 1), tmp_path / "one", workers=1)
    found = carry_out(Plan(VALLEY, 2, 0), tmp_path / "one", workers=1)
    assert same(found, carry_out(Plan(VALLEY, 2, 0), tmp_path / "two", workers=1))


def test_seed_0_and_the_number_of_runs_do_not_matter_to_a_run() -> None:
    """Run k of a plan is run k of a longer one; seed 0 is not the seed of a clock."""
    short, long = Plan(VALLEY, 2, 0), Plan(VALLEY, 200, 0)
    assert short.values(1) == long.values(1)
    assert short.run_seed(1) == long.run_seed(1) != Plan(VALLEY, 2, 1).run_seed(1)

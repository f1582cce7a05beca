"""The same plan on local processes, in parts, and on a Dask cluster whose workers are killed: the same bytes."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import safeconduct as sc
from safeconduct.api import RunRequest
from safeconduct.app import main
from safeconduct.ensemble import cluster
from safeconduct.terms import UsageError

CASE, N_RUNS = "demo-valley", 12


def series(folder: Path, request: RunRequest, store: Path | None = None) -> bytes:
    """The series file of a request."""
    sc.run(request, store=store).write(folder, report=False)
    return (folder / "series.parquet").read_bytes()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What one local worker writes."""
    return series(tmp_path_factory.mktemp("alone") / "out", RunRequest(CASE, N_RUNS, workers=1))


def typed(*words: str) -> Result:
    """A command as typed."""
    return CliRunner().invoke(main, [*words], catch_exceptions=False)


def test_parts_put_together_are_the_whole(alone: bytes, tmp_path: Path) -> None:
    """Five parts, each by its own command, and the same command with --gather; a missing part is run."""
    words = ("run", CASE, "--runs", str(N_RUNS), "--workers", "1", "--no-report")
    for part in range(1, 5):
        done = typed(*words, "--part", f"{part}/5", "--out", str(tmp_path / "parts" / f"{part}-of-5"))
        assert done.exit_code == 0 and f"Part {part} of 5: {3 if part < 3 else 2} finished runs" in done.output
        assert not (tmp_path / "parts" / f"{part}-of-5" / "series.parquet").exists()
    done = typed(*words, "--gather", str(tmp_path / "parts"), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "series.parquet").read_bytes() == alone


def test_parts_of_another_plan_are_refused(tmp_path: Path) -> None:
    """Another seed: exit code 2, what differs, nothing written; so are a part beyond the runs and an empty folder."""
    words = ("run", CASE, "--runs", "2", "--workers", "1", "--no-report")
    assert typed(*words, "--part", "1/2", "--out", str(tmp_path / "parts" / "1-of-2")).exit_code == 0
    done = typed(*words, "--seed", "1", "--gather", str(tmp_path / "parts"), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2 and "holds runs of another plan: seed (0, now 1) differ" in done.output
    assert not (tmp_path / "out" / "series.parquet").exists()
    (tmp_path / "none").mkdir()
    refused = {("--part", "3/2"): "is no part", ("--part", "3/3"): "expected a part from 1 on that has runs"}
    for wrong, told in {**refused, ("--gather", str(tmp_path / "none")): "holds no parts"}.items():
        done = typed(*words, *wrong, "--out", str(tmp_path / "out"))
        assert done.exit_code == 2 and told in done.output, done.output


def test_a_what_if_in_parts(tmp_path: Path) -> None:
    """Pairs of two parts put together are those of one command."""
    words = ("whatif", CASE, "--runs", "4", "--workers", "1", "--no-report", "--set", "trust=0.9")
    for part in ("1", "2"):
        assert typed(*words, "--part", f"{part}/2", "--out", str(tmp_path / "parts" / part)).exit_code == 0
    assert typed(*words, "--gather", str(tmp_path / "parts"), "--out", str(tmp_path / "out")).exit_code == 0
    assert typed(*words, "--out", str(tmp_path / "whole")).exit_code == 0
    assert (tmp_path / "out" / "pairs.csv").read_bytes() == (tmp_path / "whole" / "pairs.csv").read_bytes()


def test_a_cluster_without_dask_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that names the extra."""
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'safeconduct\[cluster\]'"):
        sc.run(RunRequest(CASE, 1, cluster="tcp://127.0.0.1:1"))


def test_a_worker_with_other_code_is_refused() -> None:
    """The task itself compares its own code and libraries with those of the plan."""
    with pytest.raises(UsageError, match="other code or libraries"):
        cluster.answer(b"", 0, ("another", {}))


@pytest.mark.slow
@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_cluster_gives_the_same_bytes(n_workers: int, alone: bytes, tmp_path: Path) -> None:
    """A scheduler and workers in processes of their own; one worker is killed after the first runs."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=n_workers, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        pids = [worker.pid for worker in local.workers.values()]
        killed = threading.Event()

        def kill_one(done: int, total: int) -> None:
            if done >= 2 and not killed.is_set():
                killed.set()
                os.kill(pids[0], signal.SIGKILL)

        request = RunRequest(CASE, N_RUNS, cluster=local.scheduler_address)
        runs = sc.run(request, watch=sc.api.Watch(progress=kill_one))
        runs.write(tmp_path / "out", report=False)
    assert killed.is_set() and not runs.ensemble.failures
    assert (tmp_path / "out" / "series.parquet").read_bytes() == alone


@pytest.mark.slow
def test_a_lost_scheduler_is_told_and_what_is_kept_stays(alone: bytes, tmp_path: Path) -> None:
    """The whole cluster ends midway: one sentence; on a new one the rest is run, and the bytes are the same."""
    distributed = pytest.importorskip("distributed")
    from safeconduct.api import Watch
    from safeconduct.terms import RunStopped

    options = {"n_workers": 1, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    first = distributed.LocalCluster(**options)

    def end_it(done: int, total: int) -> None:
        if done == 3:
            first.close()

    store = tmp_path / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "SECONDS", 2)
        patch.setattr(cluster, "ATTEMPTS", 1)
        with pytest.raises(RunStopped, match="No scheduler answers.*Go on with --resume"):
            sc.run(RunRequest(CASE, N_RUNS, cluster=first.scheduler_address), watch=Watch(progress=end_it), store=store)
    n_kept = len(list(store.glob("*.npz")))
    assert 3 <= n_kept < N_RUNS
    with distributed.LocalCluster(**options) as second:
        request = RunRequest(CASE, N_RUNS, cluster=second.scheduler_address)
        sc.run(request, store=store, resume=True).write(tmp_path / "out", report=False)
    assert (tmp_path / "out" / "series.parquet").read_bytes() == alone

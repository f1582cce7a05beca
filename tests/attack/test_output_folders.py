"""Nothing that a user made is removed, and one output folder has one writer and one whole result."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from safeconduct import api
from safeconduct.app import main
from safeconduct.findings.monitor.write import planning
from safeconduct.scenario import find_case
from safeconduct.terms import UsageError, hash_of, locked, read_summary
from safeconduct.terms.files import MANIFEST, READY, put_in_place, settle

FEW = ("--runs", "2", "--workers", "1", "--no-report")


def call(*words: str) -> Result:
    """A command as typed."""
    return CliRunner().invoke(main, words)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "words",
    [
        ("run", "runs", "--out", "."),
        ("whatif", "runs", "--out", "."),
        ("run", "runs", "--out", "runs"),
        ("run", "demo-valley", "--out", "runs"),
    ],
)
def test_a_case_is_never_an_output_folder(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case called runs, and results into it or beside it: a sentence, exit code 2, every byte still there."""
    shutil.copytree(find_case("demo-valley"), tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    before = everything(tmp_path)
    done = call(*words, *FEW)
    assert done.exit_code == 2, done.output
    assert "case" in done.stderr and "--out" in done.stderr
    assert everything(tmp_path) == before


def test_a_users_file_where_runs_are_kept_stays(tmp_path: Path) -> None:
    """A folder `runs` that is not ours is refused; a file in one that is ours stays."""
    out = tmp_path / "out"
    (out / "runs").mkdir(parents=True)
    (out / "runs" / "thesis.txt").write_text("years of work")
    done = call("run", "demo-valley", "--out", str(out), *FEW)
    assert done.exit_code == 2 and "runs is there already" in done.stderr
    (out / "runs" / "plan.json").write_text("{}")
    assert call("run", "demo-valley", "--out", str(out), *FEW).exit_code == 0
    assert everything(out / "runs") == {"thesis.txt": b"years of work"}


def test_a_case_above_the_working_folder_is_written_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`run ..` from inside a case: out/CASE, never the working folder itself."""
    shutil.copytree(find_case("demo-valley"), tmp_path / "mine")
    (tmp_path / "mine" / "work" / "runs").mkdir(parents=True)
    (tmp_path / "mine" / "work" / "runs" / "kept.txt").write_text("mine")
    monkeypatch.chdir(tmp_path / "mine" / "work")
    assert call("run", "..", *FEW).exit_code == 0
    assert Path("out/mine/summary.json").is_file() and Path("runs/kept.txt").read_text() == "mine"


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    """Another process holds the folder: a sentence with its number; afterwards no lock is left."""
    hold = "import sys; from pathlib import Path; from safeconduct.terms import locked\n"
    hold += f"with locked(Path({str(tmp_path)!r})):\n print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        done = call("run", "demo-valley", "--out", str(tmp_path), *FEW)
        assert done.exit_code == 2
        assert f"is being written by process {other.pid} since" in done.stderr
        other.communicate("")
    with locked(tmp_path):
        pass
    assert not list(tmp_path.glob("*")) and not list(tmp_path.glob(".*"))


def test_a_result_that_was_changed_is_not_believed(tmp_path: Path) -> None:
    """Each file of a real result changed or missing: the reader says so."""
    api.run("demo-valley", 2, workers=1).write(tmp_path / "out", report=False)
    assert planning(tmp_path / "out") == read_summary(tmp_path / "out")
    listed = json.loads((tmp_path / "out" / MANIFEST).read_text())["files"]
    assert set(listed) == {"arrivals.csv", "provenance.json", "runs.parquet", "series.parquet", "summary.json"}
    for name in listed:
        folder = tmp_path / name
        shutil.copytree(tmp_path / "out", folder)
        (folder / name).write_bytes((folder / name).read_bytes() + b" ")
        with pytest.raises(UsageError, match=f"{name} is not the file"):
            read_summary(folder)


def test_the_record_that_is_read_is_the_one_that_was_written(tmp_path: Path) -> None:
    """summary.json and runs.parquet of a real run against the values in memory."""
    runs = api.run("demo-valley", 3, workers=1)
    runs.write(tmp_path / "out", report=False)
    found = read_summary(tmp_path / "out")
    assert found is not None and dict(found.outcomes) == dict(runs.summary.outcomes)
    assert (found.n_runs, found.n_parameters, found.told) == (3, len(runs.scenario.parameters), runs.summary.told)
    table = pl.read_parquet(tmp_path / "out" / "runs.parquet")
    assert table["seed"].to_list() == runs.outcomes["seed"].to_list()
    assert table["outcome.persons_arrived"].to_list() == runs.outcomes["persons_arrived"].to_list()
    assert table["parameter.trust"].to_list() == runs.parameters["trust"].to_list()


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("point", range(1, 26))
def test_killed_at_any_point_of_writing_a_result_is_old_or_new(
    point: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result replaces one with other files; the writer dies at its n-th rename, removal or flush. The next reader
    finds all of the old one or all of the new one, and a user's file stays."""
    own, folder = frozenset({"a.csv", "b.csv", "old.html"}), tmp_path / "out"
    for text, names in (("old", ("a.csv", "b.csv", "old.html")), ("new", ("a.csv", "b.csv"))):
        part = tmp_path / f".{text}.part"
        part.mkdir()
        for name in names:
            (part / name).write_text(text)
        if text == "old":
            put_in_place(part, folder, own)
            (folder / "mine.txt").write_text("mine")
    left = [point]

    def dying(call: object) -> object:
        def once(*words: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return call(*words, **more)  # type: ignore[operator]  # the test reaches into a private part

        return once

    with monkeypatch.context() as patch:
        for name in ("rename", "replace", "unlink", "rmdir"):
            patch.setattr(Path, name, dying(getattr(Path, name)))
        patch.setattr(os, "fsync", dying(os.fsync))
        with suppress(Killed):
            put_in_place(part, folder, own)
    settle(folder)
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    assert all(hash_of(folder / name) == known for name, known in listed.items())
    texts = {(folder / name).read_text() for name in listed}
    there = {path.name for path in folder.iterdir()}
    assert (texts, there) in (
        ({"old"}, {"a.csv", "b.csv", "old.html", "mine.txt", MANIFEST}),
        ({"new"}, {"a.csv", "b.csv", "mine.txt", MANIFEST}),
    )
    assert not (folder / READY).exists()

"""Drawn values stay in their range; writes go through symlinks and devices; resumed runs are of this plan."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from safeconduct import api
from safeconduct.ensemble import Plan, carry_out
from safeconduct.ledger import read_ledger
from safeconduct.scenario import find_case, read_case
from safeconduct.scenario.read import hash_of_case
from safeconduct.terms import Prior, UsageError, write_whole

VALLEY = read_case("demo-valley")


def test_a_prior_beyond_its_range_is_the_truncated_one() -> None:
    """normal(1, 2) cut off at 0: the mean of the truncated normal is 1 + 2 * pdf(-0.5) / (1 - cdf(-0.5)) = 2.0184; with
    20,000 evenly spread chances within 0.001. A prior inside its range gives the same bits as before."""
    prior, chances = Prior("normal", (1.0, 2.0)), (np.arange(20_000) + 0.5) / 20_000
    values = np.array([prior.within(0.0, 1e12, float(chance)) for chance in chances])
    z = NormalDist()
    assert values.min() >= 0
    assert abs(values.mean() - (1 + 2 * z.pdf(-0.5) / (1 - z.cdf(-0.5)))) < 1e-3
    inside = Prior("normal", (100.0, 2.0))
    assert all(inside.within(0.0, 1e12, float(c)) == inside.quantile(float(c)) for c in chances[::100])


def test_no_run_has_a_negative_number_of_people(tmp_path: Path) -> None:
    """A case whose prior is mostly below zero: every drawn value is possible, and the provenance says it was cut."""
    people = replace(VALLEY.parameters["persons_present"], prior=Prior("normal", (100.0, 2000.0)))
    case = replace(VALLEY, parameters={**VALLEY.parameters, "persons_present": people})
    plan = Plan(case, 200, 0)
    assert min(plan.values(run)["persons_present"] for run in range(200)) >= 0
    runs = api.run(case, 2, workers=1)
    assert runs.provenance()["priors_cut_to_range"] == ["persons_present"]


@pytest.mark.parametrize("value", ["1e308", "-5", "nan", "inf"])
def test_a_set_value_out_of_range_is_a_sentence(value: str) -> None:
    with pytest.raises(UsageError, match="persons_present is"):
        api.run("demo-valley", 1, set={"persons_present": value}, workers=1)


def test_a_write_keeps_symlinks_devices_and_the_users_mask(tmp_path: Path) -> None:
    """The target of a symlink changes and the symlink stays; a pipe and /dev/null are written to and stay."""
    (tmp_path / "target.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("target.csv")
    write_whole(tmp_path / "link.csv", "new")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "target.csv").read_text() == "new"
    (tmp_path / "null").symlink_to("/dev/null")
    write_whole(tmp_path / "null", "gone")
    write_whole(Path("/dev/null"), "gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "fresh.csv", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "fresh.csv").stat().st_mode) == 0o640


def test_resume_takes_no_run_of_another_plan_code_or_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copied shard, one of another seed and a torn one are run again; another code version is refused by name."""
    whole = carry_out(Plan(VALLEY, 4, 0), tmp_path / "whole", workers=1)
    carry_out(Plan(VALLEY, 2, 1), tmp_path / "other", workers=1)
    carry_out(Plan(VALLEY, 4, 0), tmp_path / "here", workers=1)
    shutil.copy(tmp_path / "here" / "000000.npz", tmp_path / "here" / "000001.npz")
    shutil.copy(tmp_path / "other" / "000000.npz", tmp_path / "here" / "000002.npz")
    (tmp_path / "here" / "000003.npz").write_bytes(b"PK torn")
    again = carry_out(Plan(VALLEY, 4, 0), tmp_path / "here", workers=1, resume=True)
    assert again.seeds.tolist() == whole.seeds.tolist()
    for name, values in whole.outcomes.items():
        np.testing.assert_array_equal(again.outcomes[name], values)
    monkeypatch.setattr("safeconduct.ensemble.plan.code_hash", lambda: "another")
    with pytest.raises(UsageError, match="code"):
        carry_out(Plan(VALLEY, 4, 0), tmp_path / "here", workers=1, resume=True)


def test_the_hash_of_a_case_covers_every_table_beside_its_claims(tmp_path: Path) -> None:
    """Each table changed by a byte gives another hash; the fitted sample does not count."""
    folder = tmp_path / "case"
    shutil.copytree(find_case("demo-valley"), folder)
    (folder / "sample.csv").write_text("# a fit\n")
    before = hash_of_case(folder)
    for table in sorted(folder.glob("*.csv")):
        text = table.read_bytes()
        table.write_bytes(text + b"\n")
        assert (hash_of_case(folder) == before) == (table.name == "sample.csv"), table.name
        table.write_bytes(text)


def test_a_script_without_its_guard_is_a_sentence(tmp_path: Path) -> None:
    """Workers would run it anew: said before any is started, with what to do."""
    script = tmp_path / "study.py"
    script.write_text("import safeconduct as sc\nsc.run('demo-valley', 4, workers=2)\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 1 and 'if __name__ == "__main__":' in done.stderr
    assert "killed twice" not in done.stderr


def children_of(process: int) -> set[int]:
    """Numbers of the processes in a process's session, itself left out."""
    found = set()
    for stat_file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat_file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == process and fields[0] != "Z":
            found.add(int(stat_file.parent.name))
    return found - {process}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_worker_outlives_its_parent(number: signal.Signals, tmp_path: Path) -> None:
    """The parent alone is ended while runs are under way: within a minute its session is empty."""
    words = ("run", "demo-valley", "--runs", "5000", "--workers", "2", "--no-report", "--out", str(tmp_path / "out"))
    parent = subprocess.Popen(
        [sys.executable, "-m", "safeconduct", *words],
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # a shell may have it ignored
    )
    until = time.monotonic() + 120
    while len(list(tmp_path.glob("out/runs/*.npz"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(children_of(parent.pid)) >= 2
    parent.send_signal(number)
    parent.wait()
    until = time.monotonic() + 60
    while children_of(parent.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert children_of(parent.pid) == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_game_that_is_ended_leaves_no_worker(number: signal.Signals, tmp_path: Path) -> None:
    """Solving takes minutes; its workers end with it, and a signal is answered with a sentence."""
    words = ("accounts", "demo-valley", "--game", "--cache", str(tmp_path / "kept"), "--out", str(tmp_path / "out"))
    parent = subprocess.Popen(
        [sys.executable, "-m", "safeconduct", *words], start_new_session=True, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 120
    while len(children_of(parent.pid)) < 4 and time.monotonic() < until:  # a tracker, a server, two workers
        time.sleep(0.05)
    assert len(children_of(parent.pid)) >= 4
    parent.send_signal(number)
    said = parent.communicate(timeout=60)[1]
    assert "Traceback" not in said and ("Ended by a signal" in said) == (number == signal.SIGTERM)
    until = time.monotonic() + 60
    while children_of(parent.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert children_of(parent.pid) == set()


@pytest.mark.parametrize("table", ["claims.csv", "reporters.csv", "names.csv", "quantities.csv", "actions.csv"])
def test_a_pipe_in_place_of_a_table_is_refused_at_once(table: str, tmp_path: Path) -> None:
    """Whoever opened it would wait for a writer that never comes; the tables beside the claims are hashed first."""
    case = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    (case / table).unlink()
    os.mkfifo(case / table)
    script = "from safeconduct import api; api.monitor('case')"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert f"{table}: file cannot be read (is a pipe or device)" in done.stderr


def test_long_claims_are_read_once_and_again_when_they_or_what_lies_beside_them_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.ledger.rows.again.MOST_ROWS", 10)
    case = Path(shutil.copytree(find_case("demo-valley"), tmp_path / "case"))
    first = read_ledger(case)
    assert len(first.claims) > 10 and read_ledger(case) is first
    for name in ("claims.csv", "reporters.csv", "case.yaml"):
        text = (case / name).read_text("utf-8")
        (case / name).write_text(text.rstrip("\n") + "\n\n", "utf-8")
        later = read_ledger(case)
        assert later is not first and later.claims == first.claims and read_ledger(case) is later
        first = later


def test_a_forecast_that_goes_on_after_a_kill_is_the_undisturbed_one(tmp_path: Path) -> None:
    """Stopped after its last stretch: the least effective number of particles of earlier stretches is still told."""

    def stopping(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    asked = ("demo-valley", "2030-05-07T18:00+02:00")
    api.forecast(*asked, particles=20, workers=1).write(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        api.forecast(*asked, particles=20, workers=1, keep_in=tmp_path / "later", progress=stopping)
    assert (tmp_path / "later" / "assimilation.pickle").is_file()
    api.forecast(*asked, particles=20, workers=1, keep_in=tmp_path / "later").write(tmp_path / "later")
    for name in ("forecast.json", "planning.csv", "forecast.html"):
        assert (tmp_path / "later" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()

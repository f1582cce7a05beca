"""Finished runs on disk: each is kept the moment it ends, so a killed plan loses none of them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from safeconduct.ensemble.plan import FAILURES, Plan, differences
from safeconduct.ensemble.types import Ensemble, Failure
from safeconduct.terms import Mistakes, UsageError, write_whole

if TYPE_CHECKING:  # what reads a case and runs nothing need not wait for the engine's compiler
    from safeconduct.engine import Run

PLAN_FILE = "plan.json"
OWN = re.compile(r"\d{6,}\.npz|\.(\d{6,}\.npz|plan\.json)\..*\.part")  # a run; what a kill cut short


def open_store(folder: Path, plan: Plan, *, resume: bool) -> None:
    """Make a folder ready for the runs of a plan. Raises UsageError when it holds the runs of another plan."""
    if resume and (folder / PLAN_FILE).exists():
        refuse_another(folder, plan)
        for torn in folder.glob(".*.part"):  # of runs that a kill cut short
            torn.unlink()
        drop_strangers(folder, plan)
        return
    plans = [*folder.glob(PLAN_FILE), *folder.glob(f"[0-9]*/{PLAN_FILE}")]
    if folder.is_dir() and any(folder.iterdir()) and not plans:
        raise UsageError(f"{folder} is there already and holds no finished runs; move it, or name another --out.")
    remove_store(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / PLAN_FILE, json.dumps({"mark": plan.mark, "parts": plan.parts}, indent=1))


def open_stores(plans: Mapping[Path, tuple[Plan, str]], *, resume: bool) -> None:
    """Make ready all folders of a question with several plans, each with what it is called, or none of them.

    Raises UsageError, before anything is run, when any holds the runs of another plan.
    """
    mistakes = Mistakes()
    for folder, (plan, title) in plans.items():
        with mistakes:
            if resume and (folder / PLAN_FILE).exists():
                refuse_another(folder, plan, title)
    mistakes.tell()
    for folder, (plan, _) in plans.items():
        open_store(folder, plan, resume=resume)


def refuse_another(folder: Path, plan: Plan, title: str = "") -> None:
    """Raise UsageError, with what differs, where a folder holds the runs of another plan."""
    kept = json.loads((folder / PLAN_FILE).read_text("utf-8"))
    what = "; ".join(differences(kept.get("parts", {}), plan.parts))
    if not what:
        return
    raise UsageError(
        f"{folder}{f' ({title})' if title else ''} holds runs of another plan: {what} differ; expected the same; "
        "leave out --resume to start anew, repeat the command as it was, or choose another --out."
    )


def run_file(folder: Path, number: int) -> Path:
    """Where a run's record lies."""
    return folder / f"{number:06d}.npz"


def simulated(plan: Plan, number: int) -> tuple[bytes, str]:
    """The record of one run; or none, and the sentence of its failure: a model that fails is a value."""
    from safeconduct.engine import simulate

    try:
        values = plan.values(number)
        run = simulate(plan.scenario_of(number), values, seed=plan.run_seed(number), record=plan.record or None)
    except FAILURES as error:
        return b"", f"run {number}: {type(error).__name__}: {error}"
    return record_of(number, run, plan.mark), ""


def record_of(number: int, run: Run, mark: str) -> bytes:
    """The record of a finished run, with the mark of its plan, by which it is known when it is read."""
    keys = sorted(run.series)
    file = BytesIO()
    np.savez(
        file,
        hours=run.hours,
        series=np.stack([run.series[key] for key in keys]) if keys else np.empty((0, run.hours.size)),
        keys=np.array(keys, dtype=np.str_).reshape(-1, 2),
        outcomes=np.array(list(run.outcomes.values())),
        outcome_names=np.array(list(run.outcomes)),
        values=np.array([run.values[name] for name in sorted(run.values)]),
        value_names=np.array(sorted(run.values)),
        seed=np.array(run.seed, dtype=np.uint64),
        mark=np.array(f"{mark} {number}"),
    )
    return file.getvalue()


def keep_run(folder: Path, number: int, record: bytes) -> None:
    """Keep the record of a finished run."""
    write_whole(run_file(folder, number), record)


def take_over(folder: Path, plan: Plan, stores: Iterable[Path]) -> None:
    """Copy runs of a plan that other folders keep. Raises UsageError where one holds the runs of another plan."""
    stores, mistakes = [store for store in stores if (store / PLAN_FILE).exists()], Mistakes()
    for store in stores:
        with mistakes:
            refuse_another(store, plan, "gathered")
    mistakes.tell()
    for store in stores:
        for number in kept_runs(store):
            source, is_kept = run_file(store, number), run_file(folder, number).exists()
            if number < plan.n_runs and not is_kept and is_run_of(source, plan, number):
                keep_run(folder, number, source.read_bytes())


def is_run_of(path: Path, plan: Plan, number: int) -> bool:
    """Whether a kept run is run `number` of a plan."""
    return is_of(path, f"{plan.mark} {number}", plan.run_seed(number))


def kept_runs(folder: Path) -> list[int]:
    """Numbers of the runs that are kept."""
    return sorted(int(path.stem) for path in folder.glob("[0-9]*.npz"))


def drop_strangers(folder: Path, plan: Plan) -> None:
    """Remove kept runs that are not of this plan and number, or cannot be read: they are run again."""
    for number in kept_runs(folder):
        if number < plan.n_runs and not is_run_of(run_file(folder, number), plan, number):
            run_file(folder, number).unlink()


def is_of(path: Path, mark: str, seed: int) -> bool:
    """Whether a kept run is the one of this mark and seed."""
    try:
        with np.load(path) as found:
            return str(found["mark"]) == mark and int(found["seed"]) == seed
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False


def gather(folder: Path, numbers: Iterable[int], failures: tuple[Failure, ...]) -> Ensemble:
    """Put kept runs together, in order of their number."""
    numbers = sorted(numbers)
    loaded = [dict(np.load(run_file(folder, number))) for number in numbers]
    if not loaded:
        return Ensemble(np.empty(0, np.int64), np.empty(0), {}, {}, {}, failures)
    first = loaded[0]
    series = np.stack([one["series"] for one in loaded])
    outcomes = np.stack([one["outcomes"] for one in loaded])
    values = np.stack([one["values"] for one in loaded])
    return Ensemble(
        runs=np.array(numbers, dtype=np.int64),
        hours=first["hours"],
        series={(str(q), str(p)): series[:, i] for i, (q, p) in enumerate(first["keys"])},
        outcomes={str(name): outcomes[:, i] for i, name in enumerate(first["outcome_names"])},
        parameters={str(name): values[:, i] for i, name in enumerate(first["value_names"])},
        failures=failures,
        seeds=np.array([one["seed"] for one in loaded], dtype=np.uint64),
    )


def remove_store(folder: Path) -> None:
    """Remove the finished runs of a plan, or of several, and their folder where it holds nothing else."""
    if not folder.is_dir():
        return
    for one in sorted(folder.iterdir()):
        if one.is_dir() and not one.is_symlink() and one.name.isdecimal():
            remove_store(one)
        elif is_own(one):
            one.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def is_own(file: Path) -> bool:
    """Whether a file of a store is one that this module writes."""
    return file.name == PLAN_FILE or bool(OWN.fullmatch(file.name))

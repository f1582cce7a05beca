"""The whole path, read from top to bottom: a case, its runs, their scores, the findings.

read_case -> Plan -> carry_out -> score -> write_findings
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from safeconduct import __version__
from safeconduct.ensemble import Plan, Progress, carry_out
from safeconduct.findings import write_findings
from safeconduct.inference import (
    Effort,
    ErrorModel,
    Fit,
    LeftOpen,
    Question,
    Sample,
    SimulateMany,
    candidates,
    fit,
    profile,
    read_left_open,
    read_sample,
    rows_to_fit,
    sample_of,
    score,
    table_of,
    write_left_open,
    write_sample,
)
from safeconduct.scenario import Scenario, WalkReading, find_case, read_case, with_event_time, with_parameter
from safeconduct.terms import RunStopped, UsageError, parse_time, show_time

SAMPLE_FILE = "sample.csv"  # of a case folder: what `fit` left there
LEFT_OPEN_FILE = "left_open.json"  # beside the sample: what the fit leaves open
RUNS_FOLDER = "runs"  # of an output folder: finished runs, until all are


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Study:
    """What a user asks for: a case, changes to it, and how many runs from which seed."""

    case: str
    n_runs: int = 200
    seed: int = 0
    workers: int = 0
    parameters: Mapping[str, str] | None = None  # --set
    events: Mapping[str, str] | None = None  # --event ID.time
    routes: Path | None = None  # --routes
    from_priors: bool = False  # leave the fitted sample aside
    as_walk: WalkReading | None = None  # how a folder in Flee's format is read

    def scenario(self) -> Scenario:
        """The case with the user's changes. Raises CaseError or UsageError, with every fault in a sentence."""
        scenario = read_case(self.case, extra_routes=self.routes, as_walk=self.as_walk)
        for name, value in (self.parameters or {}).items():
            scenario = with_parameter(scenario, name, value)
        for event, time in (self.events or {}).items():
            scenario = with_event_time(scenario, event, time)
        return scenario

    def sample(self, scenario: Scenario) -> Sample | None:
        """The fitted sample that the case ships, unless it is to be left aside."""
        path = Path(find_case(self.case)) / SAMPLE_FILE
        if self.from_priors or not path.exists():
            return None
        sample = read_sample(path)
        unknown = set(sample.names) - set(scenario.parameters)
        if unknown:
            raise UsageError(f"{path} has parameters that the case has not: {', '.join(sorted(unknown))}; fit it anew.")
        return sample

    def left_open(self, sample: Sample | None) -> LeftOpen | None:
        """What the fit behind a sample leaves open, where the case ships that too."""
        path = Path(find_case(self.case)) / LEFT_OPEN_FILE
        if sample is None or not path.exists():
            return None
        found = read_left_open(path)
        if {one.name for one in found.ranges if one.is_parameter} != set(sample.names):
            raise UsageError(f"{path} is of another fit than {SAMPLE_FILE} beside it; fit the case anew.")
        return found

    def birth(self, scenario: Scenario, sample: Sample | None, command: str) -> dict[str, object]:
        """All that is needed to make the result again."""
        return {
            "command": command,
            "code_version": __version__,
            "case": self.case,
            "scenario": scenario.hash,
            "ledger": scenario.ledger.revision,
            "seed": self.seed,
            "n_runs": self.n_runs,
            "parameters_set": dict(self.parameters or {}),
            "events_moved": dict(self.events or {}),
            "extra_routes": self.routes.read_text(encoding="utf-8") if self.routes else None,
            "drawn_from": self.drawn_from(sample) if sample else "priors",
        }

    def drawn_from(self, sample: Sample) -> dict[str, str]:
        """Which sample parameters were drawn from: what it was fitted on, by which command, and a hash of its file."""
        content = (Path(find_case(self.case)) / SAMPLE_FILE).read_bytes()
        targets = "; ".join(f"{quantity} at {place}" for quantity, place in sample.fitted_targets)
        return {
            "fitted on": f"{sample.fitted_rows} figures of {targets}",
            "fitted until": show_time(sample.fitted_until),
            "hash": blake2b(content, digest_size=8).hexdigest(),
        } | dict(sample.about)


def run_study(
    study: Study,
    out: Path,
    *,
    command: str,
    report: bool = True,
    resume: bool = False,
    progress: Progress = nothing,
    tell: Callable[[str], None] = print,
) -> Path:
    """Run a case many times, score the runs and write the findings; returns what to open. Warnings are told first."""
    scenario = study.scenario()
    for warning in scenario.warnings:
        tell(f"warning: {warning}")
    sample = study.sample(scenario)
    left_open = study.left_open(sample)
    plan = Plan(
        scenario,
        study.n_runs,
        study.seed,
        sample=sample.draws() if sample else (),
        changes={name: scenario.parameters[name].value for name in study.parameters or {}},
    )
    runs = out / RUNS_FOLDER
    ensemble = carry_out(plan, runs, workers=study.workers, resume=resume, progress=progress)
    until, targets = (sample.fitted_until, sample.fitted_targets) if sample else (None, None)
    scores = score(scenario, ensemble, fitted_until=until, fitted_targets=targets)
    birth = study.birth(scenario, sample, command)
    written = write_findings(out, scenario, ensemble, scores, birth, left_open=left_open, report=report)
    shutil.rmtree(runs)
    return written


def simulate_rows(
    scenario: Scenario, question: Question, *, workers: int, seed: int, progress: Progress
) -> SimulateMany:
    """A function that runs many parameter values and gives what a fit compares: rows first, then observables."""
    wanted = {row.quantity for row in question.rows}
    wanted |= {one.quantity for one in question.also if not one.is_outcome}

    def simulate_many(values: list[dict[str, float]], seeds: list[int]) -> NDArray[np.float64]:
        plan = Plan(scenario, len(values), seed, sample=values, seeds=seeds, record=tuple(sorted(wanted)))
        with TemporaryDirectory() as folder:
            try:
                ensemble = carry_out(plan, Path(folder), workers=workers, progress=progress)
            except RunStopped as error:
                why = str(error).partition(";")[0]
                raise RunStopped(f"{why}; a fit keeps nothing before its end. Start it again.") from None
        return table_of(ensemble, question.rows, question.also, n_draws=len(values))

    return simulate_many


def time_of(until: str) -> datetime:
    """A time as typed. Raises UsageError where it is none."""
    try:
        return parse_time(until)
    except ValueError as error:
        raise UsageError(f"--until: {error}.") from None


def alike(scenario: Scenario) -> list[tuple[str, str]]:
    """The headline's target, and those of the same quantity at other places: they are fitted together."""
    others = [(t.quantity, t.place) for t in scenario.targets if t.quantity == scenario.headline[0]]
    return list(dict.fromkeys([scenario.headline, *others]))


def fit_case(
    case: str,
    until: str,
    names: Iterable[str],
    *,
    command: str,
    effort: Effort,
    seed: int = 0,
    workers: int = 0,
    step_minutes: float | None = None,
    stops: bool = False,
    progress: Progress = nothing,
) -> tuple[Path, Fit]:
    """Fit on the exact-time rows of the headline's quantity up to a time; the sample goes into the case folder."""
    scenario = read_case(case)
    if step_minutes:
        scenario = replace(scenario, clock=replace(scenario.clock, step_minutes=step_minutes))
    time, error, path = time_of(until), ErrorModel(), Path(find_case(case)) / SAMPLE_FILE
    if stops:
        scenario = replace(scenario, clock=replace(scenario.clock, end=min(time, scenario.clock.end)))
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"{path.parent} cannot be written; copy the case to a folder of your own and fit it there.")
    for name in names:
        if name not in scenario.parameters:
            with_parameter(scenario, name, 0.0)  # raises the sentence for an unknown name
    rows = rows_to_fit(scenario, alike(scenario), time)
    parameters = tuple(scenario.parameters[name] for name in names)
    question = Question(parameters, rows, error.covariance(rows), candidates(scenario, time))
    simulate_many = simulate_rows(scenario, question, workers=workers, seed=seed, progress=progress)
    found = fit(question, simulate_many, seed=seed, effort=effort)
    sample = sample_of(found, time, error=error, command=command, scenario_hash=scenario.hash, code_version=__version__)
    write_sample(path, sample)
    write_left_open(path.with_name(LEFT_OPEN_FILE), profile(found))
    return path, found

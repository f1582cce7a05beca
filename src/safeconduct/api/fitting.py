"""Fit parameters to the record up to a time, and measure which assumptions matter most, one by one or all at once."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from safeconduct.api.folders import refuse_case
from safeconduct.api.frames import html_table, needs_analysis
from safeconduct.api.requests import IDENTIFIABILITY_FILE, SAMPLE_FILE, CaseLike, FitRequest, case_folder
from safeconduct.ensemble import Plan, Progress, QuickRuns, carry_out, check_cluster, quick_runs
from safeconduct.inference import (
    Effort,
    ErrorModel,
    GoodnessOfFit,
    Posterior,
    Question,
    Sample,
    Sensitivities,
    also_to_fit,
    candidates,
    goodness_of_fit,
    like_headline,
    measure_sensitivity,
    profile,
    rows_to_fit,
    sample_hash,
    sample_of,
    sample_text,
    table_of,
    write_identifiability,
)
from safeconduct.inference import fit as fit_question
from safeconduct.inference.influence import Effect, Index, decompose, most_influential, screen
from safeconduct.ledger import Table
from safeconduct.scenario import Scenario, Target, Values, drawn_value, known_parameter, read_case
from safeconduct.terms import VERSION, Draws, RunStopped, UsageError, closest, locked, parse_time, write_whole

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

    from safeconduct.ensemble import Ensemble


@dataclass(frozen=True)
class Fit:
    """Equally likely parameter values given the record up to a time, and how close they come to it."""

    request: FitRequest
    scenario: Scenario
    posterior: Posterior
    goodness: GoodnessOfFit

    @cached_property
    def draws(self) -> pl.DataFrame:
        """One row a draw, one column a parameter, in the parameter's unit. Draws are equally likely."""
        import polars as pl

        return pl.DataFrame(self.posterior.posterior, schema=list(self.posterior.names), orient="row")

    def to_xarray(self) -> xr.DataTree:
        """The draws as ArviZ takes them: group `posterior`, dimensions `chain` (one) and `draw`.

        Needs the extra `[analysis]`; raises UsageError without it.
        """
        with needs_analysis():
            from arviz_base import from_dict
        values = self.posterior.posterior
        return from_dict({"posterior": {name: values[None, :, i] for i, name in enumerate(self.posterior.names)}})

    def sample(self, command: str = "") -> Sample:
        """The draws with their provenance, as a run takes them."""
        asked = self.request
        return sample_of(
            self.posterior,
            asked.until,
            error=asked.error,
            command=command,
            scenario_hash=self.scenario.hash,
            code_version=VERSION,
        )

    def sentences(self) -> list[str]:
        """How the fit went: runs, effective draws, each parameter's range of 90 %, and how close it comes."""
        found = self.posterior
        said = [
            f"{len(found.values)} runs, {found.n_failed} failed; effective draws {found.effective:.0f}.",
            f"Of the prior's runs the closest is {found.closest_of_prior:.1f} stated errors from the fitted rows.",
            *([found.caution] if found.caution else []),
        ]
        for i, name in enumerate(found.names):
            ordered = sorted(found.posterior[:, i])
            low, middle, high = (ordered[int(q * (len(ordered) - 1))] for q in (0.05, 0.5, 0.95))
            said.append(f"  {name}: {middle:.4g} ({low:.4g} to {high:.4g})")
        return [*said, *self.goodness.sentences()]

    def write(self, folder: Path | str, *, command: str = "") -> Path:
        """Write sample and identifiability to a folder, from where `RunRequest.sample_from` takes them.

        Returns the sample's file.
        """
        path = Path(folder) / SAMPLE_FILE
        text = sample_text(self.sample(command))
        with locked(path.parent):  # the second file names the first: a kill in between is noticed by the next reader
            write_identifiability(
                path.with_name(IDENTIFIABILITY_FILE), replace(profile(self.posterior), of_sample=sample_hash(text))
            )
            write_whole(path, text)
        return path

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        rows = [sentence.strip().split(": ", 1) for sentence in self.sentences() if sentence.startswith("  ")]
        return html_table(
            f"{self.scenario.title}: fit up to {self.request.until}", ("parameter", "median (90 %)"), rows
        )


def fit(
    case: CaseLike | FitRequest,
    until: datetime | str = "",
    names: Sequence[str] = (),
    *,
    also: Sequence[str] = (),
    effort: Effort | None = None,
    error: ErrorModel | None = None,
    seed: int = 0,
    workers: int = 0,
    progress: Progress = lambda done, total: None,
) -> Fit:
    """Fit parameters on the exact-time rows of the headline's quantity up to a time, and on those of `also`.

    names: parameters, at most five. also: further quantities. effort: rounds, runs a round, draws to keep. error: what
    the model leaves out. Raises UsageError for what cannot be fitted, CaseError, RunStopped.
    """
    if isinstance(case, FitRequest):
        asked = case
    else:
        when = parse_time(until) if isinstance(until, str) else until
        asked = FitRequest(
            case, when, tuple(names), effort or Effort(), error or ErrorModel(), tuple(also), seed, workers
        )
    if asked.cluster:
        check_cluster(asked.cluster)
    scenario = scenario_to_fit(asked)
    question, headline = question_of(asked, scenario), headline_of(scenario)
    simulate_many = partial(simulate_rows, scenario, question, asked, progress)
    found = fit_question(question, simulate_many, seed=asked.seed, effort=asked.effort)

    def simulate_near(draw: int, values: list[dict[str, float]]) -> NDArray[np.float64]:
        (slot, own_seed), n = found.origin(draw), len(values)
        return simulate_many(values, [own_seed] * n, [slot] * n)

    n_search = asked.effort.per_round // 10
    close = goodness_of_fit(found, scenario, headline, asked.until, simulate_near, n_search=n_search)
    return Fit(asked, scenario, found, close)


def simulate_rows(
    scenario: Scenario, question: Question, asked: FitRequest, progress: Progress,
    values: list[dict[str, float]], seeds: list[int], slots: Sequence[int] = (),
) -> NDArray[np.float64]:  # fmt: skip
    """[run, row and observable] what a fit compares, of a run for each of these values and seeds."""
    wanted = {row.quantity for row in question.rows} | {o.quantity for o in question.also if not o.is_outcome}
    plan = Plan(
        scenario, len(values), asked.seed, sample=values, seeds=seeds, slots=slots, record=tuple(sorted(wanted))
    )
    with TemporaryDirectory() as folder:
        try:
            ensemble = carry_out(plan, Path(folder), workers=asked.workers, cluster=asked.cluster, progress=progress)
        except RunStopped as error:
            why = str(error).partition(";")[0]
            raise RunStopped(f"{why}; a fit keeps nothing before its end. Start it again.") from None
    return table_of(ensemble, question.rows, question.also, n_draws=len(values))


def check_writable(folder: Path) -> None:
    """Raise UsageError where a sample could not be written, before any run."""
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise UsageError(f"{folder} cannot be written; name a folder of your own with --out.")


def scenario_to_fit(asked: FitRequest) -> Scenario:
    """The case with the clock that is asked for. Raises CaseError."""
    scenario = asked.case if isinstance(asked.case, Scenario) else read_case(case_folder(asked.case))
    clock = scenario.clock
    end = min(asked.until, clock.end) if asked.stops else clock.end
    return replace(scenario, clock=replace(clock, end=end, step_minutes=asked.step_minutes or clock.step_minutes))


def headline_of(scenario: Scenario) -> Target:
    """The target that the case opens with. Raises UsageError where its record has no figure of it."""
    for target in scenario.targets:
        if (target.quantity, target.place) == scenario.headline:
            return target
    quantity, place = scenario.headline
    raise UsageError(f"{quantity} at {place} is no target of the case; add the headline to targets in case.yaml.")


def question_of(asked: FitRequest, scenario: Scenario) -> Question:
    """What is to be fitted to what. Raises UsageError for an unknown parameter or quantity, or one named twice."""
    if len(set(asked.names)) < len(asked.names):
        raise UsageError("--param names a parameter twice; name each once.")
    parameters = tuple(known_parameter(scenario, name) for name in asked.names)
    rows = (
        *rows_to_fit(scenario, like_headline(scenario), asked.until),
        *also_to_fit(scenario, asked.also, asked.until),
    )
    observables = candidates(scenario, asked.until)
    return Question(parameters, rows, asked.error.covariance(rows), observables, asked.error.added(rows))


def sensitivities(
    scenario: Scenario,
    *,
    n_seeds: int = 1,
    also_fixed: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Sensitivities:
    """Which assumption of a case matters most, by a few coarse runs in this process."""

    def simulate(values: Sequence[Values], seeds: Sequence[int]) -> QuickRuns:
        return quick_runs(scenario, values, seeds, progress=progress)

    return measure_sensitivity(scenario, simulate, n_seeds=n_seeds, also_fixed=also_fixed)


Floats = NDArray[np.float64]
ENDS = (0.05, 0.95)  # of each prior, between which Morris steps
OPEN = (1e-6, 1.0 - 1e-6)  # a prior without bounds has no value at a chance of 0 or 1
OUTCOMES = ("persons_arrived", "hours_to_50pct", "peak_arrivals_per_hour")  # of a corridor
OF_WALKERS = ("persons_in_camps", "persons_in_other_places")


@dataclass(frozen=True)
class SensitivityRequest:
    """How a case is asked: which outcomes, and how many runs."""

    case: CaseLike
    outcomes: tuple[str, ...] = ()  # empty = the usual ones of the case
    n_paths: int = 8  # of Morris: costs n_paths * (parameters + 1) runs
    n_rows: int = 64  # of Sobol, a power of 2: costs n_rows * (kept + 2) runs
    n_kept: int = 6  # parameters that Morris hands on to Sobol
    seed: int = 0
    workers: int = 0
    cluster: str = ""


@dataclass(frozen=True)
class GlobalSensitivity:
    """What moves each outcome."""

    scenario: Scenario
    outcomes: tuple[str, ...]
    effects: tuple[tuple[Effect, ...], ...]  # [outcome][parameter], every parameter with a prior
    indices: tuple[tuple[Index, ...], ...]  # [outcome][parameter], those handed on
    n_runs: int
    n_failed: int

    def tables(self) -> list[Table]:
        """A table an outcome: parameters by their total share."""
        header = ("parameter", "share alone", "share in all", "moves it by", "unit", "source")
        return [Table(name, header, tuple(self._rows(number))) for number, name in enumerate(self.outcomes)]

    def _rows(self, outcome: int) -> list[tuple[str, ...]]:
        effects = {one.parameter: one.effect for one in self.effects[outcome]}
        ordered = sorted(self.indices[outcome], key=lambda one: -one.total)
        return [
            (
                one.parameter,
                f"{one.first:.2f} ± {one.first_error:.2f}",
                f"{one.total:.2f} ± {one.total_error:.2f}",
                f"{effects[one.parameter]:,.4g}",
                self.scenario.parameters[one.parameter].unit,
                self.scenario.parameters[one.parameter].source,
            )
            for one in ordered
        ]

    def sentences(self) -> list[str]:
        """How many runs, and what the columns mean."""
        said = [
            f"{self.n_runs} runs over the priors, {self.n_failed} failed (they count as the mean).",
            "Share alone: of the outcome's variance, what knowing the parameter would take away. Share in all: what "
            "would be left if every other were known. Moves it by: mean change from the 5 % to the 95 % point of its "
            "prior.",
        ]
        for table, effects in zip(self.tables(), self.effects, strict=True):
            kept = [row[0] for row in table.rows]
            moving = [one.parameter for one in sorted(effects, key=lambda one: -one.effect)[:3] if one.effect > 0.0]
            if set(moving) <= set(kept):
                said.append(f"{table.title}: worth measuring better: {', '.join(kept[:3])}.")
            else:
                missing = [name for name in moving if name not in kept]
                said.append(
                    f"{table.title}: worth measuring better, by Morris alone: {', '.join(moving)}; --keep left out "
                    f"{', '.join(missing)}."
                )
        return said

    def write(self, folder: Path | str) -> Path:
        """Write sensitivity.csv: a row an outcome and parameter; returns its path."""
        refuse_case(Path(folder), self.scenario.folder)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("outcome", "parameter", "effect", "spread", "first", "first_error", "total", "total_error"))
        for name, effects, indices in zip(self.outcomes, self.effects, self.indices, strict=True):
            by_name = {one.parameter: one for one in indices}
            for effect in effects:
                index = by_name.get(effect.parameter)
                shares = (index.first, index.first_error, index.total, index.total_error) if index else ("",) * 4
                writer.writerow((name, effect.parameter, effect.effect, effect.spread, *shares))
        path = Path(folder) / "sensitivity.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.getvalue())
        return path


def sensitivity(asked: SensitivityRequest, *, progress: Progress = lambda done, total: None) -> GlobalSensitivity:
    """Morris over every parameter with a prior, then Sobol over those that move an outcome most.

    Raises CaseError, UsageError for an unknown outcome or without the extra `[analysis]`, RunStopped.
    """
    with needs_analysis():
        import SALib  # noqa: F401  # only whether it is there
    if asked.cluster:
        check_cluster(asked.cluster)
    scenario = asked.case if isinstance(asked.case, Scenario) else read_case(case_folder(asked.case))
    names = tuple(sorted(p.name for p in scenario.parameters.values() if p.prior.kind != "fixed"))
    if len(names) < 2:
        raise UsageError(f"{scenario.key} has {len(names)} parameters with a prior; expected two or more.")
    outcomes = asked.outcomes or (OF_WALKERS if scenario.walk else OUTCOMES)
    counted = [0, 0]

    def runner(varied: Sequence[str], within: tuple[float, float]) -> Callable[[Floats, NDArray[np.int64]], Floats]:
        def evaluate(places: Floats, blocks: NDArray[np.int64]) -> Floats:
            chances = within[0] + (within[1] - within[0]) * places
            ensemble = simulated(asked, scenario, varied, chances, blocks, progress)
            counted[0] += len(chances)
            counted[1] += len(ensemble.failures)
            return outcomes_of(scenario, ensemble, outcomes, len(chances))

        return evaluate

    effects = screen(names, runner(names, ENDS), n_paths=asked.n_paths, seed=asked.seed)
    kept = most_influential(effects, asked.n_kept)
    indices = decompose(kept, runner(kept, OPEN), n_rows=asked.n_rows, seed=asked.seed)
    return GlobalSensitivity(scenario, tuple(outcomes), tuple(effects), tuple(indices), counted[0], counted[1])


def simulated(
    asked: SensitivityRequest, scenario: Scenario, names: Sequence[str], chances: Floats,
    blocks: NDArray[np.int64], progress: Progress,
) -> Ensemble:  # fmt: skip
    """A run for each row of chances; parameters that are not varied stay at the middle of their priors."""
    middle = {p.name: drawn_value(p, 0.5) for p in scenario.parameters.values() if p.prior.kind != "fixed"}
    rows = [
        middle | {n: drawn_value(scenario.parameters[n], float(u)) for n, u in zip(names, row, strict=True)}
        for row in chances
    ]
    seeds = [Draws(asked.seed).derive(int(block)).seed for block in blocks]
    record = ("n_persons",) if scenario.walk else scenario.record[:1]
    plan = Plan(scenario, len(rows), asked.seed, sample=rows, seeds=seeds, record=record)
    with TemporaryDirectory() as folder:
        return carry_out(plan, Path(folder), workers=asked.workers, cluster=asked.cluster, progress=progress)


def outcomes_of(scenario: Scenario, ensemble: Ensemble, names: Sequence[str], n_runs: int) -> Floats:
    """[run, outcome]; an hour that is not reached counts as the end of the case, a failed run as the mean."""
    if not len(ensemble.runs):
        raise RunStopped("Every run failed; run the case once to see why.")
    found = np.full((n_runs, len(names)), np.nan)
    for column, name in enumerate(names):
        if name not in ensemble.outcomes:
            raise UsageError(f'there is no outcome "{name}"; {closest(name, ensemble.outcomes)}.')
        values = np.array(ensemble.outcomes[name], dtype=np.float64)
        if name.startswith("hours_to"):
            values = np.where(np.isnan(values), scenario.clock.hours, values)
        found[ensemble.runs, column] = values
        missing = np.isnan(found[:, column])
        found[missing, column] = found[~missing, column].mean() if not missing.all() else 0.0
    return found

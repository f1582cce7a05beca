"""Many runs of one case: ask for them, hold them as a value, write them to a folder. `run` is the whole path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from safeconduct.api.folders import refuse_case
from safeconduct.api.frames import as_dataset, html_table, outcome_frame, parameter_frame, series_frame
from safeconduct.api.requests import (
    CaseLike,
    RunRequest,
    Watch,
    identifiability_of,
    provenance_of,
    read_asked,
    sample_for,
    stores_gathered,
    time_within,
    values_set,
    with_changes,
    with_window,
)
from safeconduct.ensemble import Ensemble, Plan, carry_out, remove_store
from safeconduct.findings.simulation import EnsembleSummary, in_short, summary_of, write_findings
from safeconduct.inference import Scores, score
from safeconduct.scenario import Event, Scenario, Values
from safeconduct.terms import Mistakes, RunSummary

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

    from safeconduct.inference import Identifiability, Sample


@dataclass(frozen=True)
class Runs:
    """Finished runs of a case, their scores, and how they were made. Writes nothing until `write`."""

    request: RunRequest
    scenario: Scenario
    ensemble: Ensemble
    scores: Scores
    sample: Sample | None  # the fitted sample that parameters were drawn from
    identifiability: Identifiability | None  # of the fit behind that sample
    acts: tuple[str, ...] = ()  # what is said of parties whose acts were drawn from a game
    store: Path | None = None  # where finished runs are kept until the result is written

    def __len__(self) -> int:
        """How many runs finished."""
        return len(self.ensemble.runs)

    @property
    def title(self) -> str:
        """The case, how many runs, and the seed."""
        return f"{self.scenario.title}: {len(self)} runs, seed {self.request.seed}"

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """One row a run: `run`, `seed`, and each outcome by name; null where a run has no such outcome."""
        return outcome_frame(self.ensemble)

    @cached_property
    def parameters(self) -> pl.DataFrame:
        """One row a run: `run`, `seed`, and the value of every parameter, in the parameter's unit."""
        return parameter_frame(self.ensemble)

    def series(self, quantity: str, place: str) -> pl.DataFrame:
        """One row a run and hour of a recorded quantity at a place or route: `run`, `time` (UTC), `value`.

        Raises UsageError, with the nearest name, for what was not recorded.
        """
        return series_frame(self.scenario, self.ensemble, quantity, place)

    def to_xarray(self) -> xr.Dataset:
        """Every recorded series: a variable a quantity, dimensions `run`, `time` (UTC) and `place` or `route`.

        Coordinate `seed` lies along `run`. NaN where a quantity was not recorded at a place. Needs the extra
        `[analysis]`; raises UsageError without it.
        """
        return as_dataset(self.scenario, self.ensemble)

    @cached_property
    def summary(self) -> RunSummary:
        """Outcomes with their quantiles over runs, scores and counts: what summary.json holds."""
        return summary_of(EnsembleSummary(self.scenario, self.ensemble), self.scores, self.acts)

    def sentences(self) -> list[str]:
        """The outcomes that people ask for first, each with its range over runs."""
        return in_short(self.summary)

    def provenance(self, command: str = "") -> dict[str, object]:
        """All that is needed to make the result again."""
        found = provenance_of(self.request, self.scenario, self.sample, command)
        return found | ({"actors": list(self.acts)} if self.acts else {})

    def write(self, folder: Path | str, *, report: bool = True, command: str = "") -> Path:
        """Write tables, provenance and page to a folder; returns what to open: the report, or else the folder.

        Raises RunStopped where no run finished or the disk refuses; nothing half-written is left.
        """
        refuse_case(Path(folder), self.scenario.folder)
        written = write_findings(
            Path(folder),
            self.scenario,
            self.ensemble,
            self.scores,
            self.provenance(command),
            left_open=self.identifiability,
            report=report,
        )
        if self.store:
            remove_store(self.store)
        return written

    def __repr__(self) -> str:
        return "\n".join([self.title, *(self.sentences() if len(self) else ())])

    def _repr_html_(self) -> str:
        rows = [sentence.split(": ", 1) for sentence in self.sentences()] if len(self) else []
        return html_table(self.title, ("outcome", "median and range of 90 % of runs"), rows)


def run(
    case: CaseLike | RunRequest,
    n_runs: int = 200,
    seed: int = 0,
    *,
    set: Mapping[str, float | str] | None = None,
    events: Mapping[str, datetime | str] | None = None,
    workers: int = 0,
    watch: Watch | None = None,
    store: Path | None = None,
    resume: bool = False,
) -> Runs:
    """Simulate a case many times and score the runs beside simple baselines.

    case: a shipped case's name, a folder, a case that was read, or a whole `RunRequest` (then `n_runs` to `workers`
    stand there). set: parameter -> value held in every run. events: id -> time to which it is moved. store: folder
    that keeps each run as it finishes, so that `resume` can go on. Same seed, same result, whatever `workers`.

    Raises CaseError or UsageError with every fault of the case and of the request; RunStopped when interrupted.
    """
    asked = as_request(case, n_runs, seed, workers, set or {}, events or {})
    watch = watch or Watch()
    stores = stores_gathered(asked, watch.mistakes)
    scenario, sample, identifiability = check_request(asked, watch.mistakes)
    for warning in scenario.warnings:
        watch.tell(f"warning: {warning}")
    plan, acts = plan_of(asked, scenario, sample), tuple[str, ...]()
    if asked.is_strategic:
        plan, acts = strategic_plan(plan, asked, watch)
    with folder_for_runs(store) as folder:
        ensemble = carry_out(
            plan, folder, workers=asked.workers, cluster=asked.cluster, part=asked.part, stores=stores, resume=resume,
            progress=watch.progress,
        )  # fmt: skip
    if asked.since:
        ensemble = ensemble.since(scenario.clock.hour_of(time_within(scenario, "--from", asked.since)))
    scores = scores_of(scenario, ensemble, sample)
    return Runs(asked, scenario, ensemble, scores, sample, identifiability, acts, store)


def as_request(
    case: CaseLike | RunRequest,
    n_runs: int,
    seed: int,
    workers: int,
    parameters: Mapping[str, float | str],
    events: Mapping[str, datetime | str],
) -> RunRequest:
    """A request as it is, or one made of its most common parts."""
    if isinstance(case, RunRequest):
        return case
    return RunRequest(case, n_runs, seed, workers, parameters=dict(parameters), events=dict(events))


def check_request(asked: RunRequest, mistakes: Mistakes) -> tuple[Scenario, Sample | None, Identifiability | None]:
    """Read all that a run asks for. Raises CaseError or UsageError with every mistake, those noted before too."""
    scenario = with_window(asked, with_changes(asked, read_asked(asked, mistakes), mistakes), mistakes)
    sample, found = None, None
    with mistakes:
        sample = sample_for(asked, scenario)
        found = identifiability_of(asked, sample)
    if asked.is_strategic:
        from safeconduct.api.acts import coded

        with mistakes:
            coded(asked, scenario, mistakes)
    mistakes.tell()
    return scenario, sample, found


def plan_of(asked: RunRequest, scenario: Scenario, sample: Sample | None, record: tuple[str, ...] = ()) -> Plan:
    """The plan of one world whose events are those of the case. `record`: see `Plan`."""
    held = {name: scenario.parameters[name].value for name in values_set(asked)}
    return Plan(
        scenario, asked.n_runs, asked.seed, sample=sample.draws() if sample else (), changes=held, record=record
    )


def with_game(plan: Plan, asked: RunRequest, events: tuple[tuple[Event, ...], ...], beliefs: Iterator[float]) -> Plan:
    """A plan whose runs each have their own events, and where asked the public belief as people's trust."""
    own: tuple[Values, ...] = tuple({"trust": float(one)} for one in beliefs) if asked.belief_as_trust else ()
    return replace(plan, events_by_run=events, own=own)


def strategic_plan(plan: Plan, asked: RunRequest, watch: Watch) -> tuple[Plan, tuple[str, ...]]:
    """The same plan with the parties' acts drawn from the game, and what is said of that."""
    from safeconduct.api.acts import cautions, strategic

    world, said = strategic(asked, plan.scenario)
    for sentence in cautions(world):
        watch.tell(f"warning: {sentence}")
    return with_game(plan, asked, world.events, iter(world.beliefs)), tuple(said)


@contextmanager
def folder_for_runs(store: Path | None) -> Iterator[Path]:
    """The folder that keeps finished runs: the caller's, or one that goes when all are in memory."""
    if store is not None:
        yield store
        return
    with TemporaryDirectory(prefix="safeconduct-") as folder:
        yield Path(folder)


def scores_of(scenario: Scenario, ensemble: Ensemble, sample: Sample | None) -> Scores:
    """The scores of an ensemble, rows that were fitted on marked as such."""
    if sample is None:
        return score(scenario, ensemble, fitted_until=None, fitted_targets=None)
    found = score(scenario, ensemble, fitted_until=sample.fitted_until, fitted_targets=sample.fitted_targets)
    return replace(found, fitted_rows=sample.fitted_rows, told=sample.told)

"""The whole path, read from top to bottom: a case, its runs, their scores, the findings.

Study (asked.py) -> read_case -> Plan -> carry_out -> score -> write_findings
two of these with common draws -> pair_up -> write_whatif
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from safeconduct import __version__
from safeconduct.accounts import (
    Games,
    GameWorld,
    Intervention,
    Players,
    as_recorded,
    games,
    lived,
    loud_words,
    played_words,
    world_of,
)
from safeconduct.asked import LEFT_OPEN_FILE, FitRequest, Study, one_world, time_within, two_worlds
from safeconduct.ensemble import Ensemble, Plan, Progress, QuickRuns, carry_out, open_stores, quick_runs, since
from safeconduct.findings.simulation import GameNotes, WhatIf, write_findings, write_whatif
from safeconduct.inference import (
    Fit,
    GoodnessOfFit,
    PairedEnsemble,
    Question,
    Sample,
    Sensitivities,
    fit,
    goodness_of_fit,
    measure_sensitivity,
    pair_up,
    profile,
    sample_of,
    score,
    table_of,
    write_identifiability,
    write_sample,
)
from safeconduct.scenario import Scenario, Values
from safeconduct.terms import Mistakes, RunStopped

RUNS_FOLDER = "runs"  # of an output folder: finished runs, until all are
OF_WHATIF = ("n_persons", "n_waiting_persons", "n_sheltered_persons", "food_days")  # recorded beside the headline

WORLDS = ("the case as it stands", "the changed world", "the changed world, belief held")


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


def run_study(
    study: Study,
    out: Path,
    *,
    command: str,
    report: bool = True,
    resume: bool = False,
    progress: Progress = nothing,
    tell: Callable[[str], None] = print,
    mistakes: Mistakes | None = None,
) -> Path:
    """Run a case many times, score the runs and write the findings; returns what to open. Warnings are told first.

    `mistakes`: what was wrong with the question so far, to be told with all that is found in the case.
    """
    scenario, sample, left_open = one_world(study, mistakes or Mistakes())
    for warning in scenario.warnings:
        tell(f"warning: {warning}")
    world, players = strategic(study, scenario) if study.is_strategic else (None, None)
    for sentence in loud_words(world) if world else ():
        tell(f"warning: {sentence}")
    runs = out / RUNS_FOLDER
    plan = plan_of(study, scenario, sample, world)
    ensemble = carry_out(plan, runs, workers=study.workers, resume=resume, progress=progress)
    if study.since:
        ensemble = since(ensemble, scenario.clock.hour_of(time_within(scenario, "--from", study.since)))
    until, targets = (sample.fitted_until, sample.fitted_targets) if sample else (None, None)
    scores = score(scenario, ensemble, fitted_until=until, fitted_targets=targets)
    if sample:
        scores = replace(scores, fitted_rows=sample.fitted_rows, told=sample.told)
    provenance = study.provenance(scenario, sample, command)
    if world and players:
        provenance["actors"] = played_words(players, world, is_trust=study.belief_as_trust)
    written = write_findings(out, scenario, ensemble, scores, provenance, left_open=left_open, report=report)
    shutil.rmtree(runs)
    return written


def strategic(study: Study, scenario: Scenario) -> tuple[GameWorld, Players]:
    """The game left to the players in the simulated period; the history before it is as recorded."""
    players = study.players(scenario, is_recorded=False)
    return world_of(players, scenario, lived(players), [as_recorded(players)] * study.n_runs), players


def run_whatif(
    study: Study,
    out: Path,
    times: Iterable[str] = (),
    *,
    command: str,
    do: str = "",
    report: bool = True,
    resume: bool = False,
    progress: Progress = nothing,
    tell: Callable[[str], None] = print,
    mistakes: Mistakes | None = None,
) -> tuple[Path, WhatIf]:
    """Run a case as it stands and as a study changes it, with common draws; returns what to open and what was found.

    Run k of both worlds has the same seed and the same values of what is not changed. `do` sets an act of a party; that
    is told with the public belief revised by the act, and held."""
    asked = two_worlds(study, times, do, mistakes or Mistakes())
    case, changed, sample = asked.case, asked.changed, asked.sample
    for warning in case.warnings:
        tell(f"warning: {warning}")
    game = played_again(study, case, changed, asked.done) if asked.done else None
    record = case.record if case.walk else (case.headline[0], *OF_WHATIF)
    plans = [plan_of(asked.as_it_is, case, sample, game.factual if game else None, record)]
    plans += [plan_of(study, changed, sample, world, record) for world in (game.others if game else (None,))]
    ensembles = carry_out_all(plans, out / RUNS_FOLDER, workers=study.workers, resume=resume, progress=progress)
    left_out = game.left_out if game else frozenset[int]()
    pairs = [pair_up(case, ensembles[0], other, left_out) for other in ensembles[1:]]
    failures = tuple(failure for ensemble in ensembles for failure in ensemble.failures)
    provenance = study.provenance(case, sample, command) | ({"do": do} if do else {})
    found = WhatIf(case, changed, pairs[0], asked.hours, failures, provenance)
    if game:
        found = replace(found, game=told_of(game, tuple(pairs[1:])))
    written = write_whatif(out, found, report=report)
    shutil.rmtree(out / RUNS_FOLDER)
    return written, found


def told_of(game: Games, held: tuple[PairedEnsemble, ...]) -> GameNotes:
    """What a report says of a game in which an act was set; `held`: the pairs of the world with the belief held."""
    return GameNotes(
        changes=game.changes,
        without_effect=game.without_effect,
        conditions=game.conditions,
        held_words=game.held_words,
        held=held,
        touched=game.touched,
    )


def played_again(study: Study, case: Scenario, changed: Scenario, done: Intervention) -> Games:
    """The recorded history with an act set, in every run's game."""
    return games(study.players(case, is_recorded=True), case, changed, done, is_trust=study.belief_as_trust)


def plan_of(
    study: Study, scenario: Scenario, sample: Sample | None, world: GameWorld | None, record: tuple[str, ...] = ()
) -> Plan:
    """The plan of one world; `world` gives each run its own events where parties act. `record`: see `Plan`."""
    return Plan(
        scenario,
        study.n_runs,
        study.seed,
        sample=sample.draws() if sample else (),
        changes=study.changes(scenario),
        record=record,
        events_by_run=world.events if world else (),
        own=study.trust(world.beliefs) if world else (),
    )


def carry_out_all(
    plans: Sequence[Plan], folder: Path, *, workers: int, resume: bool, progress: Progress
) -> list[Ensemble]:
    """Run the plans of all worlds, each in a folder of its own; none starts where one cannot be resumed."""
    folders = [folder / str(number) for number in range(len(plans))]
    open_stores(dict(zip(folders, zip(plans, WORLDS[: len(plans)], strict=True), strict=True)), resume=resume)
    ensembles = []
    for number, (plan, own) in enumerate(zip(plans, folders, strict=True)):
        watch = partial(watch_all, progress, number, len(plans))
        ensembles.append(carry_out(plan, own, workers=workers, resume=True, progress=watch))  # of what was just opened
    return ensembles


def watch_all(progress: Progress, number: int, of: int, done: int, total: int) -> None:
    """Progress over all worlds."""
    progress(number * total + done, of * total)


def simulate_rows(
    scenario: Scenario, question: Question, workers: int, seed: int, progress: Progress,
    values: list[dict[str, float]], seeds: list[int], slots: Sequence[int] = (),
) -> NDArray[np.float64]:  # fmt: skip
    """[run, row and observable] what a fit compares, of a run for each of these values and seeds."""
    wanted = {row.quantity for row in question.rows} | {o.quantity for o in question.also if not o.is_outcome}
    plan = Plan(scenario, len(values), seed, sample=values, seeds=seeds, slots=slots, record=tuple(sorted(wanted)))
    with TemporaryDirectory() as folder:
        try:
            ensemble = carry_out(plan, Path(folder), workers=workers, progress=progress)
        except RunStopped as error:
            why = str(error).partition(";")[0]
            raise RunStopped(f"{why}; a fit keeps nothing before its end. Start it again.") from None
    return table_of(ensemble, question.rows, question.also, n_draws=len(values))


def fit_case(asked: FitRequest, *, command: str, progress: Progress = nothing) -> tuple[Path, Fit, GoodnessOfFit]:
    """Fit on the exact-time rows of the headline's quantity up to a time, and on those of further quantities.

    Returns the sample's file, the fit, and how close it comes. Raises UsageError for what cannot be fitted, RunStopped.
    """
    scenario, path = asked.scenario(), asked.file
    asked.check_file()
    question, headline = asked.question(scenario), asked.headline(scenario)
    simulate_many = partial(simulate_rows, scenario, question, asked.workers, asked.seed, progress)
    found = fit(question, simulate_many, seed=asked.seed, effort=asked.effort)

    def simulate_near(draw: int, values: list[dict[str, float]]) -> NDArray[np.float64]:
        (slot, own_seed), n = found.origin(draw), len(values)
        return simulate_many(values, [own_seed] * n, [slot] * n)

    sample = sample_of(
        found, asked.until, error=asked.error, command=command, scenario_hash=scenario.hash, code_version=__version__
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_sample(path, sample)
    write_identifiability(path.with_name(LEFT_OPEN_FILE), profile(found))
    n_search = asked.effort.per_round // 10
    return path, found, goodness_of_fit(found, scenario, headline, asked.until, simulate_near, n_search=n_search)


def measure_levers(
    scenario: Scenario, *, n_seeds: int = 1, also_fixed: bool = False, progress: Progress = nothing
) -> Sensitivities:
    """Which assumption of a case matters most, by a few coarse runs in this process."""

    def simulate(values: Sequence[Values], seeds: Sequence[int]) -> QuickRuns:
        return quick_runs(scenario, values, seeds, progress=progress)

    return measure_sensitivity(scenario, simulate, n_seeds=n_seeds, also_fixed=also_fixed)

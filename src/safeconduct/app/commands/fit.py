"""fit and fit-phases: parameters that agree with the record up to a time, from priors that know nothing of it."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import progress_bar, typed_command
from safeconduct.app.panels import SEED, WORKERS, Number, OutFolder, any_size_option, command, count, option
from safeconduct.app.tables import say

HOW, LEFT_OUT, WAITS = "How it is fitted", "What the model leaves out", "Other evidence beside arrivals"


@command()
@click.argument("case")
@option("--until", required=True, metavar="TIME", help="Fit on rows up to this time, such as 2030-01-03T15:00+01:00.")
@option("--param", "names", multiple=True, required=True, metavar="NAME", help="A parameter to fit; at most five.")
@option("--rounds", under=HOW, default=6, show_default=True, type=count(1, 1000), help="Rounds of the method.")
@option("--per-round", under=HOW, default=400, show_default=True, type=count(10), help="Runs in a round.")
@option("--keep", under=HOW, default=400, show_default=True, type=count(), help="Equally likely draws to keep.")
@option("--out", type=OutFolder(), help="Folder for the sample, if not the case's.")
@option("--step-minutes", under=HOW, type=Number(1, 1440), help="A step, if not the case's own.")
@option("--stop", "stops", under=HOW, is_flag=True, help="Simulate no further than --until.")
@option(
    "--discrepancy",
    under=LEFT_OUT,
    default=0.05,
    show_default=True,
    type=Number(0, 2, min_open=True),
    help="What the model leaves out, as a share of a figure (standard deviation).",
)
@option(
    "--alike-hours",
    under=LEFT_OUT,
    default=12.0,
    show_default=True,
    type=Number(0, 87_840, min_open=True),
    help="Hours over which that is alike, so that rows close together count less.",
)
@option(
    "--by-factor",
    under=LEFT_OUT,
    is_flag=True,
    help="--discrepancy is of a figure's logarithm: twice as many is as wrong as half. For models far off.",
)
@option(
    "--also",
    under=WAITS,
    multiple=True,
    metavar="QUANTITY",
    help="Fit also on this target: wait_hours (as reported and published by --until), cum_arrivals_vehicles ...",
)
@option(
    "--reported-factor",
    under=WAITS,
    default=2.0,
    show_default=True,
    type=Number(1, 10, min_open=True),
    help="How far a reported wait may be from the mean of all who crossed then (factor, standard deviation).",
)
@option("--seed", default=0, show_default=True, type=SEED, help="Same seed, same result.")
@option("--workers", default=0, type=WORKERS, help="Processes at a time; 0 = one per core.")
@option("--cluster", default="", metavar="ADDRESS", help="A Dask scheduler that simulates instead.")
@any_size_option
def fit(
    case: str,
    until: str,
    names: tuple[str, ...],
    rounds: int,
    per_round: int,
    keep: int,
    out: Path | None,
    step_minutes: float | None,
    stops: bool,
    discrepancy: float,
    alike_hours: float,
    by_factor: bool,
    also: tuple[str, ...],
    reported_factor: float,
    seed: int,
    workers: int,
    cluster: str,
) -> None:
    """Fit CASE on exact-time rows of its headline's quantity up to a time; the sample goes there or into --out."""
    from safeconduct import api
    from safeconduct.inference import Effort, ErrorModel

    asked = api.FitRequest(
        api.case_folder(case), api.time_typed("--until", until), names, Effort(rounds, per_round, keep),
        ErrorModel.leaving_out(discrepancy, alike_hours, is_by_factor=by_factor, reported_factor=reported_factor),
        also, seed, workers, step_minutes, stops, cluster,
    )  # fmt: skip
    folder = out or api.case_folder(case)
    api.check_writable(folder)
    with progress_bar("Fitting") as progress:
        found = api.fit(asked, progress=progress)
    click.echo(f"Sample: {found.write(folder, command=typed_command())}")
    for sentence in found.sentences():
        say(sentence)


@command("fit-phases")
@click.argument("case")
@option(
    "--runs", "n_runs", default=400, show_default=True, type=count(10),
    help="Runs of each phase; a short phase gets up to four times as many.",
)  # fmt: skip
@option("--keep", default=200, show_default=True, type=count(), help="Equally likely draws to keep.")
@option("--out", type=OutFolder(), help="Folder for the sample, if not the case's.")
@option("--seed", default=0, show_default=True, type=SEED, help="Same seed, same result.")
@option("--workers", default=0, type=WORKERS, help="Processes at a time; 0 = one per core.")
@any_size_option
def fit_phases(case: str, n_runs: int, keep: int, out: Path | None, seed: int, workers: int) -> None:
    """Fit CASE phase by phase on observed.csv, each up to its fit_until; the sample goes there or into --out."""
    from safeconduct import api

    folder = out or api.case_folder(case)
    api.check_writable(folder)
    with progress_bar("Simulating") as progress:
        found = api.fit_phases(
            case, n_runs=n_runs, keep=keep, seed=seed, workers=workers, command=typed_command(), progress=progress
        )
    click.echo(f"Sample: {found.write(folder)}")
    for sentence in found.sentences():
        say(sentence)

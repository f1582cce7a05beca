"""fit-phases: parameters of a case with phases, each phase on what was reported up to its own date."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import progress_bar, typed_command
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import say


@command("fit-phases")
@click.argument("case")
@option("--runs", "n_runs", default=400, show_default=True, type=click.IntRange(10), help="Runs for each phase.")
@option("--keep", default=200, show_default=True, type=click.IntRange(1), help="Equally likely draws to keep.")
@option("--out", type=OutFolder(), help="Folder for the sample, if not the case's.")
@option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same result.")
@option("--workers", default=0, type=click.IntRange(0), help="Processes at a time; 0 = one per core.")
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

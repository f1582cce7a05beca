"""sensitivity: which assumptions move a case's results, all varied at once."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.options import progress_bar
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import json_option, print_table, say, tell
from safeconduct.terms import UsageError

HOW = "How many runs"


@command()
@click.argument("case")
@option("--outcome", "outcomes", multiple=True, metavar="NAME", help="An outcome; default the usual three of the case.")
@option("--out", type=OutFolder(), help="Output folder; default out/CASE-sensitivity.")
@option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same result.")
@option("--workers", default=0, type=click.IntRange(0), help="Processes at a time; 0 = one per core.")
@option("--cluster", default="", metavar="ADDRESS", help="A Dask scheduler that simulates instead.")
@option("--paths", under=HOW, default=8, show_default=True, type=click.IntRange(2), help="Of Morris's screening.")
@option("--rows", under=HOW, default=64, show_default=True, type=click.IntRange(8), help="Of Sobol; a power of 2.")
@option("--keep", under=HOW, default=6, show_default=True, type=click.IntRange(2), help="Parameters kept for Sobol.")
@json_option()
def sensitivity(
    case: str, outcomes: tuple[str, ...], out: Path | None, seed: int, workers: int, cluster: str, paths: int,
    rows: int, keep: int,
) -> None:  # fmt: skip
    """Vary every parameter of CASE that has a prior: Morris screens them, Sobol shares out the variance.

    Costs paths x (parameters + 1) + rows x (kept + 2) runs. Needs the extra [analysis].
    """
    from safeconduct import api

    if rows & (rows - 1):
        raise UsageError(f"--rows is {rows}; expected a power of 2, such as 64.")
    folder = out or api.out_folder(case, "-sensitivity")
    asked = api.SensitivityRequest(api.case_folder(case), outcomes, paths, rows, keep, seed, workers, cluster)
    with api.output(folder, case):
        with progress_bar("Simulating") as progress:
            found = api.sensitivity(asked, progress=progress)
        written = found.write(folder)
    for table in found.tables():
        print_table(table)
    for sentence in found.sentences():
        say(sentence)
    tell(f"Table: {written}")

"""comparators: what forces answered in other guaranteed ceasefires, and how well that is predicted."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.api import monitor_folder
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import json_option, print_table, say, tell


@command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@option("--for", "case", metavar="CASE", help="Also predict the answer to each act of CASE.")
@json_option()
@option("--out", type=OutFolder(), help="Output folder; default out/comparators.")
@option("--full", is_flag=True, help="On the screen, every score and every sentence of the page too.")
def comparators(folder: Path | None, case: str | None, out: Path | None, full: bool) -> None:
    """What forces answered in other guaranteed ceasefires: scores with each case left out, and a page to browse.

    FOLDER holds cases.csv, challenges.csv, answers.csv and codes.csv; without it those that are shipped are used.
    """
    from safeconduct.findings.comparators import (
        comparator_tables,
        comparators_in_short,
        comparators_said,
        shipped_comparators,
        study_comparators,
    )
    from safeconduct.findings.comparators import comparators_short_tables as short_tables
    from safeconduct.findings.comparators import write_comparators as write

    out = out or Path("out") / "comparators"
    own = monitor_folder(case) if case else None
    click.echo("Fitting the models again without each case; half a minute or so ...", err=True)
    found = study_comparators(folder or shipped_comparators(), own)
    written = write(found, out)
    for sentence in comparators_said(found) if full else comparators_in_short(found):
        say(sentence)
    for table in comparator_tables(found) if full else short_tables(found):
        print_table(table)
    if not full:
        say("Every predictor, calibration and case is on the page; --full prints the scores here.")
    for path in written:
        tell(f"Written: {path}")

"""story: the whole ceasefire on one page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from safeconduct.app.commands.monitor import read_moment
from safeconduct.app.panels import OutFolder, command, option
from safeconduct.app.tables import say


@command()
@click.argument("case")
@option(
    "--as-of", "known_at", default="", callback=read_moment, metavar="TIME", help="Only what was published by then."
)
@option(
    "--run", "run_folder", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
    help="A finished run whose bands are drawn beside the reports; default: the output folder, where a run lies there.",
)  # fmt: skip
@option(
    "--whatif", "whatifs", type=click.Path(path_type=Path), multiple=True, metavar="FOLDER",
    help="A folder that whatif wrote, as a switch of the page; repeat for more.",
)  # fmt: skip
@option("--out", type=OutFolder(), help="Output folder; default out/CASE.")
def story(
    case: str, known_at: date | datetime | None, run_folder: Path | None, whatifs: tuple[Path, ...], out: Path | None
) -> None:
    """CASE on one page: shared axis, two clocks, map, every report with its source, runs drawn apart."""
    from safeconduct import api

    folder = out or api.out_folder(case)
    there = folder if (folder / "summary.json").exists() else None
    with api.output(folder, case):
        made = api.story(case, known_at, run_folder or there, whatifs)
        written = made.write(folder)
    for sentence in made.sentences():
        say(sentence)
    for path in written:
        click.echo(f"Story: {path}")

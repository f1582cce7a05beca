"""story: the whole ceasefire on one page."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from safeconduct.app.commands.monitor import read_moment
from safeconduct.app.folders import monitor_folder
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
@option("--out", type=OutFolder(), help="Output folder; default out/CASE.")
def story(case: str, known_at: date | datetime | None, run_folder: Path | None, out: Path | None) -> None:
    """CASE on one page: shared axis, two clocks, map, every report with its source, runs drawn apart."""
    from safeconduct.findings.story import story_of, write_story

    folder = out or Path("out") / Path(case).name
    there = folder if (folder / "series.parquet").exists() else None
    made = story_of(monitor_folder(case), known_at, run_folder or there)
    known = len(made.view.known)
    say(f"{made.file.title}: {known:,} reports, {len(made.file.steps)} steps of reading")
    say(f"Runs: {made.run.name}" if made.run else "No run beside it; make one with: safeconduct run CASE")
    for path in write_story(made, folder):
        click.echo(f"Story: {path}")

"""convert: a folder in Flee's format becomes a case folder of ours, to be edited and run by our own rules."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.panels import command, option


@command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("case", type=click.Path(path_type=Path))
@option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the counts.")
def convert(folder: Path, case: Path, data: Path | None) -> None:
    """Write FOLDER, which is in Flee's format, as a case folder CASE: places, roads, people, events, claims.

    The case runs by the threshold and destination rules, with roads; what Flee's tables do not say is marked assumed.
    Of many people at most 50,000 are simulated: one then stands for ten, a hundred or more (one_in in case.yaml).
    """
    from safeconduct.scenario import WalkReading, case_files, read_case
    from safeconduct.terms import UsageError

    if case.exists():
        raise UsageError(f"{case} is there already; name a new folder.")
    scenario = read_case(folder, as_walk=WalkReading(data=data))
    if scenario.walk is None:
        raise UsageError(f"{folder} is a case folder already; there is nothing to convert.")
    files = case_files(scenario, scenario.walk)
    part = case.with_name(f".{case.name}.part")
    part.mkdir(parents=True)
    for name, text in files.items():
        (part / name).write_text(text, encoding="utf-8", newline="\n")
    part.rename(case)
    for warning in scenario.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"Case: {case} ({len(scenario.places)} places, {len(scenario.ledger.claims)} claims)")

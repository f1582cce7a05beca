"""check and cases: look at case folders without running them."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("case")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Flee's folders: the counts."
)
def check(case: str, data: Path | None) -> None:
    """Check CASE (a folder, or the name of a shipped case) and name every fault by file and line."""
    from safeconduct.scenario import WalkReading, check_case

    found = check_case(case, as_walk=WalkReading(data=data))
    for fault in found:
        click.echo(f"{'warning: ' if fault.is_warning else ''}{fault}", err=not fault.is_warning)
    n_faults = sum(not fault.is_warning for fault in found)
    if n_faults:
        click.echo(f"{n_faults} fault{'s' * (n_faults > 1)} in {case}.", err=True)
        sys.exit(2)
    click.echo(f"{case} is ready to run.")


@click.command()
def cases() -> None:
    """List the cases that are shipped."""
    from safeconduct.scenario import list_cases

    for case in list_cases():
        click.echo(f"{case.key}\n  {case.title}")

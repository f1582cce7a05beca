"""check and cases: look at case folders without running them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from safeconduct.app.panels import command, option
from safeconduct.terms import Fault


@command()
@click.argument("case")
@option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Flee's folders: the counts.")
def check(case: str, data: Path | None) -> None:
    """Check CASE (a folder, or the name of a shipped case), its accounts too, and name every fault by file and line."""
    found, is_runnable = faults_of(case, data)
    for fault in found:
        click.echo(f"{'warning: ' if fault.is_warning else ''}{fault}", err=not fault.is_warning)
    n_faults = sum(not fault.is_warning for fault in found)
    if n_faults:
        click.echo(f"{n_faults} fault{'s' * (n_faults > 1)} in {case}.", err=True)
        sys.exit(2)
    click.echo(f"{case} is ready to run." if is_runnable else f"{case} has nothing to run; its accounts are in order.")


def faults_of(case: str, data: Path | None) -> tuple[list[Fault], bool]:
    """Every fault of a case and of its accounts, and whether it is one to run."""
    from safeconduct.scenario import WalkReading, check_case, shipped_cases

    folder = Path(case) if Path(case).is_dir() else shipped_cases() / case
    has_accounts = (folder / "accounts.yaml").exists()
    is_runnable = (folder / "case.yaml").exists() or not has_accounts
    found = list(check_case(case, as_walk=WalkReading(data=data))) if is_runnable else []
    if has_accounts:
        from safeconduct.findings import check_accounts

        found += check_accounts(folder)
    return list(dict.fromkeys(found)), is_runnable


@command()
def cases() -> None:
    """List the cases that are shipped, and what each is for."""
    from safeconduct.scenario import list_cases, shipped_cases

    runs, records = {case.key: case.title for case in list_cases()}, record_titles(shipped_cases())
    for key in sorted(runs | records):
        uses = ["run, whatif, explain"] * (key in runs) + ["monitor, accounts, ledger"] * (key in records)
        click.echo(f"{key}\n  {runs.get(key) or records[key]}\n  for: {', '.join(uses)}")


def record_titles(folder: Path) -> dict[str, str]:
    """The title of each case there that has a monitor."""
    from ruamel.yaml import YAML

    found = sorted(folder.glob("*/monitor.yaml"))
    return {path.parent.name: str(YAML(typ="safe").load(path.read_text("utf-8"))["title"]) for path in found}

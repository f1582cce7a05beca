"""accounts: what each account of why would lead one to expect, beside what was reported."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.ledger_commands import print_table
from safeconduct.app.monitor_command import monitor_folder
from safeconduct.terms import UsageError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("case")
@click.option("--coding", default="", metavar="NAME", help="Way of reading the record; default: the case's first.")
@click.option(
    "--accounts", "added", multiple=True, type=FILE, metavar="FILE",
    help="A file with accounts of your own, or another coder's cells, in the form of accounts.yaml; may be repeated.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Output folder; default out/CASE.")
@click.option("--json", "is_json", is_flag=True, help="Everything as JSON on the screen, or into --out; no page.")
def accounts(case: str, coding: str, added: tuple[Path, ...], out: Path | None, is_json: bool) -> None:
    """What accounts of why in CASE would lead one to expect, what was reported, and what tells them apart."""
    from safeconduct.findings import accounts_json, accounts_summary, view_accounts, write_accounts

    view = view_accounts(monitor_folder(case), added, coding)
    if is_json:
        text = accounts_json(view)
        if out is None:
            click.echo(text, nl=False)
            return
        from safeconduct.ledger import write_whole

        if out.exists() and not out.is_dir():
            raise UsageError(f'"{out}" is a file; expected a folder; name another with --out')
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / "accounts.json", text)
        click.echo(f"Written: {out / 'accounts.json'}")
        return
    head, tables, tail = accounts_summary(view)
    for line in head:
        click.echo(line)
    for table in tables:
        print_table(table)
    for line in tail:
        click.echo(line)
    click.echo(f"Accounts: {write_accounts(view, out or Path('out') / Path(case).name)}")

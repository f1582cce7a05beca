"""accounts: what each account of why would lead one to expect, beside what was reported."""

from __future__ import annotations

from pathlib import Path

import click

from safeconduct.app.game_part import LEAST_GAMES, cache_folder, play
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
@click.option("--game", is_flag=True, help="Also hold accounts against the record as restrictions of one game.")
@click.option("--full", is_flag=True, help="With --game: score the timing of acts too, not only the answers to them.")
@click.option("--pooled", is_flag=True, help="With --game: also over the same guarantor's other guarantees.")
@click.option(
    "--games", type=click.IntRange(min=LEAST_GAMES), default=1600, show_default=True,
    help="With --game: games drawn from each account's prior; 1.5 times as many are then aimed at the record.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, help="With --game: seed of all draws.")
@click.option(
    "--cache", type=click.Path(file_okay=False, path_type=Path),
    help="With --game: folder for solved games (some 60 MB); default the user's cache folder.",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="With --game: keep no solved games.")
@click.option("--json", "is_json", is_flag=True, help="Everything as JSON on the screen, or into --out; no page.")
def accounts(
    case: str, coding: str, added: tuple[Path, ...], out: Path | None, game: bool, full: bool, pooled: bool, games: int,
    seed: int, cache: Path | None, no_cache: bool, is_json: bool,
) -> None:  # fmt: skip
    """What accounts of why in CASE would lead one to expect, what was reported, and what tells them apart."""
    if (full or pooled or cache or no_cache) and not game:
        raise UsageError("--full, --pooled, --cache and --no-cache belong to the game; add --game")
    if game and is_json:
        raise UsageError("--game writes game.json beside its page; leave --json out")
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
    folder = out or Path("out") / Path(case).name
    click.echo(f"Accounts: {write_accounts(view, folder)}")
    if game:
        kept = None if no_cache else cache or cache_folder()
        play(monitor_folder(case), folder, coding=coding, full=full, pooled=pooled, games=games, seed=seed, cache=kept)

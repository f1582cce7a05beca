"""accounts: what each account of why would lead one to expect, beside what was reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.api import monitor_folder
from safeconduct.app.game_part import LEAST_GAMES, ask, play, try_folder
from safeconduct.app.options import tell_machines
from safeconduct.app.panels import SEED, OutFolder, command, count, option
from safeconduct.app.tables import print_table, say
from safeconduct.terms import UsageError, cache_folder

if TYPE_CHECKING:
    from safeconduct.findings.accounts import AccountView

GAME_ONLY = ("full", "pooled", "games", "seed", "cache", "no_cache")  # options that say nothing without --game
GAME = "The game, with --game"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@command()
@click.argument("case")
@option("--coding", default="", metavar="NAME", help="Way of reading the record; default: the case's first.")
@option(
    "--accounts", "added", multiple=True, type=FILE, metavar="FILE",
    help="A file with accounts of your own, or another coder's cells, in the form of accounts.yaml; may be repeated.",
)  # fmt: skip
@option("--out", type=OutFolder(), help="Output folder; default out/CASE.")
@option("--json", "is_json", is_flag=True, help="Everything as JSON on the screen, or into --out; no page.")
@option("--game", is_flag=True, help="Also hold accounts against the record as restrictions of one game.")
@option("--full", is_flag=True, under=GAME, help="Score the timing of acts too, not only the answers to them.")
@option("--pooled", is_flag=True, under=GAME, help="Also over the same guarantor's other guarantees.")
@option(
    "--games", type=count(LEAST_GAMES, 100_000), default=1600, show_default=True,
    under=GAME, help="Games drawn from each account's prior; 1.5 times as many are then aimed at the record.",
)  # fmt: skip
@option("--seed", type=SEED, default=0, show_default=True, under=GAME, help="Seed of all draws.")
@option(
    "--cache", type=click.Path(file_okay=False, path_type=Path),
    under=GAME, help="Folder for solved games (some 60 MB); default the user's cache folder.",
)  # fmt: skip
@option("--no-cache", is_flag=True, under=GAME, help="Keep no solved games.")
@click.pass_context
def accounts(
    context: click.Context, case: str, coding: str, added: tuple[Path, ...], out: Path | None, game: bool, full: bool,
    pooled: bool, games: int, seed: int, cache: Path | None, no_cache: bool, is_json: bool,
) -> None:  # fmt: skip
    """What accounts of why in CASE would lead one to expect, what was reported, and what tells them apart."""
    if not game and (stray := [f"--{name.replace('_', '-')}" for name in GAME_ONLY if was_given(context, name)]):
        raise UsageError(
            f"{', '.join(stray)}: of the game only; add --game, or leave {'it' if len(stray) == 1 else 'them'} out."
        )
    if game and is_json:
        raise UsageError("--game writes game.json beside its page; leave --json out.")
    from safeconduct import api

    record, found = monitor_folder(case), api.accounts(case, coding, added=added)
    if is_json:
        tell_machines(found.to_json(), out, "accounts.json")
        return
    asked = None
    if game:
        kept = None if no_cache else cache or cache_folder("games")
        named = game_coding(found.view) if coding else ""
        asked = ask(record, coding=named, full=full, pooled=pooled, games=games, seed=seed, cache=kept)
        if kept and cache:
            try_folder(cache)
    folder = out or api.out_folder(case)
    written = found.write(folder)  # before the first line, as a reader may stop there
    head, tables, tail = found.said()
    for line in head:
        say(line)
    for table in tables:
        print_table(table)
    for line in tail:
        say(line)
    click.echo(f"Accounts: {written}")
    if asked:
        play(record, folder, asked, found.view.case.accounts)


def was_given(context: click.Context, name: str) -> bool:
    """Whether a person typed an option."""
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def game_coding(view: AccountView) -> str:
    """The file of codings/ from which a way of reading takes its answers; the game has no other codings."""
    if view.way.coding is None:
        raise UsageError(f'--coding is "{view.way.key}", which names no answers in accounts.yaml; the game needs them')
    return view.way.coding.key

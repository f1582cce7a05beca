"""The game beside the table of accounts: solve it on a coding of the case, show and write what it says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import click

from safeconduct.app.options import progress_bar
from safeconduct.app.tables import print_table, say
from safeconduct.terms import UsageError

if TYPE_CHECKING:
    from safeconduct.accounts import Account, GameCase, GameRequest

    Asked = tuple[GameRequest, GameCase]

LEAST_GAMES = 100  # fewer games of the prior than this are refused


def try_folder(folder: Path) -> None:
    """Make the folder that a user named for solved games. Raises UsageError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        told = error.strerror or str(error)
        raise UsageError(f'--cache: "{folder}" cannot be written to ({told}); name another, or --no-cache') from None


def ask(case: Path, *, coding: str, full: bool, pooled: bool, games: int, seed: int, cache: Path | None) -> Asked:
    """What is asked of the game, and all that it reads, in order. Raises UsageError or CaseError."""
    from safeconduct.accounts import GameRequest, read_game

    asked = GameRequest(coding, full, games, seed, cache, os.cpu_count() or 1, pooled)
    return asked, read_game(case, asked)


def play(case: Path, folder: Path, asked_and_read: Asked, accounts: Mapping[str, Account]) -> None:
    """Compare the accounts of a case as models, print the table and write game.html and game.json."""
    from safeconduct.accounts import play_case
    from safeconduct.findings.accounts import GameView, case_title, game_summary, write_game

    asked, told = asked_and_read
    with progress_bar("the game") as show:
        played = play_case(told, asked, lambda what, done, total: show(done, total))
    view = GameView(case_title(case), played.comparison, played.pooled, accounts)
    written = write_game(view, folder)
    lines, table = game_summary(view)
    for line in lines:
        say(line)
    print_table(table)
    if asked.cache is not None and played.not_kept:
        click.echo(f"Solved games could not be kept in {asked.cache} ({played.not_kept}); name another with --cache.")
    elif asked.cache is not None:
        size = sum(file.stat().st_size for file in asked.cache.glob("*.npz")) / 1e6
        say(f"Solved games kept in {asked.cache} ({size:,.0f} MB); delete the folder when you like.")
    click.echo(f"The game: {written}")

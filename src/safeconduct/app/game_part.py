"""The game beside the table of accounts: solve it on a coding of the case, show and write what it says."""

from __future__ import annotations

import os
from pathlib import Path

import click

from safeconduct.app.ledger_commands import print_table
from safeconduct.app.options import progress_bar

LEAST_GAMES = 100  # fewer games of the prior than this are refused


def cache_folder() -> Path:
    """Where solved games are kept: `safeconduct/games` of the user's cache folder."""
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "safeconduct" / "games"


def play(
    case: Path, folder: Path, *, coding: str, full: bool, pooled: bool, games: int, seed: int, cache: Path | None
) -> None:
    """Compare the accounts of a case as models, print the table and write game.html and game.json."""
    from safeconduct.findings import GameView, case_title, game_summary, write_game
    from safeconduct.inference import GameRequest, play_case

    asked = GameRequest(coding, full, games, seed, cache, os.cpu_count() or 1, pooled)
    with progress_bar("the game") as show:
        found, several = play_case(case, asked, lambda what, done, total: show(done, total))
    view = GameView(case_title(case), found, several)
    lines, table = game_summary(view)
    for line in lines:
        click.echo(line)
    print_table(table)
    if cache is not None:
        size = sum(file.stat().st_size for file in cache.glob("*.npz")) / 1e6
        click.echo(f"Solved games kept in {cache} ({size:,.0f} MB); delete the folder when you like.")
    click.echo(f"The game: {write_game(view, folder)}")

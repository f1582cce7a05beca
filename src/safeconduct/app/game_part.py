"""The game beside the table of accounts: solve it on a coding of the case, show and write what it says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.app.options import progress_bar
from safeconduct.app.tables import print_table, say

if TYPE_CHECKING:
    from safeconduct.inference import GameRequest

LEAST_GAMES = 100  # fewer games of the prior than this are refused


def cache_folder() -> Path:
    """Where solved games are kept: `safeconduct/games` of the user's cache folder."""
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "safeconduct" / "games"


def ask(case: Path, *, coding: str, full: bool, pooled: bool, games: int, seed: int, cache: Path | None) -> GameRequest:
    """What is asked of the game, once all that it reads is in order. Raises UsageError or CaseError."""
    from safeconduct.inference import GameRequest, read_game

    asked = GameRequest(coding, full, games, seed, cache, os.cpu_count() or 1, pooled)
    read_game(case, asked)
    return asked


def play(case: Path, folder: Path, asked: GameRequest) -> None:
    """Compare the accounts of a case as models, print the table and write game.html and game.json."""
    from safeconduct.findings import GameView, case_title, game_summary, write_game
    from safeconduct.inference import play_case

    with progress_bar("the game") as show:
        found, several = play_case(case, asked, lambda what, done, total: show(done, total))
    view = GameView(case_title(case), found, several)
    lines, table = game_summary(view)
    for line in lines:
        say(line)
    print_table(table)
    if asked.cache is not None:
        size = sum(file.stat().st_size for file in asked.cache.glob("*.npz")) / 1e6
        say(f"Solved games kept in {asked.cache} ({size:,.0f} MB); delete the folder when you like.")
    click.echo(f"The game: {write_game(view, folder)}")

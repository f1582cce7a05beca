"""The prior library: games drawn from every account's prior, solved once, for every coding, date and simulated truth.

Importance sampling: an account's evidence is the weighted mean likelihood over its draws, and the effective sample
size says how many of them carried it. Here the prior is the proposal and all weights are equal; `game_aimed.py`
adds draws where a record is likely. A draw whose solution fails a gate is left out and counted.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO
from multiprocessing import active_children
from pathlib import Path
from time import time
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import numpy as np

from safeconduct.accounts.codings.restrictions import (
    ACCOUNTS,
    Account,
    draw_proteges,
    prior_beliefs,
    prior_places,
    stakes_at,
)
from safeconduct.actors import (
    DEFAULT_GRID,
    DISCOUNT,
    HORIZON,
    Floats,
    Ints,
    Outside,
    Policies,
    Solution,
    guarantee_core,
    guarantee_game,
    policies_of,
    solve,
)
from safeconduct.ensemble import obey_parent, server
from safeconduct.terms import Draws, write_whole

DRAWS = 1600  # games an account from its prior (the effective sample size is printed)
DAY = 86_400.0  # seconds
PROTEGES = 24  # met by each game
DRAWN_BY = (
    "codings/restrictions.py",
    "game/solved_prior.py",
)  # beside the solver, what a kept shelf depends on


@dataclass(frozen=True)
class SolvedPrior:
    """The solved games of one account."""

    account: Account
    policies: Policies
    levels: tuple[float, ...]  # of its covariate, in the order of the policies' level axis
    numbers: Ints  # [game] number of its draw: the same number under two accounts shares what both have
    places: Floats  # [game, varied stake] uniform numbers that the stakes are quantiles at
    log_weight: Floats  # [game] log of prior over proposal; 0 for draws from the prior
    n_refused: int  # draws left out because a gate failed

    def level_index(self, levels: Floats) -> Ints:
        """[period] index of each level on the shelf's axis."""
        if len(self.levels) == 1:
            return np.zeros(levels.size, dtype=np.int64)
        return np.array([self.levels.index(float(level)) for level in levels], dtype=np.int64)


@dataclass
class Cache:
    """Shelves of all accounts, filled when first asked for and kept: in memory, and in a folder where one is given."""

    seed: int = 0
    n_draws: int = DRAWS
    folder: Path | None = None
    accounts: tuple[Account, ...] = ACCOUNTS
    _shelves: dict[str, SolvedPrior] = field(default_factory=dict)
    not_kept: str = ""  # why solved games could not be written to the folder; empty where they could

    def shelf(self, account: Account) -> SolvedPrior:
        """The solved games of an account."""
        if account.key not in self._shelves:
            self._shelves[account.key] = self._load(account) or self._keep(fill(account, self.seed, self.n_draws))
        return self._shelves[account.key]

    def fill(self, workers: int = 1, watch: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Solve what is missing, on so many processes; `watch` gets how many accounts are done."""
        sweep(self.folder)
        for account in self.accounts:
            if account.key not in self._shelves and (kept := self._load(account)):
                self._shelves[account.key] = kept
        missing = [account for account in self.accounts if account.key not in self._shelves]
        watch(len(self._shelves), len(self.accounts))
        if workers > 1 and len(missing) > 1:
            pool = ProcessPoolExecutor(workers, mp_context=server(), initializer=obey_parent)
            try:
                tasks = [pool.submit(fill, account, self.seed, self.n_draws) for account in missing]
                for account, task in zip(missing, tasks, strict=True):
                    self._shelves[account.key] = self._keep(task.result())
                    watch(len(self._shelves), len(self.accounts))
            except BaseException:  # a shelf takes minutes, and no one waits for it now
                for worker in active_children():
                    worker.terminate()
                raise
            finally:
                pool.shutdown(cancel_futures=True)
        for account in missing:
            self.shelf(account)
            watch(len(self._shelves), len(self.accounts))

    def with_shelves(self, shelves: Sequence[SolvedPrior]) -> Cache:
        """The same library with other shelves, kept in memory only."""
        return Cache(self.seed, self.n_draws, None, self.accounts, {one.account.key: one for one in shelves})

    def _path(self, account: Account) -> Path | None:
        if self.folder is None:
            return None
        made_of = (
            account, account.priors, self.seed, self.n_draws, HORIZON, DISCOUNT, DEFAULT_GRID.size, PROTEGES,
            solver_hash(),
        )  # fmt: skip
        name = blake2b(repr(made_of).encode(), digest_size=8).hexdigest()
        return self.folder / f"{account.key}-{name}.npz"

    def _keep(self, shelf: SolvedPrior) -> SolvedPrior:
        """Write a shelf to the folder; where that fails, the comparison goes on without it and says so."""
        path = self._path(shelf.account)
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_shelf(shelf, path)
            except OSError as error:
                self.not_kept = error.strerror or str(error)
        return shelf

    def _load(self, account: Account) -> SolvedPrior | None:
        """A kept shelf; None where there is none or its file cannot be read, so that it is solved anew."""
        path = self._path(account)
        try:
            return read_shelf(account, path) if path else None
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error):
            return None


def read_shelf(account: Account, path: Path) -> SolvedPrior:
    """A shelf as `write_shelf` kept it."""
    with np.load(path) as kept:
        policies = Policies(*(kept[name] for name in ("move", "answer", "proteges", "belief", "grid")))
        levels = tuple(map(float, kept["levels"]))
        numbers, places, log_weight = (kept[name] for name in ("numbers", "places", "log_weight"))
        return SolvedPrior(account, policies, levels, numbers, places, log_weight, int(kept["n_refused"]))


def write_shelf(shelf: SolvedPrior, path: Path) -> None:
    """Keep a shelf in a file that numpy reads, lightly packed; two comparisons may fill one folder at the same time."""
    p = shelf.policies
    columns: dict[str, Any] = {
        "move": p.move,
        "answer": p.answer,
        "proteges": p.proteges,
        "belief": p.belief,
        "grid": p.grid,
    }
    columns |= {"levels": np.array(shelf.levels), "numbers": shelf.numbers, "places": shelf.places}
    columns |= {"log_weight": shelf.log_weight, "n_refused": np.array(shelf.n_refused)}
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=1) as box:
        for name, column in columns.items():
            with box.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, column, allow_pickle=False)
    write_whole(path, packed.getvalue())


def sweep(folder: Path | None) -> None:
    """Remove the parts of files that a comparison left when it was killed, a day ago or earlier."""
    for part in folder.glob(".*.part") if folder else ():
        with suppress(OSError):
            if time() - part.stat().st_mtime > DAY:
                part.unlink()


@cache
def solver_hash() -> str:
    """A hash of the code that draws and solves games, so that a kept shelf of other code is not used."""
    rooms = [*files("safeconduct.actors").iterdir(), *map(files("safeconduct.accounts").joinpath, DRAWN_BY)]
    code = sorted((file.name, file.read_bytes()) for file in rooms if file.is_file())
    return blake2b(repr(code).encode(), digest_size=8).hexdigest()


def fill(account: Account, seed: int, n_draws: int) -> SolvedPrior:
    """Draw games from an account's prior and solve each at every level of its covariate."""
    return solved(account, Draws(seed), prior_places(account, Draws(seed), n_draws), np.arange(n_draws))


def solved(account: Account, draws: Draws, places: Floats, numbers: Ints) -> SolvedPrior:
    """The games at these places, numbered, each solved at every level; with equal weights."""
    game = guarantee_game if "hedge_cost" in account.changes else guarantee_core
    usable: list[Sequence[Solution]] = []
    kept = np.zeros(len(places), dtype=bool)
    for i, stake in enumerate(stakes_at(account, places)):
        found = [solve(game(stake, _outside(account, level), account.rules)) for level in account.levels]
        kept[i] = all(solution.is_usable for solution in found)
        if kept[i]:
            usable.append(found)
    numbers = numbers[kept]
    policies = policies_of(usable, prior_beliefs(draws, numbers), draw_proteges(account, draws, numbers, PROTEGES))
    return SolvedPrior(
        account, policies, account.levels, numbers, places[kept], np.zeros(numbers.size), int((~kept).sum())
    )


def _outside(account: Account, level: float) -> Outside:
    return Outside(**{account.covariate: level}) if account.covariate else Outside()

"""The prior library: games drawn from every account's prior, solved once, for every coding, date and simulated truth.

Importance sampling with the prior as proposal: an account's evidence is the mean likelihood over its draws, and the
effective sample size says how many of them carried it. A draw whose solution fails a gate is left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np

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
from safeconduct.inference.accounts import ACCOUNTS, Account, draw_proteges, draw_stakes
from safeconduct.terms import Draws

DRAWS = 4000  # games an account (the effective sample size is told)
PROTEGES = 24  # met by each game


@dataclass(frozen=True)
class Shelf:
    """The solved games of one account."""

    account: Account
    policies: Policies
    levels: tuple[float, ...]  # of its covariate, in the order of the policies' level axis
    numbers: Ints  # [game] number of its draw: the same number under two accounts shares what both have
    n_refused: int  # draws left out because a gate failed

    def level_index(self, levels: Floats) -> Ints:
        """[period] index of each level on the shelf's axis."""
        if len(self.levels) == 1:
            return np.zeros(levels.size, dtype=np.int64)
        return np.array([self.levels.index(float(level)) for level in levels], dtype=np.int64)


@dataclass
class Library:
    """Shelves of all accounts, filled when first asked for and kept: in memory, and in a folder where one is given."""

    seed: int = 0
    n_draws: int = DRAWS
    folder: Path | None = None
    accounts: tuple[Account, ...] = ACCOUNTS
    _shelves: dict[str, Shelf] = field(default_factory=dict)

    def shelf(self, account: Account) -> Shelf:
        """The solved games of an account."""
        if account.key not in self._shelves:
            self._shelves[account.key] = self._load(account) or self._keep(fill(account, self.seed, self.n_draws))
        return self._shelves[account.key]

    def fill(self, workers: int = 1) -> None:
        """Solve what is missing, on so many processes."""
        missing = [a for a in self.accounts if a.key not in self._shelves and not self._path(a, exists=True)]
        if workers > 1 and missing:
            with ProcessPoolExecutor(workers) as pool:
                tasks = [pool.submit(fill, account, self.seed, self.n_draws) for account in missing]
                for task in tasks:
                    shelf = self._keep(task.result())
                    self._shelves[shelf.account.key] = shelf
        for account in self.accounts:
            self.shelf(account)

    def _path(self, account: Account, *, exists: bool = False) -> Path | None:
        if self.folder is None:
            return None
        made_of = (account, account.priors, self.seed, self.n_draws, HORIZON, DISCOUNT, DEFAULT_GRID.size, PROTEGES)
        name = blake2b(repr(made_of).encode(), digest_size=8).hexdigest()
        path = self.folder / f"{account.key}-{name}.npz"
        return None if exists and not path.exists() else path

    def _keep(self, shelf: Shelf) -> Shelf:
        path = self._path(shelf.account)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            p, part = shelf.policies, path.with_suffix(".part.npz")
            np.savez(
                part, move=p.move, answer=p.answer, proteges=p.proteges, belief=p.belief, grid=p.grid,
                levels=shelf.levels, numbers=shelf.numbers, n_refused=shelf.n_refused,
            )  # fmt: skip
            part.replace(path)
        return shelf

    def _load(self, account: Account) -> Shelf | None:
        path = self._path(account, exists=True)
        if path is None:
            return None
        with np.load(path) as kept:
            policies = Policies(*(kept[name] for name in ("move", "answer", "proteges", "belief", "grid")))
            return Shelf(account, policies, tuple(map(float, kept["levels"])), kept["numbers"], int(kept["n_refused"]))


def fill(account: Account, seed: int, n_draws: int) -> Shelf:
    """Draw games from an account's prior and solve each at every level of its covariate."""
    draws = Draws(seed)
    stakes, belief = draw_stakes(account, draws, n_draws)
    game = guarantee_game if "hedge_cost" in account.changes else guarantee_core
    levels = account.levels
    usable: list[Sequence[Solution]] = []
    kept = np.zeros(n_draws, dtype=bool)
    for i, stake in enumerate(stakes):
        solved = [solve(game(stake, _outside(account, level), account.rules)) for level in levels]
        kept[i] = all(solution.is_usable for solution in solved)
        if kept[i]:
            usable.append(solved)
    proteges = draw_proteges(account, draws, n_draws, PROTEGES)[kept]
    policies = policies_of(usable, belief[kept], proteges)
    return Shelf(account, policies, levels, np.flatnonzero(kept), int(n_draws - kept.sum()))


def _outside(account: Account, level: float) -> Outside:
    return Outside(**{account.covariate: level}) if account.covariate else Outside()

"""The guarantee game on a case's own codings: read them, compare the accounts, pool the guarantees where asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from safeconduct.accounts.codings.coding import CODINGS, Coding, read_codings
from safeconduct.accounts.codings.held import (
    COUNTS,
    HELD,
    Comparators,
    HeldAccount,
    read_comparators,
    read_held_accounts,
)
from safeconduct.accounts.game.compare import AccountComparison, compare_accounts
from safeconduct.accounts.game.pooled import HERE, Guarantees, PooledComparison, compare_pooled
from safeconduct.accounts.game.solved_prior import DRAWS, Cache
from safeconduct.terms import UsageError, closest, is_there

GUARANTEES = "guarantees"  # folder in it: codings of the guarantor's other guarantees
FIRST = "strict"  # the coding that is taken where none is named
NOT_CODINGS = ("outside", "compared")  # YAML files of the folder that are no coding
Watch = Callable[[str, int, int], None]  # what is done, how far, of how many


@dataclass(frozen=True)
class GameRequest:
    """What a user asks of the game."""

    coding: str = ""
    scores_moves: bool = False
    n_draws: int = DRAWS
    seed: int = 0
    cache: Path | None = None
    workers: int = 1
    pooled: bool = False


def coding_names(case: Path) -> tuple[str, ...]:
    """The codings that a case has, the one that is taken by default first."""
    names = [path.stem for path in (case / CODINGS).glob("*.yaml") if path.stem not in NOT_CODINGS]
    return tuple(sorted(names, key=lambda name: (name != FIRST, name)))


@dataclass(frozen=True)
class GameCase:
    """All that the game reads of a case: the coding asked for, its others, its other guarantees, the tables beside."""

    coding: Coding
    others: tuple[Coding, ...]
    guarantees: dict[str, Guarantees]  # by coding, the one asked for first; empty where they were not asked for
    held: tuple[HeldAccount, ...]
    comparators: Comparators | None


def read_game(case: Path, asked: GameRequest) -> GameCase:
    """Read what a request needs, so that nothing is solved for a faulty one. Raises UsageError or CaseError."""
    folder, names = case / CODINGS, coding_names(case)
    if not names:
        raise UsageError(f'the case "{case.name}" has no codings; expected {CODINGS}/*.yaml; see docs/game.md, Codings')
    if asked.coding and asked.coding not in names:
        told = f"expected one of {', '.join(names)}; {closest(asked.coding, names)}"
        raise UsageError(f'--coding is "{asked.coding}"; {told}')
    name = asked.coding or names[0]
    coding, *others = read_codings(folder, (name, *(other for other in names if other != name)))
    several = _guarantees(folder, (coding, *others)) if asked.pooled else {}
    held = read_held_accounts(folder) if is_there(folder / HELD.file) else ()
    comparators = read_comparators(folder) if is_there(folder / COUNTS.file) else None
    return GameCase(coding, tuple(others), several, held, comparators)


@dataclass(frozen=True)
class Played:
    """What came of a request."""

    comparison: AccountComparison
    pooled: PooledComparison | None
    not_kept: str  # why solved games could not be kept; empty where they were, or they were not asked for


def play_case(told: GameCase, asked: GameRequest, watch: Watch = lambda what, done, total: None) -> Played:
    """Compare the accounts on a case's coding; all its codings widen the ranges."""
    library = Cache(asked.seed, asked.n_draws, asked.cache)
    library.fill(asked.workers, lambda done, total: watch("solving games", done, total))
    result = compare_accounts(
        told.coding, library, others=told.others, held=told.held, comparators=told.comparators,
        scores_moves=asked.scores_moves, watch=lambda done, total: watch("aiming further games", done, total),
    )  # fmt: skip
    pooled = None
    if told.guarantees:
        pooled = compare_pooled(told.guarantees, library, lambda done, total: watch("other guarantees", done, total))
    return Played(result, pooled, library.not_kept)


def _guarantees(folder: Path, codings: Sequence[Coding]) -> dict[str, Guarantees]:
    """For each coding that all the guarantor's guarantees have: theirs, and this one. The first must be among them."""
    places = sorted(path for path in (folder / GUARANTEES).glob("*") if path.is_dir())
    if not places:
        raise UsageError(f"--pooled: the case has no other guarantees, in {CODINGS}/{GUARANTEES}/; leave it out")
    found: dict[str, Guarantees] = {
        coding.key: {path.name: read_codings(path, (coding.key,))[0] for path in places} | {HERE: coding}
        for coding in codings
        if all(is_there(path / f"{coding.key}.yaml") for path in places)
    }
    first = codings[0].key
    if first not in found:
        raise UsageError(f"--pooled: not every other guarantee has the coding {first} in {CODINGS}/{GUARANTEES}/")
    for key, several in found.items():
        if len({coding.rules.coding_error_chance for coding in several.values()}) > 1:
            raise UsageError(f"--pooled: guarantees differ in coding_error_chance under the coding {key}; make it one")
    return found

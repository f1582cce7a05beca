"""What tests of the game share: three accounts with few games, held against the shipped strict coding."""

from __future__ import annotations

import pytest
from few_accounts import CODINGS, FEW
from hypothesis import HealthCheck, settings

from safeconduct.accounts.codings.coding import Coding, read_codings
from safeconduct.accounts.codings.held import read_comparators, read_held_accounts
from safeconduct.accounts.game.compare import AccountComparison, compare_accounts
from safeconduct.accounts.game.solved_prior import Cache

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # slow machines pass
settings.load_profile("patient")


@pytest.fixture(scope="session")
def strict() -> Coding:
    """The strict coding of the shipped case."""
    return read_codings(CODINGS, ("strict",))[0]


@pytest.fixture(scope="session")
def library() -> Cache:
    """40 games of each of three accounts."""
    return Cache(seed=0, n_draws=40, accounts=FEW)


@pytest.fixture(scope="session")
def compared(strict: Coding, library: Cache) -> AccountComparison:
    """The comparison of three accounts, with the broad coding beside the strict one."""
    return compare_accounts(
        strict,
        library,
        others=read_codings(CODINGS, ("broad",)),
        held=read_held_accounts(CODINGS),
        comparators=read_comparators(CODINGS),
        truths=4,
        recovery_games=40,
    )

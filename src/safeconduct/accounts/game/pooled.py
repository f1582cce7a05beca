"""Several guarantees of one guarantor: judged apart, or with a belief that is public in all of them, in calendar order.

Apart, each case has its own stakes and its own belief. Shared, the guarantor is one player: one set of stakes, one
type, and what it does in one case moves the belief in the others (the literal chain store). Moves are given in both.
What is not modelled: that players in one case foresee the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import CodedHistory, Coding
from safeconduct.accounts.game.evidence import Evidence, evidence_of
from safeconduct.accounts.game.importance_sampling import aimed
from safeconduct.accounts.game.ranges import RangeRow, range_row, share
from safeconduct.accounts.game.solved_prior import Cache, SolvedPrior
from safeconduct.actors import History, Ints, coding_error, score

HERE = "this case"  # the guarantee that was asked about; the range goes over its dates
Guarantees = Mapping[str, Coding]  # case -> the same way of reading it
Ways = dict[str, tuple[Evidence, Evidence]]  # dating of this case -> evidence apart and shared; the main one first


@dataclass(frozen=True)
class PooledAccount:
    """One account over several guarantees."""

    key: str
    apart: Evidence  # sum over cases; the size is that of the thinnest case
    shared: Evidence
    probability_apart: float
    probability_shared: float
    range_apart: RangeRow  # over the codings that all guarantees have, and the dates of this case
    range_shared: RangeRow


@dataclass(frozen=True)
class PooledComparison:
    """All accounts over several guarantees of one guarantor."""

    cases: tuple[str, ...]
    readings: tuple[str, ...]  # codings that all of them have, the one asked for first
    months: tuple[tuple[str, str], ...]  # (month, case) of every period of the merged history
    accounts: tuple[PooledAccount, ...]  # the most probable first, belief shared


def in_calendar_order(readings: Sequence[CodedHistory]) -> tuple[History, tuple[tuple[int, int], ...]]:
    """One history of all cases: periods by month, then by case; and (case, period) of each."""
    order = sorted((month, case, t) for case, one in enumerate(readings) for t, month in enumerate(one.months))
    places = tuple((case, t) for _, case, t in order)

    def merged(column: str) -> Ints:
        return np.array([getattr(readings[case].history, column)[t] for case, t in places], dtype=np.int64)

    return History(*(merged(name) for name in ("status", "habit", "stance", "move", "answer"))), places


def compare_pooled(
    codings: Mapping[str, Guarantees], library: Cache, watch: Callable[[int, int], None] = lambda done, total: None
) -> PooledComparison:
    """Evidence of every account for all cases together, apart and with a shared belief.

    codings: the one asked for first; the others widen the ranges. Games are aimed at each coding's guarantees.
    """
    tables: list[dict[str, Ways]] = []
    for guarantees in codings.values():
        near = aimed(library, tuple(guarantees.values()))
        tables.append({account.key: _ways(near.shelf(account), guarantees) for account in library.accounts})
        watch(len(tables), len(codings))
    first = next(iter(codings.values()))
    readings = [coding.readings()[0] for coding in first.values()]
    names = tuple(first)
    months = tuple((readings[case].months[t], names[case]) for case, t in in_calendar_order(readings)[1])
    rows = [_account(account.key, tuple(codings), tables) for account in library.accounts]
    return PooledComparison(names, tuple(codings), months, tuple(sorted(rows, key=lambda row: -row.probability_shared)))


def _ways(shelf: SolvedPrior, guarantees: Guarantees) -> Ways:
    """An account's evidence under every dating of its covariate in this case; other cases keep their main one."""
    own = guarantees[HERE].datings.get(shelf.account.covariate) or (None,)
    return {way.name if way else "": _evidence(shelf, guarantees, way) for way in own}


def _evidence(shelf: SolvedPrior, guarantees: Guarantees, own: Dating | None) -> tuple[Evidence, Evidence]:
    """Evidence apart and shared, under one dating of this case."""
    readings = [coding.readings()[0] for coding in guarantees.values()]
    error = coding_error(guarantees[HERE].rules.coding_error_chance)
    levels = [
        shelf.level_index(one.levels(own if name == HERE else _main(shelf, coding)))
        for (name, coding), one in zip(guarantees.items(), readings, strict=True)
    ]
    apart = [_scored(shelf, one.history, level, error) for one, level in zip(readings, levels, strict=True)]
    merged, places = in_calendar_order(readings)
    return _sum(apart), _scored(shelf, merged, np.array([levels[case][t] for case, t in places]), error)


def _scored(shelf: SolvedPrior, history: History, level: Ints, error: np.ndarray) -> Evidence:
    return evidence_of(score(shelf.policies, history, level, error).log_likelihood + shelf.log_weight)


def _main(shelf: SolvedPrior, coding: Coding) -> Dating | None:
    return next(iter(coding.datings.get(shelf.account.covariate, ())), None)


def _sum(parts: Sequence[Evidence]) -> Evidence:
    error = float(np.sqrt(sum(part.standard_error**2 for part in parts)))
    size = min(part.effective_size for part in parts)
    return Evidence(sum(part.log for part in parts), error, size, parts[0].n_draws)


def _account(key: str, codings: Sequence[str], tables: Sequence[Mapping[str, Ways]]) -> PooledAccount:
    """An account's row: the coding asked for with main datings, and the ends over all codings and datings."""
    apart, shared = ([_logs(table, which) for table in tables] for which in (0, 1))
    return PooledAccount(
        key,
        *next(iter(tables[0][key].values())),
        _chance(key, apart[0]),
        _chance(key, shared[0]),
        range_row(key, codings, apart),
        range_row(key, codings, shared),
    )


def _logs(table: Mapping[str, Ways], which: int) -> dict[str, dict[str, float]]:
    """Log evidence apart (0) or shared (1): account -> dating -> log."""
    return {key: {name: both[which].log for name, both in ways.items()} for key, ways in table.items()}


def _chance(key: str, logs: Mapping[str, Mapping[str, float]]) -> float:
    """An account's probability under the main datings."""
    main = {other: next(iter(ways.values())) for other, ways in logs.items()}
    return share(main[key], [log for other, log in main.items() if other != key])

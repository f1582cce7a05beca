"""Several guarantees of one guarantor: judged apart, or with a belief that is public in all of them, in calendar order.

Apart, each case has its own stakes and its own belief. Shared, the guarantor is one player: one set of stakes, one
type, and what it does in one case moves the belief in the others (the literal chain store). What is not modelled: that
players in one case foresee the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.actors import Floats, History, Ints, coding_error, score
from safeconduct.inference.game_coding import Coding, Reading
from safeconduct.inference.game_evidence import Evidence, evidence_of
from safeconduct.inference.game_library import Library, Shelf


@dataclass(frozen=True)
class PooledAccount:
    """One account over several guarantees."""

    key: str
    apart: Evidence  # sum over cases; the size is that of the thinnest case
    shared: Evidence
    probability_apart: float
    probability_shared: float


@dataclass(frozen=True)
class PooledComparison:
    """All accounts over several guarantees of one guarantor."""

    cases: tuple[str, ...]
    months: tuple[tuple[str, str], ...]  # (month, case) of every period of the merged history
    accounts: tuple[PooledAccount, ...]  # the most probable first, belief shared


def in_calendar_order(readings: Sequence[Reading]) -> tuple[History, tuple[tuple[int, int], ...]]:
    """One history of all cases: periods by month, then by case; and (case, period) of each."""
    order = sorted((month, case, t) for case, one in enumerate(readings) for t, month in enumerate(one.months))
    places = tuple((case, t) for _, case, t in order)

    def merged(column: str) -> Ints:
        return np.array([getattr(readings[case].history, column)[t] for case, t in places], dtype=np.int64)

    return History(*(merged(name) for name in ("status", "habit", "stance", "move", "answer"))), places


def compare_pooled(codings: Mapping[str, Coding], library: Library) -> PooledComparison:
    """Evidence of every account for all cases together, apart and with a shared belief."""
    readings = [coding.readings()[0] for coding in codings.values()]
    errors = [coding_error(coding.rules.coding_error_chance) for coding in codings.values()]
    merged, places = in_calendar_order(readings)
    found: list[tuple[str, Evidence, Evidence]] = []
    for account in library.accounts:
        shelf = library.shelf(account)
        levels = [_level(shelf, coding, one) for coding, one in zip(codings.values(), readings, strict=True)]
        apart = [
            evidence_of(score(shelf.policies, one.history, level, error).log_likelihood + shelf.log_weight)
            for one, level, error in zip(readings, levels, errors, strict=True)
        ]
        level = np.array([levels[case][t] for case, t in places])
        shared = evidence_of(score(shelf.policies, merged, level, errors[0]).log_likelihood + shelf.log_weight)
        found.append((account.key, _sum(apart), shared))
    chances = _shares([apart.log for _, apart, _ in found]), _shares([shared.log for _, _, shared in found])
    rows = [
        PooledAccount(key, apart, shared, float(chances[0][i]), float(chances[1][i]))
        for i, (key, apart, shared) in enumerate(found)
    ]
    names = tuple(codings)
    months = tuple((readings[case].months[t], names[case]) for case, t in places)
    return PooledComparison(names, months, tuple(sorted(rows, key=lambda row: -row.probability_shared)))


def _level(shelf: Shelf, coding: Coding, reading: Reading) -> Ints:
    ways = coding.datings.get(shelf.account.covariate) or (None,)
    return shelf.level_index(reading.levels(ways[0]))


def _sum(parts: Sequence[Evidence]) -> Evidence:
    error = float(np.sqrt(sum(part.standard_error**2 for part in parts)))
    size = min(part.effective_size for part in parts)
    return Evidence(sum(part.log for part in parts), error, size, parts[0].n_draws)


def _shares(logs: Sequence[float]) -> Floats:
    weights = np.exp(np.array(logs) - max(logs))
    return np.asarray(weights / weights.sum())

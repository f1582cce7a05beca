"""How far an account's probability moves with the coding, its variants and the dates of what holds outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import Coding
from safeconduct.accounts.game.evidence import Evidence, evidence_of, mixed_log_likelihoods
from safeconduct.accounts.game.solved_prior import Cache
from safeconduct.actors import coding_error
from safeconduct.terms import Draws


@dataclass(frozen=True)
class RangeRow:
    """Where an account's probability lies over all readings."""

    key: str
    low: float
    low_where: str  # the reading at which it is lowest
    high: float
    high_where: str


@dataclass(frozen=True)
class Ranges:
    """Log evidence of every account under every coding, variant and dating of its covariate."""

    readings: tuple[str, ...]  # codings and variants
    logs: tuple[dict[str, dict[str, float]], ...]  # [reading] account -> dating -> log evidence; main dating first
    rows: tuple[RangeRow, ...]
    least_size: float  # effective draws behind the thinnest of these evidences
    main: Mapping[str, Evidence] = field(default_factory=dict)  # account -> evidence under the coding and main dating

    def row(self, key: str) -> RangeRow:
        """The range of one account."""
        return next(row for row in self.rows if row.key == key)

    @property
    def firsts(self) -> dict[str, int]:
        """How many readings rank each account first, with main datings."""
        counts: dict[str, int] = {}
        for logs in self.logs:
            first = max(logs, key=lambda key: next(iter(logs[key].values())))
            counts[first] = counts.get(first, 0) + 1
        return counts


def ranges_of(
    coding: Coding, others: Sequence[Coding], library: Cache, draws: Draws, *, scores_moves: bool = False
) -> Ranges:
    """Evidence over a coding, other codings, all their variants, and all datings of each account's covariate."""
    readings = [variant for one in (coding, *others) for variant in one.variants]
    found = [_evidences(reading, library, draws, scores_moves=scores_moves) for reading in readings]
    logs = tuple({key: {way: one.log for way, one in ways.items()} for key, ways in table.items()} for table in found)
    least = min(one.effective_size for table in found for ways in table.values() for one in ways.values())
    names = tuple(reading.key for reading in readings)
    rows = tuple(range_row(account.key, names, logs) for account in library.accounts)
    return Ranges(names, logs, rows, least, {key: next(iter(ways.values())) for key, ways in found[0].items()})


def _evidences(coding: Coding, library: Cache, draws: Draws, *, scores_moves: bool) -> dict[str, dict[str, Evidence]]:
    """Account -> dating -> evidence, the main dating first."""
    readings = coding.readings(draws)
    error = coding_error(coding.rules.coding_error_chance)
    found: dict[str, dict[str, Evidence]] = {}
    for account in library.accounts:
        ways: Sequence[Dating | None] = coding.datings.get(account.covariate) or (None,)
        shelf = library.shelf(account)
        found[account.key] = {
            way.name if way else "": evidence_of(
                mixed_log_likelihoods(shelf, readings, way, error, scores_moves=scores_moves)
            )
            for way in ways
        }
    return found


def range_row(key: str, names: Sequence[str], logs: Sequence[dict[str, dict[str, float]]]) -> RangeRow:
    """Lowest and highest probability: own worst dating against the others' best, and the other way round."""
    ends: list[tuple[float, str, float, str]] = []
    for name, table in zip(names, logs, strict=True):
        own = table[key]
        best = [max(ways.values()) for other, ways in table.items() if other != key]
        worst = [min(ways.values()) for other, ways in table.items() if other != key]
        low_way, high_way = min(own, key=lambda way: own[way]), max(own, key=lambda way: own[way])
        low, high = share(own[low_way], best), share(own[high_way], worst)
        ends.append((low, _where(name, low_way), high, _where(name, high_way)))
    low, low_where = min((end[0], end[1]) for end in ends)
    high, high_where = max((end[2], end[3]) for end in ends)
    return RangeRow(key, low, low_where, high, high_where)


def _where(name: str, way: str) -> str:
    return f"{name}; {way}" if way else name


def share(own: float, others: Sequence[float]) -> float:
    """The probability of one log evidence among others, with equal prior chances."""
    return float(np.exp(own - np.logaddexp.reduce([own, *others])))

"""How the picture changes when one cell, or one report, is coded otherwise: every one of them is tried."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.accounts.table import AccountTable, Count, Expects, Key, Seen


@dataclass(frozen=True, slots=True)
class Flip:
    """One cell coded otherwise, and what changes."""

    key: Key
    was: Expects
    to: Expects
    before: Count
    after: Count
    undone: tuple[tuple[int, int], ...]  # pairs of counts whose order changes


@dataclass(frozen=True, slots=True)
class RowFlip:
    """One report taken the other way, and what changes."""

    row: str
    was: Seen
    to: Seen
    n_counts: int  # accounts, as coded, whose counts change
    n_pairs: int  # pairs whose order changes


@dataclass(frozen=True, slots=True)
class Firmness:
    """What one other choice would change."""

    flips: tuple[Flip, ...]
    row_flips: tuple[RowFlip, ...]
    n_pairs: int  # of accounts that answer one question
    n_ordered: int  # pairs of which one leads on both counts
    n_firm: int  # of those: the same whichever one cell is flipped

    @property
    def n_turning(self) -> int:
        """Flips that change the order of at least one pair."""
        return sum(bool(flip.undone) for flip in self.flips)


def all_flips(table: AccountTable) -> Firmness:
    """Try every other code of every cell, and the other report of every row."""
    order = table.order
    flips = tuple(
        flip(table, (coder, account, row), to)
        for account, coder in table.readings
        for row in table.observations
        for to in Expects
        if to is not table.cells[coder, account, row].expects
    )
    ordered = {pair for pair, sign in order.items() if sign}
    undone = {pair for one in flips for pair in one.undone}
    rows = tuple(row_flip(table, row) for row in table.observations)
    return Firmness(flips, rows, len(order), len(ordered), len(ordered - undone))


def flip(table: AccountTable, key: Key, to: Expects) -> Flip:
    """One cell coded otherwise."""
    coder, account, _ = key
    place = table.readings.index((account, coder))
    before = table.counts[place]
    after = table.with_cell(key, to).count(account, coder)
    undone = tuple(
        (i, j)
        for (i, j), sign in table.order.items()
        if place in (i, j) and sign != sign_of(after, table.counts[j if place == i else i], place == i)
    )
    return Flip(key, table.cells[key].expects, to, before, after, undone)


def sign_of(one: Count, other: Count, is_first: bool) -> int:
    """The order of a pair, seen from its first member."""
    sign = one.leads(other) - other.leads(one)
    return sign if is_first else -sign


def row_flip(table: AccountTable, row: str) -> RowFlip:
    """One report taken the other way."""
    seen = table.record[row].seen
    other = table.with_record(row, seen.other)
    changed = sum(a.figures != b.figures for a, b in zip(table.counts, other.counts, strict=True))
    n_pairs = sum(sign != other.order[pair] for pair, sign in table.order.items())
    return RowFlip(row, seen, seen.other, changed, n_pairs)

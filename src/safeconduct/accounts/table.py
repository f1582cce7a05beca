"""Accounts by observations: what each account would lead one to expect, and what was reported.

Comes in: accounts, observations, coders' cells, one way of reading the record. Goes out: for each account and coder how
many expectations stand with the record and how many against it; which rows tell accounts apart. A count, no verdict:
several accounts expect the same, rows were picked by people, and nothing here is a probability.

The form is that of the analysis of competing hypotheses (R. J. Heuer, Psychology of Intelligence Analysis, 1999,
chapter 8), without its last step: no account is struck out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import combinations


class Expects(StrEnum):
    """What an account would lead one to expect of a row."""

    LIKELY = "likely"
    UNLIKELY = "unlikely"
    SILENT = "silent"


class Seen(StrEnum):
    """What the record says of a row."""

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    NOT_LOOKED_UP = "not looked up"
    NONE_FOUND = "none found"

    @property
    def is_told(self) -> bool:
        """Whether it can be held against an expectation."""
        return self in (Seen.YES, Seen.NO)

    @property
    def other(self) -> Seen:
        """The opposite report; yes where nothing is settled."""
        return Seen.NO if self is Seen.YES else Seen.YES


WORDS = {
    Seen.YES: "reported so",
    Seen.NO: "reported otherwise",
    Seen.DISPUTED: "disputed",
    Seen.NOT_LOOKED_UP: "never looked up",
    Seen.NONE_FOUND: "looked up, nothing found",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an account, and where they are said to."""

    who: str
    where: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """One explanation of why, as its holders put it."""

    id: str
    title: str
    short: str
    explains: str  # the question that it answers: only accounts that answer the same one are set beside each other
    text: str
    expects: str
    held_by: tuple[Holder, ...]
    is_added: bool = False  # comes from a user's file


@dataclass(frozen=True, slots=True)
class Observation:
    """One row: something that was or was not so, and who reports it."""

    id: str
    group: str
    asks: str  # a sentence that is so or not so
    when: str
    about: tuple[str, ...]  # keys of actors whose act or words it is
    reported: str
    disputed_by: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one coder reads in one account of one row, and why."""

    expects: Expects
    why: str


Key = tuple[str, str, str]  # coder, account, observation


@dataclass(frozen=True, slots=True)
class Reported:
    """What the record says of a row under one reading, in a word, a sentence and by which claims."""

    seen: Seen
    words: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How one account's expectations, as one coder reads them, stand to the record."""

    account: str
    coder: str
    as_predicted: int = 0
    against: int = 0
    disputed: tuple[int, int] = (0, 0)  # expected likely, expected unlikely
    not_looked_up: tuple[int, int] = (0, 0)
    none_found: tuple[int, int] = (0, 0)
    silent: int = 0

    @property
    def figures(self) -> tuple[object, ...]:
        """All that is printed of it."""
        return self.as_predicted, self.against, self.disputed, self.not_looked_up, self.none_found, self.silent

    def leads(self, other: Count) -> bool:
        """Whether it has no fewer as predicted and no more against, and differs in one of the two."""
        mine, theirs = (self.as_predicted, self.against), (other.as_predicted, other.against)
        return mine[0] >= theirs[0] and mine[1] <= theirs[1] and mine != theirs


@dataclass(frozen=True, slots=True)
class Apart:
    """How far one row tells accounts apart: those that expect it and those that do not."""

    observation: str
    likely: tuple[str, ...]
    unlikely: tuple[str, ...]
    n_pairs: int  # of accounts that answer one question, one holding the row likely and the other unlikely


@dataclass(frozen=True)
class AccountTable:
    """All accounts and rows of a case, every coder's cells, and the record under one reading."""

    accounts: Mapping[str, Account]
    observations: Mapping[str, Observation]
    cells: Mapping[Key, Cell]
    record: Mapping[str, Reported]

    @cached_property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """Account and coder, for everybody who coded that account; accounts in their order."""
        there = dict.fromkeys((account, coder) for coder, account, _ in self.cells)
        return tuple(pair for key in self.accounts for pair in there if pair[0] == key)

    def count(self, account: str, coder: str) -> Count:
        """How the expectations of one account, as one coder reads them, stand to the record."""
        found: dict[str, int] = {}
        for row in self.observations:
            kind = stands(self.cells[coder, account, row].expects, self.record[row].seen)
            found[kind] = found.get(kind, 0) + 1

        def both(word: Seen) -> tuple[int, int]:
            return found.get(f"{word}, {Expects.LIKELY}", 0), found.get(f"{word}, {Expects.UNLIKELY}", 0)

        return Count(
            account, coder, found.get("as predicted", 0), found.get("against", 0), both(Seen.DISPUTED),
            both(Seen.NOT_LOOKED_UP), both(Seen.NONE_FOUND), found.get("silent", 0),
        )  # fmt: skip

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """The counts of every account and coder, in the order of the accounts: not a ranking."""
        return tuple(self.count(*reading) for reading in self.readings)

    def expects(self, account: str, row: str) -> Expects | None:
        """What all coders of an account read in it; None where they differ."""
        said = {cell.expects for coder, key in self.coded(account) if (cell := self.cells[coder, key, row])}
        return said.pop() if len(said) == 1 else None

    def coded(self, account: str) -> list[tuple[str, str]]:
        """Coder and account, for each coder of an account."""
        return [(coder, key) for key, coder in self.readings if key == account]

    @cached_property
    def disagreements(self) -> tuple[tuple[str, str], ...]:
        """Account and row of each cell on which coders differ."""
        return tuple((a, row) for a in self.accounts for row in self.observations if self.expects(a, row) is None)

    def apart(self, row: str) -> Apart:
        """Which accounts hold a row likely, which unlikely; those whose coders differ are left out."""
        said = {account: self.expects(account, row) for account in self.accounts}
        likely, unlikely = (
            tuple(key for key, word in said.items() if word is wanted) for wanted in (Expects.LIKELY, Expects.UNLIKELY)
        )
        n_pairs = sum(self.answer_one(a, b) for a in likely for b in unlikely)
        return Apart(row, likely, unlikely, n_pairs)

    def answer_one(self, a: str, b: str) -> bool:
        """Whether two accounts answer the same question."""
        return self.accounts[a].explains == self.accounts[b].explains

    @cached_property
    def order(self) -> dict[tuple[int, int], int]:
        """For pairs of counts on one question: 1 where the first leads on both counts, -1 the second, else 0."""
        counts = self.counts
        return {
            (i, j): counts[i].leads(counts[j]) - counts[j].leads(counts[i])
            for i, j in combinations(range(len(counts)), 2)
            if counts[i].account != counts[j].account and self.answer_one(counts[i].account, counts[j].account)
        }

    def most_apart(self, *, told: bool) -> tuple[Apart, ...]:
        """Rows by how many pairs of accounts they tell apart: of those reported, or of those still open."""
        rows = [self.apart(row) for row in self.observations if self.record[row].seen.is_told is told]
        return tuple(sorted((one for one in rows if one.likely or one.unlikely), key=weight))

    def with_cell(self, key: Key, expects: Expects) -> AccountTable:
        """The same table with one cell coded otherwise."""
        return replace(self, cells={**self.cells, key: replace(self.cells[key], expects=expects)})

    def with_record(self, row: str, seen: Seen) -> AccountTable:
        """The same table with another report of one row."""
        return replace(self, record={**self.record, row: replace(self.record[row], seen=seen)})


def weight(one: Apart) -> tuple[int, int]:
    """Most pairs first; then the rows of which most accounts say anything."""
    return -one.n_pairs, -len(one.likely) - len(one.unlikely)


def stands(expects: Expects, seen: Seen) -> str:
    """How one expectation stands to one report, in a word."""
    if expects is Expects.SILENT:
        return "silent"
    if not seen.is_told:
        return f"{seen}, {expects}"
    return "as predicted" if (expects is Expects.LIKELY) == (seen is Seen.YES) else "against"

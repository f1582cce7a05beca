"""accounts.yaml: accounts of why, observations, ways of reading the record, and what coders read in each account.

Further files in the same form add to it: an account of your own, or a second coder's cells. Every fault of all of
them is reported at once, by file and line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from safeconduct.accounts.codings.coding import Coding, read_codings
from safeconduct.accounts.record import Rule, count_record
from safeconduct.accounts.table import (
    WORDS,
    Account,
    AccountTable,
    Cell,
    Expects,
    Holder,
    Key,
    Observation,
    Reported,
    Seen,
)
from safeconduct.scenario import Document, read_document
from safeconduct.terms import CaseError, Fault, closest, is_there, shown

FILE = "accounts.yaml"
OTHERS = "others"  # in cells: every row that is not named
OTHERWISE = "otherwise"  # in record: every coding that is not named
CELL = re.compile(r"(likely|unlikely|silent) - (\S.*)", re.DOTALL)
ADVICE = "see docs/accounts.md"
Named = TypeVar("Named")


class Strict(BaseModel):
    """No unknown names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CoderSpec(Strict):
    """A person who read accounts."""

    name: str = Field(min_length=1)
    about: str = ""


class WaySpec(Strict):
    """One way of reading the record."""

    title: str = Field(min_length=1)
    about: str = Field(min_length=1)
    answers: str = ""  # name of a file of codings/
    roles: dict[str, tuple[str, ...]] = {}  # what for -> keys of actors


class HolderSpec(Strict):
    """Who holds an account."""

    who: str = Field(min_length=1)
    where: str = ""
    claims: tuple[str, ...] = ()


class AccountSpec(Strict):
    """An account."""

    title: str = Field(min_length=1)
    short: str = Field(min_length=1, max_length=34)
    explains: str = Field(min_length=1)
    text: str = Field(min_length=1)
    expects: str = Field(min_length=1)
    held_by: tuple[HolderSpec, ...] = Field(min_length=1)


class ObservationSpec(Strict):
    """A row."""

    group: str = Field(min_length=1)
    asks: str = Field(min_length=1)
    when: str = Field(min_length=1)
    about: tuple[str, ...] = ()
    reported: str = Field(min_length=1)
    record: Seen | dict[str, Seen] | None = None
    counts: Rule | None = None
    disputed_by: str = ""
    claims: tuple[str, ...] = ()


class FileSpec(Strict):
    """One file."""

    title: str = ""
    codebook: str = ""
    coders: dict[str, CoderSpec] = {}
    codings: dict[str, WaySpec] = {}
    accounts: dict[str, AccountSpec] = {}
    observations: dict[str, ObservationSpec] = {}
    cells: dict[str, dict[str, dict[str, str]]] = {}


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading the record, and the game's coding whose answers it counts, where it counts any."""

    key: str
    title: str
    about: str
    roles: Mapping[str, tuple[str, ...]]
    coding: Coding | None

    @property
    def merged(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Where several actors count as one."""
        return tuple((what, actors) for what, actors in self.roles.items() if len(actors) > 1)


@dataclass(frozen=True)
class AccountCase:
    """Everything that the files of a case say on why."""

    title: str
    codebook: str
    coders: Mapping[str, CoderSpec]
    ways: tuple[Way, ...]
    accounts: Mapping[str, Account]
    observations: Mapping[str, Observation]
    cells: Mapping[Key, Cell]
    records: Mapping[str, Mapping[str, Reported]]  # way -> row -> what was reported
    codebook_hash: str  # of the codebook, the rows and the ways of reading
    hash: str  # of everything, cells included

    def table(self, way: str) -> AccountTable:
        """The table under one way of reading the record."""
        return AccountTable(self.accounts, self.observations, self.cells, self.records[way])


@dataclass(frozen=True)
class Part:
    """One file as read, with what is needed to tell where a fault stands."""

    document: Document
    spec: FileSpec
    faults: list[Fault]

    def note(self, where: Sequence[str | int], found: str, expected: str, advice: str) -> None:
        """Note a fault at the line of a value."""
        self.faults.append(self.document.fault(tuple(where), found, expected, advice))


def read_accounts(
    folder: Path,
    added: Sequence[Path] = (),
    *,
    claims: Collection[str] | None = None,
    actors: Collection[str] | None = None,
) -> AccountCase:
    """The accounts of a case folder and of further files. Raises CaseError with every fault of all of them."""
    faults: list[Fault] = []
    parts = [part for path in (folder / FILE, *added) if (part := read_part(path, faults))]
    if len(parts) <= len(added):
        raise CaseError(faults)
    ways = list(read_ways(folder, parts[0]))
    merged = merge(parts, ways, claims, actors)
    if faults:
        raise CaseError(faults)
    return case_of(parts, tuple(ways), merged)


def read_part(path: Path, faults: list[Fault]) -> Part | None:
    """One file; None, with its faults noted, where it does not fit."""
    document = read_document(path, faults)
    if document is None:
        return None
    try:
        return Part(document, FileSpec.model_validate(document.value), faults)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            one["loc"] = tuple(part for part in one["loc"] if "[" not in str(part))  # else the member of a union too
            is_other = one["type"] == "dict_type" or isinstance(one["input"], dict)
            if not (one["loc"][-1:] == ("record",) and is_other):  # the other member of the union tells it
                faults.append(document.misfit(one, ADVICE))
        return None


def read_ways(folder: Path, part: Part) -> Iterator[Way]:
    """The ways of reading that the case's own file names."""
    spec = part.spec
    for what in ("codebook", "codings", "observations", "accounts", "coders", "cells"):
        if not getattr(spec, what):
            part.note((), f"no {what}", f"{what} in the case's own file", ADVICE)
    names = list(dict.fromkeys(way.answers for way in spec.codings.values() if way.answers))
    for name in names:
        if not is_there(folder / "codings" / f"{name}.yaml"):
            known = [path.stem for path in (folder / "codings").glob("*.yaml")]
            part.note(("codings",), f"answers: {name}", "a file of the folder codings", closest(name, known))
            return
    try:
        codings = {one.key: one for one in read_codings(folder / "codings", names)} if names else {}
    except CaseError as error:
        part.faults.extend(error.faults)
        return
    for key, way in spec.codings.items():
        yield Way(key, way.title, way.about.strip(), way.roles, codings.get(way.answers))


@dataclass(frozen=True)
class Merged:
    """What the files say together."""

    coders: dict[str, CoderSpec]
    accounts: dict[str, Account]
    observations: dict[str, ObservationSpec]
    cells: dict[Key, Cell]


def merge(
    parts: Sequence[Part], ways: Sequence[Way], claims: Collection[str] | None, actors: Collection[str] | None
) -> Merged:
    """Put the files together; what clashes or leads nowhere is noted."""
    merged = Merged({}, {}, {}, {})
    for number, part in enumerate(parts):
        add_named(part, "coders", merged.coders, part.spec.coders)
        add_named(part, "observations", merged.observations, part.spec.observations)
        found = {key: account_of(key, spec, number > 0) for key, spec in part.spec.accounts.items()}
        add_named(part, "accounts", merged.accounts, found)
        for what in ("title", "codebook", "codings"):
            if number and getattr(part.spec, what):
                part.note((what,), "given in an added file", "it in the case's own file only", "leave it out")
    for part in parts:
        check_ids(part, ways, claims, actors)
        for coder, by_account in part.spec.cells.items():
            for account, said in by_account.items():
                merged.cells.update(cells_of(part, merged, (coder, account), said))
    coded = {account for _, account, _ in merged.cells}
    for part in parts:
        for key in part.spec.accounts:
            if key not in coded:
                part.note(("accounts", key), "an account without a coder", f"cells.CODER.{key}", "add them")
    return merged


def add_named(part: Part, what: str, there: dict[str, Named], new: Mapping[str, Named]) -> None:
    """Add things under names that are not taken yet."""
    for key, one in new.items():
        if key in there:
            part.note((what, key), "a name that is taken", f"a new name among {what}", "choose another")
        there.setdefault(key, one)


def account_of(key: str, spec: AccountSpec, is_added: bool) -> Account:
    """An account as its file gives it."""
    held = tuple(Holder(one.who, one.where, one.claims) for one in spec.held_by)
    return Account(key, spec.title, spec.short, spec.explains, spec.text.strip(), spec.expects.strip(), held, is_added)


def check_ids(part: Part, ways: Sequence[Way], claims: Collection[str] | None, actors: Collection[str] | None) -> None:
    """Note every id of a claim, an actor or a coding that leads nowhere, and rows without a record."""
    names = [way.key for way in ways]
    for key, account in part.spec.accounts.items():
        for at, holder in enumerate(account.held_by):
            lead(part, ("accounts", key, "held_by", at, "claims"), holder.claims, claims, "the id of a claim")
    for key, row in part.spec.observations.items():
        where = ("observations", key)
        lead(part, (*where, "claims"), row.claims, claims, "the id of a claim")
        lead(part, (*where, "about"), row.about, actors, "a key of actors.yaml")
        if (row.record is None) == (row.counts is None):
            part.note(where, "both record and counts, or neither", "one of the two", ADVICE)
        if isinstance(row.record, dict):
            lead(part, (*where, "record"), set(row.record) - {OTHERWISE}, names, "a coding of this file")
            if OTHERWISE not in row.record and set(names) - set(row.record):
                part.note((*where, "record"), "a coding left out", "each coding, or otherwise", "add it")
        if row.counts:
            check_counts(part, where, row.counts, ways)
        if row.counts and any(way.coding is None for way in ways):
            part.note((*where, "counts"), "a count", "answers in every coding, to count from", "write record instead")
    for key, way in part.spec.codings.items():
        for what, keys in way.roles.items():
            lead(part, ("codings", key, "roles", what), keys, actors, "a key of actors.yaml")


def check_counts(part: Part, where: tuple[str, str], rule: Rule, ways: Sequence[Way]) -> None:
    """Note a count whose days are turned round or whose grounds no act has: it would quietly come out as none."""
    if rule.until < rule.start:
        part.note(
            (*where, "counts"), f"until {rule.until}, from {rule.start}", "until on or after from", "correct them"
        )
    known = {act.grounds for way in ways if way.coding for act in way.coding.acts if act.grounds}
    if any(way.coding for way in ways):
        lead(part, (*where, "counts", "grounds"), rule.grounds, known, "grounds of acts.csv")


def lead(
    part: Part, where: tuple[str | int, ...], ids: Collection[str], known: Collection[str] | None, expected: str
) -> None:
    """Note each id that is not known; nothing is held to it where the known ones could not be read."""
    for word in ids:
        if known is not None and word not in known:
            advice = closest(word, known) if len(known) < 60 else "correct it or add it there"
            part.note(where, shown(word), expected, advice)


def cells_of(part: Part, merged: Merged, by: tuple[str, str], said: Mapping[str, str]) -> Iterator[tuple[Key, Cell]]:
    """One coder's cells of one account, for every row."""
    coder, account = by
    where = ("cells", coder, account)
    lead(part, ("cells", coder), [coder], merged.coders, "a coder")
    lead(part, where, [account], merged.accounts, "an account")
    lead(part, where, set(said) - {OTHERS}, merged.observations, "an observation")
    cells = {row: cell for row, text in said.items() if (cell := cell_of(part, (*where, row), text))}
    missing = [row for row in merged.observations if row not in said]
    if missing and OTHERS not in said:
        part.note(where, f"no cell for {', '.join(missing[:6])}", "one for each row", "add others: silent - why")
    if any((coder, account, row) in merged.cells for row in merged.observations):
        part.note(where, "an account coded twice by one coder", "it once", "use another coder's name")
    for row in merged.observations:
        if (cell := cells.get(row) or cells.get(OTHERS)) is not None:
            yield (coder, account, row), cell


def cell_of(part: Part, where: tuple[str, ...], text: str) -> Cell | None:
    """A cell as written: a word, a hyphen between blanks, a reason."""
    match = CELL.fullmatch(text.strip())
    if match is None:
        part.note(where, shown(text), "likely, unlikely or silent, then - and the reason", "write: likely - why")
        return None
    return Cell(Expects(match[1]), match[2].strip())


def told_of(row: ObservationSpec, way: Way) -> Reported:
    """What was reported of a row under one way of reading."""
    if row.counts and way.coding:
        return count_record(row.counts, way.coding)
    record = row.record
    seen = record.get(way.key, record.get(OTHERWISE)) if isinstance(record, dict) else record
    seen = seen or Seen.NOT_LOOKED_UP
    return Reported(seen, WORDS[seen])


def case_of(parts: Sequence[Part], ways: tuple[Way, ...], merged: Merged) -> AccountCase:
    """The case from what was read."""
    own = parts[0].spec
    records = {way.key: {key: told_of(row, way) for key, row in merged.observations.items()} for way in ways}
    rows = {key: observation_of(key, row, claims_of(row, records, key)) for key, row in merged.observations.items()}
    asked = list(dict.fromkeys(account.explains for account in merged.accounts.values()))
    accounts = dict(sorted(merged.accounts.items(), key=lambda item: asked.index(item[1].explains)))
    book = [own.codebook, repr(sorted(own.observations.items())), repr(own.codings)]
    book += [way.coding.hash for way in ways if way.coding]
    everything = [*book, repr(merged)]
    return AccountCase(
        own.title, own.codebook.strip(), merged.coders, ways, accounts, rows, merged.cells, records,
        digest(book), digest(everything),
    )  # fmt: skip


def observation_of(key: str, row: ObservationSpec, claims: tuple[str, ...]) -> Observation:
    """A row as its file gives it, with its claims."""
    return Observation(key, row.group, row.asks, row.when, row.about, row.reported.strip(), row.disputed_by, claims)


def claims_of(row: ObservationSpec, records: Mapping[str, Mapping[str, Reported]], key: str) -> tuple[str, ...]:
    """The claims that a row names, or those that its counts rest on."""
    counted = (claim for told in records.values() for claim in told[key].claims)
    return tuple(dict.fromkeys((*row.claims, *counted)))


def digest(parts: Sequence[str]) -> str:
    """A short hash of texts."""
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

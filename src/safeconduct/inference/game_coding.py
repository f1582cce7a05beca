"""A coding: one stated way of reading the record as moves and answers of the guarantee game.

Comes in: a folder `codings/` (acts.csv, outside.yaml, one YAML a coding). Goes out: `Coding`, and from it `Reading`s: a
history with the dates of what held outside. Each reading names the rows that it rests on; the coding's hash names its
codebook, so that a changed answer is a different coding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from safeconduct.actors import ANSWERS, MOVES, UNKNOWN, Floats, History
from safeconduct.inference.game_accounts import ACCOUNTS
from safeconduct.inference.game_acts import RECORDED_ANSWERS, Act, read_acts
from safeconduct.scenario import Document, model_faults, read_document
from safeconduct.terms import CaseError, Draws, Fault

T = TypeVar("T")
OFFENSIVE, STEP_UP = MOVES.index("offensive"), MOVES.index("step up")
CODINGS = "codings"  # folder of a case
MOST_READINGS = 12  # draws of dates within their windows


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """A level that held from one day to another."""

    start: date = Field(alias="from")
    until: date = date.max
    level: float = Field(ge=0, le=1)


class Dating(_Strict):
    """One way of dating a covariate."""

    name: str
    spans: tuple[Span, ...]

    def level(self, day: date) -> float:
        """The level in force on a day; 0 where no span covers it."""
        return next((span.level for span in self.spans if span.start <= day <= span.until), 0.0)


class Variant(_Strict):
    """What one variant of a coding changes."""

    name: str
    scopes: tuple[str, ...] | None = None
    answers: dict[str, str] | None = None
    answer_within_days: int | None = None
    excused_grounds: tuple[str, ...] | None = None
    left_out: tuple[str, ...] | None = None


ROLE = re.compile(r"\b(the )?(challenger|guarantor|protege)('s)?", re.IGNORECASE)


class Parties(_Strict):
    """Who has which role in this coding: names as readers are to see them, in the singular."""

    challenger: str
    guarantor: str
    protege: str


def in_names(text: str, parties: Parties) -> str:
    """A text in the theory's roles with the parties' names in their place."""

    def name(found: re.Match[str]) -> str:
        word = str(getattr(parties, found[2].lower()))
        is_start = found.start() == 0 or text[: found.start()].rstrip().endswith((".", ";"))
        word = word[:1].upper() + word[1:] if is_start else word
        return word + (("'" if word.endswith("s") else "'s") if found[3] else "")

    return ROLE.sub(name, text)


class Codebook(_Strict):
    """How a coding maps acts to the game."""

    title: str
    about: str
    parties: Parties
    start: str = Field(alias="from", pattern=r"^\d{4}-\d{2}$")
    until: str = Field(pattern=r"^\d{4}-\d{2}$")
    scopes: tuple[str, ...]
    answers: dict[str, str]
    answer_within_days: int = Field(gt=0)
    excused_grounds: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    coding_error_chance: float = Field(ge=0, lt=0.5)
    scores_stances: bool = True
    variants: tuple[Variant, ...] = ()

    def under(self, variant: Variant) -> Codebook:
        """These rules with a variant's changes."""
        changes = {k: v for k, v in variant.model_dump(exclude={"name"}).items() if v is not None}
        if "answers" in changes:
            changes["answers"] = {**self.answers, **changes["answers"]}
        return self.model_copy(update=changes)


@dataclass(frozen=True)
class Reading:
    """One history under one coding, with the dates at which what holds outside is looked up."""

    history: History
    months: tuple[str, ...]  # [period] YYYY-MM
    days: tuple[date, ...]  # [period] of the move, or the 15th
    rows: tuple[tuple[str, ...], ...]  # [period] rows of the record used
    weight: float = 1.0  # among readings that differ by dates within their windows

    def levels(self, dating: Dating | None) -> Floats:
        """[period] level of a covariate; 0 without a dating."""
        return np.array([dating.level(day) if dating else 0.0 for day in self.days])


@dataclass(frozen=True)
class Coding:
    """A stated way of reading the record."""

    key: str
    rules: Codebook
    acts: tuple[Act, ...]
    datings: Mapping[str, tuple[Dating, ...]]  # covariate -> datings, the main one first
    hash: str  # of the codebook: rules, acts and datings

    @property
    def title(self) -> str:
        """What the coding calls itself."""
        return self.rules.title

    @property
    def variants(self) -> tuple[Coding, ...]:
        """The coding itself, then under each of its variants."""
        return (self, *(self._under(variant) for variant in self.rules.variants))

    def _under(self, variant: Variant) -> Coding:
        return replace(self, key=f"{self.key}: {variant.name}", rules=self.rules.under(variant))

    def with_answers(self, changes: Mapping[str, str]) -> Coding:
        """The same coding with other recorded answers in some rows; its hash changes with them."""
        acts = tuple(replace(act, code=changes.get(act.row, act.code)) for act in self.acts)
        return replace(self, acts=acts, hash=_hash(self.rules, acts, self.datings))

    def readings(self, draws: Draws | None = None) -> tuple[Reading, ...]:
        """The reading with the dates as given; with draws, those with dates moved within their windows, weighted."""
        if draws is None or not any(act.window_days for act in self._used()):
            return (self._read(self.acts),)
        found: dict[bytes, Reading] = {}
        for turn in range(MOST_READINGS):
            reading = self._read(tuple(_moved(act, draws, turn) for act in self.acts))
            key = np.stack([reading.history.move, reading.history.answer, reading.history.stance]).tobytes()
            weight = found[key].weight if key in found else 0.0
            found[key] = replace(found.get(key, reading), weight=weight + 1.0 / MOST_READINGS)
        return tuple(found.values())

    def _used(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.kind in ("move", "stance"))

    def _moves(self, acts: Sequence[Act]) -> list[Act]:
        rules = self.rules
        return [a for a in acts if a.kind == "move" and a.scope in rules.scopes and a.row not in rules.left_out]

    def _read(self, acts: Sequence[Act]) -> Reading:
        months = _months(self.rules.start, self.rules.until)
        moves = self._moves(acts)
        status, move, answer, stance, days, rows = [], [], [], [], [], []
        steps = 0
        for month in months:
            here = [act for act in moves if f"{act.day:%Y-%m}" == month]
            scored = [act for act in here if act.grounds not in self.rules.excused_grounds]
            hedges = [a for a in acts if a.kind == "stance" and f"{a.day:%Y-%m}" == month]
            top = max(scored, key=lambda act: (act.code == MOVES[OFFENSIVE], act.severity), default=None)
            code, answered = self._answer(scored, acts)
            status.append(min(steps, 2))
            move.append(MOVES.index(top.code) if top else 0)
            answer.append(code if top else 0)
            stance.append(int(bool(hedges)))
            days.append(top.day if top else date.fromisoformat(f"{month}-15"))
            rows.append(tuple(act.row for act in (*scored, *answered, *hedges)))
            steps += any(act.code == MOVES[STEP_UP] for act in here)
        columns = [np.array(column, dtype=np.int64) for column in (status, [0, *stance[:-1]], stance, move, answer)]
        if not self.rules.scores_stances:
            columns[2] = np.full(len(months), UNKNOWN)
        return Reading(History(*columns), months, tuple(days), tuple(rows))

    def _answer(self, moves: Sequence[Act], acts: Sequence[Act]) -> tuple[int, list[Act]]:
        """The strongest answer to any of a month's moves within the days allowed, and the rows it rests on."""
        asked = {act.row: act.day for act in moves}
        found = [
            act
            for act in acts
            if act.kind == "answer"
            and act.row not in self.rules.left_out
            and any(
                (act.day - asked[row]).days <= self.rules.answer_within_days for row in act.answers_to if row in asked
            )
        ]
        codes = [ANSWERS.index(self.rules.answers[act.code]) for act in found]
        return (max(codes) if codes else UNKNOWN), found


def read_codings(folder: Path, names: Sequence[str]) -> tuple[Coding, ...]:
    """The named codings of a folder. Raises CaseError with every fault of its files."""
    faults: list[Fault] = []
    acts = read_acts(folder / "acts.csv", faults)
    outside = read_document(folder / "outside.yaml", faults)
    datings = _checked(outside, dict[str, tuple[Dating, ...]], faults)
    if outside and datings:
        faults += _level_faults(outside, datings)
    rules = {}
    for name in names:
        document = read_document(folder / f"{name}.yaml", faults)
        rule = _checked(document, Codebook, faults)
        if document and rule:
            rules[name] = rule
            faults += _mapping_faults(document, rule)
    if any(not fault.is_warning for fault in faults) or datings is None:
        raise CaseError(in_codings(folder, faults))
    return tuple(Coding(name, rule, acts, datings, _hash(rule, acts, datings)) for name, rule in rules.items())


def in_codings(folder: Path, faults: Iterable[Fault]) -> list[Fault]:
    """Faults with their files named as from the case's folder: an acts.csv may lie in several places below it."""
    parts = folder.parts
    place = "/".join(parts[parts.index(CODINGS) :]) + "/" if CODINGS in parts else ""
    return [replace(fault, file=place + fault.file) for fault in faults]


def _checked(document: Document | None, kind: type[T], faults: list[Fault]) -> T | None:
    if document is None:
        return None
    try:
        return TypeAdapter(kind).validate_python(document.value)
    except ValidationError as error:
        faults += model_faults(document, error, "see docs/game.md, Codings")
    return None


def _mapping_faults(document: Document, rules: Codebook) -> Iterator[Fault]:
    expected = f"one of {', '.join(ANSWERS)}"
    line = document.line(("answers",))
    for code in RECORDED_ANSWERS:
        if code not in rules.answers:
            yield Fault(document.file, line, "answers", f'no entry for "{code}"', expected, "add it")
    variants = ((("variants", n, "answers"), one.answers or {}) for n, one in enumerate(rules.variants))
    for where, mapping in ((("answers",), rules.answers), *variants):
        for code, answer in mapping.items():
            if answer not in ANSWERS or code not in RECORDED_ANSWERS:
                line = document.line((*where, code))
                yield Fault(document.file, line, "answers", f'"{code}: {answer}"', expected, "correct it")


def _level_faults(document: Document, datings: Mapping[str, tuple[Dating, ...]]) -> Iterator[Fault]:
    known = {account.covariate: account.levels for account in ACCOUNTS if account.covariate}
    for name, ways in datings.items():
        for way, dating in enumerate(ways):
            for at, span in enumerate(dating.spans):
                if name in known and span.level not in known[name]:
                    line, expected = document.line((name, way, "spans", at)), f"one of {known[name]}"
                    found, advice = f"{span.level:g}", "use a solved level"
                    yield Fault(document.file, line, f"{name}.level", found, expected, advice)


def _months(start: str, until: str) -> tuple[str, ...]:
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (start, until))
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))


def _moved(act: Act, draws: Draws, turn: int) -> Act:
    if not act.window_days:
        return act
    uniform = float(draws.uniform(f"date of {act.row}", turn))
    return replace(act, day=act.day + timedelta(days=int(uniform * (2 * act.window_days + 1)) - act.window_days))


def _hash(rules: Codebook, acts: tuple[Act, ...], datings: Mapping[str, tuple[Dating, ...]]) -> str:
    parts = [rules.model_dump_json(), *map(repr, acts), *(f"{name}{value!r}" for name, value in datings.items())]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

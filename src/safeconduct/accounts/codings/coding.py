"""A coding: one stated way of reading the record as moves and answers of the guarantee game.

Comes in: a folder `codings/` (acts.csv, outside.yaml, one YAML a coding). Goes out: `Coding`, and from it `Reading`s: a
history with the dates of what held outside. Each reading names the rows that it rests on; the coding's hash names its
codebook, so that a changed answer is a different coding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np

from safeconduct.accounts.codings.acts import Act, read_acts
from safeconduct.accounts.codings.codebook import Codebook, Dating, Variant, months_of
from safeconduct.accounts.codings.codebook_faults import read_codebook, read_datings
from safeconduct.actors import ANSWERS, MOVES, UNKNOWN, Floats, History
from safeconduct.terms import CaseError, Draws, Fault

OFFENSIVE, STEP_UP = MOVES.index("offensive"), MOVES.index("step up")
ENFORCEMENT = ANSWERS.index("enforcement")
CODINGS = "codings"  # folder of a case
MOST_READINGS = 12  # draws of dates within their windows


@dataclass(frozen=True)
class CodedHistory:
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

    def readings(self, draws: Draws | None = None) -> tuple[CodedHistory, ...]:
        """The reading with the dates as given; with draws, those with dates moved within their windows, weighted."""
        if draws is None or not any(act.window_days for act in self._used()):
            return (self._read(self.acts),)
        found: dict[bytes, CodedHistory] = {}
        for turn in range(MOST_READINGS):
            reading = self._read(tuple(_moved(act, draws, turn) for act in self.acts))
            key = np.stack([reading.history.move, reading.history.answer, reading.history.stance]).tobytes()
            weight = found[key].weight if key in found else 0.0
            found[key] = replace(found.get(key, reading), weight=weight + 1.0 / MOST_READINGS)
        return tuple(found.values())

    def _used(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.kind in ("move", "answer", "stance"))

    def _moves(self, acts: Sequence[Act]) -> list[Act]:
        rules = self.rules
        return [a for a in acts if a.kind == "move" and a.scope in rules.scopes and a.row not in rules.left_out]

    def _read(self, acts: Sequence[Act]) -> CodedHistory:
        months = months_of(self.rules.start, self.rules.until)
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
            if move[-1] == OFFENSIVE and answer[-1] not in (UNKNOWN, ENFORCEMENT):
                break  # all is taken: what was done later lies outside the game
        columns = [np.array(column, dtype=np.int64) for column in (status, [0, *stance[:-1]], stance, move, answer)]
        if not self.rules.scores_stances:
            columns[2] = np.full(len(move), UNKNOWN)
        return CodedHistory(History(*columns), months[: len(move)], tuple(days), tuple(rows))

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
    datings = read_datings(folder / "outside.yaml", faults)
    rules = [read_codebook(folder / f"{name}.yaml", acts, faults) for name in names]
    if any(not fault.is_warning for fault in faults):
        raise CaseError(in_codings(folder, faults))
    return tuple(
        Coding(name, rule, acts, datings, _hash(rule, acts, datings))
        for name, rule in zip(names, rules, strict=True)
        if rule is not None
    )


def in_codings(folder: Path, faults: Iterable[Fault]) -> list[Fault]:
    """Faults with their files named as from the case's folder: an acts.csv may lie in several places below it."""
    parts = folder.parts
    at = max((n for n, part in enumerate(parts) if part == CODINGS), default=len(parts))
    return [replace(fault, file="/".join((*parts[at:], fault.file))) for fault in faults]


def _moved(act: Act, draws: Draws, turn: int) -> Act:
    if not act.window_days:
        return act
    uniform = float(draws.uniform(f"date of {act.row}", turn))
    return replace(act, day=act.day + timedelta(days=int(uniform * (2 * act.window_days + 1)) - act.window_days))


def _hash(rules: Codebook, acts: tuple[Act, ...], datings: Mapping[str, tuple[Dating, ...]]) -> str:
    parts = [rules.model_dump_json(), *map(repr, acts), *(f"{name}{value!r}" for name, value in datings.items())]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

"""A case with its own acts and codings, set beside the comparators: what they would have predicted of each act.

Comes from the case's folder `codings/`: `acts.csv`, the codings, and `compared.yaml`, which holds what the comparators'
codebook asks for and the acts do not have. The case itself is never in the fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from safeconduct.accounts import CODINGS, RECORDED_ANSWERS, Act, Coding, in_codings, read_codings
from safeconduct.comparators.ceasefires import ACTING, Ceasefire, Ceasefires, Challenge, ForceAnswer, Said, When
from safeconduct.comparators.mixed_ordinal_model import Chances, Floats
from safeconduct.comparators.predictors import MARGINAL, MODEL, RUNNING, Target, all_outcomes, outcomes
from safeconduct.comparators.scores import Score, log_scores
from safeconduct.scenario import Document, read_document
from safeconduct.terms import CaseError, Fault, UsageError, closest, is_there

FILE = "compared.yaml"


class Step(BaseModel):
    """What counts as a further step."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    least_severity: float = Field(ge=0, le=5)


class Compared(BaseModel):
    """compared.yaml: how a case is set beside others, and what counts as a step."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    force: str
    mandate: float = Field(ge=0, le=3)
    mandate_why: str
    mandate_range: tuple[float, float]
    strength: float = Field(ge=0, le=3)
    strength_why: str
    scopes: tuple[str, ...]
    codings: tuple[str, ...] = Field(min_length=1)  # the days that the first allows for an answer are used
    start: date = Field(alias="from")
    until: date
    kinds: dict[str, str]
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Compared:
        low, high = self.mandate_range
        if not 0 <= low <= self.mandate <= high <= 3:
            raise ValueError("mandate_range from the lowest to the highest reading, 0 to 3, with mandate between")
        if self.until < self.start:
            raise ValueError("until on or after from")
        return self


@dataclass(frozen=True)
class ComparedCase:
    """A case in the form of the comparators, with its codings."""

    rules: Compared
    case: Ceasefire
    codings: tuple[Coding, ...]
    acts: tuple[Act, ...]  # every move that is compared, in order
    kinds_line: int  # of the file, where the kinds of these moves stand

    def with_mandate(self, mandate: float) -> Ceasefire:
        """The same acts under another reading of the mandate."""
        return replace(self.case, mandate=mandate)

    def read_as(self, coding: Coding, challenge: Challenge) -> str:
        """What a coding takes the strongest answer within its days to be."""
        codes = [answer.code for answer in challenge.answers]
        order = ("nothing", "words", "enforcement")
        return max((coding.rules.answers[code] for code in codes), key=order.index, default="not looked up")


@dataclass(frozen=True)
class Foretold:
    """What one predictor says of every act of a case, before its answer."""

    key: str
    title: str
    chances: Chances
    log: Score | None  # over acts with a recorded answer; None where there is none


@dataclass(frozen=True)
class CasePrediction:
    """A case's acts on one target: each predictor, and the model under the range of the mandate."""

    target: Target
    levels: tuple[int | None, ...]  # as recorded
    foretold: tuple[Foretold, ...]
    by_mandate: tuple[Floats, Floats]  # lowest and highest mean over the range of the mandate

    def by_key(self, key: str) -> Foretold:
        """One predictor."""
        return next(one for one in self.foretold if one.key == key)


def read_compared(folder: Path) -> ComparedCase:
    """A case folder's acts and codings. Raises UsageError where it has no compared.yaml, CaseError with every fault."""
    path, faults = folder / CODINGS / FILE, list[Fault]()
    if not is_there(path):
        raise UsageError(f"{folder.name} has no codings/{FILE}, which sets it beside others; see docs/comparators.md")
    document = read_document(path, faults)
    rules = document.read_as(Compared, "see docs/comparators.md", faults) if document else None
    if document is None or rules is None:
        raise CaseError(in_codings(path.parent, faults))
    faults += _missing(document, rules, path.parent)
    codings = _codings(path.parent, rules, faults)
    moves = _moves(codings[0], rules) if codings else []
    faults += in_codings(path.parent, _move_faults(document, rules, moves)) if codings else []
    if any(not fault.is_warning for fault in faults):
        raise CaseError(faults)
    challenges = tuple(_challenge(act, codings[0], rules) for act in moves)
    told = {"name": folder.name, "force": rules.force}
    case = Ceasefire(folder.name, told, rules.mandate, rules.strength, ((rules.start, rules.until),), challenges)
    return ComparedCase(rules, case, codings, tuple(moves), document.line(("kinds",)))


def _missing(document: Document, rules: Compared, folder: Path) -> list[Fault]:
    """Codings that are named and of which there is no file."""
    known = [path.stem for path in folder.glob("*.yaml") if path.name != FILE]
    return in_codings(
        folder,
        (
            Fault(FILE, document.line(("codings", n)), "codings", f'"{name}", of which there is no file',
                  "the name of a YAML file beside it", closest(name, known))
            for n, name in enumerate(rules.codings)
            if name not in known
        ),
    )  # fmt: skip


def _codings(folder: Path, rules: Compared, faults: list[Fault]) -> tuple[Coding, ...]:
    """The codings that are there; none, with faults noted, where one is faulty."""
    try:
        return read_codings(folder, [name for name in rules.codings if is_there(folder / f"{name}.yaml")])
    except CaseError as error:
        faults += error.faults
    return ()


def _moves(main: Coding, rules: Compared) -> list[Act]:
    """The moves that are compared, in order."""
    moves = [act for act in main.acts if act.kind == "move" and act.scope in rules.scopes]
    return sorted((act for act in moves if rules.start <= act.day <= rules.until), key=lambda act: (act.day, act.row))


def _move_faults(document: Document, rules: Compared, moves: Sequence[Act]) -> Iterator[Fault]:
    if not moves:
        found, advice = f"{', '.join(rules.scopes)}: no move of acts.csv is in them", "correct scopes, from or until"
        expected = "at least one move between from and until"
        yield Fault(FILE, document.line(("scopes",)), "scopes", found, expected, advice)
    bare = [act.row for act in moves if act.row not in rules.kinds]
    if bare:
        found, advice = f"without {', '.join(bare)}", "add them under kinds"
        yield Fault(FILE, document.line(("kinds",)), "kinds", found, "a kind for every move", advice)


def _challenge(act: Act, coding: Coding, rules: Compared) -> Challenge:
    days = coding.rules.answer_within_days
    given = [
        other
        for other in coding.acts
        if other.kind == "answer" and act.row in other.answers_to and (other.day - act.day).days <= days
    ]
    answers = tuple(
        ForceAnswer(other.row, When(other.day, other.day), RECORDED_ANSWERS.index(other.code), _said(other))
        for other in sorted(given, key=lambda other: (other.day, other.row))
    )
    when = When(act.day, act.day)
    return Challenge(act.row, "", when, ACTING, rules.kinds[act.row], act.severity, _said(act), answers)


def _said(act: Act) -> Said:
    return Said(act.actor, "", act.act, act.disputed_by, act.source_title, act.source_url)


def predict_case(ceasefires: Ceasefires, compared: ComparedCase, target: Target) -> CasePrediction:
    """What rates, running rate and model say of each act of a case that is in none of their fits.

    Raises CaseError where a kind of the case is none of the codebook: the model would know nothing of it.
    """
    if strange := strange_kinds(ceasefires, compared):
        raise CaseError(strange)
    train, n = all_outcomes(ceasefires.without(compared.case.key), target), len(target.names)
    test = outcomes(compared.case, target)
    levels = tuple(row.level for row in test)
    found = []
    for one in (MARGINAL, RUNNING, MODEL):
        chances = one.predict(train, test, n)
        found.append(Foretold(one.key, one.title, chances, _log(chances.mean, levels)))
    low, high = compared.rules.mandate_range
    codes = np.arange(low, high + 1)
    means = [MODEL.predict(train, outcomes(compared.with_mandate(float(code)), target), n).mean for code in codes]
    return CasePrediction(target, levels, tuple(found), (np.min(means, axis=0), np.max(means, axis=0)))


def strange_kinds(ceasefires: Ceasefires, compared: ComparedCase) -> list[Fault]:
    """A fault where kinds of a case are none of the codebook."""
    known = {code.code for code in ceasefires.codes_of("kind")}
    strange = sorted({act.kind for act in compared.case.challenges} - known)
    if not strange:
        return []
    words, advice = ", ".join(strange), closest(strange[0], sorted(known))
    file, expected = f"{CODINGS}/{FILE}", "kinds of the comparators' codes.csv"
    return [Fault(file, compared.kinds_line, "kinds", words, expected, advice)]


def _log(chances: Floats, levels: Sequence[int | None]) -> Score | None:
    """Mean log score of the acts with a recorded answer, and its standard error (acts taken as independent)."""
    known = [n for n, level in enumerate(levels) if level is not None]
    if len(known) < 2:
        return None
    scores = log_scores(chances[known], np.array([levels[n] for n in known], dtype=np.int64))
    return Score(float(scores.mean()), float(scores.std(ddof=1) / np.sqrt(len(known))))

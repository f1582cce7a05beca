"""Other guaranteed ceasefires: cases, what was done against them, and how the force answered, read from a folder.

Four tables that a spreadsheet opens: `cases.csv`, `challenges.csv`, `answers.csv` and the codebook `codes.csv`. Answers
have a table of their own because one act may have several, each with its date and source. An act whose answer was
not looked up says so; it is missing, not silence.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safeconduct.accounts import RECORDED_ANSWERS
from safeconduct.terms import CaseError, Column, Fault, Need, Row, Table, UsageError, cells, is_there, read_rows

MAYBE = Need.COLUMN
ACTING, PROTECTED = "acting side", "protected side"
CODED = ("kind", "severity", "answer", "mandate", "strength")  # what the codebook explains
SOURCE = (
    Column("source_title", "where it is reported; unverified = background knowledge, not looked up"),
    Column("address", "address of that page; empty = none was kept", need=MAYBE),
)
SAID = (
    Column("place", "where, in the words of the source", need=MAYBE),
    Column("what", "what was done, in own words"),
    Column("disputed_by", "who says otherwise, and what", need=MAYBE),
)
CASES = Table(
    "cases.csv",
    "One row for each force and those it was to protect.",
    (
        Column("case", "short name; the other tables use it"),
        Column("name", "what readers see"),
        Column("acting_side", "who acted against the settlement in most rows, in this reading"),
        Column("force", "the force, and who sent it"),
        Column("protected", "whom it was to protect, in this reading"),
        Column("other_readings", "who reads the roles otherwise, and how", need=MAYBE),
        Column("mandate_said", "its mandate, as said"),
        Column("mandate", "the same as a code", "1"),
        Column("mandate_why", "why coded so"),
        Column("strength_said", "its strength, as said"),
        Column("strength", "the same as a code", "1"),
        Column("strength_why", "why coded so"),
        Column("start", "when it began, as said"),
        Column("end", "when it ended, as said", need=MAYBE),
        Column("outcome", "what became of it"),
        Column(
            "covered", "months in which acts were compiled closely, 1994-02/1995-07; several split by ;", need=MAYBE
        ),
        Column("solidity", "how solid the rows are"),
        Column("sources", "main sources"),
    ),
)
CHALLENGES = Table(
    "challenges.csv",
    "One row for each act that put the settlement or the force to the test, by any side.",
    (
        Column("id", "name of the act; answers name it"),
        Column("case", "a case of cases.csv"),
        Column("date", "1994-02-05, 1994-02 or 1994", "date"),
        Column("by", f"{ACTING} or {PROTECTED}; only the first are modelled"),
        Column("kind", "a code of codes.csv"),
        Column("severity", "a code of codes.csv", "1"),
        Column("answer_looked_for", "no = no answer was looked for; yes = its answers are in answers.csv"),
        Column("actor", "who acted"),
        *SAID,
        *SOURCE,
    ),
)
ANSWERS = Table(
    "answers.csv",
    "One row for each answer of the force or of those behind it; none = looked for, and nothing found.",
    (
        Column("id", "name of the answer"),
        Column("answers_to", "acts that it answers, split by ;"),
        Column("date", "as in challenges.csv", "date"),
        Column("actor", "who answered"),
        Column("answer", "a code of codes.csv"),
        *SAID,
        *SOURCE,
    ),
)
CODES = Table(
    "codes.csv",
    "The codebook: what each code means and who coded it.",
    (
        Column("column", "the coded column"),
        Column("code", "the code"),
        Column("meaning", "what it means"),
        Column("rule", "what decides in doubt", need=MAYBE),
        Column("coded_by", "who coded that column, and how often it was read"),
    ),
)
TABLES = (CASES, CHALLENGES, ANSWERS, CODES)
SPAN = re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})")
DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A date as closely as the source gives it: the first and the last day it may mean."""

    first: date
    last: date

    @property
    def said(self) -> str:
        """As written in the table."""
        if self.first == self.last:
            return str(self.first)
        return f"{self.first:%Y-%m}" if self.first.month == self.last.month else f"{self.first:%Y}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a row tells besides its codes, for readers."""

    actor: str
    place: str
    what: str
    disputed_by: str
    source_title: str
    address: str


@dataclass(frozen=True, slots=True)
class ForceAnswer:
    """One answer of the force or of those behind it."""

    id: str
    when: When
    level: int  # place in RECORDED_ANSWERS
    said: Said

    @property
    def code(self) -> str:
        """The level as the codebook calls it."""
        return RECORDED_ANSWERS[self.level]


@dataclass(frozen=True, slots=True)
class Challenge:
    """One act that put a settlement or its force to the test, with all recorded answers."""

    id: str
    case: str
    when: When
    by: str
    kind: str
    severity: float
    said: Said
    answers: tuple[ForceAnswer, ...]  # by date; empty = not looked up

    @property
    def strongest(self) -> int | None:
        """The strongest recorded answer; None where it was not looked up."""
        return max((answer.level for answer in self.answers), default=None)

    def known(self, before: date) -> int | None:
        """The strongest answer that was given before a day."""
        return max((answer.level for answer in self.answers if answer.when.last < before), default=None)


@dataclass(frozen=True, slots=True)
class Ceasefire:
    """One force, what it was there for, and every coded act in order."""

    key: str
    told: Mapping[str, str]  # cells of cases.csv, for readers
    mandate: float
    strength: float
    covered: tuple[tuple[date, date], ...]  # first and last day of months that were compiled closely
    challenges: tuple[Challenge, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the codebook."""

    column: str
    code: str
    meaning: str
    rule: str
    coded_by: str


@dataclass(frozen=True)
class Ceasefires:
    """All cases of a folder and its codebook."""

    cases: tuple[Ceasefire, ...]
    codes: tuple[Code, ...]

    def codes_of(self, column: str) -> tuple[Code, ...]:
        """The codebook of one column."""
        return tuple(code for code in self.codes if code.column == column)

    @property
    def challenges(self) -> tuple[Challenge, ...]:
        """Every coded act of the acting sides."""
        return tuple(one for case in self.cases for one in case.challenges if one.by == ACTING)

    def without(self, key: str) -> Ceasefires:
        """The same but for one case."""
        return Ceasefires(tuple(case for case in self.cases if case.key != key), self.codes)


def read_ceasefires(folder: Path) -> Ceasefires:
    """The four tables of a folder. Raises UsageError where there is none, CaseError with every fault."""
    if not is_there(folder / CASES.file):
        files = ", ".join(table.file for table in TABLES)
        raise UsageError(f"{folder} holds no comparators; expected {files}; see docs/comparators.md")
    faults: list[Fault] = []
    codebook = read_rows(folder / CODES.file, CODES, faults)
    codes = tuple(_code(row) for row in codebook or ())
    if codebook:
        faults += _without_codes(codes)
    reader = _Reader(codes, {}, {}, {})
    cases = [reader.case(row) for row in read_rows(folder / CASES.file, CASES, faults) or ()]
    rows = read_rows(folder / CHALLENGES.file, CHALLENGES, faults) or []
    bare = [reader.challenge(row) for row in rows]
    given = reader.answers(read_rows(folder / ANSWERS.file, ANSWERS, faults) or [])
    for row, one in zip(rows, bare, strict=True):
        _answers_fit(row, bool(given.get(one.id)))
    if any(not fault.is_warning for fault in faults):
        raise CaseError(faults)
    return Ceasefires(tuple(_with_challenges(case, bare, given) for case in cases), codes)


def _with_challenges(case: Ceasefire, bare: list[Challenge], given: Mapping[str, list[ForceAnswer]]) -> Ceasefire:
    mine = sorted((one for one in bare if one.case == case.key), key=lambda one: (one.when, one.id))
    full = tuple(
        Challenge(
            one.id, one.case, one.when, one.by, one.kind, one.severity, one.said,
            tuple(sorted(given.get(one.id, ()), key=lambda answer: (answer.when, answer.id))),
        )
        for one in mine
    )  # fmt: skip
    return Ceasefire(case.key, case.told, case.mandate, case.strength, case.covered, full)


def _answers_fit(row: Row, has_answers: bool) -> None:
    looked = cells.yes_no(row, "answer_looked_for", otherwise=False)
    if looked and not has_answers:
        row.note(
            "answer_looked_for", "an answer to it in answers.csv", "add one (none where none was found), or say no"
        )
    if not looked and has_answers:
        row.note("answer_looked_for", "yes, as answers.csv has an answer to it", "say yes")


def _without_codes(codes: Iterable[Code]) -> Iterator[Fault]:
    """A fault for each coded column of which the codebook says nothing."""
    explained = {code.column for code in codes}
    for column in CODED:
        if column not in explained:
            yield Fault(CODES.file, 0, "", f"no code of {column}", f"a row for each code of {column}", "add them")


def _code(row: Row) -> Code:
    column = cells.choice(row, "column", CODED)
    return Code(column, *(cells.text(row, name) for name in ("code", "meaning", "rule", "coded_by")))


@dataclass(frozen=True)
class _Reader:
    """Reads rows against the codebook and against each other; `*_lines` keep where each name stands."""

    codes: tuple[Code, ...]
    case_lines: dict[str, int]
    challenge_lines: dict[str, int]
    answer_lines: dict[str, int]

    def coded(self, row: Row, column: str) -> str:
        """A cell that is a code of the codebook; where that has none for its column, the codebook alone is at fault."""
        known = [code.code for code in self.codes if code.column == column]
        return cells.choice(row, column, known) if known else row.cells.get(column, "")

    def level(self, row: Row, column: str) -> float:
        """A coded cell that is a number."""
        self.coded(row, column)
        return cells.number(row, column, low=0, high=5) or 0.0

    def case(self, row: Row) -> Ceasefire:
        """A row of cases.csv."""
        key = cells.new_key(row, "case", self.case_lines)
        told = {column.name: cells.text(row, column.name) for column in CASES.columns}
        return Ceasefire(key, told, self.level(row, "mandate"), self.level(row, "strength"), _spans(row), ())

    def challenge(self, row: Row) -> Challenge:
        """A row of challenges.csv, without its answers."""
        return Challenge(
            cells.new_key(row, "id", self.challenge_lines),
            cells.choice(row, "case", self.case_lines) if self.case_lines else row.cells.get("case", ""),
            _when(row),
            cells.choice(row, "by", (ACTING, PROTECTED)),
            self.coded(row, "kind"),
            self.level(row, "severity"),
            _said(row),
            (),
        )

    def answers(self, rows: list[Row]) -> dict[str, list[ForceAnswer]]:
        """The rows of answers.csv by the act that each answers."""
        given: dict[str, list[ForceAnswer]] = {}
        for row in rows:
            code = cells.choice(row, "answer", RECORDED_ANSWERS)
            level = RECORDED_ANSWERS.index(code) if code in RECORDED_ANSWERS else 0
            answer = ForceAnswer(cells.new_key(row, "id", self.answer_lines), _when(row), level, _said(row))
            for name in filter(None, (part.strip() for part in cells.text(row, "answers_to").split(";"))):
                if name not in self.challenge_lines:
                    row.note("answers_to", "ids of challenges.csv", cells.nearest(name, self.challenge_lines, "add it"))
                given.setdefault(name, []).append(answer)
        return given


def _said(row: Row) -> Said:
    names = ("actor", "place", "what", "disputed_by", "source_title", "address")
    return Said(*(cells.text(row, name) for name in names))


def _when(row: Row) -> When:
    found = DATE.fullmatch(row.cells.get("date", ""))
    try:
        if found:
            year, month, day = (int(part) if part else 0 for part in found.groups())
            last_month = month or 12
            last = date(year, last_month, day or monthrange(year, last_month)[1])
            return When(date(year, month or 1, day or 1), last)
    except ValueError:
        pass
    row.note("date", "a date such as 1994-02-05, 1994-02 or 1994", "write it so")
    return When(date(2000, 1, 1), date(2000, 1, 1))


def _spans(row: Row) -> tuple[tuple[date, date], ...]:
    spans = []
    for part in filter(None, (part.strip() for part in cells.text(row, "covered").split(";"))):
        found = SPAN.fullmatch(part)
        numbers = [int(n) for n in found.groups()] if found else []
        if not found or not (1 <= numbers[1] <= 12 and 1 <= numbers[3] <= 12) or numbers[:2] > numbers[2:]:
            row.note("covered", "months such as 1994-02/1995-07, split by ;", "write the earlier month first")
            continue
        last = date(numbers[2], numbers[3], monthrange(numbers[2], numbers[3])[1])
        spans.append((date(numbers[0], numbers[1], 1), last))
    return tuple(spans)

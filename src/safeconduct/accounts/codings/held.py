"""Two small tables beside the codings: who holds which account, and how other guaranteed ceasefires were answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safeconduct.accounts.codings.acts import RECORDED_ANSWERS
from safeconduct.accounts.codings.restrictions import BY_KEY
from safeconduct.terms import CaseError, Column, Fault, Need, Table, cells, read_rows

Comparators = Mapping[str, Mapping[str, float]]  # probe or offensive -> recorded answer -> count

HELD = Table(
    "accounts.csv",
    "the rival accounts in the words of those who hold them, and which restriction of the game says the same",
    (
        Column("id", "row of the record, or X and a number for a yardstick"),
        Column("title", "what it is called"),
        Column("game", "key of the account in the game; empty where the game cannot say it", need=Need.COLUMN),
        Column("held_by", "who holds it"),
        Column("stated_in", "articles, by code", need=Need.COLUMN),
        Column("predicts", "what it leads one to expect"),
        Column("note", "what the game leaves out of it, or why it cannot say it", need=Need.COLUMN),
    ),
)
COUNTS = Table(
    "comparators.csv",
    "strongest answers to acts of severity 2 and more in other guaranteed ceasefires",
    (
        Column("case_id", "ceasefire"),
        Column("move", "probe or offensive (severity 5)"),
        Column("answer", "recorded answer"),
        Column("n", "how many", "1"),
    ),
)


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account as its holder puts it."""

    id: str
    title: str
    game: str  # key of the account in the game; empty where the game cannot say it
    held_by: str
    stated_in: str
    predicts: str
    note: str


def read_held_accounts(folder: Path) -> tuple[HeldAccount, ...]:
    """Every account that has a holder, in the order of the table. Raises CaseError with every fault."""
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    held = tuple(
        HeldAccount(
            cells.new_key(row, "id", lines),
            cells.text(row, "title"),
            cells.choice(row, "game", BY_KEY),
            *(cells.text(row, name) for name in ("held_by", "stated_in", "predicts", "note")),
        )
        for row in read_rows(folder / HELD.file, HELD, faults) or []
    )
    if faults:
        raise CaseError(faults)
    return held


def read_comparators(folder: Path) -> Comparators:
    """Counts of recorded answers, over all other ceasefires. Raises CaseError with every fault."""
    faults: list[Fault] = []
    counts = {move: dict.fromkeys(RECORDED_ANSWERS, 0.0) for move in ("probe", "offensive")}
    for row in read_rows(folder / COUNTS.file, COUNTS, faults) or []:
        move, answer = cells.choice(row, "move", counts), cells.choice(row, "answer", RECORDED_ANSWERS)
        n = cells.number(row, "n", low=0)
        if move in counts and answer in RECORDED_ANSWERS:
            counts[move][answer] += n or 0.0
    if faults:
        raise CaseError(faults)
    return counts

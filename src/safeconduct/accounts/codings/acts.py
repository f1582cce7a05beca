"""The acts that codings rest on: one table, one row an act, each with its source and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from safeconduct.actors import MOVES
from safeconduct.terms import Column, Fault, Need, Row, Table, cells, closest, parse_day, read_rows

RECORDED_ANSWERS = ("none", "verbal", "mediation", "force_posture", "enforcement")
KINDS = ("move", "answer", "stance", "breach", "left out")
NO_DAY = date(2000, 1, 1)

ACTS = Table(
    "acts.csv",
    "acts of all parties as coded; the codings map them to the game",
    (
        Column("row", "row of the record"),
        Column("date", "day, YYYY-MM-DD"),
        Column("window_days", "how far the date may be off, either way", "days"),
        Column("kind", "move, answer, stance, breach or left out"),
        Column("code", "the move, the recorded answer, hedge, or the kind of breach", need=Need.COLUMN),
        Column("scope", "of a move: zone or border", need=Need.COLUMN),
        Column("severity", "0 to 5, the compiler's", "1", need=Need.COLUMN),
        Column("answers_to", "of an answer: rows of moves, split by blanks", need=Need.COLUMN),
        Column("grounds", "of a move: what its side gives as ground", need=Need.COLUMN),
        Column("actor", "who acted"),
        Column("act", "what was done"),
        Column("why", "why coded or left out so", need=Need.COLUMN),
        Column("disputed_by", "who says otherwise, and what", need=Need.COLUMN),
        Column("source_title", "where it is reported"),
        Column("source_url", "address, or that none was kept"),
    ),
)


@dataclass(frozen=True, slots=True)
class Act:
    """One act, as coded."""

    row: str
    day: date
    window_days: int
    kind: str
    code: str
    scope: str
    severity: float
    answers_to: tuple[str, ...]
    grounds: str
    actor: str
    act: str
    why: str
    disputed_by: str
    source_title: str
    source_url: str


def read_acts(path: Path, faults: list[Fault]) -> tuple[Act, ...]:
    """All acts of a table; what is wrong with them is added to the faults."""
    rows = read_rows(path, ACTS, faults) or []
    lines: dict[str, int] = {}
    acts = [_act(row, lines) for row in rows]
    moves = {act.row: act for act in acts if act.kind == "move"}
    names = {act.row for act in acts}
    for row, act in zip(rows, acts, strict=True):
        if act.kind != "answer":
            continue
        if not moves.keys() & set(act.answers_to):
            row.note("answers_to", "the row of a move", "name the move it answers, or write left out")
        for name in act.answers_to:
            if name not in names:
                row.note("answers_to", f'rows of this table, and "{name}" is none', closest(name, names))
            elif name in moves and _is_before(act, moves[name]):
                row.note("date", f"a day from {name} on, {moves[name].day}", "correct one of the two dates")
    return tuple(acts)


def _is_before(answer: Act, move: Act) -> bool:
    """Whether an answer lies before what it answers, wherever both lie in their windows."""
    return (move.day - answer.day).days > move.window_days + answer.window_days


def _act(row: Row, lines: dict[str, int]) -> Act:
    kind = cells.choice(row, "kind", KINDS)
    codes = {"move": MOVES[1:], "answer": RECORDED_ANSWERS, "stance": ("hedge",)}.get(kind)
    return Act(
        row=cells.new_key(row, "row", lines),
        day=day(row),
        window_days=int(cells.number(row, "window_days", low=0, high=400) or 0),
        kind=kind,
        code=cells.choice(row, "code", codes) if codes else cells.text(row, "code"),
        scope=cells.text(row, "scope"),
        severity=cells.number(row, "severity", low=0, high=5) or 0.0,
        answers_to=tuple(cells.text(row, "answers_to").split()),
        grounds=cells.text(row, "grounds"),
        actor=cells.text(row, "actor"),
        act=cells.text(row, "act"),
        why=cells.text(row, "why"),
        disputed_by=cells.text(row, "disputed_by"),
        source_title=cells.text(row, "source_title"),
        source_url=cells.text(row, "source_url"),
    )


def day(row: Row) -> date:
    """The day in a row's cell `date`."""
    try:
        return parse_day(row.cells.get("date", ""))
    except ValueError:
        row.note("date", "a day such as 2022-03-24", "write year, month and day")
        return NO_DAY

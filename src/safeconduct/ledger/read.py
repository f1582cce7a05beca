"""Read a table of claims."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from safeconduct.ledger.tables import (
    Column,
    Need,
    Row,
    Table,
    choice,
    new_key,
    number,
    read_rows,
    text,
    time,
)
from safeconduct.ledger.types import Claim, Ledger
from safeconduct.terms import CaseError, Fault

KINDS = ("figure",)
PRECISIONS = ("exact", "hour", "day", "month", "unknown")
BASES = ("counted", "estimated", "inferred", "derived")

CLAIMS = Table(
    "claims.csv",
    "What was reported, by whom: one row for each figure and each outlet that carried it.",
    (
        Column("id", "name of the claim; never used again for another"),
        Column("kind", "figure", need=Need.NONE),
        Column("time", "when the figure held; for a day or a month, its end", "ISO time with offset"),
        Column("precision", "how well the time is known: " + ", ".join(PRECISIONS)),
        Column("place", "key of a place, or the words of the source"),
        Column("reported_place", "the words of the source, where a key stands before", need=Need.NONE),
        Column("quantity", "what is counted, such as cum_arrivals_persons"),
        Column("low", "lowest figure said", "unit", Need.COLUMN),
        Column("best", "figure said", "unit", Need.COLUMN),
        Column("high", "highest figure said", "unit", Need.COLUMN),
        Column("unit", "persons, vehicles, percent ..."),
        Column("basis", ", ".join(BASES), need=Need.NONE),
        Column("reporter", "who says so; derived = arithmetic of the compiler"),
        Column("source_title", "where it was read; unverified = from memory"),
        Column("address", "address of that page", need=Need.NONE),
        Column("note", "anything else", need=Need.NONE),
    ),
    is_required=False,
    may_be_empty=True,
)


def read_ledger(path: Path) -> Ledger:
    """The claims of one table, in its order. Raises CaseError with every fault found."""
    faults: list[Fault] = []
    ledger = read_claims(path, faults)
    if faults:
        raise CaseError(faults)
    return ledger


def read_claims(path: Path, faults: list[Fault]) -> Ledger:
    """The claims of one table, with faults added to the list instead of raised."""
    lines: dict[str, int] = {}
    rows = read_rows(path, CLAIMS, faults)
    if rows is None:
        return Ledger((), "")
    claims = tuple(_claim(row, lines) for row in rows)
    return Ledger(claims, blake2b(path.read_bytes(), digest_size=8).hexdigest())


def _claim(row: Row, lines: dict[str, int]) -> Claim:
    low, best, high = (number(row, column) for column in ("low", "best", "high"))
    said = [value for value in (low, best, high) if value is not None]
    if said != sorted(said):
        row.note("best", "low, best and high in this order", "put the smallest in low, the largest in high")
    return Claim(
        id=new_key(row, "id", lines),
        kind=choice(row, "kind", KINDS, "figure"),
        time=time(row, "time"),
        precision=choice(row, "precision", PRECISIONS),
        place=text(row, "place"),
        quantity=text(row, "quantity"),
        low=low,
        best=best,
        high=high,
        unit=text(row, "unit"),
        basis=choice(row, "basis", BASES, "counted"),
        reporter=text(row, "reporter"),
        source_title=text(row, "source_title"),
        address=text(row, "address"),
        note=text(row, "note"),
    )

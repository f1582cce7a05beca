"""Read a table of claims."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from safeconduct.ledger.types import Claim, Ledger
from safeconduct.terms import CaseError, Column, Fault, Need, Row, Table, cells, read_rows

KINDS = ("figure",)
PRECISIONS = ("exact", "approximate", "day", "month", "unknown")
BASES = ("counted", "estimated", "inferred", "derived")

CLAIMS = Table(
    "claims.csv",
    "What was reported, by whom: one row for each figure and each outlet that carried it.",
    (
        Column("id", "name of the claim; never used again for another"),
        Column("kind", "figure", need=Need.NONE),
        Column("time", "when the figure held; of a day or a month, its start", "ISO time with offset"),
        Column("precision", "how well the time is known: " + ", ".join(PRECISIONS)),
        Column("place", "key of a place, or the words of the source"),
        Column("place_said", "the place in the words of the source", need=Need.NONE),
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
    lines: dict[str, int] = {}
    claims = tuple(_claim(row, lines) for row in read_rows(path, CLAIMS, faults) or ())
    if faults:
        raise CaseError(faults)
    return Ledger(claims, blake2b(path.read_bytes(), digest_size=8).hexdigest())


def _claim(row: Row, lines: dict[str, int]) -> Claim:
    low, best, high = (cells.number(row, column) for column in ("low", "best", "high"))
    said = [value for value in (low, best, high) if value is not None]
    if said != sorted(said):
        found = "out of order (" + " then ".join(f"{value:g}" for value in said) + ")"
        row.note("best", "low, best and high in this order", "put the smallest in low, the largest in high", found)
    return Claim(
        id=cells.new_key(row, "id", lines),
        kind=cells.choice(row, "kind", KINDS, "figure"),
        time=cells.time(row, "time"),
        precision=cells.choice(row, "precision", PRECISIONS),
        place=cells.text(row, "place"),
        quantity=cells.text(row, "quantity"),
        low=low,
        best=best,
        high=high,
        unit=cells.text(row, "unit"),
        basis=cells.choice(row, "basis", BASES, "counted"),
        reporter=cells.text(row, "reporter"),
        source_title=cells.text(row, "source_title"),
        address=cells.text(row, "address"),
        note=cells.text(row, "note"),
    )

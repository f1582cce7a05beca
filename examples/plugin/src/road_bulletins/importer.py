"""The daily bulletins of an invented road office as claims."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.ledger import Claim, ForeignTable, Format, Intake

HEADINGS = ("Bulletin day", "Crossing", "Vehicles out")


def fits(table: ForeignTable) -> bool:
    """Whether a table has the headings of the bulletin."""
    return table.has(*HEADINGS)


def read(intake: Intake) -> Iterator[Claim]:
    """The vehicles that passed outward, one claim a row."""
    for line in intake.lines():
        yield line.claim(
            "new_passages_vehicles", line.count("Vehicles out"), line.when("Bulletin day"), line.get("Crossing"),
            unit="vehicles", basis="counted", reporter="Road office", source_title=f"Road office, {intake.sheet.file}",
            scope="outward", topic="corridor",
        )  # fmt: skip


BULLETINS = Format("road-bulletins", "Bulletins of the road office", fits, read, "invented", HEADINGS)

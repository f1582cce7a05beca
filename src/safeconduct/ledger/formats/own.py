"""The ledger's own columns, as `claims.csv` has them and as an export writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from safeconduct.ledger.formats.base import ISO_DATE, ForeignTable, Format, Intake, Line, read_when
from safeconduct.ledger.rows.columns import CLAIMS, COLUMNS
from safeconduct.ledger.rows.read import read_claims, without_holds
from safeconduct.ledger.rows.when import stated_zone
from safeconduct.ledger.types import Claim, period_end
from safeconduct.terms import Need, Row, shown

OWN = replace(CLAIMS, columns=tuple(replace(c, need=Need.NONE) if c.name == "id" else c for c in CLAIMS.columns))
KNOWN_BY = ("reporter", "source_title")


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has columns that only our own tables have."""
    return sheet.has(*KNOWN_BY)


def read(reading: Intake) -> Iterator[Claim]:
    """Claims in our own columns; our workbooks name a unit behind a heading: "best (persons)"."""
    reading.sheet = replace(reading.sheet, header=tuple(without_unit(name) for name in reading.sheet.header))
    header = reading.sheet.header
    for name in header:
        if name and name not in COLUMNS and name not in OWN.old_names:
            reading.left_out[f"columns that claims.csv does not have: {name}"] += 1
    head = reading.head()
    before = len(reading.faults)
    for name in {name for name in header if name and header.count(name) > 1}:
        head.fault("", f"column {shown(name)} twice", "it once", "remove one")
    for name in (c.name for c in OWN.columns if c.need is not Need.NONE and c.name not in header):
        head.fault("", f'no column "{name}"', f'a column "{name}"', "add it")
    if len(reading.faults) > before:
        return
    lines = {line.at: line for line in reading.lines()}
    file, faults = reading.sheet.file, reading.faults
    rows = [without_holds(Row(OWN, file, at, named_as_now(line), faults)) for at, line in lines.items()]
    for claim, row in zip(read_claims(rows, reading.zone), rows, strict=True):
        if row.cells.get("id"):  # it is ours already, with the place as it was read then
            yield claim
            continue
        where, said, _ = reading.places.find(claim.place, "", claim.quantity)
        yield replace(claim, place=where, place_said=claim.place_said or said)


def without_unit(heading: str) -> str:
    """A heading without the unit behind it, where what is left is a column of ours."""
    name = heading.partition(" (")[0]
    return name if name in COLUMNS and heading.endswith(")") else heading


def named_as_now(line: Line) -> dict[str, str]:
    """The cells of a row by the names that columns have now."""
    return with_whole_last_day({OWN.old_names.get(name) or name: cell for name, cell in line.cells().items()})


def with_whole_last_day(cells: dict[str, str]) -> dict[str, str]:
    """The cells of a row; an end that is a date is the end of that day, by the clock of the row's time."""
    zone = stated_zone(cells.get("time", ""))
    if zone and ISO_DATE.fullmatch(cells.get("until", "")):
        last = read_when(cells["until"], zone)
        if last and last[0]:
            return cells | {"until": period_end(last[0], "day").isoformat()}
    return cells


OWN_FORMAT = Format("own", "Columns of claims.csv", fits, read, "this project", KNOWN_BY, COLUMNS)

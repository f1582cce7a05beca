"""Exports of KoboToolbox: a form whose questions are named as the columns of claims.csv becomes claims directly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line
from safeconduct.ledger.formats.own import OWN
from safeconduct.ledger.rows.columns import COLUMNS
from safeconduct.ledger.rows.read import read_claims
from safeconduct.ledger.types import Claim
from safeconduct.terms import Row

NEEDED = ("_id", "_uuid", "_submission_time")
ABOUT_THE_FORM = (
    *NEEDED, "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_tags", "_index", "start",
    "end", "today", "deviceid", "username", "meta/instanceID", "formhub/uuid", "_geolocation", "_attachments",
)  # fmt: skip
LEFT_OUT = {  # by the status that a person gave
    "not approved": "submissions that were not approved",
    "validation_status_not_approved": "submissions that were not approved",
    "on hold": "submissions on hold",
    "validation_status_on_hold": "submissions on hold",
}
FIGURES = ("low", "best", "high")
TIMES = ("time", "until", "published")


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has the columns that every export of the toolbox has."""
    return sheet.has(*NEEDED)


def questions(header: tuple[str, ...]) -> dict[str, str]:
    """Column of claims.csv -> heading; a question's name stands after the names of its groups."""
    found: dict[str, str] = {}
    for head in header:
        name = head.rpartition("/")[2].strip().lower()
        if head not in ABOUT_THE_FORM and name in COLUMNS:
            found.setdefault(name, head)
    return found


def read(reading: Intake) -> Iterator[Claim]:
    """The answers to questions named as our columns; those not approved or on hold are left out.

    A form with other questions is read with a header mapping (`--map`). A submission was known when it came in. Who
    submitted it and where the telephone was stay out: no persons are tracked.
    """
    asked = questions(reading.sheet.header)
    others = [head for head in reading.sheet.header if head not in asked.values() and head not in ABOUT_THE_FORM]
    if others:
        reading.left_out[f"questions without a place in a claim: {', '.join(others)}"] += 1
    reading.left_out["columns about the form, the telephone and who submitted"] += 1
    if "kind" not in asked and "quantity" not in asked:
        expected = "questions named as columns of claims.csv, such as quantity, best, place, time, reporter"
        reading.head().fault(
            "", "a form with other questions", expected, "say with --map which question is which column"
        )
        return
    for line in reading.lines():
        status = line.get("_validation_status").lower()
        if status in LEFT_OUT:
            reading.left_out[LEFT_OUT[status]] += 1
            continue
        is_figure = line.get(asked.get("kind", "")) in ("", "figure")
        if is_figure and not any(line.get(asked.get(name, "")) for name in FIGURES):
            reading.left_out["submissions without a number in best, low or high"] += 1
            continue
        yield from _claims(line, asked)


def _claims(line: Line, asked: dict[str, str]) -> Iterator[Claim]:
    """The claim of one submission. Times and their precision are read as foreign tables give them."""
    time, precision = line.when(asked["time"]) if "time" in asked else (None, "unknown")
    end = line.when(asked["until"]) if "until" in asked else (None, "unknown")
    until = None if line.is_reversed((time, precision), end, asked.get("until", "")) else end[0]
    published = line.when(asked["published"])[0] if "published" in asked else line.when("_submission_time")[0]
    cells = {name: line.get(head) for name, head in asked.items() if name not in TIMES}
    cells |= {
        "id": f"kobo{line.get('_id')}",
        "precision": "unknown",
        "source_title": cells.get("source_title") or f"KoboToolbox submission {line.get('_id')}",
    }
    for name in FIGURES:
        if cells.get(name):
            number = line.counted(asked[name], cells.get("quantity", ""))
            cells[name] = "" if number is None else f"{number:.12g}"
    for claim in read_claims([Row(OWN, line.of.sheet.file, line.at, cells, line.of.faults)], line.of.zone):
        where, said, _ = line.of.places.find(claim.place, "", claim.quantity)
        yield replace(
            claim, time=time, precision=precision, until=until, place=where, place_said=claim.place_said or said,
            published=published, published_rule="recorded" if published else "",
            unit=claim.unit or ("persons" if claim.kind == "figure" else ""), row=f"{line.of.sheet.file}:{line.at}",
        )  # fmt: skip


KOBO = Format(
    "kobo", "KoboToolbox export (CSV, xlsx)", fits, read,
    "fields that every export ends with (_id, _uuid, _submission_time ...), as kobotoolbox clients list them", NEEDED,
)  # fmt: skip

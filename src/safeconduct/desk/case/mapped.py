"""Roads of the map that open and close by reports: a row of events.csv by the report's name, which a forecast reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import safeconduct.api.casework as casework
from safeconduct.desk.case import rowfile, setup
from safeconduct.terms import UsageError, inert

if TYPE_CHECKING:
    from safeconduct.desk.case.casefile import CaseFile
    from safeconduct.scenario import Route, Scenario

FILE = "events.csv"
NOTE = "by a report of the desk"


def road_name(scenario: Scenario, road: Route) -> str:
    """A road as people choose it: from where to where."""
    return f"{scenario.place(road.start).both_names} - {scenario.place(road.end).both_names}"


def note_road(file: CaseFile, row: Mapping[str, str], road: str, old: str = "") -> str:
    """Let events.csv follow a report that was saved, and no longer one that is gone; why it could not, if so."""
    path = file.folder / FILE
    before = path.read_text("utf-8") if path.is_file() else casework.header_of(FILE)
    of_desk = {one["id"] for _, one in rowfile.rows(before) if one.get("id") == old and one.get("note") == NOTE}
    after = rowfile.without(before, of_desk) if of_desk else before
    if road:
        after = with_road(after, event_of(file, row, road))
    if after == before:
        return ""
    try:
        with file.journal.locked():
            setup.add_files(file.folder, {FILE: after}, replaces=True)
    except UsageError as wrong:
        return f"The road of the map stays as it was: {wrong}"
    return ""


def event_of(file: CaseFile, row: Mapping[str, str], road: str) -> dict[str, str]:
    """What happens to the road of the map by a report: it closes where no one could pass, and opens otherwise."""
    claim = next(one for one in file.ledger().claims if one.id == row["id"])
    when = claim.time.isoformat(timespec="minutes") if claim.time else ""
    kind = kind_of(row)
    return {"id": claim.id, "time": when, "kind": kind, "target": road, "reporter": claim.reporter,
            "source": claim.source_title, "note": NOTE}  # fmt: skip


def kind_of(row: Mapping[str, str]) -> str:
    """Whether a report closes the road of the map or opens it."""
    return "close" if (row.get("road_out") or row.get("road_in")) == "nobody" else "open"


def road_said(scenario: Scenario | None, row: Mapping[str, str], road: str) -> str:
    """What a forecast reads of a report that opens or closes a road of the map; empty for none."""
    found = next((one for one in scenario.routes if one.id == road), None) if scenario and road else None
    return f"A forecast reads it: {kind_of(row)}s {road_name(scenario, found)}." if scenario and found else ""


def with_road(text: str, event: Mapping[str, str]) -> str:
    """The table with one more event at its end."""
    header = next(cells for _, cells in rowfile.parts(text) if any(cells) and not cells[0].startswith("#"))
    out = io.StringIO(newline="")
    sign = next((sign for sign in ";\t" if rowfile.is_split_by(text.removeprefix(rowfile.BOM), sign)), ",")
    csv.writer(out, delimiter=sign, lineterminator="\n").writerow(
        [inert(event.get(name.strip(), "")) for name in header]
    )
    return text.rstrip("\r\n") + "\n" + out.getvalue()

"""ACLED: each event as an act, and the deaths that it reports. Its terms forbid passing rows on: none ships here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line, parts_of
from safeconduct.ledger.types import Claim

NEEDED = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "fatalities")
PLACES = ("location", "admin3", "admin2", "admin1", "country")
TAKES = (
    *NEEDED, *PLACES, "time_precision", "geo_precision", "source", "notes", "timestamp", "assoc_actor_1",
    "assoc_actor_2",
)  # fmt: skip
TERMS = "ACLED's terms forbid passing its rows on; take them out before you publish"
AROUND = {"2": "approximate within a week", "3": "approximate within a month"}  # time_precision 1: the day is known


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has the columns of ACLED's events."""
    return sheet.has(*NEEDED)


def read(reading: Intake) -> Iterator[Claim]:
    """Each event as an act with ACLED's own word for it; where it reports deaths, a figure too.

    `time_precision` 2 is a part of a week and 3 a month; such a date is read as the month, or as about that day.
    """
    for line in reading.lines():
        act = _act(line)
        yield act
        deaths = line.count("fatalities")
        if deaths == 0:
            reading.left_out["figures of 0 fatalities"] += 1
        if deaths:
            yield replace(
                act, id=f"{act.id}.deaths", kind="figure", quantity="new_deaths_persons", best=deaths, unit="persons",
                basis="estimated", action="", words="", towards="",
                actor="; ".join(name for name in (act.actor, act.towards) if name),
            )  # fmt: skip


def _act(line: Line) -> Claim:
    time, precision = line.when("event_date")
    code = line.get("time_precision")
    if code == "3" and precision == "day":
        precision = "month"
    elif code == "2" and precision == "day":
        precision = "approximate"
    place, said, _ = line.of.places.find(
        line.get(*PLACES), "", "", line.within(PLACES), line.spot("latitude", "longitude")
    )  # fmt: skip
    kind = f"{line.get('event_type')}: {line.get('sub_event_type')}"
    coded = [kind, f"time_precision {code or 'not given'}", f"geo_precision {line.get('geo_precision') or 'not given'}"]
    if code in AROUND:
        coded.append(AROUND[code])
    published, name = _uploaded(line), line.key("event_id_cnty")
    return Claim(
        f"acled{name}", "act", time, precision, place, "", None, None, None, "", "", "ACLED",
        f"ACLED event {name}", "https://acleddata.com", context="; ".join(coded), place_said=said,
        actor="; ".join(line.get(n) for n in ("actor1", "assoc_actor_1") if line.get(n)),
        towards="; ".join(line.get(n) for n in ("actor2", "assoc_actor_2") if line.get(n)),
        action=word_of(line.get("sub_event_type") or line.get("event_type")), words=line.get("notes"),
        via=parts_of(line.get("source")), published=published, published_rule="recorded" if published else "",
        topic="operation", row=f"{line.of.sheet.file}:{line.at}",
    )  # fmt: skip


def word_of(said: str) -> str:
    """ACLED's word for an event as a word of ours: "Armed clash" -> armed_clash."""
    return re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")


def _uploaded(line: Line) -> datetime | None:
    """When the row was last uploaded, seconds since 1970: by then it was public."""
    cell = line.get("timestamp")
    if not re.fullmatch(r"\d{9,11}(\.0)?", cell):
        return None
    return datetime.fromtimestamp(int(float(cell)), UTC).replace(microsecond=0)


ACLED = Format(
    "acled", "ACLED events (CSV, JSON)", fits, read,
    "ACLED codebook; header of its data export (31 columns, event_id_cnty to timestamp)", NEEDED, TAKES, TERMS,
)  # fmt: skip

"""Times as people write them: a year, a month, a day, or an hour with or without its zone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from safeconduct.ledger.types import period_end
from safeconduct.terms import Row, parse_time, read_text, shown, within_years

ZONE_OF_CASE = "zone of the case"  # marks a time whose row gave an hour without a zone
OFFSET = re.compile(
    r"T\d\d:\d\d(?::\d\d)?(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)\b|T\d\d:\d\d(?::\d\d)?(?P<z>Z)"
)
SHAPES = (
    (re.compile(r"\d{4}"), "year", "-01-01"),
    (re.compile(r"\d{4}-\d\d"), "month", "-01"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "day", ""),
)
EXPECTED = "2023, 2023-06, 2023-06-15 or 2023-06-15T14:00+04:00"


@dataclass(frozen=True, slots=True)
class When:
    """A time as written: the moment, how closely it is written, and whether the zone had to be added."""

    moment: datetime
    precision: str
    is_zone_added: bool = False

    @property
    def end(self) -> datetime:
        """The first moment after what was written: a date means its whole day."""
        return self.moment if self.precision == "exact" else period_end(self.moment, self.precision)


def read_when(text: str, zone: tzinfo) -> When:
    """A time from text. Raises ValueError where it is none.

    A program that writes midnight for a date means the day: 2023-06-15T00:00, without a zone, has precision "day".
    """
    for shape, precision, rest in SHAPES:
        if shape.fullmatch(text):
            return When(within_years(datetime.fromisoformat(text + rest)).replace(tzinfo=zone), precision)
    if "W" in text:
        raise ValueError("a week, which is a period: its first day is the time, its last the end")
    plain = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if plain.tzinfo is not None:
        return When(parse_time(text), "exact")
    is_day = (plain.hour, plain.minute, plain.second) == (0, 0, 0)
    moment = parse_time(plain.replace(tzinfo=zone).isoformat())
    return When(moment, "day" if is_day else "exact", not is_day)


@dataclass
class Times:
    """Reads the cells of one file; keeps each time once read, as a file holds few distinct hours."""

    zone: tzinfo
    known: dict[str, When]

    def cell(self, row: Row, column: str) -> When | None:
        """The time in a cell; None where it is empty or, with a fault noted, is no time."""
        text = row.cells.get(column, "")
        if not text:
            return None
        if text not in self.known:
            try:
                self.known[text] = read_when(text, self.zone)
            except (ValueError, OverflowError):
                row.note(column, f"a time such as {EXPECTED}", "write it as in the example", shown(text))
                return None
        return self.known[text]


def zone_of_rows(rows: Iterable[Row], folder: Path) -> tzinfo:
    """The case's zone: the one that most times of the file state, else that of its case.yaml, else UTC."""
    found: Counter[tzinfo] = Counter()
    for row in rows:
        zone = stated_zone(row.cells.get("time", ""))
        if zone is not None:
            found[zone] += 1
    return found.most_common(1)[0][0] if found else zone_of_settings(folder)


def zone_of_settings(folder: Path) -> tzinfo:
    """The zone of the first time in case.yaml; UTC where there is none."""
    settings = folder / "case.yaml"
    return stated_zone(read_text(settings, []) or "") or UTC


def stated_zone(text: str) -> tzinfo | None:
    """The zone of the first time in a text that states one."""
    found = OFFSET.search(text)
    if found is None:
        return None
    if found["z"]:
        return UTC
    if int(found["hours"]) > 14 or int(found["minutes"]) > 59:
        return None  # reported where the time is read
    shift = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    return timezone(shift if found["sign"] == "+" else -shift)

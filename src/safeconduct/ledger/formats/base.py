"""What every format shares: a foreign table, one line of it, and how numbers and dates of other people are read.

Nothing is guessed: a cell that may mean two things is a fault, and what a format does not take is counted by name in
`Intake.left_out`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from hashlib import blake2b
from typing import Any

from safeconduct.ledger.formats.places import PlaceFinder, Spot
from safeconduct.ledger.types import NO_ADDRESS, Claim, period_end
from safeconduct.terms import Fault, shown, within_years
from safeconduct.terms.cells import NUMBER, POINT_IN_THREES, without_grouping

MISSING = ("", "-", "*", "n/a", "na", "null", "none", "nan")  # as other tables write that there is no value
LONGEST_MISSING = 1 + max(map(len, MISSING))
DAY_LAST_MINUTE = ("23:59", "23:59:59")
ORDERS = {"year-month-day": "ymd", "day/month/year": "dmy", "month/day/year": "mdy"}  # how a table writes its dates
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
WEEK = re.compile(r"(\d{4})-?W(\d\d)")
WORDED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
PARTED = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})")
WHOLE_UNITS = ("persons", "vehicles", "households")  # counted one by one
When = tuple[datetime | None, str]  # time and precision
Period = tuple[datetime | None, str, datetime | None]  # time, precision and `until`


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A foreign table: its headings and its rows, each with the line it stands on."""

    file: str
    name: str  # of the sheet, or of the list in a JSON file; empty for a table of text
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]  # line and cells, as many as there are headings
    head_line: int = 1

    def columns(self) -> dict[str, int]:
        """Heading -> column; of a heading that stands twice, and is not read, the first."""
        return {name: at for at, name in reversed(list(enumerate(self.header)))}

    def twice(self, names: Collection[str] = ()) -> list[Fault]:
        """A fault for each heading that stands over two columns: which of them is meant cannot be known.

        names: those that are read; all of them if left out.
        """
        found = []
        for name in {name for name in self.header if name and (not names or name in names)}:
            at = [str(n) for n, head in enumerate(self.header, start=1) if head == name]
            if len(at) > 1:
                told = f"heading {shown(name)} over the columns {' and '.join(at)}"
                found.append(Fault(self.file, self.head_line, "", told, "it over one", "rename or remove one of them"))
        return found

    def has(self, *names: str) -> bool:
        """Whether all of these are headings of the table."""
        return set(names) <= set(self.header)


@dataclass
class Intake:
    """One table on its way into claims: places are found by the case's names, faults and what is left are noted."""

    sheet: ForeignTable
    places: PlaceFinder
    zone: tzinfo  # of times without an offset
    faults: list[Fault]
    order: str = "ymd"  # how dates in figures are written
    left_out: Counter[str] = field(default_factory=Counter)  # what was not taken -> rows or cells
    dates: dict[str, When] = field(default_factory=dict)  # each text once read: a table holds few distinct dates
    periods: dict[tuple[str, str], Period] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """The rows of the table, without a row of HXL hashtags under the header."""
        columns = self.sheet.columns()
        for n, (at, cells) in enumerate(self.sheet.rows):
            if n or not _is_tags(cells):
                yield Line(at, cells, columns, self)

    def head(self) -> Line:
        """The header as a line, to note what is wrong with the table as a whole."""
        return Line(self.sheet.head_line, [], {}, self)

    def leave_columns(self, used: Iterable[str]) -> None:
        """Note the headings that nothing was made of."""
        known = set(used)
        unused = [name for name in self.sheet.header if name and name not in known]
        if unused:
            self.left_out[f"columns without a place in a claim: {', '.join(unused)}"] += 1


def _is_tags(cells: Collection[str]) -> bool:
    """Whether a row holds hashtags and nothing else."""
    return any(cells) and all(not cell or cell.startswith("#") for cell in cells)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a foreign table."""

    at: int
    values: list[str]
    columns: Mapping[str, int]
    of: Intake

    def said(self, name: str) -> str:
        """A cell as it stands; empty where there is no such column."""
        at = self.columns.get(name)
        return "" if at is None else self.values[at].strip()

    def cells(self) -> dict[str, str]:
        """All cells by heading."""
        return {name: self.values[at].strip() for name, at in self.columns.items()}

    def get(self, *names: str) -> str:
        """The first of these cells that holds something other than a sign for nothing."""
        for name in names:
            at = self.columns.get(name)
            cell = "" if at is None else self.values[at].strip()
            if cell and not (len(cell) < LONGEST_MISSING and cell.lower() in MISSING):
                return cell
        return ""

    def key(self, name: str) -> str:
        """A cell that names the row for its provider; an empty one is a fault."""
        cell = self.get(name)
        if not cell:
            self.fault(name, "empty", "what names the row", "fill it in, or remove a row that is a note or a sum")
        return cell

    def fault(self, column: str, found: str, expected: str, advice: str) -> None:
        """Note a mistake of this row."""
        self.of.faults.append(Fault(self.of.sheet.file, self.at, column, found, expected, advice))

    def number(self, name: str) -> float | None:
        """A number; None where the cell holds none. Whole numbers may be grouped in threes, as in 12,500."""
        cell = self.get(name)
        if not cell:
            return None
        if cell.isascii() and cell.isdigit() and len(cell) < 16:
            return float(cell)
        plain = without_grouping(cell)
        if NUMBER.fullmatch(plain):
            return float(plain)
        self.fault(name, shown(cell), "a number such as 12500 or 12,500", "write digits, with a point for decimals")
        return None

    def amount(self, name: str) -> float | None:
        """A number of at least 0, with decimals where it has some."""
        found = self.number(name)
        if found is not None and found < 0:
            self.fault(name, shown(self.said(name)), "a number of at least 0", "correct it")
            return None
        return found

    def count(self, name: str) -> float | None:
        """A whole number of at least 0. A point before three digits may stand between thousands: that is a fault."""
        found, cell = self.amount(name), self.get(name)
        if found is None or "." not in cell:
            return found
        if POINT_IN_THREES.fullmatch(cell):
            other = int(cell.replace(".", ""))
            expected = f"a whole number (it may be {found:g} or {other:,})"
            self.fault(name, shown(cell), expected, f"write {other} or {found:g}")
            return None
        if not found.is_integer():
            self.fault(name, shown(cell), "a whole number of persons or things", "correct it")
            return None
        return found

    def counted(self, name: str, quantity: str) -> float | None:
        """A number of this quantity: a whole one where the quantity counts persons or things."""
        unit = self.of.places.terms.quantity(quantity).unit or quantity.rpartition("_")[2]
        return self.count(name) if unit in WHOLE_UNITS else self.amount(name)

    def when(self, name: str) -> When:
        """A time with its precision: a year, a month, a day, or an hour where one is given that is not midnight."""
        cell = self.get(name)
        if not cell:
            return None, "unknown"
        if cell not in self.of.dates:
            found = read_when(cell, self.of.zone, self.of.order)
            if found is None:
                self.fault(name, shown(cell), "a date such as 2023-09-24", date_advice(cell, self.of.order))
                return None, "unknown"
            self.of.dates[cell] = found
        return self.of.dates[cell]

    def period(self, start: str, end: str) -> Period:
        """Time, precision and `until` of a period between the dates of two columns."""
        asked = (self.said(start), self.said(end))
        if asked not in self.of.periods:
            first, last = self.when(start), self.when(end)
            if self.is_reversed(first, last, end):
                return *first, None
            self.of.periods[asked] = period(first, last)
        return self.of.periods[asked]

    def is_reversed(self, start: When, end: When, column: str) -> bool:
        """Whether a period ends before it starts; that is noted as a fault of the column of its end."""
        first, last, precision = start[0], end[0], end[1]
        if first is None or last is None or last >= first:
            return False
        if precision in ("day", "week", "month", "year") and period_end(last, precision) > first:
            return False
        expected = f"a time after {first:%Y-%m-%d}"
        self.fault(column, shown(self.said(column)), expected, "exchange or correct the two")
        return True

    def within(self, names: Sequence[str]) -> tuple[str, ...]:
        """What a row says beside the first of these columns that it fills: the areas around a place.

        They are noted, as they do not go into a claim.
        """
        filled = [name for name in names if self.get(name)][1:]
        if filled:
            self.of.left_out[f"areas around the place: {', '.join(filled)}"] += 1
        return tuple(map(self.get, filled))

    def spot(self, lat: str, lon: str) -> Spot:
        """The coordinates of a row; None where it gives none that can be read."""
        said = self.get(lat), self.get(lon)
        return (float(said[0]), float(said[1])) if all(map(NUMBER.fullmatch, said)) else None

    def claim(
        self,
        quantity: str,
        value: float | None,
        when: When,
        place: str,
        code: str = "",
        within: tuple[str, ...] = (),
        **more: Any,
    ) -> Claim:
        """A figure of this row, with an id made from what it says. Further fields go in by name."""
        where, said, is_known = self.of.places.find(place, code, quantity, within)
        context = str(more.pop("context", ""))
        if code and not is_known:
            kind = "P-code" if any(map(str.isdigit, code)) else "code"  # a country's code has letters alone
            context = "; ".join(part for part in (f"{kind} {code}", context) if part)
        made = Claim(
            "", "figure", when[0], when[1], where, quantity, None, value, None, "persons", "estimated", "", "",
            NO_ADDRESS, context=context, place_said=said, row=f"{self.of.sheet.file}:{self.at}",
        )  # fmt: skip
        return with_content_id(replace(made, **more))


@dataclass(frozen=True, slots=True)
class Format:
    """A foreign format: how it is recognised, and how its rows become claims."""

    name: str  # short, for --format
    title: str
    fits: Callable[[ForeignTable], bool]
    read: Callable[[Intake], Iterable[Claim]]
    found_in: str  # where its column names were found
    needs: tuple[str, ...]  # headings by which a person knows it; "a or b" where one of them will do
    takes: tuple[str, ...] = ()  # every heading that it reads: the others are listed as left out
    terms: str = ""  # what its provider forbids, as a sentence

    def missing(self, header: Collection[str]) -> tuple[str, ...]:
        """The needed headings that a table does not have."""
        return tuple(one for one in self.needs if not any(name in header for name in one.split(" or ")))


def with_content_id(claim: Claim) -> Claim:
    """The claim with an id that the same statement always gets, whatever file it stands in."""
    parts = (
        claim.kind, claim.time, claim.until, claim.precision, claim.place, claim.place_said, claim.quantity, claim.low,
        claim.best, claim.high, claim.scope, claim.actor, claim.action, "; ".join(claim.obligation), claim.status,
        claim.words, claim.reporter,
    )  # fmt: skip
    return replace(claim, id="c" + blake2b(repr(parts).encode(), digest_size=6).hexdigest())


def read_when(cell: str, zone: tzinfo, order: str = "ymd") -> When | None:
    """A time and its precision; None where the text is no date, or may be two.

    Midnight is how tables write a day, not an hour that was reported: it is read as the day.
    """
    try:
        if week := WEEK.fullmatch(cell):
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return datetime(monday.year, monday.month, monday.day, tzinfo=zone), "week"
        if re.fullmatch(r"\d{4}(\.0)?", cell):
            return datetime(int(cell[:4]), 1, 1, tzinfo=zone), "year"
        if re.fullmatch(r"\d{4}-\d\d", cell):
            return datetime(int(cell[:4]), int(cell[5:]), 1, tzinfo=zone), "month"
        day = _day(cell, order)
        if day:
            return datetime(day.year, day.month, day.day, tzinfo=zone), "day"
        moment = datetime.fromisoformat(cell.replace("Z", "+00:00").removesuffix(" UTC"))
        within_years(moment)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.replace(microsecond=0), "day"
    return moment.replace(microsecond=0), "exact"


def _day(cell: str, order: str) -> date | None:
    """A day in figures, or with its month in words; None where the text is none. Raises ValueError for no such day."""
    if found := ISO_DATE.fullmatch(cell):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := WORDED.fullmatch(cell):
        return date(int(found[3]), MONTHS.index(found[2][:3].lower()) + 1, int(found[1]))
    if not (found := PARTED.fullmatch(cell)):
        return None
    first, second, third = (int(found[n]) for n in (1, 2, 3))
    if first > 31:
        return date(first, second, third)
    if order == "ymd":  # nothing says how this table writes dates: 03/04/2023 may mean two days
        return None
    return date(third, second, first) if order == "dmy" else date(third, first, second)


def date_advice(cell: str, order: str) -> str:
    """What to do about a date that cannot be read."""
    if PARTED.match(cell) and not PARTED.fullmatch(cell):
        return "take the hour off, or write date and hour as 2024-05-20T14:00"
    if PARTED.match(cell) and order == "ymd":
        return "write year-month-day, or say how the table writes dates: --dates day/month/year or month/day/year"
    if PARTED.match(cell):
        return "correct it, or say another order with --dates"
    return "write year-month-day"


def period(start: When, end: When) -> Period:
    """Time, precision and `until` of a period from its first to its last day, as tables give periods.

    A whole year or month is given as such; a single day too.
    """
    first, last = start[0], end[0]
    if start[1] == "week" and last is None and first:
        return first, "day", period_end(first, "week")
    if first is None or last is None or last < first:
        return first or last, start[1] if first else end[1], None
    if start[1] == end[1] == "exact" and last.strftime("%H:%M") not in DAY_LAST_MINUTE:
        return first, "exact", last if last > first else None
    after = period_end(
        last.replace(hour=0, minute=0, second=0), end[1] if end[1] in ("week", "month", "year") else "day"
    )
    for precision in ("day", "month", "year"):
        if _starts(first, precision) and after == period_end(first, precision):
            return first, precision, None
    return first, "day", after


def _starts(when: datetime, precision: str) -> bool:
    """Whether a time is the first moment of its day, month or year."""
    if (when.hour, when.minute, when.second) != (0, 0, 0):
        return False
    return {"day": True, "month": when.day == 1, "year": (when.month, when.day) == (1, 1)}[precision]


def parts_of(cell: str, by: str = ";") -> tuple[str, ...]:
    """The entries of a cell that holds several."""
    return tuple(part.strip() for part in cell.split(by) if part.strip()) if cell else ()

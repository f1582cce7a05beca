"""Days and periods as records, and how words that are counted from publication become days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}

DAYS = {
    name: i for i, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}

SMALL = {
    w: n
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    "a": 1,
    "an": 1,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
}


@dataclass(frozen=True, slots=True)
class When:
    """A date as said. `first` and `last` are days; equal for a single day."""

    start: int  # characters of the sentence
    end: int
    said: str
    first: date | None
    last: date | None
    precision: str  # exact, approximate, day, month, year, period, unknown
    role: str = "at"  # at, since, until, by
    warning: str = ""
    elapsed: float | None = None  # "two and a half years ago"
    elapsed_unit: str = ""
    clock: str = ""  # hour as said
    is_mask_only: bool = False  # no date of an event: a name such as "the 9 November statement"

    @property
    def iso(self) -> str:
        """The date in ISO form at its precision; a period as two with a slash."""
        if self.first is None:
            return ""
        if self.precision == "year":
            return f"{self.first.year:04d}"
        if self.precision == "month":
            return self.first.isoformat()[:7]
        if self.precision == "period" and self.last is not None and self.last != self.first:
            return f"{short(self.first, self.last, True)}/{short(self.last, self.first, False)}"
        return self.first.isoformat()


def short(day: date, other: date, is_start: bool) -> str:
    """One end of a period: only its month where the period runs from a first to a last of month."""
    edge = 1 if is_start else monthrange(day.year, day.month)[1]
    other_edge = monthrange(other.year, other.month)[1] if is_start else 1
    return day.isoformat()[:7] if day.day == edge and other.day == other_edge else day.isoformat()


def safe(year: int, month: int, day: int) -> date | None:
    """A day, or None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(day: date) -> date:
    """The last day of a month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift_months(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, 1900), 2200)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def number_of(word: str) -> int:
    """A day's or count's number."""
    word = word.lower()
    return SMALL[word] if word in SMALL else int(re.sub(r"\D", "", word) or 0)


def month_of(word: str) -> int:
    """A month's number."""
    return MONTHS[word.lower().strip(".")]


class Reader:
    """Finds dates in one sentence, given the day of publication and the date last spoken of."""

    def __init__(self, published: date | None, context: date | None = None, is_future: bool = False) -> None:
        self.published = published
        self.context = context  # the date that the text last spoke of, for "the same day" and a year left out
        self.is_future = is_future
        self.is_open = False  # "until": the nearest such month or day, on either side of publication
        self.near: date | None = None  # the day named before it in the sentence

    def year_for(self, month: int, day: int = 1) -> int | None:
        """The year of a month given without one: the latest not after publication, or the next in a forecast."""
        if self.published is None:
            return self.context.year if self.context else None
        if self.is_open:
            year = self.published.year
            ends = (date(y, month, min(day, 28)) for y in (year - 1, year, year + 1))
            return min((abs((end - self.published).days), end.year) for end in ends)[1]
        if self.is_future:
            ahead = safe(self.published.year, month, min(day, 28))
            return self.published.year + (ahead is not None and ahead < self.published.replace(day=1))
        if self.context and self.context.year < self.published.year:
            near = safe(self.context.year, month, min(day, 28))
            if (
                near
                and 0 <= (near - self.context.replace(day=1)).days < 100
                and self.context.year + 1 < self.published.year
            ):
                return self.context.year
        then = safe(self.published.year, month, min(day, 28))
        return self.published.year - (then is not None and then > self.published and (then - self.published).days > 3)

    def day(
        self, year: str | None, month: str, day: str, warning: str = ""
    ) -> tuple[date | None, date | None, str, str]:
        """A single day."""
        m, d = month_of(month), number_of(day)
        y = int(year) if year else self.year_for(m, d)
        if y is None:
            return None, None, "unknown", "the year is not given and no day of publication is known"
        when = safe(y, m, d)
        if when is None:
            return None, None, "unknown", "there is no such day"
        note = "" if year else "the year is taken from the day of publication"
        return when, when, "day", warning or ("" if year or abs((when - (self.published or when)).days) < 200 else note)

    def month(self, year: int | None, month: int, part: str = "") -> tuple[date | None, date | None, str, str]:
        """A month, or its beginning, middle or end."""
        y = year or self.year_for(month)
        if y is None:
            return None, None, "unknown", "the year is not given and no day of publication is known"
        first = date(y, month, 1)
        last = month_end(first)
        note = "" if year else "the year is taken from the day of publication"
        ranges = {
            "early": (1, 10),
            "beginning": (1, 10),
            "start": (1, 10),
            "mid": (11, 20),
            "middle": (11, 20),
            "late": (21, last.day),
            "end": (21, last.day),
        }
        if part:
            a, b = ranges[part]
            return first.replace(day=a), first.replace(day=b), "month", note
        return first, last, "month", note


Result = tuple[date | None, date | None, str, str]


def published_or(reader: Reader, make: Callable[[date], tuple[date, date, str]], warning: str = "") -> Result:
    """A date counted from the day of publication; unknown without one."""
    if reader.published is None:
        return None, None, "unknown", "counted from the day of publication, which is not known"
    first, last, precision = make(reader.published)
    return first, last, precision, warning


def ago(reader: Reader, count: float, unit: str, sign: int = -1) -> Result:
    """A date some days, months or years from publication; its precision falls with the unit."""
    unit = unit.rstrip("s")

    def made(day: date) -> tuple[date, date, str]:
        if unit in ("hour", "day"):
            then = day + timedelta(days=sign * round(count if unit == "day" else count / 24))
            return then, then, "day" if unit == "day" and count < 15 else "approximate"
        if unit == "week":
            then = day + timedelta(days=sign * round(7 * count))
            return then, then, "approximate"
        months = {"month": 1, "year": 12, "decade": 120}[unit] * count
        then = shift_months(day, sign * round(months)).replace(day=1)
        if unit == "month" or count != int(count) or (unit == "year" and count <= 3):
            return then, month_end(then), "month"
        return then.replace(month=1), date(then.year, 12, 31), "year"

    exact = unit == "day" and count < 15
    return published_or(reader, made, "" if exact else "counted back from publication: approximate")


def weekday(reader: Reader, name: str, which: str) -> Result:
    """The nearest such day before publication, or after it for next and in a forecast."""
    target = DAYS[name.lower()]

    def made(day: date) -> tuple[date, date, str]:
        if which == "next" or (reader.is_future and which != "last"):
            then = day + timedelta(days=(target - day.weekday()) % 7 or 7)
        else:
            back = (day.weekday() - target) % 7
            then = day - timedelta(days=back or (7 if which == "last" else 0))
        return then, then, "day"

    return published_or(reader, made, "a weekday is counted from publication")


def bare_day(reader: Reader, word: str) -> Result:
    """ "On the 23rd": in the month last spoken of, else the last such day before publication."""
    d = number_of(word)
    if reader.context is not None:
        when = safe(reader.context.year, reader.context.month, d)
        return when, when, "day" if when else "unknown", "the month is taken from the sentence before"

    def made(day: date) -> tuple[date, date, str]:
        then = safe(day.year, day.month, d)
        if then is None or then > day:
            then = safe(*shift_months(day.replace(day=1), -1).timetuple()[:2], d) or day
        return then, then, "day"

    return published_or(reader, made, "the month is taken from the day of publication")


def of_year(reader: Reader, which: str, month: int | None) -> Result:
    """ "Last December", "this year", "September of last year", "next spring"."""
    which = which.lower()
    if reader.published is None:
        return None, None, "unknown", "counted from the day of publication, which is not known"
    step = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the same": 0, "next": 1, "coming": 1}[
        which
    ]
    year = reader.published.year + step
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), "year", ""
    return reader.month(year, month)


def last_month_named(reader: Reader, which: str, month: int) -> Result:
    """ "Last December": the latest one that is over; "next May": the first to come."""
    if reader.published is None:
        return None, None, "unknown", "counted from the day of publication, which is not known"
    p = reader.published
    if which == "this":
        year = p.year
    elif which == "next":
        year = p.year + (month <= p.month)
    else:
        year = p.year - (month >= p.month)
    return reader.month(year, month)[:3] + ("",)


def relative_span(reader: Reader, which: str, unit: str) -> Result:
    """Last week, this month, next year."""
    step = -1 if which in ("last", "previous", "past") else 1 if which in ("next", "coming") else 0

    def made(day: date) -> tuple[date, date, str]:
        if unit == "week":
            monday = day - timedelta(days=day.weekday()) + timedelta(weeks=step)
            return monday, monday + timedelta(days=6), "period"
        if unit == "month":
            first = shift_months(day.replace(day=1), step)
            return first, month_end(first), "month"
        if unit in ("night", "weekend"):
            then = day - timedelta(days=1) if unit == "night" else day - timedelta(days=(day.weekday() - 5) % 7)
            return then, then + timedelta(days=1), "approximate"
        year = day.year + step
        return date(year, 1, 1), date(year, 12, 31), "year"

    return published_or(reader, made)


def plain_day(reader: Reader, word: str) -> Result:
    """Today, yesterday, tomorrow, overnight, the day before."""
    steps = {
        "today": 0,
        "tonight": 0,
        "this morning": 0,
        "this evening": 0,
        "this afternoon": 0,
        "yesterday": -1,
        "tomorrow": 1,
        "overnight": 0,
        "the day before yesterday": -2,
        "last night": -1,
        "earlier today": 0,
        "yesterday evening": -1,
    }
    precision = "approximate" if word == "overnight" else "day"

    def made(day: date) -> tuple[date, date, str]:
        then = day + timedelta(days=steps[word])
        return then, then, precision

    return published_or(reader, made)


def from_context(reader: Reader, word: str) -> Result:
    """The same day, the next day: counted from the date last spoken of."""
    step = 0 if "same" in word or "that" in word else -1 if "previous" in word or "before" in word else 1
    counted_from = reader.near or reader.context
    if counted_from is None and step == -1 and reader.published is not None:
        then = reader.published + timedelta(days=step)
        return then, then, "approximate", "no day is named before it: counted from the day of publication"
    if counted_from is None:
        return None, None, "unknown", f'"{word}" refers to a date that was not found'
    then = counted_from + timedelta(days=step)
    where = "before it" if reader.near else "in a sentence before"
    return then, then, "day", f"counted from a date {where}"


def span_days(reader: Reader, year: str | None, m1: str, d1: str, m2: str, d2: str) -> Result:
    """A period between two days."""
    last = reader.day(year, m2, d2)
    first = reader.day(year, m1, d1)
    if first[0] is None or last[0] is None:
        return last
    start = first[0] if first[0] <= last[0] else first[0].replace(year=first[0].year - 1)
    return start, last[0], "period", last[3]

"""Time with a zone. Inside the engine time is hours since the start of the case, as a float."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

Moment = TypeVar("Moment", bound=date)
YEARS = (1900, 2200)  # of every date that is read; another is a slip of the pen


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time that states its offset from UTC.

    Raises ValueError, with a sentence, when the text is no time or names no offset: a time without a zone is a
    mistake waiting to be made.
    """
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f'"{text[:60]}" is not a time such as 2023-09-24T14:00+04:00') from None
    if when.tzinfo is None:
        raise ValueError(f'"{text[:60]}" states no offset from UTC, such as +04:00')
    return within_years(when)


def parse_day(text: str) -> date:
    """Read a day such as 2023-09-24. Raises ValueError, with a sentence, when the text is none."""
    try:
        day = date.fromisoformat(text.strip()) if len(text.strip()) == len("2023-09-24") else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f'"{text[:60]}" is not a day such as 2023-09-24')
    return within_years(day)


def within_years(when: Moment) -> Moment:
    """The same day or time. Raises ValueError where its year is none that a case can have."""
    if not YEARS[0] <= when.year <= YEARS[1]:
        raise ValueError(f"{when.isoformat()[:10]} lies outside the years {YEARS[0]} to {YEARS[1]}")
    return when


def show_time(when: datetime) -> str:
    """ISO time with offset, to the minute."""
    return when.isoformat(timespec="minutes")


def hours_between(earlier: datetime, later: datetime) -> float:
    """Hours from one time to another, across zones."""
    return (later - earlier) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """When a case starts and ends, and how long one step of the engine is."""

    start: datetime
    end: datetime
    step_minutes: float

    @property
    def hours(self) -> float:
        """Length of the case in hours."""
        return hours_between(self.start, self.end)

    def hour_of(self, when: datetime) -> float:
        """Hours from the start to a time; negative before the start."""
        return hours_between(self.start, when)

    def at(self, hour: float) -> datetime:
        """The time, in the zone of the start, that lies so many hours after the start."""
        return self.start + timedelta(hours=float(hour))

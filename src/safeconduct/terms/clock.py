"""Time with a zone. Inside the engine time is hours since the start of the case, as a float."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time that states its offset from UTC.

    Raises ValueError, with a sentence, when the text is no time or names no offset: a time without a zone is a
    mistake waiting to be made.
    """
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f'"{text}" is not a time such as 2023-09-24T14:00+04:00') from None
    if when.tzinfo is None:
        raise ValueError(f'"{text}" states no offset from UTC, such as +04:00')
    if not 1000 <= when.year <= 9000:
        raise ValueError(f'"{text}" lies outside the years 1000 to 9000')
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

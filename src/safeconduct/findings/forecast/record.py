"""forecast.json as another part of the program reads it: headline figures by day, for the monitor's one page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from safeconduct.terms import UsageError, parse_time

JSON_FILE = "forecast.json"
ON_THE_DAY, BY_THE_END = "arrivals on the day", "arrived by the end of the day"  # of crossings
IN_CAMPS = "people in the camp"
SHOWN = (ON_THE_DAY, BY_THE_END, IN_CAMPS)


@dataclass(frozen=True, slots=True)
class DayFigure:
    """A row of the planning sheet that a headline needs."""

    day: date
    name: str  # of the place
    measure: str
    best_case: float
    most_likely: float
    worst_case: float


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """What a forecast's folder says in short."""

    case: str
    as_of: datetime
    doubts: tuple[str, ...]  # a sentence each
    figures: tuple[DayFigure, ...]

    @property
    def n_doubts(self) -> int:
        """How many warnings stand on its page."""
        return len(self.doubts)


def read_forecast(folder: Path) -> ForecastRecord:
    """The forecast in a folder. Raises UsageError where there is none, or one that cannot be read."""
    path = folder / JSON_FILE
    if not path.is_file():
        raise UsageError(f"{folder} holds no {JSON_FILE}; expected a folder that safeconduct forecast wrote.")
    try:
        said: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        rows = [row for row in said["plan"] if row["measure"] in SHOWN]
        figures = tuple(
            DayFigure(
                date.fromisoformat(row["day"]), str(row["name"]), str(row["measure"]), float(row["best_case"]),
                float(row["most_likely"]), float(row["worst_case"]),
            )
            for row in rows
        )  # fmt: skip
        return ForecastRecord(str(said["case"]), parse_time(said["as_of"]), tuple(map(str, said["doubts"])), figures)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read ({error!r}); expected what safeconduct forecast wrote.") from None

"""The frozen answers of UXsim as records. What each field means stands in `oracles/uxsim_cases.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BOOK = json.loads((Path(__file__).parent / "oracles" / "uxsim_cases.json").read_text(encoding="utf-8"))
WAVE_KMH: float = BOOK["wave_kmh"]  # at which gaps travel back through a standing queue


@dataclass(frozen=True)
class Link:
    """A one-way road; vehicles, km and hours. `priority` is its share of the turns where it merges."""

    id: str
    start: str
    end: str
    km: float
    speed_kmh: float
    jam_per_km: float
    capacity_per_hour: float
    priority: float


@dataclass(frozen=True)
class Answer:
    """What UXsim says of those who left one place, and how sure it is."""

    cum_arrivals_vehicles: NDArray[np.float64]  # [hour 0, 1, 2, ...]
    mean_trip_hours: float  # from wishing to leave to arriving
    last_arrival_hour: float
    error_trip_hours: float
    error_arrivals_vehicles: float


@dataclass(frozen=True)
class OracleCase:
    """A network, who wants to leave when, and UXsim's answer by origin. Everyone goes to `out`."""

    name: str
    links: tuple[Link, ...]
    leave_hours: Mapping[str, NDArray[np.float64]]  # origin -> [vehicle] hour of the wish to leave, rising
    answers: Mapping[str, Answer]


def spread(interval_hours: float, counts: list[int]) -> NDArray[np.float64]:
    """Hour of each departure: in an interval with n of them, the middles of n equal parts."""
    return np.concatenate([(i + (np.arange(n) + 0.5) / max(n, 1)) * interval_hours for i, n in enumerate(counts)])


def _case(row: dict) -> OracleCase:
    leave = {place: spread(d["interval_hours"], d["vehicles"]) for place, d in row["departures"].items()}
    answers = {
        place: Answer(**said | {"cum_arrivals_vehicles": np.array(said["cum_arrivals_vehicles"], dtype=float)})
        for place, said in row["answers"].items()
    }
    return OracleCase(row["name"], tuple(Link(**link) for link in row["links"]), leave, answers)


CASES = tuple(_case(row) for row in BOOK["cases"])
ONE_BOTTLENECK = tuple(case for case in CASES if len(case.answers) == 1)
MERGES = tuple(case for case in CASES if len(case.answers) == 2)

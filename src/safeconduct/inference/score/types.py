"""Scores of an ensemble beside those of simple baselines, on rows that say whether they were fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One forecaster's score on one set of recorded figures."""

    target_quantity: str
    target_place: str  # place key or route id, as the engine records it
    rows: str  # fitted, later or all: which of the target's figures are scored here
    model: str  # "simulation", or the name of a baseline
    n_rows: int
    crps: float | None  # in the target's unit; None where a model gives no score of this kind
    cover50: float | None  # share of figures inside the central 50 % interval
    cover90: float | None
    rmse_share: float  # root mean square error / the target's last recorded figure
    note: str = ""
    rmse: float = float("nan")  # root mean square error in the target's unit


@dataclass(frozen=True, slots=True)
class Difference:
    """One form of the averaged relative difference: its mean over runs, and each run's."""

    mean: float
    runs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ard:
    """The averaged relative difference in its three forms."""

    normal: Difference  # divided by the people recorded in the camps
    rescaled: Difference  # after scaling each day's simulated total to the recorded one, as Flee's authors publish it
    flee_total_error: Difference  # divided by the running total that Flee prints it with


@dataclass(frozen=True, slots=True)
class CampRow:
    """One camp: how it ended, and how often the record lies inside the runs' intervals."""

    place: str
    recorded_at_end: float  # persons
    p05_at_end: float
    p50_at_end: float
    p95_at_end: float
    recorded_mean: float  # persons, over days
    simulated_mean: float  # over days and runs
    ard: float  # this camp's part of the averaged relative difference, normal form
    crps: float  # persons, mean over days
    cover50: float  # share of days
    cover90: float


@dataclass(frozen=True, slots=True)
class CampScores:
    """All camps of a case against their record."""

    ard: Ard
    baselines: Mapping[str, float]  # rule -> averaged relative difference, normal form
    camps: tuple[CampRow, ...]
    cover50: float  # share of camps' days inside the runs' intervals
    cover90: float
    cover50_reported: float  # the same after an observation model
    cover90_reported: float
    register_sd: float  # of the log of a register's error, in that model
    note: str


@dataclass(frozen=True)
class Scores:
    """All scores of a run, and up to when figures were fitted on. Fitted rows are never a validation."""

    rows: tuple[ScoreRow, ...]
    fitted_until: datetime | None  # None where nothing was fitted
    fitted_rows: int
    note: str = ""
    camps: CampScores | None = None  # of a case in which people walk to camps
    told: frozenset[tuple[str, str]] = frozenset()  # (quantity, place) fitted on as reported of a day, and not scored

"""Scores of an ensemble beside those of simple baselines, on rows that say whether they were fitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safeconduct.inference.score.camps import CampScores


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


@dataclass(frozen=True)
class Scores:
    """All scores of a run, and up to when figures were fitted on. Fitted rows are never a validation."""

    rows: tuple[ScoreRow, ...]
    fitted_until: datetime | None  # None where nothing was fitted
    fitted_rows: int
    note: str = ""
    camps: CampScores | None = None  # of a case in which people walk to camps
    told: frozenset[tuple[str, str]] = frozenset()  # (quantity, place) fitted on as told of a day, and not scored

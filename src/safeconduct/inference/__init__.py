"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets. Goes out: `Scores` beside baselines. Refuses to know: the ledger;
claims are graded before any fitting.
Start reading at `score.py`.
"""

from safeconduct.inference.evidence import Row, fitted_rows
from safeconduct.inference.score import score
from safeconduct.inference.types import ScoreRow, Scores

__all__ = ["Row", "ScoreRow", "Scores", "fitted_rows", "score"]

"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets, a function that runs many parameter values. Goes out: `Scores`
beside baselines, `Fit`, `Sample`. Refuses to know: the ledger (claims are graded before any fitting), the
engine. Start reading at `score.py`, then `fit.py`.
"""

from safeconduct.inference.evidence import FitRow, Observable, rows_to_fit, table_of
from safeconduct.inference.fit import Effort, Fit, Question, Round, SimulateMany, fit
from safeconduct.inference.likelihood import ErrorModel
from safeconduct.inference.sample import Sample, read_sample, sample_of, write_sample
from safeconduct.inference.score import score
from safeconduct.inference.types import ScoreRow, Scores

__all__ = [
    "Effort",
    "ErrorModel",
    "Fit",
    "FitRow",
    "Observable",
    "Question",
    "Round",
    "Sample",
    "ScoreRow",
    "Scores",
    "SimulateMany",
    "fit",
    "read_sample",
    "rows_to_fit",
    "sample_of",
    "score",
    "table_of",
    "write_sample",
]

"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, targets. Goes out: `Scores`, later a posterior. Refuses to know: the ledger; claims are
graded before any fitting.
Start reading at `types.py`.
"""

from safeconduct.inference.types import ScoreRow, Scores

__all__ = ["ScoreRow", "Scores"]

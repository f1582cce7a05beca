"""A long case against what was reported, phase by phase: weights of runs, a fitted sample, scores of later rows.

Comes in: an ensemble, a scenario with phases and reported figures. Goes out: weights, `Sample`, `PhaseScores`.
Does not know: how a run is computed. Start reading at `likelihood.py`.
"""

from safeconduct.inference.timeline.fit import PhaseFit, fit_phases
from safeconduct.inference.timeline.scores import LINE, SIDED, STAYS, PhaseScores, RowScore, score_phases
from safeconduct.inference.timeline.starts import start_sample

"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets, a function that runs many parameter values. Goes out: `Scores`
beside baselines, `Posterior`, `Sample`. Does not know: the ledger (claims are graded before any fitting), the
engine. Start reading at `scoring.py`, then `fitting.py` and `left_open.py`; for rival
accounts, `account_table.py` (what each expects, and what was reported) and `game_compare.py` (the game);
for other ceasefires, `ceasefires.py` and `answer_scores.py`; for the chance of a further step, `steps.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.inference.fit.fitting import Effort, Posterior, Question, fit
    from safeconduct.inference.fit.goodness_of_fit import GoodnessOfFit, goodness_of_fit
    from safeconduct.inference.fit.identifiability import (
        ExpectedInformation,
        Identifiability,
        Pair,
        Profile,
        Range,
        read_identifiability,
        write_identifiability,
    )
    from safeconduct.inference.fit.likelihood import ErrorModel
    from safeconduct.inference.fit.observables import (
        FitRow,
        Observable,
        also_to_fit,
        candidates,
        like_headline,
        rows_to_fit,
        table_of,
    )
    from safeconduct.inference.fit.profile import profile
    from safeconduct.inference.fit.sample import Sample, read_sample, sample_hash, sample_of, sample_text, write_sample
    from safeconduct.inference.paired import Gain, PairedEnsemble, PairedValues, pair_up
    from safeconduct.inference.score.scoring import score
    from safeconduct.inference.score.types import CampRow, CampScores, ScoreRow, Scores
    from safeconduct.inference.sensitivity import Sensitivities, Sensitivity, measure_sensitivity

__getattr__ = offered_when_used(__name__, __file__)

"""Comparators: other guaranteed ceasefires, how their forces answered, and how well such answers are predicted.

Comes in: a folder of ceasefires. Goes out: predictions and their scores. Does not know: HTML.
Start reading at `ceasefires.py`, then `scores.py`; for the chance of a further step, `steps.py`.
"""

from safeconduct.comparators.ceasefires import TABLES as CEASEFIRE_TABLES
from safeconduct.comparators.ceasefires import Ceasefire, Ceasefires, Challenge, read_ceasefires
from safeconduct.comparators.coding_check import check_codings, check_comparators
from safeconduct.comparators.compared_case import CasePrediction, ComparedCase, predict_case, read_compared
from safeconduct.comparators.predictors import MARGINAL, MODEL, RUNNING
from safeconduct.comparators.predictors import TARGETS as ANSWER_TARGETS
from safeconduct.comparators.scores import Bin, Comparison, compare_answers
from safeconduct.comparators.scores import Gain as AnswerGain
from safeconduct.comparators.steps import (
    HORIZONS,
    LEAST_EACH,
    LEAST_MONTHS,
    Pool,
    Signs,
    Story,
    month_starts,
    pool_of,
    predict_steps,
    score_steps,
    stories_of,
)
from safeconduct.comparators.steps import TITLES as STEP_PREDICTORS
from safeconduct.comparators.steps import StepAct as StepAct

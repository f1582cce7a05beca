"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets, a function that runs many parameter values. Goes out: `Scores`
beside baselines, `Fit`, `Sample`. Refuses to know: the ledger (claims are graded before any fitting), the
engine. Start reading at `scoring.py`, then `fitting.py` and `left_open.py`; for rival
accounts, `account_table.py` (what each expects, and what was reported) and `game_compare.py` (the game);
for other ceasefires, `ceasefires.py` and `answer_scores.py`; for the chance of a further step, `steps.py`.
"""

from safeconduct.inference.account_file import FILE as ACCOUNTS_FILE
from safeconduct.inference.account_file import AccountCase, Way, read_accounts
from safeconduct.inference.account_flips import Firmness, Flip, RowFlip, all_flips
from safeconduct.inference.account_table import WORDS as SEEN_WORDS
from safeconduct.inference.account_table import (
    Account,
    AccountTable,
    Apart,
    Cell,
    Count,
    Expects,
    Seen,
    Told,
    stands,
)
from safeconduct.inference.account_table import Observation as AccountRow
from safeconduct.inference.answer_predictors import FIRM_OR_NOT, FIVE, MARGINAL, MODEL, RUNNING, Target
from safeconduct.inference.answer_predictors import TARGETS as ANSWER_TARGETS
from safeconduct.inference.answer_scores import Bin, Comparison, compare_answers
from safeconduct.inference.answer_scores import Gain as AnswerGain
from safeconduct.inference.camps import CampRow, CampScores
from safeconduct.inference.ceasefires import TABLES as CEASEFIRE_TABLES
from safeconduct.inference.ceasefires import Ceasefire, Ceasefires, Challenge, read_ceasefires
from safeconduct.inference.closeness import Closeness, closeness
from safeconduct.inference.coding_check import check_codings, check_comparators
from safeconduct.inference.compared_case import CaseForetold, ComparedCase, foretell_case, read_compared
from safeconduct.inference.fitting import Effort, Fit, Question, Round, SimulateMany, fit
from safeconduct.inference.game_accounts import ACCOUNTS
from safeconduct.inference.game_acts import RECORDED_ANSWERS
from safeconduct.inference.game_aimed import AIMED_SHARE
from safeconduct.inference.game_case import GameCase, GameRequest, Watch, coding_names, play_case, read_game
from safeconduct.inference.game_codebook import Parties, in_names
from safeconduct.inference.game_coding import Coding, read_codings
from safeconduct.inference.game_compare import AccountComparison, AccountResult, Parting, compare_accounts
from safeconduct.inference.game_library import Library
from safeconduct.inference.game_pooled import PooledComparison, compare_pooled
from safeconduct.inference.game_refusal import LEAST_SIZE
from safeconduct.inference.game_tables import HeldAccount, read_comparators, read_held_accounts
from safeconduct.inference.left_open import LeftOpen, Pair, Profile, Prospect, Range, profile
from safeconduct.inference.left_open_file import read_left_open, write_left_open
from safeconduct.inference.levers import Lever, Levers, measure
from safeconduct.inference.likelihood import ErrorModel
from safeconduct.inference.observables import (
    FitRow,
    Observable,
    also_to_fit,
    candidates,
    like_headline,
    rows_to_fit,
    table_of,
)
from safeconduct.inference.paired import Both, Gain, Twins, pair_up
from safeconduct.inference.sample import Sample, read_sample, sample_of, write_sample
from safeconduct.inference.scoring import score
from safeconduct.inference.steps import (
    HORIZONS,
    LEAST_EACH,
    LEAST_MONTHS,
    Pool,
    Signs,
    Story,
    foretell_steps,
    month_starts,
    pool_of,
    score_steps,
    stories_of,
)
from safeconduct.inference.steps import TITLES as STEP_PREDICTORS
from safeconduct.inference.steps import Act as StepAct
from safeconduct.inference.strategic import (
    GAMES,
    ROLE_MENUS,
    Done,
    Games,
    GameWorld,
    Players,
    as_recorded,
    games,
    lived,
    loud_words,
    parse_do,
    played_words,
    players_of,
    world_of,
)
from safeconduct.inference.types import ScoreRow, Scores

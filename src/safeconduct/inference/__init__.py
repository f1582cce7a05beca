"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets, a function that runs many parameter values. Goes out: `Scores`
beside baselines, `Fit`, `Sample`. Refuses to know: the ledger (claims are graded before any fitting), the
engine. Start reading at `scoring.py`, then `fitting.py` and `left_open.py`; for rival
accounts, `account_table.py` (what each expects, and what was reported) and `game_compare.py` (the game);
for other ceasefires, `ceasefires.py` and `answer_scores.py`; for the chance of a further step, `steps.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.inference.camps import CampRow, CampScores
from safeconduct.inference.closeness import Closeness, closeness
from safeconduct.inference.fitting import Effort, Fit, Question, Round, SimulateMany, fit
from safeconduct.inference.game_accounts import ACCOUNTS
from safeconduct.inference.game_coding import Coding, Parties, in_names, read_codings
from safeconduct.inference.game_library import Library
from safeconduct.inference.left_open import LeftOpen, Pair, Profile, Prospect, Range, profile
from safeconduct.inference.left_open_file import read_left_open, write_left_open
from safeconduct.inference.levers import Lever, Levers, measure
from safeconduct.inference.likelihood import ErrorModel
from safeconduct.inference.observables import FitRow, Observable, candidates, like_headline, rows_to_fit, table_of
from safeconduct.inference.paired import Both, Gain, Twins, pair_up
from safeconduct.inference.sample import Sample, read_sample, sample_of, write_sample
from safeconduct.inference.scoring import score
from safeconduct.inference.strategic import (
    GAMES,
    ROLE_MENUS,
    Done,
    Games,
    Players,
    World,
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
from safeconduct.terms import later

if TYPE_CHECKING:
    from safeconduct.inference.account_file import FILE as ACCOUNTS_FILE
    from safeconduct.inference.account_file import AccountCase, Way, read_accounts
    from safeconduct.inference.account_flips import Firmness, Flip, RowFlip, all_flips
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
    from safeconduct.inference.ceasefires import TABLES as CEASEFIRE_TABLES
    from safeconduct.inference.ceasefires import Ceasefire, Ceasefires, Challenge, read_ceasefires
    from safeconduct.inference.coding_check import check_codings, check_comparators
    from safeconduct.inference.compared_case import CaseForetold, ComparedCase, foretell_case, read_compared
    from safeconduct.inference.game_acts import RECORDED_ANSWERS
    from safeconduct.inference.game_aimed import ROUNDS as AIMED_ROUNDS
    from safeconduct.inference.game_case import GameRequest, Watch, coding_names, play_case, read_game
    from safeconduct.inference.game_compare import AccountComparison, AccountResult, Parting, compare_accounts
    from safeconduct.inference.game_pooled import PooledComparison, compare_pooled
    from safeconduct.inference.game_tables import HeldAccount, read_comparators, read_held_accounts
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

__getattr__ = later(
    __name__,
    {
        "ACCOUNTS_FILE": "account_file:FILE",
        "AIMED_ROUNDS": "game_aimed:ROUNDS",
        "ANSWER_TARGETS": "answer_predictors:TARGETS",
        "Account": "account_table",
        "AccountCase": "account_file",
        "AccountComparison": "game_compare",
        "AccountResult": "game_compare",
        "AccountRow": "account_table:Observation",
        "AccountTable": "account_table",
        "AnswerGain": "answer_scores:Gain",
        "Apart": "account_table",
        "Bin": "answer_scores",
        "CEASEFIRE_TABLES": "ceasefires:TABLES",
        "CaseForetold": "compared_case",
        "Ceasefire": "ceasefires",
        "Ceasefires": "ceasefires",
        "Cell": "account_table",
        "Challenge": "ceasefires",
        "ComparedCase": "compared_case",
        "Comparison": "answer_scores",
        "Count": "account_table",
        "Expects": "account_table",
        "FIRM_OR_NOT": "answer_predictors",
        "FIVE": "answer_predictors",
        "Firmness": "account_flips",
        "Flip": "account_flips",
        "GameRequest": "game_case",
        "HORIZONS": "steps",
        "HeldAccount": "game_tables",
        "LEAST_EACH": "steps",
        "LEAST_MONTHS": "steps",
        "MARGINAL": "answer_predictors",
        "MODEL": "answer_predictors",
        "Parting": "game_compare",
        "Pool": "steps",
        "PooledComparison": "game_pooled",
        "RECORDED_ANSWERS": "game_acts",
        "RUNNING": "answer_predictors",
        "RowFlip": "account_flips",
        "STEP_PREDICTORS": "steps:TITLES",
        "Seen": "account_table",
        "Signs": "steps",
        "StepAct": "steps:Act",
        "Story": "steps",
        "Target": "answer_predictors",
        "Told": "account_table",
        "Watch": "game_case",
        "Way": "account_file",
        "all_flips": "account_flips",
        "check_codings": "coding_check",
        "check_comparators": "coding_check",
        "coding_names": "game_case",
        "compare_accounts": "game_compare",
        "compare_answers": "answer_scores",
        "compare_pooled": "game_pooled",
        "foretell_case": "compared_case",
        "foretell_steps": "steps",
        "month_starts": "steps",
        "play_case": "game_case",
        "pool_of": "steps",
        "read_accounts": "account_file",
        "read_ceasefires": "ceasefires",
        "read_comparators": "game_tables",
        "read_compared": "compared_case",
        "read_game": "game_case",
        "read_held_accounts": "game_tables",
        "score_steps": "steps",
        "stands": "account_table",
        "stories_of": "steps",
    },
)  # a run needs none of these

__all__ = [
    "ACCOUNTS",
    "ACCOUNTS_FILE",
    "AIMED_ROUNDS",
    "ANSWER_TARGETS",
    "CEASEFIRE_TABLES",
    "FIRM_OR_NOT",
    "FIVE",
    "GAMES",
    "HORIZONS",
    "LEAST_EACH",
    "LEAST_MONTHS",
    "MARGINAL",
    "MODEL",
    "RECORDED_ANSWERS",
    "ROLE_MENUS",
    "RUNNING",
    "STEP_PREDICTORS",
    "Account",
    "AccountCase",
    "AccountComparison",
    "AccountResult",
    "AccountRow",
    "AccountTable",
    "AnswerGain",
    "Apart",
    "Bin",
    "Both",
    "CampRow",
    "CampScores",
    "CaseForetold",
    "Ceasefire",
    "Ceasefires",
    "Cell",
    "Challenge",
    "Closeness",
    "Coding",
    "ComparedCase",
    "Comparison",
    "Count",
    "Done",
    "Effort",
    "ErrorModel",
    "Expects",
    "Firmness",
    "Fit",
    "FitRow",
    "Flip",
    "Gain",
    "GameRequest",
    "Games",
    "HeldAccount",
    "LeftOpen",
    "Lever",
    "Levers",
    "Library",
    "Observable",
    "Pair",
    "Parties",
    "Parting",
    "Players",
    "Pool",
    "PooledComparison",
    "Profile",
    "Prospect",
    "Question",
    "Range",
    "Round",
    "RowFlip",
    "Sample",
    "ScoreRow",
    "Scores",
    "Seen",
    "Signs",
    "SimulateMany",
    "StepAct",
    "Story",
    "Target",
    "Told",
    "Twins",
    "Watch",
    "Way",
    "World",
    "all_flips",
    "as_recorded",
    "candidates",
    "check_codings",
    "check_comparators",
    "closeness",
    "coding_names",
    "compare_accounts",
    "compare_answers",
    "compare_pooled",
    "fit",
    "foretell_case",
    "foretell_steps",
    "games",
    "like_headline",
    "in_names",
    "lived",
    "loud_words",
    "measure",
    "month_starts",
    "pair_up",
    "parse_do",
    "play_case",
    "played_words",
    "players_of",
    "pool_of",
    "profile",
    "read_accounts",
    "read_ceasefires",
    "read_codings",
    "read_comparators",
    "read_compared",
    "read_game",
    "read_held_accounts",
    "read_left_open",
    "read_sample",
    "rows_to_fit",
    "sample_of",
    "score",
    "score_steps",
    "stands",
    "stories_of",
    "table_of",
    "world_of",
    "write_left_open",
    "write_sample",
]

"""Inference: how well the runs agree with the record, and what the record leaves open.

Comes in: `Ensemble`, a scenario's targets, a function that runs many parameter values. Goes out: `Scores`
beside baselines, `Fit`, `Sample`. Refuses to know: the ledger (claims are graded before any fitting), the
engine. Start reading at `scoring.py`, then `fitting.py` and `left_open.py`; for rival
accounts, `account_table.py` (what each expects, and what was reported) and `accounts_compare.py` (the game).
"""

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
from safeconduct.inference.account_table import (
    Observation as AccountRow,
)
from safeconduct.inference.accounts_aimed import ROUNDS as AIMED_ROUNDS
from safeconduct.inference.accounts_case import GameRequest, Watch, coding_names, play_case
from safeconduct.inference.accounts_coding import Coding, Parties, read_codings
from safeconduct.inference.accounts_compare import AccountComparison, AccountResult, Parting, compare_accounts
from safeconduct.inference.accounts_library import Library
from safeconduct.inference.accounts_pooled import PooledComparison, compare_pooled
from safeconduct.inference.accounts_tables import HeldAccount, read_comparators, read_held_accounts
from safeconduct.inference.fitting import Effort, Fit, Question, Round, SimulateMany, fit
from safeconduct.inference.left_open import LeftOpen, Pair, Profile, Prospect, Range, profile
from safeconduct.inference.left_open_file import read_left_open, write_left_open
from safeconduct.inference.likelihood import ErrorModel
from safeconduct.inference.observables import FitRow, Observable, candidates, rows_to_fit, table_of
from safeconduct.inference.paired import Both, Gain, Twins, pair_up
from safeconduct.inference.sample import Sample, read_sample, sample_of, write_sample
from safeconduct.inference.scoring import score
from safeconduct.inference.types import ScoreRow, Scores

__all__ = [
    "AIMED_ROUNDS",
    "GameRequest",
    "HeldAccount",
    "Parties",
    "Parting",
    "Watch",
    "coding_names",
    "play_case",
    "ACCOUNTS_FILE",
    "Account",
    "AccountCase",
    "AccountRow",
    "AccountTable",
    "Apart",
    "Cell",
    "Count",
    "Expects",
    "Firmness",
    "Flip",
    "RowFlip",
    "Seen",
    "Told",
    "Way",
    "all_flips",
    "read_accounts",
    "stands",
    "AccountComparison",
    "AccountResult",
    "Both",
    "Coding",
    "Effort",
    "ErrorModel",
    "Fit",
    "FitRow",
    "Gain",
    "LeftOpen",
    "Library",
    "Observable",
    "Pair",
    "PooledComparison",
    "Profile",
    "Prospect",
    "Range",
    "Question",
    "Round",
    "Sample",
    "ScoreRow",
    "Scores",
    "SimulateMany",
    "Twins",
    "candidates",
    "compare_accounts",
    "compare_pooled",
    "fit",
    "pair_up",
    "profile",
    "read_codings",
    "read_comparators",
    "read_held_accounts",
    "read_left_open",
    "read_sample",
    "rows_to_fit",
    "sample_of",
    "score",
    "table_of",
    "write_left_open",
    "write_sample",
]

"""What is found of one account on one coding."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.accounts.codings.restrictions import Account
from safeconduct.accounts.game.checks import PredictiveCheck
from safeconduct.accounts.game.evidence import BeliefPath, Evidence
from safeconduct.actors import Floats


@dataclass(frozen=True)
class AccountResult:
    """One account on one coding."""

    account: Account
    evidence: Evidence
    probability: float  # equal prior chances, given these accounts and this coding
    probability_low: float  # smallest over the codings, their variants and the covariates' dates
    probability_high: float
    log_score: float  # sum of one-step-ahead log scores on the dates as given, to set beside the baselines
    logs: Floats  # [period] one-step-ahead log scores
    answers: Floats  # [period, answer] chances before each answer was seen; 0 where there was no move
    belief: BeliefPath
    check: PredictiveCheck
    n_refused: int  # games left out because their equilibrium failed a gate

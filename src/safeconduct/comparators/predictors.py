"""What a force will answer: predictors from plain rates to the hierarchical model, all called the same way.

A predictor sees outcomes of other cases, with their answers, and then the acts of one case, each with those earlier
answers of that case that had been given before the act. It never sees the answers it is scored on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from safeconduct.accounts import RECORDED_ANSWERS
from safeconduct.comparators.ceasefires import ACTING, Ceasefire, Ceasefires, Challenge
from safeconduct.comparators.mixed_ordinal_model import Chances, Covariates, Effects, Floats, Outcome, fit_effects

N_ANSWERS = len(RECORDED_ANSWERS)
FIRM = RECORDED_ANSWERS.index("force_posture")  # from here on the force itself moved
PRIOR_WORTH = 2.0  # answers that the rates of the other cases are worth in a running rate (assumed; so are 1 and 5)
CENTRE, SPREAD = (3.0, 1.5, 2.0), (1.5, 1.0, 1.0)  # of the codes severity, mandate, strength, to scale them

Predict = Callable[[Sequence[Outcome], Sequence[Outcome], int], Chances]


@dataclass(frozen=True)
class Target:
    """What is predicted of an answer."""

    key: str
    title: str
    names: tuple[str, ...]  # of the levels

    def level(self, answer: int) -> int:
        """The level of an answer."""
        return answer if len(self.names) == N_ANSWERS else int(answer >= FIRM)


FIVE = Target("five levels", "the answer, five levels", RECORDED_ANSWERS)
FIRM_OR_NOT = Target("posture or enforcement", "posture or enforcement, yes or no", ("no", "yes"))
TARGETS = (FIVE, FIRM_OR_NOT)


@dataclass(frozen=True)
class Predictor:
    """A named way to predict."""

    key: str
    title: str
    predict: Predict
    is_model: bool = False


def told_of(challenge: Challenge, mandate: float, strength: float) -> Covariates:
    """What a predictor sees of an act: severity, mandate and strength, scaled, and the kind of act."""
    codes = zip((challenge.severity, mandate, strength), CENTRE, SPREAD, strict=True)
    return Covariates(tuple((code - centre) / spread for code, centre, spread in codes), challenge.kind)


def outcomes(case: Ceasefire, target: Target) -> tuple[Outcome, ...]:
    """The acts of a case as outcomes, in order; earlier answers are those given before the day of the act."""
    acts = [one for one in case.challenges if one.by == ACTING]
    return tuple(
        Outcome(
            case.key,
            act.id,
            told_of(act, case.mandate, case.strength),
            None if act.strongest is None else target.level(act.strongest),
            tuple(
                (told_of(other, case.mandate, case.strength), target.level(known))
                for other in acts
                if other.when.last < act.when.first and (known := other.known(act.when.first)) is not None
            ),
        )
        for act in acts
    )


def all_outcomes(ceasefires: Ceasefires, target: Target) -> tuple[Outcome, ...]:
    """The acts of every case."""
    return tuple(row for case in ceasefires.cases for row in outcomes(case, target))


def rates(rows: Sequence[Outcome], n_levels: int) -> Floats:
    """Share of each level among known outcomes, with one more of each (Laplace)."""
    counts = np.bincount([row.level for row in rows if row.level is not None], minlength=n_levels) + 1.0
    return np.asarray(counts / counts.sum())


def _plain(chances: Sequence[Floats]) -> Chances:
    mean = np.array(chances)
    return Chances(mean, mean, mean)


def marginal(train: Sequence[Outcome], test: Sequence[Outcome], n_levels: int) -> Chances:
    """The shares of the other cases, whatever was done."""
    return _plain([rates(train, n_levels)] * len(test))


def by_severity(train: Sequence[Outcome], test: Sequence[Outcome], n_levels: int) -> Chances:
    """The shares of the other cases at the same severity, drawn towards all by two answers."""
    base = rates(train, n_levels)
    found = []
    for row in test:
        like = [one for one in train if one.told.x[0] == row.told.x[0] and one.level is not None]
        counts = np.bincount([one.level for one in like if one.level is not None], minlength=n_levels)
        found.append((counts + PRIOR_WORTH * base) / (counts.sum() + PRIOR_WORTH))
    return _plain(found)


def running(worth: float) -> Predict:
    """The shares among the force's own earlier answers, drawn towards the other cases by so many answers."""

    def predict(train: Sequence[Outcome], test: Sequence[Outcome], n_levels: int) -> Chances:
        base = rates(train, n_levels)
        counts = [np.bincount([level for _, level in row.earlier], minlength=n_levels) for row in test]
        return _plain([(count + worth * base) / (count.sum() + worth) for count in counts])

    return predict


def hierarchical(*, covariates: Sequence[int] = (0, 1, 2), kinds: bool = True, earlier: bool = True) -> Predict:
    """The hierarchical model, whole or with parts left out. covariates: 0 severity, 1 mandate, 2 strength."""

    @cache
    def seen(told: Covariates) -> Covariates:
        return Covariates(tuple(told.x[n] for n in covariates), told.kind if kinds else "")

    def cut(row: Outcome) -> Outcome:
        before = tuple((seen(told), level) for told, level in row.earlier) if earlier else ()
        return replace(row, told=seen(row.told), earlier=before)

    def predict(train: Sequence[Outcome], test: Sequence[Outcome], n_levels: int) -> Chances:
        bare = tuple(Outcome(row.case, row.id, seen(row.told), row.level) for row in train)
        return fitted(bare, n_levels).predict([cut(row) for row in test])

    return predict


@lru_cache(maxsize=64)
def fitted(rows: tuple[Outcome, ...], n_levels: int) -> Effects:
    """The model fitted to these outcomes; predictors that differ only in what they predict from share a fit."""
    return fit_effects(rows, n_levels)


MARGINAL = Predictor("marginal", "rates of the other cases", marginal)
RUNNING = Predictor("running", "running rate of the force's earlier answers", running(PRIOR_WORTH))
MODEL = Predictor("model", "hierarchical model", hierarchical(), is_model=True)
PREDICTORS = (
    MARGINAL,
    Predictor("severity", "rates of the other cases at that severity", by_severity),
    RUNNING,
    Predictor("running 1", "the same, other cases worth 1 answer", running(1.0)),
    Predictor("running 5", "the same, other cases worth 5 answers", running(5.0)),
    MODEL,
    Predictor("no earlier", "model without earlier answers", hierarchical(earlier=False), is_model=True),
    Predictor("act only", "model without mandate and strength", hierarchical(covariates=(0,)), is_model=True),
    Predictor("case only", "model of earlier answers alone", hierarchical(covariates=(), kinds=False), is_model=True),
)
RUNNING_KEYS = ("running", "running 1", "running 5")

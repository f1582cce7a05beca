"""Compare the accounts on one coding, with everything that has to stand beside such a comparison.

Start reading at `compare_accounts`. It prints nothing and writes nothing. What it gives holds "given these accounts and
this coding" and cannot show motive; where a gate fails or a baseline predicts better it carries the sentences that
say so, and `is_ranked` is False.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import CodedHistory, Coding
from safeconduct.accounts.codings.held import Comparators, HeldAccount
from safeconduct.accounts.game.baselines import Baseline, baselines
from safeconduct.accounts.game.checks import Question, best_question, predictive_check
from safeconduct.accounts.game.evidence import (
    belief_path,
    one_step_answers,
    one_step_logs,
    scores_of,
)
from safeconduct.accounts.game.importance_sampling import aimed
from safeconduct.accounts.game.ranges import Ranges, ranges_of
from safeconduct.accounts.game.recovery import Blur, Design, Recovery, recover
from safeconduct.accounts.game.refusal import refusals_of
from safeconduct.accounts.game.result import AccountResult
from safeconduct.accounts.game.solved_prior import Cache, SolvedPrior
from safeconduct.actors import ANSWERS, Scores, coding_error
from safeconduct.terms import Draws

RECOVERY_TRUTHS = 10  # simulated truths an account
RECOVERY_GAMES = 1500  # games of each shelf over which a simulated truth is judged
QUESTIONS = 6  # least told apart pairs for which the parting question is given


@dataclass(frozen=True)
class Parting:
    """Two accounts that this design does not tell apart, and the question that would help most."""

    blur: Blur
    question: Question


@dataclass(frozen=True)
class AccountComparison:
    """All that a page about the accounts needs. Everything is given these accounts and this coding."""

    coding: Coding
    reading: CodedHistory  # the dates as given
    datings: Mapping[str, Dating]  # the main dating of each covariate
    results: tuple[AccountResult, ...]  # the most probable first
    baselines: tuple[Baseline, ...]  # the best first
    ranges: Ranges
    recovery: Recovery
    partings: tuple[Parting, ...]
    held: tuple[HeldAccount, ...]  # as those who hold them say it; those that the game cannot express included
    refusals: tuple[str, ...]  # why accounts are not ranked; empty where they are
    scores_moves: bool
    seed: int
    n_draws: int  # games an account from its prior; as many again are aimed at the codings

    @property
    def not_expressed(self) -> tuple[HeldAccount, ...]:
        """Accounts that the game has no words for; their notes say why."""
        return tuple(account for account in self.held if not account.game)

    @property
    def is_ranked(self) -> bool:
        """Whether the order of accounts may be shown as a ranking."""
        return not self.refusals


def compare_accounts(
    coding: Coding,
    library: Cache,
    *,
    others: Sequence[Coding] = (),
    held: Sequence[HeldAccount] = (),
    comparators: Comparators | None = None,
    scores_moves: bool = False,
    truths: int = RECOVERY_TRUTHS,
    recovery_games: int = RECOVERY_GAMES,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> AccountComparison:
    """Compare all accounts of a library on a coding; `others` widen the ranges, and games are aimed at all of them.

    held: who holds which account (`read_held_accounts`). comparators: how other ceasefires were answered
    (`read_comparators`), for the baseline of that name.
    """
    draws = Draws(library.seed)
    reading = coding.readings()[0]
    datings = {name: ways[0] for name, ways in coding.datings.items() if ways}
    error = coding_error(coding.rules.coding_error_chance)
    near = aimed(library, (coding, *others), scores_moves=scores_moves, watch=watch)
    scores = {
        account.key: scores_of(
            near.shelf(account), reading, datings.get(account.covariate), error, scores_moves=scores_moves
        )
        for account in library.accounts
    }
    ranges = ranges_of(coding, others, near, draws, scores_moves=scores_moves)
    results = _results(library, near, coding, reading, datings, scores, ranges, draws, scores_moves=scores_moves)
    found = baselines(reading.history, scores_moves=scores_moves, comparators=_mapped(coding, comparators))
    design = Design(reading, datings, error, plays_moves=scores_moves)
    recovery = recover(library, (design,), draws, truths=truths, games=recovery_games)
    ordered = tuple(sorted(found, key=lambda baseline: -baseline.total))
    return AccountComparison(
        coding=coding,
        reading=reading,
        datings=datings,
        results=results,
        baselines=ordered,
        ranges=ranges,
        recovery=recovery,
        partings=_partings(near, recovery, scores),
        held=tuple(held),
        refusals=refusals_of(results, ordered, ranges, recovery),
        scores_moves=scores_moves,
        seed=library.seed,
        n_draws=library.n_draws,
    )


def _results(
    prior: Cache,
    library: Cache,
    coding: Coding,
    reading: CodedHistory,
    datings: Mapping[str, Dating],
    scores: Mapping[str, Scores],
    ranges: Ranges,
    draws: Draws,
    *,
    scores_moves: bool,
) -> tuple[AccountResult, ...]:
    error = coding_error(coding.rules.coding_error_chance)
    chances = probabilities({key: one.log for key, one in ranges.main.items()})
    results = []
    for account in library.accounts:
        shelf, row, one = library.shelf(account), ranges.row(account.key), scores[account.key]
        check = predictive_check(
            prior.shelf(account), reading, datings.get(account.covariate), error, draws, plays_moves=scores_moves
        )
        logs = one_step_logs(one)
        results.append(
            AccountResult(
                account,
                ranges.main[account.key],
                chances[account.key],
                row.low,
                row.high,
                float(logs.sum()),
                logs,
                one_step_answers(one),
                belief_path(one),
                check,
                shelf.n_refused,
            )  # fmt: skip
        )
    return tuple(sorted(results, key=lambda result: -result.probability))


def probabilities(logs: Mapping[str, float]) -> dict[str, float]:
    """Probabilities from log evidences with equal prior chances."""
    top = max(logs.values())
    weights = {key: float(np.exp(value - top)) for key, value in logs.items()}
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def _partings(library: Cache, recovery: Recovery, scores: Mapping[str, Scores]) -> tuple[Parting, ...]:
    by_key: dict[str, SolvedPrior] = {account.key: library.shelf(account) for account in library.accounts}
    return tuple(
        Parting(
            blur,
            best_question((by_key[blur.first], scores[blur.first]), (by_key[blur.second], scores[blur.second])),
        )
        for blur in recovery.blurs()[:QUESTIONS]
        if blur.is_blurred
    )


def _mapped(coding: Coding, comparators: Comparators | None) -> dict[str, list[float]] | None:
    """Comparators' recorded answers as this coding reads them."""
    if comparators is None:
        return None
    mapping = coding.rules.answers
    return {
        move: [sum(n for code, n in counts.items() if mapping[code] == answer) for answer in ANSWERS]
        for move, counts in comparators.items()
    }

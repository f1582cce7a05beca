"""Further games where a record is likely, so that an account's evidence rests on more effective draws.

Part of the games comes from the prior, part from normals matched to the games that explain the codings at hand, round
by round; every game is weighted by prior over mixture (balance heuristic, Veach & Guibas 1995), so that the evidence
stays that of the prior. No weight can exceed the inverse of the prior's part. Truths of the recovery come from the
prior alone.

Where the timing of acts is scored too, few games of the prior explain the record, so that normals matched to
those few would be too narrow and in the wrong place: more rounds, and early ones aim at a likelihood raised to a power
below one, at which enough games count (tempering; Neal 2001).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from safeconduct.accounts.codings.coding import Coding
from safeconduct.accounts.codings.restrictions import Account
from safeconduct.accounts.game.evidence import scores_of, weights_of
from safeconduct.accounts.game.solved_prior import Cache, SolvedPrior, solved
from safeconduct.actors import Floats, Ints, Policies, coding_error
from safeconduct.terms import Draws, log_standard_normal, normal_chance, normal_quantile

AIMED_SHARE = 1.5  # aimed games for each game of the prior, over all codings and rounds
HALVINGS = 30
EDGE = 1e-12  # uniform numbers are kept this far from 0 and 1


@dataclass(frozen=True)
class Aim:
    """How further games are aimed (assumed; chosen for the effective size on simulated and shipped records)."""

    rounds: tuple[float, ...]  # aimed games for each game of the prior, round by round; sums to AIMED_SHARE
    shrink: float  # share of the prior in a normal's covariance, so that few good games do not make it too narrow
    least_size: float  # effective games that a normal rests on, if need be by tempering; 0: never tempered


AT_ANSWERS = Aim((0.5, 1.0), 0.3, 0.0)
AT_MOVES_TOO = Aim((0.25,) * 6, 0.1, 60.0)


@dataclass(frozen=True)
class Bell:
    """A normal on the scale on which the prior is standard normal."""

    middle: Floats  # [stake]
    root: Floats  # [stake, stake] lower triangular root of the covariance
    n_games: int  # drawn from it

    @classmethod
    def around(cls, scale: Floats, weights: Floats, n_games: int, shrink: float) -> Bell:
        """The normal with the mean of weighted games, and their covariance drawn towards the prior's."""
        spread = (1 - shrink) * np.atleast_2d(np.cov(scale.T, aweights=weights)) + shrink * np.eye(scale.shape[1])
        return cls(np.asarray(weights @ scale), np.asarray(np.linalg.cholesky(spread), dtype=np.float64), n_games)

    def draw(self, draws: Draws, name: str, slots: Ints) -> Floats:
        """[slot, stake] one draw for each slot."""
        noise = normal_quantile(draws.uniform(name, slots[:, None], np.arange(self.middle.size)))
        return np.asarray(self.middle + noise @ self.root.T)

    def log_density(self, scale: Floats) -> Floats:
        """[game] log density."""
        plain = np.asarray(np.linalg.solve(self.root, (scale - self.middle).T).T, dtype=np.float64)
        return log_standard_normal(plain) - float(np.log(np.diag(self.root)).sum())


def aimed(
    library: Cache,
    codings: Sequence[Coding],
    *,
    scores_moves: bool = False,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Cache:
    """A library with further games for these codings on every shelf; `watch` gets how many accounts are done."""
    shelves = []
    for account in library.accounts:
        shelves.append(_aimed_shelf(library, account, codings, scores_moves))
        watch(len(shelves), len(library.accounts))
    return library.with_shelves(shelves)


def _aimed_shelf(library: Cache, account: Account, codings: Sequence[Coding], scores_moves: bool) -> SolvedPrior:
    shelf, draws, n = library.shelf(account), Draws(library.seed), library.n_draws
    aim = AT_MOVES_TOO if scores_moves else AT_ANSWERS
    bells: list[Bell] = []
    for share in aim.rounds:
        scale, each = _scale(shelf.places), max(int(share * n / len(codings)), 1)
        likes = [_likes(shelf, one, scores_moves) for one in codings]
        new = [Bell.around(scale, weights_of(tempered(one, aim.least_size)), each, aim.shrink) for one in likes]
        slots = n + sum(bell.n_games for bell in bells) + np.arange(each * len(new))
        rows = zip(new, slots.reshape(len(new), each), strict=True)
        places = np.concatenate([bell.draw(draws, f"aim {account.key}", row) for bell, row in rows])
        bells += new
        shelf = _joined(shelf, solved(account, draws, _uniform(places), slots), bells, n)
    return shelf


def tempered(log_likelihoods: Floats, least_size: float) -> Floats:
    """Log likelihoods times the largest power up to 1 at which so many games count (halving the interval)."""
    if _size(log_likelihoods) >= least_size:
        return log_likelihoods
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _size(middle * log_likelihoods) >= least_size else (low, middle)
    return low * log_likelihoods


def _size(log_likelihoods: Floats) -> float:
    return float(1.0 / np.square(weights_of(log_likelihoods)).sum())


def _scale(places: Floats) -> Floats:
    """Uniform numbers on the scale on which the prior is standard normal."""
    return normal_quantile(np.clip(places, EDGE, 1 - EDGE))


def _uniform(scale: Floats) -> Floats:
    return np.clip(normal_chance(scale), EDGE, 1 - EDGE)


def _likes(shelf: SolvedPrior, coding: Coding, scores_moves: bool) -> Floats:
    ways = coding.datings.get(shelf.account.covariate) or (None,)
    error = coding_error(coding.rules.coding_error_chance)
    return scores_of(shelf, coding.readings()[0], ways[0], error, scores_moves=scores_moves).log_likelihood


def _log_weight(places: Floats, bells: Sequence[Bell], n_prior: int) -> Floats:
    """[game] log of the prior over the mixture that the games came from."""
    scale = _scale(places)
    prior = log_standard_normal(scale)
    parts = [prior + log(n_prior), *(bell.log_density(scale) + log(bell.n_games) for bell in bells)]
    n_games = n_prior + sum(bell.n_games for bell in bells)
    return np.asarray(prior + log(n_games) - np.logaddexp.reduce(parts, axis=0))


def _joined(shelf: SolvedPrior, new: SolvedPrior, bells: Sequence[Bell], n_prior: int) -> SolvedPrior:
    """Both shelves' games as one, those of the prior first, weighted."""
    a, b = shelf.policies, new.policies
    places = np.concatenate([shelf.places, new.places])
    return replace(
        shelf,
        policies=Policies(
            np.concatenate([a.move, b.move]),
            np.concatenate([a.answer, b.answer]),
            np.concatenate([a.proteges, b.proteges]),
            np.concatenate([a.belief, b.belief]),
            a.grid,
        ),
        numbers=np.concatenate([shelf.numbers, new.numbers]),
        places=places,
        log_weight=_log_weight(places, bells, n_prior),
        n_refused=shelf.n_refused + new.n_refused,
    )

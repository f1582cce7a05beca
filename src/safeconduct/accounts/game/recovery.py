"""How often this very design names the truth when the truth is known: histories simulated from each account, ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.accounts.codings.codebook import Dating
from safeconduct.accounts.codings.coding import CodedHistory
from safeconduct.accounts.game.checks import as_looked_up, uniforms
from safeconduct.accounts.game.evidence import evidence_of
from safeconduct.accounts.game.solved_prior import Cache, SolvedPrior
from safeconduct.actors import Floats, History, Ints, Policies, score, simulate
from safeconduct.terms import Draws

BLUR_FACTOR = 3.0  # two accounts blur where the mean Bayes factor between them stays below this, either way round


@dataclass(frozen=True)
class Blur:
    """How well two accounts are told apart when one of them is true."""

    first: str
    second: str
    log_factor: float  # mean log Bayes factor for the truth, over both as truth
    standard_error: float

    @property
    def is_blurred(self) -> bool:
        """Whether a history like this one does not tell them apart."""
        return bool(self.log_factor < np.log(BLUR_FACTOR))


@dataclass(frozen=True)
class Recovery:
    """What became of truths that were known."""

    accounts: tuple[str, ...]
    truth: Ints  # [history] index of the true account
    log_evidence: Floats  # [history, account]
    effective_size: Floats  # [history, account]

    @property
    def posterior(self) -> Floats:
        """[history, account] probabilities with equal prior chances."""
        weights = np.exp(self.log_evidence - self.log_evidence.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    @property
    def confusion(self) -> Ints:
        """[truth, ranked first] counts."""
        n = len(self.accounts)
        flat = np.bincount(self.truth * n + self.log_evidence.argmax(axis=1), minlength=n * n)
        return flat.reshape(n, n)

    @property
    def rate(self) -> tuple[float, float]:
        """Share of histories whose true account is ranked first, and its standard error."""
        return mean_and_error((self.log_evidence.argmax(axis=1) == self.truth).astype(float))

    @property
    def posterior_on_truth(self) -> tuple[float, float]:
        """Mean probability of the true account, and its standard error."""
        return mean_and_error(self.posterior[np.arange(self.truth.size), self.truth])

    @property
    def chance_rate(self) -> float:
        """The rate of a guess."""
        return 1.0 / len(self.accounts)

    def calibration(self, bins: int = 5) -> tuple[tuple[float, float, int], ...]:
        """(mean probability given, share true, number) by bins of the probability given to any account."""
        given = self.posterior.ravel()
        true = (np.arange(len(self.accounts))[None, :] == self.truth[:, None]).ravel()
        edges = np.linspace(0, 1, bins + 1)
        where = np.clip(np.searchsorted(edges, given, side="right") - 1, 0, bins - 1)
        return tuple(
            (float(given[where == i].mean()), float(true[where == i].mean()), int((where == i).sum()))
            for i in range(bins)
            if (where == i).any()
        )

    def blurs(self) -> tuple[Blur, ...]:
        """Every pair of accounts, the least told apart first."""
        n = len(self.accounts)
        pairs = [self._blur(i, j) for i in range(n) for j in range(i + 1, n)]
        return tuple(sorted(pairs, key=lambda blur: blur.log_factor))

    def _blur(self, i: int, j: int) -> Blur:
        gain = self.log_evidence[:, i] - self.log_evidence[:, j]
        mean, error = mean_and_error(np.concatenate([gain[self.truth == i], -gain[self.truth == j]]))
        return Blur(self.accounts[i], self.accounts[j], mean, error)

    def pooled(self, size: int) -> Recovery:
        """Histories of one truth taken together in groups, each with its own stakes: their log evidences add up."""
        rows, truth, sizes = [], [], []
        for account in range(len(self.accounts)):
            own = np.flatnonzero(self.truth == account)
            for start in range(0, own.size - size + 1, size):
                group = own[start : start + size]
                rows.append(self.log_evidence[group].sum(axis=0))
                sizes.append(self.effective_size[group].min(axis=0))
                truth.append(account)
        return Recovery(self.accounts, np.array(truth), np.array(rows), np.array(sizes))


def mean_and_error(values: Floats) -> tuple[float, float]:
    """A mean and its standard error."""
    return float(values.mean()), float(values.std(ddof=1) / values.size**0.5) if values.size > 1 else float("nan")


@dataclass(frozen=True)
class Design:
    """What is fixed when histories are simulated: dates of what holds outside, the moves, what is unknown."""

    reading: CodedHistory
    datings: Mapping[str, Dating]  # of each covariate
    error: Floats  # [true, coded]
    plays_moves: bool = False  # the challenger plays too, and its moves are scored

    def level(self, shelf: SolvedPrior) -> Ints:
        """[period] index of the covariate's level on a shelf."""
        return shelf.level_index(self.reading.levels(self.datings.get(shelf.account.covariate)))


def simulate_design(shelf: SolvedPrior, design: Design, games: Ints, draws: Draws, name: str) -> tuple[History, ...]:
    """One coded history from each of the named games of a shelf."""
    policies, history = shelf.policies.of(games), design.reading.history
    simulated = simulate(
        policies,
        draws.uniform(f"{name} type", np.arange(games.size)) < policies.belief,
        design.level(shelf),
        uniforms(draws, name, games.size, len(history)),
        design.error,
        None if design.plays_moves else history.move,
    )
    return tuple(as_looked_up(one, history) for one in simulated.histories)


def recover(library: Cache, designs: Sequence[Design], draws: Draws, *, truths: int, games: int) -> Recovery:
    """Simulate so many truths from each account, going through the designs in turn, and rank all accounts on each.

    games: how many games of each shelf the evidence is taken over. The game that made a history never helps to
    explain it.
    """
    shelves = [library.shelf(account) for account in library.accounts]
    used = [shelf.policies.of(slice(0, games)) for shelf in shelves]
    truth, rows, sizes = [], [], []
    for index, shelf in enumerate(shelves):
        picked = np.floor(draws.uniform(f"truth {shelf.account.key}", np.arange(truths)) * len(shelf.policies))
        for turn, game in enumerate(picked.astype(np.int64)):
            design = designs[turn % len(designs)]
            name = f"recovery {shelf.account.key} {turn}"
            (history,) = simulate_design(shelf, design, np.array([game]), draws, name)
            found = [
                _evidence(other, policies, design, history, int(shelf.numbers[game]))
                for other, policies in zip(shelves, used, strict=True)
            ]
            truth.append(index)
            rows.append([evidence[0] for evidence in found])
            sizes.append([evidence[1] for evidence in found])
    keys = tuple(account.key for account in library.accounts)
    return Recovery(keys, np.array(truth), np.array(rows), np.array(sizes))


def _evidence(
    shelf: SolvedPrior, policies: Policies, design: Design, history: History, without: int
) -> tuple[float, float]:
    level = design.level(shelf)[: len(history)]
    logs = score(policies, history, level, design.error, scores_moves=design.plays_moves).log_likelihood
    evidence = evidence_of(logs[shelf.numbers[: len(policies)] != without])
    return evidence.log, evidence.effective_size

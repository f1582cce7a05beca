"""Fit at most five parameters to recorded rows: adaptive multiple importance sampling (Cornuet et al. 2012).

Draws go to the simulator in rounds, the first from the prior, each later one from kernels around what has
done well. All draws of all rounds are then weighted by prior x likelihood / mixture of everything proposed,
so none is wasted. A run's own chance is part of its draw, so one run a draw is enough. While few draws fit,
the likelihood is tempered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.fit.likelihood import log_likelihood
from safeconduct.inference.fit.observables import FitRow, Observable
from safeconduct.inference.fit.proposal import Proposal, effective_size, normalised, resample
from safeconduct.scenario import Parameter
from safeconduct.terms import Draws, RunStopped, UsageError, log_standard_normal, normal_chance

Array = NDArray[np.float64]
MOST_PARAMETERS = 5
ENOUGH = 50  # effective draws under which a sample is called too coarse (a rule of thumb)
SimulateMany = Callable[[list[dict[str, float]], list[int]], Array]
"""Parameter values and seeds of runs -> [draw, row and observable], in order; NaN where a run failed."""


@dataclass(frozen=True)
class Question:
    """What is to be fitted to what."""

    parameters: tuple[Parameter, ...]
    rows: tuple[FitRow, ...]
    covariance: Array  # [row, row] of recorded - simulated
    also: tuple[Observable, ...] = ()  # recorded for each draw, not fitted on
    added: Array | None = None  # [row] to figures before logarithms are compared; NaN or None compares figures

    def __post_init__(self) -> None:
        free = [p for p in self.parameters if p.prior.kind != "fixed"]
        if not 1 <= len(free) == len(self.parameters) <= MOST_PARAMETERS:
            raise UsageError(
                f"{len(self.parameters)} parameters are to be fitted, {len(free)} of them with a prior; "
                f"expected 1 to {MOST_PARAMETERS}, each with a prior that is not fixed; name others."
            )
        if not self.rows:
            raise UsageError("No row is to be fitted; expected at least one whose hour is known; take a later time.")

    def compared(self, modelled: Array) -> tuple[Array, Array]:
        """[draw, row] modelled and [row] recorded figures, on the scale on which errors are normal."""
        recorded = np.array([row.best for row in self.rows])
        if self.added is None:
            return modelled, recorded
        by_log = ~np.isnan(self.added)
        with np.errstate(divide="ignore"):
            return (
                np.where(by_log, np.log(np.where(by_log, modelled + self.added, 1.0)), modelled),
                np.where(by_log, np.log(np.where(by_log, recorded + self.added, 1.0)), recorded),
            )


@dataclass(frozen=True, slots=True)
class Effort:
    """How many runs a fit may cost: rounds x per_round, and how many equally likely draws it leaves."""

    rounds: int = 6
    per_round: int = 400
    keep: int = 400


@dataclass(frozen=True, slots=True)
class Round:
    """How far the fit had come after a round."""

    n_draws: int
    temper: float  # power of the likelihood that guided the next round; 1 = all of it
    effective: float  # effective number of draws under the whole likelihood


@dataclass(frozen=True)
class Posterior:
    """Every draw that was simulated, with its weight, and the equally likely ones that were kept."""

    question: Question
    seed: int
    values: Array  # [draw, parameter]
    modelled: Array  # [draw, row]
    also: Array  # [draw, observable]
    log_likelihood: Array  # [draw]
    weights: Array  # [draw], sum to 1
    kept: NDArray[np.int64]  # indices of draws, each as often as its weight asks
    rounds: tuple[Round, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fitted parameters."""
        return tuple(parameter.name for parameter in self.question.parameters)

    @property
    def posterior(self) -> Array:
        """[kept draw, parameter] equally likely values."""
        return self.values[self.kept]

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return effective_size(self.weights)

    @property
    def from_prior(self) -> NDArray[np.bool_]:
        """[draw] whether it was drawn from the prior: the first round."""
        return np.arange(len(self.values)) < self.rounds[0].n_draws

    def origin(self, draw: int) -> tuple[int, int]:
        """Place within its round, and seed, of the run of a draw: with both it is run again with all else as it was."""
        return draw % self.rounds[0].n_draws, run_seed(Draws(self.seed), draw)

    @property
    def closest_of_prior(self) -> float:
        """How far the prior's closest run is from all fitted rows: root mean square, in stated errors (sd)."""
        modelled, recorded = self.question.compared(self.modelled[self.from_prior])
        found = np.sqrt((np.square(modelled - recorded) / np.diag(self.question.covariance)).mean(axis=1))
        return float(np.nanmin(found, initial=np.inf))

    @property
    def caution(self) -> str:
        """A sentence where too few draws agree with the rows to trust the sample; empty otherwise."""
        if self.effective >= ENOUGH:
            return ""
        return (
            f"Only {self.effective:.0f} effective draws of {len(self.values)}, expected {ENOUGH} or more: the sample "
            "is too coarse. Add rounds, or ask whether the model can give these rows at all."
        )

    @property
    def n_failed(self) -> int:
        """Draws whose run failed; they count as impossible."""
        return int(np.isnan(self.modelled).all(axis=1).sum())

    @property
    def rmse(self) -> Array:
        """[draw] root mean square error over the fitted rows of the first target, in its unit."""
        rows = self.question.rows
        mine = [(row.quantity, row.place) == (rows[0].quantity, rows[0].place) for row in rows]
        errors = self.modelled[:, mine] - np.array([row.best for row in rows])[mine]
        return np.asarray(np.sqrt(np.square(errors).mean(axis=1)))


def fit(question: Question, simulate_many: SimulateMany, *, seed: int, effort: Effort | None = None) -> Posterior:
    """Draw the parameters given the rows. The same seed gives the same draws.

    Raises UsageError where a question cannot be asked, RunStopped where every run failed.
    """
    effort = effort or Effort()
    draws, n_rows = Draws(seed), len(question.rows)
    proposals = [Proposal.prior(len(question.parameters))]
    scores, outputs = np.empty((0, len(question.parameters))), np.empty((0, n_rows + len(question.also)))
    rounds: list[Round] = []
    for number in range(effort.rounds):
        slots = number * effort.per_round + np.arange(effort.per_round)
        new = proposals[-1].draw(draws, slots)
        scores = np.concatenate([scores, new])
        outputs = np.concatenate([outputs, simulate(question, simulate_many, new, draws, slots)])
        likelihood = likelihood_of(question, outputs[:, :n_rows])
        base = log_standard_normal(scores) - mixture(proposals, scores)
        temper, start = best_temper(base, likelihood, effort.per_round / 4), start_of(draws, number)
        rounds.append(Round(len(scores), temper, effective_size(normalised(base + likelihood))))
        proposals.append(Proposal.around(scores, normalised(base + temper * likelihood), start))
    weights = normalised(base + likelihood)
    kept = resample(weights, effort.keep, start_of(draws, effort.rounds))
    values = to_values(question.parameters, scores)
    modelled, also = outputs[:, :n_rows], outputs[:, n_rows:]
    return Posterior(question, seed, values, modelled, also, likelihood, weights, kept, tuple(rounds))


def simulate(
    question: Question,
    simulate_many: SimulateMany,
    scores: Array,
    draws: Draws,
    slots: NDArray[np.int64],
) -> Array:
    """[draw, row and observable] what the runs of these draws give."""
    names = [parameter.name for parameter in question.parameters]
    values = to_values(question.parameters, scores)
    tables = [dict(zip(names, map(float, line), strict=True)) for line in values]
    outputs = np.asarray(simulate_many(tables, [run_seed(draws, int(slot)) for slot in slots]), dtype=float)
    expected = (len(slots), len(question.rows) + len(question.also))
    if outputs.shape != expected:
        raise ValueError(f"the simulator gave {outputs.shape}, expected {expected}")
    return outputs


def run_seed(draws: Draws, draw: int) -> int:
    """The seed of a draw's run; draws are numbered through all rounds."""
    return draws.derive(draw).seed


def to_values(parameters: Sequence[Parameter], scores: Array) -> Array:
    """[draw, parameter] values at these standard normal scores: each prior's quantile."""
    chances = normal_chance(scores)
    columns = [[p.prior.quantile(c) for c in column] for p, column in zip(parameters, chances.T, strict=True)]
    return np.array(columns, dtype=float).reshape(scores.shape[::-1]).T


def likelihood_of(question: Question, modelled: Array) -> Array:
    """[draw] log likelihood. Raises RunStopped where every run failed."""
    found = log_likelihood(*question.compared(modelled), question.covariance)
    if not np.isfinite(found).any():
        raise RunStopped("Every run of the fit failed; run the case once without a fit to see why.")
    return found


def mixture(proposals: Sequence[Proposal], scores: Array) -> Array:
    """[draw] log density of everything proposed so far, each round alike."""
    densities = np.array([proposal.log_density(scores) for proposal in proposals])
    return np.asarray(np.logaddexp.reduce(densities, axis=0) - np.log(len(proposals)))


def best_temper(base: Array, likelihood: Array, enough: float) -> float:
    """The greatest power of the likelihood, up to 1, that leaves enough effective draws; found by halving."""
    low, high = 0.0, 1.0
    if effective_size(normalised(base + likelihood)) >= enough:
        return 1.0
    for _ in range(40):
        middle = (low + high) / 2.0
        is_enough = effective_size(normalised(base + middle * likelihood)) >= enough
        low, high = (middle, high) if is_enough else (low, middle)
    return low


def start_of(draws: Draws, number: int) -> float:
    """Where the resampling of a round starts, in (0, 1)."""
    return float(draws.uniform("fit.resample", number))

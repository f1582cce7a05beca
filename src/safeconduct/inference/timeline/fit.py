"""Parameters that agree with what was reported, phase after phase, each on rows up to its own date.

A phase's own parameters are drawn in rounds, first from their priors, then around what has done well; every run of all
rounds is weighted by prior x likelihood / everything proposed (adaptive multiple importance sampling, as in `fit`).
Runs of a later phase take what was fitted before from the draws that an earlier phase left, all else from the priors.
Where few runs agree, the stated errors are widened until enough do, and the sample says by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.fit.fitting import best_temper, mixture
from safeconduct.inference.fit.proposal import Proposal, effective_size, normalised
from safeconduct.inference.fit.sample import Sample
from safeconduct.inference.timeline.likelihood import figures, of_figures
from safeconduct.scenario import Parameter, Phase, Scenario, Seen, drawn_value
from safeconduct.terms import Draws, RunStopped, UsageError, log_standard_normal, normal_chance, show_time

Values = Mapping[str, float]
Carry = Callable[
    [Scenario, Sequence[Values], Sequence[int]], Ensemble
]  # the case to its end, values and seed of each run
FEWEST = 25.0  # effective draws below which the errors are widened
WIDER, WIDEST = 1.25, 12.0
ROUNDS = 4
MOST_TIMES = 4


@dataclass(frozen=True)
class PhaseFit:
    """What one phase's rows left of the draws."""

    phase: Phase
    rows: tuple[Seen, ...]
    effective: float  # of how many equally likely draws the sample is worth
    widened: float  # factor on the stated errors; 1 = none
    n_runs: int


def rows_to_fit(scenario: Scenario, phase: Phase) -> tuple[Seen, ...]:
    """Rows of a phase that speak of a time up to its date and were published by then."""
    plan, until = scenario.timeline, phase.fit_until
    if plan is None or until is None:
        return ()
    return tuple(
        one for one in plan.observed if one.phase == phase.key and one.time <= until and one.published <= until
    )


def fit_phases(
    scenario: Scenario, carry: Carry, ending: Callable[[Phase], Scenario], *, n_runs: int, keep: int, seed: int,
    about: Mapping[str, str],
) -> tuple[Sample, tuple[PhaseFit, ...]]:  # fmt: skip
    """Fit every phase that has a date to fit until, in order. Raises UsageError where the case has none."""
    phases = [phase for phase in (scenario.timeline.phases if scenario.timeline else ()) if phase.fit_until]
    if not phases:
        raise UsageError(f"{scenario.key} has no phase with fit_until; add it to a phase in case.yaml.")
    draws: list[dict[str, float]] = [{}]
    fits = list[PhaseFit]()
    for number, phase in enumerate(phases):
        case = ending(phase)
        more = min(MOST_TIMES, int(scenario.clock.hours / case.clock.hours))  # short runs cost less, so there are more
        rows = rows_to_fit(scenario, phase)
        parameters = [scenario.parameters[name] for name in phase.fits]
        free = [p for p in parameters if p.name not in draws[0] and p.prior.kind != "fixed"]
        own = Draws(seed).derive(number)
        tried, found = tries(scenario, case, carry, rows, free, draws, n_runs * more // ROUNDS, own)
        chosen = drawn(found.weights, keep, own)
        draws = [dict(tried[run]) for run in chosen]
        fits.append(PhaseFit(phase, rows, effective_size(found.weights), found.widened, len(tried)))
    names = list(draws[0])
    targets = tuple(dict.fromkeys((row.quantity, row.place) for one in fits for row in one.rows))
    said = {
        f"phase {one.phase.key}": (
            f"{len(one.rows)} rows to {show_time(one.phase.fit_until)}; {one.n_runs} runs worth "
            f"{one.effective:.0f} draws; stated errors times {one.widened:.2f}"
        )
        for one in fits
        if one.phase.fit_until
    }
    method = {"method": "adaptive multiple importance sampling, phase after phase", **about, **said}
    until = max(one.phase.fit_until for one in fits if one.phase.fit_until)
    values = np.array([[row[name] for name in names] for row in draws])
    n_rows = sum(len(one.rows) for one in fits)
    return Sample(tuple(names), values, until, targets, n_rows, method), tuple(fits)


@dataclass(frozen=True)
class Weighed:
    """Weights of all runs of a phase, and the factor on the stated errors that they needed."""

    weights: NDArray[np.float64]  # [run], sum to 1
    widened: float


def tries(
    scenario: Scenario, case: Scenario, carry: Carry, rows: Sequence[Seen], free: Sequence[Parameter],
    before: Sequence[Values], per_round: int, own: Draws,
) -> tuple[list[dict[str, float]], Weighed]:  # fmt: skip
    """Values of every run of a phase, round by round, and how they weigh. Raises RunStopped where every run failed."""
    proposals = [Proposal.prior(len(free))]
    scores, models = np.empty((0, len(free))), np.empty((len(rows), 0))
    tried = list[dict[str, float]]()
    for number in range(ROUNDS):
        slots = number * per_round + np.arange(per_round)
        new = proposals[-1].draw(own, slots)
        carried = (own.uniform("row of the draws before", slots) * len(before)).astype(np.int64)
        values = [
            {**before[row], **{p.name: drawn_value(p, float(c)) for p, c in zip(free, chances, strict=True)}}
            for row, chances in zip(carried, normal_chance(new), strict=True)
        ]
        ensemble = carry(case, values, [own.derive(int(slot)).seed for slot in slots])
        held = np.full((len(rows), per_round), np.nan)  # a run that failed holds nothing
        held[:, ensemble.runs] = figures(ensemble, scenario, rows)
        scores, models = np.concatenate([scores, new]), np.concatenate([models, held], axis=1)
        tried += values
        base = log_standard_normal(scores) - mixture(proposals, scores)
        likelihood = likelihood_of(models, rows, 1.0)
        temper = best_temper(base, likelihood, per_round / 4.0)
        start = float(own.uniform("start of the kernels", number))
        proposals.append(Proposal.around(scores, normalised(base + temper * likelihood), start))
    widened, weights = 1.0, normalised(base + likelihood)
    while effective_size(weights) < FEWEST and widened < WIDEST:
        widened *= WIDER
        weights = normalised(base + likelihood_of(models, rows, widened))
    return tried, Weighed(weights, widened)


def likelihood_of(models: NDArray[np.float64], rows: Sequence[Seen], widened: float) -> NDArray[np.float64]:
    """[run] log-likelihood; none for a run that failed. Raises RunStopped where every run failed."""
    found = np.nan_to_num(of_figures(models, rows, widened), nan=-np.inf)
    if not np.isfinite(found).any():
        raise RunStopped("Every run of the fit failed; run the case once without a fit to see why.")
    return found


def drawn(chances: NDArray[np.float64], keep: int, draws: Draws) -> NDArray[np.int64]:
    """Systematic draws by weight: run i comes up about keep * weight times."""
    start = float(draws.uniform("systematic", 0))
    marks = (start + np.arange(keep)) / keep
    return np.minimum(np.searchsorted(np.cumsum(chances), marks), chances.size - 1)

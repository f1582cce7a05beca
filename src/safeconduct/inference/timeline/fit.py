"""Parameters that agree with what was reported, phase after phase, each on rows up to its own date.

Runs are drawn from the priors, weighted by the likelihood of the phase's rows and drawn again by weight. The runs of
the next phase take the parameters that were fitted before from those draws, and everything else from the priors. Where
few runs agree, the stated errors are widened until enough do, and the sample says by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.fit.sample import Sample
from safeconduct.inference.timeline.likelihood import effective, log_likelihood, weights
from safeconduct.scenario import Phase, Scenario, Seen
from safeconduct.terms import Draws, UsageError, show_time

Values = Mapping[str, float]
Carry = Callable[[Scenario, Sequence[Values], int], Ensemble]  # the case to its end, rows of values, runs -> ensemble
FEWEST = 25.0  # effective draws below which the errors are widened
WIDER, WIDEST = 1.25, 12.0
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
    draws: list[dict[str, float]] = []
    names: list[str] = []
    fits = list[PhaseFit]()
    for number, phase in enumerate(phases):
        rows = rows_to_fit(scenario, phase)
        case = ending(phase)
        more = min(MOST_TIMES, int(scenario.clock.hours / case.clock.hours))  # short runs cost less, so there are more
        ensemble = carry(case, draws, n_runs * more)
        widen = 1.0
        chances = weights(log_likelihood(ensemble, scenario, rows))
        while effective(chances) < FEWEST and widen < WIDEST:
            widen *= WIDER
            chances = weights(log_likelihood(ensemble, scenario, rows, widen))
        names += [name for name in phase.fits if name not in names]
        chosen = drawn(chances, keep, Draws(seed).derive(number))
        draws = [{name: float(ensemble.parameters[name][run]) for name in names} for run in chosen]
        fits.append(PhaseFit(phase, rows, effective(chances), widen, len(ensemble.runs)))
    targets = tuple(dict.fromkeys((row.quantity, row.place) for one in fits for row in one.rows))
    said = {
        f"phase {one.phase.key}": (
            f"{len(one.rows)} rows to {show_time(one.phase.fit_until)}; {one.n_runs} runs worth "
            f"{one.effective:.0f} draws; stated errors times {one.widened:.2f}"
        )
        for one in fits
        if one.phase.fit_until
    }
    method = {"method": "importance weighting of runs, phase after phase", **about, **said}
    until = max(one.phase.fit_until for one in fits if one.phase.fit_until)
    values = np.array([[row[name] for name in names] for row in draws])
    n_rows = sum(len(one.rows) for one in fits)
    return Sample(tuple(names), values, until, targets, n_rows, method), tuple(fits)


def drawn(chances: NDArray[np.float64], keep: int, draws: Draws) -> NDArray[np.int64]:
    """Systematic draws by weight: run i comes up about keep * weight times."""
    start = float(draws.uniform("systematic", 0))
    marks = (start + np.arange(keep)) / keep
    return np.minimum(np.searchsorted(np.cumsum(chances), marks), chances.size - 1)

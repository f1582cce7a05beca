"""How close a fit comes to the rows it was fitted on, beside straight lines fitted on the same rows. No validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.fit.fitting import Posterior
from safeconduct.inference.score.applicable_baselines import baselines_for
from safeconduct.inference.score.evidence import evidence_of
from safeconduct.inference.score.measures import root_mean_square
from safeconduct.scenario import Scenario, Target
from safeconduct.terms import Draws

SEARCH_STEPS = (1.0, 0.6, 0.4, 0.25, 0.15)  # farthest step, round by round, in sd of the kept runs (assumed)

Array = NDArray[np.float64]
SimulateNear = Callable[[int, list[dict[str, float]]], Array]
"""A draw of the fit and fitted values -> [values, row and observable], with the draw's seed and other parameters."""


@dataclass(frozen=True, slots=True)
class GoodnessOfFit:
    """Root mean square errors over the fitted rows of one target, as shares of its final count."""

    n_rows: int
    final_count: float
    posterior_mean: float  # of the mean of the kept runs at each row
    closest_run: float  # of the one run that comes closest
    n_runs: int  # from which that one is taken
    least_squares: float  # of the closest run after a search for the least square around it
    n_searched: int  # further runs that the search took
    lines: tuple[tuple[str, float, str], ...]  # each straight line's name, error, and how it runs

    def sentences(self) -> tuple[str, ...]:
        """The same for a reader, one line each."""
        head = f"{self.n_rows} rows, root mean square error as a share of the final count of {self.final_count:,.0f}"
        return (
            f"A fit, not a validation: {head}",
            f"  mean of the kept runs: {self.posterior_mean:.2%}",
            f"  closest single run of {self.n_runs:,}: {self.closest_run:.2%}",
            f"  least squares, {self.n_searched:,} runs from there with all else as in it: {self.least_squares:.2%}",
            *(f"  {name}, fitted on the same rows: {error:.2%} ({note})" for name, error, note in self.lines),
        )


def goodness_of_fit(
    fit: Posterior,
    scenario: Scenario,
    target: Target,
    until: datetime,
    simulate_near: SimulateNear,
    *,
    n_search: int = 40,
) -> GoodnessOfFit:
    """Hold a fit, and the capped straight lines, against the rows of a target that were fitted up to a time.

    The lines are least squares; so the runs are held against the rows in that way too, by a search from the closest.
    """
    evidence = evidence_of(target, scenario.clock, last_hour=scenario.clock.hours, until=until)
    rows = [row for row in evidence.rows if row.is_fitted]
    hours, recorded = np.array([row.hour for row in rows]), np.array([row.best for row in rows])
    mine = np.array([(row.quantity, row.place) == (target.quantity, target.place) for row in fit.question.rows])
    errors = misses(fit.modelled, mine, recorded)
    searched, n_searched = search(fit, errors, mine, recorded, simulate_near, n_search)
    lines = [
        (rule.name, root_mean_square(rule.at(hours) - recorded) / evidence.final_count, rule.note)
        for rule in baselines_for(scenario, target, evidence, rows)
        if rule.name.startswith("capped straight line")
    ]
    return GoodnessOfFit(
        n_rows=len(rows),
        final_count=evidence.final_count,
        posterior_mean=root_mean_square((fit.modelled[:, mine] - recorded)[fit.kept].mean(axis=0))
        / evidence.final_count,
        closest_run=errors.min() / evidence.final_count,
        n_runs=len(fit.values) - fit.n_failed,
        least_squares=searched / evidence.final_count,
        n_searched=n_searched,
        lines=tuple(lines),
    )


def misses(modelled: Array, mine: NDArray[np.bool_], recorded: Array) -> Array:
    """[run] root mean square error over the rows of the target; inf for a failed run."""
    found = np.array([root_mean_square(one) for one in modelled[:, mine] - recorded])
    return np.where(np.isnan(found), np.inf, found)


def search(
    fit: Posterior, errors: Array, mine: NDArray[np.bool_], recorded: Array, simulate_near: SimulateNear, n_a_round: int
) -> tuple[float, int]:
    """The least error found by ever smaller steps from the closest run, all else as in it; and in how many runs."""
    closest = int(errors.argmin())
    best, least, n_runs = fit.values[closest], float(errors[closest]), 0
    draws, spread = Draws(fit.seed), fit.posterior.std(axis=0)
    for number, step in enumerate(SEARCH_STEPS):
        slots = number * n_a_round + np.arange(n_a_round)[:, None]
        away = 2.0 * draws.uniform("least squares", slots, np.arange(len(best))) - 1.0
        tried = [one for one in best + step * spread * away if is_possible(fit, one)]
        if not tried or not spread.any():
            continue
        tables = [dict(zip(fit.names, map(float, one), strict=True)) for one in tried]
        found = misses(np.asarray(simulate_near(closest, tables))[:, : len(mine)], mine, recorded)
        n_runs += len(tried)
        if found.min() < least:
            best, least = tried[int(found.argmin())], float(found.min())
    return least, n_runs


def is_possible(fit: Posterior, values: Sequence[float]) -> bool:
    """Whether each value lies where its prior holds it possible."""
    return all(np.isfinite(p.prior.log_density(v)) for p, v in zip(fit.question.parameters, values, strict=True))

"""How close a fit comes to the rows it was fitted on, beside straight lines fitted on the same rows. No validation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from safeconduct.inference.evidence import evidence_of
from safeconduct.inference.fitting import Fit
from safeconduct.inference.measures import root_mean_square
from safeconduct.inference.rivals import baselines_for
from safeconduct.scenario import Scenario, Target


@dataclass(frozen=True, slots=True)
class Closeness:
    """Root mean square errors over the fitted rows of one target, as shares of its final count."""

    n_rows: int
    final_count: float
    posterior_mean: float  # of the mean of the kept runs at each row
    closest_run: float  # of the one run that comes closest
    n_runs: int  # from which that one is taken
    lines: tuple[tuple[str, float, str], ...]  # each straight line's name, error, and how it runs

    def sentences(self) -> tuple[str, ...]:
        """The same for a reader, one line each."""
        head = f"{self.n_rows} rows, root mean square error as a share of the final count of {self.final_count:,.0f}"
        return (
            f"A fit, not a validation: {head}",
            f"  mean of the kept runs: {self.posterior_mean:.2%}",
            f"  closest single run of {self.n_runs:,}: {self.closest_run:.2%}",
            *(f"  {name}, fitted on the same rows: {error:.2%} ({note})" for name, error, note in self.lines),
        )


def closeness(fit: Fit, scenario: Scenario, target: Target, until: datetime) -> Closeness:
    """Hold a fit, and the capped straight lines, against the rows of a target that were fitted up to a time."""
    evidence = evidence_of(target, scenario.clock, last_hour=scenario.clock.hours, until=until)
    rows = [row for row in evidence.rows if row.is_fitted]
    hours, recorded = np.array([row.hour for row in rows]), np.array([row.best for row in rows])
    mine = [(row.quantity, row.place) == (target.quantity, target.place) for row in fit.question.rows]
    errors = fit.modelled[:, mine] - recorded
    lines = [
        (rule.name, root_mean_square(rule.at(hours) - recorded) / evidence.final_count, rule.note)
        for rule in baselines_for(scenario, target, evidence, rows)
        if rule.name.startswith("capped straight line")
    ]
    return Closeness(
        n_rows=len(rows),
        final_count=evidence.final_count,
        posterior_mean=root_mean_square(errors[fit.kept].mean(axis=0)) / evidence.final_count,
        closest_run=min(root_mean_square(one) for one in errors if not np.isnan(one).any()) / evidence.final_count,
        n_runs=len(fit.values) - fit.n_failed,
        lines=tuple(lines),
    )

"""Later reported figures of each phase against the runs, beside "stays as it was" and "goes on in a line"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.score.measures import crps, is_covered
from safeconduct.inference.timeline.fit import rows_to_fit
from safeconduct.inference.timeline.likelihood import is_count, modelled
from safeconduct.scenario import Scenario, Seen

SIDED = ("at_least", "at_most")
STAYS, LINE = "stays as it was", "goes on in a line"


@dataclass(frozen=True)
class RowScore:
    """One reported figure and what the runs held at its time."""

    seen: Seen
    was_fitted: bool
    median: float
    low: float  # 10 % of runs lie below
    high: float
    is_covered: bool  # the central 80 % of runs meets the figure
    crps: float  # NaN for a figure that says at least or at most
    agrees: float  # share of runs that agree with at least or at most; NaN for other figures
    beyond: float  # of such a figure, by how much runs lie on the wrong side of it, on average; NaN for other figures
    baselines: dict[str, float]  # name -> absolute error; of such a figure, by how much it is on the wrong side


@dataclass(frozen=True)
class PhaseScores:
    """Scores of a phase: rows, and means over its later two-sided rows."""

    phase: str
    rows: tuple[RowScore, ...]

    @property
    def later(self) -> tuple[RowScore, ...]:
        """Two-sided rows that were not fitted on."""
        return tuple(row for row in self.rows if not row.was_fitted and row.seen.says not in SIDED)

    def summary(self) -> dict[str, object]:
        """What summary.json holds of a phase's scores."""
        later = self.later
        sided = [row for row in self.rows if not row.was_fitted and row.seen.says in SIDED]
        return {
            "n_fitted": sum(row.was_fitted for row in self.rows),
            "n_later": len(later),
            "covered_80": float(np.mean([row.is_covered for row in later])) if later else None,
            "mean_crps": by_series(later, lambda row: row.crps),
            "mean_error": {name: by_series(later, lambda row, n=name: row.baselines[n]) for name in (STAYS, LINE)},
            "one_sided": [
                {
                    "id": row.seen.id,
                    "says": row.seen.says,
                    "best": row.seen.best,
                    "agrees": row.agrees,
                    "beyond": row.beyond,
                    "baselines": row.baselines,
                }
                for row in sided
            ],
            "mean_beyond": by_series(tuple(sided), lambda row: row.beyond),
            "mean_beyond_of": {
                name: by_series(tuple(sided), lambda row, n=name: row.baselines[n]) for name in (STAYS, LINE)
            },
        }


def by_series(rows: tuple[RowScore, ...], of: object) -> dict[str, float]:
    """The mean of a score over the rows of each series, in the unit of the series; rows without one are left out."""
    found: dict[str, list[float]] = {}
    for row in rows:
        value = of(row)  # type: ignore[operator]  # a function of a row
        if np.isfinite(value):
            found.setdefault(f"{row.seen.quantity} at {row.seen.place}", []).append(float(value))
    return {name: float(np.mean(values)) for name, values in found.items()}


def score_phases(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool) -> tuple[PhaseScores, ...]:
    """Scores of every phase with reported figures inside the window."""
    plan = scenario.timeline
    if plan is None:
        return ()
    found = []
    every = tuple(row for phase in plan.phases for row in rows_to_fit(scenario, phase))
    for phase in plan.phases:
        fitted = rows_to_fit(scenario, phase)
        rows = [one for one in plan.observed if one.phase == phase.key and inside(ensemble, scenario, one)]
        scores = tuple(
            row_score(ensemble, scenario, one, every, was_fitted=is_fitted and one in fitted) for one in rows
        )
        if scores:
            found.append(PhaseScores(phase.key, scores))
    return tuple(found)


def inside(ensemble: Ensemble, scenario: Scenario, seen: Seen) -> bool:
    """Whether the runs recorded a figure's series at its time."""
    hour = scenario.clock.hour_of(seen.time)
    return (seen.quantity, seen.place) in ensemble.series and ensemble.hours[0] <= hour <= ensemble.hours[-1]


def row_score(
    ensemble: Ensemble, scenario: Scenario, seen: Seen, fitted: tuple[Seen, ...], *, was_fitted: bool
) -> RowScore:
    """One figure against the runs and both baselines."""
    model = modelled(ensemble, scenario, seen)
    low, middle, high = (float(x) for x in np.quantile(model, (0.1, 0.5, 0.9)))
    is_sided = seen.says in SIDED
    if is_sided:
        agrees = float((model >= seen.best).mean() if seen.says == "at_least" else (model <= seen.best).mean())
        score, covers, beyond = float("nan"), agrees >= 0.1, float(error(model, seen).mean())
    else:
        agrees, beyond, score = float("nan"), float("nan"), crps(model, seen.best)
        covers = is_covered(model, seen.low, seen.high, 0.8)
    series = [one for one in fitted if (one.quantity, one.place) == (seen.quantity, seen.place)]
    two_sided = [one for one in series if one.says not in SIDED]
    errors = error(baseline(two_sided, seen), seen)
    baselines = dict(zip((STAYS, LINE), map(float, errors), strict=True))
    return RowScore(seen, was_fitted, middle, low, high, covers, score, agrees, beyond, baselines)


def error(values: NDArray[np.float64], seen: Seen) -> NDArray[np.float64]:
    """How far values are from a figure; from one that says at least or at most, only on its wrong side."""
    off = {"at_least": np.maximum(seen.best - values, 0.0), "at_most": np.maximum(values - seen.best, 0.0)}
    found: NDArray[np.float64] = off.get(seen.says, np.abs(values - seen.best))
    return found


def baseline(fitted: list[Seen], seen: Seen) -> NDArray[np.float64]:
    """The last fitted figure, and a line through the first and last fitted ones; NaN without a fitted figure."""
    if not fitted:
        return np.full(2, np.nan)
    first, last = fitted[0], fitted[-1]
    days = (last.time - first.time).total_seconds() / 86400.0
    slope = (last.best - first.best) / days if days > 0 else 0.0
    ahead = (seen.time - last.time).total_seconds() / 86400.0
    line = max(0.0, last.best + slope * ahead)
    return np.array([last.best, line if is_count(seen) else min(line, 1.0)])

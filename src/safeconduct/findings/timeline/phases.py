"""What summary.json says of each phase: when it begins, its step, what it assumes, its measures over runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.timeline import score_phases
from safeconduct.scenario import QUANTITIES, Measure, Phase, Scenario
from safeconduct.terms import show_time

FEWEST_RUNS = 10  # with fewer, a rank correlation says nothing
CHANCES = {"p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}


def phases_summary(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool) -> list[object]:
    """The part `phases` of summary.json; nothing for a case without phases.

    `is_fitted`: whether the runs were drawn from a fitted sample, so that figures used for it test nothing.
    """
    if scenario.timeline is None:
        return []
    clock = scenario.clock
    begun = scenario.phase_starts()
    ends = [when for _, when in begun[1:]] + [clock.end]
    scores = {one.phase: one.summary() for one in score_phases(scenario, ensemble, is_fitted=is_fitted)}
    found: list[object] = []
    for (phase, start), end in zip(begun, ends, strict=True):
        if clock.hour_of(end) <= float(ensemble.hours[0]):
            continue  # before the window that was asked for
        found.append(
            {
                "key": phase.key,
                "title": phase.title,
                "begins": show_time(start),
                "ends": show_time(end),
                "step_minutes": phase.step_minutes,
                "assumes": list(phase.assumes),
                "scores": scores.get(phase.key),
                "measures": {one.name: measure_summary(phase, one, ensemble) for one in phase.measures},
            }
        )
    return found


def measure_summary(phase: Phase, measure: Measure, ensemble: Ensemble) -> dict[str, object]:
    """One measure over runs: quantiles of the runs in which it is defined, and in how many it is not."""
    values = ensemble.outcomes.get(f"{phase.key}.{measure.name}", np.full(len(ensemble.runs), np.nan))
    known = values[np.isfinite(values)]
    bands = {name: float(np.quantile(known, chance)) if known.size else None for name, chance in CHANCES.items()}
    is_days = measure.at.startswith("first_")
    return {
        "about": measure.about,
        "quantity": measure.quantity,
        "place": measure.place,
        "at": measure.at,
        "unit": "days" if is_days else QUANTITIES[measure.quantity][1],
        **bands,
        "goes_with": goes_with(ensemble, values),
        "n_runs_without": int(values.size - known.size),
    }


def goes_with(ensemble: Ensemble, outcome: NDArray[np.float64], n: int = 3) -> dict[str, float]:
    """The parameters whose ranks go most with those of an outcome over runs (Spearman), largest first."""
    known = np.isfinite(outcome)
    if known.sum() < FEWEST_RUNS or np.ptp(outcome[known]) == 0:
        return {}
    rank = np.argsort(np.argsort(outcome[known]))
    found = {}
    for name, values in ensemble.parameters.items():
        mine = values[known]
        if np.ptp(mine) > 0:
            found[name] = float(np.corrcoef(np.argsort(np.argsort(mine)), rank)[0, 1])
    return dict(sorted(found.items(), key=lambda one: -abs(one[1]))[:n])

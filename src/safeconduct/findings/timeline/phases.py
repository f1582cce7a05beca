"""What summary.json says of each phase: when it begins, its step, what it assumes, its measures over runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.findings.words import measure_unit
from safeconduct.inference.timeline import score_phases
from safeconduct.scenario import Measure, Phase, Scenario
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
    """One measure over runs: its quantiles, and in how many runs it is not defined.

    A run that never reaches a level counts as later than all others; a quantile among such runs is None.
    """
    values = ensemble.outcomes.get(f"{phase.key}.{measure.name}", np.full(len(ensemble.runs), np.nan))
    known = values[np.isfinite(values)]
    if measure.at.startswith("first_"):
        known = np.nan_to_num(values, nan=np.inf)
    quantiles = [quantile(known, chance) for chance in CHANCES.values()]
    bands = {name: float(q) if np.isfinite(q) else None for name, q in zip(CHANCES, quantiles, strict=True)}
    return {
        "about": measure.about,
        "quantity": measure.quantity,
        "place": measure.place,
        "at": measure.at,
        "unit": measure_unit(measure),
        **bands,
        "goes_with": goes_with(ensemble, values),
        "n_runs_without": int((~np.isfinite(values)).sum()),
    }


def quantile(values: NDArray[np.float64], chance: float) -> float:
    """A quantile, which may lie between runs; infinite among runs that are, and where there is none."""
    if not values.size:
        return float("inf")
    low, high = (float(np.quantile(values, chance, method=way)) for way in ("lower", "higher"))
    return float(np.quantile(values, chance)) if np.isfinite(high) else high if high != low else low


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

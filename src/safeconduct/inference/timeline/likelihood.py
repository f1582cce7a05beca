"""How likely each run makes what was reported in a phase: the observation model of the timeline's fit.

Counts are compared by their logarithm, as twice as many is as wrong as half; shares as they are. A report that
says "at least" or "at most" speaks against one side only. Bulletins of one count repeat each other, so a series counts
as at most a few independent rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from safeconduct.ensemble import Ensemble
from safeconduct.scenario import QUANTITIES, Scenario, Seen

ERROR = {"exact": 0.10, "about": 0.20, "at_least": 0.20, "at_most": 0.20}  # assumed: of the logarithm, or of a share
RANGE_WIDTH = 3.29  # standard deviations between the ends of a range that is read as 90 %
INDEPENDENT = 3.0  # assumed: rows that a series of bulletins of one count is worth
FLOOR = 1.0  # persons, so that a run without people has a logarithm


def modelled(ensemble: Ensemble, scenario: Scenario, seen: Seen) -> NDArray[np.float64]:
    """[run] what each run holds at the time of a reported figure. Raises KeyError where that is not recorded."""
    hour = scenario.clock.hour_of(seen.time)
    values = ensemble.series[seen.quantity, seen.place]
    return np.array([np.interp(hour, ensemble.hours, one) for one in values])


def is_count(seen: Seen) -> bool:
    """Whether a figure is a count, and not a share."""
    return QUANTITIES[seen.quantity][1] != "1"


def spread(seen: Seen) -> float:
    """Standard deviation of a reported figure, of its logarithm where it is a count."""
    width = np.log(seen.high / seen.low) if is_count(seen) and seen.low > 0 else seen.high - seen.low
    return max(ERROR[seen.says], float(width) / RANGE_WIDTH)


def log_likelihood(
    ensemble: Ensemble, scenario: Scenario, rows: Sequence[Seen], widen: float = 1.0
) -> NDArray[np.float64]:
    """[run] log-likelihood of reported rows; `widen` multiplies every standard deviation."""
    return of_figures(figures(ensemble, scenario, rows), rows, widen)


def figures(ensemble: Ensemble, scenario: Scenario, rows: Sequence[Seen]) -> NDArray[np.float64]:
    """[row, run] what each run holds at the time of each reported figure."""
    found = [modelled(ensemble, scenario, seen) for seen in rows]
    return np.array(found).reshape(len(rows), len(ensemble.runs))


def of_figures(models: NDArray[np.float64], rows: Sequence[Seen], widen: float = 1.0) -> NDArray[np.float64]:
    """[run] log-likelihood of reported rows, where each run holds models[row, run]."""
    by_series: dict[tuple[str, str, str], list[NDArray[np.float64]]] = defaultdict(list)
    for seen, model in zip(rows, models, strict=True):
        best = seen.best
        if is_count(seen):
            model, best = np.log(np.maximum(model, FLOOR)), float(np.log(max(best, FLOOR)))
        off = (model - best) / (spread(seen) * widen)
        if seen.says == "at_least":
            found = log_ndtr(off)
        elif seen.says == "at_most":
            found = log_ndtr(-off)
        else:
            found = -0.5 * off**2
        by_series[seen.quantity, seen.place, seen.says].append(found)
    total = np.zeros(models.shape[1])
    for parts in by_series.values():
        total += np.mean(parts, axis=0) * min(len(parts), INDEPENDENT)
    return total

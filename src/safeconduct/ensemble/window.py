"""The part of an ensemble that a window asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from safeconduct.ensemble.types import Ensemble


def since(ensemble: Ensemble, hour: float) -> Ensemble:
    """Every series from an hour on: the state at that hour comes from the runs before it. Outcomes stay as they are."""
    first = int(np.searchsorted(ensemble.hours, hour - 1e-7))
    return replace(
        ensemble,
        hours=ensemble.hours[first:],
        series={key: values[:, first:] for key, values in ensemble.series.items()},
    )

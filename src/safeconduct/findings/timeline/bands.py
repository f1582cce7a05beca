"""bands.parquet: quantiles over runs of every series by day, each row with its phase."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import numpy as np

from safeconduct.ensemble import Ensemble
from safeconduct.scenario import Scenario

CHANCES = {"p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95}


def write_bands(scenario: Scenario, ensemble: Ensemble, path: Path) -> None:
    """Write one row a series and day: phase, time, quantity, place, quantiles. The first record of each day counts."""
    import polars as pl

    hours, clock = ensemble.hours, scenario.clock
    days = np.unique(np.floor(hours / 24.0 + 1e-7), return_index=True)[1]
    begun = scenario.phase_starts()
    starts = np.array([clock.hour_of(when) for _, when in begun])
    phase = [begun[max(int(np.searchsorted(starts, hours[i] + 1e-7)) - 1, 0)][0].key for i in days]
    times = [clock.at(float(hours[i])).astimezone(UTC) for i in days]
    frames = []
    for (quantity, place), values in sorted(ensemble.series.items()):
        bands = np.quantile(values[:, days], list(CHANCES.values()), axis=0)
        columns = {"phase": phase, "time": times, "quantity": [quantity] * days.size, "place": [place] * days.size}
        frames.append(pl.DataFrame({**columns, **dict(zip(CHANCES, bands, strict=True))}))
    if frames:
        pl.concat(frames).write_parquet(path, compression="zstd")

"""Results as tables: polars frames, xarray datasets, and a small HTML table for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.scenario import Scenario
from safeconduct.terms import UsageError, closest

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

    from safeconduct.findings.simulation import Counterfactual


def outcome_frame(ensemble: Ensemble) -> pl.DataFrame:
    """One row a run: its number, its seed, every outcome."""
    import polars as pl

    columns = {name: pl.Series(values).fill_nan(None) for name, values in ensemble.outcomes.items()}
    return pl.DataFrame({"run": ensemble.runs, "seed": ensemble.seeds, **columns})


def parameter_frame(ensemble: Ensemble) -> pl.DataFrame:
    """One row a run: its number, its seed, every parameter."""
    import polars as pl

    return pl.DataFrame({"run": ensemble.runs, "seed": ensemble.seeds, **ensemble.parameters})


def series_frame(scenario: Scenario, ensemble: Ensemble, quantity: str, place: str) -> pl.DataFrame:
    """One row a run and hour of one series. Raises UsageError for one that was not recorded."""
    import polars as pl

    if (quantity, place) not in ensemble.series:
        known = [f"{one} at {at}" for one, at in ensemble.series]
        asked = f"{quantity} at {place}"
        raise UsageError(f'"{asked}" was not recorded; {closest(asked, known)}.')
    values, times = ensemble.series[quantity, place], utc_times(scenario, ensemble)
    return pl.DataFrame(
        {
            "run": np.repeat(ensemble.runs, len(times)),
            "time": pl.Series(np.tile(times, len(ensemble.runs))).dt.replace_time_zone("UTC"),
            "value": values.ravel(),
        }
    )


def utc_times(scenario: Scenario, ensemble: Ensemble) -> NDArray[np.datetime64]:
    """[hour] the recorded moments in UTC, to the microsecond."""
    start = np.datetime64(scenario.clock.start.astimezone(UTC).replace(tzinfo=None), "us")
    times: NDArray[np.datetime64] = start + np.round(ensemble.hours * 3.6e9).astype("timedelta64[us]")
    return times


def pair_frame(found: Counterfactual) -> pl.DataFrame:
    """One row a pair and measure: run, measure, unit, factual, counterfactual, difference."""
    import polars as pl

    frames = [
        pl.DataFrame(
            {
                "run": found.pairs.factual.runs,
                "measure": [row.name] * len(found.pairs),
                "unit": [row.unit] * len(found.pairs),
                "factual": pl.Series(row.both.factual, dtype=pl.Float64).fill_nan(None),
                "counterfactual": pl.Series(row.both.other, dtype=pl.Float64).fill_nan(None),
                "difference": pl.Series(row.both.difference, dtype=pl.Float64).fill_nan(None),
            }
        )
        for row in found.rows
    ]
    return pl.concat(frames)


@contextmanager
def needs_analysis() -> Iterator[None]:
    """Say in a sentence which extra is missing. Raises UsageError."""
    try:
        yield
    except ImportError as error:
        raise UsageError(
            f"{error.name} is not installed; it comes with the extra: pip install 'safeconduct[analysis]'."
        ) from None


def as_dataset(scenario: Scenario, ensemble: Ensemble) -> xr.Dataset:
    """A variable a quantity over run, time and place or route; NaN where it was not recorded. Raises UsageError."""
    with needs_analysis():
        import xarray as xr
    routes = {route.id for route in scenario.routes}
    axes: dict[str, list[str]] = {"place": [], "route": []}
    for _, subject in ensemble.series:
        names = axes["route" if subject in routes else "place"]
        if subject not in names:
            names.append(subject)
    n_runs, n_times = len(ensemble.runs), len(ensemble.hours)
    arrays: dict[tuple[str, str], NDArray[np.float64]] = {}
    for (quantity, subject), values in ensemble.series.items():
        axis = "route" if subject in routes else "place"
        array = arrays.setdefault((quantity, axis), np.full((n_runs, n_times, len(axes[axis])), np.nan))
        array[:, :, axes[axis].index(subject)] = values
    on_both = {quantity for quantity, axis in arrays if (quantity, "route" if axis == "place" else "place") in arrays}
    data = {
        f"{quantity}_on_routes" if axis == "route" and quantity in on_both else quantity: (("run", "time", axis), array)
        for (quantity, axis), array in arrays.items()
    }
    return xr.Dataset(
        data,
        coords={
            "run": ensemble.runs,
            "time": utc_times(scenario, ensemble),
            "seed": ("run", ensemble.seeds.astype(str)),  # as text: NetCDF of version 3 has no whole numbers so large
            **{axis: names for axis, names in axes.items() if names},
        },
        attrs={"title": scenario.title, "scenario": scenario.hash, "time_zone": "UTC"},
    )


def html_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as a notebook shows it."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

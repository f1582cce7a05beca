"""Tables that other programs read: arrivals.csv, series.parquet, summary.json."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.summaries import NAMES, EnsembleSummary, quantiles
from safeconduct.findings.words import OUTCOMES
from safeconduct.inference import Scores
from safeconduct.scenario import Scenario
from safeconduct.terms import RunSummary, inert, show_time

if TYPE_CHECKING:
    import polars as pl

AT_CROSSINGS = ("cum_arrivals_persons", "new_arrivals_persons", "cum_arrivals_vehicles", "wait_hours", "queue_hours")
ASKED_FIRST = ("persons_displaced", "persons_in_camps", "persons_arrived", "hours_to_50pct", "mean_trip_hours")
ASKED_WITHOUT_CROSSINGS = (*ASKED_FIRST, "persons_in_state_shelter")
AT_RECEPTION = ("cum_registered_persons",)
MOST_ROWS = 50_000  # of arrivals.csv by the hour; a longer table is by the day, so that a spreadsheet opens it
ROWS_PER_GROUP = 1 << 18  # fixed, so that the same series give the same bytes


def plain(value: float) -> str:
    """A number for a table: no exponent, at most three decimals, empty where there is none."""
    return "" if not np.isfinite(value) else f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def in_short(found: RunSummary) -> list[str]:
    """The outcomes that people ask for first, each with its range over runs."""
    asked = ASKED_FIRST if "persons_arrived" in found.outcomes else ASKED_WITHOUT_CROSSINGS
    said = [
        f"{OUTCOMES[name][0]}: {with_range(one, found.n_runs)}{as_told(found.told.get(name))}"
        for name in asked
        if (one := found.outcomes.get(name)) and (name.startswith("hours_to_") or None not in one.values())
    ]
    return [*said, *camps_in_short(found.camps)] if found.camps else said


def with_range(bands: Mapping[str, float | None], n_runs: int) -> str:
    """The median and the range of an outcome; a share of people that a run never reaches has no hour."""
    three = (bands[p] for p in ("p05", "p50", "p95"))
    low, middle, high = ("not reached" if value is None else show_number(value) for value in three)
    return middle if low == "not reached" else f"{middle} (90 % of {n_runs} runs: {low} to {high})"


def as_told(told: str | None) -> str:
    """What travellers reported of an outcome, as it follows the figure of the runs."""
    return f"; reported: {told}" if told else ""


def camps_in_short(ard: Mapping[str, Mapping[str, float]]) -> list[str]:
    """How far camps are off their record: the figure by which such models are compared, in its two usual forms."""
    normal, rescaled = (f"{ard[form]['mean']:.3f}" for form in ("normal", "rescaled"))
    return [
        f"averaged relative difference from recorded camps (0 is best, mean of runs): {normal}; rescaled {rescaled}"
    ]


def recorded_at(scenario: Scenario, quantity: str, place: str) -> dict[float, float]:
    """Recorded figures of a scored series by the hour of the case they are for."""
    found = [t for t in scenario.targets if (t.quantity, t.place) == (quantity, place)]
    return {round(scenario.clock.hour_of(seen.time), 3): seen.best for target in found for seen in target.observations}


def arrivals_csv(reading: EnsembleSummary) -> str:
    """Hourly bands of what is counted at crossings and receptions, beside what was recorded at that hour.

    Where that would be more than MOST_ROWS, only the first hour of each day and hours with a record are rows.
    A figure recorded between two hours of the table has no row of its own; the report lists all of them.
    """
    keys, moments = list(arrival_series(reading)), [*map(reading.scenario.clock.at, reading.ensemble.hours)]
    is_daily = len(keys) * len(moments) > MOST_ROWS
    rows = []
    for quantity, place in keys:
        seen = recorded_at(reading.scenario, quantity, place)
        for moment, hour, band in zip(moments, reading.ensemble.hours, reading.bands[quantity, place].T, strict=True):
            best = plain(seen.get(round(float(hour), 3), np.nan))
            if best or moment.hour == 0 or not is_daily:
                rows.append([show_time(moment), reading.label(place), quantity, *map(plain, band), best])
    return as_csv(["time", "place", "quantity", *NAMES, "recorded"], rows)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as text that a spreadsheet opens; no text in it is a formula there."""
    text = StringIO(newline="")
    safe = ([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    csv.writer(text, lineterminator="\n").writerows([header, *safe])
    return text.getvalue()


def arrival_series(reading: EnsembleSummary) -> Iterator[tuple[str, str]]:
    """Series of arrivals.csv in order: counted crossings first, then receptions."""
    for place in reading.crossings:
        for quantity in AT_CROSSINGS:
            if (quantity, place) in reading.bands:
                yield quantity, place
    yield from (key for key in sorted(reading.bands) if key[0] in AT_RECEPTION)


def write_series(reading: EnsembleSummary, path: Path) -> None:
    """Every run's recorded series, ordered by quantity, place, run and time; the same series, the same bytes.

    Some series are in memory at a time: a year by the hour over many places has billions of rows.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    keys = sorted(key for key in reading.ensemble.series if key[0] in reading.scenario.record)
    schema = pl.Schema(
        {
            "run": pl.Int32(),
            "time": pl.Datetime("us", "UTC"),
            "place": pl.Enum(sorted({reading.label(place) for _, place in keys})),
            "quantity": pl.Enum(sorted({quantity for quantity, _ in keys})),
            "value": pl.Float64(),
        }
    )

    at_once = max(ROWS_PER_GROUP // max(len(reading.ensemble.runs) * len(reading.ensemble.hours), 1), 1)

    def frames(*_: object) -> Iterator[pl.DataFrame]:
        for first in range(0, len(keys), at_once):
            yield series_frame(reading, keys[first : first + at_once], schema)

    register_io_source(frames, schema=schema).sink_parquet(
        path, compression="zstd", compression_level=3, row_group_size=ROWS_PER_GROUP
    )


def write_runs(ensemble: Ensemble, path: Path) -> None:
    """One row a run: `run`, `seed`, every parameter as `parameter.NAME`, every outcome as `outcome.NAME`."""
    import polars as pl

    seeds = ensemble.seeds if len(ensemble.seeds) else np.zeros(len(ensemble.runs), np.uint64)
    columns = {
        "run": pl.Series(ensemble.runs, dtype=pl.Int32),
        "seed": pl.Series(seeds, dtype=pl.UInt64),
        **{f"parameter.{name}": pl.Series(values) for name, values in sorted(ensemble.parameters.items())},
        **{f"outcome.{name}": pl.Series(values).fill_nan(None) for name, values in ensemble.outcomes.items()},
    }
    pl.DataFrame(columns).write_parquet(path, compression="zstd", compression_level=3)


def series_frame(reading: EnsembleSummary, keys: Sequence[tuple[str, str]], schema: pl.Schema) -> pl.DataFrame:
    """Some series as rows, one after the other: run by run, hour by hour."""
    import polars as pl

    ensemble, n_runs = reading.ensemble, len(reading.ensemble.runs)
    start = np.datetime64(reading.scenario.clock.start.astimezone(UTC).replace(tzinfo=None), "us")
    times = start + np.round(ensemble.hours * 3.6e9).astype("timedelta64[us]")
    n_rows = n_runs * len(times)
    quantities, places = zip(*((quantity, reading.label(place)) for quantity, place in keys), strict=True)
    number = np.repeat(np.arange(len(keys), dtype=np.uint32), n_rows)
    columns = [
        pl.Series("run", np.tile(np.repeat(ensemble.runs, len(times)), len(keys)), dtype=pl.Int32()),
        pl.Series("time", np.tile(times, n_runs * len(keys))).dt.replace_time_zone("UTC"),
        pl.Series("place", places, dtype=schema["place"]).gather(number),
        pl.Series("quantity", quantities, dtype=schema["quantity"]).gather(number),
        pl.Series("value", np.concatenate([ensemble.series[key].ravel() for key in keys]), dtype=pl.Float64()),
    ]
    return pl.DataFrame(columns)


def outcome_bands(values: NDArray[np.float64], *, never_is_late: bool) -> dict[str, float | None]:
    """p05 to p95 of one outcome over runs; None where it is undefined, or later than the case lasts."""
    if never_is_late:
        values = np.where(np.isnan(values), np.inf, values)
    bands = zip(NAMES, quantiles(values), strict=True)
    return {name: float(value) if np.isfinite(value) else None for name, value in bands}


def outcomes(ensemble: Ensemble, scenario: Scenario) -> dict[str, dict[str, float | None]]:
    """Every outcome with its quantiles. A share or a level that a run never reaches counts as later than all."""
    phases = scenario.timeline.phases if scenario.timeline else ()
    levels = {f"{phase.key}.{one.name}" for phase in phases for one in phase.measures if one.at.startswith("first_")}
    return {
        name: outcome_bands(values, never_is_late=name.startswith("hours_to_") or name in levels)
        for name, values in ensemble.outcomes.items()
    }


def shown_scores(scores: Scores) -> object:
    """The rows of scores; with camps, the rows beside what is scored of all camps together."""
    rows = [asdict(row) for row in scores.rows]
    return {"rows": rows, **asdict(scores.camps)} if scores.camps else rows


def summary(
    scenario: Scenario, ensemble: Ensemble, scores: Scores, told: Mapping[str, str], actors: Sequence[str] = ()
) -> RunSummary:
    """What summary.json holds."""
    return RunSummary(
        outcomes(ensemble, scenario),
        n_runs=len(ensemble.runs),
        n_failed_runs=len(ensemble.failures),
        n_claims=len(scenario.ledger.claims),
        n_parameters=len(scenario.parameters),
        n_assumed=sum(p.is_assumed for p in scenario.parameters.values()),
        fitted_until=show_time(scores.fitted_until) if scores.fitted_until else None,
        scores=shown_scores(scores),
        told=told,
        actors=tuple(actors),
    )

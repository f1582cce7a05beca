"""What a run found, day by day: planning figures with their ranges, from the series that the run has left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeconduct.findings.exports.tables import ExportColumn, ExportTable
from safeconduct.findings.words import quantity_words
from safeconduct.ledger import Quantity, own_quantities
from safeconduct.terms import UsageError

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = ("p05", "p25", "p50", "p75", "p95")
MEANINGS = (
    "as low or lower in 5 % of runs", "in 25 % of runs", "median of runs", "in 75 % of runs",
    "as low or lower in 95 % of runs",
)  # fmt: skip
COLUMNS = (
    ExportColumn("day", "day that ends (UTC)", "", "date"), ExportColumn("place", "place or crossing"),
    ExportColumn("quantity", "short name of what is counted"), ExportColumn("meaning", "what is counted, in words"),
    ExportColumn("unit", "of the figures in this row"),
    *(ExportColumn(n, m, "", "number") for n, m in zip(NAMES, MEANINGS, strict=True)),
)  # fmt: skip


def one_series(quantity: str, place: str, times: Sequence[datetime], bands: NDArray[np.floating]) -> ExportTable:
    """A running total or a level at one place at the end of each day, from its quantiles [quantile, time]."""
    last = {(time.astimezone(UTC) - timedelta(microseconds=1)).date().isoformat(): n for n, time in enumerate(times)}
    words, unit = quantity_words(quantity), _unit(own_quantities(), quantity)
    rows = tuple(
        (day, place, quantity, words, unit, *(round(v, 1) if v == v else None for v in bands[:, n].tolist()))
        for day, n in last.items()
    )
    return ExportTable(f"chart-{quantity}", f"{words}, {place}", COLUMNS, rows)


def results_by_day(folder: Path) -> ExportTable:
    """Each recorded quantity at each place, by day (UTC): quantiles over runs.

    A running total or a level is taken at the end of the day, a flow is summed over the day. Raises UsageError where
    the folder holds no series.
    """
    import polars as pl

    path = folder / "series.parquet"
    if not path.is_file():
        raise UsageError(f"{folder} holds no series.parquet; expected the output folder of a run; name it")
    series = pl.scan_parquet(path).with_columns(
        day=(pl.col("time") - pl.duration(microseconds=1)).dt.date().cast(pl.String),  # midnight ends the day before
        place=pl.col("place").cast(pl.String),
        quantity=pl.col("quantity").cast(pl.String),
        value=pl.when(pl.col("value").is_finite()).then(pl.col("value")),
    )
    is_flow = pl.col("quantity").first().str.starts_with("new_")
    of_run = series.group_by("quantity", "place", "run", "day").agg(
        pl.when(is_flow).then(pl.col("value").sum()).otherwise(pl.col("value").sort_by("time").last()).alias("value")
    )
    bands = (
        of_run.group_by("day", "place", "quantity")
        .agg(*(pl.col("value").quantile(q, "linear").round(1).alias(n) for q, n in zip(QUANTILES, NAMES, strict=True)))
        .sort("quantity", "place", "day")
        .collect()
    )
    words = own_quantities()
    rows = tuple(
        (row["day"], row["place"], row["quantity"], quantity_words(row["quantity"]), _unit(words, row["quantity"]),
         *(row[name] for name in NAMES))
        for row in bands.iter_rows(named=True)
    )  # fmt: skip
    return ExportTable("results-by-day", "What the runs found, by day", COLUMNS, rows)


def _unit(words: Mapping[str, Quantity], name: str) -> str:
    found = words.get(name)
    return found.unit if found else ""

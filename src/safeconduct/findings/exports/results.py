"""What a run found, day by day: planning figures with their ranges, from the series that the run has left behind."""

from __future__ import annotations

from pathlib import Path

from safeconduct.findings.exports.chart import COLUMNS, NAMES, QUANTILES, unit_of
from safeconduct.findings.exports.tables import ExportTable
from safeconduct.findings.words import quantity_words
from safeconduct.ledger import own_quantities
from safeconduct.terms import UsageError


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
        (row["day"], row["place"], row["quantity"], quantity_words(row["quantity"]), unit_of(words, row["quantity"]),
         *(row[name] for name in NAMES))
        for row in bands.iter_rows(named=True)
    )  # fmt: skip
    return ExportTable("results-by-day", "What the runs found, by day", COLUMNS, rows)

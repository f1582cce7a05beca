"""The page on results names every file, column and key that a run writes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
from synthetic import PROVENANCE, make_ensemble, make_scenario, make_scores

from safeconduct.findings.simulation import write_findings

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")


def test_every_file_column_and_key_is_on_the_page(tmp_path: Path) -> None:
    scenario = make_scenario()
    out = tmp_path / "run"
    write_findings(out, scenario, make_ensemble(scenario), make_scores(scenario), PROVENANCE)
    names = {path.name for path in out.iterdir()}
    with (out / "arrivals.csv").open() as table:
        rows = list(csv.DictReader(table))
    names |= set(rows[0]) | {row["quantity"] for row in rows}
    names |= set(pl.read_parquet_schema(out / "series.parquet"))
    names |= set(json.loads((out / "summary.json").read_text()))
    assert sorted(name for name in names if f"`{name}`" not in PAGE) == []

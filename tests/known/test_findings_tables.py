"""The tables of a run: right numbers in the right rows, the same bytes for the same runs, all or nothing on disk."""

from __future__ import annotations

import csv
import errno
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from synthetic import PROVENANCE, START, make_ensemble, make_scenario, make_scores

from safeconduct.ensemble import Ensemble
from safeconduct.findings.simulation import write_findings
from safeconduct.findings.simulation.summaries import CHANCES, EnsembleSummary, quantiles
from safeconduct.findings.simulation.tables import arrivals_csv, in_short, outcomes, plain
from safeconduct.terms import RunStopped, hash_of, read_summary

SCENARIO = make_scenario()
ENSEMBLE = make_ensemble(SCENARIO)
FILES = {"arrivals.csv", "series.parquet", "runs.parquet", "summary.json", "provenance.json", "manifest.json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("findings") / "run"
    return write_findings(out, SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)


def test_quantiles_are_numpys_where_runs_have_no_value_here_and_there() -> None:
    values = np.random.default_rng(1).normal(size=(31, 50))
    values[np.random.default_rng(2).random(values.shape) < 0.3] = np.nan
    np.testing.assert_allclose(quantiles(values), np.nanquantile(values, CHANCES, axis=0), rtol=1e-12)
    assert np.isnan(quantiles(np.full((4, 2), np.nan))).all()


def test_a_run_that_never_gets_there_counts_as_late_and_is_not_left_out() -> None:
    """10 runs, 4 of which never reach half: the median of [1..6, never x 4] is 5.5, and p75 and p95 are never."""
    hours = np.array([1.0, 2, 3, 4, 5, 6, *[np.nan] * 4])
    found = outcomes(replace(ENSEMBLE, outcomes={"hours_to_50pct": hours, "mean_trip_hours": hours}), SCENARIO)
    assert found["hours_to_50pct"] == {"p05": pytest.approx(1.45), "p25": 3.25, "p50": 5.5, "p75": None, "p95": None}
    assert found["mean_trip_hours"]["p50"] == 3.5


def test_arrivals_are_hourly_with_offset_and_hold_the_record_at_its_hour(folder: Path) -> None:
    with (folder / "arrivals.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["quantity"] == "cum_arrivals_persons"]
    assert {row["place"] for row in rows} == {"Ilex bridge"}
    assert [datetime.fromisoformat(row["time"]) for row in rows] == [START + timedelta(hours=h) for h in range(121)]
    assert rows[0]["time"].endswith("+05:30")
    recorded = {row["time"]: float(row["recorded"]) for row in rows if row["recorded"]}
    expected = {o.time.isoformat(timespec="minutes"): o.best for o in SCENARIO.targets[0].observations}
    assert recorded == expected
    middle = np.median(ENSEMBLE.series["cum_arrivals_persons", "ilex_bridge"][:, 60])
    assert float(rows[60]["p50"]) == pytest.approx(middle, abs=0.001)
    for row in rows:
        assert float(row["p05"]) <= float(row["p25"]) <= float(row["p50"]) <= float(row["p75"]) <= float(row["p95"])


def test_a_long_table_has_a_row_a_day_and_every_recorded_hour(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the hourly table the rows of midnights, and of hours with a record; not a cell of them differs."""
    hourly = (folder / "arrivals.csv").read_text().splitlines()
    monkeypatch.setattr("safeconduct.findings.simulation.tables.MOST_ROWS", len(hourly) - 2)
    daily = arrivals_csv(EnsembleSummary(SCENARIO, ENSEMBLE)).splitlines()
    assert daily == [hourly[0], *(row for row in hourly[1:] if row[11:13] == "00" or not row.endswith(","))]
    assert len(daily) < len(hourly) / 10
    monkeypatch.setattr("safeconduct.findings.simulation.tables.MOST_ROWS", len(hourly) - 1)
    assert arrivals_csv(EnsembleSummary(SCENARIO, ENSEMBLE)).splitlines() == hourly


def test_hours_without_a_crossing_have_empty_cells_not_nan(folder: Path) -> None:
    text = (folder / "arrivals.csv").read_text()
    assert "nan" not in text.lower() and ",,,,,,\n" in text


def test_numbers_in_tables_have_no_exponent() -> None:
    assert [plain(v) for v in (0.0, 1e7, 12.3456, 1e-9, -0.0, np.nan)] == ["0", "10000000", "12.346", "0", "0", ""]


def test_series_hold_every_run_of_what_the_case_records_and_nothing_else(folder: Path) -> None:
    table = pl.read_parquet(folder / "series.parquet")
    assert table.columns == ["run", "time", "place", "quantity", "value"]
    assert set(table["quantity"].cast(pl.String)) == set(SCENARIO.record)
    keys = [key for key in ENSEMBLE.series if key[0] in SCENARIO.record]
    assert len(table) == len(keys) * len(ENSEMBLE.runs) * len(ENSEMBLE.hours)
    one = table.filter((pl.col("run") == 7) & (pl.col("place") == "Ashmere") & (pl.col("quantity") == "n_persons"))
    np.testing.assert_array_equal(one["value"].to_numpy(), ENSEMBLE.series["n_persons", "ashmere"][7])
    assert one["time"][30] == START + timedelta(hours=30)


def test_two_places_of_one_name_stay_apart_in_tables() -> None:
    twin = replace(SCENARIO.places[1], name="Ashmere")
    reading = EnsembleSummary(replace(SCENARIO, places=(SCENARIO.places[0], twin)), ENSEMBLE)
    assert [reading.label(key) for key in ("ashmere", "birchholt")] == ["Ashmere (ashmere)", "Ashmere (birchholt)"]


def test_the_same_runs_give_the_same_bytes_in_another_process_with_another_number_of_threads(
    folder: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; sys.path[:0] = {path}; from pathlib import Path; import synthetic as s\n"
        "from safeconduct.findings.simulation import write_findings\n"
        "c = s.make_scenario(); e = s.make_ensemble(c)\n"
        "write_findings(Path({out!r}), c, e, s.make_scores(c), s.PROVENANCE, report=True)"
    ).format(path=sys.path, out=str(tmp_path / "again"))
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "POLARS_MAX_THREADS": "1"})
    for name in FILES - {"manifest.json"}:  # only one of the two has a page to list
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    report = (tmp_path / "again" / "report.html").read_bytes()
    write_findings(tmp_path / "third", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE)
    assert report == (tmp_path / "third" / "report.html").read_bytes()


def test_in_short_are_the_outcomes_asked_first_with_their_range(folder: Path) -> None:
    """A line names the outcome, its median and the range of 90 % of runs, as summary.json has them."""
    found = json.loads((folder / "summary.json").read_text())
    lines = in_short(read_summary(folder))
    arrived = found["persons_arrived"]
    low, middle, high = (f"{arrived[name]:,.0f}" for name in ("p05", "p50", "p95"))
    assert f"persons who crossed by the end: {middle} (90 % of {found['n_runs']} runs: {low} to {high})" in lines


def test_a_share_that_runs_never_reach_is_told_and_not_left_out(tmp_path: Path) -> None:
    """Half of the runs never see half of the people cross: the median and the upper end say so."""
    never = {**ENSEMBLE.outcomes, "hours_to_50pct": np.where(np.arange(40) < 10, 20.0, np.nan)}
    write_findings(tmp_path / "out", SCENARIO, replace(ENSEMBLE, outcomes=never), make_scores(SCENARIO), PROVENANCE)
    (line,) = (
        line for line in in_short(read_summary(tmp_path / "out")) if line.startswith("hours from the start until half")
    )
    assert line.endswith(": not reached (90 % of 40 runs: 20 to not reached)")


def test_summary_has_the_promised_keys_with_five_quantiles_and_counts(folder: Path) -> None:
    found = json.loads((folder / "summary.json").read_text())
    for name in ENSEMBLE.outcomes:
        assert list(found[name]) == ["p05", "p25", "p50", "p75", "p95"], name
    counts = {key: value for key, value in found.items() if key.startswith("n_")}
    assert counts == {"n_claims": 9, "n_parameters": 3, "n_assumed": 2, "n_runs": 40, "n_failed_runs": 1}
    assert {(row["rows"], row["model"]) for row in found["scores"]} >= {("fitted", "simulation"), ("later", "trend")}
    assert found["fitted_until"] == "2031-05-06T00:00+05:30"


def test_the_birth_record_is_kept_as_given(folder: Path) -> None:
    found = json.loads((folder / "provenance.json").read_text())
    outputs = found.pop("outputs")
    assert found == PROVENANCE
    assert outputs == {name: hash_of(folder / name) for name in FILES - {"provenance.json", "manifest.json"}}


def test_a_folder_that_is_there_keeps_its_other_files(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "kept.txt").write_text("a finished run")
    (tmp_path / "run" / "summary.json").write_text("old")
    write_findings(tmp_path / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES | {"kept.txt"}
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["n_runs"] == 40


@pytest.mark.parametrize("there_before", [False, True])
def test_a_disk_that_fills_up_is_told_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    """The disk takes three files and refuses the fourth."""
    if there_before:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "summary.json").write_text("old")
    before = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}

    def put(path: Path, text: str) -> None:
        if path.name == "provenance.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_text(text)

    monkeypatch.setattr("safeconduct.findings.simulation.write.put", put)
    with pytest.raises(RunStopped, match="No space left on device"):
        write_findings(tmp_path / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)
    assert {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_tables_without_a_report_do_not_stand_beside_an_older_report(tmp_path: Path) -> None:
    write_findings(tmp_path / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE)
    write_findings(tmp_path / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES


def test_a_place_where_nothing_can_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RunStopped, match="could not be written"):
        write_findings(tmp_path / "file" / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)


def test_no_finished_run_is_told_with_the_first_failure(tmp_path: Path) -> None:
    nothing = Ensemble(np.array([], dtype=np.int64), ENSEMBLE.hours, {}, {}, {}, ENSEMBLE.failures)
    with pytest.raises(RunStopped, match="No run finished.*lost its worker"):
        write_findings(tmp_path / "run", SCENARIO, nothing, make_scores(SCENARIO), PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_the_new_folder_can_be_read_by_whoever_the_users_mask_allows(tmp_path: Path) -> None:
    out = write_findings(tmp_path / "run", SCENARIO, ENSEMBLE, make_scores(SCENARIO), PROVENANCE, report=False)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(out.stat().st_mode) == 0o777 & ~mask

"""Forecasts of camps: nothing later is looked at, the total is kept where it is given, a steady rise goes on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from flee_folder import LOCATIONS, read_folder, write_folder

from safeconduct.inference.camps import Settings, backtest_camps, forecast_camps
from safeconduct.scenario import Scenario

TWO = LOCATIONS + "Other,West,Abroad,11.5,21.5,camp,,5000\n"
ROADS = "#name1,name2,distance,forced_redirection\nSource,Town,100,0\nTown,Camp,350,0\nTown,Other,350,0\n"


def two_camps(folder: Path, last: int = 3000) -> Scenario:
    """Counts of days 0, 40 and 100: Camp gains 30 people a day, Other 10; `last`: Camp's on day 100."""
    files = {
        "locations.csv": TWO,
        "routes.csv": ROADS,
        "source_data/data_layout.csv": "total,total.csv\nCamp,camp.csv\nOther,other.csv\n",
        "source_data/total.csv": f"Date,count\n2020-01-01,0\n2020-02-10,1600\n2020-04-10,{last + 1000}\n",
        "source_data/camp.csv": f"Date,count\n2020-01-01,0\n2020-02-10,1200\n2020-04-10,{last}\n",
        "source_data/other.csv": "Date,count\n2020-01-01,0\n2020-02-10,400\n2020-04-10,1000\n",
    }
    return read_folder(write_folder(folder, 101, files))


def test_later_counts_change_nothing(tmp_path: Path) -> None:
    """Two records that part after day 50 give one forecast of day 50, to the last bit."""
    one, other = (
        forecast_camps(two_camps(tmp_path / str(last), last), 50, 90, seed=3).persons for last in (3000, 9000)
    )
    assert one.tobytes() == other.tobytes()


def test_a_given_total_is_kept_and_a_steady_rise_goes_on(tmp_path: Path) -> None:
    """40 people a day to day 40. Rise of 30 more days, slowing by 1/e in 90: 40 * 90 * (1 - exp(-30 / 90)) = 1,020.

    Three in four of them go to Camp, as before. Without spreads and distance the median is exact.
    """
    case = two_camps(tmp_path)
    total = np.linspace(0.0, 4000.0, 101)
    given = forecast_camps(case, 40, 70, total=total)
    np.testing.assert_allclose(given.persons.sum(axis=1), np.tile(total[41:71], (given.persons.shape[0], 1)))
    still = Settings(share_sd=0.0, rise_sd=0.0, level_sd=0.0, distance_days=1e9)
    made = forecast_camps(case, 40, 70, settings=still)
    whole = 1600.0 + 40.0 * 90.0 * (1.0 - np.exp(-30.0 / 90.0))
    assert made.persons[0, :, -1].sum() == pytest.approx(whole)
    assert made.persons[0, 0, -1] == pytest.approx(0.75 * whole, rel=0.002)  # 0.002 is added to each share


def test_scores_tell_a_good_forecast_from_a_bad_one(tmp_path: Path) -> None:
    """Steady rises with constant shares: shares of the day are exact, an equal split errs by a quarter of the total."""
    scores = {(one.model, one.is_total_given): one for one in backtest_camps(two_camps(tmp_path), 40)}
    assert scores["shares of the day", True].crps == pytest.approx(0.0, abs=1e-6)
    assert scores["equal split", True].ard == pytest.approx(0.5, rel=1e-6)
    assert scores["forecast", True].crps < scores["equal split", True].crps
    assert scores["forecast", False].crps < scores["level of the day", False].crps


def test_the_command_writes_a_planning_sheet_and_names_a_wrong_day(tmp_path: Path) -> None:
    """Files, figures in order, and one sentence with exit code 2 for a day outside the case."""
    from safeconduct.app import main

    two_camps(tmp_path / "folder")
    run = CliRunner()
    out = tmp_path / "out"
    done = run.invoke(main, ["forecast", str(tmp_path / "folder"), "--as-of", "50", "--out", str(out)])
    assert done.exit_code == 0, done.output
    record = json.loads((out / "forecast.json").read_text(encoding="utf-8"))
    assert all(row["best_case"] <= row["most_likely"] <= row["worst_case"] for row in record["plan"])
    assert {"planning.csv", "planning.xlsx", "forecast.html"} <= {path.name for path in out.iterdir()}
    sheet = ["monitor", "demo-ceasefire", "--onepage", "--forecast", str(out), "--out", str(tmp_path / "sheet")]
    assert run.invoke(main, sheet).exit_code == 0
    page = (tmp_path / "sheet" / "onepage.html").read_text(encoding="utf-8")
    assert "in camp on" in page and "Forecast as of 20 February 2020" in page
    late = run.invoke(main, [*sheet, "--as-of", "2019-12-31"])
    assert late.exit_code == 2 and "expected a forecast that is no later" in late.output
    wrong = run.invoke(main, ["forecast", str(tmp_path / "folder"), "--as-of", "500", "--out", str(out)])
    assert wrong.exit_code == 2 and "expected a day from 1 to 99" in wrong.output

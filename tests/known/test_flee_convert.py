"""Folders in Flee's format through the command line: converted, checked, run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flee_folder import LOCATIONS, write_folder

from safeconduct.app import main
from safeconduct.scenario import Role, read_case


def call(*words: str) -> tuple[int, str]:
    """Exit code and text of a command."""
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_a_converted_folder_is_a_case(tmp_path: Path) -> None:
    """Same places, roads and counts; conflict and closures are dated events; a second try is told."""
    closures = "country,Home,Abroad,2,4\n"
    source = write_folder(tmp_path / "source", files={"closures.csv": closures})
    code, text = call("convert", str(source), str(tmp_path / "case"))
    assert code == 0 and "3 places" in text
    case = read_case(tmp_path / "case")
    assert {place.name: place.role for place in case.places}["Camp"] is Role.SHELTER
    assert [(event.kind, event.target, case.clock.hour_of(event.time)) for event in case.events] == [
        ("attack", "Source", 0.0),
        ("close", "Town--Camp", 48.0),
        ("open", "Town--Camp", 96.0),
    ]
    assert [(one.best, case.clock.hour_of(one.time)) for one in case.targets[0].observations] == [(0.0, 24.0)]
    code, text = call("convert", str(source), str(tmp_path / "case"))
    assert code == 2 and "is there already" in text


def test_a_converted_folder_keeps_every_digit_and_stays_small(tmp_path: Path) -> None:
    """1,809,106 people are written as they are, and simulated one for a hundred; 10,000 one by one."""
    million = LOCATIONS.replace(",10000", ",1809106")
    for files, persons, one_in in (({"locations.csv": million}, 1809106.0, 100), ({}, 10000.0, 1)):
        case = tmp_path / str(one_in)
        assert call("convert", str(write_folder(tmp_path / f"from-{one_in}", files=files)), str(case))[0] == 0
        found = read_case(case)
        assert (found.one_in, [row.weight_persons for row in found.people]) == (one_in, [persons])


def test_a_run_without_crossings_says_who_is_sheltered(tmp_path: Path) -> None:
    """No road of a converted folder counts crossings: nothing is said of who crossed, on the screen or by a program."""
    assert call("convert", str(write_folder(tmp_path / "source", 30)), str(tmp_path / "case"))[0] == 0
    out = tmp_path / "out"
    code, text = call("run", str(tmp_path / "case"), "--runs", "2", "--workers", "1", "--out", str(out))
    assert code == 0, text
    found = json.loads((out / "summary.json").read_text())
    assert not found.keys() & {"persons_arrived", "hours_to_50pct", "mean_trip_hours", "peak_arrivals_per_hour"}
    assert 0 < found["persons_in_state_shelter"]["p50"] <= found["persons_displaced"]["p50"] <= 10_000
    assert "crossed" not in text
    assert "persons who have left home by the end: " in text and "persons in organised shelter at the end: " in text
    page = (out / "report.html").read_text("utf-8")
    assert "No road of this case counts who crosses" in page and "Shelter by region</h2>\n<p class" in page


@pytest.mark.parametrize("compat", [(), ("--compat", "flee")])
def test_run_gives_scores_of_all_camps(tmp_path: Path, compat: tuple[str, ...]) -> None:
    """summary.json holds three forms of the difference for each run, and the rules that know no roads."""
    source = write_folder(tmp_path / "source", 30)
    options = ("--runs", "3", "--workers", "1", "--no-report", "--out", str(tmp_path / "out"))
    code, text = call("run", str(source), "--hasten", "5", *options, *compat)
    assert code == 0, text
    assert "averaged relative difference from recorded camps" in text
    scores = json.loads((tmp_path / "out" / "summary.json").read_text())["scores"]
    for form in ("normal", "rescaled", "flee_total_error"):
        found = scores["ard"][form]
        assert len(found["runs"]) == 3 and found["mean"] == pytest.approx(sum(found["runs"]) / 3)
    assert scores["baselines"]["equal split"] == 0.0  # there is one camp only
    assert scores["camps"][0]["place"] == "Camp"


def test_options_of_flee_are_for_folders_of_flee() -> None:
    """A shipped case refuses them in a sentence."""
    code, text = call("run", "demo-valley", "--compat", "flee")
    assert code == 2 and "is not in Flee's format" in text

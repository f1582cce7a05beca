"""The game and the simulation: acts become events only where asked for; the recorded act gives the factual run."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from safeconduct.accounts import ROLE_MENUS
from safeconduct.api import RunRequest
from safeconduct.api.simulation import plan_of, with_game
from safeconduct.app import main
from safeconduct.findings.monitor.write import planning
from safeconduct.scenario import find_case, read_case, read_coupling, with_acts
from safeconduct.terms import CaseError, UsageError

ONE = ("--account", "never_obliged", "--runs", "3", "--workers", "1")  # an account whose game is quickly solved
FACTUAL = "guard.words@2030-05-06T10:00+02:00"
ENFORCED = "guard.enforcement@2030-05-06T10:00+02:00"


def call(*words: str) -> Result:
    """A command, in this process."""
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_do_with_the_recorded_answer_gives_the_factual_run_exactly(tmp_path: Path) -> None:
    """Every hour of every pair: not a bit differs; and the page says who did what, by name."""
    done = call("whatif", "demo-valley", "--do", FACTUAL, *ONE, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert "Changed: Lakes guard: words, set at 2030-05-0" in done.stdout
    assert "Lakes guard: words; road closed when the period begins (3 of 3 runs)" in done.stdout
    hourly = pl.read_parquet(tmp_path / "out" / "differences.parquet")
    assert hourly["factual"].equals(hourly["counterfactual"])
    assert hourly["factual"].sum() > 0
    found = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert {n for row in found["measures"].values() for n in row["difference"].values()} <= {0.0, None}


def test_an_act_that_was_not_done_is_told_with_belief_revised_and_held(tmp_path: Path) -> None:
    """The guard's enforcement opens the road on Monday: more arrive; the model's counterfactual is named as such."""
    words = ("--do", ENFORCED, *ONE, "--belief-as-trust", "--out", str(tmp_path / "out"))
    done = call("whatif", "demo-valley", *words)
    assert done.exit_code == 0, done.output
    assert "This is a model's counterfactual" in done.stdout
    found = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert found["measures"]["persons_arrived"]["difference"]["p50"] > 0
    assert found["belief_held"]["measures"]["persons_arrived"]["difference"]["p50"] > 0
    assert "belief held" in found["belief_held"]["says"]
    assert any("public belief" in sentence for sentence in found["conditions"])
    page = (tmp_path / "out" / "whatif.html").read_text()
    assert found["act_without_effect"] == []
    assert 'id="held"' in page and "guard." not in page.split("Runs and repeating")[0]
    for role in ("challenger", "guarantor", "protege"):
        assert role not in page


def test_an_act_of_which_the_coupling_says_nothing_is_told_as_such(tmp_path: Path) -> None:
    """Zeros alone would look like a finding: terminal, summary and page say that nobody wrote down what it changes."""
    act = "guard.nothing@2030-05-06T10:00+02:00"
    done = call("whatif", "demo-valley", "--do", act, *ONE, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    why = "coupling.yaml has no entry guard.nothing, so nothing says which dated event that act changes"
    found = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert found["measures"]["persons_arrived"]["difference"]["p50"] == 0
    assert len(found["act_without_effect"]) == 1
    for text in (done.stdout, found["act_without_effect"][0], (tmp_path / "out" / "whatif.html").read_text()):
        assert why in " ".join(text.split())
        assert "(3 of 3 runs)" in text


def test_an_act_that_leaves_all_as_recorded_is_told_as_such(tmp_path: Path) -> None:
    """The recorded answer, or a stance that nobody answers, changes no dated event; that is why there are zeros."""
    for act in (FACTUAL, "valley.hedge@2030-05-06T10:00+02:00"):
        done = call("whatif", "demo-valley", "--do", act, *ONE, "--no-report", "--out", str(tmp_path / "out"))
        why = "In 3 of 3 runs the road, the moves and the answers of the simulated period are the recorded ones"
        assert why in " ".join(done.stdout.split()), done.output
    done = call("whatif", "demo-valley", "--do", ENFORCED, *ONE, "--no-report", "--out", str(tmp_path / "out"))
    assert "the recorded ones" not in done.stdout and "has no entry" not in done.stdout


def test_belief_is_peoples_trust_only_where_that_is_asked_for() -> None:
    """By default no run gets a trust of its own: it stays the parameter of the case."""
    asked, beliefs, case = RunRequest("demo-valley", n_runs=2), np.array([0.2, 0.9]), read_case("demo-valley")
    plan = plan_of(asked, case, None)
    assert with_game(plan, asked, (), iter(beliefs)).own == ()
    trusting = with_game(plan, replace(asked, belief_as_trust=True), (), iter(beliefs))
    assert trusting.own == ({"trust": 0.2}, {"trust": 0.9})


def test_strategic_runs_say_so_and_are_never_planning_figures(tmp_path: Path) -> None:
    """The report, summary.json and the provenance carry the warning; the monitor does not take the figures up."""
    out = tmp_path / "out"
    done = call("run", "demo-valley", "--actors", "strategic", *ONE, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "These are no planning figures." in (out / "report.html").read_text()
    assert "warning: THE PARTIES' ACTS IN THESE RUNS" in done.stderr
    assert json.loads((out / "provenance.json").read_text())["actors"][0].startswith("THE PARTIES' ACTS")
    assert planning(out) is None
    plain = tmp_path / "plain"
    call("run", "demo-valley", "--runs", "2", "--workers", "1", "--no-report", "--out", str(plain))
    assert planning(plain)
    assert "actors" not in json.loads((plain / "provenance.json").read_text())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("guard.enforcement", "expected PARTY.ACT@TIME"),
        ("gard.words@2030-05-06T10:00+02:00", 'there is no party "gard"'),
        ("guard.strike@2030-05-06T10:00+02:00", '"strike" is not on the menu of guard; expected one of nothing, words'),
        ("guard.words@noon", "--do: "),
        ("guard.words@2031-05-06T10:00+02:00", "lies outside the coded months, 2030-01 to 2030-05"),
        ("guard.words@2030-03-06T10:00+02:00", "nothing was there to answer in 2030-03; months with a move: 2030-01"),
    ],
)
def test_an_act_that_cannot_be_set_is_refused(text: str, told: str, tmp_path: Path) -> None:
    """Exit code 2, one sentence, nothing written."""
    done = call("whatif", "demo-valley", "--do", text, *ONE, "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert told in done.stderr and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_case_without_a_coupling_and_an_unknown_account_are_sentences(tmp_path: Path) -> None:
    """Nothing is guessed."""
    shutil.copytree(find_case("demo-valley"), tmp_path / "valley")
    (tmp_path / "valley" / "coupling.yaml").unlink()
    done = call("whatif", str(tmp_path / "valley"), "--do", FACTUAL, "--runs", "2")
    assert done.exit_code == 2
    assert "has no coupling.yaml" in done.stderr
    done = call("run", "demo-valley", "--actors", "strategic", "--account", "holow")
    assert done.exit_code == 2
    assert 'there is no "holow" in the game; did you mean "hollow"' in done.stderr


def test_effects_drop_move_and_add_events() -> None:
    """Hours count from the act; what is not named stays; the case's own table is untouched."""
    case = read_case("demo-valley")
    coupling = read_coupling(find_case("demo-valley"), case, ROLE_MENUS)
    start, before = case.clock.start, {event.id: event for event in case.events}
    effect = coupling.effect("guard", "enforcement")
    assert effect is not None
    after = {event.id: event for event in with_acts(case, [(effect, start + timedelta(hours=1))])}
    assert set(before) - set(after) == {"night-closure", "road-opens-again"}
    assert after["road-opens"].time == start + timedelta(hours=1)
    assert after["quiet"].time == start + timedelta(hours=3)
    assert after["fighting"] == before["fighting"]
    restricted = coupling.effect("corridor", "restricted")
    assert restricted is not None
    added = {event.id: event for event in with_acts(case, [(restricted, start)])}
    assert added["restricted"].value.at({}) == 10
    assert added["no-longer-restricted"].value.at({"pass_capacity_per_hour": 77.0}) == 77


def test_every_fault_of_a_coupling_is_told_at_once(tmp_path: Path) -> None:
    """Unknown party, act and event, each with its line."""
    shutil.copytree(find_case("demo-valley"), tmp_path / "valley")
    path = tmp_path / "valley" / "coupling.yaml"
    path.write_text(
        path.read_text()
        .replace("{plain: challenger", "{plane: challenger")
        .replace("valley.settle:", "valley.retreat:")
        .replace("moves: {quiet: 8}", "moves: {silence: 8}")
    )
    case = read_case(tmp_path / "valley")
    with pytest.raises(CaseError) as raised:
        read_coupling(tmp_path / "valley", case, ROLE_MENUS)
    told = str(raised.value)
    for word in ('"plane"', '"valley.retreat"', '"silence"', "coupling.yaml:"):
        assert word in told
    path.unlink()
    with pytest.raises(UsageError):
        read_coupling(tmp_path / "valley", case, ROLE_MENUS)


@pytest.mark.parametrize("name", ["demo-valley", "karabakh-2023"])
def test_shipped_couplings_are_without_fault(name: str) -> None:
    """Every effect names events of the case, parties of actors.yaml and acts on their menus."""
    coupling = read_coupling(find_case(name), read_case(name), ROLE_MENUS)
    assert all(effect.source.startswith("assumed") for effect in coupling.effects.values())
    assert len(coupling.effects) >= 5

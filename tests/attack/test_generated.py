"""A few of the generated attacks, over all classes and commands; `benchmarks/attack.py` calls a thousand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from forked import Ended
from inputs import Attack, all_attacks, nothing

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "attack.py"


def called(tmp_path: Path, *words: str) -> list[dict[str, object]]:
    """How each call of the harness ended, as it keeps them."""
    rows = tmp_path / "rows.jsonl"
    done = subprocess.run([sys.executable, str(SCRIPT), *words, "--rows", str(rows)], capture_output=True, text=True)
    assert rows.is_file(), done.stderr
    return [json.loads(line) for line in rows.read_text("utf-8").splitlines()]


def told(row: dict[str, object]) -> list[str]:
    """What was wrong with how a call ended, its cost left out: no test depends on how fast a machine is."""
    faults = row["faults"]
    assert isinstance(faults, list)
    return [one for one in faults if not one.startswith("over ")]


@pytest.mark.parametrize(("seed", "most"), [(1, 12), pytest.param(2, 120, marks=pytest.mark.slow)])
def test_bad_input_ends_in_a_sentence(seed: int, most: int, tmp_path: Path) -> None:
    """Exit code 2 and a sentence, or a result; no traceback, signal, silence, leftover or raw control character."""
    rows = called(tmp_path, "--light", "--most", str(most), "--seed", str(seed))
    assert len(rows) == most
    assert [row for row in rows if told(row)] == []
    assert sum(row["code"] == 2 for row in rows) > most / 2


@pytest.mark.slow
def test_bad_input_to_commands_that_simulate_ends_in_a_sentence(tmp_path: Path) -> None:
    rows = called(tmp_path, "--most", "150", "--seed", "3")
    assert [row for row in rows if told(row)] == []


def test_the_harness_sees_what_is_wrong() -> None:
    """Each way of ending wrongly is a fault, and ending well is none."""
    good = Attack("", "", ("check", "x"), nothing)
    bad = Attack("", "", ("check", "x"), nothing, must_refuse=True)

    def faults(
        attack: Attack, code: int, err: str = "A sentence.", out: str = "", left: tuple[str, ...] = ()
    ) -> list[str]:
        return Ended(attack, code, 1.0, 1, out, err, left, ()).faults

    assert faults(good, 2) == [] and faults(good, 0, "", "fine", "out") == []
    assert faults(bad, 0) == ["believed"] and faults(bad, 2) == []
    assert faults(good, 1) == ["exit code 1"] and faults(good, -11, "") == ["signal 11", "silence"]
    assert faults(good, 2, "") == ["silence"] and faults(good, 2, left="out") == ["leftover"]
    assert "traceback" in faults(good, 2, "Traceback (most recent call last)")
    assert faults(good, 0, "", "a\x9bb") == ["raw control character on the terminal"]


def test_every_command_and_a_thousand_inputs_are_there() -> None:
    """The generator reaches each command of the program and every column of the invented cases."""
    attacks = all_attacks()
    assert len(attacks) > 1000
    from inputs import commands

    assert {one.command for one in attacks} >= set(commands()) - {"cases"}

"""The order of assumptions: a lever of known length, one that moves nothing, and honest errors."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from safeconduct.api import sensitivities
from safeconduct.app import tables
from safeconduct.ensemble import QuickRuns, quick_runs
from safeconduct.findings.simulation import explained, first_to_measure
from safeconduct.findings.simulation.assumptions import amount
from safeconduct.inference import measure_sensitivity
from safeconduct.scenario import Scenario, Values, read_case


def made_up(values: Sequence[Values], seeds: Sequence[int]) -> QuickRuns:
    """Arrivals that are known: 1000 times car_share, less 10 for each hour of readiness, and luck of the seed."""
    final = np.array(
        [1000 * v["car_share"] - 10 * v["ready_median_hours"] + s for v, s in zip(values, seeds, strict=True)]
    )
    hours = np.arange(3.0)
    return QuickRuns(hours, np.outer(final, [0.0, 0.6, 1.0]), np.ones(len(values)), 1.0)


def test_levers_are_as_long_as_they_are() -> None:
    """0.4 to 0.8 uniform: points 0.42 and 0.78, so 0.36 * 1000 at the end; 60 % of it at the hour of half."""
    case = read_case("demo-valley")
    found = measure_sensitivity(case, made_up, n_seeds=2)
    first, second = found.levers[:2]
    assert (found.hour, first.parameters[0].name, second.parameters[0].name) == (1.0, "car_share", "ready_median_hours")
    assert first.length == pytest.approx(0.6 * 360) and first.low == (pytest.approx(0.42),)
    assert second.length == pytest.approx(0.6 * 10 * (20 - 5))
    assert first.error == pytest.approx(0.0)  # both ends share their luck
    assert all(lever.length == pytest.approx(0) and not lever.is_seen for lever in found.levers[2:])


def test_one_pair_of_runs_is_told_with_the_scatter_of_others() -> None:
    """Luck of seeds 0, 1, 2: standard deviation 1, seen at 60 %; a difference of two has the root of two of it."""
    found = measure_sensitivity(read_case("demo-valley"), made_up, n_seeds=1)
    assert found.levers[0].error == pytest.approx(0.6 * 2**0.5)


def test_what_has_no_prior_is_tried_at_half_and_twice_inside_its_limits() -> None:
    """A share of 0.7 goes to 1 and no farther; what is 0 cannot be halved and is told apart."""
    found = measure_sensitivity(read_case("demo-valley"), made_up, also_fixed=True)
    tried = {lever.parameters[0].name: lever for lever in found.levers}
    assert (tried["trust"].low, tried["trust"].high, tried["trust"].has_prior) == ((0.25,), (1.0,), False)
    assert "medical_share" in {one.name for one in found.not_tried}
    assert {one.name for lever in found.levers for one in lever.parameters} | {
        one.name for one in found.not_tried
    } == set(read_case("demo-valley").parameters)


@pytest.fixture(scope="module")
def valley() -> Scenario:
    """The invented case."""
    return read_case("demo-valley")


def test_the_same_twice(valley: Scenario) -> None:
    """No luck but that of the seeds."""
    one = quick_runs(valley, [valley.values()] * 2, [0, 1])
    assert np.array_equal(one.arrived[1:], quick_runs(valley, [valley.values()], [1]).arrived)


def test_every_assumption_is_told_with_its_source(valley: Scenario) -> None:
    """Each parameter once, by name, value and source, the most influential first; error and hour are said."""
    levers = sensitivities(valley)
    text = "\n".join(explained(valley, levers))
    for name, one in valley.parameters.items():
        if one.prior.kind != "fixed":
            assert text.count(f"{name}, source: {one.source}") == 1, name
            assert f": {amount(one.value, one.unit)}\n" in text
    assert text.index(levers.levers[0].parameters[0].name) < text.index(levers.levers[1].parameters[0].name)
    assert "±" in text and "2030-05-07T" in text and "roads: 7 of 7 are assumed" in text
    assert "  1. Median hours from deciding to being ready to go: 10 hours\n       5 to 20 hours: " in text
    assert "Pass capacity: 60 vehicles/hour\n" in text and "larger = all at about the same time\n" in text
    lines = list(first_to_measure(valley, levers, n=2))
    assert (
        lines[1].startswith(f"  1. {levers.levers[0].parameters[0].name}, ") and "more, which move it less" in lines[3]
    )


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_breaks_lines_between_words(width: int, monkeypatch: pytest.MonkeyPatch, valley: Scenario) -> None:
    """No line is wider than the terminal, nor than 100; what belongs to an assumption stays set in; no word is lost."""
    said: list[str] = []
    monkeypatch.setattr(tables.shutil, "get_terminal_size", lambda: os.terminal_size((width, 40)))
    monkeypatch.setattr(tables.sys, "stdout", Terminal())
    monkeypatch.setattr(tables.click, "echo", said.append)
    text = "\n".join(explained(valley, sensitivities(valley)))
    tables.say(text)
    printed = [line for part in said for line in part.split("\n")]
    assert max(map(len, printed)) <= min(width, 100)
    assert " ".join(printed).split() == text.split()
    below = printed[printed.index("  1. Median hours from deciding to being ready to go: 10 hours") + 1 :]
    assert all(
        line.startswith(" " * 7) for line in below[: next(n for n, one in enumerate(below) if one[:4] == "  2.")]
    )


class Terminal(io.StringIO):
    """A screen, to all appearances."""

    def isatty(self) -> bool:
        return True


def test_roads_of_all_classes_are_moved_together(valley: Scenario) -> None:
    """Speeds of two classes are one lever, told as such."""
    some = valley.parameters["pass_capacity_per_hour"]
    classes = {name: replace(some, name=name) for name in ("primary_kmh", "track_kmh")}
    both = replace(valley, parameters={**valley.parameters, **classes})
    found = measure_sensitivity(both, made_up)
    assert ("primary_kmh", "track_kmh") in {tuple(p.name for p in lever.parameters) for lever in found.levers}
    assert "speeds by class of road (primary_kmh, track_kmh)" in "\n".join(first_to_measure(both, found))

"""The worked example of a rule outside the package: a curfew that a case names."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from safeconduct.engine import simulate
from safeconduct.engine.rules import Rule, keeping_kinds, known_rules, with_rules
from safeconduct.engine.step import ORDER
from safeconduct.engine.tables import Tables, build_tables
from safeconduct.engine.world import World, build_world
from safeconduct.scenario import find_case, read_case
from safeconduct.terms import CaseError, UsageError

PLUGIN = Path(__file__).parents[2] / "examples" / "plugin"
PARAMETER = """parameters:
  curfew_share:
    value: {share}
    unit: share of the pressure to leave
    prior: {{uniform: [0, 1]}}
    source: assumed
"""


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the example were installed: the entry point of its pyproject.toml."""
    said = tomllib.loads((PLUGIN / "pyproject.toml").read_text("utf-8"))
    ((name, where),) = said["project"]["entry-points"]["safeconduct.rules"].items()
    monkeypatch.syspath_prepend(str(PLUGIN / "src"))
    point, real = metadata.EntryPoint(name, where, "safeconduct.rules"), metadata.entry_points

    def found(**by: str) -> object:
        return [point] if by.get("group") == point.group else real(**by)

    monkeypatch.setattr(metadata, "entry_points", found)
    known_rules.cache_clear()
    with_rules.cache_clear()
    yield
    known_rules.cache_clear()
    with_rules.cache_clear()


def case_with(folder: Path, share: float) -> Path:
    """demo-valley with the curfew."""
    shutil.copytree(find_case("demo-valley"), folder)
    text = (folder / "case.yaml").read_text("utf-8")
    text = "own_rules: [curfew]\n" + text.replace("parameters:\n", PARAMETER.format(share=share), 1)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return folder


def departed(case: Path) -> float:
    """Person-hours for which people had left home in one run: less where they leave later."""
    scenario = read_case(case)
    run = simulate(scenario, seed=0, record=["cum_departures_persons"])
    return sum(series.sum() for (quantity, _), series in run.series.items() if quantity == "cum_departures_persons")


@pytest.mark.usefixtures("installed")
def test_a_case_runs_with_the_rule_that_it_names(tmp_path: Path) -> None:
    """Behind its phase; a share of 1 changes nothing, a share of 0 keeps people at home at night."""
    order = [phase.__name__ for phase in with_rules(ORDER, ("curfew",))]
    assert order[order.index("feel_pressure") + 1] == "hold_curfew" and len(order) == len(ORDER) + 1
    plain = departed(find_case("demo-valley"))
    assert departed(case_with(tmp_path / "same", 1.0)) == plain
    assert departed(case_with(tmp_path / "less", 0.0)) < plain
    with pytest.raises(UsageError, match='brings the rule "lockdown"'):
        with_rules(ORDER, ("lockdown",))


def test_a_rule_that_no_package_brings_is_a_fault_of_the_case(tmp_path: Path) -> None:
    """Told with the line of case.yaml; without the plugin nothing runs by chance."""
    with pytest.raises(CaseError, match='case.yaml:1: own_rules.0 is "curfew"; expected a rule'):
        read_case(case_with(tmp_path / "case", 0.5))


def test_a_rule_that_changes_the_kind_of_an_array_is_refused() -> None:
    """Compiled loops would take its memory for something else."""
    scenario = read_case(find_case("demo-valley"))
    tables = build_tables(scenario, scenario.values())
    world = build_world(tables, seed=0)

    def strided(world: World, tables: Tables) -> None:
        world.pressure = np.zeros((world.pressure.size, 2))[:, 0]

    with pytest.raises(TypeError, match='rule "strided" put an array of another kind under pressure of the World'):
        keeping_kinds(Rule("strided", "Puts every second number there.", "feel_pressure", strided))(world, tables)

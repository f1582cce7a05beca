"""The Python interface: its lines work, its names are few, and what a run shows is what its arrays hold."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import safeconduct as sc
from safeconduct.terms import UsageError

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
NOTEBOOK = PAGE.with_name("from-python.ipynb")


def test_a_run_is_a_value_with_frames_and_a_dataset(tmp_path: Path) -> None:
    """Frames and dataset agree with the ensemble, and as NetCDF; an unknown series is a sentence; notebooks too."""
    case = sc.read_case("demo-valley")
    runs = sc.run(case, n_runs=3, seed=0, workers=1)
    known = runs.ensemble
    assert runs.outcomes["persons_arrived"].to_list() == known.outcomes["persons_arrived"].tolist()
    assert len(set(runs.outcomes["seed"])) == 3
    data = runs.to_xarray()
    arrived = data.cum_arrivals_persons.sel(place="pass_gate")
    np.testing.assert_array_equal(arrived.values, known.series["cum_arrivals_persons", "pass_gate"])
    assert arrived.quantile([0.05, 0.5, 0.95], "run").shape == (3, len(known.hours))
    data.to_netcdf(tmp_path / "runs.nc")
    with xr.open_dataset(tmp_path / "runs.nc") as again:
        assert again.equals(data) and again.attrs == data.attrs
    assert runs.series("cum_arrivals_persons", "pass_gate").height == 3 * len(known.hours)
    with pytest.raises(UsageError, match="was not recorded"):
        runs.series("cum_arrivals_persons", "nowhere")
    assert "<table>" in runs._repr_html_()


def test_a_what_if_gives_the_difference_within_pairs() -> None:
    """Nothing changed: no difference; an unknown measure is refused with the nearest name."""
    same = sc.whatif("demo-valley", n_runs=2, workers=1)
    assert same.difference("persons_arrived").to_list() == [0.0, 0.0]
    assert same.to_xarray().sizes["world"] == 2
    with pytest.raises(UsageError, match="there is no measure"):
        same.difference("persons_arived")


def test_the_monitor_counts_what_was_published_by_then() -> None:
    """Obligations by a day; later, no fewer reports; a wrong day is a sentence."""
    early, late = sc.monitor("karabakh", as_of="2021-01-31"), sc.monitor("karabakh", as_of="2023-09-18")
    read_later = set(late.obligations["id"]) - set(early.obligations["id"])
    assert read_later == {"AG03d"}  # a reading of the agreement that was published in 2023
    assert early.obligations.height == late.obligations.height - 1 > 10
    assert early.obligations["n_reports"].sum() < late.obligations["n_reports"].sum()
    assert early.acts.height < late.acts.height
    with pytest.raises(UsageError, match="as_of"):
        sc.monitor("karabakh", as_of="yesterday")


def test_functions_are_not_hidden_by_packages_of_their_name() -> None:
    """After both packages were imported; and all that is offered is there."""
    code = "import safeconduct as sc, safeconduct.monitor, safeconduct.accounts, safeconduct.inference.fit\n"
    code += "assert all(callable(getattr(sc, name)) for name in sc.OFFERED), dir(sc)\n"
    code += "assert type(sc.monitor).__name__ == type(sc.accounts).__name__ == 'function'"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_few_names_are_offered_and_the_page_documents_each() -> None:
    """About fifteen; each stands on the page with its docstring."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(sc.OFFERED) <= 16
    assert [name for name in sc.OFFERED if f".{name}\n" not in text] == []
    assert [name for name in sc.OFFERED if not getattr(sc, name).__doc__] == []


def test_the_notebook_runs_from_its_first_cell_to_its_last() -> None:
    """In one namespace, as a kernel does; the last expression of a cell is shown."""
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    shown = []
    for cell in cells:
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            shown.append(repr(eval(compile(ast.Expression(last.value), "cell", "eval"), names)))
    assert len(shown) > len(cells) / 2 and all(0 < len(one) < 5_000 for one in shown)

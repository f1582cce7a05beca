"""Start values of a short case from finished runs of a long one: what a real run wrote is what the short case takes."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import polars as pl
import pytest

from safeconduct.api import RunRequest, run
from safeconduct.inference.timeline import start_sample
from safeconduct.scenario import find_case, read_case
from safeconduct.terms import CaseError, UsageError

STARTS = "case: demo-ceasefire\nparameters: {persons_present: departure.stay, trust: closed.trust}\n"


@pytest.fixture(scope="module")
def long_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of the invented ceasefire."""
    folder = tmp_path_factory.mktemp("long") / "out"
    run("demo-ceasefire", n_runs=2, workers=1).write(folder, report=False)
    return folder


def short_case(tmp_path: Path, starts: str) -> Path:
    """The small case with a starts.yaml."""
    folder = tmp_path / "short"
    copytree(find_case("demo-valley"), folder)
    (folder / "starts.yaml").write_text(starts, encoding="utf-8")
    return folder


def test_start_values_are_those_of_the_runs(long_runs: Path, tmp_path: Path) -> None:
    """A row a run, and every run of the short case takes one of the rows."""
    starts = STARTS.replace(", trust: closed.trust", "")
    folder = short_case(tmp_path, starts)
    wrote = pl.read_parquet(long_runs / "runs.parquet")["outcome.departure.stay"].to_numpy()
    sample = start_sample(long_runs, read_case(folder))
    np.testing.assert_array_equal(sample.values[:, 0], wrote)
    took = run(RunRequest(str(folder), n_runs=4, workers=1, start_from=long_runs)).ensemble.parameters
    assert set(took["persons_present"]) <= set(wrote)


def test_what_does_not_fit_is_told(long_runs: Path, tmp_path: Path) -> None:
    """A measure that the runs lack, a parameter that the case lacks, and a case that takes nothing from others."""
    with pytest.raises(UsageError, match=r"closed\.trust"):
        start_sample(long_runs, read_case(short_case(tmp_path / "one", STARTS)))
    with pytest.raises(CaseError, match="persons_presnt"):
        start_sample(long_runs, read_case(short_case(tmp_path / "two", STARTS.replace("present", "presnt"))))
    with pytest.raises(UsageError, match=r"no starts\.yaml"):
        start_sample(long_runs, read_case("demo-valley"))

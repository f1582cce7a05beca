"""The command line starts fast: heavy libraries are imported by the commands that need them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("numba", "scipy", "polars", "rich", "jinja2", "matplotlib", "statsmodels", "pandas", "starlette")
MOST_MODULES = 100  # of our own, that a run of a case without phases loads beside its workers
RUN = """
import sys
from safeconduct.app import main
sys.argv = ["safeconduct", "run", "karabakh-2023", "--runs", "2", "--workers", "2", "--out", sys.argv[1]]
if __name__ == "__main__":
    try:
        main()
    except SystemExit as ended:
        assert not ended.code
    print(*[name for name in sys.modules if name.startswith("safeconduct")])
"""


def run_python(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True, env=os.environ)
    return done.stdout


@pytest.mark.parametrize("module", ["safeconduct", "safeconduct.app", "safeconduct.api"])
def test_no_heavy_library_is_imported_at_start(module: str) -> None:
    """After importing the command line, or the whole path from a case to its findings, none is in sys.modules."""
    told = run_python("-c", f"import {module}, sys; print(*sys.modules)").split()
    assert module in told
    assert not set(HEAVY) & set(told)


@pytest.mark.slow
def test_a_run_loads_few_modules(tmp_path: Path) -> None:
    """What a case does not use, and what the workers alone use, stays unread: Flee, phases, fitting, the engine.

    The first run compiles where nothing has been compiled yet, and reads the engine for that; the second is counted.
    """
    script = tmp_path / "run.py"
    script.write_text(RUN)
    run_python(str(script), str(tmp_path / "first"))
    loaded = run_python(str(script), str(tmp_path / "out")).splitlines()[-1].split()
    assert (tmp_path / "out" / "report.html").exists()
    assert len(loaded) <= MOST_MODULES, "\n".join(loaded)
    assert not {"safeconduct.engine", "safeconduct.inference.fit.fitting", "safeconduct.scenario.flee"} & set(loaded)


def test_what_a_run_needs_is_part_of_the_whole_lock() -> None:
    pinned, runs = (
        {line.split(" ;")[0].rstrip(" \\") for line in (ROOT / file).read_text().splitlines() if "==" in line[:60]}
        for file in ("requirements.lock", "requirements-run.lock")
    )
    assert {"numba", "polars", "trafilatura"} <= {one.split("==")[0] for one in runs}
    assert runs < pinned

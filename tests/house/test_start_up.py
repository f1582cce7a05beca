"""The command line starts fast: heavy libraries are imported by the commands that need them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("numba", "scipy", "polars", "rich", "jinja2", "matplotlib", "statsmodels", "pandas", "starlette")


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

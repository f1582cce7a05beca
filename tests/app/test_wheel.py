"""The lines of the page "From Python" run from an installed wheel, outside the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from sysconfig import get_path
from venv import create

import pytest

ROOT = Path(__file__).parents[2]
FEWER = (("n_runs=200", "n_runs=4"), ("n_runs=100", "n_runs=3"), ('+04:00")', '+04:00", particles=20)'))


def the_lines() -> str:
    """The example at the head of the page, with fewer runs."""
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    lines = page.split("```python\n")[1].split("```")[0]
    for many, few in FEWER:
        assert lines.count(many) == 1
        lines = lines.replace(many, few)
    return lines


@pytest.mark.slow
def test_the_lines_of_the_page_run_from_a_wheel_alone(tmp_path: Path) -> None:
    """A new environment holds the wheel; libraries come from this one, its own copy of the package does not."""
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    create(tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    (wheel,) = tmp_path.glob("safeconduct-*.whl")
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True)
    site = Path(get_path("purelib", vars={"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")}))
    (site / "libraries.pth").write_text(get_path("purelib") + "\n")  # its .pth files, such as ours, are not followed
    script = tmp_path / "away" / "lines.py"
    script.parent.mkdir()
    script.write_text(the_lines() + "    print(sc.__file__)\n")
    done = subprocess.run([python, "-I", script], cwd=script.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(site / "safeconduct" / "__init__.py")
    assert done.stdout.count("shape: (") >= 3  # outcomes, the planning sheet, obligations

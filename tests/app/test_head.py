"""Output piped into `head`: the printing ends, the page is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from safeconduct.app.main import main


def test_a_page_is_written_whoever_stops_reading(tmp_path: Path) -> None:
    """The reader goes away before the first line; the command still ends well, and the page is whole."""
    command = [sys.executable, "-m", "safeconduct", "monitor", "demo-valley", "--full", "--out", str(tmp_path / "out")]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None and run.stderr is not None
    run.stdout.close()
    said = run.stderr.read().decode()
    assert (run.wait(), said) == (0, "")
    assert (tmp_path / "out" / "monitor.html").read_text().rstrip().endswith("</html>")


@pytest.mark.parametrize("name", ["monitor", "accounts"])
def test_the_page_is_written_before_the_first_line_is_printed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen that fails at once leaves the page."""

    def fail(sentence: str) -> None:
        raise OSError(sentence)

    monkeypatch.setattr(f"safeconduct.app.commands.{name}.say", fail)
    done = CliRunner().invoke(main, [name, "demo-valley", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert (tmp_path / f"{name}.html").read_text().rstrip().endswith("</html>")

"""Output piped into `head`: the printing ends, the page is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_page_is_written_whoever_stops_reading(tmp_path: Path) -> None:
    """The reader goes away before the first line; the command still ends well, and the page is whole."""
    command = [sys.executable, "-m", "safeconduct", "monitor", "demo-valley", "--full", "--out", str(tmp_path / "out")]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None and run.stderr is not None
    run.stdout.close()
    said = run.stderr.read().decode()
    assert (run.wait(), said) == (0, "")
    assert (tmp_path / "out" / "monitor.html").read_text().rstrip().endswith("</html>")

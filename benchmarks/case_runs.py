"""What 200 runs of a case cost, report included: CPU seconds of the whole process tree, as somebody would start it.

    python benchmarks/case_runs.py [--case karabakh-2023] [--runs 200] [--out FOLDER]

Counted: start-up, reading, workers and the server that starts them, scores, tables and the report. Workers outlive the
process that asked for them by a moment, so this one adopts them (Linux: child subreaper) and waits until none is left.
Two runs are made first, not counted, so that machine code is there.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
CALL = "import sys; from safeconduct.app import main; sys.argv[0] = 'safeconduct'; main()"


def cpu_seconds() -> float:
    """User and system seconds of all descendants that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call(*words: str) -> float:
    """Run a command and whatever it starts to the end; returns the CPU seconds of all."""
    before = cpu_seconds()
    done = subprocess.run([sys.executable, "-c", CALL, *words], check=True, capture_output=True, text=True)
    print(done.stdout.strip())
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return cpu_seconds() - before


def main() -> None:
    """Warm up, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--case", default="karabakh-2023")
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        out = str(asked.out or Path(folder) / "out")
        call("run", asked.case, "--runs", "2", "--out", out)
        seconds = call("run", asked.case, "--runs", str(asked.runs), "--out", out)
    load = os.getloadavg()
    print(f"{asked.runs} runs of {asked.case}, report included: {seconds:.1f} CPU s of the process tree")
    print(f"load while this was measured: {load[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()

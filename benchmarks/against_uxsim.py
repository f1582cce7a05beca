"""One corridor of 20,833 vehicles here and in UXsim's C++ mode, in turn: CPU seconds, ratio, mean trip of both.

    python benchmarks/against_uxsim.py --uxsim-python ORACLE/bin/python [--case NAME] [--times 3]

ORACLE is an environment with uxsim, as `tests/known/oracles/uxsim_cases.py` says. Each vehicle is moved by itself
in both. Counted is what builds the network and moves the vehicles, without start-up and compiling.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import mean
from time import process_time

KNOWN = Path(__file__).parent.parent / "tests" / "known"
ASK_UXSIM = """
import sys
from time import process_time
sys.path.insert(0, sys.argv[1])
import uxsim, uxsim_cases
(case,) = [one for one in uxsim_cases.cases() if one.name == sys.argv[2]]
start = process_time()
hours = uxsim_cases.ask(case, 1, 0)["main"]
seconds = process_time() - start
print(seconds, uxsim_cases.fmean(hours) - uxsim_cases.fmean(case.origins[0].times()))
"""


def uxsims(python: str, name: str) -> tuple[float, float]:
    """CPU seconds of UXsim and the mean hours of a trip."""
    command = [python, "-c", ASK_UXSIM, str(KNOWN / "oracles"), name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, trip = map(float, done.stdout.split())
    return seconds, trip


def ours(name: str) -> tuple[float, float]:
    """The same of this engine."""
    from drive import arrival_hours
    from oracle import ONE_BOTTLENECK

    (case,) = [one for one in ONE_BOTTLENECK if one.name == name]
    start = process_time()
    hours = arrival_hours(case)["main"]
    return process_time() - start, float(mean(hours) - mean(case.leave_hours["main"]))


def main() -> None:
    """Both in turn, so often."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--uxsim-python", required=True)
    options.add_argument("--case", default="middle 900 uniform 6 h")
    options.add_argument("--times", type=int, default=3)
    asked = options.parse_args()
    sys.path.insert(0, str(KNOWN))
    ours(asked.case)  # compiles
    for _ in range(asked.times):
        (theirs, their_trip), (here, trip) = uxsims(asked.uxsim_python, asked.case), ours(asked.case)
        print(
            f"UXsim {theirs:.2f} CPU s, mean trip {their_trip:.3f} h; here {here:.3f} CPU s, {trip:.3f} h; "
            f"ratio {theirs / here:.1f}",
            flush=True,
        )
    print(f"{asked.case}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()

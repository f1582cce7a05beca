"""CPU seconds of starting the program: `--help`, `--version`, checking a case; the least of five starts of each.

    python benchmarks/start_up.py

Goals: --help under 0.3 CPU s, check karabakh-2023 under 0.6. A bare `python -c pass` beside them measures the machine.
"""

from __future__ import annotations

import resource
import subprocess
import sys

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "--help": ["-m", "safeconduct", "--help"],
    "--version": ["-m", "safeconduct", "--version"],
    "check karabakh-2023": ["-m", "safeconduct", "check", "karabakh-2023"],
    "import safeconduct": ["-c", "import safeconduct"],
}
STARTS = 5


def cpu_seconds(arguments: list[str]) -> float:
    """User and system seconds of one start of Python."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    least = {name: min(cpu_seconds(arguments) for _ in range(STARTS)) for name, arguments in COMMANDS.items()}
    bare = least["python -c pass"]
    for name, seconds in least.items():
        print(f"{name:22} {seconds:6.2f} CPU s   {seconds / bare:5.1f} times a bare start")

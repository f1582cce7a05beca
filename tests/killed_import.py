"""Kill an import at a random moment, and look at what is left."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from hand_claims import said

from safeconduct.ledger import Query, find, open_index, read_ledger, to_csv

IMPORT = "import sys; from pathlib import Path; from safeconduct.ledger import import_files, open_index; \
print('ready', flush=True); import_files(Path(sys.argv[1]), [Path(sys.argv[2])]); open_index(Path(sys.argv[1]))"


def write_claims(path: Path, prefix: str, count: int) -> None:
    """A table of so many invented claims."""
    path.write_text(to_csv(said(f"{prefix}{n:06d}", float(n), hours=n / 7) for n in range(count)), "utf-8")


def import_and_kill(claims_file: Path, source: Path, seconds: float) -> bool:
    """Start an import and kill it so many seconds after it began to work; whether it was still running then."""
    command = [sys.executable, "-c", IMPORT, str(claims_file), str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        is_running = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return is_running


def kill_at_random(folder: Path, times: int, count: int, longest: float, seed: int = 0) -> dict[str, int]:
    """Kill so many imports, each at a random moment, and count how each ended. Raises AssertionError on a torn file."""
    claims_file, source = folder / "claims.csv", folder / "new.csv"
    write_claims(claims_file, "old", count // 10)
    write_claims(source, "new", count)
    before, chance = claims_file.read_bytes(), random.Random(seed)
    ended = {"none": 0, "all": 0, "killed": 0}
    for _ in range(times):
        claims_file.write_bytes(before)
        ended["killed"] += import_and_kill(claims_file, source, chance.uniform(0.0, longest))
        n_claims = len(read_ledger(claims_file).claims)
        assert n_claims in (count // 10, count // 10 + count), n_claims
        assert len(find(open_index(claims_file), Query())) == n_claims
        ended["all" if n_claims > count // 10 else "none"] += 1
    return ended

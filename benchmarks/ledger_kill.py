"""Kill a hundred imports at random moments: python benchmarks/ledger_kill.py [TIMES]."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def main() -> None:
    """Print how the imports ended; a torn file stops with an error."""
    from killed_import import kill_at_random

    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAFECONDUCT_CACHE"] = str(Path(folder) / "cache")
        ended = kill_at_random(Path(folder), times, count=3000, longest=0.9)
    told = f"{ended['none']} left none of the file, {ended['all']} all, 0 a part"
    print(f"{times} imports, {ended['killed']} killed while they ran: {told}")


if __name__ == "__main__":
    main()

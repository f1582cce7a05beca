"""The process that does one piece of work: it runs the command and notes how it ended, also when the desk is gone.

Started as `python -m safeconduct.desk.work.worker FOLDER`; the folder holds `asked.json`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from safeconduct.terms import write_whole


def main(folder: Path) -> None:
    """Run the command of a folder and note its end: exit code and seconds."""
    words = json.loads((folder / "asked.json").read_text("utf-8"))["command"]
    start = time.time()
    with open(folder / "log.txt", "ab") as log:
        command = [sys.executable, "-m", "safeconduct", *words]
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    ended = {"code": done.returncode, "seconds": round(time.time() - start, 1), "at": time.time()}
    write_whole(folder / "ended.json", json.dumps(ended) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

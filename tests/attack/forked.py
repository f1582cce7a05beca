"""Call a command on a bad input in a process of its own with limits, and say how it ended.

The process is forked from one that has imported everything, so that thousands of calls are cheap. Nothing that starts
threads may have run in this process before.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inputs import Attack

MOST_CPU_SECONDS, MOST_BYTES = 10.0, 2**30  # what a bad input may cost
STOP_CPU_SECONDS, STOP_BYTES, STOP_SECONDS = 30, 4 * 2**30, 180  # where the call is ended
SENTENCE = re.compile(r"\w.*\w")
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")  # what no terminal may get


@dataclass(frozen=True)
class Ended:
    """How a call ended."""

    attack: Attack
    code: int  # exit code; minus the signal where one ended it
    cpu_seconds: float
    peak_bytes: int
    out: str
    err: str
    left: tuple[str, ...]  # files and folders that were not there before
    changed: tuple[str, ...]  # files that are not as they were

    @property
    def faults(self) -> list[str]:
        """What is wrong with how it ended; empty where all is well."""
        told = [*(self.code_faults()), *(self.cost_faults())]
        if "Traceback" in self.err or "Traceback" in self.out:
            told.append("traceback")
        if self.code and not SENTENCE.search(self.err):
            told.append("silence")
        if self.code and self.left:
            told.append("leftover")
        if set(self.changed) - {word.rpartition("=")[2] for word in self.attack.words}:  # what a user names is written
            told.append("a file changed")
        if RAW.search(self.out) or RAW.search(self.err):
            told.append("raw control character on the terminal")
        return told

    def code_faults(self) -> Iterable[str]:
        """What is wrong with the exit code."""
        if self.code < 0:
            yield f"signal {-self.code}"
        elif self.code == 0 and self.attack.must_refuse:
            yield "believed"
        elif self.code not in (0, 2):
            yield f"exit code {self.code}"

    def cost_faults(self) -> Iterable[str]:
        """What is wrong with the time and memory."""
        if self.cpu_seconds > MOST_CPU_SECONDS:
            yield f"over {MOST_CPU_SECONDS:g} CPU s"
        if self.peak_bytes > MOST_BYTES:
            yield "over 1 GB"


def warm() -> None:
    """Import all that commands import, and start nothing."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", POLARS_MAX_THREADS="1", NUMBA_NUM_THREADS="1", COLUMNS="100")
    import importlib
    import pkgutil

    import safeconduct

    for one in pkgutil.walk_packages(safeconduct.__path__, "safeconduct."):
        if ".cases" not in one.name and not one.name.endswith("__main__"):
            importlib.import_module(one.name)


def ended(attack: Attack, place: Path, *, is_forked: bool = True) -> Ended:
    """Call the command of an attack in a new folder of `place`, and say how it ended."""
    folder = Path(tempfile.mkdtemp(dir=place))
    work = folder / "work"
    work.mkdir()
    attack.prepare(work)
    before = state_of(work)
    out, err = folder / "out.txt", folder / "err.txt"
    process = forked(attack.words, work, out, err) if is_forked else started(attack.words, work, out, err)
    code, used = waited(process)
    after = state_of(work)
    texts = [path.read_bytes()[:200_000].decode("utf-8", "replace") for path in (out, err)]
    shutil.rmtree(folder, ignore_errors=True)
    return Ended(
        attack, code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, *texts,
        tuple(sorted(set(after) - set(before))),
        tuple(sorted(name for name in before if after.get(name) != before[name])),
    )  # fmt: skip


def state_of(folder: Path) -> dict[str, object]:
    """What lies in a folder: a size and a time for each file."""
    found: dict[str, object] = {}
    for path in folder.rglob("*"):
        stat = path.lstat()
        found[str(path.relative_to(folder))] = None if path.is_dir() else (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return found


def limits() -> None:
    """Bounds on the process that calls the command."""
    resource.setrlimit(resource.RLIMIT_CPU, (STOP_CPU_SECONDS, STOP_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (STOP_BYTES, STOP_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def started(words: Sequence[str], work: Path, out: Path, err: Path) -> int:
    """Start a command as a user does."""
    with out.open("wb") as to_out, err.open("wb") as to_err:
        return subprocess.Popen(
            [sys.executable, "-m", "safeconduct", *(word.encode("utf-8", "surrogateescape") for word in words)],
            cwd=work, stdin=subprocess.DEVNULL, stdout=to_out, stderr=to_err, preexec_fn=limits, start_new_session=True,
        ).pid  # fmt: skip


def forked(words: Sequence[str], work: Path, out: Path, err: Path) -> int:
    """Call a command in a copy of this process."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.setsid()
        os.chdir(work)
        for number, path in ((0, Path(os.devnull)), (1, out), (2, err)):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            os.dup2(handle, number)
        limits()
        code = called(words)
    except BaseException:
        traceback.print_exc()
    finally:
        with_flushed(sys.stdout)
        with_flushed(sys.stderr)
        os._exit(code)


def called(words: Sequence[str]) -> int:
    """The exit code of a command, called as the program calls it."""
    from safeconduct.app import main

    sys.argv = ["safeconduct", *words]
    try:
        main(list(words), prog_name="safeconduct")
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)
    return 0


def with_flushed(stream: object) -> None:
    """Write what is left of a stream."""
    with suppress(OSError, ValueError):
        stream.flush()  # type: ignore[attr-defined]  # of text


def waited(process: int) -> tuple[int, resource.struct_rusage]:
    """Exit code and use of a process; it is killed after a while."""
    until = time.monotonic() + STOP_SECONDS
    pause = 0.005
    while True:
        found, status, used = os.wait4(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), used
        if time.monotonic() > until:
            os.killpg(process, signal.SIGKILL)
            _, status, used = os.wait4(process, 0)
            return os.waitstatus_to_exitcode(status), used
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)

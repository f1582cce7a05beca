"""What was computed is kept while the files that it came from stay as they were; the oldest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")
MOST_BEGUN = 4  # things that are made beside the threads of requests at once; assumed
Signature = tuple[tuple[str, int, int, int], ...]


def signature(folder: Path) -> Signature:
    """What tells that a file of a folder has changed: name, size, and the times of its content and its inode."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        state = path.stat()
        found.append((path.name, state.st_size, state.st_mtime_ns, state.st_ctime_ns))
    return tuple(found)


class Kept:
    """A cache of bounded size. Two threads that ask for the same thing compute it once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.found: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.making: dict[Hashable, threading.Lock] = {}
        self.begun: dict[Hashable, Future[Any]] = {}

    def soon(self, key: Hashable, make: Callable[[], Made], seconds: float) -> Made | None:
        """What is kept under a key; made beside this thread where nothing is, and None where that takes longer.

        The next to ask gets it, or the error that making it raised.
        """
        with self.lock:
            if key in self.found:
                kept: Made = self.found[key]
                return kept
            job = self.begun.get(key)
            if job is None:
                self.begun = {key: one for key, one in self.begun.items() if not one.done()}  # some never asked again
                if len(self.begun) >= MOST_BEGUN:
                    return None
                job = self.begun[key] = Future()
                threading.Thread(target=self._make, args=(key, make, job), daemon=True).start()
        done, _ = wait([job], seconds)
        if not done:
            return None
        with self.lock:
            self.begun.pop(key, None)
        made: Made = job.result()
        return made

    def _make(self, key: Hashable, make: Callable[[], Any], job: Future[Any]) -> None:
        try:
            job.set_result(self.get(key, make))
        except BaseException as error:  # of whatever kind: it is raised to who asks
            job.set_exception(error)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key, made now where nothing is. An error is raised to each caller, and not kept."""
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
                kept: Made = self.found[key]
                return kept
            turn = self.making.setdefault(key, threading.Lock())
        with turn:
            with self.lock:
                if key in self.found:
                    again: Made = self.found[key]
                    return again
            try:
                made = make()
                with self.lock:
                    self.found[key] = made
                    while len(self.found) > self.most:
                        self.found.popitem(last=False)
                return made
            finally:
                with self.lock:
                    self.making.pop(key, None)

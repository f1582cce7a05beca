"""What was computed is kept while the files that it came from stay as they were; the oldest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")
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

"""Pages that answered a form, each at an address of its own: it can be left, come back to and loaded again, and sends
nothing twice. They are kept in memory, the oldest goes first."""

from __future__ import annotations

import secrets
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

MOST = 200  # pages that are kept; assumed


@dataclass
class Answers:
    """The pages by name, each for one session alone."""

    kept: OrderedDict[str, tuple[str, int, bytes]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, session: str, status: int, page: bytes) -> str:
        """Keep a page; its address."""
        name = secrets.token_urlsafe(12)
        with self.lock:
            self.kept[name] = session, status, zlib.compress(page)
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)
        return f"/answer/{name}"

    def find(self, session: str, name: str) -> tuple[int, bytes] | None:
        """Status and text of a page; None where this session has none of that name."""
        with self.lock:
            owner, status, page = self.kept.get(name, (None, 0, b""))
        return (status, zlib.decompress(page)) if owner == session else None

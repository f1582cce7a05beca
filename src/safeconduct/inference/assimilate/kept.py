"""Stages of an assimilation on disk, so that a forecast that was stopped goes on from its last count."""

from __future__ import annotations

import hmac
import pickle
from collections.abc import Sequence
from pathlib import Path

from safeconduct.inference.assimilate.sampler import Stage
from safeconduct.terms import own_secret, write_whole

MARK = 32  # bytes at the start of the file
FILE = "assimilation.pickle"  # in the output folder, until the forecast is written


def mark_of(content: bytes) -> bytes:
    """The mark of what this user's program wrote."""
    return hmac.digest(own_secret(), content, "sha256")


class KeptStages:
    """The stages of one request: read once, written after each stretch."""

    def __init__(self, folder: Path, key: str) -> None:
        self.path, self.key = folder / FILE, key
        self.stages: list[Stage] = list(read_stages(self.path, key))

    def keep(self, stage: Stage) -> None:
        """Add a stage and write all."""
        self.stages.append(stage)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stages = pickle.dumps((self.key, self.stages[-1:]))
        write_whole(self.path, mark_of(stages) + stages)

    def done(self) -> None:
        """The forecast is written: nothing is left to go on from."""
        self.path.unlink(missing_ok=True)


def read_stages(path: Path, key: str) -> Sequence[Stage]:
    """The last stage that was kept for a request; none where the file is of another, or unreadable.

    Reading a pickle runs what it holds: one that this user's program did not write is left aside.
    """
    try:
        content = path.read_bytes() if path.is_file() else b""
        if not hmac.compare_digest(content[:MARK], mark_of(content[MARK:])):
            return ()
        known, stages = pickle.loads(content[MARK:])
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ValueError, TypeError):
        return ()
    return stages if known == key else ()

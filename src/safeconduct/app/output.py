"""The screen, when whoever reads it has enough: `| head` ends the printing, not the work."""

from __future__ import annotations

import os
import sys
from typing import TextIO


class PatientOutput:
    """A stream that goes on silently once its reader has gone, so that files still get written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; nothing once the reader has gone."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._let_go()

    def _let_go(self) -> None:
        """Send what is still written to nowhere."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def print_patiently() -> None:
    """Let this process finish its work whoever stops reading what it prints."""
    if not isinstance(sys.stdout, PatientOutput):
        sys.stdout = PatientOutput(sys.stdout)

"""The screen, when its reader has enough: `| head` ends the printing, not the work."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

RAW = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")  # colours are ours


def visible(text: str) -> str:
    """A text without what a terminal would obey: control characters as \\u and their number, as JSON writes them."""
    return RAW.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


class PatientOutput:
    """A stream that goes on silently once its reader has gone, so that files still get written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; nothing once the reader has gone."""
        try:
            return self._stream.write(visible(text))
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
    """Let this process finish its work when its reader stops."""
    if not isinstance(sys.stdout, PatientOutput):
        sys.stdout = PatientOutput(sys.stdout)
    if not isinstance(sys.stderr, PatientOutput) and not sys.stderr.isatty():  # a terminal gets the progress bar there
        sys.stderr = PatientOutput(sys.stderr)

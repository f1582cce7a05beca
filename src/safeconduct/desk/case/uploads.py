"""Files of a form that was refused: the desk keeps them for the next try, so that nothing has to be chosen again."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{16}")
UNSAFE = re.compile(r"[^\w. ()-]+")
MOST, SECONDS = 20, 86_400  # forms that are kept, and for how long; assumed


@dataclass(frozen=True)
class Uploads:
    """The kept files of a desk, by the name of the form and the field."""

    own: Path

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.own / "uploads"

    def find(self, form: str) -> dict[str, tuple[str, bytes]]:
        """Field -> name and content of its file; nothing for a form that is not kept."""
        folder = self.folder / form
        if not NAME.fullmatch(form) or not folder.is_dir():
            return {}
        files = (path for field in sorted(folder.iterdir()) for path in field.iterdir())
        return {path.parent.name: (path.name, path.read_bytes()) for path in files}

    def keep(self, files: Mapping[str, tuple[str, bytes]]) -> str:
        """Keep the files of a form; its name, empty where it has none. Old ones go."""
        self.forget_old()
        if not files:
            return ""
        form = secrets.token_hex(8)
        for field, (name, content) in files.items():
            place = self.folder / form / field
            place.mkdir(parents=True)
            (place / (UNSAFE.sub("_", name).lstrip(".")[:120] or "file")).write_bytes(content)
        return form

    def forget(self, form: str) -> None:
        """The form was taken, or is kept under another name."""
        if NAME.fullmatch(form):
            shutil.rmtree(self.folder / form, ignore_errors=True)

    def forget_old(self) -> None:
        """Leave room: what was kept long ago, and all but the last forms."""
        there = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime) if self.folder.is_dir() else []
        for n, path in enumerate(reversed(there), start=1):
            if n >= MOST or path.stat().st_mtime < time.time() - SECONDS:
                shutil.rmtree(path, ignore_errors=True)

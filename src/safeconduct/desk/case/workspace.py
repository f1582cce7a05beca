"""A folder of cases: which there are, which ship with the package, and where each lies. No name leads out of it."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import safeconduct.api.casework as casework
from safeconduct.terms import UsageError

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
OWN = ".desk"  # the desk's own files within the folder: people, jobs
PARTS = {"claims.csv": "reports", "monitor.yaml": "agreement", "case.yaml": "simulation", "accounts.yaml": "accounts"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case lies, and whether it may be written to."""

    key: str
    folder: Path
    is_shipped: bool

    @property
    def address(self) -> str:
        """Where its pages begin."""
        return f"/{'shipped' if self.is_shipped else 'case'}/{self.key}"

    @property
    def parts(self) -> tuple[str, ...]:
        """What the case holds, in words."""
        return tuple(words for file, words in PARTS.items() if (self.folder / file).is_file())


@dataclass(frozen=True)
class Workspace:
    """The folder that the desk was started on."""

    folder: Path

    @property
    def own(self) -> Path:
        """Where the desk keeps what belongs to no case."""
        return self.folder / OWN

    def cases(self) -> Iterator[Place]:
        """The cases of the folder, by name."""
        for path in sorted(self.folder.iterdir()):
            if KEY.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                yield Place(path.name, path, False)

    def shipped(self) -> Iterator[Place]:
        """The cases that ship with the package; they are never written to."""
        for path in casework.shipped_folders():
            yield Place(path.name, path, True)

    def find(self, key: str, *, is_shipped: bool = False) -> Place | None:
        """A case by its name; None where there is none. A name with a slash, a dot or a link is none."""
        if not KEY.fullmatch(key):
            return None
        return next((one for one in (self.shipped() if is_shipped else self.cases()) if one.key == key), None)

    def new_folder(self, key: str) -> Path:
        """The path of a case that is not there yet. Raises UsageError for a name that cannot be or is taken."""
        if not KEY.fullmatch(key):
            raise UsageError(
                f'the name is "{key[:70]}"; expected small letters, digits, - or _, at most 63; choose another.'
            )
        if (self.folder / key).exists():
            raise UsageError(f'there is a case "{key}" already; expected a new name; choose another.')
        return self.folder / key

    def copy(self, source: Path, key: str) -> Place:
        """A copy of a case under a new name: put together beside it and renamed, so that it is there whole or not."""
        goal = self.new_folder(key)
        part = self.folder / f".{key}.{secrets.token_hex(4)}.part"
        try:
            shutil.copytree(source, part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            for path in part.rglob("*"):
                path.chmod(0o755 if path.is_dir() else 0o644)
            part.chmod(0o755)
            os.rename(part, goal)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return Place(key, goal, False)

    def free_key(self, wish: str) -> str:
        """The wished name, or the next free one with a number."""
        names = (wish, *(f"{wish[:58]}-{n}" for n in range(2, 1000)))
        return next(name for name in names if not (self.folder / name).exists())

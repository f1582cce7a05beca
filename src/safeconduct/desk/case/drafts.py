"""Proposals that wait for a decision: what a text or a table may be read as saying. On disk until decided."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from safeconduct.terms import write_whole

NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
SHOWN = 40  # proposals on one page


@dataclass(frozen=True)
class Draft:
    """Rows that were read from one text or table, and what was decided of each."""

    id: str
    title: str
    who: str
    at: str
    rows: tuple[Mapping[str, str], ...]
    told: tuple[str, ...]  # what a person should know of the reading
    decided: Mapping[int, str]  # number of a row -> saved as ..., rejected

    @property
    def waiting(self) -> list[int]:
        """Numbers of the rows without a decision."""
        return [n for n in range(len(self.rows)) if n not in self.decided]


@dataclass(frozen=True)
class Drafts:
    """The drafts of one case."""

    folder: Path

    def all(self) -> list[Draft]:
        """Every draft with something to decide, newest first."""
        names = sorted((path.stem for path in self.folder.glob("*.json")), reverse=True)
        return [found for name in names if (found := self.find(name)) and found.waiting]

    def find(self, name: str) -> Draft | None:
        """A draft by its name; None where there is none."""
        path = self.folder / f"{name}.json"
        if not NAME.fullmatch(name) or not path.exists():
            return None
        told = json.loads(path.read_text("utf-8"))
        decided = {int(n): word for n, word in told["decided"].items()}
        return Draft(name, told["title"], told["who"], told["at"], tuple(told["rows"]), tuple(told["told"]), decided)

    def add(self, title: str, who: str, rows: Sequence[Mapping[str, str]], told: Sequence[str]) -> str:
        """Keep rows to decide on; the draft's name."""
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        at = datetime.now(UTC).isoformat(timespec="minutes")
        self._write(Draft(name, title, who, at, tuple(dict(row) for row in rows), tuple(told), {}))
        return name

    def decide(self, draft: Draft, decided: Mapping[int, str]) -> None:
        """Note what was decided of some rows."""
        self._write(
            Draft(draft.id, draft.title, draft.who, draft.at, draft.rows, draft.told, {**draft.decided, **decided})
        )

    def _write(self, draft: Draft) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {
            "title": draft.title, "who": draft.who, "at": draft.at, "rows": [dict(row) for row in draft.rows],
            "told": list(draft.told), "decided": {str(n): word for n, word in draft.decided.items()},
        }  # fmt: skip
        write_whole(self.folder / f"{draft.id}.json", json.dumps(told, ensure_ascii=False) + "\n")

"""The journal of a case: who did what to its reports, when and why. Lines are added and never changed.

Before a file is touched the journal says what is about to be done, and afterwards that it was done; what a killed desk
has left open is settled by looking at the file. Every line carries the hash of the one before it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

FILE = "journal.jsonl"
OUTSIDE = "outside the desk"
TWO, ONE = "two people", "one person"  # settings of the rule: whether another name has to check what was entered
Rows = tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    number: int
    at: str  # ISO time, UTC
    who: str
    what: str  # entering, entered, undoing, undone, checked, edited, changed outside, stopped, rule, copied, set up
    claims: tuple[str, ...] = ()
    why: str = ""
    rows: Rows = ()
    revision: str = ""  # of claims.csv afterwards
    gone: tuple[str, ...] = ()  # claims that were taken out or changed outside


@dataclass(frozen=True)
class Journal:
    """The journal of one case folder."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where it stands."""
        return self.folder / FILE

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the case's lock, so that one change follows another; it ends with the process."""
        with open(self.folder / f".{FILE}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def entries(self) -> tuple[Entry, ...]:
        """Every whole line, oldest first; a line that was torn by a stop is passed over."""
        if not self.file.exists():
            return ()
        found = []
        for line in self.file.read_text("utf-8", errors="replace").splitlines():
            try:
                told = json.loads(line)
                found.append(entry_of(told))
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
        return tuple(found)

    def add(
        self,
        who: str,
        what: str,
        claims: Iterable[str] = (),
        *,
        why: str = "",
        rows: Iterable[Mapping[str, str]] = (),
        revision: str = "",
        gone: Iterable[str] = (),
    ) -> Entry:
        """Write a line and wait until the disk has it. Call it while the lock is held."""
        number, before, is_torn = self.last()
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = {
            "number": number + 1, "at": at, "who": who, "what": what, "claims": list(claims), "why": why,
            "rows": [dict(row) for row in rows], "revision": revision, "gone": list(gone), "before": before,
        }  # fmt: skip
        line = json.dumps({name: value for name, value in told.items() if value not in ("", [])}, ensure_ascii=False)
        with open(self.file, "ab") as out:
            out.write((("\n" if is_torn else "") + line + "\n").encode())
            out.flush()
            os.fsync(out.fileno())
        return entry_of(told)

    def last(self) -> tuple[int, str, bool]:
        """Number and hash of the last whole line, and whether a torn one stands after it."""
        if not self.file.exists():
            return 0, "", False
        text = self.file.read_bytes()
        entries = self.entries()
        whole = text[: text.rfind(b"\n") + 1].splitlines()
        before = sha256(whole[-1]).hexdigest()[:16] if whole else ""
        return (entries[-1].number if entries else 0), before, not text.endswith(b"\n") and bool(text)


def entry_of(told: Mapping[str, object]) -> Entry:
    """A line as a record."""
    rows = told.get("rows") or ()
    assert isinstance(rows, list | tuple)
    return Entry(
        int(str(told["number"])), str(told["at"]), str(told["who"]), str(told["what"]), names(told.get("claims")),
        str(told.get("why", "")), tuple({str(k): str(v) for k, v in row.items()} for row in rows),
        str(told.get("revision", "")), names(told.get("gone")),
    )  # fmt: skip


def names(found: object) -> tuple[str, ...]:
    """A list of names, or none."""
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


@dataclass(frozen=True)
class Standing:
    """What the journal says of a case: who entered and who checked which claim, and which rule holds."""

    entered: Mapping[str, Entry] = field(default_factory=dict)
    checked: Mapping[str, Entry] = field(default_factory=dict)
    rule: str = ONE
    open: tuple[Entry, ...] = ()  # begun, and not said to be done
    revision: str = ""  # of claims.csv when the desk last saw it

    def unchecked(self) -> frozenset[str]:
        """Claims that were entered and that no other name has checked."""
        return frozenset(self.entered.keys() - self.checked.keys())

    def to_check(self, who: str) -> frozenset[str]:
        """Claims that this name may check: others entered them."""
        return frozenset(claim for claim in self.unchecked() if who and self.entered[claim].who != who)

    def may_check(self, claim: str, who: str) -> bool:
        """Whether this name is another than the one that entered the claim."""
        return claim in self.entered and claim not in self.checked and self.entered[claim].who != who


def standing(entries: Iterable[Entry]) -> Standing:
    """The state that the lines add up to."""
    entered: dict[str, Entry] = {}
    checked: dict[str, Entry] = {}
    begun: dict[tuple[str, ...], Entry] = {}
    rule, revision = ONE, ""
    for entry in entries:
        revision = entry.revision or revision
        if entry.what in ("entering", "undoing"):
            begun[entry.claims] = entry
        elif entry.what in ("entered", "undone", "stopped"):
            begun.pop(entry.claims, None)
        if entry.what in ("entered", "edited", "changed outside"):
            entered.update(dict.fromkeys(entry.claims, entry))
        if entry.what == "checked":
            checked.update(dict.fromkeys(entry.claims, entry))
        if entry.what == "rule":
            rule = entry.why
        for claim in entry.claims if entry.what == "undone" else entry.gone:
            entered.pop(claim, None)
            checked.pop(claim, None)
    return Standing(entered, checked, rule, tuple(begun.values()), revision)

"""One case on disk, as the desk sees it: read again when its files change, written to with a journal, undone.

The text files are the truth. The desk adds rows to `claims.csv` and lines to `journal.jsonl`; it changes nothing
else of a case without being asked, and never writes over a change made outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import safeconduct.api.casework as casework
from safeconduct.desk.case import rowfile, setup
from safeconduct.desk.case.journal import OUTSIDE, Entry, Journal, Standing, standing
from safeconduct.desk.case.workspace import OWN, Place
from safeconduct.desk.kept import Kept, signature
from safeconduct.terms import CaseError, UsageError, read_text, text_of, write_whole

if TYPE_CHECKING:
    from safeconduct.ledger import Ledger
    from safeconduct.monitor import MonitorCase, View
    from safeconduct.scenario import Scenario

Cells = Mapping[str, str]
Made = TypeVar("Made")
REFUSED = ("entering", "stopped")  # a name that was asked for in vain may be given again
LOST = "{} is gone: {} reports that were entered are missing; put the file back into the folder of the case first."
NUMBERED = re.compile(r"R(\d+)")


class Changed(Exception):
    """Raised where the file was changed outside since a person looked at it; carries what changed."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__("The reports were changed outside the desk meanwhile.")
        self.entries = tuple(entries)


class Already(Exception):
    """Raised where the same rows were saved before, as when a form is sent twice; carries their names."""

    def __init__(self, claims: Sequence[str]) -> None:
        super().__init__("The same was saved already.")
        self.claims = tuple(claims)


@dataclass(frozen=True)
class CaseFile:
    """A case of the folder, or one that ships."""

    place: Place
    kept: Kept

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.place.folder

    @property
    def claims(self) -> Path:
        """Its reports."""
        return self.folder / casework.CLAIMS_FILE

    @property
    def journal(self) -> Journal:
        """Its journal."""
        return Journal(self.folder)

    @property
    def seen(self) -> Path:
        """The reports as the desk last saw them, to tell what was changed outside. It can be deleted."""
        return self.folder.parent / OWN / "seen" / f"{self.place.key}.csv"

    @property
    def lost(self) -> int:
        """How many reports that were entered are missing with the whole file."""
        return 0 if self.claims.is_file() else len(self.standing().entered)

    def revision(self) -> str:
        """The hash that names the state of the reports; empty where there are none."""
        return sha256(self.claims.read_bytes()).hexdigest()[:16] if self.claims.is_file() else ""

    def case(self) -> MonitorCase:
        """The case with its reports, read again when a file of it has changed."""
        return self.of_files("case", casework.read_case)

    def ledger(self) -> Ledger:
        """The reports alone, for a case that has no agreement yet."""
        if casework.has_monitor(self.folder):
            return self.case().ledger
        return self.of_files("ledger", casework.read_reports)

    def scenario(self) -> Scenario | None:
        """What the case simulates, where a forecast can be made of it; None otherwise."""
        return self.of_files("scenario", casework.scenario_of)

    def of_files(self, name: str, make: Callable[[Path], Made]) -> Made:
        """What is made from the case's files alone, made again when one of them has changed."""
        return self.kept.get((name, str(self.folder), signature(self.folder)), lambda: make(self.folder))

    def text(self) -> str:
        """The text of its reports. Raises CaseError for one that is not UTF-8."""
        return text_of(self.claims) if self.claims.is_file() else ""

    def rows_seen(self) -> dict[str, str]:
        """What each report of the file says, also where some of its letters cannot be read."""
        return rowfile.rows_by_id(self.claims.read_text("utf-8", "replace")) if self.claims.is_file() else {}

    def may_undo(self, claim: str) -> bool:
        """Whether a report was entered at the desk, was not checked, and no other refers to it."""
        found = self.standing()
        is_own = claim in found.unchecked() and found.entered[claim].what == "entered"
        return is_own and not rowfile.links_to(self.text(), {claim})

    def standing(self) -> Standing:
        """Who entered and checked what."""
        return self._told()[1]

    def _told(self) -> tuple[tuple[Entry, ...], Standing]:
        """The lines of the journal and what they add up to, read again when it has grown."""

        def read() -> tuple[tuple[Entry, ...], Standing]:
            entries = self.journal.entries()
            return entries, standing(entries)

        file = self.journal.file
        state = file.stat() if file.exists() else None
        return self.kept.get(
            ("journal", str(file), state and (state.st_size, state.st_mtime_ns, state.st_ctime_ns)), read
        )

    def view(self, when: date | datetime | None, *, checked_only: bool = False) -> View:
        """The case as it could be known at a moment, with or without unchecked reports."""
        left_out = self.standing().unchecked() if checked_only else frozenset[str]()
        today = None if when else datetime.now(UTC).date()
        key = ("view", str(self.folder), signature(self.folder), when, today, left_out)
        return self.kept.get(key, lambda: casework.view_of(casework.without(self.case(), left_out), when))

    def catch_up(self) -> None:
        """Settle what a stop left open, and note what was changed outside. Does nothing for a case that ships."""
        if self.place.is_shipped:
            return
        found = self.standing()
        torn = [
            *self.place.folder.glob(".*.part"),
            *self.seen.parent.glob(f".{self.seen.name}.*.part"),
        ]  # of a killed save
        if torn or found.open or (found.revision or "") != self.revision() or not self.seen.exists():
            with self.journal.locked():
                for part in torn:
                    part.unlink(missing_ok=True)
                self._settle()
                self._note_outside()

    def save(self, rows: Iterable[Cells], who: str, why: str, revision: str) -> tuple[str, ...]:
        """Add reports: all or none. `revision` is the state that the person looked at; returns the new claims' names.

        Raises CaseError with every fault of the rows, Changed where the file was changed outside since then, Already
        where all of them are there.
        """
        new = [{k: v for k, v in row.items() if v} for row in rows]
        if self.lost:
            raise UsageError(LOST.format(self.claims.name, self.lost))
        with self.journal.locked():
            self._settle()
            self._note_outside()
            self._stop_if_changed(revision)
            self._stop_if_saved(new)
            named = self._named(new)
            ids = [row["id"] for row in named]
            self.journal.add(who, "entering", ids, why=why, rows=named)
            try:
                casework.append(self.folder, named)
            except Exception as error:
                told = "faults were found" if isinstance(error, CaseError) else "could not be written"
                self.journal.add(who, "stopped", ids, why=told)
                raise
            self._done(who, "entered", ids, why)
        return tuple(ids)

    def undo(self, claims: Sequence[str], who: str, why: str) -> None:
        """Take reports that were entered at the desk out again; the journal keeps them. Raises UsageError."""
        with self.journal.locked():
            self._settle()
            self._note_outside()
            entries, found = self._told()
            gone = {claim for entry in entries if entry.what == "undone" for claim in entry.claims}
            for claim in claims:
                if claim in gone and claim not in found.entered:
                    raise UsageError(f"{claim} was taken out already; nothing was changed.")
                if claim not in found.entered or found.entered[claim].what != "entered":
                    raise UsageError(
                        f"{claim} was not entered by the form of this desk; it stays. Add a report that replaces it."
                    )
                if claim in found.checked:
                    raise UsageError(f"{claim} has been checked; it stays. Add a report that replaces it.")
            text = self.text()
            linked = rowfile.links_to(text, set(claims))
            if linked:
                raise UsageError(f"{', '.join(linked)} refer to it; undo those first.")
            self.journal.add(who, "undoing", claims, why=why)
            write_whole(self.claims, rowfile.without(text, set(claims)))
            self._done(who, "undone", claims, why)

    def check(self, claims: Sequence[str], who: str, why: str) -> None:
        """Note that another name has checked reports against their sources. Raises UsageError for one's own."""
        with self.journal.locked():
            found = self.standing()
            for claim in claims:
                if not found.may_check(claim, who):
                    raise UsageError(f"{claim} cannot be checked by {who}: another person must have entered it.")
            self.journal.add(who, "checked", claims, why=why)

    def rewrite(self, name: str, text: str, who: str) -> None:
        """Put a text in the place of a file, unless it is faulty; of the reports the journal says which are others now.

        Raises UsageError with every fault; nothing is written then.
        """
        is_reports = name == casework.CLAIMS_FILE
        with self.journal.locked():
            self._settle()
            self._note_outside()
            before = self.rows_seen()
            setup.add_files(self.folder, {name: text}, replaces=True)
            after = self.rows_seen()
            other = [one for one in after if before.get(one) != after[one]] if is_reports else []
            gone = [one for one in before if one not in after] if is_reports else []
            what = "edited" if is_reports else "set up"
            self.journal.add(who, what, other, why=f"{name} was saved", revision=self.revision(), gone=gone)
            self._remember()

    def note(self, who: str, what: str, why: str = "") -> None:
        """A line of the journal that changes no report."""
        with self.journal.locked():
            self.journal.add(who, what, why=why, revision=self.revision() if what == "copied" else "")

    def _named(self, rows: Sequence[Cells]) -> list[dict[str, str]]:
        """Rows with names of their own, none of which was ever used: R1, R2 ..."""
        used = set(rowfile.ids(self.text()))
        used |= {claim for entry in self._told()[0] if entry.what not in REFUSED for claim in entry.claims}
        number = max((int(m[1]) for m in map(NUMBERED.fullmatch, used) if m), default=0)
        return [{**row, "id": row.get("id") or f"R{number + n}"} for n, row in enumerate(rows, start=1)]

    def _done(self, who: str, what: str, claims: Sequence[str], why: str) -> None:
        self.journal.add(who, what, claims, why=why, revision=self.revision())
        self._remember()

    def _remember(self) -> None:
        self.seen.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.seen, self.claims.read_bytes() if self.claims.is_file() else b"")

    def _settle(self) -> None:
        """Look at the file to see whether what was begun was done."""
        for entry in self.standing().open:
            there = set(self.rows_seen())
            is_there = there.issuperset(entry.claims)
            if entry.what == "entering":
                what, why = ("entered", entry.why) if is_there else ("stopped", "the desk was stopped before it saved")
            else:
                what, why = ("stopped", "the desk was stopped before it undid") if is_there else ("undone", entry.why)
            # a claim that was added by others meanwhile is noted afterwards, so the revision is left to that note
            self.journal.add(entry.who, what, entry.claims, why=why)

    def _note_outside(self) -> None:
        """Note in the journal what was changed outside since the desk last saw the file.

        A file that is gone or cannot be read is waited for, so that its reports keep who entered them.
        """
        if self.lost or (self.claims.is_file() and read_text(self.claims, []) is None):
            return
        (entries, found), now = self._told(), self.revision()
        if not entries or not found.revision:
            self.journal.add("desk", "opened", revision=now)
            self._remember()
        elif found.revision != now:
            after = self.rows_seen()
            before = rowfile.rows_by_id(self.seen.read_text("utf-8", "replace")) if self.seen.exists() else after
            undone = {claim for entry in entries if entry.what == "undone" for claim in entry.claims}
            new = [one for one in after if one not in before and one not in found.entered]
            new += [one for one in after if one in before and before[one] != after[one]]
            gone = [one for one in before if one not in after and one not in undone]
            is_own = not new and not gone  # the desk's own change, whose revision a stop kept from being noted
            who, what = ("desk", "opened") if is_own else (OUTSIDE, "changed outside")
            self.journal.add(who, what, new, gone=gone, revision=now)
            self._remember()
        elif not self.seen.exists():
            self._remember()

    def _stop_if_saved(self, rows: Sequence[Cells]) -> None:
        """Raise Already where every row says what one that was entered here says."""
        entries, found = self._told()
        last = {row.get("id", ""): row for entry in entries for row in entry.rows}  # a refused name is given again
        there = {said_by(row): name for name, row in last.items() if name in found.entered}
        names = [there.get(said_by(row), "") for row in rows]
        if names and all(names):
            raise Already(names)

    def _stop_if_changed(self, revision: str) -> None:
        """Raise Changed where the journal holds a change from outside after this state."""
        if not revision:
            return
        entries = self._told()[0]
        at = next((n for n, entry in reversed(list(enumerate(entries))) if entry.revision == revision), -1)
        outside = [entry for entry in entries[at + 1 :] if entry.what == "changed outside"]
        if outside:
            raise Changed(outside)


def said_by(row: Cells) -> frozenset[tuple[str, str]]:
    """What a row says, whatever its name."""
    return frozenset((name, value) for name, value in row.items() if name != "id" and value)

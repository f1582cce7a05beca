"""The reports of a case: read, previewed, added; the case as it could be known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.ledger import Claim, Ledger, Table
    from safeconduct.monitor import MonitorCase, Preview, View

Cells = Mapping[str, str]


def read_case(folder: Path) -> MonitorCase:
    """The case with its reports. Raises CaseError with every fault, UsageError where there is no agreement."""
    from safeconduct.monitor import read_monitor_case

    return read_monitor_case(folder)


def read_reports(folder: Path) -> Ledger:
    """The reports of a case folder; none where there is no claims file yet. Raises CaseError with every fault."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, [])[0]


def ledger_with(folder: Path, rows: Iterable[Cells]) -> Ledger:
    """The reports as they would be with some more. Raises CaseError."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, rows)[0]


def check_rows(folder: Path, rows: Iterable[Cells]) -> tuple[Claim, ...]:
    """The claims that rows would make, for a case without an agreement. Raises CaseError with every fault."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, rows)[1]


def append(folder: Path, rows: Sequence[Cells]) -> tuple[Claim, ...]:
    """Add reports to the case's file: all or none. Raises CaseError with every fault."""
    from safeconduct.ledger import append_claims

    return append_claims(folder, rows)


def preview(folder: Path, rows: Iterable[Cells], when: date | datetime | None = None) -> Preview:
    """What these reports would change as of a moment; nothing is written. Raises CaseError with every fault of the
    rows."""
    from safeconduct.monitor import preview as of_rows

    return of_rows(folder, rows, when)


def without(case: MonitorCase, left_out: frozenset[str]) -> MonitorCase:
    """The case as it would be without some claims and without the links to them."""
    from safeconduct.ledger import Ledger
    from safeconduct.monitor import with_ledger

    if not left_out:
        return case
    kept = tuple(cut(claim, left_out) for claim in case.ledger.claims if claim.id not in left_out)
    return with_ledger(case, Ledger(kept, case.ledger.revision, case.ledger.terms))


def cut(claim: Claim, left_out: frozenset[str]) -> Claim:
    """The claim without links to those that are left out."""

    def kept(links: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(link for link in links if link not in left_out)

    return replace(
        claim, responds_to=kept(claim.responds_to), outcome_of=kept(claim.outcome_of),
        supersedes=kept(claim.supersedes), disputes=kept(claim.disputes), retells=kept(claim.retells),
    )  # fmt: skip


def view_of(case: MonitorCase, when: date | datetime | None) -> View:
    """The case as it could be known at a moment or by the end of a day; with every dated report where none is given."""
    from safeconduct.monitor import View

    return View(case, case.moment_of(when or case.latest_day(datetime.now(UTC))))


def now_in(case: MonitorCase) -> datetime | None:
    """The present moment where the case lies, while its days last; None for a case of another time."""
    now = datetime.now(case.zone)
    return now if case.first <= now.date() <= case.last else None


def changed(before: View, after: View) -> tuple[Table, ...]:
    """What became known between two moments: the tables in which something differs."""
    from safeconduct.monitor import compare

    return tuple(table for table in compare(before, after) if table.rows)


def saying(claim: Claim, ledger: Ledger) -> str:
    """What a report says, in a line."""
    from safeconduct.ledger import show_saying

    return show_saying(claim, ledger)


def passes() -> tuple[tuple[str, str], ...]:
    """Who may pass a road, from the widest to the narrowest: word, meaning."""
    from safeconduct.ledger import PASSES

    return tuple(PASSES.items())

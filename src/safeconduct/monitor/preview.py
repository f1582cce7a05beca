"""What new reports would change: the road, obligations, acts, signs, predictions, counts, contested figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from safeconduct.ledger import Claim, Conflict, Ledger, Table, find_conflicts, positions, show_saying, with_rows
from safeconduct.monitor import derived
from safeconduct.monitor.case import MonitorCase, read_monitor_case
from safeconduct.monitor.diff import compare
from safeconduct.monitor.views import View, balance, standings


@dataclass(frozen=True)
class Preview:
    """A case as it stands and as it would stand, at one moment."""

    before: View
    after: View
    added: tuple[Claim, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every change; a table without rows where nothing of its kind changes."""
        return (*compare(self.before, self.after), self.disputed, self.counts, self.contested)

    @property
    def disputed(self) -> Table:
        """Reports that the new ones dispute."""
        known, ledger = {claim.id: claim for claim in self.after.ledger.claims}, self.after.ledger
        rows = tuple(
            (f"{known[other].reporter}: {show_saying(known[other], ledger)}", claim.reporter, other)
            for claim in self.added
            for other in claim.disputes
            if other in known
        )
        return Table("Disputed reports", ("what is said", "disputed by", "report"), rows)

    @property
    def counts(self) -> Table:
        """Numbers of the page that change."""
        pairs = zip(numbers(self.before), numbers(self.after), strict=True)
        rows = tuple((name, str(then), str(now)) for (name, then), (_, now) in pairs if then != now)
        return Table("Counts", ("what", "then", "now"), rows)

    @property
    def contested(self) -> Table:
        """Disagreements in which the new reports take part."""
        ids = {claim.id for claim in self.added}
        ledger = self.after.ledger
        subjects = {(claim.quantity, claim.place) for claim in self.added if claim.kind == "figure"}
        found: list[Conflict] = []
        for quantity, place in sorted(subjects):
            found += [one for one in find_conflicts(ledger, quantity, place) if ids & set(one.claims)]
        rows = tuple(
            (ledger.terms.quantity(one.quantity).label, ledger.terms.place_name(one.place), line, one.pairs[0].why)
            for one in found
            for line in positions(ledger, one)
        )
        return Table("Contested figures", ("what", "place", "who says what", "why"), rows)


def numbers(view: View) -> list[tuple[str, int]]:
    """The counts that stand on the page."""
    found = standings(view)
    return [
        ("reports published", len(view.known)),
        ("acts, retellings counted once", balance(view).n_acts),
        ("reports on obligations", sum(len(one.reports) for one in found)),
        ("disputed reports on obligations", sum(bool(r.disputes) for one in found for r in one.reports)),
        ("reports that bear on obligations", sum(len(one.bore) for one in found)),
    ]


def preview(folder: Path, rows: Iterable[Mapping[str, str]], when: date | datetime | None = None) -> Preview:
    """What these reports would change as of a moment or a day, by default when all are published. Nothing is written.

    Raises CaseError with every fault of the folder or of the rows.
    """
    case = read_monitor_case(folder)
    ledger, added = with_rows(folder, rows)
    latest = [claim.published for claim in ledger.claims if claim.published is not None]
    moment = case.moment_of(when) if when else max([*latest, case.end_of(case.last)])
    return Preview(View(case, moment), View(with_ledger(case, ledger), moment), added)


def with_ledger(case: MonitorCase, ledger: Ledger) -> MonitorCase:
    """The case with other claims, and all that is derived from them."""
    return replace(
        case,
        ledger=ledger,
        bearings=derived.bearings(ledger),
        passages=derived.passages(ledger.claims, case.zone),
        forecasts=derived.forecasts(ledger.claims),
    )

"""The accounts of why as a page that needs nothing else: no network and no script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from safeconduct.accounts import SEEN_WORDS, AccountRow, Cell, Count, Expects, Flip, Reported, Seen, stands
from safeconduct.findings.accounts.accounts import (
    CANNOT,
    AccountView,
    both,
    flip_words,
    merged_words,
    who_coded,
    worst_flips,
)
from safeconduct.findings.folders import write_pages
from safeconduct.findings.monitor.page import Line, render_claims
from safeconduct.findings.pages import style_sheets
from safeconduct.monitor import View

SIGNS = {Expects.LIKELY: "+", Expects.UNLIKELY: "\N{MINUS SIGN}", Expects.SILENT: "\N{MIDDLE DOT}"}
MARKS = {
    Seen.YES: "\N{CHECK MARK}",
    Seen.NO: "\N{BALLOT X}",
    Seen.DISPUTED: "\N{LEFT RIGHT ARROW}",
    Seen.NOT_LOOKED_UP: "?",
    Seen.NONE_FOUND: "\N{EMPTY SET}",
}
N_FLIPS = 12  # single changes that the page names


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the wide table: every coder's sign, and how it stands."""

    account: str
    sign: str
    kind: str  # of its look: predicted, against, open, silent, differ
    words: str


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell in full: who coded it, and why."""

    account: str
    row: str
    coder: str
    cell: Cell
    kind: str
    stands: str


@dataclass(frozen=True)
class RowView:
    """One row as the page shows it."""

    view: AccountView
    row: AccountRow

    @property
    def told(self) -> Reported:
        """The record under the chosen way of reading."""
        return self.view.table.record[self.row.id]

    @property
    def other_ways(self) -> list[tuple[str, Reported]]:
        """Ways of reading under which the record of this row is another one."""
        records = [(way.title, self.view.case.records[way.key][self.row.id]) for way in self.view.case.ways]
        return [(title, told) for title, told in records if told.seen is not self.told.seen]

    @property
    def is_counted(self) -> bool:
        """Whether its record is counted from acts."""
        return self.told.words != SEEN_WORDS[self.told.seen]

    @property
    def marks(self) -> list[Mark]:
        """One mark for each account."""
        return [mark_of(self.view, account, self.row.id) for account in self.view.case.accounts]

    @property
    def speaking(self) -> dict[str, list[CellView]]:
        """Who expects it and who does not, by the word."""
        found = [one for one in readings(self.view) if one.row == self.row.id]
        return {
            word.value: [one for one in found if one.cell.expects is word]
            for word in (Expects.LIKELY, Expects.UNLIKELY)
        }


def kind_of(word: str) -> str:
    """The look of a cell from how it stands."""
    return {"as predicted": "predicted", "against": "against", "silent": "silent"}.get(word, "open")


def readings(view: AccountView) -> Iterator[CellView]:
    """Every cell in full."""
    for (coder, account, row), cell in view.case.cells.items():
        word = stands(cell.expects, view.table.record[row].seen)
        yield CellView(account, row, view.case.coders[coder].name, cell, kind_of(word), say_standing(word, cell))


def say_standing(word: str, cell: Cell) -> str:
    """How a cell stands, for readers."""
    return word if word in ("as predicted", "against", "silent") else f"open: {word.rpartition(',')[0]}"


def mark_of(view: AccountView, account: str, row: str) -> Mark:
    """The cell of an account in a row, all coders together."""
    cells = [(coder, view.case.cells[coder, account, row]) for coder, _ in view.table.coded(account)]
    title = "; ".join(f"{view.case.coders[coder].name}: {cell.expects}, {cell.why}" for coder, cell in cells)
    agreed = view.table.expects(account, row)
    if agreed is None:
        return Mark(account, "\N{NOT EQUAL TO}", "differ", f"coders differ; {title}")
    word = stands(agreed, view.table.record[row].seen)
    return Mark(account, SIGNS[agreed], kind_of(word), f"{account}: {title}")


def groups(view: AccountView) -> list[tuple[str, list[RowView]]]:
    """Rows by group, in the order of the case; rows that a file added to a group come with it."""
    names = list(dict.fromkeys(row.group for row in view.case.observations.values()))
    rows = sorted(view.case.observations.values(), key=lambda row: names.index(row.group))
    return [(name, [RowView(view, row) for row in found]) for name, found in groupby(rows, key=lambda row: row.group)]


def claim_lines(view: AccountView) -> list[Line]:
    """The claims that rows and holders name, and those that speak against them, in order of time."""
    monitor = View(view.monitor, view.monitor.end_of(datetime.now(UTC).date()))
    by_id = {claim.id: claim for claim in view.monitor.ledger.claims}
    named = [id for row in view.case.observations.values() for id in row.claims]
    named += [id for account in view.case.accounts.values() for holder in account.held_by for id in holder.claims]
    against = [c.id for c in view.monitor.ledger.claims if set(c.disputes) & set(named)]
    found = (by_id[id] for id in dict.fromkeys([*named, *against]))
    return [Line(monitor, claim) for claim in sorted(found, key=lambda c: (c.time is None, str(c.time), c.id))]


def count_rows(view: AccountView) -> Iterator[tuple[Count, str, list[tuple[str, Count]]]]:
    """Each count, its coder's name, and the same count under the other ways of reading."""
    others = [way for way in view.case.ways if way is not view.way]
    for place, one in enumerate(view.table.counts):
        yield one, view.case.coders[one.coder].name, [(way.title, view.by_way[way.key][place]) for way in others]


def pairs_of(view: AccountView, flip: Flip) -> str:
    """The accounts beside which an account's place changes."""
    place = view.table.readings.index((flip.key[1], flip.key[0]))
    others = [j if i == place else i for i, j in flip.undone]
    return ", ".join(dict.fromkeys(view.table.readings[other][0] for other in others))


def account_flips(view: AccountView, account: str) -> tuple[int, int, int]:
    """Of one account: changes of single cells, those that change a pair's order, the most pairs that one changes."""
    found = [flip for flip in view.firm.flips if flip.key[1] == account]
    return len(found), sum(bool(f.undone) for f in found), max((len(f.undone) for f in found), default=0)


def told_rows(view: AccountView) -> Iterable[AccountRow]:
    """Rows that can be held against an expectation."""
    return (row for row in view.case.observations.values() if view.table.record[row.id].seen.is_told)


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A question that a reader comes with, what the table says in two sentences, and where the rest stands."""

    question: str
    texts: tuple[str, ...]
    link: tuple[str, str]


def in_short(view: AccountView) -> list[ShortAnswer]:
    """The first screen: which accounts there are, what is reported, what separates them, what is open, how firm."""
    case, n_rows = view.case, len(view.case.observations)
    asked = Counter(account.explains for account in case.accounts.values())
    questions = ", ".join(f"{n} on {question}" for question, n in asked.items())
    n_told = len(list(told_rows(view)))
    still_open = ", ".join(
        f"{n} {SEEN_WORDS[seen]}" for seen in SEEN_WORDS if not seen.is_told and (n := n_of(view, seen))
    )
    firm = view.firm
    return [
        ShortAnswer(
            "Which accounts are there?",
            (f"{len(case.accounts)}, each as its holders put it: {questions}.",),
            ("#accounts", "Account by account"),
        ),
        ShortAnswer(
            "What was reported?",
            (f"{n_told} of {n_rows} rows are reported one way; {still_open}.",),
            ("#rows", "Row by row"),
        ),
        ShortAnswer(
            "What separates them?", separating(view, told=True, lead="Of the rows reported, this one separates most"),
            ("#apart", "Other rows"),
        ),
        ShortAnswer(
            "What to look up first?",
            separating(view, told=False, lead="Of the open rows, this one would separate most"),
            ("#missing", "Other rows"),
        ),
        ShortAnswer(
            "How firm is it?",
            (
                f"Of {firm.n_pairs} pairs of accounts that answer one question {firm.n_ordered} stand in order: no "
                f"fewer as predicted, no more against. {firm.n_firm} of these stay so whichever single cell is coded "
                "otherwise.",
            ),
            ("#flips", "If coded otherwise"),
        ),
    ]  # fmt: skip


def separating(view: AccountView, *, told: bool, lead: str) -> tuple[str, ...]:
    """The row that separates most pairs of accounts, in a sentence."""
    for one in view.table.most_apart(told=told):
        if one.n_pairs:
            asks = view.case.observations[one.observation].asks.rstrip(".")
            pairs = f"{one.n_pairs} pair{'s' if one.n_pairs != 1 else ''} of accounts"
            return (f"{lead}, {pairs}: {asks}.",)
    return ("No row separates two accounts.",)


def context(view: AccountView) -> dict[str, object]:
    """Everything the template prints."""
    lines = claim_lines(view)
    asked = groupby(view.case.accounts.values(), key=lambda account: account.explains)
    spoken: list[CellView] = [one for one in readings(view) if one.cell.expects is not Expects.SILENT]
    return {
        "view": view,
        "case": view.case,
        "title": view.monitor.settings.title,
        "today": datetime.now(UTC).date(),
        "cannot": CANNOT,
        "signs": SIGNS,
        "marks_of": MARKS,
        "says": SEEN_WORDS,
        "asked": [(question, len(list(found))) for question, found in asked],
        "edges": edges(view),
        "answers": in_short(view),
        "groups": groups(view),
        "rows": {key: RowView(view, row) for key, row in view.case.observations.items()},
        "counts": list(count_rows(view)),
        "spoken": {key: [one for one in spoken if one.account == key] for key in view.case.accounts},
        "flips": [(flip, pairs_of(view, flip)) for flip in worst_flips(view.firm, N_FLIPS)],
        "row_flips": sorted(view.firm.row_flips, key=lambda one: (-one.n_pairs, -one.n_counts))[:N_FLIPS],
        "account_flips": {key: account_flips(view, key) for key in view.case.accounts},
        "rules": re.split(r"\s+(?=\d+\. )", view.case.codebook),
        "claims": lines,
        "line_of": {line.claim.id: line for line in lines},
        "flip_words": flip_words(view),
        "who_coded": who_coded(view),
        "merged": {way.key: merged_words(view, way) for way in view.case.ways},
        "both": both,
        "style": style_sheets("report.css", "monitor.css", "accounts.css"),
    }


def edges(view: AccountView) -> set[str]:
    """The first account of each question but the first: a line stands before its column."""
    firsts = {account.explains: key for key, account in reversed(list(view.case.accounts.items()))}
    return set(firsts.values()) - {next(iter(view.case.accounts))}


def n_of(view: AccountView, seen: Seen) -> int:
    """How many rows have this record."""
    return sum(told.seen is seen for told in view.table.record.values())


def accounts_html(view: AccountView) -> str:
    """The whole page."""
    return render_claims("accounts.html.j2", **context(view))


def write_accounts(view: AccountView, folder: Path) -> Path:
    """Write accounts.html; the other pages of the folder and this one name each other."""
    return write_pages(folder, {"accounts.html": accounts_html(view)})[0]

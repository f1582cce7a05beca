"""The accounts of a case: read them, count, say it in a terminal or in JSON, write the page. Start reading here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from safeconduct.accounts import AccountCase, AccountTable, Count, Firmness, Flip, Way, all_flips, read_accounts, stands
from safeconduct.ledger import Table
from safeconduct.monitor import MonitorCase, read_monitor_case
from safeconduct.terms import CaseError, Fault, UsageError, closest, is_there

N_SHOWN = 6  # rows in the terminal's lists
CANNOT = (
    "This counts what was reported as each account expects and what was not. It ranks nothing and shows no motive: "
    "several accounts expect the same, rows were picked and coded by people, rows hang together, who expects little "
    "has little against it, and none of these figures is a probability."
)


@dataclass(frozen=True)
class AccountView:
    """The accounts of a case under one way of reading the record."""

    monitor: MonitorCase
    case: AccountCase
    way: Way

    @cached_property
    def table(self) -> AccountTable:
        """Accounts by rows under the chosen way of reading."""
        return self.case.table(self.way.key)

    @cached_property
    def firm(self) -> Firmness:
        """What one other choice would change."""
        return all_flips(self.table)

    @cached_property
    def by_way(self) -> dict[str, tuple[Count, ...]]:
        """The counts under every way of reading."""
        return {way.key: self.case.table(way.key).counts for way in self.case.ways}

    def label(self, count: Count) -> str:
        """An account in a table, with its coder where there are several."""
        account = self.case.accounts[count.account]
        coder = f" [{self.case.coders[count.coder].name}]" if len(self.case.coders) > 1 else ""
        return f"{count.account} {account.short}{coder}"

    def actors(self, keys: Sequence[str]) -> str:
        """Names of actors."""
        return "; ".join(self.monitor.actors[key].label for key in keys)


def view_accounts(folder: Path, added: Sequence[Path] = (), coding: str = "") -> AccountView:
    """The accounts of a case folder and of further files, under a coding or the first of the case."""
    if not is_there(folder / "accounts.yaml"):
        raise UsageError(f"{folder.name} has no accounts.yaml; expected one in its folder; see docs/accounts.md")
    monitor = read_monitor_case(folder)
    claims = {claim.id for claim in monitor.ledger.claims}
    case = read_accounts(folder, added, claims=claims, actors=monitor.actors)
    names = [way.key for way in case.ways]
    if coding and coding not in names:
        raise UsageError(f'{folder.name} has no coding "{coding}"; expected one of its own; {closest(coding, names)}')
    return AccountView(monitor, case, case.ways[names.index(coding) if coding else 0])


def check_record(folder: Path) -> list[Fault]:
    """Every fault of a folder's record, of what is monitored and of its accounts; none where it has none of them."""
    found, monitor = list[Fault](), None
    if is_there(folder / "monitor.yaml") and not is_there(folder / "agreement.csv"):
        advice = "add it, or take monitor.yaml away"
        found.append(Fault("agreement.csv", 0, "", "missing", "the obligations to be monitored", advice))
    elif is_there(folder / "monitor.yaml"):
        try:
            monitor = read_monitor_case(folder)
        except CaseError as error:
            found += error.faults
    if is_there(folder / "accounts.yaml"):
        known = {claim.id for claim in monitor.ledger.claims} if monitor else None
        try:
            read_accounts(folder, claims=known, actors=monitor.actors if monitor else None)
        except CaseError as error:
            found += error.faults
    return list(dict.fromkeys(found))


def both(pair: tuple[int, int]) -> str:
    """Expectations on rows that nothing is held against: likely, unlikely."""
    return f"+{pair[0]} -{pair[1]}" if any(pair) else ""


def counts_table(view: AccountView) -> Table:
    """Each account's counts, in the order of the case."""
    others = [way for way in view.case.ways if way is not view.way]
    rows = []
    asked = ""
    for place, one in enumerate(view.table.counts):
        if view.case.accounts[one.account].explains != asked:
            asked = view.case.accounts[one.account].explains
            rows.append((asked.upper(), *[""] * (6 + len(others))))
        beside = [view.by_way[way.key][place] for way in others]
        rows.append(
            (
                view.label(one), str(one.as_predicted), str(one.against), both(one.disputed), both(one.not_looked_up),
                both(one.none_found), str(one.silent), *(f"{other.as_predicted}:{other.against}" for other in beside),
            )
        )  # fmt: skip
    head = ("account", "as predicted", "against", "disputed", "not looked up", "none found", "silent")
    title = "What was reported, beside what each account expects"
    return Table(title, (*head, *(way.key for way in others)), tuple(rows))


def apart_table(view: AccountView, *, told: bool) -> Table:
    """Rows that tell most accounts apart: of those reported, or of those to look up."""
    found = [one for one in view.table.most_apart(told=told) if one.n_pairs or not told][:N_SHOWN]
    open_title = "Look this up first: open rows by what they would separate"
    title = "Reported rows that separate most accounts" if told else open_title
    rows = tuple(
        (view.case.observations[one.observation].asks, view.table.record[one.observation].seen.value,
         " ".join(one.likely), " ".join(one.unlikely), str(one.n_pairs))
        for one in found
    )  # fmt: skip
    return Table(title, ("row", "record", "likely for", "unlikely for", "pairs apart"), rows)


def flip_words(view: AccountView) -> str:
    """How far one cell coded otherwise carries, in two sentences."""
    firm = view.firm
    return (
        f"Of {firm.n_pairs} pairs of accounts, as coded, that answer one question {firm.n_ordered} stand in order (no "
        f"fewer as predicted, no more against); {firm.n_firm} of these whichever single cell is coded otherwise. "
        f"All {len(firm.flips):,} single changes were tried: each changes the counts of its account, "
        f"{firm.n_turning:,} change the order of some pair."
    )


def worst_flips(firm: Firmness, most: int) -> list[Flip]:
    """The single changes that move most pairs."""
    return sorted(firm.flips, key=lambda one: -len(one.undone))[:most]


def who_coded(view: AccountView) -> str:
    """Who coded, how far coders differ, by which codebook."""
    names = ", ".join(coder.name for coder in view.case.coders.values())
    differ = view.table.disagreements
    told = "; ".join(f"{account} on {row}" for account, row in differ[:N_SHOWN])
    more = f" and {len(differ) - N_SHOWN} more" if len(differ) > N_SHOWN else ""
    apart = f" Coders differ on {len(differ)} cells: {told}{more}." if differ else ""
    return f"Coded by: {names}.{apart} Codebook {view.case.codebook_hash}, table {view.case.hash}."


def merged_words(view: AccountView, way: Way) -> str:
    """Which actors a way of reading puts together."""
    return "; ".join(f"{view.actors(keys)} ({what})" for what, keys in way.merged)


def summary(view: AccountView) -> tuple[list[str], list[Table], list[str]]:
    """What the terminal shows: lines, tables, lines."""
    case = view.case
    head = [
        f"{case.title}: {view.monitor.settings.title}",
        f"{len(case.accounts)} accounts by {len(case.observations)} rows; coding {view.way.key}: {view.way.title}",
    ]
    if view.way.merged:
        head.append(f"This coding merges actors that are separate in the data: {merged_words(view, view.way)}.")
    if len(case.ways) > 1:
        head.append("The last columns: as predicted and against under the other codings.")
    tables = [counts_table(view), apart_table(view, told=True), apart_table(view, told=False)]
    return head, tables, [flip_words(view), who_coded(view), CANNOT]


def as_json(view: AccountView) -> str:
    """Everything, for programs."""
    case, table = view.case, view.table
    return json.dumps(
        {
            "title": case.title,
            "case": view.monitor.key,
            "coding": view.way.key,
            "codebook": case.codebook,
            "codebook_hash": case.codebook_hash,
            "hash": case.hash,
            "cannot_show": CANNOT,
            "coders": {key: coder.model_dump() for key, coder in case.coders.items()},
            "codings": [way_json(way) for way in case.ways],
            "accounts": [account_json(view, key) for key in case.accounts],
            "observations": [row_json(view, key) for key in case.observations],
            "cells": [
                {"coder": c, "account": a, "observation": row, "expects": cell.expects, "why": cell.why,
                 "stands": stands(cell.expects, table.record[row].seen)}
                for (c, a, row), cell in case.cells.items()
            ],
            "disagreements": [{"account": a, "observation": row} for a, row in table.disagreements],
            "flips": flips_json(view),
        },
        ensure_ascii=False,
        indent=1,
    ) + "\n"  # fmt: skip


def way_json(way: Way) -> dict[str, object]:
    """One way of reading the record."""
    merged = {what: list(keys) for what, keys in way.merged}
    return {"key": way.key, "title": way.title, "about": way.about, "merged": merged,
            "answers": way.coding.hash if way.coding else None}  # fmt: skip


def account_json(view: AccountView, key: str) -> dict[str, object]:
    """One account, with its counts under every way of reading."""
    one = view.case.accounts[key]
    return {
        "id": key, "title": one.title, "short": one.short, "explains": one.explains, "text": one.text,
        "expects": one.expects, "is_added": one.is_added,
        "held_by": [{"who": h.who, "where": h.where, "claims": list(h.claims)} for h in one.held_by],
        "counts": [
            {"coding": way, "coder": c.coder, "as_predicted": c.as_predicted, "against": c.against,
             "disputed": c.disputed, "not_looked_up": c.not_looked_up, "none_found": c.none_found, "silent": c.silent}
            for way, counts in view.by_way.items() for c in counts if c.account == key
        ],
    }  # fmt: skip


def row_json(view: AccountView, key: str) -> dict[str, object]:
    """One row, with its record under every way of reading and whom it tells apart."""
    row, apart = view.case.observations[key], view.table.apart(key)
    records = {way: {"seen": told[key].seen, "words": told[key].words} for way, told in view.case.records.items()}
    return {
        "id": key, "group": row.group, "asks": row.asks, "when": row.when, "about": list(row.about),
        "reported": row.reported, "disputed_by": row.disputed_by, "claims": list(row.claims), "record": records,
        "likely": list(apart.likely), "unlikely": list(apart.unlikely), "pairs_apart": apart.n_pairs,
    }  # fmt: skip


def flips_json(view: AccountView) -> dict[str, object]:
    """What every other code of a single cell, and the other report of a single row, would change."""
    firm = view.firm
    return {
        "n_pairs": firm.n_pairs,
        "n_ordered": firm.n_ordered,
        "n_firm": firm.n_firm,
        "cells": [
            {"cell": list(f.key), "was": f.was, "to": f.to, "after": list(f.after.figures), "n_pairs": len(f.undone)}
            for f in firm.flips
        ],
        "rows": [{"row": f.row, "was": f.was, "to": f.to, "n_counts": f.n_counts, "n_pairs": f.n_pairs}
                 for f in firm.row_flips],
    }  # fmt: skip

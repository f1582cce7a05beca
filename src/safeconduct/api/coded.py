"""Accounts of why: what each would lead one to expect, beside what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.folders import monitor_folder
from safeconduct.api.frames import html_table
from safeconduct.findings.accounts import AccountView, accounts_json, accounts_summary, view_accounts, write_accounts
from safeconduct.ledger import Table

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class AccountsView:
    """The accounts of a case under one way of reading the record. It counts, and ranks nothing."""

    view: AccountView

    @cached_property
    def counts(self) -> pl.DataFrame:
        """One row an account, coder and way of reading: `way`, `account`, `title`, `coder`, `as_predicted`, `against`,
        `silent`; counts of rows of the record."""
        import polars as pl

        rows = [
            {"way": way, "account": one.account, "title": self.view.case.accounts[one.account].title,
             "coder": one.coder, "as_predicted": one.as_predicted, "against": one.against, "silent": one.silent}
            for way, counts in self.view.by_way.items()
            for one in counts
        ]  # fmt: skip
        return pl.DataFrame(rows)

    def said(self) -> tuple[list[str], list[Table], list[str]]:
        """What a terminal shows: lines, tables, lines."""
        return accounts_summary(self.view)

    def to_json(self) -> str:
        """Everything, for programs."""
        return accounts_json(self.view)

    def write(self, folder: Path | str) -> Path:
        """Write accounts.html to a folder; returns the page."""
        return write_accounts(self.view, Path(folder))

    def __repr__(self) -> str:
        return "\n".join(self.said()[0])

    def _repr_html_(self) -> str:
        head, tables, _ = self.said()
        return html_table(" ".join(head), tables[0].header, tables[0].rows)


def accounts(case: str | Path, coding: str = "", *, added: Sequence[Path] = ()) -> AccountsView:
    """What accounts of why in a case would lead one to expect, and what was reported.

    case: a shipped case's name, or a folder. coding: a way of reading the record; empty = the case's first.
    added: files with accounts of your own, or another coder's cells. Raises CaseError, UsageError.
    """
    return AccountsView(view_accounts(monitor_folder(str(case)), added, coding))

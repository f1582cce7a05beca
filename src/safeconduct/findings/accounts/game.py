"""The accounts as models that could be wrong: what the game's comparison says, for the terminal and for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.accounts import (
    Account,
    AccountComparison,
    AccountResult,
    HeldAccount,
    Parties,
    PooledComparison,
    in_names,
)
from safeconduct.ledger import Table
from safeconduct.monitor import read_monitor_case

ENOUGH = 400.0  # effective draws; where an account has fewer the page says so
NO_MOTIVE = (
    "Given these accounts and this coding. No motive can be shown: being unable and being unwilling are the same "
    "number here."
)


@dataclass(frozen=True)
class GameView:
    """A comparison as readers see it: its title, names for roles, accounts in the order in which they may stand."""

    title: str
    found: AccountComparison
    pooled: PooledComparison | None = None
    table: Mapping[str, Account] = field(default_factory=dict)  # accounts of the table beside, added ones included

    @property
    def not_expressed(self) -> tuple[HeldAccount, ...]:
        """Accounts that the game has no words for, with the reason, and those of the table of which nothing says."""
        known = {one.id for one in self.found.held}
        left = [key for key in self.table if key not in known and not (key[-1].isalpha() and key[:-1] in known)]
        return (*self.found.not_expressed, *(untold(key, self.table[key]) for key in left))

    @property
    def parties(self) -> Parties:
        """Names for the roles."""
        return self.found.coding.rules.parties

    def named(self, text: str) -> str:
        """A text of the theory with the parties' names."""
        return in_names(text, self.parties)

    def name(self, key: str) -> str:
        """An account's title."""
        return self.named(next(one.account.title for one in self.found.results if one.account.key == key))

    @property
    def rows(self) -> tuple[AccountResult, ...]:
        """The most probable first where accounts are ranked; else in the order of the table of accounts."""
        if self.found.is_ranked:
            return self.found.results
        order = self.found.recovery.accounts
        return tuple(sorted(self.found.results, key=lambda one: order.index(one.account.key)))

    def holders(self, key: str) -> list[HeldAccount]:
        """An account as its holder puts it, as far as the case says."""
        return [one for one in self.found.held if one.game == key]

    @property
    def thin(self) -> list[AccountResult]:
        """Accounts whose evidence rests on few effective draws."""
        return [one for one in self.found.results if one.evidence.effective_size < ENOUGH]

    @property
    def verdict(self) -> str:
        """Whether accounts are ranked, in one sentence."""
        if self.found.is_ranked:
            return (
                "Every gate passes: accounts stand in order of their chance. Neighbours may as well stand the other "
                "way round; how often the first is the true one, and which blur, is said below."
            )
        return "Not ranked: this record, read in these ways, does not carry an order of the accounts."

    @property
    def recovered(self) -> str:
        """How often this design names a known truth."""
        (rate, error), n = self.found.recovery.rate, self.found.recovery.truth.size
        return (
            f"In {n} simulated histories of this very design, whose true account is known, it came first in {rate:.0%} "
            f"(standard error {error:.0%}); a guess would in {self.found.recovery.chance_rate:.0%}."
        )


def untold(key: str, account: Account) -> HeldAccount:
    """An account of the table of which the case does not say whether a restriction of the game is the same."""
    note = "codings/accounts.csv does not say whether a game expresses it"
    if account.is_added:
        note = "in a file of your own, while accounts of the game are code"
    return HeldAccount(key, account.title, "", "; ".join(one.who for one in account.held_by), "", account.expects, note)


def case_title(folder: Path) -> str:
    """What a case calls itself on its monitor."""
    return read_monitor_case(folder).settings.title


def game_summary(view: GameView) -> tuple[list[str], Table]:
    """What the terminal shows: whether accounts are ranked and why not, then the table."""
    found = view.found
    lines = [f"{view.title}: {found.coding.title} (codebook {found.coding.hash})", view.verdict]
    lines += [f"  - {view.named(sentence)}" for sentence in found.refusals]
    lines += [NO_MOTIVE, view.recovered]
    rows = tuple(
        (
            view.named(one.account.title),
            f"{one.probability_low:.2f} to {one.probability_high:.2f}",
            f"{one.probability:.2f}",
            f"{one.log_score:.1f}",
            f"{one.evidence.effective_size:,.0f}",
            "could" if one.check.passes else "rarely",
        )
        for one in view.rows
    )
    rows += tuple((f"no strategy: {one.title}", "", "", f"{one.total:.1f}", "", "") for one in found.baselines)
    head = ("account", "over all readings", "this coding", "log score", "effective draws", "produces such a record")
    return lines, Table("Chances of accounts, equal before", head, rows)


def game_json(view: GameView) -> str:
    """The comparison for machines."""
    found = view.found
    accounts = {
        one.account.key: {
            "title": view.named(one.account.title),
            "probability": one.probability,
            "probability_low": one.probability_low,
            "probability_high": one.probability_high,
            "log_evidence": one.evidence.log,
            "log_evidence_error": one.evidence.standard_error,
            "effective_draws": one.evidence.effective_size,
            "log_score": one.log_score,
            "passes_check": one.check.passes,
            "n_games_left_out": one.n_refused,
        }
        for one in view.rows
    }
    (rate, error), (on_truth, truth_error) = found.recovery.rate, found.recovery.posterior_on_truth
    whole: dict[str, object] = {
        "coding": found.coding.key,
        "codebook": found.coding.hash,
        "is_ranked": found.is_ranked,
        "refusals": [view.named(sentence) for sentence in found.refusals],
        "accounts": accounts,
        "baselines": {one.key: one.total for one in found.baselines},
        "recovery": {
            "n_histories": int(found.recovery.truth.size),
            "true_first": rate,
            "true_first_error": error,
            "on_truth": on_truth,
            "on_truth_error": truth_error,
        },
        "first_by_reading": found.ranges.firsts,
        "not_expressed": [one.id for one in view.not_expressed],
        "scores_moves": found.scores_moves,
        "seed": found.seed,
        "n_games_prior": found.n_draws,
    }
    if view.pooled:
        whole["pooled"] = pooled_figures(view.pooled)
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def pooled_figures(pooled: PooledComparison) -> dict[str, object]:
    """Several guarantees taken together, for machines."""
    accounts = {
        one.key: {
            "apart": one.probability_apart,
            "apart_low": one.range_apart.low,
            "apart_high": one.range_apart.high,
            "apart_effective_draws": one.apart.effective_size,
            "shared": one.probability_shared,
            "shared_low": one.range_shared.low,
            "shared_high": one.range_shared.high,
            "shared_effective_draws": one.shared.effective_size,
        }
        for one in pooled.accounts
    }
    return {"cases": pooled.cases, "codings": pooled.readings, "accounts": accounts}

"""The rival accounts as restrictions of one game, and the priors that they share.

An account says which forces act; the game then says what it predicts. Texts here speak in the theory's roles; who holds
an account, and in which words, stands in the case (`codings/accounts.csv`). Every prior is `assumed`: logit units,
wide, centred on small values, none of them from the outcome of a case.

What a comparison of accounts cannot show: motive. Cost and unwillingness are the same number in a payoff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import asin, sin
from statistics import NormalDist

import numpy as np

from safeconduct.actors import Floats, Ints, Rules, Stakes
from safeconduct.terms import Draws, Prior

STANDARD = NormalDist()


@dataclass(frozen=True, slots=True)
class Half:
    """A prior on one side: low + |normal(0, sd)|."""

    low: float
    sd: float

    def quantile(self, chance: float) -> float:
        """The value below which the stake lies with this chance."""
        return self.low + self.sd * STANDARD.inv_cdf((1.0 + chance) / 2.0)

    def __str__(self) -> str:
        return f"half(low={self.low:g}, sd={self.sd:g})"


def normal(mean: float, sd: float) -> Prior:
    """A prior on both sides."""
    return Prior("normal", (mean, sd))


def uniform(low: float, high: float) -> Prior:
    """A prior between two ends."""
    return Prior("uniform", (low, high))


def fixed(value: float) -> Prior:
    """A stake that the account sets."""
    return Prior("fixed", (value,))


Law = Prior | Half
NOTHING = fixed(0.0)  # a force that the account leaves out
EFFECT = Half(0.5, 1.5)  # of a covariate, for the account that has it
PRIORS: Mapping[str, Law] = {
    "flow": normal(0.3, 1.0),
    "prize": normal(2.0, 1.0),
    "step_cost": normal(0.5, 1.0),
    "strike_cost": normal(0.5, 1.0),
    "offensive_cost": normal(1.5, 1.0),
    "penalty": Half(0.0, 1.0),
    "backing_gain": NOTHING,
    "breach_gain": NOTHING,
    "audience": Half(0.0, 1.0),
    "words_share": uniform(0.0, 1.0),
    "words_cost": normal(0.0, 1.0),
    "value_muting": NOTHING,
    "resolute_cost": Half(0.0, 1.0),
    "weak_extra": EFFECT,  # a hidden type is a force like a date: an account that has it has it away from 0
    "war_cost": NOTHING,
    "value_cost": NOTHING,
    "hedge_cost": NOTHING,
    "loss": Half(0.0, 1.0),
    "release_effect": NOTHING,
    "breach_excuse": NOTHING,
    "lean": normal(-0.5, 1.0),
    "habit": normal(1.0, 1.0),
    "mistrust": Half(0.0, 1.0),
    "exit_weight": Half(0.0, 1.0),
    "settle_worth": NOTHING,
    "settle_prize": NOTHING,
    "settle_loss": NOTHING,
}


@dataclass(frozen=True)
class Account:
    """An account: what it changes in the priors and the menus, and the one covariate it looks at."""

    key: str
    title: str
    says: str  # one sentence, in the theory's roles
    changes: Mapping[str, Law] = field(default_factory=dict)
    rules: Rules = Rules()
    covariate: str = ""  # a field of Outside; empty: dates outside the game do not matter
    levels: tuple[float, ...] = (0.0,)  # of the covariate, that are solved for
    note: str = ""

    @property
    def has_types(self) -> bool:
        """Whether the guarantor has a type that the others do not know, so that there is a belief to follow."""
        return self.priors["weak_extra"] != NOTHING

    @property
    def priors(self) -> dict[str, Law]:
        """The prior of every stake under this account."""
        return {**PRIORS, **self.changes}


PROTEGE_STAKES = ("lean", "habit", "mistrust")
ONE_TYPE = {"weak_extra": NOTHING}

ACCOUNTS: tuple[Account, ...] = (
    Account("static", "nothing changes", "No hidden type, no covariate: the same chances throughout.", ONE_TYPE),
    Account("hollow", "hollow from the start", "The guarantor's resolve was what it was; probing revealed it."),
    Account(
        "overstretch",
        "tied elsewhere",
        "Enforcing costs more once a second war ties the guarantor.",
        {"war_cost": EFFECT},
        covariate="second_war",
        levels=(0.0, 1.0),
    ),
    Account(
        "bargain",
        "bargain with the challenger",
        "Enforcing and naming the challenger cost more as its value to the guarantor grows.",
        {"value_cost": EFFECT, "value_muting": EFFECT},
        covariate="challenger_value",
        levels=(0.0, 0.5, 1.0),
    ),
    Account(
        "westward_turn",
        "punishment of the protege's turn",
        "Enforcing costs more while the protege hedges.",
        {"hedge_cost": EFFECT},
    ),
    Account(
        "outside_power",
        "an outside power decided",
        "The challenger's backing sets the prize; the guarantor's answers have no effect.",
        {**ONE_TYPE, "backing_gain": EFFECT, "penalty": NOTHING, "mistrust": NOTHING},
        covariate="challenger_backing",
        levels=(0.0, 1.0),
        note="it speaks of the challenger's moves, which count only where challenges are scored",
    ),
    Account(
        "leverage",
        "presence as leverage",
        "The guarantor lets probes pass but must oppose the end: its loss is large.",
        {"loss": Half(2.0, 1.5)},
    ),
    Account(
        "consent",
        "consent to the end",
        "A private understanding keeps the guarantor from opposing the offensive.",
        rules=Rules(can_oppose_offensive=False),
        note="the game lets the protege foresee it too; a secret kept from the protege cannot be expressed",
    ),
    Account(
        "never_obliged",
        "never obliged",
        "The mandate was to watch: silence and loss cost the guarantor nothing.",
        {**ONE_TYPE, "audience": NOTHING, "loss": NOTHING},
    ),
    Account(
        "unmet_obligations",
        "answer to unmet obligations",
        "The challenger moves against recorded breaches by the protege; after them silence costs nothing.",
        {**ONE_TYPE, "breach_gain": EFFECT, "breach_excuse": fixed(1.0)},
        covariate="breach",
        levels=(0.0, 1.0),
    ),
    Account(
        "face_saving",
        "words only, to buy time",
        "The guarantor never enforces; words take most of the cost of silence away.",
        {**ONE_TYPE, "audience": Half(1.0, 1.5), "words_share": uniform(0.0, 0.3)},
        rules=Rules(can_enforce=False),
    ),
    Account(
        "released",
        "released by recognition",
        "Once the protege has recognised the challenger's title, silence and loss cost the guarantor less.",
        {"release_effect": EFFECT},
        covariate="release",
        levels=(0.0, 1.0),
    ),
)
BY_KEY: Mapping[str, Account] = {account.key: account for account in ACCOUNTS}


def varied(account: Account) -> tuple[str, ...]:
    """The stakes that differ from game to game under an account; the protege's are drawn apart."""
    return tuple(
        name
        for name, law in account.priors.items()
        if getattr(law, "kind", "") != "fixed" and name not in PROTEGE_STAKES
    )


def prior_places(account: Account, draws: Draws, n: int) -> Floats:
    """[game, varied stake] uniform numbers of so many games. Stakes that accounts share are shared draws."""
    return np.stack([draws.uniform(f"stake {name}", np.arange(n)) for name in varied(account)], axis=1)


def prior_beliefs(draws: Draws, slots: Ints) -> Floats:
    """The chance of the resolute type before anything was seen, for each slot."""
    return np.array([beta22_quantile(float(u)) for u in draws.uniform("prior belief", slots)])


def stakes_at(account: Account, places: Floats) -> tuple[Stakes, ...]:
    """The stakes at uniform numbers [game, varied stake]: each the quantile of its prior.

    The protege that the others expect has the middle of each prior, and so has what the account fixes.
    """
    names, priors = varied(account), account.priors
    settled = {name: law.quantile(0.5) for name, law in priors.items() if name not in names}
    columns = [[priors[name].quantile(float(u)) for u in column] for name, column in zip(names, places.T, strict=True)]
    return tuple(Stakes(**settled, **dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))


def draw_stakes(account: Account, draws: Draws, n: int) -> tuple[tuple[Stakes, ...], Floats]:
    """Stakes and prior beliefs of so many games drawn from an account's prior."""
    return stakes_at(account, prior_places(account, draws, n)), prior_beliefs(draws, np.arange(n))


def draw_proteges(account: Account, draws: Draws, games: Ints, each: int) -> Floats:
    """[game, protege, lean|habit|mistrust] proteges that each game may have met."""
    slots = (games[:, None] * each + np.arange(each)).ravel()
    columns = [
        [account.priors[name].quantile(float(u)) for u in draws.uniform(f"protege {name}", slots)]
        for name in PROTEGE_STAKES
    ]
    return np.array(columns).T.reshape(games.size, each, len(PROTEGE_STAKES))


def beta22_quantile(chance: float) -> float:
    """Quantile of Beta(2, 2), the prior of the public belief: the root of 3x^2 - 2x^3 = chance."""
    return 0.5 - sin(asin(1.0 - 2.0 * chance) / 3.0)

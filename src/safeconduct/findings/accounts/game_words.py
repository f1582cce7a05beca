"""Words of the guarantee game for readers: roles by the names that a coding gives the parties."""

from __future__ import annotations

from safeconduct.accounts import Parties

MOVES = {"none": "no act", "step up": "step", "strike": "strike", "offensive": "all-out"}
COVARIATES = {
    "second_war": "a second war ties {guarantor}",
    "challenger_value": "{challenger} is of more value to {guarantor}",
    "challenger_backing": "others back {challenger}",
    "exit_cost": "leaving the bloc of {guarantor} costs {protege}",
    "release": "{protege} has recognised the title of {challenger}",
    "breach": "breaches by {protege} are recorded",
}
STANCES = {"rely": "{protege} relies on {guarantor}", "hedge": "{protege} turns elsewhere"}


def filled(template: str, parties: Parties) -> str:
    """A sentence with places for the parties."""
    return template.format(**parties.model_dump())


def month_words(month: str) -> str:
    """A month for a narrow column: 12/20."""
    return f"{month[5:]}/{month[2:4]}"

"""Words of the guarantee game for readers: roles by the names that a coding gives the parties."""

from __future__ import annotations

import re

from safeconduct.inference import Parties

ROLE = re.compile(r"\b(the )?(challenger|guarantor|protege)('s)?", re.IGNORECASE)
MOVES = {"none": "no act", "step up": "step", "strike": "strike", "offensive": "everything"}
COVARIATES = {
    "second_war": "a second war ties {guarantor}",
    "challenger_value": "{challenger} is of more value to {guarantor}",
    "challenger_backing": "others back {challenger}",
    "exit_cost": "leaving the bloc of {guarantor} costs {protege}",
    "release": "{protege} has recognised the title of {challenger}",
    "breach": "breaches by {protege} are recorded",
}
STANCES = {"rely": "{protege} relies on {guarantor}", "hedge": "{protege} turns elsewhere"}


def in_names(text: str, parties: Parties) -> str:
    """A text in the theory's roles with the parties' names in their place."""

    def name(found: re.Match[str]) -> str:
        word = str(getattr(parties, found[2].lower()))
        is_start = found.start() == 0 or text[: found.start()].rstrip().endswith((".", ";"))
        word = word[:1].upper() + word[1:] if is_start else word
        return word + (("'" if word.endswith("s") else "'s") if found[3] else "")

    return ROLE.sub(name, text)


def filled(template: str, parties: Parties) -> str:
    """A sentence with places for the parties."""
    return template.format(**parties.model_dump())


def month_words(month: str) -> str:
    """A month for a narrow column: 12/20."""
    return f"{month[5:]}/{month[2:4]}"

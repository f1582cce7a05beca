"""Words that our own texts do not use: verdicts on what happened, and the roles of a theory.

Parties' own words appear only within quotation marks, with whose they are. Titles of sources, addresses and pages on
theory are not readers' texts in this sense; leave them out before asking.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\w)'[^'\n]*'(?!\w)|‘[^’\n]*’")
ADDRESS = re.compile(r"https?://\S+")


def verdict_words_in(text: str) -> tuple[str, ...]:
    """The verdict words of a text, in its order, quotations and addresses apart."""
    return found_in(text, "verdict_words.csv")


def role_words_in(text: str) -> tuple[str, ...]:
    """The roles of the guarantee game that a text names, quotations and addresses apart."""
    return found_in(text, "role_words.csv")


def found_in(text: str, list_name: str) -> tuple[str, ...]:
    """The words of a shipped list that a text holds outside quotation marks."""
    plain = ADDRESS.sub(" ", QUOTED.sub(" ", text))
    return tuple(match[0] for match in pattern(list_name).finditer(plain))


@cache
def pattern(list_name: str) -> re.Pattern[str]:
    """One expression for a list of words: a trailing * stands for any ending."""
    text = (files("safeconduct.terms") / "data" / list_name).read_text("utf-8")
    words = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    parts = [
        r"[\s-]+".join(re.escape(part) for part in word.rstrip("*").split()) + r"\w*" * word.endswith("*")
        for word in words
    ]
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b", re.IGNORECASE)

"""Which language a text is in: English is read, others are named and left alone."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

READ = "English"
OTHER = "a language that is not English"
SAMPLE = 200_000  # characters looked at
FEWEST = 20  # letters from which a script can be recognised


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is recognised."""

    name: str
    script: str  # a range of characters
    letters: str  # letters that its neighbours of the same script lack
    share: float  # of all letters, from which those letters tell it
    words: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """The shipped list, in its order: of one script, the first is what a text is taken for."""
    text = (files("safeconduct.reading") / "data" / "languages.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(
        Language(row["name"], row["script"], row["letters"], float(row["share"] or 0), frozenset(row["words"].split()))
        for row in csv.DictReader(lines)
    )


def count(characters: str, text: str) -> int:
    """How many characters of a range a text holds."""
    return len(re.findall(f"[{characters}]", text)) if characters else 0


def language_of(text: str) -> str:
    """The language that most of a text is written in; empty where it holds too few letters to tell."""
    sample = text[:SAMPLE]
    counts = {script: count(script, sample) for script in dict.fromkeys(one.script for one in languages())}
    script = max(counts, key=lambda name: counts[name])
    known = [one for one in languages() if one.script == script]
    if counts[script] < FEWEST:
        return known[0].name if counts[script] and known[0].name == READ else ""
    told = [one for one in known if one.letters and count(one.letters, sample) >= one.share * counts[script]]
    if told:
        return told[0].name
    if not known[0].words:
        return known[0].name
    words = re.findall(r"[^\W\d_]+", sample.lower())[:20_000]
    shares = {one.name: sum(word in one.words for word in words) / max(1, len(words)) for one in known}
    best = max(shares, key=lambda name: shares[name])
    if best != READ and shares[best] > shares[READ] + 0.02:
        return best
    return READ if shares[READ] > 0.04 or len(words) < 40 else OTHER


def is_foreign(text: str) -> bool:
    """Whether a sentence is mostly in another script than English uses."""
    letters = sum(c.isalpha() for c in text)
    return letters > 5 and count(languages()[0].script, text) * 2 < letters

"""Whom of a case's reporters.csv a speaker named in a text may be: a suggestion that a person confirms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from safeconduct.ledger import Reporter
from safeconduct.reading.types import AUTHOR, COMMENTER, UNNAMED
from safeconduct.reading.words.lexicon import forms, words

SMALL = words("stop") | {"statement", "spokesman", "spokeswoman", "spokesperson", "press", "s"}
LEAST = 0.8  # share of words in common from which a reporter is suggested: assumed
STEM = 5  # letters from which two words of unlike endings count as one: "Arvenian", "Arvenia": assumed


class Speakers:
    """The reporters of a case, ready to be compared with the names that texts give."""

    def __init__(self, reporters: Mapping[str, Reporter]) -> None:
        self.voices = {name: who.behalf for name, who in reporters.items()}
        self.parts = {name: parts_of(name) for name in reporters if ";" not in name}
        self.found: dict[str, str] = {}

    def suggested(self, speaker: str) -> str:
        """The reporter that a speaker may be; empty where none is near enough, or two of unlike voices are as near."""
        if speaker in (AUTHOR, COMMENTER, UNNAMED):
            return ""
        if speaker not in self.found:
            self.found[speaker] = self.nearest(speaker)
        return self.found[speaker]

    def nearest(self, speaker: str) -> str:
        """The one reporter nearest to a name."""
        if speaker in self.parts:
            return speaker
        said = parts_of(speaker)
        scores = {name: share(said, parts) for name, parts in self.parts.items()}
        best = max(scores.values(), default=0.0)
        nearest = [name for name, score in scores.items() if score == best]
        if best < LEAST or len({self.voices[name] for name in nearest}) > 1:
            return ""
        return min(nearest, key=lambda name: (len(name), name))


@cache
def parts_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell who it is, abbreviations written out."""
    long = forms("abbreviated")
    found = re.findall(r"[^\W_]+", name.lower().replace("’", "'").replace("'s", ""))
    written = " ".join(long.get(word, word) for word in found).split()
    return tuple(dict.fromkeys(word for word in written if word not in SMALL))


def share(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Share of the words of two names that they have in common."""
    if not one or not other:
        return 0.0
    common = sum(any(is_same(a, b) for b in other) for a in one)
    back = sum(any(is_same(a, b) for a in one) for b in other)
    return (common + back) / (len(one) + len(other))


def is_same(one: str, other: str) -> bool:
    """Whether two words are one, endings apart."""
    if one == other:
        return True
    short = min(len(one), len(other))
    return (
        short >= STEM
        and one[: max(STEM, short - 1)] == other[: max(STEM, short - 1)]
        and abs(len(one) - len(other)) < 5
    )

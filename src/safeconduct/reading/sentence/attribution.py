"""Who asserts a clause and through whom: a chain made of the attributions that cover it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.reading.sentence.citations import Saying
from safeconduct.reading.types import UNNAMED
from safeconduct.reading.words.tokens import Token

COUNTS = frozenset(("register", "record", "count", "receive"))


@dataclass(frozen=True, slots=True)
class Chain:
    """Who asserts something and through whom."""

    asserted_by: str
    via: tuple[str, ...]
    hedge: str = ""
    is_denied: bool = False
    is_pronoun: bool = False
    is_press: bool = False
    verb: str = ""
    was_found: bool = True


def chain_for(found: Sequence[Saying], at: int, tokens: Sequence[Token]) -> Chain | None:
    """The chain of those who assert the token at a place: nearest to what is said first."""
    over = [s for s in found if s.covers_from <= at < s.covers_to and not (s.first <= at < s.after)]
    over = [s for s in over if not is_cut_off(s, at, found, tokens)]
    if not over:
        return None
    if len(over) > 1:  # "the state had registered 300, the spokeswoman announced": what it did, and she says so
        over = [s for s in over if not (s.verb in COUNTS and s.is_before)] or over
    before = [s for s in over if s.is_before and not s.is_cited]  # outermost first
    behind = [s for s in over if not s.is_before]  # innermost first
    cited = [s for s in over if s.is_cited]
    named_before = [s for s in before if not (s.is_unnamed and len(before) + len(behind) + len(cited) > 1)]
    hedge = " ".join(dict.fromkeys(s.hedge for s in over if s.hedge))
    inner = list(reversed(named_before or before))
    behind = [s for s in behind if not (s.is_unnamed and (inner or cited))] or behind
    order = [*cited, *behind, *inner] if not inner or not behind else merge(inner, behind, cited)
    unique: list[Saying] = []
    for s in order:
        if s.speaker and s.speaker.lower() not in {u.speaker.lower() for u in unique}:
            unique.append(s)
    if not unique:
        return None
    first = unique[0]
    is_others = any(s.verb == "allegation" for s in over)  # who rejects an allegation does not make it
    odd = not is_others and sum((s.is_denial or s.is_negated) for s in unique) % 2 == 1
    name = UNNAMED if first.is_unnamed else first.speaker
    return Chain(
        name,
        tuple(s.speaker for s in unique[1:]),
        hedge or (first.speaker if first.is_unnamed and first.speaker != UNNAMED else ""),
        odd,
        first.is_pronoun,
        first.is_press,
        first.verb,
    )


def merge(inner: Sequence[Saying], behind: Sequence[Saying], cited: Sequence[Saying]) -> list[Saying]:
    """Speakers before and behind the same words: who is no outlet stands nearer to what is said."""
    both = [*cited, *inner, *behind]
    return sorted(both, key=lambda s: s.is_press)


def is_cut_off(saying: Saying, at: int, found: Sequence[Saying], tokens: Sequence[Token]) -> bool:
    """Whether a trailing attribution does not reach back over a clause that has its own speaker."""
    if saying.is_before:
        return False
    for i in range(at, saying.first):
        if tokens[i].text == ";" and any(s.first < i and s is not saying for s in found):
            return True
        if (
            tokens[i].low in ("but", "while", "whereas")
            and tokens[i - 1].text in (",", "—")
            and any(s.is_before and s.covers_from <= at < s.covers_to for s in found)
        ):
            return True
    return False

"""What a noun counts: its unit, where the list has one, and the noun that follows a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.reading.words.lexicon import forms, words
from safeconduct.reading.words.numbers import starts_number, value_at
from safeconduct.reading.words.tokens import Token

ADJECTIVE_TOO = words("adjective too")
PERSONS = words("persons")
UNITS = forms("units")
FUNCTION = words("function")
NEARLY = ("about", "roughly", "some", "nearly", "almost", "approximately", "estimated", "around")


@dataclass(frozen=True, slots=True)
class Counted:
    """What an amount counts."""

    unit: str
    noun: str  # as said
    is_sure: bool
    end: int  # token behind the noun
    warning: str = ""


def unit_of(word: str) -> str:
    """The unit that a noun stands for; empty where it is no known one."""
    low = word.lower().removesuffix("'s").removesuffix("’s")
    if low in PERSONS or re.fullmatch(r"[a-z]{3,}(?:men|women)", low):
        return "persons"
    if low in UNITS:
        return UNITS[low]
    head, _, tail = low.rpartition("-")
    if head in ("anti", "counter", "non"):  # an anti-tank mine is no tank
        return ""
    if tail != low and (tail in PERSONS or tail in UNITS):
        return "persons" if tail in PERSONS else UNITS[tail]
    return ""


def is_demonym(token: Token) -> bool:
    """Whether a word names people by where they are from: Capital letter, plural, a usual ending."""
    return bool(re.fullmatch(r"[A-Z][a-z]+(?:ians|ans|is|ese|ish|eks|rks|ens|iots|ds|nes|ers|gs)(?:['’])?", token.text))


def noun_after(tokens: Sequence[Token], i: int) -> Counted | None:
    """The noun that follows a number, adjectives passed over."""
    words: list[Token] = []
    at = i
    if at < len(tokens) and tokens[at].low == "of":  # "dozens of", "60 of the buses"
        at += 1
        while at < len(tokens) and (
            tokens[at].low in ("the", "its", "their", "our", "these", "those", "them", *NEARLY)
            or tokens[at].text[0].isdigit()
            or starts_number(tokens[at].low)  # "three of its nine offices"
        ):
            at += 1
        if at < len(tokens) and tokens[at - 1].low in ("them", "us") and is_past_verb(tokens[at]):
            return None
        if at < len(tokens) and re.search(r"['’]s?$", tokens[at].text):  # "3 of the city's 14 schools"
            later = value_at(tokens, at + 1)
            at = later.after if later is not None else at
    guess: tuple[int, str] | None = None
    while at < len(tokens) and len(words) < 6:
        token = tokens[at]
        low = token.low
        if low in ("a", "an") and at == i:  # "41,000 a year before"
            return None
        if low in ("more", "other", "additional", "further", "such", "new", "or", "to") and not words:
            at += 1
            continue
        if low == "of" and words and is_plural(words[-1]):  # "two directors of military operations"
            break
        if low in ("cubic", "square") and at + 1 < len(tokens) and unit_of(tokens[at + 1].text):
            measure = f"{low} {unit_of(tokens[at + 1].text)}"
            return Counted(measure, phrase(tokens, i, at + 2), True, at + 2)
        nxt = tokens[at + 1] if at + 1 < len(tokens) else token
        if (
            low == "and" and words and words[-1].is_name_like and nxt.is_name_like
        ):  # "thirty Fijian and Tongan monitors"
            at += 1
            continue
        if not token.is_word or (low in FUNCTION and not (low == "a" and not words)):
            if not (
                token.text == ","
                and words
                and at + 1 < len(tokens)
                and is_adjective(tokens[at + 1])
                and value_at(tokens, at + 1) is None
                and len(words) < 2
            ):
                break
            at += 1
            continue
        unit = unit_of(token.text)
        if unit and low not in ADJECTIVE_TOO:
            return Counted(unit, phrase(tokens, i, at + 1), True, at + 1)
        if is_demonym(token) and not (at + 1 < len(tokens) and unit_of(tokens[at + 1].text)):
            return Counted("persons", phrase(tokens, i, at + 1), True, at + 1)
        if unit:
            guess = (at, unit)
        words.append(token)
        at += 1
    if guess is not None:
        return Counted(guess[1], phrase(tokens, i, guess[0] + 1), True, guess[0] + 1)
    plural = [k for k in range(i, at) if k < len(tokens) and is_plural(tokens[k])]
    if plural and words:
        k = plural[-1]
        return Counted("", phrase(tokens, i, k + 1), False, k + 1, "")
    return None


def is_plural(token: Token) -> bool:
    """Whether a word has the form of a plural noun."""
    is_form = re.fullmatch(r"[a-z-]{2,}[^s\W]s", token.text) is not None
    return is_form and token.text not in (
        "this",
        "thus",
        "plus",
        "says",
        "does",
        "goes",
        "news",
        "ours",
        "lies",
        "yours",
        "ones",
    )


def is_past_verb(token: Token) -> bool:
    """Whether a word behind "of them" tells what they did and is no noun of people: "described"."""
    return re.fullmatch(r"[a-z]{2,}ed|went|came|left|were|had|have|are|fled|took|lost|met", token.text) is not None


def is_adjective(token: Token) -> bool:
    """Whether a word after a comma may go on with the adjectives before a noun."""
    return token.is_word and token.low not in FUNCTION


def phrase(tokens: Sequence[Token], first: int, after: int) -> str:
    """The words of some tokens, those that only lead in left out."""
    words = [t.text for t in tokens[first:after]]
    while words and words[0].lower() in ("of", "the", "more", "other", "to", "or", "its", "their", "such", "them"):
        words.pop(0)
    return " ".join(words)

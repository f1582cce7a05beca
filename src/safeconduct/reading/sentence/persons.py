"""Persons that a text has named with their title or as whom it asked, for "the general said" and "she said" after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from safeconduct.reading.sentence.speakers import SPEAKER_NOUNS
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token

BODIES = words("bodies")
ASKED = re.compile(
    r"\b(?:interview(?:ed|s)|(?:spoke|speaks|talked|talks) (?:then )?(?:to|with)|asked|questioned) "
    r"(?:[a-z][\w’'-]*[ ,]+){0,7}"
    r"(?P<who>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,4})(?=[,.]| about| on | in | at | whether| what| how)"
)
MET = re.compile(
    r"^\W*(?:(?:[A-Z][a-z]+ )?I|We) (?:[a-z]+ ){0,3}(?:with|met|called|to) (?:my|the|our|his|her|a) "
    r"(?P<who>(?:[A-Z]?[a-z]+ ){0,2}?(?:colleague|counterpart|minister|ambassador|commander|general|colonel|mayor|"
    r"director|governor|president|doctor|priest|teacher))\b"
)  # "I raised it with my counterpart": "he" in the next sentence
MOST_KEPT = 8  # persons named with a title that are kept: assumed


def asked(text: str) -> str:
    """Whom a sentence says was interviewed or asked, by name; empty where no one was."""
    met = MET.search(text)
    if met is not None and SPEAKER_NOUNS & set(met["who"].lower().split()):
        return met["who"]
    m = ASKED.search(text)
    return m["who"] if m is not None and not BODIES & set(m["who"].lower().split()) else ""


def titled(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Names with a title before them: "Brigadier General Ane Sulo", the latest first."""
    found = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].is_name_like:
            end += 1
        name = [t.text for t in tokens[at:end]]
        title = next((k for k in range(len(name) - 2) if is_title(name[k])), None)
        if title is not None and not any(is_title(part) or part.lower() in BODIES for part in name[-2:]):
            found.append(" ".join(name))
        at = end + 1
    return tuple(reversed(found))


def is_title(word: str) -> bool:
    """Whether a word names what a person is, and no body."""
    return word.lower() in SPEAKER_NOUNS and word.lower() not in BODIES


def office_holders(text: str) -> tuple[tuple[str, str], ...]:
    """(office, name) of all that a text names beside their office: "the prefect, Ousmane Faye," or the other way."""
    found: dict[str, set[str]] = {}
    for m in HELD.finditer(text):
        office, name = (m["office"] or m["office2"]).split(), m["name"] or m["name2"]
        if is_title(office[-1]) and not {part.lower() for part in name.split()} & (SPEAKER_NOUNS | BODIES):
            found.setdefault(office[-1], set()).add(name)
    return tuple((office, names.pop()) for office, names in found.items() if len(names) == 1)


NAMED = r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'.-]*|al-[A-Z][\w’'-]+|de|bin)){0,2} [A-Z][\w’'-]+"
HELD = re.compile(
    rf"\b(?:[Tt]he|[Ii]ts|[Tt]heir) (?P<office>(?:[a-z]+ ){{0,2}}[a-z]+), (?P<name>{NAMED}),"
    rf"|(?P<name2>{NAMED}), (?:the|its) (?P<office2>(?:[a-z]+ ){{0,2}}[a-z]+)(?=[,.]| of | in | at )"
)


def meant_by_title(said: str, names: Iterable[str]) -> str:
    """The person that "general" or "the defence minister" means: the last one named with that title; empty if none."""
    parts = said.split()
    if said != said.lower() or not 0 < len(parts) <= 2 or not is_title(parts[-1]):
        return ""
    return next((name for name in names if set(parts) <= {p.lower() for p in name.split()[:-1]}), "")


def name_behind(tokens: Sequence[Token], comma: int) -> str:
    """The name between commas behind a title: "A senator, Luc Morel, has come"."""
    end = comma + 1
    while end < len(tokens) and tokens[end].is_name_like and end - comma < 5:
        end += 1
    is_name = end - comma > 2 and end < len(tokens) and tokens[end].text == ","
    return " ".join(t.text for t in tokens[comma + 1 : end]) if is_name else ""


def is_many(name: str) -> bool:
    """Whether a name is a body or several people: a plural noun of speakers, or one such as "ministry".

    The commander of a garrison and a ministry's spokesman are persons.
    """
    head = re.split(r" (?:of|for|at|in|from|with|to) |, ", name.lower())[0].split()
    return is_plural(name) or bool(head and head[-1] in BODIES)


def is_plural(name: str) -> bool:
    """Whether a name is a plural noun of speakers."""
    last = name.lower().split()[-1] if name.strip() else ""
    return last.endswith("s") and not last.endswith("ss") and last in SPEAKER_NOUNS and last not in BODIES

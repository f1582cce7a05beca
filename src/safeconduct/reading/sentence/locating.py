"""Which place and which date a claim in a sentence has, out of those that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.reading.sentence.modality import clause_at
from safeconduct.reading.words.days import When
from safeconduct.reading.words.gazetteer import AWAY, LOCATIVE, SMALL_KINDS, TOWARDS, Gazetteer, Mention
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token

MOTION = re.compile(
    r"\b(?:return|travel|mov|fle[ed]|flight|go(?:es|ing|ne)?\b|went|leav|left|transport|evacuat|"
    r"deliver|arriv|sen[dt]|com(?:e|ing)|came|cross|bus|convoy|corridor|way|road|reach|enter|"
    r"drive|drove|took|take|brought|escort|export|transfer|displac|walk)",
    re.IGNORECASE,
)
GIVING = re.compile(
    r"\b(?:hand(?:s|ed|ing)? (?:over|back)|g[ia]ve[sn]?|ced(?:e|es|ed|ing)|surrender\w*|s[eo]ld|extradit\w*)\b"
)
COMPARED = re.compile(
    r"\b(?:(?:up|down) from|compared (?:with|to)|as against|against|versus)\b"
)  # another day's figure
WIDE = ("country", "capital", "outside")
SKIP_BACK = words("skip back")


@dataclass(frozen=True, slots=True)
class Place:
    """A place as proposed."""

    shown: str = ""
    key: str = ""
    said: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as proposed."""

    iso: str = ""
    precision: str = "unknown"
    said: str = ""
    warnings: tuple[str, ...] = ()
    when: When | None = None


def lead_of(tokens: Sequence[Token], m: Mention) -> str:
    """The preposition or verb before a place, articles and adjectives passed over; a list shares its first one."""
    i = m.first - 1
    for _ in range(6):
        if i < 0:
            return ""
        low = tokens[i].low
        if low in SKIP_BACK and low != "of":
            i -= 1
        elif (
            low == "of"
            and i
            and tokens[i - 1].low
            in (
                "camp",
                "port",
                "province",
                "island",
                "valley",
                "city",
                "town",
                "village",
                "region",
                "district",
                "capital",
                "outskirts",
                "area",
                "villages",
                "towns",
            )
        ):
            i -= 2
        else:
            return low
    return ""


def rank_of(tokens: Sequence[Token], m: Mention, text: str) -> tuple[int, str]:
    """(how surely a name is where something happens, preposition): 0 = not at all."""
    lead = lead_of(tokens, m)
    small = any(word in m.what.kind for word in SMALL_KINDS) and not any(word in m.what.kind for word in WIDE)
    after = tokens[m.after].low if m.after < len(tokens) else ""
    is_possessive = tokens[m.after - 1].low.endswith(("'s", "s'")) and not m.said.lower().endswith("s'")
    if tokens[m.first].text.lower().endswith(("-based", "-led", "-backed", "-controlled", "-brokered")):
        return 0, lead
    is_wide = any(word in m.what.kind for word in WIDE)
    is_receiver = lead == "to" and GIVING.search(text[: m.start]) is not None  # "handed over to Arvenia"
    if is_wide and (is_possessive or is_receiver or (lead in TOWARDS and not MOTION.search(text))):
        return 0, lead
    if lead in ("said", "told", "against", "with", "between", "than", "by") and not small:
        return 0, lead
    if lead in TOWARDS:
        return (5 if small or not is_possessive else 3), lead
    if lead in LOCATIVE or lead == "between":
        return (6 if not is_possessive or small else 4), lead
    if lead in AWAY or lead == "from":
        return 3, lead
    if lead == "of":
        return (4 if small else 1), lead
    if lead in ("and", ",", "or", "-", "–"):
        return (2 if small else 1), lead
    if small:
        return (3 if after not in ("said", "says", "rejected", "denied") else 1), lead
    return 0, lead


def place_for(
    text: str,
    tokens: Sequence[Token],
    found: Sequence[Mention],
    at: int,
    unknown: Sequence[tuple[str, int, int, str]] = (),
) -> Place:
    """The place of what a character of the sentence asserts."""
    start, end = clause_at(text, at)
    ranked: list[tuple[float, int, Mention, str]] = []
    chain_lead: dict[int, tuple[int, str]] = {}
    for k, m in enumerate(found):
        rank, lead = rank_of(tokens, m, text)
        if lead in ("and", ",", "or") and k and found[k - 1].after >= m.first - 2 and (k - 1) in chain_lead:
            rank, lead = chain_lead[k - 1]
        chain_lead[k] = (rank, lead)
        if not rank:
            continue
        inside = start <= m.start < end
        near = abs(m.start - at) / 40
        ranked.append((rank + 3 * inside - min(near, 3.0), k, m, lead))
    if not ranked:
        return unknown_place(text, at, unknown)
    ranked.sort(key=lambda item: (-item[0], item[1]))
    best, k, m, lead = ranked[0]
    group = [m]
    for score, _, other, other_lead in ranked[1:]:
        if other_lead == lead and other.what.key != m.what.key and joined(text, group, other) and abs(score - best) < 4:
            group.append(other)
    group.sort(key=lambda item: item.start)
    warnings = []
    others = [
        o
        for s, _, o, o_lead in ranked
        if o not in group and o.what.key not in {g.what.key for g in group} and s > 4.0 and o_lead not in ("from",)
    ]
    if others:
        warnings.append("other places in the sentence: " + ", ".join(dict.fromkeys(o.said for o in others)))
    if best < 4.5 and not others:
        warnings.append("the place is a guess: no preposition leads to it")
    if not start <= m.start < end:
        warnings.append("the place stands in another clause")
    keys = dict.fromkeys(g.what.key for g in group)
    shown = dict.fromkeys(g.what.label for g in group)
    return Place("; ".join(shown), "+".join(keys), "; ".join(dict.fromkeys(g.said for g in group)), tuple(warnings))


def joined(text: str, group: Sequence[Mention], other: Mention) -> bool:
    """Whether a place stands in one list with others: only commas, "and" and articles between."""
    for m in group:
        left, right = (m, other) if m.start < other.start else (other, m)
        between = text[left.end : right.start]
        if re.fullmatch(
            r"(?:\s|,|and|or|the|cities|towns|villages|of|\)|\(|['’]s|district|region|[A-Z][\w-]+(?=,| and))*", between
        ):
            return True
    return False


UNKNOWN = re.compile(
    r"\b(in|at|near|to|from|into|outside|through|towards|around|across|reached|reach|entered|"
    r"leaving|of)\s+(?:the\s+)?(?:(?:city|town|village|port|region|district|capital|border town|"
    r"villages) of\s+)?"
    r"((?:[A-Z][\w’'-]+)(?:\s(?:[A-Z][\w’'-]+)){0,2})(\s(?:village|town|district|region|province|"
    r"bridge|checkpoint|corridor|valley|crossing|pass|station|camp|city|road|airport|plain|"
    r"gorge))?"
)
NOT_PLACE = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|The|A|I|He|She|They|It|Mr|Mrs|Ms|"
    r"Dr|President|Prime|Minister|General|Colonel|"
    r"God|Christmas|Easter|Ramadan|New Year|World War|COVID|Twitter|Facebook|Telegram|English|"
    r"Article|Paragraph|Western|Security|Parliament|Army|Ministry|Red|Foreign|"
    r"Defen[cs]e)\b"
)


def unknown_places(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[str, int, int, str]]:
    """(name, start, end, preposition) of capitalised words after a preposition of place that the case does not know."""
    found = []
    for m in UNKNOWN.finditer(text):
        name, start, end = m[2], m.start(2), m.end(3) if m[3] else m.end(2)
        name = re.sub(r"['’]s$", "", name)
        if m[1] == "of" and not m[3] and " of " not in m[0][3:]:
            continue
        if NOT_PLACE.match(name) or any(s < end and start < e for s, e in taken) or (name.isupper() and len(name) < 6):
            continue
        if m[1] == "to" and text[: m.start()].lower().endswith("according "):
            continue
        after = text[m.end() : m.end() + 24]
        if re.match(
            r"\s?(?:Ministry|University|Institute|Times|Agency|News|Council|Committee|Party)\b", after
        ) or re.search(
            r"\b(?:Ministry|University|Institute|Agency|News|Council|Committee|Party|Union|Court|Nations|"
            r"Cross|Forces|Post|Times)\b",
            name,
        ):
            continue
        found.append((name + (m[3] or ""), start, end, m[1].lower()))
    return found


def unknown_place(text: str, at: int, unknown: Sequence[tuple[str, int, int, str]]) -> Place:
    """A place that the case does not know, nearest to a character; what is moved towards before what is left."""
    if not unknown:
        return Place()
    start, end = clause_at(text, at)
    best = min(unknown, key=lambda u: (not start <= u[1] < end, u[3] == "from", abs(u[1] - at)))
    group = [
        u
        for u in unknown
        if u is best
        or (u[3] == best[3] and re.fullmatch(r"\s*(?:,|and|or)?\s*", text[min(best[2], u[2]) : max(best[1], u[1])]))
    ]
    said = "; ".join(dict.fromkeys(u[0] for u in sorted(group, key=lambda u: u[1])))
    return Place(said, "", said, ("the place is not among the case's names",))


def date_for(text: str, dates: Sequence[When], at: int, end: int, tense_past: bool = True) -> Dated:
    """The date of what some characters of the sentence assert; empty where the sentence gives none."""
    real = [when for when in dates if not when.is_mask_only and not COMPARED.search(text[end : when.start])]
    if not real:
        return Dated()
    # "told me on Friday that the payments will end in December": the first day is when it was told
    real = [when for when in real if when.end > at or not re.match(r",? that\b", text[when.end :])] or real
    start, stop = clause_at(text, at)

    def distance(when: When) -> tuple[bool, float]:
        gap = when.start - end if when.start >= end else at - when.end
        return not start <= when.start < stop, gap + (
            15 if when.start < at and ("and" in text[when.end : at].split()) else 0
        )

    when = min(real, key=distance)
    warnings = [when.warning] if when.warning else []
    others = [w for w in real if w is not when and w.iso != when.iso]
    if others:
        warnings.append("other dates in the sentence: " + ", ".join(w.said for w in others))
    if not start <= when.start < stop:
        warnings.append("the date stands in another clause")
    if not when.iso:
        return Dated("", "unknown", when.said, tuple(warnings) or ("the date could not be placed",), when)
    return Dated(when.iso, when.precision, when.said, tuple(warnings), when)


def is_known_place(gazetteer: Gazetteer, name: str) -> bool:
    """Whether a name is one of the case's places."""
    return any(name in place.names for place in gazetteer.places)

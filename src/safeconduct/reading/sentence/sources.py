"""Attributions without a verb of saying: "his proof:", "in her view", "300 dead - ministry", "it emerged from"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from safeconduct.reading.sentence.citations import PRONOUNS, Saying, make
from safeconduct.reading.sentence.speakers import (
    CLOSING,
    OPENING,
    SPEAKER_NOUNS,
    STOPPERS,
    is_speaker,
    phrase_after,
    phrase_before,
)
from safeconduct.reading.words.gazetteer import Mention
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token

SAID_NOUNS = words("said nouns")  # what is said, as a noun: proof, estimate, answer

STANCE = words("stance")  # verbs that take a stand before a colon: sees it differently, finds the opposite

POSSESSIVE = {"his": "he", "her": "she", "their": "they", "its": "it", "my": "I", "our": "we"}

HEARD = frozenset(
    ("emerged", "emerges", "follows", "transpired", "heard", "learned", "learnt", "understood", "gathered")
    + ("complaint", "complaints", "allegation", "allegations")
)

ISSUES = frozenset(("released", "issued", "published", "posted", "sent"))  # a stance only with a noun: "a statement"

IS = frozenset(("is", "are", "was", "were", "has", "had", "seems", "sounds", "remains", "looks"))

MOST_BEFORE_SPEECH = 8  # words of a name before a colon: assumed
MOST_BEFORE_COLON = 14  # words before a colon that may name who says what follows: assumed


def owner(tokens: Sequence[Token], first: int, after: int) -> tuple[int, int] | None:
    """Tokens of the one who has what stands in a phrase: "his", "the mayor's"; None where no one has it."""
    if first < after and tokens[first].low in POSSESSIVE:
        return first, first + 1
    ends = [k for k in range(first, after) if tokens[k].low.endswith(("'s", "s'"))]
    return (first, ends[-1] + 1) if ends else None


def held_by(
    sentence: str, tokens: Sequence[Token], span: tuple[int, int], outlets: Sequence[Mention], **more: Any
) -> Saying | None:
    """An attribution to an owner: the pronoun behind "his", or the name."""
    low = tokens[span[0]].low
    if low in ("my", "our"):
        return None
    if low in POSSESSIVE:
        return Saying(POSSESSIVE[low], "say", is_pronoun=True, **more)
    if not is_speaker(tokens, *span, outlets):
        return None
    return make(sentence, tokens, span, outlets, verb="say", **more)


def before_colon(
    sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention], quoted: Sequence[bool]
) -> Saying | None:
    """Who says what follows a colon: "His proof: 67 tonnes", "The office sees it differently: only 12"."""
    colon = next((k for k, t in enumerate(tokens) if t.text == ":" and not quoted[k]), None)
    if colon is None or not 0 < colon <= MOST_BEFORE_COLON or colon + 1 >= len(tokens):
        return None
    start = max((k + 1 for k in range(colon) if tokens[k].text in (";", *CLOSING)), default=0)
    start += start < colon and tokens[start].low in ("but", "and", "yet", "so")
    start += start < colon and ":" in tokens[start].text  # the hour of an entry
    start += start + 1 < colon and tokens[start].low in ("from", "by") and tokens[start + 1].low == "our"
    noun = next((k for k in range(start, colon) if tokens[k].low in SAID_NOUNS), None)
    more: dict[str, Any] = {"first": start, "after": colon + 1, "covers_from": colon + 1, "covers_to": len(tokens)}
    more["is_before"] = True
    if noun is not None:
        span = owner(tokens, start, noun)
        if span is None and noun + 1 < colon and tokens[noun + 1].low in ("of", "from", "by"):
            span = (noun + 2, colon)
        if span is not None and span[0] < span[1] and not any(t.low in ISSUES for t in tokens[start:noun]):
            return held_by(sentence, tokens, span, outlets, **more)
    if heads_speech(tokens, start, colon, outlets):
        return make(sentence, tokens, (start, colon), outlets, verb="say", **more)
    verbs = STANCE | ISSUES if noun is not None else STANCE
    verbs = verbs | IS if tokens[colon + 1].text in OPENING else verbs  # "is sceptical: '...'"
    verb = next((k for k in range(start + 1, colon) if tokens[k].low in verbs), None)
    subject = phrase_before(tokens, verb) if verb is not None else None
    if subject is None or not is_speaker(tokens, *subject, outlets):
        return None
    return make(sentence, tokens, subject, outlets, verb="say", **more)


def heads_speech(tokens: Sequence[Token], start: int, colon: int, outlets: Sequence[Mention]) -> bool:
    """Whether a name alone before a colon says what follows: "The ministry: 'We remain'", "Police: two died"."""
    phrase = tokens[start:colon]
    if any(t.low in PRONOUNS | {"i", "we", "does", "do", "did"} for t in phrase):
        return False
    is_name = 0 < len(phrase) <= MOST_BEFORE_SPEECH and all(is_part(t) and not is_verb(t) for t in phrase)
    is_said = tokens[colon + 1].text in OPENING or any(is_verb(t) for t in tokens[colon + 2 :])
    is_known = any(t.low.removesuffix("'s") in SPEAKER_NOUNS for t in phrase) or tokens[colon + 1].text in OPENING
    return is_name and is_said and is_known and is_speaker(tokens, start, colon, outlets)


def in_view_of(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> list[Saying]:
    """ "In his view", "by the mayor's count", "in the opinion of the mayor"."""
    found = []
    for i, token in enumerate(tokens[:-2]):
        if (
            token.low == "if"
            and tokens[i + 2].low in ("believe", "believes")
            and tokens[i + 1].low in ("one", "you", "we")
        ):
            span = phrase_after(tokens, i + 2)  # "if one believes the ministry"
            if span is not None and is_speaker(tokens, *span, outlets):
                more = {"first": i, "after": span[1], "covers_from": 0, "covers_to": len(tokens), "is_before": i == 0}
                found.append(make(sentence, tokens, span, outlets, verb="say", hedge="if believed", **more))
            continue
        if token.low not in ("in", "by", "to", "on", "from"):
            continue
        noun = next((k for k in range(i + 1, min(i + 9, len(tokens))) if tokens[k].low in SAID_NOUNS | {"mind"}), None)
        if noun is None or any(tokens[k].low in STOPPERS or not is_part(tokens[k]) for k in range(i + 1, noun)):
            continue
        span, after = owner(tokens, i + 1, noun), noun + 1
        if span is None and after < len(tokens) and tokens[after].low == "of" and token.low in ("in", "by"):
            span = phrase_after(tokens, after)
            after = span[1] if span is not None else after
        is_parenthesis = i == 0 or tokens[i - 1].text == "," or (after < len(tokens) and tokens[after].text == ",")
        if span is None or not (is_parenthesis or after >= len(tokens) - 1):
            continue
        made = held_by(
            sentence,
            tokens,
            span,
            outlets,
            first=i,
            after=after,
            covers_from=0,
            covers_to=len(tokens),
            is_before=i <= 1,
        )
        found += [made] if made is not None else []
    return found


def is_part(token: Token) -> bool:
    """Whether a token may stand within a noun phrase."""
    return token.is_word or token.is_name_like


def behind_dash(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> Saying | None:
    """A source named last, behind a dash, a colon or in brackets: "300 dead - ministry", "(source: TNA)"."""
    end = len(tokens)
    while end and tokens[end - 1].text in (".", ")", "]"):
        end -= 1
    lead = next((k for k in range(end - 1, max(-1, end - 8), -1) if tokens[k].text in ("-", "–", "—", ":", "(")), None)
    if lead is None or lead < 3 or lead + 1 >= end:
        return None
    first = lead + 1
    if tokens[lead].text == ":" and tokens[lead - 1].low in ("source", "sources") and lead > 1:
        lead -= 1
    elif not any(t.low.removesuffix("'s") in SPEAKER_NOUNS for t in tokens[first:end]) and not any(
        m.first < end and first < m.after for m in outlets
    ):
        return None
    phrase = tokens[first:end]
    if not is_speaker(tokens, first, end, outlets) or any(not is_part(t) or is_verb(t) for t in phrase):
        return None
    return make(
        sentence,
        tokens,
        (first, end),
        outlets,
        verb="say",
        first=lead,
        after=end,
        covers_from=0,
        covers_to=lead,
        is_before=False,
    )


def is_verb(token: Token) -> bool:
    """Whether a word makes a phrase a clause: then it names no one."""
    return re.fullmatch(r"is|are|was|were|has|have|had|will|would|who|which|that|[a-z]{2,}ed", token.low) is not None


def emerging(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> list[Saying]:
    """ "It emerged from her report that", "the court heard from the prosecutor that": the report, the prosecutor."""
    for i in range(len(tokens) - 4):
        at = next((k for k in range(i + 1, i + 5) if k < len(tokens) and tokens[k].low == "from"), None)
        if tokens[i].low not in HEARD or at is None:
            continue
        span = phrase_after(tokens, at)
        that = next((k for k in range(at, len(tokens)) if tokens[k].low == "that"), None)
        if span is None or that is None or not is_speaker(tokens, *span, outlets):
            continue
        more = {"first": max(0, i - 1), "after": span[1], "covers_from": that + 1, "covers_to": len(tokens)}
        return [make(sentence, tokens, span, outlets, verb="report", is_before=True, **more)]
    return []


ALLEGED = re.compile(r"(?:allegation|claim|accusation|charge|assertion|complaint|report|statement|suggestion)s?")


def alleged(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> list[Saying]:
    """ "Rejects the allegation by the army that soldiers attacked": the army says so."""
    for i in range(1, len(tokens) - 3):
        if not ALLEGED.fullmatch(tokens[i].low) or tokens[i + 1].low not in ("by", "from", "of"):
            continue
        span = phrase_after(tokens, i + 1)
        if span is None or span[1] >= len(tokens) or tokens[span[1]].low != "that":
            continue
        if is_speaker(tokens, *span, outlets) and any(
            t.low in SPEAKER_NOUNS or t.is_name_like for t in tokens[slice(*span)]
        ):
            more = {"first": i, "after": span[1] + 1, "covers_from": span[1] + 1, "covers_to": len(tokens)}
            return [make(sentence, tokens, span, outlets, verb=ALLEGING, is_before=True, **more)]
    return []


ALLEGING = "allegation"


def unknown_verb(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word that is no known verb of saying is one by its place.

    Behind a quotation that ends in a mark ("...," fumed the mayor), or last behind a comma and two words or more
    (..., its prime minister repeats).
    """
    if not re.fullmatch(r"[a-z]{3,}(?:ed|[^s]s)", tokens[i].text):
        return False
    is_last = i + 1 == len(tokens) or (tokens[i + 1].text in (".", ",") and i + 2 >= len(tokens))
    comma = next((k for k in range(i - 1, max(-1, i - 8), -1) if tokens[k].text == ","), None)
    is_led = tokens[i - 1].is_name_like or tokens[i - 1].low in SPEAKER_NOUNS or tokens[i - 1].low.endswith("ly")
    if is_last and is_led and comma is not None and comma < i - 2 and tokens[comma + 1].low not in STOPPERS:
        return True
    ends = [k for k in range(max(0, i - 5), i) if tokens[k].text in CLOSING]
    if not ends or not {tokens[k].text for k in (ends[-1] - 1, min(ends[-1] + 1, i - 1)) if k >= 0} & {",", "?", "!"}:
        return False
    if ends[-1] in (i - 1, i - 2) and not tokens[i - 1].is_word:
        return True
    return is_last or tokens[i + 1].text == ","

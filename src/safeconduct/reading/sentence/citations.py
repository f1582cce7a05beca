"""Attributions by a source and no verb of its own: "according to", "citing", "reportedly", "reported by"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.reading.sentence.speakers import (
    OPENING,
    PAPERS,
    PROGRESSIVE,
    SAY,
    SPEAKER_NOUNS,
    is_name_part,
    is_speaker,
    phrase_after,
    phrase_before,
    speaker_text,
)
from safeconduct.reading.types import UNNAMED
from safeconduct.reading.words.gazetteer import Mention
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token

PLAIN_WORDS = words("plain words")

BY_VERBS = words("by verbs")

NO_NAME = words("no name")

UNNAMED_NOUNS = words("unnamed nouns")

PRESS_NOUNS = words("press nouns")

BEFALLEN = words("participles") | {"dead", "to", "hurt", "found"}

RULING = words("ruling documents")

PASSED_ON = frozenset(("cited", "quoted", "carried", "published", "released", "seen", "reached", "signed", "made"))

PRONOUNS = frozenset(["he", "she", "they", "it"])


OWN_STAFF = frozenset(
    (
        "correspondent",
        "correspondents",
        "reporter",
        "reporters",
        "team",
        "teams",
        "staff",
        "monitors",
        "office",
        "offices",
        "patrol",
        "patrols",
    )
)


WHEN_LEADS = frozenset(("yesterday", "today", "overnight", "earlier", "later", "now", "also", "meanwhile"))


@dataclass(frozen=True, slots=True)
class Saying:
    """One attribution in a sentence: who, by which verb, which tokens it covers."""

    speaker: str
    verb: str
    first: int  # tokens of the attribution itself
    after: int
    covers_from: int  # tokens of what is asserted
    covers_to: int
    is_before: bool  # the speaker stands before what is said
    is_press: bool = False
    is_denial: bool = False
    is_negated: bool = False
    is_cited: bool = False  # after "citing": stands behind the one who cites
    is_pronoun: bool = False
    is_unnamed: bool = False
    hedge: str = ""


def is_passive(tokens: Sequence[Token], verb: int) -> bool:
    """Whether the verb is a participle after "was" or "were", or stands before a noun."""
    before = [t.low for t in tokens[max(0, verb - 3) : verb]]
    before = before[before.index(",") + 1 :] if "," in before else before
    if tokens[verb].low in PROGRESSIVE:
        return False
    return (
        bool({"was", "were", "been", "being", "is", "are", "be"} & set(before))
        and SAY[tokens[verb].low] not in ("say",)
        or "to" in before[-1:]
    )


def make(
    sentence: str, tokens: Sequence[Token], span: tuple[int, int], outlets: Sequence[Mention], **more: Any
) -> Saying:
    """An attribution to the phrase of some tokens."""
    by = next((k for k in range(span[0] + 2, span[1]) if tokens[k].low == "by"), None)
    if by is not None and re.fullmatch(r"[a-z]+(?:ed|en)", tokens[by - 1].low):  # "a memo seen by the paper"
        span = (span[0], by - 1)
    words = [t.low.removesuffix("'s") for t in tokens[span[0] : span[1]]]
    bare = [w for w in words if w not in PLAIN_WORDS]
    has_name = any(t.is_name_like and t.low not in NO_NAME for t in tokens[span[0] : span[1]])
    is_press = any(m.first < span[1] and span[0] < m.after for m in outlets) or any(w in PRESS_NOUNS for w in words)
    named = next((m for m in outlets if m.first < span[1] and span[0] < m.after), None)
    is_desk = named is not None and not ({"correspondent", "reporter", "journalist"} & set(words))
    lead = next((t.low for t in tokens[slice(*span)] if t.low not in WHEN_LEADS), "")
    is_own = lead == "our" and bool(OWN_STAFF & set(words))
    if is_own:
        return Saying("we", is_pronoun=True, **more)
    return Saying(
        named.what.names[0] if named is not None and is_desk else speaker_text(sentence, tokens, *span),
        is_press=is_press,
        is_pronoun=len(words) == 1 and words[0] in PRONOUNS,
        is_unnamed=not has_name and bool(bare) and bare[-1] in UNNAMED_NOUNS,
        **more,
    )


def according(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> list[Saying]:
    """ "According to X", "in X's words", "as per X", "per X", "under the agreement X must"."""
    found = []
    for i in range(len(tokens) - 1):
        span = named_by(tokens, i)
        if span is None:
            continue
        end = span[1]
        name = apposed(tokens, span)
        behind_colon = i > 0 and tokens[i - 1].text == ":"
        is_before = (
            behind_colon
            or not any(t.is_word for t in tokens[:i])
            or (tokens[i - 1].text == "," and i <= 6)
            or tokens[i - 1].low in ("and", "but", "that", "while", "because", ";")
        )
        more: dict[str, Any] = {"first": i, "after": max(end, name[1]), "is_before": is_before, "verb": "according"}
        more |= {"covers_from": i if behind_colon else 0, "covers_to": len(tokens)}
        found.append(make(sentence, tokens, name, outlets, **more))
    return found


def named_by(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Tokens of the source that "according to", "per", "in the words of" or "under" at a token names."""
    low, rest = tokens[i].low, tokens[i + 1 :]
    if low in ("under", "by") and is_set_down(tokens, i):
        span = phrase_after(tokens, i)
    elif low == "according" and rest[0].low == "to":
        span = phrase_after(tokens, i + 1)
    elif (low == "per" and rest[0].is_name_like) or (
        low == "in"
        and any(t.low == "words" for t in rest[1:5])
        and any("'s" in t.low or t.low == "of" for t in rest[:4])
    ):
        span = phrase_after(tokens, i)
    else:
        return None
    is_own = span is not None and tokens[span[0]].low in ("our", "my")  # "our information": the author's own
    if span is None or (is_own and not any(t.low in SPEAKER_NOUNS - PAPERS for t in tokens[slice(*span)])):
        return None
    ends = (k for k in range(*span) if tokens[k].low == "words" or (k > span[0] and tokens[k].low in PASSED_ON))
    return span[0], max(next(ends, span[1]), span[0] + 1)


def is_set_down(tokens: Sequence[Token], i: int) -> bool:
    """Whether a document at a sentence's start sets down what must be: "Under the agreement X must withdraw"."""
    noun = next((k for k in range(i + 1, min(i + 5, len(tokens))) if tokens[k].low in RULING), None)
    if i > 1 or noun is None:
        return False
    lows = [t.low for t in tokens[noun:]]
    duties = {"must", "shall", "obliged", "required", "bound", "committed", "may"} & set(lows)
    return bool(duties) or any(
        a in ("is", "are", "has", "have") and b == "to" for a, b in zip(lows, lows[1:], strict=False)
    )


def apposed(tokens: Sequence[Token], span: tuple[int, int]) -> tuple[int, int]:
    """The name behind a title and a comma, where one stands there: "said the governor, Gor Maan"."""
    at = span[1]
    if any(t.is_name_like for t in tokens[span[0] : at][-1:]) or at >= len(tokens) or tokens[at].text != ",":
        return span
    at += at + 2 < len(tokens) and tokens[at + 1].low == "the" and tokens[at + 2].is_name_like  # "the group, the X"
    end = at + 1
    while end < len(tokens) and is_name_part(tokens[end]) and end - at < 6:
        end += 1
    closes = end >= len(tokens) or tokens[end].text in (",", ".", ";", ":") or tokens[end].text in OPENING
    return (at + 1, end) if end - at > 2 and closes else span


def citing(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention]) -> list[Saying]:
    """ "Citing X", "quoting X", "with reference to X", "referring to X"."""
    found = []
    for i, token in enumerate(tokens[:-1]):
        skip = 0
        if token.low in ("citing", "quoting"):
            skip = 1
        elif (
            token.low in ("quotes", "quoted", "cites", "cited")
            and not is_passive(tokens, i)
            and any(t.low == "saying" for t in tokens[i + 2 : i + 14])
        ):
            end = next(k for k in range(i + 2, min(i + 14, len(tokens))) if tokens[k].low == "saying")
            span = (i + 1, end - 1 if tokens[end - 1].low == "as" else end)
            subject = phrase_before(tokens, i)
            if subject is not None and is_speaker(tokens, *subject, outlets) and span[0] < span[1]:
                found.append(
                    make(
                        sentence,
                        tokens,
                        subject,
                        outlets,
                        verb="cite",
                        first=subject[0],
                        after=i + 1,
                        covers_from=end + 1,
                        covers_to=len(tokens),
                        is_before=True,
                    )
                )
                found.append(
                    make(
                        sentence,
                        tokens,
                        span,
                        outlets,
                        verb="say",
                        first=i + 1,
                        after=end + 1,
                        covers_from=end + 1,
                        covers_to=len(tokens),
                        is_before=True,
                        is_cited=True,
                    )
                )
            continue
        elif token.low in ("reference", "referring") and tokens[i + 1].low == "to":
            skip = 2
        named = phrase_after(tokens, i + skip - 1) if skip else None
        if named is not None and is_speaker(tokens, *named, outlets):  # not "citing mines", "citing concern"
            first = i - 1 if i and tokens[i - 1].low == "with" else i
            found.append(
                make(
                    sentence,
                    tokens,
                    named,
                    outlets,
                    verb="cite",
                    first=first,
                    after=named[1],
                    covers_from=0,
                    covers_to=len(tokens),
                    is_before=True,
                    is_cited=True,
                )
            )
    return found


def impersonal(tokens: Sequence[Token]) -> list[Saying]:
    """ "It is reported that", "were reported killed", "reports of", "reportedly": no one is named."""
    found = []
    for i, token in enumerate(tokens):
        nxt = tokens[i + 1].low if i + 1 < len(tokens) else "."
        lead = tokens[i - 1].low if i else ""
        if (token.low == "reported" and lead in ("were", "was", "are", "is", "been") and nxt in BEFALLEN) or (
            token.low in ("reports", "rumours", "rumors") and nxt == "of" and lead in ("were", "are", "been", "with")
        ):
            found.append(Saying(UNNAMED, "report", i, i + 1, 0, len(tokens), True, is_unnamed=True, hedge=token.low))
            continue
        if token.low in ("reportedly", "allegedly", "supposedly", "purportedly"):
            found.append(Saying(UNNAMED, "report", i, i + 1, 0, len(tokens), True, is_unnamed=True, hedge=token.low))
        elif (
            token.low == "it"
            and i + 2 < len(tokens)
            and tokens[i + 1].low in ("is", "was", "has")
            and any(
                t.low in ("reported", "claimed", "alleged", "said", "believed", "rumoured", "rumored", "estimated")
                for t in tokens[i + 2 : i + 4]
            )
        ):
            after = next(k for k in range(i + 2, i + 4) if tokens[k].low in SAY or tokens[k].low.startswith("rumo")) + 1
            if after < len(tokens) and tokens[after].low == "by":
                continue
            found.append(
                Saying(
                    UNNAMED,
                    "report",
                    i,
                    after,
                    0,
                    len(tokens),
                    True,
                    is_unnamed=True,
                    hedge=" ".join(t.low for t in tokens[i:after]),
                )
            )
    return found


def by_passive(sentence: str, tokens: Sequence[Token], i: int, outlets: Sequence[Mention], verb: str) -> Saying | None:
    """ "Was reported by X", "X was quoted as saying by Y" (X speaks, Y carries)."""
    for k in range(i + 1, min(i + 6, len(tokens) - 1)):
        if tokens[k].low == "by" and verb in ("tell", "inform", "warn"):  # "was told by X that"
            span = phrase_after(tokens, k)
            if span is None or not is_speaker(tokens, *span, outlets):
                return None
            more = {"first": i, "after": span[1], "covers_from": span[1], "covers_to": len(tokens)}
            return make(sentence, tokens, span, outlets, verb="say", is_before=True, **more)
        if (
            tokens[k].low == "by"
            and verb in BY_VERBS
            and tokens[k + 1].low not in ("either", "neither", "any", "anyone")
        ):
            span = phrase_after(tokens, k)
            if span is not None and is_speaker(tokens, *span, outlets):
                subject = phrase_before(tokens, i - 1) if verb in ("quote", "cite") else None
                if subject is not None and is_speaker(tokens, *subject, outlets):
                    break
                return make(
                    sentence,
                    tokens,
                    span,
                    outlets,
                    verb=verb,
                    first=i,
                    after=span[1],
                    covers_from=0,
                    covers_to=i,
                    is_before=False,
                )
    if verb in ("quote", "cite") and i + 2 < len(tokens) and tokens[i + 1].low in ("as", "by"):
        at = next((k for k in range(i, 0, -1) if tokens[k].low in ("was", "is", "were", "are")), i)
        span = phrase_before(tokens, at)
        if span is not None and is_speaker(tokens, *span, outlets):
            is_post = content_before(tokens, span[0]) and span[0] > 0 and tokens[span[0] - 1].text == ","
            end = i + 3 if tokens[i + 1].low == "as" else i + 1
            return make(
                sentence,
                tokens,
                span,
                outlets,
                verb="say",
                first=span[0],
                after=min(end, len(tokens)),
                covers_from=0 if is_post else i + 1,
                covers_to=span[0] if is_post else len(tokens),
                is_before=not is_post,
            )
    return None


def content_before(tokens: Sequence[Token], first: int) -> bool:
    """Whether something that can be asserted stands before: three words at least."""
    return sum(t.is_word or t.text[0].isdigit() for t in tokens[:first]) >= 3

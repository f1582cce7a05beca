"""Every attribution of a sentence: "said", "according to", "citing", "reportedly", and what each covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.reading.sentence.citations import (
    Saying,
    according,
    by_passive,
    citing,
    content_before,
    impersonal,
    is_passive,
    make,
)
from safeconduct.reading.sentence.speakers import (
    CLOSING,
    OPENING,
    PROGRESSIVE,
    SAY,
    is_speaker,
    phrase_after,
    phrase_before,
)
from safeconduct.reading.words.gazetteer import Mention
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import Token

AFTER_TOLD = words("after told")

LOOSE = words("loose")

MODALS = words("modals")

DENY = frozenset(("deny", "reject", "refute", "dismiss", "dispute"))

NEEDS_THAT = words("needs that")


def sayings(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention], quoted: Sequence[bool]) -> list[Saying]:
    """Every attribution of a sentence, in order of place."""
    found = [*according(sentence, tokens, outlets), *citing(sentence, tokens, outlets), *impersonal(tokens)]
    taken = {i for saying in found for i in range(saying.first, saying.after)}
    for i, token in enumerate(tokens):
        if token.low not in SAY or i in taken or token.is_name_like and i:
            continue
        if quoted[i] and not (i and tokens[i - 1].text in CLOSING):
            continue
        made = spoken(sentence, tokens, i, outlets)
        if made is not None and not any(
            made.first < s.after and s.first < made.after and not s.is_cited for s in found
        ):
            found.append(made)
            taken |= set(range(made.first, made.after))
    found.sort(key=lambda saying: saying.first)
    return [scoped(saying, found, tokens) for saying in found]


def spoken(sentence: str, tokens: Sequence[Token], i: int, outlets: Sequence[Mention]) -> Saying | None:
    """The attribution that a verb of saying makes, or None where it makes none."""
    verb = SAY[tokens[i].low]
    if tokens[i].low in PROGRESSIVE and not {"is", "are", "was", "were", "been"} & {
        t.low for t in tokens[max(0, i - 2) : i]
    }:
        return None
    if any(t.low in MODALS for t in tokens[max(0, i - 2) : i]) and not (i and tokens[i - 1].text == ","):
        return None
    after = tokens[i + 1].low if i + 1 < len(tokens) else "."
    if is_passive(tokens, i):
        return by_passive(sentence, tokens, i, outlets, verb)
    follows_mark = i > 0 and (
        tokens[i - 1].text in (",", "—", "–") or tokens[i - 1].text in CLOSING or tokens[i - 1].text in ("?", "!")
    )
    if follows_mark and verb not in ("expect", "count", "record", "call", "put", "know", "show"):
        span = phrase_after(tokens, i)
        if (
            span is not None
            and is_speaker(tokens, *span, outlets)
            and tokens[span[0]].low != "that"
            and not pronoun_object(tokens, i)
        ):
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
                is_denial=verb in DENY,
            )
    if verb == "speak" and after != "of":
        return None
    span = phrase_before(tokens, i)
    if span is None or not is_speaker(tokens, *span, outlets):
        return None
    closes = after in (",", ".", ";", "!", "?") or i + 1 >= len(tokens)
    left_mark = span[0] > 0 and (
        tokens[span[0] - 1].text == "," or tokens[span[0] - 1].text in CLOSING or tokens[span[0] - 1].text in ("—", "–")
    )
    is_post = (
        left_mark
        and (
            closes
            or after in ("in", "on", "at", "to", "late", "earlier", "out", "yesterday", "during")
            or after != "that"
        )
        and content_before(tokens, span[0])
        and not opens_content(tokens, i)
    )
    if (
        verb in NEEDS_THAT
        and not is_post
        and not opens_content(
            tokens,
            i,
            loose=verb in LOOSE,
        )
    ):
        return None
    is_negated = any(
        t.low in ("not", "never", "neither") or t.low.endswith("n't") for t in tokens[max(span[1] - 1, 0) : i]
    )
    if is_post:
        goes_on = (
            next(
                (
                    k
                    for k in range(i + 1, len(tokens))
                    if tokens[k].low in ("but", "while", "whereas", ";") or tokens[k].text in CLOSING | OPENING
                ),
                len(tokens),
            )
            if after == ","
            else span[0]
        )
        return make(
            sentence,
            tokens,
            span,
            outlets,
            verb=verb,
            first=span[0],
            after=i + 1,
            covers_from=0,
            covers_to=max(goes_on, span[0]),
            is_before=False,
            is_denial=verb in DENY,
            is_negated=is_negated,
        )
    return make(
        sentence,
        tokens,
        span,
        outlets,
        verb=verb,
        first=span[0],
        after=i + 1,
        covers_from=i + 1,
        covers_to=len(tokens),
        is_before=True,
        is_denial=verb in DENY,
        is_negated=is_negated,
    )


def pronoun_object(tokens: Sequence[Token], i: int) -> bool:
    """Whether a verb after a comma goes on with what it says: ", said he" is inverted, ", told reporters" is not."""
    if SAY[tokens[i].low] == "tell":
        return True
    return i + 1 < len(tokens) and tokens[i + 1].low in AFTER_TOLD


def opens_content(tokens: Sequence[Token], i: int, loose: bool = False) -> bool:
    """Whether what is said follows the verb: "that", a quotation, a clause."""
    rest = tokens[i + 1 : i + 14]
    if any(t.low == "that" for t in rest[:9]):
        return True
    if any(t.text in (":", *OPENING) for t in rest[:3]):
        return True
    words = [t for t in rest if t.is_word or t.text[0].isdigit()]
    return len(words) >= (1 if loose else 4) and (rest[0].text not in (",", ".")) if rest else False


def scoped(saying: Saying, all_of_them: Sequence[Saying], tokens: Sequence[Token]) -> Saying:
    """An attribution that ends where another clause with its own speaker begins ("..., but residents counted 200")."""
    if not saying.is_before or saying.is_cited:
        return saying
    end = saying.covers_to
    for other in all_of_them:
        if other is saying or other.first <= saying.first or not other.is_before or other.is_cited:
            continue
        lead = tokens[other.first - 1].low if other.first else ""
        lead2 = tokens[other.first - 2].low if other.first > 1 else ""
        if (
            lead in ("but", "while", "whereas", "although", "and", "though", "yet", ";", "—")
            or (lead in ("the", "its") and lead2 in ("but", "while", "whereas", "and", "although", ";"))
            or other.verb == "according"
            and lead in ("but", "while", ",")
        ):
            end = min(end, max(other.first - 1, saying.after))
            break
    start = saying.covers_from
    if saying.verb == "according" and saying.first > 0 and saying.is_before:
        lead = tokens[saying.first - 1].low
        start = saying.first if lead in ("and", "but", "while", ";") else 0
    return replace(saying, covers_from=start, covers_to=end)

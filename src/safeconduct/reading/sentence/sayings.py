"""Every attribution of a sentence: "said", "according to", "citing", "reportedly", and what each covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from safeconduct.reading.sentence.citations import (
    PRONOUNS,
    Saying,
    according,
    apposed,
    by_passive,
    citing,
    content_before,
    impersonal,
    is_passive,
    make,
)
from safeconduct.reading.sentence.modality import FALSE
from safeconduct.reading.sentence.sources import alleged, before_colon, behind_dash, emerging, in_view_of, unknown_verb
from safeconduct.reading.sentence.speakers import (
    ALWAYS_SAYS,
    CLOSING,
    DAYS,
    MONTH_NAMES,
    NOUNS_TOO,
    OPENING,
    PAPERS,
    PROGRESSIVE,
    SAY,
    is_speaker,
    phrase_after,
    phrase_before,
    relative_subject,
)
from safeconduct.reading.words.gazetteer import Mention
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.numbers import value_at
from safeconduct.reading.words.tokens import Token

AFTER_TOLD = words("after told")

LOOSE = words("loose")

MODALS = words("modals")

DENY = frozenset(("deny", "reject", "refute", "dismiss", "dispute"))

NEEDS_THAT = words("needs that")

STRICT = words("strict that")  # verbs with another meaning where no "that" follows: "found 12 bodies", "admitted 40"

GAP_WORDS = words("speaker nouns") | {"the", "its", "their"}

YEARS = 1900, 2100  # a number between these before a verb is a year: assumed

NO_SUBJECT = frozenset(("that", "it", "him", "them", "us", "me"))

CLAUSE_WORDS = frozenset(("that", "was", "were", "is", "are", "had", "have", "will", "would"))

BEHIND_VERB = frozenset(
    ("in", "on", "at", "to", "late", "earlier", "yesterday", "during", "through", "via", "from", "by", "after")
)

NEVER_INVERTED = frozenset(
    ("expect", "count", "record", "call", "put", "know", "show", "give", "accuse", "blame", "urge", "condemn", "demand")
)


def sayings(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention], quoted: Sequence[bool]) -> list[Saying]:
    """Every attribution of a sentence, in order of place."""
    found = [
        *according(sentence, tokens, outlets),
        *in_view_of(sentence, tokens, outlets),
        *citing(sentence, tokens, outlets),
        *impersonal(tokens),
        *emerging(sentence, tokens, outlets),
        *alleged(sentence, tokens, outlets),
    ]
    taken = {i for saying in found for i in range(saying.first, saying.after)}
    for i, token in enumerate(tokens):
        is_verb = token.low in SAY or unknown_verb(tokens, i)
        if not is_verb or i in taken or token.is_name_like and i:
            continue
        if quoted[i] and not (i and tokens[i - 1].text in CLOSING):
            continue
        made = (
            spoken(sentence, tokens, i, outlets)
            if token.low in SAY
            else inverted(sentence, tokens, i, outlets, "say") or after_subject(sentence, tokens, i, outlets, "say")
        )
        if made is not None and not any(
            made.first < s.after and s.first < made.after and not s.is_cited for s in found
        ):
            found.append(made)
            taken |= set(range(made.first, made.after))
    for made in (before_colon(sentence, tokens, outlets, quoted), behind_dash(sentence, tokens, outlets)):
        if made is not None and not any(made.first < s.after and s.first < made.after for s in found):
            found.append(made)
    found.sort(key=lambda saying: saying.first)
    found += gapped(sentence, tokens, outlets, found)
    found.sort(key=lambda saying: saying.first)
    return [scoped(saying, found, tokens) for saying in found]


def spoken(sentence: str, tokens: Sequence[Token], i: int, outlets: Sequence[Mention]) -> Saying | None:
    """The attribution that a verb of saying makes, or None where it makes none."""
    verb = SAY[tokens[i].low]
    before = {t.low for t in tokens[max(0, i - 2) : i]}
    if tokens[i].low in PROGRESSIVE and not {"is", "are", "was", "were", "been"} & before:
        return None
    if i and tokens[i - 1].low in ("a", "an", "the") and tokens[i].low.endswith("ed"):  # "an estimated 26,400"
        return None
    nxt = tokens[i + 1].low if i + 1 < len(tokens) else "."
    if tokens[i].low in NOUNS_TOO and is_counted(tokens, i):  # "deployed to three new posts"
        return None
    if tokens[i].low in NOUNS_TOO and nxt == "of" and verb != "speak":  # "we have seen reports of 30 wounded"
        return None
    is_noun = i and tokens[i - 1].low.endswith("'s") and tokens[i].low in NOUNS_TOO
    if is_noun and any(FALSE.fullmatch(t.low) for t in tokens[i + 1 :]):  # "the enemy's claim that ... is untrue"
        return None
    if before & MODALS and tokens[i - 1].text != ",":
        return None
    if verb in ("reject", "dismiss", "dispute") and i + 1 < len(tokens) and value_at(tokens, i + 1) is not None:
        return None  # "disputed seven of the weapons"
    if verb in ("assess", "know", "register", "record") and nxt == "as":  # "explosions assessed as mortar fire"
        return None
    if verb == "call" and {"which", "whom", "that"} & {t.low for t in tokens[max(0, i - 4) : i]}:
        return None  # "the town, which its neighbours call Arn, said": a name, and nothing is said
    if is_passive(tokens, i):
        return by_passive(sentence, tokens, i, outlets, verb)
    found = inverted(sentence, tokens, i, outlets, verb)
    return found or after_subject(sentence, tokens, i, outlets, verb)


def is_counted(tokens: Sequence[Token], i: int) -> bool:
    """Whether a number stands before a noun, one word between at most: then it is no verb."""
    found = (value_at(tokens, k) for k in (i - 1, i - 2) if k >= 0)
    return any(number is not None and not YEARS[0] <= number.value < YEARS[1] for number in found)


def inverted(sentence: str, tokens: Sequence[Token], i: int, outlets: Sequence[Mention], verb: str) -> Saying | None:
    """Verb before speaker, behind what is said: "..., said the mayor"; behind a quotation any verb will do."""
    if not i or not (tokens[i - 1].text in (",", "—", "–", "?", "!") or tokens[i - 1].text in CLOSING):
        return None
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if verb in NEVER_INVERTED or pronoun_object(tokens, i) or after in ("on", "in"):  # ", wrote on a website that"
        return None
    span = phrase_after(tokens, i)
    if span is None or not is_speaker(tokens, *span, outlets, verb) or tokens[span[0]].low in NO_SUBJECT:
        return None
    if tokens[span[0]].low in PRONOUNS | {"we", "i", "there"} and span[1] - span[0] > 1:  # "Name, 67, said he had left"
        return None
    is_quoted = tokens[i - 1].text in CLOSING or tokens[i - 2].text in CLOSING
    if not is_quoted and any(
        t.low in CLAUSE_WORDS for t in tokens[slice(*span)]
    ):  # "Name, 67, said the queue had been"
        return None
    named = apposed(tokens, span)
    end = max(span[1], named[1]) if describes(tokens, named[1]) else span[1]
    span = named
    return make(
        sentence,
        tokens,
        span,
        outlets,
        verb=verb,
        first=i,
        after=max(end, span[1]),
        covers_from=0,
        covers_to=i if describes(tokens, end) else reach_of(tokens, end, i),
        is_before=False,
        is_denial=verb in DENY,
    )


def adds_of_whom(tokens: Sequence[Token], i: int) -> bool:
    """Whether what is said goes on behind a verb and its day: "..., the agency said on Friday, 40 of whom"."""
    comma = next((k for k in range(i + 1, min(i + 6, len(tokens))) if tokens[k].text == ","), None)
    rest = [t.low for t in tokens[comma + 1 : comma + 8]] if comma is not None else []
    return any(a == "of" and b in ("whom", "which", "them") for a, b in zip(rest, rest[1:], strict=False)) or (
        rest[:1] in (["including"], ["among"])
    )


def describes(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing more is said behind a speaker, or only who that is: "..., said Ada Viln, 46, who had walked"."""
    if at + 1 >= len(tokens) or tokens[at].text != ",":
        return True
    nxt = tokens[at + 1]
    return nxt.low in ("who", "whose", "whom", "a", "an", "the", "now", "head", "director") or nxt.text[0].isdigit()


def after_subject(
    sentence: str, tokens: Sequence[Token], i: int, outlets: Sequence[Mention], verb: str
) -> Saying | None:
    """Speaker before verb: before what is said ("the mayor said that") or behind it ("..., the mayor said")."""
    after = tokens[i + 1].low if i + 1 < len(tokens) else "."
    if verb == "speak" and after != "of":
        return None
    own = phrase_before(tokens, i)
    span = own or relative_subject(tokens, i) or shared_subject(tokens, i)
    if span is None or not is_speaker(tokens, *span, outlets, verb):
        return None
    if {"whatever", "whichever"} & {t.low for t in tokens[max(0, span[0] - 1) : span[1]]}:
        return None  # "whatever the envoys say"
    if (
        span[0]
        and tokens[span[0] - 1].low == "as"
        and verb in ("promise", "agree", "pledge", "vow", "hope", "fear", "expect")
    ):
        return None  # "as they promised": no one says the rest
    is_paper = any(t.low in PAPERS for t in tokens[slice(*span)])
    if verb == "give" and not is_paper and not gives_a_figure(tokens, i):
        return None
    is_post = stands_behind(tokens, span[0], i, after)
    if verb in NEEDS_THAT and not is_post and not claims(tokens, i, span, verb):
        return None
    between = [t.low for t in tokens[max(span[1] - 1, 0) : i]]
    between = between[len(between) - between[::-1].index(",") :] if "," in between else between  # a clause apart
    is_negated = any(w in ("not", "never", "neither") or w.endswith("n't") for w in between)
    is_amid = after == "," or adds_of_whom(tokens, i)
    covers = (0, reach_of(tokens, i, span[0]) if is_amid else span[0]) if is_post else (i + 1, len(tokens))
    return make(
        sentence,
        tokens,
        span,
        outlets,
        verb=verb,
        first=span[0] if own is not None else i,
        after=i + 1,
        covers_from=covers[0],
        covers_to=covers[1],
        is_before=not is_post,
        is_denial=verb in DENY,
        is_negated=is_negated,
    )


def claims(tokens: Sequence[Token], i: int, span: tuple[int, int], verb: str) -> bool:
    """Whether a verb that has other meanings too is one of saying here, by what stands around it."""
    if span[0] and tokens[span[0] - 1].low == "as" and i + 1 < len(tokens) and tokens[i + 1].text == ",":
        return True  # "As the agency has learned, 300 men"
    if verb == "arrive":
        return i + 2 < len(tokens) and tokens[i + 1].low == "at" and tokens[i + 2].text[0].isdigit()
    if verb == "put":
        rest = tokens[i + 1 : i + 12]
        at = next((k for k in range(i + 1, min(i + 12, len(tokens) - 1)) if tokens[k].low == "at"), len(tokens))
        is_counted = any(value_at(tokens, k) is not None for k in range(at + 1, min(at + 4, len(tokens))))
        return is_counted or any(t.text in (":", *OPENING) for t in rest[:5])
    is_paper = any(t.low in PAPERS for t in tokens[slice(*span)])
    return opens_content(tokens, i, loose=is_paper or verb in LOOSE, strict=verb in STRICT and not is_paper)


def gapped(sentence: str, tokens: Sequence[Token], outlets: Sequence[Mention], found: Sequence[Saying]) -> list[Saying]:
    """A second speaker whose verb is left out: "Tarsia speaks of 400 prisoners, Arvenia of 60"."""
    made = []
    for said in found:
        if not said.is_before or said.verb in ("according", "cite"):
            continue
        for k in range(said.after, len(tokens) - 2):
            if tokens[k].text not in (",", ";") or any(k < s.first for s in found if s.first > said.first):
                continue
            end = k + 1
            while end < len(tokens) - 1 and end - k < 6 and (tokens[end].is_name_like or tokens[end].low in GAP_WORDS):
                end += 1
            at = end + (tokens[end].low in ("of", "at", "only", "just", "about", "some", "over"))
            if end > k + 1 and at < len(tokens) and tokens[at].text[0].isdigit():
                span = (k + 1, end)
                if is_speaker(tokens, *span, outlets) and tokens[end - 1].low not in MONTH_NAMES | DAYS:
                    more = {"first": k + 1, "after": end, "covers_from": at, "covers_to": len(tokens)}
                    made.append(make(sentence, tokens, span, outlets, verb=said.verb, is_before=True, **more))
                break
    return made


def shared_subject(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """Who stands before an earlier verb, where a verb of saying follows "and" or "but": "agree, but insist that"."""
    is_bare_enough = SAY.get(tokens[i].low) in ALWAYS_SAYS  # "denied that and said they had withdrawn"
    if i < 3 or tokens[i - 1].low not in ("and", "but", "yet"):
        return None
    if not opens_content(tokens, i, strict=not is_bare_enough):
        return None
    before = range(i - 2, 0, -1)
    earlier = next((k for k in before if tokens[k].low in SAY), None)
    earlier = earlier or next((k for k in before if tokens[k].low in ("has", "have")), None)
    return phrase_before(tokens, earlier) if earlier is not None else None


def stands_behind(tokens: Sequence[Token], first: int, i: int, after: str) -> bool:
    """Whether a speaker and verb stand behind what is said: a mark ends it before them, nothing opens after."""
    first -= first > 1 and tokens[first - 1].low == "as"  # "..., as the ministry said"
    mark = tokens[first - 1].text if first else ""
    if not (mark in (",", "—", "–") or (mark and mark in CLOSING)):
        return False
    is_short = after == "," and first > 2 and tokens[i].low in SAY  # "Thirteen died, he says, including"
    if after == "that" or not (content_before(tokens, first) or is_short):
        return False
    rest = tokens[i + 1 : i + 22]
    if after in BEHIND_VERB or SAY.get(tokens[i].low) == "tell":  # "..., the ministry said in a statement"
        return not any(t.low in CLAUSE_WORDS for t in rest) and not any(t.text in (":", *OPENING) for t in rest)
    return not opens_content(tokens, i)


def reach_of(tokens: Sequence[Token], i: int, first: int) -> int:
    """How far an attribution between commas reaches on behind itself."""
    ends = (
        k
        for k in range(i + 1, len(tokens))
        if tokens[k].low in ("but", "while", "whereas", ";") or tokens[k].text in CLOSING | OPENING
    )
    return max(next(ends, len(tokens)), first)


def gives_a_figure(tokens: Sequence[Token], i: int) -> bool:
    """Whether "gave" gives a figure: "gives a lower figure, 250", "gave the number as 250"."""
    return any(t.low in ("figure", "figures", "number", "numbers", "estimate", "toll") for t in tokens[i + 1 : i + 7])


def pronoun_object(tokens: Sequence[Token], i: int) -> bool:
    """Whether a verb after a comma goes on with what it says: ", said he" is inverted, ", told reporters" is not."""
    if SAY.get(tokens[i].low) == "tell":
        return True
    return i + 1 < len(tokens) and tokens[i + 1].low in AFTER_TOLD


def opens_content(tokens: Sequence[Token], i: int, loose: bool = False, strict: bool = False) -> bool:
    """Whether what is said follows the verb: "that", a quotation, a clause. `strict`: no bare clause."""
    rest = tokens[i + 1 : i + 14]
    rest = rest[1:] if rest and rest[0].low in ("out", "up") else rest  # "pointed out", "summed up"
    rest = rest[: next((k for k, t in enumerate(rest) if t.text == ";"), len(rest))]
    if len(rest) > 1 and rest[0].text == "," and rest[1].low in ("while", "whereas", "but", "although", "and", "as"):
        return False  # "..., the mayor said, while officials insisted that"
    if any(t.low == "that" for t in rest[: 4 if strict else 9]):
        return True
    if any(t.text in (":", *OPENING) for t in rest[: 6 if strict else 3]):
        return True
    if strict or not rest or rest[0].text in (",", ".", ";", "!", "?", ")", "—", "–"):
        return False
    words = [t for t in rest if t.is_word or t.text[0].isdigit()]
    return len(words) >= (1 if loose else 4)


def scoped(saying: Saying, all_of_them: Sequence[Saying], tokens: Sequence[Token]) -> Saying:
    """An attribution that ends where another clause with its own speaker begins ("..., but residents counted 200")."""
    if saying.is_cited:
        return saying
    if not saying.is_before:
        is_last = not any(s.first > saying.first for s in all_of_them)
        goes_on = saying.after < len(tokens) and tokens[saying.after].text == ";" and is_last
        return replace(saying, covers_to=len(tokens)) if goes_on else saying
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
    behind = [s for s in all_of_them if not s.is_before and s.first > saying.after]
    cut = next((k for k in range(saying.after, len(tokens)) if tokens[k].text == ";"), None)
    if cut is not None and behind and behind[-1].first > cut:  # "...; no more than 30, he said"
        end = min(end, cut)
    gap = next(
        (
            s
            for s in all_of_them
            if s.first > saying.after
            and s.covers_from > s.after - 1
            and s is not saying
            and s.verb == saying.verb
            and tokens[s.first - 1].text in (",", ";")
            and s.is_before
        ),
        None,
    )
    if gap is not None:
        end = min(end, gap.first - 1)
    start = saying.covers_from
    if saying.verb == "according" and saying.first > 0 and saying.is_before:
        lead = tokens[saying.first - 1].low
        start = saying.first if lead in ("and", "but", "while", ";", ":") else 0
    return replace(saying, covers_from=start, covers_to=end)

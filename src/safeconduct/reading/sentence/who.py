"""Who asserts a token of a sentence, with the sentences before it taken into account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from safeconduct.reading.sentence.attribution import Chain, chain_for
from safeconduct.reading.sentence.clauses import BODIES, FRONT, Context, Parsed, main_verb
from safeconduct.reading.sentence.cues import BACKSHIFT, GOES_ON, PART_OF, PLAN, SUMS_UP, tells_the_hour
from safeconduct.reading.sentence.headings import ASKER, day_of_heading, period_covered, turn_of
from safeconduct.reading.sentence.locating import Dated, Place, place_for
from safeconduct.reading.sentence.persons import (
    MOST_KEPT,
    asked,
    is_many,
    is_plural,
    meant_by_title,
    name_behind,
    titled,
)
from safeconduct.reading.sentence.speakers import SPEAKER_NOUNS as PEOPLE_NOUNS
from safeconduct.reading.types import AUTHOR, COMMENTER, UNNAMED, Proposal
from safeconduct.reading.words.nouns import Counted
from safeconduct.reading.words.numbers import value_at
from safeconduct.reading.words.units import is_measure

FUTURE_DAY = re.compile(r"(?:today|tomorrow|next)", re.IGNORECASE)

PRONOUNS = frozenset(("i", "we", "he", "she", "they", "it"))

OUTLET_NOUN = "agency|site|website|channel|newspaper|outlet|broadcaster|daily|station|magazine|portal|radio|television"
TOLD = re.compile(
    rf"\btold (?:the )?(?:(?:[a-z]+ )?(?:{OUTLET_NOUN}) (?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?)"
    r"|(?P<letters>[A-Z]{2,5}))\b"
)  # "told the news site Haber", "told the BNC"
TOLD_OWN = re.compile(
    rf"\b(?:told|tells) (?P<told>(?:public|state|national|local|regional) "
    r"(?:television|radio|TV|media|broadcaster))\b(?! [A-Z])|"
    rf"\b(?:told|tells) (?P<own>this (?:{OUTLET_NOUN}))\b|"
    rf"\b(?:said|says|claimed|announced|stated|speaking|confirmed) on (?P<on>(?:[a-z]+ )?(?:{OUTLET_NOUN}|TV))\b"
)  # "told this newspaper", "said on state television"
SCENARIO = re.compile(r"\b(?:two|three|four|five|several|following|possible) (?:\w+ )?scenarios\b", re.IGNORECASE)
STAMP = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?: ?(?:[ap]\.?m\.?|GMT|UTC|CET|local(?: time)?))?:?", re.IGNORECASE)

UNSURE = re.compile(
    r"(I|[Ww]e) (?:am|are|was|were|have been|(?:do|did|can|could)(?: ?not|n['’]t)|(?:have|had|has|are|were|am|was) .*)"
)  # "I don't think", "we have not been able to verify"

COMMENT = re.compile(
    r"^(?:comments?|readers['’]? comments?|\d+ comments?|leave a (?:comment|reply))\b\s*[:(\d]*\)?\s*$", re.IGNORECASE
)


def who_asserts(parsed: Parsed, at: int, context: Context) -> tuple[Chain, tuple[str, ...]]:
    """Who asserts the token at a place, with warnings."""
    chain = chain_for(parsed.sayings, at, parsed.tokens)
    if chain is not None and (own := UNSURE.fullmatch(chain.asserted_by)):
        chain = replace(chain, asserted_by=own[1])
    warnings: list[str] = []
    turn = turn_of(parsed.sentence, context)
    if chain is None and turn:
        return Chain(turn, (context.carrier,) if context.carrier else ()), ()
    is_quoted = at < len(parsed.quoted) and parsed.quoted[at]
    if chain is None and is_quoted and context.quote_by is not None:
        chain = replace(context.quote_by, verb="quoted")
    if chain is None and not is_quoted and not parsed.sayings:
        chain, note = going_on(parsed, context)
        warnings += [note] if note else []
    if chain is None:
        if is_quoted:
            speaker = nearest_saying(parsed, at)
            if speaker is not None:
                return Chain(speaker, ()), ("a quotation; who speaks is a guess",)
            warnings.append("a quotation without a speaker in its sentence")
        name = COMMENTER if context.is_comment else AUTHOR
        return Chain(name, (), was_found=False), tuple(warnings)
    if chain.asserted_by.lower() in ("i", "we") and turn:
        return Chain(turn, (context.carrier,) if context.carrier else ()), tuple(warnings)
    if chain.asserted_by.lower() in ("i", "we") and not is_quoted:
        return Chain(COMMENTER if context.is_comment else AUTHOR, chain.via, was_found=False), tuple(warnings)
    if chain.is_pronoun:
        who = meant_by(chain.asserted_by, named_before(parsed, at), context)
        if who:
            warnings.append(f'"{chain.asserted_by}" is taken to be {who}')
            chain = replace(chain, asserted_by=who, via=tuple(v for v in chain.via if v != who))
        else:
            warnings.append(f'who "{chain.asserted_by}" is was not found')
    whole = context.body_meant(chain.asserted_by) or meant_by_title(chain.asserted_by, context.titled)
    whole = whole or next((name for office, name in context.holders if office == chain.asserted_by), "")
    if whole:
        warnings.append(f'"{chain.asserted_by}" is taken to be {whole}')
        chain = replace(chain, asserted_by=whole, via=tuple(v for v in chain.via if v != whole))
    via: tuple[str, ...] = tuple(v for v in chain.via if v.lower() not in ("he", "she", "they", "it"))
    told = told_outlet(parsed, at, context)
    if told and told not in via and told != chain.asserted_by:
        via = (told, *via)
    if len(via) > 1 or (parsed.sayings and len(parsed.sayings) > 2):
        warnings.append("several speakers in the sentence; check the chain")
    for through in (turn if turn != ASKER else "", context.carrier):
        if through and through not in (chain.asserted_by, *via):
            via = (*via, through)
    return replace(chain, via=via), tuple(warnings)


def going_on(parsed: Parsed, context: Context) -> tuple[Chain | None, str]:
    """Who spoke in the sentence before, where this one goes on with it: by how it opens, or by its tense."""
    before = context.told_by
    if before is None or before.asserted_by.lower() in PRONOUNS or context.told_paragraph != parsed.sentence.paragraph:
        return None, ""
    text = parsed.sentence.text
    is_plan = context.is_told_ahead and PLAN.search(text) is not None
    if not (GOES_ON.match(text) or PART_OF.match(text) or BACKSHIFT.search(text) or is_plan):
        return None, f"the sentence before is from {before.asserted_by}; this one may be too"
    note = f"taken to go on with what {before.asserted_by} said in the sentence before"
    return replace(before, hedge="", is_denied=False, verb="goes on"), note


def meant_by(pronoun: str, named: str, context: Context) -> str:
    """Who a pronoun is: who is named before it in the sentence, else the last subject; "he" and "she" are a person."""
    candidates = [name for name in (named, context.subject, context.speaker, context.person) if name]
    if pronoun.lower() in ("he", "she"):
        candidates = [n for n in candidates if n not in context.no_persons and not is_many(n)] or candidates
        surnames = {full.split()[-1] for full in context.titled} | {context.speaker}
        candidates = [name for name in candidates if is_personal(name) or name in surnames]
    if pronoun.lower() == "it":
        candidates = [name for name in candidates if not is_plural(name)] or candidates
    return candidates[0] if candidates else ""


def is_personal(name: str) -> bool:
    """Whether a name is that of a person as far as its form tells: more than one word, or a noun of people."""
    return " " in name or name.lower() in PEOPLE_NOUNS


def named_before(parsed: Parsed, at: int) -> str:
    """Who is named as a speaker before a pronoun in the same sentence: "the envoy dismissed it; ..., he said"."""
    pronoun = next((s for s in parsed.sayings if s.is_pronoun and s.covers_from <= at < s.covers_to), None)
    if pronoun is None:
        return ""
    named = [
        s.speaker
        for s in parsed.sayings
        if s.first < pronoun.first and not (s.is_pronoun or s.is_press or s.is_unnamed or s.is_cited)
    ]
    return named[-1] if named else subject_of(parsed, of_pronoun=True) if pronoun.first > 3 else ""


def told_outlet(parsed: Parsed, at: int, context: Context) -> str:
    """The outlet that was told: "the mayor told TASS that", "in an interview with BBC"."""
    text = parsed.sentence.text
    if (own := TOLD_OWN.search(text)) is not None:
        return own["on"] or own["told"] or (context.carrier or own["own"])
    named = TOLD.search(text)
    at = named.end() - 1 if named is not None else -1
    if named is not None and not any(m.start <= at < m.end for m in (*parsed.places, *parsed.actors)):
        known = next((m.what.names[0] for m in parsed.outlets if m.start <= at < m.end), "")
        return known or named["name"] or named["letters"]
    for m in parsed.outlets:
        before = [t.low for t in parsed.tokens[max(0, m.first - 6) : m.first]]
        if before and (
            before[-1] in ("told", "tells")
            or ("told" in before and before[-1] in ("the", "agency"))
            or (
                before[-1] in ("with", "to", "by", "the")
                and {"interview", "comment", "comments", "interviewed", "remarks", "speaking"} & set(before)
            )
        ):
            return m.what.names[0]
    return ""


def nearest_saying(parsed: Parsed, at: int) -> str | None:
    """The speaker of the attribution nearest to a token."""
    found = [s for s in parsed.sayings if not s.is_pronoun]
    return min(found, key=lambda s: abs(s.first - at)).speaker if found else None


def after_sentence(parsed: Parsed, context: Context, found: Sequence[Proposal]) -> Context:
    """What the next sentence may refer to."""
    paragraph = parsed.sentence.paragraph
    last = found[-1] if found else None
    context = told_before(parsed, spoken_before(parsed, context, found), found)
    return replace(
        dated_before(parsed, context, found),
        turn=turn_of(parsed.sentence, context),
        turn_paragraph=paragraph,
        actor=parsed.actors[-1].what.names[0] if parsed.actors else context.actor,
        places=tuple(dict.fromkeys([*(m.what for m in reversed(parsed.places)), *context.places])),
        counted=things_counted(found) or (context.counted if context.turn_paragraph == paragraph else None),
        scenario_paragraph=paragraph if SCENARIO.search(parsed.sentence.text) else context.scenario_paragraph,
        is_live=context.is_live or STAMP.fullmatch(parsed.sentence.text) is not None,
        period=context.period or period_covered(parsed),
        live_day=day_of_heading(parsed) or context.live_day,
        is_told_ahead=last is not None and last.modality == "expected",
        is_quote_open=quote_state(parsed.sentence.text, context.is_quote_open),
        is_comment=context.is_comment or bool(COMMENT.match(parsed.sentence.text)),
    )


def things_counted(found: Sequence[Proposal]) -> Counted | None:
    """What the last figure of a sentence counts, where it counts things and measures nothing."""
    last = next((f for f in reversed(found) if f.best is not None and f.unit and not is_measure(f.unit)), None)
    return Counted(last.unit, last.counted, False, 0) if last is not None else None


DAYS_KEPT = 3  # paragraphs for which a day spoken of is kept, for "later that day": assumed


def dated_before(parsed: Parsed, context: Context, found: Sequence[Proposal]) -> Context:
    """The day and place that the text has last spoken of."""
    paragraph = parsed.sentence.paragraph
    real = [
        w
        for w in parsed.dates
        if not w.is_mask_only and w.first and w.precision in ("day", "exact") and not FUTURE_DAY.match(w.said)
    ]
    if real:
        context = replace(context, day=real[-1].first, day_said=real[-1].said, paragraph=paragraph)
    elif context.day is not None and tells_the_hour(parsed.sentence.text):
        context = replace(context, paragraph=paragraph)
    elif paragraph - context.paragraph > DAYS_KEPT:
        context = replace(context, day=None, day_said="")
    if context.day is not None and abs(context.day - (context.published or context.day)) > timedelta(days=36500):
        context = replace(context, day=None)
    own = next((f for f in reversed(found) if f.date and f.date_said), None)
    when = Dated(own.date, own.date_precision, own.date_said) if own is not None else Dated()
    told = next(
        (f for f in found if f.place and f.place_said and "taken from the sentence before" not in "".join(f.warnings)),
        None,
    )
    if told is not None:
        context = replace(context, place=Place(told.place, told.place_key, told.place_said), place_paragraph=paragraph)
    elif not found and parsed.places:  # "The mission went on watching the area near Arrun. On Tuesday it saw"
        where = place_for(parsed.sentence.text, parsed.tokens, parsed.places, parsed.places[0].start)
        if where.shown and not where.warnings:
            context = replace(context, place=where, place_paragraph=paragraph)
    return replace(context, when=when)


def spoken_before(parsed: Parsed, context: Context, found: Sequence[Proposal]) -> Context:
    """Who spoke last, in words and in a quotation that goes on."""
    text = parsed.sentence.text
    named = [s for s in parsed.sayings if not s.is_pronoun and not s.is_unnamed and not s.is_press]
    speaker = named[0].speaker if named else context.speaker
    meant = context.subject or speaker
    quote_by = context.quote_by
    opened = quote_state(text, context.is_quote_open)
    is_named = any(f.asserted_by not in (AUTHOR, COMMENTER) for f in found)
    if parsed.sayings:
        s = named[0] if named else parsed.sayings[0]
        chain = chain_for(parsed.sayings, max(0, min(s.covers_from, len(parsed.tokens) - 1)), parsed.tokens)
        quote_by = (
            chain
            if chain is not None and not chain.is_pronoun
            else Chain(meant, chain.via if chain else ())
            if meant
            else None
        )
    elif not is_named and not opened and not context.is_quote_open and '"' not in text and "“" not in text:
        quote_by = None
    subject = (
        ("" if parsed.sentence.is_heading else subject_of(parsed))
        or (named[0].speaker if named else "")
        or context.subject
    )
    if answers := asked(text):
        subject = speaker = answers
    names = (subject, speaker, *(s.speaker for s in parsed.sayings))
    whole = {m.said for m in (*parsed.places, *parsed.actors, *parsed.outlets)}
    spoke = tuple(
        dict.fromkeys(
            (*(s.speaker for s in reversed(named) if set(s.speaker.lower().split()) & BODIES), *context.bodies)
        )
    )
    no_persons = context.no_persons | {n for n in names if n in whole or is_many(n)}
    person = next((n for n in (subject, speaker) if n and n not in no_persons), context.person)
    return replace(
        context,
        speaker=speaker,
        quote_by=quote_by,
        subject=subject,
        no_persons=no_persons,
        person=person,
        titled=tuple(dict.fromkeys((*titled(parsed.tokens), *context.titled)))[:MOST_KEPT],
        bodies=tuple(b for b in spoke if b != b.lower())[:8],
    )


def told_before(parsed: Parsed, context: Context, found: Sequence[Proposal]) -> Context:
    """Who asserted this sentence, for one that goes on with it."""
    last = next((f for f in reversed(found) if f.asserted_by not in (AUTHOR, COMMENTER)), None)
    told_by = None
    if last is not None and last is found[-1] and last.asserted_by != UNNAMED:
        told_by = Chain(last.asserted_by, tuple(v for v in last.via if v != context.carrier))
    elif parsed.sayings and not found:
        told_by = context.quote_by
    return replace(context, told_by=told_by, told_paragraph=parsed.sentence.paragraph)


def quote_state(text: str, is_open: bool) -> bool:
    """Whether a quotation is still open after a sentence."""
    for mark in re.finditer(r"[“”«»\"]", text):
        is_open = True if mark[0] in "“«" else False if mark[0] in "”»" else not is_open
    return is_open


def subject_of(parsed: Parsed, of_pronoun: bool = False) -> str:
    """Who a sentence is about, where it opens with a person or body that can speak; empty where it does not."""
    verb = main_verb(parsed)
    if verb is None or (parsed.sayings and parsed.sayings[0].is_pronoun and not of_pronoun):
        return ""
    index = next((i for i, t in enumerate(parsed.tokens) if t.start == verb.start), 0)
    if any(s.is_before and s.after <= index for s in parsed.sayings) and not of_pronoun:
        return ""  # who says it is the subject: "the economist believes that rebuilding will"
    begins = next((i for i, t in enumerate(parsed.tokens) if t.start >= parsed.begins), 0)
    if not 0 < index - begins <= 12:
        return ""
    comma = next((i for i, t in enumerate(parsed.tokens[:index]) if t.text == "," and i >= begins), index)
    start = next((i for i in range(begins, comma) if not re.match(r"[\d:]", parsed.tokens[i].text)), begins)  # a time
    apposed = name_behind(parsed.tokens, comma)
    if apposed:
        return apposed
    head = [t for t in parsed.tokens[start:comma] if t.low not in ("the", "a", "an")]
    if (
        not head
        or any(not t.is_word for t in head)
        or head[0].text[0].isdigit()
        or value_at(head, 0) is not None
        or head[0].low in FRONT
        or head[0].low in ("it", "he", "she", "they", "we", "i", "you", "that", "there", "this", "these", "some")
    ):
        return ""
    is_person = any(t.low in PEOPLE_NOUNS for t in head) or (
        len(head) <= 4
        and (
            all(t.is_name_like for t in head) or (head[-1].is_name_like and head[0].low in ("my", "our", "his", "her"))
        )
        and not any(start <= m.first < comma for m in (*parsed.places, *parsed.outlets))
    )
    return " ".join(t.text for t in head) if is_person else ""


def named_at_end(found: Sequence[tuple[Parsed, list[Proposal]]], k: int) -> Chain | None:
    """Who speaks in a quotation that opens in a sentence and names its speaker only where it ends."""
    parsed = found[k][0]
    text = parsed.sentence.text.lstrip()
    if text[:1] not in ('"', "“", "«") or parsed.sayings or not quote_state(text, False):
        return None
    for after, theirs in found[k + 1 :]:
        if after.sentence.paragraph != parsed.sentence.paragraph:
            return None
        if not quote_state(after.sentence.text, True):
            said = next((s for s in after.sayings if not s.is_before), None)
            own = next((p for p in theirs if said is not None and p.asserted_by.endswith(said.speaker)), None)
            named = Chain(own.asserted_by, own.via) if own is not None else None
            return named or (Chain(said.speaker, ()) if said is not None and not said.is_pronoun else None)
    return None


def carried_back(found: Sequence[tuple[Parsed, list[Proposal]]]) -> list[Proposal]:
    """All proposals; a figure without a source takes that of the next sentence where that one sums it up.

    "1,235 people came back. In all, 4,900 have returned, the ministry writes."
    """
    made: list[Proposal] = []
    for k, (parsed, proposals) in enumerate(found):
        if (speaker := named_at_end(found, k)) is not None:
            note = f"a quotation; taken to be {speaker.asserted_by}, who is named where it ends"
            proposals = [
                replace(p, asserted_by=speaker.asserted_by, via=speaker.via, warnings=(*p.warnings, note))
                for p in proposals
            ]
        after, theirs = found[k + 1] if k + 1 < len(found) else (None, [])
        source = next((p for p in theirs if p.asserted_by not in (AUTHOR, COMMENTER, UNNAMED)), None)
        if (
            after is not None
            and source is not None
            and after.sentence.paragraph == parsed.sentence.paragraph
            and SUMS_UP.match(after.sentence.text)
            and after.sayings
            and not parsed.sayings
        ):
            note = f"taken to be from {source.asserted_by}, who sums it up in the next sentence"
            proposals = [
                replace(p, asserted_by=source.asserted_by, via=source.via, warnings=(*p.warnings, note))
                if p.asserted_by == AUTHOR and p.kind in ("figure", "prediction")
                else p
                for p in proposals
            ]
        made += proposals
    return made

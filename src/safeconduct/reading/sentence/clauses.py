"""A sentence taken apart once, its main verb, and what the sentences before it leave for it to refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from safeconduct.reading.sentence.attribution import Chain
from safeconduct.reading.sentence.citations import Saying
from safeconduct.reading.sentence.cues import (
    NEED,
    OTHER_VERB,
    PART_OF,
    PAST_TENSE,
    PRESENT_STATE,
    STATE_NOW,
    THE_PLACE,
    tells_the_hour,
)
from safeconduct.reading.sentence.locating import Dated, Place, date_for, place_for, unknown_places
from safeconduct.reading.sentence.modality import RELATIVE, Mood, clause_at
from safeconduct.reading.sentence.sayings import sayings
from safeconduct.reading.sentence.sources import ALLEGING
from safeconduct.reading.sentence.speakers import SAY, in_quotes
from safeconduct.reading.sentence.speakers import SPEAKER_NOUNS as PEOPLE_NOUNS
from safeconduct.reading.types import Proposal, Sentence
from safeconduct.reading.words.dates import STAMPED, dateline_of, find_dates
from safeconduct.reading.words.days import When
from safeconduct.reading.words.gazetteer import Gazetteer, Mention, Named
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.nouns import Counted
from safeconduct.reading.words.tokens import Token, tokenize

BODIES = words("bodies")

FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|does|do|"
    r"did|began|begin|became|becomes|came|went|left|met|fell|rose|fled|took|gave|held|kept|let|"
    r"shot|sent|said|says|"
    r"lost|won|put|set|cut|broke|brought|made|makes|led|let|saw|told|knew|wants?|remains?|stands?|"
    r"lies|means|shows?|needs?|seems?|owes?|burnt?|returns?|leaves?|says|understands?|explains?|"
    r"accus\w+|\w{2,}ed|\w{3,}(?:izes?|ises?|ates?|ifies|ains|ects|ents|ands|ings|ows|ells|olds|"
    r"ives))\b"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the text has said before a sentence."""

    published: date | None
    day: date | None = None  # last day that it spoke of
    day_said: str = ""
    paragraph: int = -1
    speaker: str = ""  # who spoke last, for "he said"
    quote_by: Chain | None = None  # who speaks in a quotation that goes on
    told_by: Chain | None = None  # who asserted the sentence before, for one that goes on with it
    told_paragraph: int = -1
    place: Place = Place()
    place_paragraph: int = -1
    is_comment: bool = False
    is_quote_open: bool = False
    carrier: str = ""  # outlet of a dateline
    subject: str = ""  # who the sentence before is about
    person: str = ""  # the last person who was a subject or spoke, for "he said"
    no_persons: frozenset[str] = frozenset()  # speakers so far that are places, bodies or several people
    turn: str = ""  # who speaks in this paragraph of a conversation
    turn_paragraph: int = -1
    actor: str = ""  # actor that the sentence before named
    places: tuple[Named, ...] = ()  # places named so far, the latest first
    when: Dated = Dated()  # date that the sentence before gave in its own words
    is_told_ahead: bool = False  # the sentence before was a plan or forecast
    titled: tuple[str, ...] = ()  # persons named with a title, the latest first: "General Ane Sulo"
    holders: tuple[tuple[str, str], ...] = ()  # office and name of those whom the text names beside their office
    bodies: tuple[str, ...] = ()  # names of bodies that spoke, the latest first: "Arvenia's Foreign Ministry"
    counted: Counted | None = None  # things that the sentence before counted last
    scenario_paragraph: int = -1  # paragraph that sets out scenarios
    is_transcript: bool = False  # who speaks goes on to the next name before a colon
    period: str = ""  # days that a report says it covers
    is_live: bool = False  # entries are headed by an hour: what they tell happened on that day
    live_day: date | None = None  # the day that a heading above the entries gives; else that of publication

    def body_meant(self, said: str) -> str:
        """The body that "the ministry" or "the ministry's spokesperson" means: the last of that noun that spoke."""
        noun = said.lower().split("'s ")[0].split("’s ")[0].split(" ")[-1]
        if said != said.lower() or noun not in BODIES or len(said.split()) > 2:
            return ""
        name = next((n for n in self.bodies if noun in n.lower().split() and n != n.lower()), "")
        return name + said[len(noun) :] if name and said.lower().startswith(noun) else ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence taken apart once."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    dates: tuple[When, ...]
    sayings: tuple[Saying, ...]
    quoted: tuple[bool, ...]
    places: tuple[Mention, ...]
    actors: tuple[Mention, ...]
    outlets: tuple[Mention, ...]
    unknown: tuple[tuple[str, int, int, str], ...]
    begins: int = 0  # first character behind a dateline


def parse(sentence: Sentence, gazetteer: Gazetteer, context: Context) -> Parsed:
    """A sentence's tokens, dates, attributions and names."""
    text = sentence.text
    tokens = tokenize(text)
    same = context.day if sentence.paragraph - context.paragraph <= 1 else None
    dates = find_dates(text, context.published, same)
    lead = dateline_of(text)
    stamp = STAMPED.match(text) if context.is_live else None
    before = (
        lead.end() if lead is not None else stamp.end() if stamp is not None else 0
    )  # a dateline says where and when it was written, not what happened
    dates = [replace(w, is_mask_only=True) if w.start < before else w for w in dates]
    outlets = gazetteer.outlets_in(tokens)
    quoted = in_quotes(tokens, context.is_quote_open)
    places = [m for m in gazetteer.places_in(tokens) if m.start >= before]
    actors = [m for m in gazetteer.actors_in(tokens) if m.start >= before]
    taken = [(m.start, m.end) for m in (*places, *outlets)] + [(w.start, w.end) for w in dates]
    names = [(m.start, m.end) for m in actors if len(m.said) > 3]
    return Parsed(
        sentence,
        tuple(tokens),
        tuple(dates),
        tuple(sayings(text, tokens, outlets, quoted)),
        tuple(quoted),
        tuple(places),
        tuple(actors),
        tuple(outlets),
        tuple(unknown_places(text, taken + names)),
        before,
    )


def dated(parsed: Parsed, start: int, end: int, context: Context, mood: Mood, *, is_figure: bool = False) -> Dated:
    """The date of a claim: said in the sentence, carried over from one before, or none."""
    asides = [
        m.span() for m in RELATIVE.finditer(parsed.sentence.text) if is_figure and not m.start() <= start < m.end()
    ]
    own = [w for w in parsed.dates if not any(a <= w.start < b for a, b in asides)]
    found = date_for(parsed.sentence.text, own, start, end)
    if found.when is not None:
        when = found.when
        is_of_day = start >= when.end and re.match(r",? when\b", parsed.sentence.text[when.end :])
        if (
            when.role in ("since", "after")
            and not is_of_day  # "since last March, when 90 people died"
            and when.first is not None
            and context.published is not None
            and context.published > when.first
            and not mood.is_future
        ):
            if not is_figure:  # "has been closed since 12 December" tells of no end
                return replace(found, warnings=(*found.warnings, "since that day: no end is told"))
            iso = when.iso + "/" + context.published.isoformat()
            return replace(
                found,
                iso=iso,
                precision="period",
                warnings=(*found.warnings, "the end of the period is the day of publication"),
            )
        if when.role in ("until", "by") and not mood.is_future and when.iso:
            return replace(found, warnings=(*found.warnings, f'"{when.said}": a latest date, not the day itself'))
        return found
    text, is_same = parsed.sentence.text, parsed.sentence.paragraph == context.turn_paragraph
    if context.when.iso and is_same and not mood.is_future and PART_OF.match(text):
        return replace(context.when, warnings=(f'no date in the sentence; taken from "{context.when.said}" before it',))
    goes_on = parsed.sentence.paragraph == context.paragraph or tells_the_hour(text)
    goes_on = goes_on and not STATE_NOW.search(text)
    if context.day is not None and goes_on and not mood.is_future and not PRESENT_STATE.search(text):
        if "/" in context.when.iso and context.when.said == context.day_said:  # "since 7 May": its whole period
            note = f'no date in the sentence; taken from "{context.day_said}" before it'
            return replace(context.when, precision="approximate", warnings=(note,))
        return Dated(
            context.day.isoformat(),
            "approximate",
            "",
            (f'no date in the sentence; taken from "{context.day_said}" before it',),
        )
    if context.period and not mood.is_future and not PRESENT_STATE.search(text):
        note = "no date in the sentence; taken from the period that the text covers"
        return Dated(context.period, "period", "", (note,))
    live = context.live_day or context.published
    if live is not None and context.is_live:
        note = f"no date in the sentence; its entry is headed by an hour of {live.isoformat()}"
        return Dated(live.isoformat(), "day", "", (note,))
    if context.published is not None:
        return Dated(
            context.published.isoformat()[:7],
            "month",
            "",
            ("no date in the sentence; the month of publication is taken",),
        )
    note = (
        "no date in the sentence" if context.published else "no date in the sentence and no day of publication is known"
    )
    return Dated("", "unknown", "", (note,))


def located(parsed: Parsed, at: int, context: Context) -> Place:
    """The place of a claim: said in the sentence, or carried over within the paragraph."""
    found = place_for(parsed.sentence.text, parsed.tokens, parsed.places, at, parsed.unknown)
    if found.shown:
        return found
    again = named_again(parsed, at, context)
    if again is not None:
        return again
    is_near = context.place_paragraph == parsed.sentence.paragraph and not PRESENT_STATE.search(parsed.sentence.text)
    if context.place.shown and is_near:
        return replace(context.place, warnings=("no place in the sentence; taken from the sentence before",))
    return Place()


def named_again(parsed: Parsed, at: int, context: Context) -> Place | None:
    """The place that "the city" or "the checkpoint" means: the last of that kind that the text has named."""
    start, end = clause_at(parsed.sentence.text, at)
    found = sorted(THE_PLACE.finditer(parsed.sentence.text), key=lambda m: (not start <= m.start() < end, m.start()))
    for m in found:
        kind = m[1].lower()
        place = next((p for p in context.places if kind in re.split(r"\W+", p.kind)), None)
        if place is not None:
            return Place(place.label, place.key, m[0], (f'"{m[0]}" is taken to be {place.label}',))
    return None


def proposed(
    parsed: Parsed,
    chain: Chain,
    mood: Mood,
    when: Dated,
    where: Place,
    *,
    span: tuple[int, int],
    actor: Mention | None,
    hedges: Sequence[str] = (),
    warnings: Sequence[str] = (),
    **own: Any,
) -> Proposal:
    """A proposal from what was found of a clause: its words, who, how, when, where; `own`: what it claims."""
    s = parsed.sentence
    return Proposal(
        start=s.start,
        end=s.end,
        sentence=s.text,
        focus_start=s.start + span[0],
        focus_end=s.start + span[1],
        asserted_by=chain.asserted_by,
        via=chain.via,
        hedge="; ".join(dict.fromkeys(filter(None, (*hedges, mood.hedge, chain.hedge)))),
        is_negated=mood.is_negated,
        modality=mood.modality,
        date=when.iso,
        date_precision=when.precision,
        date_said=when.said,
        place=where.shown,
        place_key=where.key,
        place_said=where.said,
        actor=actor.what.names[0] if actor else "",
        warnings=tuple(dict.fromkeys(warnings)),
        **own,
    )


def text_of(parsed: Parsed, at: int) -> str:
    """A sentence for its mood; what rejects another's allegation is blanked out where the allegation holds a place."""
    text, tokens = parsed.sentence.text, parsed.tokens
    for s in parsed.sayings:
        if s.verb == ALLEGING and s.covers_from < len(tokens) and tokens[s.covers_from].start <= at:
            return " " * tokens[s.covers_from].start + text[tokens[s.covers_from].start :]
    return text


def is_past(when: Dated, context: Context) -> bool:
    """Whether a date that the sentence gives lies before publication: nothing is predicted there."""
    if when.when is None or when.when.last is None or context.published is None:
        return False
    return when.when.last < context.published - timedelta(days=1)


def looks_ahead(text: str, span: tuple[int, int], mood: Mood, when: Dated, context: Context) -> Mood:
    """A clause as expected where a date behind it lies after publication: "must leave by 1 December" on 13 November."""
    said = when.when
    is_scenario = context.scenario_paragraph == context.turn_paragraph >= 0 and not PAST_TENSE.search(text)
    if mood.modality == "said" and is_scenario:
        note = "one of the scenarios of this passage: taken as expected"
        return replace(mood, modality="expected", is_future=True, warnings=(*mood.warnings, note))
    if mood.modality != "said" or said is None or said.first is None or context.published is None:
        return mood
    own = text[clause_at(text, span[0])[0] : said.start]
    if said.first <= context.published or said.start < span[1] or PAST_TENSE.search(own) or NEED.search(own):
        return mood
    if OTHER_VERB.search(text[span[1] : said.start]):
        return mood
    note = "its date lies after publication: taken as expected"
    return replace(mood, modality="expected", is_future=True, warnings=(*mood.warnings, note))


def actor_near(parsed: Parsed, at: int) -> Mention | None:
    """The actor named nearest before a place of the clause that is not only who says so."""
    a, b = clause_at(parsed.sentence.text, at)
    spoken = {i for s in parsed.sayings for i in range(s.first, s.after)}
    inside = [m for m in parsed.actors if a <= m.start < b and m.first not in spoken]
    before = [m for m in inside if m.start < at]
    return (before[-1] if before else inside[0]) if inside else None


def main_verb(parsed: Parsed) -> Token | None:
    """The first finite verb outside the words that only name who speaks; else any."""
    spoken = {i for s in parsed.sayings for i in range(s.first, s.after)}
    best = None
    skip_to = fronted(parsed.tokens)
    for i, token in enumerate(parsed.tokens):
        if (
            token.low in ("who", "which", "whose") and i and parsed.tokens[i - 1].text == ","
        ):  # a relative clause between commas
            skip_to = next((k for k in range(i + 1, len(parsed.tokens)) if parsed.tokens[k].text == ","), skip_to)
        if not token.is_word or (token.is_name_like and (i or token.low not in AUXILIARIES)) or i < skip_to:
            continue
        if is_finite(parsed, i):
            if i not in spoken and not (
                token.low in SAY and best is None and any(s.first <= i < s.after for s in parsed.sayings)
            ):
                covered = [s for s in parsed.sayings if s.covers_from <= i < s.covers_to]
                if covered or not parsed.sayings:
                    return token
                best = best or token
            elif best is None and not parsed.sayings:
                best = token
    return best


def is_finite(parsed: Parsed, i: int) -> bool:
    """Whether a token is a finite verb: a known form, or a word in s behind a name, a pronoun or a noun of speakers."""
    token = parsed.tokens[i]
    if FINITE.fullmatch(token.low):
        return True
    if not i or not re.fullmatch(r"[a-z]{3,}[^s]s", token.text) or parsed.tokens[i - 1].low in ("the", "a", "an"):
        return False
    if token.low in PEOPLE_NOUNS:
        return False
    before = parsed.tokens[i - 1]
    nxt = parsed.tokens[i + 1].low if i + 1 < len(parsed.tokens) else "."
    return (before.is_name_like or before.low in PEOPLE_NOUNS or before.text == ",") and (
        nxt in OPENERS or nxt[:1].isdigit() or parsed.tokens[i - 1].is_name_like and nxt.isalpha()
    )


OPENERS = words("openers")

AUXILIARIES = words("modals") | {"is", "are", "was", "were", "has", "have", "had", "do", "does", "did"}

FRONT = words("front")


def fronted(tokens: Sequence[Token]) -> int:
    """The token behind the comma that ends what stands before the main clause; -1 where nothing does."""
    if not tokens or tokens[0].low not in FRONT:
        return -1
    comma = next((i for i, t in enumerate(tokens[:28]) if t.text == ","), -1)
    if comma < 0 or not any(FINITE.fullmatch(t.low) for t in tokens[comma + 1 :]):
        return -1
    return comma + 1

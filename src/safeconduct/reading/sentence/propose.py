"""What a sentence asserts besides its figures: an act, the status of an obligation, a prediction or a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.reading.sentence.attribution import Chain
from safeconduct.reading.sentence.citations import Saying
from safeconduct.reading.sentence.clauses import (
    FINITE,
    Context,
    Parsed,
    actor_near,
    dated,
    is_past,
    located,
    looks_ahead,
    main_verb,
    proposed,
    text_of,
)
from safeconduct.reading.sentence.modality import FALSE, STATUS, Mood, mood_of
from safeconduct.reading.sentence.speakers import SAY
from safeconduct.reading.sentence.who import who_asserts
from safeconduct.reading.types import UNNAMED, Proposal
from safeconduct.reading.words.gazetteer import Gazetteer, Named
from safeconduct.reading.words.tokens import Token

PAST = re.compile(
    r"(?:was|were|has|have|had|did|began|became|came|went|left|met|fell|rose|fled|took|gave|held|"
    r"kept|let|shot|sent|lost|won|put|set|cut|broke|brought|made|led|saw|returns?|leaves|opens|"
    r"\w{2,}ed)"
)

PARTICIPLE = re.compile(
    r"\w{2,}ed|been|become|begun|brought|built|cut|done|fallen|found|given|gone|held|kept|left|lost|made|met|paid|put|"
    r"sent|set|shot|struck|taken|told|torn|won|heard|seen|hit|shut|fought|driven|flown|blown|laid|stolen|thrown|"
    r"withdrawn|drawn|broken|burnt|dug|fed|hung|sunk|sold|spent"
)

PERFECT = frozenset(("has", "have", "had", "was", "were", "did", "said", "told"))
GOES_ON_WITH = re.compile(r",? (?:and|but|when|while|until|who|which) (?!(?:to|not|never)\b)")

IDIOM = re.compile(
    r"\b(?:one (?:can|could|may|might|must|should|wonders|thinks)|you can|click here|read more|"
    r"photo|image by|source link|subscribe|copyright|all rights)\b",
    re.IGNORECASE,
)


def is_done(tokens: Sequence[Token], verb: int) -> bool:
    """Whether a finite verb says that it was done: "closed", "has closed"; not "has authority", "there was talk"."""
    word = tokens[verb].low
    after = [t.low for t in tokens[verb + 1 : verb + 4]]
    if verb and tokens[verb - 1].low == "there":  # "there was shooting"
        return word in ("was", "were") and any(re.fullmatch(r"[a-z]{3,}ing", w) for w in after[:2])
    if not PAST.fullmatch(word):
        return False
    if word not in ("has", "have", "had", "was", "were"):
        return True
    return any(PARTICIPLE.fullmatch(w) for w in after) and not any(w.endswith("ing") for w in after)


def assertions(
    parsed: Parsed, gazetteer: Gazetteer, context: Context, figures: Sequence[Proposal], has_figure: bool
) -> list[Proposal]:
    """What a sentence asserts besides its figures, and what a second speaker says in it."""
    first = assertion(parsed, gazetteer, context, has_figure)
    made = [first] if first is not None else []
    if first is not None and (half := first_half(parsed, first)) is not None:
        before = assertion(parsed, gazetteer, context, has_figure, half=half)
        made = [before, *made] if before is not None else made
    found = [*figures, *made]
    for voice in second_voices(parsed):
        start, end = (parsed.sentence.start + parsed.tokens[i].start for i in (voice.covers_from, voice.covers_to - 1))
        if any(start <= p.focus_start <= end for p in found):
            continue
        other = assertion(parsed, gazetteer, context, False, voice)
        made += [other] if other is not None else []
    return made


def first_half(parsed: Parsed, made: Proposal) -> Saying | None:
    """What a speaker says of a thing before a second verb: "confirmed shots at night but reported no casualties"."""
    tokens = parsed.tokens
    at = made.focus_start - parsed.sentence.start
    k = next((i for i, t in enumerate(tokens) if t.start == at), 0)
    if k < 2 or tokens[k].low not in SAY or tokens[k - 1].low not in ("but", "and", "yet"):
        return None
    own = next((s for s in parsed.sayings if s.is_before and s.after < k - 1 and s.covers_from < k), None)
    is_bare = own is not None and not any(FINITE.fullmatch(t.low) for t in tokens[own.after : k - 1])
    return replace(own, covers_to=k - 1) if own is not None and is_bare and not own.is_denial else None


def second_voices(parsed: Parsed) -> list[Saying]:
    """Who speaks in a clause of their own behind another: "..., while officials insisted that the road was open"."""
    tokens = parsed.tokens
    return [
        s
        for k, s in enumerate(parsed.sayings)
        if k
        and s.is_before
        and not (s.is_cited or s.is_pronoun or s.is_unnamed)
        and s.covers_from < s.covers_to
        and any(
            t.low in ("while", "whereas", "but", "although", "though") for t in tokens[max(0, s.first - 3) : s.first]
        )
    ]


def assertion(
    parsed: Parsed,
    gazetteer: Gazetteer,
    context: Context,
    has_figure: bool,
    voice: Saying | None = None,
    half: Saying | None = None,
) -> Proposal | None:
    """An act, the status of an obligation, a prediction or a statement: of the main clause, or of a second speaker."""
    text, tokens = parsed.sentence.text, parsed.tokens
    if parsed.sentence.is_heading and not FINITE.search(text):
        return None
    verb, at_token = main_verb(parsed), -1
    if voice is not None:
        own = range(voice.covers_from, voice.covers_to)
        verb = next((tokens[i] for i in own if FINITE.fullmatch(tokens[i].low) and tokens[i].is_word), None)
        if verb is None:
            return None
    if half is not None:
        verb, at_token = tokens[half.after - 1], half.after
    if verb is None:  # "The ministry denies this": the denial is all that is said
        verb, at_token = denial(parsed)
    if verb is None or IDIOM.search(text):
        return None
    at = verb.start
    index = next(i for i, t in enumerate(tokens) if t.start == verb.start)
    chain, who_notes = who_asserts(parsed, index if at_token < 0 else at_token, context)
    said = text_of(parsed, at)
    said = said[: tokens[half.covers_to].start] if half is not None else said
    if (
        voice is None
        and verb.low not in PERFECT
        and is_done(tokens, index)
        and (more := GOES_ON_WITH.search(said, verb.end))
    ):
        said = said[
            : more.start()
        ]  # what was done, whatever else is told: "left on Friday and has not said when it will"
    mood = mood_of(said, at, verb.end, chain.is_denied, is_reported=chain.was_found)
    if sum(t.is_word for t in tokens) < least_words(parsed, mood) and at_token < 0:
        return None
    act = gazetteer.action_of(text)
    if not is_claim(parsed, context, chain, act, mood) or (has_figure and not (mood.is_future and act)):
        return None
    when, where = dated(parsed, at, verb.end, context, mood), located(parsed, at, context)
    mood = looks_ahead(text, (at, verb.end), mood, when, context)
    duty = gazetteer.obligation_of(text) if STATUS.search(text) or act is not None else None
    kind = kind_of(text, mood, act is not None, duty is not None, parsed)
    undone = kind == "act" and (mood.is_negated or not is_done(tokens, index))  # what was not done is no act
    if undone or (kind == "prediction" and is_past(when, context)):
        kind = "statement"
    actor = actor_near(parsed, at)
    elapsed = next((w for w in parsed.dates if w.elapsed is not None), None)
    notes = [
        *mood.warnings,
        *who_notes,
        *when.warnings,
        *where.warnings,
        f'"{tokens[0].text}" may be {context.actor}' if actor is None and refers_back(parsed, context) else "",
        "the kind of act is a guess" if act is not None else "",
        "the obligation is a guess" if duty is not None else "",
        *notes_on(kind, chain, mood, actor is not None),
    ]
    return proposed(
        parsed,
        chain,
        mood,
        when,
        where,
        span=(at, verb.end),
        actor=actor,
        warnings=tuple(filter(None, notes)),
        kind=kind,
        quantity="elapsed time" if elapsed else "",
        best=elapsed.elapsed if elapsed else None,
        unit=elapsed.elapsed_unit if elapsed else "",
        horizon=(when.said or "not said") if kind == "prediction" else "",
        action=act.key if act is not None and kind == "act" else "",
        obligation=duty.key if duty is not None else "",
        rule=f"clause: {kind}",
    )


DEMANDS = frozenset(("accuse", "blame", "demand", "urge", "condemn"))


def least_words(parsed: Parsed, mood: Mood) -> int:
    """How many words a sentence needs to assert something; a short denial does: "It did not act"."""
    return 4 if parsed.dates or mood.is_negated else 5


def denial(parsed: Parsed) -> tuple[Token | None, int]:
    """(verb of a denial or demand, a token of what it is about): "Tarsia denies this", "called on Norland"."""
    for s in parsed.sayings:
        if s.is_before and s.after < len(parsed.tokens):
            rest = " ".join(t.low for t in parsed.tokens[s.after : s.covers_to])
            is_demand = s.verb in DEMANDS or (s.verb == "call" and rest.startswith(("on ", "for ", "upon ")))
            if s.is_denial or is_demand or (s.verb in ("call", "describe", "reject") and FALSE.search(rest)):
                return parsed.tokens[s.after - 1], s.after
    return None, -1


def is_claim(parsed: Parsed, context: Context, chain: Chain, act: Named | None, mood: Mood) -> bool:
    """Whether a clause is about the case: it names someone, a place, a day or a source, or goes on from one."""
    has_date = any(not w.is_mask_only and w.first is not None for w in parsed.dates)
    knows = bool(parsed.actors or parsed.places or act or parsed.unknown or has_date or refers_back(parsed, context))
    goes_on = mood.is_negated and parsed.sentence.paragraph == context.turn_paragraph and bool(context.actor)
    return not mood.is_question and (knows or chain.was_found or goes_on)


def refers_back(parsed: Parsed, context: Context) -> bool:
    """Whether a sentence opens with a pronoun that may be the actor of the sentence before."""
    is_pronoun = parsed.tokens[0].low in ("it", "they", "he", "she", "its", "their")
    return bool(context.actor) and is_pronoun and parsed.sentence.paragraph == context.turn_paragraph


def notes_on(kind: str, chain: Chain, mood: Mood, has_actor: bool) -> list[str]:
    """What to check about an assertion by its kind, source and sign."""
    notes = []
    if kind in ("act", "status") and not chain.was_found:
        notes.append("no source is named; the author asserts it")
    if kind == "act" and not has_actor:
        notes.append("who acts was not found")
    if mood.is_negated:
        notes.append("negated: what is denied is the sentence's own")
    if kind == "statement" and not chain.was_found:
        notes.append("may be opinion")
    if chain.asserted_by == UNNAMED:
        notes.append("no source is named")
    return notes


def kind_of(text: str, mood: Mood, has_act: bool, has_duty: bool, parsed: Parsed) -> str:
    """Whether a clause predicts, tells how an obligation stands, tells an act, or states."""
    if mood.modality in ("expected", "conditional") and mood.is_future:
        return "prediction"
    if has_duty and STATUS.search(text):
        return "status"
    has_day = any(w.precision in ("day", "exact", "approximate") and not w.is_mask_only for w in parsed.dates)
    if has_act and mood.modality == "said" and (parsed.actors or has_day):
        return "act"
    return "statement"

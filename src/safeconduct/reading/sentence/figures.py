"""A proposal for each amount of a sentence that counts something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.reading.sentence.attribution import Chain
from safeconduct.reading.sentence.clauses import (
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
from safeconduct.reading.sentence.locating import Dated
from safeconduct.reading.sentence.modality import Mood, clause_at, mood_of
from safeconduct.reading.sentence.who import who_asserts
from safeconduct.reading.types import UNNAMED, Proposal
from safeconduct.reading.words.gazetteer import Gazetteer
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.nouns import Counted
from safeconduct.reading.words.numbers import Amount, amounts, value_at
from safeconduct.reading.words.tokens import Token
from safeconduct.reading.words.units import BEFORE_VERB, PARTICIPLES, counted_by, is_measure, left_out, something_done

TIME_LEADS = words("time leads")

TOTAL = re.compile(
    r"\b(?:since|so far|in total|total|altogether|by now|to date|as of|overall|all in all|"
    r"had already|have already|has already)\b",
    re.IGNORECASE,
)


WORD_REACH = 90  # characters around a figure whose words tell what is counted: assumed
DURATIONS = frozenset(("years", "months", "days", "weeks", "hours", "minutes"))


def figures(parsed: Parsed, gazetteer: Gazetteer, context: Context) -> list[Proposal]:
    """A proposal for each amount that counts something."""
    text, tokens = parsed.sentence.text, parsed.tokens
    masks = [(w.start, w.end) for w in parsed.dates]
    found: list[Proposal] = []
    previous: Counted | None = None
    things: Counted | None = None  # the last count of things, for "nine lorries with 270 tonnes; two are blocked"
    earlier = context.counted if context.turn_paragraph == parsed.sentence.paragraph else None
    for amount in amounts(tokens, masks):
        counted = counted_by(text, tokens, amount, previous)
        if things is not None and (again := left_out(tokens, amount, things)) is not None and is_bare(counted):
            counted = again
        elif earlier is not None and counted is not None and is_more_of(amount, counted, earlier):
            counted = replace(counted, unit=earlier.unit, warning="what is counted is taken from the sentence before")
        elif previous is None and earlier is not None and is_bare(counted):
            counted = of_before(tokens, amount, counted, earlier)
        if counted is None or is_idle(text, tokens, amount, counted, bool(found)) or speaks(parsed, amount):
            continue
        previous = counted if counted.unit else previous
        things = counted if counted.unit and not is_measure(counted.unit) else things
        found.append(figure(parsed, gazetteer, context, amount, counted))
    return found


def is_bare(counted: Counted | None) -> bool:
    """Whether what an amount counts was not found in its own clause."""
    return counted is None or not counted.unit or "taken from the figure before" in counted.warning


def is_more_of(amount: Amount, counted: Counted, earlier: Counted) -> bool:
    """Whether a number without a noun adds to the things counted before: "another 60 would be brought"."""
    is_added = amount.hedge.startswith(("another", "a further"))
    return is_added and counted.end == amount.after and counted.unit == "persons" != earlier.unit


def of_before(tokens: Sequence[Token], amount: Amount, counted: Counted | None, earlier: Counted) -> Counted | None:
    """What an amount counts by the sentence before: "It has three posts. It plans to man eight more"."""
    again = left_out(tokens, amount, earlier)
    if again is None and counted is not None and not counted.noun:
        again = replace(counted, unit=earlier.unit, noun=earlier.noun)
    return replace(again, warning="what is counted is taken from the sentence before") if again is not None else counted


def leaves_room(parsed: Parsed, found: Sequence[Proposal]) -> bool:
    """Whether a sentence with figures asserts something else: its main clause holds none of them, or only compounds."""
    verb = main_verb(parsed)
    if verb is None:
        return False
    start, end = clause_at(parsed.sentence.text, verb.start)
    base = parsed.sentence.start
    real = [f for f in found if "in a compound" not in " ".join(f.warnings)]
    return not any(start <= f.focus_start - base < end for f in real)


def is_idle(text: str, tokens: Sequence[Token], amount: Amount, counted: Counted, has_before: bool) -> bool:
    """Whether an amount only measures time around a date, or is vague about nothing that is counted."""
    end = counted.end
    if is_share_in_words(tokens, amount):
        return True
    if (
        amount.is_word
        and amount.value == 1
        and counted.unit == "persons"
        and not (is_casualty(tokens, amount) or something_done(tokens, end))
        and tokens[amount.core - 1 if amount.core else 0].low not in ("only", "just", "exactly")
        and not has_before
    ):
        return True
    if counted.unit in DURATIONS and amount.first and not amount.suffix:
        lead = tokens[amount.first - 1].low
        if lead in ("first", "last", "next", "past") and (
            amount.first < 2 or tokens[amount.first - 2].low not in ("the", "these", "those", "its")
        ):
            lead = ""
        if lead in TIME_LEADS:
            return True
        if end < len(tokens) and (tokens[end].low == "later" or goes_by(tokens, end)):
            return True
    if counted.unit in DURATIONS and end < len(tokens):
        if tokens[end].low == "on" and amount.first == 0:
            return True
        tail = text[tokens[end - 1].start : tokens[end - 1].end + 22].lower()
        if re.match(r"\w+ (?:ago|later|earlier|before|after|old|from now|ahead of|short of|into)\b", tail):
            return True
        if amount.is_vague:
            return True
    if amount.is_vague and not (counted.unit and (counted.is_sure)):
        return True
    if amount.is_vague and re.match(r"(?:many|various|numerous|multiple|countless)$", amount.hedge):
        return True
    head = text[tokens[amount.core].start :]
    return re.match(r"(?:one|1) (?:hand|side|time|day|thing|way|another)\b", head, re.I) is not None


def goes_by(tokens: Sequence[Token], at: int) -> bool:
    """Whether "on" tells that so much time has passed: "two days on, the road"; not "four hours on Friday"."""
    return tokens[at].low == "on" and (at + 1 >= len(tokens) or not tokens[at + 1].is_word)


def speaks(parsed: Parsed, amount: Amount) -> bool:
    """Whether a small amount only counts those who say something: "three officers said"."""
    if amount.value is None or amount.value > 12 or not amount.is_word:
        return False
    return any(s.first <= amount.core < s.after and s.verb not in ("according", "cite") for s in parsed.sayings)


def is_casualty(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether words near an amount tell what befell the people counted."""
    near = [t.low for t in tokens[max(0, amount.core - 4) : amount.after + 6]]
    return any(word in PARTICIPLES or BEFORE_VERB.fullmatch(word) or word in ("died", "lost") for word in near)


def is_share_in_words(tokens: Sequence[Token], amount: Amount) -> bool:
    """ "One in five", "4 out of 10": a share, not two counts."""

    def is_number(i: int) -> bool:
        return 0 <= i < len(tokens) and value_at(tokens, i) is not None

    after = [t.low for t in tokens[amount.after : amount.after + 2]]
    before = [t.low for t in tokens[max(0, amount.core - 2) : amount.core]]
    small = amount.value is not None and amount.value <= 100
    ahead = (after[:1] == ["in"] and is_number(amount.after + 1)) or (
        after == ["out", "of"] and is_number(amount.after + 2)
    )
    behind = (before[-1:] == ["in"] and amount.core > 1 and is_number(amount.core - 2)) or (
        before == ["out", "of"] and is_number(amount.core - 3)
    )
    return small and (ahead or behind)


def figure(parsed: Parsed, gazetteer: Gazetteer, context: Context, amount: Amount, counted: Counted) -> Proposal:
    """The proposal that one amount makes."""
    text, tokens = parsed.sentence.text, parsed.tokens
    start, end = tokens[amount.first].start, tokens[max(counted.end, amount.after) - 1].end
    core = tokens[amount.core].start
    chain, who_notes = who_asserts(parsed, amount.core, context)
    mood = mood_of(text_of(parsed, core), start, end, chain.is_denied, is_figure=True, is_reported=chain.was_found)
    when, where = dated(parsed, start, end, context, mood, is_figure=True), located(parsed, core, context)
    mood = looks_ahead(text, (start, end), mood, when, context)
    if amount.suffix and counted.unit in DURATIONS:  # "the 44-day war": its own time is not the clause's
        when = Dated(warnings=("the length of something: its date is not said here",))
    if amount.suffix and mood.modality != "counterfactual":  # it is presupposed, whatever the clause says of it
        mood = replace(mood, modality="said", is_future=False)
    word = None
    if counted.unit and not amount.is_vague and not (amount.suffix and counted.unit in DURATIONS):
        a, b = clause_at(text, core)
        clause = text[max(a, start - WORD_REACH) : min(b, end + WORD_REACH)]
        word = gazetteer.quantity_of(clause, counted.unit, bool(TOTAL.search(text)))
    low, best, high, unit, scale_note = in_units(amount, counted.unit, counted.noun)
    is_within = amount.first and tokens[amount.first - 1].low == "within" and unit in ("km", "metres")
    high = best if is_within and high is None else high
    if "percent" in unit and re.search(r"percentage points?", text[end - 8 : end + 20]):
        unit = "percentage points"
    kind = kind_of(amount, mood, when, chain, context)
    guess = "the word of the vocabulary is a guess" if word is not None else ""
    notes = (
        *amount.warnings,
        counted.warning,
        *mood.warnings,
        *who_notes,
        *when.warnings,
        *where.warnings,
        scale_note,
        guess,
        *notes_on(tokens, amount, chain),
    )
    return proposed(
        parsed,
        chain,
        mood,
        when,
        where,
        span=(start, end),
        actor=actor_near(parsed, core),
        hedges=(amount.hedge,),
        warnings=tuple(filter(None, notes)),
        kind=kind,
        quantity=word.key if word else counted.noun,
        counted=counted.noun,
        low=low,
        best=best,
        high=high,
        unit=unit,
        horizon=when.said if kind == "prediction" else "",
        rule="amount: " + ("words" if amount.is_word else "digits"),
    )


def kind_of(amount: Amount, mood: Mood, when: Dated, chain: Chain, context: Context) -> str:
    """Whether an amount is a figure or predicts one; a vague one only goes with a statement."""
    is_ahead = mood.modality in ("expected", "conditional") and mood.is_future
    if amount.is_vague:
        return "statement"
    return "prediction" if is_ahead and not is_past(when, context) and not chain_is_estimate(chain) else "figure"


CHANGE = re.compile(r"r[oi]se|f[ae]ll|gr[eo]w|drop|increas|decreas|declin|cut|reduc|up|down")


def notes_on(tokens: Sequence[Token], amount: Amount, chain: Chain) -> list[str]:
    """What to check about an amount by the words before it and by its source."""
    notes = []
    if amount.is_vague:
        notes.append(f'"{amount.hedge}" gives no figure')
    if amount.hedge in ("another", "a further", "an additional", "further", "additional"):
        notes.append("counted on top of an earlier figure")
    if chain.hedge and chain.asserted_by == UNNAMED:
        notes.append("no source is named")
    before = [t.low for t in tokens[max(0, amount.first - 5) : amount.first]]
    if before and any(CHANGE.match(w) for w in before):
        if before[-1] == "from":
            notes.append("the figure before a change, not the latest")
        if before[-1] == "by":
            notes.append("a change by so much, not a level")
    return notes


def chain_is_estimate(chain: Chain) -> bool:
    """Whether a verb like "expects" only says how the figure is meant."""
    return chain.verb == "estimate"


def in_units(amount: Amount, unit: str, noun: str) -> tuple[float | None, float | None, float | None, str, str]:
    """The amount in the ledger's unit."""
    if unit == "miles":
        low, best, high = (
            None if v is None else round(v * 1.609344, 1) for v in (amount.low, amount.best, amount.high)
        )
        return low, best, high, "km", "miles are turned into km"
    return amount.low, amount.best, amount.high, unit, ""

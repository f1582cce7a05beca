"""What an amount counts, as said and as a unit; and which numbers count nothing that a ledger holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.nouns import FUNCTION, Counted, noun_after, unit_of
from safeconduct.reading.words.numbers import CHANGE, DASHES, Amount, value_at
from safeconduct.reading.words.tokens import Token

MOST_YEARS = 100  # a number up to this behind "were under" is an age: assumed
NO_UNIT_PARTS = words("no unit parts")
CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP"}
ABSTRACT = words("abstract")
IDEAS = words("ideas")
IDENTIFIED = words("identified")
ENDED = words("ended")
COUNTS = re.compile(
    r"\b(?:number|figure|total|tally|toll|count|share|population|estimates?|numbers|"
    r"ranks)\b(?:\s+of\s+(?:the\s+)?((?:[\w'’-]+\s){0,4}[\w'’-]+))?",
    re.I,
)
NUMBER_WAS = re.compile(
    r"\b(?:number|figure|total|toll|count)(?: (?:is|was|at|of|now|stands|stood)){1,2} $", re.IGNORECASE
)
BEFORE_VERB = re.compile(
    r"(?:kill|injur|wound|displac|evacuat|detain|arrest|captur|hospitali|hous|accommodat|shelter|"
    r"leav|trap|strand|forc|behead|register)(?:ing|ed|s)?$",
    re.I,
)
PARTICIPLES = words("participles")
PEOPLE_VERBS = words("people verbs")
EVERY = re.compile(r"^(?:\s+[a-z]+){1,8}\s+(?:every|each)\s+(hour|day|week|month|year|night)\b", re.IGNORECASE)
RATE = re.compile(
    r"^(?:\s+of\s+\w+)?\s*(?:people |vehicles |cars |tonnes |persons |tons )?(?:per|a|an|each|"
    r"every)\s+(hour|day|week|month|year|person|family|night)\b",
    re.I,
)


MEASURES_OF_TIME = frozenset(("days", "years", "months", "weeks", "hours", "minutes"))
WIDER = words("wider units")
MEASURES = MEASURES_OF_TIME | words("measures")
POINTED = frozenset(
    ("the", "these", "those", "its", "their", "both", "other", "last", "first", "next", "all", "no", "any", "at")
)


def counted_by(text: str, tokens: Sequence[Token], amount: Amount, previous: Counted | None) -> Counted | None:
    """What an amount counts, or None where it names, orders or dates something."""
    i, core = amount.after, amount.core
    before = tokens[core - 1].low if core else ""
    nxt = tokens[i] if i < len(tokens) else None
    if amount.currency:
        return Counted(CURRENCY.get(amount.currency, amount.currency), amount.currency, True, i)
    if amount.suffix:
        return by_suffix(amount, tokens)
    if nxt is not None and nxt.text in ("°", "′", "″"):
        return None
    if (
        nxt is not None
        and nxt.low in ("%", "percent")
        or (nxt is not None and nxt.low == "per" and i + 1 < len(tokens) and tokens[i + 1].low == "cent")
    ):
        return Counted("percent", "percent", True, i + (2 if nxt.low == "per" else 1))
    is_measured = nxt is not None and nxt.low in ("km", "kilometres", "kilometers", "metres", "meters", "miles")
    if before in IDENTIFIED and amount.first == core and not amount.is_word and before != "number" and not is_measured:
        return None
    if is_age(tokens, amount):
        return None
    if before in ("no", "nos") and (
        tokens[core - 1].is_name_like or (core and text[tokens[core - 1].end : tokens[core - 1].end + 1] == ".")
    ):
        return None
    if before == "." and core > 1 and tokens[core - 2].low in ("no", "nos"):
        return None
    if not is_measured and before in (
        "article",
        "clause",
        "paragraph",
        "point",
        "chapter",
        "resolution",
        "page",
        "phase",
        "number",
    ):
        return None
    found = noun_after(tokens, i)
    lead = tokens[amount.first - 1].low if amount.first else ""
    if found is None and lead == "from" and nxt is not None and nxt.low == "to" and i + 1 < len(tokens):
        later = value_at(tokens, i + 1)  # "from 200 to 350 euros"
        end = noun_after(tokens, later.after) if later is not None else None
        if end is not None and end.unit:
            return Counted(end.unit, end.noun, True, i)
    if found is not None:
        return refined(text, tokens, amount, found)
    if amount.is_word and amount.value is not None and amount.value < 13 and not amount.hedge:
        is_noun = (
            nxt is not None and re.fullmatch(r"[a-z]{4,}", nxt.text) and nxt.low not in FUNCTION | ABSTRACT | IDEAS
        )
        if amount.value == 1 and nxt is not None and is_noun and is_listed(tokens, amount):  # "and one bulldozer"
            return Counted(nxt.low + "s", nxt.low, False, i + 1, f'"{nxt.low}" is no unit that is known')
        if amount.value == 1:
            return by_verb(tokens, amount) if nxt is not None and nxt.low in ENDED | PARTICIPLES else None
        is_number = NUMBER_WAS.search(text[: tokens[amount.first].start]) is not None
        return (
            by_verb(tokens, amount)
            or (by_count(text, tokens, amount) if is_number else None)
            or by_change(tokens, amount)
            or left_out(tokens, amount, previous)
        )
    if (
        core
        and tokens[core - 1].is_name_like
        and tokens[core - 1].low not in ("in", "on", "the", "some", "about", "over")
        and core > 1
        and amount.first == core
        and not amount.is_word
        and not (amount.value or 0) >= 1000
    ):
        return None  # Miatsum 2.0, Channel 5
    by_total = by_count(text, tokens, amount)
    return (
        by_verb(tokens, amount)
        or (by_total if by_total is not None and by_total.unit else None)
        or (carried(tokens, amount, previous) if by_total is not None and previous is not None else None)
        or by_total
        or (carried(tokens, amount, previous) if before == "to" else None)
        or by_change(tokens, amount)
        or left_out(tokens, amount, previous)
        or carried(tokens, amount, previous)
    )


def is_age(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is an age: "aged nine and 12", "were under 15"."""
    k = amount.core - 1
    while k > 0 and (tokens[k].low in ("and", "to", "or", ",", "between") or value_at(tokens, k) is not None):
        k -= 1
    if k >= 0 and tokens[k].low in ("aged", "age", "ages"):
        return True
    lead = [t.low for t in tokens[max(0, amount.core - 2) : amount.core]]
    nxt = tokens[amount.after].text if amount.after < len(tokens) else "."
    is_bare = nxt in (".", ",", ";", ")") or nxt in ("and", "or", "were", "are", "is", "was", "have", "had")
    is_bound = len(lead) > 1 and lead[1] in ("under", "over", "below", "above") and (amount.value or 0) <= MOST_YEARS
    return is_bound and is_bare and (lead[0] in ("were", "are", "was", "is", "be") or unit_of(lead[0]) == "persons")


def by_suffix(amount: Amount, tokens: Sequence[Token]) -> Counted | None:
    """ "44-day", "five-kilometre", "30-strong"; an age is none."""
    parts = amount.suffix.split("-")
    if "old" in parts:
        return None
    if parts[0] == "strong":
        return Counted("persons", "strong", True, amount.after)
    unit = unit_of(parts[0]) or unit_of(parts[0] + "s")
    if not unit:
        found = noun_after(tokens, amount.after)
        return None if found is None or parts[0] in NO_UNIT_PARTS else None
    note = (
        f'"{parts[0]}" in a compound: it may be part of a name'
        if unit in ("days", "years", "months", "weeks", "hours")
        else ""
    )
    return Counted(unit, parts[0], not note, amount.after, note)


def refined(text: str, tokens: Sequence[Token], amount: Amount, found: Counted) -> Counted | None:
    """A noun found, unless it makes the number a name, an idiom or a count of nothing in particular."""
    head = found.noun.split()[-1].lower() if found.noun else ""
    before = tokens[amount.core - 1].low if amount.core else ""
    value = amount.value
    if head in ABSTRACT and found.unit != "settlements":
        return None
    if found.unit == "cases" and amount.is_word and before == "in":
        return None
    is_single = amount.is_word and value == 1 and (is_alone(tokens, amount, found) or is_listed(tokens, amount))
    if (
        amount.is_word
        and value is not None
        and value <= 12
        and not (found.unit or is_single)
        and not is_thing(head, before)
    ):
        return None
    if (
        amount.is_word
        and value == 1
        and (
            (found.unit in ("days", "years", "times", "months", "weeks", "") and not is_single)
            or before in ("no", "any", "this", "that", "every", "each", "the", "which", "in", "on", "at", "from", "of")
            or tokens[amount.after].low == "of"
        )
        and not (found.unit == "persons" and befell(tokens, found.end))
    ):
        return None
    if (
        amount.is_word
        and value is not None
        and value <= 3
        and before in ("the", "these", "those", "its", "their", "both", "other", "last", "first")
        and found.unit in ("districts", "settlements", "days", "years", "times", "", "posts", "families")
    ):
        return None
    behind = text[tokens[min(found.end, len(tokens)) - 1].end :]
    rate = RATE.match(behind) or EVERY.match(behind)
    if rate and found.unit:
        return Counted(f"{found.unit}/{rate[1].lower()}", found.noun, found.is_sure, found.end)
    if not found.unit:
        head = f"{head}/{rate[1].lower()}" if rate else head
        return Counted(head, found.noun, False, found.end, f'"{head}" is no unit that is known; check what is counted')
    is_wider = found.unit in WIDER and not found.unit.startswith(head[:4])
    return replace(found, warning=f'"{head}" is counted as {found.unit}') if is_wider and not found.warning else found


def is_listed(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether "one" stands in a list of counts: "two tanks, one bulldozer and three lorries"."""
    left, right = range(amount.core - 2, max(-1, amount.core - 7), -1), range(amount.after + 1, amount.after + 6)
    lead = tokens[amount.core - 1].low if amount.core else ""
    is_after = lead in ("and", ",") and any(value_at(tokens, k) is not None for k in left if k >= 0)
    return is_after or any(
        tokens[k].low in ("and", ",") and value_at(tokens, k + 1) is not None for k in right if k + 1 < len(tokens)
    )


def is_alone(tokens: Sequence[Token], amount: Amount, found: Counted) -> bool:
    """Whether "one" counts: "only one clinic", "one clinic in Mirne was damaged"."""
    before = tokens[amount.core - 1].low if amount.core else ""
    return before in ("only", "just", "exactly") or something_done(tokens, found.end)


def something_done(tokens: Sequence[Token], at: int) -> bool:
    """Whether a passive follows within six words: "was damaged", "has been transferred"."""
    after = tokens[at : at + 8]
    return any(
        t.low in ("was", "were", "been") and re.fullmatch(r"[a-z]{3,}(?:ed|en|wn)|hit|shot|burnt|lost", n.low)
        for t, n in zip(after, after[1:], strict=False)
    )


def is_thing(head: str, before: str) -> bool:
    """Whether a plural noun that is no known unit may be counted by a small number: no part of a day, no idea."""
    return (
        before not in POINTED - {"at"}
        and head not in IDEAS
        and not re.search(r"(?:ions|ments|isms|ities|ships|ness)$", head)
    )


def befell(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb at a token tells what befell somebody: "was wounded", "died"."""
    after = [t.low for t in tokens[at : at + 3]]
    return bool(after) and (after[0] == "died" or (after[0] in ENDED and bool(PARTICIPLES & set(after))))


def says_how_many(after: Sequence[str]) -> bool:
    """Whether a number is all that is said of how many: "we were 14 in the lorry"."""
    return not after or not after[0][:1].isalpha() or after[0] in FUNCTION


def by_verb(tokens: Sequence[Token], amount: Amount) -> Counted | None:
    """Persons where nothing follows but a verb that befalls people: "12 were killed", "killing 20"."""
    after = [t.low for t in tokens[amount.after : amount.after + 5]]
    before = tokens[amount.first - 1] if amount.first else None
    if after and after[0] in PARTICIPLES:
        return Counted("persons", after[0], True, amount.after)
    if after and after[0] in ENDED and (PARTICIPLES & set(after) or PEOPLE_VERBS & set(after[:4])):
        return Counted("persons", next((w for w in after if w in PARTICIPLES), after[0]), True, amount.after)
    lead = [t.low for t in tokens[max(0, amount.first - 2) : amount.first]]
    if lead in (["we", "were"], ["they", "were"], ["we", "are"], ["they", "are"]) and says_how_many(after):
        return Counted("persons", "", True, amount.after)
    if lead in (["there", "are"], ["there", "were"], ["there", "remain"], ["there", "remained"]) and (
        not after or not after[0][:1].isalpha()
    ):
        return Counted("persons", "", False, amount.after, "what is counted stands elsewhere; persons is a guess")
    if after and after[0] in ("were", "are", "was") and any(unit_of(w) == "persons" for w in after[1:3]):
        return Counted("persons", next(w for w in after[1:3] if unit_of(w) == "persons"), True, amount.after)
    if after and after[0] in ("said", "told", "say", "reported") and amount.value and amount.value > 1:
        return Counted(
            "persons", after[0], False, amount.after, "what is counted stands in another sentence; persons is a guess"
        )
    if len(after) > 1 and after[0] == "of" and after[1] in ("them", "whom", "those", "us"):
        return Counted(
            "persons", "of them", False, amount.after, "what is counted stands in another clause; persons is a guess"
        )
    if (
        before is not None
        and BEFORE_VERB.fullmatch(before.low)
        and (not after or not after[0][:1].isalpha() or after[0] in FUNCTION)
    ):
        return Counted("persons", before.low, True, amount.after)
    return None


def by_count(text: str, tokens: Sequence[Token], amount: Amount) -> Counted | None:
    """ "The number of refugees reached 100,617", "the population was 120,000"."""
    start = tokens[amount.first].start
    match = None
    for match_ in COUNTS.finditer(text[:start]):
        match = match_
    if match is None or start - match.end() > 90:
        return None
    noun = match[1] or ""
    unit = next((u for u in (unit_of(w) for w in noun.split()) if u), "")
    word = match[0].lower()
    if not unit and ("population" in word or "toll" in word):
        unit = "persons"
    if not unit:
        upto = next((k for k, w in enumerate(noun.split()) if w.lower() in FUNCTION), None)
        plural = next((w.lower() for w in reversed(noun.split()[:upto]) if re.fullmatch(r"[a-z-]{3,}[^s\W]s", w)), "")
        note = (
            f'"{plural}" is no unit that is known; check what is counted' if plural else "what is counted was not found"
        )
        return Counted(plural, noun, False, amount.after, note)
    cut = next((k for k, w in enumerate(noun.split()) if w.lower() in FUNCTION), None)
    return Counted(unit, " ".join(noun.split()[:cut]), True, amount.after)


def by_change(tokens: Sequence[Token], amount: Amount) -> Counted | None:
    """ "Incidents fell from 1,270 to 85": what rose or fell is counted."""
    if not amount.first or tokens[amount.first - 1].low not in ("from", "to"):
        return None
    verb = next(
        (k for k in range(amount.first - 1, max(-1, amount.first - 14), -1) if CHANGE.match(tokens[k].low)), None
    )
    if verb is None:
        return None
    noun = next((t for t in tokens[max(0, verb - 12) : verb] if unit_of(t.text)), None)
    if noun is None or unit_of(noun.text) in MEASURES_OF_TIME:
        return None
    return Counted(unit_of(noun.text), noun.low, False, amount.after, "what is counted is taken from what changed")


def is_measure(unit: str) -> bool:
    """Whether a unit measures and counts no things: a length, a weight, a time, a share, a sum of money, a rate."""
    return unit in MEASURES or "/" in unit or unit.isupper()


def left_out(tokens: Sequence[Token], amount: Amount, previous: Counted | None) -> Counted | None:
    """The unit of the figure before, where a small number stands for its noun: "of 30 posts, eight have been built"."""
    before = tokens[amount.core - 1].low if amount.core else ""
    nxt = tokens[amount.after].low if amount.after < len(tokens) else "."
    is_own = amount.value is not None and amount.value > 1 and previous is not None
    stands_alone = nxt in ENDED or nxt in ("to", "of", ".", ";", "more", "fewer", "less", "remain", "remained")
    is_object = (
        nxt in ("and", "but", ",") and re.fullmatch(r"[a-z]{3,}ed", before) is not None
    )  # "investigated nine and"
    is_share = before == "of" and amount.core > 1 and tokens[amount.core - 2].low == "out"  # "three clinics out of 11"
    stands_alone = stands_alone or is_object or is_share
    is_own = is_own and before not in POINTED | IDENTIFIED | {"no", "nos", "."}
    if not is_own or previous is None or not previous.unit or not stands_alone:
        return None
    if is_measure(previous.unit) or before in DASHES or is_age(tokens, amount):
        return None
    return Counted(previous.unit, previous.noun, False, amount.after, "what is counted is taken from the figure before")


def carried(tokens: Sequence[Token], amount: Amount, previous: Counted | None) -> Counted | None:
    """The unit of the figure before, where the sentence leaves it out ("936 on Tuesday and 1,100 on Wednesday")."""
    value = amount.value
    before = tokens[amount.core - 1].text if amount.core else ""
    nxt = tokens[amount.after] if amount.after < len(tokens) else None
    is_compared = previous is not None and amount.hedge.endswith("than") and (nxt is None or not nxt.is_word)
    if value is None or (amount.is_word and value < 100 and not is_compared) or (value < 10 and value != int(value)):
        return None
    is_cut = before in DASHES or (before in (".", "(", "#", "/") and (nxt is None or nxt.text in (")", ".", "/")))
    if is_cut and (previous is None or before != "("):
        return None
    if (
        nxt is not None
        and (nxt.text in DASHES or nxt.text in ("/", ":", "°"))
        and nxt.start == tokens[amount.after - 1].end
    ):
        return None
    if previous is not None and previous.unit:
        return Counted(
            previous.unit, previous.noun, False, amount.after, "what is counted is taken from the figure before"
        )
    is_subject = nxt is not None and re.fullmatch(r"(?:[a-z]{3,}ed|made|took|came|went|left|met)", nxt.low) is not None
    if value >= 10 and (value == int(value)) and (value >= 100 or amount.hedge or is_subject):
        return Counted("", "", False, amount.after, "what is counted was not found")
    return None

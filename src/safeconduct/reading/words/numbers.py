"""Amounts in a sentence: digits and words, ranges, hedges; what only sounds like a number is marked vague."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.reading.words.lexicon import forms, phrases, words
from safeconduct.reading.words.tokens import Token

ONES = {
    w: float(n)
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    w: 10.0 * n for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "mln": 1e6, "bn": 1e9, "mn": 1e6, "trillion": 1e12}
SMALL_SCALES = {"hundred": 100.0, "dozen": 12.0, "score": 20.0}
VAGUE = words("vague")
FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "two-thirds": 2 / 3, "three-quarters": 0.75}
ORDINALS = ("second", "third", "fourth", "fifth", "sixth")
AT_LEAST = phrases("at least")
AT_MOST = phrases("at most")
ABOUT = phrases("about")
MORE = phrases("more")
HEDGES = sorted(
    [(h.split(), "low") for h in AT_LEAST]
    + [(h.split(), "high") for h in AT_MOST]
    + [(h.split(), "about") for h in ABOUT]
    + [(h.split(), "more") for h in MORE],
    key=lambda pair: -len(pair[0]),
)
AFTER = {
    ("or", "more"): "low",
    ("or", "so"): "about",
    ("or", "fewer"): "high",
    ("or", "less"): "high",
    ("at", "least"): "low",
}
CURRENCIES = frozenset(("$", "€", "£", "USD", "EUR", "GBP", "CHF", "AMD", "AZN", "RUB"))
MEASURES = frozenset(
    word
    for word, unit in forms("units").items()
    if unit in ("tonnes", "kg", "grams", "litres", "km", "metres", "miles", "hectares", "hours")
)
DASHES = frozenset("-–—−‒")
HANDS = re.compile(r"hand(?:ed|s|ing)?|turn(?:ed|s|ing)?|t(?:ake|akes|ook|aken|aking)|sign(?:ed|s|ing)?|flew|flown")
CHANGE = re.compile(
    r"^(?:r[oi]se|risen|rising|f[ae]ll|fallen|falling|gr[eo]w|grown|increas|decreas|drop|declin|"
    r"cut|reduc|expand|widen|jump|climb|"
    r"shr[aiu]nk|double|tripl|up$|down$|rais|lower|revis|correct|chang)"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as said, with its range. `first` and `after` are positions among the tokens."""

    first: int  # first token, hedge included
    core: int  # first token of the number itself
    after: int  # first token behind
    low: float | None
    best: float | None
    high: float | None
    hedge: str = ""
    is_vague: bool = False
    suffix: str = ""  # "day" of "44-day"
    currency: str = ""
    is_word: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """One figure that stands for it."""
        return self.best if self.best is not None else (self.low if self.low is not None else self.high)


@dataclass(frozen=True, slots=True)
class Value:
    """One number without hedge or range."""

    value: float
    after: int
    suffix: str = ""
    is_word: bool = False
    is_scaled: bool = False
    warning: str = ""


def digits_at(tokens: Sequence[Token], i: int) -> Value | None:
    """The number written in digits at a token."""
    found = re.fullmatch(r"(\d[\d,. \u00a0\u202f\u2009'’]*?)((?:-[a-z]+)*)", tokens[i].text)
    if found is None:
        return None
    body, suffix, warning = found[1], found[2].removeprefix("-"), ""
    plain = re.sub(r"[,\u00a0\u202f\u2009 '’](?=\d{3}(?!\d))", "", body)
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", plain) and "," not in body:  # 1.960: a thousand with a point
        warning = f'"{body}" is read with the point as mark of thousands'
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    try:
        value = float(plain)
    except ValueError:
        return None
    after, is_scaled = i + 1, False
    if suffix in SCALES:
        return Value(round(value * SCALES[suffix], 6), after, is_scaled=True)
    if suffix == "odd":
        return Value(value, after, warning='"odd" makes it approximate')
    if not suffix:
        joined = re.fullmatch(r"[KkMm]|bn", tokens[after].text) if after < len(tokens) else None
        if joined and tokens[after].start == tokens[i].end:
            value, after, is_scaled = value * {"k": 1e3, "m": 1e6, "bn": 1e9}[tokens[after].low], after + 1, True
        while after < len(tokens) and (tokens[after].low in SCALES or tokens[after].low == "hundred"):
            value = round(value * SCALES.get(tokens[after].low, 100.0), 6)  # 4.1 million is 4,100,000
            after, is_scaled = after + 1, True
        if after < len(tokens) and tokens[after].low == "dozen":
            value, after, is_scaled = value * 12, after + 1, True
    return Value(value, after, suffix, False, is_scaled, warning)


def words_at(tokens: Sequence[Token], i: int) -> Value | None:
    """The number written in words at a token: "two and a half thousand", "a hundred", "ninety-four"."""
    low = tokens[i].low
    nxt = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if low == "a" and nxt in ORDINALS and i + 2 < len(tokens) and tokens[i + 2].low in ("was", "is", "died", "remains"):
        return Value(1.0, i + 2, is_word=True, warning=f'"a {nxt}" is read as one more')
    if low in ("a", "an"):
        if nxt in SCALES or nxt in SMALL_SCALES:
            return words_from(tokens, i + 1, 1.0)
        if nxt == "half" and i + 2 < len(tokens) and tokens[i + 2].low in SCALES:
            return words_from(tokens, i + 2, 0.5)
        return None
    if low == "half" and nxt in ("a", "an") and i + 2 < len(tokens):
        if tokens[i + 2].low in (*SCALES, *SMALL_SCALES):
            return words_from(tokens, i + 2, 0.5)
        if tokens[i + 2].low in MEASURES:  # "half a litre"
            return Value(0.5, i + 2, is_word=True)
    return words_from(tokens, i, None)


def words_from(tokens: Sequence[Token], i: int, current: float | None) -> Value | None:
    """Go on through number words from a token; `current` is what stands before it."""
    total, at, suffix, is_scaled = 0.0, i, "", False
    while at < len(tokens):
        low = tokens[at].low
        parts = low.split("-")
        if parts[0] in TENS and len(parts) > 1 and parts[1] in ONES:
            if current is not None and current < 100:
                break
            current = (current or 0) + TENS[parts[0]] + ONES[parts[1]]
            suffix = "-".join(parts[2:])
        elif parts[0] in TENS or parts[0] in ONES:
            if current is not None and (current % 10 or (parts[0] in TENS and current < 100) or current == 0):
                break
            current = (current or 0) + (TENS.get(parts[0]) or ONES.get(parts[0], 0.0))
            suffix = "-".join(parts[1:])
        elif low in SMALL_SCALES and current is not None:
            current, is_scaled = current * SMALL_SCALES[low], True
        elif low in SCALES and current is not None:
            total, current, is_scaled = total + current * SCALES[low], None, True
        elif low == "and" and at + 2 < len(tokens) and tokens[at + 1].low == "a" and tokens[at + 2].low == "half":
            current, at = (current or 0) + 0.5, at + 2
        elif low == "and" and is_scaled and at + 1 < len(tokens) and starts_number(tokens[at + 1].low):
            at += 1
            continue
        else:
            break
        at += 1
        if suffix:
            break
    if at == i and current is None:
        return None
    if at == i:
        return None
    return Value(total + (current or 0.0), at, suffix, True, is_scaled)


def starts_number(low: str) -> bool:
    """Whether a word is a number word below a hundred."""
    return low.split("-")[0] in ONES or low.split("-")[0] in TENS


def value_at(tokens: Sequence[Token], i: int) -> Value | None:
    """The number at a token, in digits or words."""
    return digits_at(tokens, i) if tokens[i].text[0].isdigit() else words_at(tokens, i)


def hedge_before(tokens: Sequence[Token], i: int) -> tuple[int, str, str]:
    """(first token, words, bound) of the hedge that ends right before a number; bound is empty where there is none."""
    at = i - 1 if i and (tokens[i - 1].text in CURRENCIES or tokens[i - 1].low in ("the", "a", "an")) else i
    for hedge, bound in HEDGES:
        n = len(hedge)
        if at >= n and [t.low for t in tokens[at - n : at]] == hedge:
            first = at - n
            is_particle = first and (CHANGE.match(tokens[first - 1].low) or HANDS.fullmatch(tokens[first - 1].low))
            if hedge == ["over"] and is_particle:  # "hand over 840 weapons"
                continue
            outer_first, outer, outer_bound = hedge_before(tokens, first) if first else (first, "", "")
            said = f"{outer} {' '.join(hedge)}".strip()
            if outer:
                return outer_first, said, bound if bound in ("low", "high") else outer_bound
            return first, said, bound
    return i, "", ""


def amounts(tokens: Sequence[Token], masked: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every amount of a sentence outside the masked spans of characters."""
    found: list[Amount] = []
    i = 0
    while i < len(tokens):
        if any(start <= tokens[i].start < end for start, end in masked):
            i += 1
            continue
        made = vague_at(tokens, i) or amount_at(tokens, i, masked)
        if made is None:
            i += 1
            continue
        found.append(made)
        i = max(made.after, i + 1)
    return found


def vague_at(tokens: Sequence[Token], i: int) -> Amount | None:
    """Words that sound like a number and give none: "tens of thousands", "several dozen", "hundreds of"."""
    low = tokens[i].low
    nxt = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if low not in VAGUE or (low in ("few", "couple", "handful") and (i == 0 or tokens[i - 1].low != "a")):
        return None
    if low in ("many", "various", "numerous", "multiple", "countless", "few", "several", "couple", "handful") and not (
        nxt in SMALL_SCALES or nxt in SCALES or nxt in ("dozens", "hundreds", "thousands", "of") or nxt.isalpha()
    ):
        return None
    at = i + 1
    while at < len(tokens) and (
        tokens[at].low in (*SCALES, *SMALL_SCALES, *VAGUE)
        or (tokens[at].low == "of" and at + 1 < len(tokens) and tokens[at + 1].low in (*VAGUE, "thousands"))
    ):
        at += 1
    first, before, _ = hedge_before(tokens, i)
    words = " ".join(t.low for t in tokens[i:at])
    if low in ("few", "couple", "handful"):
        words = "a " + words
    return Amount(first, i, at, None, None, None, f"{before} {words}".strip(), True, is_word=True)


def amount_at(tokens: Sequence[Token], i: int, masked: Sequence[tuple[int, int]]) -> Amount | None:
    """The amount that starts at a token, with its hedge and the other end of its range."""
    one = value_at(tokens, i)
    if one is None:
        return None
    first, hedge, bound = hedge_before(tokens, i)
    currency = tokens[i - 1].text if i and tokens[i - 1].text in CURRENCIES else ""
    warnings = [one.warning] if one.warning else []
    two, kind = other_end(tokens, i, first, one, masked, bound)
    after = two.after if two else one.after
    tail = tuple(t.low for t in tokens[after : after + 2])
    if two is None and tail in AFTER:
        bound, hedge, after = AFTER[tail], " ".join(filter(None, (hedge, *tail))), after + 2
    if two is None and after < len(tokens) and tokens[after].text == "+":
        bound, hedge, after = "low", "+", after + 1
    is_word, suffix = one.is_word, (two or one).suffix
    if two is not None and kind == "range":
        least, most = sorted((scaled(one, two), two.value))
        return Amount(
            first,
            i,
            after,
            least,
            None,
            most,
            " ".join(filter(None, (hedge, "range"))),
            suffix=suffix,
            currency=currency,
            is_word=is_word,
            warnings=tuple(warnings),
        )
    low = one.value if bound == "low" else None
    high = one.value if bound == "high" else None
    best: float | None = one.value
    if two is not None and kind == "bounds":
        low, best, high = one.value, None, two.value
    return Amount(
        first,
        i,
        after,
        low,
        best,
        high,
        hedge,
        suffix=suffix,
        currency=currency,
        is_word=is_word,
        warnings=tuple(warnings),
    )


def scaled(one: Value, two: Value) -> float:
    """The first end of "10 to 12 thousand" in the measure of the second."""
    if one.is_scaled or not two.is_scaled or one.value >= two.value:
        return one.value
    for scale in (1e9, 1e6, 1e3, 100.0):
        if two.value >= scale and one.value * scale <= two.value:
            return one.value * scale
    return one.value


def other_end(
    tokens: Sequence[Token], i: int, first: int, one: Value, masked: Sequence[tuple[int, int]], bound: str
) -> tuple[Value | None, str]:
    """The second number of a range, and how the two are joined: range, bounds ("over A but under B"), or none."""
    at = one.after
    if at + 1 >= len(tokens):
        return None, ""
    joint = tokens[at].low
    before = tokens[first - 1].low if first else ""
    skip = 2 if joint in ("to", "and") and tokens[at + 1].text in ("$", "€", "£") else 1
    if joint in DASHES or joint in ("to", "and", "or"):
        j = at + skip
        if j >= len(tokens) or any(start <= tokens[j].start < end for start, end in masked):
            return None, ""
        two = value_at(tokens, j)
        is_between = before == "between" or (first >= 2 and tokens[first - 2].low == "between")
        has_change = any(CHANGE.match(t.low) for t in tokens[max(0, i - 6) : i])
        if two is not None and (
            (joint in DASHES and tokens[at].start - tokens[at - 1].end <= 1)
            or (joint == "to" and not has_change)
            or (joint == "and" and is_between)
            or (joint == "or" and one.value < two.value <= max(3 * one.value, one.value + 3))
        ):
            return (two, "range") if two.value > one.value or two.is_scaled else (None, "")
    if joint in ("and", "but") and bound == "low":
        two = upper_end(tokens, at + 1)
        return (two, "bounds") if two is not None and two.value > one.value else (None, "")
    return None, ""


def upper_end(tokens: Sequence[Token], at: int) -> Value | None:
    """The upper end of "more than A but fewer than B"."""
    for hedge, bound in HEDGES:
        n = len(hedge)
        if bound == "high" and [t.low for t in tokens[at : at + n]] == hedge and at + n < len(tokens):
            return value_at(tokens, at + n)
    return None

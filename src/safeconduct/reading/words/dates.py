"""Dates as said, anchored to the day of publication, each with the precision that the words give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from safeconduct.reading.words.date_rules import RULES, D, M, Y
from safeconduct.reading.words.days import SMALL, Reader, When, month_end, number_of

FUTURE = re.compile(
    r"\b(?:will|shall|going to|due|next|plans?|(?:intend|hope|aim)s? to|expect(?:s|ed)?|scheduled|planned to|"
    r"deadline|is to|are to|must(?! have)|ha(?:s|ve) to|(?:planned|scheduled|set|agreed|fixed) for)\b"
    r"|\b(?:would|should|could|might)\b(?! have)[^.,;]{0,40}\b(?:by|before) "
    r"(?:the )?(?:end of |start of |middle of |early |late |mid-)?(?=\d|next)"
    rf"|\b(?:would|should|could|might)\b(?! have)[^.,;]{{0,40}}\b(?:by|before) "
    rf"(?:the )?(?:end of |start of |middle of |early |late |mid-)?(?={M}\W)"
    r"|\b(?:stays?|remains?|lasts?|continues?|hold out|is enough|are enough)\b[^.]{0,40}\b(?:until|till)\b",
    re.IGNORECASE,
)

DONE_ON = re.compile(
    r"\b(?:said|told(?: \w+)?|"
    r"(?!(?:be|been|is|are|get|and|or|to|will)\b)\w+ [a-z]{3,}(?<!plann)(?<!schedul)(?<!expect)ed)"
    r"(?: on| in)? $"
)  # a day of what was done or said, in a sentence that looks ahead: "the man detained on 29 July will be tried"

PAST = re.compile(
    r"\b(?:was|were|came|went|left|took|gave|met|held|began|fell|fled|broke|brought|lost|won|withdrew|shot|told|said|"
    r"(?!(?:need|indeed|proceed|feed|planned|scheduled|expected|intended)\b)[a-z]{2,}ed)\b"
)

YET_TO_BE = re.compile(r"\b(?:would|should|could|might|to be|be|must)\b")
AHEAD_OF_SAYING = re.compile(r"\bwould (?!have\b)\w+[^.,;]{0,60}$")  # "said that the talks would resume on Monday"

SINCE = re.compile(r"\bsince(?: (?:the|last|late|early|mid))? ?$|^since\b", re.IGNORECASE)

UNTIL = re.compile(r"\b(?:until|till)\b(?: the)?(?: \w+ of)?(?: \w+)? ?$|^(?:until|till)\b", re.IGNORECASE)
BORN = re.compile(r"\b(?:born|founded|built|established)(?: (?:on|in))? (?:in |on )?[\w ]{0,4}$")
LASTED = re.compile(
    r"\b(?:stayed|remained|lasted|continued|waited|lived|worked|kept|held|was|were|had been)\b"
    r"(?! (?:to|extended|prolonged|renewed|valid|planned|agreed|given|granted|allowed|due))[^.,;]{0,60}$",
    re.IGNORECASE,
)  # what went on until then is over

ROLE = re.compile(
    r"\b(since|from|until|till|by|before|after|up to|as of)\s+(?:about |around |late |early |the |at least )*$",
    re.IGNORECASE,
)

CLOCK = re.compile(
    r"\b(?:at |around |about |by |since |from |until )*(?:at )?(?P<h>[01]?\d|2[0-3])(?:(?::|"
    r"\.)(?P<min>[0-5]\d))? ?(?P<ap>[ap]\.?m\b\.?)?"
    r"(?P<oc> o['’]clock| hours local time| local time)?(?!\w)",
    re.IGNORECASE,
)

NOT_MAY = re.compile(r"\bmay\b")


def find_dates(text: str, published: date | None, context: date | None = None) -> list[When]:
    """The dates of a sentence in order. Their spans also say where digits are no figures."""
    reader = Reader(published, context)
    is_ahead = bool(FUTURE.search(text))
    found: list[When] = []
    for pattern, make in RULES:
        for m in pattern.finditer(text):
            if any(m.start() < when.end and when.start < m.end() for when in found):
                continue
            if (
                NOT_MAY.fullmatch(m[0].strip())
                or re.match(r"(?:of|before|after|in|by)?\s?may$", m[0])
                or not m[0].strip()
            ):
                continue
            is_since = SINCE.search(text[: m.start()]) or SINCE.match(m[0].lstrip())
            is_told_ahead = AHEAD_OF_SAYING.search(text[: m.start()]) is not None
            is_done = DONE_ON.search(text[: m.start()]) or is_done_before(text, m.start())
            reader.is_future = not is_since and (is_told_ahead or (is_ahead and not is_done))
            is_until = UNTIL.search(text[: m.start()]) or UNTIL.match(m[0])
            reader.is_open = bool(is_until) and not LASTED.search(text[: m.start()])
            reader.near = day_before(found, m.start())
            try:
                first, last, precision, warning = make(reader, m)
            except (ValueError, OverflowError, KeyError):
                first, last, precision, warning = None, None, "unknown", "this date could not be read"
            if precision == "mask":
                continue
            said = m[0].strip()
            start = m.start() + len(m[0]) - len(m[0].lstrip())
            lead = re.match(r"(since|until|by|from|before|after)\b", said, re.IGNORECASE)
            before = ROLE.search(text[max(0, start - 24) : start])
            word = (lead[1] if lead else before[1] if before else "").lower()
            role = {
                "since": "since",
                "until": "until",
                "till": "until",
                "by": "by",
                "before": "until",
                "after": "after",
            }.get(word, "at")
            if is_since and published and first and first > published and precision == "month":
                first = first.replace(year=first.year - 1)  # "since September", on 31 August
                last = month_end(first)
            if word == "from" and re.search(r"\b(?:on|onwards?)\b", text[m.end() : m.end() + 10]):
                role = "since"
            if precision == "period":
                role = "at"
            elapsed = elapsed_of(m)
            found.append(When(start, m.end(), said, first, last, precision, role, warning, *elapsed))
    found.sort(key=lambda when: when.start)
    return [named(text, with_clock(text, when)) for when in found] + clocks(text, found)


def is_done_before(text: str, at: int) -> bool:
    """Whether the clause before a day tells what was done; what lies ahead only follows: "left on Friday and will"."""
    clause = re.split(r"[,;:]|\b(?:and|but|who|which|that|because)\b", text[:at])[-1]
    verbs = [m[0] for m in PAST.finditer(clause)]
    return len(clause.split()) > 2 and bool(verbs) and not (FUTURE.search(text[:at]) or YET_TO_BE.search(text[:at]))


def day_before(found: Sequence[When], at: int) -> date | None:
    """The last day that a sentence names before a place in it."""
    days = [when for when in found if when.end <= at and when.precision in ("day", "exact")]
    return max(days, key=lambda when: when.start).first if days else None


def elapsed_of(m: re.Match[str]) -> tuple[float | None, str]:
    """The length of time of "two and a half years ago"."""
    groups = m.groupdict()
    if "half" not in groups or not groups.get("unit") or not m[0].lower().rstrip().endswith("ago"):
        return None, ""
    word = groups["n"].lower()
    if word not in SMALL and not word.isdigit():
        return None, ""
    return number_of(word) + (0.5 if groups["half"] or groups["half2"] else 0), groups["unit"].lower().rstrip("s") + "s"


def named(text: str, when: When) -> When:
    """A date that only names a document or a war is no date of what the sentence reports."""
    after = text[when.end : when.end + 45]
    if BORN.search(text[: when.start + 4]) or re.match(
        (
            r"(?:['’]s)?[- ](?:\w+ ){0,2}(?:statement|agreement|declaration|deal|war|ceasefire|accord|"
            r"memorandum|resolution|document|treaty|conflict|constitution|census)\b"
        ),
        after,
    ):
        return replace(when, is_mask_only=True)
    return when


def with_clock(text: str, when: When) -> When:
    """A day with an hour beside it is exact, unless the hour is about."""
    near = text[max(0, when.start - 22) : when.start] + " " + text[when.end : when.end + 22]
    if when.precision != "day":
        return when
    for m in CLOCK.finditer(near):
        if not (m["min"] or m["ap"] or m["oc"]) or (m["min"] and "." in m[0] and not m["ap"]):
            continue
        is_about = re.search(
            r"\b(?:around|about|nearly|almost|shortly)\b", m[0] + near[max(0, m.start() - 12) : m.start()], re.I
        )
        return replace(when, clock=m[0].strip(), precision="approximate" if is_about else "exact")
    return when


def clocks(text: str, found: list[When]) -> list[When]:
    """Hours without a date: only masks, so that they are not read as figures."""
    masks = []
    for m in CLOCK.finditer(text):
        if not (m["min"] or m["ap"] or m["oc"]) or (m["min"] and "." in m[0] and not m["ap"]):
            continue
        if not any(m.start() < when.end and when.start < m.end() for when in found):
            masks.append(
                When(m.start(), m.end(), m[0].strip(), None, None, "unknown", is_mask_only=True, clock=m[0].strip())
            )
    return masks


STAMPED = re.compile(
    r"^\W{0,2}(?:[01]?\d|2[0-3])[:.h][0-5]\d(?: ?(?:[ap]\.?m\.?|GMT|UTC|BST|CES?T|EES?T|IST|local(?: time)?))?"
    r"[\s:|–—-]+(?=[\"“]?[^\W\d_a-z])"
)  # the hour at the head of an entry: "21:40 Explosions have been heard"

DATELINE = re.compile(rf"(?:{M} {D},? {Y}|{D} {M},? {Y}|{Y}-[01]\d-[0-3]\d)", re.IGNORECASE)


def publication_in(text: str) -> date | None:
    """The day of publication that a text's first short lines give, if they do."""
    for line in [line.strip() for line in text[:1500].splitlines() if line.strip()][:6]:
        m = DATELINE.search(line)
        is_dateline = re.match(r"^[A-Z][A-Z .,/-]{2,40}[,.—–-]", line) is not None and m is not None and m.start() < 60
        if m and (len(line) < 80 or is_dateline):
            dates = find_dates(line, None)
            days = [when.first for when in dates if when.precision in ("day", "exact", "approximate") and when.first]
            if days:
                return days[0]
    return None


DATELINE_LEAD = re.compile(
    r"^(?!(?:On|In|By|At|Since|From|Until|Between|After|Before|During|Last|Early|Late)\b)"
    r"[^\W\d_a-z][\w’'.-]*(?:(?:(?:[,/]| /)? |/)[^\W\d_a-z][\w’'.-]*){0,4}?"
    r"(?:[,.]? (?P<day>(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?))?[,.]?"
    r"(?: ?[(/](?P<agency>[A-Z][\w /.-]{1,40})[)/][.,]?)? ?[-–—:]+ "
)


def dateline_of(sentence: str) -> re.Match[str] | None:
    """The place, day and agency that open a report: "CASTEL, October 2 (TNA) - "; None where nothing does."""
    m = DATELINE_LEAD.match(sentence)
    if m is not None and m["agency"] and m["agency"] == "".join(re.findall(r"\b[A-Z]", sentence[: m.start("agency")])):
        return None  # a body and its acronym: "Refugee Assistance Consortium (RAC) - "
    return m if m is not None and (m["day"] or m["agency"]) else None

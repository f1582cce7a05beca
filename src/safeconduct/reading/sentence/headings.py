"""What stands before or above sentences: whose turn it is to speak, what days a report covers, the day of entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from safeconduct.reading.sentence.clauses import Context, Parsed
from safeconduct.reading.sentence.speakers import SPEAKER_NOUNS as PEOPLE_NOUNS
from safeconduct.reading.types import Sentence
from safeconduct.reading.words.lexicon import words

TURN = re.compile(
    r"^(?P<name>[A-Z][\w’'.-]*(?:,? (?:[A-Z][\w’'.-]*|of|for|the|and|de|al|van|von)){0,9})"
    r"(?P<office>(?: \([^()]{2,90}\)){0,2}):\s+\S"
)
TITLES = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Hon|The|Deputy)\.? ")

NO_TURN = words("no turn")

ASKING, ASKER = ("question", "q"), "who asks"


def turn_in(text: str) -> str:
    """Who speaks by the name before a colon: "Mr Gor Maan (Minister for Roads):"; empty for a heading."""
    m = TURN.match(text)
    if m is None:
        return ""
    name = m["name"].strip()
    if name.lower() in ASKING:
        return ASKER
    while title := TITLES.match(name):
        name = name[title.end() :]
    parts = re.findall(r"[a-z]+", name.lower())
    is_body = any(part in PEOPLE_NOUNS for part in parts)
    if not parts or parts[0] in NO_TURN or (not (is_body or m["office"]) and NO_TURN & set(parts)):
        return ""
    held = re.match(r" \((?P<name>(?:[A-Z][\w’'.-]* ?){2,6})\)", m["office"])
    holder = TITLES.sub("", held["name"]).strip() if held is not None else ""
    is_office = is_body and holder and not PEOPLE_NOUNS & set(holder.lower().split())
    return holder if is_office else name


def is_transcript(texts: Sequence[str]) -> bool:
    """Whether a text names who speaks before a colon so often, or with an office, that each goes on to the next."""
    found = [m for text in texts if turn_in(text) and (m := TURN.match(text))]
    return len(found) >= LEAST_TURNS or any(m["office"] or TITLES.match(m["name"]) for m in found)


LEAST_TURNS = 3  # names before a colon from which a text is a conversation: assumed


def turn_of(sentence: Sentence, context: Context) -> str:
    """Who speaks in a conversation that names each speaker before a colon; empty outside one."""
    if TURN.match(sentence.text):
        name = turn_in(sentence.text)
        is_dateline = name.isupper() and len(name) > 3 and not context.is_transcript  # "KATHMANDU: The rebels"
        return "" if is_dateline else name
    goes_on = context.is_transcript and not sentence.is_heading
    return context.turn if context.turn_paragraph == sentence.paragraph or goes_on else ""


def period_covered(parsed: Parsed) -> str:
    """The days that a report says it covers: "covers the period from 1 to 2 December"; empty where it says none."""
    is_title = parsed.sentence.is_heading and SERIES.search(parsed.sentence.text) is not None
    if parsed.sentence.paragraph > LAST_OF_HEAD or not (is_title or COVERED.search(parsed.sentence.text)):
        return ""
    real = [w for w in parsed.dates if w.first and w.last and w.precision != "unknown"]
    real = [w for w in real if w.role != "until" or len(real) > 1]
    spans = [w.iso for w in real if "/" in w.iso]
    if spans or len(real) < 2:
        return spans[0] if spans else ""
    first, last = min(w.first for w in real if w.first), max(w.last for w in real if w.last)
    return f"{first.isoformat()}/{last.isoformat()}" if (last - first).days <= LONGEST_PERIOD else ""


COVERED = re.compile(
    r"\b(?:covers?|covering|reporting period|period (?:under review|covered)|(?:for|during|in) the period|"
    r"period from|period:)(?=\W|$)",
    re.IGNORECASE,
)
SERIES = re.compile(r"\b(?:report|summary|bulletin|update|digest|note|overview|brief)\b", re.IGNORECASE)
LAST_OF_HEAD = 8  # paragraphs at the top in which a report may say what days it covers: assumed
LONGEST_PERIOD = 100  # days that a report covers at most: assumed


def day_of_heading(parsed: Parsed) -> date | None:
    """The day that a heading gives, for the entries below it: "Saturday 10 May"."""
    real = [w for w in parsed.dates if w.precision == "day" and w.first and w.role == "at"]
    return real[0].first if parsed.sentence.is_heading and len(real) == 1 and not parsed.sayings else None

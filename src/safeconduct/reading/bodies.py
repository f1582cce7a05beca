"""Names that issue texts: whether a phrase is a name or names a body; a name without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from safeconduct.reading.sentence.locating import is_known_place
from safeconduct.reading.sentence.speakers import NOUNS_TOO, SAY
from safeconduct.reading.words.date_rules import D, M
from safeconduct.reading.words.dates import DATELINE
from safeconduct.reading.words.gazetteer import Gazetteer
from safeconduct.reading.words.lexicon import words
from safeconduct.reading.words.tokens import tokenize

ISSUING = words("issuers")
PRESS = words("press names")
GLUE = frozenset(("of", "for", "the", "and", "in", "to", "on", "de", "&", "without"))
NAME_PARTS = GLUE | ISSUING | words("office words")
TOPIC = re.compile(
    r",|;|\(|[-–—:] | (?:on|regarding|concerning|about|following|after|at|as|before|dated|under|"
    r"(?<!(?i:mission) )(?<!(?i:delegation) )(?<!(?i:envoy) )(?<!(?i:ambassador) )to|"
    r"in (?:connection|response|relation|reply|view)) "
)
MEDIUM = re.compile(
    r"[,|(–—-]+ ?(?:on |via )?(?:official |its )?(?:Telegram|Facebook|Twitter|X|Instagram|website|web site|online)"
    r"(?: (?:channel|page|account|post))?\)?(?=\W|$)",
    re.IGNORECASE,
)
DAY = re.compile(rf"\b(?:{M} {D}|{D} {M})(?!\w)", re.IGNORECASE)
ACRONYM_BEHIND = re.compile(r" ?\([A-Z][\w&.-]{1,11}\)(?=$|,)")
SEAT_KIND = re.compile(r" (?:[a-z]+ )?(?:office|bureau|headquarters|desk)$")
LONGEST_SEAT = 3  # words of the town or month beside a body and its form: assumed
WORK = words("kinds of work")
FORM_ADJECTIVES = words("form adjectives")


def trimmed(said: str) -> str:
    """A name without its article, its kind ("the organisation X") and what the text is about."""
    said = re.sub(r"^(?:the |an? )?(?:(?:organi[sz]ation|charity|association|ngo|network|group) (?=[A-Z]))?", "", said)
    stop = TOPIC.search(said)
    return without_day(said[: stop.start()] if stop else said).strip(" ,.:'\"“”‘’")


def without_day(line: str) -> str:
    """A line without a date, its year given or not, and without the page or channel that it stands on."""
    return MEDIUM.sub("", DAY.sub("", DATELINE.sub("", line)))


def is_name(said: str) -> bool:
    """Whether all words of a phrase are names or join names."""
    parts = said.split()
    return (
        0 < len(parts) <= 10 and parts[0][0].isupper() and all(p[0].isupper() or p.lower() in NAME_PARTS for p in parts)
    )


def is_body(said: str, gazetteer: Gazetteer, *, is_acronym_enough: bool = False) -> bool:
    """Whether a phrase names a body or office that issues texts; a newspaper or agency is none."""
    parts = set(parts_of(said))
    if not parts or gazetteer.outlets_in(tokenize(said)) or (parts & PRESS and not parts & {"ministry", "service"}):
        return False
    if any(part in SAY and part not in NOUNS_TOO for part in parts):  # a headline: "Aid Agency Warns of Famine"
        return False
    has_acronym = is_acronym_enough and any(re.fullmatch(r"[A-Z]{3,}", word) for word in said.split())
    return bool(parts & ISSUING) or has_acronym


def without_genitive(said: str) -> str:
    """A name without the ending of its genitive."""
    return re.sub(r"['’]s?$", "", said)


def parts_of(said: str) -> Iterator[str]:
    """The words of a phrase in small letters, endings of the genitive left out."""
    return (without_genitive(word).lower() for word in re.findall(r"[^\W\d_][\w’'-]*", said))


def letterhead_in(line: str, gazetteer: Gazetteer, *, has_form: bool = False) -> str:
    """The body that a line names and nothing else, its day and its seat left out. `has_form`: a form stands near it."""
    is_dated = DATELINE.search(line) is not None
    line = ACRONYM_BEHIND.sub("", without_day(line).strip(" ,.|-–—"))
    who, rest = trimmed(line), line.strip(" ,.|-–—")
    name, _, seat = rest.rpartition(", ")
    seat = re.sub(r" ?\([^()]*\)| \d+", "", seat)
    is_short = is_name(SEAT_KIND.sub("", seat) or seat) and len(seat.split()) <= LONGEST_SEAT
    is_seat = is_known_place(gazetteer, seat) or ((has_form or is_dated) and (is_short or is_body(seat, gazetteer)))
    rest = name if is_seat and name else rest
    is_to = re.fullmatch(re.escape(who) + r" to (?:the )?[A-Z][\w ’'-]*", rest.removeprefix("The ")) is not None
    return who if (is_to or rest.removeprefix("The ") == who) and is_name(who) and is_body(who, gazetteer) else ""


def is_kind(said: str) -> bool:
    """Whether a phrase only says what kind of text or work it is: "Flash" above "Update No. 4", "Programme"."""
    return all(word in WORK | FORM_ADJECTIVES for word in said.lower().split())

"""Where an article ends and its readers' comments begin, and who signs it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from safeconduct.reading.types import Sentence

MARK = re.compile(
    r"^(?:\d+ )?(?:readers['’]? )?comments?(?: \(\d+\))?:?$|^leave a (?:comment|reply)|^\d+ (?:replies|responses)",
    re.IGNORECASE,
)
SAYS = re.compile(r"^[\w .'-]{2,40} (?:says|wrote|on \w+ \d{1,2}, \d{4}(?: at .*)?):?$")
NAME = re.compile(r"^(?:By:?\s+)?([A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){1,3})$")
LEAST_SHARE = 0.45  # of a text that must lie before a name alone on a line, for what follows to be comments: assumed


def comments_from(sentences: Sequence[Sentence]) -> tuple[int, bool]:
    """(first character of the readers' comments or -1, whether that is a guess from a signature)."""
    if not sentences:
        return -1, False
    length = sentences[-1].end
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    for rows in paragraphs.values():
        line = rows[0].text.strip()
        if len(rows) > 1 or rows[0].end < length * LEAST_SHARE:
            continue
        if MARK.match(line) or SAYS.match(line):
            return rows[0].end, False
        if rows[0].is_heading and NAME.match(line) and length - rows[0].end > 150:
            return rows[0].end, True
    return -1, False


def signed_by(sentences: Sequence[Sentence]) -> str:
    """Who signs the text: "By Name" at its top, or a name alone on a line."""
    for sentence in sentences[:6]:
        m = re.match(r"^By:?\s+([A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){1,3})", sentence.text)
        if m:
            return m[1]
    for sentence in sentences:
        m = NAME.match(sentence.text.strip()) if sentence.is_heading else None
        if m and sentence.end > sentences[-1].end * LEAST_SHARE:
            return m[1]
    return ""

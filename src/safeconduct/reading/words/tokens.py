"""Words with their places, stems, and sentences with their spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from safeconduct.reading.types import Sentence
from safeconduct.reading.words.lexicon import words

TOKEN = re.compile(
    r"https?://\S{1,500}"
    r"|(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
    r"|\d{1,9}(?:st|nd|rd|th)\b"
    r"|\d{1,3}(?:[,\u00a0\u202f\u2009 .'’]\d{3})+(?![\d])(?:\.\d{1,4})?(?:-[a-z]{2,15})*"
    r"|\d{1,15}(?:[.,]\d{1,6})?(?:-[a-z]{2,15})*"
    r"|[A-Za-z]{1,6}-?\d{1,5}\w{0,3}"
    r"|(?:[A-Z]\.){2,5}"
    r"|[^\W\d_]{1,60}(?:['’\-][^\W\d_]{1,60}){0,5}"
    r"|\S"
)
ABBREVIATIONS = words("abbreviations")
LONGEST_SENTENCE = 2000  # characters; a longer one is cut, so that time stays bounded
BULLET = re.compile(r"\s*[-–—•*·▪►]\s+")
WRAPPED_LINE = 110  # characters; a text whose lines end before it is taken as broken by hand


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark, with its place in the sentence."""

    text: str
    start: int
    end: int
    low: str  # in small letters, with straight apostrophes

    @property
    def is_word(self) -> bool:
        """Whether it starts with a letter."""
        return self.text[0].isalpha()

    @property
    def is_name_like(self) -> bool:
        """Whether it starts with a capital."""
        return self.text[0].isupper()


def tokenize(text: str) -> list[Token]:
    """The tokens of a sentence."""
    plain = text.replace("’", "'")
    return [Token(m[0], m.start(), m.end(), plain[m.start() : m.end()].lower()) for m in TOKEN.finditer(text)]


@lru_cache(maxsize=20000)
def stem(word: str) -> str:
    """A word without its usual English endings; coarse, used only to compare."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending, put in (
        ("ications", "icat"),
        ("ication", "icat"),
        ("ations", "at"),
        ("ation", "at"),
        ("ments", ""),
        ("ment", ""),
        ("ities", ""),
        ("ity", ""),
        ("ings", ""),
        ("ing", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("ly", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


STOP = words("stop")


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem(word) for word in re.findall(r"[^\W\d_]{2,60}", text) if word.lower() not in STOP)


def blocks(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs: split at empty lines, and at line ends unless the lines were broken by hand."""
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\r\n]+", text)]
    lengths = sorted(end - start for start, end in lines if text[start:end].strip())
    is_wrapped = bool(lengths) and lengths[-1] <= WRAPPED_LINE and len(lengths) > 3
    found: list[tuple[int, int]] = []
    for start, end in lines:
        gap = text[found[-1][1] : start] if found else ""
        is_same = (
            is_wrapped
            and found
            and not BULLET.match(text, start, end)
            and gap.count("\n") + gap.count("\r") - gap.count("\r\n") == 1
        )
        previous = text[found[-1][0] : found[-1][1]].rstrip() if found else ""
        if is_same and not (end - start < 60 and previous.endswith((".", "!", "?"))) and text[start:end].strip():
            found[-1] = (found[-1][0], end)
        elif text[start:end].strip():
            found.append((start, end))
    return found


BOUNDARY = re.compile(
    r"(?:[.!?…]{1,3}[\"”’»)\]]{0,3}|[.!?…]{0,3}[”»])(?=\s+[\"“«‘(\[]{0,2}[^\W\d_a-z]|\s+[\"“«(\[]{0,2}\d|\s+[\"“«])"
)


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order."""
    found: list[Sentence] = []
    for number, (start, end) in enumerate(blocks(text)):
        mark = BULLET.match(text, start, end)
        start = mark.end() if mark is not None else start
        block = text[start:end]
        is_heading = len(block) < 120 and not re.search(r"[.!?…”\"]\s*$", block) and "," not in block[-3:]
        at = 0
        for mark in BOUNDARY.finditer(block):
            if not ends_sentence(block, at, mark):
                continue
            found += cut(text, start + at, start + mark.end(), number, is_heading)
            at = mark.end()
        found += cut(text, start + at, end, number, is_heading)
    return found


def ends_sentence(block: str, at: int, mark: re.Match[str]) -> bool:
    """Whether a full stop is one, and not part of an abbreviation, an initial or a quotation that goes on."""
    marks = mark[0]
    is_numbered = block[mark.end() :].lstrip()[:1].isdigit()
    if not re.search(r"[.!?…]", marks):
        return False
    before = block[at : mark.start()]
    word = re.search(r"([^\s\"“(]+)$", before)
    last = word[1].lower() if word else ""
    if marks.startswith(".") and len(marks) == 1:
        if last in ("no", "nos") and not is_numbered:
            return True
        if last in ABBREVIATIONS and not (
            last in ("p.m", "a.m", "etc", "u.s", "u.n", "u.k") and capital_after(block, mark)
        ):
            return False
        if re.fullmatch(r"[^\W\d_]", last) and last != "i":  # an initial
            return False
    if marks.startswith("?") or marks.startswith("!"):  # "Will it?" he asked
        after = block[mark.end() : mark.end() + 30].lstrip()
        return not after[:1].islower()
    return True


def capital_after(block: str, mark: re.Match[str]) -> bool:
    """Whether a sentence's first word follows an abbreviation that often ends one."""
    after = re.match(r"\s+(The|A|An|In|On|It|He|She|They|But|This|That|According)\b", block[mark.end() :])
    return after is not None


def cut(text: str, start: int, end: int, paragraph: int, is_heading: bool) -> list[Sentence]:
    """A sentence without the spaces around it; a very long one in pieces."""
    found = []
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_SENTENCE:
        at = text.rfind(" ", start, start + LONGEST_SENTENCE)
        at = at if at > start else start + LONGEST_SENTENCE
        found.append(Sentence(start, at, text[start:at], paragraph, False))
        start = at
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        found.append(Sentence(start, end, text[start:end], paragraph, is_heading))
    return found

"""The phrases that name who says something, and whether words stand in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from safeconduct.reading.words.gazetteer import Mention
from safeconduct.reading.words.lexicon import forms, words
from safeconduct.reading.words.tokens import Token

DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
MONTH_NAMES = words("month names")

PROGRESSIVE = words("progressive")

LEAD_INS = words("lead ins")

SPEAKER_LEADS = words("speaker leads")

SPEAKER_TAILS = words("speaker tails")

SAY = forms("say")

NOUNS_TOO = words("nouns too")

NO_ONE = frozenset(["nobody", "none", "nothing"])

OWNERS = frozenset(["my", "your", "our", "his", "her", "its", "their"])

SPEAKER_NOUNS = words("speaker nouns")

ALWAYS_SAYS = frozenset(
    ("say", "write", "tell", "claim", "argue", "deny", "insist", "warn", "add", "admit", "complain", "think", "believe")
)
ARTICLES = words("articles")
PAPERS = words("papers")  # what is written down speaks by "lists", "shows", "documents"

STOPPERS = words("stoppers")

AUX = words("aux")

ADVERB = re.compile(r"^[a-z]+ly$")

FRONTED = frozenset(
    (
        "in",
        "on",
        "at",
        "over",
        "during",
        "since",
        "after",
        "before",
        "within",
        "for",
        "throughout",
        "under",
        "near",
        "inside",
    )
    + (
        "between",
        "from",
        "along",
        "across",
        "outside",
        "around",
        "until",
        "by",
        "through",
        "to",
        "of",
        "behind",
        "about",
    )
)
NAME_GLUE = words("name glue") | {"or", "with", "as"}

OPENING, CLOSING = frozenset('"“«'), frozenset('"”»')


def phrase_before(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """Tokens of the noun phrase that ends right before a verb, appositions cut off."""
    end = verb
    while end > 0 and (
        tokens[end - 1].low in AUX
        or (tokens[verb].low in PROGRESSIVE and tokens[end - 1].low in ("is", "are", "was", "were", "been"))
        or (ADVERB.match(tokens[end - 1].low) and not tokens[end - 1].is_name_like)
    ):
        end -= 1
    at = end
    if at and tokens[at - 1].text == ",":  # "Name, the minister, said"
        inner = at - 1
        start = inner
        while start > 0 and tokens[start - 1].text not in (",", ";", ":", "(", ")", *OPENING, *CLOSING, ".", "—", "–"):
            start -= 1
        if start > 0 and tokens[start - 1].text == "," and inner - start <= 16:
            if all(map(is_name_part, tokens[start:inner])):  # "its director, Name, said"
                return start, inner
            at = end = start - 1
        else:
            return None
    elif at and tokens[at - 1].text == ")":
        while at > 0 and tokens[at].text != "(":
            at -= 1
        end = at
    start = at
    if tokens[0].low in ("had", "should", "were") and at < 8:  # "Had the force insisted": no one speaks
        return None
    while start > 0:
        token = tokens[start - 1]
        if token.text in (",", ";", ":", "(", ")", "—", "–", "!", "?", "…") or token.text in OPENING | CLOSING:
            break
        if token.low in STOPPERS or is_saying(token) or re.match(r"\d+:", token.text):
            break
        if token.low in ("and", "or") and not joins_names(tokens, start - 1):
            break
        if end - start > 14:
            break
        start -= 1
    relative = tokens[start - 1].low if start else ""
    if (
        relative in ("who", "whom", "whose", "that", "which")
        and start > 1
        and end > start
        and (relative in ("who", "whom") or has_verb(tokens[start:end]))
    ):  # "A mission that visited Ordan said"
        noun = start - 1 - (tokens[start - 2].text == ",")
        if noun > 0 and (
            tokens[noun - 1].low in SPEAKER_NOUNS
            or (tokens[noun - 1].is_name_like and relative in ("who", "whom", "which"))
            or (
                relative in ("who", "that", "which")
                and noun > 1
                and any(t.low in ARTICLES | {"the", "those"} for t in tokens[max(0, noun - 3) : noun - 1])
            )
            or (
                noun > 3
                and tokens[noun - 2].low == "of"
                and tokens[noun - 3].low in SPEAKER_NOUNS | {"family", "group"}
            )
        ):
            return phrase_before(tokens, noun) if noun > 1 else (0, 1)
    while start < end and tokens[start].low in LEAD_INS:
        start += 1
        if tokens[start - 1].low in ("on", "in", "at", "by"):  # "On Tuesday the ministry said"
            while (
                start < end
                and tokens[start].low not in ("the", "a", "an", "he", "she", "they")
                and not has_only_names(tokens, start, end)
            ):
                start += 1
            break
    if tokens[start].low in FRONTED or (start and tokens[start - 1].low in FRONTED):  # "Over the past month the army"
        start = next((k for k in range(end - 1, start + 1, -1) if opens_phrase(tokens, k)), start)
    if end - start > 1 and tokens[end - 1].low in ("he", "she", "they", "it", "we"):  # "On the other side they count"
        start = end - 1
    return (start, end) if start < end else None


def is_name_part(token: Token) -> bool:
    """Whether a word is part of a person's name: a capital letter, or a small particle such as "al-"."""
    return (
        token.is_name_like
        or re.match(r"(?:al|el|ad|an|ar|as|ash|at|az)-[A-Z]|(?:bin|de|van|von)$", token.text) is not None
    )


def relative_subject(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """Whom "who" means before a verb of saying: "met the head of the hospital, who reported that"."""
    at = verb
    while at and (tokens[at - 1].low in AUX or ADVERB.match(tokens[at - 1].low)):
        at -= 1
    if at < 3 or tokens[at - 1].low != "who":
        return None
    end = at - 1 - (tokens[at - 2].text == ",")
    start = end
    while start and end - start < 10 and tokens[start - 1].is_word and not ends_phrase(tokens[start - 1]):
        start -= 1
        if tokens[start].low in DETERMINERS and (start < 1 or tokens[start - 1].low not in ("of", "for", "and")):
            break
    return (start, end) if start < end else None


DETERMINERS = frozenset(("the", "a", "an", "our", "his", "her", "their", "its", "my", "two", "three", "several"))


def ends_phrase(token: Token) -> bool:
    """Whether a word cannot stand in a noun phrase that is read backwards: a verb, a word that leads elsewhere."""
    return (
        token.low in STOPPERS
        or token.low in FRONTED - {"of", "for", "in", "at"}
        or (token.low in SAY and token.low not in NOUNS_TOO)
        or has_verb([token, token])
    )


def is_saying(token: Token) -> bool:
    """Whether a word within a phrase is a verb of saying, and no noun or name: "reported"; not "Saw Htet Lin"."""
    return token.low in SAY and token.low not in NOUNS_TOO and not token.is_name_like


def opens_phrase(tokens: Sequence[Token], k: int) -> bool:
    """Whether an article opens a noun phrase of its own, right behind the noun of another: "month the ministry"."""
    before = tokens[k - 1]
    is_own = tokens[k].low in ("the", "a", "an", "its", "their", "our")
    return is_own and before.is_word and before.low not in FRONTED | NAME_GLUE


def has_verb(words: Sequence[Token]) -> bool:
    """Whether some words hold a verb: then they are a clause and no name."""
    return len(words) > 1 and any(
        re.fullmatch(
            r"[a-z]{2,}ed|met|saw|knew|left|took|runs|works|lives|was|were|is|had|has|have|spoke|came|"
            r"went|fled|led|won|lost|heads|leads",
            t.text,
        )
        for t in words
    )


def has_only_names(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether all that is left is a capitalised name that is no day or month."""
    rest = tokens[start:end]
    return bool(rest) and rest[0].is_name_like and rest[0].low not in DAYS and rest[0].low not in MONTH_NAMES


def joins_names(tokens: Sequence[Token], i: int) -> bool:
    """Whether an "and" joins two names or nouns of speakers."""
    if not 0 < i < len(tokens) - 1:
        return False
    left, right = tokens[i - 1], tokens[i + 1]
    right = tokens[i + 2] if right.low in ("the", "its", "their", "a") and i + 2 < len(tokens) else right
    return (left.is_name_like or left.low in SPEAKER_NOUNS) and (right.is_name_like or right.low in SPEAKER_NOUNS)


def phrase_after(tokens: Sequence[Token], verb: int) -> tuple[int, int] | None:
    """Tokens of the noun phrase that follows a verb: "said Name", "reported the agency TASS"."""
    start = verb + 1
    while start < len(tokens) and tokens[start].low in ("by", "on", "also", "in"):
        start += 1
    at = start
    while at < len(tokens):
        token = tokens[at]
        if token.text in (",", ";", ":", "(", ")", "—", "–", ".", "!", "?", "…") or token.text in OPENING | CLOSING:
            break
        if token.low in STOPPERS or is_saying(token) or at - start > 12:
            break
        if (
            token.low
            in ("in", "on", "at", "to", "during", "late", "early", "from", "with", "by", "after", "yesterday", "today")
            and at > start
        ):
            if (
                token.low in ("in", "at", "from")
                and at + 1 < len(tokens)
                and (
                    (tokens[at + 1].is_name_like and tokens[at - 1].low in SPEAKER_NOUNS)
                    or (
                        tokens[at - 1].low in ("source", "sources", "official", "officials", "representative")
                        and tokens[at + 1].low in ("the", "his", "her")
                    )
                )
            ):
                at += 2
                continue
            break
        at += 1
    return (start, at) if at > start else None


def is_speaker(tokens: Sequence[Token], start: int, end: int, outlets: Sequence[Mention], verb: str = "") -> bool:
    """Whether a phrase can name who says something. Before a verb such as "say" any noun with an article can."""
    words = tokens[start:end]
    if not words or words[0].text[0].isdigit() or any(t.low in NO_ONE for t in words):
        return False
    if "no one" in " ".join(t.low for t in words) or (len(words) == 1 and words[0].low in OWNERS):
        return False
    if any(m.first < end and start < m.after for m in outlets):
        return True
    nouns = SPEAKER_NOUNS | PAPERS
    if any(t.low.removesuffix("'s") in nouns or t.low.removesuffix("s") in nouns for t in words):
        return True
    if verb in ALWAYS_SAYS and len(words) > 1 and words[0].low in ARTICLES and words[-1].is_word:
        return True
    is_that = verb in ALWAYS_SAYS and end < len(tokens) and any(t.low == "that" for t in tokens[end : end + 4])
    if is_that and re.fullmatch(r"[a-z-]{3,}[^s\W]s", words[-1].text):  # "fishermen's associations warn that"
        return True
    return any(
        t.is_name_like
        and (start + k > 0 or len(t.text) > 3)
        and t.low not in ("the", "this", "that", "a", "these", "those", "there", "here", "both")
        for k, t in enumerate(words)
    )


def speaker_text(sentence: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """The words of a speaker, without articles, adverbs and dates."""
    while start < end and (tokens[start].low in SPEAKER_LEADS):
        start += 1
    while start < end and tokens[end - 1].low in SPEAKER_TAILS:
        end -= 1
    said = sentence[tokens[start].start : tokens[end - 1].end] if start < end else ""
    return re.sub(r"\s+", " ", said).removesuffix("'s").removesuffix("’s").strip(" -–—")


def in_quotes(tokens: Sequence[Token], opened: bool = False) -> list[bool]:
    """For each token, whether it stands within quotation marks. Short scare quotes do not count."""
    inside, flags, opened_at = opened, [], -1
    for i, token in enumerate(tokens):
        if token.text in ("“", "«") or (token.text == '"' and not inside):
            inside, opened_at = True, i
            flags.append(True)
        elif token.text in ("”", "»") or (token.text == '"' and inside):
            flags.append(True)
            inside = False
            if opened_at >= 0 and i - opened_at <= 5:
                flags[opened_at : i + 1] = [False] * (i + 1 - opened_at)
        else:
            flags.append(inside)
    return flags

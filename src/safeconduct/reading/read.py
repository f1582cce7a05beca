"""Text or bytes in, proposals out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from safeconduct.reading.bylines import comments_from, signed_by
from safeconduct.reading.documents import read_document
from safeconduct.reading.duplicates import Duplicates
from safeconduct.reading.issuers import Voice, voice_of
from safeconduct.reading.language import is_foreign
from safeconduct.reading.narrative import passages_of
from safeconduct.reading.reporters import Speakers
from safeconduct.reading.second_reader import Second, second_reader
from safeconduct.reading.sentence.clauses import Context, Parsed, parse
from safeconduct.reading.sentence.figures import figures, leaves_room
from safeconduct.reading.sentence.headings import is_transcript
from safeconduct.reading.sentence.persons import office_holders
from safeconduct.reading.sentence.propose import assertions
from safeconduct.reading.sentence.who import after_sentence, carried_back
from safeconduct.reading.types import Document, Passage, Proposal, Reading, Sentence
from safeconduct.reading.weighing import ranked
from safeconduct.reading.words.dates import STAMPED
from safeconduct.reading.words.gazetteer import Gazetteer
from safeconduct.reading.words.tokens import sentences

LEAST_ENTRIES = 3  # paragraphs headed by an hour from which a text is told as it happens: assumed
MOST_SENTENCES = 6000
MOST_PARSED = 60_000  # characters up to which the parser reads a text too: it takes most of the time


def read(
    content: str | bytes,
    gazetteer: Gazetteer | None = None,
    *,
    name: str = "",
    published: date | None = None,
    outlet: str = "",
    use_parser: bool = True,
) -> Reading:
    """Everything that a text may be read as asserting. Raises UsageError where it cannot be read at all."""
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    document = read_document(raw, name=name, published=published, outlet=outlet)
    return read_text(document, gazetteer or Gazetteer(), use_parser=use_parser)


def propose(
    content: str | bytes, gazetteer: Gazetteer | None = None, *, published: date | None = None, outlet: str = ""
) -> list[Proposal]:
    """The proposals of a text or of a file's bytes, in order."""
    return list(read(content, gazetteer, published=published, outlet=outlet).proposals)


def read_text(document: Document, gazetteer: Gazetteer, *, use_parser: bool = True) -> Reading:
    """The proposals and passages of a document."""
    found = sentences(document.text)
    voice = voice_of(document, found, gazetteer)
    warnings = [*document.warnings, *voice.notice]
    if len(found) > MOST_SENTENCES:
        warnings.append(f"only the first {MOST_SENTENCES:,} sentences were read")
    if not document.author:
        document = replace(document, author=signed_by(found))
    is_long = len(document.text) > MOST_PARSED
    second = second_reader() if use_parser and not is_long else None
    by_sentence, passages, notes = by_sentences(found, document, gazetteer, voice, second)
    proposals = without_headline_copies(carried_back(by_sentence), found)
    proposals = [voice.spoken(p) for p in proposals]
    if gazetteer.ledger is not None:
        finder, speakers = Duplicates(gazetteer.ledger), Speakers(gazetteer.ledger.terms.reporters)
        proposals = [replace(p, duplicates=finder.of(p), reporter=speakers.suggested(p.asserted_by)) for p in proposals]
    proposals = [ranked(p) for p in proposals]
    digest = sha256(document.text.encode("utf-8", "replace")).hexdigest()[:16]
    told = tuple(voice.told(p) for p in passages)
    return Reading(document, tuple(proposals), told, digest, (*warnings, *notes))


def by_sentences(
    found: Sequence[Sentence], document: Document, gazetteer: Gazetteer, voice: Voice, second: Second | None
) -> tuple[list[tuple[Parsed, list[Proposal]]], list[Passage], list[str]]:
    """Sentence by sentence: what each proposes and does in the story, and what to tell of the whole."""
    context = Context(
        document.published,
        carrier=voice.carrier,
        holders=office_holders(document.text[:MOST_PARSED]),
        is_transcript=is_transcript([s.text for s in found]),
        is_live=sum(STAMPED.match(s.text) is not None for s in found) >= LEAST_ENTRIES,
    )
    rows: list[tuple[Parsed, list[Proposal]]] = []
    passages: list[Passage] = []
    comments_at, is_guess = comments_from(found)
    notes = ["what follows the signature is taken as readers' comments"] if is_guess else []
    n_foreign = 0
    for sentence in found[:MOST_SENTENCES]:
        if 0 <= comments_at <= sentence.start and not context.is_comment:
            context = replace(context, is_comment=True, quote_by=None, day=None)
        if is_foreign(sentence.text):
            n_foreign += 1
            continue
        parsed = parse(sentence, gazetteer, context)
        proposals = figures(parsed, gazetteer, context)
        has_figure = bool(proposals) and not leaves_room(parsed, proposals)
        proposals += assertions(parsed, gazetteer, context, proposals, has_figure)
        if second is not None and proposals:
            proposals = second.check(sentence.text, sentence.start, proposals)
        rows.append((parsed, proposals))
        passages += passages_of(parsed, proposals, gazetteer)
        context = after_sentence(parsed, context, proposals)
    if n_foreign:
        notes.append(f"{n_foreign} sentences in another script were left out")
    return rows, passages, notes


def without_headline_copies(proposals: list[Proposal], found: list[Sentence]) -> list[Proposal]:
    """The proposals without figures of a headline that the text below gives again."""
    heads = {s.start for s in found if s.is_heading}
    below = {(p.best, p.low, p.high, p.unit) for p in proposals if p.start not in heads}
    return [
        p for p in proposals if p.start not in heads or p.best is None or (p.best, p.low, p.high, p.unit) not in below
    ]

"""What reading hands on: a text as it was read, and proposals that a person confirms or rejects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

KINDS = ("figure", "act", "status", "prediction", "statement")
MODALITIES = ("said", "expected", "conditional", "counterfactual")
PRECISIONS = ("exact", "approximate", "day", "month", "year", "period", "unknown")
AUTHOR = "author"  # asserts what the text ascribes to no other
COMMENTER = "commenter"  # asserts what stands among readers' comments
UNNAMED = "unnamed sources"


@dataclass(frozen=True, slots=True)
class Document:
    """A text as read. Character spans everywhere are positions in `text`."""

    text: str
    kind: str = "text"  # text, html, pdf, email
    title: str = ""
    author: str = ""
    outlet: str = ""
    published: date | None = None
    published_from: str = ""  # given, page, dateline, header; empty = not known
    address: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text, with the paragraph that it stands in."""

    start: int  # character of the text
    end: int
    text: str
    paragraph: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A report of the ledger that a proposal may repeat or speak against."""

    claim: str
    relation: str  # retells, disputes, alike
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a passage may be read as asserting. It is no claim until a person accepts it."""

    kind: str  # one of KINDS
    start: int  # characters of the text that the sentence covers
    end: int
    sentence: str
    focus_start: int  # characters of the words that the proposal rests on: the figure, the verb
    focus_end: int
    asserted_by: str
    reporter: str = ""  # whom of the case's reporters.csv that may be; a suggestion
    via: tuple[str, ...] = ()  # from the nearest to who asserts it to the nearest to the reader
    hedge: str = ""
    is_negated: bool = False
    modality: str = "said"  # one of MODALITIES
    quantity: str = ""  # a word of the case's vocabulary, or what is counted in the text's words
    counted: str = ""  # what is counted, as said
    low: float | None = None
    best: float | None = None
    high: float | None = None
    unit: str = ""
    date: str = ""  # ISO day, month or year; a period as two of them with a slash
    date_precision: str = "unknown"  # one of PRECISIONS
    date_said: str = ""
    horizon: str = ""  # of a prediction: by when, ISO or as said
    place: str = ""  # by both sides' names; several joined by "; "
    place_key: str = ""  # keys joined by "+"
    place_said: str = ""
    actor: str = ""
    action: str = ""
    obligation: str = ""
    rule: str = ""  # what found it
    duplicates: tuple[Match, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What a passage does in a story: it argues an account, makes someone responsible, loads a word, predicts."""

    kind: str  # account, responsibility, loaded words, prediction
    start: int
    end: int
    sentence: str
    said_by: str
    what: str  # the account's key, who is made responsible, the words, what is predicted
    detail: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """All that was found in one text."""

    document: Document
    proposals: tuple[Proposal, ...]
    passages: tuple[Passage, ...] = ()
    text_hash: str = ""
    warnings: tuple[str, ...] = field(default=())

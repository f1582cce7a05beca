"""Reading: from an article to proposed claims that a person confirms.

Comes in: a text or the bytes of a file (plain text, saved page, PDF with a text layer, e-mail), and the names that a
case knows as plain records (`Gazetteer`). Goes out: `Proposal` records with character spans; nothing enters a ledger
before a person accepts it. Does not know: any model, and how a case's folder is laid out.

For the desk and other callers:

- `propose(content, gazetteer, published=..., outlet=...)` gives a list of frozen `Proposal`;
- `read(...)` gives the whole `Reading`: text, hash, proposals, passages of the narrative, warnings;
- `accept(proposals, case_folder, reading, reader=...)` writes what a person accepted into the case's claims.csv;
- `Review(proposals)` is the state behind the keys accept, correct, reject and undo.

A case's names come from `safeconduct.monitor.case_names(folder)`. Start reading at `read.py` (one text) and
`sentence/figures.py` (one sentence).
"""

from safeconduct.reading.accept import TEXTS, accept
from safeconduct.reading.documents import read_document
from safeconduct.reading.read import propose, read, read_text
from safeconduct.reading.review import EDITABLE, Review
from safeconduct.reading.types import AUTHOR, COMMENTER, UNNAMED, Document, Match, Passage, Proposal, Reading
from safeconduct.reading.weighing import changes_meaning
from safeconduct.reading.words.gazetteer import Gazetteer, Named, gazetteer_from

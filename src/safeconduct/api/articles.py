"""Reading an article from Python: proposals as a frame, of which a person names those that enter the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.api.folders import monitor_folder, own_folder
from safeconduct.api.frames import html_table
from safeconduct.ledger import Imported
from safeconduct.monitor import case_names
from safeconduct.reading import Proposal, Reading, Review, accept, changes_meaning
from safeconduct.reading import read as read_content
from safeconduct.terms import UsageError, parse_day, size_fault

if TYPE_CHECKING:
    import polars as pl

SHOWN = ("kind", "asserted_by", "quantity", "best", "unit", "date", "place", "sentence")


@dataclass(frozen=True)
class Article:
    """An article as read: what it may be taken to assert. Nothing of it is in a ledger before `accept`."""

    case: Path
    source: str
    reading: Reading

    @cached_property
    def proposals(self) -> pl.DataFrame:
        """One row a proposal, counted from 0 in `n`; `check` holds the warnings that would change its meaning."""
        import polars as pl

        rows = []
        for n, p in enumerate(self.reading.proposals):
            record = {name: "; ".join(v) if isinstance(v, tuple) else v for name, v in in_words(p).items()}
            rows.append({"n": n, **record, "check": "; ".join(w for w in p.warnings if changes_meaning(w))})
        return pl.DataFrame(rows, infer_schema_length=None)

    def correct(self, n: int, **fields: str | float) -> Article:
        """The article with fields of one proposal set by hand. Raises UsageError for what cannot be."""
        one = Review((self.at(n),)).correct({name: str(value) for name, value in fields.items()}).proposals[0]
        changed = (*self.reading.proposals[:n], one, *self.reading.proposals[n + 1 :])
        return replace(self, reading=replace(self.reading, proposals=changed))

    def accept(self, numbers: Iterable[int], *, reader: str, keep_text: bool = False) -> Imported:
        """Write the proposals of these numbers into the case's claims.csv, all or none. `reader`: who decided.

        Raises UsageError for a shipped case, a wrong number or no reader; CaseError with every fault of the claims.
        """
        chosen: Sequence[Proposal] = [self.at(n) for n in numbers]
        folder = own_folder(str(self.case))
        return accept(chosen, folder, self.reading, reader=reader, source=self.source, keep_text=keep_text)

    def at(self, n: int) -> Proposal:
        """The proposal of a number. Raises UsageError where there is none."""
        known = self.reading.proposals
        if not 0 <= n < len(known):
            raise UsageError(f"there is no proposal {n}; expected a number from 0 to {len(known) - 1}")
        return known[n]

    def _repr_html_(self) -> str:
        rows = [[str(getattr(p, name) if getattr(p, name) is not None else "") for name in SHOWN] for p in
                self.reading.proposals]  # fmt: skip
        return html_table(f"{len(rows)} proposals of {self.source}", SHOWN, rows)


def in_words(p: Proposal) -> dict[str, Any]:
    """A proposal as a record whose duplicates are words."""
    return asdict(p) | {"duplicates": tuple(f"{m.relation} {m.claim}" for m in p.duplicates)}


def read(
    article: str | Path | bytes, case: str | Path, *, published: date | str | None = None, outlet: str = ""
) -> Article:
    """Propose claims from an article in English; a person decides each with `accept`.

    article: a file (text, saved page, PDF with a text layer, e-mail), or its bytes. case: a shipped case's name or a
    folder; its names are known to the reader. published: the day from which dates are counted. outlet: who published
    it. Raises UsageError for a file that is missing, cannot be read or is in another language; CaseError for the case.
    """
    source = "a text" if isinstance(article, bytes) else Path(article).name
    if not isinstance(article, bytes) and (wrong := size_fault(Path(article))):
        raise UsageError(f"{wrong} Expected an article; name the file where you saved it.")
    try:
        day = parse_day(published) if isinstance(published, str) and published else published or None
    except ValueError as error:
        raise UsageError(f"published is no day: {error}; expected one such as 2023-09-28.") from None
    content = article if isinstance(article, bytes) else Path(article).read_bytes()
    folder = monitor_folder(str(case))
    found = read_content(content, case_names(folder), name=source, published=day or None, outlet=outlet)
    return Article(folder, source, found)

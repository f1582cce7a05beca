"""Adding claims to a case's claims.csv: all of them or none, in an order that does not depend on when they came."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from hashlib import blake2b
from pathlib import Path

from safeconduct.ledger.formats.mapping import HEADINGS, Heading, read_headings
from safeconduct.ledger.formats.places import places_of
from safeconduct.ledger.formats.reading import TableClaims, line_of, read_claims, same_statement, stop_if_any
from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.rows.naming import naming_faults
from safeconduct.ledger.rows.read import link_faults, read_table
from safeconduct.ledger.rows.write import to_file
from safeconduct.ledger.types import Claim
from safeconduct.ledger.vocabulary import read_terms
from safeconduct.terms import CaseError, Fault, collection_paused, is_there, write_whole


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    added: tuple[str, ...]
    known: int  # claims that were there already
    total: int
    files: tuple[TableClaims, ...] = ()  # each file as it was read, with what was left out
    revised: tuple[str, ...] = ()  # of the added: claims that take the place of an earlier version of themselves

    def sentences(self) -> tuple[str, ...]:
        """What a person should know beside the counts."""
        return tuple(sentence for one in self.files for sentence in one.sentences())


def import_files(
    claims_file: Path,
    sources: Sequence[Path],
    zone: tzinfo = UTC,
    *,
    form: str = "",
    headings: Sequence[Heading] = (),
    say: Mapping[str, str] | None = None,
    dates: str = "",
    only_look: bool = False,
) -> Imported:
    """Add the claims of some tables to a claims file, written anew in order of id.

    The same table twice changes nothing, and the order of tables does not matter. A fault anywhere, reported with all
    the others, imports nothing: the file is replaced in one step or not touched. An event that its data set has changed
    since it was imported becomes a claim that supersedes the earlier one. dates: how the tables write them. only_look:
    nothing is written. Raises CaseError.
    """
    faults: list[Fault] = []
    folder = claims_file.parent
    terms = read_terms(folder, faults)
    stop_if_any(faults)
    remembered = read_headings(folder / HEADINGS.file, faults) if is_there(folder / HEADINGS.file) else ()
    new: list[TableClaims] = []
    places = places_of(folder, terms)
    for source in sources:
        try:
            with collection_paused():
                new.append(
                    read_claims(
                        source,
                        terms,
                        zone,
                        places=places,
                        form=form,
                        headings=headings,
                        remembered=remembered,
                        say=say,
                        dates=dates,
                    )  # fmt: skip
                )
        except CaseError as wrong:
            faults += wrong.faults
    stop_if_any(faults)
    with locked(claims_file), collection_paused():
        old = read_table(claims_file, faults) if is_there(claims_file) else ()
        merged, added, revised = merge(old, new, faults)
        placed = [(claim, (read.file, line_of(claim))) for read in new for claim in read.claims]
        faults += naming_faults(placed, terms)
        stop_if_any(faults)
        if added and not only_look:
            write_whole(claims_file, to_file(merged))
    n_read = sum(len(one.claims) for one in new)
    return Imported(tuple(added), n_read - len(added), len(merged), tuple(new), tuple(revised))


def merge(
    old: Iterable[Claim], new: Iterable[TableClaims], faults: list[Fault]
) -> tuple[list[Claim], list[str], list[str]]:  # fmt: skip
    """All claims in order of id, the ids of those that were not there, and of those that supersede one that was.

    Faults are added to the list.
    """
    merged: dict[str, Claim] = {claim.id: claim for claim in old}
    before, added, revised = dict(merged), list[str](), list[str]()
    origin = dict.fromkeys(merged, "claims.csv")
    for read in new:
        for claim in read.claims:
            there = merged.get(claim.id)
            if there is not None and not _is_known(there, claim, read.format):
                if claim.id in before and read.format != "own":
                    claim = _revision(claim)
                    there = merged.get(claim.id)
                    if there is None:
                        revised.append(claim.id)
                else:
                    found = f'"{claim.id}", which is another claim'
                    advice = "claims are not edited: add one that supersedes it"
                    faults.append(Fault(read.file, line_of(claim), "id", found, "an id of its own", advice))
                    continue
            if there is None:
                merged[claim.id] = claim
                origin[claim.id] = read.file
                added.append(claim.id)
    faults += link_faults([(claim, (origin[claim.id], line_of(claim))) for claim in merged.values()])
    return [merged[name] for name in sorted(merged)], added, revised


def _is_known(there: Claim, claim: Claim, form: str) -> bool:
    """Whether a claim of this id says what the one says that is there already."""
    if there == claim or with_publication(there) == with_publication(claim):
        return True
    return form != "own" and same_statement(there, claim)


def _revision(claim: Claim) -> Claim:
    """The claim as a new version that takes the place of the earlier one."""
    content = repr(replace(claim, row="", source_title="", published=None, published_rule="", context=""))
    mark = blake2b(content.encode(), digest_size=3).hexdigest()
    return replace(claim, id=f"{claim.id}-{mark}", supersedes=(*claim.supersedes, claim.id))


@contextmanager
def locked(claims_file: Path) -> Iterator[None]:
    """Hold the lock of a claims file, so that two imports follow each other. The lock ends with the process.

    What an import that was killed has left beside the file is swept away.
    """
    with open(claims_file.parent / f".{claims_file.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for torn in claims_file.parent.glob(f".{claims_file.name}.*.part"):
            torn.unlink()
        yield

"""Adding claims to a case's claims.csv: all of them or none, in an order that does not depend on when they came."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from safeconduct.ledger.importers import read_foreign
from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.read import link_faults, read_table
from safeconduct.ledger.types import Claim
from safeconduct.ledger.vocabulary import read_terms
from safeconduct.ledger.write import to_csv
from safeconduct.terms import CaseError, Fault, write_whole

Source = tuple[Path, tuple[Claim, ...]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: tuple[str, ...]
    known: int  # claims that were there already
    total: int


def import_files(claims_file: Path, sources: Sequence[Path], zone: tzinfo = UTC) -> Imported:
    """Add the claims of some tables to a claims file, written anew in order of id.

    The same table twice changes nothing, and the order of tables does not matter. A fault anywhere, told with all the
    others, imports nothing: the file is replaced in one step or not touched. Raises CaseError.
    """
    faults: list[Fault] = []
    terms = read_terms(claims_file.parent, faults)
    new: list[Source] = []
    for source in sources:
        try:
            new.append((source, read_foreign(source, terms, zone)))
        except CaseError as wrong:
            faults += wrong.faults
    stop_if_any(faults)
    with locked(claims_file):
        old = read_table(claims_file, faults) if claims_file.exists() else ()
        merged, added = merge(old, new, faults)
        stop_if_any(faults)
        if added:
            write_whole(claims_file, to_csv(merged))
    return Imported(tuple(added), sum(len(claims) for _, claims in new) - len(added), len(merged))


def stop_if_any(faults: Sequence[Fault]) -> None:
    """Raise CaseError where a fault was found."""
    if faults:
        raise CaseError(faults)


def merge(old: Iterable[Claim], new: Iterable[Source], faults: list[Fault]) -> tuple[list[Claim], list[str]]:
    """All claims in order of id, and the ids of those that were not there. Faults are added to the list."""
    merged, added = {claim.id: claim for claim in old}, []
    origin = dict.fromkeys(merged, "claims.csv")
    for source, claims in new:
        for claim in claims:
            there = merged.setdefault(claim.id, claim)
            if claim.id not in origin:
                origin[claim.id] = source.name
                added.append(claim.id)
            elif with_publication(there) != claim:
                found, advice = (
                    f'"{claim.id}", which is another claim',
                    "claims are not edited: add one that supersedes it",
                )
                faults.append(Fault(source.name, line_of(claim), "id", found, "an id of its own", advice))
    faults += link_faults([(claim, (origin[claim.id], line_of(claim))) for claim in merged.values()])
    return [merged[name] for name in sorted(merged)], added


def line_of(claim: Claim) -> int:
    """The line that a claim was made from, where it says so."""
    _, _, line = claim.row.rpartition(":")
    return int(line) if line.isdigit() else 0


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

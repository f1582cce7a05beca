"""Adding claims to a case's claims.csv: all of them or none, in an order that does not depend on when they came."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from safeconduct.ledger.importers import read_foreign
from safeconduct.ledger.read import read_claims
from safeconduct.ledger.tables import Faults, read_text
from safeconduct.ledger.types import Claim
from safeconduct.ledger.vocabulary import read_terms
from safeconduct.ledger.write import to_csv, write_whole
from safeconduct.terms import CaseError, Fault


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: tuple[str, ...]
    known: int  # claims that were there already
    total: int


def import_files(claims_file: Path, sources: Sequence[Path], zone: tzinfo = UTC) -> Imported:
    """Add the claims of some tables to a claims file, written anew in order of id.

    The same table twice changes nothing, and the order of tables does not matter. A fault anywhere, told with all others,
    imports nothing: the file is replaced in one step or not touched. Raises CaseError.
    """
    terms, faults, new = read_terms(claims_file.parent), [], []
    for source in sources:
        try:
            new.append((source, read_foreign(source, terms, zone)))
        except CaseError as wrong:
            faults += wrong.faults
    if faults:
        raise CaseError(faults)
    with locked(claims_file):
        text = read_text(claims_file) if claims_file.exists() else to_csv(())
        old = read_claims(text, str(claims_file))
        merged, added = merge(old, new)
        written = to_csv(merged)
        if added:
            read_claims(written, str(claims_file))
            write_whole(claims_file, written)
    return Imported(tuple(added), sum(len(claims) for _, claims in new) - len(added), len(merged))


def merge(old: Iterable[Claim], new: Iterable[tuple[Path, Iterable[Claim]]]) -> tuple[list[Claim], list[str]]:
    """All claims in order of id, and the ids of those that were not there. Raises CaseError where an id means two things."""
    merged, added, faults = {claim.id: claim for claim in old}, [], []
    for source, claims in new:
        found = Faults(str(source))
        for claim in claims:
            there = merged.get(claim.id)
            if there is None:
                merged[claim.id] = claim
                added.append(claim.id)
            elif there != claim:
                found.add(
                    0,
                    "id",
                    f'"{claim.id}", which is another claim already',
                    "a new id",
                    "claims are not edited: add one that supersedes it",
                )
        faults += found.found
    faults += missing_links(merged)
    if faults:
        raise CaseError(faults)
    return [merged[name] for name in sorted(merged)], added


def missing_links(merged: dict[str, Claim]) -> list[Fault]:
    """A fault for each link that leads to no claim."""
    return [
        Fault(
            "import",
            0,
            name,
            f'"{target}" in claim {claim.id}',
            "the id of a claim",
            "import the claim that it links to as well",
        )
        for claim in merged.values()
        for name in ("responds_to", "supersedes", "disputes", "retells")
        for target in getattr(claim, name)
        if target not in merged
    ]


@contextmanager
def locked(claims_file: Path) -> Iterator[None]:
    """Hold the lock of a claims file, so that two imports follow each other. The lock ends with the process."""
    with open(claims_file.parent / f".{claims_file.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""Reading a claims file again: rows that stood in it unchanged, under the same tables, are not read a second time.

A desk reads its file before and after each report that is saved. What is kept here is compared with the cells of the
file each time, so it is never older than the file. Of a long file only the ledger is kept, the last one, by the hash of
all that it was read from: a command that looks at a folder from several sides reads its claims once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from pathlib import Path

from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.retelling import mark_retellings
from safeconduct.ledger.rows.columns import CLAIMS
from safeconduct.ledger.rows.naming import naming_faults
from safeconduct.ledger.rows.read import link_faults, read_claims, revision_of, with_terms, without_holds
from safeconduct.ledger.rows.when import zone_of_rows
from safeconduct.ledger.types import Claim, Ledger, Terms
from safeconduct.ledger.vocabulary import TABLES_OF_TERMS, read_terms
from safeconduct.terms import CaseError, Fault, Row, content_of, is_there, read_rows, table_file

MOST_FILES, MOST_ROWS = 8, 20_000  # that are kept with their rows: a desk's


@dataclass(frozen=True)
class Sound:
    """A claims file without a fault and the tables beside it."""

    tables: str  # hash of the tables beside it
    terms: Terms
    zone: tzinfo
    rows: tuple[Row, ...]
    claims: tuple[Claim, ...]  # as they stand in the file
    filled: tuple[Claim, ...]  # with topic, unit and time of publication; retellings are not marked yet


KEPT: OrderedDict[Path, Sound] = OrderedDict()
LONG: dict[Path, tuple[str, Ledger]] = {}  # the last longer file, its hash and its ledger
LOCK = threading.Lock()


def read_ledger(path: Path | str) -> Ledger:
    """The claims of a file, or of the claims.csv in a folder, with the reviewed tables that lie beside it.

    What a row leaves open is filled by its rules: topic and unit from the vocabulary, time of publication, retellings.
    Raises CaseError with every fault of these files, named by line and column.
    """
    file = Path(path) / CLAIMS.file if Path(path).is_dir() else Path(path)
    revision = revision_of(content_of(file))
    mark = f"{revision} {hash_of_tables(file.parent, 'case.yaml')}"
    before = LONG.get(file)
    if before and before[0] == mark:
        return before[1]
    faults: list[Fault] = []
    read = read_again(file, faults)
    placed = ((claim, (file.name, row.line)) for claim, row in zip(read.claims, read.rows, strict=True))
    faults += naming_faults(placed, read.terms)
    if faults:
        raise CaseError(faults)
    ledger = Ledger(mark_retellings(read.filled, read.terms), revision, read.terms)
    if len(read.rows) > MOST_ROWS:
        with LOCK:
            LONG.clear()
            LONG[file] = mark, ledger
    return ledger


def read_again(file: Path, faults: list[Fault]) -> Sound:
    """A claims file and the tables beside it, as they are now. Faults are added to the list."""
    before, tables, n_faults = KEPT.get(file), hash_of_tables(file.parent), len(faults)
    is_alike = before is not None and before.tables == tables
    terms = before.terms if before and is_alike else read_terms(file.parent, faults)
    rows = [without_holds(row) for row in read_rows(file, CLAIMS, faults) or []]
    zone = zone_of_rows(rows, file.parent)
    n = n_alike(before.rows, rows) if before and is_alike and before.zone == zone else 0
    known, filled = (before.claims[:n], before.filled[:n]) if before else ((), ())
    claims = [*known, *read_claims(rows[n:], zone, {c.id: row.line for c, row in zip(known, rows, strict=False)})]
    faults += link_faults([(claim, (file.name, row.line)) for claim, row in zip(claims, rows, strict=True)])
    new = (with_publication(with_terms(claim, terms)) for claim in claims[n:])
    if len(faults) > n_faults:
        return Sound(tables, terms, zone, tuple(rows), tuple(claims), ())
    read = Sound(tables, terms, zone, tuple(rows), tuple(claims), (*filled, *new))
    if len(rows) <= MOST_ROWS:
        keep(file, read)
    return read


def n_alike(before: Sequence[Row], now: Sequence[Row]) -> int:
    """How many rows at the start of a file are as they were."""
    pairs = enumerate(zip(before, now, strict=False))
    return next((n for n, (one, other) in pairs if not is_same(one, other)), min(len(before), len(now)))


def is_same(one: Row, other: Row) -> bool:
    """Whether two rows are read alike."""
    return one.cells == other.cells and one.separator == other.separator


def hash_of_tables(folder: Path, *more: str) -> str:
    """One hash over the files that words of claims are looked up in, and more files of the folder."""
    found = sha256()
    for name in (*TABLES_OF_TERMS, *more):
        path = table_file(folder / name)
        found.update(f"{name}\0{sha256(content_of(path)).hexdigest() if is_there(path) else ''}\n".encode())
    return found.hexdigest()


def keep(file: Path, read: Sound) -> None:
    """Keep what was read of a file; the file not read for longest goes first."""
    with LOCK:
        KEPT[file] = read
        KEPT.move_to_end(file)
        while len(KEPT) > MOST_FILES:
            KEPT.popitem(last=False)

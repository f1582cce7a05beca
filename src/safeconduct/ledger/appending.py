"""Adding reports to a case by hand: rows of cells are checked as a file is, and written in one step or not at all.

The file keeps its own columns, its separator and its order: new rows stand at its end, and only a column that they need
and the file lacks is added to it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from safeconduct.ledger.formats.importing import locked
from safeconduct.ledger.formats.reading import stop_if_any
from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.retelling import mark_retellings
from safeconduct.ledger.rows.again import read_again
from safeconduct.ledger.rows.columns import CLAIMS, COLUMNS, header_comment
from safeconduct.ledger.rows.naming import naming_faults
from safeconduct.ledger.rows.read import link_faults, read_claims, revision_of, with_terms
from safeconduct.ledger.rows.when import zone_of_settings
from safeconduct.ledger.rows.write import ALWAYS
from safeconduct.ledger.types import Claim, Ledger
from safeconduct.ledger.vocabulary import read_terms
from safeconduct.terms import Fault, Row, inert, is_comment, is_there, read_text, records, separator_of, write_whole

Cells = Mapping[str, str]
NEW = "new row"  # how faults name the rows that are not in a file yet


def append_claims(folder: Path, rows: Iterable[Cells]) -> tuple[Claim, ...]:
    """Add reports to the claims.csv of a case folder; the claims that were added. A row that is there already is not.

    `rows` hold cells by column name; only `reporter` and `source_title` are required, and a row without an id gets one
    from its content. All faults of all rows are reported at once, and then nothing is written. Raises CaseError.
    """
    rows = [dict(row) for row in rows]
    file = folder / CLAIMS.file
    with locked(file):
        ledger, added = with_rows(folder, rows)
        given = {claim.id: row for claim, row in zip(named_rows(ledger, folder, rows), rows, strict=True)}
        new = [{**given[claim.id], "id": claim.id} for claim in added]
        if new:
            write_whole(file, with_lines(read_text(file, []) if is_there(file) else None, new))
    return added


def with_rows(folder: Path, rows: Iterable[Cells]) -> tuple[Ledger, tuple[Claim, ...]]:
    """The ledger of a folder as it would be with these reports, and the claims that are new. Nothing is written.

    Raises CaseError with every fault of the file and of the rows.
    """
    faults: list[Fault] = []
    file = folder / CLAIMS.file
    read = read_again(file, faults) if is_there(file) else None
    terms = read.terms if read else read_terms(folder, faults)
    old, lines = (read.claims, [row.line for row in read.rows]) if read else ((), [])
    stop_if_any(faults)
    new = rows_as_claims(old, folder, list(rows), faults)
    known = {claim.id: claim for claim in old}
    for number, claim in enumerate(new, start=1):
        if claim.id in known and known[claim.id] != claim:
            advice = "claims are not edited: add one that supersedes it"
            found = f'"{claim.id}", which is another claim'
            faults.append(Fault(NEW, number, "id", found, "an id of its own", advice))
    added = [claim for claim in new if claim.id not in known]
    at = [(CLAIMS.file, line) for line in lines] + [(NEW, number) for number, _ in enumerate(added, start=1)]
    placed = list(zip([*old, *added], at, strict=True))
    faults += [fault for fault in link_faults(placed) if fault.file == NEW]
    faults += naming_faults(placed[len(old) :], terms)
    stop_if_any(faults)
    filled = (with_publication(with_terms(claim, terms)) for claim in added)
    whole = mark_retellings((*(read.filled if read else ()), *filled), terms)
    revision = revision_of(repr([claim.id for claim in whole]).encode())
    return Ledger(whole, revision, terms), whole[len(old) :]


def rows_as_claims(old: Sequence[Claim], folder: Path, rows: Sequence[Cells], faults: list[Fault]) -> list[Claim]:
    """Rows of cells as claims, in the zone of those that are there; unknown columns are noted."""
    for number, row in enumerate(rows, start=1):
        for name in row.keys() - set(COLUMNS):
            known = ", ".join(COLUMNS)
            faults.append(Fault(NEW, number, name, "an unknown column", f"one of {known}", "rename or remove it"))
    made = [Row(CLAIMS, NEW, n, {k: v.strip() for k, v in row.items()}, faults) for n, row in enumerate(rows, start=1)]
    zones = [claim.time.tzinfo for claim in old if claim.time and claim.time.tzinfo]
    return read_claims(made, max(set(zones), key=zones.count) if zones else zone_of_settings(folder))


def named_rows(ledger: Ledger, folder: Path, rows: Sequence[Cells]) -> list[Claim]:
    """The claims of rows that were found sound, in their order."""
    return rows_as_claims(ledger.claims, folder, rows, [])


def with_lines(text: str | None, rows: Sequence[Cells]) -> str:
    """A claims file with rows at its end; a new one, with what columns hold on top, where there is none."""
    used = [name for name in COLUMNS if name in ALWAYS or any(row.get(name) for row in rows)]
    if text is None or not text.strip():
        return header_comment() + lines_of(rows, used, ",", header=True)
    separator = separator_of(text)
    found = [cells for _line, cells in records(text, CLAIMS.file, [], separator=separator)]
    at = next(n for n, cells in enumerate(found) if not is_comment(cells))
    header = [name.strip() for name in found[at]]
    missing = [name for name in used if name not in header and any(row.get(name) for row in rows)]
    if not missing:
        return text.rstrip("\r\n") + "\n" + lines_of(rows, header, separator)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerows(found[:at])
    writer.writerow([*header, *missing])
    writer.writerows([*cells, *[""] * len(missing)] for cells in found[at + 1 :])
    return out.getvalue() + lines_of(rows, [*header, *missing], separator)


def lines_of(rows: Iterable[Cells], columns: Sequence[str], separator: str, *, header: bool = False) -> str:
    """Rows of cells as lines of a table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows([inert(row.get(name, "")) for name in columns] for row in rows)  # reading takes it off again
    return out.getvalue()

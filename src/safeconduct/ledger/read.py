"""Reading claims.csv: loose cells in, strict claims out, every fault told at once."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from safeconduct.ledger.retelling import mark_retellings
from safeconduct.ledger.tables import Faults, Row, number_in, read_text, rows_of
from safeconduct.ledger.types import BASES, KINDS, PRECISIONS, Claim, Ledger
from safeconduct.ledger.vocabulary import read_terms, words_in
from safeconduct.terms import closest, parse_time

COLUMNS = (
    "id",
    "kind",
    "time",
    "precision",
    "until",
    "place",
    "place_said",
    "quantity",
    "low",
    "best",
    "high",
    "unit",
    "basis",
    "hedge",
    "scope",
    "actor",
    "towards",
    "action",
    "severity",
    "response",
    "responds_to",
    "obligation",
    "status",
    "due",
    "words",
    "reporter",
    "via",
    "source_title",
    "address",
    "published",
    "published_rule",
    "retrieved",
    "supersedes",
    "disputes",
    "retells",
    "topic",
    "row",
    "note",
)
NEEDED = ("id", "kind", "time", "precision", "place", "reporter", "source_title", "address")
LINKS = ("responds_to", "supersedes", "disputes", "retells")
TEXTS = tuple(
    name
    for name in COLUMNS
    if name in Claim.__dataclass_fields__ and Claim.__dataclass_fields__[name].type == "str"
)


def read_ledger(path: Path | str) -> Ledger:
    """The claims of a file, or of the claims.csv in a folder, with the reviewed tables that lie beside it.

    Raises CaseError with every fault of the file, named by line and column.
    """
    file = Path(path)
    file = file / "claims.csv" if file.is_dir() else file
    text = read_text(file)
    terms = read_terms(file.parent)
    return Ledger(mark_retellings(read_claims(text, str(file)), terms), revision_of(text), terms)


def revision_of(text: str) -> str:
    """The hash that names a state of the reviewed file."""
    return sha256(text.encode()).hexdigest()[:16]


def read_claims(text: str, file: str, known: frozenset[str] = frozenset()) -> tuple[Claim, ...]:
    """The claims of a text in the ledger's own columns. Links may lead to `known` ids too. Raises CaseError."""
    faults, times = Faults(file), TimeReader()
    lines = {}
    claims = []
    for line, row in rows_of(text, faults, COLUMNS, NEEDED):
        claim = read_claim(row, line, times, faults)
        if claim.id in lines:
            faults.add(
                line,
                "id",
                f'"{claim.id}" as in line {lines[claim.id]}',
                "an id used once",
                "give it another id",
            )
        lines[claim.id] = line
        claims.append(claim)
    check_links(claims, lines, known, faults)
    faults.stop_if_any()
    return tuple(claims)


class TimeReader:
    """Reads times, each distinct text once: a file holds few distinct hours."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    def read(self, cell: str, line: int, column: str, faults: Faults) -> datetime | None:
        """The time in a cell; None where it is empty."""
        if not cell:
            return None
        if cell not in self._seen:
            try:
                self._seen[cell] = parse_time(cell)
            except ValueError as wrong:
                faults.add(
                    line,
                    column,
                    str(wrong),
                    "a time with its offset from UTC",
                    "write 2023-09-24T14:00+04:00",
                )
                return None
        return self._seen[cell]


def read_claim(row: Row, line: int, times: TimeReader, faults: Faults) -> Claim:
    """One claim from the cells of one row."""
    get = row.get
    numbers = {
        name: number_in(get(name, ""), line, name, faults) for name in ("low", "best", "high", "severity")
    }
    claim = Claim(
        **{name: get(name, "") for name in TEXTS},
        time=times.read(row["time"], line, "time", faults),
        until=times.read(get("until", ""), line, "until", faults),
        published=times.read(get("published", ""), line, "published", faults),
        low=numbers["low"],
        best=numbers["best"],
        high=numbers["high"],
        severity=None if numbers["severity"] is None else int(numbers["severity"]),
        via=words_in(get("via", "")),
        **{name: words_in(get(name, "")) for name in LINKS},
    )
    check_claim(claim, line, faults)
    return claim


def check_claim(claim: Claim, line: int, faults: Faults) -> None:
    """Note what is wrong within one claim."""
    for column, found, allowed in (
        ("kind", claim.kind, KINDS),
        ("precision", claim.precision, PRECISIONS),
        ("basis", claim.basis, (*BASES, "")),
    ):
        if found not in allowed:
            faults.add(
                line,
                column,
                f'"{found}"',
                "one of " + ", ".join(filter(None, allowed)),
                closest(found, allowed),
            )
    for column, cell in (
        ("id", claim.id),
        ("reporter", claim.reporter),
        ("source_title", claim.source_title),
        ("address", claim.address),
    ):
        if not cell:
            faults.add(line, column, "empty", "a text", 'say "address not kept" or who reports it')
    if claim.kind == "figure" and (not claim.quantity or (claim.value is None and not claim.words)):
        faults.add(
            line, "quantity", "without a figure or words", "a quantity and a number", "fill low, best or high"
        )
    bounds = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if bounds != sorted(bounds):
        faults.add(line, "low, best, high", str(bounds), "numbers that do not fall", "put them in order")
    if (claim.time is None) != (claim.precision == "unknown"):
        faults.add(
            line, "precision", f'"{claim.precision}"', "unknown exactly where no time is given", "mend either"
        )
    if claim.time and claim.until and claim.until < claim.time:
        faults.add(line, "until", "before time", "the end of the period", "mend either")


def check_links(claims: list[Claim], lines: dict[str, int], known: frozenset[str], faults: Faults) -> None:
    """Note links that lead nowhere, and rings of supersessions or retellings."""
    for claim in claims:
        for column in LINKS:
            for target in getattr(claim, column):
                if target not in lines and target not in known:
                    faults.add(
                        lines[claim.id], column, f'"{target}"', "the id of a claim", closest(target, lines)
                    )
    for column in ("supersedes", "retells"):
        onward = {claim.id: getattr(claim, column) for claim in claims}
        for ring in rings(onward):
            found = " -> ".join((*ring, ring[0]))
            faults.add(lines[ring[0]], column, f"a ring: {found}", "an end", "remove one of these links")


def rings(onward: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each ring of a graph of links once, as the ids along it."""
    done: set[str] = set()
    found = []
    for start in onward:
        path: list[str] = []
        stack = [(start, 0)]
        while stack:
            node, turn = stack.pop()
            del path[turn:]
            if node in path:
                found.append(tuple(path[path.index(node) :]))
                continue
            if node in done:
                continue
            path.append(node)
            done.add(node)
            stack.extend((target, len(path)) for target in onward.get(node, ()))
    return found

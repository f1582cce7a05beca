"""Reading claims.csv: loose cells in, strict claims out, every fault told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from safeconduct.ledger.publication import with_publication
from safeconduct.ledger.retelling import mark_retellings
from safeconduct.ledger.types import BASES, KINDS, PRECISIONS, Claim, Ledger
from safeconduct.ledger.vocabulary import read_terms, words_in
from safeconduct.terms import CaseError, Column, Fault, Need, Row, Table, cells, read_rows, shown

OPTIONAL = Need.NONE
TIME = "ISO time with offset"
LINKS = ("responds_to", "supersedes", "disputes", "retells")
CLAIMS = Table(
    "claims.csv",
    "What was reported, by whom: one row for each claim and each outlet that carried it.",
    (
        Column("id", "name of the claim; never used again for another"),
        Column("kind", "one of " + ", ".join(KINDS) + "; empty = figure", need=OPTIONAL),
        Column("time", "start of the moment or period that it speaks of", TIME, Need.COLUMN),
        Column(
            "precision",
            "exact; approximate = about then, the source gives none; day, month, year; unknown = no time",
        ),
        Column("until", "end of the period, where it is not one day, month or year", TIME, OPTIONAL),
        Column("place", "key of a place, several joined by +; or the words of the source", need=Need.COLUMN),
        Column("place_said", "the place in the words of the source", need=OPTIONAL),
        Column("quantity", "what is counted, a word of the vocabulary", need=OPTIONAL),
        Column("low", "lowest figure said", "unit", OPTIONAL),
        Column("best", "figure said", "unit", OPTIONAL),
        Column("high", "highest figure said", "unit", OPTIONAL),
        Column("unit", "persons, vehicles, percent ...", need=OPTIONAL),
        Column("basis", "one of " + ", ".join(BASES) + "; derived = arithmetic of the compiler", need=OPTIONAL),
        Column("hedge", "as said: over, about, at least, up to, nearly, by ...", need=OPTIONAL),
        Column("scope", "what exactly is counted, as said", need=OPTIONAL),
        Column("actor", "who acted, or is spoken of; several split by ;", need=OPTIONAL),
        Column("towards", "on or to whom", need=OPTIONAL),
        Column("action", "what was done, a word of actions.csv", need=OPTIONAL),
        Column("severity", "as coded, not by the source", "0 to 5", OPTIONAL),
        Column("response", "kind of answer, as coded; or answer not looked up", need=OPTIONAL),
        Column("responds_to", "claims that this act answers, split by ;", need=OPTIONAL),
        Column("obligation", "row of agreement.csv that a status speaks of", need=OPTIONAL),
        Column("status", "how an obligation stands, or what came of a prediction, as said", need=OPTIONAL),
        Column("due", "by when a prediction should come true, as said", need=OPTIONAL),
        Column("words", "what is said, in short", need=OPTIONAL),
        Column("reporter", "who says so"),
        Column("via", "outlets that carried it, nearest to the reporter first, split by ;", need=OPTIONAL),
        Column("source_title", "where it was read; unverified = from memory"),
        Column("address", "address of that page; address not kept; unverified", need=OPTIONAL),
        Column("published", "when it could be known", TIME, OPTIONAL),
        Column("published_rule", "how that was found; recorded = the source says so", need=OPTIONAL),
        Column("retrieved", "when it was read; empty = not known", "date", OPTIONAL),
        Column("supersedes", "claims that it takes the place of, split by ;", need=OPTIONAL),
        Column("disputes", "claims that it speaks against, split by ;", need=OPTIONAL),
        Column("retells", "claim that it repeats through another outlet", need=OPTIONAL),
        Column("topic", "arrivals, corridor, supplies, operation, returns, force ...", need=OPTIONAL),
        Column("row", "table and line that it was made from", need=OPTIONAL),
        Column("note", "anything else", need=OPTIONAL),
    ),
    is_required=False,
    may_be_empty=True,
)
COLUMNS = tuple(column.name for column in CLAIMS.columns)
WORDS = (
    "place", "place_said", "quantity", "unit", "hedge", "scope", "actor", "towards", "action", "response",
    "obligation", "status", "due", "words", "address", "published_rule", "retrieved", "topic", "row", "note",
)  # fmt: skip


def read_ledger(path: Path | str) -> Ledger:
    """The claims of a file, or of the claims.csv in a folder, with the reviewed tables that lie beside it.

    Times of publication that the file does not give are found, and retellings linked, by their rules.
    Raises CaseError with every fault of these files, named by line and column.
    """
    file = Path(path) / CLAIMS.file if Path(path).is_dir() else Path(path)
    faults: list[Fault] = []
    claims, terms = read_table(file, faults), read_terms(file.parent, faults)
    if faults:
        raise CaseError(faults)
    known = map(with_publication, claims)
    return Ledger(mark_retellings(known, terms), revision_of(file.read_bytes()), terms)


def revision_of(content: bytes) -> str:
    """The hash that names a state of the reviewed file."""
    return sha256(content).hexdigest()[:16]


def read_table(path: Path, faults: list[Fault]) -> tuple[Claim, ...]:
    """The claims of a table as they stand in it, in its order."""
    lines: dict[str, int] = {}
    times: dict[str, datetime] = {}
    rows = read_rows(path, CLAIMS, faults) or []
    claims = []
    for row in rows:
        cells.new_key(row, "id", lines)
        claims.append(read_claim(row, times))
    faults += link_faults([(claim, (path.name, row.line)) for claim, row in zip(claims, rows, strict=True)])
    return tuple(claims)


def read_claim(row: Row, times: dict[str, datetime]) -> Claim:
    """One claim from the cells of one row. `times` keeps each time once read: a file holds few distinct hours."""
    get = row.cells.get
    low, best, high, severity = (cells.number(row, name) for name in ("low", "best", "high", "severity"))
    via, responds_to, supersedes, disputes, retells = (words_in(get(name, "")) for name in ("via", *LINKS))
    said = {name: get(name, "") for name in WORDS}
    claim = Claim(
        id=get("id", ""),
        kind=cells.choice(row, "kind", KINDS, "figure"),
        time=time_in(row, "time", times),
        precision=cells.choice(row, "precision", PRECISIONS),
        place=said["place"],
        quantity=said["quantity"],
        low=low,
        best=best,
        high=high,
        unit=said["unit"],
        basis=cells.choice(row, "basis", BASES),
        reporter=cells.text(row, "reporter"),
        source_title=cells.text(row, "source_title"),
        address=said["address"],
        note=said["note"],
        until=time_in(row, "until", times),
        place_said=said["place_said"],
        hedge=said["hedge"],
        scope=said["scope"],
        actor=said["actor"],
        towards=said["towards"],
        action=said["action"],
        severity=None if severity is None else int(severity),
        response=said["response"],
        responds_to=responds_to,
        obligation=said["obligation"],
        status=said["status"],
        due=said["due"],
        words=said["words"],
        via=via,
        published=time_in(row, "published", times),
        published_rule=said["published_rule"],
        retrieved=said["retrieved"],
        supersedes=supersedes,
        disputes=disputes,
        retells=retells,
        topic=said["topic"],
        row=said["row"],
    )
    check_claim(claim, row)
    return claim


def time_in(row: Row, column: str, times: dict[str, datetime]) -> datetime | None:
    """The time in a cell; None where it is empty."""
    cell = row.cells.get(column, "")
    if cell and cell not in times:
        times[cell] = cells.time(row, column)
    return times[cell] if cell else None


def check_claim(claim: Claim, row: Row) -> None:
    """Note what is wrong within one claim."""
    if claim.kind == "figure" and not claim.quantity:
        row.note("quantity", "what is counted", "name the quantity")
    said = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if said != sorted(said):
        found = "out of order (" + " then ".join(f"{value:g}" for value in said) + ")"
        row.note("best", "low, best and high in this order", "put the smallest in low, the largest in high", found)
    if (claim.time is None) != (claim.precision == "unknown"):
        row.note("precision", "unknown where no time is given, and only there", "mend precision or time")
    if claim.time and claim.until and claim.until < claim.time:
        row.note("until", f"a time after {shown(row.cells['time'])}", "exchange or correct the two")


def link_faults(placed: Sequence[tuple[Claim, tuple[str, int]]]) -> Iterator[Fault]:
    """A fault for each link that leads nowhere, and for each ring of supersessions or retellings.

    `placed` is each claim with the file and line of it; two may have one id, which is a fault told elsewhere.
    """
    places = {claim.id: place for claim, place in reversed(placed)}
    for claim, place in placed:
        for column in LINKS:
            for target in getattr(claim, column):
                if target not in places:
                    advice = cells.nearest(target, places, "remove the link, or add that claim")
                    found = f"{shown(target)} in claim {claim.id}"
                    yield Fault(*place, column, found, "the id of a claim", advice)
    for column in ("supersedes", "retells"):
        for ring in rings({claim.id: links for claim, _ in placed if (links := getattr(claim, column))}):
            found = "a ring (" + " -> ".join((*ring, ring[0])) + ")"
            yield Fault(*places[ring[0]], column, found, "an end", "remove one of these links")


def rings(onward: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each ring of a graph of links, as the ids along it."""
    done: set[str] = set()
    found = []
    for start in onward:
        path: list[str] = []
        stack = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            del path[depth:]
            if node in path:
                found.append(tuple(path[path.index(node) :]))
            elif node not in done:
                path.append(node)
                done.add(node)
                stack.extend((target, len(path)) for target in onward.get(node, ()))
    return found

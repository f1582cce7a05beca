"""Reading claims.csv: loose cells in, strict claims out, every fault reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from hashlib import blake2b, sha256
from pathlib import Path

from safeconduct.ledger.rows.columns import CLAIMS, LINKS
from safeconduct.ledger.rows.when import ZONE_OF_CASE, Times, zone_of_rows
from safeconduct.ledger.types import BASES, KINDS, PASSES, PRECISIONS, SEVERAL, Claim, Terms
from safeconduct.ledger.vocabulary import words_in
from safeconduct.terms import Fault, Row, as_written, cells, parse_day, read_rows, shown

TEXTS = (
    "place", "place_said", "quantity", "hedge", "scope", "actor", "towards", "action", "obligation_note", "status",
    "due_said", "words", "quote", "span", "context", "remark", "address", "published_rule", "retrieved", "topic", "row",
    "time_rule", "behalf", "unit",
)  # fmt: skip
CONSEQUENCES = ("killed_persons", "injured_persons", "displaced_persons", "closed_hours")


def with_terms(claim: Claim, terms: Terms) -> Claim:
    """The claim by the names of the vocabulary and of the case, with topic and unit where the row leaves them open."""
    quantity = terms.quantity(claim.quantity).name if claim.quantity else ""
    place = SEVERAL.join(terms.place_key(part, quantity) for part in claim.place.split(SEVERAL)) if claim.place else ""
    if quantity == claim.quantity and place == claim.place and claim.topic and (claim.unit or not quantity):
        return claim
    word, action = terms.quantity(quantity), terms.actions.get(claim.action)
    return replace(
        claim,
        quantity=quantity,
        place=place,
        place_said=claim.place_said or (claim.place if place != claim.place else ""),
        topic=claim.topic or (word.topic if quantity else action.group if action else ""),
        unit=claim.unit or (word.unit if quantity else ""),
    )


def revision_of(content: bytes) -> str:
    """The hash that names a state of the reviewed file."""
    return sha256(content).hexdigest()[:16]


def read_table(path: Path, faults: list[Fault]) -> tuple[Claim, ...]:
    """The claims of a table as they stand in it, in its order."""
    return tuple(read_placed(path, faults)[0])


def read_placed(path: Path, faults: list[Fault]) -> tuple[list[Claim], list[int]]:
    """The claims of a table in its order, and the line of each."""
    rows = [without_holds(row) for row in read_rows(path, CLAIMS, faults) or []]
    claims = read_claims(rows, zone_of_rows(rows, path.parent))
    faults += link_faults([(claim, (path.name, row.line)) for claim, row in zip(claims, rows, strict=True)])
    return claims, [row.line for row in rows]


def without_holds(row: Row) -> Row:
    """A row of a file of ours without the apostrophes that keep spreadsheets from running a text."""
    if not any(text[:1] == "'" for text in row.cells.values()):
        return row
    return replace(row, cells={name: as_written(text) for name, text in row.cells.items()})


def read_claims(rows: Sequence[Row], zone: tzinfo, above: Mapping[str, int] | None = None) -> list[Claim]:
    """One claim for each row; a name used twice is noted. A row without a name gets one from its content.

    `above`: names of claims that stand above these rows, with the line of each.
    """
    lines: dict[str, int] = dict(above or {})
    times = Times(zone, {})
    claims = []
    for row in rows:
        named = row if row.cells.get("id") else replace(row, cells={**row.cells, "id": content_id(row.cells)})
        cells.new_key(named, "id", lines)
        claims.append(read_claim(named, times))
    return claims


def content_id(cells: Mapping[str, str]) -> str:
    """A name that the same row always gets."""
    text = "\x1f".join(f"{name}={cells[name]}" for name in sorted(cells) if cells[name])
    return "c" + blake2b(text.encode(), digest_size=6).hexdigest()


def read_claim(row: Row, times: Times) -> Claim:
    """One claim from the cells of one row."""
    get = row.cells.get
    text = {name: get(name, "") for name in TEXTS}
    low, best, high = (cells.number(row, name) for name in ("low", "best", "high"))
    killed, injured, displaced, closed = (cells.number(row, name, low=0) for name in CONSEQUENCES)
    via, obligation, *links = (words_in(get(name, "")) for name in ("via", "obligation", *LINKS))
    responds_to, outcome_of, supersedes, disputes, retells = links
    time, until, published = (times.cell(row, name) for name in ("time", "until", "published"))
    precision = cells.choice(row, "precision", PRECISIONS) or (time.precision if time else "unknown")
    added = any(one is not None and one.is_zone_added for one in (time, until, published))
    due, due_said = read_due(row, text["due_said"])
    claim = Claim(
        id=get("id", ""),
        kind=cells.choice(row, "kind", KINDS) or kind_by_columns(row.cells),
        time=time.moment if time else None,
        precision=precision,
        place=text["place"],
        quantity=text["quantity"],
        low=low,
        best=best,
        high=high,
        unit=text["unit"],
        basis=cells.choice(row, "basis", BASES),
        reporter=cells.text(row, "reporter"),
        source_title=cells.text(row, "source_title"),
        address=text["address"],
        behalf=text["behalf"],
        via=via,
        published=published.end if published else None,
        published_rule=text["published_rule"],
        retrieved=text["retrieved"],
        until=until.end if until else None,
        time_rule=text["time_rule"] or (ZONE_OF_CASE if added else ""),
        place_said=text["place_said"],
        topic=text["topic"],
        scope=text["scope"],
        actor=text["actor"],
        towards=text["towards"],
        action=text["action"],
        responds_to=responds_to,
        killed_persons=killed,
        injured_persons=injured,
        displaced_persons=displaced,
        closed_hours=closed,
        obligation=obligation,
        obligation_note=text["obligation_note"],
        status=text["status"],
        due=due,
        due_said=due_said,
        outcome_of=outcome_of,
        road_out=passes_in(row, "road_out"),
        road_in=passes_in(row, "road_in"),
        road_days=whole(cells.number(row, "road_days", low=1)),
        words=text["words"],
        quote=text["quote"],
        span=text["span"],
        hedge=text["hedge"],
        context=text["context"],
        remark=text["remark"],
        supersedes=supersedes,
        disputes=disputes,
        retells=retells,
        row=text["row"],
    )
    check_claim(claim, row)
    return claim


def kind_by_columns(filled: Mapping[str, str]) -> str:
    """The kind of a row that does not say it, by what it gives: a figure, an act, a status, a prediction, words."""
    for column, kind in (("quantity", "figure"), ("action", "act"), ("status", "status")):
        if filled.get(column):
            return kind
    if any(filled.get(column) for column in ("low", "best", "high")):
        return "figure"
    return "prediction" if filled.get("due") or filled.get("due_said") else "statement"


def read_due(row: Row, said: str) -> tuple[date | None, str]:
    """The day by which something is due, and its words; what is written in words is kept as such."""
    cell = row.cells.get("due", "")
    try:
        return (parse_day(cell), said) if cell else (None, said)
    except ValueError as error:
        if cell[:4].isdecimal():
            row.note("due", "a day such as 2030-05-06, or words", f"mend it: {error}")
        return None, said or cell


def passes_in(row: Row, column: str) -> tuple[str, ...] | None:
    """Who could pass, in the order of the list; None where the cell is empty."""
    words = row.cells.get(column, "").replace(";", " ").split()
    for word in words:
        if word not in PASSES:
            advice = cells.nearest(word, PASSES, "choose among them")
            row.note(column, f"words of the list {', '.join(PASSES)}", advice, shown(word))
    return tuple(word for word in PASSES if word in words) or None


def whole(number: float | None) -> int | None:
    """A number of days."""
    return None if number is None else int(number)


def check_claim(claim: Claim, row: Row) -> None:
    """Note what is wrong within one claim."""
    if claim.kind == "figure" and not claim.quantity:
        row.note("quantity", "what is counted", "name the quantity")
    said = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if said != sorted(said):
        found = "out of order (" + " then ".join(f"{value:g}" for value in said) + ")"
        row.note("best", "low, best and high in this order", "put the smallest in low, the largest in high", found)
    is_read = claim.time is not None or not row.cells.get("time")  # a faulty time is reported once
    if is_read and (claim.time is None) != (claim.precision == "unknown"):
        row.note("precision", "unknown where no time is given, and only there", "mend precision or time")
    if claim.time and claim.until and claim.until < claim.time:
        row.note("until", f"a time after {shown(row.cells['time'])}", "exchange or correct the two")


def link_faults(placed: Sequence[tuple[Claim, tuple[str, int]]]) -> Iterator[Fault]:
    """A fault for each link that leads nowhere, and for each ring of supersessions or retellings.

    `placed` is each claim with the file and line of it; two may have one id, which is a fault reported elsewhere.
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
        place: dict[str, int] = {}  # of each id along the path
        stack = [(start, 0)]
        while stack:
            node, depth = stack.pop()
            for left in path[depth:]:
                del place[left]
            del path[depth:]
            if node in place:
                found.append(tuple(path[place[node] :]))
            elif node not in done:
                place[node] = len(path)
                path.append(node)
                done.add(node)
                stack.extend((target, len(path)) for target in onward.get(node, ()))
    return found

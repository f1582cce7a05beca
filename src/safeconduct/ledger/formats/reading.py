"""A file from any source, recognised by its content and read as claims.

`sheets.py` makes tables of the file; here a table and a format or a mapping find each other, and claims are finished.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from hashlib import blake2b
from pathlib import Path
from typing import Any

from safeconduct.ledger.formats import hxl, own
from safeconduct.ledger.formats.base import ORDERS, ForeignTable, Format, Intake
from safeconduct.ledger.formats.mapping import Heading, by_table, read_mapped, serves
from safeconduct.ledger.formats.places import PlaceFinder
from safeconduct.ledger.formats.sheets import formats, sheets_of
from safeconduct.ledger.types import Claim, Terms, period_end
from safeconduct.terms import CaseError, Fault, closest, parse_time, shown

LEAST_NEEDED, LEAST_KNOWN = 0.5, 3  # share of the needed headings, and headings in all, that make a format the nearest
CONTENT_ID = re.compile(r"c[0-9a-f]{12}")  # made from what a claim says, as its provider names no row
SAYABLE = (
    "quantity", "place", "reporter", "source_title", "address", "published", "basis", "scope", "topic", "unit",
    "context", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class TableClaims:
    """The claims of one file, and what of it was not taken."""

    file: str
    format: str  # name of the format, or "mapped"
    claims: tuple[Claim, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)  # what was left out -> rows, columns or cells
    unknown_places: Mapping[str, int] = field(default_factory=dict)  # names that are no place of the case -> claims
    terms: str = ""  # what the provider forbids
    alike: tuple[int, ...] = ()  # lines of rows that differ from one above only in columns that are left out

    def sentences(self) -> tuple[str, ...]:
        """What a person should know of the reading."""
        told = [f"{self.file}: {self.terms}."] if self.terms else []
        told += [f"{self.file}: left out {what} ({n:,})." for what, n in sorted(self.left_out.items())]
        if self.format != own.OWN_FORMAT.name:  # a row of ours says so itself
            undated = [line_of(claim) for claim in self.claims if claim.time is None]
            told += _lacking(self.file, undated, "date", "views by date and forecasts leave out what has none")
            nowhere = [line_of(claim) for claim in self.claims if not claim.place and not claim.place_said]
            told += _alike(self.file, self.alike)
            n = sum(claim.published is None for claim in self.claims)
            if n:
                told.append(
                    f"{self.file}: {n:,} claim{'s say' if n > 1 else ' says'} no date of publication: it is "
                    "estimated from the time reported on. Where they came out later, say --say published=TIME."
                )
            told += _lacking(self.file, nowhere, "place", "a report without one is compared with no other")
        names = sorted(self.unknown_places, key=lambda name: (-self.unknown_places[name], name))
        if names:
            few = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
            told.append(
                f"{self.file}: names that are no place of the case and are kept as words ({len(names)}): {few}. "
                "Add them to aliases.csv or names.csv."
            )
        return tuple(told)


def _alike(file: str, lines: Sequence[int]) -> list[str]:
    """The sentence about rows that only columns without a place in a claim tell apart."""
    if not lines:
        return []
    many = len(lines) > 1
    n, kept = f"{len(lines):,} row{'s say' if many else ' says'}", f"{'are' if many else 'is'} kept ({_at(lines)})"
    return [f"{file}: {n} the same as one above but for columns that are left out, and {kept}."]


def _at(lines: Sequence[int]) -> str:
    """The first of some lines, in words."""
    few = ", ".join(map(str, lines[:5])) + (" ..." if len(lines) > 5 else "")
    return f"line{'s' if len(lines) > 1 else ''} {few}"


def _lacking(file: str, lines: list[int], what: str, so: str) -> list[str]:
    """The sentence about claims that say no date, or no place."""
    if not lines:
        return []
    at = list(dict.fromkeys(lines))
    n = f"{len(lines):,} claim{'s have' if len(lines) > 1 else ' has'}"
    return [f"{file}: {n} no {what} ({_at(at)}); {so}."]


def sniff(path: Path, faults: list[Fault] | None = None) -> Format | None:
    """The format of a file by its content; None where no format knows its headings."""
    found = _told_apart(sheets_of(path, faults if faults is not None else []))
    return found[0] if found else None


def unknown_sheet(path: Path, faults: list[Fault]) -> ForeignTable | None:
    """The first table of a file that no format knows, with faults; None where one does."""
    sheets = sheets_of(path, faults)
    return sheets[0] if sheets and _told_apart(sheets) is None else None


def read_claims(
    path: Path,
    terms: Terms | None = None,
    zone: tzinfo = UTC,
    *,
    places: PlaceFinder | None = None,
    form: str = "",
    headings: Sequence[Heading] = (),
    remembered: Sequence[Heading] = (),
    say: Mapping[str, str] | None = None,
    dates: str = "",
) -> TableClaims:
    """The claims of a file in any format known, with what was left out. Raises CaseError with every fault, by line.

    form: the name of a format, where it should not be found by content. headings: a mapping that a person gave, which
    goes before all formats; remembered: one that serves where no format fits. say: fields that hold for every claim.
    dates: how the table writes dates, one of ORDERS. `zone` is that of times without an offset.
    """
    faults: list[Fault] = []
    sheets = sheets_of(path, faults, first=by_table(headings), last=by_table(remembered))
    stop_if_any(faults)
    found = _told_apart(sheets, form)
    how, sheet = found if found else (None, None)
    mapped: Sequence[Heading] = ()
    if headings or how is None:
        mapped, sheet = next(
            ((some, one) for some in by_table(headings or remembered) for one in sheets if serves(some, one)),
            (headings, None),
        )
    if sheet is None or (how is None and not mapped):
        raise CaseError([_unknown(path, sheets, form, headings)])
    reading = Intake(sheet, places or PlaceFinder(terms or Terms()), zone, faults, ORDERS.get(dates, "ymd"))
    reading.places.unknown = Counter()
    others = {one.name for one in sheets if one.name and one.name != sheet.name}
    if others:
        reading.left_out[f"other sheets: {', '.join(sorted(others))}"] += 1
    if mapped:
        faults += sheet.twice([one.heading for one in mapped if one.heading and one.column != "ignore"])
    elif how and how.name not in (own.OWN_FORMAT.name, hxl.HXL.name):  # they tell of it themselves
        faults += sheet.twice(how.takes)
    if how and not mapped and how.takes and how.name != own.OWN_FORMAT.name:
        reading.leave_columns(how.takes)
    made = read_mapped(reading, mapped) if mapped or how is None else how.read(reading)
    alike = dict[int, None]()
    claims = _finished(made, reading.places.terms, say or {}, reading, alike)
    stop_if_any(faults)
    left = {what: n for what, n in reading.left_out.items() if n}
    name, forbids = (how.name, how.terms) if how and not mapped else ("mapped", "")
    return TableClaims(path.name, name, claims, left, dict(reading.places.unknown), forbids, tuple(alike))


def _finished(
    made: Iterable[Claim], terms: Terms, say: Mapping[str, str], reading: Intake, alike: dict[int, None]
) -> tuple[Claim, ...]:
    """The claims with what a person said of all of them, in the case's terms, each statement once.

    Rows that only columns without a place in a claim tell apart are claims of their own; their lines go into `alike`.
    """
    same, rows = list[int](), dict[int, list[str]]()
    faults, said = reading.faults, _said(say, reading.faults)
    kept: dict[str, Claim] = {}
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for claim in made:
        if claim.precision == "week" and claim.time:  # of a table: a week is a period of days
            claim = replace(claim, precision="day", until=claim.until or period_end(claim.time, "week"))
        if said:
            claim = replace(claim, **said)
        subject = (claim.quantity, claim.place)
        if subject not in known:
            named = in_terms(claim, terms)
            known[subject] = (named.quantity, named.place)
        if known[subject] != subject:
            claim = in_terms(claim, terms)
        if claim.kind == "figure" and not _is_sound(claim, reading):
            continue
        there = kept.setdefault(claim.id, claim)
        if there is not claim and CONTENT_ID.fullmatch(claim.id) and same_statement(there, claim):
            rows = rows or dict(reading.sheet.rows)
            one, other = (rows.get(line_of(each), []) for each in (there, claim))
            if one != other:
                mark = blake2b(repr(other).encode(), digest_size=3).hexdigest()
                claim = replace(claim, id=f"{claim.id}-{mark}")
                there = kept.setdefault(claim.id, claim)
                if there is claim:
                    alike[line_of(claim)] = None
        if there is not claim:
            if same_statement(there, claim):
                same.append(line_of(claim))
            else:
                found = f"{shown(claim.id)}, an id that line {there.row.rpartition(':')[2]} has"
                faults.append(
                    Fault(reading.sheet.file, line_of(claim), "id", found, "an id of its own", "correct or remove one")
                )
    if same:
        reading.left_out[f"rows that say the same as one above ({_at(same)})"] += len(same)
    return tuple(kept.values())


def _is_sound(claim: Claim, reading: Intake) -> bool:
    """Whether a figure says what it counts; that, and bounds out of order, are noted where they are wrong."""
    file, faults = reading.sheet.file, reading.faults
    figures = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if claim.quantity and figures == sorted(figures):
        return True
    line = line_of(claim)
    if claim.quantity:
        found = f"out of order ({' then '.join(f'{value:g}' for value in figures)})"
        faults.append(Fault(file, line, "best", found, "low, best and high in this order", "correct the row"))
    elif not any(one.column == "quantity" and one.file == file for one in faults):
        advice = "say it: --say quantity=..."
        faults.append(Fault(file, line, "quantity", "empty", "what is counted", advice))
    return False


def line_of(claim: Claim) -> int:
    """The line that a claim was made from, where it says so."""
    _, _, line = claim.row.rpartition(":")
    return int(line) if line.isdigit() else 0


def same_statement(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same, wherever they were read."""
    blank: dict[str, Any] = {"row": "", "source_title": "", "context": "", "published": None, "published_rule": ""}
    return replace(one, **blank) == replace(other, **blank)


def _said(say: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    """Fields that a person gave for every claim of a table."""
    found: dict[str, Any] = {}
    for name, value in say.items():
        if name not in SAYABLE:
            faults.append(Fault("--say", 0, name, "no field that can be said", "one of them", closest(name, SAYABLE)))
        elif name == "published":
            try:
                found |= {"published": parse_time(value), "published_rule": "recorded"}
            except ValueError as wrong:
                faults.append(Fault("--say", 0, name, shown(value), "a time with its offset", str(wrong)))
        else:
            found[name] = value
    return found


def in_terms(claim: Claim, terms: Terms) -> Claim:
    """The claim with its quantity and place by the names of the vocabulary and of the case."""
    quantity = terms.quantity(claim.quantity).name if claim.quantity else ""
    place = terms.place_key(claim.place, quantity)
    said = claim.place_said or (claim.place if place != claim.place else "")
    if (quantity, place, said) == (claim.quantity, claim.place, claim.place_said):
        return claim
    return replace(claim, quantity=quantity, place=place, place_said=said)


def stop_if_any(faults: Sequence[Fault]) -> None:
    """Raise CaseError where a fault was found."""
    if faults:
        raise CaseError(faults)


def _told_apart(sheets: Sequence[ForeignTable], form: str = "") -> tuple[Format, ForeignTable] | None:
    """The first format and sheet that belong together; the named format where one is named."""
    for sheet in sheets:
        for one in formats():
            if form in ("", one.name) and one.fits(sheet):
                return one, sheet
    return None


def _unknown(path: Path, sheets: Sequence[ForeignTable], form: str, headings: Sequence[Heading]) -> Fault:
    """The sentence about a table that nothing here can read."""
    heads = ", ".join(shown(head) for head in (sheets[0].header if sheets else ())[:12] if head) or "none"
    if headings:
        missing = [one.heading for one in headings if one.heading and not any(s.has(one.heading) for s in sheets)]
        return Fault(
            path.name,
            0,
            "",
            f"headings {heads}",
            f"those of the mapping ({', '.join(missing[:5])})",
            "correct the mapping",
        )
    if form and form not in {one.name for one in formats()}:
        return Fault("--format", 0, "", shown(form), "a format", closest(form, [one.name for one in formats()]))
    near = _nearest(sheets)
    advice = "say which heading is which column with --map FILE or --ask"
    if near:
        one, sheet = near
        as_written = {_folded(head): head for head in sheet.header}
        missing = [
            shown(need) + (f" (it has {shown(as_written[_folded(need)])})" if _folded(need) in as_written else "")
            for need in one.missing(sheet.header)
        ]
        found = f"no column {', '.join(missing)}"
        expected = f"the columns of {one.title}, the nearest format"
        return Fault(path.name, sheet.head_line, "", found, expected, f"add or rename it, or {advice}")
    known = ", ".join(one.name for one in formats())
    return Fault(path.name, 0, "", f"no format known here has the headings {heads}", f"one of {known}", advice)


def _nearest(sheets: Sequence[ForeignTable]) -> tuple[Format, ForeignTable] | None:
    """The format of which a table has most: half of the needed headings at least, and three of all; None for none."""
    best, most = None, (0.0, 0)
    for sheet in sheets:
        heads = {_folded(head) for head in sheet.header if head}
        for one in formats():
            lacking = {need for need in one.needs if not heads & {_folded(name) for name in need.split(" or ")}}
            n_known = len(heads & {_folded(name) for need in (*one.needs, *one.takes) for name in need.split(" or ")})
            score = (1 - len(lacking) / len(one.needs), n_known)
            if one.missing(sheet.header) and score[0] >= LEAST_NEEDED and n_known >= LEAST_KNOWN and score > most:
                best, most = (one, sheet), score
    return best


def _folded(heading: str) -> str:
    """A heading without what tells apart how people write it: capitals, spaces and signs."""
    return re.sub(r"[\W_]+", "", heading).casefold()

"""Tables with a row of HXL hashtags under the header (HXL 1.1), and our own claims exported that way."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line, with_content_id
from safeconduct.ledger.formats.own import OWN, with_whole_last_day
from safeconduct.ledger.rows.columns import COLUMNS
from safeconduct.ledger.rows.read import read_claims, without_holds
from safeconduct.ledger.rows.write import HXL_TAGS, OLD_HXL_TAGS
from safeconduct.ledger.types import NO_ADDRESS, Claim
from safeconduct.terms import Row

HASHTAG = re.compile(r"#[A-Za-z]\w*(\s*\+\s*[A-Za-z]\w*)*")
LOW, HIGH = {"min", "low"}, {"max", "high"}
IN_WORDS = {"group", "name", "code", "type", "id", "url", "desc", "description", "label", "source", "text"}
CUMULATIVE = {"cumulative", "cumul", "cum", "todate"}
NARROWER = {"refugees"}  # words that say less than the quantity that they stand for
PART_OF_PEOPLE = {"f", "m", "i", "infants", "children", "adolescents", "adults", "elderly", "disabled"}
HOUSEHOLDS = {"hh", "households"}
NOT_OF_THE_FIGURE = {"published", "updated", "created", "modified", "end", "due"}  # dates that say something else
PLACE_TAGS = ("#loc", "#adm5", "#adm4", "#adm3", "#adm2", "#adm1", "#country", "#region")  # the finest first
Tag = tuple[str, frozenset[str]]  # hashtag and attributes


@dataclass(frozen=True, slots=True)
class Figure:
    """The columns of a table that make one figure: low, best and high stand in columns of their own."""

    quantity: str
    scope: str  # attributes that say which people are meant
    low: str = ""
    best: str = ""
    high: str = ""


def fits(sheet: ForeignTable) -> bool:
    """Whether the headings are hashtags, as those of the row under the header are."""
    return is_tag_row(sheet.header)


def is_tag_row(row: Sequence[str]) -> bool:
    """Whether a row holds hashtags and nothing else."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return bool(cells) and all(map(HASHTAG.fullmatch, cells))


def split_tag(cell: str) -> Tag:
    """A hashtag and its attributes, which have no order: "#date +End" -> ("#date", {"end"})."""
    tag, *attributes = re.split(r"\s*\+\s*", cell.strip().lower())
    return tag, frozenset(attributes)


@cache
def hxl_quantities() -> dict[tuple[str, str], tuple[str, str, str]]:
    """(hashtag, attribute) -> quantity without a period, of a period, and of all until a date."""
    text = (files("safeconduct.ledger") / "data" / "hxl_quantities.csv").read_text("utf-8")
    return {
        (row["hashtag"], row["attributes"]): (
            row["quantity"], row["in_period"] or row["quantity"], row["cumulative"] or row["quantity"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }  # fmt: skip


@cache
def of_periods() -> dict[str, str]:
    """Quantity without a period -> the same of a period."""
    return {open_end: in_period for open_end, in_period, _ in hxl_quantities().values()}


@cache
def field_of_tag() -> dict[Tag, str]:
    """The column of claims.csv that a hashtag of our own export stands for, of this release and the one before."""
    every = {f"#meta+{name}": name for name in COLUMNS} | OLD_HXL_TAGS | {tag: name for name, tag in HXL_TAGS.items()}
    return {split_tag(tag): name for tag, name in every.items()}


def read(reading: Intake) -> Iterator[Claim]:
    """One claim for each figure of each row; or our own export, read back field by field."""
    heads = {head: split_tag(head) for head in reading.sheet.header if head.strip()}
    ours = {head: field_of_tag().get(tag, "") for head, tag in heads.items()}
    if {"id", "kind", "reporter"} <= set(ours.values()):
        yield from read_claims([_own_row(line, ours) for line in reading.lines()], reading.zone)
        return
    figures = figures_of(heads, reading)
    if not figures:
        known = ", ".join(sorted({f"{tag}+{word}".rstrip("+") for tag, word in hxl_quantities()}))
        reading.head().fault("", "no hashtag of a figure", f"one of {known}", "tag the column of figures")
    dates = set[str]()  # columns whose dates were taken
    for line in reading.lines():
        for figure in figures:
            said = _claim(line, figure, heads, dates)
            if said:
                yield said
            else:
                columns = ", ".join(head for head in (figure.low, figure.best, figure.high) if head)
                reading.left_out[f"rows without a number in {columns}"] += 1
    if figures:
        leave_unread(reading, heads, figures, dates)


def leave_unread(reading: Intake, heads: dict[str, Tag], figures: Sequence[Figure], dates: set[str]) -> None:
    """Note every column that nothing was made of, also those without a hashtag or with that of a column before."""
    taken = {head for figure in figures for head in (figure.low, figure.best, figure.high)} | dates
    told = {what.rpartition(": ")[2] for what in reading.left_out if not what.startswith("rows ")}
    reading.leave_columns({*taken, *told, *(head for head, (tag, more) in heads.items() if _is_about(tag, more))})
    header = reading.sheet.header
    for head in dict.fromkeys(head for head in header if head and header.count(head) > 1):
        reading.left_out[f"further columns of the same hashtag: {head}"] += header.count(head) - 1
    bare = [at for at, head in enumerate(header) if not head and any(cells[at] for _, cells in reading.sheet.rows)]
    if bare:
        reading.left_out["columns without a hashtag"] += len(bare)


def _is_about(tag: str, attributes: frozenset[str]) -> bool:
    """Whether a column says where, who or by whom: place, group of people, reporter, address."""
    if tag in PLACE_TAGS:
        return not attributes & {"type", "lat", "lon", "id"}
    if tag in ("#org", "#source"):
        return not attributes & {"type", "code"}
    return "url" in attributes or _names_people(tag, attributes) or (tag == "#meta" and "source" in attributes)


def _own_row(line: Line, ours: dict[str, str]) -> Row:
    cells = {name: line.said(head) for head, name in ours.items() if name}
    return without_holds(Row(OWN, line.of.sheet.file, line.at, with_whole_last_day(cells), line.of.faults))


def figures_of(heads: dict[str, Tag], reading: Intake) -> list[Figure]:
    """The figures of a table; +min and +max of one figure belong together. What is not taken is noted.

    People of one sex or age are left out beside a total; without one, what they are is their scope.
    """
    found: dict[tuple[str, str], Figure] = {}
    groups = groups_of(heads)
    totals = {quantity_of(*tag) for tag in heads.values() if not _is_part(tag[1]) and not tag[1] & IN_WORDS}
    for head, (tag, attributes) in heads.items():
        quantity, word = quantity_of(tag, attributes)
        if not quantity or attributes & IN_WORDS:
            continue
        if _is_part(attributes) and (quantity, word) in totals:
            reading.left_out[f"breakdown by sex or age: {head}"] += 1
            continue
        if attributes & HOUSEHOLDS:
            reading.left_out[f"counts of households: {head}"] += 1
            continue
        plain = {"num", "value", "ind", "total"} | CUMULATIVE
        plain |= {word} - NARROWER if len(groups[quantity]) == 1 else set()
        scope = ", ".join(sorted(attributes - LOW - HIGH - plain))
        end = "low" if attributes & LOW else "high" if attributes & HIGH else "best"
        old = found.get((quantity, scope), Figure(quantity, scope))
        found[quantity, scope] = replace(old, **{end: getattr(old, end) or head})
    return list(found.values())


def groups_of(heads: dict[str, Tag]) -> dict[str, set[str]]:
    """Quantity -> attributes by which the table's columns name it: idps and refugees are two groups of people."""
    groups: dict[str, set[str]] = {}
    for tag, attributes in heads.values():
        quantity, word = quantity_of(tag, attributes)
        if quantity and not attributes & (IN_WORDS | HOUSEHOLDS):
            groups.setdefault(quantity, set()).add(word)
    return groups


def _is_part(attributes: frozenset[str]) -> bool:
    """Whether a column counts people of one sex or age."""
    return bool(attributes & PART_OF_PEOPLE) or any(one.startswith("age") for one in attributes)


def quantity_of(tag: str, attributes: frozenset[str]) -> tuple[str, str]:
    """The quantity that a hashtag stands for and the attribute that says so; empty where it is no figure known here."""
    known = hxl_quantities()
    for word in (*sorted(attributes), ""):
        if (tag, word) in known:
            open_end, _, total = known[tag, word]
            return total if attributes & CUMULATIVE else open_end, word
    return "", ""


def _claim(line: Line, figure: Figure, heads: dict[str, Tag], dated: set[str]) -> Claim | None:
    """The claim that a row makes of one figure; None where its cells are empty. Columns of dates taken are noted."""
    low, best, high = (line.count(head) if head else None for head in (figure.low, figure.best, figure.high))
    if low is None and best is None and high is None:
        return None
    first, last = _cell(line, heads, "#date", {"start"}), _cell(line, heads, "#date", {"end"})
    time, precision, until, quantity = None, "unknown", None, figure.quantity
    if first and last:
        time, precision, until = line.period(first, last)
        quantity = of_periods().get(quantity, quantity)
        dated |= {first, last}
    else:
        dates = [head for head, (tag, more) in heads.items() if tag == "#date" and not more & NOT_OF_THE_FIGURE]
        head = next((head for head in [first, *dates] if head and line.get(head)), last)
        time, precision = line.when(head) if head else (None, "unknown")
        dated.add(head)
    name, code = place_of(line, heads)
    group = line.get(*(head for head, (tag, more) in heads.items() if _names_people(tag, more)))
    published = _cell(line, heads, "#date", {"published"})
    out = line.when(published)[0] if published else None
    dated.add(published)
    address = line.get(*(head for head, (_, more) in heads.items() if "url" in more))
    made = line.claim(
        quantity, best, (time, precision), name, code, areas_around(line, heads),
        low=low, high=high, until=until, scope="; ".join(part for part in (group, figure.scope) if part),
        reporter=reporter_of(line, heads) or "not named in the table", source_title=f"HXL table {line.of.sheet.file}",
        address=address or NO_ADDRESS, published=out, published_rule="recorded" if out else "",
    )  # fmt: skip
    return with_content_id(made)


def _names_people(tag: str, attributes: frozenset[str]) -> bool:
    return tag in ("#population", "#affected", "#group", "#beneficiary") and bool(
        attributes & {"group", "type"} or tag in ("#group", "#beneficiary")
    )


def _cell(line: Line, heads: dict[str, Tag], tag: str, wanted: set[str]) -> str:
    """The heading of the first column with this hashtag and these attributes that holds something in this row."""
    return next((h for h, (t, more) in heads.items() if t == tag and wanted <= more and line.get(h)), "")


def place_of(line: Line, heads: dict[str, Tag]) -> tuple[str, str]:
    """Name and P-code of the finest place that a row gives."""
    for tag in PLACE_TAGS:
        code = _cell(line, heads, tag, {"code"})
        name = line.get(_name_at(line, heads, tag))
        if name or code:
            return name, line.get(code) if code else ""
    return "", ""


def areas_around(line: Line, heads: dict[str, Tag]) -> tuple[str, ...]:
    """The names of the coarser areas of a row."""
    names = [_name_at(line, heads, tag) for tag in PLACE_TAGS]
    return line.within([name for name in names if name])


def _name_at(line: Line, heads: dict[str, Tag], tag: str) -> str:
    """The heading under which a row names its place of one level; empty where it does not."""
    plain = (h for h, (t, more) in heads.items() if t == tag and not more & {"code", "type", "lat", "lon", "id"})
    return next((h for h in (_cell(line, heads, tag, {"name"}), *plain) if h and line.get(h)), "")


def reporter_of(line: Line, heads: dict[str, Tag]) -> str:
    """Who a row names as its source."""
    wanted = [h for h, (t, more) in heads.items() if t in ("#org", "#source") and not more & {"type", "code", "url"}]
    meta = [h for h, (t, more) in heads.items() if t == "#meta" and "source" in more and "url" not in more]
    return line.get(*wanted, *meta)


HXL = Format(
    "hxl", "Table with HXL hashtags", fits, read,
    "HXL 1.1 (hxlstandard.org): hashtags and attributes; data/hxl_quantities.csv",
    ("#date", "#adm1+name", "#affected+idps"),
)  # fmt: skip

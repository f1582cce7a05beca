"""What a person has accepted becomes rows of a case's claims.csv, by the ledger's own way in. Nothing else does."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from safeconduct.ledger import CLAIMS, Imported, import_files, read_ledger
from safeconduct.reading.types import AUTHOR, COMMENTER, Proposal, Reading
from safeconduct.terms import UsageError, inert, is_there, write_whole

NUMBERS = ("low", "best", "high")
LEDGER_PRECISION = {
    "exact": "exact",
    "approximate": "approximate",
    "day": "day",
    "month": "month",
    "year": "year",
    "period": "day",
}
TEXTS = "texts"  # folder beside claims.csv for texts that the user keeps


def accept(
    proposals: Sequence[Proposal],
    case: Path | str,
    reading: Reading,
    *,
    reader: str,
    source: str = "",
    keep_text: bool = False,
) -> Imported:
    """Write accepted proposals into the claims.csv of a case, each with its sentence, span, text hash and reader.

    All of them or none; the same ones twice change nothing. `source` is what the text is called where it has no title.
    Raises CaseError with every fault that the ledger finds, UsageError where the folder is none.
    """
    folder = Path(case)
    if not folder.is_dir():
        raise UsageError(f'"{case}" is no folder; expected the folder of your case; make it first')
    if not reader.strip():
        raise UsageError("no reader is named; expected the person who accepts these claims; give a name")
    claims_file = folder / CLAIMS.file
    zone = zone_of(claims_file)
    rows = [row_of(p, reading, reader.strip(), source, zone) for p in proposals]
    with TemporaryDirectory() as place:
        table = Path(place) / f"read-{reading.text_hash}.csv"
        table.write_text(as_csv(rows), encoding="utf-8")
        done = import_files(claims_file, [table], zone)
    if keep_text and proposals:
        (folder / TEXTS).mkdir(exist_ok=True)
        write_whole(folder / TEXTS / f"{reading.text_hash}.txt", reading.document.text)
    return done


def zone_of(claims_file: Path) -> tzinfo:
    """The zone in which most claims of a case are timed; UTC where there are none."""
    if not is_there(claims_file):
        return UTC
    zones = Counter(c.time.tzinfo for c in read_ledger(claims_file).claims if c.time and c.time.tzinfo)
    return zones.most_common(1)[0][0] if zones else UTC


def as_csv(rows: Iterable[dict[str, str]]) -> str:
    """Rows as a table in the ledger's columns."""
    rows = list(rows)
    names = [
        column.name
        for column in CLAIMS.columns
        if any(row.get(column.name) for row in rows) or column.name in ("id", "time", "place")
    ]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: inert(text) for name, text in row.items()} for row in rows)  # reading takes it off again
    return out.getvalue()


def row_of(p: Proposal, reading: Reading, reader: str, source: str, zone: tzinfo) -> dict[str, str]:
    """One accepted proposal as the cells of a claim. What is denied or would have been is never entered as a figure."""
    document = reading.document
    kind = p.kind
    if kind == "figure" and (
        p.is_negated or p.modality in ("counterfactual", "conditional") or all(getattr(p, n) is None for n in NUMBERS)
    ):
        kind = "statement"
    if kind == "act" and (p.is_negated or not p.action):
        kind = "statement"
    start, until, precision = times_of(p, zone)
    moods = [word for word, is_so in (("denied or negated", p.is_negated), (p.modality, p.modality != "said")) if is_so]
    sentence = " ".join(p.sentence.split())
    who = p.reporter or p.asserted_by
    if who == AUTHOR:
        who = document.author or document.outlet or "author, not named"
    elif who == COMMENTER:
        who = "commenter"
    title = document.title or source or "a text without a title"
    remark = f"read by {reader}; text {reading.text_hash}, characters {p.start}-{p.end}; found by {p.rule}"
    if p.reporter and p.reporter != p.asserted_by:
        remark += f'; the text calls the reporter "{p.asserted_by}"'
    row = {
        "id": claim_id(p, reading),
        "kind": kind,
        "time": start,
        "until": until,
        "precision": precision,
        "place": p.place_key or p.place_said,
        "place_said": p.place_said,
        "hedge": "; ".join(filter(None, (p.hedge, *moods))),
        "actor": p.actor,
        "words": sentence,
        "quote": p.sentence if "\n" not in p.sentence else sentence,
        "span": f"{p.start}-{p.end}",
        "reporter": who,
        "via": "; ".join(dict.fromkeys(v for v in (*p.via, document.outlet) if v and v != who)),
        "source_title": title,
        "address": document.address or "address not kept",
        "topic": "article",
        "row": f"text {reading.text_hash} {p.start}-{p.end}",
        "note": remark,
        "remark": remark,
        "retells": "; ".join(m.claim for m in p.duplicates if m.relation == "retells")[:200].split("; ")[0],
    }
    if document.published is not None:
        row |= {"published": document.published.isoformat(), "published_rule": "day only"}
    if kind == "figure":
        row |= {name: f"{getattr(p, name):.10g}" for name in NUMBERS if getattr(p, name) is not None}
        row |= {"quantity": word_of(p), "unit": p.unit, "scope": p.counted, "topic": ""}
    if kind == "act":
        row |= {"action": p.action, "topic": ""}
    if p.obligation:
        row |= {"obligation": p.obligation, "status": "as said: " + sentence[:120] if kind == "status" else ""}
    if kind == "prediction":
        row["due_said" if "due_said" in {c.name for c in CLAIMS.columns} else "due"] = p.horizon or "not said"
    return row


def word_of(p: Proposal) -> str:
    """The word for a quantity: that of the vocabulary, else one made from what is counted."""
    if re.fullmatch(r"[a-z0-9_]+", p.quantity):
        return p.quantity
    return re.sub(r"[^a-z0-9]+", "_", (p.quantity or p.counted or p.unit or "count").lower()).strip("_") or "count"


def claim_id(p: Proposal, reading: Reading) -> str:
    """An id that the same passage of the same text always gets."""
    text = f"{reading.text_hash}\x1f{p.focus_start}\x1f{p.focus_end}\x1f{p.kind}\x1f{p.best}\x1f{p.low}\x1f{p.high}"
    return "T" + blake2b(text.encode(), digest_size=6).hexdigest()


def moment(day: date, zone: tzinfo) -> str:
    """Midnight of a day as the ledger writes it."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).isoformat(timespec="minutes")


def times_of(p: Proposal, zone: tzinfo) -> tuple[str, str, str]:
    """(time, until, precision) of a proposal's date."""
    first, _, last = p.date.partition("/")
    if not first:
        return "", "", "unknown"
    parts = {4: ("-01-01", "year"), 7: ("-01", "month"), 10: ("", "day")}
    rest, by_length = parts[len(first)]
    precision = LEDGER_PRECISION.get(p.date_precision, by_length)
    if precision in ("exact", "day", "approximate") and len(first) < 10:
        precision = by_length
    if precision == "exact":  # the hour stands in the sentence, not in the proposal
        precision = "day"
    start = moment(date.fromisoformat(first + rest), zone)
    until = ""
    if last:
        end = date.fromisoformat(last + parts[len(last)][0])
        if len(last) == 7:
            end = date(end.year + end.month // 12, end.month % 12 + 1, 1)
        elif len(last) == 4:
            end = date(end.year + 1, 1, 1)
        until = moment(end, zone)
    return start, until, precision

"""The columns of claims.csv in their groups, and the comment that stands above them.

One row carries one report completely. Two columns are required: who says so, and where it was read. The others serve
the kinds of reports that need them, and may be left out of a file.
"""

from __future__ import annotations

from safeconduct.ledger.types import BASES, KINDS, PASSES, PRECISIONS
from safeconduct.terms import Column, Need, Table

TIME = "date or ISO time"
LINKS = ("responds_to", "outcome_of", "supersedes", "disputes", "retells")


def optional(name: str, meaning: str, unit: str = "") -> Column:
    """A column that may be left out."""
    return Column(name, meaning, unit, Need.NONE)


GROUPS = {
    "Who says it": (
        optional("id", "name of the claim, never used again for another; empty = made from the row"),
        Column("reporter", "who says so"),
        optional("behalf", "on whose behalf, where reporters.csv does not say"),
        optional("via", "outlets that carried it, nearest to the reporter first, split by ;"),
        Column("source_title", "where it was read; unverified = from memory"),
        optional("address", "address of that page; address not kept; unverified"),
        optional("published", "when it could be known; empty = estimated late, and shown as estimated", TIME),
        optional("published_rule", "how that was found; recorded = the source says so"),
        optional("retrieved", "when it was read; empty = not known", "date"),
    ),
    "Of what and when": (
        optional("kind", "one of " + ", ".join(KINDS) + "; empty = by the columns that are filled"),
        optional("time", "start of the moment or period: 2023, 2023-06, 2023-06-15 or 2023-06-15T14:00+04:00", TIME),
        optional("until", "end of the period, where it is not one day, month or year; a date: its whole day", TIME),
        optional("precision", "one of " + ", ".join(PRECISIONS) + "; empty = as closely as the time is written"),
        optional("time_rule", "zone of the case = an hour was written without a zone; filled by the reader"),
        optional("place", "key of a place, several joined by +; or the words of the source"),
        optional("place_said", "the place in the words of the source"),
        optional("topic", "what it is filed under; empty = by the quantity or action"),
    ),
    "A figure": (
        optional("quantity", "what is counted, a word of the vocabulary"),
        optional("low", "lowest figure said", "unit"),
        optional("best", "figure said", "unit"),
        optional("high", "highest figure said", "unit"),
        optional("unit", "persons, vehicles, percent ...; empty = that of the quantity"),
        optional("basis", "one of " + ", ".join(BASES) + "; derived = arithmetic of the compiler"),
        optional("scope", "what exactly is counted, as said"),
    ),
    "An act": (
        optional("actor", "who acted, or is spoken of; several split by ;"),
        optional("towards", "on or to whom"),
        optional("action", "what was done, a word of actions.csv"),
        optional("responds_to", "claims that this act answers, split by ;"),
        optional("killed_persons", "killed, as this report says", "persons"),
        optional("injured_persons", "injured, as this report says", "persons"),
        optional("displaced_persons", "displaced, as this report says", "persons"),
        optional("closed_hours", "how long a road was closed, as this report says", "hours"),
    ),
    "What it bears on": (
        optional("obligation", "rows of agreement.csv that it reports or bears on, split by ;"),
        optional("obligation_note", 'how it bears on them; "AG01: words" for one of several; parts split by |'),
        optional("status", "how an obligation stands: the reading that the record makes of the report"),
        optional("due", "by when a prediction should come true; or the day to which a duty was moved", "date"),
        optional("due_said", "the same in the words of the source"),
        optional("outcome_of", "predictions whose outcome it reports, split by ;"),
        optional("road_out", "who could leave by the road, with spaces between: " + ", ".join(PASSES)),
        optional("road_in", "who could enter; empty = not said"),
        optional("road_days", "how long that is taken to hold; empty = until that side reports another", "days"),
    ),
    "In words": (
        optional("words", "what is said, in short"),
        optional("quote", "the same as it stands in the source, letter by letter"),
        optional("span", 'where the quote stands in the saved text: first and last character, "120-188"'),
        optional("hedge", "as said: over, about, at least, reportedly ...; split by ;, a bound first"),
        optional("context", "what else the source says about it"),
        optional("remark", "the compiler's own, never a reporter's"),
    ),
    "Links and origin": (
        optional("supersedes", "claims that it takes the place of, split by ;"),
        optional("disputes", "claims that it speaks against, split by ;"),
        optional("retells", "claim that it repeats through another outlet"),
        optional("row", "table and line that it was made from"),
    ),
}
CLAIMS = Table(
    "claims.csv",
    "What was reported, by whom: one row for each report, and one for each outlet that carried it.",
    tuple(column for group in GROUPS.values() for column in group),
    is_required=False,
    may_be_empty=True,
    old_names={"note": "remark", "severity": "", "response": ""},
)
COLUMNS = tuple(column.name for column in CLAIMS.columns)


def header_comment() -> str:
    """The lines above the header of a claims file: what each column holds."""
    lines = ["# One row is one report. Required: " + ", ".join(c.name for c in CLAIMS.columns if c.need is Need.FILLED)]
    for name, columns in GROUPS.items():
        lines.append(f"# {name}")
        lines += [f"#   {c.name}: {c.meaning}" + (f" [{c.unit}]" if c.unit else "") for c in columns]
    return "".join(f'"{line.replace(chr(34), chr(34) * 2)}"\n' for line in lines)

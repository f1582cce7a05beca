"""The form for one report: its fields by kind, what may stand in them, and the row of claims.csv that it makes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import safeconduct.api.casework as casework

if TYPE_CHECKING:
    from safeconduct.ledger import Ledger, Terms

SEVERAL = "+"  # between the names of several places
LETTERS = {"year": 4, "month": 7, "day": 10}  # of a time that is known so closely
KINDS = {
    "figure": "A figure",
    "act": "Something done",
    "status": "How an obligation stands",
    "prediction": "A prediction",
    "statement": "A statement",
}
HEDGES = ("about", "over", "at least", "more than", "nearly", "up to", "at most", "reportedly", "allegedly")
BASES = ("counted", "estimated", "inferred")
NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")  # of a table
PUBLISHED_HELP = "2030-05-06T14:00; a day alone counts from the next day"
MOST_LETTERS = 4000  # in one field, assumed


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str  # column of claims.csv
    label: str
    kinds: tuple[str, ...] = ()  # empty = of every kind
    help: str = ""
    form: str = "text"  # text, number, date, long, choice
    choices: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # more choices, each group under its title
    names: str = ""  # list of suggestions
    is_required: bool = False
    group: str = "what"
    is_column: bool = True  # of claims.csv

    def offers(self, word: str) -> bool:
        """Whether a word is among the choices."""
        return any(word == one for _, found in (("", self.choices), *self.groups) for one, _ in found)


Choices = tuple[tuple[str, str], ...]
REPORTS = "names of reports, such as R1; split by ;"
MAP_ROAD = "map_road"  # not a column of claims.csv: the road of the map that opens or closes by the report


def fields(ledger: Ledger | None, obligations: Choices = (), roads: Choices = ()) -> tuple[Field, ...]:
    """Every field, with the words of this case to choose from; without a ledger their names and kinds alone."""
    passes = casework.passes()
    actions = actions_by_group(ledger.terms, Counter(claim.action for claim in ledger.claims)) if ledger else ()
    figure, act, status, ahead = ("figure",), ("act",), ("status",), ("prediction",)
    return (
        Field("reporter", "Who says so", names="reporters", is_required=True, group="who"),
        Field("source_title", "Where you read it", help="title of the page or bulletin", is_required=True, group="who"),
        Field("address", "Address of that page", help="https://... or: address not kept", group="who"),
        Field("published", "Published", help=f"needed; {PUBLISHED_HELP}", group="who"),
        Field("via", "Carried by", help="outlets between the reporter and you, split by ;", group="who"),
        Field("time", "When it was so", help="2030, 2030-05, 2030-05-06 or 2030-05-06T14:00"),
        Field("until", "Until", help="end of a period, where it is not one day, month or year"),
        Field("place", "Place", names="places", help="a name of the case, or the words of the source"),
        Field("quantity", "What is counted", figure, names="quantities"),
        Field("low", "At least", figure, "lowest figure said", "number"),
        Field("best", "Figure", figure, "as said", "number"),
        Field("high", "At most", figure, "highest figure said", "number"),
        Field("unit", "Unit", figure, "empty = the unit of what is counted", names="units"),
        Field("hedge", "Words of caution", (*figure, *act, *status), "as said: about, reportedly", names="hedges"),
        Field("basis", "How they know", figure, form="choice", choices=(("", "not said"), *((b, b) for b in BASES))),
        Field("scope", "Who or what exactly", figure, "such as: adults only; as said"),
        Field("actor", "Who acted", act, "several split by ;", names="actors"),
        Field("towards", "On or to whom", act, names="actors"),
        Field("action", "What was done", act, form="choice", choices=(("", "choose"),), groups=actions),
        Field("killed_persons", "Killed", act, "persons, as this report says", "number"),
        Field("injured_persons", "Injured", act, "persons, as this report says", "number"),
        Field("displaced_persons", "Displaced", act, "persons, as this report says", "number"),
        Field(
            "obligation", "Obligation", (*act, *status, "statement"), "that it reports or bears on", "choice",
            (("", "none"), *obligations),
        ),
        Field("status", "How it stands", status, names="statuses"),
        Field("due", "By when", ahead, "2030-05-06"),
        Field("road_out", "Who could leave", act, form="choice", choices=(("", "not said"), *passes), group="road"),
        Field("road_in", "Who could enter", act, form="choice", choices=(("", "not said"), *passes), group="road"),
        Field(
            MAP_ROAD, "Road of the map that it closes or opens", act, "so that a forecast follows it: closed where "
            "no one could leave, else open", "choice", (("", "none"), *roads), group="road", is_column=False,
        ),
        Field("road_days", "Holds for days", act, "empty = until that side reports another", "number", group="road"),
        Field("words", "In short", help="what is said, in your words", form="long"),
        Field("quote", "Word for word", help="as it stands in the source", form="long", group="more"),
        Field("disputes", "Disputes", help=REPORTS, names="claims", group="more"),
        Field("responds_to", "In response to", act, REPORTS, names="claims", group="more"),
        Field("supersedes", "Replaces", help=REPORTS, names="claims", group="more"),
        Field("retells", "Repeats", help="name of the report that it repeats", names="claims", group="more"),
        Field("remark", "Your remark", help="never shown as the reporter's words", form="long", group="more"),
    )  # fmt: skip


STATUSES = ("reported met", "reported not met", "reported partly met", "disputed")


@dataclass(frozen=True)
class Suggestions:
    """Words of the case, offered while one types; any other word may be typed as well."""

    lists: Mapping[str, tuple[tuple[str, str], ...]]  # list -> (word, what it is)


def actions_by_group(terms: Terms, used: Mapping[str, int] | None = None) -> tuple[tuple[str, Choices], ...]:
    """What can be done, in groups, by label; of words of one group and label that which most reports use.

    A label of two groups is followed by the word of the table.
    """
    chosen: dict[tuple[str, str], str] = {}
    for name, one in terms.actions.items():
        before = chosen.setdefault((one.group, one.label), name)
        if (used or {}).get(name, 0) > (used or {}).get(before, 0):
            chosen[one.group, one.label] = name
    kept = {name: one for name, one in terms.actions.items() if chosen[one.group, one.label] == name}
    labels = Counter(one.label for one in kept.values())
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, one in kept.items():
        label = one.label if labels[one.label] == 1 else f"{one.label} ({name.replace('_', ' ')})"
        groups.setdefault(one.group or "other", []).append((name, label))
    by_label = {group: tuple(sorted(found, key=lambda pair: pair[1])) for group, found in groups.items()}
    return tuple(sorted(by_label.items()))


def label_of(quantity: str, terms: Terms) -> str:
    """What is counted, in words; the name of the table where others have the same words."""
    label = terms.quantity(quantity).label
    return label if sum(one.label == label for one in terms.quantities.values()) == 1 else quantity


def in_labels(sentence: str, terms: Terms) -> str:
    """A sentence with what is counted in words in place of the names of the table."""
    return NAME.sub(lambda found: label_of(found[0], terms) if found[0] in terms.quantities else found[0], sentence)


def shown(row: Mapping[str, str], terms: Terms) -> dict[str, str]:
    """The cells of a row as people type them: labels and names in place of keys, times as closely as they are known."""
    cells = dict(row)
    if not cells.get("kind"):
        told = ("quantity", "figure"), ("action", "act"), ("status", "status"), ("due", "prediction")
        cells["kind"] = next((kind for name, kind in told if cells.get(name)), "statement")
    if cells.get("quantity"):
        cells["quantity"] = label_of(cells["quantity"], terms)
    if cells.get("place"):
        cells["place"] = SEVERAL.join(terms.place_name(part.strip()) for part in cells["place"].split(SEVERAL))
    if cells.get("time"):
        cells["time"] = cells["time"][: LETTERS.get(cells.get("precision", ""), 40)]
    return cells


def in_words(name: str, cell: str, terms: Terms) -> str:
    """A cell of `shown` as a line of text says it."""
    if name == "action" and cell in terms.actions:
        return terms.actions[cell].label
    return KINDS.get(cell, cell) if name == "kind" else cell


def suggestions(ledger: Ledger, actors: Iterable[str] = ()) -> Suggestions:
    """The words of the case's tables, each thing by one name; `actors`: one name of each."""
    terms = ledger.terms
    quantities = tuple((label_of(word.name, terms), word.unit) for word in terms.quantities.values())
    reporters = {*terms.reporters, *(claim.reporter for claim in ledger.claims)}
    return Suggestions(
        {
            "reporters": tuple((name, terms.reporter(name).side) for name in sorted(reporters)),
            "places": (
                *((place.both, place.kind) for place in terms.places.values()),
                *((name, "on the map") for name, key in terms.mapped.items() if key not in terms.places),
            ),
            "quantities": quantities,
            "units": tuple(
                (unit, "") for unit in sorted({word.unit for word in terms.quantities.values() if word.unit})
            ),
            "actors": tuple((name, "") for name in sorted(actors or terms.actors)),
            "hedges": tuple((word, "") for word in HEDGES),
            "statuses": tuple((word, "") for word in STATUSES),
        }
    )


def reports_named(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """Every report by its name with who says what, the last of the table first."""
    return tuple((c.id, f"{c.reporter}: {casework.saying(c, ledger)}"[:90]) for c in reversed(ledger.claims))


def published_rule(said: str) -> str:
    """How a time of publication was found: the source gives it with its hour, or its day alone."""
    return "day only" if len(said) <= LETTERS["day"] else "recorded"


def row_of(form: Mapping[str, str]) -> dict[str, str]:
    """The row that a form makes: the fields of its kind that are filled. Every kind has its own fields."""
    kind = form.get("kind", "")
    kind = kind if kind in KINDS else "statement"
    cells = {"kind": kind}
    for one in fields(None):
        value = " ".join(form.get(one.name, "").split())
        if value and one.is_column and (not one.kinds or kind in one.kinds):
            cells[one.name] = value
    if cells.get("published"):
        cells["published_rule"] = published_rule(cells["published"])
    return cells

"""The reviewed tables beside the claims: quantities, actions, reporters, names of places, aliases."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from safeconduct.ledger.types import SEVERAL, Action, PlaceName, Quantity, Reporter, Terms
from safeconduct.terms import (
    CaseError,
    Column,
    Fault,
    Need,
    Row,
    Table,
    cells,
    is_there,
    read_loosely,
    read_rows,
    read_text,
    table_file,
    yaml_fault,
)

COUNT_KINDS = ("cumulative", "level", "flow", "measure", "own")
OPTIONAL, MAYBE = Need.NONE, Need.COLUMN
NOTE = Column("note", "anything else", need=OPTIONAL)
QUANTITIES = Table(
    "quantities.csv",
    "The vocabulary of figures: what is counted, and how such figures behave over time.",
    (
        Column("quantity", "the word"),
        Column("unit", "persons, vehicles, percent ...", need=MAYBE),
        Column(
            "kind",
            "cumulative = running total; level = at a moment; flow = in a period; measure = does not change; "
            "own = each teller's own, so that two may differ and both be right",
        ),
        Column("label", "for readers", need=MAYBE),
        Column("holds_days", "a level may be taken to hold for so long", "days", OPTIONAL),
        Column("once", "yes = belongs to something that can happen once", need=OPTIONAL),
        Column("total_of", "the flow that this running total sums", need=OPTIONAL),
        Column("topic", "what it is filed under", need=OPTIONAL),
        Column("also", "other spellings, split by ;", need=OPTIONAL),
        NOTE,
    ),
)
ACTIONS = Table(
    "actions.csv",
    "The vocabulary of acts.",
    (
        Column("action", "the word"),
        Column("label", "for readers, in neutral words"),
        Column("group", "corridor, supplies, armed, force, talks, statement, alignment ..."),
        Column("sign", "the kind of sign that it is, where it is one", need=OPTIONAL),
        Column("once", "yes = can happen once", need=OPTIONAL),
        Column("event_type", "of ACLED's list, or Diplomatic act, Legal act", need=OPTIONAL),
        Column("sub_event_type", "of ACLED's list, or of the two kinds added to it", need=OPTIONAL),
        Column("is_answer", "no = says that an answer was looked for and none was found", need=OPTIONAL),
        Column("ends", "acts of this table that it ends, split by ;", need=OPTIONAL),
        NOTE,
    ),
)
REPORTERS = Table(
    "reporters.csv",
    "Who asserts things, and on whose behalf.",
    (
        Column("reporter", "as the claims name it"),
        Column("behalf", "the voice it speaks with; reporters of one voice are one series"),
        Column("side", "the side it is on"),
        Column("is_party", "yes = a party to the conflict or the agreement"),
        Column("kind", "government, local authorities, force, organisation, court, press, commentary ..."),
        Column("shown", "its role in words that no side disputes, for pages; empty = its name", need=OPTIONAL),
        NOTE,
    ),
)
NAMES = Table(
    "names.csv",
    "The names of places by side.",
    (
        Column("key", "the key that claims use"),
        Column("name", "one side's name"),
        Column("other_name", "the other side's name, where it differs", need=MAYBE),
        Column("more_names", "other spellings, split by ;", need=OPTIONAL),
        Column("kind", "village, town, road ...", need=OPTIONAL),
        Column("lat", "", "degrees north", OPTIONAL),
        Column("lon", "", "degrees east", OPTIONAL),
        Column("division", "in one side's division", need=OPTIONAL),
        Column("other_division", "in the other side's division", need=OPTIONAL),
        Column("source", "of the names", need=OPTIONAL),
        NOTE,
    ),
)
ALIASES = Table(
    "aliases.csv",
    "Places as sources call them.",
    (
        Column("alias", "the words of a source"),
        Column("keys", "keys that they mean, split by spaces"),
        Column("quantities", "only for figures of these quantities, split by ;", need=OPTIONAL),
        NOTE,
    ),
)
VOCABULARY_TABLES = (REPORTERS, QUANTITIES, ACTIONS, NAMES, ALIASES)
Made = TypeVar("Made")


def words_in(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds several, split by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip()) if cell else ()


def make_quantity(row: Row) -> Quantity:
    """A word of the vocabulary."""
    name = cells.text(row, "quantity")
    return Quantity(
        name,
        cells.text(row, "unit"),
        cells.choice(row, "kind", COUNT_KINDS),
        cells.text(row, "label") or name.replace("_", " "),
        cells.number(row, "holds_days", low=0) or 0.0,
        cells.yes_no(row, "once", otherwise=False),
        cells.text(row, "total_of"),
        cells.text(row, "topic"),
        words_in(cells.text(row, "also")),
    )


def make_action(row: Row) -> Action:
    """A word of the vocabulary of acts."""
    is_once = cells.yes_no(row, "once", otherwise=False)
    return Action(
        cells.text(row, "action"),
        cells.text(row, "label"),
        cells.text(row, "group"),
        cells.text(row, "sign"),
        cells.text(row, "event_type"),
        cells.text(row, "sub_event_type"),
        is_once,
        cells.yes_no(row, "is_answer", otherwise=True),
        words_in(cells.text(row, "ends")),
    )


def make_reporter(row: Row) -> Reporter:
    """A person or body that asserts things."""
    name, behalf, side, kind, note = (cells.text(row, word) for word in ("reporter", "behalf", "side", "kind", "note"))
    is_party = cells.choice(row, "is_party", ("yes", "no")) == "yes"
    return Reporter(name, behalf, side, is_party, kind, note, cells.text(row, "shown"))


def make_place(row: Row) -> PlaceName:
    """The names of a place: the two by which the sides call it first."""
    name = cells.text(row, "name")
    return PlaceName(
        row.cells["key"],
        (name, cells.text(row, "other_name") or name, *words_in(cells.text(row, "more_names"))),
        cells.text(row, "kind"),
    )


def make_alias(row: Row) -> tuple[tuple[tuple[str, str], str], ...]:
    """((place as said, quantity or ""), key) of each quantity that an alias is for."""
    said, keys = " ".join(cells.text(row, "alias").split()), SEVERAL.join(cells.text(row, "keys").split())
    return tuple(((said, quantity), keys) for quantity in words_in(cells.text(row, "quantities")) or ("",))


def read_words(path: Path, table: Table, make: Callable[[Row], Made], faults: list[Fault]) -> dict[str, Made]:
    """A table as records by its first column; an empty one where there is no such file."""
    made: dict[str, Made] = {}
    path = table_file(path, faults)
    for row in (read_rows(path, table, faults) or []) if is_there(path) else []:
        word = cells.text(row, table.columns[0].name)
        if word in made:
            row.note(table.columns[0].name, "a word that no row above has used", "rename or remove one of the two")
        made[word] = make(row)
    return made


def read_aliases(path: Path, faults: list[Fault]) -> dict[tuple[str, str], str]:
    """Places as said -> keys, for all quantities or for those that a row names."""
    path = table_file(path, faults)
    rows = (read_rows(path, ALIASES, faults) or []) if is_there(path) else []
    return dict(pair for row in rows for pair in make_alias(row))


@cache
def own_quantities() -> dict[str, Quantity]:
    """The vocabulary that ships with the package: what the engine records and what every case may hold."""
    faults: list[Fault] = []
    path = Path(str(files("safeconduct.ledger") / "data" / QUANTITIES.file))
    found = read_words(path, QUANTITIES, make_quantity, faults)
    if faults:
        raise CaseError(faults)
    return found


TABLES_OF_TERMS = (
    *(table.file for table in (REPORTERS, QUANTITIES, ACTIONS, NAMES, ALIASES)),
    *("actors.yaml", "agreement.csv", "places.csv"),
)


def read_terms(folder: Path, faults: list[Fault]) -> Terms:
    """The reviewed tables of a case folder; a table that is not there is empty. Faults are added to the list."""
    return Terms(
        read_words(folder / REPORTERS.file, REPORTERS, make_reporter, faults),
        own_quantities() | read_words(folder / QUANTITIES.file, QUANTITIES, make_quantity, faults),
        read_words(folder / ACTIONS.file, ACTIONS, make_action, faults),
        read_words(folder / NAMES.file, NAMES, make_place, faults),
        read_aliases(folder / ALIASES.file, faults),
        actors_called(folder / "actors.yaml"),
        frozenset(row.get("id", "") for row in read_loosely(folder / "agreement.csv", ["id"])) - {""},
        places_on_map(folder / "places.csv"),
    )


def actors_called(path: Path) -> frozenset[str]:
    """The names by which claims call the actors of a case; none where there is no such file, or a faulty one."""
    text = read_text(path, []) if is_there(path) else None
    try:
        document = YAML(typ="safe", pure=True).load(text) if text and not yaml_fault(text, path.name) else None
    except (YAMLError, ValueError, RecursionError):
        return frozenset()  # the reader of the whole file reports its faults
    actors = document.get("actors") if isinstance(document, dict) else None
    entries = actors.values() if isinstance(actors, dict) else ()
    lists = [entry.get("called") for entry in entries if isinstance(entry, dict)]
    return frozenset(name for names in lists if isinstance(names, list) for name in names if isinstance(name, str))


def places_on_map(path: Path) -> dict[str, str]:
    """Key of each place by the names that a map gives it; empty where there is none. Faults are reported elsewhere."""
    rows = read_loosely(table_file(path), ["key", "name", "other_name"])
    found = [(row.get("key", ""), row.get("name", ""), row.get("other_name", "")) for row in rows]
    return {name: key for key, *names in found if key for name in (key, *names) if name}

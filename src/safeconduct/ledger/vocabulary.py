"""The reviewed tables beside the claims: quantities, actions, reporters, names of places, aliases."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from safeconduct.ledger.tables import Faults, Row, number_in, read_text, rows_of
from safeconduct.ledger.types import SEVERAL, Action, PlaceName, Quantity, Reporter, Terms

COUNT_KINDS = ("cumulative", "level", "flow", "measure")
QUANTITY_COLUMNS = (
    "quantity",
    "unit",
    "kind",
    "label",
    "holds_days",
    "once",
    "total_of",
    "topic",
    "also",
    "note",
)
ACTION_COLUMNS = ("action", "label", "group", "sign", "once", "note")
REPORTER_COLUMNS = ("reporter", "behalf", "side", "is_party", "kind", "note")
NAME_COLUMNS = (
    "key",
    "name",
    "other_name",
    "more_names",
    "kind",
    "lat",
    "lon",
    "division",
    "other_division",
    "source",
    "note",
)
ALIAS_COLUMNS = ("alias", "keys", "quantities", "note")
Made = TypeVar("Made")


def words_in(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The entries of a cell that holds several."""
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


def make_quantity(row: Row, line: int, faults: Faults) -> Quantity:
    """A word of the vocabulary from a row of quantities.csv."""
    if row["kind"] not in COUNT_KINDS:
        faults.add(line, "kind", f'"{row["kind"]}"', "one of " + ", ".join(COUNT_KINDS), "see docs/ledger.md")
    return Quantity(
        row["quantity"],
        row["unit"],
        row["kind"],
        row["label"] or row["quantity"].replace("_", " "),
        number_in(row.get("holds_days", ""), line, "holds_days", faults) or 0.0,
        row.get("once", "") == "yes",
        row.get("total_of", ""),
        row.get("topic", ""),
        words_in(row.get("also", "")),
    )


def make_action(row: Row, line: int, faults: Faults) -> Action:
    """A word of the vocabulary of acts from a row of actions.csv."""
    label = row["label"] or row["action"].replace("_", " ")
    return Action(row["action"], label, row["group"], row.get("sign", ""), row.get("once", "") == "yes")


def make_reporter(row: Row, line: int, faults: Faults) -> Reporter:
    """A reporter from a row of reporters.csv."""
    if row["is_party"] not in ("yes", "no"):
        faults.add(
            line, "is_party", f'"{row["is_party"]}"', "yes or no", "say whether it is a party to the conflict"
        )
    behalf = row["behalf"] or row["reporter"]
    return Reporter(
        row["reporter"], behalf, row["side"], row["is_party"] == "yes", row["kind"], row.get("note", "")
    )


def make_place(row: Row, line: int, faults: Faults) -> PlaceName:
    """The names of a place from a row of names.csv."""
    sides = tuple(name for name in (row["name"], row["other_name"]) if name) or (row["key"],)
    pair = (sides * 2)[:2] if len(sides) == 1 else sides
    return PlaceName(row["key"], pair + words_in(row.get("more_names", "")), row.get("kind", ""))


def read_table(
    text: str, file: str, columns: tuple[str, ...], needed: int, make: Callable[[Row, int, Faults], Made]
) -> dict[str, Made]:
    """A table as records by its first column. Raises CaseError with every fault."""
    faults = Faults(file)
    made: dict[str, Made] = {}
    for line, row in rows_of(text, faults, columns, columns[:needed]):
        key = row[columns[0]]
        if not key or key in made:
            found = f'"{key}" for the second time' if key else "empty"
            faults.add(line, columns[0], found, "a name that is used once", "rename or remove the row")
        made[key] = make(row, line, faults)
    faults.stop_if_any()
    return made


def read_aliases(text: str, file: str) -> dict[tuple[str, str], str]:
    """Places as said -> keys, for all quantities or for those that a row names. Raises CaseError."""
    faults, found = Faults(file), {}
    for _line, row in rows_of(text, faults, ALIAS_COLUMNS, ALIAS_COLUMNS[:2]):
        for quantity in words_in(row.get("quantities", "")) or ("",):
            found[" ".join(row["alias"].split()), quantity] = SEVERAL.join(row["keys"].split())
    faults.stop_if_any()
    return found


def read_own_quantities() -> dict[str, Quantity]:
    """The vocabulary that ships with the package: what the engine records and what every case may hold."""
    text = (files("safeconduct.ledger") / "data" / "quantities.csv").read_text("utf-8")
    return read_table(text, "quantities.csv", QUANTITY_COLUMNS, 4, make_quantity)


def read_terms(folder: Path) -> Terms:
    """The reviewed tables of a case folder; a table that is not there is empty. Raises CaseError."""

    def table(
        name: str, columns: tuple[str, ...], needed: int, make: Callable[[Row, int, Faults], Made]
    ) -> dict[str, Made]:
        path = folder / name
        return read_table(read_text(path), str(path), columns, needed, make) if path.exists() else {}

    aliases = folder / "aliases.csv"
    return Terms(
        table("reporters.csv", REPORTER_COLUMNS, 5, make_reporter),
        read_own_quantities() | table("quantities.csv", QUANTITY_COLUMNS, 4, make_quantity),
        table("actions.csv", ACTION_COLUMNS, 3, make_action),
        table("names.csv", NAME_COLUMNS, 3, make_place),
        read_aliases(read_text(aliases), str(aliases)) if aliases.exists() else {},
    )

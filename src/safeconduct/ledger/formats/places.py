"""Finding the place that a table means: by the names of the case, or by a P-code; never by a likeness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from safeconduct.ledger.types import Terms
from safeconduct.terms import read_loosely, table_file

PCODE_NOTE = re.compile(r"\bP-code ([A-Za-z0-9]+)")
PCODE_KEY = re.compile(r"^[A-Z]{2,3}[0-9]{2,}$")  # a key that is a P-code, as places from boundary files have
WHERE_LISTED = ("key", "name", "other_name", "note")  # columns of places.csv that may name a place


@dataclass
class PlaceFinder:
    """The places of a case by every name and code they have."""

    terms: Terms
    by_name: dict[str, str] = field(default_factory=dict)  # name in small letters -> key; "" where two share it
    by_code: dict[str, str] = field(default_factory=dict)  # P-code in capitals -> key
    own_codes: dict[str, set[str]] = field(default_factory=dict)  # key -> its P-codes in capitals
    unknown: Counter[str] = field(default_factory=Counter)  # names that are no place of the case -> rows
    _found: dict[tuple[str, str, str], tuple[str, str, bool]] = field(default_factory=dict)

    def find(self, name: str, code: str, quantity: str) -> tuple[str, str, bool]:
        """Key (or the words where none is known), the words where they differ from it, and whether it is known."""
        asked = (name, code, quantity)
        if asked not in self._found:
            self._found[asked] = self._find(" ".join(name.split()), code.strip(), quantity)
        where, said, is_known = self._found[asked]
        if not is_known and where:
            self.unknown[where] += 1
        return where, said, is_known

    def _find(self, name: str, code: str, quantity: str) -> tuple[str, str, bool]:
        key = self.by_code.get(code.upper(), "") if code else ""
        if not key and name:
            alias = self.terms.place_key(name, quantity)
            key = alias if alias != name else self.by_name.get(name.casefold(), "")
            if self._is_of_another(key, name, code, quantity):
                return f"{name} (P-code {code})", "", False
        if key:
            return key, name if name and name != key else "", True
        return name or code, "", False

    def _is_of_another(self, key: str, name: str, code: str, quantity: str) -> bool:
        """Whether a P-code is none of the place's own. A code without digits is a country's; an alias settles it."""
        if {(name, quantity), (name, "")} & self.terms.aliases.keys():
            return False
        own = self.own_codes.get(key, set())
        return bool(own) and any(map(str.isdigit, code)) and code.upper() not in own


def places_of(folder: Path, terms: Terms) -> PlaceFinder:
    """The places that a case folder names: `names.csv` (read into the terms) and `places.csv`."""
    found = PlaceFinder(terms)
    for key, place in terms.places.items():
        _add(found, key, (key, *place.names), (key,))
    for row in read_loosely(table_file(folder / "places.csv"), list(WHERE_LISTED)):
        key, name, other, note = (row.get(column, "") for column in WHERE_LISTED)
        codes = PCODE_NOTE.findall(note)
        _add(found, key, (key, name, other), (key, *codes))
        found.own_codes[key] = {code.upper() for code in (*codes, *PCODE_KEY.findall(key))}
    return found


def _add(found: PlaceFinder, key: str, names: Iterable[str], codes: Iterable[str]) -> None:
    """Note the names and codes of a place. A name that two places share stands for neither."""
    for name in {name.casefold() for name in names if name}:
        found.by_name[name] = key if found.by_name.get(name, key) == key else ""
    for code in codes:
        found.by_code.setdefault(code.upper(), key)

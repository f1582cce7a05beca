"""Finding the place that a table means: by the names of the case, or by a P-code; never by a likeness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, hypot, radians
from pathlib import Path
from unicodedata import normalize

from safeconduct.ledger.types import Terms
from safeconduct.terms import read_loosely, table_file
from safeconduct.terms.cells import NUMBER

PCODE_NOTE = re.compile(r"\bP-code ([A-Za-z0-9]+)")
PCODE_KEY = re.compile(r"^[A-Z]{2,3}[0-9]{2,}$")  # a key that is a P-code, as places from boundary files have
WHERE_LISTED = ("key", "name", "other_name", "note", "region", "lat", "lon")  # columns of places.csv that say where
FAR_KM = 100  # assumed: a row whose coordinates lie farther from a place of its name means another place
KM_OF_DEGREE = 111.2
Spot = tuple[float, float] | None  # latitude and longitude


@dataclass
class PlaceFinder:
    """The places of a case by every name and code they have."""

    terms: Terms
    by_name: dict[str, str] = field(default_factory=dict)  # name in small letters -> key; "" where two share it
    by_code: dict[str, str] = field(default_factory=dict)  # P-code in capitals -> key
    own_codes: dict[str, set[str]] = field(default_factory=dict)  # key -> its P-codes in capitals
    regions: dict[str, str] = field(default_factory=dict)  # key -> region as the case names it
    spots: dict[str, Spot] = field(default_factory=dict)  # key -> where it lies
    unknown: Counter[str] = field(default_factory=Counter)  # names that are no place of the case -> rows
    _found: dict[tuple[str, str, str, tuple[str, ...], Spot], tuple[str, str, bool]] = field(default_factory=dict)

    def find(
        self, name: str, code: str, quantity: str, within: tuple[str, ...] = (), spot: Spot = None
    ) -> tuple[str, str, bool]:
        """Key (or the words where none is known), the words where they differ from it, and whether it is known.

        within: the areas that a row names around the place, the finest first. spot: the row's coordinates.
        """
        asked = (name, code, quantity, within, spot)
        if asked not in self._found:
            self._found[asked] = self._find(" ".join(name.split()), code.strip(), quantity, within, spot)
        where, said, is_known = self._found[asked]
        if not is_known and where:
            self.unknown[where] += 1
        return where, said, is_known

    def _find(
        self, name: str, code: str, quantity: str, within: tuple[str, ...], spot: Spot
    ) -> tuple[str, str, bool]:  # fmt: skip
        key = self.by_code.get(code.upper(), "") if code else ""
        alias = self.terms.place_key(name, quantity)
        named = alias if alias != name else self.by_name.get(name.casefold(), "")
        if key and named not in ("", key):
            return f"{name} (P-code {code})", "", False
        if not key and name:
            key = named
            if self._is_of_another(key, name, code, quantity):
                return f"{name} (P-code {code})", "", False
            if not self._is_alias(name, quantity) and self._is_elsewhere(key, within, spot):
                around = ", ".join(within) or ", ".join(f"{one:g}" for one in spot or ())
                return f"{name} ({around})", "", False
        if key:
            return key, name if name and name != key else "", True
        return name or code, "", False

    def _is_alias(self, name: str, quantity: str) -> bool:
        """Whether a person said of a name which place it means."""
        return bool({(name, quantity), (name, "")} & self.terms.aliases.keys())

    def _is_elsewhere(self, key: str, within: tuple[str, ...], spot: Spot) -> bool:
        """Whether a row means another place of the same name: by its coordinates, without them by the areas around."""
        own = self.spots.get(key)
        if own and spot:
            east = (own[1] - spot[1] + 180) % 360 - 180
            return KM_OF_DEGREE * hypot(own[0] - spot[0], east * cos(radians(own[0]))) > FAR_KM
        region = self.regions.get(key, "")
        return bool(region) and len(within) > 1 and _folded(region) not in map(_folded, within)

    def _is_of_another(self, key: str, name: str, code: str, quantity: str) -> bool:
        """Whether a P-code is none of the place's own. A code without digits is a country's; an alias settles it."""
        if self._is_alias(name, quantity):
            return False
        own = self.own_codes.get(key, set())
        return bool(own) and any(map(str.isdigit, code)) and code.upper() not in own


def places_of(folder: Path, terms: Terms) -> PlaceFinder:
    """The places that a case folder names: `names.csv` (read into the terms) and `places.csv`."""
    found = PlaceFinder(terms)
    for key, place in terms.places.items():
        _add(found, key, (key, *place.names), (key,))
    for row in read_loosely(table_file(folder / "places.csv"), list(WHERE_LISTED)):
        key, name, other, note, region, *spot = (row.get(column, "") for column in WHERE_LISTED)
        codes = PCODE_NOTE.findall(note)
        _add(found, key, (key, name, other), (key, *codes))
        found.own_codes[key] = {code.upper() for code in (*codes, *PCODE_KEY.findall(key))}
        found.regions[key] = region
        if all(map(NUMBER.fullmatch, spot)):
            found.spots[key] = float(spot[0]), float(spot[1])
    return found


def _folded(name: str) -> str:
    """A name without what tells apart how people write it: capitals, accents, spaces and signs."""
    return "".join(one for one in normalize("NFKD", name).casefold() if one.isalnum())


def _add(found: PlaceFinder, key: str, names: Iterable[str], codes: Iterable[str]) -> None:
    """Note the names and codes of a place. A name that two places share stands for neither."""
    for name in {name.casefold() for name in names if name}:
        found.by_name[name] = key if found.by_name.get(name, key) == key else ""
    for code in codes:
        found.by_code.setdefault(code.upper(), key)

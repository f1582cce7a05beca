"""Names that are almost known: a mistyped actor, action, reporter, quantity or place is refused, with the right one.

A name that is near no known one is taken as new: a report may come from an outlet, or of a place, that no table holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from safeconduct.ledger.types import SEVERAL, Claim, Terms
from safeconduct.terms import Fault, shown
from safeconduct.terms.cells import nearest

Placed = tuple[Claim, tuple[str, int]]  # a claim with the file and line that it stands on
JOINS = str.maketrans("-_", "  ")
SHORTEST, LONG = 5, 12  # letters: below the first a slip makes another word; from the second on, two slips are allowed


@dataclass(frozen=True)
class Known:
    """The names that the tables of a case hold, by the column in which a claim uses them."""

    names: dict[str, frozenset[str]]

    def near(self, column: str, name: str) -> str:
        """The known name that an unknown one is almost; empty where it is known, short, or near none."""
        known = self.names[column]
        if name in known or len(name) < SHORTEST:
            return ""
        most = 1 if len(name) < LONG else 2
        plain = name.casefold()
        letters = set(plain)
        alike = (one for one in known if abs(len(one) - len(name)) <= most)
        near = [
            (slips(plain, one.casefold(), most), one)
            for one in alike
            if len(letters ^ set(one.casefold())) <= 2 * most  # a slip changes two kinds of letters at most
        ]
        found, other = min(near, default=(most + 1, ""))
        is_same = plain.translate(JOINS) == other.casefold().translate(JOINS) and plain != other.casefold()
        is_near = found <= most and not is_same and not has_another_word(plain, other.casefold())
        return other if is_near else ""  # a key beside the name it was made from


def has_another_word(one: str, other: str) -> bool:
    """Whether two names of as many words differ by more than a slip in a short one, as two ministries of a state do."""
    pairs = list(zip(one.split(), other.split(), strict=False))
    is_as_long = len(one.split()) == len(other.split()) > 1
    return is_as_long and any(max(len(a), len(b)) < SHORTEST and slips(a, b, 1) > 1 for a, b in pairs)


def slips(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, exchanged or swapped with a neighbour; `most` + 1 where more were."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for n, letter in enumerate(one, start=1):
        row = [n]
        for m, against in enumerate(other, start=1):
            least = min(last[m] + 1, row[m - 1] + 1, last[m - 1] + (letter != against))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == against:
                least = min(least, before[m - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def known_names(terms: Terms) -> Known:
    """All names of the tables."""
    quantities = {name for word in terms.quantities.values() for name in (word.name, *word.also)}
    return Known(
        {
            "actor": frozenset(terms.actors),
            "action": frozenset(terms.actions),
            "reporter": frozenset(terms.reporters),
            "quantity": frozenset(quantities),
            "place": frozenset((*terms.places, *terms.place_names, *terms.place_names.values())),
        }
    )


def naming_faults(placed: Iterable[Placed], terms: Terms) -> Iterator[Fault]:
    """A fault for each name that is almost a known one."""
    known, told = known_names(terms), dict[tuple[str, str], str]()
    for claim, (file, line) in placed:
        for column, names in names_in(claim):
            for name in names:
                if (column, name) not in told:
                    told[column, name] = known.near(column, name)
                if told[column, name]:
                    yield Fault(
                        file, line, column, shown(name), f"a name of {TABLE_OF[column]}, or one unlike them",
                        f'did you mean "{told[column, name]}"?',
                    )  # fmt: skip
        for key in claim.obligation:
            if terms.obligations and key not in terms.obligations:
                advice = nearest(key, terms.obligations, "correct it or add that row")
                yield Fault(file, line, "obligation", shown(key), "the id of a row of agreement.csv", advice)


TABLE_OF = {
    "actor": "actors.yaml",
    "action": "actions.csv",
    "reporter": "reporters.csv",
    "quantity": "quantities.csv",
    "place": "names.csv and places.csv",
}


def names_in(claim: Claim) -> Sequence[tuple[str, Collection[str]]]:
    """The names that a claim uses, by column."""
    actors = [name.strip() for cell in (claim.actor, claim.towards) for name in cell.split(";") if name.strip()]
    return (
        ("actor", actors),
        ("action", [claim.action] if claim.action else []),
        ("reporter", [claim.reporter]),
        ("quantity", [claim.quantity] if claim.quantity else []),
        ("place", [part.strip() for part in claim.place.split(SEVERAL) if part.strip()]),
    )

"""Groups of voices: one accent colour for each side, told apart by people who see colours differently.

The colours stand in `findings/assets/colours.css`.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.findings.pages import colours
from safeconduct.monitor import View

MOST_SIDES = 6  # that have a colour of their own
ORGANISATIONS, PRESS, SEVERAL = "organisations", "press", "several"
REST = (  # after the parties
    (ORGANISATIONS, "Organisations and courts"),
    (PRESS, "Press and commentary"),
    (SEVERAL, "Several, or not known"),
)
OF_ORGANISATIONS = ("organisation", "court")


@dataclass(frozen=True, slots=True)
class Group:
    """Voices that share a colour and a switch."""

    key: str
    label: str
    colour: str

    @property
    def short(self) -> str:
        """Its label without what stands in brackets."""
        return self.label.split(" (")[0]


@dataclass(frozen=True)
class Groups:
    """The groups of a case, and to which one a reporter belongs."""

    all: tuple[Group, ...]
    by_side: dict[str, str]  # side of a party -> key of its group

    def of(self, view: View, reporter: str) -> str:
        """The key of a reporter's group."""
        found = view.ledger.terms.reporter(reporter)
        if found.side in self.by_side:
            return self.by_side[found.side]
        if found.kind in OF_ORGANISATIONS:
            return ORGANISATIONS
        return SEVERAL if found.is_party or found.kind == "not reviewed" else PRESS


def groups_of(view: View) -> Groups:
    """A group for each party with statements of its own, in the order of actors.yaml; then three for the rest."""
    parties = {r.side for r in view.ledger.terms.reporters.values() if r.is_party and r.kind not in OF_ORGANISATIONS}
    found: list[Group] = []
    by_side: dict[str, str] = {}
    for key, actor in view.case.actors.items():
        sides = [side for side in actor.sides if side in parties]
        if sides and len(found) < MOST_SIDES:
            found.append(Group(key, actor.label, colours()[f"side-{len(found) + 1}"]))
            by_side.update(dict.fromkeys(sides, key))
    return Groups((*found, *(Group(key, label, colours()[key]) for key, label in REST)), by_side)

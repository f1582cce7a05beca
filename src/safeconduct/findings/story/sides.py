"""Groups of voices: one accent colour for each side, told apart by people who see colours differently.

The colours are those of Okabe and Ito (Color Universal Design, 2008); each stands out from white by 3 to 1 or more.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.monitor import View

ACCENTS = ("#0072B2", "#D55E00", "#009E73", "#B5579B", "#6A5ACD", "#8C6D00")
ORGANISATIONS, PRESS, SEVERAL = "organisations", "press", "several"
REST = (  # after the parties
    (ORGANISATIONS, "Organisations and courts", "#222222"),
    (PRESS, "Press and commentary", "#808080"),
    (SEVERAL, "Several, or not known", "#6B4F3A"),
)
PASS_COLOURS = {  # who may pass, from the widest to the narrowest: from light to dark, so that print keeps the order
    "everyone": "#e6f0e2",
    "checked": "#c6ddc6",
    "passport": "#a3c6b4",
    "escorted": "#7faaa6",
    "medical": "#638f9a",
    "aid": "#4f738a",
    "force": "#425774",
    "nobody": "#2b2440",
}
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
        if sides and len(found) < len(ACCENTS):
            found.append(Group(key, actor.label, ACCENTS[len(found)]))
            by_side.update(dict.fromkeys(sides, key))
    return Groups((*found, *(Group(*rest) for rest in REST)), by_side)

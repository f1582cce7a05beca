"""The force that watches the agreement: its means, what it did with itself, whom it escorted, how it answered acts."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from safeconduct.ledger import Claim
from safeconduct.monitor.views import FORCE_TOPIC, PEOPLE_TOPICS, View

NEVER_LOOKED_UP = "answers to it were not looked up"
ESCORTED = re.compile(r"(?<!un)escorted")


@dataclass(frozen=True, slots=True)
class ForceReply:
    """An act that bears on an obligation, and what the force is recorded to have done about it."""

    act: Claim
    found: str  # answered, none found, never looked up, none linked
    answers: tuple[Claim, ...]


def forces(view: View) -> tuple[str, ...]:
    """Keys of the actors that send the force."""
    return tuple(key for key, actor in view.case.actors.items() if actor.is_force)


def answers(view: View) -> tuple[ForceReply, ...]:
    """The force's recorded answers to acts of others; what was never looked up is kept apart from silence."""
    ours, acts = set(forces(view)), view.of_kind("act")
    given: dict[str, list[Claim]] = defaultdict(list)
    for claim in acts:
        if ours & set(view.parties(claim)):
            for asked in claim.responds_to:
                given[asked].append(claim)
    bearing = {bearing.claim for bearing in view.case.bearings}
    others = (act for act in acts if not ours & set(view.parties(act)))
    return tuple(
        ForceReply(act, found_word(view, act, given[act.id]), tuple(given[act.id]))
        for act in others
        if act.id in bearing
    )


def found_word(view: View, act: Claim, answers: list[Claim]) -> str:
    """Whether an answer is recorded, was looked for in vain, was never looked up, or is just not linked."""
    if any(is_answer(view, answer) for answer in answers):
        return "answered"
    if answers:
        return "none found"
    return "never looked up" if NEVER_LOOKED_UP in act.remark else "none linked"


def is_answer(view: View, claim: Claim) -> bool:
    """Whether an act is an answer, and not the remark that none was found."""
    action = view.ledger.terms.actions.get(claim.action)
    return action is None or action.is_answer


def means(view: View) -> list[Claim]:
    """Figures of the force: soldiers, vehicles, posts."""
    ours = set(forces(view))
    return [
        claim
        for claim in view.of_kind("figure")
        if not claim.retells and not claim.towards and claim.topic not in PEOPLE_TOPICS
        if claim.topic == FORCE_TOPIC or ours & set(view.parties(claim))
    ]


def posture(view: View) -> list[Claim]:
    """Acts of the force on itself: posts, commanders, numbers, zone."""
    ours = set(forces(view))
    actions = view.ledger.terms.actions
    return [
        claim
        for claim in view.of_kind("act")
        if ours & set(view.parties(claim))
        and claim.action in actions
        and actions[claim.action].group in (FORCE_TOPIC, "returns")
    ]


@dataclass(frozen=True)
class Escorts:
    """Escorts of one kind, as one voice counts them."""

    quantity: str
    voice: str
    claims: tuple[Claim, ...]


def escorts(view: View) -> tuple[Escorts, ...]:
    """People escorted, by what is counted and who counts."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in view.of_kind("figure"):
        if ESCORTED.search(f"{claim.quantity} {claim.scope}") and not claim.retells and claim.is_verified:
            groups[claim.quantity, view.ledger.voice(claim)].append(claim)
    return tuple(Escorts(quantity, voice, tuple(claims)) for (quantity, voice), claims in sorted(groups.items()))

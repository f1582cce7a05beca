"""Finding retellings: the same report through another outlet is no second piece of evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from safeconduct.ledger.types import PRECISIONS, Claim, Terms


def mark_retellings(claims: Iterable[Claim], terms: Terms) -> tuple[Claim, ...]:
    """The claims, those that retell another linked to it.

    A figure or act retells another when the same voice says the same, with the same numbers, of the same place,
    and the time of one lies within the time of the other. The one that gives the time most closely is the original;
    of equals, the first.
    """
    claims = tuple(claims)
    alike: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind in ("figure", "act") and claim.window is not None and not claim.retells:
            alike[likeness(claim, terms)].append(claim)
    found = {}
    for group in alike.values():
        group.sort(key=lambda claim: PRECISIONS.index(claim.precision))
        originals: list[Claim] = []
        for claim in group:
            original = next((other for other in originals if lies_within(other, claim)), None)
            if original is None:
                originals.append(claim)
            else:
                found[claim.id] = original.id
    return tuple(replace(claim, retells=(found[claim.id],)) if claim.id in found else claim for claim in claims)


def likeness(claim: Claim, terms: Terms) -> object:
    """What two claims must share for one to retell the other."""
    what = (
        (claim.quantity, claim.low, claim.best, claim.high) if claim.kind == "figure" else (claim.action, claim.actor)
    )
    return (claim.kind, terms.reporter(claim.reporter).behalf, claim.place, what)


def lies_within(inner: Claim, outer: Claim) -> bool:
    """Whether the time of one claim lies within that of the other."""
    inside, outside = inner.window, outer.window
    if inside is None or outside is None:
        return False
    if inside == outside:
        return True
    return (
        outside[0] <= inside[0] and inside[0] < outside[1]
        if inner.is_exact
        else (outside[0] <= inside[0] and inside[1] <= outside[1])
    )

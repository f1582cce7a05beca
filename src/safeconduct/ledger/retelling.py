"""Finding retellings: the same report through another outlet is no second piece of evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

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
        originals: list[tuple[datetime, int, Claim]] = []  # by the start of what they speak of
        for n, claim in enumerate(group):
            original = first_within(originals, claim)
            if original is None:
                insort(originals, (window_of(claim)[0], n, claim), key=itemgetter(0, 1))
            else:
                found[claim.id] = original.id
    return tuple(replace(claim, retells=(found[claim.id],)) if claim.id in found else claim for claim in claims)


def window_of(claim: Claim) -> tuple[datetime, datetime]:
    """The window of a claim that has one."""
    window = claim.window
    assert window is not None  # those without one were left out
    return window


def first_within(originals: Sequence[tuple[datetime, int, Claim]], claim: Claim) -> Claim | None:
    """The first original whose time lies within that of a claim; only those that start within it are looked at."""
    start, end = window_of(claim)
    low = bisect_left(originals, start, key=itemgetter(0))
    high = bisect_right(originals, end, lo=low, key=itemgetter(0))
    within = ((n, other) for _, n, other in originals[low:high] if lies_within(other, claim))
    return min(within, key=itemgetter(0), default=(0, None))[1]


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

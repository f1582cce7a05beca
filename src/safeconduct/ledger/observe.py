"""From claims to observations: what a reader may use as evidence about one quantity at one place.

One observation for each time. A figure carried by several outlets counts once. Where figures of one time differ, the
observation is an interval and names every claim; its best figure is the one that most outlets carry, because rival
figures of one bulletin are mostly slips of copying. Arithmetic of a compiler and things from memory are no evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from safeconduct.ledger.types import Claim, Ledger, Observation


def observe(ledger: Ledger, quantity: str, place: str) -> tuple[Observation, ...]:
    """The reconciled figures for one quantity at one place, in order of time."""
    by_time: dict[datetime, list[Claim]] = {}
    for claim in ledger.claims:
        if (
            claim.time is not None
            and (claim.quantity, claim.place) == (quantity, place)
            and is_evidence(claim)
        ):
            by_time.setdefault(claim.time, []).append(claim)
    return tuple(reconcile(by_time[when], when) for when in sorted(by_time))


def is_evidence(claim: Claim) -> bool:
    """Whether somebody reported this figure, rather than a compiler working it out or remembering it."""
    said = (claim.low, claim.best, claim.high)
    is_derived = claim.reporter == "derived" or claim.basis == "derived"
    return claim.kind == "figure" and said != (None, None, None) and not is_derived and not from_memory(claim)


def from_memory(claim: Claim) -> bool:
    """Whether nobody looked the figure up."""
    return "unverified" in (claim.source_title, claim.address)


def has_exact_time(claim: Claim) -> bool:
    """Whether the source itself gives the hour."""
    return claim.precision == "exact" and "time approximate" not in claim.note


def reconcile(claims: Sequence[Claim], when: datetime) -> Observation:
    """One observation from all claims about one time. A source that gives the hour goes before one that does not."""
    exact = [claim for claim in claims if has_exact_time(claim)]
    used = exact or list(claims)
    figures = Counter(figure(claim) for claim in used)
    best = max(figures, key=lambda value: (figures[value], value))
    first = used[0]
    return Observation(
        quantity=first.quantity,
        place=first.place,
        time=when,
        low=min(_first_of(claim.low, figure(claim)) for claim in used),
        best=best,
        high=max(_first_of(claim.high, figure(claim)) for claim in used),
        unit=first.unit,
        is_exact=bool(exact),
        claims=tuple(claim.id for claim in used),
        why=_why(figures, len(used), len(claims) - len(used)),
    )


def figure(claim: Claim) -> float:
    """The figure said: the best one, or the middle of a range, or its only end."""
    if claim.best is not None:
        return claim.best
    ends = [value for value in (claim.low, claim.high) if value is not None]
    return sum(ends) / len(ends)


def _first_of(end: float | None, otherwise: float) -> float:
    return otherwise if end is None else end


def _why(figures: Counter[float], n_used: int, n_left_out: int) -> str:
    if len(figures) > 1:
        told = f"{len(figures)} rival figures in {n_used} claims; best is the one most claims carry"
    else:
        told = f"one figure, carried by {n_used} claims" if n_used > 1 else "one claim"
    return f"{told}; {n_left_out} without a stated hour left out" if n_left_out else told

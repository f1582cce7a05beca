"""A claim is always somebody's; an observation is what a reader may use as evidence, with the claims it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """S says that a quantity had a value at a place and time."""

    id: str
    kind: str  # figure; later: act, status, prediction, statement
    time: datetime | None
    precision: str  # exact, approximate, day, month, unknown
    place: str  # place key, or the words of the source where no key is known
    quantity: str
    low: float | None
    best: float | None
    high: float | None
    unit: str
    basis: str  # counted, estimated, inferred, derived
    reporter: str
    source_title: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A reconciled figure: an interval and the claims it rests on."""

    quantity: str
    place: str
    time: datetime
    low: float
    best: float
    high: float
    unit: str
    is_exact: bool  # the source gives the hour
    claims: tuple[str, ...]
    why: str  # how it was reconciled, and why other claims were left out


@dataclass(frozen=True)
class Ledger:
    """All claims of a case, in the order of the file."""

    claims: tuple[Claim, ...]
    revision: str  # hash of the reviewed file

    def by_id(self, claim_id: str) -> Claim:
        """The claim with this id. Raises KeyError where there is none."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise KeyError(claim_id)

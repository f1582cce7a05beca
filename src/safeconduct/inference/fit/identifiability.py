"""What a fit leaves open, as records and as JSON beside its sample: every report shows it without fitting again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

from safeconduct.terms import CaseError, Fault, text_of, write_whole

OPEN_SHARE = 0.75  # a number is called open where it may roam over this part of what it could before


@dataclass(frozen=True, slots=True)
class Range:
    """How far a number may move while the rows are fitted almost as well, and how far it could before."""

    name: str
    unit: str
    is_parameter: bool
    low: float  # among draws that fit almost as well
    best: float  # of the draw that fits best
    high: float
    prior_low: float  # 5 and 95 % of draws from the prior
    prior_high: float

    @property
    def is_open(self) -> bool:
        """Whether the rows narrow it little: the range covers most of the prior's central 90 %."""
        shared = min(self.high, self.prior_high) - max(self.low, self.prior_low)
        return shared >= OPEN_SHARE * (self.prior_high - self.prior_low)


@dataclass(frozen=True, slots=True)
class Profile:
    """The best fit that was found at each value of one number, whatever the others are."""

    name: str
    unit: str
    at: tuple[float, ...]  # middles of the bins that hold a draw
    drop: tuple[float, ...]  # 2 x (best log likelihood of all - best in the bin)
    rmse: tuple[float, ...]  # least root mean square error in the bin, in the target's unit


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fitted parameters, and whether the rows hold only their product or their ratio."""

    first: str
    second: str
    correlation: float  # of equally likely draws, of logarithms where both are positive
    product: tuple[float, float] | None  # low, high among draws that fit almost as well; None unless positive
    ratio: tuple[float, float] | None  # first / second


@dataclass(frozen=True, slots=True)
class ExpectedInformation:
    """How much one more report would tell about a number that is open."""

    observable: str
    unit: str
    report_sd: float  # error of the report, in its unit (assumed)
    wanted: str
    reduction: float  # expected share of the variance removed, 0..1


@dataclass(frozen=True)
class Identifiability:
    """Everything a reader should know before believing one value of a fitted parameter."""

    ranges: tuple[Range, ...]  # fitted parameters first, then other observables
    profiles: tuple[Profile, ...]
    pairs: tuple[Pair, ...]
    prospects: tuple[ExpectedInformation, ...]  # the most telling first
    drop: float
    n_near: int  # draws that fit almost as well
    n_draws: int
    note: str
    of_sample: str = ""  # hash of the sample's file that the same fit wrote; empty in files of older versions


def write_identifiability(path: Path, left_open: Identifiability) -> None:
    """Write the file whole."""
    write_whole(path, json.dumps(without_nan(asdict(left_open)), indent=1, allow_nan=False) + "\n")


def read_identifiability(path: Path) -> Identifiability:
    """Read the file. Raises CaseError where it is not one that a fit has written."""
    try:
        found: Any = json.loads(text_of(path))
        return Identifiability(
            ranges=tuple(Range(**with_nan(one)) for one in found.pop("ranges")),
            profiles=tuple(Profile(**tuples(one)) for one in found.pop("profiles")),
            pairs=tuple(Pair(**tuples(one)) for one in found.pop("pairs")),
            prospects=tuple(ExpectedInformation(**one) for one in found.pop("prospects")),
            **found,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"not what a fit leaves ({type(error).__name__}: {error})"
        raise CaseError([Fault(path.name, 0, "", what, "the file of a fit", "fit again or remove it")]) from None


def without_nan(record: Any) -> Any:
    """The same with null for numbers that are not finite: JSON has none."""
    if isinstance(record, dict):
        return {key: without_nan(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [without_nan(value) for value in record]
    return None if isinstance(record, float) and not isfinite(record) else record


def with_nan(record: dict[str, Any]) -> dict[str, Any]:
    """Numbers that are null are unknown."""
    return {key: nan if value is None else value for key, value in record.items()}


def tuples(record: dict[str, Any]) -> dict[str, Any]:
    """Lists as the tuples of a frozen record."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}

"""What a fit leaves open, as a chapter: ranges, profiles, pairs that trade off, and reports that would tell most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from safeconduct.findings.charts import bowl, show_number, strip
from safeconduct.inference import ExpectedInformation, Identifiability, Pair, Profile, Range

TRADE_OFF = 0.5  # correlation from which two parameters are said to trade off (assumed)
FEWEST_NEAR = 20  # draws that fit almost as well; with fewer of them a range says little (assumed)
MOST_REPORTS = 2  # reports named for each open number
PANEL_WIDTH = 284.0  # px


@dataclass(frozen=True, slots=True)
class RangeRow:
    """How far a number may move while the figures are fitted almost as well."""

    found: Range
    near: str  # low to high among draws that fit almost as well
    before: str  # middle 90 % of draws from the prior
    picture: str
    told: str  # still open, narrowed, or why neither can be said; empty where draws are too few to say


@dataclass(frozen=True, slots=True)
class Bowl:
    """The misfit over one number, whatever the others are."""

    name: str
    unit: str
    drawing: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two parameters, and what of them the figures hold."""

    pair: Pair
    words: str  # empty where they trade off little
    held: str  # range of the product or ratio that the figures hold; empty where there is none


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A number, and the further reports that are expected to narrow it most."""

    wanted: str
    is_parameter: bool
    reports: tuple[ExpectedInformation, ...]


@dataclass(frozen=True, slots=True)
class OpenChapter:
    """All that the chapter prints."""

    parameters: tuple[RangeRow, ...]
    others: tuple[RangeRow, ...]  # waiting times, people at the start, departures
    bowls: tuple[Bowl, ...]  # of the fitted parameters
    other_bowls: tuple[Bowl, ...]
    pairs: tuple[PairRow, ...]
    reports: tuple[ReportRow, ...]
    note: str
    is_thin: bool  # too few draws fit almost as well to speak of ranges
    found: Identifiability


def chapter(found: Identifiability) -> OpenChapter:
    """The chapter of a fit's leavings."""
    names = {one.name for one in found.ranges if one.is_parameter}
    is_thin = found.n_near < FEWEST_NEAR
    rows = [range_row(one, is_thin=is_thin) for one in found.ranges if isfinite(one.best)]
    bowls = [bowl_of(one, found.drop) for one in found.profiles if len(one.at) > 1 and one.at[0] < one.at[-1]]
    return OpenChapter(
        tuple(row for row in rows if row.found.is_parameter),
        tuple(row for row in rows if not row.found.is_parameter),
        tuple(one for one in bowls if one.name in names),
        tuple(one for one in bowls if one.name not in names),
        tuple(pair_row(one) for one in sorted(found.pairs, key=lambda pair: -abs(pair.correlation))),
        tuple(report_rows(found)),
        found.note,
        is_thin,
        found,
    )


def range_row(found: Range, *, is_thin: bool) -> RangeRow:
    """One number's range beside what it could be before."""
    is_known = isfinite(found.prior_low) and isfinite(found.prior_high)
    prior = (found.prior_low, found.prior_high) if is_known else (found.low, found.high)
    if is_thin:
        told = ""
    elif not is_known:
        told = "range before the fit not known"
    elif found.prior_low == found.prior_high:
        told = "the same in nearly all draws before the fit"
    else:
        told = "still open" if found.is_open else "narrowed"
    picture = strip(prior, (found.low, found.best, found.high))
    before = show_span(found.prior_low, found.prior_high) if is_known else "not known"
    return RangeRow(found, show_span(found.low, found.high), before, picture, told)


def show_span(low: float, high: float) -> str:
    """Two ends, in numbers for people."""
    return f"{show_number(low)}\N{EN DASH}{show_number(high)}"


def bowl_of(found: Profile, drop: float) -> Bowl:
    """A profile as a small drawing."""
    label = (
        f"Misfit over {found.name}: least at {show_number(found.at[found.drop.index(min(found.drop))])} {found.unit}"
    )
    return Bowl(found.name, found.unit, bowl(found.at, found.drop, drop, width=PANEL_WIDTH, label=label))


def pair_row(found: Pair) -> PairRow:
    """How two parameters trade off, in words."""
    if abs(found.correlation) < TRADE_OFF:
        return PairRow(found, "", "")
    if found.correlation < 0:
        held = f"{found.first} \N{MULTIPLICATION SIGN} {found.second}", found.product
        words = "more of one with less of the other gives the same figures"
    else:
        held = f"{found.first} / {found.second}", found.ratio
        words = "more of one with more of the other gives the same figures"
    return PairRow(found, words, f"{held[0]}: {show_span(*held[1])}" if held[1] else "")


def report_rows(found: Identifiability) -> Iterable[ReportRow]:
    """For each number that has no report of its own, the reports that would narrow it most."""
    reported = {one.observable for one in found.prospects}
    for number in found.ranges:
        best = [one for one in found.prospects if one.wanted == number.name and one.reduction > 0.005]
        if number.name not in reported and best:
            yield ReportRow(number.name, number.is_parameter, tuple(best[:MOST_REPORTS]))

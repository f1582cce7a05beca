"""Where reports disagree, found from the vocabulary and the names of places alone.

Two reports of one quantity at one place disagree when no number could satisfy both and time alone does not explain it:

  cumulative   the count would have to fall; or two figures are given for one moment, or for one day of which no other
               report shows that the count passed through both
  level        both speak of the same moment or the same day, or lie within the time for which such a level holds
  flow         both speak of one period, which they name to the day; or one voice gives one figure (three digits or
               more) for two periods at most
               two days apart, through different sources
  measure      always
  own          never: it is each teller's own, such as the hours of one's own way
  once         of something that can happen once: the dates cannot both be right

A level, flow or measure said as the least ("over", "more than", "at least") does not disagree with a higher one.
Retellings, the compiler's arithmetic and what was not looked up take no part. Reports that disagree, directly or
through others, make one Conflict. A day's figure that equals a contested total of that day is shown with it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from safeconduct.ledger.figures import FigureInterval, as_rounded, is_lower_bound, read_figure, significant_digits
from safeconduct.ledger.types import Claim, Ledger, Quantity
from safeconduct.terms import collection_paused

Window = tuple[datetime, datetime]
NEAR_DAYS = timedelta(days=2)
FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """A claim that may disagree with others."""

    claim: Claim
    reading: FigureInterval
    window: Window


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that cannot both be right, and why."""

    one: str
    other: str
    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Reports of one quantity at one place that cannot all be right."""

    quantity: str
    place: str
    start: datetime
    end: datetime
    claims: tuple[str, ...]  # in order of time
    pairs: tuple[Pair, ...]  # widest gap first
    sides: tuple[str, ...]  # of those who assert them
    voices: tuple[str, ...]
    ratio: float  # the higher figure over the lower, of the pair that is furthest apart


def find_conflicts(ledger: Ledger, quantity: str = "", place: str = "") -> tuple[Conflict, ...]:
    """Every disagreement, those furthest apart first."""
    with collection_paused():
        return tuple(
            sorted(every_conflict(ledger, quantity, place), key=lambda c: (-c.ratio, c.quantity, c.place, c.start))
        )


def every_conflict(ledger: Ledger, quantity: str, place: str) -> list[Conflict]:
    """Every disagreement, of one quantity or at one place where they are given."""
    wanted = ledger.terms.quantity(quantity).name if quantity else ""
    found = []
    for (name, where), reports in reports_by_subject(ledger).items():
        word = ledger.terms.quantity(name)
        if wanted in ("", name) and place in ("", where):
            totals = [r for r in reports if r.claim.quantity == name]
            pairs = disagreements(ledger, word, totals)
            found += [describe(ledger, word, reports, part) for part in connected(pairs)]
    return found + (once_acts(ledger) if not quantity else [])


def reports_by_subject(ledger: Ledger) -> dict[tuple[str, str], list[Report]]:
    """What may disagree, by quantity and place; flows stand also with the total that sums them."""
    groups: dict[tuple[str, str], list[Report]] = defaultdict(list)
    totals = {word.total_of: word.name for word in ledger.terms.quantities.values() if word.total_of}
    for claim in ledger.claims:
        reading, window = read_figure(claim), claim.window
        if claim.kind == "figure" and reading and window and claim.is_verified and not claim.retells:
            report = Report(claim, as_rounded(reading), window)
            groups[claim.quantity, claim.place].append(report)
            if claim.quantity in totals:
                groups[totals[claim.quantity], claim.place].append(report)
    return groups


def disagreements(ledger: Ledger, word: Quantity, reports: Sequence[Report]) -> list[Pair]:
    """Each pair of reports that cannot both be right."""
    test = TESTS[word.kind]
    ordered = sorted(reports, key=lambda r: (r.window, r.claim.id))
    exact = [r for r in ordered if r.claim.is_exact]
    pairs = []
    for one, other in candidates(word, ordered):
        agree = need_not_agree(ledger, one.claim, other.claim) or above_bound(word, one, other)
        why = "" if agree else test(ledger, word, one, other, exact)
        if word.is_once and not why and not overlap(one.window, other.window):
            why = "happened once, dated differently"
        if why:
            pairs.append(Pair(one.claim.id, other.claim.id, why))
    return pairs


def candidates(word: Quantity, ordered: Sequence[Report]) -> Iterator[tuple[Report, Report]]:
    """The pairs that may disagree, the earlier first: of a long series few are looked at, as time parts the others.

    `ordered` is in order of time. A pair left out here disagrees by no rule of its kind of quantity.
    """
    if word.is_once or word.kind == "measure":
        yield from combinations(ordered, 2)
        return
    if word.kind == "own":
        return
    least = [math.inf]  # the lowest high end of what comes later
    for report in reversed(ordered):
        least.append(min(least[-1], report.reading.high))
    least.reverse()
    for n, one in enumerate(ordered):
        for m in range(n + 1, len(ordered)):
            other = ordered[m]
            if one.window != other.window and is_past(word, one, other, least[m]):
                break
            yield one, other


def is_past(word: Quantity, one: Report, other: Report, least: float) -> bool:
    """Whether no report from `other` on can disagree with `one`; `least` is the lowest high end among them."""
    if word.kind == "cumulative":
        return least >= one.reading.low  # none of them falls below it
    reach = timedelta(days=word.holds_days) if word.kind == "level" else one.window[1] - one.window[0] + NEAR_DAYS
    return other.window[0] > one.window[0] + reach


def need_not_agree(ledger: Ledger, one: Claim, other: Claim) -> bool:
    """Whether one takes the place of the other by its own words, or one source gives them for two different scopes."""
    if other.id in one.supersedes or one.id in other.supersedes:
        return True
    same_source = (one.source_title, one.address) == (other.source_title, other.address)
    return same_source and one.scope != other.scope and ledger.voice(one) == ledger.voice(other)


def above_bound(word: Quantity, one: Report, other: Report) -> bool:
    """Whether one report gives only the least, and the other a higher figure: both can be right.

    Running totals are left to their own rule: "over 2,000" is how far one reporter's count has come.
    """
    low, high = sorted((one, other), key=lambda r: r.reading.best)
    return word.kind != "cumulative" and is_lower_bound(low.claim) and low.reading.high < high.reading.low


def overlap(one: Window, other: Window) -> bool:
    """Whether two periods share a moment."""
    return one == other or (one[0] < other[1] and other[0] < one[1])


def cumulative(ledger: Ledger, word: Quantity, one: Report, other: Report, all_reports: Sequence[Report]) -> str:
    """Why two figures of a running total disagree; empty where they need not. `one` starts no later than `other`."""
    if one.reading.meets(other.reading):
        return ""
    rises = one.reading.high < other.reading.low
    if one.window == other.window:
        if one.window[0] == one.window[1]:
            return "two figures for one moment"
        named = is_dated(one.claim) and is_dated(other.claim)
        return "two totals for one date" if named and not passes_through(one, other, all_reports) else ""
    if not rises and not overlap(one.window, other.window) and one.window[1] <= other.window[0]:
        return "a running total cannot fall"
    return ""


def passes_through(one: Report, other: Report, exact: Sequence[Report]) -> bool:
    """Whether reports with an hour show that the count passed through both figures within their common period.

    `exact` is in order of time.
    """
    low, high = sorted((one.reading.best, other.reading.best))
    first, last = one.window
    start = bisect_left(exact, first, key=lambda r: r.window[0])
    stop = bisect_right(exact, last, key=lambda r: r.window[0])
    inside = [r for r in exact[start:stop] if r.window[1] <= last]
    return any(r.reading.low <= low for r in inside) and any(r.reading.high >= high for r in inside)


def level(ledger: Ledger, word: Quantity, one: Report, other: Report, all_reports: Sequence[Report]) -> str:
    """Why two levels disagree; empty where they need not."""
    if one.reading.meets(other.reading):
        return ""
    if one.window == other.window and is_dated(one.claim) and is_dated(other.claim):
        return "two figures for one time"
    furthest = max(one.window[1], other.window[1]) - min(one.window[0], other.window[0])
    holds = timedelta(days=word.holds_days)
    return f"within {word.holds_days:g} days, for which such a figure holds" if furthest <= holds else ""


def flow(ledger: Ledger, word: Quantity, one: Report, other: Report, all_reports: Sequence[Report]) -> str:
    """Why two counts of a period disagree; empty where they need not."""
    if one.window == other.window:
        is_one_period = is_dated(one.claim) and is_dated(other.claim)
        return "two figures for one period" if is_one_period and not one.reading.meets(other.reading) else ""
    same = one.reading == other.reading and significant_digits(one.reading.best) >= FEWEST_DIGITS
    near = (
        timedelta() <= other.window[0] - one.window[1] <= NEAR_DAYS
        and one.claim.source_title != other.claim.source_title
    )
    same_length = one.window[1] - one.window[0] == other.window[1] - other.window[0]
    if same and near and same_length and ledger.voice(one.claim) == ledger.voice(other.claim):
        return "one figure, dated differently"
    return ""


def is_dated(claim: Claim) -> bool:
    """Whether a claim names its moment or period, and not only the month or year in which that lies."""
    return claim.until is not None or claim.precision in ("exact", "day")


def measure(ledger: Ledger, word: Quantity, one: Report, other: Report, all_reports: Sequence[Report]) -> str:
    """Why two measurements of what does not change disagree; empty where they need not."""
    return "" if one.reading.meets(other.reading) else "two figures for what does not change"


def own(ledger: Ledger, word: Quantity, one: Report, other: Report, all_reports: Sequence[Report]) -> str:
    """Nothing: of what is each teller's own two may differ and both be right."""
    return ""


Test = Callable[[Ledger, Quantity, Report, Report, Sequence[Report]], str]
TESTS: dict[str, Test] = {"cumulative": cumulative, "level": level, "flow": flow, "measure": measure, "own": own}


def connected(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """The pairs by connected component of the graph that they make."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    pairs = list(pairs)
    for pair in pairs:
        root[find(pair.one)] = find(pair.other)
    parts: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        parts[find(pair.one)].append(pair)
    return list(parts.values())


def describe(ledger: Ledger, word: Quantity, reports: Sequence[Report], pairs: Sequence[Pair]) -> Conflict:
    """One component of disagreement as a Conflict."""
    by_id = {report.claim.id: report for report in reports}
    names = {name for pair in pairs for name in (pair.one, pair.other)}
    names |= {
        r.claim.id for r in reports if r.claim.quantity != word.name and equals_total(r, [by_id[n] for n in names])
    }
    members = sorted((by_id[name] for name in names), key=lambda r: (r.window, r.claim.id))
    ranked = sorted(pairs, key=lambda pair: (-ratio(by_id[pair.one], by_id[pair.other]), pair.one, pair.other))
    return Conflict(
        word.name,
        members[0].claim.place,
        min(r.window[0] for r in members),
        max(r.window[1] for r in members),
        tuple(r.claim.id for r in members),
        tuple(ranked),
        tuple(sorted({ledger.side(r.claim) for r in members})),
        tuple(sorted({ledger.voice(r.claim) for r in members})),
        ratio(by_id[ranked[0].one], by_id[ranked[0].other]),
    )


def equals_total(report: Report, totals: Iterable[Report]) -> bool:
    """Whether a period's figure is the same number as a contested total at its end."""
    return any(
        report.reading.best == total.reading.best
        and significant_digits(total.reading.best) >= FEWEST_DIGITS
        and overlap(report.window, total.window)
        for total in totals
    )


def ratio(one: Report, other: Report) -> float:
    """The higher of two figures over the lower; infinite where one is nothing."""
    low, high = sorted((one.reading.best, other.reading.best))
    return 1.0 if high == low else high / low if low > 0 else float("inf")


def once_acts(ledger: Ledger) -> list[Conflict]:
    """Acts that can happen once and are dated differently."""
    acts: dict[str, list[Report]] = defaultdict(list)
    for claim in ledger.claims:
        action = ledger.terms.actions.get(claim.action)
        if (
            claim.kind == "act"
            and action
            and action.is_once
            and claim.window
            and claim.is_verified
            and not claim.retells
        ):
            acts[claim.action].append(Report(claim, FigureInterval(1, 1, 1), claim.window))
    found = []
    for name, reports in acts.items():
        word = Quantity(name, "", "flow", ledger.terms.actions[name].label, is_once=True)
        found += [describe(ledger, word, reports, part) for part in connected(disagreements(ledger, word, reports))]
    return found

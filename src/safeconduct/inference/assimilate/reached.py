"""Which published reports a forecast learns from, and why each other report of the way does not reach it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from safeconduct.inference.assimilate.evidence import (
    ARRIVALS,
    DAILY,
    LONGEST_DAY_HOURS,
    LONGEST_WINDOW_HOURS,
    TOTAL,
    Published,
    hours_of_day,
    is_hourly,
    published_by,
    speaks_of_a_day,
    window_of,
)
from safeconduct.ledger import Claim, left_out, observe, observe_each
from safeconduct.scenario import Scenario

WAIT, QUEUE, STOOD = "wait_hours", "queue_km", "queue_hours"
FLOW = ("open", "close", "capacity", "rate", "admit")  # events that change what a road lets through
RULES = {
    "retelling": "it repeats another report", "derived": "it is arithmetic, not a report",
    "unverified": "it was not looked up", "superseded": "a later report of the same voice takes its place",
    "no figure": "it gives no figure or no time",
}  # fmt: skip

INSTEAD = {  # what of arrivals a case compares -> that in words, and what to report
    TOTAL: "sums since the start, and one is needed beside a count of a day: give all who have arrived by an hour",
    DAILY: "counts of one day: give those who arrived on the day alone",
}


@dataclass(frozen=True, slots=True)
class Reached:
    """The reports of the way that could be known at a time: used by the forecast, or left out and why."""

    used: tuple[str, ...]
    left: tuple[tuple[str, str], ...]  # claim, why
    n_counts: int  # counts of arrivals among them
    n_counts_used: int

    @property
    def reasons(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Why, and which reports: most reports first."""
        counts = Counter(why for _, why in self.left)
        return tuple((why, tuple(one for one, its in self.left if its == why)) for why, _ in counts.most_common())


def reached(scenario: Scenario, published: Published) -> Reached:
    """What a forecast made of the reports that were published by its hour."""
    rules = dict(left_out(published.ledger))
    said = {claim.id: why_not(scenario, published, claim, rules) for claim in of_the_way(scenario, published)}
    counts = [
        claim.id for claim in published.ledger.claims if claim.id in said and name_of(claim, published) in ARRIVALS
    ]
    return Reached(
        tuple(one for one, why in said.items() if not why), tuple((one, why) for one, why in said.items() if why),
        len(counts), sum(not said[one] for one in counts),
    )  # fmt: skip


def reached_by(scenario: Scenario, when: datetime) -> Reached:
    """What a forecast would make of the reports that were published by a time."""
    return reached(scenario, published_by(scenario, when))


def name_of(claim: Claim, published: Published) -> str:
    """What a claim counts, by its own name."""
    return published.ledger.terms.quantity(claim.quantity).name if claim.quantity else ""


def of_the_way(scenario: Scenario, published: Published) -> Iterator[Claim]:
    """Reports of counts, waits, queues and of who could pass that speak of days of the case."""
    start, end = scenario.clock.start, scenario.clock.end
    for claim in published.ledger.claims:
        window = claim.window
        if window is None or window[1] <= start or window[0] >= end:
            continue
        is_figure = claim.kind == "figure" and name_of(claim, published) in (*ARRIVALS, WAIT, QUEUE, STOOD)
        if is_figure or claim.road_out or claim.road_in:
            yield claim


def why_not(scenario: Scenario, published: Published, claim: Claim, rules: dict[str, str]) -> str:
    """Why a report is not used, in a sentence; empty where it is."""
    name = name_of(claim, published)
    if claim.kind != "figure":
        return not_an_event(scenario, claim)
    if claim.id in rules:
        return RULES.get(rules[claim.id], rules[claim.id])
    if name == STOOD:
        return "hours stood before a crossing are not compared with the runs: give hours from leaving to crossing"
    if name == QUEUE:
        return too_wide(scenario, published, claim)
    targets = [
        one for one in scenario.targets if one.quantity == name or (name in ARRIVALS and one.quantity in ARRIVALS)
    ]
    if claim.place not in {one.place for one in targets}:
        places = ", ".join(sorted({one.place for one in targets})) or "none"
        return f"case.yaml names no target of {name} at {claim.place or 'no place'} (its targets: {places})"
    if name == WAIT:
        return too_wide(scenario, published, claim)
    return not_counted(scenario, published, claim, name)


def not_an_event(scenario: Scenario, claim: Claim) -> str:
    """A report of who could pass changes the runs where a row of events.csv has its name."""
    if any(event.id == claim.id and event.kind in FLOW for event in scenario.events):
        return ""
    return "roads of the map open and close by events.csv, which has no row of its name"


def too_wide(scenario: Scenario, published: Published, claim: Claim) -> str:
    """A report whose time is known too roughly says nothing of a day."""
    for one in observe_each(published.ledger, claim.quantity, claim.place):
        if claim.id in one.claims and speaks_of_a_day(*window_of(scenario, one, published.until)):
            return ""
    return f"its time is not known within {LONGEST_WINDOW_HOURS:.0f} hours: give its day"


def not_counted(scenario: Scenario, published: Published, claim: Claim, name: str) -> str:
    """A count is used as a rise since the count before it, at an hour that is known."""
    used = next(one.quantity for one in scenario.targets if one.place == claim.place and one.quantity in ARRIVALS)
    if (name, used) == (DAILY, TOTAL) and any(one.place == claim.place for one in published.counts):
        return not_of_a_day(scenario, published, claim)
    if used != name:
        return f"at this place the case compares {INSTEAD[used]}"
    made = {(one.place, one.hour) for one in (*published.counts, *published.rough)}
    for one in observe(published.ledger, name, claim.place):
        if claim.id in one.claims:
            if (claim.place, scenario.clock.hour_of(one.time)) in made:
                return ""
            if not one.is_exact and not (is_hourly(one) and name == TOTAL):
                return "the hour at which it was counted is not given"
            return "it adds nothing to another count of those hours, or was counted before the way opened"
    return "another figure of the same voice and hour is used"


def not_of_a_day(scenario: Scenario, published: Published, claim: Claim) -> str:
    """A count of a day is used between totals, as the rise over its day."""
    made = {(one.place, one.since, one.hour) for one in published.rough}
    for one in observe(published.ledger, DAILY, claim.place):
        if claim.id in one.claims:
            since, hour = hours_of_day(scenario, one)
            if hour > since + LONGEST_DAY_HOURS:
                return "it speaks of more than a day: give the count of each day"
            if (claim.place, max(since, 0.0), hour) in made:
                return ""
            if hour > published.until:
                return "its day was not over"
            return "totals counted on that day already hold its people"
    return "another figure of the same voice and day is used"


def unreached(found: Reached) -> Sequence[str]:
    """What a reader of a forecast has to know first of the reports behind it."""
    if found.n_counts_used:
        return ()
    if not found.n_counts:
        return ("No count of arrivals had been published: all that follows rests on the assumptions of the case.",)
    ids = {one for one, _ in found.left}
    why = next((why for why, claims in found.reasons if ids & set(claims) and "events.csv" not in why), "")
    n = f"{found.n_counts} published count{'s' if found.n_counts != 1 else ''} of arrivals"
    return (f"{n}, and none is used: {why}. All that follows rests on the assumptions of the case.",)

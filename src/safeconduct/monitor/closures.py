"""Closures of the road: several reports may tell of one; one without a reported end stays, with who passed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from safeconduct.ledger import PASSES, Claim
from safeconduct.monitor import views
from safeconduct.monitor.calendar import Log, still_holds
from safeconduct.monitor.derived import NOBODY
from safeconduct.monitor.saying import (
    Saying,
    claim_link,
    clause,
    counted,
    dated,
    disputed_by,
    end_day,
    joined,
    sentence,
    show_day,
    told_by,
)
from safeconduct.monitor.views import NOT_SAID, View
from safeconduct.monitor.watch import CLOSED, acts_since, end_said, ended_by, sign_of

MOST_PASSED = 3  # kinds of later passages in a sentence


@dataclass(frozen=True, slots=True)
class Closure:
    """The reports of closures that began on one day; they are taken to be of one closure (assumed)."""

    day: date
    reports: tuple[Claim, ...]


def closures(view: View, since: date) -> list[Closure]:
    """The closures that began from a day on, in order of time."""
    found: dict[date, list[Claim]] = defaultdict(list)
    for day, claim in dated(view, acts_since(view, (CLOSED,), since)):
        found[day].append(claim)
    return [Closure(day, tuple(found[day])) for day in sorted(found)]


def in_force(view: View) -> list[Closure]:
    """The closures of which the side that reported them said nothing else since, whatever their age."""
    lasting = set()
    for passages in views.told_passages(view).values():
        for way in ("out", "into"):
            spoken = Log.of(passages, way).said.latest(view.today)
            lasting |= {one.claim for one in spoken if NOBODY in getattr(one, way) and still_holds(one, view.today)}
    acts = [view.known[name] for name in lasting]
    days = {view.day(act) for act in acts if act.kind == "act" and sign_of(view, act) == CLOSED}
    return [
        one
        for one in closures(view, date.min)
        if one.day in days and open_reports(view, one) and not any(ended_by(view, claim) for claim in one.reports)
    ]


def open_reports(view: View, one: Closure) -> list[Claim]:
    """The reports of a closure whose side gives no end of it: an end that another side gives is that side's own."""
    over = {views.who_says(view, claim) for claim in one.reports if end_of(view, claim)}
    return [claim for claim in one.reports if views.who_says(view, claim) not in over]


def end_of(view: View, claim: Claim) -> date | None:
    """The last day of a closure as far as it is over; None where no end is reported."""
    end = end_day(view, claim)
    return end if end and end < view.today else None


def closed_by(view: View, one: Closure) -> str:
    """Who closed the road as each report says, and who disputes it."""
    by_party: dict[str, list[str]] = defaultdict(list)
    for claim in one.reports:
        told = view.by(claim) + disputed_by(view, views.disputing(view, claim))
        by_party[" and ".join(map(view.label, view.parties(claim)))].append(told)
    return "; ".join(f"{party} ({'; '.join(dict.fromkeys(told))})" for party, told in by_party.items())


def what_closed(view: View, one: Closure) -> str:
    """What was closed to whom, by the words of actions.csv: the widest that a report gives."""
    actions = view.ledger.terms.actions
    return max((actions[claim.action].label for claim in one.reports), key=len)


def closure_sayings(view: View, one: Closure) -> Iterator[Saying]:
    """A closure with its day and its end; who closed the road and how, as each report says; who passed since."""
    links = tuple(claim_link(claim.id) for claim in one.reports)
    yield Saying(f"{show_day(one.day)}, {what_closed(view, one)}. {how_long(view, one)}", links)
    told: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in one.reports:
        told[" and ".join(map(view.label, view.parties(claim))), claim.reporter].append(claim)
    for (party, _), claims in told.items():
        who = party if party == NOT_SAID else f"closed by {party}"
        said = next((claim for claim in claims if claim.words), claims[0])
        words = f": {clause(said.words)}" if said.words else ""
        yield Saying(sentence(f"{who}{words}"), tuple(claim_link(c.id) for c in claims), by=told_by(view, said))
    for on, side, words in passed_since(view, one.day):
        yield Saying(f"Passages reported since: {words}.", by=f"{side}, {show_day(on)}")


def how_long(view: View, one: Closure) -> str:
    """The end of a closure as far as one is reported."""
    ends = [(end, claim) for claim in one.reports if (end := end_of(view, claim))]
    over = [act for claim in one.reports if (act := ended_by(view, claim))]
    days = [claim.road_days for claim in one.reports if claim.road_days is not None]
    still = open_reports(view, one)
    if ends and not still:
        return f"Reported until {show_day(max(end for end, _ in ends))}."
    if over:
        return sentence(end_said(view, one.reports[0], over[0]))
    if len(days) < len(one.reports) or not days:
        by = f" by {joined(dict.fromkeys(map(view.by, still)))}" if ends else ""
        own = [f" Reported until {show_day(end)} by {view.by(claim)}." for end, claim in ends]
        return f"Begun {counted((view.today - one.day).days, 'day')} ago, no end reported{by}.{''.join(own)}"
    return f"How long is not reported, taken as {counted(max(days), 'day')} (assumed)."


def passed_since(view: View, day: date) -> list[tuple[date, str, str]]:
    """Who passed after a day, by the newest report of each category: when, who says so, the categories in words."""
    newest: dict[str, tuple[date, str]] = {}
    for side, passages in views.told_passages(view).items():
        for one in passages:
            for word in {*(one.out or ()), *(one.into or ())} - {NOBODY}:
                if day < one.start <= view.today:
                    newest[word] = max(newest.get(word, (date.min, "")), (one.start, side))
    first = sorted(newest.items(), key=lambda item: item[1], reverse=True)[:MOST_PASSED]
    by_report: dict[tuple[date, str], list[str]] = defaultdict(list)
    for word, report in first:
        by_report[report].append(PASSES[word])
    return [(on, side, ", ".join(words)) for (on, side), words in by_report.items()]


def count_said(reports: Sequence[Claim], found: Sequence[Closure]) -> str:
    """How many reports tell of how many closures."""
    return (
        f"{counted(len(reports), 'report')} of {counted(len(found), 'closure')}"
        if reports
        else "no report of a closure"
    )

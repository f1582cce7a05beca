"""What to watch: supplies, cuts, closures, moves of troops; what falls due and which predictions wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from safeconduct.ledger import Claim, hedged_words, show_figure
from safeconduct.monitor import views
from safeconduct.monitor.closures import Closure, closure_sayings, closures, count_said, in_force
from safeconduct.monitor.saying import (
    MOST_LINKS,
    SIGN_DAYS,
    Saying,
    act_said,
    claim_link,
    clause,
    counted,
    dated,
    days_of,
    disputed_by,
    end_day,
    obligation_link,
    report_age,
    reports_of,
    sentence,
    show_age,
    show_day,
    told_by,
)
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import (
    CLOSED,
    CUTS,
    STALE_DAYS,
    TROOPS,
    Supply,
    acts_since,
    age_of,
    end_said,
    ended_by,
    first_day,
    span_said,
    supplies,
)

MOST_SUPPLIES = 3  # figures of supplies in a sentence
MOST_CLOSED = 3  # closures without a reported end that are told one by one
UNITS = {"g": "grams"}  # units whose sign a reader may not know


def ahead(view: View, due: Sequence[views.Standing]) -> Iterator[Saying]:
    """Closures without a reported end; supplies, cuts, closures and troop moves; what falls due or was predicted."""
    lasting = in_force(view)[::-1]
    for one in lasting[:MOST_CLOSED]:
        head, *rest = closure_sayings(view, one)
        yield replace(head, text=f"Closure without a reported end: {head.text}")
        yield from rest
    if len(lasting) > MOST_CLOSED:
        yield Saying(f"Older closures without a reported end: {len(lasting) - MOST_CLOSED}.")
    for supply in first_supplies(view):
        yield from supply_sayings(view, supply)
    yield from newest_cut(view)
    yield from lately(view, lasting)
    yield from falling_due(view, due)
    yield from foretold(view)


def lately(view: View, lasting: Sequence[Closure]) -> Iterator[Saying]:
    """How many closures and moves of troops are reported in the last days, with the latest of each."""
    since, span = first_day(view, SIGN_DAYS), span_said(view, SIGN_DAYS)
    closed, moves = (acts_since(view, kinds, since) for kinds in ((CLOSED,), TROOPS))
    found = closures(view, since)
    newest = [one for one in found[-1:] if one.day not in {each.day for each in lasting}]
    latest = [claim for one in newest for claim in one.reports[-1:]]
    links = tuple(claim_link(claim.id) for claim in closed[: -MOST_LINKS - 1 : -1] if claim not in latest)
    n = reports_of(len(moves), "shootings, clashes or troop moves")
    shots = f"{n} on {counted(days_of(view, moves), 'day')}" if moves else "none of shootings, clashes or troop moves"
    links += tuple(claim_link(claim.id) for claim in moves[-2 : -MOST_LINKS - 2 : -1])
    yield Saying(sentence(f"{span} {count_said(closed, found)}, {shots}"), links)
    for claim in latest:
        yield act_saying(view, claim, "Latest closure")
    for claim in moves[-1:]:
        yield act_saying(view, claim, "Latest shooting, clash or troop move")


def newest_cut(view: View) -> Iterator[Saying]:
    """The newest cut of power, gas or the like that is not over, as each report of that day and kind tells it.

    Reports of one day and kind are taken to be of one cut (assumed): an end that one of them gives ends it.
    """
    actions, found = view.ledger.terms.actions, defaultdict[tuple[date, str], list[Claim]](list)
    for day, cut in dated(view, acts_since(view, (CUTS,), first_day(view, SIGN_DAYS))):
        found[day, actions[cut.action].label].append(cut)
    lasting = [cuts for cuts in found.values() if not any((end := end_day(view, c)) and end < view.today for c in cuts)]
    for cuts in lasting[-1:]:
        over = next((act for cut in cuts if (act := ended_by(view, cut))), None)
        ends = [end for cut in cuts if (end := end_day(view, cut))]
        last = f"Until {show_day(max(ends))}." if ends else "No end reported."
        last = sentence(end_said(view, cuts[0], over)) if over else last
        for cut in cuts:
            said = act_saying(view, cut, "Newest cut")
            yield replace(said, text=f"{said.text} {last}")


def act_saying(view: View, claim: Claim, head: str) -> Saying:
    """An act as a sentence of its own."""
    return Saying(f"{head}: {act_said(view, claim)}.", (claim_link(claim.id),), by=told_by(view, claim))


def falling_due(view: View, due: Sequence[views.Standing]) -> Iterator[Saying]:
    """What falls due next, with the latest report on it in its words."""
    if not due:
        yield Saying("Nothing falls due within a year.")
    for one in due[:1]:
        link = (obligation_link(one),)
        yield Saying(f"Due {show_day(one.due)} ({one.clock}): {one.obligation.what}.", link)
        for last in one.reports[-1:]:
            words = clause(last.claim.words) or last.claim.status
            by = f"{view.by(last.claim)}, {report_age(view, last.claim)}{disputed_by(view, last.disputes)}"
            yield Saying(f"Latest report on it: {words}.", (claim_link(last.claim.id),), is_tabled=True, by=by)


def foretold(view: View) -> Iterator[Saying]:
    """The newest prediction that waits for its day, and how many others do."""
    unanswered = [one for one in views.predictions(view) if not one.shows]
    waiting = [one for one in unanswered if is_waiting(view, one)]
    for one in waiting[-1:]:
        by = show_day(one.due) or one.claim.due_said
        when = f"by {by}" if by and by != "not said" else "no day named"
        text = f"Prediction without a reported outcome: {clause(hedged_words(one.claim))}; {when}."
        yield Saying(text, (claim_link(one.claim.id),), by=view.by(one.claim))
    if len(waiting) > 1:
        yield Saying(f"{counted(len(waiting) - 1, 'other prediction')} open.")
    if not waiting and unanswered:
        yield Saying(
            f"No prediction of the last {SIGN_DAYS} days is open; older ones without an outcome: {len(unanswered)}."
        )


def is_waiting(view: View, one: views.Foretold) -> bool:
    """Whether a prediction waits for its day, or names none and was published in the last days."""
    if one.due is not None:
        return one.due >= view.today
    known = one.claim.published
    return known is not None and (view.when - known).days < SIGN_DAYS


def supply_sayings(view: View, one: Supply) -> Iterator[Saying]:
    """The latest figures of one kind, each with its unit, what exactly it counts, who says so and of when."""
    unit = unit_said(one.latest.unit)
    is_told = one.label.lower().startswith(unit.split(" a ")[0].lower())
    for claim in one.side_by_side:
        figure = show_figure(claim).replace("≤ ", "at most ").replace("≥ ", "at least ")
        scope = f", {claim.scope}" if claim.scope else ""
        old = f", {show_age(age_of(view, claim))}" if age_of(view, claim) > STALE_DAYS else ""
        by = f"{view.by(claim)}, {'by ' if one.counts_up else ''}{show_day(view.day(claim))}{old}"
        yield Saying(
            sentence(f"{one.label}: {figure if is_told else f'{figure} {unit}'}{scope}"),
            (claim_link(claim.id),), is_warning=bool(old), by=by,
        )  # fmt: skip


def unit_said(unit: str) -> str:
    """A unit in words: g/person/day as grams a person a day."""
    first, *rest = unit.split("/")
    return " a ".join([UNITS.get(first, first), *rest])


def first_supplies(view: View) -> list[Supply]:
    """The supplies that a reader looks at first: those that the case watches, of the last days; else the newest.

    Usual levels, shares and ratios say nothing of a day and are left to the section.
    """
    rank = {name: n for n, name in enumerate(view.case.settings.watch)}
    kinds = view.ledger.terms
    stocks = [one for one in supplies(view) if kinds.quantity(one.latest.quantity).kind != "measure"]
    watched = [one for one in stocks if one.latest.quantity in rank and one.age_days < SIGN_DAYS]
    return (sorted(watched, key=lambda one: (one.is_old, rank[one.latest.quantity])) or list(stocks))[:MOST_SUPPLIES]

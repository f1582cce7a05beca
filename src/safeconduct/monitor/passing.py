"""Who can pass on a day, as each side says: how old each direction's report is, what ran out, and other roads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import shorten

from safeconduct.ledger import Claim, show_figure, show_saying, show_when
from safeconduct.monitor import views
from safeconduct.monitor.calendar import NOT_KNOWN, SideState, Stretch, say_state
from safeconduct.monitor.saying import Saying, claim_link, show_day
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import STALE_DAYS, age_of, show_age

CROSSING_DAYS = 7  # assumed: how long a crossing that no longer counts as the state is still named
SILENT_DAYS = 365  # assumed: a party silent for longer is not named
MOST_WORDS = 70  # letters of a statement


def passing(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Who can pass on the last day, as each side says; then crossings, silent parties, other roads."""
    rest = [*crossings(view, last), *silent(view, last), *other_roads(view)]
    beside = Saying(" ".join(one.text for one in rest), tuple(link for one in rest for link in one.links))
    if last is None or not last.sides:
        yield Saying("Not known: no report in the record speaks of this day.")
        reports = [(one.start, side, one.claim) for side, all_of in views.told_passages(view).items() for one in all_of]
        day, side, claim = max((one for one in reports if one[0] <= view.today), default=(None, "", ""))
        if day is not None:
            told = f"Last report: {side}, {show_day(day)}, {show_age((view.today - day).days)}. {beside.text}"
            yield Saying(told.strip(), (claim_link(claim), *beside.links), is_warning=True)
        return
    by_state: dict[str, list[str]] = {}
    for side, said in last.sides.items():
        by_state.setdefault(both_ways(said) + in_words(view, said), []).append(
            f"{side} ({show_ages(view, said, last)})"
        )
    told = "; ".join(f"{' and '.join(sides)}: {state}" for state, sides in by_state.items())
    links = (claim_link(max(found)[1]) for said in last.sides.values() for found in view.reports_of(said).values())
    yield Saying(f"{told}.", tuple(dict.fromkeys(links)))
    oldest = max(max(0, (last.last - view.rests_on(said)[0]).days) for said in last.sides.values())
    remarks = ["Sides differ; none is chosen."] * last.is_contested
    remarks += [f"A report past {STALE_DAYS} days may no longer hold."] * (oldest > STALE_DAYS)
    if remarks or rest:
        yield Saying(" ".join([*remarks, beside.text]).strip(), beside.links, is_warning=oldest > STALE_DAYS)


def both_ways(said: SideState) -> str:
    """Who could pass out and in, in few words."""
    out, into = say_state(said.out), say_state(said.into)
    if out == into:
        return f"{out}, both ways"
    told = [f"{state} ({way})" for way, state in (("out", out), ("in", into)) if state != NOT_KNOWN]
    unsaid = [way for way, state in (("out", out), ("in", into)) if state == NOT_KNOWN]
    return "; ".join(told + [f"not known ({way})" for way in unsaid])


def in_words(view: View, said: SideState) -> str:
    """The words of a statement that a state rests on: its class may say less than they do."""
    claims = (view.known[max(found)[1]] for found in view.reports_of(said).values())
    words = dict.fromkeys(claim.words for claim in claims if claim.kind == "statement" and claim.words)
    return "".join(f" (in its words: {shorten(one, MOST_WORDS, placeholder=' ...')})" for one in words)


def show_ages(view: View, said: SideState, last: Stretch) -> str:
    """How old the report of each direction is; once where both are as old."""
    ages = {way: max(0, (last.last - max(found)[0]).days) for way, found in view.reports_of(said).items()}
    if len(set(ages.values())) == 1:
        return show_age(next(iter(ages.values())))
    return ", ".join(f"{way} {show_age(age)}" for way, age in ages.items())


def crossings(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Crossings of these days whose report speaks of its day alone and has run out."""
    holding = {name for said in last.sides.values() for name in said.claims} if last else set()
    found = [one for all_of in views.told_passages(view).values() for one in all_of if one.claim not in holding]
    lately = [one for one in found if 0 <= (view.today - one.start).days < CROSSING_DAYS]
    counted = [one for one in lately if view.known[one.claim].kind == "figure" and not view.known[one.claim].retells]
    newest = [view.known[one.claim] for one in counted if one.start == max(each.start for each in counted)][:2]
    if newest:
        told = "; ".join(sourced(view, claim) for claim in newest)
        yield Saying(f"Latest crossings counted: {told}.", tuple(claim_link(claim.id) for claim in newest))


def silent(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Parties that once spoke of the road and of which no report holds any longer."""
    sides = {side for actor in view.case.actors.values() for side in actor.sides}
    spoken = {
        side: max((one.start for one in all_of if one.start <= view.today), default=date.min)
        for side, all_of in views.told_passages(view).items()
        if side in sides and (last is None or side not in last.sides)
    }
    named = [
        f"{side} (last of {show_day(day)})" for side, day in spoken.items() if (view.today - day).days < SILENT_DAYS
    ]
    if named and last is not None and last.sides:
        yield Saying(f"No report that still holds: {', '.join(named)}.")


def other_roads(view: View) -> Iterator[Saying]:
    """The newest report of each other road that the case names."""
    for road in view.case.settings.other_roads:
        found = [
            c for c in view.of_kind("figure", "act") if road in c.places and not c.retells and c.topic == "corridor"
        ]
        lately = [claim for claim in found if claim.time and age_of(view, claim) < STALE_DAYS]
        for claim in lately[-1:]:
            name = view.ledger.terms.place_name(road)
            yield Saying(f"Other road, {name}: {sourced(view, claim)}.", (claim_link(claim.id),))


def sourced(view: View, claim: Claim) -> str:
    """What a claim says, by whom and of when."""
    if claim.kind != "figure":
        return f"{show_saying(claim, view.ledger)} ({claim.reporter}, {show_when(claim)})"
    label = view.ledger.terms.quantity(claim.quantity).label
    scope = f", {claim.scope}" if claim.scope else ""
    return f"{label}{scope}: {show_figure(claim)} ({claim.reporter}, {show_when(claim)})"

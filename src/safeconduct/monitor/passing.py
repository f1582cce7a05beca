"""Who can pass on a day, as each side says: how old each direction's report is, what ran out, and other roads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeconduct.ledger import PASSES, Claim, show_figure, show_saying, show_when
from safeconduct.monitor import views
from safeconduct.monitor.calendar import NOT_KNOWN, SideState, State, Stretch, say_state
from safeconduct.monitor.derived import Passage, day_of_passage
from safeconduct.monitor.saying import Saying, claim_link, clause, disputed_by, report_age, show_day
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import STALE_DAYS, age_of

CROSSING_DAYS = 7  # assumed: how long a crossing that no longer counts as the state is still named
MOST_CROSSINGS = 3  # counts of one day that are named
SILENT_DAYS = 365  # assumed: a party silent for longer is not named


def passing(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Who can pass on the last day, as each side says; then crossings, silent parties, other roads."""
    if last is None or not last.sides:
        yield Saying("Not known: no report in the record speaks of this day.")
        reports = [(one.start, side, one) for side, all_of in views.told_passages(view).items() for one in all_of]
        spoken = [found for found in reports if found[0] <= view.today]
        for _, side, one in sorted(spoken, key=lambda found: (found[0], found[1], found[2].claim))[-1:]:
            told = f"Last report: {side}, {last_said(one)}."
            by = report_age(view, view.known[one.claim])
            yield Saying(told, (claim_link(one.claim),), is_warning=True, by=by)
    else:
        yield from spoken_of(view, last)
    yield from crossings(view, last)
    yield from other_roads(view)


def spoken_of(view: View, last: Stretch) -> Iterator[Saying]:
    """Who can pass as each side says that speaks of the day; what silent parties said last; what limits both."""
    for side, said in last.sides.items():
        links = dict.fromkeys(claim_link(max(found)[1]) for found in view.reports_of(said).values())
        out, into = ways_said(view, said)
        apart = ((", outward", out), (", inward", into)) if out != into and NOT_KNOWN not in (out, into) else ()
        for way, state in apart or (("", both_ways(view, said)),):
            text = f"{side}{way}: {state}{in_words(view, said)}."
            yield Saying(text, tuple(links), is_tabled=True, by=show_ages(view, said))
    yield from silent(view, last)
    oldest = max(max(0, (view.today - view.rests_on(said)[0]).days) for said in last.sides.values())
    if last.is_contested:
        yield Saying("Sides differ; none is chosen.")
    if last.last < view.today:
        yield Saying(f"The days of the case end on {show_day(last.last)}; later reports of the road are not read.")
    if oldest > STALE_DAYS:
        yield Saying(f"A report past {STALE_DAYS} days may no longer hold.", is_warning=True)


def both_ways(view: View, said: SideState) -> str:
    """Who could pass out and in, in few words."""
    out, into = ways_said(view, said)
    if out == into:
        return f"both ways, {out}"
    ways = sorted((("outward", out), ("inward", into)), key=lambda way: way[1] == NOT_KNOWN)
    return "; ".join(f"{way}, {state}" for way, state in ways)


def ways_said(view: View, said: SideState) -> tuple[str, str]:
    """Who could pass out and in, as a side says; what it counted is said to be a count, each category with its day."""
    names = ("out", "into")
    out, into = (way_said(view, said, name, *way) for name, way in zip(names, said.ways, strict=True))
    return out, into


def way_said(view: View, said: SideState, way: str, state: State, says: State) -> str:
    """Who could pass in one direction."""
    counted = [word for word in state or () if word not in (says or ())]
    if not counted:
        return say_state(says)
    passages = [one for name in said.claims if (one := view.passage_by_claim[name]).is_count]
    days = {w: max(one.start for one in passages if w in (getattr(one, way) or ())) for w in counted}
    told = ", ".join(f"{PASSES[word]} counted on {show_day(days[word])}" for word in counted)
    return f"{say_state(says)}; {told}" if says else f"{told}; who else could pass is not said"


def in_words(view: View, said: SideState) -> str:
    """The words of a statement that a state rests on, as its class may say less; its own only where they are quoted."""
    told = {}
    for claim in (view.known[max(found)[1]] for found in view.reports_of(said).values()):
        if claim.kind == "statement" and (claim.quote or claim.words):
            words = f"in its words: “{claim.quote}”"
            short = f"in short: {clause(claim.words)}" + ("" if claim.has_source else "; no source of its own")
            told[claim.id] = words if claim.quote else short
    return "".join(f" ({one})" for one in told.values())


def show_ages(view: View, said: SideState) -> str:
    """Of when the report of each direction is, how old, and who disputes it; once where both say the same."""
    newest = {way: view.known[max(found)[1]] for way, found in view.reports_of(said).items()}
    ages = {
        way: report_age(view, claim) + disputed_by(view, views.disputing(view, claim)) for way, claim in newest.items()
    }
    if len(set(ages.values())) == 1:
        return f"report of {next(iter(ages.values()))}"
    words = {"out": "outward", "in": "inward"}
    return "; ".join(f"{words[way]}, report of {age}" for way, age in ages.items())


def crossings(view: View, last: Stretch | None) -> Iterator[Saying]:
    """The crossings counted last, of these days, by whichever voice; a count that is the state already is not told
    again."""
    holding = {name for said in last.sides.values() for name in said.claims} if last else set()
    kinds, lately = kinds_counted(view), list[tuple[date, Claim]]()
    for claim in view.of_kind("figure"):
        day = day_of_passage(claim, view.case.zone)
        is_count = claim.quantity in kinds and not claim.retells and claim.id not in holding
        if is_count and day is not None and 0 <= (view.today - day).days < CROSSING_DAYS:
            lately.append((day, claim))
    for claim in [claim for day, claim in lately if day == max(each for each, _ in lately)][-MOST_CROSSINGS:]:
        yield Saying(f"Latest count of {what_said(view, claim)}.", (claim_link(claim.id),),
                     by=f"{view.by(claim)}, {show_when(claim)}")  # fmt: skip


def kinds_counted(view: View) -> set[str]:
    """What reports of the case count as passing the road on a day or in a period."""
    ledger = view.case.ledger
    found = {ledger.by_id(one.claim).quantity for one in view.case.passages if one.is_count}
    return {name for name in found if ledger.terms.quantity(name).kind == "flow"}


def silent(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Parties of which no report holds any longer, with what each said or counted last."""
    for side, told, claim in last_words(view, last):
        text = f"No report of {side} holds any longer; its last: {told}."
        yield Saying(text, (claim_link(claim.id),), is_tabled=True, by=report_age(view, claim))


def last_words(view: View, last: Stretch | None) -> list[tuple[str, str, Claim]]:
    """Parties that once spoke of the road and are silent now: side, who could pass by its last report, that report."""
    sides, found = {side for actor in view.case.actors.values() for side in actor.sides}, []
    for side, all_of in views.told_passages(view).items():
        spoken = [one for one in all_of if one.start <= view.today]
        if side not in sides or not spoken or last is None or not last.sides or side in last.sides:
            continue
        one = max(spoken, key=lambda each: each.start)
        if (view.today - one.start).days < SILENT_DAYS:
            claim = view.known[one.claim]
            found.append((side, last_said(one), claim))
    return found


def last_said(one: Passage) -> str:
    """Who could pass by one report."""
    ways = [f"{say_state(state)} {way}" for way, state in (("outward", one.out), ("inward", one.into)) if state]
    states = f"both ways, {say_state(one.out)}" if one.out == one.into else "; ".join(ways)
    return states + " counted" * one.is_count


def other_roads(view: View) -> Iterator[Saying]:
    """The newest report of each other road that the case names."""
    for road in view.case.settings.other_roads:
        found = [
            c for c in view.of_kind("figure", "act") if road in c.places and not c.retells and c.topic == "corridor"
        ]
        lately = [claim for claim in found if claim.time and age_of(view, claim) < STALE_DAYS]
        for claim in lately[-1:]:
            name = view.ledger.terms.place_name(road)
            by = f"{view.by(claim)}, {show_when(claim)}"
            yield Saying(f"Other road, {name}: {what_said(view, claim)}.", (claim_link(claim.id),), by=by)


def what_said(view: View, claim: Claim) -> str:
    """What a claim says, without its unit."""
    if claim.kind != "figure":
        return show_saying(claim, view.ledger)
    scope = f", {claim.scope}" if claim.scope else ""
    return f"{view.ledger.terms.quantity(claim.quantity).label}{scope}: {show_figure(claim)}"

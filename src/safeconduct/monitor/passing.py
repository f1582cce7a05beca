"""Who can pass on a day, as each side says: how old each direction's report is, what ran out, and other roads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from safeconduct.ledger import PASSES, Claim, show_figure, show_saying, show_when
from safeconduct.monitor import views
from safeconduct.monitor.calendar import NOT_KNOWN, SideState, State, Stretch, say_state
from safeconduct.monitor.derived import day_of_passage
from safeconduct.monitor.saying import Saying, claim_link, clause, disputed_by, report_age, show_day
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import STALE_DAYS, age_of

CROSSING_DAYS = 7  # assumed: how long a crossing that no longer counts as the state is still named
MOST_CROSSINGS = 3  # counts of one day that are named
SILENT_DAYS = 365  # assumed: a party silent for longer is not named


def passing(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Who can pass on the last day, as each side says; then crossings, silent parties, other roads."""
    rest = [*crossings(view, last), *other_roads(view)]
    beside = Saying(" ".join(one.text for one in rest), tuple(link for one in rest for link in one.links))
    if last is None or not last.sides:
        yield Saying("Not known: no report in the record speaks of this day.")
        reports = [(one.start, side, one.claim) for side, all_of in views.told_passages(view).items() for one in all_of]
        day, side, claim = max((one for one in reports if one[0] <= view.today), default=(None, "", ""))
        if day is not None:
            told = f"Last report: {side}, {report_age(view, view.known[claim])}. {beside.text}"
            yield Saying(told.strip(), (claim_link(claim), *beside.links), is_warning=True)
        return
    by_state: dict[str, list[str]] = {}
    for side, said in last.sides.items():
        by_state.setdefault(both_ways(view, said) + in_words(view, said), []).append(
            f"{side} ({show_ages(view, said)})"
        )
    told = "; ".join(f"{' and '.join(sides)}: {state}" for state, sides in by_state.items())
    links = (claim_link(max(found)[1]) for said in last.sides.values() for found in view.reports_of(said).values())
    mute = list(silent(view, last))
    text = " ".join([f"{told}.", *(one.text for one in mute)])
    yield Saying(text, tuple(dict.fromkeys((*links, *(link for one in mute for link in one.links)))), is_tabled=True)
    oldest = max(max(0, (view.today - view.rests_on(said)[0]).days) for said in last.sides.values())
    remarks = ["Sides differ; none is chosen."] * last.is_contested
    remarks += [f"The days of the case end on {show_day(last.last)}; later reports of the road are not read."] * (
        last.last < view.today
    )
    remarks += [f"A report past {STALE_DAYS} days may no longer hold."] * (oldest > STALE_DAYS)
    if remarks or rest:
        yield Saying(" ".join([*remarks, beside.text]).strip(), beside.links, is_warning=oldest > STALE_DAYS)


def both_ways(view: View, said: SideState) -> str:
    """Who could pass out and in, in few words."""
    out, into = ways_said(view, said)
    if out == into:
        return f"both ways {out}"
    told = [f"{state} ({way})" for way, state in (("out", out), ("in", into)) if state != NOT_KNOWN]
    unsaid = [f"{NOT_KNOWN} ({way})" for way, state in (("out", out), ("in", into)) if state == NOT_KNOWN]
    return "; ".join(told + unsaid)


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
    told = "counted: " + ", ".join(f"{PASSES[word]} ({show_day(days[word])})" for word in counted)
    return f"{say_state(says)}; {told}" if says else f"{told}; who else could pass: not said"


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
    return "; ".join(f"{way}, report of {age}" for way, age in ages.items())


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
    newest = [claim for day, claim in lately if day == max(each for each, _ in lately)][-MOST_CROSSINGS:]
    if newest:
        told = "; ".join(sourced(view, claim) for claim in newest)
        yield Saying(f"Latest crossings counted: {told}.", tuple(claim_link(claim.id) for claim in newest))


def kinds_counted(view: View) -> set[str]:
    """What reports of the case count as passing the road on a day or in a period."""
    ledger = view.case.ledger
    found = {ledger.by_id(one.claim).quantity for one in view.case.passages if one.is_count}
    return {name for name in found if ledger.terms.quantity(name).kind == "flow"}


def silent(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Parties of which no report holds any longer, with what each said or counted last."""
    for side, told, claim in last_words(view, last):
        yield Saying(f"No report of {side} holds any longer; its last: {told}.", (claim_link(claim.id),))


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
            ways = [f"{say_state(state)} ({way})" for way, state in (("out", one.out), ("in", one.into)) if state]
            states = f"both ways {say_state(one.out)}" if one.out == one.into else ", ".join(ways)
            told = f"{'counted: ' * one.is_count}{states} (report of {report_age(view, claim)})"
            found.append((side, told, claim))
    return found


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
        return f"{show_saying(claim, view.ledger)} ({view.by(claim)}, {show_when(claim)})"
    label = view.ledger.terms.quantity(claim.quantity).label
    scope = f", {claim.scope}" if claim.scope else ""
    return f"{label}{scope}: {show_figure(claim)} ({view.by(claim)}, {show_when(claim)})"

"""The front of the monitor: five questions, each answered in sentences that lead to where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from safeconduct.ledger import Claim, by_time, hedged_words, is_lower_bound, show_figure, show_number, show_when
from safeconduct.monitor import views
from safeconduct.monitor.ahead import ahead
from safeconduct.monitor.calendar import Stretch
from safeconduct.monitor.passing import passing
from safeconduct.monitor.saying import (
    MOST_LINKS,
    MOST_WORDS,
    SIGN_DAYS,
    Saying,
    act_said,
    claim_link,
    counted,
    dated,
    days_of,
    end_day,
    obligation_link,
    reports_of,
    show_day,
)
from safeconduct.monitor.views import NO_REPORT, View
from safeconduct.monitor.watch import (
    ARMED,
    ARRESTS,
    CLOSED,
    acts_since,
    age_of,
    show_age,
    sign_of,
)

IN_BRACKETS = re.compile(r" \([^()]*\)")  # what a status adds, left to the obligation itself
RECENT_DAYS = 30  # assumed: what counts as lately
MOST_NAMED = 5  # of parties, kinds of signs and the like, in one sentence
MANY = 10  # assumed: from here on an amount owed is shown with the words of the report on it
MOST_UNMET = 2  # obligations read as not met that are named with the age of the report
YEAR = 366  # days: what falls due later is nothing to watch


@dataclass(frozen=True, slots=True)
class FrontAnswer:
    """A question that a reader comes with, what the record says, and where the rest stands."""

    question: str
    sayings: tuple[Saying, ...]
    more: tuple[str, str]


def answers(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> tuple[FrontAnswer, ...]:
    """What is promised, what was done, who can pass, what is disputed, what to watch."""
    last = stretches[-1] if stretches else None
    contested = tuple(disputed(view, standings, stretches))
    return (
        FrontAnswer("What is promised?", tuple(promised(view, standings)), ("#obligations", "each obligation")),
        FrontAnswer("What was done?", tuple(done(view)), ("#lately", "acts of these days")),
        FrontAnswer("Is the road open, and for whom?", tuple(passing(view, last)), ("#road", "day by day")),
        FrontAnswer("What is disputed?", contested, ("#people", "people, by whom counted")),
        FrontAnswer("What to watch?", tuple(ahead(view, soon(standings, view))), ("#supplies", "supplies")),
    )


def promised(view: View, standings: Sequence[views.Standing]) -> Iterator[Saying]:
    """How many obligations stand how; and those that are owed from day to day."""
    if not standings:
        yield Saying("The agreement was not signed yet.")
        return
    told = ", ".join(f"{n} {word.removeprefix('reported ')}" for word, n in tally(standings))
    unmet = [one for one in standings if in_a_word(one) == "reported not met" and not one.obligation.is_standing]
    named = "; ".join(f"{in_brief(one.obligation.what)} ({rests_on(view, one)})" for one in unmet[:MOST_UNMET])
    more = f" Not met: {named}{'; others below' if len(unmet) > MOST_UNMET else ''}." if named else ""
    yield Saying(
        f"{counted(len(standings), 'obligation')}; as this record reads the latest report on each: {told}.{more}",
        tuple(map(obligation_link, unmet[:MOST_UNMET])),
    )
    daily = [one for one in standings if one.obligation.is_standing]
    told_of = [f"{owed(view, one)}: {IN_BRACKETS.sub('', stands(one))}" for one in daily if one.reports]
    still_open = [owed(view, one) for one in daily if not one.reports]
    said = "; ".join([*told_of, *([f"no report yet: {'; '.join(still_open)}"] if still_open else [])])
    if said:
        yield Saying(f"Standing obligations: {said}.", tuple(map(obligation_link, daily)))


def rests_on(view: View, one: views.Standing) -> str:
    """Whose report a reading rests on, and how old it is."""
    claim = one.reports[-1].claim
    return (
        f"report by {claim.reporter}, {show_age(age_of(view, claim))}" if claim.time else f"report by {claim.reporter}"
    )


def owed(view: View, one: views.Standing) -> str:
    """Whom an obligation binds, to what, where there is little room."""
    return f"{names(view, one)}, {in_brief(one.obligation.what)}"


def in_brief(words: str) -> str:
    """What is owed, up to the first comma, semicolon or bracket; a bracket that says that it is disputed is kept."""
    return words.split(",")[0].split(";")[0].split(" (")[0] + caveat(words)


def caveat(words: str) -> str:
    """The bracket in which an obligation is said to be disputed; empty where none is."""
    return next((bracket for bracket in IN_BRACKETS.findall(words) if "disputed" in bracket), "")


def delivered(one: views.Standing) -> str:
    """The words of the latest report on an obligation to bring many of something: fewer may have come than are owed."""
    amount = one.obligation.quantity.split(" ")[0].replace(",", "")
    return one.reports[-1].claim.words if one.reports and amount and float(amount) >= MANY else ""


def names(view: View, one: views.Standing) -> str:
    """Whom an obligation binds, where there is little room."""
    return " and ".join(view.label(key) for key in one.obligation.binds) or one.obligation.obligated


def stands(standing: views.Standing) -> str:
    """How the record reads the latest report on an obligation, whose report it is and who disputes it."""
    if not standing.reports:
        return NO_REPORT
    last = standing.reports[-1]
    against = ", disputed by " + ", ".join(claim.reporter for claim in last.disputes) if last.disputes else ""
    return f"{last.claim.status or 'reported'}, report by {last.claim.reporter}{against}"


def tally(standings: Sequence[views.Standing]) -> list[tuple[str, int]]:
    """How many obligations stand how, by the latest report."""
    counts = Counter(map(in_a_word, standings))
    order = ("reported met", "reported partly met", "reported not met", "disputed", "reported otherwise", NO_REPORT)
    return [(word, counts[word]) for word in order if counts[word]]


def in_a_word(one: views.Standing) -> str:
    """How an obligation stands by the latest report."""
    if not one.reports:
        return NO_REPORT
    words = ("reported met", "reported partly met", "reported not met", "disputed")
    return next((word for word in words if one.says.startswith(word)), "reported otherwise")


def recent(view: View) -> list[Claim]:
    """Acts of the last days, latest first."""
    since = view.today - timedelta(days=RECENT_DAYS)
    acts = [claim for day, claim in dated(view, view.of_kind("act")) if since < day <= view.today]
    return [claim for claim in reversed(acts) if not claim.retells]


def with_consequences(found: Sequence[Claim]) -> list[Claim]:
    """The acts of which a report gives killed, injured or displaced people, in their order."""
    return [one for one in found if (one.killed_persons, one.injured_persons, one.displaced_persons) != (None,) * 3]


def consequences(claim: Claim) -> str:
    """What a report gives as the consequences of an act, in words; empty where it gives none."""
    given = (
        (claim.killed_persons, "killed"),
        (claim.injured_persons, "injured"),
        (claim.displaced_persons, "displaced"),
        (claim.closed_hours, "hours closed"),
    )
    return ", ".join(f"{show_number(n)} {word}" for n, word in given if n is not None)


def done(view: View) -> Iterator[Saying]:
    """How many acts of which kind are reported lately, and the latest with reported consequences."""
    found = recent(view)
    if not found:
        yield Saying(f"No act of the last {RECENT_DAYS} days is in the record.")
        before = [claim for day, claim in dated(view, view.of_kind("act")) if day <= view.today and not claim.retells]
        if before:
            yield Saying(f"Latest: {act_said(view, before[-1])}.", (claim_link(before[-1].id),))
            yield from newest_closure(view)
        return
    kinds = Counter(view.kind_of_act(claim) for claim in found)
    named = sorted(kind for kind, _ in kinds.most_common(MOST_NAMED))
    parts = [f"{kind.lower()} {kinds[kind]}" for kind in named]
    rest = len(found) - sum(kinds[kind] for kind in named)
    told = ", ".join([*parts, f"other kinds {rest}"] if rest else parts)
    lately = f"on {days_of(view, found)} of the last {RECENT_DAYS} days"
    yield Saying(f"{reports_of(len(found), 'acts')} {lately}, by kind: {told}.")
    grave = with_consequences(found)[:1]
    if grave:
        told = f"{act_said(view, grave[0])}: {consequences(grave[0])}"
        latest = Saying(f"Latest with reported consequences: {told}.", (claim_link(grave[0].id),))
    else:
        latest = Saying(f"Latest: {act_said(view, found[0])}.", (claim_link(found[0].id),))
    both = (*newest_closure(view), latest)
    yield Saying(" ".join(one.text for one in both), tuple(link for one in both for link in one.links))


def closures_and_moves(view: View) -> list[Claim]:
    """Reports of closures of the road and of armed moves, latest first; of one day those that are disputed first."""
    found = acts_since(view, (CLOSED, *ARMED), (view.today - date.min).days)
    return sorted(found, key=lambda c: (view.day(c), bool(views.disputing(view, c)), by_time(c)), reverse=True)


def newest_two(view: View) -> list[Claim]:
    """The newest closure of the road or armed move, and the newest closure of another kind of these days."""
    found = closures_and_moves(view)
    lately = {claim.id for claim in acts_since(view, (CLOSED,), SIGN_DAYS)}
    others = [one for one in found if one.id in lately and one.action != found[0].action]
    return [*found[:1], *others[:1]]


def newest_closure(view: View) -> Iterator[Saying]:
    """The newest closure of the road or armed move, and the newest closure of another kind; and their ends."""
    names = ("Newest closure or armed move", "Closure before it")
    for claim, name in zip(newest_two(view), names, strict=False):
        told = act_said(view, claim)
        if claim.words and sign_of(view, claim) == CLOSED:
            told += f": {shorten(hedged_words(claim), MOST_WORDS, placeholder=' ...')}"
        if claim.until:
            told += f"; reported until {show_day(end_day(view, claim))}"
        elif claim.road_out is not None:
            told += (
                f"; begun {counted((view.today - (view.day(claim) or view.today)).days, 'day')} ago, no end reported"
            )
        yield Saying(f"{name}: {told}.", (claim_link(claim.id),))


def sheet_acts(view: View, most: int) -> list[Claim]:
    """Acts for a page of paper: the first screen's, arrests, what was lately done, then older; by date."""
    lately = recent(view)
    older = [claim for day, claim in dated(view, view.of_kind("act")) if day <= view.today and not claim.retells]
    arrests = acts_since(view, (ARRESTS,), SIGN_DAYS)[::-1]
    first = [*newest_two(view), *with_consequences(lately)[:1], *lately[:1], *arrests[:2]]
    chosen = list(dict.fromkeys([*first, *lately, *older[::-1]]))
    return sorted(chosen[:most], key=by_time, reverse=True)


def disputed(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> Iterator[Saying]:
    """How many reports on obligations are disputed and on how many days sides differ; the widest count of people."""
    by_obligation = [(one, sum(bool(r.disputes) for r in one.reports)) for one in standings]
    named = [one for one, n in by_obligation if n]
    n_known = sum(one.n_days for one in stretches if one.is_known)
    n_contested = sum(one.n_days for one in stretches if one.is_contested)
    told = []
    if named:
        n_reports = sum(n for _, n in by_obligation)
        told.append(f"{counted(n_reports, 'report')} on {counted(len(named), 'obligation')}")
    if n_contested:
        told.append(f"who could pass, on {n_contested:,} of the {n_known:,} days with a report")
    if told:
        yield Saying(f"Disputed: {'; '.join(told)}.", tuple(map(obligation_link, named[:MOST_LINKS])))
    else:
        yield Saying("No report on an obligation or on the road is disputed in the record.")
    yield from rival_counts(view)


def rival_counts(view: View) -> Iterator[Saying]:
    """The lowest and the highest figure since the agreement of what most voices count."""
    for one in views.people(view)[:1]:
        since = [claim for day, claim in dated(view, one.latest) if day >= view.case.signed]
        if ends := furthest_apart(view, since):
            low, high = (f"{show_figure(claim)} ({counted_by(view, claim)})" for claim in ends)
            links = tuple(claim_link(claim.id) for claim in ends)
            yield Saying(f"{one.label.capitalize()}, {one.place}: {low} and {high}.", links)


def counted_by(view: View, claim: Claim) -> str:
    """Who counts, what exactly and of when."""
    return ", ".join(filter(None, (view.ledger.voice(claim), claim.scope, show_when(claim))))


def furthest_apart(view: View, claims: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """Two reports of two voices, of figures furthest apart, that share no number; None where there are none."""
    pairs = [
        (low, high) for low in claims for high in claims
        if highest(low) < lowest(high) and not is_lower_bound(low) and view.ledger.voice(low) != view.ledger.voice(high)
    ]  # fmt: skip
    return min(pairs, key=lambda pair: (lowest(pair[0]) - highest(pair[1]), pair[0].id, pair[1].id), default=None)


def lowest(claim: Claim) -> float:
    """The least that a claim speaks of."""
    return min(value for value in (claim.low, claim.best, claim.high) if value is not None)


def highest(claim: Claim) -> float:
    """The most that a claim speaks of."""
    return max(value for value in (claim.low, claim.best, claim.high) if value is not None)


def coming(standings: Sequence[views.Standing], view: View) -> list[views.Standing]:
    """Obligations that fall due and are not reported met, soonest first."""
    waiting = (one for one in standings if one.due and one.due >= view.today and in_a_word(one) != "reported met")
    return sorted(waiting, key=lambda one: one.due or date.max)


def soon(standings: Sequence[views.Standing], view: View) -> list[views.Standing]:
    """What falls due within a year."""
    return [one for one in coming(standings, view) if one.due and (one.due - view.today).days <= YEAR]

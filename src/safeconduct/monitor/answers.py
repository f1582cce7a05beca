"""The front of the monitor: five questions, each answered in sentences that lead to where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from safeconduct.ledger import Claim, by_time, is_lower_bound, show_figure, show_number, show_when
from safeconduct.monitor import views
from safeconduct.monitor.ahead import ahead
from safeconduct.monitor.calendar import Stretch
from safeconduct.monitor.closures import Closure, closed_by, closures, in_force, what_closed
from safeconduct.monitor.passing import passing
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
    obligation_link,
    report_age,
    reports_of,
    show_day,
)
from safeconduct.monitor.views import NO_REPORT, View
from safeconduct.monitor.watch import first_day, span_said

IN_BRACKETS = re.compile(r" \([^()]*\)")  # what a status adds, left to the obligation itself
RECENT_DAYS = 30  # assumed: what counts as lately
MOST_NAMED = 5  # of parties, kinds of signs and the like, in one sentence
MANY = 10  # assumed: from here on an amount owed is shown with the words of the report on it
SHORT = 50  # letters of a report's words where several stand in a sentence
MOST_UNMET = 2  # obligations read as not met that are named with the age of the report
YEAR = 366  # days: what falls due later is nothing to watch
SHOWN = {  # how a page puts the reading of the latest report on an obligation
    "reported met": "met",
    "reported partly met": "partly met",
    "reported not met": "not met",
    "disputed": "reported as disputed",
    "reported otherwise": "with a report that is neither",
    NO_REPORT: NO_REPORT,
}


@dataclass(frozen=True, slots=True)
class FrontAnswer:
    """A question that a reader comes with, what the record says, and where the rest stands."""

    question: str
    sayings: tuple[Saying, ...]
    more: tuple[str, str]


def answers(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> tuple[FrontAnswer, ...]:
    """What is promised, what was done, who can pass, what is disputed, what to watch."""
    last = stretches[-1] if stretches else None
    in_text = views.in_the_text(standings)
    contested = tuple(disputed(view, standings, stretches))
    return (
        FrontAnswer(
            "What is promised?",
            tuple(promised(view, in_text, views.as_read(standings))),
            ("#obligations", "each obligation"),
        ),
        FrontAnswer("What was done?", tuple(done(view)), ("#lately", "acts of these days")),
        FrontAnswer("Is the road open, and for whom?", tuple(passing(view, last)), ("#road", "day by day")),
        FrontAnswer("What is disputed?", contested, ("#people", "people, by whom counted")),
        FrontAnswer("What to watch?", tuple(ahead(view, soon(in_text, view))), ("#supplies", "supplies")),
    )


def promised(view: View, standings: Sequence[views.Standing], readings: Sequence[views.Standing]) -> Iterator[Saying]:
    """How many obligations stand how; those that are owed from day to day; what only a later reading finds."""
    if not standings:
        yield Saying("The agreement was not signed yet.")
        return
    told = ", ".join(f"{n} {SHOWN[word]}" for word, n in tally(standings))
    unmet = [one for one in standings if in_a_word(one) == "reported not met" and not one.obligation.is_standing]
    named = "; ".join(
        f"{in_brief(one.obligation.what)}: {clause(last_words(one), SHORT)} ({rests_on(view, one)})"
        for one in unmet[:MOST_UNMET]
    )
    more = f" Not met: {named}{'; others below' if len(unmet) > MOST_UNMET else ''}." if named else ""
    apart = f" Read in it by some, not in the text, and not counted: {len(readings)}." if readings else ""
    n = counted(len(standings), "obligation")
    yield Saying(
        f"{n}; as this record reads the latest report on each: {told}.{more}{apart}",
        tuple(map(obligation_link, (*unmet[:MOST_UNMET], *readings))),
    )
    daily = [one for one in standings if one.obligation.is_standing]
    told_of = [f"{owed(view, one)}: {stands_briefly(view, one)}" for one in daily if one.reports]
    still_open = [f"{owed(view, one)}: {unreported(one)}" for one in daily if not one.reports]
    if daily:
        yield Saying(f"Standing obligations: {'; '.join([*told_of, *still_open])}.", tuple(map(obligation_link, daily)))


def stands_briefly(view: View, one: views.Standing) -> str:
    """How the record reads the latest report on an obligation, in that report's words; whose, and who disputes it."""
    last = one.reports[-1]
    against = disputed_by(view, last.disputes)
    words = f", {clause(last.claim.words, SHORT)}" if last.claim.words else ""
    return f"{last.claim.status.removeprefix('reported ')}{words} ({rests_on(view, one)}{against})"


def last_words(one: views.Standing) -> str:
    """The words of the latest report on an obligation."""
    return one.reports[-1].claim.words if one.reports else ""


def unreported(one: views.Standing) -> str:
    """That no report tells how an obligation stands, and how many claims bear on it."""
    n = len(one.bore)
    return f"{NO_REPORT} on it" + (f", {counted(n, 'claim')} bear{'s' if n == 1 else ''} on it" if n else "")


def rests_on(view: View, one: views.Standing) -> str:
    """Whose report a reading rests on, of when it is and how old."""
    claim = one.reports[-1].claim
    return f"{view.by(claim)}, {report_age(view, claim)}"


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


def stands(view: View, standing: views.Standing) -> str:
    """How the record reads the latest report on an obligation, whose report it is and who disputes it."""
    if not standing.reports:
        return unreported(standing)
    last = standing.reports[-1]
    report = f"{last.claim.status or 'reported'}, report by {rests_on(view, standing)}"
    return report + disputed_by(view, last.disputes)


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
    since = first_day(view, RECENT_DAYS)
    acts = [claim for day, claim in dated(view, view.of_kind("act")) if since <= day <= view.today]
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
        yield Saying(f"No act {span_said(view, RECENT_DAYS)} is in the record.")
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
    lately = (
        f"{span_said(view, RECENT_DAYS)} {reports_of(len(found), 'acts')} on {counted(days_of(view, found), 'day')}"
    )
    yield Saying(f"{lately[0].upper()}{lately[1:]}, by kind: {told}.")
    grave = with_consequences(found)[:1]
    if grave:
        told = f"{act_said(view, grave[0])}: {consequences(grave[0])}"
        latest = Saying(f"Latest with reported consequences: {told}.", (claim_link(grave[0].id),))
    else:
        latest = Saying(f"Latest: {act_said(view, found[0])}.", (claim_link(found[0].id),))
    both = (*newest_closure(view), latest)
    yield Saying(" ".join(one.text for one in both), tuple(link for one in both for link in one.links))


def newest_closure(view: View) -> Iterator[Saying]:
    """The newest closure of the road: what was closed, by whom as each report says, and who disputes it."""
    for one in closures(view, date.min)[-1:]:
        told = f"{show_day(one.day)}, {what_closed(view, one)}: {closed_by(view, one)}"
        yield Saying(f"Newest closure: {told}.", tuple(claim_link(claim.id) for claim in one.reports))


def sheet_acts(view: View, most: int) -> list[Claim]:
    """Acts for a page of paper: the newest, latest first; those of before the last days where there is room."""
    older = [claim for day, claim in dated(view, view.of_kind("act")) if day <= view.today and not claim.retells]
    return sorted(older, key=by_time, reverse=True)[:most]


def disputed(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> Iterator[Saying]:
    """The newest disputed closure, how many reports on obligations are disputed and on how many days sides differ; the
    widest count of people."""
    for one in newest_disputed(view):
        against = [other for claim in one.reports for other in views.disputing(view, claim)]
        said = "; ".join(dict.fromkeys(f"{view.by(other)}: {clause(other.words)}" for other in against if other.words))
        links = tuple(claim_link(claim.id) for claim in against)
        yield Saying(
            f"The closure of {show_day(one.day)}, who closed the road and whether it is closed. {said}.", links
        )
    by_obligation = [(one, sum(bool(r.disputes) for r in one.reports)) for one in standings]
    named = [one for one, n in by_obligation if n]
    n_known = sum(one.n_days for one in stretches if one.is_known)
    n_contested = sum(one.n_days for one in stretches if one.is_contested)
    told_of = []
    if named:
        n_reports = sum(n for _, n in by_obligation)
        told_of.append(
            f"another report speaks against {counted(n_reports, 'report')} on {counted(len(named), 'obligation')}"
        )
    if n_contested:
        told_of.append(f"sides differ on who could pass on {n_contested:,} of the {n_known:,} days with a report")
    if told_of:
        text = "; ".join(told_of)
        yield Saying(f"{text[0].upper()}{text[1:]}.", tuple(map(obligation_link, named[:MOST_LINKS])))
    else:
        yield Saying("No report on an obligation or on the road is disputed in the record.")
    if not newest_disputed(view):
        yield from rival_counts(view)


def newest_disputed(view: View) -> list[Closure]:
    """The newest closure that a claim speaks against: one without a reported end, else of the last days; or none."""
    found = (*closures(view, first_day(view, SIGN_DAYS)), *in_force(view))
    return [one for one in found if any(views.disputing(view, claim) for claim in one.reports)][-1:]


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
    return ", ".join(filter(None, (view.voice(claim), claim.scope, show_when(claim))))


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
    """Obligations that fall due and of which no undisputed report says that they are met, soonest first."""
    waiting = (one for one in standings if one.due and one.due >= view.today and not is_met(one))
    return sorted(waiting, key=lambda one: one.due or date.max)


def is_met(one: views.Standing) -> bool:
    """Whether the latest report on an obligation is read as met, and none disputes it."""
    return in_a_word(one) == "reported met" and not one.reports[-1].disputes


def soon(standings: Sequence[views.Standing], view: View) -> list[views.Standing]:
    """What falls due within a year."""
    return [one for one in coming(standings, view) if one.due and (one.due - view.today).days <= YEAR]

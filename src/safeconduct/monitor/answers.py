"""The front of the monitor: five questions, each answered in sentences that lead to where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from safeconduct.ledger import Claim, by_time, hedged_words, is_lower_bound, show_figure, show_number, show_when
from safeconduct.monitor import views
from safeconduct.monitor.ahead import ahead
from safeconduct.monitor.calendar import Stretch
from safeconduct.monitor.closures import Closure, closures, in_force
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
    sentence,
    told_by,
)
from safeconduct.monitor.views import NO_REPORT, View
from safeconduct.monitor.watch import first_day, span_said

IN_BRACKETS = re.compile(r" \([^()]*\)")  # what a status adds, left to the obligation itself
RECENT_DAYS = 30  # assumed: what counts as lately
MOST_NAMED = 5  # of parties, kinds of signs and the like, in one sentence
MANY = 10  # assumed: from here on an amount owed is shown with the words of the report on it
MOST_SIDE = 3  # words of a side behind the name of a reporter
MOST_STEM = 5  # letters by which a name tells its side
MOST_LETTERS = 90  # of the words of an act that the front tells
MOST_LATEST = 3  # acts that the front tells one by one
MOST_UNMET = 2  # obligations read as not met that are named with the age of the report
YEAR = 366  # days: what falls due later is nothing to watch
SHOWN = {  # how a page puts the reading of the latest report on an obligation
    "reported met": "met",
    "reported partly met": "partly met",
    "reported not met": "not met",
    "disputed": "reported as disputed",
    "reported otherwise": "reported in other words",
    NO_REPORT: "without a report on how they stand",
}


@dataclass(frozen=True, slots=True)
class FrontAnswer:
    """A question that a reader comes with, what the record says, and where the rest stands."""

    question: str
    sayings: tuple[Saying, ...]
    more: tuple[str, str]
    n_seen: int = 4  # sentences that stand on the first screen; the rest is folded below them

    @property
    def first(self) -> tuple[Saying, ...]:
        """What stands on the first screen."""
        return self.sayings[: self.n_seen]

    @property
    def rest(self) -> tuple[Saying, ...]:
        """What is folded."""
        return self.sayings[self.n_seen :]


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
        FrontAnswer("What to watch?", tuple(ahead(view, soon(in_text, view))), ("#supplies", "supplies"), 6),
    )


def promised(view: View, standings: Sequence[views.Standing], readings: Sequence[views.Standing]) -> Iterator[Saying]:
    """How many obligations stand how; those that are owed from day to day; what only a later reading finds."""
    if not standings:
        yield Saying("The agreement was not signed yet.")
        return
    told = ", ".join(f"{n} {SHOWN[word]}" for word, n in tally(standings))
    yield Saying(f"{counted(len(standings), 'obligation')}; as this record reads the latest report on each: {told}.")
    for one in standings:
        if one.obligation.is_standing:
            yield stands_said(view, one, f"Standing obligation of {names(view, one)}")
    unmet = [one for one in standings if in_a_word(one) == "reported not met" and not one.obligation.is_standing]
    for one in unmet[:MOST_UNMET]:
        yield stands_said(view, one, "Not met")
    if len(unmet) > MOST_UNMET:
        yield Saying(f"Others not met, below: {len(unmet) - MOST_UNMET}.")
    if readings:
        apart = f"Read in it by some, not in the text, and not counted: {len(readings)}."
        yield Saying(apart, tuple(map(obligation_link, readings)))


def stands_said(view: View, one: views.Standing, head: str) -> Saying:
    """An obligation, how the record reads the latest report on it and in which words; whose, and who disputes it."""
    told = f"{head}: {in_brief(one.obligation.what)}."
    if not one.reports:
        return Saying(f"{told} {sentence(unreported(one))}", (obligation_link(one),))
    last = one.reports[-1]
    is_read = one.obligation.is_standing and in_a_word(one) != "reported otherwise"
    as_read = f" {sentence('read as ' + last.claim.status.removeprefix('reported '))}" if is_read else ""
    words = f" In short: {clause(last.claim.words)}." if last.claim.words else ""
    by = rests_on(view, one) + disputed_by(view, last.disputes)
    return Saying(f"{told}{as_read}{words}", (obligation_link(one),), by=by)


def last_words(one: views.Standing) -> str:
    """The words of the latest report on an obligation."""
    return one.reports[-1].claim.words if one.reports else ""


def unreported(one: views.Standing) -> str:
    """That no report tells how an obligation stands, and how many claims bear on it."""
    n = len(one.bore)
    return NO_REPORT + (f", {counted(n, 'claim')} bear{'s' if n == 1 else ''} on it" if n else "")


def rests_on(view: View, one: views.Standing) -> str:
    """Whose report a reading rests on, of when it is and how old."""
    claim = one.reports[-1].claim
    return f"{by_and_side(view, claim)}, {report_age(view, claim)}"


def by_and_side(view: View, claim: Claim) -> str:
    """Who says it, with the side where the name does not tell it."""
    name, side = view.by(claim), view.ledger.side(claim)
    is_told = any(len(word) > MOST_STEM and word[:MOST_STEM] in name for word in side.split())
    return name if is_told or side == "press" or len(side.split()) > MOST_SIDE else f"{name} ({side})"


def in_brief(words: str) -> str:
    """What is owed, without its second sentence, its relative clause and its bracket; that it is disputed is kept."""
    return words.split("; ")[0].split(", which ")[0].split(" (")[0] + caveat(words)


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
    """How many acts are reported lately, the latest with reported consequences and the latest others."""
    found = recent(view)
    if not found:
        yield Saying(f"No act {span_said(view, RECENT_DAYS)} is in the record.")
        before = [claim for day, claim in dated(view, view.of_kind("act")) if day <= view.today and not claim.retells]
        if before:
            latest = before[-1]
            yield Saying(f"Latest: {act_said(view, latest)}.", (claim_link(latest.id),), by=told_by(view, latest))
        return
    n, days = reports_of(len(found), "acts"), counted(days_of(view, found), "day")
    yield Saying(sentence(f"{span_said(view, RECENT_DAYS)} {n} on {days}"))
    grave = with_consequences(found)[:1]
    for claim in grave:
        told = f"Latest with reported consequences: {act_said(view, claim)}; {consequences(claim)}."
        yield Saying(told, (claim_link(claim.id),), by=told_by(view, claim))
    for claim in [one for one in found if one not in grave][: MOST_LATEST - len(grave)]:
        words = clause(hedged_words(claim), MOST_LETTERS) if claim.words else ""
        yield Saying(
            sentence(": ".join(filter(None, (act_said(view, claim), words)))),
            (claim_link(claim.id),), by=told_by(view, claim),
        )  # fmt: skip


def sheet_acts(view: View, most: int) -> list[Claim]:
    """Acts for a page of paper, latest first: of the last days the latest of each party, so that none is missing where
    room is short, then the newest of all; older ones where there is room."""
    older = [claim for day, claim in dated(view, view.of_kind("act")) if day <= view.today and not claim.retells]
    newest, lately = sorted(older, key=by_time, reverse=True), recent(view)
    latest = {party: one for one in reversed(lately) for party in view.parties(one)}
    ids = dict.fromkeys(one.id for one in (*(c for c in newest if c in latest.values()), *newest))
    chosen = set(list(ids)[:most])
    return [one for one in newest if one.id in chosen]


def disputed(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> Iterator[Saying]:
    """The newest disputed closure, the newest disputed reports on obligations, on how many days sides differ; the
    widest count of people."""
    closure = newest_disputed(view)
    for shut in closure:
        for claim in shut.reports:
            for other in views.disputing(view, claim):
                links = (claim_link(claim.id), claim_link(other.id))
                yield Saying(f"{act_said(view, claim)}{against_said(view, claim, other)}", links)
    reports = [(one, report) for one in standings for report in one.reports if report.disputes]
    reports.sort(key=lambda pair: by_time(pair[1].claim), reverse=True)
    named = list({one.obligation.id: (one, report) for one, report in reversed(reports)}.values())[::-1]
    for one, report in named[: 0 if closure and len(named) > MOST_LINKS else MOST_LINKS]:
        words = f"{in_brief(one.obligation.what)}: {clause(report.claim.words) or report.claim.status}"
        told = f"{words}{against_said(view, report.claim, report.disputes[-1])}"
        yield Saying(told[0].upper() + told[1:], (obligation_link(one),))
    n_known = sum(one.n_days for one in stretches if one.is_known)
    n_contested = sum(one.n_days for one in stretches if one.is_contested)
    if len(named) > MOST_LINKS or closure and named:
        told = f"another report speaks against {counted(len(reports), 'report')} on {counted(len(named), 'obligation')}"
        first = "; ".join(in_brief(one.obligation.what) for one, _ in named[:MOST_LINKS])
        more = f"; and {len(named) - MOST_LINKS} more" if len(named) > MOST_LINKS else ""
        yield Saying(sentence(f"{told}: {first}{more}"), tuple(obligation_link(one) for one, _ in named))
    if n_contested:
        yield Saying(f"Sides differ on who could pass on {n_contested:,} of the {n_known:,} days with a report.")
    if not named and not n_contested:
        yield Saying("No report on an obligation or on the road is disputed in the record.")
    if not closure:
        yield from rival_counts(view)


def against_said(view: View, claim: Claim, other: Claim) -> str:
    """Who says something, who speaks against it, and what in short."""
    own = "" if other.has_source else "; no source of its own"
    words = f" In short: {clause(other.words)}{own}." if other.words else ""
    return f", says {view.by(claim)}. Disputed by {view.by(other)}.{words}"


def newest_disputed(view: View) -> list[Closure]:
    """The newest closure that a claim speaks against: one without a reported end, else of the last days; or none."""
    found = (*closures(view, first_day(view, SIGN_DAYS)), *in_force(view))
    return [one for one in found if any(views.disputing(view, claim) for claim in one.reports)][-1:]


def rival_counts(view: View) -> Iterator[Saying]:
    """The lowest and the highest figure since the agreement of what most voices count."""
    for one in views.people(view)[:1]:
        since = [claim for day, claim in dated(view, one.latest) if day >= view.case.signed]
        if ends := furthest_apart(view, since):
            yield Saying(f"Figures differ, and may count different things: {one.label}, {one.place}.")
            for claim in ends:
                yield Saying(sentence(show_figure(claim)), (claim_link(claim.id),), by=counted_by(view, claim))


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

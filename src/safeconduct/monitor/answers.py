"""The front of the monitor: five questions, each answered in sentences that lead to where they come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from safeconduct.ledger import Claim, by_time, is_lower_bound, show_figure, show_number
from safeconduct.monitor import views
from safeconduct.monitor.calendar import NOT_KNOWN, SideState, Stretch, say_state
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import ARMED, CLOSED, STALE_DAYS, TROOPS, Supply, acts_since, show_age, sign_of, supplies

IN_BRACKETS = re.compile(r" \([^()]*\)")  # what a status adds, left to the obligation itself
RECENT_DAYS, SIGN_DAYS = 30, 90  # days, assumed: what counts as lately, and over which spans signs are compared
MOST_SUPPLIES = 3  # figures of supplies in a sentence
MOST_NAMED = 5  # of parties, kinds of signs and the like, in one sentence
MANY = 10  # assumed: from here on an amount owed is shown with the words of the report on it
MOST_LINKS = 3  # obligations that a sentence links


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, and where on the page it comes from: an anchor and what the link is called."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    is_warning: bool = False  # the last reports that it rests on are old


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
        FrontAnswer("What to watch?", tuple(ahead(view, standings)), ("#supplies", "supplies")),
    )


def promised(view: View, standings: Sequence[views.Standing]) -> Iterator[Saying]:
    """How many obligations stand how; and those that are owed from day to day."""
    if not standings:
        yield Saying("The agreement was not signed yet.")
        return
    told = ", ".join(f"{n} {word.removeprefix('reported ')}" for word, n in tally(standings))
    yield Saying(f"{counted(len(standings), 'obligation')}; by the latest report on each: {told}.")
    daily = [one for one in standings if one.obligation.is_standing]
    told_of = [f"{owed(view, one)}: {IN_BRACKETS.sub('', stands(one))}" for one in daily if one.reports]
    still_open = [owed(view, one) for one in daily if not one.reports]
    said = "; ".join([*told_of, *([f"open: {'; '.join(still_open)}"] if still_open else [])])
    if said:
        yield Saying(f"Standing obligations: {said}.", tuple(map(obligation_link, daily)))


def owed(view: View, one: views.Standing) -> str:
    """Whom an obligation binds, to what, where there is little room."""
    return f"{names(view, one)}, {in_brief(one.obligation.what)}"


def in_brief(words: str) -> str:
    """What is owed, up to the first comma or bracket; a bracket that says that it is disputed is kept."""
    return words.split(",")[0].split(" (")[0] + caveat(words)


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
    """How an obligation stands by the latest report, who says so and whether it is disputed."""
    if not standing.reports:
        return "open"
    last = standing.reports[-1]
    against = ", disputed by " + ", ".join(claim.reporter for claim in last.disputes) if last.disputes else ""
    return f"{last.claim.status or 'reported'}, says {last.claim.reporter}{against}"


def tally(standings: Sequence[views.Standing]) -> list[tuple[str, int]]:
    """How many obligations stand how, by the latest report."""
    counts = Counter(map(in_a_word, standings))
    order = ("reported met", "reported partly met", "reported not met", "disputed", "reported otherwise", "open")
    return [(word, counts[word]) for word in order if counts[word]]


def in_a_word(one: views.Standing) -> str:
    """How an obligation stands by the latest report."""
    words = ("reported met", "reported partly met", "reported not met", "disputed", "open")
    return next((word for word in words if one.says.startswith(word)), "reported otherwise")


def recent(view: View) -> list[Claim]:
    """Acts of the last days, latest first."""
    since = view.today - timedelta(days=RECENT_DAYS)
    acts = [claim for day, claim in dated(view, view.of_kind("act")) if since < day <= view.today]
    return [claim for claim in reversed(acts) if not claim.retells]


def dated(view: View, claims: Iterable[Claim]) -> list[tuple[date, Claim]]:
    """Claims that speak of a day, with that day."""
    return [(day, claim) for claim in claims if (day := view.day(claim)) is not None]


def with_consequences(found: Sequence[Claim]) -> list[Claim]:
    """The acts of which a report gives killed, injured, displaced or hours closed, in their order."""
    return [claim for claim in found if consequences(claim)]


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


def newest_closure(view: View) -> Iterator[Saying]:
    """The newest closure of the road or armed move, however old, and whether its report gives an end."""
    for claim in closures_and_moves(view)[:1]:
        told = act_said(view, claim)
        if claim.until:
            told += f"; reported until {show_day(end_day(view, claim))}"
        elif sign_of(view, claim) == CLOSED:
            told += "; the report gives no end"
        yield Saying(f"Newest closure or armed move: {told}.", (claim_link(claim.id),))


def end_day(view: View, claim: Claim) -> date | None:
    """The last day of a period that a claim speaks of."""
    return (claim.until - timedelta(seconds=1)).astimezone(view.case.zone).date() if claim.until else None


def sheet_acts(view: View, most: int) -> list[Claim]:
    """Acts for a page of paper: the newest closure or armed move, those with consequences, the latest; by date."""
    lately = recent(view)
    chosen = dict.fromkeys([*closures_and_moves(view)[:1], *with_consequences(lately)[:1], *lately])
    return sorted(list(chosen)[:most], key=by_time, reverse=True)


def act_said(view: View, claim: Claim) -> str:
    """An act in few words: who did what, when, who says so and who disputes it."""
    action = view.ledger.terms.actions.get(claim.action)
    what = action.label if action else claim.action
    who = " and ".join(map(view.label, view.parties(claim)))
    against = ", ".join(dict.fromkeys(other.reporter for other in views.disputing(view, claim)))
    disputed_by = f", disputed by {against}" if against else ""
    return f"{who}, {what} ({show_day(view.day(claim))}; {claim.reporter}{disputed_by})"


def passing(view: View, last: Stretch | None) -> Iterator[Saying]:
    """Who can pass on the last day, as each side says; and how old the last reports are."""
    if last is None or not last.sides:
        yield Saying("Not known: no report in the record speaks of this day.")
        reports = [(one.start, side, one.claim) for side, all_of in views.told_passages(view).items() for one in all_of]
        day, side, claim = max((one for one in reports if one[0] <= view.today), default=(None, "", ""))
        if day is not None:
            ago = show_age((view.today - day).days)
            yield Saying(f"Last report: {side}, {show_day(day)}, {ago}.", (claim_link(claim),), is_warning=True)
        return
    by_state: dict[str, list[str]] = {}
    for side, said in last.sides.items():
        age = max(0, (last.last - view.rests_on(said)[0]).days)
        by_state.setdefault(both_ways(said), []).append(f"{side} ({show_age(age)})")
    told = "; ".join(f"{' and '.join(sides)}: {state}" for state, sides in by_state.items())
    links = tuple(claim_link(view.rests_on(said)[1]) for said in last.sides.values())
    yield Saying(f"{told}.", links)
    oldest = max(max(0, (last.last - view.rests_on(said)[0]).days) for said in last.sides.values())
    remarks = ["Sides differ; none is chosen."] * last.is_contested
    remarks += [f"A report past {STALE_DAYS} days may no longer hold."] * (oldest > STALE_DAYS)
    if remarks:
        yield Saying(" ".join(remarks), is_warning=oldest > STALE_DAYS)


def both_ways(said: SideState) -> str:
    """Who could pass out and in, in few words."""
    out, into = say_state(said.out), say_state(said.into)
    if out == into:
        return f"{out}, both ways"
    told = [f"{state} ({way})" for way, state in (("out", out), ("in", into)) if state != NOT_KNOWN]
    unsaid = [way for way, state in (("out", out), ("in", into)) if state == NOT_KNOWN]
    return "; ".join(told + [f"not known ({way})" for way in unsaid])


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
            low, high = (
                f"{show_number(value)} ({view.ledger.voice(claim)}, {show_day(view.day(claim))})"
                for claim, value in zip(ends, (lowest(ends[0]), highest(ends[1])), strict=True)
            )
            links = tuple(claim_link(claim.id) for claim in ends)
            yield Saying(f"{one.label.capitalize()}, {one.place}: from {low} to {high}.", links)


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


def ahead(view: View, standings: Sequence[views.Standing]) -> Iterator[Saying]:
    """Supplies, closures and troop movements; and what falls due or was predicted for a day to come."""
    links, told = list[tuple[str, str]](), []
    stocks = supplies(view)
    if stocks:
        newest = first_supplies(view, stocks)
        shown = ", ".join(f"{one.label}: {supply_figure(one)} ({show_age(one.age_days)})" for one in newest)
        told.append(f"supplies: {shown}")
        links += [claim_link(one.latest.id) for one in newest]
    closures, troops = (acts_since(view, kinds, SIGN_DAYS) for kinds in ((CLOSED,), TROOPS))
    moves = ", ".join(
        reports_of(len(claims), word) + (f" on {counted(days_of(view, claims), 'day')}" if claims else "")
        for claims, word in ((closures, "closures"), (troops, "armed or troop moves"))
    )
    told.append(f"in {SIGN_DAYS} days {moves}")
    links += [claim_link(claims[-1].id) for claims in (closures, troops) if claims]
    is_old = bool(stocks) and all(one.is_old for one in stocks)
    yield Saying(sentence(told), tuple(links), is_warning=is_old)
    due = coming(standings, view)[:1]
    waiting = [one for one in views.predictions(view) if one.due and one.due >= view.today]
    said = [f"due {show_day(one.due)} ({one.clock}): {one.obligation.what}" for one in due]
    said += [f"{counted(len(waiting), 'prediction')} not yet due"] if waiting else []
    if said:
        yield Saying(sentence(said), tuple(map(obligation_link, due)))
    else:
        yield Saying("Nothing falls due, and no prediction waits for its day.")


def first_supplies(view: View, stocks: Sequence[Supply]) -> list[Supply]:
    """The supplies that a reader looks at first: those that the case watches, of the last days; else the newest."""
    rank = {name: n for n, name in enumerate(view.case.settings.watch)}
    watched = [one for one in stocks if one.latest.quantity in rank and one.age_days < SIGN_DAYS]
    return (sorted(watched, key=lambda one: (one.is_old, rank[one.latest.quantity])) or list(stocks))[:MOST_SUPPLIES]


def supply_figure(one: Supply) -> str:
    """A figure with its unit, unless the label begins with it: "hours in the queue: 12"."""
    unit = one.latest.unit
    is_told = one.label.lower().startswith(unit.split("/")[0].lower())
    return show_figure(one.latest) if is_told else f"{show_figure(one.latest)} {unit}"


def sentence(parts: Sequence[str]) -> str:
    """Parts as one sentence, its first letter large."""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def coming(standings: Sequence[views.Standing], view: View) -> list[views.Standing]:
    """Obligations that fall due and are not reported met, soonest first."""
    waiting = (one for one in standings if one.due and one.due >= view.today and in_a_word(one) != "reported met")
    return sorted(waiting, key=lambda one: one.due or date.max)


def more_often(view: View) -> list[tuple[str, int, int]]:
    """Kinds of signs with more acts in the last days than in as many before, with both counts; most first."""
    found = []
    for name, claims in views.signs(view).items():
        ages = [(view.today - day).days for day, _ in dated(view, claims)]
        now = sum(0 <= age < SIGN_DAYS for age in ages)
        before = sum(SIGN_DAYS <= age < 2 * SIGN_DAYS for age in ages)
        if now > before:
            found.append((name, now, before))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def obligation_link(standing: views.Standing) -> tuple[str, str]:
    """Where an obligation stands on the page."""
    return f"#o-{standing.obligation.id}", standing.obligation.id


def claim_link(name: str) -> tuple[str, str]:
    """Where a claim stands on the page."""
    return f"#c-{name}", name


def days_of(view: View, claims: Iterable[Claim]) -> int:
    """On how many days the acts of these reports began."""
    return len({day for day, _ in dated(view, claims)})


def reports_of(n: int, what: str) -> str:
    """A number of reports: two reports may speak of one act."""
    return f"{counted(n, 'report')} of {what}"


def counted(n: int, word: str) -> str:
    """A number of things."""
    return f"{n:,} {word}{'s' if n != 1 else ''}"


def show_day(day: date | None) -> str:
    """A day for readers."""
    return f"{day.day} {day:%b %Y}" if day else ""

"""What to watch: supplies, cuts, closures, moves of troops; what falls due and which predictions wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safeconduct.ledger import Claim, hedged_words, show_figure
from safeconduct.monitor import views
from safeconduct.monitor.closures import closure_said, closures, count_said, in_force
from safeconduct.monitor.saying import (
    MOST_LINKS,
    SIGN_DAYS,
    Saying,
    act_said,
    claim_link,
    clause,
    counted,
    days_of,
    disputed_by,
    end_day,
    obligation_link,
    reports_of,
    show_age,
    show_day,
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


def ahead(view: View, due: Sequence[views.Standing]) -> Iterator[Saying]:
    """Closures without a reported end; supplies, cuts, closures and troop moves; what falls due or was predicted."""
    lasting, now = in_force(view)[::-1], lately(view)
    told = ". ".join(closure_said(view, one) for one in lasting[:MOST_CLOSED])
    older = f". Older ones: {len(lasting) - MOST_CLOSED}" if len(lasting) > MOST_CLOSED else ""
    links = [claim_link(claim.id) for one in lasting[:MOST_CLOSED] for claim in one.reports]
    closed = f"Closure without a reported end: {told}{older}. " if lasting else ""
    yield Saying(
        closed + now.text, tuple(dict.fromkeys((*links, *now.links))), is_warning=now.is_warning and not lasting
    )
    waiting = [one for one in views.predictions(view) if not one.shows and is_waiting(view, one)]
    others = [one for one in views.predictions(view) if not one.shows and not is_waiting(view, one)]
    said = [
        f"due {show_day(one.due)} ({one.clock}): {one.obligation.what}{disputed_reading(view, one)}" for one in due[:1]
    ]
    said += [f"predicted, no outcome reported: {foretold_said(view, one)}" for one in waiting[-1:]]
    said += [f"{counted(len(waiting) - 1, 'other prediction')} open"] if len(waiting) > 1 else []
    if said:
        links = [*map(obligation_link, due[:1]), *(claim_link(one.claim.id) for one in waiting[-1:])]
        yield Saying(sentence(said), tuple(links))
    else:
        older = f"; {counted(len(others), 'older one')} without an outcome" if others else ""
        yield Saying(
            "Nothing falls due within a year, and no prediction is open that names a day to come or is of the last "
            f"{SIGN_DAYS} days{older}."
        )


def lately(view: View) -> Saying:
    """The latest supplies, the newest cut that is not over, and counts of closures and of moves."""
    links, told = list[tuple[str, str]](), []
    newest, since = first_supplies(view), first_day(view, SIGN_DAYS)
    if newest:
        told.append("supplies: " + ", ".join(f"{one.label}: {supply_said(view, one)}" for one in newest))
        links += [claim_link(claim.id) for one in newest for claim in one.side_by_side]
    for cut, said in newest_cut(view):
        told.append(f"newest cut: {said}")
        links.append(claim_link(cut.id))
    closed, moves = (acts_since(view, kinds, since) for kinds in ((CLOSED,), TROOPS))
    shots = f"{reports_of(len(moves), 'shootings, clashes or troop moves')} on {counted(days_of(view, moves), 'day')}"
    told.append(
        f"{span_said(view, SIGN_DAYS)} {count_said(closed, closures(view, since))}, "
        + (shots if moves else "none of shootings, clashes or troop moves")
    )
    links += [claim_link(claim.id) for claims in (closed, moves) for claim in claims[: -MOST_LINKS - 1 : -1]]
    return Saying(
        sentence(told), tuple(dict.fromkeys(links)), is_warning=bool(newest) and all(s.is_old for s in newest)
    )


def newest_cut(view: View) -> Iterator[tuple[Claim, str]]:
    """The newest cut that is not over by its own report, and how it stands; none where there is none."""
    found = acts_since(view, (CUTS,), first_day(view, SIGN_DAYS))
    cuts = [cut for cut in found if not (end := end_day(view, cut)) or end >= view.today]
    for cut in sorted(cuts, key=lambda one: (view.day(one), bool(one.actor)))[-1:]:  # of one day one that names a party
        over = ended_by(view, cut)
        last = end_said(view, cut, over) if over else "no end reported"
        last = f"until {show_day(end_day(view, cut))}" if cut.until else last
        yield cut, f"{act_said(view, cut)}, {last}"


def disputed_reading(view: View, one: views.Standing) -> str:
    """How a report on what falls due is read, and who disputes it; empty where none is."""
    last = one.reports[-1] if one.reports else None
    if last is None:
        return ""
    return f" (read as {last.claim.status.removeprefix('reported ')}{disputed_by(view, last.disputes)})"


def is_waiting(view: View, one: views.Foretold) -> bool:
    """Whether a prediction waits for its day, or names none and was published in the last days."""
    if one.due is not None:
        return one.due >= view.today
    known = one.claim.published
    return known is not None and (view.when - known).days < SIGN_DAYS


def foretold_said(view: View, one: views.Foretold) -> str:
    """A prediction in its words, with who made it and by when."""
    by = show_day(one.due) or one.claim.due_said
    when = f"by {by}" if by and by != "not said" else "no day named"
    return f"{clause(hedged_words(one.claim))} ({view.by(one.claim)}, {when})"


def supply_said(view: View, one: Supply) -> str:
    """The latest figures of one kind side by side: unit, what exactly, who says so, of when, and the age where old."""
    unit = one.latest.unit
    is_told = one.label.lower().startswith(unit.split("/")[0].lower())
    is_count = one.counts_up
    told = []
    for claim in one.side_by_side:
        figure = show_figure(claim) if is_told else f"{show_figure(claim)} {unit}"
        scope = f", {claim.scope}" if claim.scope else ""
        old = f", {show_age(age_of(view, claim))}" if age_of(view, claim) > STALE_DAYS else ""
        told.append(f"{figure}{scope} ({view.by(claim)}, {'by ' if is_count else ''}{show_day(view.day(claim))}{old})")
    return " and ".join(told)


def first_supplies(view: View) -> list[Supply]:
    """The supplies that a reader looks at first: those that the case watches, of the last days; else the newest.

    Usual levels, shares and ratios say nothing of a day and are left to the section.
    """
    rank = {name: n for n, name in enumerate(view.case.settings.watch)}
    kinds = view.ledger.terms
    stocks = [one for one in supplies(view) if kinds.quantity(one.latest.quantity).kind != "measure"]
    watched = [one for one in stocks if one.latest.quantity in rank and one.age_days < SIGN_DAYS]
    return (sorted(watched, key=lambda one: (one.is_old, rank[one.latest.quantity])) or list(stocks))[:MOST_SUPPLIES]


def sentence(parts: Sequence[str]) -> str:
    """Parts as one sentence, its first letter large."""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."

"""What to watch: supplies, cuts, closures, moves of troops; what falls due and which predictions wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten

from safeconduct.ledger import hedged_words, show_figure
from safeconduct.monitor import views
from safeconduct.monitor.saying import (
    MOST_LINKS,
    MOST_WORDS,
    SIGN_DAYS,
    Saying,
    act_said,
    claim_link,
    counted,
    days_of,
    end_day,
    obligation_link,
    reports_of,
    show_day,
)
from safeconduct.monitor.views import View
from safeconduct.monitor.watch import CLOSED, CUTS, STALE_DAYS, TROOPS, Supply, acts_since, age_of, show_age, supplies

MOST_SUPPLIES = 3  # figures of supplies in a sentence


def ahead(view: View, due: Sequence[views.Standing]) -> Iterator[Saying]:
    """Supplies, closures and troop movements; and what falls due or was predicted for a day to come."""
    links, told = list[tuple[str, str]](), []
    newest = first_supplies(view)
    if newest:
        told.append("supplies: " + ", ".join(f"{one.label}: {supply_said(view, one)}" for one in newest))
        links += [claim_link(claim.id) for one in newest for claim in one.side_by_side]
    cuts = acts_since(view, (CUTS,), SIGN_DAYS)
    for cut in sorted(cuts, key=lambda one: (view.day(one), bool(one.actor)))[-1:]:  # of one day one that names a party
        end = f"until {show_day(end_day(view, cut))}" if cut.until else "no end reported"
        told.append(f"newest cut: {act_said(view, cut)}, {end}")
        links.append(claim_link(cut.id))
    closures, troops = (acts_since(view, kinds, SIGN_DAYS) for kinds in ((CLOSED,), TROOPS))
    moves = ", ".join(
        reports_of(len(claims), word) + (f" on {counted(days_of(view, claims), 'day')}" if claims else "")
        for claims, word in ((closures, "closures"), (troops, "armed or troop moves"))
    )
    told.append(f"in {SIGN_DAYS} days {moves}")
    links += [claim_link(claim.id) for claims in (closures, troops) for claim in claims[: -MOST_LINKS - 1 : -1]]
    is_old = bool(newest) and all(one.is_old for one in newest)
    yield Saying(sentence(told), tuple(dict.fromkeys(links)), is_warning=is_old)
    waiting = [one for one in views.predictions(view) if not one.shows and is_waiting(view, one)]
    said = [f"due {show_day(one.due)} ({one.clock}): {one.obligation.what}" for one in due[:1]]
    said += [f"predicted, no outcome reported: {foretold_said(one)}" for one in waiting[-1:]]
    said += [f"{counted(len(waiting) - 1, 'other prediction')} open"] if len(waiting) > 1 else []
    if said:
        yield Saying(
            sentence(said), (*map(obligation_link, due[:1]), *(claim_link(one.claim.id) for one in waiting[-1:]))
        )
    else:
        yield Saying("Nothing falls due within a year, and no recent prediction is open.")


def is_waiting(view: View, one: views.Foretold) -> bool:
    """Whether a prediction waits for its day, or names none and was published in the last days."""
    if one.due is not None:
        return one.due >= view.today
    known = one.claim.published
    return known is not None and (view.when - known).days < SIGN_DAYS


def foretold_said(one: views.Foretold) -> str:
    """A prediction in its words, with who made it and by when."""
    by = show_day(one.due) or one.claim.due_said
    when = f"by {by}" if by and by != "not said" else "no day named"
    return f"{shorten(hedged_words(one.claim), MOST_WORDS, placeholder=' ...')} ({one.claim.reporter}, {when})"


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
        told.append(f"{figure}{scope} ({claim.reporter}, {'by ' if is_count else ''}{show_day(view.day(claim))}{old})")
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

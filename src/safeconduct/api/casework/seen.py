"""What the pages show of a case: plain records and texts, made from views; the templates only lay them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.ledger import Claim, Ledger
    from safeconduct.monitor import PeopleCounted, Standing, View

LINKS = ("responds_to", "outcome_of", "supersedes", "disputes", "retells")
NO_TIME = datetime(1900, 1, 1, tzinfo=UTC)
RECENT_ACTS, MOST_FIGURES = 30, 12


@dataclass(frozen=True, slots=True)
class Line:
    """A report as a list shows it."""

    id: str
    kind: str
    when: str
    what: str
    where: str
    by: str
    side: str
    known: str
    is_estimated: bool  # the time of publication
    address: str
    source: str
    disputes: tuple[str, ...]


def line(claim: Claim, ledger: Ledger) -> Line:
    """A report as a list shows it."""
    from safeconduct.ledger import show_figure, show_saying, show_when

    label = ledger.terms.actions[claim.action].label if claim.action in ledger.terms.actions else claim.action
    what = show_saying(claim, ledger)
    if claim.kind == "act":
        what = ": ".join(filter(None, (claim.actor or "not said who", label, claim.words)))
    elif claim.kind == "figure":
        what = f"{ledger.terms.quantity(claim.quantity).label}: {show_figure(claim)} {claim.unit}".strip()
    elif claim.kind == "status":
        what = f"{', '.join(claim.obligation)} {claim.status}: {claim.words}"
    return Line(
        claim.id, claim.kind, show_when(claim), what, ledger.terms.place_name(claim.place),
        claim.reporter + (f", via {', '.join(claim.via)}" if claim.via else ""), ledger.side(claim),
        known_since(claim), claim.published_rule not in ("recorded", "day only"),
        claim.address if claim.address.startswith(("http://", "https://")) else "", claim.source_title, claim.disputes,
    )  # fmt: skip


def known_since(claim: Claim) -> str:
    """Since when a report could be known: with its hour where the source gives one; the day alone where estimated."""
    from safeconduct.ledger import is_day_only

    if claim.published is None:
        return "not known"
    if is_day_only(claim):
        return f"{claim.published - timedelta(minutes=1):%Y-%m-%d}, end of the day"
    return f"{claim.published:%Y-%m-%d %H:%M}" if claim.published_rule == "recorded" else f"{claim.published:%Y-%m-%d}"


def unchecked_said(view: View, unchecked: frozenset[str], *, are_left_out: bool) -> str:
    """How many reports no second name has checked, for what is sent on; empty where there is none."""
    n = len(unchecked) if are_left_out else len(unchecked & view.known.keys())
    if not n:
        return ""
    told = "report has" if n == 1 else "reports have"
    if are_left_out:
        return f"{n} {told} not been checked by a second person and {'is' if n == 1 else 'are'} left out."
    return f"{n} of these reports {'has' if n == 1 else 'have'} not been checked by a second person."


def unchecked_known(ledger: Ledger, unchecked: frozenset[str], when: datetime) -> str:
    """How many of the reports known by a time no second person has checked; empty where there is none."""
    from safeconduct.ledger import as_of

    known = {claim.id for claim in as_of(ledger, when).claims}
    n = len(unchecked & known)
    has = "has" if n == 1 else "have"
    return f"{n} of {len(known)} reports known by then {has} not been checked by a second person." if n else ""


def newest_first(ledger: Ledger) -> list[Claim]:
    """Reports by when they could be known, newest first."""
    return sorted(ledger.claims, key=lambda claim: (claim.published or NO_TIME, claim.id), reverse=True)


def fits(claim: Claim, ledger: Ledger, words: str, kind: str, by: str) -> bool:
    """Whether a report is among those that are looked for."""
    if (kind and claim.kind != kind) or (by and claim.reporter != by):
        return False
    if not words:
        return True
    terms = ledger.terms
    texts = (
        claim.id, claim.words, claim.reporter, claim.source_title, claim.place, terms.place_name(claim.place),
        claim.actor, claim.action, claim.quantity, terms.quantity(claim.quantity).label, claim.quote, claim.remark,
    )  # fmt: skip
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


def cells(claim: Claim) -> list[tuple[str, str]]:
    """Everything that a report's row holds, by column."""
    found = []
    for one in fields(claim):
        value = getattr(claim, one.name)
        if value in ("", None, ()):
            continue
        text = (
            "; ".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)
        )
        found.append((one.name.replace("_", " "), text))
    return found


def referring(claim: Claim, ledger: Ledger) -> list[Claim]:
    """Reports that refer to one."""
    return [c for c in ledger.claims if any(claim.id in getattr(c, name) for name in LINKS)]


@dataclass(frozen=True)
class Duty:
    """An obligation as the page shows it."""

    id: str
    what: str
    binds: str
    due: str
    stands: str
    reports: tuple[tuple[str, Line, tuple[Line, ...]], ...]  # status, report, those who dispute it
    bore: tuple[tuple[Line, str], ...]
    source: str
    address: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity of people at a place: the latest figure of each voice."""

    what: str
    figures: tuple[tuple[str, str, str, str], ...]  # figure with unit, voice, of when, report


@dataclass(frozen=True)
class MonitorSeen:
    """The monitor as the page shows it."""

    answers: tuple[object, ...]
    tally: tuple[tuple[str, int], ...]
    duties: tuple[Duty, ...]
    road: tuple[tuple[str, str, str, str, tuple[str, ...]], ...]  # side, out, in, of when and disputed by whom, claims
    road_day: str
    chart: str
    acts: tuple[Line, ...]
    figures: tuple[Counted, ...]
    predictions: tuple[object, ...]
    coming: tuple[object, ...]


def monitor_seen(view: View) -> MonitorSeen:
    """Everything that the monitor's page shows."""
    from safeconduct.findings.monitor import road_chart
    from safeconduct.monitor import (
        answers,
        calendar,
        coming,
        predictions,
        say_state,
        show_ages,
        show_day,
        standings,
        tally,
        views,
    )

    found, stretches = standings(view), calendar(view)
    today = stretches[-1] if stretches else None
    acts = [c for c in reversed(view.of_kind("act")) if not c.retells]
    return MonitorSeen(
        answers=answers(view, found, stretches),
        tally=tuple(tally(views.in_the_text(found))),
        duties=tuple(duty(view, one) for one in found),
        road=tuple(
            (side, say_state(s.out), say_state(s.into), show_ages(view, s), s.claims) for side, s in today.sides.items()
        )
        if today
        else (),
        road_day=show_day(today.last if today else view.today),
        chart=road_chart(view),
        acts=tuple(line(c, view.ledger) for c in acts[:RECENT_ACTS]),
        figures=tuple(counted(view, one) for one in views.people(view)[:MOST_FIGURES]),
        predictions=predictions(view),
        coming=tuple(coming(views.in_the_text(found), view)[:6]),
    )


def counted(view: View, one: PeopleCounted) -> Counted:
    """A quantity of people, as the page shows it."""
    from safeconduct.ledger import show_figure, show_when

    figures = ((f"{show_figure(c)} {one.unit}", view.ledger.voice(c), show_when(c), c.id) for c in one.latest)
    return Counted(f"{one.label}, {one.place}", tuple(figures))


def duty(view: View, one: Standing) -> Duty:
    """An obligation with what is reported of it."""
    from safeconduct.monitor import show_day, stands

    o = one.obligation
    due = f"{show_day(one.due)}, {one.clock}" if one.due else o.due_said or "no date"
    reports = tuple(
        (r.claim.status or "reported", line(r.claim, view.ledger), tuple(line(c, view.ledger) for c in r.disputes))
        for r in one.reports
    )
    return Duty(
        o.id, o.what + (f" ({o.quantity})" if o.quantity else ""),
        "; ".join(view.label(key) for key in o.binds) or o.obligated, due, stands(view, one), reports,
        tuple((line(b.claim, view.ledger), b.note) for b in one.bore), o.source_title,
        o.address if o.address.startswith(("http://", "https://")) else "",
    )  # fmt: skip


def claims_in(names: Iterable[str], ledger: Ledger) -> list[Line]:
    """Some reports by name; those that are not there are left out."""
    known = {claim.id: claim for claim in ledger.claims}
    return [line(known[name], ledger) for name in names if name in known]

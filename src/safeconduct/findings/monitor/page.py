"""The monitor as a page that needs nothing else: no network, and no script but for the slider and the filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from safeconduct.findings.monitor import charts
from safeconduct.findings.pages import asset, render, style_sheets
from safeconduct.ledger import PASSES, Claim, hedged_words, show_figure, show_known, show_saying, show_when
from safeconduct.monitor import (
    RECENT_DAYS,
    SHOWN,
    STALE_DAYS,
    Stretch,
    View,
    answers,
    consequences,
    dated,
    delivered,
    force,
    in_words,
    influence,
    recent,
    report_age,
    score_card,
    show_age,
    show_ages,
    show_day,
    silent_sides,
    soon,
    span_said,
    stands,
    supplies,
    supply_acts,
    tally,
    ties,
    unreported,
    views,
    ways_said,
)

KINDS = {
    "act": "acts",
    "status": "reports on obligations",
    "statement": "statements",
    "prediction": "predictions",
    "figure": "figures",
}
FOUND = {  # what a reader learns of answers to an act
    "answered": "answer recorded",
    "none found": "looked for, none found",
    "never looked up": "never looked up (not the same as no answer)",
    "none linked": "none linked in the record",
}
HALVES = ("Jan\N{EN DASH}Jun", "Jul\N{EN DASH}Dec")
WIDE, NARROW = 1000.0, 360.0
MOST_LISTED, MOST_IN_LIST = 2_000, 500  # claims one by one, lines of any other list: a page that a browser opens


@dataclass(frozen=True)
class Line:
    """A claim as the page shows it."""

    view: View
    claim: Claim

    @property
    def when(self) -> str:
        """Of when it speaks."""
        return show_when(self.claim)

    @property
    def who(self) -> str:
        """Who acted."""
        if self.claim.kind != "act":
            return ""
        return "; ".join(self.view.label(key) for key in self.view.parties(self.claim))

    @property
    def what(self) -> str:
        """What is said, the actor left out where it stands beside."""
        claim, terms = self.claim, self.view.ledger.terms
        if claim.kind == "act":
            label = (
                terms.actions[claim.action].label if claim.action in terms.actions else claim.action.replace("_", " ")
            )
            words = hedged_words(claim)
            said = ", ".join(part for part in (words if words != label else "", consequences(claim)) if part)
            return f"{label}: {said}" if said else label
        if claim.kind == "status":
            return f"{claim.status}: {hedged_words(claim)}"
        said = show_saying(claim, self.view.ledger)
        return f"{said}: “{claim.quote}”" if claim.kind == "figure" and claim.span and claim.quote else said

    @property
    def where(self) -> str:
        """The place, by both names."""
        return self.view.ledger.terms.place_name(self.claim.place)

    @property
    def by(self) -> str:
        """Who says so."""
        via = ", ".join(map(self.view.ledger.terms.shown, self.claim.via))
        return self.view.by(self.claim) + (f", via {via}" if via else "")

    @property
    def titled(self) -> str:
        """The title by which its source names the reporter, where the page uses another."""
        return "" if self.view.by(self.claim) == self.claim.reporter else self.claim.reporter

    @property
    def side(self) -> str:
        """The side of the reporter."""
        return self.view.ledger.side(self.claim)

    @property
    def known(self) -> str:
        """Since when it could be known."""
        return show_known(self.claim)

    @property
    def address(self) -> str:
        """The page it was read on, where it was kept."""
        return self.claim.address if self.claim.address.startswith(("http://", "https://")) else ""

    @property
    def marks(self) -> str:
        """What the slider and the filters go by."""
        keys = self.view.parties(self.claim) if self.claim.kind == "act" else self.speakers
        return (
            f'data-k="{known_day(self.view, self.claim)}" data-g="{self.claim.kind}" '
            f'data-s="{escape(self.side)}" data-p="{escape("|".join(keys))}"'
        )

    @property
    def against(self) -> list[Line]:
        """What is said against it."""
        return [Line(self.view, claim) for claim in views.disputing(self.view, self.claim)]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Actors whose own statement it is."""
        view = self.view
        return tuple(key for key, actor in view.case.actors.items() if views.is_of(view, self.claim, key, actor))


def known_day(view: View, claim: Claim) -> int:
    """The day of the page's calendar from which a claim is known."""
    told = claim.published.astimezone(view.case.zone).date() if claim.published else view.today
    return (told - view.case.first).days


def lines(view: View, claims: Iterable[Claim]) -> list[Line]:
    """Claims as the page shows them."""
    return [Line(view, claim) for claim in claims]


def counts_by_party(view: View, claims: Iterable[Claim]) -> list[tuple[str, int]]:
    """How many acts each party did; figures and statements apart."""
    counts: Counter[str] = Counter()
    for claim in claims:
        names = [view.label(key) for key in view.parties(claim)] if claim.kind == "act" else ["figures and statements"]
        counts.update(names)
    return counts.most_common()


def sides_of(view: View, stretches: Sequence[Stretch]) -> list[str]:
    """The sides that report in these days, in their order."""
    there = {side for one in stretches for side in one.sides}
    return [side for side in views.told_passages(view) if side in there]


def axis_of(view: View, left: float, width: float = WIDE) -> charts.Axis:
    """From the first day of the calendar to the day one asks."""
    return charts.Axis(view.case.first, max(view.case.first, min(view.today, view.case.last)), width, left)


def drawings(view: View, stretches: Sequence[Stretch], doers: Sequence[views.Doer]) -> dict[str, str]:
    """The page's drawings."""
    known = partial(known_day, view)
    acting = [(d.actor.label, dated(view, (c for c in d.claims if c.kind == "act"))) for d in doers]
    signs = [(name, dated(view, claims)) for name, claims in views.signs(view).items()]
    sides = sides_of(view, stretches)
    axis = axis_of(view, charts.room_for([*(name for name, _ in (*acting, *signs)), *sides]))
    return {
        "acts": charts.lanes(axis, [row for row in acting if row[1]], known, "Acts by party over time"),
        "signs": charts.lanes(axis, [row for row in signs if row[1]], known, "Signs by kind over time"),
        "calendar": charts.calendar_chart(axis, stretches, sides),
    }


def half_years(view: View, claims: Iterable[Claim]) -> Counter[str]:
    """How many claims speak of each half-year."""
    return Counter(f"{day.year} {HALVES[day.month > 6]}" for day, _ in dated(view, claims))


def sign_table(view: View) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Signs by kind and half-year."""
    counts = {name: half_years(view, claims) for name, claims in views.signs(view).items()}
    columns = sorted(
        {half for count in counts.values() for half in count}, key=lambda half: (half[:4], HALVES.index(half[5:]))
    )
    return columns, [(name, [count[half] for half in columns]) for name, count in counts.items()]


def rival_drawings(view: View, counted: views.Counted) -> tuple[str, str]:
    """Rival figures of one quantity, wide and narrow."""
    shown = view.ledger.terms.shown
    via = {c.id: f", via {shown(c.via[-1])}" if c.via else "" for c in counted.latest}
    names = [f"{view.voice(c)}{via[c.id]}, {show_when(c)}" for c in counted.latest]
    return charts.rivals(counted.latest, names, 860, 400), charts.rivals(counted.latest, names, NARROW, 0)


def passers(view: View, stretches: Sequence[Stretch]) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Who could pass on the last day: side, out, in, the report and its age, claims; silent parties by their last."""
    last = stretches[-1] if stretches else None
    rows = [
        (side, *ways_said(view, said), show_ages(view, said) + in_words(view, said), said.claims)
        for side, said in (last.sides.items() if last else ())
    ]
    silent = silent_sides(view, last)
    aged = ((side, f"{told}; {report_age(view, claim)}", claim) for side, told, claim in silent)
    return rows + [
        (side, f"no report that still holds; the last: {told}", "", "", (claim.id,)) for side, told, claim in aged
    ]


def readings(view: View) -> list[tuple[str, str, list[Claim]]]:
    """What those who wrote about leverage made of it, as far as it was published by then: words, who, claims."""
    found = []
    for one in view.case.settings.readings:
        claims = [view.known[name] for name in one.claims if name in view.known]
        if len(claims) == len(one.claims):
            found.append((one.words, one.who, claims))
    return found


def in_short(view: View, standings: Sequence[views.Standing], stretches: Sequence[Stretch]) -> dict[str, object]:
    """What a reader wants first."""
    lately = recent(view)
    standings = views.in_the_text(standings)
    return {
        "tally": tally(standings),
        "today": stretches[-1] if stretches else None,
        "answers": answers(view, views.standings(view), stretches),
        "recent": lines(view, lately),
        "passers": passers(view, stretches),
        "lately": span_said(view, RECENT_DAYS),
        "coming": soon(standings, view)[:4],
        "n_disputed": sum(bool(report.disputes) for one in standings for report in one.reports),
    }


def counting(view: View) -> str:
    """From when reports of the last day are counted."""
    day = show_day(view.today)
    return (
        f"Reports dated {day} are counted from the day after unless their hour of publication is recorded, a source "
        "dated by its month from the end of that month, an undated page not at all."
    )


def context(view: View) -> dict[str, object]:
    """Everything the template prints."""
    standings, stretches, doers = views.standings(view), views.calendar(view), views.doers(view)
    everything = view.in_order[-MOST_LISTED:]
    return {
        "view": view,
        "counting": counting(view),
        "case": view.case.settings,
        "short": in_short(view, standings, stretches),
        "standings": views.in_the_text(standings),
        "as_read": views.as_read(standings),
        "stretches": stretches,
        "sides": sides_of(view, stretches),
        "drawings": drawings(view, stretches, doers),
        "passages": lines(view, views.passages(view)),
        "means": lines(view, force.means(view)),
        "posture": lines(view, force.posture(view)),
        "escorts": force.escorts(view),
        "answers": force.answers(view),
        "answer_counts": Counter(one.found for one in force.answers(view)),
        "signs": {name: lines(view, claims) for name, claims in views.signs(view).items()},
        "sign_table": sign_table(view),
        "foretold": views.predictions(view),
        "score_card": score_card(view),
        "supplies": supplies(view),
        "supply_acts": lines(view, supply_acts(view)),
        "apart": views.uncounted(view) if standings else (),
        "readings": readings(view),
        "influence": influence(view),
        "ties": lines(view, ties(view)),
        "people": [(one, rival_drawings(view, one)) for one in views.people(view)],
        "doers": doers,
        "balance": views.balance(view),
        "everything": lines(view, everything),
        "listed": {claim.id for claim in everything},
        "n_known": len(view.known),
        "n_unknown_time": len(view.case.ledger.claims) - sum(c.published is not None for c in view.case.ledger.claims),
        "n_sides": sorted({view.ledger.side(claim) for claim in view.known.values()}),
        "style": style_sheets("report.css", "monitor.css"),
        "script": asset("monitor.js"),
    }


def newest(found: Sequence[Any]) -> Sequence[Any]:
    """The end of a list in order of time, as much as a page lists."""
    return found[-MOST_IN_LIST:]


def latest_first(found: Sequence[Any]) -> Sequence[Any]:
    """The head of a list of which the latest comes first, as much as a page lists."""
    return found[:MOST_IN_LIST]


FILTERS: dict[str, Callable[..., object]] = {
    "day": show_day, "age": show_age, "newest": newest, "latest_first": latest_first,
}  # fmt: skip


def render_claims(template: str, **told: object) -> str:
    """A page that shows claims, with the words and tools for them."""
    from markupsafe import Markup

    return render(
        template, told, filters=FILTERS, MOST_IN_LIST=MOST_IN_LIST,
        Line=Line, KINDS=KINDS, FOUND=FOUND, PASSES=PASSES, RECENT_DAYS=RECENT_DAYS, STALE_DAYS=STALE_DAYS,
        SHOWN=SHOWN, stands=stands, delivered=delivered, unreported=unreported, report_age=report_age,
        ways_said=ways_said,
        show_figure=show_figure, show_when=show_when, counts_by_party=counts_by_party,
        marks=lambda line: Markup(line.marks),
    )  # fmt: skip


def monitor_html(view: View, remark: str = "") -> str:
    """The whole page; the remark of who sends it stands below its date."""
    return render_claims("monitor.html.j2", **context(view), remark=remark)

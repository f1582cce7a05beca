"""What changed between two dates: acts, reports on obligations, signs, predictions, figures, who could pass.

Everything is by what could be known: an act of last year that was published last week is new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.ledger import Claim, Table, show_figure, show_saying, show_when
from safeconduct.monitor import views
from safeconduct.monitor.ahead import newest_cut
from safeconduct.monitor.calendar import SideState, say_state
from safeconduct.monitor.closures import closed_by, in_force
from safeconduct.monitor.saying import in_full, show_day
from safeconduct.monitor.views import View

RAN_OUT = " (a report ran out: it spoke of some days only)"


@dataclass(frozen=True)
class Change:
    """A case at two moments."""

    before: View
    after: View

    def is_new(self, claim: Claim) -> bool:
        """Whether a claim became known in between."""
        return claim.id not in self.before.known

    def new(self, claims: Iterable[Claim]) -> list[Claim]:
        """Those that became known in between."""
        return [claim for claim in claims if self.is_new(claim)]


def compare(before: View, after: View) -> tuple[Table, ...]:
    """The tables that tell it."""
    both = Change(before, after)
    return (
        road_change(both),
        report_change(both),
        claim_change(both, both.new(after.of_kind("act")), "New acts"),
        sign_change(both),
        foretold_change(both),
        figure_change(both),
        watch_change(both),
    )


def road_change(both: Change) -> Table:
    """Who could pass on the last day, then and now, by side."""
    then, now = ((views.calendar(v) or (None,))[-1] for v in (both.before, both.after))
    was, is_ = (dict(one.sides) if one else {} for one in (then, now))
    rows = []
    for side in dict.fromkeys((*was, *is_)):
        before, after = say_side(was.get(side)), say_side(is_.get(side))
        claims = is_[side].claims if side in is_ else ()
        if before != after:
            is_old = all(claim in both.before.known for claim in claims)
            rows.append((side, before, after + RAN_OUT * is_old, " ".join(claims)))
    return Table("The road: who could pass", ("who says so", "then", "now", "reports"), tuple(rows))


def watch_change(both: Change) -> Table:
    """What comes in and what leaves among closures without a reported end and the newest cut."""
    then, now = watched(both.before), watched(both.after)
    rows = tuple(
        (name, then.get(name, "not listed"), now.get(name, "no longer listed"))
        for name in dict.fromkeys((*then, *now))
        if then.get(name) != now.get(name)
    )
    return Table("What to watch", ("what", "then", "now"), rows)


def watched(view: View) -> dict[str, str]:
    """Closures without a reported end by their day, and the newest cut: what is said of each, without its age."""
    found = {f"closure of {show_day(one.day)}, no end reported": closed_by(view, one) for one in in_force(view)}
    cuts = "; ".join(map(in_full, newest_cut(view)))
    return found | ({"newest cut": cuts} if cuts else {})


def say_side(said: SideState | None) -> str:
    """What a side reports of both directions."""
    return f"out: {say_state(said.out)}; in: {say_state(said.into)}" if said else "not known"


def report_change(both: Change) -> Table:
    """New reports on obligations, new disputes, and dates that moved."""
    before = {one.obligation.id: one for one in views.standings(both.before)}
    rows = []
    for one in views.standings(both.after):
        old = before.get(one.obligation.id)
        for report in one.reports:
            if both.is_new(report.claim):
                rows.append(
                    (
                        one.obligation.id,
                        one.obligation.what,
                        report.claim.status,
                        report.claim.reporter,
                        report.claim.id,
                    )
                )
            rows += [
                (one.obligation.id, one.obligation.what, f"disputed: {said.words}", said.reporter, said.id)
                for said in both.new(report.disputes)
            ]
        if old and old.due != one.due:
            rows.append((one.obligation.id, one.obligation.what, f"due moved from {old.due} to {one.due}", "", ""))
    return Table("Obligations", ("id", "obligation", "reported", "who says so", "report"), tuple(rows))


def claim_change(both: Change, claims: Iterable[Claim], title: str) -> Table:
    """Claims that became known in between."""
    view = both.after
    rows = tuple(
        (show_when(c), show_saying(c, view.ledger), c.reporter, show_day(c.published) if c.published else "", c.id)
        for c in claims
        if not c.retells
    )
    return Table(title, ("of when", "what is said", "who says so", "known since", "report"), rows)


def sign_change(both: Change) -> Table:
    """How many signs of each kind were known, then and now."""
    then, now = views.signs(both.before), views.signs(both.after)
    rows = tuple(
        (name, str(len(then.get(name, ()))), str(len(claims)), " ".join(c.id for c in both.new(claims)))
        for name, claims in now.items()
        if both.new(claims)
    )
    return Table("Signs, by kind", ("kind", "then", "now", "new reports"), rows)


def foretold_change(both: Change) -> Table:
    """New predictions, predictions that fell due, and what the record now shows."""
    before = {one.claim.id: one for one in views.predictions(both.before)}
    rows = []
    for one in views.predictions(both.after):
        old = before.get(one.claim.id)
        shows = "; ".join(words for claim, words in one.shows if both.is_new(claim))
        fell = one.due is not None and both.before.today < one.due <= both.after.today
        if old is None or shows or fell:
            news = "new" if old is None else "fell due" if fell else "reported"
            rows.append((news, one.claim.words, one.claim.reporter, str(one.due or ""), shows, one.claim.id))
    return Table(
        "Predictions", ("news", "predicted", "who says so", "due", "what the reports show", "report"), tuple(rows)
    )


def figure_change(both: Change) -> Table:
    """Figures of people whose latest value by one voice is another now."""
    old = {
        (one.label, one.place, both.before.ledger.voice(c), c.scope): c
        for one in views.people(both.before)
        for c in one.latest
    }
    rows = []
    for one in views.people(both.after):
        for claim in one.latest:
            voice = both.after.ledger.voice(claim)
            was = old.get((one.label, one.place, voice, claim.scope))
            if was is None or was.id != claim.id:
                rows.append(
                    (
                        f"{one.label}, {one.place}",
                        voice,
                        show_figure(was) if was else "none",
                        show_figure(claim),
                        show_when(claim),
                        claim.id,
                    )
                )
    return Table("Figures of people", ("what", "who says so", "then", "now", "of when", "report"), tuple(rows))

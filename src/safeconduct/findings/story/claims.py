"""Reports as the page holds them: what is said, by whom, since when it can be known, and which others it meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from safeconduct.accounts import Expects, read_accounts
from safeconduct.findings.story.sides import Groups, groups_of
from safeconduct.findings.story.tracks import track_of
from safeconduct.ledger import Claim, find_conflicts, show_figure, show_saying, show_when, stated_ends
from safeconduct.monitor import View

Json = dict[str, object]
EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return day.toordinal() - EPOCH


@dataclass(frozen=True)
class Reports:
    """The known reports of a case in order of time, and what the page says of each."""

    view: View
    folder: Path
    groups: Groups = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", groups_of(self.view))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Known reports, those that speak of an earlier day first; without a day last."""
        return tuple(
            sorted(self.view.known.values(), key=lambda c: (c.time is None, self.view.day(c) or date.max, c.id))
        )

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Where each report stands in the list."""
        return {claim.id: n for n, claim in enumerate(self.claims)}

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Where these stand, those not known left out."""
        return [self.number[one] for one in ids if one in self.number]

    @cached_property
    def rivals(self) -> Mapping[str, list[tuple[int, str]]]:
        """For each report, those that cannot be right beside it, and why."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for conflict in find_conflicts(self.view.ledger):
            for pair in conflict.pairs:
                for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
                    if one in self.number and other in self.number:
                        found[one].append((self.number[other], pair.why))
        return found

    @cached_property
    def expected_by(self) -> Mapping[str, list[Json]]:
        """For each report, the rows of the accounts' table that rest on it, and which accounts expect them."""
        if not (self.folder / "accounts.yaml").exists():
            return {}
        case = read_accounts(self.folder)
        table = case.table(case.ways[0].key)
        found: dict[str, list[Json]] = defaultdict(list)
        for row in table.observations.values():
            by: dict[str, list[str]] = {"likely": [], "unlikely": []}
            for key, account in table.accounts.items():
                word = table.expects(key, row.id)
                if word in (Expects.LIKELY, Expects.UNLIKELY):
                    by[str(word)].append(account.short)
            for claim in row.claims:
                found[claim].append({"asks": row.asks, **by})
        return found

    def local(self, when: datetime) -> datetime:
        """A moment where the case lies."""
        return when.astimezone(self.view.case.zone)

    def records(self) -> list[Json]:
        """Every report as the page holds it; what is empty is left out."""
        made = map(self.record, self.claims)
        return [{key: value for key, value in one.items() if value not in ("", None, [])} for one in made]

    def record(self, claim: Claim) -> Json:
        """One report."""
        terms = self.view.ledger.terms
        published = self.local(claim.published) if claim.published else None
        return {
            "id": claim.id,
            "k": claim.kind,
            "tr": track_of(claim, terms),
            "g": self.groups.of(self.view, claim.reporter),
            **self.timing(claim),
            "p": day_number(published.date()) if published else None,
            **(at_publication(published) if track_of(claim, terms) == "voices" and published else {}),
            "pw": f"{published:%d %b %Y}" if published else "",
            "pr": "" if claim.published_rule in ("recorded", "day only") else claim.published_rule,
            "say": said(claim, self.view),
            "who": claim.reporter,
            "on": "" if (voice := self.view.ledger.voice(claim)) == claim.reporter else voice,
            "side": self.view.ledger.side(claim),
            "via": list(claim.via),
            "hedge": claim.hedge,
            "basis": claim.basis,
            "scope": claim.scope,
            "q": claim.quantity,
            "v": claim.value,
            **(figure(claim) if claim.kind == "figure" else {}),
            "ql": terms.quantity(claim.quantity).label if claim.quantity else "",
            "act": [self.view.label(key) for key in self.view.parties(claim)] if claim.actor else [],
            "to": claim.towards,
            "pl": list(claim.places),
            "plw": terms.place_name(claim.place) if claim.place else "",
            "ob": list(claim.obligation),
            "st": claim.status if claim.kind == "status" else "",
            "due": claim.due_said,
            "out": consequences(claim),
            "dis": self.numbers(claim.disputes),
            "ret": self.numbers(claim.retells),
            "ans": self.numbers(claim.responds_to),
            "sup": self.numbers(claim.supersedes),
            "riv": self.rivals.get(claim.id, []),
            "acc": self.expected_by.get(claim.id, []),
            "quo": claim.quote,
            "span": claim.span,
            "ti": claim.source_title,
            "ad": claim.address if claim.address.startswith(("http://", "https://")) else "",
            "ctx": claim.context,
            "note": claim.remark,
        }

    def timing(self, claim: Claim) -> Json:
        """The day that a report speaks of, where its mark stands on the axis, how far it reaches, and in words."""
        day = self.view.day(claim)
        if day is None or claim.time is None:
            return {"d": None, "w": show_when(claim)}
        when = self.local(claim.time)
        is_hour = claim.precision in ("exact", "approximate")
        share = (when.hour + when.minute / 60) / 24 if is_hour else 0.5
        end = day_number(self.local(claim.until).date()) if claim.until else None
        words = show_when(claim)
        before = show_when(replace(claim, until=None))
        return {
            "d": day_number(day),
            "x": round(day_number(day) + share, 3),
            "e": end if end != day_number(day) else None,
            "w": words,
            "wb": before if before != words else "",
            "pc": claim.precision if claim.precision != "day" else "",
        }


def figure(claim: Claim) -> Json:
    """A figure in words with its unit; for the table its best, its bound and its unit apart."""
    said, (low, best, high, bound) = show_figure(claim), stated_ends(claim)
    one = claim.unit.removesuffix("s") if said == "1" else claim.unit
    return {"fig": f"{said} {one}".strip(), "lo": low, "be": best, "hi": high, "bo": bound, "un": claim.unit}


def at_publication(published: datetime) -> Json:
    """Articles and predictions stand at the day of their publication, not at the days they speak of."""
    day = day_number(published.date())
    return {"d": day, "x": day + 0.5, "e": None}


def consequences(claim: Claim) -> list[list[object]]:
    """What an act led to, as this report gives it: the number and of what."""
    given = (
        ("killed", claim.killed_persons),
        ("injured", claim.injured_persons),
        ("displaced", claim.displaced_persons),
        ("hours closed", claim.closed_hours),
    )
    return [[word, value] for word, value in given if value is not None]


def said(claim: Claim, view: View) -> str:
    """What is said; the actor and the obligation stand in fields of their own."""
    if claim.kind == "act":
        action = view.ledger.terms.actions.get(claim.action)
        label = action.label if action else claim.action.replace("_", " ")
        return f"{label}: {claim.words}" if claim.words else label
    if claim.kind == "status":
        return f"{claim.status}: {claim.words}" if claim.words else claim.status
    if claim.kind in ("prediction", "statement"):
        return claim.words or claim.source_title
    return show_saying(claim, view.ledger)

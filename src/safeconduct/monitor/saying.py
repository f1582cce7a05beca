"""A sentence of the front, with where it comes from, and how days and numbers of things are written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from safeconduct.ledger import Claim
from safeconduct.monitor import views
from safeconduct.monitor.views import View

MOST_WORDS = 320  # letters of a report's words in a sentence: as many of its clauses as they hold
MOST_LINKS = 3  # obligations or claims of one kind that a sentence links
YEAR = 366  # days
SIGN_DAYS = 90  # assumed: over how many days signs are counted and compared


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, and where on the page it comes from: an anchor and what the link is called."""

    text: str
    links: tuple[tuple[str, str], ...] = ()
    is_warning: bool = False  # the last reports that it rests on are old
    is_tabled: bool = False  # a sheet has it elsewhere: in a table, with an obligation
    by: str = ""  # who says so, of when, and who disputes it: shown behind the sentence

    def __post_init__(self) -> None:
        """Two parts of a sentence may rest on one report, which is linked once."""
        object.__setattr__(self, "links", tuple(dict.fromkeys(self.links)))


def obligation_link(standing: views.Standing) -> tuple[str, str]:
    """Where an obligation stands on the page."""
    return f"#o-{standing.obligation.id}", standing.obligation.id


def in_full(said: Saying) -> str:
    """A sentence with who says so."""
    return f"{said.text} {said.by}".strip()


def claim_link(name: str) -> tuple[str, str]:
    """Where a claim stands on the page."""
    return f"#c-{name}", name


def sentence(text: str) -> str:
    """A text as a sentence: its first letter large, a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def counted(n: int, word: str) -> str:
    """A number of things."""
    return f"{n:,} {word}{'s' if n != 1 else ''}"


def show_day(day: date | None) -> str:
    """A day for readers."""
    return f"{day.day} {day:%b %Y}" if day else ""


def dated(view: View, claims: Iterable[Claim]) -> list[tuple[date, Claim]]:
    """Claims that speak of a day, with that day."""
    return [(day, claim) for claim in claims if (day := view.day(claim)) is not None]


def end_day(view: View, claim: Claim) -> date | None:
    """The last day of a period that a claim speaks of."""
    return view.case.day_of(claim.until) if claim.until else None


def act_said(view: View, claim: Claim) -> str:
    """An act in few words: when, who did what and where."""
    action = view.ledger.terms.actions.get(claim.action)
    what = action.label if action else claim.action.replace("_", " ")
    who = " and ".join(map(view.label, view.parties(claim)))
    is_near = claim.place in view.ledger.terms.places and claim.place not in view.case.settings.people
    where = f", {view.ledger.terms.place_name(claim.place)}" if is_near else ""
    return f"{show_day(view.day(claim))}, {who}: {what}{where}"


def told_by(view: View, claim: Claim) -> str:
    """Who reports it, the publication's day where that is another, and who disputes it."""
    day = view.report_day(claim)
    of = f", {show_day(day)}" if day and day != view.day(claim) else ""
    return f"{view.by(claim)}{of}{disputed_by(view, views.disputing(view, claim))}"


def days_of(view: View, claims: Iterable[Claim]) -> int:
    """On how many days the acts of these reports began."""
    return len({day for day, _ in dated(view, claims)})


def clause(words: str, most: int = MOST_WORDS) -> str:
    """Words where there is little room: as many whole clauses as it holds, the first always; that it is cut is said."""
    parts = words.split("; ")
    kept = 1
    while kept < len(parts) and len("; ".join(parts[: kept + 1])) <= most:
        kept += 1
    return "; ".join(parts[:kept]) + (" (shortened)" if kept < len(parts) else "")


def joined(names: Iterable[str]) -> str:
    """Names in a row."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def disputed_by(view: View, against: Iterable[Claim]) -> str:
    """Who disputes a report, each once, to stand behind who gives it; empty where no one does."""
    names = dict.fromkeys(map(view.by, against))
    return f", disputed by {joined(names)}" if names else ""


def report_age(view: View, claim: Claim) -> str:
    """Of when a report is and how old; the day that it speaks of where that is another."""
    day = view.report_day(claim)
    age = f", {show_age((view.today - day).days)}" if day else ""
    return report_of(view, claim, age)


def report_of(view: View, claim: Claim, age: str = "") -> str:
    """Of when a report is; the last day that it speaks of where that was earlier."""
    day = view.report_day(claim)
    if day is None:
        return "not dated"
    last = (claim.window or (None, None))[1]
    of = end_day(view, claim) or (view.case.day_of(last) if last else None)
    return show_day(day) + age + (f", on {show_day(of)}" if of and of < day else "")


def show_age(days: int) -> str:
    """An age in words."""
    if days > YEAR:
        return f"over {counted(days // YEAR, 'year')} old"
    return "of today" if days <= 0 else f"{counted(days, 'day')} old"


def reports_of(n: int, what: str) -> str:
    """A number of reports: two reports may speak of one act."""
    return f"{counted(n, 'report')} of {what}"

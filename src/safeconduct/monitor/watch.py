"""What to watch: supplies, closures, troop movements; how old last reports are; leverage; predictions by author.

A last report is shown with its age in days; past a stated age it is marked, as the state may have changed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from safeconduct.ledger import Claim, by_time
from safeconduct.monitor import views
from safeconduct.monitor.calendar import ONE_DAY
from safeconduct.monitor.saying import disputed_by, show_day
from safeconduct.monitor.views import View

STALE_DAYS = 30  # past this age a last report is marked (assumed)
SUPPLY_TOPIC, INFLUENCE_TOPIC, TIES_TOPIC = "supplies", "influence", "alignment"
SUPPLY_GROUP = "supplies"  # of actions.csv
CLOSED, ARMED = "road closed", ("troop movements", "armed moves")  # signs of actions.csv
TROOPS = (*ARMED, "posts withdrawn")
CUTS, ARRESTS = "utilities cut", "arrests"  # the same
SIDE_BY_SIDE_DAYS = 7  # assumed: figures of other voices that old stand beside the latest


@dataclass(frozen=True)
class Supply:
    """The latest figure of one kind of supply, and how old it is."""

    label: str
    latest: Claim
    age_days: int
    n_claims: int
    side_by_side: tuple[Claim, ...]  # the latest of each voice of the same days, latest first
    counts_up: bool  # a total, or days that go on: true of its day alone

    @property
    def is_old(self) -> bool:
        """Whether the figure is past the stated age."""
        return self.age_days > STALE_DAYS


def supplies(view: View) -> tuple[Supply, ...]:
    """The latest figure of each kind of supply, the newest first."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in view.of_kind("figure"):
        if claim.topic == SUPPLY_TOPIC and not claim.retells and view.day(claim) is not None:
            groups[claim.quantity].append(claim)
    found = []
    for quantity, claims in groups.items():
        latest = max(claims, key=by_time)
        word, age = view.ledger.terms.quantity(quantity), age_of(view, latest)
        voices = {view.ledger.voice(one): one for one in sorted(claims, key=by_time)}
        beside = [one for one in voices.values() if age_of(view, one) - age < SIDE_BY_SIDE_DAYS]
        both = tuple(sorted(beside, key=by_time, reverse=True))[:2]
        found.append(
            Supply(word.label, latest, age, len(claims), both, word.kind == "cumulative" or word.unit == "days")
        )
    return tuple(sorted(found, key=lambda one: (one.age_days, one.label)))


def supply_acts(view: View) -> list[Claim]:
    """Acts on supplies: rationing, cuts, stops; latest first."""
    actions = view.ledger.terms.actions
    acts = [c for c in view.of_kind("act") if c.action in actions and actions[c.action].group == SUPPLY_GROUP]
    return [claim for claim in reversed(acts) if not claim.retells]


def age_of(view: View, claim: Claim) -> int:
    """Days from the day that a claim speaks of to the day one asks; of a period its last day."""
    end = claim.until or claim.time
    day = end.astimezone(view.case.zone).date() if end else view.today
    return max(0, (view.today - day).days)


def sign_of(view: View, claim: Claim) -> str:
    """The kind of sign that an act is; empty = none."""
    action = view.ledger.terms.actions.get(claim.action)
    return action.sign if action else ""


def first_day(view: View, days: int) -> date:
    """The first of the last days, none before the agreement and the calendar, of which the record does not tell."""
    return max(view.today - (days - 1) * ONE_DAY, min(view.today, max(view.case.signed, view.case.first)))


def span_said(view: View, days: int) -> str:
    """The last days in words; those since the agreement where it is younger."""
    n = (view.today - first_day(view, days)).days
    return f"in {days} days" if n == days - 1 else f"since the agreement ({n} day{'s' if n != 1 else ''})"


def acts_since(view: View, names: Iterable[str], since: date) -> list[Claim]:
    """Acts from a day on that are signs of these kinds."""
    wanted, found = set(names), []
    for claim in view.of_kind("act"):
        day: date | None = view.day(claim)
        if sign_of(view, claim) in wanted and not claim.retells and day is not None and since <= day <= view.today:
            found.append(claim)
    return found


def ended_by(view: View, claim: Claim) -> Claim | None:
    """The first later act that ends this one by actions.csv; a road is opened where it was closed."""
    for one in view.of_kind("act"):
        action, day = view.ledger.terms.actions.get(one.action), view.day(one)
        is_later = one.time and claim.time and one.time >= claim.time and day and day <= view.today
        is_here = sign_of(view, claim) != CLOSED or (opens(one, claim) and not set(one.places).isdisjoint(claim.places))
        if action and claim.action in action.ends and one.id != claim.id and is_later and is_here and not one.retells:
            return one
    return None


def opens(one: Claim, closure: Claim) -> bool:
    """Whether an act opens each direction that a closure shut; one that names no direction opens both."""
    ways = ((one.road_out, closure.road_out), (one.road_in, closure.road_in))
    return not (one.road_out or one.road_in) or all(
        "nobody" not in (opened or ("nobody",)) for opened, shut in ways if "nobody" in (shut or ())
    )


def end_said(view: View, claim: Claim, end: Claim) -> str:
    """A later act that ends another: what, where that is another place, when, who says so and who disputes it."""
    where = f", {view.ledger.terms.place_name(end.place)}" if end.place not in ("", claim.place) else ""
    what, when = view.ledger.terms.actions[end.action].label, show_day(view.day(end))
    return f"{what}{where} reported {when} ({view.by(end)}{disputed_by(view, views.disputing(view, end))})"


@dataclass(frozen=True)
class Series:
    """Figures of one kind between the same two, or of one place, in order of time."""

    name: str
    about: str
    claims: tuple[Claim, ...]


def influence(view: View) -> tuple[Series, ...]:
    """Trade, gas, arms and missions as dated figures, by who stands in relation to whom."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in view.of_kind("figure"):
        if claim.topic == INFLUENCE_TOPIC and claim.towards and not claim.retells:
            groups[f"{claim.actor} \N{RIGHTWARDS ARROW} {claim.towards}", claim.quantity].append(claim)
    terms = view.ledger.terms
    return tuple(Series(pair, terms.quantity(q).label, tuple(claims)) for (pair, q), claims in sorted(groups.items()))


def ties(view: View) -> list[Claim]:
    """Acts by which powers came closer or moved apart."""
    return [claim for claim in view.of_kind("act") if claim.topic == TIES_TOPIC]


@dataclass(frozen=True)
class Author:
    """Those who made predictions, with what is due and what came."""

    name: str
    side: str
    n_made: int
    n_past_due: int
    n_told: int  # of which a later report tells what came

    @property
    def n_open(self) -> int:
        """Predictions without a report yet."""
        return self.n_made - self.n_told


def score_card(view: View) -> tuple[Author, ...]:
    """Predictions by author: how many were made, are past their day, and have a report; in order of name."""
    made: dict[str, list[views.Foretold]] = defaultdict(list)
    for one in views.predictions(view):
        made[one.claim.reporter].append(one)
    return tuple(
        Author(
            name,
            view.ledger.side(found[0].claim),
            len(found),
            sum(one.due is not None and one.due < view.today for one in found),
            sum(bool(one.shows) for one in found),
        )
        for name, found in sorted(made.items())
    )

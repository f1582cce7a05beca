"""The monitor's views: what was owed and done, the force, signs, forecasts, influence, people, actors - as known then.

Each view is counted from claims published by the moment asked for (`View.when`); nothing is kept beside them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from safeconduct.ledger import Claim, Ledger, as_of, by_time, show_saying
from safeconduct.monitor.calendar import SideState, Stretch, stretches
from safeconduct.monitor.case import Actor, MonitorCase, Obligation
from safeconduct.monitor.derived import Bearing, Forecast, Passage

UNCLEAR = ("", "Other", "Change to group/activity")  # kinds of the taxonomy that tell a reader nothing
NOT_SAID = "party not named"
PEOPLE_TOPICS = ("people", "displaced", "returns", "arrivals")
PASSAGE_TOPIC, FORCE_TOPIC = "corridor", "force"
ORGANISATION = "organisation"  # a kind of reporter: each speaks for itself
NO_REPORT = "no report says how it stands"  # of an obligation
SAYINGS = ("act", "status", "statement", "prediction")


@dataclass(frozen=True)
class View:
    """A case as it could be known at a moment."""

    case: MonitorCase
    when: datetime

    @cached_property
    def ledger(self) -> Ledger:
        """The claims published by then."""
        return as_of(self.case.ledger, self.when)

    @cached_property
    def known(self) -> Mapping[str, Claim]:
        """The same by id, those of other cases left out."""
        out = set(self.case.settings.leaves_out)
        return {claim.id: claim for claim in self.ledger.claims if claim.topic not in out}

    @property
    def today(self) -> date:
        """The day on which one asks."""
        return self.when.astimezone(self.case.zone).date()

    @property
    def hour(self) -> str:
        """The time of day at which one asks, where the case lies; empty where that is the end of the day."""
        return "" if self.when == self.case.end_of(self.today) else f"{self.when.astimezone(self.case.zone):%H:%M}"

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Key of an actor by each name that claims call it."""
        return {name: key for key, actor in self.case.actors.items() for name in actor.called}

    def parties(self, claim: Claim) -> tuple[str, ...]:
        """Who acted, as keys of actors; the words of the claim where it names another."""
        names = [name.strip() for name in claim.actor.split(";") if name.strip()]
        return tuple(dict.fromkeys(self.keys.get(name, name) for name in names)) or (NOT_SAID,)

    def label(self, key: str) -> str:
        """An actor's name where there is little room; other words as they stand."""
        return self.case.actors[key].label if key in self.case.actors else key

    def kind_of_act(self, claim: Claim) -> str:
        """The kind of an act by the published taxonomy that actions.csv names; its label where the word has none."""
        action = self.ledger.terms.actions.get(claim.action)
        return (action.sub_event_type if action and action.sub_event_type not in UNCLEAR else "") or (
            action.label if action else claim.action.replace("_", " ")
        )

    @cached_property
    def in_order(self) -> Sequence[Claim]:
        """Known claims in order of time; those without a time last."""
        return sorted(self.known.values(), key=by_time)

    @cached_property
    def disputers(self) -> Mapping[str, tuple[Claim, ...]]:
        """The claims that speak against each claim, in order of time."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.in_order:
            for name in dict.fromkeys(claim.disputes):
                found[name].append(claim)
        return {name: tuple(claims) for name, claims in found.items()}

    @cached_property
    def statuses(self) -> Mapping[str, tuple[Claim, ...]]:
        """The reports on how each obligation stands, in order of time."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.of_kind("status"):
            for name in dict.fromkeys(claim.obligation):
                found[name].append(claim)
        return {name: tuple(claims) for name, claims in found.items()}

    @cached_property
    def passage_by_claim(self) -> Mapping[str, Passage]:
        """Each report of the road by its claim."""
        return {one.claim: one for one in self.case.passages}

    def reports_of(self, said: SideState) -> dict[str, list[tuple[date, str]]]:
        """The days and claims on which each direction of a side's state of the road rests; no direction without any."""
        reports = [self.passage_by_claim[name] for name in said.claims]
        out = [(one.start, one.claim) for one in reports if said.out is not None and one.out is not None]
        into = [(one.start, one.claim) for one in reports if said.into is not None and one.into is not None]
        return {way: sorted(found) for way, found in (("out", out), ("in", into)) if found}

    def rests_on(self, said: SideState) -> tuple[date, str]:
        """The day and claim on which a side's state of the road rests: the older direction's latest report."""
        return min(max(found) for found in self.reports_of(said).values())

    def of_kind(self, *kinds: str) -> list[Claim]:
        """Known claims of these kinds, in order of time; those without a time last."""
        return [claim for claim in self.in_order if claim.kind in kinds]

    def by(self, claim: Claim) -> str:
        """Who says it, by a name that no side disputes."""
        return self.ledger.terms.shown(claim.reporter)

    def voice(self, claim: Claim) -> str:
        """On whose behalf it is said, by a name that no side disputes; through whom it came where that is another."""
        return self.ledger.terms.shown(self.ledger.voice(claim))

    def report_day(self, claim: Claim) -> date | None:
        """The day on which a report was published: of a period at whose end it is taken to be known, its last day."""
        return self.case.day_of(claim.published) if claim.published else None

    def day(self, claim: Claim) -> date | None:
        """The day that a claim speaks of."""
        return claim.time.astimezone(self.case.zone).date() if claim.time else None


@dataclass(frozen=True, slots=True)
class Report:
    """How a reporter says that an obligation stands, and who disputes it."""

    claim: Claim
    disputes: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Bore:
    """A claim that bears on an obligation, and how."""

    claim: Claim
    note: str
    new_due: date | None


@dataclass(frozen=True)
class Standing:
    """An obligation with what is reported of it and all that bears on it."""

    obligation: Obligation
    due: date | None  # after what was agreed later
    reports: tuple[Report, ...]
    bore: tuple[Bore, ...]
    clock: str

    @property
    def says(self) -> str:
        """How the record reads the latest report; that there is none where there is none."""
        return self.reports[-1].claim.status if self.reports else NO_REPORT


def standings(view: View) -> tuple[Standing, ...]:
    """Every obligation, once it is signed and its reading is published; what binds no party is in `uncounted`."""
    if view.today < view.case.signed:
        return ()
    bearings: dict[str, list[Bearing]] = defaultdict(list)
    for bearing in view.case.bearings:
        bearings[bearing.obligation].append(bearing)
    return tuple(
        standing(view, one, bearings[one.id]) for one in view.case.obligations
        if one.is_counted and (one.known_from is None or one.known_from <= view.today)
    )  # fmt: skip


def in_the_text(found: Iterable[Standing]) -> tuple[Standing, ...]:
    """The obligations that the agreement states; those that only a later reading of it finds are counted apart."""
    return tuple(one for one in found if not one.obligation.is_reading)


def as_read(found: Iterable[Standing]) -> tuple[Standing, ...]:
    """The obligations that a later reading finds in the agreement."""
    return tuple(one for one in found if one.obligation.is_reading)


def uncounted(view: View) -> tuple[Obligation, ...]:
    """Rows of the agreement that bind no party: texts in circulation, documents that were never part of it."""
    return tuple(one for one in view.case.obligations if not one.is_counted)


def standing(view: View, obligation: Obligation, bearings: Iterable[Bearing]) -> Standing:
    """One obligation as it stands."""
    bore = [Bore(view.known[b.claim], b.note, b.new_due) for b in bearings if b.claim in view.known]
    bore.sort(key=lambda one: by_time(one.claim))
    moved = [one.new_due for one in bore if one.new_due]
    due = moved[-1] if moved else obligation.due
    told = tuple(Report(claim, disputing(view, claim)) for claim in view.statuses.get(obligation.id, ()))
    return Standing(obligation, due, told, tuple(bore), clock(obligation, due, view.today))


def disputing(view: View, claim: Claim) -> tuple[Claim, ...]:
    """The known claims that speak against one."""
    return view.disputers.get(claim.id, ())


def clock(obligation: Obligation, due: date | None, today: date) -> str:
    """How long is left, or how long ago the date was."""
    if obligation.is_standing:
        return "owed from day to day"
    if due is None:
        return "no date agreed"
    days = (due - today).days
    told = f"{abs(days):,} day{'s' if abs(days) != 1 else ''}"
    return f"in {told}" if days > 0 else "today" if days == 0 else f"{told} ago"


def calendar(view: View) -> tuple[Stretch, ...]:
    """Who could pass, every day from the first of the calendar to the day one asks, or to its last."""
    last = min(view.today, view.case.last)
    return stretches(told_passages(view), view.case.first, last)


def told_passages(view: View) -> dict[str, tuple[Passage, ...]]:
    """The known reports of who could pass by who says so: parties to the agreement first, the press last."""
    by_side: dict[str, list[Passage]] = defaultdict(list)
    for passage in view.case.passages:
        if passage.claim in view.known:
            by_side[who_says(view, view.known[passage.claim])].append(passage)
    order = [name for actor in view.case.actors.values() for name in (*actor.sides, *actor.voices)]
    rank = {name: n for n, name in enumerate(order)}
    return {side: tuple(by_side[side]) for side in sorted(by_side, key=lambda side: (rank.get(side, len(rank)), side))}


def who_says(view: View, claim: Claim) -> str:
    """The side of a party or of the press; an organisation by its own name."""
    reporter = view.ledger.terms.reporter(claim.reporter)
    return reporter.behalf if reporter.kind == ORGANISATION else reporter.side


def passages(view: View) -> list[Claim]:
    """Figures of passages, by category and time."""
    found = [c for c in view.of_kind("figure") if c.topic == PASSAGE_TOPIC and not c.retells]
    return sorted(found, key=lambda c: (c.quantity, by_time(c)))


def signs(view: View) -> dict[str, list[Claim]]:
    """Dated acts by the kind of sign that they are."""
    found: dict[str, list[Claim]] = defaultdict(list)
    actions = view.ledger.terms.actions
    for claim in view.of_kind("act"):
        sign = actions[claim.action].sign if claim.action in actions else ""
        if sign and not claim.retells:
            found[sign].append(claim)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Foretold:
    """A prediction, when it falls due, and what the record shows of it by now."""

    claim: Claim
    due: date | None
    shows: tuple[tuple[Claim, str], ...]


def predictions(view: View) -> tuple[Foretold, ...]:
    """Every known prediction."""
    rows: dict[str, list[Forecast]] = defaultdict(list)
    for row in view.case.forecasts:
        rows[row.prediction].append(row)
    found = []
    for claim in view.of_kind("prediction"):
        due = next((row.due for row in rows[claim.id] if row.due), None)
        known = (view.known[row.claim] for row in rows[claim.id] if row.claim in view.known)
        told = [
            one for one in known if not (one.time and claim.time and one.time <= claim.time)
        ]  # not before it was made
        shows = tuple((one, show_saying(one, view.ledger)) for one in told)
        found.append(Foretold(claim, due, shows))
    return tuple(found)


@dataclass(frozen=True)
class Counted:
    """One quantity of one place: the latest figure of each voice, side by side."""

    label: str
    place: str
    unit: str
    latest: tuple[Claim, ...]
    n_claims: int
    topic: str


def people(view: View) -> tuple[Counted, ...]:
    """Displaced, returned, present, arrived: rival figures side by side, most voices first."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    terms = view.ledger.terms
    for claim in view.of_kind("figure"):
        word = terms.quantity(claim.quantity)
        fits = (claim.topic or word.topic) in PEOPLE_TOPICS and word.kind in ("level", "cumulative", "measure")
        places = view.case.settings.people or (claim.place,)  # a case that names no places shows all
        if fits and claim.place in places and claim.is_verified and not claim.retells:
            groups[claim.quantity, claim.place].append(claim)
    found = [
        Counted(
            terms.quantity(q).label,
            terms.place_name(place),
            terms.quantity(q).unit,
            latest(view, claims),
            len(claims),
            terms.quantity(q).topic,
        )
        for (q, place), claims in groups.items()
        if terms.quantity(q).unit == "persons"
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.latest), one.label, one.place)))


def latest(view: View, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The latest figure of each voice and scope, in order of time."""
    by_voice = {(view.ledger.voice(claim), claim.scope): claim for claim in sorted(claims, key=by_time)}
    return tuple(sorted(by_voice.values(), key=by_time))


@dataclass(frozen=True)
class Doer:
    """An actor with its acts and statements, in order."""

    key: str
    actor: Actor
    claims: tuple[Claim, ...]


def doers(view: View) -> tuple[Doer, ...]:
    """Every actor of whom anything is known by then, with what it did and said."""
    said = view.of_kind(*SAYINGS)
    found = (
        Doer(key, actor, tuple(claim for claim in said if is_of(view, claim, key, actor)))
        for key, actor in view.case.actors.items()
    )
    return tuple(doer for doer in found if doer.claims)


def is_of(view: View, claim: Claim, key: str, actor: Actor) -> bool:
    """Whether a claim tells an act of an actor, or is its own statement."""
    if claim.kind == "act":
        return key in view.parties(claim)
    return view.ledger.side(claim) in actor.sides or view.ledger.voice(claim) in actor.voices


@dataclass(frozen=True)
class Balance:
    """How many acts each party did, and on whose word: whose reports a reader relies on."""

    parties: tuple[str, ...]
    sides: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    by_party: Mapping[str, int]
    by_side: Mapping[str, int]
    n_acts: int

    def others(self, party: str, after: int) -> int:
        """Acts of a party, or of all where none is named, on the word of the sides after so many."""
        rest = self.sides[after:]
        return sum(self.counts.get((party, side), 0) if party else self.by_side[side] for side in rest)


def balance(view: View) -> Balance:
    """Acts by party and by the side of the reporter; retellings count once."""
    counts: Counter[tuple[str, str]] = Counter()
    by_party, by_side, n_acts = Counter[str](), Counter[str](), 0
    for claim in view.of_kind("act"):
        if claim.retells:
            continue
        n_acts += 1
        by_side[view.ledger.side(claim)] += 1
        for key in view.parties(claim):
            by_party[key] += 1
            counts[key, view.ledger.side(claim)] += 1
    parties = tuple(sorted(by_party, key=lambda key: (-by_party[key], key)))
    sides = tuple(sorted(by_side, key=lambda side: (-by_side[side], side)))
    return Balance(parties, sides, counts, by_party, by_side, n_acts)

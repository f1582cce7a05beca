"""A claim always has a reporter; an observation is what a reader may use as evidence, with the claims it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

KINDS = ("figure", "act", "status", "prediction", "statement")
BASES = ("counted", "estimated", "inferred", "derived")
PRECISIONS = ("exact", "approximate", "day", "month", "year", "unknown")
ABOUT = timedelta(hours=6)  # a time of precision "approximate" is widened by so much on either side
PASSES = {  # who may pass a road, from the widest to the narrowest
    "everyone": "everyone",
    "checked": "people let through at a checkpoint",
    "passport": "holders of certain passports escorted by the force",
    "escorted": "people escorted by the force",
    "medical": "medical transfers with an escort",
    "aid": "aid",
    "force": "supplies of the force",
    "nobody": "nobody",
}
UNVERIFIED = "unverified"  # the address of what was not looked up
NO_ADDRESS = "address not kept"
NO_SOURCE = "no source of its own"  # how the title of a claim begins that is listed beside another's source
SEVERAL = "+"  # joins place keys where one claim covers several places


@dataclass(frozen=True, slots=True)
class Claim:
    """S says that a quantity had a value, that an actor did something, how an obligation stands, or what will come.

    Only the first fourteen fields are used by every kind. An empty text, None or () means: not given.
    """

    id: str
    kind: str  # one of KINDS
    time: datetime | None  # start of the moment or period that the claim speaks of
    precision: str  # one of PRECISIONS; "approximate" = about then, the source gives none
    place: str  # place key; several joined by "+"; or the words of the source where no key is known
    quantity: str
    low: float | None
    best: float | None
    high: float | None
    unit: str
    basis: str  # one of BASES; empty for what is not a figure
    reporter: str  # who asserts it
    source_title: str
    address: str
    behalf: str = ""  # on whose behalf, where reporters.csv does not say
    via: tuple[str, ...] = ()  # outlets that carried it, from the nearest to the reporter to the nearest to the reader
    published: datetime | None = None
    published_rule: str = ""  # how `published` was found; "recorded" where the source gives it
    retrieved: str = ""  # ISO date; empty = unknown
    until: datetime | None = None  # end of the period, where it is not one day, month or year
    time_rule: str = ""  # not empty where the row gave an hour without a zone, and the case's was taken
    place_said: str = ""  # the place in the words of the source
    topic: str = ""  # arrivals, corridor, supplies, operation, returns, force, influence ...
    scope: str = ""  # what exactly is counted, as said
    actor: str = ""  # who acted, or who is spoken of; several joined by "; "
    towards: str = ""  # on or to whom
    action: str = ""  # what was done: a word of the case's actions.csv
    responds_to: tuple[str, ...] = ()  # claims that this act answers
    killed_persons: float | None = None  # consequences of an act, as this report gives them
    injured_persons: float | None = None
    displaced_persons: float | None = None
    closed_hours: float | None = None
    obligation: tuple[str, ...] = ()  # rows of agreement.csv: what a status reports on, what anything else bears on
    obligation_note: str = ""  # how it bears; "KEY: words" for one obligation of several
    status: str = ""  # reported met, reported not met, disputed ... as said
    due: date | None = None  # by when a prediction should come true; or the day to which a duty was moved
    due_said: str = ""  # the same in the words of the source
    outcome_of: tuple[str, ...] = ()  # predictions of which this report tells what came
    road_out: tuple[str, ...] | None = None  # who could leave by the road: words of PASSES; None = not said
    road_in: tuple[str, ...] | None = None  # who could enter
    road_days: int | None = None  # how long that is taken to hold; None = until the same side reports another
    words: str = ""  # what is said, in short
    quote: str = ""  # the same as it stands in the source, letter by letter
    span: str = ""  # where the quote stands in the saved text: first and last character, "120-188"
    hedge: str = ""  # as said: over, about, at least, reportedly ...; several joined by "; ", a bound first
    context: str = ""  # what else the source says about it
    remark: str = ""  # the compiler's, never a reporter's
    supersedes: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    retells: tuple[str, ...] = ()  # the same report through another outlet
    row: str = ""  # table and line that it was made from

    @property
    def places(self) -> tuple[str, ...]:
        """The place keys that the claim covers."""
        return tuple(self.place.split(SEVERAL)) if self.place else ()

    @property
    def value(self) -> float | None:
        """The figure as best stated: best, else the middle of its range, else the one bound that is given."""
        if self.best is not None:
            return self.best
        if self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.low if self.low is not None else self.high

    @property
    def is_exact(self) -> bool:
        """Whether the source gives the hour."""
        return self.precision == "exact"

    @property
    def is_verified(self) -> bool:
        """Whether it was published, as against arithmetic of the compiler and what was never looked up."""
        return not self.is_derived and not self.is_from_memory

    @property
    def has_source(self) -> bool:
        """Whether the record names a source of its own for it, as against one that it is only listed beside."""
        return not self.source_title.startswith(NO_SOURCE)

    @property
    def is_derived(self) -> bool:
        """Whether it is arithmetic of the compiler."""
        return "derived" in (self.basis, self.reporter)

    @property
    def is_from_memory(self) -> bool:
        """Whether it was not looked up."""
        return UNVERIFIED in (self.address, self.source_title)

    @property
    def last_day(self) -> date | None:
        """The last day of a period that ends with a day; None where it gives no end, or ends within a day."""
        if self.until is None or self.until != period_start(self.until, "day") or self.until == self.time:
            return None
        return (self.until - timedelta(days=1)).date()

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """Earliest and latest moment that the claim may speak of; None where it gives no time."""
        if self.time is None or self.precision == "unknown":
            return None
        if self.precision == "exact":
            return self.time, self.until or self.time
        if self.precision == "approximate":
            return self.time - ABOUT, (self.until or self.time) + ABOUT
        start = period_start(self.time, self.precision)
        return start, self.until or period_end(start, self.precision)


def period_start(when: datetime, precision: str) -> datetime:
    """The first moment of the day, month or year in which a time lies."""
    start = when.replace(hour=0, minute=0, second=0, microsecond=0)
    if precision == "day":
        return start
    return start.replace(day=1) if precision == "month" else start.replace(month=1, day=1)


def period_end(start: datetime, precision: str) -> datetime:
    """The first moment after the day, week, month or year that starts then."""
    if precision == "day":
        return start + timedelta(days=1)
    if precision == "week":
        return start + timedelta(days=7)
    if precision == "month":
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.replace(year=start.year + 1)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who asserts things, and on whose behalf: one row of a case's reviewed reporters.csv."""

    name: str
    behalf: str  # the voice it speaks with: reporters of one voice are one series
    side: str
    is_party: bool  # a party to the conflict or to the agreement
    kind: str  # government, local authorities, force, organisation, court, press, commentary, census, not published
    note: str = ""
    shown: str = ""  # its role in words that no side disputes; empty: its name is shown


@dataclass(frozen=True, slots=True)
class Quantity:
    """A word of the vocabulary of figures: what is counted, in which unit, and how such figures behave over time."""

    name: str
    unit: str
    kind: str  # cumulative, level, flow, measure, own
    label: str
    holds_days: float = 0.0  # a level may be taken to hold for so long on either side of its date
    is_once: bool = False  # belongs to something that can happen only once
    total_of: str = ""  # the flow that this cumulative count sums
    topic: str = ""
    also: tuple[str, ...] = ()  # other spellings


@dataclass(frozen=True, slots=True)
class Action:
    """A word of the vocabulary of acts."""

    name: str
    label: str
    group: str  # corridor, supplies, armed, force, talks, statement, alignment, shelter, law ...
    sign: str = ""  # the kind of sign that it is, where it is one
    event_type: str = ""  # of ACLED's list, or diplomatic or legal act
    sub_event_type: str = ""
    is_once: bool = False
    is_answer: bool = True  # False: the word says that an answer was looked for and none was found
    ends: tuple[str, ...] = ()  # acts that it ends: gas restored ends gas cut off


@dataclass(frozen=True, slots=True)
class PlaceName:
    """The names of a place by side."""

    key: str
    names: tuple[str, ...]  # first the short names by which the sides call it, then others
    kind: str = ""

    @property
    def both(self) -> str:
        """The names by which the sides call it, where they differ."""
        return " / ".join(dict.fromkeys(self.names[:2]))


@dataclass(frozen=True, slots=True)
class Observation:
    """A reconciled figure: an interval and the claims it rests on."""

    quantity: str
    place: str
    time: datetime
    low: float
    best: float
    high: float
    unit: str
    is_exact: bool  # the source gives the hour
    claims: tuple[str, ...]
    why: str  # how it was reconciled, and why other claims were left out
    earliest: datetime | None = None  # the figure held at some moment between these two
    latest: datetime | None = None
    left_out: tuple[tuple[str, str], ...] = ()  # (claim, rule that left it out)


@dataclass(frozen=True)
class Terms:
    """The reviewed tables beside the claims: who speaks for whom, what is counted, how places are called."""

    reporters: Mapping[str, Reporter] = field(default_factory=dict)
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    places: Mapping[str, PlaceName] = field(default_factory=dict)
    aliases: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (place as said, quantity or "") -> key
    actors: frozenset[str] = frozenset()  # names by which claims call the actors of actors.yaml
    obligations: frozenset[str] = frozenset()  # ids of agreement.csv, where the case has one
    mapped: Mapping[str, str] = field(default_factory=dict)  # name -> key, of the places of a map (places.csv)

    def reporter(self, name: str) -> Reporter:
        """The reporter of this name; one without a review speaks for itself, on no known side."""
        return self.reporters.get(name) or Reporter(name, name, "not known", False, "not reviewed")

    def shown(self, name: str) -> str:
        """How pages name a reporter: by its role where its own title takes a side or says nothing to a reader."""
        found = self.reporters.get(name)
        return (found.shown if found else "") or name

    def quantity(self, name: str) -> Quantity:
        """The word of the vocabulary, also by another spelling; an unknown word is a level in no unit."""
        found = self.quantities.get(name) or self.quantities.get(self._spellings.get(name, ""))
        return found or Quantity(name, "", "level", name.replace("_", " "))

    def place_key(self, said: str, quantity: str = "") -> str:
        """The key of a place as said, for this quantity where that matters; the words themselves where unknown."""
        name = " ".join(said.split())
        for key in ((name, quantity), (name, "")):
            if key in self.aliases:
                return self.aliases[key]
        return name if name in self.places else self.place_names.get(name, name)

    @cached_property
    def place_names(self) -> Mapping[str, str]:
        """Key of a place by each name that a table gives it: aliases, names by side, names on the map."""
        named = {name: key for key, place in reversed(tuple(self.places.items())) for name in place.names}
        return {**self.mapped, **named, **{said: key for (said, _quantity), key in self.aliases.items()}}

    def place_name(self, place: str) -> str:
        """How readers see a place: by the names of both sides, else by its name on the map."""
        shown = (
            self.places[key].both if key in self.places else self._on_map.get(key, key) for key in place.split(SEVERAL)
        )
        return "; ".join(dict.fromkeys(shown))

    @cached_property
    def _on_map(self) -> dict[str, str]:
        return {key: name for name, key in reversed(tuple(self.mapped.items())) if name != key}

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {other: word.name for word in self.quantities.values() for other in word.also}


@dataclass(frozen=True)
class Ledger:
    """All claims of a case, in the order of the file."""

    claims: tuple[Claim, ...]
    revision: str  # hash of the reviewed file
    terms: Terms = field(default_factory=Terms)

    def by_id(self, claim_id: str) -> Claim:
        """The claim with this id. Raises KeyError where there is none."""
        return self._index[claim_id]

    def voice(self, claim: Claim) -> str:
        """On whose behalf a claim is made: as the reviewed table says, else as its row does."""
        if claim.behalf and claim.reporter not in self.terms.reporters:
            return self.terms.reporter(claim.behalf).behalf
        return self.terms.reporter(claim.reporter).behalf

    def side(self, claim: Claim) -> str:
        """The side that a claim's reporter is on, or that of whom it speaks for."""
        if claim.behalf and claim.reporter not in self.terms.reporters:
            return self.terms.reporter(claim.behalf).side
        return self.terms.reporter(claim.reporter).side

    @cached_property
    def _index(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self.claims}

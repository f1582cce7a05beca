"""What a monitor reads beside the ledger: obligations, acts that bear on them, who could pass, forecasts, actors.

Every row of these tables names a claim or a source; a table that is not there is empty. Nothing here says how an
obligation stands or whether the road is open: claims do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.ledger import Ledger, read_ledger
from safeconduct.monitor import derived
from safeconduct.monitor.derived import Bearing, Forecast, Passage
from safeconduct.scenario import read_document
from safeconduct.terms import (
    CaseError,
    Column,
    Fault,
    Need,
    Row,
    Table,
    UsageError,
    cells,
    is_there,
    parse_day,
    read_rows,
    shown,
)

OPTIONAL, MAYBE = Need.NONE, Need.COLUMN
NOTE = Column("note", "anything else", need=OPTIONAL)
AGREEMENT = Table(
    "agreement.csv",
    "What was agreed: one row for each obligation.",
    (
        Column("id", "name of the obligation; claims name it in their column obligation"),
        Column("clause", "of the agreement"),
        Column("obligated", "whom it binds, in the words of the source"),
        Column("binds", "the same as keys of actors.yaml, split by ;", need=OPTIONAL),
        Column("obligation", "what is owed"),
        Column("due", "by when; empty = no date", "date", MAYBE),
        Column("due_as_said", "the same in the words of the source", need=OPTIONAL),
        Column("is_standing", "yes = owed from day to day", need=OPTIONAL),
        Column("quantity", "how much is owed", "unit", OPTIONAL),
        Column("unit", "of that quantity", need=OPTIONAL),
        Column("source_title", "where it was read"),
        Column("address", "address of that page", need=OPTIONAL),
        Column(
            "is_counted", "no = a text or term that creates no obligation; shown apart, never counted", need=OPTIONAL
        ),
        Column(
            "known_from",
            "of what only a later reading finds in the text: day on which that was published; counted apart",
            "date",
            OPTIONAL,
        ),
        NOTE,
    ),
)
TABLES = (AGREEMENT,)
IN_CLAIMS = {  # tables of older folders -> the columns of claims.csv that hold the same now
    "calendar.csv": "road_out, road_in and road_days",
    "bearings.csv": "obligation, obligation_note and due",
    "predictions.csv": "due and outcome_of",
}
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a party owes under the agreement."""

    id: str
    clause: str
    obligated: str
    binds: tuple[str, ...]  # keys of actors
    what: str
    due: date | None
    due_said: str
    is_standing: bool
    quantity: str  # "1,960 troops"; empty where none is agreed
    source_title: str
    address: str
    is_counted: bool = True
    known_from: date | None = None  # of a reading of the agreement that was published later

    @property
    def is_reading(self) -> bool:
        """Whether a later reading finds it in the agreement, whose text does not state it."""
        return self.known_from is not None


class Strict(BaseModel):
    """No unknown names, no quiet conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Actor(Strict):
    """A person or body that acts or speaks, and the names by which claims call it."""

    name: str = Field(min_length=1)
    short: str = ""
    kind: str = Field(min_length=1)
    is_force: bool = False  # sends the force that watches the agreement
    called: list[str] = []  # in the column `actor` of claims
    sides: list[str] = []  # sides of reporters.csv whose statements are its own
    voices: list[str] = []  # the same, by single voices
    about: str = ""
    source: str = Field(min_length=1)

    @property
    def label(self) -> str:
        """Its name where there is little room."""
        return self.short or self.name


class Actors(Strict):
    """actors.yaml"""

    actors: dict[str, Actor]


class Road(Strict):
    """The road that the agreement keeps open, and what its directions are called."""

    name: str
    out: str
    into: str = Field(alias="in")


class Span(Strict):
    """First and last day of the calendar."""

    start: str
    end: str


class Opinion(Strict):
    """What a coder made of the indicators of leverage."""

    words: str = Field(min_length=1)
    who: str = Field(min_length=1)
    claims: list[str] = Field(min_length=1)


class Settings(Strict):
    """monitor.yaml"""

    title: str = Field(min_length=1)
    about: str
    agreement: str
    signed: str
    covers: Span
    road: Road
    people: list[str] = []  # places whose people are counted
    other_roads: list[str] = []  # places of claims that speak of another road
    leaves_out: list[str] = []  # topics that belong to other cases
    watch: list[str] = []  # quantities of supplies that a reader looks at first
    readings: list[Opinion] = []  # how those who wrote about leverage read it, in opposite ways
    source: str = Field(min_length=1)


@dataclass(frozen=True)
class MonitorCase:
    """Everything that a monitor of a case is made from."""

    key: str
    settings: Settings
    signed: date
    first: date
    last: date
    zone: tzinfo
    ledger: Ledger
    obligations: tuple[Obligation, ...]
    bearings: tuple[Bearing, ...]
    passages: tuple[Passage, ...]
    forecasts: tuple[Forecast, ...]
    actors: Mapping[str, Actor]

    def end_of(self, day: date) -> datetime:
        """The last moment of a day where the case lies."""
        return datetime.combine(day, time.max, self.zone)

    def moment_of(self, when: date | datetime) -> datetime:
        """A moment where the case lies; of a day its end."""
        if isinstance(when, datetime):
            return when if when.tzinfo else when.replace(tzinfo=self.zone)
        return self.end_of(when)

    def day_of(self, end: datetime) -> date:
        """The last day of what ends at a moment."""
        return (end - timedelta(microseconds=1)).astimezone(self.zone).date()

    def latest_day(self, now: datetime) -> date:
        """The day as of which one looks where none is said: today while the days of the case last, else the day of its
        last report, which is after today for a case of a time to come alone."""
        today = now.astimezone(self.zone).date()
        if self.first <= today <= self.last:
            return today
        known = max((one.published for one in self.ledger.claims if one.published), default=None)
        last = known.astimezone(self.zone).date() if known else self.last
        return last if today < self.first else min(last, today)


def read_monitor_case(folder: Path) -> MonitorCase:
    """The monitor's tables of a case folder. Raises UsageError where it has none, CaseError with every fault."""
    if not is_there(folder / AGREEMENT.file) or not is_there(folder / "monitor.yaml"):
        raise UsageError(
            f"{folder.name} has no agreement to monitor; expected {AGREEMENT.file}, monitor.yaml and actors.yaml in "
            "its folder; see docs/monitor.md"
        )
    faults: list[Fault] = []
    ledger = known_claims(folder, faults)
    settings, actors = (
        read_yaml(folder / "monitor.yaml", Settings, faults),
        read_yaml(folder / "actors.yaml", Actors, faults),
    )
    tables = Reader(folder, actors.actors if actors else None, faults)
    obligations = tables.read(AGREEMENT, tables.obligation)
    faults += older_tables(folder)
    days = [day_of(said, f"monitor.yaml: {said}", faults) for said in dates_of(settings)]
    if faults or settings is None or actors is None or ledger is None:
        raise CaseError(faults)
    zone = zone_of(ledger)
    return MonitorCase(
        folder.name, settings, days[0], days[1], days[2], zone, ledger, obligations, derived.bearings(ledger),
        derived.passages(ledger.claims, zone), derived.forecasts(ledger.claims), actors.actors,
    )  # fmt: skip


def older_tables(folder: Path) -> Iterator[Fault]:
    """A fault for each table that older folders had beside claims.csv, with the columns that hold the same now."""
    for name, columns in IN_CLAIMS.items():
        if is_there(folder / name):
            advice = "move its cells there, then remove it; docs/case-folder.md lists the columns"
            yield Fault(name, 0, "", "a table that is no longer read", f"{columns} of claims.csv", advice)


def known_claims(folder: Path, faults: list[Fault]) -> Ledger | None:
    """The ledger of the folder; None, with its faults noted, where it is faulty."""
    try:
        return read_ledger(folder)
    except CaseError as error:
        faults.extend(error.faults)
        return None


def dates_of(settings: Settings | None) -> tuple[str, ...]:
    """The dates that the settings name."""
    return (settings.signed, settings.covers.start, settings.covers.end) if settings else ()


def day_of(said: str, where: str, faults: list[Fault]) -> date:
    """A date as written, noted where it is none."""
    try:
        return parse_day(said)
    except ValueError:
        faults.append(Fault(where.split(":")[0], 0, "", shown(said), "a date such as 2030-05-06", "mend it"))
        return date(2000, 1, 1)


def zone_of(ledger: Ledger) -> tzinfo:
    """The zone in which most claims are timed."""
    zones = Counter(claim.time.tzinfo for claim in ledger.claims if claim.time and claim.time.tzinfo)
    return zones.most_common(1)[0][0] if zones else UTC


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path, model: type[Model], faults: list[Fault]) -> Model | None:
    """A file of settings as its model; None, with faults noted, where it does not fit."""
    document = read_document(path, faults)
    return document.read_as(model, "see docs/monitor.md", faults) if document else None


@dataclass(frozen=True)
class Reader:
    """Reads tables of one folder; notes every id that leads nowhere. None: not readable, so nothing is held to it."""

    folder: Path
    actors: Mapping[str, Actor] | None
    faults: list[Fault]
    obligation_lines: dict[str, int] = field(default_factory=dict)  # where each id of agreement.csv stands

    def read(self, table: Table, make: Callable[[Row], Made]) -> tuple[Made, ...]:
        """The records of a table; none where there is no such file."""
        path = self.folder / table.file
        return tuple(make(row) for row in read_rows(path, table, self.faults) or ()) if is_there(path) else ()

    def obligation(self, row: Row) -> Obligation:
        """A row of agreement.csv."""
        binds = tuple(word.strip() for word in row.cells.get("binds", "").split(";") if word.strip())
        for word in binds:
            if self.actors is not None and word not in self.actors:
                row.note("binds", "keys of actors.yaml", cells.nearest(word, self.actors, "add it there"), shown(word))
        amount = cells.number(row, "quantity")
        return Obligation(
            cells.new_key(row, "id", self.obligation_lines), cells.text(row, "clause"),
            cells.text(row, "obligated"), binds,
            cells.text(row, "obligation"), day_in(row, "due"), cells.text(row, "due_as_said"),
            cells.yes_no(row, "is_standing", otherwise=False),
            "" if amount is None else f"{amount:,g} {cells.text(row, 'unit')}",
            cells.text(row, "source_title"), cells.text(row, "address"),
            cells.yes_no(row, "is_counted", otherwise=True), day_in(row, "known_from"),
        )  # fmt: skip


def day_in(row: Row, column: str) -> date | None:
    """A cell with a date; None where it is empty."""
    cell = row.cells.get(column, "")
    try:
        return parse_day(cell) if cell else None
    except ValueError:
        row.note(column, "a date such as 2030-05-06", "write year, month and day")
        return None

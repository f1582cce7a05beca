"""Each row of a table as its record, with every name it uses looked up."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from safeconduct.scenario.amount import Amount
from safeconduct.scenario.files.tables import (
    ALL_CROSSINGS,
    CATEGORIES,
    CHECKPOINT,
    EVENT_KINDS,
    INFLOW,
    ONE_PLACE,
    PASSAGE,
    ROUTE,
    ROUTES_MEANT,
    SUPPLY_UNITS,
    EventKind,
)
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.types import Checkpoint, Event, People, Place, Role, Route, Supply
from safeconduct.terms import Clock, Row, cells, closest, show_time, shown

HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)")
MOST = cells.MOST
NO_LIMIT = Amount()
A_PLACE, A_ROAD = "a place of places.csv", "a road of routes.csv"
ZERO, ONE = Amount(0.0), Amount(1.0)


@dataclass(frozen=True)
class Names:
    """The names that rows may use. None where a file could not be read, so that nothing can be said of them."""

    parameters: Collection[str] | None
    values: Mapping[str, Parameter] = field(default_factory=dict)
    places: Mapping[str, Place] | None = None
    routes: Mapping[str, Route] | None = None
    checkpoints: Collection[str] | None = None
    inflows: Collection[str] | None = None
    passages: Collection[str] | None = None
    clock: Clock | None = None


def amount(
    row: Row, column: str, names: Names, *, low: float = 0.0, high: float = MOST, otherwise: Amount = NO_LIMIT
) -> Amount:
    """A cell with a number, or with =name for a parameter; `otherwise` where it is empty and may be."""
    cell = row.cells.get(column, "")
    if cell.startswith("="):
        return _named_amount(row, column, names, low=low, high=high)
    if not cell:
        if not row.may_be_empty(column):
            row.note(column, "a number, or =name of a parameter", "fill it in")
        return otherwise
    said = cells.number_in(row, column, cell, low=low, high=high, or_else=", or =name of a parameter")
    return otherwise if said is None else Amount(said)


def _named_amount(row: Row, column: str, names: Names, *, low: float, high: float) -> Amount:
    name = row.cells[column][1:].strip()
    if names.parameters is not None and name not in names.parameters:
        row.note(
            column, "the name of a parameter after =", cells.nearest(name, names.parameters, "add it to case.yaml")
        )
    elif name in names.values and not low <= names.values[name].value <= high:
        found = f"{shown(row.cells[column])}, which is {names.values[name].value:g}"
        row.note(column, f"a parameter from {low:g} to {high:g}", "correct the parameter or use another", found)
    return Amount(parameter=name)


def known(row: Row, column: str, names: Collection[str] | None, expected: str) -> str:
    """A cell that names something defined elsewhere."""
    cell = cells.text(row, column)
    if cell and names is not None and cell not in names:
        row.note(column, expected, closest(cell, names))
    return cell


def hours(row: Row, column: str) -> str:
    """A cell with hours of the day; empty = always."""
    cell = cells.text(row, column)
    if cell and not HOURS.fullmatch(cell):
        row.note(column, "hours such as 06:00-22:00", "write HH:MM-HH:MM, or leave it empty for always")
    elif cell and cell[:5] == cell[6:]:
        row.note(column, "two different times", "leave it empty for always, or use capacity 0 for never")
    return cell


def place(row: Row, lines: dict[str, int], names: Names) -> Place:
    """A row of places.csv."""
    role = cells.choice(row, "role", [r.value for r in Role])
    no_shelter_said = NO_LIMIT if role == Role.SHELTER else ZERO
    return Place(
        key=cells.new_key(row, "key", lines),
        name=cells.text(row, "name"),
        other_name=cells.text(row, "other_name"),
        lat=cells.number(row, "lat", low=-90, high=90) or 0.0,
        lon=cells.number(row, "lon", low=-180, high=180) or 0.0,
        role=Role(role) if role in list(Role) else Role.ORIGIN,
        region=cells.text(row, "region"),
        pull_persons=amount(row, "pull_persons", names, otherwise=ZERO),
        shelter_persons=amount(row, "shelter_persons", names, otherwise=no_shelter_said),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def route(row: Row, lines: dict[str, int], names: Names) -> Route:
    """A row of routes.csv."""
    start, end = known(row, "start", names.places, A_PLACE), known(row, "end", names.places, A_PLACE)
    if start and start == end:
        row.note("end", "another place than the start", "correct one of the two, or remove the row")
    return Route(
        id=cells.new_key(row, "id", lines),
        start=start,
        end=end,
        km=cells.number(row, "km", low=0.001, high=20_000) or 0.001,
        speed_kmh=amount(row, "speed_kmh", names, low=0.1, high=300),
        capacity_per_hour=amount(row, "capacity_per_hour", names),
        jam_per_km=amount(row, "jam_per_km", names, low=1),
        priority=amount(row, "priority", names, low=0.001, otherwise=ONE),
        is_two_way=cells.yes_no(row, "is_two_way", otherwise=True),
        is_open=cells.yes_no(row, "is_open", otherwise=True),
        hours=hours(row, "hours"),
        counts_as=known(row, "counts_as", names.places, A_PLACE),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def checkpoint(row: Row, lines: dict[str, int], names: Names) -> Checkpoint:
    """A row of checkpoints.csv."""
    road = known(row, "route", names.routes, A_ROAD)
    on = names.routes.get(road) if names.routes else None
    booths = cells.number(row, "booths", low=1, high=1000) or 1.0
    if booths != int(booths):
        row.note("booths", "a whole number", "round it")
    return Checkpoint(
        id=cells.new_key(row, "id", lines),
        route=road,
        towards=known(row, "towards", (on.start, on.end) if on else names.places, "an end of that road"),
        booths=int(booths),
        seconds=amount(row, "seconds", names),
        law=cells.choice(row, "law", ("fixed", "exponential"), "exponential"),
        hours=hours(row, "hours"),
        admits=categories(row, "admits"),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def categories(row: Row, column: str) -> tuple[str, ...]:
    """Who is let through: everyone, nobody, or a list."""
    words = tuple(cells.text(row, column).replace(",", " ").split()) or ("everyone",)
    for word in words:
        if word not in CATEGORIES:
            row.note(column, "categories of people", closest(word, CATEGORIES), shown(word))
    if len(words) > 1 and {"everyone", "nobody"} & set(words):
        row.note(column, "everyone or nobody alone, or a list of the others", "leave one of them out")
    return words


def people(row: Row, lines: dict[str, int], names: Names) -> People:
    """A row of people.csv."""
    at = known(row, "place", names.places, A_PLACE)
    if names.places and at in names.places and names.places[at].role is not Role.ORIGIN:
        row.note("place", "an origin", "make it an origin in places.csv, or move these people")
    elif at in lines:
        row.note("place", f"a place that line {lines[at]} has not used", "add the two rows up")
    lines.setdefault(at, row.line)
    return People(
        place=at,
        weight_persons=cells.number(row, "weight_persons", low=0, high=1e10) or 0.0,
        car_share=amount(row, "car_share", names, high=1),
        source=cells.text(row, "source"),
        reporter=cells.text(row, "reporter"),
        note=cells.text(row, "note"),
    )


def supply(row: Row, lines: dict[str, int], names: Names) -> Supply:
    """A row of supplies.csv."""
    at, item = places_meant(row, "place", names), cells.choice(row, "item", SUPPLY_UNITS)
    if f"{at}/{item}" in lines:
        row.note("item", f"an item that line {lines[f'{at}/{item}']} does not give", "add the two rows up")
    lines.setdefault(f"{at}/{item}", row.line)
    unit = cells.text(row, "unit")
    if item in SUPPLY_UNITS and unit and unit != SUPPLY_UNITS[item]:
        row.note("unit", f'"{SUPPLY_UNITS[item]}" for {item}', "convert the stock and its daily use")
    return Supply(
        place=at,
        item=item,
        stock=amount(row, "stock", names),
        unit=unit,
        use_per_day=amount(row, "use_per_day", names),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def places_meant(row: Row, column: str, names: Names) -> str:
    """A cell that means one place, a region or every origin."""
    cell = cells.text(row, column)
    if cell in ("", "*") or names.places is None:
        return cell
    if cell.startswith("region:"):
        regions = {one.region for one in names.places.values()} - {""}
        if cell.removeprefix("region:") not in regions:
            row.note(column, "a region of places.csv", closest(cell.removeprefix("region:"), regions))
        return cell
    return known(row, column, names.places, "a place of places.csv, region:NAME or *")


def event(row: Row, lines: dict[str, int], names: Names) -> Event:
    """A row of events.csv."""
    word = cells.choice(row, "kind", EVENT_KINDS)
    kind = EVENT_KINDS.get(word)
    return Event(
        id=cells.new_key(row, "id", lines),
        time=_event_time(row, names),
        kind=word,
        target=_target(row, kind, names) if kind else cells.text(row, "target"),
        value=_event_value(row, kind, names) if kind else NO_LIMIT,
        to=_to(row, kind, names) if kind else "",
        seats=_seats(row, kind) if kind else 0.0,
        reporter=cells.text(row, "reporter"),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def _event_time(row: Row, names: Names) -> datetime:
    """When it happens, which must lie inside the clock."""
    n_before = len(row.faults)
    when = cells.time(row, "time")
    if names.clock and len(row.faults) == n_before and not names.clock.start <= when <= names.clock.end:
        span = f"a time from {show_time(names.clock.start)} to {show_time(names.clock.end)}"
        row.note("time", span, "move the event, or the clock in case.yaml")
    return when


def _target(row: Row, kind: EventKind, names: Names) -> str:
    if kind.target == ROUTE:
        return known(row, "target", names.routes, A_ROAD)
    if kind.target == CHECKPOINT:
        return known(row, "target", names.checkpoints, "a checkpoint of checkpoints.csv")
    if kind.target == ROUTES_MEANT:
        is_all = cells.text(row, "target") == ALL_CROSSINGS
        return ALL_CROSSINGS if is_all else known(row, "target", names.routes, A_ROAD)
    if kind.target in (INFLOW, PASSAGE):
        return known(row, "target", names.inflows if kind.target == INFLOW else names.passages, kind.target)
    if kind.target == ONE_PLACE:
        return known(row, "target", names.places, A_PLACE)
    return places_meant(row, "target", names)


def _event_value(row: Row, kind: EventKind, names: Names) -> Amount:
    if not kind.value:
        if row.cells.get("value"):
            row.note("value", "nothing for this kind of event", "leave it empty")
        return ZERO
    if not row.cells.get("value"):
        row.note("value", kind.value, "fill it in")
    return amount(row, "value", names, low=kind.low, high=kind.high)


def _to(row: Row, kind: EventKind, names: Names) -> str:
    cell = row.cells.get("to", "")
    if kind.to == "categories":
        return " ".join(categories(row, "to"))
    if kind.to in ("place", "origin"):
        if not cell:
            row.note("to", "the place they go to", "fill it in")
        elif kind.to == "origin" and names.places and cell in names.places and names.places[cell].role != Role.ORIGIN:
            row.note("to", "an origin", "make it an origin in places.csv; a journey ends at a reception or shelter")
        return known(row, "to", names.places, A_PLACE)
    if kind.to and cell:
        road = names.routes.get(row.cells.get("target", "")) if names.routes else None
        return known(row, "to", (road.start, road.end), "an end of that road") if road else cell
    if cell:
        row.note("to", "nothing for this kind of event", "leave it empty")
    return ""


def _seats(row: Row, kind: EventKind) -> float:
    if not (kind.has_seats or kind.may_have_seats):
        return 0.0
    if not row.cells.get("seats"):
        if kind.has_seats:
            row.note("seats", "seats in each bus", "fill it in")
        return 0.0
    return cells.number(row, "seats", low=1, high=1000) or 0.0

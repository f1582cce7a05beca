"""The tables of a case folder: their columns, units and the words they may hold. The docs page is held to this list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.terms import Column, Need, Table, cells

NOTE = Column("note", "anything else a reader should know", need=Need.NONE)
SOURCE = Column("source", 'title or address of the source, or "assumed"; never empty')
REPORTER = Column("reporter", 'who says so, or "assumed"', need=Need.NONE)

PLACES = Table(
    "places.csv",
    "Every place that a road touches.",
    (
        Column("key", "short name for the computer"),
        Column("name", "name as one side writes it"),
        Column("other_name", "name as the other side writes it", need=Need.NONE),
        Column("lat", "degrees north", "degrees"),
        Column("lon", "degrees east", "degrees"),
        Column("role", "origin, junction, crossing, reception or shelter"),
        Column("region", "province or district; shelter is counted by it", need=Need.NONE),
        Column(
            "pull_persons",
            "people who live there, a pull for own arrangements; empty = 0",
            "persons",
            Need.NONE,
        ),
        Column(
            "shelter_persons",
            "persons that organised shelter can take; empty = 0, at a shelter no limit",
            "persons",
            Need.NONE,
        ),
        SOURCE,
        REPORTER,
        NOTE,
    ),
)

ROUTES = Table(
    "routes.csv",
    "Every road between two places, one row for each.",
    (
        Column("id", "short name for the computer"),
        Column("start", "place where it starts"),
        Column("end", "place where it ends; crossings are counted here"),
        Column("km", "length", "km"),
        Column("speed_kmh", "speed where nothing is in the way", "km/hour"),
        Column(
            "capacity_per_hour",
            "vehicles an hour in each direction; empty = no limit, 0 = closed",
            "vehicles/hour",
            Need.COLUMN,
        ),
        Column(
            "jam_per_km",
            "vehicles on a km of standing queue; empty = a queue takes no room",
            "vehicles/km",
            Need.NONE,
        ),
        Column("priority", "share of the turns where roads merge; empty = 1", "1", Need.NONE),
        Column("is_two_way", "yes or no; empty = yes", need=Need.NONE),
        Column("is_open", "yes or no, at the start of the case; empty = yes", need=Need.NONE),
        Column("hours", "hours of the day when open; empty = always", "HH:MM-HH:MM", Need.NONE),
        Column("counts_as", "crossing that this road's traffic is counted at", need=Need.NONE),
        SOURCE,
        REPORTER,
        NOTE,
    ),
)

CHECKPOINTS = Table(
    "checkpoints.csv",
    "Posts where vehicles are served one after the other.",
    (
        Column("id", "short name for the computer"),
        Column("route", "road it stands on"),
        Column("towards", "place at the end of that road towards which it serves"),
        Column("booths", "vehicles served at a time", "1"),
        Column("seconds", "mean time for one vehicle", "seconds"),
        Column("law", "fixed or exponential; empty = exponential", need=Need.NONE),
        Column("hours", "hours of work; empty = always", "HH:MM-HH:MM", Need.NONE),
        Column(
            "admits",
            "everyone, nobody, or of medical, passport, aid, student, resident, with spaces between; empty = everyone",
            need=Need.NONE,
        ),
        SOURCE,
        REPORTER,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

PEOPLE = Table(
    "people.csv",
    "Who lives where before anything happens.",
    (
        Column("place", "an origin"),
        Column("weight_persons", "persons; scaled to the parameter persons_present where there is one", "persons"),
        Column("car_share", "share of parties with a vehicle of their own, 0..1", "1"),
        SOURCE,
        Column("reporter", 'who says so, or "assumed"'),
        NOTE,
    ),
)

SUPPLIES = Table(
    "supplies.csv",
    "Stocks, and what wears them down.",
    (
        Column("place", "place, region:NAME, or * for every origin"),
        Column("item", "food or fuel"),
        Column("stock", "at the start", "days of food, litres of fuel"),
        Column("unit", "days for food, litres for fuel"),
        Column("use_per_day", "used up in a day", "unit/day"),
        SOURCE,
        REPORTER,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

EVENTS = Table(
    "events.csv",
    "What happens at a known time, whatever the simulated people do.",
    (
        Column("id", "short name; --event ID.time=TIME moves it"),
        Column("time", "when, inside the clock", "ISO time with offset"),
        Column("kind", "see the table of kinds"),
        Column("target", "place, region:NAME, *, road or checkpoint, by the kind"),
        Column("value", "see the table of kinds", "by the kind", Need.COLUMN),
        Column("to", "place, or categories for admit, by the kind", need=Need.NONE),
        Column("seats", "seats in each bus; of a passage, persons in each transfer", "persons", Need.NONE),
        Column("reporter", 'who says so, or "assumed"'),
        SOURCE,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

TABLES = (PLACES, ROUTES, CHECKPOINTS, PEOPLE, SUPPLIES, EVENTS)

ROUTE, CHECKPOINT, ONE_PLACE, PLACES_MEANT = "route", "checkpoint", "place", "place, region:NAME or *"
ROUTES_MEANT, ALL_CROSSINGS = "route, or crossings for all roads that count crossings", "crossings"
INFLOW, PASSAGE = "inflow of inflows.csv", "passage of passages.csv"


@dataclass(frozen=True, slots=True)
class EventKind:
    """What an event of this kind needs."""

    target: str
    value: str  # what the value means; empty where there is none
    low: float = 0.0
    high: float = cells.MOST
    to: str = ""  # "place", "origin", "categories" or an end of the road; empty where there is none
    has_seats: bool = False
    may_have_seats: bool = False


EVENT_KINDS: Mapping[str, EventKind] = {
    "attack": EventKind(PLACES_MEANT, "threat added, 0..1", high=1.0),
    "ceasefire": EventKind(PLACES_MEANT, "factor on the threat, 0..1", high=1.0),
    "signal": EventKind(PLACES_MEANT, "strength, 0..1", high=1.0),
    "open": EventKind(ROUTE, "", to="end of the road, or empty for both ways"),
    "close": EventKind(ROUTE, "", to="end of the road, or empty for both ways"),
    "capacity": EventKind(ROUTE, "vehicles an hour", to="end of the road, or empty for both ways"),
    "rate": EventKind(ROUTES_MEANT, "factor on the vehicles an hour of road and posts", low=0.001),
    "admit": EventKind(CHECKPOINT, "", to="categories"),
    "gather": EventKind(PLACES_MEANT, "share of the people still there, 0..1", high=1.0, to="origin"),
    "fuel": EventKind(ONE_PLACE, "litres released to civilians"),
    "food": EventKind(ONE_PLACE, "days of food for everyone there"),
    "convoy": EventKind(ONE_PLACE, "buses", low=1.0, to="place", has_seats=True),
    "shuttle": EventKind(ONE_PLACE, "buses", low=1.0, to="place", has_seats=True),
    "shelter": EventKind(ONE_PLACE, "persons that can be sheltered from now on"),
    "transfer": EventKind(PLACES_MEANT, ""),
    "reachable": EventKind(PLACES_MEANT, ""),
    "announce": EventKind(PLACES_MEANT, "days until the place is handed over"),
    "trust": EventKind(PLACES_MEANT, "change of trust in the force, -1..1", low=-1.0, high=1.0),
    "inflow": EventKind(INFLOW, "tonnes, thousand litres or MWh a day from now on"),
    "passage": EventKind(
        PASSAGE, "persons a day from now on, or transfers a day of `seats` each; 0 = none", may_have_seats=True
    ),
    "seats": EventKind(ONE_PLACE, "places a day in return convoys from now on"),
}

CATEGORIES = ("everyone", "nobody", "medical", "passport", "aid", "student", "resident")
SUPPLY_UNITS = {"food": "days", "fuel": "litres"}

"""Three tables of a case with phases: their columns, units and the words they may hold."""

from __future__ import annotations

from safeconduct.terms import Column, Need, Table

DECLARED_FILE = "counterfactuals.yaml"

NOTE = Column("note", "anything else a reader should know", need=Need.NONE)
SOURCE = Column("source", 'title or address of the source, or "assumed"; never empty')
REPORTER = Column("reporter", 'who says so, or "assumed"', need=Need.NONE)

KINDS = ("food", "fuel", "medicine", "power")
DIRECTIONS = ("out", "in")

STOCKS = Table(
    "stocks.csv",
    "What people live on: need, store, own production, rationing, spoilage.",
    (
        Column("place", "place, region:NAME, or * for every origin"),
        Column("kind", "food, fuel, medicine or power"),
        Column("unit", "kg, litres, days of treatment, kWh"),
        Column("need", "full need of a person in a day", "unit/person/day"),
        Column("start_days", "in store at the start, in days of full need", "days"),
        Column("store_days", "largest store, in days of full need", "days"),
        Column("made_share", "share of the need over a year that is made inside, 0..1", "1"),
        Column("season", "twelve factors on that share, January first; empty = the same all year", need=Need.NONE),
        Column("ration_below_days", "rationing begins below so many days in store", "days"),
        Column("ration_share", "share of the need handed out when the store is nearly empty, 0..1", "1"),
        Column("spoils_share", "share of the store that spoils in a day, 0..1", "1/day"),
        Column("weight", "part in the hardship that people feel", "1"),
        SOURCE,
        REPORTER,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

INFLOWS = Table(
    "inflows.csv",
    "Goods that come in: a rate that events of the kind inflow change.",
    (
        Column("id", "short name for the computer"),
        Column("kind", "food, fuel, medicine or power"),
        Column("thousand_per_day", "tonnes for kg, thousand litres, MWh", "1000 units/day"),
        Column("route", "road that must be open to everyone; empty = comes whatever the road", need=Need.NONE),
        SOURCE,
        REPORTER,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

PASSAGES = Table(
    "passages.csv",
    "Whom a post lets through, by category and direction, while it is not open to everyone.",
    (
        Column("id", "short name for the computer"),
        Column("checkpoint", "post of checkpoints.csv"),
        Column("direction", "out or in"),
        Column("category", "medical, passport, aid, student or resident"),
        Column("persons_per_day", "limit; empty = as many as ask, 0 = none", "persons/day", Need.COLUMN),
        Column("asks_per_day", "persons who ask in a day", "persons/day"),
        SOURCE,
        REPORTER,
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

SAYS = ("exact", "about", "at_least", "at_most")

OBSERVED = Table(
    "observed.csv",
    "Reported figures, read as what runs record: to fit on up to a phase's date, to score with after it.",
    (
        Column("id", "short name; the row of the record it comes from"),
        Column("phase", "key of a phase of case.yaml"),
        Column("quantity", "as in the table of what a run can record"),
        Column("place", "a place, inside, outside or a passage"),
        Column("time", "when the figure holds", "ISO time with offset"),
        Column("low", "lowest; empty = best", "by the quantity", Need.NONE),
        Column("best", "the figure", "by the quantity"),
        Column("high", "highest; empty = best", "by the quantity", Need.NONE),
        Column("says", "exact, about, at_least or at_most"),
        Column("published", "when it was published; empty = at its time", "ISO time with offset", Need.NONE),
        SOURCE,
        Column("reporter", 'who says so, or "assumed"'),
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

ACTS = Table(
    "act_effects.csv",
    "What an act of a party changes from the day it is set; used by whatif --do alone.",
    (
        Column("act", "PARTY.ACT"),
        Column("effect", "drop or add"),
        Column("event", "id of events that do not happen, * for any ending; id of the event that is added"),
        Column("kind", "kind of the event that is added", need=Need.NONE),
        Column("target", "its target", need=Need.NONE),
        Column("value", "its value", "by the kind", Need.NONE),
        Column("to", "its to", need=Need.NONE),
        Column("days", "days after the act; empty = 0", "days", Need.NONE),
        Column("sets", "measures, as phase.name, that this decides by itself, with spaces between", need=Need.NONE),
        Column("about", "what is assumed, in words"),
        SOURCE,
        Column("reporter", 'who says so, or "assumed"'),
        NOTE,
    ),
    is_required=False,
    may_be_empty=True,
)

TIMELINE_TABLES = (STOCKS, INFLOWS, PASSAGES, OBSERVED, ACTS)

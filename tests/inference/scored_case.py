"""A case of one road and one count, small enough to work out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from safeconduct.ensemble import Ensemble
from safeconduct.ledger import Ledger, Observation
from safeconduct.scenario import Amount, Event, Parameter, People, Scenario, Target
from safeconduct.terms import Clock, Prior

START = datetime(2000, 1, 1, tzinfo=UTC)
ARRIVALS = ("cum_arrivals_persons", "gate")


def observation(hour, best, *, low=None, high=None, exact=True, key=ARRIVALS):
    """A figure so many hours after the start, in persons."""
    when = START + timedelta(hours=hour)
    ends = (best if low is None else low, best if high is None else high)
    return Observation(*key, when, ends[0], best, ends[1], "persons", exact, (), "")


def target(rows, *, key=ARRIVALS, inexact=()):
    """A target with these (hour, count) rows; the hours named in `inexact` are known by their day only."""
    return Target(*key, tuple(observation(h, y, exact=h not in inexact, key=key) for h, y in rows))


def scenario(*targets, present=105_000.0, hours=400.0, opening=None, places=()):
    """A case with these targets, `present` persons (sd 10,000) and perhaps a road that opens."""
    events = [] if opening is None else [event(opening)]
    prior = Prior("normal", (present, 10_000.0))
    return Scenario(
        key="tiny",
        title="Tiny",
        about="",
        clock=Clock(START, START + timedelta(hours=hours), 60.0),
        places=tuple(places),
        routes=(),
        checkpoints=(),
        people=(People("town", present, Amount(0.5), "assumed", "nobody"),),
        supplies=(),
        events=tuple(events),
        parameters={"persons_present": Parameter("persons_present", present, "persons", prior, "assumed")},
        targets=targets,
        record=(),
        headline=ARRIVALS,
        ledger=Ledger((), "none"),
        hash="tiny",
    )


def event(hour):
    """The road opens at this hour."""
    return Event("opening", START + timedelta(hours=hour), "open", "road", Amount(), "", 0.0, "nobody", "assumed")


def ensemble(series, hours):
    """Runs that recorded these series: {(quantity, place): [run, hour]}."""
    n = len(next(iter(series.values())))
    table = {key: np.asarray(values, dtype=float) for key, values in series.items()}
    return Ensemble(np.arange(n), np.asarray(hours, dtype=float), table, {}, {}, ())

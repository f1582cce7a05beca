"""A rule of an invented curfew: at night the pressure to leave counts for less, by a parameter of the case."""

from __future__ import annotations

from datetime import timedelta

from safeconduct.engine import Rule
from safeconduct.engine.tables import Tables
from safeconduct.engine.world import World
from safeconduct.terms import UsageError

FIRST, LAST = 20, 6  # hours of the day between which the curfew holds: assumed
SHARE = "curfew_share"


def hold_curfew(world: World, tables: Tables) -> None:
    """Let only a share of the pressure to leave count at night."""
    if SHARE not in tables.values:
        raise UsageError(f"the rule curfew needs the parameter {SHARE}; expected a share of 0 to 1 in case.yaml.")
    hour = (tables.scenario.clock.start + timedelta(hours=world.hour)).hour
    if hour >= FIRST or hour < LAST:
        world.pressure[:] *= tables.values[SHARE]


CURFEW = Rule("curfew", "At night only a share of the pressure to leave counts.", "feel_pressure", hold_curfew)

"""Coming home: who expects to, and when."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.people import OWN_PLACE, SHELTERED, schedule
from safeconduct.engine.tables import Tables
from safeconduct.engine.world import World
from safeconduct.terms import Draws, rate_from_half_life


def expect_return(world: World, tables: Tables, moving: NDArray[np.int32]) -> None:
    """Those housed away from a home that is reachable again get a date of return: a constant rate, one draw each.

    A share has left for good. Two classes of home, reachable and protected or not (the second never, here).
    """
    parties, v = world.parties, tables.values
    settled = np.isin(parties.state[moving], (SHELTERED, OWN_PLACE)) & ~world.expects[moving]
    away = moving[settled & world.reachable[parties.home[moving]]]
    if not away.size:
        return
    home = parties.home[away]
    slots = (tables.code[home] << np.uint64(32)) | (away - parties.first[home]).astype(np.uint64)
    draws = Draws(int(world.seed))
    back = away[draws.uniform("never returns", slots) >= v["never_return_share"]]
    slots = slots[np.isin(away, back)]
    wait = -np.log(draws.uniform("return", slots)) / rate_from_half_life(24 * v["return_half_life_days"])
    world.expects[away] = True
    for party, hours in zip(back, wait, strict=True):
        parties.ready[party] = max(parties.ready[party], world.hour) + hours
        schedule(parties, world.calendar_queue, party, max(parties.ready[party], world.until), tables.page_hours)

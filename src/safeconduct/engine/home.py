"""Coming home: who expects to, and when."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.people import OWN_ROOF, SHELTERED, schedule
from safeconduct.engine.tables import Tables
from safeconduct.engine.world import World
from safeconduct.terms import Draws, rate_from_half_life


def expect_return(world: World, tables: Tables, parties: NDArray[np.int32]) -> None:
    """Those under a roof away from a home that is reachable again get a date of return: a constant rate, one draw each.

    A share has left for good. Two classes of home, reachable and protected or not (the second never, here).
    """
    men, v = world.men, tables.values
    settled = np.isin(men.state[parties], (SHELTERED, OWN_ROOF)) & ~world.expects[parties]
    away = parties[settled & world.reachable[men.home[parties]]]
    if not away.size:
        return
    home = men.home[away]
    slots = (tables.code[home] << np.uint64(32)) | (away - men.first[home]).astype(np.uint64)
    draws = Draws(int(world.seed))
    back = away[draws.uniform("never returns", slots) >= v["never_return_share"]]
    slots = slots[np.isin(away, back)]
    wait = -np.log(draws.uniform("return", slots)) / rate_from_half_life(24 * v["return_half_life_days"])
    world.expects[away] = True
    for party, hours in zip(back, wait, strict=True):
        men.ready[party] = max(men.ready[party], world.hour) + hours
        schedule(men, world.bucket, party, max(men.ready[party], world.until), tables.page_hours)

"""All walkers, and places as they change: the part of the World that walks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.walk.data import Land
from safeconduct.engine.walk.tables import WalkTables


@dataclass
class Crowd:
    """All walkers, and places as they change. The part of the World that walks."""

    tables: WalkTables
    walkers: NDArray[Any]  # [walker] of WALKER
    land: Land
    road: NDArray[np.uint32]  # walkers under way, in its first `n_road`
    planned: NDArray[np.int64]  # [day] new walkers by the record
    population: NDArray[np.float64]  # [place] inhabitants, in walkers
    capacity: NDArray[np.float64]  # [place] walkers
    intensity: NDArray[np.float64]  # [place] of conflict; -1 = none
    since: NDArray[np.int64]  # [place] day of the last start of conflict, 0 where it is on from the start
    kind: list[str]  # [place]
    n_closures: NDArray[np.int64]  # [link]
    born: NDArray[np.int64]  # [place] walkers of each home
    sources: NDArray[np.float64]  # [place] weights of homes of new walkers
    owed: NDArray[np.float64]  # [place] parts of walkers that conflict has driven out and that make no whole one yet
    has_news: bool = True  # whether places may be other than yesterday
    n_road: int = 0
    n: int = 0
    day: int = 0

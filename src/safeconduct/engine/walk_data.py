"""The rows of memory that walkers, places, options and links take, and what a run holds fixed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESTS, WALKS = 0, 1
NOBODY, NO_ROUTE = -1, -1
AHEAD, HOPS_AHEAD = 512, 3  # walkers, and hops of a day of each, whose draws are made in one go

WALKER = np.dtype(
    [
        ("option", "i4"),  # the route it follows, where links are left of it
        ("km", "f4"),  # done on the link
        ("pace", "f4"),  # part of a day's distance walked of late, halved each day
        ("at", "i2"),  # place, or link while under way
        ("home", "i2"),  # place
        ("born", "i2"),  # day
        ("due", "i2"),  # day on which it moves on, while at rest
        ("entered", "i2"),  # day on which it took the link
        ("paced", "i2"),  # day for which the pace holds
        ("state", "i1"),
        ("group", "i1"),
        ("leg", "i1"),  # links done of its route
        ("has_arrived", "i1"),  # somewhere, ever
    ]
)
SPOT = np.dtype(
    [
        ("first", "i4"),  # options of a place: from `first` of this row to that of the next
        ("here", "i8"),  # walkers
        ("coming", "i8"),  # walkers who have chosen it and are not there yet
        ("blocked", "i8"),  # who would have moved today and could not
        ("room", "f8"),  # walkers; inf = no limit
        ("soon_full", "f8"),  # walkers from which on it pulls less
        ("chance", "f8"),  # of moving on in a day
        ("patience", "f8"),  # 1 / log(1 - chance): what the logarithm of a draw is worth in days
        ("is_camp", "i1"),
        ("is_town", "i1"),
    ]
)
OPTION = np.dtype([("end", "i4"), ("leg", "i4"), ("n_legs", "i4"), ("is_open", "i4"), ("divisor", "f8")])
LINK = np.dtype(
    [
        ("start", "i4"),
        ("end", "i4"),
        ("is_open", "i4"),
        ("closed_on", "i4"),  # day of the last closure
        ("km", "f8"),
        ("speed", "f8"),  # km a day
        ("walk_chance", "f8"),
    ]
)


class Land(NamedTuple):
    """Everything that walkers meet."""

    spots: NDArray[Any]  # [place + 1] of SPOT; the last row only ends the options
    options: NDArray[Any]  # of OPTION, place by place
    legs: NDArray[np.int32]  # links of each option
    links: NDArray[Any]  # of LINK
    pull: NDArray[np.float64]  # [group, option] today, before room and closeness to home; 0 = closed
    score: NDArray[np.float64]  # [group, place] today
    nearness: NDArray[np.float64]  # [place, place] factor for being close to home
    pulls: NDArray[np.float64]  # room for one choice
    slots: NDArray[np.uint64]  # room for the slots of a few walkers
    ahead: NDArray[np.float64]  # [hop, 0 and 1, walker] and for two draws for each hop of theirs
    marks: NDArray[np.uint64]  # bits of walkers, for putting some in order of birth; empty where nobody asks for it
    diary: NDArray[np.int32]  # [day] first walker of the day's page
    behind: NDArray[np.int32]  # [walker] the one behind it on the same page
    first: NDArray[np.int64]  # [day + 1] walkers born before each day


class Habits(NamedTuple):
    """Numbers and quirks, the same for the whole run."""

    seed: np.uint64
    weight_softening: float
    weight_power: float
    buffer: float  # share of its room from which on a place pulls less
    overflow: float
    pruning: float
    walk_km: float
    day_km: float
    starts_on_foot: bool
    avoids_short_stints: bool
    stays_close: bool
    no_gate: bool
    full_camp_stops: bool
    all_full_means_any: bool
    full_speed: bool
    only_beyond: bool
    turned_back_anyway: bool
    home_is_here: bool
    oldest_first: bool

"""The rows of memory that walkers, places, options and links take, and what a run holds fixed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESTS, WALKS = 0, 1
NO_ROUTE = -1
AHEAD, HOPS_AHEAD = 128, 4  # walkers, and hops of a day of each (even), whose draws are made in one go

WALKER = np.dtype(
    [  # what stands for a row of something is unsigned, as such a number needs no look whether it counts from the end
        ("option", "i4"),  # the route it follows, where links are left of it
        ("at", "u4"),  # place, or link while under way
        ("home", "u4"),  # place
        ("km", "f4"),  # done on the link
        ("pace", "f4"),  # part of a day's distance walked of late, halved each day
        ("born", "u2"),  # day
        ("entered", "i2"),  # day on which it took the link
        ("paced", "i2"),  # day for which the pace holds
        ("leg", "u2"),  # links done of its route
        ("group", "u2"),
        ("state", "i1"),
        ("has_arrived", "i1"),  # somewhere, ever
    ]
)
SPOT = np.dtype(
    [
        ("first", "u4"),  # options of a place: from `first` of this row to that of the next
        ("here", "i8"),  # walkers
        ("coming", "i8"),  # walkers who have chosen it and are not there yet
        ("blocked", "i8"),  # who would have moved today and could not
        ("room", "f8"),  # walkers; inf = no limit
        ("soon_full", "f8"),  # walkers from which on it pulls less
        ("room_left", "f8"),  # factor on its pull: 1 with room
        ("chance", "f8"),  # of moving on in a day
        ("patience", "f8"),  # 1 / log(1 - chance): what the logarithm of a draw is worth in days
        ("is_camp", "i1"),
        ("is_town", "i1"),
    ]
)
OPTION = np.dtype([("end", "u4"), ("leg", "u4"), ("n_legs", "u4"), ("is_open", "i4"), ("divisor", "f8")])
LINK = np.dtype(
    [
        ("start", "u4"),
        ("end", "u4"),
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
    legs: NDArray[np.uint32]  # links of each option
    links: NDArray[Any]  # of LINK
    pull: NDArray[np.float64]  # [group, option] today, before room and closeness to home; 0 = closed
    score: NDArray[np.float64]  # [group, place] today
    chance: NDArray[np.float64]  # [group, place] of moving on in a day, where groups differ in it
    nearness: NDArray[np.float64]  # [place, place] factor for being close to home
    pulls: NDArray[np.float64]  # room for one choice
    slots: NDArray[np.uint64]  # room for the slots of a few walkers
    ahead: NDArray[np.float64]  # [hop, walker] and for a draw for each hop of theirs
    due: NDArray[np.int16]  # [walker] day on which it moves on, or goes on
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
    by_group: bool  # whether groups differ in their chance of moving on

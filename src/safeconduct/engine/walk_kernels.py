"""Walkers one by one: who sets out today, where to, and how far they come. Only those who move cost anything.

Someone at rest draws once how many days it stays (a waiting time, the same law as a coin every day) and stands on that
day's page of the diary. If the chance of moving on changes where it is, it draws again. Draws are named by day and hop,
and a walker's slot is its day of birth and its number on that day, so nobody's luck depends on anybody else's.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from math import floor, log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safeconduct.engine.random import HALF, uniform
from safeconduct.terms import stream_number

RESTS, WALKS = 0, 1
NOBODY, NO_ROUTE = -1, -1
LATEST = 32000  # a day after all days; fits 16 bits
MOST_HOPS = 255  # in a day; a day's draws are told apart by hop
HALF_A_DAY = 0.5
HOME, GROUP = np.uint64(stream_number("walk: home")), np.uint64(stream_number("walk: group"))
WAIT, WAIT_AGAIN = np.uint64(stream_number("walk: wait")), np.uint64(stream_number("walk: wait again"))
WAY, GOES_ON = np.uint64(stream_number("walk: way")), np.uint64(stream_number("walk: goes on"))
ON_FOOT = np.uint64(stream_number("walk: on foot"))


class Walkers(NamedTuple):
    """People (or as many as one walker stands for), one row each."""

    at: NDArray[np.int16]  # [walker] place, or link while under way
    state: NDArray[np.int8]
    group: NDArray[np.int8]
    on_first_link: NDArray[np.int8]
    home: NDArray[np.int16]  # place
    born: NDArray[np.int16]  # day
    due: NDArray[np.int16]  # day on which it moves on, while at rest
    entered: NDArray[np.int16]  # day on which it took the link
    next: NDArray[np.int32]  # the walker behind on the same page of the diary
    option: NDArray[np.int32]  # the route it follows, where links are left of it
    leg: NDArray[np.int8]  # links done of that route
    km: NDArray[np.float32]  # done on the link
    pace: NDArray[np.float32]  # part of a day's distance walked of late, halved each day
    paced: NDArray[np.int16]  # day for which the pace holds


class Ways(NamedTuple):
    """Routes that people can think of: options of each place, and the links of each."""

    first: NDArray[np.int32]  # [place + 1] options of a place
    end: NDArray[np.int32]  # [option] place
    divisor: NDArray[np.float64]  # [option] softened distance to its power
    is_open: NDArray[np.bool_]  # [option] all its links
    leg_first: NDArray[np.int32]  # [option + 1]
    legs: NDArray[np.int32]  # links
    link_start: NDArray[np.int32]
    link_end: NDArray[np.int32]
    link_km: NDArray[np.float64]
    speed: NDArray[np.float64]  # [link] km a day
    walk_chance: NDArray[np.float64]  # [link]
    link_open: NDArray[np.bool_]
    closed_on: NDArray[np.int32]  # [link] day of the last closure


class Spots(NamedTuple):
    """Places as walkers find them today."""

    here: NDArray[np.int64]  # [place] walkers
    coming: NDArray[np.int64]  # [place] walkers who have chosen it and are not there yet
    blocked: NDArray[np.int64]  # [place] who would have moved today and could not
    room: NDArray[np.float64]  # [place] walkers; inf = no limit
    score: NDArray[np.float64]  # [group, place]
    nearness: NDArray[np.float64]  # [place, place] factor for being close to home
    chance: NDArray[np.float64]  # [place] of moving on in a day
    is_camp: NDArray[np.bool_]
    is_town: NDArray[np.bool_]


class Habits(NamedTuple):
    """Numbers and quirks, the same for the whole run."""

    seed: np.uint64
    n_days: int
    weight_softening: float
    weight_power: float
    buffer: float
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
    by_birth: bool


@njit(cache=True, inline="always")
def slot_of(w: Walkers, first: NDArray[np.int64], a: int) -> np.uint64:
    """A walker's slot: day of birth above its number on that day."""
    born = w.born[a]
    return (np.uint64(born) << HALF) | np.uint64(a - first[born])


@njit(cache=True)
def days_to_wait(chance: float, draw: float) -> int:
    """Days until the first success at this chance a day: 1, 2, ..."""
    if chance >= 1.0:
        return 1
    if chance <= 0.0:
        return LATEST
    days = 1.0 + floor(log(draw) / log(1.0 - chance))
    return int(min(days, float(LATEST)))


@njit(cache=True)
def write_page(w: Walkers, diary: NDArray[np.int32], a: int, day: int) -> None:
    """Put a walker at rest on a page of the diary; none after the last day."""
    w.due[a] = min(day, LATEST)
    if day < diary.size:
        w.next[a] = diary[day]
        diary[day] = a


@njit(cache=True)
def rest(w: Walkers, spots: Spots, diary: NDArray[np.int32], h: Habits, a: int, slot: np.uint64, day: int) -> None:
    """Rest where one is, after today's moves; who follows a route goes on tomorrow."""
    w.state[a] = RESTS
    wait = 1
    if w.option[a] == NO_ROUTE:
        wait = days_to_wait(spots.chance[w.at[a]], uniform(h.seed, WAIT, slot, np.uint64(day)))
    write_page(w, diary, a, day + wait)


@njit(cache=True)
def room_left(spots: Spots, h: Habits, place: int) -> float:
    """Factor on a place's pull: 1 with room, falling from the buffer on; beyond capacity what the rules say."""
    room = spots.room[place]
    if room == np.inf:
        return 1.0
    n = spots.here[place]
    if h.no_gate:
        if n <= h.buffer * room:
            return 1.0
        return 0.0 if n >= room else 1.0 - (n - h.buffer * room) / (room * (1.0 - h.buffer))
    n += spots.coming[place]
    if n + 1 > room:
        return h.overflow
    if n <= h.buffer * room:
        return 1.0
    return max(h.overflow, 1.0 - (n - h.buffer * room) / (room * (1.0 - h.buffer)))


@njit(cache=True)
def weight(w: Walkers, ways: Ways, spots: Spots, h: Habits, a: int, place: int, option: int) -> float:
    """How much an option pulls a walker."""
    end = ways.end[option]
    score = spots.score[w.group[a], end]
    if h.stays_close:
        score *= spots.nearness[place if h.home_is_here else w.home[a], end]
    pull = (h.weight_softening + score) / ways.divisor[option] * room_left(spots, h, end)
    return pull if h.weight_power == 1.0 else pull**h.weight_power


@njit(cache=True)
def choose(
    w: Walkers, ways: Ways, spots: Spots, h: Habits, pulls: NDArray[np.float64], a: int, place: int, draw: float
) -> int:
    """The option that a walker takes, or NO_ROUTE."""
    first, last = ways.first[place], ways.first[place + 1]
    total, best, n_open = 0.0, 0.0, 0
    for option in range(first, last):
        pull = 0.0
        if ways.is_open[option]:
            n_open += 1
            pull = weight(w, ways, spots, h, a, place, option)
            best = max(best, pull)
        pulls[option - first] = pull
        total += pull
    if h.pruning > 1.0:
        total = 0.0
        for k in range(last - first):
            if pulls[k] < best / h.pruning:
                pulls[k] = 0.0
            total += pulls[k]
    if total == 0.0 and h.all_full_means_any and n_open:
        for k in range(last - first):
            pulls[k] = 1.0 if ways.is_open[first + k] else 0.0
        total = float(n_open)
    if total <= 0.0:
        return NO_ROUTE
    sought, chosen = draw * total, NO_ROUTE
    for k in range(last - first):
        if pulls[k] > 0.0:
            chosen = first + k
            sought -= pulls[k]
            if sought < 0.0:
                break
    return chosen


@njit(cache=True)
def drop_route(w: Walkers, ways: Ways, spots: Spots, a: int) -> None:
    """Forget the route; whoever keeps a place for the walker need not."""
    if w.option[a] != NO_ROUTE:
        spots.coming[ways.end[w.option[a]]] -= 1
        w.option[a] = NO_ROUTE


@njit(cache=True)
def set_off(
    w: Walkers, ways: Ways, spots: Spots, h: Habits, pulls: NDArray[np.float64], a: int, slot: np.uint64, moment: int
) -> bool:
    """Take the next link of one's route, after choosing one where there is none; False = stays where it is."""
    place = w.at[a]
    if w.option[a] == NO_ROUTE:
        draw = uniform(h.seed, WAY, slot, np.uint64(moment))
        w.option[a] = choose(w, ways, spots, h, pulls, a, place, draw)
        if w.option[a] == NO_ROUTE:
            return False
        w.leg[a] = 0
        spots.coming[ways.end[w.option[a]]] += 1
    option = w.option[a]
    end = ways.end[option]
    if h.full_camp_stops and spots.is_camp[end] and room_left(spots, h, end) < HALF_A_DAY:
        drop_route(w, ways, spots, a)
        return False
    link = ways.legs[ways.leg_first[option] + w.leg[a]]
    if not ways.link_open[link]:
        drop_route(w, ways, spots, a)
        return False
    w.leg[a] += 1
    if ways.leg_first[option] + w.leg[a] == ways.leg_first[option + 1]:
        w.option[a] = NO_ROUTE
    spots.here[place] -= 1
    w.at[a], w.state[a], w.km[a], w.entered[a] = link, WALKS, 0.0, moment >> 8
    return True


@njit(cache=True)
def begin_lives(
    w: Walkers, first: NDArray[np.int64], low: int, high: int, cumulative: NDArray[np.float64],
    group_share: NDArray[np.float64], spots: Spots, diary: NDArray[np.int32], h: Habits, born: NDArray[np.int64],
    day: int,
) -> None:  # fmt: skip
    """Walkers low..high of today: a home by cumulative weight, a group, and the first day on which they may go."""
    for a in range(low, high):
        w.born[a] = day
        slot = slot_of(w, first, a)
        sought = uniform(h.seed, HOME, slot, np.uint64(0)) * cumulative[-1]
        home = np.searchsorted(cumulative, sought, side="right")
        w.at[a], w.home[a], w.paced[a] = home, home, day
        w.state[a], w.option[a], w.on_first_link[a] = RESTS, NO_ROUTE, 1
        spots.here[home] += 1
        born[home] += 1
        if group_share.shape[0] > 1:
            draw = uniform(h.seed, GROUP, slot, np.uint64(0))
            for group in range(group_share.shape[0]):
                w.group[a] = group
                draw -= group_share[group, home]
                if draw < 0.0:
                    break
        wait = days_to_wait(spots.chance[home], uniform(h.seed, WAIT_AGAIN, slot, np.uint64(day)))
        write_page(w, diary, a, day + wait - 1)


@njit(cache=True)
def wait_anew(
    w: Walkers, first: NDArray[np.int64], changed: NDArray[np.bool_], spots: Spots, diary: NDArray[np.int32],
    h: Habits, day: int, n: int,
) -> None:  # fmt: skip
    """Rewrite the diary: who rests where the chance of moving on has changed draws anew how long to stay."""
    diary[:] = NOBODY
    for a in range(n):
        if w.state[a] != RESTS:
            continue
        due = w.due[a]
        if changed[w.at[a]] and w.option[a] == NO_ROUTE:
            draw = uniform(h.seed, WAIT_AGAIN, slot_of(w, first, a), np.uint64(day))
            due = day + days_to_wait(spots.chance[w.at[a]], draw) - 1
        write_page(w, diary, a, due)


@njit(cache=True)
def decide(
    w: Walkers, first: NDArray[np.int64], ways: Ways, spots: Spots, diary: NDArray[np.int32], h: Habits,
    pulls: NDArray[np.float64], road: NDArray[np.int32], n_road: int, day: int,
) -> int:  # fmt: skip
    """Let everybody on today's page set out, or stay where no way is open; returns how many are now under way."""
    a = diary[day]
    diary[day] = NOBODY
    n_due = n_road
    while a != NOBODY:
        road[n_due] = a
        n_due += 1
        a = w.next[a]
    due = road[n_road:n_due]
    if h.by_birth:
        due.sort()
    for k in range(due.size):
        a = due[k]
        slot = slot_of(w, first, a)
        place = w.at[a]
        if set_off(w, ways, spots, h, pulls, a, slot, day << 8):
            road[n_road] = a
            n_road += 1
        else:
            spots.blocked[place] += 1
            rest(w, spots, diary, h, a, slot, day)
    if h.by_birth:
        road[:n_road].sort()
    return n_road


@njit(cache=True)
def speed_of(w: Walkers, ways: Ways, h: Habits, a: int, slot: np.uint64, moment: int) -> float:
    """Km a day on the link that a walker is on."""
    link = w.at[a]
    if h.starts_on_foot and w.on_first_link[a]:
        return h.walk_km
    chance = ways.walk_chance[link]
    if chance > 0.0 and uniform(h.seed, ON_FOOT, slot, np.uint64(moment)) < chance:
        return h.walk_km
    return ways.speed[link]


@njit(cache=True)
def is_turned_back(w: Walkers, ways: Ways, h: Habits, a: int) -> bool:
    """Whether the link that a walker comes to the end of is closed to it."""
    link = w.at[a]
    if h.turned_back_anyway:
        return not ways.link_open[link] or ways.closed_on[link] > w.entered[a]
    return not ways.link_open[link]


@njit(cache=True)
def arrive(w: Walkers, ways: Ways, spots: Spots, h: Habits, a: int) -> bool:
    """Enter the place at the end of the link, or go back to its start; whether the walker may go on today."""
    link = w.at[a]
    w.on_first_link[a] = 0
    if is_turned_back(w, ways, h, a):
        if w.option[a] == NO_ROUTE:
            spots.coming[ways.link_end[link]] -= 1
        w.at[a] = ways.link_start[link]
        spots.here[w.at[a]] += 1
        drop_route(w, ways, spots, a)
        return False
    w.at[a] = ways.link_end[link]
    spots.here[w.at[a]] += 1
    if w.option[a] == NO_ROUTE:
        spots.coming[w.at[a]] -= 1
    return True


@njit(cache=True)
def walk_a_day(
    w: Walkers, first: NDArray[np.int64], ways: Ways, spots: Spots, diary: NDArray[np.int32], h: Habits,
    pulls: NDArray[np.float64], road: NDArray[np.int32], n_road: int, day: int,
) -> int:  # fmt: skip
    """Move everybody under way through the day, over several links where they are short; returns who still is."""
    left = 0
    for k in range(n_road):
        a = road[k]
        slot = slot_of(w, first, a)
        moved, time_left, moment = 0.0, 1.0, day << 8
        pace = w.pace[a] * 0.5 ** (day - w.paced[a]) if h.avoids_short_stints else 0.0
        while True:
            link = w.at[a]
            speed = speed_of(w, ways, h, a, slot, moment)
            reach = speed if h.full_speed else speed * time_left
            need = ways.link_km[link] - w.km[a]
            if reach < need - 1e-6 or (h.only_beyond and reach <= need):
                w.km[a] += reach
                moved += reach
                road[left] = a
                left += 1
                break
            moved += need
            time_left -= need / speed
            goes_on = arrive(w, ways, spots, h, a)
            has_time = moved < speed if h.full_speed else time_left > 1e-6
            moment += 1
            if not goes_on or not has_time or (moment & MOST_HOPS) == MOST_HOPS:
                rest(w, spots, diary, h, a, slot, day)
                break
            share = moved / h.day_km
            hurries = h.avoids_short_stints and spots.is_town[w.at[a]] and (pace + share) / 2.0 < HALF_A_DAY
            if w.option[a] == NO_ROUTE and not hurries:
                goes_on = uniform(h.seed, GOES_ON, slot, np.uint64(moment)) < spots.chance[w.at[a]]
            if not goes_on or not set_off(w, ways, spots, h, pulls, a, slot, moment):
                rest(w, spots, diary, h, a, slot, day)
                break
        if h.avoids_short_stints:
            w.pace[a], w.paced[a] = (pace + moved / h.day_km) / 2.0, day + 1
    return left

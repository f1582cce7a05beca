"""Walkers one by one: who sets out today, where to, and how far they come. Only those who move cost anything.

Someone at rest draws once how many days it stays (a waiting time, the same law as a coin every day) and notes the day
on which it is due; who is under way is due every day. If the chance of moving on changes where it is, it draws again.
Draws are named by day and hop, and a walker's slot is its day of birth and its number on that day, so no walker's luck
depends on another's.

Small functions are inlined, and each walker is one row of memory, because a call and a cache line cost more than a hop.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from math import floor, log, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import kernel, part_of_kernel
from safeconduct.engine.kernels.random import HALF, log_of, uniform, uniform_pair
from safeconduct.engine.walk.data import AHEAD, HOPS_AHEAD, NO_ROUTE, RESTS, WALKS, Habits, Land
from safeconduct.terms import stream_number

LATEST = 32000  # a day after all days; fits 16 bits
MOST_HOPS = 255  # in a day; a day's draws are told apart by hop
HALF_FULL = 0.5
HALF_A_DAY = 0.5
NEAR = 1e-6  # km, days: less is none
BIRTH = np.uint64(stream_number("walk: birth"))
WAIT, WAIT_AGAIN = np.uint64(stream_number("walk: wait")), np.uint64(stream_number("walk: wait again"))
HOP, ON_FOOT = np.uint64(stream_number("walk: hop")), np.uint64(stream_number("walk: on foot"))
TURN = np.uint64(stream_number("walk: turn"))


@part_of_kernel
def slot_of(one: Any, first: NDArray[np.int64], a: int) -> np.uint64:
    """A walker's slot: day of birth above its number on that day."""
    return (np.uint64(one.born) << HALF) | np.uint64(a - first[one.born])


@part_of_kernel
def days_to_wait(one: Any, land: Land, h: Habits, draw: float) -> int:
    """Days until the first success at the place's chance a day: 1, 2, ..."""
    days, spot = 1.0, land.spots[one.at]
    if h.by_group:
        chance = land.chance[one.group, one.at]
        if chance <= 0.0:
            days = float(LATEST)
        elif chance < 1.0:
            days = min(1.0 + floor(log(draw) / log1p(-chance)), float(LATEST))
    elif spot.chance < 1.0:
        days = min(1.0 + floor(log_of(draw) * spot.patience), float(LATEST))
    return int(days)


@part_of_kernel
def rest(one: Any, land: Land, h: Habits, a: int, draw: float, day: int) -> None:
    """Rest where one is, after today's moves; who follows a route goes on tomorrow."""
    one.state = RESTS
    wait = 1
    if one.option == NO_ROUTE:
        wait = days_to_wait(one, land, h, draw)
    land.due[a] = min(day + wait, LATEST)


@part_of_kernel
def count(spot: Any, h: Habits, here: int, coming: int) -> None:
    """Add to the walkers at a place and to those on the way to it."""
    spot.here += here
    spot.coming += coming
    spot.room_left = room_left(spot, h)


@part_of_kernel
def room_left(spot: Any, h: Habits) -> float:
    """Factor on a place's pull: 1 with room, falling from the buffer on; beyond capacity what the rules say."""
    factor = 1.0
    n = spot.here if h.no_gate else spot.here + spot.coming
    if n > spot.soon_full:
        factor = 1.0 - (n - spot.soon_full) / (spot.room * (1.0 - h.buffer)) if n < spot.room else 0.0
        if not h.no_gate:
            factor = h.overflow if n + 1 > spot.room else max(factor, h.overflow)
    return factor


@part_of_kernel
def pull_of(one: Any, land: Land, h: Habits, place: int, k: int) -> float:
    """How much an open option pulls a walker; a closed one has no pull."""
    pull = float(land.pull[one.group, k])
    end = land.options[k].end
    if h.stays_close and pull > 0.0:
        near = land.nearness[place if h.home_is_here else one.home, end]
        pull = (h.weight_softening + land.score[one.group, end] * near) / land.options[k].divisor
        pull = pull if h.weight_power == 1.0 else float(pull**h.weight_power)
    factor = land.spots[end].room_left
    pull *= factor if h.weight_power == 1.0 else float(factor**h.weight_power)
    return pull


@part_of_kernel
def prune(pulls: NDArray[np.float64], n: int, factor: float) -> None:
    """Drop options that are weaker than the best by more than a factor."""
    best = 0.0
    for k in range(n):
        best = max(best, pulls[k])
    for k in range(n):
        if pulls[k] < best / factor:
            pulls[k] = 0.0


@part_of_kernel
def add_up(pulls: NDArray[np.float64], n: int) -> float:
    """Turn pulls into their running sums; returns the last."""
    total = 0.0
    for k in range(n):
        total += pulls[k]
        pulls[k] = total
    return total


@part_of_kernel
def choose(one: Any, land: Land, h: Habits, place: int, draw: float) -> int:
    """The option that a walker takes, or NO_ROUTE."""
    first, last, pulls = land.spots[place].first, land.spots[place + 1].first, land.pulls
    for k in range(first, last):
        pulls[k - first] = pull_of(one, land, h, place, k)
    if h.pruning > 1.0:
        prune(pulls, last - first, h.pruning)
    total = add_up(pulls, last - first)
    if total == 0.0 and h.all_full_means_any:
        for k in range(first, last):
            pulls[k - first] = 1.0 if land.options[k].is_open else 0.0
        total = add_up(pulls, last - first)
    sought, chosen = draw * total, NO_ROUTE
    if sought < total:
        chosen = first
        for k in range(last - first):  # counting has no branch that a processor could guess wrong
            chosen += pulls[k] <= sought
    return chosen


@part_of_kernel
def set_off(one: Any, land: Land, h: Habits, draw: float, day: int) -> bool:
    """Take the next link of one's route, after choosing one where there is none; False = stays where it is."""
    place = one.at
    if one.option == NO_ROUTE:
        one.option = choose(one, land, h, place, draw)
        one.leg = 0
        if one.option != NO_ROUTE:
            count(land.spots[land.options[one.option].end], h, 0, 1)
    goes = False
    if one.option != NO_ROUTE:
        option = land.options[one.option]
        end = land.spots[option.end]
        link = land.legs[option.leg + one.leg]
        is_stopped = h.full_camp_stops and end.is_camp and end.room_left < HALF_FULL
        if is_stopped or not land.links[link].is_open:
            count(end, h, 0, -1)
            one.option = NO_ROUTE
        else:
            goes = True
            one.leg += 1
            if one.leg == option.n_legs:
                one.option = NO_ROUTE
            count(land.spots[place], h, -1, 0)
            one.at, one.state, one.km, one.entered = link, WALKS, 0.0, day
    return goes


@kernel
def begin_lives(
    w: NDArray[Any], low: int, high: int, land: Land, h: Habits, day: int,
    cumulative: NDArray[np.float64], group_share: NDArray[np.float64], born: NDArray[np.int64],
) -> None:  # fmt: skip
    """Walkers low..high of today: a home by cumulative weight, a group, and the first day on which they may go."""
    for a in range(low, high):
        one = w[a]
        one.born, one.paced = day, day
        slot = slot_of(one, land.first, a)
        sought, draw = uniform_pair(h.seed, BIRTH, slot, np.uint64(0))
        sought *= cumulative[-1]
        home = 0
        for place in range(cumulative.size):
            home += cumulative[place] <= sought
        one.at, one.home, one.state, one.option = home, home, RESTS, NO_ROUTE
        land.spots[home].here += 1
        born[home] += 1
        for group in range(group_share.shape[0]):
            one.group = group
            draw -= group_share[group, home]
            if draw < 0.0:
                break
        land.due[a] = day
        if land.spots[home].chance < 1.0 or h.by_group:
            draw = uniform(h.seed, WAIT_AGAIN, slot, np.uint64(day))
            land.due[a] = min(day + days_to_wait(one, land, h, draw) - 1, LATEST)


@kernel
def wait_anew(w: NDArray[Any], n: int, land: Land, h: Habits, day: int, changed: NDArray[np.bool_]) -> None:
    """Let those at rest where the chance of moving on has changed draw anew how long to stay."""
    for a in range(n):
        one = w[a]
        if one.state == RESTS and one.option == NO_ROUTE and changed[one.at]:
            draw = uniform(h.seed, WAIT_AGAIN, slot_of(one, land.first, a), np.uint64(day))
            land.due[a] = min(day + days_to_wait(one, land, h, draw) - 1, LATEST)


@part_of_kernel
def list_due(
    some: NDArray[np.uint32], due: NDArray[np.int16], n: int, oldest_first: bool, seed: np.uint64, day: int
) -> int:
    """List who is due today in order of birth, from the oldest or from whom the day's draw names; returns how many."""
    first, n_due = 0, 0
    if not oldest_first:
        first = int(n * uniform(seed, TURN, np.uint64(0), np.uint64(day)))
    for low, high in ((first, n), (0, first)):
        for a in range(low, high):  # without a branch that a processor could guess wrong
            some[n_due] = a
            n_due += due[a] == day
    return n_due


@part_of_kernel
def draw_ahead(w: NDArray[Any], some: NDArray[np.uint32], land: Land, h: Habits, moment: int, n_hops: int) -> None:
    """One number for each of the next hops of some walkers, all in one go: who chooses must not wait for a draw."""
    slots, ahead = land.slots, land.ahead
    for k in range(some.size):
        slots[k] = slot_of(w[some[k]], land.first, some[k])
    for hop in range(0, n_hops, 2):
        for k in range(some.size):
            ahead[hop, k], ahead[hop + 1, k] = uniform_pair(h.seed, HOP, slots[k], np.uint64(moment + hop))


@kernel
def decide(w: NDArray[Any], n: int, land: Land, h: Habits, road: NDArray[np.uint32], day: int) -> int:
    """Let everybody at rest who is due set out, or stay where no way is open; lists and counts who is under way."""
    for place in range(land.spots.size):
        land.spots[place].room_left = room_left(land.spots[place], h)
    n_due, n_road = list_due(road, land.due, n, h.oldest_first, h.seed, day), 0
    for low in range(0, n_due, AHEAD):
        high = min(low + AHEAD, n_due)
        draw_ahead(w, road[low:high], land, h, day << 8, 2)
        for k in range(low, high):
            a = road[k]
            one = w[a]
            place = one.at
            if one.state == WALKS or set_off(one, land, h, land.ahead[0, k - low], day):
                road[n_road] = a
                n_road += 1
            else:
                land.spots[place].blocked += 1
                rest(one, land, h, a, land.ahead[1, k - low], day)
    return n_road


@part_of_kernel
def speed_of(one: Any, land: Land, h: Habits, slot: np.uint64, moment: int) -> float:
    """Km a day on the link that a walker is on."""
    link = land.links[one.at]
    is_on_foot = h.starts_on_foot and not one.has_arrived
    if link.walk_chance > 0.0:
        is_on_foot |= uniform(h.seed, ON_FOOT, slot, np.uint64(moment)) < link.walk_chance
    return h.walk_km if is_on_foot else float(link.speed)


@part_of_kernel
def arrive(one: Any, land: Land, h: Habits) -> bool:
    """Enter the place at the end of the link, or go back to its start; whether the walker may go on today."""
    link = land.links[one.at]
    is_last = one.option == NO_ROUTE
    goes_on = bool(link.is_open)
    if h.turned_back_anyway and link.closed_on > one.entered:
        goes_on = False
    if is_last:
        count(land.spots[link.end], h, 0, -1)
    elif not goes_on:
        count(land.spots[land.options[one.option].end], h, 0, -1)
        one.option = NO_ROUTE
    one.at = link.end if goes_on else link.start
    one.has_arrived = 1
    count(land.spots[one.at], h, 1, 0)
    return goes_on


@part_of_kernel
def walk_today(one: Any, land: Land, h: Habits, a: int, row: int, day: int) -> bool:
    """Move one walker through the day, over several links where they are short; whether it is still under way."""
    moved, time_left, moment = 0.0, 1.0, day << 8
    slot, hop = land.slots[row], 0
    pace = one.pace * 0.5 ** (day - one.paced) if h.avoids_short_stints else 0.0
    is_moving = True
    while is_moving:
        speed = speed_of(one, land, h, slot, moment)
        reach = speed if h.full_speed else speed * time_left
        need = land.links[one.at].km - one.km
        if reach < need - NEAR or (h.only_beyond and reach <= need):
            one.km += reach
            moved += reach
            break
        moved += need
        if not h.full_speed:
            time_left -= need / speed
        draw = land.ahead[hop, row] if hop < HOPS_AHEAD else uniform(h.seed, HOP, slot, np.uint64(moment + 2))
        moment += 1
        hop += 1
        is_moving = arrive(one, land, h) and hop < MOST_HOPS
        is_moving = is_moving and (moved < speed if h.full_speed else time_left > NEAR)
        if is_moving:
            spot = land.spots[one.at]
            hurries = h.avoids_short_stints and spot.is_town and (pace + moved / h.day_km) / 2.0 < HALF_A_DAY
            if not (hurries or one.option != NO_ROUTE):
                chance = land.chance[one.group, one.at] if h.by_group else spot.chance
                is_moving = draw < chance
                draw = draw / chance if is_moving else (draw - chance) / (1.0 - chance)
            if is_moving and not set_off(one, land, h, draw, day):
                is_moving = False
                draw = uniform(h.seed, WAIT, slot, np.uint64(day))  # the other chose a way that was no way
        if not is_moving:
            rest(one, land, h, a, draw, day)
    if h.avoids_short_stints:
        one.pace, one.paced = (pace + moved / h.day_km) / 2.0, day + 1
    return is_moving


@kernel
def walk_a_day(w: NDArray[Any], land: Land, h: Habits, road: NDArray[np.uint32], n_road: int, day: int) -> int:
    """Move everybody under way through the day; returns how many still are."""
    left = 0
    for low in range(0, n_road, AHEAD):
        high = min(low + AHEAD, n_road)
        draw_ahead(w, road[low:high], land, h, (day << 8) + 1, HOPS_AHEAD)
        for k in range(low, high):
            a = road[k]
            if walk_today(w[a], land, h, a, k - low, day):
                land.due[a] = day + 1
                road[left] = a
                left += 1
    return left

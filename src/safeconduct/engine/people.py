"""Leave? Kernels over parties: people who travel together, one slot each."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.compile import kernel
from safeconduct.engine.queues import BUS, CAR, Travellers
from safeconduct.engine.random import HALF, uniform
from safeconduct.terms import stream_number

# States of a party, in the order of a journey. Wishing: decided, but no way out is open, so not getting ready yet.
HOME, WISHING, READYING, WAITING, ON_ROAD, WALKING, RIDING, REACHED, RECEIVED, SHELTERED, OWN_ROOF, HOME_AGAIN = range(
    12
)

SIZE_STREAM = np.uint64(stream_number("party size"))
CATEGORY_STREAM = np.uint64(stream_number("category at checkpoints"))
CAR_STREAM = np.uint64(stream_number("own vehicle"))
FIRST = np.uint64(0)


@kernel
def party_size(u: float, mean: float) -> int:
    """Persons in a party: one plus a Poisson number, by inversion of one draw."""
    chance = np.exp(-(mean - 1.0))
    total, size = chance, 1
    while u > total and size < 60:
        chance *= (mean - 1.0) / size
        total += chance
        size += 1
    return size


@kernel
def raise_parties(
    persons: NDArray[np.int64],
    code: NDArray[np.uint64],
    car_share: NDArray[np.float64],
    mean_car: float,
    mean_group: float,
    seed: np.uint64,
    size_out: NDArray[np.int16],
    mode_out: NDArray[np.int8],
    first: NDArray[np.int64],
) -> int:
    """Share every place's people into parties; with empty outputs only count them. Returns how many parties.

    The last party of a place takes who is left, so persons always sum to what was given. `first` gets the number of
    each place's first party, and the total at its end.
    """
    n = 0
    for place in range(persons.size):
        first[place] = n
        left, k = persons[place], np.uint64(0)
        while left > 0:
            slot = (code[place] << HALF) | k
            has_car = uniform(seed, CAR_STREAM, slot, FIRST) < car_share[place]
            size = party_size(uniform(seed, SIZE_STREAM, slot, FIRST), mean_car if has_car else mean_group)
            size = min(size, left)
            if size_out.size:
                size_out[n], mode_out[n] = size, CAR if has_car else BUS
            left -= size
            n += 1
            k += np.uint64(1)
    first[persons.size] = n
    return n


@kernel
def draw_below(
    out: NDArray[np.int8], first: NDArray[np.int64], code: NDArray[np.uint64], stream: np.uint64,
    seed: np.uint64, chance: float,
) -> None:  # fmt: skip
    """For every party: whether its own draw of a stream lies below a chance."""
    for place in range(code.size):
        for party in range(first[place], first[place + 1]):
            slot = (code[place] << HALF) | np.uint64(party - first[place])
            out[party] = uniform(seed, stream, slot, FIRST) < chance


@kernel
def draw_category(
    out: NDArray[np.int8],
    first: NDArray[np.int64],
    code: NDArray[np.uint64],
    upper: NDArray[np.float64],
    seed: np.uint64,
) -> None:
    """Every party's category at checkpoints, 0 = none of its own; `upper`[i] bounds the draws of category i + 1."""
    for place in range(code.size):
        for party in range(first[place], first[place + 1]):
            slot = (code[place] << HALF) | np.uint64(party - first[place])
            u, category = uniform(seed, CATEGORY_STREAM, slot, FIRST), 0
            for i in range(upper.size - 1, -1, -1):
                if u < upper[i]:
                    category = i + 1
            out[party] = category


@kernel
def own_draw(men: Travellers, party: int, stream: np.uint64, seed: np.uint64) -> float:
    """The party's own number in a stream."""
    home = men.home[party]
    return float(uniform(seed, stream, (men.code[home] << HALF) | np.uint64(party - men.first[home]), FIRST))


@kernel
def page_of(hour: float, width: float) -> int:
    """The page of the diary that holds an hour. Hours of steps are rounded, so an edge is met with some play."""
    return int(hour / width + 1e-6)


@kernel
def schedule(parties_next: NDArray[np.int32], bucket: NDArray[np.int32], party: int, hour: float, width: float) -> None:
    """Write a party into the diary for the interval in which its hour lies; beyond the end it is left out."""
    page = page_of(hour, width)
    if page < bucket.size:
        parties_next[party] = bucket[page]
        bucket[page] = party


@kernel
def decide(
    men: Travellers,
    threshold: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
    next_threshold: NDArray[np.float64],
    felt: NDArray[np.float64],
    drifted: NDArray[np.float64],
    now: NDArray[np.float64],
    before: float,
    hour: float,
) -> None:
    """Parties whose threshold the pressure has passed decide to leave; `ready` keeps the hour of deciding.

    `order` lists each home's parties by threshold and `decided` how many have decided, so only those who decide are
    touched. Pressure drifted from `felt` to `drifted` since the hour before (the time of deciding is interpolated),
    then jumped to `now` with the events of this hour. All are [place].
    """
    for place in range(felt.size):
        i, stop = decided[place], men.first[place + 1]
        while i < stop and threshold[order[i]] <= max(now[place], drifted[place]):
            party = order[i]
            when = hour
            if threshold[party] <= drifted[place]:
                rise = drifted[place] - felt[place]
                part = (threshold[party] - felt[place]) / rise if rise > 0 else 1.0
                when = before + min(max(part, 0.0), 1.0) * (hour - before)
            men.state[party] = WISHING
            men.ready[party] = when
            i += 1
        decided[place] = i
        next_threshold[place] = threshold[order[i]] if i < stop else np.inf


@kernel
def get_ready(
    men: Travellers,
    delay: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
    prepared: NDArray[np.int64],
    way_since: NDArray[np.float64],
    bucket: NDArray[np.int32],
    hour: float,
    width: float,
) -> None:
    """Those who have decided get ready once a way out of where they are is open, and are written into the diary.

    Nobody packs for a road that is known to be closed (assumed): readiness counts from the later of deciding and
    `way_since` [category, place], the hour from which a way is open; inf while none
    is. `prepared` [home] says how far along `order` parties have been asked since ways were last planned.
    """
    for home in range(prepared.size):
        for i in range(prepared[home], decided[home]):
            party = order[i]
            since = way_since[men.category[party], men.at[party]] if men.state[party] == WISHING else np.inf
            if since <= hour:
                men.state[party] = READYING
                men.ready[party] = max(max(men.ready[party], since) + delay[party], hour)
                schedule(men.next, bucket, party, men.ready[party], width)
        prepared[home] = decided[home]


@kernel
def fall_due(men: Travellers, bucket: NDArray[np.int32], page: int, until: float, due: NDArray[np.int32]) -> int:
    """Take from a page of the diary those whose hour lies before `until`; list them and return how many."""
    n, party = 0, bucket[page] if page < bucket.size else -1
    if party >= 0:
        bucket[page] = -1
    while party >= 0:
        behind = men.next[party]
        if men.ready[party] < until:
            due[n] = party
            n += 1
        else:
            men.next[party] = bucket[page]
            bucket[page] = party
        party = behind
    return n


@kernel
def count_people(
    men: Travellers, at_place: NDArray[np.float64], on_road: NDArray[np.float64], hour: float, bus_units: int
) -> None:
    """Count everybody where they are at an hour.

    at_place[4, place]: persons there, waiting to leave, in organised shelter, under their own roof.
    on_road[4, queue]: vehicles, persons, vehicles standing, and the room these take, in cars.
    """
    for party in range(men.at.size):
        state, at, n = men.state[party], men.at[party], men.persons[party]
        if state == ON_ROAD:
            on_road[0, at] += 1
            on_road[1, at] += n
            rider = men.rider[party]
            while rider >= 0:
                on_road[1, at] += men.persons[rider]
                rider = men.rider[rider]
            if men.ready[party] <= hour:
                on_road[2, at] += 1
                on_road[3, at] += bus_units if men.mode[party] == BUS else 1
        elif state == WALKING:
            on_road[1, at] += n
        elif state != RIDING:
            at_place[0, at] += n
            if state in (WAITING, WISHING):
                at_place[1, at] += n
            elif state == SHELTERED:
                at_place[2, at] += n
            elif state == OWN_ROOF:
                at_place[3, at] += n

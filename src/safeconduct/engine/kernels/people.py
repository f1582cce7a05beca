"""Leave? Kernels over parties: people who travel together, one slot each."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import inner_kernel, kernel, part_of_kernel, phase_kernel
from safeconduct.engine.kernels.queues import BUS, CAR, Travellers
from safeconduct.engine.kernels.random import HALF, uniform
from safeconduct.terms import stream_number

# States of a party, in the order of a journey. Wishing: decided, but no way out is open, so not getting ready yet.
(
    HOME,
    WISHING,
    READYING,
    WAITING,
    ON_ROAD,
    WALKING,
    RIDING,
    REACHED,
    RECEIVED,
    SHELTERED,
    OWN_PLACE,
    HOME_AGAIN,
) = range(12)

# Rows of what is kept by place of all persons: who is there, whatever for; who wishes to leave or waits for means; who
# is in organised shelter, in own arrangements. Cases with phases keep the first and count the others anew.
THERE, BLOCKED, IN_SHELTER, IN_OWN_PLACE = range(4)

SIZE_STREAM = np.uint64(stream_number("party size"))
CATEGORY_STREAM = np.uint64(stream_number("category at checkpoints"))
CAR_STREAM = np.uint64(stream_number("own vehicle"))
FIRST = np.uint64(0)


@inner_kernel
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


@inner_kernel
def own_draw(parties: Travellers, party: int, stream: np.uint64, seed: np.uint64) -> float:
    """The party's own number in a stream."""
    home = parties.rows[party].home
    return float(uniform(seed, stream, (parties.code[home] << HALF) | np.uint64(party - parties.first[home]), FIRST))


@kernel
def page_of(hour: float, width: float) -> int:
    """The page of the calendar queue that holds an hour; hours of steps are rounded, so an edge has some play."""
    return int(hour / width + 1e-6)


@kernel
def schedule(parties: Travellers, calendar_queue: NDArray[np.int32], party: int, hour: float, width: float) -> None:
    """Write a party into the calendar queue for the interval in which its hour lies; beyond the end it is left out."""
    page = page_of(hour, width)
    if page < calendar_queue.size:
        parties.rows[party].next = calendar_queue[page]
        calendar_queue[page] = party


@kernel
def press(
    pressure: NDArray[np.float64], threat: NDArray[np.float64], gone: NDArray[np.float64],
    signal: NDArray[np.float64], food: NDArray[np.float64], here: NDArray[np.float64],
    food_use: NDArray[np.float64], has_food: bool, comfort_days: float, threat_weight: float,
    hardship_weight: float, gone_weight: float, signal_weight: float, distrust: float,
) -> None:  # fmt: skip
    """[place] pressure: weighed threat, hardship (little food), share gone and signals, less trust."""
    for place in range(pressure.size):
        hardship = 0.0
        if has_food and here[place] > 0:
            days = food[place] / (here[place] * max(food_use[place], 1e-9))
            hardship = 1.0 - min(1.0, days / comfort_days)
        pressure[place] = (
            threat_weight * threat[place]
            + hardship_weight * hardship
            + gone_weight * gone[place]
            + signal_weight * signal[place]
            - distrust
        )


@kernel
def use_up(
    stock: NDArray[np.float64], persons: NDArray[np.float64], use_per_day: NDArray[np.float64], days: float
) -> None:
    """[place] take from a stock what so many persons use in so many days; none is left at most."""
    for place in range(stock.size):
        stock[place] = max(stock[place] - persons[place] * use_per_day[place] * days, 0.0)


@phase_kernel
def decide(
    parties: Travellers,
    threshold: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
    next_threshold: NDArray[np.float64],
    felt: NDArray[np.float64],
    jump: NDArray[np.float64],
    pressure: NDArray[np.float64],
    before: float,
    hour: float,
    blocked: NDArray[np.float64],
) -> bool:
    """Parties whose threshold the pressure has passed decide to leave; `ready` keeps the hour of deciding.

    `order` lists each home's parties by threshold and `decided` how many have decided, so only those who decide are
    touched. Pressure drifted from `felt` since the hour before (the time of deciding is interpolated), then made a
    `jump` with the events of this hour. All are [place]. Returns whether any has decided.
    """
    is_new = False
    for place in range(felt.size):
        i, stop, drifted = decided[place], parties.first[place + 1], pressure[place] - jump[place]
        highest = max(pressure[place], drifted)
        if next_threshold[place] > highest:
            continue
        while i < stop and threshold[order[i]] <= highest:
            party = order[i]
            who, when = parties.rows[party], hour
            if threshold[party] <= drifted:
                rise = drifted - felt[place]
                part = (threshold[party] - felt[place]) / rise if rise > 0 else 1.0
                when = before + min(max(part, 0.0), 1.0) * (hour - before)
            who.state, who.ready = WISHING, when
            blocked[who.at] += who.persons
            i += 1
        is_new |= i > decided[place]
        decided[place] = i
        next_threshold[place] = threshold[order[i]] if i < stop else np.inf
    return is_new


@phase_kernel
def get_ready(
    parties: Travellers,
    delay: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
    prepared: NDArray[np.int64],
    way_since: NDArray[np.float64],
    calendar_queue: NDArray[np.int32],
    hour: float,
    width: float,
    blocked: NDArray[np.float64],
) -> None:
    """Those who have decided get ready once a way out of where they are is open, and enter the calendar queue.

    No party packs for a road that is known to be closed (assumed): readiness counts from the later of deciding and
    `way_since` [category, place], the hour from which a way is open; inf while none
    is. `prepared` [home] says how far along `order` parties have been asked since ways were last planned.
    """
    for home in range(prepared.size):
        for i in range(prepared[home], decided[home]):
            party: Any = np.int64(order[i])
            who = parties.rows[party]
            since = way_since[who.category, who.at] if who.state == WISHING else np.inf
            if since <= hour:
                who.state = READYING
                blocked[who.at] -= who.persons
                who.ready = max(max(who.ready, since) + delay[party], hour)
                schedule(parties, calendar_queue, party, who.ready, width)
        prepared[home] = decided[home]


@part_of_kernel
def is_before(parties: Travellers, one: int, other: int) -> bool:
    """Whether a party's hour comes before another's; at the same hour the lower number does."""
    first, second = parties.rows[one].ready, parties.rows[other].ready
    return bool(first < second or (first == second and one < other))


@kernel
def put_in_order(parties: Travellers, moving: NDArray[np.int32], n: int) -> None:
    """Sort the first `n` of these parties by their hour, then by number (heapsort: no room needed)."""
    for i in range(1, n):
        if is_before(parties, moving[i], moving[i - 1]):
            break
    else:
        return
    for turn in range(n // 2 + n - 1):
        start, end = (n // 2 - 1 - turn, n) if turn < n // 2 else (0, n + n // 2 - 1 - turn)
        if turn >= n // 2:
            moving[0], moving[end] = moving[end], moving[0]
        top, hole = moving[start], start
        while 2 * hole + 1 < end:
            child = 2 * hole + 1
            if child + 1 < end and is_before(parties, moving[child], moving[child + 1]):
                child += 1
            if not is_before(parties, top, moving[child]):
                break
            moving[hole] = moving[child]
            hole = child
        moving[hole] = top


@phase_kernel
def fall_due(
    parties: Travellers, calendar_queue: NDArray[np.int32], page: int, until: float, due: NDArray[np.int32]
) -> tuple[int, int]:
    """Take from a page of the calendar queue those whose hour lies before `until`; list them by hour.

    Returns how many they are, and how many of them get ready to leave home.
    """
    n: Any = np.int64(0)
    n_readying = 0
    party = calendar_queue[page] if page < calendar_queue.size else -1
    if party >= 0:
        calendar_queue[page] = -1
    while party >= 0:
        who = parties.rows[party]
        behind = who.next
        if who.ready < until:
            due[n] = party
            n += 1
            n_readying += who.state == READYING
        else:
            who.next = calendar_queue[page]
            calendar_queue[page] = party
        party = behind
    put_in_order(parties, due, n)
    return int(n), n_readying


@phase_kernel
def gather(
    parties: Travellers, is_left: NDArray[np.bool_], to: int, share: float, stream: np.uint64, seed: np.uint64,
    there: NDArray[np.float64],
) -> None:  # fmt: skip
    """A share of those who have not left, and are at one of some places, move to another; each by its own draw."""
    for party in range(parties.rows.size):
        who = parties.rows[party]
        if who.state > WAITING or not is_left[who.at] or own_draw(parties, party, stream, seed) >= share:
            continue
        for row in range(2 if who.state == WISHING or who.state == WAITING else 1):
            there[row, who.at] -= who.persons
            there[row, to] += who.persons
        who.at = to

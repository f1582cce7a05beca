"""Leave? And by what means. Kernels over parties: people who travel together, one slot each."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from safeconduct.engine.random import HALF, uniform
from safeconduct.engine.road import BUS, CAR, FOOT, Roads, Travellers
from safeconduct.terms import stream_number

# States of a party, in the order of a journey.
HOME, READYING, WAITING, ON_ROAD, WALKING, RIDING, REACHED, RECEIVED, SHELTERED, OWN_ROOF, HOME_AGAIN = range(11)

SIZE_STREAM = np.uint64(stream_number("party size"))
CAR_STREAM = np.uint64(stream_number("own vehicle"))
FUEL_STREAM = np.uint64(stream_number("own fuel"))
WALK_STREAM = np.uint64(stream_number("sets out on foot"))
ROOF_STREAM = np.uint64(stream_number("asks for organised shelter"))
CHOICE_STREAM = np.uint64(stream_number("destination"))
LAG_STREAM = np.uint64(stream_number("registration lag"))
RETURN_STREAM = np.uint64(stream_number("return"))
FIRST = np.uint64(0)


@njit(cache=True)
def party_size(u: float, mean: float) -> int:
    """Persons in a party: one plus a Poisson number, by inversion of one draw."""
    chance = np.exp(-(mean - 1.0))
    total, size = chance, 1
    while u > total and size < 60:
        chance *= (mean - 1.0) / size
        total += chance
        size += 1
    return size


@njit(cache=True)
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


@njit(cache=True)
def draw_below(
    out: NDArray[np.int8], first: NDArray[np.int64], code: NDArray[np.uint64], stream: np.uint64,
    seed: np.uint64, chance: float,
) -> None:  # fmt: skip
    """For every party: whether its own draw of a stream lies below a chance."""
    for place in range(code.size):
        for party in range(first[place], first[place + 1]):
            slot = (code[place] << HALF) | np.uint64(party - first[place])
            out[party] = uniform(seed, stream, slot, FIRST) < chance


@njit(cache=True)
def schedule(parties_next: NDArray[np.int32], bucket: NDArray[np.int32], party: int, hour: float, width: float) -> None:
    """Write a party into the diary for the interval in which its hour lies; beyond the end it is left out."""
    page = int(hour / width + 1e-9)
    if page < bucket.size:
        parties_next[party] = bucket[page]
        bucket[page] = party


@njit(cache=True)
def decide(
    men: Travellers,
    threshold: NDArray[np.float32],
    delay: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
    bucket: NDArray[np.int32],
    felt: NDArray[np.float64],
    drifted: NDArray[np.float64],
    now: NDArray[np.float64],
    before: float,
    hour: float,
    width: float,
) -> None:
    """Parties whose threshold the pressure has passed decide, get ready, and are written into the diary.

    `order` lists each home's parties by threshold and `decided` how many have decided, so only those who decide are
    touched. Pressure drifted from `felt` to `drifted` since the hour before (the time of deciding is interpolated),
    then jumped to `now` with the events of this hour. All are [place].
    """
    for place in range(felt.size):
        i, stop = decided[place], men.slot[place + 1]
        while i < stop and threshold[order[i]] <= max(now[place], drifted[place]):
            party = order[i]
            when = hour
            if threshold[party] <= drifted[place]:
                rise = drifted[place] - felt[place]
                part = (threshold[party] - felt[place]) / rise if rise > 0 else 1.0
                when = before + min(max(part, 0.0), 1.0) * (hour - before)
            men.state[party] = READYING
            men.ready[party] = max(when + delay[party], hour)
            schedule(men.next, bucket, party, men.ready[party], width)
            i += 1
        decided[place] = i


@njit(cache=True)
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


@njit(cache=True)
def own_draw(men: Travellers, party: int, stream: np.uint64, seed: np.uint64) -> float:
    """The party's own number in a stream."""
    home = men.home[party]
    return float(uniform(seed, stream, (men.code[home] << HALF) | np.uint64(party - men.slot[home]), FIRST))


class Shelters(NamedTuple):
    """Where a journey may end; S shelters, P places."""

    place: NDArray[np.int32]  # [shelter]
    goal: NDArray[np.int32]  # [shelter] index among goals
    at: NDArray[np.int32]  # [place] shelter, -1 if none
    pull: NDArray[np.float64]  # [shelter] persons: ties
    room: NDArray[np.float64]  # [shelter] persons that organised shelter can still take
    nearness: NDArray[np.float64]  # [place, shelter] km to the power -distance_exponent
    reachable: NDArray[np.bool_]  # [place, shelter]
    asks: NDArray[np.int8]  # [party] 1 = asks for organised shelter


@njit(cache=True)
def weight_of(houses: Shelters, place: int, shelter: int, asks: bool) -> float:
    """Pull of a shelter on a party at a place: room left if it asks for shelter, else ties; both fall with distance."""
    if not houses.reachable[place, shelter]:
        return 0.0
    pull = max(houses.room[shelter], 0.0) if asks else houses.pull[shelter]
    return float(pull * houses.nearness[place, shelter])


@njit(cache=True)
def choose_shelter(men: Travellers, party: int, place: int, houses: Shelters, seed: np.uint64) -> int:
    """The goal a party goes on to, -1 if none can be reached; its room is kept. Who finds no room falls back on ties."""
    asks, total = houses.asks[party] == 1, 0.0
    for s in range(houses.pull.size):
        total += weight_of(houses, place, s, asks)
    if asks and total <= 0.0:
        asks, houses.asks[party] = False, 0
        for s in range(houses.pull.size):
            total += weight_of(houses, place, s, asks)
    mark, choice = own_draw(men, party, CHOICE_STREAM, seed) * total, -1
    for s in range(houses.pull.size):
        weight = weight_of(houses, place, s, asks)
        if weight > 0.0:
            choice = s
            mark -= weight
            if mark <= 0.0:
                break
    if choice < 0:
        return -1
    if asks:
        houses.room[choice] -= men.persons[party]
    return int(houses.goal[choice])


@njit(cache=True)
def find_means(
    men: Travellers,
    has_fuel: NDArray[np.int8],
    walks: NDArray[np.int8],
    fuel: NDArray[np.float64],
    fuel_needed: float,
    first_goal: NDArray[np.int32],
    houses: Shelters,
    parties: NDArray[np.int32],
    hour: float,
    going: NDArray[np.int32],
    waiting: NDArray[np.int32],
    seed: np.uint64,
) -> tuple[int, int]:
    """Who of these parties, in order, can go now: a way, and a vehicle with fuel or feet. Returns how many go and wait.

    Fuel that a place has is taken in order of being ready. Who waits is kept in order, and leaves no earlier than `hour`.
    Where no reception can be reached, a party heads for a shelter of its own choice.
    """
    n_going, n_waiting = 0, 0
    for party in parties:
        place = men.at[party]
        can_go = first_goal[place] >= 0 or houses.reachable[place].any()
        if can_go and men.mode[party] == BUS and walks[party]:
            men.mode[party] = FOOT
        if can_go and men.mode[party] == CAR and not has_fuel[party]:
            can_go = fuel[place] >= fuel_needed
        goal = -1
        if can_go and men.mode[party] != BUS:
            goal = first_goal[place]
            if goal < 0:
                goal = choose_shelter(men, party, place, houses, seed)
        if goal < 0:
            men.state[party] = WAITING
            waiting[n_waiting] = party
            n_waiting += 1
            continue
        if men.mode[party] == CAR and not has_fuel[party]:
            fuel[place] -= fuel_needed
        men.destination[party] = goal
        men.ready[party] = max(men.ready[party], hour)
        going[n_going] = party
        n_going += 1
    return n_going, n_waiting


@njit(cache=True)
def board(men: Travellers, waiting: NDArray[np.int32], place: int, goal: int, seats: int, hour: float) -> int:
    """Seat waiting parties without a vehicle on one bus, first come first served; the first leads. Returns it, or -1."""
    leader, last, free = -1, -1, seats
    for party in waiting:
        if men.state[party] != WAITING or men.at[party] != place or men.mode[party] != BUS:
            continue
        if men.persons[party] > free:
            continue
        free -= men.persons[party]
        men.state[party] = RIDING
        men.destination[party] = goal
        men.ready[party] = hour
        if leader < 0:
            leader = party
        else:
            men.rider[last] = party
        last = party
        if free == 0:
            break
    return leader


@njit(cache=True)
def book_departures(
    men: Travellers, parties: NDArray[np.int32], departed: NDArray[np.float64], here: NDArray[np.float64],
    bin_hours: float,
) -> None:  # fmt: skip
    """Write down who leaves for good, by home and interval, riders included; who is on foot sets out at once."""
    for leader in parties:
        party = leader
        while party >= 0:
            men.left[party] = men.ready[leader]
            page = min(int(men.ready[leader] / bin_hours), departed.shape[1] - 1)
            departed[men.home[party], page] += men.persons[party]
            here[men.at[party]] -= men.persons[party]
            if party == leader:
                men.state[party] = WALKING if men.mode[party] == FOOT else ON_ROAD
            party = men.rider[party]


@njit(cache=True)
def start_walking(men: Travellers, roads: Roads, parties: NDArray[np.int32]) -> None:
    """Put those on foot at the start of their first link."""
    for party in parties:
        hop = roads.next_hop[men.category[party], men.destination[party], men.at[party]]
        men.at[party] = roads.connector[hop]


@njit(cache=True)
def receive(
    men: Travellers,
    arrived: NDArray[np.int32],
    is_reception: NDArray[np.bool_],
    houses: Shelters,
    here: NDArray[np.float64],
    registered: NDArray[np.float64],
    lag_hours: float,
    stay_hours: float,
    bin_hours: float,
    bucket: NDArray[np.int32],
    now: float,
    width: float,
    seed: np.uint64,
) -> None:
    """Those who reached a goal are home again, sheltered, or registered and sent on.

    At a place that is no shelter a party is registered (with a lag: what a register would have reported), chooses
    where to go, and is written into the diary to go on after `stay_hours`, in a vehicle of whatever kind.
    """
    for party in arrived:
        place = men.at[party]
        here[place] += men.persons[party]
        if place == men.home[party]:
            men.state[party] = HOME_AGAIN
        elif houses.at[place] >= 0:
            men.state[party] = SHELTERED if houses.asks[party] == 1 else OWN_ROOF
        else:
            if is_reception[place]:
                lag = -np.log(own_draw(men, party, LAG_STREAM, seed)) * lag_hours
                page = int((men.ready[party] + lag) / bin_hours)
                if page < registered.shape[1]:
                    registered[place, page] += men.persons[party]
            men.state[party] = RECEIVED
            goal = choose_shelter(men, party, place, houses, seed)
            if goal >= 0:
                men.mode[party] = CAR
                men.destination[party] = goal
                men.ready[party] += stay_hours
                schedule(men.next, bucket, party, max(men.ready[party], now), width)


@njit(cache=True)
def plan(
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    cost: NDArray[np.float64],
    passable: NDArray[np.bool_],
    goals: NDArray[np.int32],
    hop: NDArray[np.int32],
    cost_to: NDArray[np.float64],
) -> None:
    """Least-cost ways from everywhere to every goal: hop[goal, place] is the link to take, cost_to its cost.

    Labels are corrected until none changes (Bellman 1958); a few dozen places need no heap.
    """
    for g in range(goals.size):
        for place in range(hop.shape[1]):
            hop[g, place], cost_to[g, place] = -1, np.inf
        cost_to[g, goals[g]] = 0.0
        changed = True
        while changed:
            changed = False
            for i in range(start.size):
                if passable[i]:
                    through = cost_to[g, end[i]] + cost[i]
                    if through < cost_to[g, start[i]] - 1e-9:
                        cost_to[g, start[i]], hop[g, start[i]] = through, i
                        changed = True


@njit(cache=True)
def count_people(
    men: Travellers, persons_at: NDArray[np.float64], waiting_at: NDArray[np.float64],
    sheltered: NDArray[np.float64], own_roof: NDArray[np.float64],
    vehicles_on: NDArray[np.float64], persons_on: NDArray[np.float64], standing_on: NDArray[np.float64],
    hour: float, bus_units: int,
) -> None:  # fmt: skip
    """Count everybody where they are at an hour, by place and by queue; `standing_on` in cars of room."""
    for party in range(men.at.size):
        state, at, n = men.state[party], men.at[party], men.persons[party]
        if state == ON_ROAD:
            persons_on[at] += n
            rider = men.rider[party]
            while rider >= 0:
                persons_on[at] += men.persons[rider]
                rider = men.rider[rider]
            vehicles_on[at] += 1
            if men.ready[party] <= hour:
                standing_on[at] += bus_units if men.mode[party] == BUS else 1
        elif state == WALKING:
            persons_on[at] += n
        elif state != RIDING:
            persons_at[at] += n
            if state == WAITING:
                waiting_at[at] += n
            elif state == SHELTERED:
                sheltered[at] += n
            elif state == OWN_ROOF:
                own_roof[at] += n

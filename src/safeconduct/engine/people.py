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

# States of a party, in the order of a journey. Wishing: decided, but no way out is open, so not getting ready yet.
HOME, WISHING, READYING, WAITING, ON_ROAD, WALKING, RIDING, REACHED, RECEIVED, SHELTERED, OWN_ROOF, HOME_AGAIN = range(
    12
)

NO_FUEL, HAS_FUEL, LOOKING = range(3)  # what a party with a vehicle has

SIZE_STREAM = np.uint64(stream_number("party size"))
CAR_STREAM = np.uint64(stream_number("own vehicle"))
SEARCH_STREAM = np.uint64(stream_number("time to find fuel"))
FUEL_STREAM = np.uint64(stream_number("own fuel"))
LIFT_STREAM = np.uint64(stream_number("has room for others"))
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
def page_of(hour: float, width: float) -> int:
    """The page of the diary that holds an hour. Hours of steps are rounded, so an edge is met with some play."""
    return int(hour / width + 1e-6)


@njit(cache=True)
def schedule(parties_next: NDArray[np.int32], bucket: NDArray[np.int32], party: int, hour: float, width: float) -> None:
    """Write a party into the diary for the interval in which its hour lies; beyond the end it is left out."""
    page = page_of(hour, width)
    if page < bucket.size:
        parties_next[party] = bucket[page]
        bucket[page] = party


@njit(cache=True)
def decide(
    men: Travellers,
    threshold: NDArray[np.float32],
    order: NDArray[np.int32],
    decided: NDArray[np.int64],
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


@njit(cache=True)
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
    """Those who have decided get ready once a way out of their home is open, and are written into the diary.

    Nobody packs for a road that is known to be closed (assumed): readiness counts from the later of deciding and
    `way_since` [place], the hour from which a way is open; inf while none is.
    """
    for place in range(way_since.size):
        if way_since[place] <= hour:
            for i in range(prepared[place], decided[place]):
                party = order[i]
                men.state[party] = READYING
                men.ready[party] = max(max(men.ready[party], way_since[place]) + delay[party], hour)
                schedule(men.next, bucket, party, men.ready[party], width)
            prepared[place] = decided[place]


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
    return float(uniform(seed, stream, (men.code[home] << HALF) | np.uint64(party - men.first[home]), FIRST))


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
def has_fuel_by(
    men: Travellers, fuel_state: NDArray[np.int8], fuel: NDArray[np.float64], needed: float, search_hours: float,
    party: int, hour: float, until: float, seed: np.uint64,
) -> bool:  # fmt: skip
    """Whether a party with a vehicle can go before `until`, and then from which hour (`ready`).

    It has fuel, or takes what was released where it is, or looks for some and finds it after a time of its own.
    """
    if fuel_state[party] == HAS_FUEL:
        men.ready[party] = max(men.ready[party], hour)
        return True
    place = men.at[party]
    if fuel_state[party] == NO_FUEL:
        fuel_state[party] = LOOKING
        men.ready[party] = max(men.ready[party], hour)
        if fuel[place] < needed:
            men.ready[party] += -np.log(own_draw(men, party, SEARCH_STREAM, seed)) * search_hours
            return bool(men.ready[party] < until)
    if fuel[place] >= needed:
        fuel[place] -= needed
        men.ready[party] = hour if men.state[party] == WAITING else max(men.ready[party], hour)
        return True
    return bool(men.ready[party] < until)


@njit(cache=True)
def find_means(
    men: Travellers,
    fuel_state: NDArray[np.int8],
    walks: NDArray[np.int8],
    fuel: NDArray[np.float64],
    needed: float,
    search_hours: float,
    first_goal: NDArray[np.int32],
    houses: Shelters,
    parties: NDArray[np.int32],
    hour: float,
    until: float,
    going: NDArray[np.int32],
    waiting: NDArray[np.int32],
    seed: np.uint64,
) -> tuple[int, int]:
    """Who of these parties, in order, goes in this step: a way, and a vehicle with fuel, or feet. Counts of both lists.

    Fuel that a place has is taken in order of being ready. Who cannot go waits, in order.
    Where no reception can be reached, a party heads for a shelter of its own choice.
    """
    n_going, n_waiting = 0, 0
    for party in parties:
        place = men.at[party]
        can_go = first_goal[place] >= 0 or houses.reachable[place].any()
        if can_go and men.mode[party] == BUS and walks[party]:
            men.mode[party] = FOOT
            men.ready[party] = max(men.ready[party], hour)
        if can_go and men.mode[party] == CAR:
            can_go = has_fuel_by(men, fuel_state, fuel, needed, search_hours, party, hour, until, seed)
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
        men.destination[party] = goal
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
def give_lifts(
    men: Travellers, going: NDArray[np.int32], waiting: NDArray[np.int32], has_room: NDArray[np.int8], n_places: int
) -> int:
    """Vehicles with room take along one party each of those who wait at the same place, first come first served.

    Who is taken along is struck from `waiting`. Returns how many still wait.
    """
    first, behind = np.full(n_places, -1, np.int32), np.full(waiting.size, -1, np.int32)
    for i in range(waiting.size - 1, -1, -1):
        place = men.at[waiting[i]]
        behind[i], first[place] = first[place], i
    for leader in going:
        place = men.at[leader]
        i = first[place]
        if i < 0 or not has_room[leader] or men.mode[leader] == FOOT:
            continue
        first[place] = behind[i]
        rider = waiting[i]
        men.state[rider], men.rider[leader] = RIDING, rider
        men.destination[rider] = men.destination[leader]
    n = 0
    for party in waiting:
        if men.state[party] == WAITING:
            waiting[n] = party
            n += 1
    return n


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
        men.at[party] = roads.queues[hop].connector


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
            if state == WAITING or state == WISHING:
                waiting_at[at] += n
            elif state == SHELTERED:
                sheltered[at] += n
            elif state == OWN_ROOF:
                own_roof[at] += n

"""Loops over parties for a case with phases: wishes, passages, refuge, dates of return, the way home."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.compile import inner_kernel, kernel, phase_kernel
from safeconduct.engine.kernels.means import FUEL_STREAM, HAS_FUEL, NO_FUEL
from safeconduct.engine.kernels.people import (
    HOME,
    HOME_AGAIN,
    ON_ROAD,
    OWN_PLACE,
    READYING,
    RIDING,
    SHELTERED,
    WAITING,
    WALKING,
    WISHING,
    own_draw,
    schedule,
)
from safeconduct.engine.kernels.queues import CAR, Travellers
from safeconduct.engine.kernels.random import HALF, log_of, uniform
from safeconduct.terms import stream_number

RETURN_STREAM = np.uint64(stream_number("return"))
PASSAGE_STREAM = np.uint64(stream_number("hour of passage"))
DAY = 24.0
LOG_HALF = 0.6931471805599453


@phase_kernel
def weigh_up(
    men: Travellers, threshold: NDArray[np.float32], delay: NDArray[np.float32], pressure: NDArray[np.float64],
    margin: float, way_since: NDArray[np.float64], tank: float, bucket: NDArray[np.int32], hour: float, width: float,
    seed: np.uint64,
) -> int:  # fmt: skip
    """Every party at home weighs leaving anew; returns how many of those who waited have dropped the wish.

    Pressure at or above its threshold: it wishes to leave. Pressure `margin` below: it drops the wish, unless it is
    already getting ready. Parties that wish it get ready once everyone may leave by an open way; then its tank counts.
    """
    dropped = 0
    for party in range(men.rows.size):
        who = men.rows[party]
        state = who.state
        if state in (HOME, HOME_AGAIN):
            if pressure[who.at] >= threshold[party]:
                who.state, who.ready = WISHING, hour
        elif state in (WISHING, WAITING) and pressure[who.at] < threshold[party] - margin:
            who.state = HOME if np.isnan(who.left) else HOME_AGAIN
            dropped += state == WAITING
        if who.state == WISHING and way_since[who.at] <= hour:
            who.state = READYING
            who.ready = max(max(who.ready, way_since[who.at]) + delay[party], hour)
            who.fuel = HAS_FUEL if own_draw(men, party, FUEL_STREAM, seed) < tank else NO_FUEL
            schedule(men, bucket, party, who.ready, width)
    return dropped


@phase_kernel
def take_refuge(
    men: Travellers, gathers: NDArray[np.float32], threat: NDArray[np.float64], way_since: NDArray[np.float64],
    refuges: NDArray[np.int32], is_refuge: NDArray[np.bool_], here: NDArray[np.float64],
) -> float:  # fmt: skip
    """Parties under fire that have no way out move to a refuge, by turns; returns how many persons moved."""
    moved, turn = 0.0, 0
    for party in range(men.rows.size):
        who = men.rows[party]
        if who.state != HOME and who.state != HOME_AGAIN and who.state != WISHING:
            continue
        if is_refuge[who.at] or threat[who.at] < gathers[party] or way_since[who.at] < np.inf:
            continue
        to = refuges[turn % refuges.size]
        turn += 1
        here[who.at] -= who.persons
        here[to] += who.persons
        who.at = to
        moved += who.persons
    return moved


@phase_kernel
def let_through(
    men: Travellers, line: NDArray[np.int32], first_goal: NDArray[np.int32], category: int,
    allowed: float, one_in: int, hour: float, until: float, bucket: NDArray[np.int32], width: float,
    has_room: NDArray[np.int8], seed: np.uint64,
) -> float:  # fmt: skip
    """Let parties of a category go, in their line, as many persons as are allowed; those who wish to leave come first.

    They go at an hour of their own within the step. Returns how many real persons were let through.
    """
    passed = 0.0
    for turn in range(2):
        for i in range(line.size):
            party = line[i]
            if men.rows[party].category == category:
                continue
            who = men.rows[party]
            waits = who.state == WISHING or who.state == WAITING
            if (turn == 0 and not waits) or (turn == 1 and who.state != HOME and who.state != HOME_AGAIN):
                continue
            size = float(who.persons * one_in)
            if first_goal[category, who.at] < 0 or size > allowed - passed:
                continue
            who.category = category
            has_room[party] = 0  # no other party passes in its vehicle
            if who.state != WAITING:
                who.state, who.fuel = READYING, HAS_FUEL
                who.ready = hour + own_draw(men, party, PASSAGE_STREAM, seed) * (until - hour)
                schedule(men, bucket, party, who.ready, width)
            who.fuel = HAS_FUEL
            if who.mode != CAR:
                who.mode = CAR  # brought out in the escort's vehicles
            passed += size
    return passed


@kernel
def add_room(
    admits: NDArray[np.int64], is_out: NDArray[np.bool_], limit: NDArray[np.float64], asks: NDArray[np.float64],
    days: float, largest: float, fewest: float, saved_days: float, asked_days: float, credit: NDArray[np.float64],
    wanting: NDArray[np.float64], cum_allowed: NDArray[np.float64], ready: NDArray[np.int64],
) -> int:  # fmt: skip
    """Over so many days, what posts that are not open to everyone may let through grows, and so does who asks.

    Returns how many passages out have room for at least the `fewest` persons; `ready` names them.
    """
    n = 0
    for i in range(limit.size):
        if admits[i] & 1:
            credit[i], wanting[i] = 0.0, 0.0
        else:
            allowed = limit[i] * days
            cum_allowed[i] += allowed
            credit[i] += allowed
            wanting[i] += asks[i] * days
        credit[i] = min(credit[i], max(limit[i] * saved_days, largest)) if limit[i] > 0.0 else 0.0
        wanting[i] = min(wanting[i], max(asks[i] * asked_days, largest))
        if is_out[i] and not admits[i] & 1 and min(credit[i], wanting[i]) >= fewest:
            ready[n] = i
            n += 1
    return n


@inner_kernel
def return_wait(men: Travellers, party: int, number: int, half_life_hours: float, seed: np.uint64) -> float:
    """Hours until a party's next date of return: a constant rate, a draw of its own for each date."""
    home = men.rows[party].home
    slot = (men.code[home] << HALF) | np.uint64(party - men.first[home])
    return -log_of(uniform(seed, RETURN_STREAM, slot, np.uint64(number))) * half_life_hours / LOG_HALF


@phase_kernel
def set_dates(
    men: Travellers, parties: NDArray[np.int32], may_return: NDArray[np.bool_], never: NDArray[np.bool_],
    expects: NDArray[np.bool_], n_dates: NDArray[np.int32], half_life_hours: float, bucket: NDArray[np.int32],
    hour: float, until: float, width: float, seed: np.uint64,
) -> None:  # fmt: skip
    """Those who are away and housed get a date on which they look whether they can go home, unless they never do."""
    for party in parties:
        who = men.rows[party]
        if (who.state != SHELTERED and who.state != OWN_PLACE) or expects[party] or never[party]:
            continue
        if not may_return[who.home]:
            continue
        expects[party] = True
        who.ready = max(who.ready, hour) + return_wait(men, party, n_dates[party], half_life_hours, seed)
        n_dates[party] += 1
        schedule(men, bucket, party, max(who.ready, until), width)


@phase_kernel
def set_out_home(
    men: Travellers, due: NDArray[np.int32], threshold: NDArray[np.float32], pressure: NDArray[np.float64],
    margin: float, goal_of: NDArray[np.int32], next_hop: NDArray[np.int32], lost: NDArray[np.bool_],
    given_up: NDArray[np.bool_], resettles: NDArray[np.bool_], resettle_at: int, escorted: NDArray[np.bool_],
    own: NDArray[np.int8], room_in: NDArray[np.float64], seats: NDArray[np.float64], expects: NDArray[np.bool_],
    n_dates: NDArray[np.int32], half_life_hours: float, one_in: int, bucket: NDArray[np.int32], hour: float,
    until: float, width: float, seed: np.uint64, going: NDArray[np.int32],
) -> int:  # fmt: skip
    """Of those whose date has come, list who sets out for home; returns how many.

    A party goes where it is protected - pressure there lies below its threshold - and the way is open. A home that is
    destroyed or `given_up` [place] (handed over, or announced to be) is replaced by `resettle_at`, for those who would
    live there. Without protection it draws a new date; without a way, a seat or a passage it tries again a day later.
    seats[0]: free places in convoys; seats[1]: persons who went in them; room_in [category]: persons who may still
    come in by passage where the way is not open to everyone.
    """
    n = 0
    for party in due:
        who = men.rows[party]
        if who.state != SHELTERED and who.state != OWN_PLACE:
            continue
        target = who.home
        if lost[party] or given_up[who.home]:
            if not resettles[party] or resettle_at < 0:
                expects[party] = False
                continue
            target = resettle_at
        wait, size = 0.0, float(who.persons * one_in)
        if pressure[target] + margin >= threshold[party]:
            wait = return_wait(men, party, n_dates[party], half_life_hours, seed)
            n_dates[party] += 1
        elif next_hop[0, goal_of[target], who.at] < 0:
            category = own[party]
            is_let_in = category > 0 and next_hop[min(category, next_hop.shape[0] - 1), goal_of[target], who.at] >= 0
            if is_let_in and room_in[category] >= size:
                room_in[category] -= size
                who.category = category
            else:
                wait = DAY
        elif escorted[party]:
            if seats[0] >= size:
                seats[0] -= size
                seats[1] += size
            else:
                wait = DAY
        if wait > 0.0:
            who.ready = hour + wait
            schedule(men, bucket, party, max(who.ready, until), width)
            continue
        who.ready = max(who.ready, hour)
        if target != who.home:
            who.home = target
            lost[party] = False
        who.destination = goal_of[target]
        expects[party] = False
        going[n] = party
        n += 1
    return n


@phase_kernel
def count_timeline(
    men: Travellers, lost: NDArray[np.bool_], settles: NDArray[np.float32], hour: float, found: NDArray[np.float64]
) -> float:  # fmt: skip
    """Count everybody at an hour; returns how many persons have lost their home. The last array holds zeros.

    found[4, place]: persons there, who wish to leave, who are hosted, in organised shelter.
    """
    homeless = 0.0
    for party in range(men.rows.size):
        who = men.rows[party]
        persons, state = who.persons, who.state
        if lost[party]:
            homeless += persons
        if state in (ON_ROAD, WALKING, RIDING):
            continue
        found[0, who.at] += persons
        if state in (WISHING, WAITING, READYING):
            found[1, who.at] += persons
        elif state in (SHELTERED, OWN_PLACE):
            if hour - who.left < settles[party]:
                found[2, who.at] += persons
            if state == SHELTERED:
                found[3, who.at] += persons
    return homeless


@kernel
def sum_pressure(
    threat: NDArray[np.float64], hardship: NDArray[np.float64], gone: NDArray[np.float64],
    signal: NDArray[np.float64], deadline: NDArray[np.float64], held: NDArray[np.bool_],
    weights: tuple[float, float, float, float], less: float, transfer: float, lead_days: float, hour: float,
    pressure: NDArray[np.float64],
) -> None:  # fmt: skip
    """What speaks for leaving at each place, weighted and summed up; `less` [1] is taken off for trust.

    A transfer's part grows over the last days before its date, and stays once the place is held.
    """
    for p in range(pressure.size):
        near = min(max(1.0 - (deadline[p] - hour) / 24.0 / lead_days, 0.0), 1.0)
        felt = weights[0] * threat[p] + weights[1] * hardship[p] + weights[2] * gone[p] + weights[3] * signal[p]
        pressure[p] = (felt - less) + transfer * (1.0 if held[p] else near)


@kernel
def find_room(
    is_out: NDArray[np.bool_], category: NDArray[np.int64], credit: NDArray[np.float64], wanting: NDArray[np.float64],
    room: NDArray[np.float64],
) -> None:  # fmt: skip
    """room[2, category], zeros before: persons whom passages in may let through now, twice."""
    for i in range(is_out.size):
        if not is_out[i]:
            found = max(room[0, category[i]], min(credit[i], wanting[i]))
            room[0, category[i]], room[1, category[i]] = found, found


@kernel
def book_room(
    is_out: NDArray[np.bool_], category: NDArray[np.int64], room: NDArray[np.float64], credit: NDArray[np.float64],
    wanting: NDArray[np.float64], cum_passed: NDArray[np.float64],
) -> None:  # fmt: skip
    """Book who came in: what `room` [2, category] has lost of its second row."""
    for i in range(is_out.size):
        came = 0.0 if is_out[i] else room[1, category[i]] - room[0, category[i]]
        credit[i] -= came
        wanting[i] -= came
        cum_passed[i] += came


@phase_kernel
def book_returns(
    men: Travellers, reached: NDArray[np.int32], one_in: float, returned: NDArray[np.float64]
) -> None:  # fmt: skip
    """Book who came home in this step, and take back what only served to let them pass."""
    for party in reached:
        who = men.rows[party]
        who.category = 0
        if who.state == HOME_AGAIN:
            men.crossed[party] = np.nan  # a later journey counts anew
            returned[who.home] += who.persons * one_in


@kernel
def use_stocks(
    has: NDArray[np.float64], store_days: NDArray[np.float64], made_share: NDArray[np.float64],
    rules: NDArray[np.float64], spoils: NDArray[np.float64], weight: NDArray[np.float64],
    per_day: NDArray[np.float64], kind_of: NDArray[np.int64], needs_link: NDArray[np.bool_],
    open_links: NDArray[np.bool_], here: NDArray[np.float64], is_origin: NDArray[np.float64], one_in: float,
    days: float, enough: float, inflow: NDArray[np.float64],
    stock: NDArray[np.float64], met: NDArray[np.float64], flows: NDArray[np.float64], hardship: NDArray[np.float64],
) -> None:  # fmt: skip
    """Stocks of every kind and place over a step, in person-days of full need; the last four arrays are changed.

    What flows in `per_day` [flow], while all links that it needs [flow, link] are open, is shared out by need. All of
    the need is handed out while the store lasts as long as the rules say, then less the fewer days are left. What comes
    or is made beyond the largest store is not taken in, so start + came + made = stock + used + spoiled at every hour,
    and no stock falls below zero. `flows` [5, kind]: totals of came, made, used, spoiled; share of the need met in this
    step. `hardship` [place]: weighted need not met.
    """
    hardship[:] = 0.0
    inflow[:] = 0.0
    for i in range(per_day.size):
        is_open = True
        for link in range(open_links.size):
            is_open = is_open and (open_links[link] or not needs_link[i, link])
        if is_open:
            inflow[kind_of[i]] += per_day[i]
    for k in range(stock.shape[0]):
        wanted, used = 0.0, 0.0
        for p in range(stock.shape[1]):
            wanted += has[k, p] * is_origin[p] * here[p] * one_in * days
        share_in = inflow[k] * days / wanted if wanted > 0.0 else 0.0
        for p in range(stock.shape[1]):
            persons = has[k, p] * is_origin[p] * here[p] * one_in
            need = persons * days
            spoiled = stock[k, p] * (1.0 - spoils[k, p] ** days)
            came, made = need * share_in, need * made_share[k, p]
            have = stock[k, p] - spoiled + came + made
            in_days = have / persons / rules[0, k, p] if persons > 0.0 else 1.0
            handed = rules[1, k, p] + (1.0 - rules[1, k, p]) * min(in_days, 1.0)
            taken = min(need * handed, have)
            over = min(max(have - taken - store_days[k, p] * persons, 0.0), came + made)
            kept = 1.0 - over / (came + made) if came + made > 0.0 else 1.0
            stock[k, p] = max(have - taken - over, 0.0)
            met[k, p] = taken / need if need > 0.0 else 1.0
            if met[k, p] < enough:
                hardship[p] += weight[k] * (1.0 - met[k, p])
            used += taken
            flows[0, k] += came * kept
            flows[1, k] += made * kept
            flows[2, k] += taken
            flows[3, k] += spoiled
        flows[4, k] = used / wanted if wanted > 0.0 else 1.0

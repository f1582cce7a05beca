"""Posts as queues of fluid: what thousands of rates would have passed, given when people come, all at once.

Persons pass at level * opening * exp(x) an hour while any stand, less where the road is as slow, else as they come. Of
a single road this is what the engine gives but for its chance; so draws that agree with the evidence here are good
first particles there. The engine's own likelihood decides in the end: a particle's weight carries engine / fluid.

Draws come from tempering (Del Moral, Doucet & Jasra 2006): from the prior to the posterior by powers of the likelihood,
with Metropolis steps in between. A draw is a run without posts (`demand.py`), scores of the parameters of service, and
shocks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import LOG_RATE_SLOT_HOURS
from safeconduct.inference.assimilate.demand import Channel, Free
from safeconduct.inference.assimilate.evidence import (
    Count,
    Evidence,
    QueueReport,
    VehicleCount,
    WaitReport,
)
from safeconduct.inference.assimilate.particles import JAM_PER_KM, Setting
from safeconduct.terms import Draws, Prior

Array = NDArray[np.float64]
Near = Callable[[NDArray[np.int64]], Sequence[tuple[Free, ...]]]  # runs without posts -> a new one near each
N_DRAWS = 3000
STEPS_EACH, STEPS_LAST = 9, 60  # Metropolis steps at each power, and at the whole likelihood
ROUNDS, FIRST_LAST = 4, 1000  # of new runs without posts, among the last steps; number of the first of those
SIZES = (0.1, 0.25, 0.5)  # of the steps; 1 = a fresh draw from the prior
LEAST_PERSONS, MOST_APART = 1e-3, 3.0  # who pass at least; the most that engine and fluid are taken to differ by
TANDEM = 3.0  # a road about as slow as its post starves it: what both pass is less than either (fits engine runs)


@dataclass(frozen=True)
class Fluid:
    """A case as queues: runs without posts, channels, the evidence, and where parameters of service stand."""

    setting: Setting
    channels: tuple[Channel, ...]
    free: tuple[tuple[Free, ...], ...]  # [run][channel]
    evidence: tuple[Evidence, ...]
    serves: NDArray[np.bool_]  # [parameter] whether it is one of service
    n_groups: int
    n_slots: int  # of the log rate, up to the as-of hour
    n_prior: int  # runs without posts that were drawn from the prior; those after them are found by moves
    passes: Array  # [evidence] what the engine passes over what the fluid passes, in the hours of a count

    def values(self, scores: Array) -> dict[str, Array]:
        """[draw] values of the parameters of service, from scores [draw, parameter of service]."""
        from scipy.special import ndtr

        chances, mine = ndtr(scores), [p for p, s in zip(self.setting.parameters, self.serves, strict=True) if s]
        found = {p.name: np.interp(chances[:, i], GRID, quantiles_of(p.prior)) for i, p in enumerate(mine)}
        fixed = self.setting.scenario.values(self.setting.fixed)
        return {name: found.get(name, np.full(len(scores), value)) for name, value in fixed.items()}


GRID = np.concatenate([[1e-5, 1e-4], np.linspace(0.001, 0.999, 999), [0.9999, 0.99999]])


@lru_cache(maxsize=64)
def quantiles_of(prior: Prior) -> Array:
    """Quantiles of a prior on a fine grid of chances."""
    return np.array([prior.quantile(float(chance)) for chance in GRID])


@dataclass(frozen=True)
class Draw:
    """Many draws; arrays have them on their first axis."""

    run: NDArray[np.int64]  # which run without posts
    scores: Array  # [draw, parameter of service]
    shocks: Array  # [draw, group, slot]

    def where(self, chosen: NDArray[np.bool_], other: Draw) -> Draw:
        """The other draw where chosen."""
        return Draw(
            np.where(chosen, other.run, self.run),
            np.where(chosen[:, None], other.scores, self.scores),
            np.where(chosen[:, None, None], other.shocks, self.shocks),
        )

    def take(self, rows: NDArray[np.int64]) -> Draw:
        """These draws."""
        return Draw(self.run[rows], self.scores[rows], self.shocks[rows])


def log_rates(values: dict[str, Array], shocks: Array) -> Array:
    """[draw, group, slot] the log rate that shocks give."""
    keep, sd = np.exp(-LOG_RATE_SLOT_HOURS / values["service_memory_hours"])[:, None], values["service_sd"][:, None]
    path = sd[:, :, None] * shocks
    for slot in range(1, shocks.shape[2]):
        path[:, :, slot] = keep * path[:, :, slot - 1] + np.sqrt(1.0 - keep * keep) * path[:, :, slot]
    return path


def shocks_of(values: dict[str, Array], path: Array) -> Array:
    """[draw, group, slot] the shocks that give a log rate: the inverse of `log_rates`."""
    keep, sd = np.exp(-LOG_RATE_SLOT_HOURS / values["service_memory_hours"])[:, None], values["service_sd"][:, None]
    shocks = path / sd[:, :, None]
    change = path[:, :, 1:] - keep[:, :, None] * path[:, :, :-1]
    shocks[:, :, 1:] = change / (sd * np.sqrt(1.0 - keep * keep))[:, :, None]
    return shocks


def log_levels(fluid: Fluid, channel: int, run: NDArray[np.int64], values: dict[str, Array], hours: Array) -> Array:
    """[draw, hour] log of the persons an hour that a channel's posts pass but for the moving rate."""
    one = fluid.channels[channel]
    per_vehicle = np.array([free[channel].persons_per_vehicle for free in fluid.free])[run]
    seconds = values[one.seconds.parameter] if one.seconds.parameter else np.full(run.size, one.seconds.value)
    level = np.log(one.booths * 3600.0 / seconds * per_vehicle)
    left = np.clip(1.0 - (hours - one.opened)[None, :] / values["opening_hours"][:, None], 0.0, 1.0)
    opening: Array = level[:, None] + np.log(values["opening_share"])[:, None] * left
    return opening


def passed(fluid: Fluid, draw: Draw, values: dict[str, Array], channel: int) -> tuple[Array, Array]:
    """[draw, hour] persons who have come to a channel, and who have passed it."""
    one, came = fluid.channels[channel], np.array([free[channel].came for free in fluid.free])[draw.run]
    n_hours = came.shape[1] - 1
    middles = np.arange(n_hours) + 0.5
    slot = np.minimum((middles / LOG_RATE_SLOT_HOURS).astype(np.int64), fluid.n_slots - 1)
    moved = log_rates(values, draw.shocks[:, [one.group]])[:, 0]
    rate = np.exp(log_levels(fluid, channel, draw.run, values, middles) + moved[:, slot])
    per_vehicle = np.array([free[channel].persons_per_vehicle for free in fluid.free])[draw.run]
    road = values[one.capacity.parameter] if one.capacity.parameter else np.full(len(came), one.capacity.at({}))
    road = (road * one.n_roads * per_vehicle)[:, None]
    rate = rate * (1.0 + (rate / road) ** TANDEM) ** (-1.0 / TANDEM)
    out = np.zeros_like(came)
    for hour in range(n_hours):
        out[:, hour + 1] = np.minimum(came[:, hour + 1], out[:, hour] + rate[:, hour])
    return came, out


def log_likelihoods(fluid: Fluid, draw: Draw) -> Array:
    """[draw, evidence] log likelihood of each piece of evidence."""
    values, n = fluid.values(draw.scores), draw.run.size
    flows = {c.place: (i, *passed(fluid, draw, values, i)) for i, c in enumerate(fluid.channels)}
    found = np.zeros((n, len(fluid.evidence)))
    for column, one in enumerate(fluid.evidence):
        if isinstance(one, QueueReport):
            found[:, column] = of_queue(fluid, draw, flows, one)
        elif one.place in flows:
            channel, came, out = flows[one.place]
            found[:, column] = of_one(fluid, draw, one, channel, came, out, float(fluid.passes[column]))
    return found


def of_one(fluid: Fluid, draw: Draw, one: Evidence, channel: int, came: Array, out: Array, passes: float) -> Array:
    """[draw] log likelihood of a piece of evidence on one channel."""
    match one:
        case Count():
            return one.log_likelihoods(passes * (at_hour(out, one.hour) - at_hour(out, one.since)))
        case VehicleCount():
            return one.log_likelihoods(np.array([f[channel].persons_per_vehicle for f in fluid.free])[draw.run])
        case WaitReport():
            trip = np.array([f[channel].hours for f in fluid.free])[draw.run]
            return one.log_likelihoods(mean_delay(came, out, one.since, one.hour) + trip)
    raise TypeError(one)


def compared(fluid: Fluid, draw: Draw, simulated: Array) -> Array:
    """[evidence] what engine runs of these draws pass over what the fluid has them pass; 1 for all but counts."""
    values, found = fluid.values(draw.scores), np.ones(len(fluid.evidence))
    flows = {c.place: passed(fluid, draw, values, i)[1] for i, c in enumerate(fluid.channels)}
    for column, one in enumerate(fluid.evidence):
        if isinstance(one, Count) and one.place in flows:
            out = flows[one.place]
            expected = float((at_hour(out, one.hour) - at_hour(out, one.since)).mean())
            ratio = float(simulated[:, column].mean()) / max(expected, 1.0)
            found[column] = min(max(ratio, 1.0 / MOST_APART), MOST_APART)
    return found


def of_queue(fluid: Fluid, draw: Draw, flows: dict[str, tuple[int, Array, Array]], one: QueueReport) -> Array:
    """[draw] log likelihood of a reported queue, all channels together."""
    hours = slice(int(np.ceil(one.since)), int(one.hour) + 1)
    standing = np.zeros(draw.run.size)
    for channel, came, out in flows.values():
        per_vehicle = np.array([f[channel].persons_per_vehicle for f in fluid.free])[draw.run]
        standing = standing + ((came - out)[:, hours]).max(axis=1, initial=0.0) / per_vehicle
    return np.asarray(one.log_likelihoods(standing / JAM_PER_KM))


def mean_delay(came: Array, out: Array, since: float, hour: float, n_points: int = 6) -> Array:
    """[draw] mean hours that those who passed between two hours had stood, each hour by how many passed in it."""
    points = np.linspace(since, hour, n_points + 1)
    total, weight = np.zeros(len(came)), np.zeros(len(came))
    for first, last in zip(points[:-1], points[1:], strict=True):
        middle = (first + last) / 2
        level, persons = at_hour(out, middle), at_hour(out, last) - at_hour(out, first)
        after = (came < level[:, None]).sum(axis=1)  # first hour by which so many have come
        high = np.take_along_axis(came, np.minimum(after, came.shape[1] - 1)[:, None], 1)[:, 0]
        low = np.take_along_axis(came, np.maximum(after - 1, 0)[:, None], 1)[:, 0]
        part = np.divide(level - low, high - low, out=np.ones_like(level), where=high > low)
        total += persons * np.maximum(middle - (after - 1 + part), 0.0)
        weight += persons
    return np.asarray(np.divide(total, weight, out=np.full(len(came), np.nan), where=weight > LEAST_PERSONS))


def at_hour(series: Array, hour: float) -> Array:
    """[draw] a series at an hour, on the straight line between whole hours; its last value beyond."""
    last = series.shape[1] - 1
    low = min(int(hour), last)
    part = min(hour - low, 1.0)
    if part <= 0.0 or low >= last:
        return np.asarray(series[:, low])
    return np.asarray((1.0 - part) * series[:, low] + part * series[:, low + 1])


def first_draw(fluid: Fluid, draws: Draws, n: int) -> Draw:
    """Draws from the prior."""
    n_scores = int(fluid.serves.sum())
    run = (draws.uniform("fluid run", np.arange(n)) * fluid.n_prior).astype(np.int64)
    scores = normals(draws, "fluid scores", n, (n_scores,))
    return Draw(run, scores, normals(draws, "fluid shocks", n, (fluid.n_groups, fluid.n_slots)))


def posterior(fluid: Fluid, draws: Draws, n: int = N_DRAWS) -> tuple[Draw, Array]:
    """Equally likely draws given all evidence, and [draw, evidence] their log likelihoods."""
    draw, power, step = first_draw(fluid, draws, n), 0.0, 0
    each = log_likelihoods(fluid, draw)
    while power < 1.0:
        rise = next_rise(each.sum(axis=1), 1.0 - power)
        power = 1.0 if rise >= 1.0 - power else power + rise
        rows = systematic(normalised(rise * each.sum(axis=1)), float(draws.uniform("fluid resample", step)))
        draw, each = draw.take(rows), each[rows]
        for _ in range(STEPS_EACH):
            draw, each = metropolis(fluid, draws, draw, each, power, step)
            step += 1
    return draw, each


def refined(
    fluid: Fluid, draws: Draws, draw: Draw, each: Array, near: Near | None = None, n_near: int = 0
) -> tuple[Draw, Array]:
    """Draws after more Metropolis steps, some to runs without posts that `near` makes, `n_near` or more a round.

    Else all draws would share the few runs of the prior that agree with the evidence. `each` may be of another
    approximation; what `fluid` makes of it is weighed first.
    """
    new = log_likelihoods(fluid, draw)
    rows = systematic(normalised((new - each).sum(axis=1)), float(draws.uniform("fluid resample", FIRST_LAST)))
    draw, each = draw.take(rows), new[rows]
    for number in range(ROUNDS):
        if near is not None:
            fluid, draw, each = move_runs(fluid, draws, draw, each, number, near, n_near)
        for step in range(STEPS_LAST // ROUNDS):
            draw, each = metropolis(fluid, draws, draw, each, 1.0, FIRST_LAST + number * STEPS_LAST + step)
    return draw, each


def move_runs(
    fluid: Fluid, draws: Draws, draw: Draw, each: Array, number: int, near: Near, n_near: int
) -> tuple[Fluid, Draw, Array]:
    """One Metropolis step of all draws to new runs without posts, each near the run that the draw holds.

    A run held by many draws has many new ones beside it, each held run at least one, so that all draws move alike.
    """
    n = draw.run.size
    held, group, n_held = np.unique(draw.run, return_inverse=True, return_counts=True)
    n_beside = np.maximum(1, np.round(n_held * n_near / n).astype(np.int64))
    first = len(fluid.free) + np.cumsum(n_beside) - n_beside
    fluid = replace(fluid, free=(*fluid.free, *near(np.repeat(held, n_beside))))
    run = first[group] + (draws.uniform(f"fluid near {number}", np.arange(n)) * n_beside[group]).astype(np.int64)
    shocks, added = same_rates(fluid, draw, run, draw.scores)
    other = Draw(run, draw.scores, shocks)
    return fluid, *taken_or_left(fluid, draws, f"near {number}", draw, each, other, 1.0, added)


def taken_or_left(
    fluid: Fluid, draws: Draws, name: str, draw: Draw, each: Array, other: Draw, power: float, added: Array
) -> tuple[Draw, Array]:
    """The other draws where Metropolis' rule takes them; `added` is the log ratio of priors and proposals."""
    new = log_likelihoods(fluid, other)
    chance = np.log(draws.uniform(f"fluid taken {name}", np.arange(draw.run.size)))
    taken = chance < power * (new.sum(axis=1) - each.sum(axis=1)) + added
    return draw.where(taken, other), np.where(taken[:, None], new, each)


def next_rise(log_likelihood: Array, most: float) -> float:
    """The greatest rise of the power that leaves half of the draws effective; found by halving."""
    low, high = 0.0, most
    if effective_size(normalised(most * log_likelihood)) >= log_likelihood.size / 2:
        return most
    for _ in range(30):
        middle = (low + high) / 2
        is_enough = effective_size(normalised(middle * log_likelihood)) >= log_likelihood.size / 2
        low, high = (middle, high) if is_enough else (low, middle)
    return max(low, 1e-6)


def metropolis(fluid: Fluid, draws: Draws, draw: Draw, each: Array, power: float, step: int) -> tuple[Draw, Array]:
    """One Metropolis step of all draws: shocks, parameters of service, or the run without posts, in turn."""
    n, kind, size = draw.run.size, step % 3, SIZES[step // 3 % len(SIZES)]
    added = np.zeros(n)
    if kind == 0:
        noise = normals(draws, f"fluid step {step}", n, draw.shocks.shape[1:])
        which = draws.uniform(f"fluid slots {step}", np.arange(draw.shocks.shape[2])) < 0.5
        moved = np.sqrt(1.0 - size**2) * draw.shocks + size * noise
        other = Draw(draw.run, draw.scores, np.where(which, moved, draw.shocks))
    else:
        run, scores = draw.run, draw.scores
        if kind == 1:
            noise = normals(draws, f"fluid step {step}", n, scores.shape[1:])
            which = draws.uniform(f"fluid which {step}", np.arange(n)[:, None], np.arange(scores.shape[1])) < 0.5
            scores = np.where(which, np.sqrt(1.0 - size**2) * scores + size * noise, scores)
        else:
            run = (draws.uniform(f"fluid step {step}", np.arange(n)) * fluid.n_prior).astype(np.int64)
        shocks, added = same_rates(fluid, draw, run, scores)
        other = Draw(run, scores, shocks)
    return taken_or_left(fluid, draws, str(step), draw, each, other, power, added)


def same_rates(fluid: Fluid, draw: Draw, run: NDArray[np.int64], scores: Array) -> tuple[Array, Array]:
    """Shocks with which posts pass what they passed under other parameters; log of the prior ratio and of the volume.

    A slower post with a higher log rate passes as many. Without this, a step that changes a post's level would change
    all counts. Slots before an opening keep their shocks.
    """
    old, new = fluid.values(draw.scores), fluid.values(scores)
    shocks, added = draw.shocks.copy(), np.zeros(run.size)
    if (old["service_sd"] <= 0.0).any() or (new["service_sd"] <= 0.0).any():
        return shocks, added  # rates do not move, so none can make up for another level
    middles: Array = LOG_RATE_SLOT_HOURS * (np.arange(fluid.n_slots, dtype=np.float64) + 0.5)
    for number, one in enumerate(fluid.channels):
        group = [one.group]
        first = max(0, int(one.opened / LOG_RATE_SLOT_HOURS)) if np.isfinite(one.opened) else 0
        change = log_levels(fluid, number, draw.run, old, middles) - log_levels(fluid, number, run, new, middles)
        path = log_rates(new, draw.shocks[:, group])
        path[:, 0, first:] = log_rates(old, draw.shocks[:, group])[:, 0, first:] + change[:, first:]
        moved = shocks_of(new, path)
        added += 0.5 * (np.square(shocks[:, one.group]).sum(axis=1) - np.square(moved[:, 0]).sum(axis=1))
        added += log_volume(old, first, fluid.n_slots) - log_volume(new, first, fluid.n_slots)
        shocks[:, one.group] = moved[:, 0]
    return shocks, added


def log_volume(values: dict[str, Array], first: int, n_slots: int) -> Array:
    """[draw] log of the volume of log rates for a volume of shocks, from a first slot on."""
    keep = np.exp(-LOG_RATE_SLOT_HOURS / values["service_memory_hours"])
    n_later = n_slots - max(first, 1)
    found: Array = (n_slots - first) * np.log(values["service_sd"]) + n_later * 0.5 * np.log(1.0 - keep * keep)
    return found


def normals(draws: Draws, name: str, n: int, shape: Sequence[int]) -> Array:
    """[draw, ...] standard normal numbers."""
    from scipy.special import ndtri

    size = int(np.prod(shape))
    found = ndtri(draws.uniform(name, np.arange(n)[:, None], np.arange(size)[None, :]))
    return np.asarray(found.reshape(n, *shape))


def normalised(log_weights: Array) -> Array:
    """Weights that sum to 1."""
    weights = np.exp(log_weights - log_weights.max())
    total: Array = weights / weights.sum()
    return total


def effective_size(weights: Array) -> float:
    """Effective number of weighted draws (Kong 1992)."""
    return float(1.0 / np.square(weights).sum())


def systematic(weights: Array, start_at: float) -> NDArray[np.int64]:
    """[slot] which draw each slot takes: systematic resampling (Kitagawa 1996), in order."""
    n = weights.size
    found: NDArray[np.int64] = np.minimum(np.searchsorted(np.cumsum(weights), (np.arange(n) + start_at) / n), n - 1)
    return found

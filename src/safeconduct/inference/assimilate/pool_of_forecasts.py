"""Simple rules with a spread, and a pool of forecasts as their mixture; weights frozen before a score (why/0022)."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate.fluid import effective_size
from safeconduct.inference.assimilate.sampler import ENOUGH_EFFECTIVE
from safeconduct.inference.fit.likelihood import ErrorModel, log_likelihood
from safeconduct.inference.fit.observables import FitRow
from safeconduct.inference.score.applicable_baselines import PRESENT, persons_present
from safeconduct.inference.score.baselines import capped_straight_line
from safeconduct.scenario import Scenario
from safeconduct.terms import Draws, Prior

Array = NDArray[np.float64]
WEIGHTS: Mapping[str, float] = {"simulation": 0.5, "server with priors": 0.25, "capped line with spread": 0.25}
N_QUANTILES = 200  # equally likely values that stand for a forecast
RATE = Prior("lognormal", (350.0, 1700.0))  # persons an hour through one crossing before any is counted (judgement)
START_HOURS = 6.0  # mean delay after the opening (judgement)
LINE_SD, LINE_MEMORY_HOURS = 0.35, 12.0  # of the log rate of a crossing (judgement)
N_DRAWS, MOST_BLOCKS, FAINT = 20_000, 100, 1e-6  # draws at once, and how often until enough agree with the counts


def equally_likely(values: Array, weights: Array | None = None) -> Array:
    """[quantile, ...] N_QUANTILES equally likely values in order, from draws on the first axis."""
    chances = (np.arange(N_QUANTILES) + 0.5) / N_QUANTILES
    if weights is None:
        return np.quantile(values, chances, axis=0)
    return np.column_stack([weighted_quantiles(column, weights, chances) for column in values.T])


def weighted_quantiles(values: Array, weights: Array, chances: Array) -> Array:
    """Quantiles of weighted draws."""
    order = np.argsort(values, kind="stable")
    edges = np.cumsum(weights[order])
    found: Array = values[order][np.minimum(np.searchsorted(edges, chances * edges[-1]), values.size - 1)]
    return found


def server_with_priors(
    scenario: Scenario, hours: Array, counts: Array, wanted: Array, *, opening: float, seed: int, rise: float = 0.0
) -> Array:
    """[quantile, wanted] one constant rate from an unknown start until no one is left, given the counts published.

    With a rise of some hours: how many came in the hours before, instead of all who came.

    Priors on rate, start and people; errors as in `fit`. Nothing in it knows of roads, readiness or a rate that moves.
    """
    rows = [FitRow("", "", h, c, c, c) for h, c in zip(hours.tolist(), counts.tolist(), strict=True)]
    draws, found, agree = Draws(seed), np.empty((3, 0)), np.empty(0)
    weights = np.full(N_DRAWS, 1.0 / N_DRAWS)
    for block in range(MOST_BLOCKS):
        drawn = server_draws(scenario, draws, np.arange(N_DRAWS) + block * N_DRAWS, opening)
        found = np.concatenate([found, drawn], axis=1)
        if not rows:
            break
        agree = np.concatenate([agree, log_likelihood(served(drawn, hours), counts, ErrorModel().covariance(rows))])
        weights = np.exp(agree - agree.max())
        if effective_size(weights / weights.sum()) >= ENOUGH_EFFECTIVE:
            break
    if found.shape[1] > N_DRAWS:  # counts far out in the prior: most of the many draws say nothing
        found, weights = found[:, weights > FAINT], weights[weights > FAINT]
    before: Array | float = served(found, np.maximum(wanted - rise, 0.0)) if rise else 0.0
    return equally_likely(served(found, wanted) - before, weights / weights.sum())


def server_draws(scenario: Scenario, draws: Draws, slots: NDArray[np.int64], opening: float) -> Array:
    """[rate, start and people; draw] draws from the priors of a server."""
    rate = np.array([log(RATE.quantile(c)) for c in (0.05, 0.95)])
    z95 = 1.6448536269514722
    rates = np.exp(rate.mean() + (rate[1] - rate[0]) / (2 * z95) * normal(draws, "server rate", slots))
    starts = opening - START_HOURS * np.log(draws.uniform("server start", slots))
    return np.stack([rates, starts, people_draws(scenario, draws, slots)])


def served(drawn: Array, at: Array) -> Array:
    """[draw, hour] how many a server has served."""
    rates, starts, people = drawn
    found: Array = np.clip(rates[:, None] * (at[None, :] - starts[:, None]), 0.0, people[:, None])
    return found


def capped_line(
    scenario: Scenario, hours: Array, counts: Array, wanted: Array, *, origin: float, seed: int, rise: float = 0.0
) -> Array:
    """[quantile, wanted] the capped line with a spread: of its cap by the prior, of its rate as crossings vary.

    With a rise of some hours: how many came in the hours before, instead of all who came.
    """
    mean, draws, slots = persons_present(scenario), Draws(seed), np.arange(2000)
    cap = max(mean, float(counts.max()))
    line = capped_straight_line(hours, counts, cap=cap, cap_source="")
    free = capped_straight_line(hours, counts, cap=cap, cap_source="", is_free=True)
    now = float(line.at(np.array([origin]))[0])
    people, noise = people_draws(scenario, draws, slots), normal(draws, "line rate", slots)

    def arrived(at: Array) -> Array:
        ahead = np.maximum(free.at(at) - free.at(np.array([origin])), 0.0)
        sds = np.array([mean_rate_sd(max(h - origin, 1e-6)) for h in at.tolist()])
        factors = np.exp(sds[None, :] * noise[:, None])
        found: Array = np.minimum(np.maximum(people, now)[:, None], now + ahead[None, :] * factors)
        return np.where(at > origin, found, np.interp(at, [*hours, origin], [*counts, now]))

    before: Array | float = arrived(np.maximum(wanted - rise, 0.0)) if rise else 0.0
    return equally_likely(arrived(wanted) - before)


def mean_rate_sd(hours: float) -> float:
    """Standard deviation of the mean over so many hours of a mean-reverting log rate."""
    x = hours / LINE_MEMORY_HOURS
    return LINE_SD * float(np.sqrt(2.0 * (x - 1.0 + exp(-x))) / x)


def people_draws(scenario: Scenario, draws: Draws, slots: NDArray[np.int64]) -> Array:
    """People there at the start, from the prior of the case."""
    if PRESENT not in scenario.parameters:
        return np.full(slots.size, persons_present(scenario))
    prior = scenario.parameters[PRESENT].prior
    return np.array([prior.quantile(float(c)) for c in draws.uniform("people", slots)])


def normal(draws: Draws, name: str, slots: NDArray[np.int64]) -> Array:
    """Standard normal numbers."""
    from scipy.special import ndtri

    return np.asarray(ndtri(draws.uniform(name, slots)))


def with_rules(series: Array, rules: Mapping[str, Array]) -> Array:
    """[run, hour] a mixture of forecasts as paths: by the frozen weights runs keep their own, or take that of a rule.

    Runs that give way are spread evenly over the order of last totals, and so are the quantiles that they take.
    """
    shares = {name: WEIGHTS[name] for name in ("simulation", *rules)}
    owed, takers = dict.fromkeys(shares, 0.0), dict[str, list[int]]({name: [] for name in shares})
    for run in np.argsort(series[:, -1], kind="stable").tolist():
        for name, share in shares.items():
            owed[name] += share / sum(shares.values())
        name = max(owed, key=lambda one: owed[one])
        owed[name] -= 1.0
        takers[name].append(run)
    found = series.copy()
    for name, table in rules.items():
        at = (np.arange(len(takers[name])) + 0.5) / max(len(takers[name]), 1) * len(table) - 0.5
        low = np.clip(np.floor(at).astype(np.int64), 0, len(table) - 1)
        high, part = np.minimum(low + 1, len(table) - 1), np.clip(at - low, 0.0, 1.0)[:, None]
        found[takers[name]] = (1.0 - part) * table[low] + part * table[high]
    return found

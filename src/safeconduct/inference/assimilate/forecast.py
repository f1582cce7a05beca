"""A forecast as of an hour: assimilated runs, their bands with what the model leaves out, pooled with simple rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine import for_everybody
from safeconduct.ensemble import Ensemble
from safeconduct.inference.assimilate.evidence import (
    DAILY,
    HOUR_SD,
    MODEL_SHARE,
    ROUNDING_PERSONS,
    TOTAL,
    Count,
    Published,
    opening_hour,
    published_by,
)
from safeconduct.inference.assimilate.particles import setting_of
from safeconduct.inference.assimilate.pool_of_forecasts import (
    capped_line,
    equally_likely,
    normal,
    server_with_priors,
    with_rules,
)
from safeconduct.inference.assimilate.reached import Reached, reached
from safeconduct.inference.assimilate.sampler import Assimilated, Effort, Stage, assimilate
from safeconduct.scenario import Event, Scenario, Values
from safeconduct.terms import Draws, parse_time

Array = NDArray[np.float64]
SHELTER_SD, SHELTER_FLOOR = log(1.5), 200.0  # of shelter and register counts: how people choose is not known (assumed)
SHELTERED = ("n_sheltered_persons", "n_own_arrangement_persons", "cum_registered_persons")
RECORD = (TOTAL, DAILY, "cum_arrivals_vehicles", "wait_hours", "queue_hours", "n_queue_vehicles", "queue_km",
          "n_waiting_persons", "cum_departures_persons", *SHELTERED)  # fmt: skip
OVER_A_STEP = ("wait_hours",)  # recorded as the mean of those who crossed in the step before
DAY = 24
SIMULATION = "simulation"


@dataclass(frozen=True)
class Forecast:
    """What is expected after an hour, given what was published by then."""

    scenario: Scenario  # as it could be known: later events left out
    when: datetime
    until: datetime
    published: Published
    assimilated: Assimilated
    ensemble: Ensemble  # bands include what the model leaves out, and the pool
    simulated: Mapping[str, Array]  # place -> [run, hour] the runs' own running total, without counts and pool
    simulation: Mapping[str, Array]  # place -> [quantile, hour] of the runs alone, from the last count on
    rules: Mapping[str, Mapping[str, Array]]  # place -> rule -> [quantile, hour]
    daily: Mapping[str, Mapping[str, Array]]  # place -> simulation or rule -> [quantile, hour] the rise over 24 hours
    seed: int

    @cached_property
    def reached(self) -> Reached:
        """Which reports the runs learned from, and why not from others."""
        return reached(self.scenario, self.published)

    @property
    def origin(self) -> float:
        """Hours since the start of the case at which the forecast begins."""
        return self.scenario.clock.hour_of(self.when)


def known_events(scenario: Scenario, when: datetime) -> tuple[Event, ...]:
    """Events up to a time, and later ones whose note says that they had been announced by it."""
    return tuple(event for event in scenario.events if event.time <= when or is_announced(event, when))


def is_announced(event: Event, when: datetime) -> bool:
    """Whether an event's note says "announced TIME", and the time lies before."""
    _, found, rest = event.note.partition("announced ")
    if not found:
        return False
    try:
        return parse_time(rest.split()[0].strip(";,.")) <= when
    except ValueError:
        return False


def make_forecast(
    scenario: Scenario,
    when: datetime,
    until: datetime,
    *,
    seed: int = 0,
    effort: Effort | None = None,
    workers: int = 0,
    fixed: Values | None = None,
    with_waits: bool = True,
    with_queues: bool = True,
    resume: Sequence[Stage] = (),
    keep: Callable[[Stage], None] = lambda stage: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Forecast:
    """The forecast of a case as of a time. Raises nothing of its own; see `warnings` for what to doubt."""
    known = replace(scenario, events=known_events(scenario, when))
    published = published_by(known, when, with_waits=with_waits, with_queues=with_queues)
    record = [quantity for quantity in RECORD if quantity in scenario.record or quantity == "n_queue_vehicles"]
    coarse = replace(known, clock=replace(known.clock, end=max(until, when)))
    setting = setting_of(coarse, fixed or {}, record)
    found = assimilate(
        setting, published, seed=seed, effort=effort, workers=workers, resume=resume, keep=keep, progress=progress
    )
    runs = ensemble_of(found)
    series = dict(runs.series)
    simulated, simulation, rules, daily = {}, {}, {}, {}
    for place in places_counted(runs, published):
        simulated[place] = series[TOTAL, place]
        series[TOTAL, place] = from_last_count(runs.hours, series[TOTAL, place], published, place, seed)
        simulation[place] = equally_likely(series[TOTAL, place])
        rules[place] = simple_rules(known, runs.hours, published, place, seed)
        daily[place] = {SIMULATION: equally_likely(over_a_day(series[TOTAL, place]))}
        daily[place] |= simple_rules(known, runs.hours, published, place, seed, rise=float(DAY))
        after = runs.hours > published.last_counts[place].hour
        if rules[place]:
            least = np.where(
                runs.hours >= published.until, published.said_of(place), published.last_counts[place].total
            )
            pool = np.maximum(with_rules(series[TOTAL, place], rules[place]), least)
            series[TOTAL, place] = np.where(after, pool, series[TOTAL, place])
        series[DAILY, place] = over_a_day(series[TOTAL, place])
    for key in [key for key in series if key[0] in SHELTERED]:
        series[key] = with_doubt(runs.hours, series[key], key, published.until, seed)
    pooled_runs = replace(runs, series=series)
    return Forecast(known, when, until, published, found, pooled_runs, simulated, simulation, rules, daily, seed)


def ensemble_of(found: Assimilated) -> Ensemble:
    """The runs of an assimilation as an ensemble, for everybody."""
    setting, runs = found.setting, found.runs
    scaled = [for_everybody(run.series, run.outcomes, 1.0 / setting.share) for run in runs]  # runs have counted one_in
    hours = np.arange(int(runs[0].hours[-1]) + 1, dtype=np.float64)
    series = {
        key: hourly(hours, runs[0].hours, np.array([one[0][key] for one in scaled], dtype=np.float64), key[0])
        for key in scaled[0][0]
    }
    outcomes = {name: np.array([one[1][name] for one in scaled]) for name in scaled[0][1]}
    values = [setting.values(particle.scores) for particle in found.particles]
    parameters = {name: np.array([one[name] for one in values]) for name in values[0]}
    return Ensemble(np.arange(len(runs)), hours, series, outcomes, parameters, ())


def hourly(hours: Array, recorded: Array, series: Array, quantity: str) -> Array:
    """[run, hour] a series at whole hours: on the straight line, or for a mean over a step, that of its step."""
    after = np.minimum(np.searchsorted(recorded, hours - 1e-9), recorded.size - 1)
    if quantity in OVER_A_STEP:
        return np.asarray(series[:, after])
    before = np.maximum(after - 1, 0)
    width = np.maximum(recorded[after] - recorded[before], 1e-9)
    part = np.clip((hours - recorded[before]) / width, 0.0, 1.0)
    return np.asarray(series[:, before] * (1.0 - part) + series[:, after] * part)


def places_counted(runs: Ensemble, published: Published) -> list[str]:
    """Places whose running total has been published and is simulated."""
    return [p for p, one in published.last_counts.items() if (TOTAL, p) in runs.series and one.total == one.total]


def from_last_count(hours: Array, series: Array, published: Published, place: str, seed: int) -> Array:
    """[run, hour] the counts published, between them as each run came, then what it lets through after the last.

    The errors of a count are in it as they are in the likelihood: a factor for what the model leaves out, the hour at
    which counts are really taken at either end, and rounding. So these are ranges for the next counts.
    """
    counts = [one for one in published.counts if one.place == place]
    last, draws, slots = counts[-1], Draws(seed), np.arange(len(series))
    factor = np.exp(MODEL_SHARE * normal(draws, f"left out at {place}", slots))
    late = sqrt(2.0) * HOUR_SD * normal(draws, f"hour of counts at {place}", slots)
    rounding = ROUNDING_PERSONS * normal(draws, f"rounding at {place}", slots)
    at = np.array([np.interp(last.hour, hours, one) for one in series])
    ends = np.array([np.interp(hours + by, hours, one) for one, by in zip(series, late.tolist(), strict=True)])
    later = last.total + np.maximum((ends - at[:, None]) * factor[:, None] + rounding[:, None], 0.0)
    return np.where(hours > last.hour, later, between_counts(hours, series, counts))


def between_counts(hours: Array, series: Array, counts: Sequence[Count]) -> Array:
    """[run, hour] the counts at their hours; between two of them a rise shared out over the hours as in each run.

    A run in which no one came between two counts shares it out evenly.
    """
    at, totals = [counts[0].since, *(c.hour for c in counts)], [0.0, *(c.total for c in counts)]
    known = np.tile(np.interp(hours, at, totals), (len(series), 1))
    for since, until, before, after in zip(at[:-1], at[1:], totals[:-1], totals[1:], strict=True):
        inside = (hours > since) & (hours < until)
        first, last = (np.array([np.interp(hour, hours, one) for one in series])[:, None] for hour in (since, until))
        came = last - first
        part = np.divide(series[:, inside] - first, came, out=np.zeros_like(series[:, inside]), where=came > 0)
        even = (hours[inside] - since) / (until - since)
        known[:, inside] = before + (after - before) * np.where(came > 0, np.clip(part, 0.0, 1.0), even)
    return known


def with_doubt(hours: Array, series: Array, key: tuple[str, str], origin: float, seed: int) -> Array:
    """[run, hour] shelter or register counts with a factor and a floor of their own after the origin."""
    draws, slots = Draws(seed), np.arange(len(series))
    factor = np.exp(SHELTER_SD * normal(draws, f"doubt {key}", slots))[:, None]
    floor = SHELTER_FLOOR * normal(draws, f"floor {key}", slots)[:, None]
    return np.where(hours > origin, np.maximum(series * factor + floor, 0.0), series)


def simple_rules(
    scenario: Scenario, hours: Array, published: Published, place: str, seed: int, rise: float = 0.0
) -> dict[str, Array]:
    """Rule -> [quantile, hour], of those that the counts allow; the rise over some hours where they are given."""
    counts = [one for one in published.counts if one.place == place]
    at, totals = np.array([one.hour for one in counts]), np.array([one.total for one in counts])
    opening = opening_hour(scenario, published.until)
    found = {
        "server with priors": server_with_priors(scenario, at, totals, hours, opening=opening, seed=seed, rise=rise)
    }
    if len(counts) >= 2:
        found["capped line with spread"] = capped_line(
            scenario, at, totals, hours, origin=published.until, seed=seed, rise=rise
        )
    return found


def over_a_day(total: Array) -> Array:
    """[run, hour] the rise over 24 hours, or since the start."""
    rise = total.copy()
    rise[:, DAY:] -= total[:, :-DAY]
    return rise

"""Forecasts from many origins, scored on what was counted later, beside simple rules that knew as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, isnan, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.assimilate.doubts import mean_wait
from safeconduct.inference.assimilate.evidence import ARRIVALS, DAILY, LEAST_HOURS, wait_reports
from safeconduct.inference.assimilate.forecast import SIMULATION, Forecast
from safeconduct.inference.score.applicable_baselines import baselines_for
from safeconduct.inference.score.evidence import RecordedRow, TargetRows, evidence_of
from safeconduct.inference.score.measures import crps, is_covered
from safeconduct.scenario import Scenario, Target

Array = NDArray[np.float64]
INTERVALS = (0.5, 0.9)
POOL, ALONE = "forecast (pool)", "simulation alone"
FOLD = 24
WAITS = ("wait_hours", "queue_hours")  # on the way; before a post


@dataclass(frozen=True, slots=True)
class OriginScore:
    """One forecaster's score from one origin."""

    when: datetime
    place: str
    model: str
    n_rows: int
    crps: float  # persons
    wis: float  # persons; the absolute error of a rule that gives one number
    covered: tuple[int, int] | None  # rows inside the 50 and the 90 % interval
    peak_days: float  # days by which the day of most arrivals is missed; positive: forecast later
    half_hours: float  # hours by which the date of half of the recorded people is missed
    most_hours: float  # the same of nine tenths


@dataclass(frozen=True, slots=True)
class WaitScore:
    """Hours on the way, or stood before a post, that were ever reported of some hours, and what the runs have there."""

    when: datetime  # the origin
    place: str
    day: date
    reported: float  # hours, the geometric mean of the reports
    n_reports: int
    low: float  # hours, 5 % of the runs
    middle: float
    high: float

    @property
    def log_factor(self) -> float:
        """Log of the factor by which the median is off."""
        return log(max(self.middle, LEAST_HOURS) / max(self.reported, LEAST_HOURS))


@dataclass(frozen=True, slots=True)
class Backtest:
    """Scores from all origins."""

    scores: tuple[OriginScore, ...]
    waits: tuple[WaitScore, ...]
    warnings: tuple[tuple[datetime, str], ...]

    def of(self, when: datetime, model: str) -> OriginScore | None:
        """The score of a forecaster from an origin, over the first place."""
        return next((one for one in self.scores if (one.when, one.model) == (when, model)), None)

    def wait_factor(self, when: datetime) -> float:
        """The root-mean-square factor by which median waits of an origin are off; NaN where none was reported."""
        logs = [one.log_factor for one in self.waits if one.when == when and not isnan(one.middle)]
        return exp(sqrt(sum(x * x for x in logs) / len(logs))) if logs else float("nan")

    @property
    def origins(self) -> tuple[datetime, ...]:
        """All origins in order."""
        return tuple(sorted({one.when for one in self.scores}))

    @property
    def models(self) -> tuple[str, ...]:
        """All forecasters, the pool first."""
        return tuple(dict.fromkeys(one.model for one in self.scores))


def later_rows(target: Target, scenario: Scenario, origin: float) -> TargetRows | None:
    """Recorded rows after an origin, their hours exact, and the last count; None where there is none."""
    found = evidence_of(target, scenario.clock, last_hour=scenario.clock.hours, until=None)
    rows = tuple(row for row in found.rows if row.hour > origin)
    return TargetRows(rows, found.final_count, found.note) if rows else None


def score_forecast(case: Scenario, made: Forecast) -> list[OriginScore]:
    """A forecast and all rules on the counts made later: running totals, or daily counts where there are no totals.

    `case` knows all that was counted.
    """
    found = []
    for target in case.targets:
        if target.quantity not in ARRIVALS or target.place not in made.simulation:
            continue
        evidence = later_rows(target, case, made.origin)
        if evidence is None:
            continue
        for model, table in tables_of(made, target).items():
            found.append(score_draws(case, target, evidence, made, model, made.ensemble.hours, table))
        found += score_rules(case, target, evidence, made)
    return found


def tables_of(made: Forecast, target: Target) -> dict[str, Array]:
    """Forecaster -> [draw, hour] of what a target counts."""
    place, pool = target.place, made.ensemble.series[target.quantity, target.place]
    if target.quantity == DAILY:
        rules = dict(made.daily[place])
        return {POOL: pool, ALONE: rules.pop(SIMULATION), **rules}
    return {POOL: pool, ALONE: made.simulation[place], **made.rules[place]}


def score_draws(
    case: Scenario, target: Target, evidence: TargetRows, made: Forecast, model: str, hours: Array, table: Array
) -> OriginScore:
    """The score of equally likely [draw, hour] values."""
    rows = evidence.rows
    draws = [np.array([np.interp(row.hour, hours, one) for one in table]) for row in rows]
    covered = [
        sum(is_covered(d, r.low, r.high, share) for d, r in zip(draws, rows, strict=True)) for share in INTERVALS
    ]
    return OriginScore(
        made.when, target.place, model, len(rows),
        float(np.mean([crps(d, r.best) for d, r in zip(draws, rows, strict=True)])),
        float(np.mean([interval_score(d, r.best) for d, r in zip(draws, rows, strict=True)])),
        (covered[0], covered[1]),
        *dates(case, target, evidence, made.origin, hours, np.median(table, axis=0)),
    )  # fmt: skip


def score_rules(case: Scenario, target: Target, evidence: TargetRows, made: Forecast) -> list[OriginScore]:
    """The scores of the rules that give one number, fitted on the counts that had been published."""
    known = [one for one in made.published.counts if one.place == target.place]
    each = [(one.hour, one.persons if target.quantity == DAILY else one.total) for one in known]
    rows = [RecordedRow(hour, count, count, count, is_fitted=True) for hour, count in each]
    whole, hours = TargetRows(tuple(rows), evidence.final_count, ""), made.ensemble.hours
    found = []
    for rule in baselines_for(made.scenario, target, whole, rows):
        at = np.array([row.hour for row in evidence.rows])
        error = float(np.abs(rule.at(at) - np.array([row.best for row in evidence.rows])).mean())
        missed = dates(case, target, evidence, made.origin, hours, rule.at(hours))
        found.append(
            OriginScore(made.when, target.place, rule.name, len(rows_of(evidence)), error, error, None, *missed)
        )
    return found


def score_waits(case: Scenario, made: Forecast) -> Iterator[WaitScore]:
    """The runs beside all reports of waits, whenever they were published."""
    for quantity in WAITS:
        for one in wait_reports(case, case.ledger, case.clock.hours, quantity):
            if (quantity, one.place) not in made.ensemble.series:
                continue
            if quantity == WAITS[0] and one.place in made.simulated:
                values = mean_wait(made, one.place, one.since, one.hour)
            else:
                values = mean_over(made, quantity, one.place, one.since, one.hour)
            is_known = bool(np.isfinite(values).any())
            low, middle, high = np.nanquantile(values, (0.05, 0.5, 0.95)) if is_known else np.full(3, nan)
            day = case.clock.at((one.since + one.hour) / 2).date()
            yield WaitScore(made.when, one.place, day, one.hours, one.n, float(low), float(middle), float(high))


def mean_over(made: Forecast, quantity: str, place: str, since: float, hour: float) -> Array:
    """[run] the mean of a series over some hours; NaN for a run that has none in them."""
    hours = made.ensemble.hours
    part = made.ensemble.series[quantity, place][:, (hours > since) & (hours <= hour)]
    n = np.isfinite(part).sum(axis=1)
    return np.asarray(np.divide(np.nansum(part, axis=1), n, out=np.full(len(part), nan), where=n > 0))


def rows_of(evidence: TargetRows) -> Sequence[RecordedRow]:
    """The rows."""
    return evidence.rows


def interval_score(draws: Array, recorded: float) -> float:
    """The weighted interval score over the median and the 50 and 90 % intervals (Bracher et al. 2021)."""
    total = 0.5 * abs(float(np.median(draws)) - recorded)
    for share in INTERVALS:
        alpha = 1.0 - share
        low, high = np.quantile(draws, (alpha / 2, 1 - alpha / 2))
        outside = max(low - recorded, 0.0) + max(recorded - high, 0.0)
        total += alpha / 2 * (float(high - low) + 2.0 / alpha * outside)
    return float(total / (len(INTERVALS) + 0.5))


def dates(
    case: Scenario, target: Target, evidence: TargetRows, origin: float, hours: Array, curve: Array
) -> tuple[float, float, float]:
    """Days by which the day of most arrivals is missed, hours for half and for nine tenths; NaN where it is past."""
    whole = evidence_of(target, case.clock, last_hour=case.clock.hours, until=None)
    at, counts = np.array([row.hour for row in whole.rows]), np.array([row.best for row in whole.rows])
    if target.quantity == DAILY:
        later = at > origin
        peaks = [at[later][int(np.argmax(one[later]))] for one in (np.interp(at, hours, curve), counts)]
        return float(peaks[0] - peaks[1]) / FOLD, float("nan"), float("nan")
    missed = [
        when_reached(hours, curve, share * whole.final_count) - when_reached(at, counts, share * whole.final_count)
        if when_reached(at, counts, share * whole.final_count) > origin
        else float("nan")
        for share in (0.5, 0.9)
    ]
    mine, seen = peak_day(case, hours, curve, origin), peak_day(case, at, counts, origin)
    return mine - seen, missed[0], missed[1]


def when_reached(hours: Array, curve: Array, level: float) -> float:
    """The hour at which a rising curve reaches a level; the last hour where it never does."""
    after = int(np.searchsorted(np.maximum.accumulate(curve), level))
    if after == 0 or after >= curve.size:
        return float(hours[min(after, curve.size - 1)])
    low, high = curve[after - 1], curve[after]
    return float(hours[after - 1] + (level - low) / (high - low) * (hours[after] - hours[after - 1]))


def peak_day(case: Scenario, hours: Array, curve: Array, origin: float) -> float:
    """The number of the day after the origin, by the calendar of the case, on which a total rises most."""
    first = case.clock.start.hour + case.clock.start.minute / 60
    midnights = np.arange(-first, case.clock.hours + FOLD, FOLD)
    total = np.interp(midnights, hours, curve)
    rise = np.where(midnights[1:] > origin, np.diff(total), -np.inf)
    return float(np.argmax(rise))


def every_12_hours(first: datetime, last: datetime) -> list[datetime]:
    """Origins from a first to a last, both of them in it."""
    found, when = [], first
    while when <= last:
        found.append(when)
        when += timedelta(hours=12)
    return found


def backtest(
    case: Scenario, origins: Iterable[datetime], forecast_at: Callable[[datetime], Forecast],
    warn: Callable[[Forecast], Iterable[str]] = lambda made: (),
) -> Backtest:  # fmt: skip
    """Scores of the forecasts from these origins."""
    scores, waits, warnings = list[OriginScore](), list[WaitScore](), list[tuple[datetime, str]]()
    for when in sorted(set(origins)):
        made = forecast_at(when)
        scores += score_forecast(case, made)
        waits += score_waits(case, made)
        warnings += [(when, sentence) for sentence in warn(made)]
    return Backtest(tuple(scores), tuple(waits), tuple(warnings))

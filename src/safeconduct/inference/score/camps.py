"""Camps together: how far simulated populations lie from the recorded ones, beside rules that know no roads or people.

The averaged relative difference of a day is the sum over camps of |simulated - recorded|, divided by the people
recorded in all camps; its mean over days is the score. 0 is best, 2 is everybody in the wrong camp.
Days are compared at their end.
"""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.score.camp_rules import blind_rules
from safeconduct.inference.score.types import Ard, CampRow, CampScores, Difference
from safeconduct.scenario import Scenario, Walk
from safeconduct.terms import Draws

Array = NDArray[np.float64]
PERSONS = "n_persons"
ASSUMED_REGISTER_SD = 0.2  # of the log of a register's error, where a case corrects no register; assumed
LIKELY, VERY_LIKELY = 0.5, 0.9


def camp_scores(scenario: Scenario, walk: Walk, ensemble: Ensemble) -> CampScores:
    """Score all camps; the runs must have kept how many people each of them had at the end of each day."""
    recorded = np.array([walk.recorded[camp] for camp in walk.camps])  # [camp, day]
    simulated = np.stack([ensemble.series[PERSONS, camp][:, 1:] for camp in walk.camps], axis=1)  # [run, camp, day]
    sd, source = register_sd(walk)
    reported = as_reported(simulated, sd)
    covers = coverage(simulated, recorded, LIKELY), coverage(simulated, recorded, VERY_LIKELY)
    return CampScores(
        ard=ard(walk, simulated, recorded),
        baselines={rule: relative_difference(counts, recorded) for rule, counts in blind_rules(scenario, walk).items()},
        camps=tuple(
            camp_row(camp, simulated[:, i], recorded[i], people_of(walk, recorded)) for i, camp in enumerate(walk.camps)
        ),
        cover50=float(covers[0].mean()), cover90=float(covers[1].mean()),
        cover50_reported=float(coverage(reported, recorded, LIKELY).mean()),
        cover90_reported=float(coverage(reported, recorded, VERY_LIKELY).mean()),
        register_sd=sd,
        note=f"Observation model: a register errs by a constant lognormal factor for each camp and run; {source}.",
    )  # fmt: skip


def ard(walk: Walk, simulated: Array, recorded: Array) -> Ard:
    """All three forms, of each run."""
    people = people_of(walk, recorded)
    total = simulated.sum(axis=1, keepdims=True)
    factor = np.divide(recorded.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    apart = np.abs(simulated - recorded).sum(axis=1)  # [run, day]
    printed = running_total(walk, recorded)
    by_total = np.divide(apart, printed, out=np.zeros_like(apart), where=printed > 0)
    forms = (apart / people, np.abs(simulated * factor - recorded).sum(axis=1) / people, by_total)
    return Ard(*(Difference(float(form.mean()), tuple(form.mean(axis=1).tolist())) for form in forms))


def people_of(walk: Walk, recorded: Array) -> Array:
    """[day] people recorded in all camps; at least one agent, as Flee has it."""
    return np.asarray(np.maximum(recorded.sum(axis=0), float(walk.persons_per_agent)))


def running_total(walk: Walk, recorded: Array) -> Array:
    """[day] the total that Flee divides its printed error by: on day 0 it holds the total beside the camps."""
    if walk.rules.spawn_mode != "recorded":
        return np.zeros(recorded.shape[1])
    total = np.array(walk.recorded_total)
    if not walk.rules.sum_from_camps:
        return total
    return np.asarray(recorded.sum(axis=0) + np.array(walk.recorded_elsewhere) + total[0])


def relative_difference(counts: Array, recorded: Array) -> float:
    """The averaged relative difference of [camp, day] counts, normal form."""
    return float((np.abs(counts - recorded).sum(axis=0) / np.maximum(recorded.sum(axis=0), 1.0)).mean())


def coverage(simulated: Array, recorded: Array, share: float) -> NDArray[np.bool_]:
    """[camp, day] whether the record lies inside the central interval with this share of the runs."""
    low, high = np.quantile(simulated, ((1 - share) / 2, (1 + share) / 2), axis=0)
    return np.asarray((low <= recorded) & (recorded <= high))


def camp_row(camp: str, simulated: Array, recorded: Array, people: Array) -> CampRow:
    """One camp's scores, from [run, day], beside the people in all camps on each day."""
    low, middle, high = np.quantile(simulated[:, -1], (0.05, 0.5, 0.95))
    cover = [float(coverage(simulated, recorded, share).mean()) for share in (LIKELY, VERY_LIKELY)]
    return CampRow(
        camp, float(recorded[-1]), float(low), float(middle), float(high), float(recorded.mean()),
        float(simulated.mean()), float((np.abs(simulated - recorded) / people).mean()),
        crps_by_day(simulated, recorded), *cover,
    )  # fmt: skip


def crps_by_day(simulated: Array, recorded: Array) -> float:
    """The mean over days of the fair CRPS (Ferro 2014) of [run, day], in persons."""
    n = len(simulated)
    distance = np.abs(simulated - recorded).mean()
    if n == 1:
        return float(distance)
    ranks = 2.0 * np.arange(n) - n + 1.0
    return float(distance - (ranks @ np.sort(simulated, axis=0)).mean() / (n * (n - 1.0)))


def register_sd(walk: Walk) -> tuple[float, str]:
    """How far registers err: what the case's own corrections tell, as the root mean square of their logarithm."""
    logs = [log(factor) for factor in walk.register_factors if factor > 0]
    if len(logs) < 2:
        return ASSUMED_REGISTER_SD, f"sd of its logarithm {ASSUMED_REGISTER_SD:g} (assumed)"
    sd = sqrt(sum(one * one for one in logs) / len(logs))
    return sd, f"sd of its logarithm {sd:.2f}, from the case's {len(logs)} corrections of registers"


def as_reported(simulated: Array, sd: float) -> Array:
    """What registers might have said of [run, camp, day]: a factor for each run and camp, the same draw each time."""
    n_runs, n_camps = simulated.shape[:2]
    chances = Draws(0).uniform("register", np.arange(n_runs)[:, None], np.arange(n_camps)[None, :])
    normal = NormalDist(0.0, sd)
    factors = np.array([[exp(normal.inv_cdf(float(chance))) for chance in row] for row in chances])
    return np.asarray(simulated * factors[:, :, None])

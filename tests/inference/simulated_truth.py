"""Forecasts of invented truths: where does the truth lie among the particles? Uniform, if the method is right.

A truth is drawn from the priors and run; its counts, a wait and a queue are reported with the errors that the method
assumes; the method sees these alone. The rank of the truth among the particles is then uniform, whatever the priors
(Cook, Gelman & Rubin 2006; Talts et al. 2018). The case is tiny: 600 people, one post, sixteen hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import tiny
from numpy.typing import NDArray

from safeconduct.engine import Run, advance, finish
from safeconduct.inference.assimilate.evidence import Count, Published, WaitReport
from safeconduct.inference.assimilate.fluid import normals
from safeconduct.inference.assimilate.particles import (
    PERSON_HOURS,
    Particle,
    Setting,
    crossed,
    setting_of,
    start,
)
from safeconduct.inference.assimilate.sampler import Effort, assimilate
from safeconduct.ledger import Ledger
from safeconduct.scenario import Amount, Parameter, Scenario
from safeconduct.terms import Draws, Prior

Array = NDArray[np.float64]
GATE, TOTAL = "gate", "cum_arrivals_persons"
COUNTED, AS_OF, END = (4.0, 6.0, 8.0, 10.0), 10.0, 16.0
FREE = ("seconds", "persons_present", "ready_median_hours", "service_sd")
EFFORT = Effort(n_free=40, n_particles=60, n_fluid=400, n_near=10, n_pilot=20)
N_RANKED = 9  # particles that a truth is ranked among, so ten ranks


def tiny_case() -> Scenario:
    """A road with a post of one booth; how fast it serves, who is there and how soon they are ready are not known."""
    case = tiny.line(
        600.0, hours=END, step_minutes=60.0, values={"ready_median_hours": 4.0, "ready_shape": 2.0},
        checkpoints=[tiny.checkpoint("home-gate", "gate", seconds=60.0, law="exponential")],
    )  # fmt: skip
    case = replace(case, checkpoints=tuple(replace(one, seconds=Amount(None, "seconds")) for one in case.checkpoints))
    priors = {
        "seconds": Prior("lognormal", (40.0, 120.0)),
        "persons_present": Prior("normal", (600.0, 60.0)),
        "ready_median_hours": Prior("lognormal", (2.0, 8.0)),
        "service_sd": Prior("uniform", (0.2, 0.5)),
    }
    known = dict(case.parameters)
    for name, prior in priors.items():
        known[name] = Parameter(name, prior.quantile(0.5), "", prior, tiny.SOURCE)
    fixed = {
        name: replace(one, prior=Prior("fixed", (one.value,))) for name, one in known.items() if name not in priors
    }
    return replace(case, parameters={**known, **fixed})


@dataclass(frozen=True)
class Truth:
    """What happened, and what was published of it."""

    figures: dict[str, float]  # parameters, and states of the run
    published: Published


def truth_of(setting: Setting, draws: Draws) -> Truth:
    """A truth from the priors, reported with the errors that the method assumes."""
    scores = normals(draws, "true parameters", 1, (len(setting.parameters),))[0]
    course = start(setting, Particle(scores, draws.derive(0).seed, np.zeros((1, 0)), np.zeros(0)))
    advance(course, AS_OF)
    noise = iter(normals(draws, "errors of reports", 1, (len(COUNTED) + 2,))[0].tolist())
    counts, since, total = list[Count](), 1.0, 0.0
    for hour in COUNTED:
        true = crossed(course, GATE, since, hour)
        error = float(Count(GATE, since, hour, 0.0, 0.0).sd(np.array(true)))
        said = (
            true + next(noise) * error
        )  # below nothing where chance has it so: the likelihood is that of a normal error
        total += said
        counts.append(Count(GATE, since, hour, said, total))
        since = hour
    true_wait = crossed(course, GATE, 6.0, 10.0, PERSON_HOURS) / max(crossed(course, GATE, 6.0, 10.0), 1e-9)
    wait = WaitReport(GATE, 6.0, 10.0, 1.0, 1)
    wait = replace(wait, hours=max(true_wait, 0.1) * float(np.exp(next(noise) * wait.sd)))
    advance(course)
    published = Published(AS_OF, tuple(counts), (), (), (wait,), (), Ledger((), ""))
    return Truth(figures_of(setting.values(scores), finish(course)), published)


def figures_of(values: Mapping[str, float], run: Run) -> dict[str, float]:
    """Parameters, how many vehicles stand at the as-of time, and how many people come after it."""
    now = int(np.searchsorted(run.hours, AS_OF))
    standing = sum(float(series[now]) for (name, _), series in run.series.items() if name == "n_queue_vehicles")
    total = run.series[TOTAL, GATE]
    return {name: values[name] for name in FREE} | {
        "standing": standing, "to come": float(total[-1] - total[now]),
    }  # fmt: skip


def ranks(
    seed: int, n_truths: int, spoil: Callable[[Published], Published] = lambda published: published
) -> dict[str, NDArray[np.int64]]:
    """Figure -> [truth] its rank among N_RANKED particles, ties broken by chance. `spoil` changes what is seen."""
    setting = setting_of(tiny_case(), {}, (TOTAL, "n_queue_vehicles"))
    found: dict[str, list[int]] = {}
    for number in range(n_truths):
        draws = Draws(seed).derive(number)
        truth = truth_of(setting, draws)
        known = assimilate(setting, spoil(truth.published), seed=draws.derive(1).seed, effort=EFFORT, workers=1)
        chosen = np.argsort(draws.uniform("chosen", np.arange(len(known.particles))))[:N_RANKED]
        each = [figures_of(setting.values(known.particles[k].scores), known.runs[k]) for k in chosen]
        for place, (name, true) in enumerate(truth.figures.items()):
            values = np.array([one[name] for one in each])
            ties = int((values == true).sum())
            broken = int(float(draws.uniform("ties", place)) * (ties + 1))
            found.setdefault(name, []).append(int((values < true).sum()) + broken)
    return {name: np.array(one) for name, one in found.items()}


def chance_if_uniform(ranked: NDArray[np.int64]) -> float:
    """The chance of ranks at least as uneven as these, if all were as likely (chi-squared)."""
    from scipy.stats import chisquare

    return float(chisquare(np.bincount(ranked, minlength=N_RANKED + 1)).pvalue)


def misread(published: Published) -> Published:
    """What was published, its counts put two fifths too high: who believes it has to show."""
    return replace(published, counts=tuple(replace(one, persons=1.4 * one.persons) for one in published.counts))

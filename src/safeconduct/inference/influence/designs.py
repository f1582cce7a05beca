"""Which assumptions move a result, all varied at once: Morris to screen them, then Sobol for those that matter.

Morris (1991): elementary effects along random paths through the unit cube of the priors; `effect` is the mean of their
absolute values (Campolongo 2007). Sobol (1993), estimators of Saltelli (2010): `first` is the share of the variance
that knowing a parameter would take away, `total` the share that would be left if all others were known. All runs of a
path, and of a row's block, share a seed, so what chance does is alike within them.

Sampling and analysis are SALib's, whose seed is never 0 here: it takes 0 for none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Evaluate = Callable[[Floats, NDArray[np.int64]], Floats]  # [run, parameter] chances, [run] blocks -> [run, outcome]
LEVELS = 4  # of Morris's grid


@dataclass(frozen=True, slots=True)
class Effect:
    """How far an outcome moves when one parameter is moved by a step of the grid, anywhere in the priors."""

    parameter: str
    effect: float  # mean absolute elementary effect, in the outcome's unit for the whole prior
    spread: float  # standard deviation of elementary effects: large where it depends on the others


@dataclass(frozen=True, slots=True)
class Index:
    """A parameter's share of the variance of an outcome, with half the width of its 95 % interval."""

    parameter: str
    first: float
    first_error: float
    total: float
    total_error: float


def _problem(names: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def screen(names: Sequence[str], evaluate: Evaluate, *, n_paths: int, seed: int) -> list[tuple[Effect, ...]]:
    """Effects on each outcome, in the order of the names. Costs n_paths * (parameters + 1) runs."""
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as design

    problem = _problem(names)
    rows = design.sample(problem, n_paths, num_levels=LEVELS, seed=seed + 1)
    outcomes = evaluate(rows, np.arange(len(rows)) // (len(names) + 1))
    found = []
    for values in outcomes.T:
        one = analysis.analyze(problem, rows, values, num_levels=LEVELS, seed=seed + 1)
        effects = zip(names, one["mu_star"], one["sigma"], strict=True)
        found.append(tuple(Effect(name, float(effect), float(spread)) for name, effect, spread in effects))
    return found


def decompose(names: Sequence[str], evaluate: Evaluate, *, n_rows: int, seed: int) -> list[tuple[Index, ...]]:
    """Indices for each outcome, in the order of the names. Costs n_rows * (parameters + 2) runs; a power of 2."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as design

    problem = _problem(names)
    rows = design.sample(problem, n_rows, calc_second_order=False, seed=seed + 1)
    outcomes = evaluate(rows, np.arange(len(rows)) // (len(names) + 2))
    found = []
    for values in outcomes.T:
        if np.ptp(values) == 0.0:
            found.append(tuple(Index(name, 0.0, 0.0, 0.0, 0.0) for name in names))
            continue
        one = analysis.analyze(problem, values, calc_second_order=False, seed=seed + 1)
        parts = zip(names, one["S1"], one["S1_conf"], one["ST"], one["ST_conf"], strict=True)
        found.append(tuple(Index(name, *(float(value) for value in numbers)) for name, *numbers in parts))
    return found


def most_influential(effects: Sequence[tuple[Effect, ...]], n: int) -> list[str]:
    """The parameters with the largest effects, each outcome on the scale of its largest."""
    scores: dict[str, float] = {}
    for of_outcome in effects:
        largest = max((one.effect for one in of_outcome), default=0.0)
        for one in of_outcome:
            share = one.effect / largest if largest > 0.0 else 0.0
            scores[one.parameter] = max(scores.get(one.parameter, 0.0), share)
    return sorted(scores, key=lambda name: (-scores[name], name))[:n]

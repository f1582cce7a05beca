"""How far each number may move while the rows are fitted almost as well: ranges, profiles, pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.fit.expected_information import expected_reduction
from safeconduct.inference.fit.fitting import Posterior
from safeconduct.inference.fit.identifiability import ExpectedInformation, Identifiability, Pair, Profile, Range
from safeconduct.inference.fit.observables import Observable

Array = NDArray[np.float64]
DROP = 3.84  # of twice the log likelihood: the 95 % point of chi-square with one degree of freedom
N_BINS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One number over all draws of a fit."""

    name: str
    unit: str
    is_parameter: bool
    values: Array  # [draw]


def profile(fit: Posterior, *, drop: float = DROP) -> Identifiability:
    """Sum up what the pool of simulated draws says beyond its best one."""
    columns = columns_of(fit)
    gap = 2.0 * (fit.log_likelihood.max() - fit.log_likelihood)  # [draw] infinite where the run failed
    near = gap <= drop
    note = (
        f"Ranges are over the {int(near.sum())} of {len(gap)} simulated draws whose twice log likelihood lies "
        f"within {drop:g} of the best; a denser search may widen them. What narrows a number is counted on "
        f"{len(np.unique(fit.kept))} different draws. {fit.caution}"
    ).strip()
    return Identifiability(
        tuple(range_of(column, gap, near, fit.from_prior) for column in columns),
        tuple(profile_of(column, gap, fit.rmse, drop) for column in columns),
        tuple(pair_of(a, b, fit.kept, near) for a, b in combinations([c for c in columns if c.is_parameter], 2)),
        prospects_of(fit, columns),
        drop,
        int(near.sum()),
        len(gap),
        note,
    )


def columns_of(fit: Posterior) -> list[Column]:
    """The fitted parameters and the other numbers that were kept for each draw."""
    parameters = zip(fit.question.parameters, fit.values.T, strict=True)
    observables = zip(fit.question.also, fit.also.T, strict=True)
    return [
        *(Column(p.name, p.unit, True, values) for p, values in parameters),
        *(Column(o.name, o.unit, False, values) for o, values in observables),
    ]


def range_of(column: Column, gap: Array, near: NDArray[np.bool_], from_prior: NDArray[np.bool_]) -> Range:
    """The range of a number over draws that fit almost as well; NaN where none of them has a value."""
    values = column.values[near]
    values = values[~np.isnan(values)] if not np.isnan(values).all() else np.full(1, np.nan)
    before = column.values[from_prior & ~np.isnan(column.values)]
    prior_low, prior_high = np.quantile(before, (0.05, 0.95)) if len(before) else (np.nan, np.nan)
    best = float(column.values[gap.argmin()])
    return Range(
        column.name,
        column.unit,
        column.is_parameter,
        float(values.min()),
        best,
        float(values.max()),
        float(prior_low),
        float(prior_high),
    )


def profile_of(column: Column, gap: Array, rmse: Array, drop: float) -> Profile:
    """The least misfit in each of equally wide bins, over the values that are not far too unlikely."""
    usable = (gap <= 5.0 * drop) & ~np.isnan(column.values)
    values, gap, rmse = column.values[usable], gap[usable], rmse[usable]
    if not len(values):
        return Profile(column.name, column.unit, (), (), ())
    edges = np.linspace(values.min(), values.max(), N_BINS + 1)
    bins = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, N_BINS - 1)
    held = np.unique(bins)
    middles = (edges[held] + edges[held + 1]) / 2.0
    return Profile(
        column.name,
        column.unit,
        tuple(map(float, middles)),
        tuple(float(gap[bins == b].min()) for b in held),
        tuple(float(rmse[bins == b].min()) for b in held),
    )


def pair_of(first: Column, second: Column, kept: NDArray[np.int64], near: NDArray[np.bool_]) -> Pair:
    """How two parameters trade off."""
    a, b = first.values, second.values
    is_positive = bool((a > 0.0).all() and (b > 0.0).all())
    x, y = (np.log(a[kept]), np.log(b[kept])) if is_positive else (a[kept], b[kept])
    spread = float(x.std() * y.std())
    correlation = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread else 0.0
    if not is_positive:
        return Pair(first.name, second.name, correlation, None, None)
    return Pair(first.name, second.name, correlation, ends((a * b)[near]), ends((a / b)[near]))


def ends(values: Array) -> tuple[float, float]:
    """Least and greatest."""
    return float(values.min()), float(values.max())


def prospects_of(fit: Posterior, columns: list[Column]) -> tuple[ExpectedInformation, ...]:
    """Each observable that could be reported, against every other number."""
    found = [
        prospect
        for observable in fit.question.also
        if observable.report_sd is not None
        for prospect in told_by(observable, observable.report_sd, fit.kept, columns)
    ]
    return tuple(sorted(found, key=lambda prospect: -prospect.reduction))


def told_by(
    observable: Observable, report_sd: float, kept: NDArray[np.int64], columns: list[Column]
) -> list[ExpectedInformation]:
    """What one report would tell about every other number. A draw without a value takes no part."""
    draws, counts = np.unique(kept, return_counts=True)
    table = {column.name: column.values[draws] for column in columns}
    known = ~np.isnan(np.column_stack(list(table.values()))).any(axis=1)
    if known.sum() < 2:
        return []
    seen = table.pop(observable.name)[known]
    wanted = np.column_stack(list(table.values()))[known]
    shares = expected_reduction(seen, wanted, report_sd, counts[known] / counts[known].sum())
    return [
        ExpectedInformation(observable.name, observable.unit, report_sd, name, float(share))
        for name, share in zip(table, shares, strict=True)
    ]

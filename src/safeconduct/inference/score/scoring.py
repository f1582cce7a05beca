"""Runs and baselines held against the record, on rows that say whether they were fitted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.inference.score.applicable_baselines import baselines_for
from safeconduct.inference.score.baselines import Baseline
from safeconduct.inference.score.destination_baselines import where_baselines
from safeconduct.inference.score.evidence import RecordedRow, TargetRows, evidence_of, modelled
from safeconduct.inference.score.measures import crps, is_covered, root_mean_square
from safeconduct.inference.score.types import ScoreRow, Scores
from safeconduct.scenario import Scenario, Target

Array = NDArray[np.float64]
HOW = (
    "Values between whole hours lie on a straight line. CRPS is the fair estimator in the unit of the "
    "target, and the absolute error for rules that give one number. Intervals are those of the runs, without "
    "reporting error; a recorded interval counts as covered where the two overlap."
)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one target that a model is held against together."""

    target: Target
    label: str  # fitted, later or all
    rows: Sequence[RecordedRow]
    final_count: float

    @property
    def hours(self) -> Array:
        """[row] hours since the start of the case."""
        return np.array([row.hour for row in self.rows])

    @property
    def recorded(self) -> Array:
        """[row] the recorded figures."""
        return np.array([row.best for row in self.rows])


def score(
    scenario: Scenario,
    ensemble: Ensemble,
    *,
    fitted_until: datetime | None,
    fitted_targets: Collection[tuple[str, str]] | None = None,
) -> Scores:
    """Score the runs and every baseline on each target of the case.

    `fitted_targets` names the (quantity, place) pairs that the runs' parameters were fitted on; the headline
    where it is not given. Where nothing was fitted, the baselines, which have to be fitted on something, are
    fitted on rows up to the case's `learn_until`; without one all rows stand together, and they are fitted on
    these same rows and say so.
    """
    used = set(fitted_targets or (scenario.headline,)) if fitted_until else set()
    until = fitted_until or scenario.learn_until
    found = {key_of(t): evidence_for(scenario, ensemble, t, until) for t in scenario.targets}
    evidence = {key: held for key, held in found.items() if held is not None}
    rows: list[ScoreRow] = []
    for target in scenario.targets:
        if key_of(target) in evidence:
            was_fitted = key_of(target) in used
            rows += score_simulation(ensemble, target, evidence[key_of(target)], was_fitted=was_fitted)
            if scenario.walk is None:  # rules for camps are scored over all camps together
                rows += score_baselines(scenario, target, evidence, has_fit=until is not None)
    lost = [f"{q} at {p}: not scored, the runs did not keep it." for (q, p), held in found.items() if not held]
    notes = [HOW, *lost, *(held.note for held in evidence.values())]
    n_fitted = sum(row.is_fitted for key, held in evidence.items() if key in used for row in held.rows)
    camps = None
    if scenario.walk and scenario.walk.camps:
        from safeconduct.inference.score.camps import camp_scores  # here, as few cases have camps

        camps = camp_scores(scenario, scenario.walk, ensemble)
    return Scores(tuple(rows), fitted_until, n_fitted, " ".join(filter(None, notes)), camps)


def key_of(target: Target) -> tuple[str, str]:
    """What a target is called in an ensemble."""
    return target.quantity, target.place


def evidence_for(scenario: Scenario, ensemble: Ensemble, target: Target, until: datetime | None) -> TargetRows | None:
    """The rows of a target that the runs can be held against; None where they did not keep it."""
    if key_of(target) not in ensemble.series:
        return None
    evidence = evidence_of(target, scenario.clock, last_hour=float(ensemble.hours[-1]), until=until)
    return where_some_run_has_a_value(ensemble, target, evidence)


def where_some_run_has_a_value(ensemble: Ensemble, target: Target, evidence: TargetRows) -> TargetRows:
    """The evidence without rows at which no run has a value (a waiting time, where no one crossed)."""
    values = modelled(ensemble, target, [row.hour for row in evidence.rows])
    known = [not np.isnan(column).all() for column in values.T]
    if all(known):
        return evidence
    rows = tuple(row for row, is_known in zip(evidence.rows, known, strict=True) if is_known)
    lost = f"{target.quantity} at {target.place}: no run has a value at {known.count(False)} rows."
    return replace(evidence, rows=rows, note=f"{evidence.note} {lost}".strip())


def score_simulation(
    ensemble: Ensemble, target: Target, evidence: TargetRows, *, was_fitted: bool
) -> Iterator[ScoreRow]:
    """The runs' scores: fitted and later rows apart; for a target that was not fitted, all and later rows."""
    groups = split(target, evidence)
    if not was_fitted:
        later = [held for held in groups[1:] if groups[0].rows]
        groups = [Held(target, "all", evidence.rows, evidence.final_count), *later]
    for held in groups:
        if held.rows:
            yield score_runs(held, modelled(ensemble, target, held.hours))


def score_baselines(
    scenario: Scenario, target: Target, evidence: Mapping[tuple[str, str], TargetRows], *, has_fit: bool
) -> Iterator[ScoreRow]:
    """Every baseline's scores: fitted on the fitted rows, or on all rows where there is no fit."""
    mine = evidence[key_of(target)]
    groups = split(target, mine) if has_fit else [Held(target, "all", mine.rows, mine.final_count)]
    told = "" if has_fit else "; fitted on these very rows"
    rules = [(rule, told) for rule in baselines_for(scenario, target, mine, groups[0].rows)]
    rules += [(rule, "") for rule in where_baselines(scenario, target, evidence)]
    if target.quantity.startswith("new_"):
        from safeconduct.inference.score.crossing_baselines import border_baselines  # here, as few cases count a day's

        rules += [(rule, "") for rule in border_baselines(scenario, target, evidence, has_fit=has_fit)]
    for rule, note in rules:
        for held in groups:
            if held.rows:
                yield score_rule(held, rule, note)


def split(target: Target, evidence: TargetRows) -> list[Held]:
    """The rows that a fit has used, and those that it has not."""
    fitted = [row for row in evidence.rows if row.is_fitted]
    later = [row for row in evidence.rows if not row.is_fitted]
    return [
        Held(target, "fitted", fitted, evidence.final_count),
        Held(target, "later", later, evidence.final_count),
    ]


def score_runs(held: Held, values: Array) -> ScoreRow:
    """The scores of [run, row] values. At each row, runs without a value there are left out, and the note says so."""
    known = [(row, draws[~np.isnan(draws)]) for row, draws in zip(held.rows, values.T, strict=True)]
    n_partial = sum(len(draws) < len(values) for _, draws in known)
    return result(
        held,
        "simulation",
        np.array([np.median(draws) - row.best for row, draws in known]),
        crps=float(np.mean([crps(draws, row.best) for row, draws in known])),
        cover50=float(np.mean([is_covered(draws, row.low, row.high, 0.5) for row, draws in known])),
        cover90=float(np.mean([is_covered(draws, row.low, row.high, 0.9) for row, draws in known])),
        note=f"some runs have no value at {n_partial} of the rows" if n_partial else "",
    )


def score_rule(held: Held, rule: Baseline, told: str) -> ScoreRow:
    """The scores of a rule that gives one number: its CRPS is its absolute error and it has no interval."""
    errors = rule.at(held.hours) - held.recorded
    return result(held, rule.name, errors, crps=float(np.abs(errors).mean()), note=rule.note + told)


def result(
    held: Held,
    model: str,
    errors: Array,
    *,
    crps: float | None = None,
    cover50: float | None = None,
    cover90: float | None = None,
    note: str,
) -> ScoreRow:
    """One line of the table of scores, from the errors of the median or of the one number."""
    rmse = root_mean_square(errors)
    return ScoreRow(
        target_quantity=held.target.quantity,
        target_place=held.target.place,
        rows=held.label,
        model=model,
        n_rows=len(errors),
        crps=crps,
        cover50=cover50,
        cover90=cover90,
        rmse_share=rmse / held.final_count,
        note=note,
        rmse=rmse,
    )

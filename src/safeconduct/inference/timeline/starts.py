"""Start values of a short case from finished runs of the long one: the state that they reached, run by run.

`starts.yaml` of the short case says which measure of which phase gives which parameter. Each run of the short case
takes one finished run's values, so that what goes together there goes together here.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from safeconduct.inference.fit.sample import Sample
from safeconduct.scenario import Scenario, read_document, value_is_possible
from safeconduct.terms import CaseError, Fault, UsageError, parse_time, read_summary

FILE, RUNS = "starts.yaml", "runs.parquet"


class StartsSpec(BaseModel):
    """What the file says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    case: str  # the long case
    about: str = ""
    parameters: dict[str, str]  # of this case -> phase.measure of the long one


def start_sample(folder: Path, scenario: Scenario) -> Sample:
    """Values at the start, from the runs in a folder that `run` wrote.

    Raises CaseError for a faulty starts.yaml, UsageError where there is none or the folder holds no such runs.
    """
    import polars as pl

    spec = read_starts(scenario)
    path = folder / RUNS
    if not path.is_file():
        raise UsageError(f"{path} does not exist; write it with safeconduct run {spec.case} --out {folder}.")
    table = pl.read_parquet(path)
    lacking = [name for name in spec.parameters.values() if f"outcome.{name}" not in table.columns]
    if lacking:
        raise UsageError(f"{path} lacks {', '.join(lacking)}; expected runs of {spec.case}; run it into {folder}.")
    columns = [table[f"outcome.{name}"].to_numpy().astype(np.float64) for name in spec.parameters.values()]
    rows = np.stack(columns, axis=1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    for name, column in zip(spec.parameters, rows.T, strict=True):
        if not all(value_is_possible(name, float(value)) for value in column):
            raise UsageError(f"{path} gives {name} values that it cannot have; correct {FILE} of {scenario.key}.")
    if not len(rows):
        raise UsageError(f"{path} holds no run that reaches the start of {scenario.key}; run {spec.case} again.")
    about = {"method": f"state reached by {len(rows)} runs of {spec.case}", "from": str(folder), "about": spec.about}
    return Sample(tuple(spec.parameters), rows, fitted_until(folder, scenario), (), 0, about)


def fitted_until(folder: Path, scenario: Scenario) -> datetime:
    """Up to when the runs themselves were fitted; the start of the short case where they were not."""
    summary = read_summary(folder)
    return parse_time(summary.fitted_until) if summary and summary.fitted_until else scenario.clock.start


def read_starts(scenario: Scenario) -> StartsSpec:
    """The file of a case. Raises CaseError with every fault, UsageError where there is none."""
    path, faults = scenario.folder / FILE, list[Fault]()
    if not path.exists():
        raise UsageError(f"{scenario.key} has no {FILE}, so no runs give it start values; leave --start-from out.")
    document = read_document(path, faults)
    spec = document.read_as(StartsSpec, "write it as in karabakh-2023", faults) if document else None
    if document and spec:
        for name in spec.parameters:
            if name not in scenario.parameters:
                where = ("parameters", name)
                faults.append(document.fault(where, name, f"a parameter of {scenario.key}", "correct the name"))
    if spec is None or faults:
        raise CaseError(faults)
    return spec

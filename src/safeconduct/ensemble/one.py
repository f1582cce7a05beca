"""One run of a plan, wherever it is carried out: in this process, in a worker, on a cluster."""

from __future__ import annotations

from safeconduct.ensemble.keep import record_of
from safeconduct.ensemble.plan import Plan


def simulated(plan: Plan, number: int) -> tuple[bytes, str]:
    """The record of one run; or none, and the sentence of its failure: a model that fails is a value."""
    from safeconduct.engine import simulate

    try:
        values = plan.values(number)
        run = simulate(plan.scenario_of(number), values, seed=plan.run_seed(number), record=plan.record or None)
    except (ArithmeticError, LookupError, MemoryError, ValueError) as error:
        return b"", f"run {number}: {type(error).__name__}: {error}"
    return record_of(number, run, plan.mark), ""

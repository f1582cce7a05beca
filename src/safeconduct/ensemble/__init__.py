"""Ensemble: a plan of many runs, carried out.

Comes in: a `Plan` (a scenario, how many runs, which seed, where parameters are drawn from). Goes out: `Ensemble`.
Does not know: which run is right.
Start reading at `plan.py`, then `pool.py`.
"""

from typing import TYPE_CHECKING

from safeconduct.terms import offered_when_used

if TYPE_CHECKING:  # each is imported when it is first used
    from safeconduct.ensemble.cluster import check_cluster
    from safeconduct.ensemble.keep import open_stores, remove_store
    from safeconduct.ensemble.plan import WHOLE, Part, Plan, code_hash, libraries
    from safeconduct.ensemble.pool import Progress, carry_out, obey_parent, server
    from safeconduct.ensemble.quick import QuickRuns, quick_runs
    from safeconduct.ensemble.types import Ensemble, Failure
    from safeconduct.ensemble.work import any_size, refuse_much_work

__getattr__ = offered_when_used(__name__, __file__)

"""Ensemble: a plan of many runs, carried out.

Comes in: a scenario, a plan (how many runs, which seed, where parameters are drawn from). Goes out: `Ensemble`.
Refuses to know: which run is right.
"""

from safeconduct.ensemble.types import Ensemble, Failure

__all__ = ["Ensemble", "Failure"]

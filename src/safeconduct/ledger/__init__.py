"""Ledger: everything as said by someone.

Comes in: reports and tables. Goes out: `Claim`, `Ledger`, `Observation`. Refuses to know: any model.
Start reading at `types.py`, then `observe.py`.
"""

from safeconduct.ledger.observe import observe
from safeconduct.ledger.read import CLAIMS, read_ledger
from safeconduct.ledger.types import Claim, Ledger, Observation

__all__ = ["CLAIMS", "Claim", "Ledger", "Observation", "observe", "read_ledger"]

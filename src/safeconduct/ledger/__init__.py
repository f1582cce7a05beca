"""Ledger: everything as said by someone.

Comes in: reports and tables. Goes out: `Claim`, `Ledger`, `Observation`. Refuses to know: any model.
Start reading at `types.py`.
"""

from safeconduct.ledger.types import Claim, Ledger, Observation

__all__ = ["Claim", "Ledger", "Observation"]

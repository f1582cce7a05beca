"""Ledger: everything as said by someone.

Comes in: reports and tables. Goes out: `Claim`, `Ledger`, `Observation`. Refuses to know: any model.
Start reading at `types.py`, then `observe.py`; `tables.py` is how every plain text table is read and its faults told.
"""

from safeconduct.ledger import tables
from safeconduct.ledger.observe import observe
from safeconduct.ledger.read import CLAIMS, read_claims, read_ledger
from safeconduct.ledger.types import Claim, Ledger, Observation

__all__ = ["CLAIMS", "Claim", "Ledger", "Observation", "observe", "read_claims", "read_ledger", "tables"]

"""Ledger: everything as said by someone.

Comes in: reports and tables. Goes out: `Claim`, `Ledger`, `Observation`. Refuses to know: any model.
Start reading at `types.py`, then `observe.py` (what may be used) and `conflicts.py` (where reports disagree).
"""

from safeconduct.ledger.conflicts import Conflict, find_conflicts
from safeconduct.ledger.observe import claims_about, left_out, observe
from safeconduct.ledger.publication import as_of, undated
from safeconduct.ledger.read import read_ledger
from safeconduct.ledger.types import (
    Action,
    Claim,
    Ledger,
    Observation,
    PlaceName,
    Quantity,
    Reporter,
    Terms,
)

__all__ = [
    "Action",
    "Claim",
    "Conflict",
    "Ledger",
    "Observation",
    "PlaceName",
    "Quantity",
    "Reporter",
    "Terms",
    "as_of",
    "claims_about",
    "find_conflicts",
    "left_out",
    "observe",
    "read_ledger",
    "undated",
]

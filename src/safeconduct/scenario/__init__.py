"""Scenario: a case folder, read and checked.

Comes in: a folder of plain text tables. Goes out: `Scenario`. Refuses to know: what happens next.
Start reading at `types.py`, then `read.py`.
"""

from safeconduct.scenario.types import (
    Amount,
    Checkpoint,
    Event,
    Parameter,
    People,
    Place,
    Role,
    Route,
    Scenario,
    Supply,
    Target,
    Values,
)

__all__ = [
    "Amount",
    "Checkpoint",
    "Event",
    "Parameter",
    "People",
    "Place",
    "Role",
    "Route",
    "Scenario",
    "Supply",
    "Target",
    "Values",
]

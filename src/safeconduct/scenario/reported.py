"""What travellers reported of the way, as far as it was published by a time."""

from __future__ import annotations

from datetime import datetime

from safeconduct.ledger import Observation, as_of, observe_each
from safeconduct.scenario.types import Scenario


def told_by(scenario: Scenario, quantity: str, place: str, until: datetime) -> tuple[Observation, ...]:
    """The figures of a quantity that could be known then, each claim for itself and none merged with a later one."""
    return observe_each(as_of(scenario.ledger, until), quantity, place)

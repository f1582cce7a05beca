"""Transfer of places: departures rise toward an announced date; some homes are destroyed on leaving."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.state import TimelineState
from safeconduct.engine.world import World
from safeconduct.scenario import Event


def announce(world: World, tables: Tables, event: Event) -> None:
    """A transfer is announced for so many days from now; a later announcement for the same place moves the date."""
    if world.course is not None:
        hour = tables.scenario.clock.hour_of(event.time)
        world.course.deadline[tables.targets(event.target)] = hour + 24.0 * event.value.at(tables.values)


def leave_home(world: World, course: TimelineState, parties: NDArray[np.int32]) -> None:
    """Some of those who leave a place that is to be handed over destroy their home."""
    if not parties.size or not np.isfinite(course.deadline).any():
        return
    home = world.parties.home[parties]
    course.lost[parties] |= course.destroys[parties] & np.isfinite(course.deadline[home])

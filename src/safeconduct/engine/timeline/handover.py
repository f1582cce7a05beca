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


def transfer_pressure(course: TimelineState, tables: Tables, hour: float) -> NDArray[np.float64]:
    """[place] pressure of a transfer: it grows over the last days before the date, and stays once the place is held."""
    v = tables.values
    days_left = (course.deadline - hour) / 24.0
    near = np.clip(1.0 - days_left / v["transfer_lead_days"], 0.0, 1.0)
    pressure: NDArray[np.float64] = v["transfer_weight"] * np.where(course.held, 1.0, near)
    return pressure


def leave_home(world: World, course: TimelineState, parties: NDArray[np.int32]) -> None:
    """Some of those who leave a place that is to be handed over destroy their home."""
    if not parties.size or not np.isfinite(course.deadline).any():
        return
    home = world.parties.home[parties]
    course.lost[parties] |= course.destroys[parties] & np.isfinite(course.deadline[home])

"""Wishes over months: leaving is weighed anew every step; trust in the force is a state; people under fire gather."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np

from safeconduct.engine.kernels.people import WAITING
from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.kernels import sum_pressure, take_refuge, weigh_up
from safeconduct.engine.timeline.state import TimelineState
from safeconduct.engine.world import World
from safeconduct.scenario import Event


def change_trust(world: World, tables: Tables, event: Event) -> None:
    """Trust in the force rises or falls with a post, an escort or an answer, as reported; it stays within 0..1."""
    if world.course is not None:
        world.course.trust = min(1.0, max(0.0, world.course.trust + event.value.at(tables.values)))


def forget(world: World, tables: Tables, course: TimelineState, hours: float) -> None:
    """Signals fade, and those who left count less and less as neighbours gone."""
    v = tables.values
    world.signal *= 0.5 ** (hours / (24.0 * v["signal_half_life_days"]))
    kept = 0.5 ** (hours / (24.0 * v["neighbours_memory_days"]))
    course.used_to = np.maximum(world.here, world.here + (course.used_to - world.here) * kept)


def feel_over_months(world: World, tables: Tables, course: TimelineState) -> None:
    """Sum up what speaks for leaving at each place; pressure of a transfer rises toward its date, and then stays."""
    v = tables.values
    gone = course.share_gone(world.here)
    if v["neighbour_weight"] > 0:
        gone += v["neighbour_weight"] * (tables.neighbours @ gone - gone)
    weights = (v["threat_weight"], v["hardship_weight"], v["share_gone_weight"], v["signal_weight"])
    sum_pressure(
        world.threat, course.hardship, gone, world.signal, course.deadline, course.held, weights,
        v["trust_weight"] * course.trust, v["transfer_weight"], v["transfer_lead_days"], world.hour, world.pressure,
    )  # fmt: skip


def weigh_leaving(world: World, tables: Tables, course: TimelineState) -> None:
    """Parties whose threshold is passed wish to leave, others drop the wish; where a way is open they get ready."""
    dropped = weigh_up(
        world.parties, world.threshold, world.delay, world.pressure, tables.values["wish_margin"], world.way_since[0],
        course.tank, world.calendar_queue, world.hour, tables.page_hours, world.seed,
    )  # fmt: skip
    if dropped:
        world.waiting = world.waiting[world.parties.state[world.waiting] == WAITING]


def gather_inside(world: World, tables: Tables) -> None:
    """People under fire who have no way out move to the case's refuges: a result of threat, not a recorded share."""
    course = world.course
    if course is None or not course.refuges.size or world.threat.max() <= 0.05:
        return
    is_refuge = np.zeros(len(tables.places), np.bool_)
    is_refuge[course.refuges] = True
    moved = take_refuge(
        world.parties, course.gathers, world.threat, world.way_since[0], course.refuges, is_refuge, world.here
    )
    course.gathered += moved * course.one_in

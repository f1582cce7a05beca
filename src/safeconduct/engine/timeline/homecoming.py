"""Return: home reachable, protected and intact; convoys with seats beside private journeys; a place to live instead."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import CATEGORIES, Tables
from safeconduct.engine.timeline.kernels import book_returns, book_room, find_room, set_dates, set_out_home
from safeconduct.engine.timeline.state import TimelineState
from safeconduct.engine.world import World
from safeconduct.scenario import Event

N_CATEGORIES = len(CATEGORIES)


def half_life_hours(tables: Tables) -> float:
    """Hours in which half of those who can and would return look whether to."""
    return 24.0 * tables.values["return_half_life_days"]


def expect_dates(world: World, tables: Tables, course: TimelineState, parties: NDArray[np.int32]) -> None:
    """Those housed away from a home that may be reached get a date on which they look whether to go."""
    set_dates(
        world.parties, parties, world.reachable, course.never, world.expects, course.n_dates, half_life_hours(tables),
        world.calendar_queue, world.hour, max(world.until, world.hour), tables.page_hours, world.seed,
    )  # fmt: skip


def give_seats(world: World, tables: Tables, event: Event) -> None:
    """From now on return convoys have so many seats a day."""
    if world.course is not None:
        world.course.seats_per_day = event.value.at(tables.values)
        world.course.seats = 0.0


def going_home(world: World, tables: Tables, course: TimelineState) -> NDArray[np.int32]:
    """Parties that set out for home, or for a new home inside, in this step."""
    days = (world.until - world.hour) / 24.0
    largest = 60.0 * course.one_in
    course.seats = min(course.seats + course.seats_per_day * days, max(course.seats_per_day, largest))
    if not world.due.size:
        return world.due
    seats, going, posts = np.array([course.seats, 0.0]), world.lists.moving, course.posts
    room = np.zeros((2, N_CATEGORIES))
    find_room(posts.is_out, posts.category, posts.credit, posts.wanting, room)
    n = set_out_home(
        world.parties, world.due, world.threshold, world.pressure, tables.values["return_margin"], tables.goal_of,
        world.roads.next_hop, course.lost, course.held | np.isfinite(course.deadline), course.resettles,
        course.resettle_at, course.escorted, course.category, room[0], seats, world.expects, course.n_dates,
        half_life_hours(tables), course.one_in, world.calendar_queue, world.hour, world.until, tables.page_hours,
        world.seed, going,
    )  # fmt: skip
    book_room(posts.is_out, posts.category, room, posts.credit, posts.wanting, posts.cum_passed)
    course.seats = float(seats[0])
    course.escorted_home += float(seats[1])
    return going[:n].copy()


def count_returns(world: World, course: TimelineState) -> None:
    """Book who came home in this step, and take back what only served to let them pass."""
    book_returns(world.parties, world.reached, float(course.one_in), course.returned)

"""Who is let through a post that is not open to everyone: categories, directions, limits a day."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.kernels import add_room, let_through
from safeconduct.engine.world import World
from safeconduct.scenario import Event

SAVED_DAYS = 7.0  # assumed: room that is not used on one day can be used for a week
ASKED_DAYS = 60.0  # assumed: who has asked for so long without passing is not counted twice


def set_passage(world: World, tables: Tables, event: Event) -> None:
    """From now on a passage lets through so many persons a day, or so many transfers of a stated size."""
    if world.course is not None and tables.scenario.timeline is not None:
        ids = [one.id for one in tables.scenario.timeline.passages]
        world.course.posts.limit[ids.index(event.target)] = event.value.at(tables.values) * (event.seats or 1.0)


def admit_at_posts(world: World, tables: Tables) -> None:
    """Posts that are not open to everyone let through those whom the rules name, as many a day as the limit says.

    Who is refused stays and wants to leave no less. A party is let through whole or not at all, so what a limit leaves
    over is saved up until a party fits into it.
    """
    course = world.course
    if course is None or not course.posts.row.size:
        return
    if not course.has_shut_post:
        course.posts.credit[:], course.posts.wanting[:], course.refused = 0.0, 0.0, 0.0
        return
    posts, days = course.posts, (world.until - world.hour) / 24.0
    largest = 60.0 * course.one_in  # a party of any size fits once enough days have passed
    n = add_room(
        world.roads.rows["admits"][posts.row], posts.is_out, posts.limit, posts.asks, days, largest,
        float(course.one_in), SAVED_DAYS, ASKED_DAYS, posts.credit, posts.wanting, posts.cum_allowed, posts.ready,
    )  # fmt: skip
    for i in posts.ready[:n]:
        passed = let_through(
            world.parties, course.lines[posts.category[i]], world.first_goal, int(posts.category[i]),
            min(float(posts.credit[i]), float(posts.wanting[i])), course.one_in, world.hour, world.until,
            world.calendar_queue, tables.page_hours, world.has_room, world.seed,
        )  # fmt: skip
        if passed:
            posts.credit[i] -= passed
            posts.wanting[i] -= passed
            posts.cum_passed[i] += passed
            world.must_ask = True
    course.refused = float(posts.wanting[posts.is_out].sum())

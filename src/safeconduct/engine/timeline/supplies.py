"""What people live on: stocks by kind and place, inflow, own production by season, rationing, spoilage, hardship."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.kernels import use_stocks
from safeconduct.engine.timeline.state import Goods, TimelineState
from safeconduct.engine.world import World
from safeconduct.scenario import Event

TANK_REFILL_DAYS = 7.0  # assumed: tanks are full again a week after fuel is sold again
ENOUGH = 0.98  # share of a need above which it counts as met
FUEL = "fuel"


def set_inflow(world: World, tables: Tables, event: Event) -> None:
    """From now on so much of a kind comes in a day, while its road is open."""
    course, plan = world.course, tables.scenario.timeline
    if course is None or plan is None:
        return
    flows = [one.id for one in plan.inflows if one.kind in course.goods.kinds]
    i = flows.index(event.target)
    course.inflow[i] = event.value.at(tables.values) * 1000.0 / course.goods.need[course.inflow_kind[i]]


def live_on_stocks(world: World, tables: Tables, course: TimelineState, hours: float) -> None:
    """People use what is in store, by the ration in force; goods come in, are made and spoil over the step passed."""
    goods, days = course.goods, hours / 24.0
    if not goods.kinds:
        return
    month = int(course.month_of_day[min(int(world.before / 24.0), course.month_of_day.size - 1)])
    use_stocks(
        goods.has, goods.store_days, goods.made_share[month], goods.rules, goods.spoils, goods.weight,
        course.inflow, course.inflow_kind, course.inflow_links, course.open_links, world.here, course.is_origin,
        float(course.one_in), days, ENOUGH, goods.coming,
        goods.stock, goods.met, goods.flows, course.hardship,
    )  # fmt: skip
    run_down_tanks(course, tables, days)


def run_down_tanks(course: TimelineState, tables: Tables, days: float) -> None:
    """While fuel is short, fewer vehicles have enough left for the trip; some always do, as people keep a reserve."""
    goods, v = course.goods, tables.values
    if FUEL not in goods.kinds:
        return
    met = float(goods.flows[4, goods.kinds.index(FUEL)])
    if met >= ENOUGH:
        course.tank += (v["full_tank_share"] - course.tank) * min(1.0, days / TANK_REFILL_DAYS)
        return
    floor = min(v["kept_fuel_share"], course.tank)
    course.tank = floor + (course.tank - floor) * 0.5 ** (days * (1.0 - met) / v["tank_half_life_days"])


def ledger(goods: Goods) -> dict[str, NDArray[np.float64]]:
    """[kind] person-days that came in, were made, used and spoiled since the start; start + came + made = the rest."""
    names = ("came", "made", "used", "spoiled")
    return {"start": goods.start, **{name: goods.flows[i] for i, name in enumerate(names)}}


def days_in_store(goods: Goods, persons: float) -> NDArray[np.float64]:
    """[kind] days of full need in store for all who are inside; NaN where there are none."""
    return goods.stock.sum(axis=1) / persons if persons > 0 else np.full(len(goods.kinds), np.nan)

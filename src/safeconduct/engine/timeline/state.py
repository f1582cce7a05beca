"""All that changes in a case with phases beside the World itself. Absent (None) in every other case."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.queues import NEVER, Travellers
from safeconduct.engine.tables import CATEGORIES, Tables
from safeconduct.scenario import Role, Stock, Timeline
from safeconduct.terms import Draws


@dataclass
class Goods:
    """Stocks of K kinds at P places, in person-days of full need; the first six arrays do not change."""

    kinds: tuple[str, ...]
    has: NDArray[np.float64]  # [kind, place] 1 where people live on this kind
    store_days: NDArray[np.float64]  # [kind, place]
    made_share: NDArray[np.float64]  # [month, kind, place] share of the need made in a day
    rules: NDArray[np.float64]  # [2, kind, place] ration below (days), ration share
    spoils: NDArray[np.float64]  # [kind, place] share of the store kept over a day
    weight: NDArray[np.float64]  # [kind] part in hardship; sums to 1
    need: NDArray[np.float64]  # [kind] units a person and day, at the first place that has the kind
    stock: NDArray[np.float64]  # [kind, place]
    met: NDArray[np.float64]  # [kind, place] share of the need met over the step that has passed
    start: NDArray[np.float64]  # [kind] in store at the start
    coming: NDArray[np.float64]  # [kind] person-days a day that came in over the last step, before it was stored
    flows: NDArray[np.float64]  # [5, kind] came in, made, used, spoiled since the start; share met over the last step


@dataclass
class Posts:
    """Passages through posts, in the order of the table; persons are real ones, not simulated."""

    row: NDArray[np.int64]  # [passage] checkpoint row
    is_out: NDArray[np.bool_]
    category: NDArray[np.int64]
    limit: NDArray[np.float64]  # persons a day now
    asks: NDArray[np.float64]  # persons who ask in a day
    credit: NDArray[np.float64]  # persons who may still pass
    wanting: NDArray[np.float64]  # persons who ask and have not passed
    cum_passed: NDArray[np.float64]
    cum_allowed: NDArray[np.float64]  # limits summed over time: no passage may exceed it
    ready: NDArray[np.int64]  # passages out with room in this step, as far as there are any


@dataclass
class TimelineState:
    """What changes beside people and roads: goods, posts, trust, transfers, and each party's home."""

    goods: Goods
    posts: Posts
    inflow: NDArray[np.float64]  # [inflow] person-days of full need a day, while its road is open
    inflow_kind: NDArray[np.int64]
    inflow_links: NDArray[np.bool_]  # [inflow, link] whether it comes only while the link is open
    open_links: NDArray[np.bool_]  # [link] open to everyone, as last planned
    month_of_day: NDArray[np.int64]  # [day] 0 = January
    has_shut_post: bool  # some post is not open to everyone, as last planned
    is_origin: NDArray[np.float64]  # [place] 1 at origins
    one_in: int
    trust: float
    tank: float  # share of vehicles with fuel for the trip
    hardship: NDArray[np.float64]  # [place] 0..1
    used_to: NDArray[np.float64]  # [place] persons who lived there of late, for the share gone
    deadline: NDArray[np.float64]  # [place] hour of an announced transfer; inf = none
    held: NDArray[np.bool_]  # [place] handed over
    category: NDArray[np.int8]  # [party] its own at checkpoints; the row's category is set while it is let through
    lines: tuple[NDArray[np.int32], ...]  # [category] its parties in the order in which passages take them
    lost: NDArray[np.bool_]  # [party] its home is destroyed
    never: NDArray[np.bool_]  # [party] has left for good
    escorted: NDArray[np.bool_]  # [party] returns in a convoy
    resettles: NDArray[np.bool_]  # [party] would live elsewhere inside
    destroys: NDArray[np.bool_]  # [party] destroys its home on leaving it to a transfer
    gathers: NDArray[np.float32]  # [party] threat above which it moves to a refuge
    settles: NDArray[np.float32]  # [party] hours after leaving at which it is no longer counted as hosted
    n_dates: NDArray[np.int32]  # [party] dates of return drawn so far
    returned: NDArray[np.float64]  # [place] persons who came home, running total
    refuges: NDArray[np.int32]  # places
    resettle_at: int  # place; -1 = nowhere
    seats_per_day: float = NEVER  # of return convoys, real persons
    seats: float = 0.0  # free now
    escorted_home: float = 0.0  # persons who returned in convoys, running total
    gathered: float = 0.0  # persons who moved to a refuge, running total
    refused: float = 0.0  # persons who asked and were not let through, now

    def share_gone(self, here: NDArray[np.float64]) -> NDArray[np.float64]:
        """[place] share of those who lived there of late who are not there now."""
        return 1.0 - here / np.maximum(self.used_to, 1.0)


def build_timeline_state(tables: Tables, men: Travellers, seed: int) -> TimelineState:
    """The course at the start, under one run's parameter values. Raises ValueError where the case has no phases."""
    plan, v, n = tables.scenario.timeline, tables.values, men.rows.size
    if plan is None:
        raise ValueError("a course needs a case with phases")
    goods = build_goods(tables, plan)
    kind = {name: i for i, name in enumerate(goods.kinds)}
    rates = [
        one.thousand_per_day.at(v) * 1000.0 / goods.need[kind[one.kind]] for one in plan.inflows if one.kind in kind
    ]
    flows = [one for one in plan.inflows if one.kind in kind]
    slots = (tables.code[men.home] << np.uint64(32)) | (np.arange(n, dtype=np.int64) - men.first[men.home]).astype(
        np.uint64
    )
    draws = Draws(seed)

    def below(stream: str, share: str) -> NDArray[np.bool_]:
        return draws.uniform(stream, slots) < v[share]

    settle = -np.log(draws.uniform("settles", slots)) * v["settle_half_life_days"] * 24.0 / np.log(2.0)
    gather = draws.uniform("gathers", slots) / max(v["gather_share"], 1e-9)
    line = np.argsort(draws.uniform("passage", slots), kind="stable").astype(np.int32)
    lives = np.array([place.role is Role.ORIGIN for place in tables.places])
    return TimelineState(
        goods=goods,
        posts=build_posts(tables, plan),
        inflow=np.array(rates, dtype=np.float64),
        inflow_kind=np.array([kind[one.kind] for one in flows], dtype=np.int64),
        inflow_links=np.array([[bool(one.route) and row.id == one.route for row in tables.link_route] for one in flows])
        .reshape(len(flows), tables.n_links)
        .astype(np.bool_),
        open_links=np.array([route.is_open for route in tables.link_route], dtype=np.bool_),
        month_of_day=months(tables),
        has_shut_post=True,
        is_origin=lives.astype(np.float64),
        one_in=tables.scenario.one_in,
        trust=v["trust"],
        tank=v["full_tank_share"],
        hardship=np.zeros(len(tables.places)),
        used_to=tables.persons.astype(np.float64),
        deadline=np.full(len(tables.places), NEVER),
        held=np.zeros(len(tables.places), np.bool_),
        category=men.category.copy(),
        lines=tuple(line[men.category[line] == category] for category in range(len(CATEGORIES))),
        lost=np.zeros(n, np.bool_),
        never=below("never returns", "never_return_share"),
        escorted=below("returns in a convoy", "escorted_share"),
        resettles=below("lives elsewhere inside", "resettle_share"),
        destroys=below("destroys home", "destroyed_share"),
        gathers=gather.astype(np.float32),
        settles=settle.astype(np.float32),
        n_dates=np.zeros(n, np.int32),
        returned=np.zeros(len(tables.places)),
        refuges=np.array([tables.place_index[key] for key in plan.refuges], dtype=np.int32),
        resettle_at=tables.place_index[plan.resettles] if plan.resettles else -1,
    )


def months(tables: Tables) -> NDArray[np.int64]:
    """[day since the start] its month, January first."""
    clock = tables.scenario.clock
    return np.array([clock.at(24.0 * day).month - 1 for day in range(int(clock.hours / 24) + 1)], dtype=np.int64)


def build_goods(tables: Tables, plan: Timeline) -> Goods:
    """Stocks by kind and place; the row for a place counts, else that for its region, else that for *."""
    v, n = tables.values, len(tables.places)
    kinds = tuple(dict.fromkeys(row.kind for row in plan.stocks))
    shape = (len(kinds), n)
    has, store, start, spoils = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.ones(shape)
    made, rules = np.zeros((12, *shape)), np.ones((2, *shape))
    weight, need = np.zeros(len(kinds)), np.ones(len(kinds))
    for row in sorted(plan.stocks, key=_closest_last):
        k = kinds.index(row.kind)
        weight[k], need[k] = row.weight.at(v), row.need.at(v)
        for p in tables.targets(row.place):
            has[k, p], store[k, p], start[k, p] = 1.0, row.store_days.at(v), row.start_days.at(v)
            made[:, k, p] = np.array(row.season) * row.made_share.at(v)
            rules[:, k, p] = max(row.ration_below_days.at(v), 1e-9), row.ration_share.at(v)
            spoils[k, p] = 1.0 - row.spoils_share.at(v)
    persons = tables.persons * float(tables.scenario.one_in)
    stock = start * persons * has
    flows = np.zeros((5, len(kinds)))
    flows[4] = 1.0
    total = weight.sum()
    return Goods(
        kinds, has, store, made, rules, spoils, weight / total if total else weight, need, stock, np.ones(shape),
        stock.sum(axis=1), np.zeros(len(kinds)), flows,
    )  # fmt: skip


def _closest_last(row: Stock) -> tuple[bool, bool]:
    return (row.place != "*", not row.place.startswith("region:") and row.place != "*")


def build_posts(tables: Tables, plan: Timeline) -> Posts:
    """Passages as the tables give them; no party has passed."""
    rows = [next(i for i, row in enumerate(tables.rows) if row.id == one.checkpoint) for one in plan.passages]
    n, v = len(plan.passages), tables.values
    flat = np.zeros(n)
    return Posts(
        row=np.array(rows, dtype=np.int64),
        is_out=np.array([one.direction == "out" for one in plan.passages], dtype=np.bool_),
        category=np.array([CATEGORIES.index(one.category) for one in plan.passages], dtype=np.int64),
        limit=np.array([one.persons_per_day.at(v) for one in plan.passages], dtype=np.float64),
        asks=np.array([one.asks_per_day.at(v) for one in plan.passages], dtype=np.float64),
        credit=flat.copy(),
        wanting=flat.copy(),
        cum_passed=flat.copy(),
        cum_allowed=flat.copy(),
        ready=np.zeros(n, np.int64),
    )

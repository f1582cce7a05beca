"""What a run of a case with phases records, and the figures that sum up each phase."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.tables import Tables
from safeconduct.engine.timeline.clockwork import Clockwork
from safeconduct.engine.timeline.kernels import count_timeline
from safeconduct.engine.timeline.supplies import days_in_store
from safeconduct.engine.world import World
from safeconduct.scenario import INSIDE, OUTSIDE, Measure, Role

Series = dict[tuple[str, str], NDArray[np.float64]]

AT_PLACES = (  # the first four as `count_timeline` counts them
    "n_persons", "n_wishing_persons", "n_hosted_persons", "n_sheltered_persons", "cum_returns_persons", "pressure",
)  # fmt: skip
OF_KINDS = ("days", "met_share")  # food_days, food_met_share, ...
AT_CROSSINGS = ("cum_arrivals_persons", "cum_arrivals_vehicles")  # counted since the phase began
OF_ALL = (
    "trust", "hardship", "tank_share", "cum_escorted_returns_persons", "n_refused_persons", "cum_gathered_persons",
    "homes_destroyed_persons", "homes_held_persons",
)  # fmt: skip


class TimelineTally:
    """Counts a long run at its moments of record: what was asked for, and what the phases' measures need."""

    def __init__(self, tables: Tables, work: Clockwork, record: Iterable[str]) -> None:
        self.record = tuple(record)
        self.needed = frozenset({*self.record, *(one.quantity for phase in work.phases for one in phase.measures)})
        n, n_places = work.records.size, len(tables.places)
        self.work = work
        self.next = 0
        self.places = np.zeros((len(AT_PLACES), n, n_places))
        plan = tables.scenario.timeline
        kinds = tuple(dict.fromkeys(row.kind for row in plan.stocks)) if plan else ()
        self.totals = (*OF_ALL, *(f"{kind}_{what}" for what in OF_KINDS for kind in kinds))
        self.of_all = np.zeros((n, len(self.totals)))
        self.passed = np.zeros((n, len(plan.passages) if plan else 0))

    def is_due(self, world: World, tables: Tables) -> bool:
        """Whether this hour is the next moment of record."""
        return self.next < self.work.records.size and abs(self.work.records[self.next] - world.hour) < 1e-7

    def count(self, world: World, tables: Tables) -> None:
        """Record everything now. Raises ValueError where the world has no phases."""
        course = world.course
        if course is None:
            raise ValueError("a record by phases needs a case with phases")
        i, k = self.next, float(course.one_in)
        found = np.zeros((4, len(tables.places)))
        homeless = count_timeline(world.parties, course.lost, course.settles, world.hour, found)
        self.places[:4, i] = found * k
        self.places[4, i], self.places[5, i] = course.returned, world.pressure
        inside = found[0] * course.is_origin
        n_inside, n_kinds = float(np.add.reduce(inside)), len(course.goods.kinds)
        row = self.of_all[i]
        row[0], row[1], row[2] = course.trust, course.hardship @ (inside / max(n_inside, 1.0)), course.tank
        row[3] = course.escorted_home * (1.0 + tables.values["repeat_share"])
        row[4], row[5] = course.refused, course.gathered
        row[6], row[7] = homeless * k, float(tables.persons @ course.held) * k
        row[8 : 8 + n_kinds] = days_in_store(course.goods, n_inside * k)
        row[8 + n_kinds :] = course.goods.flows[4]
        self.passed[i] = course.posts.cum_passed
        self.next += 1

    def since_phase(self, total: NDArray[np.float64]) -> NDArray[np.float64]:
        """[record] a running total less what it was when that phase began: people cross more than once."""
        began = np.searchsorted(self.work.starts, self.work.records + 1e-7, side="right") - 1
        starts = np.interp(self.work.starts, self.work.records, total)
        since: NDArray[np.float64] = total - starts[np.maximum(began, 0)]
        return since

    def series(self, tables: Tables, flows: Series) -> Series:
        """(quantity, place) -> [record], of all that is needed; `flows` are running totals by whole hours."""
        found: Series = {}
        roles = [place.role for place in tables.places]
        origins = [i for i, role in enumerate(roles) if role is Role.ORIGIN]
        outside = [i for i, role in enumerate(roles) if role in (Role.RECEPTION, Role.SHELTER)]
        wanted = self.needed
        for name, kept in zip(AT_PLACES, self.places, strict=True):
            if name not in wanted:
                continue
            here = outside if name in ("n_hosted_persons", "n_sheltered_persons") else origins
            here = [*origins, *outside] if name == "n_persons" else here
            for i in here:
                found[name, tables.places[i].key] = kept[:, i]
            if name == "pressure":
                continue
            for whole, parts in ((INSIDE, origins), (OUTSIDE, outside)):
                if set(parts) & set(here):
                    found[name, whole] = kept[:, parts].sum(axis=1)
        for name, values in zip(self.totals, self.of_all.T, strict=True):
            if name in wanted:
                found[name, INSIDE] = values
        plan = tables.scenario.timeline
        if plan and "cum_passed_persons" in wanted:
            for i, one in enumerate(plan.passages):
                found["cum_passed_persons", one.id] = self.passed[:, i]
        hours = np.arange(next(iter(flows.values())).size) * tables.record_hours if flows else np.zeros(1)
        bins = np.rint(self.work.records / tables.record_hours).astype(np.int64)
        for (name, place), values in flows.items():
            if name not in wanted:
                continue
            if not name.startswith("cum_"):  # of the hour before, undefined where there was nothing
                found[name, place] = values[np.minimum(bins, values.size - 1)]
                continue
            total = np.interp(self.work.records, hours, values)
            found[name, place] = self.since_phase(total) if name in AT_CROSSINGS else total
        return found


def phase_outcomes(work: Clockwork, series: Mapping[tuple[str, str], NDArray[np.float64]]) -> dict[str, float]:
    """Every phase's measures, as phase.measure, and case.inside, case.hosted, case.wish at the end of the case.

    NaN where the series is not recorded or the level is never reached.
    """
    ends = {
        "inside": ("n_persons", INSIDE),
        "hosted": ("n_hosted_persons", OUTSIDE),
        "wish": ("n_wishing_persons", INSIDE),
    }
    found = {f"case.{name}": float(series[key][-1]) for name, key in ends.items() if key in series}
    for number, phase in enumerate(work.phases):
        first, last = work.span(number)
        inside = (work.records >= first - 1e-7) & (work.records <= last + 1e-7)
        for one in phase.measures:
            values = series.get((one.quantity, one.place))
            is_known = values is not None and bool(inside.any())
            found[f"{phase.key}.{one.name}"] = (
                measured(one, work.records[inside], values[inside]) if is_known and values is not None else float("nan")
            )
    return found


def measured(measure: Measure, hours: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """One measure of a phase: at its start or end, the change, an extreme, the mean, or days until a level."""
    simple = {
        "start": values[0],
        "end": values[-1],
        "change": values[-1] - values[0],
        "highest": values.max(),
        "lowest": values.min(),
        "mean": values.mean(),
    }
    if measure.at in simple:
        return float(simple[measure.at])
    word, level = measure.at.split(":")
    hit = values < float(level) if word == "first_below" else values > float(level)
    return float((hours[np.argmax(hit)] - hours[0]) / 24.0) if hit.any() else float("nan")

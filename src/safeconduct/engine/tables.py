"""A scenario turned into arrays, under one run's parameter values. Read-only during the run.

Places and links are put in an order of their own (by where they lie), so the order of rows changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from math import ceil

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.timeline.clockwork import Clockwork, clockwork
from safeconduct.scenario import Checkpoint, Event, Place, Role, Route, Scenario

CATEGORIES = ("everyone", "medical", "passport", "aid", "student", "resident")

OfLinks = NDArray[np.int64]
LinksByPlace = tuple[NDArray[np.int32], NDArray[np.int32], OfLinks, OfLinks, OfLinks]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something dated, ready to be applied: an event of the case, or a gate that opens or shuts by the clock."""

    hour: float
    event: Event | None
    gate: int = -1  # queue (link or booth) whose hours change
    is_open: bool = True


@dataclass(frozen=True)
class Tables:
    """The case as arrays. P places, L directed links, S shelters, G goals (places a party may travel to)."""

    scenario: Scenario
    values: Mapping[str, float]
    place_index: Mapping[str, int]
    places: tuple[Place, ...]  # in the engine's order
    code: NDArray[np.uint64]  # [place] from where it lies
    persons: NDArray[np.int64]  # [place] at the start
    car_share: NDArray[np.float64]  # [place]
    is_reception: NDArray[np.bool_]  # [place]
    shelters: NDArray[np.int32]  # [shelter] place
    pull: NDArray[np.float64]  # [shelter] persons
    room: NDArray[np.float64]  # [shelter] persons
    goals: NDArray[np.int32]  # [goal] place
    goal_of: NDArray[np.int32]  # [place] goal, -1 if no party travels there
    link_route: tuple[Route, ...]  # [link] the row it comes from
    link_start: NDArray[np.int32]  # [link] place
    link_end: NDArray[np.int32]
    link_km: NDArray[np.float64]
    crossings: tuple[str, ...]  # [crossing] place key
    rows: tuple[Checkpoint, ...]  # [row]
    row_link: NDArray[np.int32]
    moments: tuple[Moment, ...]  # in order of hour
    edges: NDArray[np.float64]  # [step + 1] hours at which steps begin and end
    record_hours: float
    n_bins: int
    work: Clockwork | None = None  # steps and records of a case with phases

    @property
    def n_links(self) -> int:
        """Directed links."""
        return len(self.link_route)

    @property
    def page_hours(self) -> float:
        """Length of a page of the calendar queue: one regular step."""
        return self.work.page_hours if self.work else self.scenario.clock.step_minutes / 60

    @cached_property
    def persons_or_one(self) -> NDArray[np.float64]:
        """[place] persons at the start, to divide by: 1 where there are none."""
        return np.maximum(self.persons, 1).astype(np.float64)

    @cached_property
    def has_fuel_use(self) -> bool:
        """Whether any table says that others use fuel up."""
        return any(row.item == "fuel" and row.use_per_day.at(self.values) for row in self.scenario.supplies)

    @cached_property
    def has_food(self) -> bool:
        """Whether any table gives a stock of food."""
        return any(row.item == "food" for row in self.scenario.supplies)

    @cached_property
    def has_loop(self) -> bool:
        """Whether the road map has a loop, so that a queue can change a party's way."""
        from scipy.sparse import coo_array  # here, as it takes a tenth of a second that other cases need not wait
        from scipy.sparse.csgraph import connected_components

        n = len(self.places)
        roads = coo_array((np.ones(self.n_links), (self.link_start, self.link_end)), shape=(n, n))
        n_parts, _ = connected_components(roads, directed=False)
        return len(self.scenario.routes) > n - int(n_parts)

    @cached_property
    def has_returns(self) -> bool:
        """Whether homes may be reached again, so that parties may go back to them."""
        return any(event.kind == "reachable" for event in self.scenario.events)

    @cached_property
    def reception_goals(self) -> NDArray[np.int32]:
        """Receptions, by their number among goals."""
        return self.goal_of[np.flatnonzero(self.is_reception)]

    @cached_property
    def neighbours(self) -> NDArray[np.float64]:
        """[place, place] equal weights of origins that share a road with an origin; rows sum to 1 or 0."""
        weights = np.zeros((len(self.places), len(self.places)))
        homes = [self.place_index[row.place] for row in self.scenario.people]
        between = np.isin(self.link_start, homes) & np.isin(self.link_end, homes)
        start, end = self.link_start[between], self.link_end[between]
        weights[start, end] = weights[end, start] = 1.0
        totals: NDArray[np.float64] = weights.sum(axis=1, keepdims=True)
        return np.divide(weights, totals, out=weights, where=totals > 0)

    @cached_property
    def ways(self) -> LinksByPlace:
        """Which links lead where, as `destination.Ways` begins; links stand in order of start, then of end."""
        by_end, places = np.argsort(self.link_end, kind="stable"), np.arange(len(self.places) + 1)
        first_by_end, first = np.searchsorted(self.link_end[by_end], places), np.searchsorted(self.link_start, places)
        return self.link_start, self.link_end, by_end, first_by_end, first

    @cached_property
    def origins(self) -> list[int]:
        """Places where people may leave."""
        return [i for i, place in enumerate(self.places) if place.role is Role.ORIGIN]

    def targets(self, words: str) -> list[int]:
        """Places that an event or supply names: a key, region:NAME, or * for every origin."""
        if words == "*":
            return self.origins
        if words.startswith("region:"):
            return [i for i in self.origins if self.places[i].region == words.removeprefix("region:")]
        return [self.place_index[words]]

    def spot(self, row: int) -> str:
        """A checkpoint row by where it stands, so that another row elsewhere changes no party's luck."""
        link = self.row_link[row]
        number = row - int(np.searchsorted(self.row_link, link))
        return f"{self.code[self.link_start[link]]}-{self.code[self.link_end[link]]}-{number}"

    def links_of(self, route: str, towards: str = "") -> list[int]:
        """Directed links of a route; only the one that ends at `towards`, where given."""
        end = self.place_index[towards] if towards else -1
        return [i for i, row in enumerate(self.link_route) if row.id == route and (end < 0 or self.link_end[i] == end)]


def place_code(place: Place, twin: int) -> int:
    """32 bits from where a place lies; `twin` tells places at the same spot apart."""
    spot = f"{place.lat:.5f},{place.lon:.5f},{twin}"
    return int.from_bytes(blake2b(spot.encode(), digest_size=4).digest(), "little")


def order_places(scenario: Scenario) -> tuple[tuple[Place, ...], NDArray[np.uint64]]:
    """Places by where they lie, and their codes."""
    people = {row.place: row.weight_persons for row in scenario.people}
    places = sorted(scenario.places, key=lambda p: (p.lat, p.lon, p.role, people.get(p.key, 0.0), p.key))
    seen: dict[tuple[float, float], int] = {}
    codes = []
    for place in places:
        twin = seen.get((place.lat, place.lon), 0)
        seen[place.lat, place.lon] = twin + 1
        codes.append(place_code(place, twin))
    return tuple(places), np.array(codes, dtype=np.uint64)


def share_out(weights: NDArray[np.float64], total: float | None) -> NDArray[np.int64]:
    """Whole persons by place, in proportion to weights, that sum to the total (largest remainders)."""
    wanted = weights if total is None else weights * (total / weights.sum())
    whole = np.floor(wanted).astype(np.int64)
    left = round(wanted.sum()) - int(whole.sum())
    if left > 0:
        whole[np.argsort(-(wanted - whole), kind="stable")[:left]] += 1
    return whole


def directed_links(scenario: Scenario, index: Mapping[str, int]) -> list[tuple[int, int, Route]]:
    """Every route once for each direction in which it may be driven, in the engine's order."""
    links = []
    for route in scenario.routes:
        a, b = index[route.start], index[route.end]
        links.append((a, b, route))
        if route.is_two_way:
            links.append((b, a, route))
    n_alike = Counter((a, b, route.km) for a, b, route in links)

    def order(link: tuple[int, int, Route]) -> tuple[int, int, float, str, str]:
        a, b, route = link
        return a, b, route.km, properties(route) if n_alike[a, b, route.km] > 1 else "", route.id

    return sorted(links, key=order)


def properties(route: Route) -> str:
    """All that tells one road from another of the same length between the same places, but its name."""
    amounts = (route.speed_kmh, route.capacity_per_hour, route.jam_per_km, route.priority)
    return f"{amounts} {route.is_open} {route.hours} {bool(route.counts_as)}"


def clock_gates(hours: str, tables_hours: float, first_hour_of_day: float) -> list[tuple[float, bool]]:
    """When a gate with hours such as 06:00-22:00 opens and shuts, in hours since the start; its first state first."""
    begin, end = (int(t[:2]) + int(t[3:]) / 60 for t in hours.split("-"))
    changes: list[tuple[float, bool]] = []
    for day in range(-1, ceil(tables_hours / 24) + 2):
        midnight = 24 * day - first_hour_of_day
        stop = midnight + end + (24 if end <= begin else 0)
        changes += [(midnight + begin, True), (stop, False)]
    changes.sort()
    before = [state for hour, state in changes if hour <= 0]
    return [(0.0, before[-1]), *((hour, state) for hour, state in changes if 0 < hour < tables_hours)]


def goal_places(scenario: Scenario, places: tuple[Place, ...], index: Mapping[str, int]) -> list[int]:
    """Places that a party may travel to: receptions, shelters, ends of bus lines, homes that may be reached again."""
    wanted = {i for i, place in enumerate(places) if place.role in (Role.RECEPTION, Role.SHELTER)}
    wanted |= {index[e.to] for e in scenario.events if e.kind in ("convoy", "shuttle")}
    if any(event.kind == "reachable" for event in scenario.events):
        wanted |= {index[row.place] for row in scenario.people}
    return sorted(wanted)


def build_tables(scenario: Scenario, values: Mapping[str, float]) -> Tables:
    """Compile a checked scenario. One long list on purpose: each line is one column of the run."""
    places, codes = order_places(scenario)
    index = {place.key: i for i, place in enumerate(places)}
    weights, cars = np.zeros(len(places)), np.zeros(len(places))
    for row in scenario.people:
        weights[index[row.place]] += row.weight_persons
        cars[index[row.place]] = row.car_share.at(values)
    links = directed_links(scenario, index)
    shelters = [i for i, place in enumerate(places) if place.role is Role.SHELTER]
    goals = goal_places(scenario, places, index)
    goal_of = np.full(len(places), -1, dtype=np.int32)
    goal_of[goals] = np.arange(len(goals))
    rows, row_link = checkpoint_rows(scenario, links, index)
    work = clockwork(scenario) if scenario.timeline else None
    record = 1.0 if work else max(1.0, scenario.clock.step_minutes / 60)
    n_bins = ceil(scenario.clock.hours / record - 1e-9)
    moments = dated(scenario, links, rows, row_link)
    return Tables(
        scenario=scenario,
        values=values,
        place_index=index,
        places=places,
        code=codes,
        persons=share_out(weights, values.get("persons_present")),
        car_share=cars,
        is_reception=np.array([p.role is Role.RECEPTION for p in places]),
        shelters=np.array(shelters, dtype=np.int32),
        pull=np.array([places[i].pull_persons.at(values) for i in shelters]),
        room=np.array([places[i].shelter_persons.at(values) for i in shelters]),
        goals=np.array(goals, dtype=np.int32),
        goal_of=goal_of,
        link_route=tuple(route for _, _, route in links),
        link_start=np.array([a for a, _, _ in links], dtype=np.int32),
        link_end=np.array([b for _, b, _ in links], dtype=np.int32),
        link_km=np.array([route.km for _, _, route in links]),
        crossings=tuple(sorted({route.counts_as for route in scenario.routes if route.counts_as})),
        rows=rows,
        row_link=row_link,
        moments=moments,
        edges=phase_edges(work, moments) if work else step_edges(scenario, moments, n_bins, record),
        record_hours=record,
        n_bins=n_bins,
        work=work,
    )


def checkpoint_rows(
    scenario: Scenario, links: list[tuple[int, int, Route]], index: Mapping[str, int]
) -> tuple[tuple[Checkpoint, ...], NDArray[np.int32]]:
    """Checkpoints by link; on one link those for certain categories before those for everyone."""
    found = [
        (i, "everyone" in checkpoint.admits, checkpoint.id, checkpoint)
        for checkpoint in scenario.checkpoints
        for i, (_, end, route) in enumerate(links)
        if route.id == checkpoint.route and end == index[checkpoint.towards]
    ]
    found.sort(key=lambda row: row[:3])
    return tuple(row[3] for row in found), np.array([row[0] for row in found], dtype=np.int32)


def has_hold(row_link: NDArray[np.int32], row: int) -> bool:
    """Whether a checkpoint row has a waiting place of its own: where several rows share a link."""
    return int((row_link == row_link[row]).sum()) > 1


def dated(
    scenario: Scenario,
    links: list[tuple[int, int, Route]],
    rows: tuple[Checkpoint, ...],
    row_link: NDArray[np.int32],
) -> tuple[Moment, ...]:
    """Events of the case and the hours of roads and booths, in order of time."""
    clock = scenario.clock
    first_hour = clock.start.hour + clock.start.minute / 60
    moments = [Moment(clock.hour_of(event.time), event) for event in scenario.events]
    for i, (_, _, route) in enumerate(links):
        if route.hours:
            moments += [Moment(h, None, i, o) for h, o in clock_gates(route.hours, clock.hours, first_hour)]
    booth = 2 * len(links) + sum(has_hold(row_link, r) for r in range(len(rows)))
    for checkpoint in rows:
        if checkpoint.hours:
            gates = clock_gates(checkpoint.hours, clock.hours, first_hour)
            moments += [Moment(h, None, booth + b, o) for h, o in gates for b in range(checkpoint.booths)]
        booth += checkpoint.booths
    return tuple(sorted(moments, key=lambda m: (m.hour, m.event.id if m.event else "", m.gate)))


def step_edges(scenario: Scenario, moments: tuple[Moment, ...], n_bins: int, record: float) -> NDArray[np.float64]:
    """Hours at which steps begin and end: a regular grid, whole hours, and every dated moment."""
    hours, step = scenario.clock.hours, scenario.clock.step_minutes / 60
    inside = np.array([m.hour for m in moments if 0 <= m.hour < hours] + [hours], dtype=np.float64)
    grid = [np.arange(ceil(hours / step - 1e-9)) * step, np.arange(n_bins) * record, inside]
    edges: NDArray[np.float64] = np.unique(np.round(np.concatenate(grid), 9))
    return edges


def phase_edges(work: Clockwork, moments: tuple[Moment, ...]) -> NDArray[np.float64]:
    """Hours at which steps begin and end where each phase has a step of its own, and every dated moment."""
    last = work.records[-1]
    inside = np.array([m.hour for m in moments if 0 <= m.hour < last], dtype=np.float64)
    edges: NDArray[np.float64] = np.unique(np.round(np.concatenate([work.grid, work.records, inside]), 9))
    return edges

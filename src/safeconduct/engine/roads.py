"""The empty roads of a case, as the kernels take them: links, connectors, and the holds and booths of checkpoints."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from safeconduct.engine.kernels.queues import BOOTH, CONNECTOR, FOOT, HOLD, LINK, NEVER, QUEUE, ROW, Roads, no_moments
from safeconduct.engine.tables import CATEGORIES, Tables, has_hold
from safeconduct.terms import stream_number


def build_roads(tables: Tables, n_categories: int) -> Roads:
    """Empty roads: links, then their connectors, then holds and booths of checkpoints."""
    n, n_rows = tables.n_links, len(tables.rows)
    holds = [r for r in range(n_rows) if has_hold(tables.row_link, r)]
    size = 2 * n + len(holds) + sum(row.booths for row in tables.rows)
    queues, rows = np.zeros(size, dtype=QUEUE), np.zeros(n_rows, dtype=ROW)
    for name in ("connector", "feeder", "row", "crossing", "head", "tail", "mark", "wants"):
        queues[name] = -1
    queues["is_open"], queues["priority"] = 1, 1.0
    lay_links(tables, queues)
    lay_checkpoints(tables, queues, rows, holds)
    queues["ring_start"] = np.concatenate([[0], np.cumsum(queues["storage"])[:-1]])
    ends = np.flatnonzero((queues["kind"] == LINK) | (queues["kind"] == BOOTH)).astype(np.int32)
    ends = ends[np.argsort(queues["node"][ends], kind="stable")]
    counts = np.bincount(queues["node"][ends], minlength=len(tables.places))
    return Roads(
        queues=queues,
        turn=np.zeros((size, 1 + int(queues["rank"].max(initial=0)))),
        rows=rows,
        feeder_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        feeders=ends,
        goals=tables.goals,
        next_hop=np.full((n_categories, len(tables.goals), len(tables.places)), -1, dtype=np.int32),
        ring=np.zeros(max(1, int(queues["storage"].sum()))),
        heap=no_moments(2 * size),
        crossed=np.zeros((3, len(tables.crossings), tables.n_bins)),
    )


def lay_links(tables: Tables, queues: NDArray[Any]) -> None:
    """Fill in links and their connectors."""
    v, n = tables.values, tables.n_links
    walk = v["walk_km_per_hour"] * v["walk_hours_per_day"] / 24.0
    links, starts, km, routes = queues[:n], queues[n : 2 * n], tables.link_km, tables.link_route
    links["free_hours"] = (km / [route.speed_kmh.at(v) for route in routes])[:, None]
    links["free_hours"][:, FOOT] = km / walk
    links["gap_hours"] = [gap_of(route.capacity_per_hour.at(v)) for route in routes]
    jam = np.array([route.jam_per_km.at(v) for route in routes])
    links["storage"] = np.where(jam == NEVER, 0.0, np.maximum(np.rint(km * jam), 1.0))
    links["wave_hours"] = km / v["jam_wave_kmh"]
    links["priority"] = [route.priority.at(v) for route in routes]
    crossing = {key: i for i, key in enumerate(tables.crossings)} | {"": -1}
    leads_on = [tables.place_index[route.end] for route in routes] == tables.link_end
    links["crossing"] = np.where(leads_on, [crossing[route.counts_as] for route in routes], -1)
    links["connector"], links["link"], links["node"] = np.arange(n, 2 * n), np.arange(n), tables.link_end
    starts["kind"], starts["link"], starts["node"] = CONNECTOR, np.arange(n), tables.link_start
    queues["rank"][:n] = np.arange(n) - np.searchsorted(tables.link_start, tables.link_start)  # links are in this order


def lay_checkpoints(tables: Tables, queues: NDArray[Any], rows: NDArray[Any], holds: list[int]) -> None:
    """Fill in checkpoint rows, the holds where categories wait apart, and the booths."""
    place = 2 * tables.n_links
    rows["hold"] = -1
    for r in holds:
        link = tables.row_link[r]
        hold = queues[place]
        hold["kind"], hold["link"], hold["node"], hold["row"] = HOLD, link, queues[link]["node"], r
        rows[r]["hold"] = place
        place += 1
    for r, checkpoint in enumerate(tables.rows):
        link, row = queues[tables.row_link[r]], rows[r]
        link["row"] = r if link["n_rows"] == 0 else link["row"]
        link["n_rows"] += 1
        row["booth"], row["n_booths"], row["varies"] = place, checkpoint.booths, checkpoint.law == "exponential"
        row["admits"], row["hours"] = admits(checkpoint.admits), checkpoint.seconds.at(tables.values) / 3600.0
        row["stream"] = stream_number(f"service at checkpoint {tables.spot(r)}")
        for booth in queues[place : place + checkpoint.booths]:
            booth["kind"], booth["link"], booth["node"] = BOOTH, tables.row_link[r], link["node"]
            booth["row"], booth["crossing"] = r, link["crossing"]
            booth["feeder"] = row["hold"] if row["hold"] >= 0 else tables.row_link[r]
        place += checkpoint.booths


def gap_of(capacity_per_hour: float) -> float:
    """Hours between vehicles at this capacity: none without a limit, never at capacity 0."""
    return NEVER if capacity_per_hour <= 0 else 1.0 / capacity_per_hour


def admits(categories: tuple[str, ...]) -> int:
    """Categories let through, as a bit mask; everyone means every category."""
    if "everyone" in categories:
        return (1 << len(CATEGORIES)) - 1
    return sum(1 << CATEGORIES.index(name) for name in categories if name in CATEGORIES)

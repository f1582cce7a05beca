"""From lines on a map to a routing graph: clip, put places on their nearest road, merge what only bends the line.

Nodes where nothing branches are merged, dead ends that lead to no place are left out, and so are parts of the road
map without any place. Lengths are sums along the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, cos, floor, radians

from safeconduct.scenario.build.defaults import CLIP_KM, SNAP_KM
from safeconduct.scenario.build.lines import Box, Node, Way, clipped
from safeconduct.scenario.build.links import NewLink
from safeconduct.scenario.build.places import NewPlace
from safeconduct.scenario.roads import km_between
from safeconduct.scenario.types import Role
from safeconduct.terms import Fault

KM_PER_DEGREE = 111.2
FAR_OFF = 4.0  # times the limit, from which on a place is said to stand in the sea perhaps
SAME_SPOT_KM = 0.1  # a place this near a point of a road is put on it
ACCESS_KM = 0.5  # from here on, a road of its own leads from a place to the road it is put on
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a place meets the roads: a piece of a way, and how far along it."""

    way: int
    piece: int
    part: float  # 0..1
    km: float  # from the place


@dataclass(frozen=True, slots=True)
class Edge:
    """A road between two nodes of the graph, as long as its line."""

    start: Node
    end: Node
    km: float
    way: Way
    spots: tuple[Spot, ...] = ()  # its real shape, from start to end; empty = straight

    @property
    def turned(self) -> Edge:
        """The same road seen from its other end."""
        return replace(self, start=self.end, end=self.start, spots=self.spots[::-1])


@dataclass
class Graph:
    """The routing graph: links between places and junctions, and doubts about where places stand."""

    links: list[NewLink]
    junctions: list[NewPlace]
    doubts: list[Fault]
    told: list[str]


def make_graph(ways: Sequence[Way], places: Mapping[str, NewPlace], file: str, *, snap_km: float = SNAP_KM) -> Graph:
    """Places on roads, as links. Places farther from every road than the limit are doubted, and joined all the same."""
    ways = clipped(ways, box_around(places.values()))
    if not ways:
        first = next(iter(places.values()))
        found = f"{first.lat:g} and lon {first.lon:g}, with no road of {file} within {CLIP_KM:g} km of any place"
        advice = "check lat and lon, which may be swapped, or take roads of the same region"
        return Graph([], [], [first.fault("lat", found, "places and roads of one region", advice)], [])
    landings = land(ways, places, snap_km)
    doubts = list(_too_far(places, landings, ways, file, snap_km))
    nearest = {key: found or brute(ways, places[key]) for key, found in landings.items()}
    edges, spots, access = split(ways, places, nearest)
    kept = {f"@{key}" for key in places}
    edges = merged(pruned(edges + access, kept), kept)
    farthest = max(nearest, key=lambda key: nearest[key].km)
    told = [
        f"{len(places)} places were put on the nearest road of {file}; the farthest from one is "
        f"{places[farthest].name}, {nearest[farthest].km:.1f} km (limit {snap_km:g} km, assumed)."
    ]
    return _as_links(edges, spots, places, file, doubts, told)


def box_around(places: Iterable[NewPlace]) -> Box:
    """All places and some km around them."""
    lats, lons = zip(*((place.lat, place.lon) for place in places), strict=True)
    high = CLIP_KM / KM_PER_DEGREE
    wide = high / max(0.05, cos(radians(max(map(abs, lats)))))
    return Box(min(lats) - high, min(lons) - wide, max(lats) + high, max(lons) + wide)


def land(ways: Sequence[Way], places: Mapping[str, NewPlace], limit_km: float) -> dict[str, Landing | None]:
    """The nearest point of a road for each place, None where none lies within the limit; found through a grid."""
    tall = limit_km / KM_PER_DEGREE
    steep = max(abs(place.lat) for place in places.values())
    wide = tall / max(0.05, cos(radians(steep)))
    grid: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for w, way in enumerate(ways):
        for p, (a, b) in enumerate(pairwise(way.spots)):
            rows = range(floor(min(a[0], b[0]) / tall), floor(max(a[0], b[0]) / tall) + 1)
            columns = range(floor(min(a[1], b[1]) / wide), floor(max(a[1], b[1]) / wide) + 1)
            for cell in ((row, column) for row in rows for column in columns):
                grid.setdefault(cell, []).append((w, p))
    found: dict[str, Landing | None] = {}
    for key, place in places.items():
        row, column = floor(place.lat / tall), floor(place.lon / wide)
        near = {one for i in (-1, 0, 1) for j in (-1, 0, 1) for one in grid.get((row + i, column + j), ())}
        best = _best(ways, place, sorted(near))
        found[key] = best if best and best.km <= limit_km else None
    return found


def brute(ways: Sequence[Way], place: NewPlace) -> Landing:
    """The nearest point of any road, however far."""
    best = _best(ways, place, ((w, p) for w, way in enumerate(ways) for p in range(len(way.spots) - 1)))
    assert best is not None  # there is at least one way of two points
    return best


def _best(ways: Sequence[Way], place: NewPlace, pieces: Iterable[tuple[int, int]]) -> Landing | None:
    best: Landing | None = None
    for w, p in pieces:
        part = nearest_part(ways[w].spots[p], ways[w].spots[p + 1], place)
        lat, lon = between(ways[w].spots[p], ways[w].spots[p + 1], part)
        km = km_between(lat, lon, place.lat, place.lon)
        if best is None or km < best.km:
            best = Landing(w, p, part, km)
    return best


def nearest_part(a: Spot, b: Spot, place: NewPlace) -> float:
    """How far along a piece, 0..1, the point nearest to a place lies; the piece is short, so the ground is flat."""
    shrink = cos(radians(place.lat))
    north, east = b[0] - a[0], (b[1] - a[1]) * shrink
    to_north, to_east = place.lat - a[0], (place.lon - a[1]) * shrink
    length = north * north + east * east
    return min(1.0, max(0.0, (to_north * north + to_east * east) / length)) if length else 0.0


def between(a: Spot, b: Spot, part: float) -> Spot:
    """The spot that lies so far along a piece."""
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])


def _too_far(
    places: Mapping[str, NewPlace], landings: Mapping[str, Landing | None], ways: Sequence[Way], file: str, limit: float
) -> Iterator[Fault]:
    """Places that no road comes near; swapped, if one would with lat and lon exchanged."""
    for key in (key for key, landing in landings.items() if landing is None):
        place = places[key]
        km = brute(ways, place).km
        found = (
            f"{place.lat:g} and lon {place.lon:g}, {km:,.{0 if km > 100 else 1}f} km from the nearest road of {file}"
        )
        exchanged = replace(place, lat=place.lon, lon=place.lat) if abs(place.lon) <= 90 else place
        if exchanged is not place and brute(ways, exchanged).km <= limit:
            expected = f"a road within {limit:g} km; {place.name} seems to have lat and lon swapped"
            yield place.fault("lat", found, expected, "exchange the two")
        else:
            sea = f"; {place.name} may stand in the sea" if km > FAR_OFF * limit else ""
            advice = "correct lat and lon, take roads that reach it, or raise --snap-km"
            yield place.fault("lat", found, f"a road within {limit:g} km{sea}", advice)


def split(
    ways: Sequence[Way], places: Mapping[str, NewPlace], nearest: Mapping[str, Landing]
) -> tuple[list[Edge], dict[Node, Spot], list[Edge]]:
    """Ways cut at junctions and places; where each node lies; and a road to each place that stands off the roads."""
    nodes, spots = [list(way.nodes) for way in ways], [list(way.spots) for way in ways]
    named: dict[Node, Node] = {}
    access = list[Edge]()
    for key in sorted(nearest, key=lambda key: (-nearest[key].piece, -nearest[key].part)):  # from the far end of a way
        landing = nearest[key]
        w, p = landing.way, landing.piece
        spot = between(spots[w][p], ways[w].spots[p + 1], landing.part)
        here: Node = f"@{key}"
        if landing.km > ACCESS_KM:
            way = Way((), (), "unclassified", "from the place to the nearest road", None, None, False, "assumed")
            access.append(Edge(here, f"~{key}", landing.km, way))
            here = f"~{key}"
        ends = [n for n in (p, p + 1) if km_between(*spots[w][n], *spot) < SAME_SPOT_KM and n < len(nodes[w])]
        free = [n for n in ends if nodes[w][n] not in named and not isinstance(nodes[w][n], str)]
        if free:
            named[nodes[w][free[0]]] = here
        else:
            nodes[w].insert(p + 1, here)
            spots[w].insert(p + 1, spot)
    names = [[named.get(node, node) for node in line] for line in nodes]
    where = {node: spot for line, at in zip(names, spots, strict=True) for node, spot in zip(line, at, strict=True)}
    where |= {f"@{key}": (place.lat, place.lon) for key, place in places.items()}
    return list(_cut(ways, names, spots)), where, access


def _cut(ways: Sequence[Way], nodes: Sequence[Sequence[Node]], spots: Sequence[Sequence[Spot]]) -> Iterator[Edge]:
    """Each way as edges between nodes that other ways share, or that are ends or places."""
    uses: dict[Node, int] = {}
    for line in nodes:
        for i, node in enumerate(line):
            uses[node] = uses.get(node, 0) + (2 if i in (0, len(line) - 1) or isinstance(node, str) else 1)
    for way, line, at in zip(ways, nodes, spots, strict=True):
        start, km = 0, 0.0
        for i in range(1, len(line)):
            km += km_between(*at[i - 1], *at[i])
            if uses[line[i]] > 1:
                if line[start] != line[i]:
                    yield Edge(line[start], line[i], km, way, tuple(at[start : i + 1]))
                start, km = i, 0.0


def _by_node(edges: Iterable[Edge]) -> dict[Node, set[int]]:
    """Numbers of the edges at each node."""
    at: dict[Node, set[int]] = {}
    for number, edge in enumerate(edges):
        at.setdefault(edge.start, set()).add(number)
        at.setdefault(edge.end, set()).add(number)
    return at


def pruned(edges: list[Edge], kept: set[str]) -> list[Edge]:
    """Edges without dead ends that lead to no place, and without parts of the map that hold none."""
    at = _by_node(edges)
    front = list[Node](node for node in kept if node in at)
    reached = set(front)
    while front:
        for number in at[front.pop()]:
            for node in (edges[number].start, edges[number].end):
                if node not in reached:
                    reached.add(node)
                    front.append(node)
    alive = {n for n, edge in enumerate(edges) if edge.start in reached}
    dead = [node for node in at if node not in kept and len(at[node] & alive) == 1]
    while dead:
        node = dead.pop()
        left = at[node] & alive
        if len(left) != 1 or node in kept:
            continue
        number = left.pop()
        alive.discard(number)
        dead += [end for end in (edges[number].start, edges[number].end) if len(at[end] & alive) == 1]
    return [edge for number, edge in enumerate(edges) if number in alive]


def merged(edges: list[Edge], kept: set[str]) -> list[Edge]:
    """Edges with those joined that meet where nothing branches and the manner of the road stays the same."""
    all_edges: list[Edge | None] = list(edges)
    at = _by_node(edges)
    for node in [node for node in at if node not in kept]:
        if len(at[node]) != 2:
            continue
        one, two = sorted(at[node])
        joined = _joined(all_edges[one], all_edges[two], node)
        if joined is None:
            continue
        all_edges.append(joined)
        all_edges[one] = all_edges[two] = None
        for end in (joined.start, joined.end):
            at[end] = (at[end] - {one, two}) | {len(all_edges) - 1}
        at[node] = set()
    return [edge for edge in all_edges if edge is not None]


def _joined(one: Edge | None, two: Edge | None, node: Node) -> Edge | None:
    """Two edges through a node as one; None where they must stay apart, or would end where they begin."""
    if one is None or two is None or one.way.manner != two.way.manner:
        return None
    if one.way.is_one_way:
        one, two = (one, two) if one.end == node else (two, one)
        if one.end != node or two.start != node:
            return None
    else:
        one = one if one.end == node else one.turned
        two = two if two.start == node else two.turned
    spots = (*one.spots, *two.spots[1:]) if one.spots and two.spots else ()
    return None if one.start == two.end else replace(one, end=two.end, km=one.km + two.km, spots=spots)


def _as_links(
    edges: list[Edge], spots: Mapping[Node, Spot], places: Mapping[str, NewPlace], file: str, doubts: list[Fault],
    told: list[str],
) -> Graph:  # fmt: skip
    """Edges as links, nodes that are no place as junctions with a number from north to south."""
    others = {end for edge in edges for end in (edge.start, edge.end) if not str(end).startswith("@")}
    order = sorted(others, key=lambda node: (-spots[node][0], spots[node][1], str(node)))
    keys: dict[Node, str] = {f"@{key}": key for key in places} | {
        node: _free_key(f"j{number}", places) for number, node in enumerate(order, start=1)
    }
    source = {"source": edges[0].way.source if edges else file}
    junctions = [
        NewPlace(keys[node], f"Junction {number}", *spots[node], Role.JUNCTION, file, 0, 0.0, source)
        for number, node in enumerate(order, start=1)
    ]
    told.append(f"{file}: {len(edges)} roads and {len(junctions)} junctions are left after merging.")
    links = [_link(edge, keys, spots) for edge in edges]
    return Graph(sorted(links, key=lambda link: (link.start, link.end, link.km)), junctions, doubts, told)


def _free_key(key: str, places: Mapping[str, NewPlace]) -> str:
    while key in places:
        key = f"x{key}"
    return key


def _link(edge: Edge, keys: Mapping[Node, str], spots: Mapping[Node, Spot]) -> NewLink:
    """An edge as a link, never shorter than the straight line between its ends."""
    straight = km_between(*spots[edge.start], *spots[edge.end])
    way = edge.way
    return NewLink(
        keys[edge.start], keys[edge.end], ceil(max(edge.km, straight, 0.01) * 1000) / 1000, way.road_class,
        way.speed_kmh, None, way.lanes, not way.is_one_way, source=way.source, notes=(way.name,) if way.name else (),
        spots=edge.spots,
    )  # fmt: skip

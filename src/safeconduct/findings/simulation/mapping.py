"""What the report's map needs: figures for the time slider, and a still drawing for paper and for no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import product
from math import degrees, hypot, log, pi, radians, tan

import numpy as np

from safeconduct.findings.atlas import BaseMap, Box, Line, base_map, box_around
from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.summaries import EnsembleSummary, Series, quantiles
from safeconduct.scenario import Place, Role, Route, read_shapes

WIDTH, HEIGHT = 960.0, 600.0  # of the still drawing, px
LARGEST_RADIUS = 30.0  # of a circle, px
NAMED_NEAR = 12.0  # px: a junction so close to a named place goes without a name
SQUARE = 40.0  # px: labels that could overlap are looked for in squares of this side
LABEL_SIZES = {"letter": 7.4, "line": 13.0}  # of the still drawing's labels, px


def persons_at(reading: EnsembleSummary, place: Place) -> Series | None:
    """[chance, hour] persons at a place now, sheltered ones included; None where nothing was recorded."""
    if ("n_persons", place.key) in reading.bands:
        return reading.bands["n_persons", place.key]
    parts = [reading.total(q, [place.key]) for q in ("n_sheltered_persons", "n_own_arrangement_persons")]
    known = [part for part in parts if part is not None]
    return quantiles(np.sum(known, axis=0)) if known else None


def busiest_hour(reading: EnsembleSummary) -> int:
    """The hour with most people on the road (median), with which the map opens; else the longest queue or wait."""
    for quantity in ("n_persons_on_route", "n_queue_vehicles", "n_waiting_persons"):
        middles = [bands[2] for (name, _), bands in reading.bands.items() if name == quantity]
        if middles:
            return int(np.argmax(np.sum(middles, axis=0)))
    return reading.n_hours // 2


def packed(bands: Series | None, scale: int = 1) -> list[list[int]] | None:
    """p05, p50 and p95 as whole steps from hour to hour; None where all are zero or unknown."""
    if bands is None or not np.nanmax(np.abs(bands), initial=0.0) > 0:
        return None
    whole = np.round(np.nan_to_num(bands[[0, 2, 4]]) * scale).astype(np.int64)
    return [np.diff(row, prepend=0).tolist() for row in whole]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A line of the table beside the map, at the opening hour; the script keeps it in step with the slider."""

    key: str
    name: str
    role: str
    persons: str
    spread: str
    last: str  # of a place: waiting to leave; of a road: km of queue
    last_spread: str


def place_rows(reading: EnsembleSummary) -> Iterator[MapRow]:
    """Places of origin, then others where more than a twentieth of runs had people at some hour."""
    hour, roles = busiest_hour(reading), list(Role)
    for place in sorted(reading.scenario.places, key=lambda place: roles.index(place.role)):
        there, waiting = persons_at(reading, place), reading.bands.get(("n_waiting_persons", place.key))
        if there is not None and (place.role is Role.ORIGIN or np.nanmax(there, initial=0.0) > 0):
            last = ("", "") if waiting is None else in_words(waiting[:, hour])
            yield MapRow(f"place-{place.key}", place.both_names, place.role.value, *in_words(there[:, hour]), *last)


def road_rows(reading: EnsembleSummary) -> Iterator[MapRow]:
    """Roads that were used in any run."""
    hour = busiest_hour(reading)
    for route in reading.scenario.routes:
        moving, km = (reading.bands.get((q, route.id)) for q in ("n_persons_on_route", "queue_km"))
        if moving is not None and np.nanmax(moving) >= 1:
            last = ("", "") if km is None else in_words(km[:, hour], 1)
            yield MapRow(f"route-{route.id}", reading.both_names(route.id), "", *in_words(moving[:, hour]), *last)


def in_words(band: Series, digits: int = 0) -> tuple[str, str]:
    """A median and the range of nine runs in ten, in whole numbers or with so many decimals."""
    low, middle, high = (show_number(round(float(band[row]), digits)) for row in (0, 2, 4))
    return middle, f"{low}\N{EN DASH}{high}"


def ranked(reading: EnsembleSummary) -> list[Place]:
    """Places in the order in which they get a label: crossings, then by the most people there."""

    def weight(place: Place) -> float:
        there = persons_at(reading, place)
        return np.inf if place.key in reading.crossings else 0.0 if there is None else float(there[2].max())

    return sorted(reading.scenario.places, key=lambda place: (-weight(place), place.key))


def boxes(reading: EnsembleSummary) -> dict[str, Box]:
    """What the map can be set to show: everything, or where people leave from and how they get out."""
    near = [p for p in reading.scenario.places if p.role in (Role.ORIGIN, Role.CROSSING)]
    whole = box_around((p.lon, p.lat) for p in reading.scenario.places)
    origins = box_around((p.lon, p.lat) for p in near) if near else whole
    return {"all": whole.padded(0.04), "origins": origins.padded(0.06)}


def map_data(reading: EnsembleSummary, base: BaseMap) -> dict[str, object]:
    """Everything the page's script draws: geometry once, figures by the hour."""
    clock, bands = reading.scenario.clock, reading.bands
    offset, shapes = clock.start.utcoffset(), read_shapes(reading.scenario.folder)
    return {
        "start": clock.start.timestamp(),
        "offsetMinutes": offset.total_seconds() / 60 if offset else 0,
        "hours": [round(float(hour), 3) for hour in reading.ensemble.hours],
        "boxes": {name: box.as_list() for name, box in boxes(reading).items()},
        "places": [
            {
                "key": place.key,
                "name": place.name,
                "other": place.other_name if place.other_name != place.name else "",
                "role": place.role.value,
                "at": [place.lon, place.lat],
                "there": packed(persons_at(reading, place)),
                "waiting": packed(bands.get(("n_waiting_persons", place.key))),
            }
            for place in ranked(reading)
        ],
        "routes": [
            {
                "id": route.id,
                "name": reading.name(route.id),
                "ends": [[lon, lat] for lat, lon in shape_of(reading, shapes, route)],
                "km": route.km,
                "moving": packed(bands.get(("n_persons_on_route", route.id))),
                "queueKm": packed(bands.get(("queue_km", route.id)), scale=10),
            }
            for route in reading.scenario.routes
        ],
        "land": [[closed(ring) for ring in polygon] for polygon in base.land],
        "borders": [line.tolist() for line in base.borders],
        "coasts": [line.tolist() for line in base.coasts],
    }


def shape_of(
    reading: EnsembleSummary, shapes: Mapping[str, tuple[tuple[float, float], ...]], route: Route
) -> list[tuple[float, float]]:
    """The spots of a road (degrees north and east): its real shape where the case has one, else a straight line."""
    straight = [(reading.places[key].lat, reading.places[key].lon) for key in (route.start, route.end)]
    return list(shapes.get(route.id, straight))


def closed(ring: Line) -> list[list[float]]:
    """A ring that ends where it starts, as GeoJSON wants it."""
    return [*ring.tolist(), ring[0].tolist()]


def surroundings(reading: EnsembleSummary) -> BaseMap:
    """Land, coasts and borders well beyond the case's places."""
    return base_map(boxes(reading)["all"].padded(0.7))


def mercator(lat: float) -> float:
    """Degrees north to the vertical coordinate of a web map, in degrees, growing downwards."""
    return -degrees(log(tan(pi / 4 + radians(lat) / 2)))


class Paper:
    """The still drawing's projection: a box of the world on WIDTH x HEIGHT px."""

    def __init__(self, box: Box) -> None:
        top, bottom = mercator(box.north), mercator(box.south)
        self.scale = min(WIDTH / (box.east - box.west), HEIGHT / (bottom - top))
        self.dx = WIDTH / 2 - self.scale * (box.west + box.east) / 2
        self.dy = HEIGHT / 2 - self.scale * (top + bottom) / 2

    def at(self, place: Place) -> tuple[float, float]:
        """Where a place stands, in px."""
        return self.spot(place.lat, place.lon)

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a spot stands, in px."""
        return self.scale * lon + self.dx, self.scale * mercator(lat) + self.dy


def outline(line: Line) -> str:
    """A path in degrees, as `mercator` has them."""
    flat = zip(line[:, 0].tolist(), (mercator(lat) for lat in line[:, 1]), strict=True)
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in flat)


def still_map(reading: EnsembleSummary, base: BaseMap) -> str:
    """The map at its opening hour as one drawing: for paper, for no script, and as ground where WebGL is off."""
    paper, hour = Paper(boxes(reading)["all"]), busiest_hour(reading)
    land = "".join(f'<path class="land" d="{"Z".join(map(outline, polygon))}Z"/>' for polygon in base.land)
    lines = "".join(
        f'<path class="{name}" d="{"".join(map(outline, group))}"/>'
        for name, group in (("coasts", base.coasts), ("borders", base.borders))
        if group
    )
    parts = [
        f'<g class="ground" transform="matrix({paper.scale:.4f} 0 0 {paper.scale:.4f} {paper.dx:.2f} {paper.dy:.2f})">',
        land + lines + "</g>",
        *still_roads(reading, paper, hour),
        *still_circles(reading, paper, hour),
        *still_labels(reading, paper),
    ]
    label = escape(f"Map of {len(reading.places)} places; people there at the hour with most on the road (median)")
    return (
        f'<svg id="map-still" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{label}">'
        + "".join(parts)
        + "</svg>"
    )


def spark(reading: EnsembleSummary) -> str:
    """Persons on the road, hour by hour, as a strip above the slider: where to look. Empty where no one was counted."""
    total = reading.total("n_persons_on_route", [route.id for route in reading.scenario.routes])
    if total is None or not (most := float((middle := np.median(total, axis=0)).max())) > 0:
        return ""
    top = " ".join(f"{hour} {24 - 24 * value:.1f}" for hour, value in enumerate((middle / most).tolist()))
    last = reading.n_hours - 1
    return (
        f'<svg class="spark" viewBox="0 0 {last} 24" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="M0 24L{top} {last} 24Z"/></svg>'
    )


def still_roads(reading: EnsembleSummary, paper: Paper, hour: int) -> Iterator[str]:
    """Every route as a line from place to place, in its real shape where it is known; wider where more are on it."""
    shapes = read_shapes(reading.scenario.folder)
    busiest = max((b[2].max() for (q, _), b in reading.bands.items() if q == "n_persons_on_route"), default=0.0)
    for route in reading.scenario.routes:
        spots = [paper.spot(*spot) for spot in shape_of(reading, shapes, route)]
        moving = reading.bands.get(("n_persons_on_route", route.id))
        d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
        yield f'<path class="road" d="{d}"/>'
        if moving is not None and busiest > 0 and moving[2, hour] > 0:
            yield f'<path class="moving" stroke-width="{1 + 9 * moving[2, hour] / busiest:.1f}" d="{d}"/>'


def still_circles(reading: EnsembleSummary, paper: Paper, hour: int) -> Iterator[str]:
    """A circle whose area is the people there, and a dot for the place itself."""
    there = {place.key: persons_at(reading, place) for place in reading.scenario.places}
    most = max((float(bands[2].max()) for bands in there.values() if bands is not None), default=0.0)
    for place in reading.scenario.places:
        x, y = paper.at(place)
        bands = there[place.key]
        if bands is not None and most > 0:
            radius = LARGEST_RADIUS * float(np.sqrt(bands[2, hour] / most))
            yield f'<circle class="there {place.role.value}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'


def still_labels(reading: EnsembleSummary, paper: Paper) -> Iterator[str]:
    """Names of places beside their dots, the most important first; one that would cover another is left out."""
    taken = Boxes()
    for x, y in map(paper.at, reading.scenario.places):
        taken.add((x - 4, y - 4, x + 4, y + 4))
    named: list[tuple[float, float]] = []
    for place in ranked(reading):
        x, y = paper.at(place)
        if place.role is Role.JUNCTION and any(hypot(x - a, y - b) < NAMED_NEAR for a, b in named):
            continue  # the far side of a crossing that is named already
        lines = [place.name, *([place.other_name] if place.other_name not in ("", place.name) else [])]
        wide = LABEL_SIZES["letter"] * max(map(len, lines))
        tall = LABEL_SIZES["line"] * len(lines)
        for dx, dy in ((8, -tall / 2), (-8 - wide, -tall / 2), (-wide / 2, 8), (-wide / 2, -8 - tall)):
            box = (x + dx, y + dy, x + dx + wide, y + dy + tall)
            is_inside = box[0] > 0 and box[1] > 0 and box[2] < WIDTH and box[3] < HEIGHT
            if is_inside and not taken.meet(box):
                taken.add(box)
                named.append((x, y))
                spans = "".join(
                    f'<tspan x="{box[0]:.1f}" y="{box[1] + 10 + LABEL_SIZES["line"] * n:.1f}"'
                    f"{' class=other' if n else ''}>{escape(text)}</tspan>"
                    for n, text in enumerate(lines)
                )
                yield f'<text class="label">{spans}</text>'
                break


class Boxes:
    """Boxes (left, top, right, bottom) by the squares of the paper that they touch."""

    def __init__(self) -> None:
        self.at: dict[tuple[int, int], list[tuple[float, ...]]] = {}

    def add(self, box: tuple[float, ...]) -> None:
        """Keep a box."""
        for square in squares(box):
            self.at.setdefault(square, []).append(box)

    def meet(self, box: tuple[float, ...]) -> bool:
        """Whether any of them shares area with a box."""
        return any(overlap(box, other) for square in squares(box) for other in self.at.get(square, ()))


def squares(box: tuple[float, ...]) -> Iterator[tuple[int, int]]:
    """The squares, of the side of a few labels' lines, that a box touches."""
    left, top, right, bottom = (int(edge // SQUARE) for edge in box)
    yield from product(range(left, right + 1), range(top, bottom + 1))


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) share any area."""
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]

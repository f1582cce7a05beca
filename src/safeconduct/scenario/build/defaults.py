"""What `new` fills in where a table says nothing. Each number has a unit, a range and a source.

Speeds are judgement. Capacities are evacuation flows an hour and lane, not the flows of an ideal day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safeconduct.scenario.parameter import Parameter
from safeconduct.terms import Prior

FLOW = "assumed for this road (evacuations keep up 600 vehicles/h/lane, below 500 in stop and go: TRB 11-4115, 2011)"
JAM_PER_LANE_KM = 135.0  # vehicles standing on a km of lane; traffic theory: 0.13-0.14 a metre
DETOUR = 1.3  # road km for a km of straight line, where a link gives no length; assumed
SNAP_KM = 5.0  # farthest that a place may lie from the road it is put on; assumed
CLIP_KM = 25.0  # roads are kept this far around the places; assumed
BOOTHS = 4  # of a crossing; assumed
BEYOND_KM = 1.0  # from a crossing to the shelter that stands for all that lies beyond; assumed
OTHER_CLASS = "road"


@dataclass(frozen=True, slots=True)
class RoadClass:
    """What a class of road is taken for: lanes in each direction, speed and its range."""

    lanes: int
    kmh: float
    low_kmh: float
    high_kmh: float


ROAD_CLASSES: Mapping[str, RoadClass] = {
    "motorway": RoadClass(2, 90, 60, 110),
    "trunk": RoadClass(1, 75, 50, 90),
    "primary": RoadClass(1, 65, 40, 80),
    "secondary": RoadClass(1, 55, 35, 70),
    "tertiary": RoadClass(1, 45, 30, 60),
    "unclassified": RoadClass(1, 35, 20, 50),
    "residential": RoadClass(1, 25, 15, 40),
    "track": RoadClass(1, 15, 8, 25),
    OTHER_CLASS: RoadClass(1, 50, 30, 70),  # where a table gives no class
}
SAME_CLASS = {
    "motorway_link": "motorway", "trunk_link": "trunk", "primary_link": "primary", "secondary_link": "secondary",
    "tertiary_link": "tertiary", "living_street": "residential", "service": "residential", "highway": "trunk",
    "national": "primary", "regional": "secondary", "local": "unclassified", "": OTHER_CLASS,
}  # fmt: skip


def road_class(word: str) -> str | None:
    """The class that a word means; None where it means none."""
    plain = word.strip().lower()
    plain = SAME_CLASS.get(plain, plain)
    return plain if plain in ROAD_CLASSES else None


def speed_parameter(name: str) -> Parameter:
    """The speed of a class of road, where a table gives none."""
    one = ROAD_CLASSES[name]
    prior = Prior("uniform", (one.low_kmh, one.high_kmh))
    note = "speed where nothing is in the way" + ("" if name == OTHER_CLASS else f", on {name} roads")
    return Parameter(f"{name}_kmh", one.kmh, "km/hour", prior, "assumed (judgement by class of road)", note)


def capacity_parameter(name: str, lanes: int) -> Parameter:
    """The capacity of a class of road in each direction, where a table gives none."""
    prior = Prior("lognormal", (300.0 * lanes, 900.0 * lanes))
    word = name if lanes == ROAD_CLASSES[name].lanes else f"{name}_{lanes}_lane"
    note = f"vehicles an hour in each direction, {lanes} lane{'s' * (lanes > 1)}"
    return Parameter(f"{word}_capacity_per_hour", 600.0 * lanes, "vehicles/hour", prior, FLOW, note)


CAR_SHARE = Parameter(
    "car_share", 0.6, "1", Prior("uniform", (0.3, 0.9)), "assumed", "share of parties with a vehicle of their own"
)
THREAT = Parameter(
    "threat_felt", 0.6, "1", Prior("uniform", (0.3, 1.0)), "assumed", "threat felt by everybody from the start, 0..1"
)
FOOD = Parameter("food_stock_days", 7.0, "days", Prior("lognormal", (2.0, 21.0)), "assumed", "food in stock at homes")
CHECKPOINT = Parameter(
    "checkpoint_seconds", 120.0, "seconds", Prior("lognormal", (30.0, 300.0)),
    "assumed (waved through 12-30 s, documents 60-180 s, search 600-900 s: judgement)",
    "mean time for one vehicle at one booth",
)  # fmt: skip


def present_parameter(persons: float) -> Parameter:
    """How many are there when it begins: the table's sum, give or take a tenth."""
    prior = Prior("normal", (persons, round(persons / 10, 1)))
    note = "people of the table who are there at the start; a tenth of the sum as standard deviation is assumed"
    return Parameter("persons_present", persons, "persons", prior, "assumed (sum of the table)", note)


def filled_in() -> dict[str, Parameter]:
    """Every parameter that `new` may fill in, by name; of roads, with the lanes that their class has."""
    found = [CAR_SHARE, THREAT, FOOD, CHECKPOINT]
    for name, one in ROAD_CLASSES.items():
        found += [speed_parameter(name), capacity_parameter(name, one.lanes)]
    return {one.name: one for one in found}


def alike(parameters: Iterable[Parameter]) -> list[tuple[Parameter, ...]]:
    """Parameters as they are best moved: speeds of all classes of road together, their capacities too, others alone."""
    groups: dict[str, list[Parameter]] = {}
    for one in parameters:
        stem = next((name for name in ROAD_CLASSES if one.name.startswith(f"{name}_")), "")
        ending = next((word for word in ("_kmh", "_capacity_per_hour") if stem and one.name.endswith(word)), "")
        groups.setdefault(ending or one.name, []).append(one)
    return [tuple(group) for group in groups.values()]

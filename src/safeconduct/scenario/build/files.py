"""The files of a new case as text: tables that a person edits in a spreadsheet, every row with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from json import dumps

from safeconduct.scenario.build import defaults as default
from safeconduct.scenario.build.links import NewLink
from safeconduct.scenario.build.places import ASSUMED, NewPlace
from safeconduct.scenario.flee.convert import table
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.shapes import SHAPES, shapes_geojson
from safeconduct.scenario.types import Role
from safeconduct.terms import show_time

RECORD = (
    "n_persons", "n_waiting_persons", "cum_departures_persons", "n_queue_vehicles", "queue_km",
    "cum_arrivals_persons", "cum_arrivals_vehicles", "wait_hours", "n_sheltered_persons", "n_own_arrangement_persons",
)  # fmt: skip
HEADER = """title: {title}
about: >
  {about}
clock:
  start: {start}
  end: {end}
  step_minutes: {step:g}
parameters:
{parameters}record:
{record}{targets}headline: [{quantity}, {place}]
"""
EVIDENCE = ("cum_arrivals_persons", "wait_hours")  # published figures that a forecast of the case learns from


@dataclass(frozen=True)
class Answers:
    """What a person says beside the tables; what is left out is filled in and marked assumed."""

    title: str
    start: datetime
    days: float = 7.0
    to: tuple[str, ...] = ()  # places where people go, where no table gives any
    values: Mapping[str, float] = field(default_factory=dict)  # parameters of `new_defaults` that the person knows
    assumes_start: bool = False


def new_files(
    places: Mapping[str, NewPlace], links: Sequence[NewLink], answers: Answers, names: Iterable[str]
) -> dict[str, str]:
    """Name and text of each file of the case."""
    used: dict[str, Parameter] = {}
    persons = sum(place.persons for place in places.values() if place.role is Role.ORIGIN)
    for one in (default.present_parameter(persons), default.CAR_SHARE, default.THREAT, default.FOOD):
        used[one.name] = one
    counted = counted_at(places, links)
    files = {
        "places.csv": _places(places, persons),
        "routes.csv": _routes(places, links, counted, used),
        "people.csv": _people(places),
        "supplies.csv": _supplies(),
        "events.csv": _events(answers),
    }
    shapes = {name: one.spots for name, one in zip(route_ids(links), links, strict=True) if len(one.spots) > 2}
    if shapes:
        files[SHAPES] = shapes_geojson(shapes)
    checkpoints = _checkpoints(places, used)
    if checkpoints:
        files["checkpoints.csv"] = checkpoints
    return {"case.yaml": _header(places, answers, used, names, counted), **files}


def counted_at(places: Mapping[str, NewPlace], links: Iterable[NewLink]) -> dict[int, str]:
    """Number of a link -> the shelter that its traffic is counted at, as drawn: only links that end at one."""
    crossings = any(place.role is Role.CROSSING for place in places.values())
    if crossings:
        return {}
    return {n: one.end for n, one in enumerate(links) if places[one.end].role in (Role.SHELTER, Role.RECEPTION)}


def turned(places: Mapping[str, NewPlace], link: NewLink) -> NewLink:
    """A two-way link that leads into a shelter, camp or reception, drawn so that it ends there."""
    ends = (Role.SHELTER, Role.RECEPTION)
    if link.is_two_way and places[link.start].role in ends and places[link.end].role not in ends:
        return replace(link, start=link.end, end=link.start, spots=link.spots[::-1])
    return link


def beyond(key: str) -> str:
    """Key of the shelter that stands for all that lies beyond a crossing."""
    return f"{key}_beyond"


def _source(said: Mapping[str, str], where: str) -> tuple[str, str]:
    """Source and reporter of a row; where the table names no source, the row of the table."""
    return said.get("source") or f"{where} (names no source)", said.get("reporter") or ASSUMED


def _places(places: Mapping[str, NewPlace], persons: float) -> str:
    columns = "key,name,other_name,lat,lon,role,region,pull_persons,shelter_persons,source,reporter,note"
    rows = list[tuple[object, ...]]()
    for place in places.values():
        said, role = place.said, place.role
        pull = said.get("pull_persons") or (f"{place.persons:.12g}" if place.persons and role is Role.SHELTER else "")
        in_persons = said.get("shelter_persons", "") or said.get("capacity_per_hour", "")  # a shelter's capacity
        pull, room, assumed = _shelter(pull, in_persons, role, persons)
        code = f"P-code {said['pcode']}" if said.get("pcode") and said.get("pcode") != place.key else ""
        note = "; ".join(word for word in (said.get("note", ""), code, assumed) if word)
        rows.append((
            place.key, place.name, said.get("other_name", ""), _degrees(place.lat), _degrees(place.lon), role.value,
            said.get("region", ""), pull, room, *_source(said, place.where), note,
        ))  # fmt: skip
        if role is Role.CROSSING:
            rows.append(_beyond_row(place, persons))
    return table(columns, rows)


def _shelter(pull: str, room: str, role: Role, persons: float) -> tuple[str, str, str]:
    """Pull and room of a place, and a note on what of it is assumed; a shelter has room for all unless it says."""
    if role is not Role.SHELTER:
        return ("", "", "")
    assumed = [word for word, cell in (("pull", pull), ("room", room)) if not cell]
    note = f"{' and '.join(assumed)} assumed: as many persons as leave" if assumed else ""
    return pull or f"{persons:.12g}", room or f"{persons:.12g}", note


def _beyond_row(place: NewPlace, persons: float) -> tuple[object, ...]:
    """The shelter beyond a crossing: all places that people may go on to, as one."""
    said = place.said
    pull, room, assumed = _shelter(said.get("pull_persons", ""), said.get("shelter_persons", ""), Role.SHELTER, persons)
    note = "; ".join(word for word in ("stands for all that lies beyond the crossing; placed at it", assumed) if word)
    return (
        beyond(place.key), f"Beyond {place.name}", "", _degrees(place.lat), _degrees(place.lon), Role.SHELTER.value,
        said.get("region", ""), pull, room, ASSUMED, ASSUMED, note,
    )  # fmt: skip


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _routes(
    places: Mapping[str, NewPlace], links: Sequence[NewLink], counted: Mapping[int, str], used: dict[str, Parameter]
) -> str:
    columns = "id,start,end,km,speed_kmh,capacity_per_hour,jam_per_km,priority,is_two_way,is_open,hours,counts_as"
    rows = list[tuple[object, ...]]()
    for number, (name, link) in enumerate(zip(route_ids(links), links, strict=True)):
        speed, capacity, lanes, assumed = _amounts(link, used)
        source, reporter = _source({"source": link.source, "reporter": link.reporter}, link.where)
        note = "; ".join(word for word in (*link.notes, assumed) if word)
        rows.append((
            name, link.start, link.end, f"{link.km:.12g}", speed, capacity, f"{default.JAM_PER_LANE_KM * lanes:g}", 1,
            "yes" if link.is_two_way else "no", "yes", link.hours, counted.get(number, ""), source, reporter, note,
        ))  # fmt: skip
    rows += [_over(place, used) for place in places.values() if place.role is Role.CROSSING]
    return table(f"{columns},source,reporter,note", rows)


def route_ids(links: Iterable[NewLink]) -> list[str]:
    """The id of each road in routes.csv."""
    taken = set[str]()
    return [_free(link.id or f"{link.start}-{link.end}", taken) for link in links]


def _free(name: str, taken: set[str]) -> str:
    """A name that no earlier road has."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    taken.add(free)
    return free


def _amounts(link: NewLink, used: dict[str, Parameter]) -> tuple[str, str, int, str]:
    """Cells of speed and capacity, the lanes, and a note on what is assumed."""
    lanes = link.lanes or default.ROAD_CLASSES[link.road_class].lanes
    speed, capacity = default.speed_parameter(link.road_class), default.capacity_parameter(link.road_class, lanes)
    wanted = ((link.speed_kmh, speed), (link.capacity_per_hour, capacity))
    used.update({one.name: one for value, one in wanted if value is None})
    said = [f"={one.name}" if value is None else f"{value:.12g}" for value, one in wanted]
    assumed = [w for w, value in (("speed", link.speed_kmh), ("capacity", link.capacity_per_hour)) if value is None]
    kind = "" if link.road_class == default.OTHER_CLASS else f"{link.road_class} road; "
    return said[0], said[1], lanes, f"{kind}{', '.join([*assumed, 'jam density'])} assumed"


def _over(place: NewPlace, used: dict[str, Parameter]) -> tuple[object, ...]:
    """The road over a crossing, on which those who cross are counted."""
    speed = default.speed_parameter(default.OTHER_CLASS)
    used[speed.name] = speed
    capacity = place.said.get("capacity_per_hour", "")
    note = f"over the crossing; {default.BEYOND_KM:g} km, speed and jam density assumed"
    source = _source(place.said, place.where) if capacity else (ASSUMED, ASSUMED)
    return (
        f"{place.key}-over", place.key, beyond(place.key), f"{default.BEYOND_KM:g}", f"={speed.name}", capacity,
        f"{default.JAM_PER_LANE_KM:g}", 1, "no", "yes", place.said.get("hours", ""), place.key, *source, note,
    )  # fmt: skip


def _checkpoints(places: Mapping[str, NewPlace], used: dict[str, Parameter]) -> str:
    """A post at each crossing, unless the table gives the vehicles that pass it and says nothing of booths."""
    rows = list[tuple[object, ...]]()
    for place in places.values():
        said = place.said
        bare = not said.get("booths") and not said.get("seconds")
        if place.role is not Role.CROSSING or (said.get("capacity_per_hour") and bare):
            continue
        booths, seconds = said.get("booths") or default.BOOTHS, said.get("seconds") or f"={default.CHECKPOINT.name}"
        if not said.get("seconds"):
            used[default.CHECKPOINT.name] = default.CHECKPOINT
        assumed = [word for word in ("booths", "seconds") if not said.get(word)]
        source = _source(said, place.where) if len(assumed) < 2 else (ASSUMED, ASSUMED)
        rows.append((
            f"{place.key}-post", f"{place.key}-over", beyond(place.key), booths, seconds, "exponential",
            said.get("hours", ""), said.get("admits", ""), *source,
            f"{' and '.join(assumed)} assumed" if assumed else "",
        ))  # fmt: skip
    return table("id,route,towards,booths,seconds,law,hours,admits,source,reporter,note", rows) if rows else ""


def _people(places: Mapping[str, NewPlace]) -> str:
    rows = (
        (
            p.key,
            f"{p.persons:.12g}",
            p.said.get("car_share") or f"={default.CAR_SHARE.name}",
            *_source(p.said, p.where),
            "",
        )
        for p in places.values()
        if p.role is Role.ORIGIN
    )
    return table("place,weight_persons,car_share,source,reporter,note", rows)


def _supplies() -> str:
    row = ("*", "food", f"={default.FOOD.name}", "days", 1, ASSUMED, ASSUMED, "no table gives stocks")
    return table("place,item,stock,unit,use_per_day,source,reporter,note", [row])


def _events(answers: Answers) -> str:
    note = "everybody feels a threat from the start; replace it by what happened"
    row = ("start", show_time(answers.start), "attack", "*", f"={default.THREAT.name}", "", "", ASSUMED, ASSUMED, note)
    return table("id,time,kind,target,value,to,seats,reporter,source,note", [row])


def _header(
    places: Mapping[str, NewPlace], answers: Answers, used: Mapping[str, Parameter], names: Iterable[str],
    counted: Mapping[int, str],
) -> str:  # fmt: skip
    about = f"Made from {', '.join(names)}. What these tables do not say is filled in and marked assumed."
    if answers.assumes_start:
        about += " The dates are invented (assumed)."
    crossings = [place.key for place in places.values() if place.role is Role.CROSSING]
    seen = crossings or list(counted.values())
    shelters = [place.key for place in places.values() if place.role is Role.SHELTER]
    quantity, place = ("cum_arrivals_persons", seen[0]) if seen else ("n_persons", shelters[0])
    targets = [f"  - {{quantity: {word}, place: {dumps(key)}}}\n" for key in dict.fromkeys(seen) for word in EVIDENCE]
    return HEADER.format(
        title=dumps(answers.title, ensure_ascii=False), about=about,
        start=show_time(answers.start), end=show_time(answers.start + timedelta(days=answers.days)),
        step=30, parameters="".join(_parameter(one, answers) for one in used.values()),
        record="".join(f"  - {word}\n" for word in RECORD),
        targets="".join(["targets:\n", *targets]) if targets else "", quantity=quantity, place=dumps(place),
    )  # fmt: skip


def _parameter(one: Parameter, answers: Answers) -> str:
    """A parameter as case.yaml has it; a value that a person gave keeps the prior where it lies inside."""
    value = answers.values.get(one.name, one.value)
    is_inside = one.prior.log_density(value) > float("-inf")
    prior = f"    prior: {{{one.prior.kind}: [{', '.join(f'{a:.12g}' for a in one.prior.arguments)}]}}\n"
    source = one.source if value == one.value else f"{ASSUMED} (said when the case was made)"
    return (
        f"  {one.name}:\n    value: {value:.12g}\n    unit: {dumps(one.unit)}\n{prior if is_inside else ''}"
        f"    source: {dumps(source)}\n    note: {dumps(one.note)}\n"
    )

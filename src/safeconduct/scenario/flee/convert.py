"""A case in which people walk, as files of a case folder that runs by the threshold and destination rules."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from json import dumps

from safeconduct.scenario.types import Place, Role, Scenario
from safeconduct.scenario.walk import Walk
from safeconduct.terms import show_time

ASSUMED = "assumed"
MOST_PEOPLE = 50_000  # simulated in a run; where more live there, one stands for ten, a hundred, ...
HEADER = """title: {title}
about: >
  {about}
  Converted: it runs by the threshold and destination rules. A conflict is an attack when it starts and a
  ceasefire when it ends; people travel by day and night at the speed of a day's journey. What the tables do not
  say is marked assumed.
clock:
  start: {start}
  end: {end}
  step_minutes: 1440
record:
  - n_persons
  - n_persons_on_route
  - cum_departures_persons
  - n_sheltered_persons
{targets}headline: [n_persons, {headline}]
{one_in}"""


def case_files(scenario: Scenario, walk: Walk) -> dict[str, str]:
    """Name and text of each file."""
    return {
        "case.yaml": header(scenario, walk),
        "places.csv": places(scenario, walk),
        "routes.csv": routes(scenario),
        "people.csv": people(scenario, walk),
        "events.csv": events(scenario, walk),
        "claims.csv": claims(scenario),
    }


def header(scenario: Scenario, walk: Walk) -> str:
    """The text of case.yaml."""
    many = persons_for_one(
        sum(walk.places[place.key].population for place in scenario.places if lives_here(place, walk))
    )
    on_roads = {end for route in scenario.routes for end in (route.start, route.end)}
    seen = [target.place for target in scenario.targets if target.observations and target.place in on_roads]
    lines = "".join(f"  - {{quantity: n_persons, place: {place}}}\n" for place in seen)
    return HEADER.format(
        title=dumps(scenario.title, ensure_ascii=False), about=scenario.about,
        start=show_time(scenario.clock.start), end=show_time(scenario.clock.end),
        targets=f"targets:\n{lines}" if lines else "", headline=scenario.headline[1],
        one_in=f"one_in: {many}  # so that no more than {MOST_PEOPLE:,} people are simulated\n" if many > 1 else "",
    )  # fmt: skip


def persons_for_one(persons: float) -> int:
    """The least power of ten that leaves few enough people to simulate."""
    many = 1
    while persons / many > MOST_PEOPLE:
        many *= 10
    return many


def written(value: float) -> str:
    """A number with every digit that it has, and no more."""
    return f"{value:.15g}"


def table(columns: str, rows: Iterable[Iterable[object]]) -> str:
    """A table as text."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns.split(","))
    writer.writerows(rows)
    return text.getvalue()


def lives_here(place: Place, walk: Walk) -> bool:
    """Whether people of this place may leave."""
    return place.role is Role.ORIGIN and walk.places[place.key].population > 0


def places(scenario: Scenario, walk: Walk) -> str:
    """Camps are shelters, places with people origins, all others junctions; what no road names is left out."""
    on_roads = {end for route in scenario.routes for end in (route.start, route.end)}

    def role(place: Place) -> str:
        is_junction = place.role is Role.ORIGIN and not lives_here(place, walk)
        return Role.JUNCTION.value if is_junction else place.role.value

    def room(place: Place) -> str:
        value = place.shelter_persons.value
        return written(value) if place.role is Role.SHELTER and value is not None else ""

    kept = (p for p in scenario.places if p.key in on_roads)
    rows = ((p.key, p.name, p.lat, p.lon, role(p), p.region, room(p), p.source) for p in kept)
    return table("key,name,lat,lon,role,region,shelter_persons,source", rows)


def routes(scenario: Scenario) -> str:
    """Roads without a limit on vehicles, as nothing is said of it."""
    rows = ((r.id, r.start, r.end, written(r.km), f"{r.speed_kmh.value:.15g}", "", r.source) for r in scenario.routes)
    return table("id,start,end,km,speed_kmh,capacity_per_hour,source", rows)


def people(scenario: Scenario, walk: Walk) -> str:
    """Inhabitants; nothing is said of vehicles."""
    homes = (place for place in scenario.places if lives_here(place, walk))
    rows = ((p.key, written(walk.places[p.key].population), 1, p.source, ASSUMED) for p in homes)
    return table("place,weight_persons,car_share,source,reporter", rows)


def events(scenario: Scenario, walk: Walk) -> str:
    """Conflicts that start or end, roads that close or open."""
    clock, rows = scenario.clock, list[tuple[str, str, str, str, str]]()
    start = [(0, key, one.intensity) for key, one in walk.places.items() if one.intensity > 0]
    told = {(one.day, one.subject) for one in walk.happenings if one.kind == "conflict"}
    attacks = [(day, key, value) for day, key, value in start if (day, key) not in told]
    attacks += [(one.day, one.subject, one.value) for one in walk.happenings if one.kind == "conflict"]
    for day, key, value in attacks:
        kind, amount = ("attack", min(1.0, value)) if value > 0 else ("ceasefire", 0.0)
        rows.append((f"{key}-{day}", show_time(clock.at(24.0 * day)), kind, key, written(amount)))
    for number, one in enumerate(walk.happenings):
        if one.kind in ("close", "open") and one.day < walk.n_days:
            when = show_time(clock.at(24.0 * one.day))
            rows.append((f"{one.kind}-{number}", when, one.kind, one.subject, ""))
    known = {place.key for place in scenario.places if lives_here(place, walk)}
    kept = [row for row in rows if row[2] in ("close", "open") or row[3] in known]
    kept.sort(key=lambda row: row[1])
    return table("id,time,kind,target,value,reporter,source", ((*row, ASSUMED, "the folder's tables") for row in kept))


def claims(scenario: Scenario) -> str:
    """Recorded counts of camps, as of the end of their day."""
    remark = "taken as counted at the end of the day (assumed)"
    rows = (
        (c.id, show_time(c.time), "exact", c.place, c.quantity, written(c.best), c.unit, c.basis, c.reporter,
         c.source_title, remark)
        for c in scenario.ledger.claims
        if c.time is not None and c.best is not None
    )  # fmt: skip
    return table("id,time,precision,place,quantity,best,unit,basis,reporter,source_title,remark", rows)

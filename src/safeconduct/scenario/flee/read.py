"""Read a folder in Flee's format as a case: its tables, the recorded camp populations beside them, its settings.

What makes a result undefined is a fault. What the shipped folders hold by mistake, and a run can do without, is a
warning. Flee's own odd ways are copied only where `Quirks` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from safeconduct.ledger import Claim, Ledger, Observation
from safeconduct.scenario.amount import Amount
from safeconduct.scenario.flee.events import CHANGES, CLOSURES, CONFLICTS, read_happenings
from safeconduct.scenario.flee.groups import read_agents, read_groups
from safeconduct.scenario.flee.levels import AGENTS, FLOODS, HUNGER, read_floods, read_hunger
from safeconduct.scenario.flee.places import LOCATIONS, ROUTES, Map, read_map
from safeconduct.scenario.flee.series import LAYOUT, Series, by_day, read_corrections, read_layout, without_day0
from safeconduct.scenario.flee.settings import Settings, read_settings
from safeconduct.scenario.flee.tables import read_cells
from safeconduct.scenario.parameter import Parameter
from safeconduct.scenario.types import Scenario, Target
from safeconduct.scenario.walk import CAMPS, FLEE_DEFAULT, OUR_PARAMETERS, Quirks, Walk
from safeconduct.terms import Clock, Fault, closest, hash_of_files, is_there, shown

PERIOD, SETTINGS, CORRECTIONS = "sim_period.csv", "simsetting.yml", "registration_corrections.csv"
LONGEST_DAYS = 3660
LEFT_ASIDE = {"major_routes.csv": "fixed_routes"}  # tables that only count with settings that are not supported yet
RECORD = ("n_persons", "n_persons_on_route", "cum_departures_persons")
PERSONS = "n_persons"


@dataclass(frozen=True)
class FleeFolder:
    """Where the parts of a folder lie."""

    tables: Path
    data: Path
    settings: Path | None


def find_flee(folder: Path, data: Path | None = None) -> FleeFolder | None:
    """The parts of a folder in Flee's format, tables directly in it or under input_csv/; None where it is not one."""
    for tables in (folder, folder / "input_csv"):
        if (tables / LOCATIONS).is_file() and (tables / ROUTES).is_file():
            near = (folder, tables, tables.parent)
            beside = [place / "source_data" for place in near] + list(near)
            found = next((one for one in beside if (one / LAYOUT).is_file()), folder / "source_data")
            settings = next((one / SETTINGS for one in near if (one / SETTINGS).is_file()), None)
            return FleeFolder(tables, data or found, settings)
    return None


def read_flee(
    parts: FleeFolder, key: str, *, quirks: Quirks, hasten: int = 0
) -> tuple[tuple[Fault, ...], Scenario | None]:
    """Every fault and warning of a folder, and its case where there is no fault. `hasten` 0 = as the settings say."""
    faults: list[Fault] = []
    settings = read_settings(parts.settings, faults)
    if parts.settings is None:
        told = "no such file", "Flee's settings", "Flee's defaults hold"
        faults.append(Fault(SETTINGS, 0, "", *told, is_warning=True))
    period = _period(parts.tables, faults)
    found = read_map(parts.tables, quirks, faults)
    walk = series = None
    if period is not None:
        start, n_days = period
        rules = settings.rules
        happenings = read_happenings(
            parts.tables, found, n_days, quirks, settings.default_intensity, faults, floods_drive=rules.driven_by_flood
        )
        floods = read_floods(parts.tables, found, rules.floods, n_days, faults)
        hunger = read_hunger(parts.tables, found, rules, n_days, faults)
        series = read_layout(parts.data, start, quirks, faults)
        factors = read_corrections(parts.tables / CORRECTIONS, start, series, faults)
        if settings.rules.empty_camps_on_day0:
            series = [without_day0(one) for one in series]
        camps = _camps(series, found, faults)
        heeds = settings.heeds if rules.floods and rules.floods.forecast else ()
        groups = read_groups(parts.tables, found, settings.shuns, heeds, faults)
        agents, listed = {}, parts.tables / AGENTS
        if settings.reads_agents:
            agents = read_agents(listed, found, groups, settings.shuns, heeds, faults)
        elif is_there(listed):
            told = "a table that is not used", "read_from_agents_csv_file in simsetting.yml", "it is left aside"
            faults.append(Fault(AGENTS, 0, "", *told, is_warning=True))
        hasten = hasten or settings.hasten
        _tell_left_aside(parts.tables, quirks, faults)
        if not _has_fault(faults):
            by_name = {one.name: by_day(one.points, n_days, quirks, hasten) for one in series[1:]}
            walk = Walk(
                rules=settings.rules, quirks=quirks, persons_per_agent=hasten,
                places={one.key: one.walk for one in found.locations.values()},
                copies=found.copies, route_speed=found.speed, walk_chance=found.walk_chance,
                happenings=happenings, groups=groups, camps=tuple(found.key(name) for name in camps),
                recorded={found.key(name): by_name[found.locations[name].name] for name in camps},
                recorded_elsewhere=_elsewhere(by_name, {found.locations[name].name for name in camps}, n_days),
                recorded_total=by_day(series[0].points, n_days, quirks, hasten), register_factors=tuple(factors),
                already_there={one.key: one.already_there for one in found.locations.values() if one.already_there},
                named_agents=agents, flood_level=floods, hunger=hunger,
            )  # fmt: skip
    noted = tuple(sorted(set(faults)))
    if walk is None or series is None or period is None:
        return noted, None
    warnings = tuple(str(fault) for fault in noted)
    return noted, _scenario(key, parts, period[0], found, series, settings, walk, warnings)


def _elsewhere(by_name: Mapping[str, tuple[float, ...]], camps: set[str], n_days: int) -> tuple[float, ...]:
    """Persons on each day in what is counted and is no camp of the map."""
    others = [values for name, values in by_name.items() if name not in camps]
    return tuple(map(sum, zip(*others, strict=True))) or (0.0,) * n_days


def _has_fault(faults: Iterable[Fault]) -> bool:
    return any(not fault.is_warning for fault in faults)


def _period(folder: Path, faults: list[Fault]) -> tuple[date, int] | None:
    """First day and number of days."""
    if not is_there(folder / PERIOD):
        expected = "StartDate,YYYY-MM-DD and Length,DAYS"
        faults.append(Fault(PERIOD, 0, "", "no such file", expected, "add it"))
        return None
    start, days = None, None
    for row in read_cells(folder / PERIOD, faults)[1]:
        if row.at(0).lower() == "startdate":
            start = row.day(1, "StartDate")
        elif row.at(0).lower() == "length":
            days = row.number(1, "Length", whole=True)
            if not 1 <= days <= LONGEST_DAYS:
                row.note("Length", shown(row.at(1)), f"days from 1 to {LONGEST_DAYS}", "correct it")
                days = None
        else:
            row.note("", shown(row.at(0)), "StartDate or Length", closest(row.at(0), ("StartDate", "Length")))
    if start is None or days is None:
        missing = "StartDate" if start is None else "Length"
        if not any(fault.file == PERIOD for fault in faults):
            faults.append(Fault(PERIOD, 0, "", f"no row {missing}", f"a row {missing},...", "add it"))
        return None
    return start, int(days)


def _camps(series: list[Series], found: Map, faults: list[Fault]) -> list[str]:
    """Names of camps in order of the map, as far as they have a recorded series: the others cannot be compared."""
    named, known = {one.name for one in series[1:]}, found.names_used()
    camps = [name for name, one in found.locations.items() if one.walk.kind in CAMPS]
    for name in camps if series else ():
        if found.locations[name].name not in named:
            advice = f"{closest(name, named - known)}; people go there, and it is not compared"
            told = f"{shown(name)} without counts", f"a row in {LAYOUT} for each camp", advice
            faults.append(Fault(LOCATIONS, found.lines[name], "", *told, is_warning=True))
    for one in series[1:]:
        if one.name not in known:
            told = f"{shown(one.name)}, which is not on the map", f"a camp of {LOCATIONS}", "its counts still add up"
            faults.append(Fault(LAYOUT, one.line, "", *told, is_warning=True))
    return [name for name in camps if found.locations[name].name in named]


def _tell_left_aside(folder: Path, quirks: Quirks, faults: list[Fault]) -> None:
    """Tables that are there and do not count."""
    for file, what in LEFT_ASIDE.items():
        if is_there(folder / file):
            told = "a table that is not used", f"nothing here without {what}", "it is left aside"
            faults.append(Fault(file, 0, "", *told, is_warning=True))
    if is_there(folder / CHANGES):
        told = "read from this folder", "it in the working directory, where Flee looks", "run Flee with a copy there"
        faults.append(Fault(CHANGES, 0, "", *told, is_warning=True))


def _scenario(
    key: str, parts: FleeFolder, start: date, found: Map, series: list[Series], settings: Settings,
    walk: Walk, warnings: tuple[str, ...],
) -> Scenario:  # fmt: skip
    """The case: what is recorded of a day is taken as counted at its end."""
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC)
    clock = Clock(begin, begin + timedelta(days=walk.n_days), 1440.0)
    ledger, targets = _record(series, found, walk, clock, parts)
    speed = Amount(settings.parameters["journey_km_per_day"].value / 24.0)
    largest = max(walk.camps, key=lambda camp: walk.recorded[camp][-1], default="")
    return Scenario(
        key=key,
        title=f"{key}: recorded camp populations and the walk to them",
        about=f"Read from a folder in Flee's format: {walk.n_days} days, {len(walk.camps)} camps. "
        "Its tables name no time zone; days are taken in UTC (assumed).",
        clock=clock,
        places=tuple(one.place for one in found.locations.values()),
        routes=tuple(replace(route, speed_kmh=speed) for route in found.routes),
        checkpoints=(), people=(), supplies=(), events=(),
        parameters=parameters_of(settings, as_flee=walk.quirks != Quirks()),
        targets=targets,
        record=RECORD,
        headline=(PERSONS, largest),
        ledger=ledger,
        hash=_hash(parts, walk),
        warnings=warnings,
        walk=walk,
    )  # fmt: skip


def parameters_of(settings: Settings, *, as_flee: bool) -> dict[str, Parameter]:
    """The numbers of the walk: what the folder says is held; some others are ours, with priors, unless run as Flee."""
    ours = {} if as_flee else {p.name: p for p in OUR_PARAMETERS}
    said = settings.parameters.items()
    return {name: ours.get(name, p) if p.source == FLEE_DEFAULT else p for name, p in said}


def _record(
    series: list[Series], found: Map, walk: Walk, clock: Clock, parts: FleeFolder
) -> tuple[Ledger, tuple[Target, ...]]:
    """Every recorded count as a claim, and what is made of them as observations of the camps."""
    claims: list[Claim] = []
    targets: list[Target] = []
    for one in series[1:]:
        camp = next((place.key for place in found.locations.values() if place.name == one.name
                     and place.key in walk.camps), "")  # fmt: skip
        if not camp:
            continue
        files, seen = " + ".join(one.files), list[Observation]()
        for day, count in one.points:
            if not 0 <= day < walk.n_days:
                continue
            when, claim_id = clock.at(24.0 * (day + 1)), f"{camp}-{day}"
            claims.append(
                Claim(claim_id, "figure", when, "day", camp, PERSONS, None, count, None, "persons", "counted",
                      f"the folder's {files}", files, "", "after the corrections of its register")
            )  # fmt: skip
            why = "end of the day for which the folder gives the count"
            seen.append(Observation(PERSONS, camp, when, count, count, count, "persons", True, (claim_id,), why))
        targets.append(Target(PERSONS, camp, tuple(seen)))
    return Ledger(tuple(claims), _hash(parts, None)), tuple(targets)


def _hash(parts: FleeFolder, walk: Walk | None) -> str:
    """A hash of all that decides a run: the files, how many people an agent stands for, and which quirks hold."""
    files = [parts.tables / name for name in (PERIOD, LOCATIONS, ROUTES, CLOSURES, CONFLICTS, CHANGES, CORRECTIONS)]
    files += [parts.tables / name for name in (FLOODS, HUNGER, AGENTS)]
    files += sorted(parts.tables.glob("demographics_*.csv")) + sorted(parts.data.glob("*.csv"))
    said = "" if walk is None else f"{walk.persons_per_agent} {walk.quirks}"
    return hash_of_files([*files, *([parts.settings] if parts.settings else [])], said)

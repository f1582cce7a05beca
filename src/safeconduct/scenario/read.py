"""Read a case folder: every file, every fault, then one `Scenario` or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from safeconduct.ledger import CLAIMS, Ledger, observe, read_claims
from safeconduct.ledger.tables import Row, Table, read_rows
from safeconduct.scenario import rows
from safeconduct.scenario.header import FILE, Header, named_parameters, read_header
from safeconduct.scenario.quantities import COUNTED, ORIGIN, QUANTITIES, RECEPTION, ROUTE, SHELTER
from safeconduct.scenario.roads import Map, map_faults
from safeconduct.scenario.tables import CHECKPOINTS, EVENTS, PEOPLE, PLACES, ROUTES, SUPPLIES, TABLES
from safeconduct.scenario.types import (
    Checkpoint,
    Role,
    Route,
    Scenario,
    Supply,
    Target,
)
from safeconduct.terms import CaseError, Fault, UsageError, closest

Record = TypeVar("Record")
CASE_PARAMETERS = ("persons_present",)  # the model uses these where a case has them


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A shipped case, as a list of cases shows it."""

    key: str
    title: str
    about: str


@dataclass(frozen=True)
class Reading:
    """A folder once read: the faults and warnings, and the scenario where there was no fault."""

    faults: tuple[Fault, ...]
    scenario: Scenario | None


def shipped_cases() -> Path:
    """The folder with the cases that come with the package."""
    return Path(str(files("safeconduct").joinpath("cases")))


def list_cases() -> tuple[CaseSummary, ...]:
    """The cases that come with the package."""
    folders = sorted(path.parent for path in shipped_cases().glob(f"*/{FILE}"))
    headers = [(folder, read_header(folder, [])) for folder in folders]
    return tuple(CaseSummary(at.name, head.spec.title, head.spec.about) for at, head in headers if head)


def find_case(folder: Path | str) -> Path:
    """The folder of a case: a bare name means a shipped case. Raises UsageError where there is none."""
    bare = isinstance(folder, str) and Path(folder).name == folder
    if bare and (shipped_cases() / folder / FILE).is_file():
        return shipped_cases() / folder
    if Path(folder).is_dir():
        return Path(folder)
    known = [path.parent.name for path in shipped_cases().glob(f"*/{FILE}")]
    raise UsageError(
        f'there is no case "{folder}"; name a folder, or a shipped case: {closest(str(folder), known)}.'
    )


def read_case(folder: Path | str, *, extra_routes: Path | None = None) -> Scenario:
    """The case in a folder, checked. Raises CaseError with every fault found."""
    reading = read_folder(find_case(folder), extra_routes)
    if reading.scenario is None:
        raise CaseError(fault for fault in reading.faults if not fault.is_warning)
    return reading.scenario


def check_case(folder: Path | str, *, extra_routes: Path | None = None) -> tuple[Fault, ...]:
    """Every fault and warning of a case folder, sorted by file and line."""
    return read_folder(find_case(folder), extra_routes).faults


def read_folder(folder: Path, extra_routes: Path | None = None) -> Reading:
    """Read every file, note every fault, and make the scenario if there was none."""
    faults: list[Fault] = []
    header = read_header(folder, faults)
    tables = _read_tables(folder, extra_routes, header, faults)
    if header is not None and tables is not None and not _has_fault(faults):
        faults.extend(map_faults(tables.map))
        faults.extend(_header_faults(header, tables))
    found = tuple(sorted(set(faults)))
    if header is None or tables is None or header.clock is None or _has_fault(found):
        return Reading(found, None)
    warnings = tuple(str(fault) for fault in found)
    return Reading(found, _scenario(folder, extra_routes, header, tables, warnings))


def _has_fault(faults: Iterable[Fault]) -> bool:
    return any(not fault.is_warning for fault in faults)


@dataclass(frozen=True)
class Tables:
    """What the tables of a folder hold."""

    checkpoints: tuple[Checkpoint, ...]
    supplies: tuple[Supply, ...]
    ledger: Ledger
    map: Map


def _read_tables(
    folder: Path, extra_routes: Path | None, header: Header | None, faults: list[Fault]
) -> Tables | None:
    """The tables in the order in which they name each other."""
    read = partial(_records, folder, faults=faults)
    names = rows.Names(
        parameters=header.parameters if header else named_parameters(folder),
        values=header.parameters if header else {},
        clock=header.clock if header else None,
    )
    places, place_lines = read(PLACES, rows.place, names)
    names = replace(names, places=None if places is None else {place.key: place for place in places})
    routes, route_lines = _routes(folder, extra_routes, names, faults)
    names = replace(names, routes=None if routes is None else {route.id: route for route in routes})
    checkpoints, lines = read(CHECKPOINTS, rows.checkpoint, names)
    names = replace(names, checkpoints=None if checkpoints is None else lines)
    people, people_lines = read(PEOPLE, rows.people, names)
    supplies, _ = read(SUPPLIES, rows.supply, names)
    events, _ = read(EVENTS, rows.event, names)
    claims = folder / CLAIMS.file
    ledger = read_claims(claims, faults) if claims.exists() else Ledger((), "")
    if None in (places, routes, checkpoints, people, supplies, events):
        return None
    in_time = tuple(sorted(events or (), key=lambda event: event.time))
    case = Map(places or (), routes or (), people or (), in_time, place_lines, route_lines, people_lines)
    return Tables(checkpoints or (), supplies or (), ledger, case)


def _records(
    folder: Path,
    table: Table,
    make: Callable[[Row, dict[str, int], rows.Names], Record],
    names: rows.Names,
    *,
    faults: list[Fault],
) -> tuple[tuple[Record, ...] | None, dict[str, int]]:
    """The records of one table, and the line of each; None where the file cannot be used."""
    lines: dict[str, int] = {}
    path = folder / table.file
    if not path.exists():
        if table.is_required:
            present = [one.name for one in folder.glob("*.csv") if one.name not in {t.file for t in TABLES}]
            advice = closest(table.file, present) if present else "add it"
            faults.append(Fault(table.file, 0, "", "no such file", f"a table: {table.about}", advice))
            return None, lines
        return (), lines
    found = read_rows(path, table, faults)
    return (None if found is None else tuple(make(row, lines, names) for row in found)), lines


def _routes(
    folder: Path, extra: Path | None, names: rows.Names, faults: list[Fault]
) -> tuple[tuple[Route, ...] | None, dict[str, tuple[str, int]]]:
    """The roads of the folder; roads of an extra file replace those of the same id, and new ones are added."""
    routes, lines = _records(folder, ROUTES, rows.route, names, faults=faults)
    where = {road: (ROUTES.file, line) for road, line in lines.items()}
    if extra is None:
        return routes, where
    more_lines: dict[str, int] = {}
    more = [rows.route(row, more_lines, names) for row in read_rows(extra, ROUTES, faults) or ()]
    where |= {road: (extra.name, line) for road, line in more_lines.items()}
    merged = {route.id: route for route in (*(routes or ()), *more)}
    return (None if routes is None else tuple(merged.values())), where


def _header_faults(header: Header, tables: Tables) -> Iterable[Fault]:
    """Names in case.yaml that the tables do not have; targets without a figure; parameters that nothing uses."""
    subjects = _subjects(tables.map)
    asked = [(("targets", i, "place"), t.quantity, t.place) for i, t in enumerate(header.spec.targets)]
    asked.append((("headline", 1), *header.spec.headline))  # type: ignore[arg-type]
    for where, quantity, place in asked:
        kind = QUANTITIES[quantity][0]
        if place not in subjects.get(kind, subjects["place"]):
            advice = closest(place, subjects.get(kind, subjects["place"]))
            yield header.fault(where, f'"{place}"', f"a {kind} of this case, for {quantity}", advice)
        elif where[0] == "targets" and not observe(tables.ledger, quantity, place):
            found = f'"{place}", of which claims.csv has no {quantity}'
            advice = "add the claims, or remove the target"
            yield header.fault(where, found, "claims to compare with", advice, is_warning=True)
    if not any(row.weight_persons for row in tables.map.people):
        yield Fault(
            PEOPLE.file, 0, "weight_persons", "0 in every row", "people somewhere", "fill in the numbers"
        )


def _subjects(case: Map) -> Mapping[str, set[str]]:
    """The keys that each kind of series is told of."""
    of_role = {role: {place.key for place in case.places if place.role is role} for role in Role}
    return {
        "place": {place.key for place in case.places},
        ORIGIN: of_role[Role.ORIGIN],
        RECEPTION: of_role[Role.RECEPTION],
        SHELTER: of_role[Role.SHELTER],
        ROUTE: {route.id for route in case.routes},
        COUNTED: {route.counts_as for route in case.routes} - {""},
    }


def _scenario(
    folder: Path, extra: Path | None, header: Header, tables: Tables, warnings: tuple[str, ...]
) -> Scenario:
    assert header.clock is not None
    spec, case = header.spec, tables.map
    return Scenario(
        key=folder.resolve().name,
        title=spec.title,
        about=spec.about,
        clock=header.clock,
        rules={"leave": spec.rules.leave, "way": spec.rules.way},
        places=tuple(case.places),
        routes=tuple(case.routes),
        checkpoints=tables.checkpoints,
        people=tuple(case.people),
        supplies=tables.supplies,
        events=tuple(case.events),
        parameters=header.parameters,
        targets=tuple(_targets(header, tables.ledger)),
        record=tuple(spec.record),
        headline=(spec.headline[0], spec.headline[1]),
        ledger=tables.ledger,
        hash=_hash(folder, extra),
        warnings=warnings,
    )


def _targets(header: Header, ledger: Ledger) -> Iterable[Target]:
    """The figures to compare with, as far as they lie inside the clock."""
    assert header.clock is not None
    start, end = header.clock.start, header.clock.end
    for target in header.spec.targets:
        seen = observe(ledger, target.quantity, target.place)
        yield Target(target.quantity, target.place, tuple(one for one in seen if start <= one.time <= end))


def _hash(folder: Path, extra: Path | None) -> str:
    """A hash of the files that make the case; a posterior sample beside them does not count."""
    summed = blake2b(digest_size=8)
    for path in [
        folder / FILE,
        *(folder / table.file for table in (*TABLES, CLAIMS)),
        *([extra] if extra else []),
    ]:
        if path.exists():
            summed.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return summed.hexdigest()

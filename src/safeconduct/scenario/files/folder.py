"""Read the tables of a case folder, in the order in which they name each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from safeconduct.ledger import Ledger, read_ledger
from safeconduct.scenario.files import rows
from safeconduct.scenario.files.header import Header, named_parameters
from safeconduct.scenario.files.tables import CHECKPOINTS, EVENTS, PEOPLE, PLACES, ROUTES, SUPPLIES, TABLES
from safeconduct.scenario.roads import Network
from safeconduct.scenario.timeline.read import (
    phase_of,
    read_acts,
    read_inflows,
    read_observed,
    read_passages,
    read_stocks,
)
from safeconduct.scenario.timeline.tables import DECLARED_FILE
from safeconduct.scenario.timeline.types import Timeline
from safeconduct.scenario.types import Checkpoint, Role, Route, Supply
from safeconduct.terms import CaseError, Fault, Row, Table, cells, is_there, read_rows, shown, table_file

Record = TypeVar("Record")
CLAIMS_FILE = "claims.csv"


@dataclass(frozen=True)
class FolderTables:
    """What the tables of a folder hold."""

    checkpoints: tuple[Checkpoint, ...]
    supplies: tuple[Supply, ...]
    ledger: Ledger
    network: Network
    timeline: Timeline | None = None


def read_tables(
    folder: Path, extra_routes: Path | None, header: Header | None, faults: list[Fault]
) -> FolderTables | None:
    """The tables in the order in which they name each other."""
    read = partial(_records, folder, faults=faults)
    names = rows.Names(
        parameters={*header.parameters, *header.spec.parameters} if header else named_parameters(folder),
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
    names, timeline = _timeline(folder, header, names, faults)
    events, _ = read(EVENTS, rows.event, names)
    ledger = _ledger(folder, header, faults)
    if None in (places, routes, checkpoints, people, supplies, events):
        return None
    in_time = tuple(sorted(events or (), key=lambda event: event.time))
    network = Network(places or (), routes or (), people or (), in_time, place_lines, route_lines, people_lines)
    return FolderTables(checkpoints or (), supplies or (), ledger, network, timeline)


def _timeline(
    folder: Path, header: Header | None, names: rows.Names, faults: list[Fault]
) -> tuple[rows.Names, Timeline | None]:
    """What a case with phases adds, and the names that its events may use; None where the case has no phases."""
    stocks, inflows = read_stocks(folder, names, faults), read_inflows(folder, names, faults)
    passages = read_passages(folder, names, faults)
    names = replace(names, inflows={one.id for one in inflows}, passages={one.id for one in passages})
    if header is None or not header.spec.phases or any(not fault.is_warning for fault in faults):
        return names, None
    for where, key in (
        *((("refuges", i), key) for i, key in enumerate(header.spec.refuges)),
        *([(("resettles",), header.spec.resettles)] if header.spec.resettles else []),
    ):
        if names.places is not None and (key not in names.places or names.places[key].role is not Role.ORIGIN):
            faults.append(
                header.fault(
                    where, shown(key), "an origin of places.csv", cells.nearest(key, names.places, "correct it")
                )
            )
    phases = tuple(phase_of(one) for one in header.spec.phases)
    observed = read_observed(folder, names, [one.key for one in phases], faults)
    acts, refuges = read_acts(folder, names, faults), tuple(header.spec.refuges)
    timeline = Timeline(phases, stocks, inflows, passages, observed, acts, refuges, header.spec.resettles)
    if (folder / DECLARED_FILE).exists():
        from safeconduct.scenario.timeline.declared import read_declared  # here, as few cases declare any

        timeline = replace(timeline, declared=read_declared(folder, acts, header.clock, faults))
    return names, timeline


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
    path = table_file(folder / table.file, faults)
    if not is_there(path):
        if table.is_required:
            others = {one.name for one in folder.glob("*.csv")} - {known.file for known in TABLES}
            advice = cells.nearest(table.file, others, "add it")
            faults.append(Fault(table.file, 0, "", "no such file", f"a table: {table.about.rstrip('.')}", advice))
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


def claims_file(folder: Path, shared: str) -> Path:
    """Where the claims of a case lie: in its own folder, or in that of the case beside it that `claims:` names."""
    return (folder.parent / shared if shared else folder) / CLAIMS_FILE


def _ledger(folder: Path, header: Header | None, faults: list[Fault]) -> Ledger:
    """The claims of the case; empty where there is no such file, or a faulty one."""
    shared = header.spec.claims if header else ""
    path = claims_file(folder, shared)
    book = table_file(path)
    if book != path:
        found, advice = "a workbook of claims, which is not read", "take it in with safeconduct ledger import"
        faults.append(Fault(book.name, 0, "", found, f"claims in {CLAIMS_FILE}", advice, is_warning=True))
    if header and shared and not (Path(shared).name == shared and path.is_file()):
        others = {one.parent.name for one in folder.parent.glob(f"*/{CLAIMS_FILE}")}
        advice = cells.nearest(shared, others, "leave it out to use the case's own claims")
        expected = f"the name of a folder beside this one that has {CLAIMS_FILE}"
        faults.append(header.fault(("claims",), shown(shared), expected, advice))
        return Ledger((), "")
    try:
        return read_ledger(path) if is_there(path) else Ledger((), "")
    except CaseError as error:
        faults.extend(error.faults)
        return Ledger((), "")

"""Read a case folder: every file, every fault, then one `Scenario` or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from safeconduct.ledger import TABLES_OF_TERMS, observe
from safeconduct.scenario.files.between import faults_between
from safeconduct.scenario.files.folder import CLAIMS_FILE, FolderTables, claims_file, read_tables
from safeconduct.scenario.files.header import FILE, Header, read_header
from safeconduct.scenario.files.tables import TABLES
from safeconduct.scenario.roads import road_faults
from safeconduct.scenario.shipped import find_case
from safeconduct.scenario.timeline.tables import TIMELINE_TABLES
from safeconduct.scenario.types import Scenario, Target
from safeconduct.scenario.walk import Quirks
from safeconduct.terms import CaseError, Clock, Fault, UsageError, collection_paused, hash_of_files, table_file


@dataclass(frozen=True, slots=True)
class WalkReading:
    """How a folder in Flee's format is to be read."""

    quirks: Quirks = Quirks()  # what of Flee's odd ways is copied; Quirks.of_flee() is all
    hasten: int = 0  # persons that one agent stands for; 0 = as the folder says
    data: Path | None = None  # folder of the recorded counts, where it is not beside the tables


@dataclass(frozen=True)
class ReadFolder:
    """A folder once read: the faults and warnings, and the scenario where there was no fault."""

    faults: tuple[Fault, ...]
    scenario: Scenario | None


def read_case(folder: Path | str, *, extra_routes: Path | None = None, as_walk: WalkReading | None = None) -> Scenario:
    """The case in a folder, ours or in Flee's format, checked. Raises CaseError with every fault found."""
    found = find_case(folder)
    reading = read_any(found, extra_routes, as_walk)
    if reading.scenario is None:
        raise CaseError(fault for fault in reading.faults if not fault.is_warning)
    return replace(reading.scenario, folder=found)


def check_case(
    folder: Path | str, *, extra_routes: Path | None = None, as_walk: WalkReading | None = None
) -> tuple[Fault, ...]:
    """Every fault and warning of a case folder, sorted by file and line."""
    return read_and_check(folder, extra_routes=extra_routes, as_walk=as_walk).faults


def read_and_check(
    folder: Path | str, *, extra_routes: Path | None = None, as_walk: WalkReading | None = None
) -> ReadFolder:
    """Every fault and warning of a case folder, and the case where there was no fault."""
    return read_any(find_case(folder), extra_routes, as_walk)


def read_any(folder: Path, extra_routes: Path | None, as_walk: WalkReading | None) -> ReadFolder:
    """Read a folder in our format, or one in Flee's. Raises UsageError for what only the other format has."""
    said = as_walk or WalkReading()
    if (folder / FILE).exists():
        return read_own(folder, extra_routes, said)
    from safeconduct.scenario.flee.read import find_flee, read_flee  # here, as few cases need it

    parts = find_flee(folder, said.data)
    if parts is None:
        return read_own(folder, extra_routes, said)
    if extra_routes is not None:
        raise UsageError(f"{folder} is in Flee's format; convert it first, and then add roads to the case.")
    return ReadFolder(*read_flee(parts, folder.resolve().name, quirks=said.quirks, hasten=said.hasten))


def read_own(folder: Path, extra_routes: Path | None, said: WalkReading) -> ReadFolder:
    """Read a folder in our format. Raises UsageError where it was asked for as one in Flee's."""
    if said != WalkReading():
        raise UsageError(f"{folder} is not in Flee's format; --compat, --hasten and --data are for folders that are.")
    return read_folder(folder, extra_routes)


@collection_paused()
def read_folder(folder: Path, extra_routes: Path | None = None) -> ReadFolder:
    """Read every file, note every fault, and make the scenario if there was none."""
    faults: list[Fault] = []
    header = read_header(folder, faults)
    tables = read_tables(folder, extra_routes, header, faults)
    if header is None or tables is None or header.clock is None or _has_fault(faults):
        return ReadFolder(_sorted(folder, faults), None)
    targets = tuple(_targets(header, header.clock, tables))
    faults += [*road_faults(tables.network), *faults_between(header, tables, targets)]
    if _has_fault(faults):
        return ReadFolder(_sorted(folder, faults), None)
    warnings = tuple(str(fault) for fault in _sorted(folder, faults))
    hashed = hash_of_case(folder, extra_routes, claims_file(folder, header.spec.claims))
    scenario = _scenario(header, header.clock, tables, targets, key=folder.resolve().name, hashed=hashed)
    return ReadFolder(_sorted(folder, faults), replace(scenario, warnings=warnings))


def _sorted(folder: Path, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by file and line; a table that is a workbook is named as it lies."""
    lies = {table.file: table_file(folder / table.file).name for table in (*TABLES, *TIMELINE_TABLES)}
    return tuple(sorted({replace(fault, file=lies.get(fault.file, fault.file)) for fault in faults}))


def _has_fault(faults: Iterable[Fault]) -> bool:
    return any(not fault.is_warning for fault in faults)


def _scenario(
    header: Header, clock: Clock, tables: FolderTables, targets: tuple[Target, ...], *, key: str, hashed: str
) -> Scenario:
    spec, network = header.spec, tables.network
    return Scenario(
        key=key,
        title=spec.title,
        about=spec.about.strip(),
        clock=clock,
        places=network.places,
        routes=network.routes,
        checkpoints=tables.checkpoints,
        people=network.people,
        supplies=tables.supplies,
        events=network.events,
        parameters=header.parameters,
        targets=targets,
        record=tuple(spec.record),
        headline=(spec.headline[0], spec.headline[1]),
        ledger=tables.ledger,
        hash=hashed,
        one_in=spec.one_in,
        learn_until=header.learn_until,
        timeline=tables.timeline,
        own_rules=tuple(spec.own_rules),
    )


def _targets(header: Header, clock: Clock, tables: FolderTables) -> Iterator[Target]:
    """The figures to compare with, as far as they lie inside the clock."""
    for target in header.spec.targets:
        seen = observe(tables.ledger, target.quantity, target.place)
        inside = [one for one in seen if clock.start <= one.time <= clock.end]
        yield Target(target.quantity, target.place, tuple(sorted(inside, key=lambda one: one.time)))


def hash_of_case(folder: Path, extra: Path | None = None, claims: Path | None = None) -> str:
    """A hash of the files that make the case, all tables beside its claims too; a posterior sample does not count."""
    claims, tables = claims or folder / CLAIMS_FILE, (*TABLES, *TIMELINE_TABLES)
    own = [folder / FILE, *(table_file(folder / table.file) for table in tables), claims, *([extra] if extra else [])]
    beside = [path for path in sorted(claims.parent.glob("*.csv")) if path.name != "sample.csv" and path not in own]
    books = (table_file(claims.parent / name) for name in TABLES_OF_TERMS)
    return hash_of_files(
        [*own, *beside, *(book for book in books if book.suffix in (".xlsx", ".ods") and book not in own)]
    )

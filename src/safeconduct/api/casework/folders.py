"""A case folder that people work on: what it holds, what it lacks, and what its tables are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from importlib.resources import files
from pathlib import Path

CLAIMS_FILE = "claims.csv"


def shipped_folders() -> list[Path]:
    """The case folders that ship with the package and that a person can open."""
    root = Path(str(files("safeconduct") / "cases"))
    names = ("case.yaml", "monitor.yaml")
    return sorted(path for path in root.iterdir() if any((path / name).is_file() for name in names))


@dataclass(frozen=True, slots=True)
class About:
    """A case in a list of cases."""

    title: str
    about: str


def about(folder: Path) -> About:
    """Title and purpose of a case; its name where a file cannot be read. The agreement's file goes first."""
    from safeconduct.scenario import read_document

    for name in ("monitor.yaml", "case.yaml"):
        document = read_document(folder / name, []) if (folder / name).is_file() else None
        if document is not None and isinstance(document.value, Mapping) and document.value.get("title"):
            return About(str(document.value["title"]), " ".join(str(document.value.get("about") or "").split()))
    return About(folder.name, "")


def has_monitor(folder: Path) -> bool:
    """Whether the case holds an agreement to monitor."""
    return (folder / "monitor.yaml").is_file() and (folder / "agreement.csv").is_file()


def zone_of(folder: Path) -> tzinfo:
    """The zone in which a case's times are typed. Raises CaseError or UsageError for a case that cannot be read."""
    from safeconduct.monitor import read_monitor_case
    from safeconduct.scenario import read_case as read_scenario

    if has_monitor(folder):
        return read_monitor_case(folder).zone
    return read_scenario(folder).clock.start.tzinfo or UTC


def faults(folder: Path) -> dict[str, tuple[str, ...]]:
    """What is wrong with what there is of a case: for the simulation, for the monitor, and with its reports."""
    from safeconduct.ledger import with_rows
    from safeconduct.monitor import read_monitor_case
    from safeconduct.scenario import check_case
    from safeconduct.terms import CaseError, UsageError

    run: tuple[str, ...] = ()
    if (folder / "case.yaml").is_file():
        run = tuple(str(fault) for fault in check_case(folder) if not fault.is_warning)
    monitor: tuple[str, ...] = ()
    if has_monitor(folder):
        try:
            read_monitor_case(folder)
        except CaseError as error:
            monitor = tuple(str(fault) for fault in error.faults if not fault.is_warning)
        except UsageError as error:
            monitor = (str(error),)
    reports: tuple[str, ...] = ()
    try:
        with_rows(folder, [])
    except CaseError as error:
        reports = tuple(str(fault) for fault in error.faults if not fault.is_warning)
    return {"run": run, "monitor": monitor, "reports": reports}


def can_do(folder: Path) -> tuple[str, ...]:
    """Which work the case can be asked for: the commands that its files allow."""
    can: list[str] = []
    if (folder / "case.yaml").is_file():
        can += ["forecast", "run", "whatif"]
        can += ["fit"] if (folder / CLAIMS_FILE).is_file() else []
    if has_monitor(folder):
        can += ["accounts"] if (folder / "accounts.yaml").is_file() else []
        can += ["game"] if (folder / "accounts.yaml").is_file() and (folder / "codings" / "acts.csv").is_file() else []
        can += ["story"]
    return tuple(can)


def tables_of_case() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Columns of the tables of a case by file: name, meaning with unit."""
    from safeconduct.ledger import VOCABULARY_TABLES
    from safeconduct.monitor import MONITOR_TABLES
    from safeconduct.scenario import CASE_TABLES, TIMELINE_TABLES

    tables = (*VOCABULARY_TABLES, *MONITOR_TABLES, *CASE_TABLES, *TIMELINE_TABLES)
    return {
        table.file: tuple((c.name, c.meaning + (f" [{c.unit}]" if c.unit else "")) for c in table.columns)
        for table in tables
    }


def columns_of(name: str) -> tuple[tuple[str, str], ...]:
    """The columns of a table and what they hold; none for a file of settings."""
    return tables_of_case().get(name, ())


def header_of(name: str) -> str:
    """The first line of a table that is not there yet."""
    columns = columns_of(name)
    return ",".join(column for column, _ in columns) + "\n" if columns else ""


def default_actions() -> str:
    """The words for acts that a new case begins with: those of the invented case that ships."""
    return (Path(str(files("safeconduct") / "cases")) / "demo-valley" / "actions.csv").read_text("utf-8")

"""The one place where the desk asks the rest of the program: cases, views, previews, saving.

Everything here is plain values in and out. OPEN: as api.py comes to offer these, each function becomes a call of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.inference.assimilate import Reached
    from safeconduct.ledger import Claim, Ledger, Table
    from safeconduct.monitor import MonitorCase, Preview, View
    from safeconduct.scenario import Scenario
    from safeconduct.terms import RunSummary

Cells = Mapping[str, str]
CLAIMS_FILE = "claims.csv"
SETTLED = 2.0  # seconds after which the first pages have been opened; assumed


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


def read_case(folder: Path) -> MonitorCase:
    """The case with its reports. Raises CaseError with every fault, UsageError where there is no agreement."""
    from safeconduct.monitor import read_monitor_case

    return read_monitor_case(folder)


def read_reports(folder: Path) -> Ledger:
    """The reports of a case folder; none where there is no claims file yet. Raises CaseError with every fault."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, [])[0]


def without(case: MonitorCase, left_out: frozenset[str]) -> MonitorCase:
    """The case as it would be without some claims and without the links to them."""
    from safeconduct.ledger import Ledger
    from safeconduct.monitor import with_ledger

    if not left_out:
        return case
    kept = tuple(cut(claim, left_out) for claim in case.ledger.claims if claim.id not in left_out)
    return with_ledger(case, Ledger(kept, case.ledger.revision, case.ledger.terms))


def cut(claim: Claim, left_out: frozenset[str]) -> Claim:
    """The claim without links to those that are left out."""

    def kept(links: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(link for link in links if link not in left_out)

    return replace(
        claim, responds_to=kept(claim.responds_to), outcome_of=kept(claim.outcome_of),
        supersedes=kept(claim.supersedes), disputes=kept(claim.disputes), retells=kept(claim.retells),
    )  # fmt: skip


def view_of(case: MonitorCase, when: date | datetime | None) -> View:
    """The case as it could be known at a moment or by the end of a day; with every dated report where none is given."""
    from safeconduct.monitor import View

    if isinstance(when, datetime):
        return View(case, when if when.tzinfo else when.replace(tzinfo=case.zone))
    return View(case, case.end_of(when or case.latest_day(datetime.now(UTC))))


def now_in(case: MonitorCase) -> datetime | None:
    """The present moment where the case lies, while its days last; None for a case of another time."""
    now = datetime.now(case.zone)
    return now if case.first <= now.date() <= case.last else None


def scenario_of(folder: Path) -> Scenario | None:
    """What the case simulates; None where it cannot be read, or does not count who crosses a border."""
    from safeconduct.scenario import read_case as read_scenario
    from safeconduct.terms import SafeconductError

    try:
        found = read_scenario(folder) if (folder / "case.yaml").is_file() else None
    except SafeconductError:
        return None
    return found if found and found.walk is None and found.timeline is None else None


def reach_of(scenario: Scenario, ledger: Ledger) -> Reached:
    """Which reports a forecast would use once all of them are published, and why not the others."""
    from safeconduct.inference.assimilate import reached_by

    last = max((claim.published for claim in ledger.claims if claim.published), default=scenario.clock.start)
    return reached_by(replace(scenario, ledger=ledger), max(last, scenario.clock.end))


def ledger_with(folder: Path, rows: Iterable[Cells]) -> Ledger:
    """The reports as they would be with some more. Raises CaseError."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, rows)[0]


def preview(folder: Path, rows: Iterable[Cells]) -> Preview:
    """What these reports would change; nothing is written. Raises CaseError with every fault of the rows."""
    from safeconduct.monitor import preview as of_rows

    return of_rows(folder, rows)


def check_rows(folder: Path, rows: Iterable[Cells]) -> tuple[Claim, ...]:
    """The claims that rows would make, for a case without an agreement. Raises CaseError with every fault."""
    from safeconduct.ledger import with_rows

    return with_rows(folder, rows)[1]


def append(folder: Path, rows: Sequence[Cells]) -> tuple[Claim, ...]:
    """Add reports to the case's file: all or none. Raises CaseError with every fault."""
    from safeconduct.ledger import append_claims

    return append_claims(folder, rows)


def zone_of(folder: Path) -> tzinfo:
    """The zone in which a case's times are typed. Raises CaseError or UsageError for a case that cannot be read."""
    from safeconduct.scenario import read_case as read_scenario

    if has_monitor(folder):
        return read_case(folder).zone
    return read_scenario(folder).clock.start.tzinfo or UTC


def story_page(folder: Path, when: date | datetime | None, run: Path | None, whatifs: Sequence[Path]) -> str:
    """The whole case on one page, as of a moment, with the bands of a finished run and of what-ifs."""
    from safeconduct.api import story

    moment = when.replace(tzinfo=zone_of(folder)) if isinstance(when, datetime) and when.tzinfo is None else when
    return story(folder, moment, run, whatifs).to_html()


def whole_page(view: View, remark: str) -> str:
    """The monitor as one file that needs nothing else, with a remark of who sends it."""
    from safeconduct.findings.monitor import monitor_page

    return monitor_page(view, remark)


def brief(view: View, planning: RunSummary | None, remark: str) -> str:
    """The situation on one sheet of paper, with the planning figures of a run and a remark of who sends it."""
    from safeconduct.findings.monitor import brief_page

    return brief_page(view, planning, remark)


def tables(view: View) -> tuple[Table, ...]:
    """Obligations, the road, predictions, acts by party."""
    from safeconduct.findings.monitor import summary_tables

    return summary_tables(view)


def saying(claim: Claim, ledger: Ledger) -> str:
    """What a report says, in a line."""
    from safeconduct.ledger import show_saying

    return show_saying(claim, ledger)


def changed(before: View, after: View) -> tuple[Table, ...]:
    """What became known between two moments: the tables in which something differs."""
    from safeconduct.monitor import compare

    return tuple(table for table in compare(before, after) if table.rows)


def passes() -> tuple[tuple[str, str], ...]:
    """Who may pass a road, from the widest to the narrowest: word, meaning."""
    from safeconduct.ledger import PASSES

    return tuple(PASSES.items())


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


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a question can change: its name, its value, and what it is."""

    name: str
    value: str
    about: str


def parameters(folder: Path) -> tuple[Named, ...]:
    """Parameters that can be changed, with value, unit and note; none where the case cannot be read yet."""
    found = readable(folder)
    return tuple(
        Named(one.name, f"{one.value:g} {one.unit if one.unit != '1' else ''}".strip(), one.note)
        for one in (found.parameters.values() if found else ())
    )


def events(folder: Path) -> tuple[Named, ...]:
    """Events whose time can be changed: when they happen, and what they are."""
    from safeconduct.findings import event_words

    found = readable(folder)
    if found is None:
        return ()
    names = {place.key: place.both_names for place in found.places} | {"*": "everywhere"}
    names |= {road.id: f"{names[road.start]} - {names[road.end]}" for road in found.routes}
    of = {one.id: names.get(one.target, one.target.removeprefix("region:")) for one in found.events}
    return tuple(
        Named(one.id, one.time.isoformat(timespec="minutes"), f"{event_words(one.kind)}: {of[one.id]}".rstrip(": "))
        for one in found.events
    )


def readable(folder: Path) -> Scenario | None:
    """What the case simulates; None where it cannot be read yet."""
    from safeconduct.scenario import read_case
    from safeconduct.terms import SafeconductError

    try:
        return read_case(folder)
    except SafeconductError:
        return None


def wrong_changes(folder: Path, changes: Sequence[str]) -> list[str]:
    """What is wrong with changes of a what-if, NAME=VALUE or EVENT.time=TIME, a sentence each."""
    from safeconduct.api import RunRequest, scenario_of
    from safeconduct.terms import SafeconductError

    pairs = [change.split("=", 1) for change in changes]
    times = {name.removesuffix(".time"): value for name, value in pairs if name.endswith(".time")}
    values: dict[str, float | str] = {name: value for name, value in pairs if not name.endswith(".time")}
    try:
        scenario_of(RunRequest(folder, parameters=values, events=dict(times)))
    except SafeconductError as error:
        return str(error).splitlines()
    return []


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


def warm() -> None:
    """Load what the first pages need, so that they come at once; then draw a story, which loads most."""
    import safeconduct.findings.monitor
    import safeconduct.inference.assimilate
    import safeconduct.ledger
    import safeconduct.monitor
    import safeconduct.scenario  # noqa: F401

    time.sleep(SETTLED)
    smallest = min(
        (path for path in shipped_folders() if has_monitor(path)), key=lambda path: (path / CLAIMS_FILE).stat().st_size
    )
    story_page(smallest, None, None, ())

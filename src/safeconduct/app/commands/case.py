"""check, cases and convert: look at case folders without running them, and make one of a folder in Flee's format."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safeconduct.api import case_or_shipped
from safeconduct.app.panels import command, option
from safeconduct.app.tables import json_option, kept_tables, print_table
from safeconduct.terms import CaseError, Fault, Mistakes, is_there

if TYPE_CHECKING:
    from safeconduct.scenario import Scenario


@command()
@click.argument("case")
@option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Flee's folders: the counts.")
def check(case: str, data: Path | None) -> None:
    """Check CASE (a folder, or one that is shipped): all that any command reads of it; every fault by file and line.

    A folder of other ceasefires, as `comparators` reads it, can be checked too.
    """
    found = checked(case, data)
    for fault in found.faults:
        click.echo(f"{'warning: ' if fault.is_warning else ''}{fault}", err=not fault.is_warning)
    for sentence in found.sentences:
        click.echo(sentence, err=True)
    n_faults = sum(not fault.is_warning for fault in found.faults) + len(found.sentences)
    if n_faults:
        click.echo(f"{n_faults} fault{'s' * (n_faults > 1)} in {case}.", err=True)
        sys.exit(2)
    click.echo(found.summary(case))


@dataclass
class Checked:
    """What was read of a folder, and what is wrong with it."""

    parts: list[str] = field(default_factory=list)  # what there is, in words
    faults: list[Fault] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)  # faults of files that people do not edit row by row
    is_runnable: bool = False

    def add(self, part: str, faults: list[Fault] | tuple[Fault, ...]) -> None:
        """Note a part of the folder; a fault that another part has reported is not repeated."""
        self.parts.append(part)
        told = set(self.faults)
        self.faults += [fault for fault in faults if fault not in told]

    def summary(self, case: str) -> str:
        """What is in order."""
        told = f"{case} {'is ready to run' if self.is_runnable else 'has nothing to run'}"
        listed = ", ".join(self.parts)
        return f"{told}; also in order: {listed}." if listed else f"{told}."


def checked(case: str, data: Path | None) -> Checked:
    """Read all that any command reads of a folder."""
    from safeconduct.comparators import check_codings, check_comparators
    from safeconduct.findings.accounts import check_record
    from safeconduct.findings.comparators import shipped_comparators
    from safeconduct.scenario import WalkReading, read_and_check

    folder, found, read = case_or_shipped(case), Checked(), None
    other = any(is_there(folder / name) for name in ("monitor.yaml", "accounts.yaml", "cases.csv"))
    if is_there(folder / "case.yaml") or not other:
        found.is_runnable = True
        read = read_and_check(case, as_walk=WalkReading(data=data))
        found.faults += read.faults
    said = [part for part in ("monitor", "accounts") if is_there(folder / f"{part}.yaml")]
    if said:
        found.add(" and ".join(said), check_record(folder))
    if is_there(folder / "story.yaml") and is_there(folder / "monitor.yaml"):
        found.add("story", check_story(folder))
    if (folder / "codings").is_dir():
        found.add("codings", check_codings(folder, shipped_comparators()))
    if is_there(folder / "cases.csv"):
        found.add("other ceasefires", check_comparators(folder))
    if read is not None and read.scenario and not any(not fault.is_warning for fault in found.faults):
        check_beside(folder, replace(read.scenario, folder=folder), found)
    return found


def check_story(folder: Path) -> tuple[Fault, ...]:
    """The faults of story.yaml, as far as what is monitored can be read."""
    from safeconduct.findings.monitor import view_case
    from safeconduct.findings.story import read_story

    try:
        read_story(folder, view_case(folder, None))
    except CaseError as error:
        return error.faults
    return ()


def check_beside(folder: Path, scenario: Scenario, found: Checked) -> None:
    """Check what stands on a sound case: a fitted sample, and how the game is coupled with it."""
    from safeconduct.accounts import ROLE_MENUS
    from safeconduct.api import RunRequest, check_request, has_sample
    from safeconduct.comparators import check_codings
    from safeconduct.ensemble import refuse_much_work
    from safeconduct.findings.comparators import shipped_comparators
    from safeconduct.scenario import read_coupling

    request, mistakes = RunRequest(scenario), Mistakes()
    with mistakes:
        refuse_much_work(scenario, 1, scenario.values({}))
    if has_sample(folder):
        found.parts.append("fitted sample")
        with mistakes:
            check_request(request, Mistakes())
    if is_there(folder / "coupling.yaml"):
        found.parts.append("coupling")
        with mistakes:
            codings = read_coupling(folder, scenario, ROLE_MENUS).codings
            if codings.parent.resolve() != folder.resolve():
                of_other = check_codings(codings.parent, shipped_comparators())
                found.add("codings", [replace(one, file=f"{codings.parent.name}/{one.file}") for one in of_other])
    for error in mistakes.errors:
        found.faults += error.faults if isinstance(error, CaseError) else ()
        found.sentences += [] if isinstance(error, CaseError) else str(error).splitlines()


@command()
@json_option()
def cases() -> None:
    """List the cases that are shipped, and what each is for."""
    from safeconduct.ledger import Table
    from safeconduct.scenario import list_cases, shipped_cases

    runs, records = {case.key: case.title for case in list_cases()}, record_titles(shipped_cases())
    rows = []
    for key in sorted(runs | records):
        uses = ["run, whatif, explain"] * (key in runs) + ["monitor, accounts, ledger"] * (key in records)
        rows.append((key, runs.get(key) or records[key], ", ".join(uses)))
    if kept_tables() is not None:
        print_table(Table("Cases", ("case", "title", "for"), tuple(rows)))
        return
    for key, title, used_for in rows:
        click.echo(f"{key}\n  {title}\n  for: {used_for}")


def record_titles(folder: Path) -> dict[str, str]:
    """The title of each case there that has a monitor."""
    from safeconduct.scenario import read_document

    read = {path.parent.name: read_document(path, []) for path in sorted(folder.glob("*/monitor.yaml"))}
    return {key: str(document.value["title"]) for key, document in read.items() if document}


@command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("case", type=click.Path(path_type=Path))
@option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the counts.")
def convert(folder: Path, case: Path, data: Path | None) -> None:
    """Write FOLDER, which is in Flee's format, as a case folder CASE: places, roads, people, events, claims.

    The case runs by the threshold and destination rules, with roads; what Flee's tables do not say is marked assumed.
    Of many people at most 50,000 are simulated: one then stands for ten, a hundred or more (one_in in case.yaml).
    """
    from safeconduct.scenario import WalkReading, case_files, read_case
    from safeconduct.terms import UsageError

    if case.exists():
        raise UsageError(f"{case} is there already; name a new folder.")
    scenario = read_case(folder, as_walk=WalkReading(data=data))
    if scenario.walk is None:
        raise UsageError(f"{folder} is a case folder already; there is nothing to convert.")
    if scenario.walk.flood_level:
        raise UsageError(f"{folder} is driven by floods, which a case folder cannot say yet; run the folder as it is.")
    files = case_files(scenario, scenario.walk)
    part = case.with_name(f".{case.name}.part")
    part.mkdir(parents=True)
    for name, text in files.items():
        (part / name).write_text(text, encoding="utf-8", newline="\n")
    part.rename(case)
    for warning in scenario.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"Case: {case} ({len(scenario.places)} places, {len(scenario.ledger.claims)} claims)")

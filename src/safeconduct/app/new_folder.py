"""Write a new case folder whole or not at all, and read what was said of it on the command line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from math import isfinite
from pathlib import Path
from tempfile import mkdtemp

import click

from safeconduct.app.options import progress_bar
from safeconduct.app.tables import say
from safeconduct.scenario import (
    Answers,
    Draft,
    check_case,
    default_start,
    expected_value,
    filled_in,
    find_case,
    value_is_possible,
)
from safeconduct.terms import Mistakes, RunStopped, UsageError, closest, parse_time

TEMPLATE = "demo-valley"
ASKED = ("car_share", "threat_felt", "food_stock_days", "checkpoint_seconds")


def answers_of(
    title: str, start: str | None, days: float, to: tuple[str, ...], said: Mapping[str, str], mistakes: Mistakes
) -> Answers:
    """What was said beside the tables. Raises UsageError with all that cannot be, and the mistakes noted before."""
    when, values = default_start(), {}
    with mistakes:
        when = start_of(start) if start else when
    with mistakes:
        if not isfinite(days):
            raise UsageError(f"--days is {days}; expected a number of days, such as 7.")
    for name, text in said.items():
        with mistakes:
            values[name] = value_of(name, text)
    mistakes.tell()
    return Answers(title, when, days, to, values, assumes_start=not start)


def start_of(text: str) -> datetime:
    """A time as typed. Raises UsageError where it is none."""
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"--start is wrong: {error}.") from None


def copy_template(case: Path) -> None:
    """Copy the invented case that is shipped, with every kind of table, to be changed row by row."""
    with folder_for(case) as part:
        shutil.copytree(find_case(TEMPLATE), part, dirs_exist_ok=True)


@contextmanager
def folder_for(case: Path) -> Iterator[Path]:
    """A folder to write in, beside the named one, that takes its place when all went well. Raises RunStopped."""
    part = None
    try:
        case.parent.mkdir(parents=True, exist_ok=True)
        part = Path(mkdtemp(prefix=f".{case.name}.", dir=case.parent))
        part.chmod(0o755)
        yield part
        move_into_place(part, case)
    except OSError as error:
        why = error.strerror or "its files cannot be copied"  # shutil.Error holds a list of them
        raise RunStopped(f"{case} could not be written ({why}); free some room or name another folder.") from error
    finally:
        if part:
            shutil.rmtree(part, ignore_errors=True)


def ask(
    people: Path | None, roads: Path | None, crossings: Path | None, start: str | None, values: dict[str, str]
) -> tuple[Path, Path, Path | None, str | None, dict[str, str]]:
    """Ask in the terminal for what was not said on the command line; an empty answer leaves it to be assumed."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    people = people or click.prompt("Table of who lives where (name, lat, lon, people)", type=file)
    roads = roads or click.prompt("Roads (a table of links, GeoJSON or OpenStreetMap)", type=file)
    if crossings is None:
        said = click.prompt("Table of crossings, camps or shelters (empty = none)", default="", show_default=False)
        crossings = file.convert(said, None, None) if said else None
    start = start or click.prompt("When does it start (empty = an invented date)", default="", show_default=False)
    for name, one in filled_in().items():
        if name in ASKED and name not in values:
            unit = "" if one.unit == "1" else f", {one.unit}"
            question = f"{one.note[0].upper()}{one.note[1:]}{unit} (empty = {one.value:g}, assumed)"
            said = click.prompt(question, default="", show_default=False)
            values = {**values, name: said} if said else values
    return people, roads, crossings, start or None, values


def value_of(name: str, text: str) -> float:
    """A value for a parameter that is filled in. Raises UsageError where there is none of this name, or no number."""
    known = filled_in()
    if name not in known:
        raise UsageError(f'--set names "{name}", which `new` does not fill in; {closest(name, known)}.')
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    unit, is_one = known[name].unit, known[name].unit == "1"
    if not value_is_possible(name, value) or (is_one and value > 1):
        expected = "a number from 0 to 1" if is_one else expected_value(name, unit)
        raise UsageError(f'--set {name} is "{text}"; expected {expected}.')
    return value


def check_target(case: Path, *, replaces: bool) -> None:
    """Refuse to write over a folder, unless asked to; and never over what is no case."""
    if not case.exists():
        return
    if not replaces:
        raise UsageError(f"{case} is there already; name a new folder, or replace it with --replace.")
    if not (case / "case.yaml").is_file():
        raise UsageError(f"{case} is not a case folder; name another one.")


def write_case(case: Path, draft: Draft) -> None:
    """Write every file beside the target, check the folder, and move it into place."""
    with folder_for(case) as part:
        for name, text in draft.files.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        found = check_case(part)
        faults = [str(fault) for fault in found if not fault.is_warning]
        if faults:
            raise RunStopped("The case that was made is faulty, and was not kept:\n" + "\n".join(faults))
        for warning in found:
            click.echo(f"warning: {warning}", err=True)


def move_into_place(part: Path, case: Path) -> None:
    """Put a finished folder where an older one may be, which goes only when the new one stands."""
    if not case.exists():
        part.rename(case)
        return
    old = Path(mkdtemp(prefix=f".{case.name}.old.", dir=case.parent))
    os.rename(case, old / case.name)
    try:
        part.rename(case)
    except OSError:
        os.rename(old / case.name, case)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def tell_measures(case: Path) -> None:
    """Tell what is assumed, by how much it matters."""
    from safeconduct.api import read_case, sensitivities
    from safeconduct.findings.simulation import first_to_measure

    scenario = read_case(case)
    with progress_bar("Measuring") as progress:
        found = sensitivities(scenario, progress=progress)
    for line in first_to_measure(scenario, found):
        say(line)

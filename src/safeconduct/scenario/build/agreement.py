"""What a new case needs to be monitored, from a table of obligations: agreement.csv, actors.yaml and monitor.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from json import dumps
from pathlib import Path

from safeconduct.scenario.build.files import Answers
from safeconduct.scenario.build.places import ASSUMED
from safeconduct.scenario.build.table_input import Sheet, Wanted, read_sheet
from safeconduct.scenario.flee.convert import table
from safeconduct.terms import Column, Need, Row, parse_day

DUTIES_TABLE = Wanted(
    "Obligations of an agreement.",
    (
        Column("obligation", "what is owed"),
        Column("obligated", "who owes it; several with ; between"),
        Column("due", "by when; empty = owed from day to day", "date", Need.NONE),
        Column("clause", "of the agreement", need=Need.NONE),
        Column("quantity", "how much is owed", need=Need.NONE),
        Column("unit", "of that quantity", need=Need.NONE),
        Column("force", "yes = this party sends the force that watches the agreement", need=Need.NONE),
        Column("source", "title or address of the source", need=Need.NONE),
    ),
    {
        "obligation": "what duty provision commitment text",
        "obligated": "who party by whom actor",
        "due": "due_date by_when deadline date",
        "clause": "article paragraph point no",
        "source": "source_title reference",
    },
)


def agreement_files(path: Path, answers: Answers, road: str, people: Sequence[str]) -> tuple[Sheet, dict[str, str]]:
    """The sheet with its faults, and the files that the monitor reads. What the table does not say is assumed.

    road: what the road that the agreement keeps open is called. people: keys of places whose people are counted.
    """
    sheet = read_sheet(path, DUTIES_TABLE)
    for row in sheet.rows:
        check_row(row)
    if sheet.faults or not sheet.rows:
        return sheet, {}
    parties: dict[str, str] = {}
    forces = set[str]()
    duties = []
    for number, row in enumerate(sheet.rows, start=1):
        said = row.cells
        names = [name.strip() for name in said["obligated"].split(";") if name.strip()]
        parties |= {key_of(name): name for name in names}
        forces |= {key_of(name) for name in names if said.get("force", "").lower() in ("yes", "true", "1")}
        duties.append((
            f"O{number}", said.get("clause") or number, "; ".join(names), "; ".join(map(key_of, names)),
            said["obligation"], said.get("due", ""), said.get("due") or "standing", "no" if said.get("due") else "yes",
            said.get("quantity", ""), said.get("unit", ""), said.get("source") or f"{path.name}:{row.line}", "none",
        ))  # fmt: skip
    columns = "id,clause,obligated,binds,obligation,due,due_as_said,is_standing,quantity,unit,source_title,address"
    return sheet, {
        "agreement.csv": table(columns, duties),
        "actors.yaml": actors_yaml(parties, forces, path.name),
        "monitor.yaml": monitor_yaml(answers, path, road, people),
        "reporters.csv": table(
            "reporter,behalf,side,is_party,kind", ((n, n, n, "yes", ASSUMED) for n in parties.values())
        ),
        "claims.csv": "id,reporter,source_title\n",
    }


def check_row(row: Row) -> None:
    """Note what cannot be in a row of obligations."""
    for name, expected in (("obligation", "what is owed"), ("obligated", "who owes it")):
        if not row.cells.get(name):
            row.note(name, expected, "fill it in")
    if row.cells.get("due"):
        try:
            parse_day(row.cells["due"])
        except ValueError:
            row.note("due", "a day such as 2030-05-20", "write it so, or leave it empty for a standing obligation")


def key_of(name: str) -> str:
    """A party's key."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "party"


def actors_yaml(parties: dict[str, str], forces: set[str], source: str) -> str:
    """The parties; what kind each is stands open and is marked assumed."""
    lines = [
        f"# Parties named in {source}. Say of each what it is: state, local authorities, organisation ...",
        "actors:",
    ]
    for key, name in parties.items():
        said = dumps(name, ensure_ascii=False)
        is_force = ["    is_force: true"] if key in forces else []
        kind = "third-party force" if key in forces else "party (assumed)"
        lines += [f"  {dumps(key)}:", f"    name: {said}", f"    kind: {kind}", *is_force]
        lines += [f"    called: [{said}]", f"    sides: [{said}]", f"    source: {dumps(source, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def monitor_yaml(answers: Answers, path: Path, road: str, people: Sequence[str]) -> str:
    """The monitor's settings; the day of signature is the case's first day, which is assumed."""
    start, end = answers.start.date(), (answers.start + timedelta(days=answers.days)).date()
    title, name = (dumps(word, ensure_ascii=False) for word in (answers.title, path.stem.replace("_", " ")))
    about = dumps(f"Made from {path.name}. Day of signature, road and its directions are assumed: correct them.")
    return (
        f"title: {title}\nabout: {about}\n"
        f"agreement: {name}\nsigned: {start}\ncovers: {{start: {start}, end: {end}}}\n"
        f"road: {{name: {dumps(road, ensure_ascii=False)}, out: out, in: in}}\n"
        f"people: [{', '.join(dumps(key) for key in people)}]\nsource: {dumps(path.name, ensure_ascii=False)}\n"
    )

"""Making a case: from tables of people and roads, from the words of an agreement, or file by file; what is missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import safeconduct.api.casework as casework
from safeconduct.terms import UsageError, parse_day, plain_letters, write_whole

FILES = {  # that the desk edits -> what each is
    "monitor.yaml": "title, agreement, dates, road", "agreement.csv": "obligations",
    "actors.yaml": "parties and forces",
    "reporters.csv": "who speaks for whom", "names.csv": "names of places", "quantities.csv": "what is counted",
    "actions.csv": "what can be done", "aliases.csv": "places as sources call them",
    "case.yaml": "title, clock, parameters",
    "places.csv": "places on the map", "routes.csv": "roads", "people.csv": "who lives where",
    "checkpoints.csv": "posts on roads", "supplies.csv": "stocks", "events.csv": "what happens when",
    "accounts.yaml": "accounts of why", "headings.csv": "remembered headings of tables", "claims.csv": "reports",
}  # fmt: skip
TABLES_IN = ("", "codings")  # folders of a case whose tables the desk edits
NEEDS = {  # answer -> files without which it cannot be had
    "Monitor": ("monitor.yaml", "agreement.csv", "actors.yaml", "claims.csv"),
    "Forecast and simulation": ("case.yaml", "places.csv", "routes.csv", "people.csv"),
    "Story and accounts": ("monitor.yaml", "agreement.csv", "actors.yaml", "claims.csv", "accounts.yaml"),
}
EMPTY_CLAIMS = "id,reporter,source_title\n"
WORD, LONGEST_KEY = re.compile(r"[^a-z0-9]+"), 40


@dataclass(frozen=True, slots=True)
class Missing:
    """What a case still lacks for an answer, and what is wrong with what is there."""

    answer: str
    files: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the answer can be had."""
        return not self.files and not self.faults


def missing(folder: Path) -> tuple[Missing, ...]:
    """For each answer what is missing."""
    faults = casework.faults(folder)
    found = []
    for answer, files in NEEDS.items():
        lacking = tuple(name for name in files if not (folder / name).is_file())
        kind = "run" if answer.startswith("Forecast") else "monitor"
        found.append(Missing(answer, lacking, faults[kind] if not lacking else ()))
    return tuple(found)


def files_of(folder: Path) -> dict[str, str]:
    """The files that the desk edits, by name: what each is. Those that a case usually has, and all others it has."""
    there = (path for part in TABLES_IN for end in ("*.csv", "*.yaml") for path in sorted((folder / part).glob(end)))
    names = [path.relative_to(folder).as_posix() for path in there if path.is_file() and not path.is_symlink()]
    return FILES | {
        name: "codings of a coder" if "/" in name else "more of this case" for name in names if name not in FILES
    }


@contextmanager
def making(goal: Path) -> Iterator[Path]:
    """A folder to fill that becomes the case when all went well. Raises UsageError where the name is taken."""
    part = Path(tempfile.mkdtemp(prefix=f".{goal.name}.", suffix=".part", dir=goal.parent))
    part.chmod(0o755)
    try:
        yield part
        if goal.exists():
            raise UsageError(f'there is a case "{goal.name}" already; expected a new name; choose another.')
        os.rename(part, goal)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def key_of(title: str) -> str:
    """A name for the folder, made from a title."""
    plain = plain_letters(title)
    whole = WORD.sub("-", plain.lower()).strip("-")
    cut = whole[:LONGEST_KEY].rpartition("-")[0] if whole[LONGEST_KEY:][:1] not in ("", "-") else ""
    return (cut or whole[:LONGEST_KEY]).strip("-") or "case"


@dataclass(frozen=True)
class Agreement:
    """An agreement as a form gives it."""

    title: str
    about: str
    name: str
    signed: str
    first: str
    last: str
    road: str
    out: str
    into: str
    source: str
    parties: tuple[tuple[str, str, str], ...]  # key, name, kind
    force: str  # key of the party that sends the force; empty = none
    duties: tuple[tuple[str, str, str, str], ...]  # id, party's key, what is owed, due


def read_agreement(form: Mapping[str, str]) -> Agreement:
    """The agreement of a form. Raises UsageError with everything that cannot be."""
    wrong = []
    for name, label in (("title", "Title"), ("name", "The agreement is called"), ("road", "The road it keeps open")):
        if not form.get(name):
            wrong.append(f"{label} is empty; expected a few words; write them.")
    for name, label in (("signed", "Signed on"), ("first", "The monitor begins"), ("last", "The monitor ends")):
        try:
            parse_day(form.get(name, ""))
        except ValueError:
            wrong.append(f'{label} is "{form.get(name, "")[:40]}"; expected a date such as 2030-05-06; correct it.')
    parties = []
    for line in form.get("parties", "").splitlines():
        name, _, kind = (part.strip() for part in line.partition(","))
        if name:
            parties.append((WORD.sub("_", name.lower()).strip("_")[:40] or "party", name, kind or "party"))
    if not parties:
        wrong.append("no party is named; expected one a line, as NAME, KIND; write them.")
    by_name = {name.casefold(): key for key, name, _ in parties}
    force = form.get("force", "")
    if force and force.casefold() not in by_name:
        wrong.append(f'the force is "{force[:60]}"; expected one of the parties; write it as there.')
    duties = []
    for n, line in enumerate((one for one in form.get("duties", "").splitlines() if one.strip()), start=1):
        who, what, due = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        if who.casefold() not in by_name or not what:
            wrong.append(
                f'an obligation is "{line[:60]}"; expected PARTY | what is owed | date or nothing; correct it.'
            )
            continue
        try:
            due = parse_day(due).isoformat() if due else ""
        except ValueError:
            wrong.append(f'the date of an obligation is "{due[:30]}"; expected 2030-05-06 or nothing; correct it.')
        duties.append((f"O{n}", by_name[who.casefold()], what, due))
    if not duties:
        wrong.append("no obligation is given; expected one a line, as PARTY | what is owed | date; write them.")
    if wrong:
        raise UsageError("\n".join(wrong))
    get = {
        name: form.get(name, "")
        for name in ("title", "about", "name", "signed", "first", "last", "road", "out", "into")
    }
    return Agreement(**get, source=form.get("source") or "assumed", parties=tuple(parties),
                     force=by_name.get(force.casefold(), ""), duties=tuple(duties))  # fmt: skip


def agreement_files(found: Agreement, actions: str) -> dict[str, str]:
    """The files of an agreement without a report yet."""
    settings = {
        "title": found.title, "about": found.about or found.title, "agreement": found.name, "signed": found.signed,
        "covers": {"start": found.first, "end": found.last},
        "road": {"name": found.road, "out": found.out or "out", "in": found.into or "in"}, "source": found.source,
    }  # fmt: skip
    actors = {
        key: {"name": name, "kind": kind, "called": [name], "sides": [name], "source": found.source}
        | ({"is_force": True} if key == found.force else {})
        for key, name, kind in found.parties
    }
    names = {key: name for key, name, _ in found.parties}
    head = (
        "id",
        "clause",
        "obligated",
        "binds",
        "obligation",
        "due",
        "due_as_said",
        "is_standing",
        "source_title",
        "address",
    )
    duties = [
        (id, id[1:], names[who], who, what, due, due or "standing", "" if due else "yes", found.source, "")
        for id, who, what, due in found.duties
    ]
    reporters = [(name, name, name, "yes", kind) for _, name, kind in found.parties]
    return {
        "monitor.yaml": as_yaml(settings), "actors.yaml": as_yaml({"actors": actors}),
        "agreement.csv": as_csv(head, duties), "claims.csv": EMPTY_CLAIMS, "actions.csv": actions,
        "reporters.csv": as_csv(("reporter", "behalf", "side", "is_party", "kind"), reporters),
    }  # fmt: skip


def as_yaml(found: Mapping[str, object], indent: str = "") -> str:
    """Settings as YAML: keys as they are, texts in double quotes (JSON's strings are YAML's)."""
    lines = []
    for name, value in found.items():
        if isinstance(value, Mapping):
            lines.append(f"{indent}{name}:\n{as_yaml(value, indent + '  ')}")
        else:
            is_day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
            lines.append(f"{indent}{name}: {value if is_day else json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)


def as_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table as text."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def last_part(name: str) -> str:
    """The name of a file without its folder."""
    return name.rpartition("/")[2]


def add_files(folder: Path, files: Mapping[str, str], *, replaces: bool = False) -> list[str]:
    """Write files that are not there yet, or all of them; the names of those written. Raises UsageError with faults.

    They are looked at in a copy of the folder first: a fault in one of them writes none.
    """
    new = {name: text for name, text in files.items() if replaces or not (folder / name).exists()}
    with tempfile.TemporaryDirectory(prefix="safeconduct-") as place:
        part = Path(place) / folder.name
        shutil.copytree(folder, part, ignore=shutil.ignore_patterns(".*", "journal.jsonl"))
        for name, text in new.items():
            (part / name).write_text(text, "utf-8", newline="\n")
        found = casework.faults(part)
        told = [one for kind in found for one in found[kind] if one.split(":")[0] in (*new, *map(last_part, new))]
    if told:
        raise UsageError("\n".join(dict.fromkeys(told)))
    for name, text in new.items():
        write_whole(folder / name, text)
    return list(new)

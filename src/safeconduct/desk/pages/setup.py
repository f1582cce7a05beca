"""Setting a case up: a new one from tables or an agreement, what is missing, and each file as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from starlette.responses import Response

from safeconduct.desk import backend
from safeconduct.desk.ask import Ask, Page, Upload, go, page
from safeconduct.desk.case import headings
from safeconduct.desk.case import setup as make
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.limited import ask_limited
from safeconduct.terms import UsageError

TABLES = {
    "people": "who lives where", "roads": "roads", "crossings": "crossings, camps or shelters",
    "boundaries": "areas with P-codes",
}  # fmt: skip
MOST_TEXT = 900_000  # characters of one file in the editor


def new(ask: Ask) -> Response:
    """The form for a new case."""
    return page(ask, "new.html.j2", values={}, faults=())


def make_new(ask: Ask) -> Response:
    """A new case from what the form holds: tables, an agreement, or both. All of it or none."""
    form, title = ask.form, " ".join(ask.form.get("title", "").split())
    try:
        if not title:
            raise UsageError("the title is empty; expected a few words; write them.")
        key = make.key_of(title)
        goal = ask.desk.workspace.new_folder(key)
        files: dict[str, str] = {}
        told: list[str] = []
        pairs = headings.read_pairs(form.get("headings", ""))
        known = {**headings.remembered(ask.desk.workspace.own), **pairs}
        tables = {
            name: replace(one, content=headings.renamed(one.content, known)) for name, one in tables_of(ask).items()
        }
        if tables:
            if not {"people", "roads"} <= set(tables):
                raise UsageError("a map needs people and roads; expected both tables; add the other, or leave both.")
            given = {
                "title": title, "start": form.get("start") or datetime.now(UTC).date().isoformat(),
                "days": number(form.get("days") or "7"), "to": [], "as_given": form.get("as_given") == "1",
            }  # fmt: skip
            answer = ask_limited("case", given, tables.items())
            files, told = dict(answer["made"]), list(answer["told"])
        if form.get("parties") or form.get("duties"):
            files |= make.agreement_files(make.read_agreement(form), backend.default_actions())
    except UsageError as wrong:
        return page(ask, "new.html.j2", values=form, faults=str(wrong).splitlines())
    with make.making(goal) as part:
        for name, text in files.items():
            (part / Path(name).name).write_text(text, "utf-8", newline="\n")
    headings.remember(ask.desk.workspace.own, pairs)
    place = ask.desk.workspace.find(key)
    assert place is not None
    CaseFile(place, ask.desk.kept).note(ask.who, "set up", "\n".join([f"new case: {title}", *told])[:2000])
    return go(f"{place.address}/setup")


def tables_of(ask: Ask) -> dict[str, Upload]:
    """Tables of the form: a file, or pasted text."""
    found = {}
    for name in TABLES:
        text = ask.form.get(name, "")
        upload = next((one for field, one in ask.uploads if field == f"{name}_file"), None)
        if upload is not None:
            found[name] = upload
        elif text:
            found[name] = Upload(f"{name}.csv", (text + "\n").encode())
    return found


def number(text: str) -> float:
    """A number of days. Raises UsageError."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0.1 <= found <= 3660:
        raise UsageError(f'the days are "{text[:20]}"; expected a number from 0.1 to 3660; correct it.')
    return found


def setup(ask: Ask) -> Response:
    """What is there, and what is missing for each answer."""
    folder = ask.file.folder
    there = {name: (folder / name).is_file() for name in make.FILES}
    scenario = ask.file.scenario()
    reach = backend.reach_of(scenario, ask.file.ledger()) if scenario else None
    return page(
        ask, "setup.html.j2", standing=ask.file.standing(), missing=make.missing(folder), files=make.FILES, there=there,
        has_monitor=backend.has_monitor(folder), values={}, faults=(), reach=reach,
    )  # fmt: skip


def agreement(ask: Ask) -> Response:
    """Add the agreement's files to a case that has none; a file that is there stays."""
    files = make.agreement_files(make.read_agreement(ask.form), backend.default_actions())
    written = make.add_files(ask.file.folder, files)
    ask.file.note(ask.who, "set up", f"agreement: {', '.join(written)}")
    return go(f"{ask.file.place.address}/setup")


def named(ask: Ask) -> str:
    """A file of the case that the desk edits. Raises UsageError for any other."""
    name = ask.path["file"]
    if name not in make.FILES:
        raise UsageError("there is no such file to edit; expected one of the list; see the page Set up.")
    return name


def edit(ask: Ask) -> Response:
    """A file of the case as text, with what its columns hold."""
    name = named(ask)
    path = ask.file.folder / name
    text = path.read_text("utf-8-sig") if path.is_file() else backend.header_of(name)
    return show(ask, name, text, path, ())


def show(ask: Ask, name: str, text: str, path: Path, faults: tuple[str, ...]) -> Response:
    """The editor with a text."""
    return page(
        ask, "edit.html.j2", standing=ask.file.standing(), name=name, text=text, faults=faults,
        about=make.FILES[name], columns=backend.columns_of(name), stamp=stamp(path), is_long=len(text) > MOST_TEXT,
    )  # fmt: skip


def stamp(path: Path) -> str:
    """What tells that a file was changed meanwhile."""
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def save(ask: Ask) -> Response:
    """Save a file, unless it is faulty or was changed meanwhile."""
    name = named(ask)
    path, text = ask.file.folder / name, ask.form.get("text", "") + "\n"
    if ask.form.get("stamp", "") != stamp(path):
        return show(ask, name, text, path, ("the file was changed meanwhile, and nothing was saved; look at it in the "
                                            "folder, then save here to put this text in its place.",))  # fmt: skip
    try:
        with ask.file.journal.locked():
            make.add_files(ask.file.folder, {name: text}, replaces=True)
    except UsageError as wrong:
        return show(ask, name, text, path, tuple(str(wrong).splitlines()))
    ask.file.note(ask.who, "set up", f"{name} was saved")
    return go(f"{ask.file.place.address}/setup")


PAGES = (
    Page("/new", new, "reporter"),
    Page("/new/upload", make_new, "reporter", is_post=True),
    Page("/case/{key}/setup", setup, needs_own=True),
    Page("/case/{key}/setup/agreement", agreement, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/setup/file/{file}", edit, needs_own=True),
    Page("/case/{key}/setup/file/{file}", save, "reporter", is_post=True, needs_own=True),
)

"""Setting a case up: a new one from tables or an agreement, what is missing, and each file as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from starlette.responses import Response

import safeconduct.api.casework as casework
from safeconduct.desk.ask import Ask, Page, Upload, go, page, saved
from safeconduct.desk.case import headings
from safeconduct.desk.case import setup as make
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.uploads import Uploads
from safeconduct.desk.forms import in_labels
from safeconduct.desk.limited import ask_limited
from safeconduct.terms import CaseError, Fault, UsageError, read_text

TABLES = ("people", "roads", "crossings", "boundaries")
NEEDED = {"people": "who lives where", "roads": "roads"}  # table of a map -> what it is
Made = TypeVar("Made")
UNREAD, WRITE_IT = "\N{REPLACEMENT CHARACTER}", "write it there and save, or give the file in UTF-8"
MOST_TEXT = 700_000  # characters of one file in the editor


def new(ask: Ask) -> Response:
    """The form for a new case."""
    return show_new(ask, {}, {}, ())


def show_new(ask: Ask, values: Mapping[str, str], tables: Mapping[str, Upload], faults: tuple[str, ...]) -> Response:
    """The form with what was typed, and the files that were chosen."""
    files = {name: (one.name, one.content) for name, one in tables.items() if not ask.form.get(name)}
    form = uploads_of(ask).keep(files) if faults else ""
    return page(
        ask, "new.html.j2", status=422 if faults else 200, values=values, faults=faults, kept_form=form,
        kept={name: said for name, (said, _) in files.items()},
    )  # fmt: skip


def uploads_of(ask: Ask) -> Uploads:
    """The files that the desk keeps for refused forms."""
    return Uploads(ask.desk.workspace.own)


def make_new(ask: Ask) -> Response:
    """A new case from what the form holds: tables, an agreement, or both. All of it or none, and all faults at once."""
    form, wrong = ask.form, list[str]()
    title, tables = " ".join(form.get("title", "").split()), tables_of(ask)
    key = gathered(wrong, lambda: make.key_of(title_said(title)))
    goal = gathered(wrong, lambda: ask.desk.workspace.new_folder(key)) if key else None
    pairs = gathered(wrong, lambda: headings.read_pairs(form.get("headings", ""))) or {}
    start, days = gathered(wrong, lambda: started(form.get("start", ""))), gathered(wrong, lambda: lasting(form))
    made: dict[str, Any] = {}
    agreed: dict[str, str] = {}
    if tables:
        known = {**headings.remembered(ask.desk.workspace.own), **pairs}
        read = {name: replace(one, content=headings.renamed(one.content, known)) for name, one in tables.items()}
        given: dict[str, object] = {
            "title": title or "a case", "start": start or started(""), "days": days or 7, "to": [],
            "as_given": form.get("as_given") == "1",
        }  # fmt: skip
        made = gathered(wrong, lambda: map_of(given, read)) or {}
    if form.get("parties") or form.get("duties"):
        agreed = gathered(wrong, lambda: agreement_of(form)) or {}
    uploads_of(ask).forget(form.get("kept_form", ""))
    if wrong or goal is None:
        return show_new(ask, form, tables, tuple(dict.fromkeys(wrong)))
    with make.making(goal) as part:
        acts = {"actions.csv": casework.default_actions()}  # what can be done, for the form
        for name, text in {**acts, **made.get("made", {}), **agreed}.items():
            (part / Path(name).name).write_text(text, "utf-8", newline="\n")
    headings.remember(ask.desk.workspace.own, pairs)
    place = ask.desk.workspace.find(goal.name)
    assert place is not None
    told = "\n".join([f"new case: {title}", *made.get("told", [])])
    CaseFile(place, ask.desk.kept).note(ask.who, "set up", told[:2000])
    return go(f"{place.address}/setup")


def gathered(wrong: list[str], make_it: Callable[[], Made]) -> Made | None:
    """What is made, or None and the sentences of why not among the others."""
    try:
        return make_it()
    except UsageError as error:
        wrong += str(error).splitlines()
        return None


def agreement_of(form: Mapping[str, str]) -> dict[str, str]:
    """The files of the agreement that the form gives. Raises UsageError with everything that cannot be."""
    return make.agreement_files(make.read_agreement(form), casework.default_actions())


def title_said(title: str) -> str:
    """The title. Raises UsageError for none."""
    if not title:
        raise UsageError("Title is empty; expected a few words; write them.")
    return title


def started(said: str) -> str:
    """When the case starts, today where nothing is said. Raises UsageError."""
    try:
        return datetime.fromisoformat(said).isoformat() if said else datetime.now(UTC).date().isoformat()
    except ValueError:
        told = f'Starts is "{said[:40]}"; expected a time such as 2030-05-06T06:00+02:00, or a date; correct it.'
        raise UsageError(told) from None


def lasting(form: Mapping[str, str]) -> float:
    """How many days the case lasts. Raises UsageError."""
    text = form.get("days") or "7"
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0.1 <= found <= 3660:
        raise UsageError(f'Lasts for days is "{text[:20]}"; expected a number from 0.1 to 3660; correct it.')
    return found


def map_of(given: Mapping[str, object], tables: Mapping[str, Upload]) -> dict[str, Any]:
    """The files of a map with people, and what there is to say of them. Raises UsageError."""
    lacking = [words for name, words in NEEDED.items() if name not in tables]
    if lacking:
        told = (
            f"A map needs people and roads; the table of {' and '.join(lacking)} is not there; add it, or leave both."
        )
        raise UsageError(told)
    return ask_limited("case", given, tables.items())


def tables_of(ask: Ask) -> dict[str, Upload]:
    """Tables of the form by field: a file that was chosen now, pasted text, or a file that was chosen before."""
    kept, found = uploads_of(ask).find(ask.form.get("kept_form", "")), {}
    chosen = {field.removesuffix("_file"): upload for field, upload in ask.uploads}
    for name in TABLES:
        if name in chosen:
            found[name] = chosen[name]
        elif text := ask.form.get(name, ""):
            found[name] = Upload(f"{name}.csv", (text + "\n").encode())
        elif name in kept and ask.form.get(f"without_{name}") != "1":
            found[name] = Upload(*kept[name])
    return found


def setup(ask: Ask) -> Response:
    """What is there, and what is missing for each answer; also where a table is broken, so that it can be mended."""
    folder, scenario, reach = ask.file.folder, ask.file.scenario(), None
    with suppress(CaseError):
        reach = casework.reach_of(scenario, ask.file.ledger()) if scenario else None
    terms = ask.file.ledger().terms if reach else None
    say = (lambda why: in_labels(why, terms)) if terms else str
    files, missing = make.files_of(folder), ask.file.of_files("missing", make.missing)
    return page(
        ask, "setup.html.j2", standing=ask.file.standing(), missing=missing, files=files,
        there={name: (folder / name).is_file() for name in files}, has_monitor=casework.has_monitor(folder), values={},
        faults=(), reach=reach, say=say, assumed=casework.assumed_of(scenario) if scenario else (),
    )  # fmt: skip


def agreement(ask: Ask) -> Response:
    """Add the agreement's files to a case that has none; a file that is there stays."""
    written = make.add_files(ask.file.folder, agreement_of(ask.form))
    ask.file.note(ask.who, "set up", f"agreement: {', '.join(written)}")
    return go(f"{ask.file.place.address}/setup")


def named(ask: Ask, name: str) -> str:
    """A file of the case that the desk edits. Raises UsageError for any other."""
    if name not in make.files_of(ask.file.folder):
        raise UsageError("there is no such file to edit; expected one of the list; see the page Set up.")
    return name


def edit(ask: Ask) -> Response:
    """A file of the case as text, with what its columns hold; or to be saved and edited elsewhere."""
    name = named(ask, ask.path["file"])
    path = ask.file.folder / name
    if ask.query.get("save") == "1" and path.is_file():
        return saved(path.read_bytes(), make.last_part(name), "text/plain")
    faults: list[Fault] = []
    text = read_text(path, faults) if path.is_file() else casework.header_of(name)
    if text is None:
        text = path.read_text("utf-8-sig", errors="replace")
        faults += [Fault(name, 0, "", f'each letter that cannot be read stands as "{UNREAD}"', "its letter", WRITE_IT)]
    return show(ask, name, text, path, tuple(map(str, faults)))


def show(ask: Ask, name: str, text: str, path: Path, faults: tuple[str, ...]) -> Response:
    """The editor with a text."""
    return page(
        ask, "edit.html.j2", status=422 if faults else 200, standing=ask.file.standing(), name=name, text=text,
        faults=faults, about=make.files_of(ask.file.folder)[name], columns=casework.columns_of(name), stamp=stamp(path),
        is_long=len(text) > MOST_TEXT, is_there=path.is_file(),
    )  # fmt: skip


def stamp(path: Path) -> str:
    """What tells that a file was changed meanwhile."""
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def save(ask: Ask) -> Response:
    """Save a file, as it was typed or from another file, unless it is faulty or was changed meanwhile."""
    name = named(ask, ask.form.get("name", ""))
    path, text = ask.file.folder / name, ask.form.get("text", "") + "\n"
    for _, upload in ask.uploads[:1]:
        try:
            text = upload.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return show(ask, name, text, path, (f"{upload.name} is no text in UTF-8; expected {name}; save it so.",))
    if ask.form.get("stamp", "") != stamp(path):
        return show(ask, name, text, path, ("the file was changed meanwhile, and nothing was saved; look at it in the "
                                            "folder, then save here to put this text in its place.",))  # fmt: skip
    try:
        ask.file.rewrite(name, text, ask.who)
    except UsageError as wrong:
        return show(ask, name, text, path, tuple(str(wrong).splitlines()))
    return go(f"{ask.file.place.address}/setup")


PAGES = (
    Page("/new", new, "reporter", asks_name=True),
    Page("/new/upload", make_new, "reporter", is_post=True),
    Page("/case/{key}/setup", setup, needs_own=True),
    Page("/case/{key}/setup/agreement", agreement, "reporter", is_post=True, needs_own=True),
    Page("/case/{key}/setup/file/{file:path}", edit, needs_own=True, asks_name=True),
    Page("/case/{key}/setup/save/upload", save, "reporter", is_post=True, needs_own=True),
)

"""The front: which cases there are, a copy of one that ships, and who is at the desk."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.responses import Response

import safeconduct.api.casework as casework
from safeconduct.desk.ask import NAME_COOKIE, Ask, Page, go, page, remember
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.workspace import Place
from safeconduct.desk.kept import signature
from safeconduct.terms import UsageError

LONGEST_CARD = 220  # letters of what a case is about, on the list of cases


def described(ask: Ask, places: list[Place]) -> list[tuple[Place, casework.About]]:
    """Cases with their titles, read again when a file of a case has changed."""
    return [(place, about(ask, place.folder)) for place in places]


def about(ask: Ask, folder: Path) -> casework.About:
    """Title and purpose of a case."""
    return ask.desk.kept.get(("about", str(folder), signature(folder)), lambda: casework.about(folder))


def home(ask: Ask) -> Response:
    """The cases of the folder, and those that ship."""
    own = described(ask, list(ask.desk.workspace.cases()))
    waiting = {place.key: len(CaseFile(place, ask.desk.kept).standing().to_check(ask.who)) for place, _ in own}
    shipped = described(ask, list(ask.desk.workspace.shipped()))
    return page(ask, "home.html.j2", own=own, shipped=shipped, waiting=waiting, opening=opening)


def opening(text: str) -> str:
    """The whole sentences with which a text begins, as many as a card holds and at least one."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z\d])", text)
    kept = sentences[0]
    for one in sentences[1:]:
        if len(kept) + len(one) >= LONGEST_CARD:
            break
        kept += f" {one}"
    return kept


def copy(ask: Ask) -> Response:
    """A copy of a case that ships, under the next free name; then its first page."""
    source = ask.desk.workspace.find(ask.form.get("shipped", ""), is_shipped=True)
    if source is None:
        raise UsageError("no case of this name ships; expected one of the list; choose there.")
    place = ask.desk.workspace.copy(source.folder, ask.desk.workspace.free_key(source.key))
    CaseFile(place, ask.desk.kept).note(ask.who, "copied", f"from the shipped case {source.key}")
    return go(f"{place.address}/")


def name(ask: Ask) -> Response:
    """Where a person gives the name under which the journal notes what they do."""
    to = ask.query.get("to", "/")
    return page(ask, "name.html.j2", to="/" if to.startswith("/name") else to, carried=(), action="/name")


def take_name(ask: Ask) -> Response:
    """Take the name, and go on to where they came from."""
    said = " ".join(ask.form.get("name", "").split())[:80]
    if not said:
        raise UsageError("the name is empty; expected a name of up to 80 letters; write yours.")
    to = ask.form.get("to", "/")
    return remember(ask, said, go(to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"))


def leave(ask: Ask) -> Response:
    """End the session."""
    ask.desk.door.leave(ask.session.key)
    answer = go("/")
    answer.delete_cookie(NAME_COOKIE)
    return answer


PAGES = (
    Page("/", home),
    Page("/copy", copy, "reporter", is_post=True),
    Page("/name", name),
    Page("/name", take_name, is_post=True),
    Page("/leave", leave, is_post=True),
)

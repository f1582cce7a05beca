"""What a page is asked, and how it answers: one plain record in, one answer out. Pages know nothing of sockets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

import safeconduct.api.casework as casework
from safeconduct.desk.answers import Answers
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.door.sessions import Door, Session
from safeconduct.desk.kept import Kept
from safeconduct.terms import parse_day, parse_time

if TYPE_CHECKING:
    from jinja2 import Environment

NAME_COOKIE = "desk-name"  # remembers who was at the desk when it is started again, until they leave
REMEMBERED = 365 * 86_400  # seconds that a name is offered again
HERE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Upload:
    """A file that came with a form."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Desk:
    """All that the pages share."""

    workspace: Workspace
    door: Door
    kept: Kept
    is_local: bool = True
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True)
class Ask:
    """One question to a page."""

    desk: Desk
    session: Session
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of fields that may come several times
    uploads: tuple[tuple[str, Upload], ...] = ()  # field of the form, file
    is_part: bool = False  # asked for by a script that puts the answer into the page
    case: CaseFile | None = None
    address: str = "/"
    came_from: str = "/"  # the page of the desk from which a form was sent

    @property
    def file(self) -> CaseFile:
        """The case that the address names; every address of a case is looked up before its page is asked."""
        assert self.case is not None
        return self.case

    @property
    def as_of_said(self) -> str:
        """The moment from which one looks, as it was typed: a day, with the time of day where one is given."""
        day, at = self.query.get("as_of", ""), self.query.get("at", "")
        return f"{day}T{at}" if day and at and "T" not in day else day

    @property
    def as_of(self) -> date | datetime | None:
        """That moment; None = with every report that has a date, also where it is no date.

        A time without its offset is one of where the case lies.
        """
        return moment(self.as_of_said)

    @property
    def no_moment(self) -> str:
        """The sentence for a day or a time of day of the address that is none; empty where all are."""
        for name in ("as_of", "since"):
            if (said := self.query.get(name, "")) and not is_moment(said):
                return f'"{said[:40]}" is no day; expected one such as 2030-05-06, or 2030-05-06T14:00; correct it.'
        at = self.query.get("at", "")
        if at and not self.query.get("as_of"):
            return f'"{at[:40]}" is a time of day without a day; expected both; choose a day.'
        if at and not is_moment(f"2030-05-06T{at}"):
            return f'"{at[:40]}" is no time of day; expected one such as 14:00; correct it.'
        return ""

    @property
    def looked(self) -> str:
        """The query that leads to another page of the case as of the same moment."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def chosen(self) -> dict[str, str]:
        """The parts of that query: the moment, and whether unchecked reports are left out."""
        return {name: self.query[name] for name in ("as_of", "at", "checked") if self.query.get(name)}

    @property
    def marked(self) -> frozenset[int]:
        """Numbers of the proposals that the form accepts or rejects."""
        said = ((name.removeprefix("do-"), word) for name, word in self.form.items() if name.startswith("do-"))
        return frozenset(int(n) for n, word in said if n.isdigit() and word in ("accept", "reject"))

    @property
    def checked_only(self) -> bool:
        """Whether unchecked reports are left out."""
        return self.query.get("checked") == "1"

    @property
    def who(self) -> str:
        """The name under which things are done."""
        return self.session.name


def moment(said: str) -> date | datetime | None:
    """A date, a time with its offset, or a time of where the case lies (without one); None for anything else."""
    try:
        if HERE.fullmatch(said):
            return datetime.fromisoformat(said)
        return parse_day(said) if len(said) == len("2030-05-06") else parse_time(said) if said else None
    except ValueError:
        return None


def is_moment(said: str) -> bool:
    """Whether a text is a day or a time of a year with four figures."""
    found = moment(said)
    return found is not None and 1000 <= found.year < 9999


Answer = Callable[[Ask], Response]


@dataclass(frozen=True)
class Page:
    """An address, who may ask for it, and what answers."""

    path: str
    answer: Answer
    role: str = "reader"
    is_post: bool = False
    needs_own: bool = False  # a case of the folder, not one that ships
    asks_name: bool = False  # first, as much is typed there


@cache
def environment() -> Environment:
    """The templates: every text is escaped, and a name that is missing is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    found.filters["day"] = show_day
    found.globals["title_of"] = title_of
    found.globals["has_story"] = lambda case: casework.has_monitor(case.folder)
    return found


def title_of(case: CaseFile) -> str:
    """The title of a case, read again when a file of it has changed."""
    return case.of_files("title", lambda folder: casework.about(folder).title)


def show_day(day: date | datetime | None) -> str:
    """A day in words, without a leading nought."""
    return f"{day.day} {day:%b %Y}" if day else ""


def page(ask: Ask, template: str, *, status: int = 200, **told: Any) -> Response:
    """A page of the desk; its inner part alone where a script asks for it."""
    text = environment().get_template(template).render(
        ask=ask, session=ask.session, desk=ask.desk, case=ask.case, part=ask.is_part, **told
    )  # fmt: skip
    return HTMLResponse(text, status)


def remember(ask: Ask, name: str, answer: Response) -> Response:
    """Give the session its name, which the browser keeps for the next time the desk is started."""
    ask.desk.door.call(ask.session.key, name)
    answer.set_cookie(
        NAME_COOKIE, quote(name), max_age=REMEMBERED, httponly=True, samesite="strict", secure=not ask.desk.is_local
    )
    return answer


def go(address: str) -> Response:
    """Send the browser on, after something was done."""
    assert address.startswith("/") and not address.startswith("//")
    return RedirectResponse(address, 303)


def saved(content: str | bytes, name: str, kind: str) -> Response:
    """A file to be saved."""
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})

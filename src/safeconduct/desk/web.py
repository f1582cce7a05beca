"""The application: sessions, roles, secret of the form, and which page answers which address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from safeconduct.desk.ask import NAME_COOKIE, Ask, Desk, Page, Upload, environment, go, page, remember
from safeconduct.desk.case.casefile import CaseFile
from safeconduct.desk.case.setup import files_of as editable
from safeconduct.desk.door.guard import Guard, Refused, Rules
from safeconduct.desk.door.sessions import Session
from safeconduct.terms import CaseError, SafeconductError, UsageError

STATIC = Path(__file__).with_name("static")
MOST_FIELDS, MOST_FILES = 2000, 20
MOST_FIELD = 1 << 20  # bytes
WHO = "who_is_at_the_desk"  # field of a form that was sent before the name was given


def application(desk: Desk, rules: Rules, pages: tuple[Page, ...]) -> ASGIApp:
    """The desk as an ASGI application, with the guard around all of it."""
    # a cookie of its own for each desk, as all ports of a machine share their cookies
    cookie = f"desk-{sha256(desk.door.token.encode()).hexdigest()[:8]}"
    routes = [
        Route("/start", start(desk, cookie), methods=["GET", "POST"]),
        Route("/start/in", welcome),
        Route("/answer/{name}", answered(desk, cookie)),
        Mount("/static", StaticFiles(directory=STATIC, packages=[("safeconduct.findings", "assets")]), name="static"),
        *(Route(one.path, endpoint(desk, cookie, one), methods=["POST" if one.is_post else "GET"]) for one in pages),
    ]
    inner = Starlette(
        routes=routes,
        exception_handlers={
            Refused: refused,
            CaseError: faulty,
            SafeconductError: faulty,
            404: not_found,
            Exception: broken,
        },
    )
    return Guard(inner, rules)


async def refused(request: Request, error: Exception) -> Response:
    """A request that was turned away while its form was read."""
    assert isinstance(error, Refused)
    return PlainTextResponse(error.sentence + "\n", error.status, {"connection": "close"})


async def not_found(request: Request, error: Exception) -> Response:
    """No such page."""
    return message("There is no such page", ["The address leads nowhere on this desk."], 404)


async def broken(request: Request, error: Exception) -> Response:
    """A fault of the program: nothing of it is shown here; the terminal has it."""
    told = ["This is a fault of the program. Nothing that was saved is lost.", "Its details stand in the terminal."]
    return message("Something went wrong", told, 500)


async def faulty(request: Request, error: Exception) -> Response:
    """Something that a person can act on: every sentence of it."""
    return message("That cannot be done", str(error).splitlines()[:200], 422, came_from(request))


def came_from(request: Request) -> str:
    """The desk's own page from which a form was sent; the list of cases where that is not known."""
    found = urlsplit(request.headers.get("referer", ""))
    is_ours = found.netloc == request.headers.get("host") and found.path.startswith("/") and found.path[1:2] != "/"
    return found.path + ("?" + found.query if found.query else "") if is_ours else "/"


def message(title: str, sentences: list[str], status: int, to: str = "/") -> Response:
    """A page with some sentences and a way back."""
    text = environment().get_template("message.html.j2").render(title=title, sentences=sentences, to=to)
    return HTMLResponse(text, status)


def start(desk: Desk, cookie: str) -> Callable[[Request], object]:
    """Where the start link leads, and where people with passwords come in."""

    async def answer(request: Request) -> Response:
        session, told = None, ""
        if request.method == "POST" and desk.door.people:
            form = await request.form(max_fields=10, max_files=0)
            name, password = str(form.get("name", ""))[:80], str(form.get("password", ""))[:1000]
            source = request.client.host if request.client else ""
            session = await run_in_threadpool(desk.door.enter_by_password, name, password, source)
            told = "Name and password do not fit, or there were too many attempts: then wait a quarter of an hour."
        elif request.method == "GET":
            session = desk.door.enter_by_token(request.query_params.get("token", ""))
            if session and (known := unquote(request.cookies.get(NAME_COOKIE, "")).strip()[:80]):
                desk.door.call(session.key, clean(known))  # who was here before the desk was started again
        if session is None:
            status = 401 if told or request.query_params.get("token") else 200
            return come_in(desk, told, status, request.headers.get("host", ""))
        response = RedirectResponse("/start/in", 303)  # the address with the key is not kept
        response.set_cookie(cookie, session.key, httponly=True, samesite="strict", secure=not desk.is_local)
        return response

    return answer


def come_in(desk: Desk, told: str, status: int, host: str) -> Response:
    """The page for a person who has not signed in; the guard lets only the desk's own hosts come so far."""
    return HTMLResponse(environment().get_template("start.html.j2").render(desk=desk, told=told, host=host), status)


async def welcome(request: Request) -> Response:
    """A page of the desk itself, from which the browser goes on with its cookie, wherever the link was clicked."""
    return HTMLResponse(environment().get_template("welcome.html.j2").render())


def endpoint(desk: Desk, cookie: str, one: Page) -> Callable[[Request], object]:
    """A page behind session, role and secret."""

    async def answer(request: Request) -> Response:
        session = desk.door.known(request.cookies.get(cookie, ""))
        if session is None:
            return come_in(desk, "", 401, request.headers.get("host", ""))
        if not session.may(one.role):
            return message("Not open to you", [f"This needs the role {one.role}; yours is {session.role}."], 403)
        ask = Ask(
            desk, session, request.path_params, dict(request.query_params),
            is_part=request.headers.get("hx-request") == "true",
            address=request.url.path + ("?" + request.url.query if request.url.query else ""),
            came_from=came_from(request),
        )  # fmt: skip
        if not one.is_post:
            return await run_in_threadpool(respond, ask, one)
        ask = await with_form(ask, request)
        return at_an_address(ask, await run_in_threadpool(take_form, ask, one))

    return answer


def take_form(ask: Ask, one: Page) -> Response:
    """What is done with a form. One that comes without a name waits until the name is given, and is sent on with it."""
    if ask.session.name or one.path.startswith("/name"):
        return respond(ask, one)
    if name := " ".join(ask.form.get(WHO, "").split())[:80]:
        return remember(ask, name, respond(replace(ask, session=replace(ask.session, name=name)), one))
    carried = [(field, value) for field, values in ask.many.items() if field not in ("csrf", WHO) for value in values]
    return page(ask, "name.html.j2", status=403, to="/", carried=carried, action=ask.address)


def at_an_address(ask: Ask, response: Response) -> Response:
    """The page that answers a form, under an address of its own; one that a script puts into its page stays as it is.

    A browser then comes back to it without sending the form again.
    """
    if ask.is_part or response.status_code == 303 or response.media_type != "text/html":
        return response
    there = go(ask.desk.answers.keep(ask.session.key, response.status_code, bytes(response.body)))
    there.raw_headers += [header for header in response.raw_headers if header[0] == b"set-cookie"]
    return there


def answered(desk: Desk, cookie: str) -> Callable[[Request], object]:
    """A page that answered a form of this session."""

    async def answer(request: Request) -> Response:
        session = desk.door.known(request.cookies.get(cookie, ""))
        if session is None:
            return come_in(desk, "", 401, request.headers.get("host", ""))
        found = desk.answers.find(session.key, request.path_params["name"])
        if found is None:
            told = "It answered a form and is no longer kept. What was saved is in the journal of its case."
            return message("This page is gone", [told], 404)
        return HTMLResponse(found[1], found[0])

    return answer


def respond(ask: Ask, one: Page) -> Response:
    """The page's answer, once the case that the address names is found and read as it is on disk now."""
    if one.asks_name and not ask.session.name:
        return go("/name?" + urlencode({"to": ask.address}))
    if wrong := ask.no_moment:
        return message("There is no such day", [wrong], 422, ask.address.split("?")[0] if not one.is_post else "/")
    if "key" in ask.path:
        is_shipped = one.path.startswith("/{where}") and ask.path["where"] == "shipped"
        if one.path.startswith("/{where}") and ask.path["where"] not in ("case", "shipped"):
            return message("There is no such page", ["The address leads nowhere on this desk."], 404)
        place = ask.desk.workspace.find(ask.path["key"], is_shipped=is_shipped)
        if place is None:
            return message("There is no such case", [f"No case of this folder is called {ask.path['key'][:70]}."], 404)
        if one.needs_own and place.is_shipped:
            return message("Read only", ["This case ships with the program. Copy it first, then change the copy."], 403)
        ask = replace(ask, case=CaseFile(place, ask.desk.kept))
        ask.file.catch_up()
    try:
        return one.answer(ask)
    except (CaseError, UsageError) as error:
        sentences = str(error).splitlines()[:200]
        return page(ask, "fault.html.j2", status=422, sentences=sentences, broken=broken_files(ask, sentences))


def broken_files(ask: Ask, sentences: list[str]) -> list[str]:
    """The files of the case that sentences name and that the desk can edit."""
    if ask.case is None or ask.case.place.is_shipped:
        return []
    named = {sentence.split(":")[0] for sentence in sentences}
    return [name for name in editable(ask.case.folder) if name in named]


async def with_form(ask: Ask, request: Request) -> Ask:
    """The question with its form. Raises Refused for one that does not carry the session's secret."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=MOST_FIELD)
    texts: dict[str, list[str]] = {}
    uploads = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                uploads.append((name, Upload(Path(value.filename).name[:200], await value.read())))
        else:
            texts.setdefault(name, []).append(clean(value))
    check_secret(ask.session, texts.get("csrf", [""])[0])
    single = {name: values[0] for name, values in texts.items()}
    return replace(ask, form=single, many={name: tuple(v) for name, v in texts.items()}, uploads=tuple(uploads))


def clean(value: str) -> str:
    """A field without characters that no editor shows, in composed form, lines ended by a newline."""
    import unicodedata

    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (letter for letter in text if letter in "\n\t" or not unicodedata.category(letter).startswith("C"))
    return "".join(kept).strip()


def check_secret(session: Session, said: str) -> None:
    """Raise Refused where a form does not carry the secret of this session."""
    import hmac

    if not hmac.compare_digest(said.encode(), session.csrf.encode()):
        raise Refused(403, "This form is not from your session. Load the page again and repeat.")


def query(**parts: str) -> str:
    """A query string of what is not empty."""
    found = "&".join(f"{name}={quote(value)}" for name, value in parts.items() if value)
    return f"?{found}" if found else ""

"""A desk that runs in a thread, and a visitor that speaks HTTP to it with a cookie, as a browser does."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from safeconduct.desk.ask import Desk
from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.door.guard import Rules
from safeconduct.desk.door.sessions import Door
from safeconduct.desk.kept import Kept
from safeconduct.desk.pages import PAGES, look
from safeconduct.desk.serve import LOOPBACK, listen
from safeconduct.desk.web import application

look.PATIENCE = 60.0  # tests wait for the page itself, however slow the machine


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Running:
    """A desk that serves."""

    port: int
    desk: Desk

    @property
    def host(self) -> str:
        """What a browser puts into the header Host."""
        return f"{LOOPBACK}:{self.port}"


@dataclass
class Visitor:
    """Somebody with a browser: keeps the cookie and the secret of the forms."""

    at: Running
    cookie: str = ""
    csrf: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request with exactly these headers."""
        line = http.client.HTTPConnection(LOOPBACK, self.at.port, timeout=60)
        told = {"Host": self.at.host, **({"Cookie": self.cookie} if self.cookie else {}), **headers}
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in told.items()})
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        found = {name.lower(): value for name, value in answer.getheaders()}
        line.close()
        return Reply(answer.status, found, text)

    def get(self, path: str, **headers: str) -> Reply:
        """A page."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, form: Mapping[str, str] | list[tuple[str, str]], **headers: str) -> Reply:
        """A form of the desk's own page."""
        fields = [*(form.items() if isinstance(form, Mapping) else form), ("csrf", self.csrf)]
        told = {"Origin": f"http://{self.at.host}", "Content-Type": "application/x-www-form-urlencoded"} | headers
        return self.follow(self.ask("POST", path, urlencode(fields).encode(), **told))

    def follow(self, reply: Reply) -> Reply:
        """The page at which a form was answered, where it has an address of its own; any other reply as it is."""
        to = reply.headers.get("location", "")
        return self.get(to) if to.startswith("/answer/") else reply

    def come_in(self, name: str = "Ana") -> Visitor:
        """By the start link; then with a name."""
        reply = self.get(f"/start?token={self.at.desk.door.token}")
        self.cookie = reply.headers["set-cookie"].split(";")[0]
        self.csrf = re.search(r'name="csrf" value="([^"]+)"', self.get("/").text)[1]
        if name:
            assert self.post("/name", {"name": name}).status == 303
        return self


@contextmanager
def running(folder: Path, door: Door | None = None, **rules: object) -> Iterator[Running]:
    """A desk on a folder, stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    listening = listen(LOOPBACK, 0)
    port = listening.getsockname()[1]
    desk = Desk(Workspace(folder), door or Door(), Kept(64))
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
    app = application(desk, Rules(hosts, **rules), PAGES)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Running(port, desk)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


REPORT = {
    "kind": "act", "reporter": "Valley council (invented)", "source_title": "bulletin 9",
    "published": "2030-05-08T20:00", "time": "2030-05-08", "place": "pass_gate", "actor": "Plain government",
    "action": "road_closed", "road_out": "nobody",
    "words": "the pass is shut again",
}  # fmt: skip

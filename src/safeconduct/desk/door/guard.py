"""What every request must pass before any page is asked: host, origin, size, time; and what every answer carries.

The rules and what they are against stand in docs/security.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1 << 20
MOST_BODY = 20 * MEGABYTE  # of an upload, assumed
MOST_FORM = 2 * MEGABYTE  # of any other request, assumed: a pasted article has some 100 kB
BODY_SECONDS = 30.0  # in which the whole body must have come, assumed
LONGEST_ADDRESS = 4000  # characters
SAFE = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # no-referrer would have browsers send "Origin: null" with our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Rules:
    """Under which names the desk may be called, and how much it takes."""

    hosts: frozenset[str]  # "127.0.0.1:8765" ...
    uploads: tuple[str, ...] = ("/upload",)  # ends of addresses that take a larger body
    most_body: int = MOST_BODY
    most_form: int = MOST_FORM
    body_seconds: float = BODY_SECONDS


class Refused(Exception):
    """Raised where a request is turned away: a status and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def header(scope: Scope, name: str) -> str:
    """A header of a request; empty where it is missing, and refused where it comes twice."""
    found = [value for key, value in scope["headers"] if key == name.encode()]
    if len(found) > 1 and name in ("host", "origin", "content-length"):
        raise Refused(400, f"The request has two headers {name}.")
    return found[0].decode("latin-1") if found else ""


class Guard:
    """Turns away what does not come from the desk's own pages, and bounds what does."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        has_begun = False
        most = self.rules.most_body if self.is_upload(scope) else self.rules.most_form
        body = Body(receive, most, self.rules.body_seconds, scope["method"] in SAFE)

        async def send_guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] = with_headers(message.get("headers", ()))
                if not body.is_whole:  # answered before all of it came: what follows is not read
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        try:
            self.check(scope)
            await self.app(scope, body.take, send_guarded)
        except Refused as no:
            if not has_begun:
                await answer(send_guarded, no.status, no.sentence)

    def check(self, scope: Scope) -> None:
        """Raise Refused where host, origin, method or address are not those of the desk's own pages."""
        if header(scope, "host") not in self.rules.hosts:
            raise Refused(421, "This desk does not answer under that name. Open the link that it printed at its start.")
        if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            raise Refused(414, "The address is too long.")
        if scope["method"] not in (*SAFE, "POST"):
            raise Refused(405, "The desk answers GET and POST only.")
        if scope["method"] == "POST":
            self.check_post(scope)

    def check_post(self, scope: Scope) -> None:
        """Raise Refused for a post that another site, or no page at all, has sent, or that says it is too large."""
        host = header(scope, "host")
        if header(scope, "origin") not in (f"http://{host}", f"https://{host}"):
            raise Refused(403, "Another site sent this form; nothing was changed.")
        if header(scope, "sec-fetch-site") not in ("", "same-origin"):
            raise Refused(403, "Another site sent this form; nothing was changed.")
        length = header(scope, "content-length")
        most = self.rules.most_body if self.is_upload(scope) else self.rules.most_form
        if length and (not length.isdigit() or int(length) > most):
            raise Refused(413, too_large(most))

    def is_upload(self, scope: Scope) -> bool:
        """Whether files may come this way."""
        return str(scope["path"]).endswith(self.rules.uploads)


@dataclass
class Body:
    """The body of a request, refused as soon as it grows too large or takes too long."""

    receive: Receive
    most: int
    seconds: float
    is_whole: bool
    n_bytes: int = 0
    ends: float = 0.0

    async def take(self) -> MutableMapping[str, Any]:
        """The next piece. Raises Refused."""
        if self.is_whole:
            return await self.receive()
        now = asyncio.get_running_loop().time()
        self.ends = self.ends or now + self.seconds
        try:
            message = await asyncio.wait_for(self.receive(), max(0.0, self.ends - now))
        except TimeoutError:
            raise Refused(408, f"The form did not arrive within {self.seconds:g} seconds.") from None
        self.n_bytes += len(message.get("body", b""))
        if self.n_bytes > self.most:
            raise Refused(413, too_large(self.most))
        self.is_whole = not message.get("more_body", False)
        return message


def too_large(most: int) -> str:
    """The sentence for a body that is too large."""
    return f"That is more than {most // MEGABYTE} MB, the most that the desk takes at once. Split it."


def with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with the guard's, where the page has not set its own."""
    found = list(headers)
    there = {name.lower() for name, _ in found}
    return found + [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in there]


async def answer(send: Send, status: int, sentence: str) -> None:
    """A refusal as plain text."""
    body = (sentence + "\n").encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""Starting the desk: which address it takes, what must be there before others may reach it, and the link to open."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from safeconduct.desk.case.workspace import Workspace
from safeconduct.desk.door.sessions import Door, read_people
from safeconduct.terms import UsageError

LOOPBACK = "127.0.0.1"
MOST_AT_ONCE = 400  # connections that are served at once; more are asked to come again


@dataclass(frozen=True)
class Start:
    """How the desk is to be started."""

    folder: Path
    port: int = 0  # 0 = any free one
    host: str = LOOPBACK
    served_as: tuple[str, ...] = ()  # names under which a proxy serves it: desk.example.org


def is_loopback(host: str) -> bool:
    """Whether an address is this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_start(start: Start) -> Door:
    """Where the desk starts. Raises UsageError where the folder or the address will not do."""
    if start.folder.exists() and not start.folder.is_dir():
        raise UsageError(f"{start.folder} is a file; expected a folder for cases; name another.")
    if (start.folder / "case.yaml").exists() or (start.folder / "claims.csv").exists():
        raise UsageError(f"{start.folder} is a case; expected a folder that holds cases; name the folder above it.")
    people = read_people(Workspace(start.folder).own)
    if is_loopback(start.host):
        return Door(people)
    if not people:
        raise UsageError(
            f'--host is "{start.host}", which other machines can reach; expected people with passwords; add them with '
            f"--add-person NAME:ROLE. Passwords and reports would cross the network readably: also put a proxy with "
            "TLS before the desk and name it with --served-as; see docs/security.md."
        )
    if not start.served_as:
        raise UsageError(
            f'--host is "{start.host}", which other machines can reach; expected the name under which a proxy with TLS '
            "serves the desk; add --served-as NAME; see docs/security.md."
        )
    return Door(people)


def serve(start: Start, ready: Callable[[str], None]) -> None:
    """Serve the desk until it is stopped; `ready` is called with the link to open once it listens.

    Raises UsageError where the folder, the address or the port will not do.
    """
    import uvicorn

    import safeconduct.api.casework as casework
    from safeconduct.desk.ask import Desk
    from safeconduct.desk.door.guard import Rules
    from safeconduct.desk.kept import Kept
    from safeconduct.desk.pages import PAGES
    from safeconduct.desk.web import application

    door = check_start(start)
    start.folder.mkdir(parents=True, exist_ok=True)
    listening = listen(start.host, start.port)
    port = listening.getsockname()[1]
    names = (start.host, LOOPBACK, "localhost")
    hosts = frozenset(f"{name}:{port}" for name in names) | frozenset(start.served_as)
    workspace = Workspace(start.folder.resolve())
    desk = Desk(workspace, door, Kept(256), is_loopback(start.host))
    config = uvicorn.Config(
        application(desk, Rules(hosts), PAGES), log_level="warning", access_log=False, server_header=False,
        limit_concurrency=MOST_AT_ONCE, timeout_keep_alive=5, proxy_headers=False, lifespan="off",
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    threading.Thread(target=casework.warm, daemon=True).start()
    server = uvicorn.Server(config)
    link = f"http://{LOOPBACK if is_loopback(start.host) else start.host}:{port}/start"
    ready(link if door.people else f"{link}?token={door.token}")
    server.run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(512)
    except OSError as error:
        found.close()
        raise UsageError(
            f"the desk cannot listen on {host}:{port} ({error.strerror}); expected a free port of this machine; "
            "leave --port out for any."
        ) from None
    return found

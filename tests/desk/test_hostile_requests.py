"""Requests that no page of the desk sends: each is refused, or does no harm."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
from at_the_desk import REPORT, Running, Visitor, running

from safeconduct.desk.door.sessions import LOCKED_SECONDS, MOST_FAILURES, Door, add_person, read_people
from safeconduct.desk.serve import Start, check_start
from safeconduct.terms import UsageError

POSTS = [
    "/copy", "/name", "/leave", "/case/demo-valley/inbox", "/case/demo-valley/inbox/save",
    "/case/demo-valley/inbox/undo", "/case/demo-valley/inbox/check", "/case/demo-valley/inbox/rule",
]  # fmt: skip


def journal(desk: Running) -> bytes:
    """The journal and the reports of the demo's copy."""
    folder = desk.desk.workspace.folder / "demo-valley"
    return (folder / "journal.jsonl").read_bytes() + (folder / "claims.csv").read_bytes()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_not_answered(desk: Running, host: str) -> None:
    """A name that was pointed at this machine (DNS rebinding) reaches nothing, with the token neither."""
    visitor = Visitor(desk)
    reply = visitor.get(f"/start?token={desk.desk.door.token}", Host=host.format(port=desk.port))
    assert reply.status in (400, 421) and "set-cookie" not in reply.headers


def test_without_the_token_no_page_opens(desk: Running) -> None:
    visitor = Visitor(desk)
    for path in ("/", "/shipped/karabakh/", "/case/x/inbox", "/start", "/start?token=", "/start?token=wrong"):
        reply = visitor.get(path)
        assert reply.status in (200, 401) and "set-cookie" not in reply.headers
        assert "Open the link" in reply.text and "Karabakh" not in reply.text
    visitor.cookie = "desk=wrong; desk-0=wrong"
    assert visitor.get("/").status == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Running) -> None:
    told = Visitor(desk).get(f"/start?token={desk.desk.door.token}").headers["set-cookie"].lower()
    assert "httponly" in told and "samesite=strict" in told and "domain" not in told


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:1", "file://"])
@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_another_site_changes_nothing(ana: Visitor, path: str, origin: str) -> None:
    """With cookie and secret right: the origin alone is another's."""
    before = journal(ana.at)
    assert ana.post(path, {**REPORT, "shipped": "demo-valley"}, Origin=origin).status == 403
    assert ana.post(path, REPORT, Sec_Fetch_Site="cross-site").status == 403
    assert journal(ana.at) == before


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_the_secret_changes_nothing(ana: Visitor, path: str) -> None:
    before = journal(ana.at)
    for secret in ("", "wrong", Visitor(ana.at).come_in("Eve").csrf):
        ana.csrf = secret
        assert ana.post(path, {**REPORT, "shipped": "demo-valley"}).status == 403
    assert journal(ana.at) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused_and_no_other_site_may_read(ana: Visitor, method: str) -> None:
    assert ana.ask(method, "/", Origin="http://evil.example").status == 405
    reply = ana.get("/", Origin="http://evil.example")
    assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path",
    [
        "/case/../../etc/passwd", "/case/%2e%2e/", "/case/..%2f..%2fetc/", "/case/%2fetc/",
        "/shipped/..%2fdemo-valley/",
        "/static/../web.py", "/static/%2e%2e/web.py", "/static/..%2fweb.py", "/case/.desk/", "/case/.desk/inbox",
        "/case/demo-valley/report/..%2f..%2fclaims.csv", "/case/link/", "/other/demo-valley/", "/case/demo-valley%00/",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_folder(ana: Visitor, path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "monitor.yaml").write_text("title: secret of the machine\n")
    link = ana.at.desk.workspace.folder / "link"
    link.symlink_to(tmp_path / "secret")
    reply = ana.get(path)
    assert reply.status in (400, 404) and "secret of" not in reply.text and "root:" not in reply.text


def test_a_copy_cannot_be_told_where_to_lie(ana: Visitor) -> None:
    before = sorted(path.name for path in ana.at.desk.workspace.folder.parent.rglob("*"))
    for name in ("../x", "/etc", "..", ".", "", "demo-valley/../../x", "nowhere"):
        assert ana.post("/copy", {"shipped": name}).status == 422
    assert sorted(path.name for path in ana.at.desk.workspace.folder.parent.rglob("*")) == before


def test_a_body_too_large_is_refused_before_it_is_read(ana: Visitor) -> None:
    """One that says so by its length, without sending it; and one that grows without saying."""
    line = socket.create_connection(("127.0.0.1", ana.at.port), timeout=20)
    head = f"POST /case/demo-valley/inbox HTTP/1.1\r\nHost: {ana.at.host}\r\nOrigin: http://{ana.at.host}\r\n"
    line.sendall((head + f"Content-Length: {1 << 30}\r\n\r\n").encode())
    assert b" 413 " in line.recv(200)
    line.close()
    line = socket.create_connection(("127.0.0.1", ana.at.port), timeout=20)
    form = f"Cookie: {ana.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    line.sendall((head + form + "Transfer-Encoding: chunked\r\n\r\n").encode())
    sent, answer = 0, b""
    try:
        while sent < 40 << 20:
            line.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
            sent += 0x10000
    except OSError:
        pass
    try:
        answer = line.recv(200)
    except OSError:
        answer = b" 413 "  # reset before the answer could be read
    line.close()
    assert sent < 40 << 20 and (b" 413 " in answer or b" 400 " in answer)
    assert ana.get("/").status == 200


def test_slow_clients_are_let_go_and_hold_nobody_up(tmp_path: Path) -> None:
    """Thirty that send a byte now and then; the desk answers others meanwhile, and ends the slow ones."""
    with running(tmp_path / "cases", body_seconds=0.5) as desk:
        visitor = Visitor(desk).come_in()
        head = f"POST /name HTTP/1.1\r\nHost: {desk.host}\r\nOrigin: http://{desk.host}\r\nCookie: {visitor.cookie}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nna"
        slow = [socket.create_connection(("127.0.0.1", desk.port), timeout=20) for _ in range(30)]
        for line in slow:
            line.sendall(head.encode())
        assert visitor.get("/").status == 200
        assert all(b" 408 " in line.recv(100) for line in slow)
        for line in slow:
            line.close()


def test_two_headers_of_one_name_and_absurd_addresses_are_refused(desk: Running) -> None:
    for more in (f"Host: {desk.host}\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n"):
        line = socket.create_connection(("127.0.0.1", desk.port), timeout=20)
        line.sendall(f"GET / HTTP/1.1\r\nHost: {desk.host}\r\n{more}\r\n".encode())
        assert b" 400 " in line.recv(200)
        line.close()
    assert Visitor(desk).get("/" + "a" * 5000).status == 414


def test_every_answer_carries_a_strict_policy(ana: Visitor) -> None:
    """No inline script or style, no frame, no other site; refusals and missing pages too."""
    for path in ("/", "/case/demo-valley/", "/case/demo-valley/inbox", "/nowhere", "/static/desk.css"):
        headers = ana.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"] and headers["x-content-type-options"] == "nosniff"
    whole = ana.get("/case/demo-valley/monitor.html").headers["content-security-policy"]
    assert "sandbox allow-scripts" in whole and "allow-same-origin" not in whole
    assert "unsafe-inline" not in whole


def test_name_and_sending_on_lead_nowhere_else(ana: Visitor) -> None:
    for to in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert ana.post("/name", {"name": "Ana", "to": to}).headers["location"] == "/"


def test_a_reader_may_not_enter_and_a_reporter_may_not_check(tmp_path: Path) -> None:
    own = tmp_path / "cases" / ".desk"
    for role in ("reader", "reporter", "checker"):
        add_person(own, role, role, f"{role}-password")
    with running(tmp_path / "cases", Door(read_people(own))) as desk:
        assert "Name and password" in Visitor(desk).post("/start", {"name": "reader", "password": "x"}).text
        assert "set-cookie" not in Visitor(desk).get(f"/start?token={desk.desk.door.token}").headers
        found = {}
        for role in ("reader", "reporter", "checker"):
            visitor = Visitor(desk)
            reply = visitor.post("/start", {"name": role, "password": f"{role}-password"})
            visitor.cookie = reply.headers["set-cookie"].split(";")[0]
            visitor.csrf = visitor.get("/").text.split('name="csrf" value="')[1].split('"')[0]
            copied = visitor.post("/copy", {"shipped": "demo-valley"}).status
            checked = visitor.post("/case/demo-valley/inbox/rule", {"rule": "two people"}).status
            visitor.post("/name", {"name": "somebody else"})
            found[role] = (copied, checked, ">somebody else<" in visitor.get("/").text)
        assert found == {"reader": (403, 403, False), "reporter": (303, 403, False), "checker": (303, 303, False)}


def test_guessing_a_password_is_locked_out_for_a_while(tmp_path: Path) -> None:
    """The right password too, until the time is over; another name from another address is not locked out."""
    now = [1000.0]
    add_person(tmp_path, "ben", "reader", "a long password")
    add_person(tmp_path, "eva", "reader", "another password")
    door = Door(read_people(tmp_path), clock=lambda: now[0])
    for _ in range(MOST_FAILURES):
        assert door.enter_by_password("ben", "guess", "10.0.0.1") is None
    assert door.enter_by_password("ben", "a long password", "10.0.0.2") is None
    assert door.enter_by_password("eva", "another password", "10.0.0.1") is None
    assert door.enter_by_password("eva", "another password", "10.0.0.2") is not None
    now[0] += LOCKED_SECONDS + 1
    assert door.enter_by_password("ben", "a long password", "10.0.0.1") is not None


def test_passwords_are_not_kept_and_short_ones_are_refused(tmp_path: Path) -> None:
    add_person(tmp_path, "ben", "reader", "a long password")
    assert "a long password" not in (tmp_path / "people.json").read_text()
    assert (tmp_path / "people.json").stat().st_mode & 0o077 == 0
    for name, role, password in (("x", "reader", "short"), ("x", "king", "a long password"), ("", "reader", "a" * 20)):
        with pytest.raises(UsageError):
            add_person(tmp_path, name, role, password)


def test_others_are_let_in_only_with_passwords_and_a_proxy(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--add-person.*TLS"):
        check_start(Start(tmp_path, host="0.0.0.0"))
    add_person(tmp_path / ".desk", "ben", "reader", "a long password")
    with pytest.raises(UsageError, match="--served-as"):
        check_start(Start(tmp_path, host="0.0.0.0"))
    assert check_start(Start(tmp_path, host="0.0.0.0", served_as=("desk.example",))).people
    assert check_start(Start(tmp_path / "new")).people == {}


def test_many_at_once_get_one_session_each_and_none_is_mixed_up(desk: Running) -> None:
    names = [f"person {n}" for n in range(12)]
    seen: dict[str, tuple[int, bool]] = {}

    def visit(name: str) -> None:
        visitor = Visitor(desk).come_in(name)
        time.sleep(0.05)
        reply = visitor.get("/")
        seen[name] = (reply.status, f"<span>{name}</span>" in reply.text)

    threads = [threading.Thread(target=visit, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == dict.fromkeys(names, (200, True))

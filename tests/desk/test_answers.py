"""Pages that answer a form: they have an address of their own, and a form that comes before the name waits for it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from at_the_desk import REPORT, Visitor

from safeconduct.desk.answers import MOST, Answers

AT = "/case/demo-valley"
WRONG = {**REPORT, "kind": "figure", "quantity": "people who have arrived", "best": "1,5", "words": "a <b>word</b>"}


def sent(visitor: Visitor, path: str, form: dict[str, str]) -> tuple[int, str]:
    """Status and address with which a form is answered, before the browser follows it."""
    told = {"Origin": f"http://{visitor.at.host}", "Content-Type": "application/x-www-form-urlencoded"}
    reply = visitor.ask("POST", path, urlencode({**form, "csrf": visitor.csrf}).encode(), **told)
    return reply.status, reply.headers.get("location", "")


def test_a_refused_form_is_come_back_to_without_being_sent_again(ana: Visitor) -> None:
    status, address = sent(ana, f"{AT}/inbox/save", WRONG)
    assert status == 303 and address.startswith("/answer/")
    first, again = ana.get(address), ana.get(address)
    assert first.status == again.status == 422 and first.text == again.text
    assert 'value="1,5"' in again.text and 'data-asks="typed"' in again.text and "<b>word" not in again.text
    ben = Visitor(ana.at).come_in("Ben")
    assert ben.get(address).status == 404 and "1,5" not in ben.get(address).text
    assert Visitor(ana.at).get(address).status == 401 and ana.get("/answer/x").status == 404
    part = ana.post(f"{AT}/inbox", WRONG, HX_Request="true")
    assert part.status == 200 and "<html" not in part.text  # a script's part of a page has none


def test_few_answers_are_kept() -> None:
    found = Answers()
    addresses = [found.keep("a session", 422, str(n).encode()) for n in range(MOST + 3)]
    names = [address.removeprefix("/answer/") for address in addresses]
    assert [found.find("a session", name) for name in names[:4]] == [None] * 3 + [(422, b"3")]
    assert found.find("another", names[-1]) is None and found.find("", "nothing") is None


@pytest.mark.parametrize(
    "path", ["/new", f"{AT}/inbox", f"{AT}/inbox/text", f"{AT}/inbox/files", f"{AT}/setup/file/names.csv"]
)
def test_the_name_is_asked_before_a_form_is_filled(ana: Visitor, path: str) -> None:
    reply = Visitor(ana.at).come_in("").get(path)
    assert reply.status == 303 and reply.headers["location"] == "/name?" + urlencode({"to": path})


def test_a_form_that_was_sent_without_a_name_goes_on_with_it(ana: Visitor) -> None:
    """All that was typed is on the page that asks for the name, as text; with the name it is done, once."""
    new = Visitor(ana.at).come_in("")
    page = new.post(f"{AT}/inbox/save", {**REPORT, "remark": "two\nlines </textarea><script>alert(1)</script>"})
    assert page.status == 403 and "<script>alert" not in page.text
    action = re.search(r'<form method="post" action="([^"]+)" class="stacked"', page.text)[1]
    carried = {
        n: unescape(v) for n, v in re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page.text, re.S)
    }
    assert carried["remark"].startswith("two\nlines </textarea>") and "csrf" not in carried
    sent_on = new.post(action, {**carried, "who_is_at_the_desk": "Zoe"})
    assert sent_on.status == 303 and "saved=R1" in sent_on.headers["location"]
    assert "Entered by Zoe" in new.get(f"{AT}/report/R1").text

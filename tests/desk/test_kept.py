"""What is made beside the requests: nobody waits for it long, it is made once, and its error is told."""

from __future__ import annotations

import threading

import pytest
from at_the_desk import Visitor

from safeconduct.desk.kept import MOST_BEGUN, Kept
from safeconduct.desk.pages import look

AT = "/case/demo-valley"


def test_one_who_asks_does_not_wait_and_the_next_gets_what_was_made_once() -> None:
    kept, may, calls = Kept(8), threading.Event(), []

    def make() -> str:
        calls.append(1)
        may.wait(60)
        return "made"

    assert kept.soon("a", make, 0.01) is None and kept.soon("a", make, 0.01) is None
    assert kept.get("b", lambda: "other") == "other"  # meanwhile
    may.set()
    assert kept.soon("a", make, 60) == "made" and kept.get("a", make) == "made" and calls == [1]


def test_an_error_is_raised_to_who_asks_and_the_next_tries_again() -> None:
    kept, found = Kept(8), iter([ValueError("no"), "yes"])

    def make() -> str:
        one = next(found)
        if isinstance(one, Exception):
            raise one
        return one

    with pytest.raises(ValueError, match="no"):
        kept.soon("a", make, 60)
    assert kept.soon("a", make, 60) == "yes"


def test_few_things_are_made_at_once() -> None:
    kept, may = Kept(64), threading.Event()
    assert all(kept.soon(n, lambda: may.wait(60), 0) is None for n in range(MOST_BEGUN + 3))
    assert len(kept.begun) == MOST_BEGUN
    may.set()
    assert kept.soon(0, lambda: False, 60) is True
    assert kept.soon("new", lambda: "made", 60) == "made"  # although nobody asked for the others again


def test_a_story_that_is_not_drawn_yet_says_so_and_a_saved_one_is_waited_for(
    ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "PATIENCE", 0.0)
    first = ana.get(f"{AT}/story")
    assert first.status == 200 and "is being drawn from" in first.text and 'data-again="1000"' in first.text
    saved = ana.get(f"{AT}/story?save=1")
    assert "attachment" in saved.headers["content-disposition"] and "Back to the desk" in saved.text
    assert ana.get(f"{AT}/story").text == saved.text

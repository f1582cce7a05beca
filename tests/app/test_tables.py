"""Tables on the screen: no word is broken, however narrow the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from safeconduct.app import tables
from safeconduct.ledger import Table

TABLE = Table(
    "Obligations",
    ("id", "what is owed", "as reported", "due"),
    (("A1", "withdrawal of all heavy weapons from the neighbourhood", "reported met, says the mission there", "May"),
     ("A2", "an exchange of prisoners", "", "June")),
)  # fmt: skip


def printed(monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    """What a terminal of this width shows."""
    screen = Console(file=io.StringIO(), force_terminal=True, no_color=True, width=width)
    monkeypatch.setattr("rich.console.Console", lambda **_: screen)
    tables.print_table(TABLE)
    return screen.file.getvalue()  # type: ignore[attr-defined]  # the file given above


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_word_is_broken(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Every word of every cell stands whole, and no line is wider than the terminal."""
    text = printed(monkeypatch, width)
    words = {word for row in TABLE.rows for cell in row for word in cell.split()}
    assert all(word in text for word in words)


@pytest.mark.parametrize(("width", "is_grid"), [(50, False), (120, True)])
def test_a_grid_only_where_it_can_be_read(monkeypatch: pytest.MonkeyPatch, width: int, is_grid: bool) -> None:
    """Entries below each other on a narrow terminal, which say nothing of empty cells."""
    text = printed(monkeypatch, width)
    assert ("│" in text) == is_grid
    assert is_grid or text.count("as reported:") == 1

"""A desk on a copy of the demo, for one test or for a whole file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from at_the_desk import Running, Visitor, running


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "cases") as found:
        yield found


@pytest.fixture
def ana(desk: Running) -> Visitor:
    """A visitor who came in and has copied the demo."""
    visitor = Visitor(desk).come_in("Ana")
    assert visitor.post("/copy", {"shipped": "demo-valley"}).headers["location"] == "/case/demo-valley/"
    return visitor

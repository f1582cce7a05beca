"""The page on Flee's cases lists every quirk that can be copied."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from safeconduct.scenario import Quirks


def test_every_quirk_has_a_row() -> None:
    """And no row names a quirk that is not there."""
    page = (Path(__file__).parents[2] / "docs" / "flee.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(one.name for one in fields(Quirks))

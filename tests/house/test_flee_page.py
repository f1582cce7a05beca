"""Every quirk that can be copied has a row in the page on Flee's cases, and a test that names it."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

from safeconduct.scenario import Quirks

ROOT = Path(__file__).parents[2]


def test_every_quirk_has_a_row() -> None:
    """And no row names a quirk that is not there."""
    page = (ROOT / "docs" / "flee.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(one.name for one in fields(Quirks))


def test_every_quirk_is_named_in_a_test() -> None:
    """As the name of an argument or a whole string: a mention in a comment or a sentence does not count."""
    named = set()
    for path in sorted((ROOT / "tests" / "known").glob("test_flee_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword):
                named.add(node.arg)
            elif isinstance(node, ast.Constant):
                named.add(node.value)
    missing = [one.name for one in fields(Quirks) if one.name not in named]
    assert not missing, f"no test in tests/known/test_flee_*.py switches {', '.join(missing)}"

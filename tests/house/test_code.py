"""Small habits that a reader relies on: short files, docstrings, reasons for exceptions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = sorted((ROOT / "src").rglob("*.py"))
MOST_LINES = 400
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """A file's name within the project."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_files_are_short(path: Path) -> None:
    """At most 400 lines; a longer file says why in its first lines, and how many lines it may have."""
    text = path.read_text(encoding="utf-8")
    allowed = re.search(r"[Ll]onger than 400 lines \(at most (\d+)\), (because|as|since) ", text[:2000])
    n, most = len(text.splitlines()), int(allowed[1]) if allowed else MOST_LINES
    assert n <= most, f"{name_of(path)} has {n} lines, more than {most}; split it where the thought divides"


def silent(node: Documented, path: str) -> list[str]:
    """Public functions, classes and modules under a node without a docstring. Inner functions are private."""
    told = [] if ast.get_docstring(node) else [path]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return told
    for child in node.body:
        if isinstance(child, Documented) and not child.name.startswith("_"):
            told += silent(child, f"{path}.{child.name}")
    return told


@pytest.mark.parametrize("path", SOURCE, ids=name_of)
def test_what_is_public_says_what_it_is(path: Path) -> None:
    """A docstring on each module, class, function and method whose name has no underscore before it."""
    text = path.read_text(encoding="utf-8")
    if text.strip():
        assert not silent(ast.parse(text), path.stem)


def test_type_checks_are_switched_off_only_for_a_reason() -> None:
    """`# type: ignore` names the error and, in a further comment, the reason."""
    wrong = [
        f"{name_of(path)}:{number}"
        for path in [*SOURCE, *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").glob("*.py")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"#\s*type:\s*ignore(?!\[[\w-]+(, ?[\w-]+)*\]\s+#\s*\w)", line) and path != Path(__file__)
    ]
    assert not wrong


def test_the_generator_of_random_numbers_is_the_only_one() -> None:
    """Nothing in src/ uses numpy's or the standard library's generators; draws are named (docs/why/0003)."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("default_rng", "RandomState"))
        or (isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    ]
    assert not wrong

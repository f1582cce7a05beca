"""Rooms import only to the left, and only what another room's door offers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "safeconduct"
ORDER = (
    "terms", "ledger", "scenario", "actors", "engine", "ensemble", "inference", "findings", "asked", "study",
    "app",
)  # fmt: skip
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "cases" not in path.relative_to(PACKAGE).parts)


def room_of(path: Path) -> str:
    """The room a file belongs to; a file beside the rooms, such as study.py, is a room of its own."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def offers(room: str) -> set[str]:
    """The names that a room's door imports from the room; of a room that is one file, every name that it defines."""
    if not (PACKAGE / room).is_dir():
        body = ast.parse((PACKAGE / f"{room}.py").read_text(encoding="utf-8")).body
        constants = {
            t.id for node in body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
        }
        return constants | {node.name for node in body if hasattr(node, "name")}
    door = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    lines = [node for node in ast.walk(door) if isinstance(node, ast.ImportFrom)]
    return {
        name.asname or name.name
        for line in lines
        if f"{line.module}.".startswith(f"safeconduct.{room}.")
        for name in line.names
    }


def imports(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of everything a file takes from the package, also inside functions."""
    package = ["safeconduct", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def faults(path: Path) -> Iterator[str]:
    """A sentence for each import that a file should not make."""
    here = room_of(path)
    for line, module, name in imports(path):
        parts = module.split(".") if module.split(".")[0] == "safeconduct" else []
        if len(parts) == 1 and name in ORDER:
            parts, name = [*parts, name], ""
        if len(parts) < 2 or parts[1] == here or parts[1] == "cases":
            continue
        where = f"{path.relative_to(PACKAGE)}:{line}"
        if here in ORDER and ORDER.index(parts[1]) > ORDER.index(here):
            yield f"{where}: {here} imports {parts[1]}, which stands to its right; import to the left only."
        elif len(parts) > 2 and parts[2] not in offers(parts[1]):  # a door may offer a module, too
            yield f"{where}: imports {module}; use what {parts[1]}/__init__.py offers, or offer it there."
        elif len(parts) == 2 and name and name not in offers(parts[1]):
            yield f"{where}: imports {name} from {parts[1]}, whose __init__.py does not offer it."


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_import_to_the_left_and_through_the_door(path: Path) -> None:
    """Every file of the package, with imports inside functions."""
    found = list(dict.fromkeys(faults(path)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("room", "text", "told"),
    [
        ("engine", "from safeconduct.findings import write", "stands to its right"),
        ("engine", "def f():\n    from safeconduct.findings import write", "stands to its right"),
        ("engine", "from ..ensemble import Ensemble", "stands to its right"),
        ("engine", "from safeconduct import app", "stands to its right"),
        ("engine", "from safeconduct.terms.draws import Draws", "use what terms/__init__.py offers"),
        ("engine", "from safeconduct.terms import philox", "does not offer it"),
    ],
)
def test_a_wrong_import_is_told(room: str, text: str, told: str, tmp_path: Path, monkeypatch) -> None:
    """The test above can fail: each kind of wrong import gives its sentence."""
    for name in ORDER:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"from safeconduct.{name}.draws import Draws\n")
    wrong = tmp_path / room / "wrong.py"
    wrong.write_text(text)
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    assert told in "\n".join(faults(wrong))


def test_every_room_says_what_it_takes_gives_and_refuses() -> None:
    """A room's door opens with what comes in, what goes out and what the room refuses to know."""
    doors = [path for path in PACKAGE.glob("*/__init__.py") if path.parent.name in ORDER]
    silent = [
        f"{path.parent.name}/__init__.py does not say: {phrase}"
        for path in doors
        for phrase in ("Comes in:", "oes out:", "Refuses to know:")
        if phrase not in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    ]
    assert doors and not silent, "\n".join(silent)


@pytest.mark.parametrize("room", [room for room in ORDER if (PACKAGE / room).is_dir()])
def test_a_door_gives_what_it_offers(room: str) -> None:
    """Each name that a room offers can be had from its door."""
    door = import_module(f"safeconduct.{room}")
    assert [name for name in offers(room) if not hasattr(door, name)] == []

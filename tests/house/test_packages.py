"""Packages import only to the left and what another `__init__` offers; no circle; no folder that holds two things."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "safeconduct"
ORDER = (
    "terms", "ledger", "reading", "scenario", "actors", "engine", "ensemble", "inference", "accounts", "comparators",
    "monitor", "findings", "api", "app", "desk",
)  # fmt: skip
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "cases" not in path.relative_to(PACKAGE).parts)
MOST_FILES = 15  # Python files in a folder
MOST_NAMES = 40  # that inference offers


def package_of(path: Path) -> str:
    """The package a file belongs to; a file beside the packages, such as api.py, is a package of its own."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def offers(parts: tuple[str, ...]) -> set[str]:
    """Names that a package's `__init__` imports from the package; of a one-file package, all that it defines."""
    folder = PACKAGE.joinpath(*parts)
    if not folder.is_dir():
        body = ast.parse(folder.with_suffix(".py").read_text(encoding="utf-8")).body
        constants = {
            t.id for node in body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)
        }
        return constants | {node.name for node in body if hasattr(node, "name")}
    lines = [
        n for n in ast.walk(ast.parse((folder / "__init__.py").read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
    ]
    own = ".".join(["safeconduct", *parts, ""])
    return {a.asname or a.name for line in lines if f"{line.module}.".startswith(own) for a in line.names}


def imports(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of everything a file takes from the package, also inside functions and for types only."""
    package = ["safeconduct", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def is_offered(parts: tuple[str, ...], name: str) -> bool:
    """Whether another package may take this name: a package offers it, or a subfolder with an `__init__` of its own."""
    folder = PACKAGE.joinpath(*parts)
    if len(parts) > 1 and not folder.is_dir():  # a module: its package may offer the module itself
        return len(parts) == 2 and parts[1] in offers(parts[:1])
    return not name or name in offers(parts)


def faults(path: Path) -> Iterator[str]:
    """A sentence for each import that a file should not make."""
    here = package_of(path)
    for line, module, name in imports(path):
        parts = tuple(module.split(".")[1:]) if module.split(".")[0] == "safeconduct" else ()
        if not parts and name in ORDER:
            parts, name = (name,), ""
        if not parts or parts[0] in (here, "cases"):
            continue
        where = f"{path.relative_to(PACKAGE)}:{line}"
        if here in ORDER and ORDER.index(parts[0]) > ORDER.index(here):
            yield f"{where}: {here} imports {parts[0]}, which stands to its right; import to the left only."
        elif not is_offered(parts, name):
            yield f"{where}: imports {name or module} from {module}; use what an __init__.py offers, or offer it there."


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_packages_import_to_the_left_and_what_is_offered(path: Path) -> None:
    """Every file of the package, with imports inside functions."""
    found = list(dict.fromkeys(faults(path)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("package", "text", "sentence"),
    [
        ("engine", "from safeconduct.findings import write", "stands to its right"),
        ("engine", "def f():\n    from safeconduct.findings import write", "stands to its right"),
        ("engine", "from ..ensemble import Ensemble", "stands to its right"),
        ("engine", "from safeconduct import app", "stands to its right"),
        ("engine", "from safeconduct.terms.draws import Draws", "use what an __init__.py offers"),
        ("engine", "from safeconduct.terms import philox", "use what an __init__.py offers"),
    ],
)
def test_a_wrong_import_is_reported(package: str, text: str, sentence: str, tmp_path: Path, monkeypatch) -> None:
    """The test above can fail: each kind of wrong import gives its sentence."""
    for name in ORDER:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"from safeconduct.{name}.draws import Draws\n")
    wrong = tmp_path / package / "wrong.py"
    wrong.write_text(text)
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    assert sentence in "\n".join(faults(wrong))


def module_name(path: Path) -> str:
    """A file's dotted name."""
    return ".".join(("safeconduct", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def import_graph(files: list[Path]) -> dict[str, set[str]]:
    """Which module names which others, imports inside functions and for types included."""
    known = {module_name(path) for path in files}
    graph: dict[str, set[str]] = {}
    for path in files:
        named = {f"{module}.{name}" if f"{module}.{name}" in known else module for _, module, name in imports(path)}
        graph[module_name(path)] = named & known - {module_name(path)}
    return graph


def in_circles(graph: dict[str, set[str]]) -> set[str]:
    """The modules in a circle of imports: what is left when leaves and roots are taken off again and again."""
    left = {name: set(targets) for name, targets in graph.items()}
    for _ in graph:
        leaves = {name for name, targets in left.items() if not targets}
        roots = set(left) - set().union(*left.values()) if left else set()
        gone = leaves | roots
        if not gone:
            break
        left = {name: targets - gone for name, targets in left.items() if name not in gone}
    return set(left)


def test_no_circular_import() -> None:
    """Type-only imports count too."""
    assert sorted(in_circles(import_graph(MODULES))) == []


def test_a_circle_is_found() -> None:
    """The test above can fail."""
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == {"b", "c"}


def test_no_folder_holds_too_many_files() -> None:
    """Past about 15 files a folder holds two things."""
    counts = Counter(str(path.parent.relative_to(PACKAGE)) for path in MODULES)
    assert {folder: n for folder, n in counts.items() if n > MOST_FILES} == {}


def test_inference_offers_few_names() -> None:
    """A reader can take in what a package offers."""
    assert len(offers(("inference",))) <= MOST_NAMES


def test_every_package_says_what_it_takes_gives_and_does_not_know() -> None:
    """A package opens with what comes in, what goes out and what it does not know."""
    inits = [path for path in PACKAGE.glob("*/__init__.py") if path.parent.name in ORDER]
    silent = [
        f"{path.parent.name}/__init__.py does not say: {phrase}"
        for path in inits
        for phrase in ("Comes in:", "oes out:", "Does not know:")
        if phrase not in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    ]
    assert inits and not silent, "\n".join(silent)


@pytest.mark.parametrize("package", [package for package in ORDER if (PACKAGE / package).is_dir()])
def test_a_package_gives_what_it_offers(package: str) -> None:
    """Each name that a package offers can be had from it."""
    module = import_module(f"safeconduct.{package}")
    assert [name for name in offers((package,)) if not hasattr(module, name)] == []


def test_the_desk_asks_the_api_and_names_other_packages_for_types_alone() -> None:
    """What it runs comes through `safeconduct.api`; the name of a type costs nothing and hides nothing."""
    for path in sorted((PACKAGE / "desk").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]:
            node.body = []
        names = [
            a.name if isinstance(n, ast.Import) else n.module or ""
            for n in ast.walk(tree)
            if isinstance(n, ast.Import | ast.ImportFrom)
            for a in n.names
        ]
        asked = {name.split(".")[1] for name in names if name.startswith("safeconduct.")}
        assert asked <= {"api", "desk", "terms"}, path.relative_to(PACKAGE)

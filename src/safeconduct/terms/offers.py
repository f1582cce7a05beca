"""What the interpreter is spared: modules before their names are used, and the search for garbage during long reads."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


def offered_when_used(package: str, file: str) -> Callable[[str], object]:
    """A module's `__getattr__` that imports what stands under `if TYPE_CHECKING:` in its file, name by name.

    The list stands once, where type checkers and people read it. A command then loads only what it uses. A module
    of the package that is called like one of these names does not hide it.
    """

    @cache
    def sources() -> dict[str, tuple[str, str]]:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
        lines = [line for block in blocks for line in block.body if isinstance(line, ast.ImportFrom)]
        return {one.asname or one.name: (line.module or "", one.name) for line in lines for one in line.names}

    class Offering(ModuleType):
        """A package whose names are not hidden by modules in it: importing one sets it as an attribute here."""

        def __setattr__(self, name: str, value: object) -> None:
            if not (isinstance(value, ModuleType) and name in sources()):
                super().__setattr__(name, value)

    sys.modules[package].__class__ = Offering

    def offer(name: str) -> object:
        if name.startswith("__") or name not in sources():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, known_as = sources()[name]
        found = getattr(import_module(module), known_as)
        import_module(package).__dict__[name] = found
        return found

    return offer


@contextmanager
def collection_paused() -> Iterator[None]:
    """Leave garbage where it lies: the collector walks through every row read so far, again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

"""Names that a room's door offers and that are imported only when somebody asks for one: most commands need few."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any


def later(room: str) -> Callable[[str], Any]:
    """A door's `__getattr__` for what it imports under `if TYPE_CHECKING`, which readers and type checkers see there.

    Raises AttributeError for any other name, as Python expects.
    """

    def find(name: str) -> Any:
        if name not in late_names(room):
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        module, there = late_names(room)[name]
        return getattr(import_module(module), there)

    return find


@cache
def late_names(room: str) -> dict[str, tuple[str, str]]:
    """Name -> module and name there, from the text of a room's door."""
    import ast  # here, as few commands ask for such a name

    door = ast.parse(Path(str(sys.modules[room].__file__)).read_text(encoding="utf-8"))
    blocks = [node for node in door.body if isinstance(node, ast.If)]
    lines = [line for block in blocks for line in block.body if isinstance(line, ast.ImportFrom)]
    return {name.asname or name.name: (str(line.module), name.name) for line in lines for name in line.names}

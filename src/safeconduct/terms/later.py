"""Names that a room's door offers and that are imported only when somebody asks for one: most commands need few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def later(room: str, where: Mapping[str, str]) -> Callable[[str], Any]:
    """A module's `__getattr__` for names that stand elsewhere: name -> "module" or "module:name there".

    Raises AttributeError for any other name, as Python expects.
    """

    def find(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        module, _, there = where[name].partition(":")
        return getattr(import_module(f"{room}.{module}"), there or name)

    return find

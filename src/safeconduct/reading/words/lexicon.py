"""The word lists of the reader, kept as text in `data/lexicon.txt`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """The lines of each list by its name."""
    text = (files("safeconduct.reading") / "data" / "lexicon.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
            found[name] = []
        elif not line.startswith("#"):
            found[name].append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def words(name: str) -> frozenset[str]:
    """The words of a list. Raises KeyError where there is none of this name."""
    return frozenset(word for line in sections()[name] for word in line.split())


def forms(name: str) -> dict[str, str]:
    """Each word of a table with the meaning that its line gives."""
    pairs = (line.partition(":") for line in sections()[name])
    return {word: meaning.strip() for meaning, _, said in pairs for word in said.split()}


def phrases(name: str) -> tuple[str, ...]:
    """The phrases of a list, which commas part, in its order."""
    return tuple(phrase.strip() for line in sections()[name] for phrase in line.split(","))

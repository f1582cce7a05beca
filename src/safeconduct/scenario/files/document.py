"""A YAML file as plain values, with the line on which each of them stands, and as a strict type.

Only what a case needs is allowed: mappings, lists, words, numbers. Times stay words, so that a time without a zone can
be distinguished from one with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Annotated, TypeVar

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from safeconduct.terms import Fault, parse_day, read_text, shown, unseen, yaml_fault

Where = tuple[str | int, ...]
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]
DEEPEST = 12
Strict = TypeVar("Strict")
PLAIN = {"Input should be ": "", "String should have": "text of", "Tuple should have": "a list of"}  # pydantic's, ours


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise PydanticCustomError("month", "a month such as 2022-03")
    try:
        parse_day(f"{text}-01")
    except ValueError as error:
        raise PydanticCustomError("month", "a month of the years 1900 to 2200") from error
    return text


Month = Annotated[str, AfterValidator(_month)]


@dataclass(frozen=True)
class Document:
    """The values of a file, and the line of each by its path, such as ("clock", "start")."""

    file: str
    value: dict[str, Value]
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int:
        """The line of the nearest thing that is there."""
        while where not in self.lines:
            where = where[:-1]
        return self.lines[where]

    def fault(self, where: Where, found: str, expected: str, advice: str, *, is_warning: bool = False) -> Fault:
        """A fault at a value of the file."""
        return Fault(self.file, self.line(where), ".".join(map(str, where)), found, expected, advice, is_warning)

    def read_as(self, kind: type[Strict], advice: str, faults: list[Fault]) -> Strict | None:
        """The values as a strict type; None, with every misfit noted, where they do not fit."""
        try:
            return TypeAdapter(kind).validate_python(self.value)
        except ValidationError as error:
            faults.extend(self.misfit(one, advice) for one in error.errors(include_url=False))
        return None

    def misfit(self, one: ErrorDetails, advice: str) -> Fault:
        """What pydantic found, as a sentence of ours."""
        where, given = tuple(one["loc"]), one["input"]
        if one["type"] == "missing":
            return self.fault(where, "missing", "it, as every file of this form has it", advice)
        if one["type"] == "extra_forbidden":
            return self.fault(where, shown(str(given)), "no such name here", advice)
        expected = one["msg"].partition(" after validation")[0]
        for words, ours in PLAIN.items():
            expected = expected.replace(words, ours)
        return self.fault(where, "left empty" if given is None else shown(str(given)), expected, advice)


def read_document(path: FilePath, faults: list[Fault]) -> Document | None:
    """The file's values; None, with faults noted, where it is no YAML mapping."""
    text = read_text(path, faults)
    if text is None:
        return None
    found, told = _read_text(text, path.name)
    faults.extend(told)
    return deepcopy(found)  # those who read it may change the values


@lru_cache(maxsize=64)
def _read_text(text: str, file: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """The same of a text; kept by its content, as YAML takes most of the time in which a case is read again."""
    faults: list[Fault] = []
    return _document(text, file, faults), tuple(faults)


def _document(text: str, file: str, faults: list[Fault]) -> Document | None:
    if too_much := yaml_fault(text, file):
        faults.append(too_much)
        return None
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError, RecursionError) as error:
        faults.append(_syntax_fault(file, error))
        return None
    if not isinstance(node, MappingNode):
        faults.append(Fault(file, 1, "", "no mapping", "lines such as title: ...", "see demo-valley"))
        return None
    reader = _Reader(file, faults, {(): 1}, set())
    value = reader.value(node, ())
    return Document(file, value, reader.lines) if isinstance(value, dict) else None


def _syntax_fault(file: str, error: Exception) -> Fault:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__)
    found = f"YAML that cannot be read ({' '.join(problem.split())[:80]})"
    return Fault(file, mark.line + 1 if mark else 0, "", found, "YAML", "mend indents, colons and quotes here")


@dataclass(frozen=True)
class _Reader:
    """Walks a tree of nodes once; a node met twice is an alias, which a case does not need."""

    file: str
    faults: list[Fault]
    lines: dict[Where, int]
    met: set[int]

    def value(self, node: Node, where: Where) -> Value:
        if id(node) in self.met or len(where) > DEEPEST:
            self.note(node, where, "an alias or deep nesting", "values written out", "write the value here")
            return None
        self.met.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, where)
        if isinstance(node, SequenceNode):
            for index, child in enumerate(node.value):
                self.lines[(*where, index)] = child.start_mark.line + 1
            return [self.value(child, (*where, index)) for index, child in enumerate(node.value)]
        if found := unseen(str(node.value)):
            self.note(node, where, *found)
            return ""
        return _scalar(str(node.value), str(node.tag))

    def mapping(self, node: MappingNode, where: Where) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, child in node.value:
            key = str(key_node.value) if isinstance(key_node.value, str) else "?"
            if found := unseen(key):
                self.note(key_node, where, *found)
                continue
            if key in values:
                self.note(key_node, (*where, key), "given twice", "it once", "remove one of the two")
            self.lines[(*where, key)] = key_node.start_mark.line + 1
            values[key] = self.value(child, (*where, key))
        return values

    def note(self, node: Node, where: Where, found: str, expected: str, advice: str) -> None:
        column = ".".join(map(str, where))
        self.faults.append(Fault(self.file, node.start_mark.line + 1, column, found, expected, advice))


def _scalar(text: str, tag: str) -> Value:
    kind = tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        return int(text) if kind == "int" else float(text) if kind == "float" else text
    except ValueError:
        return text

"""Read counterfactuals.yaml: the questions that a case with phases asks by itself, each an act set from its own day."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.scenario.files.document import read_document
from safeconduct.scenario.timeline.acts import acts_in
from safeconduct.scenario.timeline.tables import DECLARED_FILE
from safeconduct.scenario.timeline.types import ActEffect, Declared
from safeconduct.terms import Clock, Fault, shown

ADVICE = "write it as in demo-ceasefire"
KEY = r"^[a-z0-9][a-z0-9-]*$"  # it names a folder


class DeclaredSpec(BaseModel):
    """A counterfactual as the file gives it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1)
    do: str
    about: str = ""


class FileSpec(BaseModel):
    """All that the file may say."""

    model_config = ConfigDict(extra="forbid", strict=True)

    counterfactuals: list[DeclaredSpec]


def read_declared(
    folder: Path, effects: Iterable[ActEffect], clock: Clock | None, faults: list[Fault]
) -> tuple[Declared, ...]:
    """The case's counterfactuals in the order of the file; none where there is no file. Faults are noted."""
    path = folder / DECLARED_FILE
    document = read_document(path, faults) if path.exists() and clock else None
    spec = document.read_as(FileSpec, ADVICE, faults) if document else None
    if document is None or spec is None or clock is None:
        return ()
    known, keys, found = tuple(effects), set[str](), list[Declared]()
    for number, one in enumerate(spec.counterfactuals):
        here = ("counterfactuals", number)
        if one.key in keys:
            faults.append(document.fault((*here, "key"), shown(one.key), "a key that no other has", "choose another"))
        keys.add(one.key)
        try:
            acts = acts_in(one.do, known, clock)
        except ValueError as error:
            fault = document.fault((*here, "do"), f"{shown(one.do)} ({error})", "acts as PARTY.ACT@TIME", "correct it")
            faults.append(fault)
            continue
        found.append(Declared(one.key, one.title, one.do, acts, one.about.strip()))
    return tuple(found)

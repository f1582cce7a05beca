"""Every fault of a case's folder `codings/`, of the game, the accounts, comparators and signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from safeconduct.accounts import (
    CODINGS,
    COUNTS,
    GUARANTEES,
    HELD,
    NOT_CODINGS,
    in_codings,
    read_codings,
    read_comparators,
    read_held_accounts,
)
from safeconduct.comparators.ceasefires import CASES, read_ceasefires
from safeconduct.comparators.compared_case import FILE as COMPARED
from safeconduct.comparators.compared_case import read_compared, strange_kinds
from safeconduct.terms import CaseError, Fault, is_there


def check_codings(case: Path, comparators: Path) -> list[Fault]:
    """What is wrong with the acts, the codings, what lies beside them and the guarantor's other guarantees.

    A kind of act that `comparators` does not know is a warning, as the case may be meant for others.
    """
    folder = case / CODINGS
    found = [fault for path in (folder, *sorted((folder / GUARANTEES).glob("*/"))) for fault in _coding_faults(path)]
    for file, read in ((HELD.file, read_held_accounts), (COUNTS.file, read_comparators)):
        if is_there(folder / file):
            found += in_codings(folder, faults_of(read, folder))
    if is_there(folder / COMPARED):
        found += _compared_faults(case, comparators)
    return list(dict.fromkeys(found))


def _compared_faults(case: Path, comparators: Path) -> list[Fault]:
    try:
        compared = read_compared(case)
    except CaseError as error:
        return list(error.faults)
    try:
        others = read_ceasefires(comparators)
    except CaseError:
        return []
    return [replace(one, is_warning=True) for one in strange_kinds(others, compared)]


def check_comparators(folder: Path) -> list[Fault]:
    """What is wrong with a folder of other ceasefires; nothing where it is none."""
    return faults_of(read_ceasefires, folder) if is_there(folder / CASES.file) else []


def faults_of(read: Callable[[Path], object], folder: Path) -> list[Fault]:
    """The faults that a reader finds in a folder."""
    try:
        read(folder)
    except CaseError as error:
        return list(error.faults)
    return []


def _coding_faults(folder: Path) -> list[Fault]:
    """The faults of one folder of codings, all read together."""
    names = sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in NOT_CODINGS)
    return faults_of(lambda path: read_codings(path, names), folder) if folder.is_dir() else []

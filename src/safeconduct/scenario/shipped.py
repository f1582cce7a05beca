"""The cases that come with the package, and where a case is found."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from safeconduct.scenario.files.header import FILE, read_header
from safeconduct.terms import UsageError, closest


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A shipped case, as a list of cases shows it."""

    key: str
    title: str
    about: str


def shipped_cases() -> Path:
    """The folder with the cases that come with the package."""
    return Path(str(files("safeconduct").joinpath("cases")))


def list_cases() -> tuple[CaseSummary, ...]:
    """The cases that come with the package."""
    folders = sorted(path.parent for path in shipped_cases().glob(f"*/{FILE}"))
    headers = [(folder, read_header(folder, [])) for folder in folders]
    return tuple(CaseSummary(at.name, head.spec.title, head.spec.about.strip()) for at, head in headers if head)


def find_case(folder: Path | str) -> Path:
    """The folder of a case: a bare name means a shipped case. Raises UsageError where there is none."""
    bare = isinstance(folder, str) and Path(folder).name == folder
    if bare and (shipped_cases() / folder / FILE).is_file():
        return shipped_cases() / folder
    if Path(folder).is_dir():
        return Path(folder)
    known = [path.parent.name for path in shipped_cases().glob(f"*/{FILE}")]
    raise UsageError(f'there is no case "{folder}"; name a folder, or a shipped case; {closest(str(folder), known)}.')

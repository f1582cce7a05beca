"""Where a case lies: in a folder that is named, or among those that ship with the package.

Imports no other package at the top: `ledger` commands, which read claims alone, start in half the time of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from safeconduct.terms import CaseError, Fault, UsageError, closest, is_there, locked

OF_CASES = ("case.yaml", "monitor.yaml", "accounts.yaml", "agreement.csv", "cases.csv")  # files by which one is known


def shipped_cases() -> Path:
    """The folder of the cases that ship with the package."""
    return Path(str(files("safeconduct") / "cases"))


def case_or_shipped(case: str) -> Path:
    """The folder of a case or of other ceasefires, or one that ships. Raises UsageError where there is none."""
    if Path(case).is_dir():
        return Path(case)
    known = [path.name for path in shipped_cases().iterdir() if path.is_dir() and not path.name.startswith("_")]
    if case not in known:
        raise UsageError(f'there is no case "{case}"; name a folder, or a shipped case; {closest(case, known)}.')
    return shipped_cases() / case


def claims_file_of(case: str) -> Path:
    """The claims file of a case, its own or the one that it shares. Raises UsageError where there is none."""
    if not case:
        return Path("claims.csv") if Path("claims.csv").exists() else fullest_shipped()
    folder = case_or_shipped(case)
    own = folder / "claims.csv"
    if is_there(own):
        return own
    shared = shared_claims(folder)
    if shared is None:
        raise UsageError(
            f"{folder} has no claims.csv; expected one; add reports with: safeconduct ledger import FILE --case {case}"
        )
    return shared


def shared_claims(folder: Path) -> Path | None:
    """The claims file of the case that a folder's case.yaml names under `claims:`. Raises CaseError for no YAML."""
    settings = folder / "case.yaml"
    if not is_there(settings):
        return None
    from safeconduct.scenario import read_document  # here, as most cases have claims of their own

    faults: list[Fault] = []
    document = read_document(settings, faults)
    if document is None:
        raise CaseError(faults)
    named = document.value.get("claims")
    found = folder.parent / str(named) / "claims.csv"
    return found if named and found.exists() else None


def fullest_shipped() -> Path:
    """The largest claims file that ships with an agreement; without one, the largest."""
    size = {path: path.stat().st_size for path in shipped_cases().glob("*/claims.csv")}
    found = sorted(size, key=lambda path: (path.with_name("agreement.csv").exists(), size[path]))
    if not found:
        raise UsageError("no case with claims ships; expected a case; name one with --case FOLDER")
    return found[-1]


def out_folder(case: str, suffix: str = "") -> Path:
    """Where results of a case go where no folder is named: out/CASE, whatever the path of the case."""
    name = Path(case).resolve().name if Path(case).is_dir() else Path(case).name
    return Path("out") / f"{name or 'case'}{suffix}"


@contextmanager
def output(out: Path, case: str | Path = "") -> Iterator[Path]:
    """An output folder for one command: no case, and no other process writes there meanwhile. Raises UsageError."""
    refuse_case(out, case)
    with locked(out):
        yield out


def refuse_case(out: Path, case: str | Path = "") -> None:
    """Raise UsageError where an output folder is a case, or holds one."""
    real = out.resolve()
    held = [real, *(one for one in real.iterdir() if one.is_dir())] if real.is_dir() else []
    found = next((one for one in held if any((one / name).is_file() for name in OF_CASES)), None)
    own = Path(case).resolve() if case and Path(case).is_dir() else None
    if found is None and own is not None and real in (own, own.parent):
        found = own
    if found is not None:
        what = "is a case" if found == real else f"holds the case {found.name}"
        raise UsageError(f"{out} {what}; results are not written into cases; name another folder with --out.")


def monitor_folder(case: str) -> Path:
    """The folder of a case, or of the case whose claims it shares."""
    return claims_file_of(case).parent


def own_folder(case: str) -> Path:
    """The folder of a case that may be written to. Raises UsageError for one that ships."""
    folder = monitor_folder(case)
    if folder.resolve().is_relative_to(shipped_cases().resolve()):
        raise UsageError(
            f'"{Path(case).name or folder.name}" ships with the package; expected a case of your own to write to; '
            "copy its folder and name that with --case"
        )
    return folder

"""Where a case lies: in a folder that is named, or among those that ship with the package.

Imports no other room at the top: `ledger` commands, which read claims alone, start in half the time of the others.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from safeconduct.terms import CaseError, Fault, UsageError, closest


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
    if own.exists():
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
    if not settings.exists():
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


def monitor_folder(case: str) -> Path:
    """The folder of a case, or of the case whose claims it shares."""
    return claims_file_of(case).parent

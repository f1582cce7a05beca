"""The family of errors, and the one way a mistake is reported.

SafeconductError          anything a person can act on; the command line prints it without a traceback
  CaseError               a case folder or table is faulty; carries every Fault found; exit code 2
  UsageError              the command line asks for what is not there; exit code 2
  RunStopped              a run could not finish (disk full, worker killed, interrupted); exit code 1
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from types import TracebackType


class SafeconductError(Exception):
    """Something a person can act on. Its text is a sentence."""

    exit_code = 1


class UsageError(SafeconductError):
    """Raised when the command line names a case, parameter, event or value that does not exist."""

    exit_code = 2


class RunStopped(SafeconductError):
    """Raised when a run ends early; what was finished has been kept."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake: where it stands, what was found, what was expected, what to do."""

    file: str
    line: int  # counted from 1; 0 where the fault is in the file as a whole
    column: str
    found: str
    expected: str
    advice: str
    is_warning: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{self.column} is {self.found}" if self.column else self.found
        end = "" if self.advice.endswith("?") else "."
        return f"{where}: {subject}; expected {self.expected}; {self.advice}{end}"


class CaseError(SafeconductError):
    """Raised when tables are faulty. Holds every fault, so that a person mends all of them at once."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Mistakes:
    """Gathers what is wrong with a question, so that all of it is reported at once.

    `with mistakes:` stands around each thing that may be wrong; `mistakes.tell()` ends the asking.
    """

    def __init__(self) -> None:
        self.errors: list[CaseError | UsageError] = []

    def __enter__(self) -> None:
        """Begin something that may be a mistake."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep a mistake and go on after the block; let everything else through."""
        if not isinstance(error, CaseError | UsageError):
            return False
        self.add(error)
        return True

    def add(self, error: CaseError | UsageError) -> None:
        """Note a mistake, once."""
        if str(error) not in map(str, self.errors):
            self.errors.append(error)

    def together(self) -> CaseError | UsageError:
        """All in one error: the only one as it is, or a UsageError with the sentences of all."""
        if len(self.errors) == 1:
            return self.errors[0]
        return UsageError("\n".join(dict.fromkeys(line for one in self.errors for line in str(one).splitlines())))

    def tell(self) -> None:
        """Raise what was gathered; nothing where all was well."""
        if self.errors:
            raise self.together()


def closest(word: str, known: Iterable[str]) -> str:
    """The advice that ends a sentence about an unknown word: the nearest known one, or the list of them."""
    known = sorted(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"'
    return "use one of: " + ", ".join(known) if known else "none is defined"

"""What a result says of itself: the version of the code, and summary.json of a run with its writer and reader.

The record stands here because a package on the left (`ledger trace`) and one on the right (the monitor's planning
figures) read what the simulation's findings write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from safeconduct.terms.faults import UsageError
from safeconduct.terms.files import check_result

VERSION = "0.2.0"  # of the code; as in pyproject.toml
SUMMARY_FILE = "summary.json"
QUANTILES = ("p05", "p25", "p50", "p75", "p95")
Band = Mapping[str, float | None]  # one number a quantile; None where undefined or later than the case lasts
COUNTS = ("n_claims", "n_parameters", "n_assumed", "n_runs", "n_failed_runs")


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run says of itself to other programs. In the file each outcome stands under its own name."""

    outcomes: Mapping[str, Band]  # name -> quantiles over runs
    n_runs: int
    n_failed_runs: int = 0
    n_claims: int = 0
    n_parameters: int = 0
    n_assumed: int = 0  # parameters without a published source
    fitted_until: str | None = None
    scores: object = ()  # rows of scores; with camps, what is scored of all camps too
    told: Mapping[str, str] = field(default_factory=dict)  # outcome -> what travellers report of it, in words
    phases: Sequence[object] = ()  # of a case with phases: each with its measures
    actors: tuple[str, ...] = ()  # what is said of parties whose acts were drawn from a game

    @property
    def camps(self) -> Mapping[str, Mapping[str, float]] | None:
        """The averaged relative difference of camps, where there are any."""
        return self.scores.get("ard") if isinstance(self.scores, Mapping) else None

    @property
    def is_for_planning(self) -> bool:
        """Whether a planner may use it: not where the parties' acts were drawn from a game."""
        return not self.actors


def summary_text(found: RunSummary) -> str:
    """The file's text: JSON that any reader takes, without NaN."""
    record = {
        **found.outcomes,
        "scores": found.scores,
        "fitted_until": found.fitted_until,
        **{name: getattr(found, name) for name in COUNTS},
        "told": found.told,
        **({"phases": list(found.phases)} if found.phases else {}),
        **({"actors": list(found.actors)} if found.actors else {}),
    }
    return as_json(record)


def read_summary(folder: Path) -> RunSummary | None:
    """The summary of the run in a folder; None where there is none, or another kind of result.

    Raises UsageError where the file is no JSON or its numbers are none.
    """
    path = folder / SUMMARY_FILE
    check_result(folder)
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as wrong:
        raise UsageError(f"{path} is not JSON: {wrong}; expected a run's record; run the case again") from None
    if not isinstance(found, dict) or "n_runs" not in found:
        return None
    outcomes = {name: band for name, band in found.items() if is_band(band)}
    try:
        counts = {name: int(found.get(name) or 0) for name in COUNTS}
    except (TypeError, ValueError):
        raise UsageError(f"{path} has a count that is no whole number; run the case again") from None
    told, phases, actors = found.get("told"), found.get("phases"), found.get("actors")
    return RunSummary(
        outcomes,
        fitted_until=found.get("fitted_until"),
        scores=found.get("scores", ()),
        told=told if isinstance(told, dict) else {},
        phases=phases if isinstance(phases, list) else (),
        actors=tuple(map(str, actors)) if isinstance(actors, list) else (),
        **counts,
    )


def is_band(value: object) -> bool:
    """Whether a value of the file is an outcome's quantiles: every one of them, each a number or null."""
    return (
        isinstance(value, dict)
        and set(QUANTILES) <= set(value)
        and all(one is None or isinstance(one, int | float) for one in value.values())
    )


def as_json(value: object) -> str:
    """JSON that any reader takes: no NaN, one key a line, ending with a line break."""
    return json.dumps(without_nan(value), indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def without_nan(value: object) -> object:
    """The same value with None for numbers that are none."""
    if isinstance(value, Mapping):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value

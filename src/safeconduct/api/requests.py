"""What a user asks for, as plain records, and what is read for it: the changed case and the fitted sample.

A request says what is wanted and holds no result. The functions here turn it into a `Scenario` and a `Sample`; what is
wrong with a request and with the case is gathered and reported at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.ensemble import WHOLE, Part, code_hash, libraries
from safeconduct.scenario import (
    INSIDE,
    OUTSIDE,
    Scenario,
    WalkReading,
    ending,
    find_case,
    is_cut,
    value_is_possible,
    with_event_time,
    with_parameter,
)
from safeconduct.scenario import read_case as scenario_in
from safeconduct.terms import VERSION, CaseError, Mistakes, UsageError, is_there, parse_time, show_time, text_of

if TYPE_CHECKING:
    from safeconduct.inference import Effort, ErrorModel, Identifiability, Sample

SAMPLE_FILE = "sample.csv"  # of a case folder: what `fit` left there
IDENTIFIABILITY_FILE = "left_open.json"  # beside the sample: how far the fit tells parameters apart
CaseLike = str | Path | Scenario  # a shipped case's name, a folder, or a case that was read


def read_case(case: str | Path) -> Scenario:
    """A case, read and checked: places, roads, people, events, parameters with their sources, and the record.

    case: a shipped case's name, or a folder, ours or in Flee's format. Raises CaseError with every fault of every file,
    UsageError for an unknown case.
    """
    return scenario_in(case)


def unwatched(done: int, total: int) -> None:
    """Progress that nothing shows."""


def untold(sentence: str) -> None:
    """A warning that nothing shows."""


@dataclass(frozen=True)
class Watch:
    """Where progress and warnings go, and what was wrong with the question before the case was read."""

    progress: Callable[[int, int], None] = unwatched  # runs done, runs in all
    tell: Callable[[str], None] = untold  # a warning, as a sentence
    mistakes: Mistakes = field(default_factory=Mistakes)


@dataclass(frozen=True)
class RunRequest:
    """A case, changes to it, and how many runs from which seed."""

    case: CaseLike
    n_runs: int = 200
    seed: int = 0
    workers: int = 0  # processes at a time; 0 = one per core
    parameters: Mapping[str, float | str] = field(default_factory=dict)  # name -> value held in every run
    events: Mapping[str, datetime | str] = field(default_factory=dict)  # id -> the time to which it is moved
    routes: Path | None = None  # table of roads to add or replace
    from_priors: bool = False  # draw parameters from their priors, not from the fitted sample
    as_walk: WalkReading | None = None  # how a folder in Flee's format is read
    sample_from: Path | None = None  # a folder that `fit` has written, instead of the case's own
    held: Mapping[str, float | str] = field(default_factory=dict)  # values of a what-if in both worlds
    is_strategic: bool = False  # the parties' acts in the simulated period are drawn from the game
    coding: str = ""  # of the game; empty = the one that the case's coupling names
    account: str = ""  # of the game; empty = all, by how well they predict the record
    since: datetime | str = ""  # what is written begins here; the state there comes from the runs before it
    until: datetime | str = ""  # the runs end here
    belief_as_trust: bool = False  # the public belief in the force is people's trust
    cluster: str = ""  # address of a Dask scheduler that simulates instead of local processes
    part: Part = WHOLE  # (k, n): only the k-th of n parts of the runs
    gather: Path | None = None  # a folder of such parts, whose finished runs are taken over
    start_from: Path | None = None  # finished runs of a longer case, whose state this one starts from


@dataclass(frozen=True)
class FitRequest:
    """Which parameters of a case to fit, on the record up to when, at what effort."""

    case: CaseLike
    until: datetime  # rows up to this time are fitted on
    names: tuple[str, ...]  # of parameters
    effort: Effort
    error: ErrorModel
    also: tuple[str, ...] = ()  # further quantities to fit on
    seed: int = 0
    workers: int = 0  # 0 = one per core
    step_minutes: float | None = None  # None = the case's own
    stops: bool = False  # simulate no further than `until`
    cluster: str = ""  # address of a Dask scheduler that simulates instead of local processes


def values_set(asked: RunRequest) -> dict[str, float | str]:
    """Parameters that the user gives one value in every run."""
    return {**asked.held, **asked.parameters}


def read_asked(asked: RunRequest, mistakes: Mistakes) -> Scenario:
    """The case as its folder says. Raises a fault at once, with the mistakes so far: nothing more can be checked."""
    case = asked.case
    if isinstance(case, Scenario):
        if asked.routes is None:
            return case
        case = case.folder
    try:
        return scenario_in(case, extra_routes=asked.routes, as_walk=asked.as_walk)
    except (CaseError, UsageError) as error:
        mistakes.add(error)
        raise mistakes.together() from None


STORE = "runs"  # of an output folder: finished runs, until the result is written


def stores_gathered(asked: RunRequest, mistakes: Mistakes) -> list[Path]:
    """Folders with the finished runs of parts that the request gathers; what is wrong with that is a mistake."""
    number, n_parts = asked.part
    with mistakes:
        if asked.cluster:
            from safeconduct.ensemble import check_cluster

            check_cluster(asked.cluster)
    with mistakes:
        if not 1 <= number <= min(n_parts, asked.n_runs):
            raise UsageError(
                f"--part is {number}/{n_parts} of {asked.n_runs} runs; expected a part from 1 on that has runs."
            )
    if asked.gather is None:
        return []
    found = sorted(path for path in asked.gather.glob(f"*/{STORE}") if path.is_dir())
    with mistakes:
        if asked.part != WHOLE:
            raise UsageError("--gather puts parts together; expected it without --part.")
        if not found:
            raise UsageError(
                f"{asked.gather} holds no parts; expected folders that --part has written, such as 1-of-5."
            )
    return found


def with_changes(asked: RunRequest, scenario: Scenario, mistakes: Mistakes) -> Scenario:
    """A case with the user's values and times, as far as they are possible."""
    for name, value in values_set(asked).items():
        with mistakes:
            scenario = with_parameter(scenario, name, value)
    for event, time in asked.events.items():
        with mistakes:
            scenario = with_event_time(scenario, event, time if isinstance(time, str) else show_time(time))
    return scenario


def scenario_of(asked: RunRequest) -> Scenario:
    """The case with the user's changes. Raises CaseError or UsageError, with every fault in a sentence."""
    mistakes = Mistakes()
    scenario = with_changes(asked, read_asked(asked, mistakes), mistakes)
    mistakes.tell()
    return scenario


def case_folder(case: CaseLike) -> Path:
    """The folder of a case. Raises UsageError where there is none."""
    return case.folder if isinstance(case, Scenario) else find_case(case)


def fit_folder(asked: RunRequest) -> Path:
    """Where the sample lies, and what its fit leaves open: the folder named for it, else that of the case."""
    return asked.sample_from or case_folder(asked.case)


def has_sample(folder: Path) -> bool:
    """Whether a fit left its sample in a folder."""
    return is_there(folder / SAMPLE_FILE)


def sample_for(asked: RunRequest, scenario: Scenario) -> Sample | None:
    """The fitted sample that the case ships or the user names, unless it is to be left aside. Raises UsageError."""
    if asked.start_from:
        from safeconduct.inference.timeline import start_sample

        return start_sample(asked.start_from, scenario)
    path = fit_folder(asked) / SAMPLE_FILE
    if asked.sample_from and not path.exists():
        raise UsageError(
            f"{path} does not exist; write it with safeconduct fit {scenario.key} --out {asked.sample_from}."
        )
    if asked.from_priors or not is_there(path):
        return None
    from safeconduct.inference import read_sample  # here, as few cases ship a sample

    sample = read_sample(path)
    unknown = set(sample.names) - set(scenario.parameters)
    if unknown:
        raise UsageError(f"{path} has parameters that the case has not: {', '.join(sorted(unknown))}; fit it anew.")
    for name, column in zip(sample.names, sample.values.T, strict=True):
        if not all(value_is_possible(name, float(value)) for value in (column.min(), column.max())):
            raise UsageError(f"{path} has values of {name} that it cannot have; fit it anew.")
    known = {place.key for place in scenario.places}
    if scenario.timeline:
        known |= {INSIDE, OUTSIDE, *(one.id for one in scenario.timeline.passages)}
    for quantity, place in sample.fitted_targets:
        if place not in known:
            raise UsageError(f'{path} was fitted on {quantity} at "{place}", which the case has not; fit it anew.')
    return sample


def identifiability_of(asked: RunRequest, sample: Sample | None) -> Identifiability | None:
    """How far the fit behind a sample tells parameters apart, where the case ships that too. Raises UsageError."""
    path = fit_folder(asked) / IDENTIFIABILITY_FILE
    if sample is None or not is_there(path):
        return None
    from safeconduct.inference import read_identifiability

    found = read_identifiability(path)
    is_other = {one.name for one in found.ranges if one.is_parameter} != set(sample.names)
    if is_other or found.of_sample not in ("", sample.hash):
        raise UsageError(f"{path} is of another fit than {SAMPLE_FILE} beside it; fit the case anew.")
    return found


def provenance_of(asked: RunRequest, scenario: Scenario, sample: Sample | None, command: str) -> dict[str, object]:
    """All that is needed to make the result again."""
    return {
        "command": command,
        "code_version": VERSION,
        "code": code_hash(),
        "commit": commit(),
        "libraries": libraries(),
        "case": scenario.key if isinstance(asked.case, Scenario) else str(asked.case),
        "scenario": scenario.hash,
        "ledger": scenario.ledger.revision,
        "seed": asked.seed,
        "n_runs": asked.n_runs,
        "parameters_set": {name: str(value) for name, value in asked.parameters.items()},
        **({"parameters_held_in_both_worlds": {n: str(v) for n, v in asked.held.items()}} if asked.held else {}),
        "events_moved": {event: str(time) for event, time in asked.events.items()},
        "extra_routes": text_of(asked.routes) if asked.routes else None,
        "drawn_from": drawn_from(sample) if sample else "priors",
        "priors_cut_to_range": [one.name for one in scenario.parameters.values() if is_cut(one)],
    }


def commit() -> str:
    """The commit of the checkout that the code lies in; empty where it was installed from elsewhere."""
    git = Path(__file__).resolve().parents[3] / ".git"
    try:
        if git.is_file():  # a further worktree: the file says where its own part lies
            git = (git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text("utf-8").strip()
        name = head.removeprefix("ref: ")
        if name == head:
            return head
        shared = git / "commondir"
        common = (git / shared.read_text("utf-8").strip()).resolve() if shared.is_file() else git
        for place in (git, common):
            if (place / name).is_file():
                return (place / name).read_text("utf-8").strip()
        packed = (common / "packed-refs").read_text("utf-8").splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""


def drawn_from(sample: Sample) -> dict[str, str]:
    """Which sample parameters were drawn from: what it was fitted on, by which command, and a hash of its file."""
    targets = "; ".join(f"{quantity} at {place}" for quantity, place in sample.fitted_targets)
    return {
        "fitted on": f"{sample.fitted_rows} figures of {targets}",
        "fitted until": show_time(sample.fitted_until),
        "hash": sample.hash,
    } | dict(sample.about)


def with_window(asked: RunRequest, scenario: Scenario, mistakes: Mistakes) -> Scenario:
    """The case ending where the request ends, as far as its times are possible."""
    if asked.until:
        with mistakes:
            scenario = ending(scenario, time_of("--until", asked.until))
    if asked.since:
        with mistakes:
            time_within(scenario, "--from", asked.since)
    return scenario


def time_of(option: str, said: datetime | str) -> datetime:
    """A time, typed or not. Raises UsageError where a text is none."""
    return time_typed(option, said) if isinstance(said, str) else said


def time_typed(option: str, text: str) -> datetime:
    """A time as typed. Raises UsageError where it is none."""
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None


def time_within(scenario: Scenario, option: str, text: str | datetime) -> datetime:
    """A time as typed, within the clock of a case. Raises UsageError where it is none."""
    time = time_of(option, text)
    start, end = scenario.clock.start, scenario.clock.end
    if not start <= time <= end:
        raise UsageError(f"{option} is {text}; expected a time from {show_time(start)} to {show_time(end)}.")
    return time

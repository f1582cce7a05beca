"""What a user asks for: a case, changes to it, how many runs from which seed; and what a case ships for them.

Comes in: words of the command line. Goes out: the changed scenario, the fitted sample, the parties of the game, the
provenance. Refuses to know: how anything is run. `study.py` is the path that follows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeconduct import __version__
from safeconduct.accounts import (
    ACCOUNTS,
    GAMES,
    ROLE_MENUS,
    Cache,
    Coding,
    Intervention,
    Players,
    coding_names,
    parse_do,
    players_of,
    read_codings,
)
from safeconduct.inference import (
    Effort,
    ErrorModel,
    Identifiability,
    Question,
    Sample,
    also_to_fit,
    candidates,
    like_headline,
    read_identifiability,
    read_sample,
    rows_to_fit,
)
from safeconduct.scenario import (
    Coupling,
    Scenario,
    Target,
    WalkReading,
    ending,
    find_case,
    known_parameter,
    read_case,
    read_coupling,
    with_event_time,
    with_parameter,
)
from safeconduct.terms import CaseError, Mistakes, UsageError, closest, parse_time, show_time

SAMPLE_FILE = "sample.csv"  # of a case folder: what `fit` left there
LEFT_OPEN_FILE = "left_open.json"  # beside the sample: what the fit leaves open
GAMES_OF_ONE = 400  # solved games of a single account


@dataclass(frozen=True)
class Study:
    """What a user asks for: a case, changes to it, and how many runs from which seed."""

    case: str
    n_runs: int = 200
    seed: int = 0
    workers: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)  # --set
    events: Mapping[str, str] = field(default_factory=dict)  # --event ID.time
    routes: Path | None = None  # --routes
    from_priors: bool = False  # leave the fitted sample aside
    as_walk: WalkReading | None = None  # how a folder in Flee's format is read
    sample_from: Path | None = None  # --sample: a folder that `fit --out` has written, instead of the case's own
    held: Mapping[str, str] = field(default_factory=dict)  # --hold: parameters with one value in the factual world too
    is_strategic: bool = False  # the parties' acts in the simulated period are drawn from the game
    coding: str = ""  # of the game; empty = the one that the case's coupling names
    account: str = ""  # of the game; empty = all, by how well they foresee the record
    since: str = ""  # --from: what is written begins here; the state there comes from the runs before it
    until: str = ""  # --until: the runs end here
    belief_as_trust: bool = False  # the public belief in the force is people's trust

    @property
    def values_set(self) -> dict[str, str]:
        """Parameters that the user gives one value in every run."""
        return {**self.held, **self.parameters}

    def changes(self, scenario: Scenario) -> dict[str, float]:
        """The same as numbers."""
        return {name: scenario.parameters[name].value for name in self.values_set}

    def read(self, mistakes: Mistakes) -> Scenario:
        """The case as its folder says. Raises a fault at once, with the mistakes so far: nothing more can be told."""
        try:
            return read_case(self.case, extra_routes=self.routes, as_walk=self.as_walk)
        except (CaseError, UsageError) as error:
            mistakes.add(error)
            raise mistakes.together() from None

    def with_changes(self, scenario: Scenario, mistakes: Mistakes) -> Scenario:
        """A case with the user's values and times, as far as they are possible."""
        for name, value in self.values_set.items():
            with mistakes:
                scenario = with_parameter(scenario, name, value)
        for event, time in self.events.items():
            with mistakes:
                scenario = with_event_time(scenario, event, time)
        return scenario

    def scenario(self) -> Scenario:
        """The case with the user's changes. Raises CaseError or UsageError, with every fault in a sentence."""
        mistakes = Mistakes()
        scenario = self.with_changes(self.read(mistakes), mistakes)
        mistakes.tell()
        return scenario

    @property
    def fit_folder(self) -> Path:
        """Where the sample lies, and what its fit leaves open: the folder named for it, else that of the case."""
        return self.sample_from or Path(find_case(self.case))

    def sample(self, scenario: Scenario) -> Sample | None:
        """The fitted sample that the case ships or the user names, unless it is to be left aside."""
        path = self.fit_folder / SAMPLE_FILE
        if self.sample_from and not path.exists():
            raise UsageError(
                f"{path} does not exist; write it with safeconduct fit {self.case} --out {self.fit_folder}."
            )
        if self.from_priors or not path.exists():
            return None
        sample = read_sample(path)
        unknown = set(sample.names) - set(scenario.parameters)
        if unknown:
            raise UsageError(f"{path} has parameters that the case has not: {', '.join(sorted(unknown))}; fit it anew.")
        known = {place.key for place in scenario.places}
        for quantity, place in sample.fitted_targets:
            if place not in known:
                raise UsageError(f'{path} was fitted on {quantity} at "{place}", which the case has not; fit it anew.')
        return sample

    def left_open(self, sample: Sample | None) -> Identifiability | None:
        """What the fit behind a sample leaves open, where the case ships that too."""
        path = self.fit_folder / LEFT_OPEN_FILE
        if sample is None or not path.exists():
            return None
        found = read_identifiability(path)
        if {one.name for one in found.ranges if one.is_parameter} != set(sample.names):
            raise UsageError(f"{path} is of another fit than {SAMPLE_FILE} beside it; fit the case anew.")
        return found

    def coded(self, scenario: Scenario, mistakes: Mistakes) -> tuple[Coupling, Coding]:
        """How game and case meet, and the coding of the record; a name that there is not is noted and left aside."""
        coupling = read_coupling(Path(find_case(self.case)), scenario, ROLE_MENUS)
        codings = coding_names(coupling.codings.parent)
        accounts = [account.key for account in ACCOUNTS]
        for option, name, known in (("--coding", self.coding, codings), ("--account", self.account, accounts)):
            with mistakes:
                if name and name not in known:
                    raise UsageError(f'{option}: there is no "{name}" in the game; {closest(name, known)}.')
        coding = self.coding if self.coding in codings else coupling.coding
        return coupling, read_codings(coupling.codings, [coding])[0]

    def act(self, do: str, scenario: Scenario, mistakes: Mistakes) -> Intervention:
        """The act of a party that `--do` sets, before any game is solved. Raises UsageError or CaseError."""
        return parse_do(do, *self.coded(scenario, mistakes), scenario)

    def players(self, scenario: Scenario, *, is_recorded: bool) -> Players:
        """The parties of the game, one solved game a run. Raises UsageError or CaseError."""
        mistakes = Mistakes()
        coupling, coding = self.coded(scenario, mistakes)
        mistakes.tell()
        accounts = tuple(account for account in ACCOUNTS if self.account in ("", account.key))
        library = Cache(self.seed, GAMES if len(accounts) > 1 else GAMES_OF_ONE, accounts=accounts)
        return players_of(coupling, coding, library, n_runs=self.n_runs, seed=self.seed, is_recorded=is_recorded)

    def trust(self, beliefs: NDArray[np.float64]) -> tuple[dict[str, float], ...]:
        """[run] the public belief as people's trust, where that is asked for."""
        return tuple({"trust": float(belief)} for belief in beliefs) if self.belief_as_trust else ()

    def provenance(self, scenario: Scenario, sample: Sample | None, command: str) -> dict[str, object]:
        """All that is needed to make the result again."""
        return {
            "command": command,
            "code_version": __version__,
            "case": self.case,
            "scenario": scenario.hash,
            "ledger": scenario.ledger.revision,
            "seed": self.seed,
            "n_runs": self.n_runs,
            "parameters_set": dict(self.parameters),
            **({"parameters_held_in_both_worlds": dict(self.held)} if self.held else {}),
            "events_moved": dict(self.events),
            "extra_routes": self.routes.read_text(encoding="utf-8") if self.routes else None,
            "drawn_from": self.drawn_from(sample) if sample else "priors",
        }

    def drawn_from(self, sample: Sample) -> dict[str, str]:
        """Which sample parameters were drawn from: what it was fitted on, by which command, and a hash of its file."""
        content = (self.fit_folder / SAMPLE_FILE).read_bytes()
        targets = "; ".join(f"{quantity} at {place}" for quantity, place in sample.fitted_targets)
        return {
            "fitted on": f"{sample.fitted_rows} figures of {targets}",
            "fitted until": show_time(sample.fitted_until),
            "hash": blake2b(content, digest_size=8).hexdigest(),
        } | dict(sample.about)


@dataclass(frozen=True)
class FitRequest:
    """What a user asks of a fit: which parameters of a case, on the record up to when, at what effort."""

    case: Path  # its folder
    until: datetime  # rows up to this time are fitted on
    names: tuple[str, ...]  # of parameters
    effort: Effort
    error: ErrorModel
    also: tuple[str, ...] = ()  # further quantities to fit on
    out: Path | None = None  # folder for the sample, from where `Study.sample_from` takes it; None = the case's
    seed: int = 0
    workers: int = 0  # 0 = one per core
    step_minutes: float | None = None  # None = the case's own
    stops: bool = False  # simulate no further than `until`

    @property
    def file(self) -> Path:
        """Where the sample goes."""
        return (self.out or self.case) / SAMPLE_FILE

    def check_file(self) -> None:
        """Raise UsageError where the sample could not be written, before any run."""
        folder = self.file.parent
        nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise UsageError(f"{folder} cannot be written; name a folder of your own with --out.")

    def scenario(self) -> Scenario:
        """The case with the clock that is asked for. Raises CaseError."""
        scenario = read_case(self.case)
        clock = scenario.clock
        end = min(self.until, clock.end) if self.stops else clock.end
        return replace(scenario, clock=replace(clock, end=end, step_minutes=self.step_minutes or clock.step_minutes))

    def headline(self, scenario: Scenario) -> Target:
        """The target that the case opens with. Raises UsageError where its record has no figure of it."""
        for target in scenario.targets:
            if (target.quantity, target.place) == scenario.headline:
                return target
        quantity, place = scenario.headline
        raise UsageError(f"{quantity} at {place} is no target of the case; add the headline to targets in case.yaml.")

    def question(self, scenario: Scenario) -> Question:
        """What is to be fitted to what. Raises UsageError for a parameter or quantity that there is not, or twice."""
        if len(set(self.names)) < len(self.names):
            raise UsageError("--param names a parameter twice; name each once.")
        parameters = tuple(known_parameter(scenario, name) for name in self.names)
        rows = (
            *rows_to_fit(scenario, like_headline(scenario), self.until),
            *also_to_fit(scenario, self.also, self.until),
        )
        observables = candidates(scenario, self.until)
        return Question(parameters, rows, self.error.covariance(rows), observables, self.error.added(rows))


@dataclass(frozen=True)
class TwoWorlds:
    """What is asked of a what-if, read and checked: the case as it stands and as the user changes it."""

    as_it_is: Study
    case: Scenario
    changed: Scenario
    sample: Sample | None
    hours: tuple[float, ...]  # at which arrivals are told
    done: Intervention | None  # the act that is set


def two_worlds(study: Study, times: Iterable[str], do: str, mistakes: Mistakes) -> TwoWorlds:
    """Read all that a what-if asks for. Raises CaseError or UsageError with every mistake, those noted before too."""
    as_it_is = replace(study, parameters={}, events={}, routes=None)
    sample, done = None, None
    hours: list[float] = []
    case = changed = as_it_is.read(mistakes)
    if study.routes:
        with mistakes:
            changed = study.read(Mistakes())
    case, changed = as_it_is.with_changes(case, mistakes), study.with_changes(changed, mistakes)
    for time in times:
        with mistakes:
            hours.append(case.clock.hour_of(time_within(case, "--at", time)))
    with mistakes:
        sample = study.sample(case)
    if do:
        with mistakes:
            done = study.act(do, case, mistakes)
    mistakes.tell()
    return TwoWorlds(as_it_is, case, changed, sample, tuple(hours), done)


def one_world(study: Study, mistakes: Mistakes) -> tuple[Scenario, Sample | None, Identifiability | None]:
    """Read all that a run asks for. Raises CaseError or UsageError with every mistake, those noted before too."""
    scenario = study.with_changes(study.read(mistakes), mistakes)
    sample, left_open = None, None
    if study.until:
        with mistakes:
            scenario = ending(scenario, time_typed("--until", study.until))
    if study.since:
        with mistakes:
            time_within(scenario, "--from", study.since)
    with mistakes:
        sample = study.sample(scenario)
        left_open = study.left_open(sample)
    if study.is_strategic:
        with mistakes:
            study.coded(scenario, mistakes)
    mistakes.tell()
    return scenario, sample, left_open


def time_typed(option: str, text: str) -> datetime:
    """A time as typed. Raises UsageError where it is none."""
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None


def time_within(scenario: Scenario, option: str, text: str) -> datetime:
    """A time as typed, within the clock of a case. Raises UsageError where it is none."""
    time = time_typed(option, text)
    start, end = scenario.clock.start, scenario.clock.end
    if not start <= time <= end:
        raise UsageError(f"{option} is {text}; expected a time from {show_time(start)} to {show_time(end)}.")
    return time

"""Forecasts and back-tests of a case, asked for by plain values; the command line and Python callers start here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from safeconduct.api.camps import CampBacktestResult, CampForecastResult, camp_backtest, camp_forecast
from safeconduct.api.frames import html_table
from safeconduct.api.requests import CaseLike
from safeconduct.ensemble import code_hash, libraries, refuse_much_work
from safeconduct.findings.forecast import (
    backtest_table,
    by_day_and_place,
    forecast_in_short,
    tables_beside,
    write_backtest,
    write_forecast,
)
from safeconduct.inference.assimilate import (
    Assimilated,
    Backtest,
    Forecast,
    KeptStages,
    doubts,
    effort_for,
    every_12_hours,
    make_forecast,
)
from safeconduct.inference.assimilate import backtest as score_origins
from safeconduct.ledger import Table
from safeconduct.scenario import Scenario, read_case, with_parameter
from safeconduct.terms import VERSION, UsageError, parse_time, show_time

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[int, int], None]
PARTICLES = 300


def silent(done: int, total: int) -> None:
    """Progress that is not shown."""


@dataclass(frozen=True)
class ForecastRequest:
    """What a forecast is asked for."""

    case: CaseLike
    as_of: str = ""  # of a back-test, whose origins are given apart, empty
    horizon_hours: float | None = None  # None = to the end of the case
    particles: int = PARTICLES
    seed: int = 0
    workers: int = 0
    parameters: Mapping[str, float | str] | None = None  # name -> value held in every run
    with_waits: bool = True  # reported waits are evidence
    with_queues: bool = True  # reported queues are evidence

    def scenario(self) -> Scenario:
        """The case, with values set. Raises CaseError or UsageError."""
        scenario = self.case if isinstance(self.case, Scenario) else read_case(self.case)
        for name, value in (self.parameters or {}).items():
            scenario = with_parameter(scenario, name, value)
        return scenario

    def times(self, scenario: Scenario) -> tuple[datetime, datetime]:
        """The origin and the end. Raises UsageError where the origin is no time within the case."""
        when = time_of(scenario, "--as-of", self.as_of)
        if self.horizon_hours is None:
            return when, scenario.clock.end
        return when, min(when + timedelta(hours=self.horizon_hours), scenario.clock.end)

    @property
    def key(self) -> str:
        """All that decides what particles there are."""
        case = self.case.folder if isinstance(self.case, Scenario) else self.case
        return repr((VERSION, replace(self, workers=0, case=str(case))))


@dataclass(frozen=True)
class ForecastResult:
    """A forecast as a value: frames to look at, a folder to write."""

    made: Forecast
    provenance: Mapping[str, object]

    def by_day_and_place(self) -> pl.DataFrame:
        """The planning sheet: one row a day, place and measure, with best case, most likely and worst case."""
        return by_day_and_place(self.made)

    @property
    def doubts(self) -> list[str]:
        """What to know before the figures are used."""
        return doubts(self.made)

    def in_short(self) -> list[str]:
        """The headline in sentences."""
        return forecast_in_short(self.made)

    def write(self, folder: Path | str, remark: str = "") -> Path:
        """Write the planning sheet, the pages and what `run` writes, with a remark; returns the page to open."""
        return write_forecast(Path(folder), self.made, self.provenance, remark)

    def __repr__(self) -> str:
        return "\n".join(self.in_short())

    def _repr_html_(self) -> str:
        return html_table("Forecast", ("in short",), [[line] for line in self.in_short()])


def time_of(scenario: Scenario, option: str, text: str) -> datetime:
    """A time as typed, within the clock of a case. Raises UsageError where it is none."""
    try:
        when = parse_time(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from None
    start, end = scenario.clock.start, scenario.clock.end
    if not start < when < end:
        raise UsageError(f"{option} is {text}; expected a time between {show_time(start)} and {show_time(end)}.")
    return when


def forecast(
    case: CaseLike | ForecastRequest,
    as_of: str = "",
    *,
    horizon_hours: float | None = None,
    particles: int = PARTICLES,
    seed: int = 0,
    workers: int = 0,
    set: Mapping[str, float | str] | None = None,
    with_waits: bool = True,
    with_queues: bool = True,
    keep_in: Path | None = None,
    command: str = "",
    progress: Progress = silent,
) -> ForecastResult | CampForecastResult:
    """Who will arrive where by when, given what was published by a time.

    case: a shipped case's name, a folder, a case that was read, or a whole `ForecastRequest` (then `as_of` to
    `with_queues` stand there). as_of: a time with its offset from UTC. horizon_hours: how far ahead; None = to the
    end of the case. particles: runs conditioned on the record. set: parameter -> value held in every run. with_waits,
    with_queues: whether reported waits and queues are evidence. keep_in: a folder to resume from.

    Raises CaseError or UsageError.
    """
    asked = case
    if not isinstance(asked, ForecastRequest):
        asked = ForecastRequest(asked, as_of, horizon_hours, particles, seed, workers, set, with_waits, with_queues)
    return forecast_of(asked, asked.scenario(), keep_in=keep_in, command=command, progress=progress)


def forecast_of(
    asked: ForecastRequest,
    scenario: Scenario,
    *,
    keep_in: Path | None = None,
    command: str = "",
    progress: Progress = silent,
) -> ForecastResult | CampForecastResult:
    """The forecast of a case that has been read."""
    if scenario.walk is not None:
        return camp_forecast(scenario, asked.as_of, horizon_hours=asked.horizon_hours, seed=asked.seed, command=command)
    return ForecastResult(*crossings_ahead(asked, scenario, keep_in, command, progress))


def crossings_ahead(
    asked: ForecastRequest, scenario: Scenario, keep_in: Path | None, command: str, progress: Progress
) -> tuple[Forecast, dict[str, object]]:
    """The forecast of a case whose crossings are counted, and what it came from."""
    when, until = asked.times(scenario)
    refuse_much_work(scenario, asked.particles, scenario.values({}))
    code = f"{code_hash('inference')} {libraries()}"
    kept = KeptStages(keep_in, f"{asked.key} {scenario.hash} {code}") if keep_in else None
    made = make_forecast(
        scenario, when, until, seed=asked.seed, workers=asked.workers,
        effort=effort_for(asked.particles), fixed=fixed(scenario, asked), with_waits=asked.with_waits,
        with_queues=asked.with_queues, resume=kept.stages if kept else (), progress=progress,
        keep=kept.keep if kept else lambda stage: None,
    )  # fmt: skip
    if kept:
        kept.done()
    return made, provenance_of(asked, scenario, made.assimilated, command)


def fixed(scenario: Scenario, asked: ForecastRequest) -> dict[str, float]:
    """Values set by the user, as numbers."""
    return {name: scenario.parameters[name].value for name in asked.parameters or {}}


def provenance_of(asked: ForecastRequest, scenario: Scenario, found: Assimilated, command: str) -> dict[str, object]:
    """What a forecast came from."""
    import platform

    import numba
    import numpy

    return {
        "command": command,
        "case": scenario.key,
        "scenario_hash": scenario.hash,
        "ledger_revision": scenario.ledger.revision,
        "as_of": asked.as_of,
        "seed": asked.seed,
        "n_runs": len(found.runs),
        "particles": len(found.particles),
        "simulated_share": found.setting.share,
        "reported_waits_are_evidence": asked.with_waits,
        "reported_queues_are_evidence": asked.with_queues,
        "parameters_set": dict(asked.parameters or {}),
        "safeconduct": VERSION,
        "numpy": numpy.__version__,
        "numba": numba.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


@dataclass(frozen=True)
class BacktestResult:
    """Scores of forecasts from many origins beside those of simple rules."""

    title: str
    found: Backtest

    def table(self) -> Table:
        """CRPS by origin and forecaster, for a terminal."""
        return backtest_table(self.found)

    def tables_beside(self) -> list[Table]:
        """Coverage of the intervals, and waits ever reported, for a terminal."""
        return tables_beside(self.found)

    def write(self, folder: Path | str) -> Path:
        """Write all scores as a table and a page; returns the page."""
        return write_backtest(Path(folder), self.found, self.title)

    def __repr__(self) -> str:
        return f"Back-test of {self.title}"

    def _repr_html_(self) -> str:
        found = self.table()
        return html_table(found.title, found.header, found.rows)


def backtest(
    case: CaseLike | ForecastRequest,
    origins: Iterable[str],
    *,
    particles: int = PARTICLES,
    seed: int = 0,
    workers: int = 0,
    set: Mapping[str, float | str] | None = None,
    progress: Progress = silent,
) -> BacktestResult | CampBacktestResult:
    """Forecasts from many origins, scored beside simple rules on what was published after each origin.

    case: as for `forecast`; a `ForecastRequest` also says how many particles, which seed and which evidence.
    origins: times with their offset from UTC. Raises CaseError, or UsageError for an origin outside the case.
    """
    asked = case
    if not isinstance(asked, ForecastRequest):
        asked = ForecastRequest(asked, "", None, particles, seed, workers, set)
    scenario = asked.scenario()
    origins = tuple(origins)
    if scenario.walk is not None and origins:
        return camp_backtest(scenario, origins, seed=asked.seed)
    times = sorted({time_of(scenario, "--origins", text) for text in origins})
    if not times:
        raise UsageError("--origins is empty; expected times, such as 2023-09-27T15:00+04:00, divided by commas.")

    def at(when: datetime) -> Forecast:
        one = replace(asked, as_of=show_time(when))
        watch = partial(part_of_all, progress, times.index(when), len(times))
        return crossings_ahead(one, scenario, None, "", watch)[0]

    return BacktestResult(scenario.title, score_origins(scenario, times, at, doubts))


def origins_typed(text: str) -> list[str]:
    """Times as typed: divided by commas, or FIRST/LAST for every 12 hours. Raises UsageError where one is none."""
    first, sign, last = text.partition("/")
    if not sign:
        return [one.strip() for one in text.split(",") if one.strip()]
    try:
        return [show_time(when) for when in every_12_hours(parse_time(first.strip()), parse_time(last.strip()))]
    except ValueError as error:
        raise UsageError(f"--origins: {error}.") from None


def part_of_all(progress: Progress, number: int, of: int, done: int, total: int) -> None:
    """Progress over all origins."""
    progress(number * total + done, of * total)

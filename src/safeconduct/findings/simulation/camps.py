"""The chapter on camps: each camp's recorded counts against the runs, and all camps together beside simple rules."""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.chapters import SMALL, Panel, time_chart
from safeconduct.findings.simulation.record import recorded_marks, target_of
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.inference import CampRow, CampScores, Scores
from safeconduct.scenario import Walk

PERSONS = "n_persons"


@dataclass(frozen=True, slots=True)
class CampLine:
    """One camp in the table."""

    name: str
    recorded: str  # persons at the end
    simulated: str  # median and range of runs at the end
    error: str  # its part of the averaged relative difference
    share: str  # the same in percent of the whole
    crps: str  # persons
    cover50: str
    cover90: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The simulation or a rule, with its averaged relative difference."""

    name: str
    is_own: bool
    error: str
    bar: float  # 0..1 of the largest


@dataclass(frozen=True, slots=True)
class Camps:
    """Everything that the chapter shows."""

    panels: list[Panel]
    lines: list[CampLine]
    rules: list[RuleLine]
    rescaled: str
    scores: CampScores
    n_days: int
    is_as_in_flee: bool  # with quirks copied
    spawned: bool  # whether newcomers are as many as the record says


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{share:.0%}".replace("%", " %")


def chapter(reading: EnsembleSummary, scores: Scores) -> Camps | None:
    """The chapter, where a case has camps with recorded counts."""
    walk, found = reading.scenario.walk, scores.camps
    if walk is None or found is None:
        return None
    rows = sorted(found.camps, key=lambda row: -row.recorded_at_end)
    return Camps(
        panels=[panel(reading, scores, row) for row in rows],
        lines=[line(reading, row, found.ard.normal.mean) for row in rows],
        rules=rules(found),
        rescaled=with_range(found.ard.rescaled.mean, found.ard.rescaled.runs),
        scores=found,
        n_days=walk.n_days,
        is_as_in_flee=has_quirks(walk),
        spawned=walk.rules.spawn_mode == "recorded",
    )


def has_quirks(walk: Walk) -> bool:
    """Whether anything is copied from Flee that a reader would not expect."""
    return walk.quirks != type(walk.quirks)()


def panel(reading: EnsembleSummary, scores: Scores, row: CampRow) -> Panel:
    """One camp over time: the runs' intervals, and the counts that were recorded on their dates."""
    target = target_of(reading, PERSONS, row.place)
    marks = recorded_marks(reading, target, scores) if target else []
    name = reading.both_names(row.place)
    label = f"Persons in {name}: recorded counts against 50 and 90 % of runs; {at_end(row)} at the end"
    bands = reading.bands[PERSONS, row.place]
    drawing = time_chart(reading, bands, width=SMALL, height=170, label=label, recorded=marks)
    return Panel(name, f"end: recorded {show_number(round(row.recorded_at_end))}, runs {at_end(row)}", drawing)


def at_end(row: CampRow) -> str:
    """Median and range of runs at the end."""
    low, middle, high = (show_number(round(count)) for count in (row.p05_at_end, row.p50_at_end, row.p95_at_end))
    return f"{middle} ({low}\N{EN DASH}{high})"


def line(reading: EnsembleSummary, row: CampRow, whole: float) -> CampLine:
    """One camp's row of the table; `whole` is the error of all camps."""
    return CampLine(
        reading.both_names(row.place),
        show_number(round(row.recorded_at_end)),
        at_end(row),
        f"{row.ard:.3f}",
        percent(row.ard / whole) if whole else "none",
        show_number(round(row.crps)),
        percent(row.cover50),
        percent(row.cover90),
    )


def with_range(mean: float, runs: tuple[float, ...]) -> str:
    """A mean with the least and the most of the runs."""
    return f"{mean:.3f} ({min(runs):.3f}\N{EN DASH}{max(runs):.3f})"


def rules(found: CampScores) -> list[RuleLine]:
    """The simulation first, then the rules."""
    own = found.ard.normal
    worst = max(own.mean, *found.baselines.values()) or 1.0
    return [
        RuleLine("simulation", is_own=True, error=with_range(own.mean, own.runs), bar=own.mean / worst),
        *(RuleLine(name, False, f"{error:.3f}", error / worst) for name, error in found.baselines.items()),
    ]

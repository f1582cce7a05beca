"""Six charts of a whole ceasefire: modelled bands, reported marks, phases as upright lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.findings.charts import DATE_WIDTH, Frame, Mark, fan, marks, nice_ticks, show_number, svg, value_axis
from safeconduct.inference.timeline import RowScore, score_phases
from safeconduct.scenario import INSIDE, OUTSIDE, QUANTITIES, Scenario
from safeconduct.terms import Clock, show_time

Floats = NDArray[np.float64]
CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)
NUMBER_WIDTH, HIGH, LOW = 14.0, 22, 34  # room for a phase's number, and where it stands
DAYS_AFTER = 30  # drawn after the last report
SETTLED = 0.995  # of the last value: a count that has reached it no longer moves
STYLE = """
.chart { font: 12px system-ui, sans-serif; background: #fff; }
.chart .b90 { fill: var(--band90); } .chart .b50 { fill: var(--band50); }
.chart .mid { fill: none; stroke: var(--median); stroke-width: 2; }
.chart .grid { stroke: var(--grid); fill: none; } .chart .axis { stroke: var(--axis); fill: none; }
.chart text { fill: var(--dark); font-size: 11px; }
.chart .phase { stroke: var(--axis); stroke-dasharray: 3 3; fill: none; }
.chart .mark { stroke-width: 1.6; } .chart .mark.fitted { fill: #fff; stroke: var(--dark); }
.chart .mark.later { fill: var(--record); stroke: #fff; stroke-width: 1; }
.chart .mark.inexact { fill: none; stroke: var(--record); }
"""


@dataclass(frozen=True)
class Chart:
    """A finished chart: what it found, and the drawing."""

    key: str
    title: str
    drawing: str


def six_charts(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool, width: float) -> list[Chart]:
    """The charts that the case's series allow, in order of the story."""
    crossing = scenario.headline[1] if scenario.headline[0] == "cum_arrivals_persons" else ""
    crossings = [place for quantity, place in ensemble.series if quantity == "cum_arrivals_persons"]
    crossing = crossing or (crossings[0] if crossings else "")
    plan = scenario.timeline
    out = next((one.id for one in plan.passages if one.direction == "out"), "") if plan else ""
    wanted = (
        ("inside", "n_persons", INSIDE, inside_title),
        ("returns", "cum_escorted_returns_persons", INSIDE, lambda b: f"Counted returns reach {rounded(b[:, -1])}"),
        ("hosted", "n_hosted_persons", OUTSIDE, hosted_title),
        ("food", "food_met_share", INSIDE, food_title),
        ("passages", "cum_passed_persons", out, lambda b: f"Let through the shut post: {rounded(b[:, -1])}"),
        ("departure", "cum_arrivals_persons", crossing, lambda b: f"Who crosses in the departure: {rounded(b[:, -1])}"),
    )
    rows = [row for one in score_phases(scenario, ensemble, is_fitted=is_fitted) for row in one.rows]
    found = []
    for key, quantity, place, title in wanted:
        if (quantity, place) not in ensemble.series:
            continue
        values = ensemble.series[quantity, place]
        seen = reported(scenario, rows, quantity, place) + targets(scenario, quantity, place)
        here = span(scenario, ensemble, key, values, last=max((mark.hour for mark in seen), default=0.0))
        if key == "departure":
            values = values - values[:, here][:, :1]  # earlier phases crossed here too
        bands = np.quantile(values[:, here], CHANCES, axis=0)
        drawing = draw(scenario, ensemble.hours[here], bands, seen, QUANTITIES[quantity][1] == "1", width)
        found.append(Chart(key, title(bands), drawing))
    return found


def span(scenario: Scenario, ensemble: Ensemble, key: str, values: Floats, *, last: float) -> slice:
    """The hours worth drawing: a month past the last report, or while the middle of the runs moves where there is none;
    the last phase for the departure.
    """
    hours, clock = ensemble.hours, scenario.clock
    if key in ("inside", "hosted"):
        return slice(0, hours.size)
    if key == "departure":
        start = clock.hour_of(scenario.phase_starts()[-1][1])
        return slice(max(int(np.searchsorted(hours, start - 1e-7)), 0), hours.size)
    middle = np.median(values, axis=0)
    if key == "food":
        moved = np.flatnonzero(middle < 0.999 * middle.max())
        starts = [clock.hour_of(when) for _, when in scenario.phase_starts()]
        first = max([s for s in starts if moved.size and s <= hours[moved[0]]], default=0.0)
        return slice(int(np.searchsorted(hours, first)), hours.size)
    first_moved = int(np.argmax(values.max(axis=0) > 0))
    settled = int(np.argmax(middle >= SETTLED * middle[-1])) if middle[-1] > 0 else hours.size
    ends = int(np.searchsorted(hours, last + 24 * DAYS_AFTER)) if last > hours[first_moved] else settled + DAYS_AFTER
    return slice(max(first_moved - 1, 0), min(ends, hours.size))


def inside_title(bands: Floats) -> str:
    """From the first to the last number of residents."""
    return f"Living inside: {show_number(round_to(bands[2, 0]))} at the start, {rounded(bands[:, -1])} at the end"


def hosted_title(bands: Floats) -> str:
    """The largest number hosted, and the last."""
    top = int(np.argmax(bands[2]))
    return f"Displaced people hosted: at most {rounded(bands[:, top])}, {rounded(bands[:, -1])} at the end"


def food_title(bands: Floats) -> str:
    """The lowest share of the need that is met."""
    low = int(np.argmin(bands[2]))
    return f"Food falls to {bands[2, low]:.0%} of the need ({bands[0, low]:.0%} to {bands[4, low]:.0%})"


def round_to(value: float) -> float:
    """To three significant figures."""
    return float(f"{value:.3g}")


def rounded(band: Floats) -> str:
    """A median and its 90 % range, rounded."""
    return f"{show_number(round_to(band[2]))} ({show_number(round_to(band[0]))} to {show_number(round_to(band[4]))})"


def reported(scenario: Scenario, rows: list[RowScore], quantity: str, place: str) -> list[Mark]:
    """Reported figures of observed.csv as marks."""
    words = {True: "used for fitting", False: "not used for fitting"}
    found = []
    for row in rows:
        one = row.seen
        if (one.quantity, one.place) != (quantity, place):
            continue
        kind = "inexact" if one.says in ("at_least", "at_most") else "fitted" if row.was_fitted else "later"
        says = f"{one.says.replace('_', ' ')} {show_number(one.best)}"
        title = f"{show_time(one.time)}: {says} ({one.reporter}), {words[row.was_fitted]}"
        found.append(Mark(scenario.clock.hour_of(one.time), one.best, kind, title))
    return found


def targets(scenario: Scenario, quantity: str, place: str) -> list[Mark]:
    """Figures of the ledger that the case is scored on as marks."""
    found = [t for t in scenario.targets if (t.quantity, t.place) == (quantity, place)]
    return [
        Mark(scenario.clock.hour_of(one.time), one.best, "later", f"{show_time(one.time)}: {show_number(one.best)}")
        for target in found
        for one in target.observations
    ]


def draw(scenario: Scenario, hours: Floats, bands: Floats, seen: list[Mark], is_share: bool, width: float) -> str:
    """One chart: bands, phases that begin inside, marks."""
    inside = [mark for mark in seen if hours[0] <= mark.hour <= hours[-1]]
    top = 1.0 if is_share else max([float(bands[4].max()), *(mark.value for mark in inside)])
    frame = Frame(width, 260.0, (float(hours[0]), float(hours[-1])), nice_ticks(top), percent=is_share, top=30.0)
    parts = [*value_axis(frame), *fan(frame, hours, bands), *month_axis(frame, scenario.clock)]
    parts += [*phase_lines(frame, scenario), *marks(frame, inside)]
    return svg(frame, parts, label="modelled bands over time with reported figures")


def month_axis(frame: Frame, clock: Clock) -> Iterator[str]:
    """Strokes at the first of each month, or at each midnight of a short span; dates where there is room."""
    base = frame.height - frame.bottom
    yield f'<path class="axis" d="M{frame.left:.1f} {base:.1f}H{frame.width - frame.right:.1f}"/>'
    is_short = frame.hours[1] - frame.hours[0] < 24 * 62
    days = [
        (24.0 * n - clock.start.hour - clock.start.minute / 60, clock.at(24.0 * n))
        for n in range(1 + int(frame.hours[0] / 24), 1 + int(frame.hours[1] / 24))
    ]
    ticks = [(hour, day) for hour, day in days if (is_short or day.day == 1) and hour >= frame.hours[0]]
    if not ticks:
        return
    room = (frame.width - frame.left - frame.right) / len(ticks)
    every = max(1, ceil((DATE_WIDTH + 24) / room))
    for number, (hour, day) in enumerate(ticks):
        x = float(frame.x(hour))
        is_named = number % every == 0 and x < frame.width - DATE_WIDTH / 2
        yield f'<path class="axis" d="M{x:.1f} {base:.1f}v{6 if is_named else 3}"/>'
        if is_named:
            text = f"{day.day} {day:%b}" if is_short else f"{day:%b %Y}"
            yield f'<text class="tick" x="{x:.1f}" y="{base + 19:.1f}" text-anchor="middle">{text}</text>'


def phase_lines(frame: Frame, scenario: Scenario) -> Iterator[str]:
    """A dashed line where a phase begins, with its number, lower where it would touch the one before.

    The page lists the phases by number.
    """
    last, y = float("-inf"), HIGH
    for number, (_, when) in enumerate(scenario.phase_starts(), 1):
        hour = scenario.clock.hour_of(when)
        if frame.hours[0] <= hour <= frame.hours[1]:
            x = float(frame.x(hour))
            y = HIGH if x - last > NUMBER_WIDTH else LOW if y == HIGH else HIGH
            yield f'<path class="phase" d="M{x:.1f} 14V{frame.height - frame.bottom:.1f}"/>'
            yield f'<text class="number" x="{x + 3:.1f}" y="{y}">{number}</text>'
            last = x

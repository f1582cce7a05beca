"""Small charts as SVG text: bands over time, marks, intervals. Sharp at any size, a few kilobytes each.

Written by hand rather than by a plotting library because a report has dozens of them, each at two widths: text stays
text in the page's own fonts, colours follow the page's style sheet, and all of them take a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from safeconduct.terms import Clock

Floats = NDArray[np.float64]
CHARACTER_WIDTH = 6.4  # px of a digit or letter at the charts' 12 px, for leaving room
CLOSEST_STROKES = 4.0  # px; days that lie closer get no stroke of their own
DATE_WIDTH = 50.0  # px that a date on the time axis takes


def show_number(value: float, digits: int = 3) -> str:
    """A number for people: thousands with commas from 1,000 on, a few significant digits below."""
    if not np.isfinite(value):
        return "\N{EN DASH}"
    if abs(value) >= 1000 or value == round(value):
        return f"{value:,.0f}"
    text = f"{value:,.{max(0, digits - 1 - floor(log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def nice_ticks(top: float, n_most: int = 5) -> list[float]:
    """0 and round numbers up to the first at or above `top`, at most about `n_most` of them."""
    if not (np.isfinite(top) and top > 0):
        return [0.0, 1.0]
    raw = top / n_most
    unit = 10.0 ** floor(log10(raw))
    step = next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= raw * 0.999)
    return [float(step * i) for i in range(ceil(top / step - 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A recorded figure: where it stands, which shape it has, what its tooltip says."""

    hour: float
    value: float
    kind: str  # fitted, later, inexact: classes of the style sheet
    title: str


@dataclass(frozen=True)
class Frame:
    """A chart's paper: its size in px, its margins, and what its axes span."""

    width: float
    height: float
    hours: tuple[float, float]
    ticks: Sequence[float]
    percent: bool = False
    top: float = 10.0
    right: float = 10.0
    bottom: float = 24.0

    @property
    def left(self) -> float:
        """Room for the widest label of the value axis."""
        return 10 + CHARACTER_WIDTH * max(len(self.label(tick)) for tick in self.ticks)

    def label(self, value: float) -> str:
        """A tick's label."""
        return f"{value:.0%}" if self.percent else show_number(value)

    def x(self, hour: Floats | float) -> Floats:
        """Hours to px."""
        low, high = self.hours
        share = (np.asarray(hour, dtype=np.float64) - low) / max(high - low, 1e-9)
        return self.left + share * (self.width - self.left - self.right)

    def y(self, value: Floats | float) -> Floats:
        """Values to px."""
        low, high = self.ticks[0], self.ticks[-1]
        share = (np.asarray(value, dtype=np.float64) - low) / (high - low)
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)


def svg(frame: Frame, parts: Iterable[str], *, label: str) -> str:
    """The finished drawing; `label` says in words what it shows."""
    return (
        f'<svg class="chart" viewBox="0 0 {frame.width:g} {frame.height:g}" '
        f'width="{frame.width:g}" height="{frame.height:g}" role="img" aria-label="{escape(label)}">'
        + "".join(parts)
        + "</svg>"
    )


def points(x: Floats, y: Floats) -> str:
    """A path through points, without those in the middle of a level stretch."""
    x, y = np.round(x, 1), np.round(y, 1)
    keep = np.ones(len(x), dtype=np.bool)
    keep[1:-1] = (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:])
    return "L".join(f"{a:g} {b:g}" for a, b in zip(x[keep].tolist(), y[keep].tolist(), strict=True))


def stretches(known: NDArray[np.bool]) -> Iterator[slice]:
    """Runs of at least two neighbouring hours that have a value."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    yield from (slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1)


def fan(frame: Frame, hours: Floats, bands: Floats) -> Iterator[str]:
    """The 90 % and the 50 % band and the median, with gaps where there is no value."""
    x, y = frame.x(hours), frame.y(bands)
    for part in stretches(np.asarray(np.isfinite(bands).all(axis=0))):
        for name, low, high in (("b90", 0, 4), ("b50", 1, 3)):
            there, back = points(x[part], y[high][part]), points(x[part][::-1], y[low][part][::-1])
            yield f'<path class="{name}" d="M{there}L{back}Z"/>'
        yield f'<path class="mid" d="M{points(x[part], y[2][part])}"/>'


def value_axis(frame: Frame) -> Iterator[str]:
    """Light lines across, and their values on the left."""
    for tick in frame.ticks:
        y = float(frame.y(tick))
        x, text = frame.left, frame.label(tick)
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}H{frame.width - frame.right:.1f}"/>'
        yield f'<text class="tick" x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'


def midnights(clock: Clock, hours: tuple[float, float]) -> Iterator[tuple[float, datetime]]:
    """Every midnight, in the zone of the case, within a span of hours."""
    day = clock.at(hours[0]).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while (hour := clock.hour_of(day)) <= hours[1]:
        yield hour, day
        day += timedelta(days=1)


def time_axis(frame: Frame, clock: Clock) -> Iterator[str]:
    """A stroke at each midnight, a date wherever there is room for one."""
    base, days = frame.height - frame.bottom, list(midnights(clock, frame.hours))
    yield f'<path class="axis" d="M{frame.left:.1f} {base:.1f}H{frame.width - frame.right:.1f}"/>'
    if not days:
        return
    room = (frame.width - frame.left - frame.right) / (frame.hours[1] - frame.hours[0]) * 24
    every = max(1, ceil(DATE_WIDTH / room))
    for number, (hour, day) in enumerate(days):
        x = float(frame.x(hour))
        is_named = number % every == 0 and x < frame.width - DATE_WIDTH / 2 + 4
        if is_named or room >= CLOSEST_STROKES:
            yield f'<path class="axis" d="M{x:.1f} {base:.1f}v{6 if is_named else 3}"/>'
        if is_named:
            yield f'<text class="tick" x="{x:.1f}" y="{base + 19:.1f}" text-anchor="middle">{day.day} {day:%b}</text>'


def marks(frame: Frame, recorded: Iterable[Mark]) -> Iterator[str]:
    """Recorded figures: open circles, filled diamonds or crosses, by kind."""
    shapes = {
        "fitted": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
        "later": "m0-5.2l5.2 5.2-5.2 5.2-5.2-5.2z",
        "inexact": "m-4-4l8 8m0-8l-8 8",
    }
    for mark in recorded:
        at = f"M{float(frame.x(mark.hour)):.1f} {float(frame.y(mark.value)):.1f}"
        title = f"<title>{escape(mark.title)}</title>"
        yield f'<path class="mark {mark.kind}" d="{at}{shapes[mark.kind]}">{title}</path>'


def upright(frame: Frame, hour: float, text: str, row: int = 0) -> str:
    """A dashed upright line with a word at its head, on the side where there is room; rows keep words apart."""
    x = float(frame.x(hour))
    is_left = x > frame.left + CHARACTER_WIDTH * len(text) + 12
    side, anchor = (-6, "end") if is_left else (6, "start")
    y = frame.top + 10 + 17 * row
    return (
        f'<path class="until" d="M{x:.1f} {frame.top:.1f}V{frame.height - frame.bottom:.1f}"/>'
        f'<text class="until" x="{x + side:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def signed_ticks(low: float, high: float, n_most: int = 5) -> list[float]:
    """Round numbers that hold a span and 0, for what may be more or less."""
    low, high = min(low, 0.0), max(high, 0.0)
    if not (np.isfinite(high - low) and high > low):
        return [-1.0, 0.0, 1.0]
    step = nice_ticks(high - low, n_most)[1]
    return [step * i for i in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]


def over_time(frame: Frame, clock: Clock, hours: Floats, bands: Floats, extra: Iterable[str] = ()) -> list[str]:
    """The parts of a chart of one series over time: axes, bands, then whatever stands on them."""
    return [*value_axis(frame), *fan(frame, hours, bands), *time_axis(frame, clock), *extra]


def interval_rows(
    rows: Sequence[tuple[str, Floats, float | None]], *, width: float, label: str, label_room: float
) -> str:
    """One row a name: 90 % interval as a line, 50 % as a bar, the median as a stroke, the record as a diamond."""
    highest = max([float(np.nanmax(band)) for _, band, _ in rows] + [seen for *_, seen in rows if seen is not None])
    height = 30.0 * len(rows) + 34
    frame = Frame(width, height, (0, 1), nice_ticks(highest, 4 if width < 500 else 6), top=4, bottom=26)
    start, end = label_room, width - 24

    def x(value: float) -> float:
        return start + value / frame.ticks[-1] * (end - start)

    parts = []
    for tick in frame.ticks:
        parts.append(f'<path class="grid" d="M{x(tick):.1f} 4V{height - 26:.1f}"/>')
        parts.append(
            f'<text class="tick" x="{x(tick):.1f}" y="{height - 8:.1f}" text-anchor="middle">{show_number(tick)}</text>'
        )
    for number, (name, band, seen) in enumerate(rows):
        y = 19 + 30.0 * number
        parts.append(f'<text class="name" x="{start - 10:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<path class="i90" d="M{x(band[0]):.1f} {y:.1f}H{x(band[4]):.1f}"/>')
        parts.append(f'<path class="i50" d="M{x(band[1]):.1f} {y:.1f}H{x(band[3]):.1f}"/>')
        parts.append(f'<path class="i00" d="M{x(band[2]):.1f} {y - 8:.1f}v16"/>')
        if seen is not None:
            title = f"<title>recorded: {show_number(seen)}</title>"
            parts.append(
                f'<path class="mark later" d="M{x(seen):.1f} {y:.1f}m0-5.2l5.2 5.2-5.2 5.2-5.2-5.2z">{title}</path>'
            )
    return svg(frame, parts, label=label)


def strip(prior: tuple[float, float], runs: tuple[float, float, float]) -> str:
    """What a parameter could be and what it was in the runs: a grey line and a blue one, on the prior's scale."""
    low, high = min(prior[0], runs[0]), max(prior[1], runs[2])
    span = max(high - low, 1e-12)

    def x(value: float) -> float:
        return 3 + 114 * (value - low) / span

    return (
        '<svg class="strip" viewBox="0 0 120 16" width="120" height="16" aria-hidden="true">'
        f'<path class="prior" d="M{x(prior[0]):.1f} 11H{x(prior[1]):.1f}"/>'
        f'<path class="runs" d="M{x(runs[0]):.1f} 5.5H{x(runs[2]):.1f}"/>'
        f'<path class="i00" d="M{x(runs[1]):.1f} 1v9"/></svg>'
    )


def span_ticks(low: float, high: float, n_most: int = 4) -> list[float]:
    """Round numbers within a span that need not start at nothing."""
    step = nice_ticks(high - low, n_most)[1]
    return [step * i for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def bowl(at: Sequence[float], misfit: Sequence[float], limit: float, *, width: float, label: str) -> str:
    """Misfit over a number, with a line at the misfit up to which values fit almost as well. A flat bowl is open."""
    top, height = 4.0 * limit, 150.0
    frame = Frame(width, height, (at[0], at[-1]), [0.0, top], top=8, right=16)
    x, y = frame.x(np.array(at)), frame.y(np.minimum(np.array(misfit), top))
    line, base = float(frame.y(limit)), height - frame.bottom
    parts = [
        f'<path class="near" d="M{frame.left:.1f} {line:.1f}H{width - 16:.1f}V{base:.1f}H{frame.left:.1f}Z"/>',
        f'<path class="axis" d="M{frame.left:.1f} {base:.1f}H{width - 16:.1f}"/>',
        f'<path class="hull" d="M{points(x, y)}"/>',
    ]
    parts += [f'<circle class="draw" cx="{a:.1f}" cy="{b:.1f}" r="2.4"/>' for a, b in zip(x, y, strict=True)]
    for value in (0.0, limit):
        parts.append(f'<text class="tick" x="{frame.left - 6:.1f}" y="{float(frame.y(value)) + 4:.1f}" ')
        parts[-1] += f'text-anchor="end">{show_number(value)}</text>'
    for tick in span_ticks(at[0], at[-1]):
        parts.append(f'<path class="axis" d="M{float(frame.x(tick)):.1f} {base:.1f}v4"/>')
        parts.append(f'<text class="tick" x="{float(frame.x(tick)):.1f}" y="{base + 18:.1f}" ')
        parts[-1] += f'text-anchor="middle">{show_number(tick)}</text>'
    return svg(frame, parts, label=label)

"""The monitor's drawings as SVG text: lanes over time, who could pass, rival figures. Each has a table beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from safeconduct.ledger import Claim, show_figure
from safeconduct.monitor import ONE_DAY, Stretch, say_state, widest

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LANE, GAP = 26.0, 6.0  # px: height of a lane, room between lanes
WEEKS_UP_TO = 75  # days of an axis that is marked by weeks
MOST_MARKS = 3  # marks of one day in a lane: more would cover each other
LETTER = 7.1  # px that a letter of a lane's name takes, in a wide typeface


@dataclass(frozen=True, slots=True)
class Axis:
    """Days to px along the width of a drawing."""

    first: date
    last: date
    width: float
    left: float
    right: float = 8.0

    def x(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.first).days / max(1, (self.last - self.first).days + 1)
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def ticks(self) -> list[tuple[date, str]]:
        """First days of weeks, months or quarters, with a label; the year where it begins."""
        if (self.last - self.first).days < WEEKS_UP_TO:
            weeks = (self.first + 7 * n * ONE_DAY for n in range(1 + (self.last - self.first).days // 7))
            return [(day, f"{day.day} {MONTHS[day.month - 1]}") for day in weeks if self.x(day) < self.width - 44]
        n_months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        room = (self.width - self.left - self.right) / 46
        step = next(step for step in (1, 2, 3, 6, 12, 24, 60) if n_months / step <= max(room, 1) or step == 60)
        days = (
            date(year, month, 1)
            for year in range(self.first.year, self.last.year + 1)
            for month in range(1, 13, min(step, 12))
        )
        return [
            (day, str(day.year) if day.month == 1 else MONTHS[day.month - 1])
            for day in days
            if self.first <= day <= self.last and self.x(day) < self.width - 26
        ]


def room_for(names: Iterable[str]) -> float:
    """px that the longest name of a lane takes."""
    return 14 + LETTER * max((len(name) for name in names), default=0)


def frame(axis: Axis, height: float, label: str, parts: Iterable[str], name: str = "") -> str:
    """A drawing with its time axis."""
    grid = "".join(
        f'<path class="grid" d="M{axis.x(day)} 0V{height - 18:g}"/>'
        f'<text x="{axis.x(day)}" y="{height - 4:g}">{text}</text>'
        for day, text in axis.ticks()
    )
    ends = f'data-first="{axis.first}" data-last="{axis.last}" data-left="{axis.left:g}" data-right="{axis.right:g}"'
    return (
        f'<svg class="chart lanes {name}" viewBox="0 0 {axis.width:g} {height:g}" width="{axis.width:g}" '
        f'height="{height:g}" role="img" aria-label="{escape(label)}" {ends}>{grid}{"".join(parts)}'
        f'<path class="cursor" d="M0 0V{height - 18:g}" visibility="hidden"/></svg>'
    )


def dots(axis: Axis, y: float, claims: Sequence[tuple[date, Claim]], known: Callable[[Claim], int]) -> Iterator[str]:
    """One mark for each claim of a lane; those of one day stand above each other, MOST_MARKS of them at most."""
    there: dict[date, int] = {}
    for day, claim in claims:
        n = there[day] = there.get(day, -1) + 1
        if n >= MOST_MARKS:
            continue
        top = y - n * 6
        yield f'<circle data-k="{known(claim)}" cx="{axis.x(day)}" cy="{top:g}" r="3"/>'


def lanes(
    axis: Axis, rows: Sequence[tuple[str, Sequence[tuple[date, Claim]]]], known: Callable[[Claim], int], label: str
) -> str:
    """A lane for each party or kind of sign, with a mark for each of its claims."""
    parts: list[str] = []
    for n, (name, claims) in enumerate(rows):
        y = 18 + n * LANE
        parts.append(f'<path class="axis" d="M{axis.left:g} {y + 5:g}H{axis.width - axis.right:g}"/>')
        parts.append(f'<text class="name" x="0" y="{y + 4:g}">{escape(name)}</text>')
        parts += dots(axis, y, [(day, c) for day, c in claims if axis.first <= day <= axis.last], known)
    return frame(axis, 14 + len(rows) * LANE + 18, label, parts)


def calendar_chart(axis: Axis, stretches: Sequence[Stretch], sides: Sequence[str], lane: float = LANE) -> str:
    """For each side that reports, a bar for the way out above a bar for the way in, coloured by the widest category."""
    parts = []
    tall, bar = lane + GAP, lane / 2 - 2
    for n, side in enumerate(sides):
        y = 4 + n * tall
        parts.append(f'<text class="name" x="0" y="{y + lane / 2 + 3:g}">{escape(side)}</text>')
        for row, direction in enumerate(("out", "into")):
            top = y + row * lane / 2
            wide = axis.width - axis.left - axis.right
            parts.append(f'<rect class="s-unknown" x="{axis.left:g}" y="{top:g}" width="{wide:g}" height="{bar:g}"/>')
            parts += bars(axis, (top, bar), stretches, side, direction)
    return frame(axis, 4 + len(sides) * tall + 18, "Who could pass, by the side that reports it", parts, "calendar")


def bars(axis: Axis, at: tuple[float, float], stretches: Sequence[Stretch], side: str, direction: str) -> Iterator[str]:
    """The bar of one side and direction, at its top and height; days alike are one piece."""
    top, tall = at
    runs: list[tuple[date, date, tuple[str, ...]]] = []
    for one in stretches:
        state = getattr(one.sides[side], direction) if side in one.sides else None
        if state is None:
            continue
        if runs and runs[-1][2] == state and runs[-1][1] + ONE_DAY == one.first:
            runs[-1] = (runs[-1][0], one.last, state)
        else:
            runs.append((one.first, one.last, state))
    for first, last, state in runs:
        x, end = axis.x(first), axis.x(last + ONE_DAY)
        told = escape(f"{first:%d %b %Y} to {last:%d %b %Y}: {say_state(state)}")
        box = f'x="{x}" y="{top:g}" width="{max(end - x, 1):.1f}" height="{tall:g}"'
        yield f'<rect class="s-{widest(state)}" {box}><title>{told}</title></rect>'


def rivals(claims: Sequence[Claim], names: Sequence[str], width: float, left: float) -> str:
    """Rival figures on one scale from zero: a dot for what is said, a line for its range.

    Names stand in so many px to the left; above their figures where that is 0.
    """
    values = [value for c in claims for value in (c.low, c.best, c.high) if value is not None]
    top = max(values, default=1.0) or 1.0
    right = 14 + LETTER * max((len(show_figure(c)) for c in claims), default=0)
    start, step, drop = (left, 22, 0) if left else (6.0, 40, 18)
    scale = (width - start - right) / top

    def x(value: float) -> float:
        return round(start + value * scale, 1)

    parts = []
    for n, (claim, name) in enumerate(zip(claims, names, strict=True)):
        y = 13 + drop + n * step
        low, high = (bound if bound is not None else claim.value or 0 for bound in (claim.low, claim.high))
        parts.append(f'<text class="name" x="0" y="{y + 4 - drop}">{escape(name)}</text>')
        parts.append(
            f'<path class="grid" d="M{start:g} {y}H{width - right:g}"/>'
            f'<path class="reach" d="M{x(low)} {y}H{x(high)}"/>'
        )
        parts.append(f'<circle class="said" cx="{x(claim.value or 0)}" cy="{y}" r="4"/>')
        parts.append(
            f'<text x="{max(x(high), x(claim.value or 0)) + 9:g}" y="{y + 4}">{escape(show_figure(claim))}</text>'
        )
    label = "; ".join(f"{name}: {show_figure(claim)}" for claim, name in zip(claims, names, strict=True))
    height = 6 + len(claims) * step
    return (
        f'<svg class="chart rivals" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )

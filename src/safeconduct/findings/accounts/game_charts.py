"""Drawings of the game's page as SVG text: a belief over time, expected against recorded answers, ranges of chances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from safeconduct.accounts import AccountResult
from safeconduct.findings.charts import Floats, Frame, points, svg, value_axis

ROW, CELL, HEAD, BAR = 34.0, 56.0, 40.0, 26.0  # px of the drawing of answers
STRIP = 150.0  # px that chances from 0 to 1 take


@dataclass(frozen=True, slots=True)
class Asked:
    """One month with an act that could be answered."""

    period: int
    label: str  # of the month
    move: str
    answer: int  # as coded; -1 where it was not looked up


def belief_chart(result: AccountResult, months: Sequence[str], asked: Sequence[Asked], label: str) -> str:
    """The public belief before each month's answer: mean and 90 % interval; strokes where there was an act."""
    frame = Frame(330, 150, (0, len(months) - 1), [0.0, 0.5, 1.0], percent=True, bottom=26)
    x, path = frame.x(np.arange(len(months), dtype=float)), result.belief
    there, back = points(x, frame.y(path.high)), points(x[::-1], frame.y(path.low)[::-1])
    base = frame.height - frame.bottom
    parts = [*value_axis(frame), f'<path class="b90" d="M{there}L{back}Z"/>']
    parts.append(f'<path class="mid" d="M{points(x, frame.y(path.mean))}"/>')
    parts.append(f'<path class="axis" d="M{frame.left:.1f} {base:.1f}H{frame.width - frame.right:.1f}"/>')
    parts += [f'<path class="act" d="M{x[one.period]:.1f} {base:.1f}v-7"/>' for one in asked]
    for t, month in enumerate(months):
        if month.endswith("-01"):
            parts.append(f'<path class="axis" d="M{x[t]:.1f} {base:.1f}v5"/>')
            parts.append(
                f'<text class="tick" x="{x[t]:.1f}" y="{base + 19:.1f}" text-anchor="middle">{month[:4]}</text>'
            )
    return svg(frame, parts, label=label)


def answers_chart(rows: Sequence[tuple[str, Floats]], asked: Sequence[Asked], names: Sequence[str]) -> str:
    """For each (name, [period, answer] chances) and act: a bar split by expected answers, the recorded one marked."""
    room = 14 + 7.1 * max(len(name) for name, _ in rows)
    width, height = room + CELL * len(asked) + 4, HEAD + ROW * len(rows)
    parts: list[str] = []
    for n, one in enumerate(asked):
        middle = room + CELL * (n + 0.5)
        for y, text in ((12, one.label), (27, one.move)):
            parts.append(f'<text x="{middle:.0f}" y="{y}" text-anchor="middle">{escape(text)}</text>')
    for r, (name, chances) in enumerate(rows):
        top = HEAD + ROW * r
        parts.append(f'<text class="name" x="0" y="{top + 17:g}">{escape(name)}</text>')
        for n, one in enumerate(asked):
            parts += _bar(room + CELL * n + 3, top, chances[one.period], one, names)
    label = "Chances of each answer before it was given, by account, and the answer recorded"
    return (
        f'<svg class="chart answers" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _bar(x: float, y: float, chances: Floats, one: Asked, names: Sequence[str]) -> list[str]:
    """A bar of chances; widths add up to a cell; a frame and a stroke below the recorded answer."""
    wide = CELL - 6
    edges = np.concatenate([[0.0], np.cumsum(chances)]) * wide
    told = ", ".join(f"{name} {chance:.0%}" for name, chance in zip(names, chances, strict=True))
    recorded = names[one.answer] if one.answer >= 0 else "not looked up"
    parts = [f"<g><title>{escape(f'{one.label}: expected {told}; recorded: {recorded}')}</title>"]
    for i in range(len(names)):
        box = f'x="{x + edges[i]:.1f}" y="{y:g}" width="{max(edges[i + 1] - edges[i], 0):.1f}"'
        parts.append(f'<rect class="a{i}" {box} height="{BAR - 6:g}"/>')
        if i == one.answer:
            start, end = x + edges[i], x + max(edges[i + 1], edges[i] + 2)
            parts.append(f'<path class="seen" d="M{start:.1f} {y + BAR - 3:g}H{end:.1f}"/>')
    return [*parts, "</g>"]


def range_strip(low: float, middle: float, high: float) -> str:
    """A chance and its range on a line from 0 to 1."""

    def x(value: float) -> float:
        return 3 + (STRIP - 6) * value

    return (
        f'<svg class="strip" viewBox="0 0 {STRIP:g} 16" width="{STRIP:g}" height="16" aria-hidden="true">'
        f'<path class="prior" d="M{x(0):.1f} 11H{x(1):.1f}"/><path class="runs" d="M{x(low):.1f} 5.5H{x(high):.1f}"/>'
        f'<path class="i00" d="M{x(middle):.1f} 1v9"/></svg>'
    )

"""The page of other guaranteed ceasefires: scores, calibration, each case with its acts and answers; one's own case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from pathlib import Path

from safeconduct.accounts import RECORDED_ANSWERS
from safeconduct.comparators import MODEL, Bin, Ceasefire, Challenge, Comparison
from safeconduct.findings.comparators.comparators import (
    HINDSIGHT,
    NOT_LOOKED_UP,
    Comparators,
    answer_words,
    calibration_table,
    case_scores,
    case_table,
    score_table,
    sentences,
)
from safeconduct.findings.folders import write_pages
from safeconduct.findings.monitor import charts
from safeconduct.findings.monitor.page import render_claims
from safeconduct.findings.pages import asset, style_sheets
from safeconduct.findings.simulation.tables import as_csv
from safeconduct.ledger import Table

WIDE, LANE = 1000.0, 20.0
LEVELS = (*range(len(RECORDED_ANSWERS) - 1, -1, -1), None)  # lanes of a case's drawing, from the top


def mark(level: int | None) -> str:
    """The name by which page and script know an answer."""
    return "unknown" if level is None else RECORDED_ANSWERS[level]


def timeline(case: Ceasefire) -> str:
    """Acts of a case over time, each in the lane of its strongest answer, sized by severity."""
    first = min(act.when.first for act in case.challenges)
    last = max(act.when.last for act in case.challenges)
    room = timedelta(days=max(15, (last - first).days // 30))
    axis = charts.Axis(first - room, last + room, WIDE, charts.room_for(answer_words(level) for level in LEVELS))
    parts = []
    for n, level in enumerate(LEVELS):
        y = 14 + n * LANE
        parts.append(f'<text class="name" x="0" y="{y + 4:g}">{escape(answer_words(level))}</text>')
        parts.append(f'<path class="grid" d="M{axis.left:g} {y:g}H{axis.width - axis.right:g}"/>')
        parts += [dot(axis, y, act) for act in case.challenges if act.strongest == level]
    return charts.frame(axis, 14 + len(LEVELS) * LANE + 16, f"Acts and answers over time: {case.told['name']}", parts)


def dot(axis: charts.Axis, y: float, act: Challenge) -> str:
    """One act."""
    told = escape(f"{act.when.said}: {act.said.what}; answer: {answer_words(act.strongest)}")
    size, kind = 2.4 + 0.7 * act.severity, f"a-{mark(act.strongest)}"
    return (
        f'<circle class="{kind}" cx="{axis.x(act.when.first)}" cy="{y:g}" r="{size:.1f}"><title>{told}</title></circle>'
    )


def calibration_chart(bins: Sequence[Bin], label: str, width: float = 360, height: float = 260) -> str:
    """Share that came against the chance given; bars are two standard errors, the line is where both are equal."""
    left, top, right, bottom = 44.0, 10.0, width - 12, height - 40

    def x(value: float) -> float:
        return round(left + value * (right - left), 1)

    def y(value: float) -> float:
        return round(bottom - value * (bottom - top), 1)

    parts = [f'<path class="equal" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>']
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<path class="grid" d="M{x(0)} {y(tick)}H{x(1)}"/>')
        parts.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
        parts.append(f'<text x="{x(tick)}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>')
    for one in bins:
        share = one.n_yes / one.n
        error = 2 * (one.mean * (1 - one.mean) / one.n) ** 0.5
        at = x(one.mean)
        parts.append(f'<path class="reach" d="M{at} {y(max(share - error, 0))}V{y(min(share + error, 1))}"/>')
        parts.append(f'<circle class="said" cx="{at}" cy="{y(share)}" r="{3 + one.n**0.5 / 3:.1f}"/>')
    parts.append(f'<text x="{(left + right) / 2}" y="{height - 6}" text-anchor="middle">chance given</text>')
    return (
        f'<svg class="chart calibration" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def calibrations(comparisons: Sequence[Comparison]) -> list[tuple[str, str, Table]]:
    """Target, drawing and table of each."""
    found = []
    for one in comparisons:
        table = calibration_table(one)
        told = "; ".join(f"{mean} given, {share} came, of {n}" for _, n, mean, share in table.rows)
        found.append((one.target.title, calibration_chart(one.calibration(MODEL.key), told), table))
    return found


def bar(chances: Sequence[float], width: float = 190, height: float = 12) -> str:
    """The chances of the five levels side by side."""
    parts, x = [], 0.0
    for level, chance in enumerate(chances):
        told = f"{answer_words(level)}: {chance:.0%}"
        wide = f'width="{chance * width:.1f}" height="{height:g}"'
        parts.append(f'<rect class="a-{mark(level)}" x="{x:.1f}" y="0" {wide}><title>{told}</title></rect>')
        x += chance * width
    label = "; ".join(f"{answer_words(level)} {chance:.0%}" for level, chance in enumerate(chances))
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return f'<svg class="chart five" {size} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def case_rows(found: Comparators) -> list[dict[str, object]]:
    """Each act of one's own case with what was predicted and what was recorded."""
    compared = found.compared
    if compared is None:
        return []
    yes, five = compared.on("posture or enforcement"), compared.on("five levels")
    model, levels = yes.by_key(MODEL.key).chances, five.by_key(MODEL.key).chances
    low, high = yes.by_mandate
    return [
        {
            "act": act,
            "chance": f"{model.mean[n, 1]:.0%}",
            "interval": f"{model.low[n, 1]:.0%} to {model.high[n, 1]:.0%}",
            "mandates": f"{low[n, 1]:.0%} to {high[n, 1]:.0%}",
            "running": f"{yes.by_key('running').chances.mean[n, 1]:.0%}",
            "bar": bar(levels.mean[n]),
            "levels": [
                (answer_words(k), f"{levels.mean[n, k]:.0%}", f"{levels.low[n, k]:.0%} to {levels.high[n, k]:.0%}")
                for k in range(levels.mean.shape[1])
            ],
            "recorded": answer_words(act.strongest),
            "readings": [(coding.title, compared.case.read_as(coding, act)) for coding in compared.case.codings],
        }
        for n, act in enumerate(compared.case.case.challenges)
    ]


def comparators_html(found: Comparators) -> str:
    """The whole page."""
    acts = found.ceasefires.challenges
    return render_claims(
        "comparators.html.j2",
        found=found, sentences=sentences(found), scores=[score_table(one) for one in found.comparisons],
        calibrations=calibrations(found.comparisons), hindsight=HINDSIGHT, not_looked_up=NOT_LOOKED_UP,
        n_acts=len(acts), n_known=sum(act.strongest is not None for act in acts),
        n_answers=len({answer.id for act in acts for answer in act.answers}),
        drawings={case.key: timeline(case) for case in found.ceasefires.cases if case.challenges},
        kinds=[code.code for code in found.ceasefires.codes_of("kind")], answer_words=answer_words, mark=mark,
        levels=[(mark(level), answer_words(level)) for level in LEVELS], rows=case_rows(found),
        case_scores=case_scores(found.compared) if found.compared else None,
        counts=Counter(mark(act.strongest) for act in acts),
        style=style_sheets("report.css", "monitor.css", "comparators.css"), script=asset("comparators.js"),
    )  # fmt: skip


def write_comparators(found: Comparators, folder: Path) -> list[Path]:
    """Write comparators.html and the tables beside it. Raises RunStopped where the disk refuses."""
    scores = [score_table(one) for one in found.comparisons]
    both = as_csv(("target", *scores[0].header), ((table.title, *row) for table in scores for row in table.rows))
    files = {"comparators.html": comparators_html(found), "comparators_scores.csv": both}
    if found.compared:
        own = case_table(found.compared)
        files["comparators_case.csv"] = as_csv(own.header, own.rows)
    return write_pages(folder, files)

"""The page of signs: at each past month start the chance of a further step, and whether one came."""

from __future__ import annotations

from html import escape
from pathlib import Path

from safeconduct.comparators import STEP_PREDICTORS, Signs
from safeconduct.findings.folders import write_pages
from safeconduct.findings.monitor import charts
from safeconduct.findings.monitor.page import render_claims
from safeconduct.findings.monitor.signs import SignReport, forecast_table, heading, said, sign_tables
from safeconduct.findings.pages import style_sheets
from safeconduct.findings.simulation.tables import as_csv

COLUMNS = {  # what the columns of the table of forecasts are called, but for the predictors
    "step": "step",
    "days": "within, days",
    "as_of": "as of",
    "model_p05": "the model's 5 %",
    "model_p95": "the model's 95 %",
    "came": "came",
}
WIDE, LEFT, TALL = 1000.0, 44.0, 150.0


def months_chart(signs: Signs, label: str) -> str:
    """The model's chance with its 90 % interval, the base rate of the own past, and a mark where a step followed."""
    axis = charts.Axis(signs.origins[0], signs.origins[-1], WIDE, LEFT)

    def y(chance: float) -> float:
        return round(10 + (1 - chance) * (TALL - 20), 1)

    xs = [axis.x(on) for on in signs.origins]
    low = [f"{x} {y(a)}" for x, (a, _) in zip(xs, signs.interval, strict=True)]
    high = [f"{x} {y(b)}" for x, (_, b) in zip(xs, signs.interval, strict=True)]
    parts = [f'<path class="band" d="M{"L".join([*high, *reversed(low)])}Z"/>']
    for chance in (0.0, 0.5, 1.0):
        parts.append(f'<path class="grid" d="M{LEFT:g} {y(chance)}H{WIDE - axis.right:g}"/>')
        parts.append(f'<text x="{LEFT - 6:g}" y="{y(chance) + 4}" text-anchor="end">{chance:g}</text>')
    for key, name in (("own", "base"), ("model", "line")):
        line = "L".join(f"{x} {y(p)}" for x, p in zip(xs, signs.chances[key], strict=True))
        parts.append(f'<path class="{name}" d="M{line}"/>')
    for x, on, came in zip(xs, signs.origins, signs.came or [False] * len(xs), strict=True):
        if came:
            told = escape(f"{on}: a step followed within {signs.days} days")
            parts.append(
                f'<rect class="came" x="{x - 4:.1f}" y="{TALL - 4:g}" width="8" height="8"><title>{told}</title></rect>'
            )
    return charts.frame(axis, TALL + 28, label, parts, "months")


def signs_html(report: SignReport) -> str:
    """The whole page."""
    drawings = [
        months_chart(one, heading(report, n)) if len(one.origins) > 1 else "" for n, one in enumerate(report.found)
    ]
    return render_claims(
        "signs.html.j2",
        report=report, tables=sign_tables(report), drawings=drawings, said=said(report),
        forecasts=forecast_table(report), predictors=STEP_PREDICTORS, columns=COLUMNS,
        style=style_sheets("report.css", "monitor.css", "comparators.css"),
    )  # fmt: skip


def write_signs(report: SignReport, folder: Path) -> list[Path]:
    """Write signs.html and signs.csv. Raises RunStopped where the disk refuses."""
    forecasts = forecast_table(report)
    return write_pages(
        folder, {"signs.html": signs_html(report), "signs.csv": as_csv(forecasts.header, forecasts.rows)}
    )

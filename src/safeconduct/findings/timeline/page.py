"""timeline.html: the whole ceasefire in six charts, what each phase assumes, and how later reports fared."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

import numpy as np

from safeconduct.ensemble import Ensemble
from safeconduct.findings.pages import policy, style_sheets
from safeconduct.findings.timeline.charts import STYLE, round_to, six_charts
from safeconduct.findings.timeline.phases import phases_summary
from safeconduct.findings.words import quantity_words
from safeconduct.inference.timeline import LINE, SIDED, STAYS, RowScore, score_phases
from safeconduct.scenario import INSIDE, QUANTITIES, Scenario

PAGE = """
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 0 auto; padding: 1rem; }
figure { margin: 2rem 0; overflow-x: auto; } figcaption { font-weight: 600; margin-bottom: .4rem; }
.wide { display: block; } .narrow { display: none; }
@media (max-width: 700px) { .wide { display: none; } .narrow { display: block; } }
li { margin: .2rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; }
"""
RANGE = (0.05, 0.5, 0.95)
KEY = (
    "Dark band: half of the runs; light band: nine in ten. Circles: reports used for fitting. Diamonds: other reports. "
    "Crosses: reports that say at least or at most. Dashed lines: phases begin."
)


def timeline_html(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool) -> str:
    """The page as one file, for wide and narrow screens."""
    wide = six_charts(scenario, ensemble, is_fitted=is_fitted, width=900.0)
    narrow = six_charts(scenario, ensemble, is_fitted=is_fitted, width=360.0)
    figures = "".join(
        f"<figure id='{one.key}'><figcaption>{escape(one.title)}</figcaption>"
        f"<div class='wide'>{one.drawing}</div><div class='narrow'>{small.drawing}</div></figure>"
        for one, small in zip(wide, narrow, strict=True)
    )
    style = style_sheets() + PAGE + STYLE
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"{policy(style)}<title>{escape(scenario.title)}</title><style>{style}</style></head><body>"
        f"<h1>{escape(scenario.title)}</h1><p>{len(ensemble.runs)} runs. {KEY}</p>"
        f"{figures}{stores_html(scenario, ensemble)}{scores_html(scenario, ensemble, is_fitted=is_fitted)}"
        f"<h2>What each phase assumes</h2>{phases_html(scenario, ensemble, is_fitted=is_fitted)}</body></html>"
    )


def stores_html(scenario: Scenario, ensemble: Ensemble) -> str:
    """Days of food left and share of the need met by date, over the phases that measure days of food."""
    if ("food_days", INSIDE) not in ensemble.series or ("food_met_share", INSIDE) not in ensemble.series:
        return ""
    rows = []
    for when in dates_of_stores(scenario):
        hour = scenario.clock.hour_of(when)
        if not ensemble.hours[0] <= hour <= ensemble.hours[-1]:
            continue
        days, met = (
            np.quantile([np.interp(hour, ensemble.hours, run) for run in ensemble.series[quantity, INSIDE]], RANGE)
            for quantity in ("food_days", "food_met_share")
        )
        cells = (
            f"{when.day} {when:%B %Y}",
            f"{days[1]:.0f} ({days[0]:.0f} to {days[2]:.0f})",
            f"{met[1]:.0%} ({met[0]:.0%} to {met[2]:.0%})",
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    if not rows:
        return ""
    head = "".join(
        f"<th scope='col'>{word}</th>" for word in ("date", "days of food in store", "share of the need met")
    )
    note = "Days of full need; median and range of 90 % of runs. Rationing begins before the store is empty."
    return f"<h2>Food by date</h2><p>{note}</p><table><tr>{head}</tr>{''.join(rows)}</table>"


def dates_of_stores(scenario: Scenario) -> list[datetime]:
    """The first day of each phase that measures days of food, the first of every month in it, and its last day."""
    begun, found = scenario.phase_starts(), list[datetime]()
    ends = [when for _, when in begun[1:]] + [scenario.clock.end]
    for (phase, start), end in zip(begun, ends, strict=True):
        if any(one.quantity == "food_days" and one.at != "start" for one in phase.measures):
            noon = start.replace(hour=12, minute=0)
            days = [noon + timedelta(days=n) for n in range((end - noon).days + 1)]
            found += [day for n, day in enumerate(days) if day.day == 1 or n in (0, len(days) - 1)]
    return found


def scores_html(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool) -> str:
    """Reports that were not fitted on against the runs and two rules, a row a phase and series; nothing without any."""
    titles = {phase.key: phase.title for phase, _ in scenario.phase_starts()}
    lines = list[str]()
    for phase in score_phases(scenario, ensemble, is_fitted=is_fitted):
        by_kind: dict[tuple[str, str, bool], list[RowScore]] = {}
        for row in phase.rows:
            if not row.was_fitted:
                by_kind.setdefault((row.seen.quantity, row.seen.place, row.seen.says in SIDED), []).append(row)
        for (quantity, place, is_sided), rows in by_kind.items():
            unit = QUANTITIES[quantity][1]
            errors = [
                [row.beyond if is_sided else row.crps for row in rows],
                *([row.baselines[rule] for row in rows] for rule in (STAYS, LINE)),
            ]
            agree = f"{np.mean([row.agrees for row in rows]):.0%} of runs agree" if is_sided else ""
            covered = agree or f"{sum(row.is_covered for row in rows)} of {len(rows)} in the 80 % interval"
            kind = "at least or at most" if is_sided else "figures"
            what = f"{titles.get(phase.phase, phase.phase)}: {quantity_words(quantity)}, {place}"
            cells = (what, f"{len(rows)} {kind}", *(mean_error(one, unit) for one in errors), covered)
            lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    if not lines:
        return ""
    words = ("reports", "how many", "error of the runs", STAYS, LINE, "agreement")
    head = "".join(f"<th scope='col'>{escape(word)}</th>" for word in words)
    note = (
        "Reports that were not fitted on. Error of the runs: CRPS; of both rules: absolute error. Of a report of at "
        "least or at most: how far beyond it. Both rules start from figures that were fitted on; without them they say "
        "nothing."
    )
    table = f"<table><tr>{head}</tr>{''.join(lines)}</table>"
    return f"<h2>How later reports fared</h2><p>{note}</p><div class='scroll'>{table}</div>"


def mean_error(errors: list[float], unit: str) -> str:
    """The mean of errors that there are, to three figures, with the unit of a count."""
    known = [one for one in errors if np.isfinite(one)]
    if not known:
        return "-"
    mean = float(np.mean(known))
    return f"{mean:.2f}" if unit == "1" else f"{round_to(mean):,g} {unit}"


def phases_html(scenario: Scenario, ensemble: Ensemble, *, is_fitted: bool) -> str:
    """Phases by number, with assumptions and the scores of later reports."""
    scores = {one.phase: one for one in score_phases(scenario, ensemble, is_fitted=is_fitted)}
    kept = phases_summary(scenario, ensemble, is_fitted=is_fitted)
    keys = {str(one["key"]) for one in kept if isinstance(one, dict)}
    items = []
    for phase, when in scenario.phase_starts():
        if phase.key not in keys:
            continue
        told = [escape(one) for one in phase.assumes]
        later = scores[phase.key].later if phase.key in scores else ()
        if later:
            inside = sum(row.is_covered for row in later)
            told.append(f"{inside} of {len(later)} later reports lie in the 80 % interval.")
        points = "".join(f"<li>{one[:1].upper()}{one[1:]}</li>" for one in told)
        items.append(f"<li><b>{escape(phase.title)}</b>, from {when.day} {when:%B %Y}<ul>{points}</ul></li>")
    return f"<ol>{''.join(items)}</ol>"

"""The output folder of a forecast: what `run` writes, and the planning sheet as workbook, table, JSON and pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from safeconduct.findings.folders import NAMES, all_or_nothing
from safeconduct.findings.forecast.frames import HEADER, plan_rows, rounded
from safeconduct.findings.forecast.page import forecast_pages
from safeconduct.findings.forecast.record import JSON_FILE
from safeconduct.findings.forecast.sentences import behind, expected, people_there, still_there, when_half
from safeconduct.findings.forecast.workbook import write_workbook
from safeconduct.findings.simulation import as_csv, fill, put
from safeconduct.inference import score
from safeconduct.inference.assimilate import (
    CASES,
    EDITION,
    Forecast,
    beside,
    dates_of,
    doubts,
    peak,
    plan,
    triggers,
)
from safeconduct.ledger import observe
from safeconduct.scenario import Scenario
from safeconduct.terms import show_time

PLAN_CSV, PLAN_XLSX, PAGE, ONE_PAGE = "planning.csv", "planning.xlsx", "forecast.html", "onepage.html"


def write_forecast(folder: Path, made: Forecast, provenance: Mapping[str, object], remark: str = "") -> Path:
    """Write all of a forecast to a folder, with a remark of who asked for it; returns the page to open."""
    known = as_known(made)
    scores = score(known, made.ensemble, fitted_until=made.when, fitted_targets=fitted(made))
    rows = plan(made)
    with all_or_nothing(folder, NAMES | {ONE_PAGE}) as part:
        fill(part, known, made.ensemble, scores, provenance, report=False)
        put(part / PLAN_CSV, as_csv(HEADER, plan_rows(made, rows)))
        write_workbook(part / PLAN_XLSX, made, rows, remark)
        put(part / JSON_FILE, json.dumps(as_record(made), indent=1, ensure_ascii=False) + "\n")
        for name, page in zip((PAGE, ONE_PAGE), forecast_pages(made, rows, remark), strict=True):
            put(part / name, page)
    return folder / PAGE


def fitted(made: Forecast) -> list[tuple[str, str]]:
    """The series that the runs were conditioned on."""
    return [("cum_arrivals_persons", place) for place in made.simulation] or [made.scenario.headline]


def as_known(made: Forecast) -> Scenario:
    """The case with the figures that had been published by the origin, and no later ones."""
    ledger = made.published.ledger
    targets = tuple(replace(t, observations=observe(ledger, t.quantity, t.place)) for t in made.scenario.targets)
    clock = replace(made.scenario.clock, end=max(made.until, made.when))
    return replace(made.scenario, ledger=ledger, targets=targets, clock=clock)


def as_record(made: Forecast) -> dict[str, object]:
    """The forecast as other programs read it."""
    found = made.assimilated
    return {
        "case": made.scenario.key,
        "as_of": show_time(made.when),
        "until": show_time(made.until),
        "cases": CASES,
        "standards": EDITION,
        "doubts": doubts(made),
        "behind": behind(made, ""),
        "peak": {place: peak_record(made, place) for place in made.simulation},
        "dates": [
            {"place": one.place, "what": one.what, "persons": rounded(one.persons),
             **{name: show_time(when) if when else None for name, when in
             zip(CASES, (one.best_case, one.most_likely, one.worst_case), strict=True)}}
            for one in dates_of(made)
        ],
        "triggers": [
            {"place": one.place, "more_than_persons": one.persons, "within_hours": one.hours,
             "chance": round(one.chance, 2)}
            for one in triggers(made)
        ],
        "beside_reports": [
            {"what": one.what, "reported": one.reported, "p05": round(one.low, 2), "p50": round(one.middle, 2),
             "p95": round(one.high, 2), "unit": one.unit}
            for one in beside(made)
        ],
        "reports_used": list(made.reached.used),
        "reports_left_out": [{"why": why, "reports": list(names)} for why, names in made.reached.reasons],
        "particles": len(found.particles),
        "effective_particles": round(found.effective, 1),
        "different_draws": found.n_born,
        "plan": [dict(zip(HEADER, row, strict=True)) for row in plan_rows(made, plan(made))],
    }  # fmt: skip


def peak_record(made: Forecast, place: str) -> dict[str, object]:
    """The day of most arrivals and its most likely figure."""
    day, most = peak(made, place)
    return {"day": day.isoformat(), "most_likely": rounded(most)}


def forecast_in_short(made: Forecast) -> list[str]:
    """The headline for a terminal: doubts, then arrivals, dates, and figures beside what was reported."""
    said = [f"To doubt: {sentence}" for sentence in doubts(made)]
    said += [expected(made, place) for place in made.simulation]
    said += [f"  {sentence}" for sentence in (*when_half(made), *still_there(made, plan(made)), *people_there(made))]
    said += behind(made, "")
    said.append("Beside what was reported (median, 90 % of runs):")
    said += [
        f"  {one.what}: {one.middle:,.0f} ({one.low:,.0f} to {one.high:,.0f}) {one.unit}; reported {one.reported}"
        for one in beside(made)
    ]
    return said

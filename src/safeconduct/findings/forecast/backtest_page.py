"""The scores of a back-test as a table for the terminal, a CSV file and a page."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np

from safeconduct.findings.folders import all_or_nothing
from safeconduct.findings.pages import render, style_sheets
from safeconduct.findings.simulation import as_csv, put
from safeconduct.inference.assimilate import Backtest, OriginScore
from safeconduct.ledger import Table
from safeconduct.terms import show_time

HEADER = (
    "origin",
    "place",
    "forecaster",
    "rows",
    "CRPS",
    "WIS",
    "inside 50 %",
    "inside 90 %",
    "peak, days",
    "half, hours",
    "nine tenths, hours",
)


def cells(one: OriginScore) -> list[str]:
    """A score as text."""
    inside = [f"{n} of {one.n_rows}" for n in one.covered] if one.covered else ["", ""]
    missed = ["" if isnan(x) else f"{x:+.0f}" for x in (one.peak_days, one.half_hours, one.most_hours)]
    return [
        show_time(one.when),
        one.place,
        one.model,
        str(one.n_rows),
        f"{one.crps:.0f}",
        f"{one.wis:.0f}",
        *inside,
        *missed,
    ]


def crps_by_origin(found: Backtest) -> list[list[str]]:
    """One line an origin and place: CRPS of every forecaster; then the means."""
    lines = []
    for when, place in dict.fromkeys((one.when, one.place) for one in found.scores):
        scores = {one.model: one for one in found.scores if (one.when, one.place) == (when, place)}
        n_rows = next(iter(scores.values())).n_rows
        each = [f"{scores[model].crps:,.0f}" if model in scores else "" for model in found.models]
        lines.append([show_time(when), place, str(n_rows), *each])
    means = [np.mean([one.crps for one in found.scores if one.model == model]) for model in found.models]
    return [*lines, ["mean", "", "", *(f"{mean:,.0f}" for mean in means)]]


def coverage(found: Backtest) -> list[list[str]]:
    """One line a forecaster with a spread: rows, and the shares of them inside the 50 and the 90 % interval."""
    lines = []
    for model in found.models:
        scores = [(one.n_rows, *one.covered) for one in found.scores if one.model == model and one.covered]
        if scores:
            n_rows, half, most = (sum(column) for column in zip(*scores, strict=True))
            lines.append([model, str(n_rows), f"{half / n_rows:.0%}", f"{most / n_rows:.0%}"])
    return lines


WAIT_HEADER = ("origin", "place", "day", "reports", "reported, hours", "median", "5 %", "95 %", "factor off, all days")


def wait_lines(found: Backtest) -> list[list[str]]:
    """One line an origin and day of which waits were reported; the root-mean-square factor of all its days."""
    return [
        [show_time(one.when), one.place, f"{one.day:%d %b}", str(one.n_reports), f"{one.reported:.1f}",
         *("" if isnan(x) else f"{x:.1f}" for x in (one.middle, one.low, one.high)),
         f"{found.wait_factor(one.when):.2f}"]
        for one in found.waits
    ]  # fmt: skip


def tables_beside(found: Backtest) -> list[Table]:
    """Coverage and waits, for a terminal."""
    spread = Table("Later counts inside the forecasts' intervals", ("forecaster", "rows", "50 %", "90 %"),
                   tuple(map(tuple, coverage(found))))  # fmt: skip
    waits = Table("Waits ever reported beside the runs", WAIT_HEADER, tuple(map(tuple, wait_lines(found))))
    return [spread, *([waits] if waits.rows else [])]


def backtest_table(found: Backtest) -> Table:
    """The table for a terminal."""
    return Table(
        "CRPS by origin, persons (smaller is better)", ("origin", "place", "rows", *found.models),
        tuple(tuple(line) for line in crps_by_origin(found)),
    )  # fmt: skip


def write_backtest(folder: Path, found: Backtest, title: str) -> Path:
    """Write the scores as a CSV file and a page; returns the page."""
    told = {
        "title": title, "origins": found.origins, "models": found.models, "crps": crps_by_origin(found),
        "coverage": coverage(found), "wait_header": WAIT_HEADER, "waits": wait_lines(found),
        "header": HEADER, "rows": [cells(one) for one in found.scores],
        "warnings": [(show_time(when), sentence) for when, sentence in found.warnings],
        "style": style_sheets("forecast.css"),
    }  # fmt: skip
    with all_or_nothing(folder) as part:
        put(part / "backtest.csv", as_csv(HEADER, [cells(one) for one in found.scores]))
        put(part / "backtest.html", render("backtest.html.j2", told, filters={}))
    return folder / "backtest.html"

"""The scores of a back-test as a table for the terminal, a CSV file and a page."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np

from safeconduct.findings.pages import asset, render
from safeconduct.findings.simulation import as_csv
from safeconduct.inference.assimilate import Backtest, OriginScore
from safeconduct.ledger import Table
from safeconduct.terms import show_time, write_whole

HEADER = (
    "origin",
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
    return [show_time(one.when), one.model, str(one.n_rows), f"{one.crps:.0f}", f"{one.wis:.0f}", *inside, *missed]


def crps_by_origin(found: Backtest) -> list[list[str]]:
    """One line an origin: CRPS of every forecaster; then the mean over origins."""
    lines = []
    for when in found.origins:
        scores = {one.model: one for one in found.scores if one.when == when}
        n_rows = next(iter(scores.values())).n_rows
        each = [f"{scores[model].crps:,.0f}" if model in scores else "" for model in found.models]
        lines.append([show_time(when), str(n_rows), *each])
    means = [np.mean([one.crps for one in found.scores if one.model == model]) for model in found.models]
    lines.append(["mean", "", *(f"{mean:,.0f}" for mean in means)])
    return lines


def backtest_table(found: Backtest) -> Table:
    """The table for a terminal."""
    return Table(
        "CRPS by origin, persons (smaller is better)", ("origin", "rows", *found.models),
        tuple(tuple(line) for line in crps_by_origin(found)),
    )  # fmt: skip


def write_backtest(folder: Path, found: Backtest, title: str) -> Path:
    """Write the scores as a CSV file and a page; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "backtest.csv", as_csv(HEADER, [cells(one) for one in found.scores]))
    told = {
        "title": title, "origins": found.origins, "models": found.models, "crps": crps_by_origin(found),
        "header": HEADER, "rows": [cells(one) for one in found.scores],
        "warnings": [(show_time(when), sentence) for when, sentence in found.warnings], "style": asset("forecast.css"),
    }  # fmt: skip
    write_whole(folder / "backtest.html", render("backtest.html.j2", told, filters={}))
    return folder / "backtest.html"

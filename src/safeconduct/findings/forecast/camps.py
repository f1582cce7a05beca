"""The output folder of a forecast of camps, and of its back-test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from safeconduct.findings.charts import Frame, Mark, marks, nice_ticks, over_time, svg, upright
from safeconduct.findings.forecast.frames import HEADER, place_name, plan_rows
from safeconduct.findings.forecast.page import CHANCES
from safeconduct.findings.forecast.sentences import said
from safeconduct.findings.forecast.workbook import sheet_of_notes, sheet_of_rows, styles_of
from safeconduct.findings.pages import render, style_sheets
from safeconduct.findings.simulation import as_csv
from safeconduct.findings.workbooks import new_workbook
from safeconduct.inference.assimilate import CASES, EDITION
from safeconduct.inference.camps import CampForecast, CampOriginScore, camp_doubts, plan_camps, when_of
from safeconduct.ledger import Table
from safeconduct.terms import show_time, write_whole

PEOPLE = "people in the camp"


def camps_in_short(made: CampForecast) -> list[str]:
    """The headline for a terminal: doubts, then all camps, then each."""
    until = when_of(made, int(made.days[-1]))
    lines = [f"To doubt: {sentence}" for sentence in camp_doubts(made)]
    lines.append(f"All camps by {until:%d %b %Y}: {three(made.persons[:, :, -1].sum(axis=1))}")
    lines += [f"  {place_name(made, camp)}: {three(made.persons[:, row, -1])}" for row, camp in enumerate(made.camps)]
    return lines


def three(values: np.ndarray) -> str:
    """Most likely, and best to worst case."""
    low, middle, high = np.quantile(values, list(CASES.values()))
    return f"{said(middle)} people ({said(low)} to {said(high)}, best to worst case)"


def camp_notes(made: CampForecast, remark: str = "") -> list[str]:
    """How to read the figures."""
    return [
        "Best case, most likely and worst case are the 10, 50 and 90 % points of the forecast, for each row alone. "
        "One day in ten is worse than the worst case.",
        f"Only counts up to {when_of(made, made.day):%d %B %Y} were used. The total goes on as over the last month, "
        "ever more slowly; it is shared out as people and last month's newcomers were. No run of the walk is in it.",
        f"Needs by the standard in the last column ({EDITION}). Capacity is what the folder says there is; no need.",
        "A low figure does not mean that a road is safe.",
        *([remark] if remark else []),
    ]


def write_camps(folder: Path, made: CampForecast, provenance: Mapping[str, object], remark: str = "") -> Path:
    """Write the planning sheet as workbook, table, JSON and page; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = plan_rows(made, plan_camps(made))
    title = f"{made.scenario.title}: planning figures as of {when_of(made, made.day):%d %B %Y}"
    write_whole(folder / "planning.csv", as_csv(HEADER, rows))
    book = new_workbook(folder / "planning.xlsx", when_of(made, made.day))
    styles = styles_of(book)
    sheet_of_rows(book, "In short", title, [row for row in rows if row[3] == PEOPLE], styles)
    sheet_of_rows(book, "By day and place", title, rows, styles)
    sheet_of_notes(book, [*(f"To doubt: {one}" for one in camp_doubts(made)), *camp_notes(made, remark)], styles)
    book.close()
    record = {
        "case": made.scenario.key, "as_of": show_time(when_of(made, made.day)),
        "until": show_time(when_of(made, int(made.days[-1]))), "cases": CASES, "standards": EDITION,
        "doubts": camp_doubts(made), "plan": [dict(zip(HEADER, row, strict=True)) for row in rows],
    }  # fmt: skip
    write_whole(folder / "forecast.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / "provenance.json", json.dumps(dict(provenance), indent=1, ensure_ascii=False) + "\n")
    told = {
        "title": title, "doubts": camp_doubts(made), "notes": camp_notes(made, remark),
        "style": style_sheets("forecast.css"),
        "lines": [camp_line(made, row) for row in range(len(made.camps))], "all": all_line(made),
        "until": when_of(made, int(made.days[-1])), "charts": charts(made),
    }  # fmt: skip
    write_whole(folder / "forecast.html", render("camps_ahead.html.j2", told, filters={"said": said}))
    return folder / "forecast.html"


def camp_line(made: CampForecast, row: int) -> dict[str, object]:
    """A camp in the table of the page: now, at the end, and what there is."""
    walk = made.scenario.walk
    assert walk is not None  # a folder in which people walk
    low, middle, high = np.quantile(made.persons[:, row, -1], list(CASES.values()))
    return {
        "place": place_name(made, made.camps[row]), "now": made.known[row, -1], "low": low, "middle": middle,
        "high": high, "capacity": walk.places[made.camps[row]].capacity,
    }  # fmt: skip


def all_line(made: CampForecast) -> dict[str, float]:
    """All camps together."""
    low, middle, high = (float(x) for x in np.quantile(made.persons[:, :, -1].sum(axis=1), list(CASES.values())))
    return {"now": float(made.known[:, -1].sum()), "low": low, "middle": middle, "high": high}


def charts(made: CampForecast, n_most: int = 6) -> list[str]:
    """The largest camps: counted so far, and expected."""
    order = np.argsort(-np.median(made.persons[:, :, -1], axis=0))[:n_most]
    return [chart(made, int(row)) for row in order]


def chart(made: CampForecast, row: int) -> str:
    """One camp by day."""
    clock, camp = made.scenario.clock, made.camps[row]
    past = np.tile(made.known[row], (len(CHANCES), 1))
    bands = np.concatenate([past, np.quantile(made.persons[:, row], CHANCES, axis=0)], axis=1)
    hours = 24.0 * np.concatenate([np.arange(made.day + 1), made.days]).astype(np.float64)
    frame = Frame(760, 240, (0.0, float(hours[-1])), nice_ticks(float(max(bands.max(), 1.0))))
    seen = [
        Mark(clock.hour_of(one.time) - 24.0, one.best, "fitted", f"{one.best:,.0f} counted")
        for target in made.scenario.targets if target.place == camp
        for one in target.observations if clock.hour_of(one.time) <= 24.0 * (made.day + 1)
    ]  # fmt: skip
    end = said(float(bands[2, -1]))
    label = f"{place_name(made, camp)}: {end} people most likely by {when_of(made, int(made.days[-1])):%d %B %Y}"
    extra = [upright(frame, 24.0 * made.day, "as of"), *marks(frame, seen)]
    return f"<h3>{escape(label)}</h3>{svg(frame, over_time(frame, clock, hours, bands, extra), label=label)}"


BACKTEST_HEADER = ("day", "total", "forecaster", "CRPS", "ARD", "inside 50 %", "inside 90 %")


def camp_backtest_table(found: Sequence[CampOriginScore]) -> Table:
    """The scores for a terminal."""
    return Table("Camps: CRPS in persons a camp and day (smaller is better)", BACKTEST_HEADER,
                 tuple(tuple(line) for line in camp_score_lines(found)))  # fmt: skip


def camp_score_lines(found: Sequence[CampOriginScore]) -> list[list[str]]:
    """One line a day and forecaster."""
    return [
        [str(one.day), "given" if one.is_total_given else "forecast", one.model, f"{one.crps:,.0f}", f"{one.ard:.3f}",
         *("" if x is None else f"{x:.0%}" for x in (one.cover50, one.cover90))]
        for one in found
    ]  # fmt: skip


def write_camp_backtest(folder: Path, found: Sequence[CampOriginScore]) -> Path:
    """Write the scores as a table; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "backtest.csv", as_csv(BACKTEST_HEADER, camp_score_lines(found)))
    return folder / "backtest.csv"

"""The page of a forecast, and its one-page form: one template, one file each, no network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from safeconduct.findings.charts import Frame, Mark, marks, nice_ticks, over_time, svg, upright
from safeconduct.findings.exports import chart_links, one_series
from safeconduct.findings.forecast.frames import place_name
from safeconduct.findings.forecast.sentences import (
    ADD_UP,
    BETWEEN_COUNTS,
    evidence_of,
    expected,
    people_there,
    said,
    still_there,
    when_half,
)
from safeconduct.findings.forecast.workbook import notes
from safeconduct.findings.pages import render, style_sheets
from safeconduct.inference.assimilate import (
    QUEUES,
    STANDARDS,
    WAITS,
    Forecast,
    PlanRow,
    Trigger,
    beside,
    doubts,
    peak,
    triggers,
)

TOTAL = "cum_arrivals_persons"
CHANCES = (0.05, 0.25, 0.5, 0.75, 0.95)
BY_DAY = ("arrivals on the day", "arrived by the end of the day", QUEUES, WAITS)
DAYS_ON_A_SHEET, HOMES_ON_A_SHEET = 9, 4
NEEDS = tuple(f"{one.need} on arrival" for one in STANDARDS[:3] if one.unit != "kcal a day") + (
    "vehicles arriving on the day",
    "bus loads onward",
)


def forecast_pages(made: Forecast, rows: Sequence[PlanRow], remark: str = "") -> tuple[str, str]:
    """The full page and the one-page form, with a remark of who asked for it."""
    is_many, above = len(made.simulation) > 1, {ADD_UP, BETWEEN_COUNTS, *people_there(made)}
    told = {
        "made": made, "is_many": is_many, "doubts": doubts(made), "beside": beside(made), "dates": when_half(made),
        "triggers": triggers_by_hours(made), "headlines": [expected(made, place) for place in made.simulation],
        "still_there": [*still_there(made, rows), *people_there(made)], "add_up": ADD_UP, "between": BETWEEN_COUNTS,
        "evidence": evidence_of(made),
        "charts": [chart(made, place) for place in made.simulation],
        "notes": [one for one in notes(made, remark) if one not in above], "style": style_sheets("forecast.css"),
    }  # fmt: skip
    filters = {"said": said, "place": lambda key: place_name(made, key)}
    full, short = (
        render("forecast.html.j2", {**told, **days_shown(made, rows, is_short), "is_short": is_short}, filters=filters)
        for is_short in (False, True)
    )
    return full, short


def days_shown(made: Forecast, rows: Sequence[PlanRow], is_short: bool) -> dict[str, object]:
    """The tables by day, and shelters; on one sheet the first days and the last, and the shelters with most people."""
    days, homes = sorted({one.day for one in rows}), shelter_table(made, rows)
    chosen = {*days[: DAYS_ON_A_SHEET - 1], days[-1]} if is_short else set(days)
    mine = [one for one in rows if one.day in chosen]
    shown = homes[:HOMES_ON_A_SHEET] if is_short else homes
    return {
        "days": table(made, mine, BY_DAY), "needs": table(made, mine, NEEDS), "shelter": shown,
        "days_left": [one for one in days if one not in chosen], "n_homes_left": len(homes) - len(shown),
    }  # fmt: skip


def triggers_by_hours(made: Forecast) -> list[tuple[tuple[str, int], list[Trigger]]]:
    """Triggers by place and hours."""
    found: dict[tuple[str, int], list[Trigger]] = {}
    for one in triggers(made):
        found.setdefault((one.place, one.hours), []).append(one)
    return list(found.items())


def table(
    made: Forecast, rows: Sequence[PlanRow], measures: Sequence[str]
) -> list[tuple[str, str, str, list[PlanRow]]]:
    """(measure, place, unit, rows by day) of these measures."""
    found = []
    for measure in measures:
        mine = [one for one in rows if one.measure == measure]
        for place in dict.fromkeys(one.place for one in mine):
            days = [one for one in mine if one.place == place]
            found.append((measure, place_name(made, place), days[0].unit, days))
    return found


def shelter_table(made: Forecast, rows: Sequence[PlanRow]) -> list[dict[str, object]]:
    """People in shelter by place on the last day, with what they need, and what there is apart."""
    last = max(one.day for one in rows)
    found = []
    for place in dict.fromkeys(one.place for one in rows if one.measure == "in organised shelter"):
        mine = {one.measure: one for one in rows if one.place == place and one.day == last}
        found.append({
            "place": place_name(made, place), "people": mine["in organised shelter"],
            "own": mine.get("in own arrangements"), "capacity": mine.get("capacity of organised shelter"),
            "water": mine["water for organised shelter"], "space": mine["covered space for organised shelter"],
            "toilets": mine["toilets for organised shelter"],
        })  # fmt: skip
    return sorted(found, key=lambda one: -one["people"].most_likely)  # type: ignore[attr-defined]  # of a PlanRow


def chart(made: Forecast, place: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Arrivals so far and expected, with every count that had been published; and links that save the runs behind."""
    series, hours, clock = made.ensemble.series[TOTAL, place], made.ensemble.hours, made.scenario.clock
    first = max(0, int(min((one.since for one in made.published.counts if one.place == place), default=0.0)) - 6)
    bands = np.quantile(series[:, first:], CHANCES, axis=0)
    counts = [one for one in made.published.counts if one.place == place]
    frame = Frame(760, 300, (float(hours[first]), float(hours[-1])), nice_ticks(float(bands.max())))
    seen = [Mark(one.hour, one.total, "fitted", f"{one.total:,.0f} counted") for one in counts]
    extra = [upright(frame, made.origin, "as of"), *marks(frame, seen)]
    day, _ = peak(made, place)
    label = f"Persons arrived at {place_name(made, place)}: most are expected on {day:%d %B}"
    every = one_series(TOTAL, place_name(made, place), clock, hours=hours, bands=np.quantile(series, CHANCES, axis=0))
    return svg(frame, over_time(frame, clock, hours[first:], bands, extra), label=label), chart_links(every)

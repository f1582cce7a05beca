"""What a forecast says in sentences: the same on its page, on the first sheet of its workbook and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from safeconduct.findings.forecast.frames import place_name, rounded
from safeconduct.inference.assimilate import QUEUES, READY, Forecast, PlanRow, dates_of, level_days, peak
from safeconduct.scenario import departure_assumed

TOTAL = "cum_arrivals_persons"
CASES_ARE = (
    "Best case, most likely and worst case are the 10, 50 and 90 % points of the forecast, for each figure alone. "
    "One day in ten is worse than the worst case."
)


def said(value: float) -> str:
    """A figure as one would say it."""
    return f"{rounded(value):,.0f}"


def moment(when: datetime) -> str:
    """A time to the hour."""
    return f"{when:%d %b, %H:%M}"


def expected(made: Forecast, place: str) -> str:
    """How many have come by the end, and the busiest day."""
    low, middle, high = np.quantile(made.ensemble.series[TOTAL, place][:, -1], (0.1, 0.5, 0.9))
    return (
        f"{said(middle)} people expected at {place_name(made, place)} by {moment(made.until)}: "
        f"worst case {said(high)}, best case {said(low)}. {busiest(made, place)}"
    )


def busiest(made: Forecast, place: str) -> str:
    """The day on which most people are still to come; or that the days are alike."""
    level = level_days(made, place)
    if level:
        low, high = map(said, level)
        return f"About the same on each whole day to come: {low if low == high else f'{low} to {high}'}."
    day, most = peak(made, place)
    return f"The busiest day still to come is {day:%A %d %B}: {said(most)}."


def when_half(made: Forecast) -> list[str]:
    """When half and nine tenths of those expected by the end will have come, by place."""
    found = []
    for one in dates_of(made):
        early, likely, late = (moment(when) if when else "later" for when in
                               (one.best_case, one.most_likely, one.worst_case))  # fmt: skip
        found.append(
            f"{place_name(made, one.place)}: of those expected by {moment(made.until)}, {one.what} by {likely} "
            f"({early} to {late})."
        )
    return found


def still_there(made: Forecast, rows: Sequence[PlanRow]) -> list[str]:
    """Who has not come by the end of the forecast, most likely."""
    last = {one.measure: one.most_likely for one in rows}  # in order of days: the last stays
    words = [
        f"{said(last[measure])} {what}"
        for measure, what in ((QUEUES, "stand in queues"), (READY, "are ready to leave without means or way"))
        if last.get(measure, 0.0) >= 1
    ]
    return (
        [f"At that time, most likely, {' and '.join(words)}; they are not among those expected by then."]
        if words
        else []
    )


def behind(made: Forecast, remark: str) -> list[str]:
    """What stands behind the figures without a report, or was looked at by one person alone."""
    sentences = [departure_assumed(made.scenario), assumed_parameters(made), remark]
    return [sentence for sentence in sentences if sentence]


def assumed_parameters(made: Forecast) -> str:
    """How many parameters no published source stands behind."""
    every = made.scenario.parameters.values()
    n = sum(one.is_assumed for one in every)
    return (
        f"{n} of {len(every)} parameters of the case are assumed; reports narrow those that they bear on." if n else ""
    )

"""What a forecast says in sentences: the same on its page, on the first sheet of its workbook and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from safeconduct.findings.forecast.frames import place_name, rounded
from safeconduct.inference.assimilate import (
    QUEUES,
    READY,
    Forecast,
    PlanRow,
    dates_of,
    level_days,
    most_likely_total,
    peak,
    people_at_start,
    unsettled,
)
from safeconduct.scenario import departure_assumed

TOTAL = "cum_arrivals_persons"
CASES_ARE = (
    "Best case and worst case are the 10 and 90 % points of the forecast, each figure for itself: one outcome in ten "
    "lies above the worst case, one in ten below the best. They are named for the load on those who receive; few "
    "arrivals may also mean that people cannot leave."
)
ADD_UP = (
    "Most likely arrivals are one line, the 50 % points of the running total: days are its steps and add up, and dates "
    "are read off it. Best and worst cases do not add up. Queues, waits, those ready to leave and shelter are of the "
    "simulated runs alone, and do not add up with arrivals."
)
BETWEEN_COUNTS = (
    "Between two counts the running total is interpolated: it rises by what was counted, at the hours at which the "
    "runs cross. Only hours of a count are reported."
)


def said(value: float) -> str:
    """A figure as one would say it."""
    return f"{rounded(value):,.0f}"


def moment(when: datetime) -> str:
    """A time to the hour."""
    return f"{when:%d %b, %H:%M}"


def expected(made: Forecast, place: str) -> str:
    """How many have come by the end, and the busiest day; a range where the middle is not settled."""
    low, middle, high = np.quantile(made.ensemble.series[TOTAL, place][:, -1], (0.1, 0.5, 0.9))
    where = f"people expected at {place_name(made, place)} by {moment(made.until)}"
    cases, day = f"worst case {said(high)}, best case {said(low)}", busiest(made, place)
    if loose := unsettled(made, place):
        least, most = map(said, loose)
        return (
            f"{least} to {most} {where}: {cases}. The most likely number is not settled: it is {said(middle)} here, "
            f"and may lie anywhere from {least} to {most} with other random numbers. {day}"
        )
    return f"{said(middle)} {where}: {cases}. {day}"


def busiest(made: Forecast, place: str) -> str:
    """The day on which most people are still to come; or that the days are alike."""
    level = level_days(made, place)
    if level:
        low, high = map(said, level)
        return f"About the same on each whole day to come: {low if low == high else f'{low} to {high}'}."
    day, most = peak(made, place)
    return f"The busiest day still to come is {day:%A %d %B}: {said(most)}."


def when_half(made: Forecast) -> list[str]:
    """When half and nine tenths of those who most likely come by the end will have come, by place."""
    found = []
    for one in dates_of(made):
        early, likely, late = (moment(when) if when else f"after {moment(made.until)}" for when in
                               (one.best_case, one.most_likely, one.worst_case))  # fmt: skip
        total = said(float(most_likely_total(made, one.place)[-1]))
        found.append(
            f"{place_name(made, one.place)}: {one.what} of the {total} most likely have arrived by {likely} "
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
    if not words:
        return []
    if len(made.simulation) == 1:
        place, table = next(iter(made.simulation.items()))
        words.insert(0, f"{said(float(np.median(table[:, -1])))} have arrived at {place_name(made, place)}")
    return [
        f"By the simulated runs alone, at that time, {', '.join(words[:-1])}{' and ' if words[1:] else ''}{words[-1]}. "
        f"The figures above also hold {pooled_with(made)}, so that these do not add up with them."
    ]


def pooled_with(made: Forecast) -> str:
    """The simple rules that the runs are pooled with."""
    return "two simple rules" if any(len(rules) > 1 for rules in made.rules.values()) else "a simple rule"


def evidence_of(made: Forecast) -> str:
    """What the runs were fitted to, and what they are pooled with."""
    known = made.published
    kinds = [
        (known.counts, "exact count"), (known.rough, "rough or daily count"),
        (known.waits, "reported wait"), (known.queues, "reported queue"),
    ]  # fmt: skip
    words = [f"{len(each)} {what}{'s' if len(each) != 1 else ''}" for each, what in kinds]
    n = len(made.assimilated.particles)
    return f"{n} runs, fitted to {', '.join(words[:-1])} and {words[-1]}, pooled with {pooled_with(made)}."


def people_there(made: Forecast) -> list[str]:
    """How many people are taken to be there at the start, and within what range."""
    parameter = people_at_start(made.scenario)
    if parameter is None:
        return []
    low, high = (parameter.prior.quantile(chance) for chance in (0.05, 0.95))
    spread = f", {said(low)} to {said(high)} in 90 % of runs before reports are read" if said(low) != said(high) else ""
    return [f"People there at the start: {parameter.value:,.0f}{spread}; source: {parameter.source}."]


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

"""Reported waits and queues, beside what the runs hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.summaries import EnsembleSummary
from safeconduct.findings.words import quantity_words
from safeconduct.ledger import Claim, claims_about, show_figure, show_when

TOLD = {"mean_trip_hours": ("wait_hours", "queue_hours"), "longest_queue_km": ("queue_km",)}  # outcome -> quantities
ANCHOR = "told-waits"


@dataclass(frozen=True, slots=True)
class ReportedWait:
    """A reported wait or queue, and the mean of the runs on that day where they record the same."""

    claim: Claim
    what: str
    where: str
    when: str
    figure: str  # with unit
    runs: str  # median and 90 % of runs, with unit; empty where the day is not known or no one crossed


def told_waits(reading: EnsembleSummary) -> list[ReportedWait]:
    """Every figure of a wait or a queue within the case's days, in order of time; undated ones last."""
    ledger = reading.scenario.ledger
    found = [
        ReportedWait(
            claim,
            quantity_words(quantity),
            ledger.terms.place_name(claim.place),
            show_when(claim),
            f"{show_figure(claim)} {claim.unit}",
            of_runs(reading, claim),
        )
        for quantities in TOLD.values()
        for quantity in quantities
        for claim in claims_about(ledger, quantity)
        if claim.kind == "figure" and claim.value is not None and not claim.retells and is_within(reading, claim)
    ]
    return sorted(found, key=lambda one: (one.claim.time is None, str(one.claim.time), one.claim.id))


def is_within(reading: EnsembleSummary, claim: Claim) -> bool:
    """Whether a claim speaks of the case's days, or of no day."""
    clock = reading.scenario.clock
    return claim.time is None or clock.start <= claim.time <= clock.end


def told_by_outcome(reading: EnsembleSummary) -> dict[str, str]:
    """Reported ranges of outcomes such as waits, in words; without those that have no report."""
    told = told_waits(reading)
    return {outcome: said for outcome in TOLD if (said := told_range(outcome, told))}


def told_range(outcome: str, told: Sequence[ReportedWait]) -> str:
    """The least and the most reported of what an outcome sums up, and in how many reports; empty without one."""
    said = []
    for what in map(quantity_words, TOLD.get(outcome, ())):
        found = [one.claim for one in told if one.what == what]
        values = [claim.value for claim in found if claim.value is not None]
        if values:
            low, high = show_number(min(values)), show_number(max(values))
            span = f"{low if low == high else f'{low} to {high}'} {found[0].unit}"
            words = what.removeprefix(f"{found[0].unit} ")
            said.append(f"{span} {words}, in {len(found)} report{'s' if len(found) != 1 else ''}")
    return "; ".join(said)


def of_runs(reading: EnsembleSummary, claim: Claim) -> str:
    """The mean over the claim's day of what the runs hold at its place, as median and 90 % of runs."""
    runs = reading.ensemble.series.get((claim.quantity, claim.place))
    if runs is None or claim.time is None:
        return ""
    hours, first = reading.ensemble.hours, reading.scenario.clock.hour_of(claim.time)
    start = first if claim.precision == "day" else first - 24
    day = runs[:, (hours > start) & (hours <= start + 24)]
    crossed = day[np.isfinite(day).any(axis=1)]
    if not len(crossed):
        return ""
    low, middle, high = (show_number(round(x, 1)) for x in np.quantile(np.nanmean(crossed, axis=1), (0.05, 0.5, 0.95)))
    return f"{middle} ({low}\N{EN DASH}{high}) {claim.unit}"

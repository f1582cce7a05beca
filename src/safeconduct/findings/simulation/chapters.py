"""The report's figures, chapter by chapter: each gives finished drawings with the words that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from safeconduct.findings.charts import (
    Floats,
    Frame,
    Mark,
    interval_rows,
    marks,
    nice_ticks,
    over_time,
    show_number,
    svg,
    upright,
)
from safeconduct.findings.simulation.record import recorded_marks, target_of, when
from safeconduct.findings.simulation.summaries import EnsembleSummary, Series, quantiles
from safeconduct.findings.simulation.tables import outcome_bands
from safeconduct.findings.words import capital, event_words, quantity_words
from safeconduct.inference import Scores
from safeconduct.scenario import Role

WIDE, NARROW, SMALL = 900.0, 358.0, 284.0  # px of charts: on a desk, on a telephone, in a row of several
LEAST_QUEUE_VEHICLES = 10.0  # a road whose queue holds fewer in 95 % of runs is not drawn
MOST_PANELS, MOST_QUEUES = 12, 7
MOST_WAITS = 4  # crossings with a chart each; of more, those that most people crossed have a small one
FEWEST_WAITING = 20.0  # persons who crossed in an hour; the mean wait of fewer says little
MOST_LINES = 4  # upright lines in the headline; with more of them none would be read


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing at both widths."""

    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One of several small drawings."""

    title: str
    note: str
    drawing: str


def at_both_widths(draw: Callable[[float], str]) -> Figure:
    """The same drawing for a desk and for a telephone."""
    return Figure(draw(WIDE), draw(NARROW))


def span(reading: EnsembleSummary) -> tuple[float, float]:
    """First and last recorded hour."""
    return float(reading.ensemble.hours[0]), float(reading.ensemble.hours[-1])


def time_chart(
    reading: EnsembleSummary,
    bands: Series,
    *,
    width: float,
    height: float,
    label: str,
    recorded: Iterable[Mark] = (),
    lines: Sequence[tuple[float, str]] = (),
    percent: bool = False,
) -> str:
    """One series over time, with recorded figures on it and upright lines at some hours."""
    recorded = list(recorded)
    highest = max([float(np.nanmax(bands, initial=0.0))] + [mark.value for mark in recorded])
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0] if percent else nice_ticks(highest, 3 if height < 200 else 5)
    frame = Frame(width, height, span(reading), ticks, percent=percent)
    extra = [upright(frame, hour, words, row) for row, (hour, words) in enumerate(lines)]
    extra += marks(frame, recorded)
    return svg(frame, over_time(frame, reading.scenario.clock, reading.ensemble.hours, bands, extra), label=label)


def headline(reading: EnsembleSummary, scores: Scores) -> Figure | None:
    """The series that the report opens with, against the record."""
    key = reading.scenario.headline
    if key not in reading.bands:
        return None
    target = target_of(reading, *key)
    recorded = recorded_marks(reading, target, scores) if target else []
    lines = headline_lines(reading, scores)
    bands = reading.bands[key]
    label = (
        f"{capital(quantity_words(key[0]))} at {reading.both_names(key[1])}: {spread(bands[:, -1])} at the end "
        f"(median, 90 % of runs), beside {len(recorded)} recorded figures."
    )
    return at_both_widths(
        lambda width: time_chart(
            reading,
            bands,
            width=width,
            height=430 if width > 500 else 300,
            label=label,
            recorded=recorded,
            lines=lines,
        )
    )


def headline_lines(reading: EnsembleSummary, scores: Scores) -> list[tuple[float, str]]:
    """Hours at which a road opened or closed, where these are few, and up to which figures were fitted."""
    clock = reading.scenario.clock
    changes = sorted(
        {(clock.hour_of(e.time), event_words(e.kind)) for e in reading.scenario.events if e.kind in ("open", "close")}
    )
    if len(changes) >= MOST_LINES:
        changes = []
    if scores.fitted_until:
        changes.append((clock.hour_of(scores.fitted_until), "fitted up to here"))
    first, last = span(reading)
    return [line for line in changes if first < line[0] < last]


def waiting_to_cross(reading: EnsembleSummary) -> list[tuple[str, Figure]]:
    """Hours from leaving to crossing, of those who crossed in the hour before, for each of a few counted crossings."""
    found: list[tuple[str, Figure]] = []
    if len(reading.crossings) > MOST_WAITS:
        return found
    for place in reading.crossings:
        runs = well_founded_waits(reading, place)
        if runs is None or not np.isfinite(runs).any():
            continue
        is_common = np.isfinite(runs).mean(axis=0) >= 0.5
        label = f"Hours from leaving to crossing at {reading.both_names(place)}, hour by hour"
        bands = np.where(is_common, quantiles(runs), np.nan)
        found.append((reading.both_names(place), plain_figure(reading, bands, label)))
    return found


def waits_by_crossing(reading: EnsembleSummary) -> list[Panel]:
    """Mean hours of each day, stood before a crossing or else from leaving to crossing, where there are many of these.

    Those that most people crossed first. A day on which half of the runs have no wait is left open.
    """
    if len(reading.crossings) <= MOST_WAITS:
        return []
    found = []
    for place in busiest_crossings(reading):
        quantity = "queue_hours" if ("queue_hours", place) in reading.ensemble.series else "wait_hours"
        runs = day_means(reading.ensemble.series[quantity, place])
        bands = np.where(np.isfinite(runs).mean(axis=0) >= 0.5, quantiles(runs), np.nan)
        title, words = reading.both_names(place), quantity_words(quantity)
        found.append(
            Panel(title, words, time_chart(reading, bands, width=SMALL, height=150, label=f"{title}: {words}"))
        )
    return found


def busiest_crossings(reading: EnsembleSummary) -> list[str]:
    """Crossings with recorded waits, those with a post first, then by the median of all who crossed; some of many."""
    series = reading.ensemble.series
    known = [p for p in reading.crossings if ("queue_hours", p) in series]
    known = known or [p for p in reading.crossings if ("wait_hours", p) in series]
    crossed = {p: float(np.median(series["cum_arrivals_persons", p][:, -1])) for p in known}
    return sorted(known, key=lambda place: (-crossed[place], place))[:MOST_PANELS]


def day_means(runs: Series) -> Series:
    """[run, hour] the mean over the 24 hours from the start in which an hour lies, of hours that have a value."""
    n_days = -(-runs.shape[1] // 24)
    padded = np.full((len(runs), n_days * 24), np.nan)
    padded[:, : runs.shape[1]] = runs
    days = padded.reshape(len(runs), n_days, 24)
    n_known = np.isfinite(days).sum(axis=2)
    means = np.where(n_known > 0, np.nansum(days, axis=2) / np.maximum(n_known, 1), np.nan)
    return np.repeat(means, 24, axis=1)[:, : runs.shape[1]]


def well_founded_waits(reading: EnsembleSummary, place: str) -> Series | None:
    """[run, hour] mean waits at a crossing, without hours in which they are the mean of a few persons only."""
    runs = reading.ensemble.series.get(("wait_hours", place))
    arrived = reading.ensemble.series.get(("cum_arrivals_persons", place))
    if runs is None or arrived is None:
        return runs
    return np.where(np.diff(arrived, prepend=0.0, axis=1) < FEWEST_WAITING, np.nan, runs)


def waiting_to_leave(reading: EnsembleSummary) -> Figure | None:
    """Persons who want to leave and cannot yet, over all places."""
    total = reading.total("n_waiting_persons", reading.places)
    if total is None:
        return None
    return plain_figure(reading, quantiles(total), "Persons who want to leave and cannot yet, all places")


def plain_figure(reading: EnsembleSummary, bands: Series, label: str) -> Figure:
    """A chart without a record, at both widths."""
    return at_both_widths(
        lambda width: time_chart(reading, bands, width=width, height=250 if width > 500 else 200, label=label)
    )


def spread(band: Floats) -> str:
    """A median with the range of nine runs in ten."""
    return f"{show_number(band[2])} ({show_number(band[0])}\N{EN DASH}{show_number(band[4])})"


@dataclass(frozen=True, slots=True)
class Origin:
    """When the people of one place left."""

    name: str
    region: str
    at_start: str
    left: str
    half_left: str


def share_left(reading: EnsembleSummary, places: list[str]) -> tuple[Series, Floats] | None:
    """[run, hour] share of the people of some places who have left, and [run] how many there were.

    In a case with phases people come back, so it is the share by which those who live there are fewer.
    """
    left, there = reading.total("cum_departures_persons", places), reading.total("n_persons", places)
    if left is None:
        return None
    if reading.scenario.timeline and there is not None:
        at_start = there[:, 0]
        return np.maximum(1.0 - there / np.maximum(at_start, 1e-9)[:, None], 0.0), at_start
    at_start = left[:, -1] if there is None else there[:, 0]
    return left / np.maximum(at_start, 1e-9)[:, None], at_start


def departures(reading: EnsembleSummary) -> list[Panel]:
    """Share of each region's people who have left, the region with most people first."""
    found = []
    for region, places in reading.regions(Role.ORIGIN, "cum_departures_persons").items():
        both = share_left(reading, places)
        if both is not None and np.median(both[1]) > 0:
            share, at_start = both
            words = reading.region_names(region)
            people = show_number(round(float(np.median(at_start)), -1))
            drawing = time_chart(
                reading,
                quantiles(share),
                width=SMALL,
                height=150,
                percent=True,
                label=f"Share who have left or are away: {words}"
                if reading.scenario.timeline
                else f"Share who have left: {words}",
            )
            found.append((float(np.median(at_start)), Panel(words, f"{people} persons at the start", drawing)))
    found.sort(key=lambda item: (-item[0], item[1].title))
    return [panel for _, panel in found[:MOST_PANELS]]


def origins(reading: EnsembleSummary) -> list[Origin]:
    """Each place of origin: how many there were, what share left, and when half had left."""
    rows = []
    for place in reading.scenario.places:
        both = share_left(reading, [place.key])
        if place.role is not Role.ORIGIN or both is None:
            continue
        share, at_start = both
        first = np.where(share[:, -1] >= 0.5, np.argmax(share >= 0.5, axis=1), 0)
        hour = np.where(share[:, -1] >= 0.5, reading.ensemble.hours[first], np.nan)
        half = outcome_bands(hour, never_is_late=True)
        times = ["never" if half[p] is None else when(reading, float(half[p] or 0)) for p in ("p50", "p05", "p95")]
        gone = quantiles(share[:, -1] * 100)
        rows.append(
            Origin(
                place.both_names,
                reading.region_names(place.region),
                spread(np.round(quantiles(at_start))),
                spread(np.round(gone, 1)),
                f"{times[0]} ({times[1]} \N{EN DASH} {times[2]})",
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue on one road."""

    title: str
    note: str
    longest: float
    figure: Figure
    small: str


def queues(reading: EnsembleSummary) -> list[Queue]:
    """The queue on each road that has one, longest first."""
    found = []
    for route in reading.scenario.routes:
        vehicles, km = (reading.bands.get((q, route.id)) for q in ("n_queue_vehicles", "queue_km"))
        shown = km if km is not None else vehicles
        if shown is None or np.nanmax((vehicles if vehicles is not None else shown)[4]) < LEAST_QUEUE_VEHICLES:
            continue
        unit = "km" if km is not None else "vehicles"
        longest = longest_of_runs(reading, "n_queue_vehicles" if km is None else "queue_km", route.id)
        note = f"longest of each run {spread(np.round(longest, 2))} {unit}"
        if vehicles is not None and km is not None:
            note += f", {spread(np.round(longest_of_runs(reading, 'n_queue_vehicles', route.id)))} vehicles"
        title = f"{reading.both_names(route.id)}, {unit}"
        label = f"Queue on {title}: {note}"
        small = time_chart(reading, shown, width=SMALL, height=150, label=label)
        found.append(Queue(title, note, float(np.nanmax(shown[2])), plain_figure(reading, shown, label), small))
    return sorted(found, key=lambda queue: (-queue.longest, queue.title))[:MOST_QUEUES]


def longest_of_runs(reading: EnsembleSummary, quantity: str, route: str) -> Floats:
    """Quantiles over runs of the longest queue that each run has on one road, at whatever hour."""
    return quantiles(reading.ensemble.series[quantity, route].max(axis=1))


@dataclass(frozen=True, slots=True)
class Shelter:
    """Organised shelter by region at one hour, against what was recorded for it."""

    time: str
    figure: Figure
    rows: list[tuple[str, list[str], str]]


def sheltered(reading: EnsembleSummary) -> Shelter | None:
    """Persons in organised shelter by region, at the hour for which most regions have a record, else at the end."""
    regions = reading.regions(Role.SHELTER, "n_sheltered_persons")
    if not regions:
        return None
    seen, hour = recorded_shelter(reading, regions)
    column = int(np.argmin(np.abs(reading.ensemble.hours - hour)))
    rows: list[tuple[str, Floats, float | None]] = []
    for region, places in regions.items():
        total = reading.total("n_sheltered_persons", places)
        assert total is not None
        rows.append((region, quantiles(total[:, column]), seen.get(region)))
    rows.sort(key=lambda row: -float(row[1][2]))
    label = f"Persons in organised shelter by region on {when(reading, hour)}"
    figure = Figure(
        interval_rows(rows, width=WIDE, label=label, label_room=190),
        interval_rows(rows, width=NARROW, label=label, label_room=124),
    )
    words = [
        (name, [show_number(round(float(b))) for b in band], "" if best is None else show_number(best))
        for name, band, best in rows
    ]
    return Shelter(when(reading, hour), figure, words)


def recorded_shelter(reading: EnsembleSummary, regions: dict[str, list[str]]) -> tuple[dict[str, float], float]:
    """Recorded persons in shelter by region, at the (last) hour for which most regions have a figure; and that hour.

    A region has a figure where the record gives one for the region itself, or for each of its places.
    """
    clock, end = reading.scenario.clock, float(reading.ensemble.hours[-1])
    figures = {
        target.place.removeprefix("region:"): {clock.hour_of(s.time): s.best for s in target.observations}
        for target in reading.scenario.targets
        if target.quantity == "n_sheltered_persons"
    }
    hours = {hour for by_hour in figures.values() for hour in by_hour if 0 <= hour <= end}
    found: dict[float, dict[str, float]] = {hour: {} for hour in hours}
    for hour in hours:
        for region, places in regions.items():
            for names in ([region], places):
                if region not in found[hour] and all(hour in figures.get(name, {}) for name in names):
                    found[hour][region] = sum(figures[name][hour] for name in names)
    best = max(hours, key=lambda hour: (len(found[hour]), hour), default=end)
    return found.get(best, {}), best

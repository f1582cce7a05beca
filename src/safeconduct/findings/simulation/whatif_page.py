"""The page of a counterfactual: the paired difference over time and in figures, with all its ifs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from safeconduct.findings.charts import (
    Frame,
    nice_ticks,
    over_time,
    points,
    show_number,
    signed_ticks,
    svg,
    time_axis,
    value_axis,
)
from safeconduct.findings.folders import all_or_nothing
from safeconduct.findings.pages import render, style_sheets
from safeconduct.findings.simulation import record
from safeconduct.findings.simulation.chapters import Figure, at_both_widths
from safeconduct.findings.simulation.summaries import quantiles
from safeconduct.findings.simulation.whatif import (
    Counterfactual,
    MeasureRow,
    changed_events,
    changes,
    conditions,
    differences_csv,
    gain_words,
    held_rows,
    interval,
    measures_csv,
    pairs_csv,
    signed,
    summary,
    write_differences,
)
from safeconduct.findings.simulation.write import hashes_in, put
from safeconduct.findings.words import capital
from safeconduct.inference import PairedValues
from safeconduct.terms import RunStopped, as_json

CHAPTERS = {  # title -> series over time, measures in its table
    "Waiting and queues": (
        (),
        ("mean_trip_hours", "longest_trip_hours", "longest_queue_km", "longest_queue_vehicles",
         "peak_arrivals_per_hour"),
    ),
    "People who want to leave and cannot": (
        ("waiting_persons", "still_there_persons"),
        ("most_waiting_persons", "waiting_person_hours", "waiting_at_end_persons", "still_there_at_end_persons"),
    ),
    "Need": (
        ("sheltered_persons", "without_food_persons"),
        ("most_sheltered_persons", "sheltered_person_days", "persons_in_state_shelter", "without_food_person_days"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series: the paired difference with its interval, and the two medians as single lines."""

    words: str
    difference: Figure
    medians: Figure


@dataclass(frozen=True, slots=True)
class Chapter:
    """A title, its drawings and its rows."""

    title: str
    anchor: str
    drawn: tuple[Drawn, ...]
    rows: tuple[MeasureRow, ...]


def difference_chart(found: Counterfactual, both: PairedValues, label: str, width: float) -> str:
    """The paired difference over time: median, 50 % and 90 % of pairs, about a line at zero."""
    bands = quantiles(both.difference)
    ticks = signed_ticks(float(np.nanmin(bands)), float(np.nanmax(bands)), 5 if width > 500 else 4)
    hours = found.pairs.factual.hours
    frame = Frame(width, 330 if width > 500 else 250, (float(hours[0]), float(hours[-1])), ticks)
    zero = f'<path class="axis" d="M{frame.left:.1f} {float(frame.y(0.0)):.1f}H{width - frame.right:.1f}"/>'
    return svg(frame, over_time(frame, found.scenario.clock, hours, bands, [zero]), label=label)


def medians_chart(found: Counterfactual, both: PairedValues, label: str, width: float) -> str:
    """The median of each world as a single line; no bands, as their overlap would say nothing of the difference."""
    middles = [quantiles(values)[2] for values in (both.factual, both.other)]
    ticks = nice_ticks(float(np.nanmax(middles)), 4)
    hours = found.pairs.factual.hours
    frame = Frame(width, 230 if width > 500 else 190, (float(hours[0]), float(hours[-1])), ticks)
    lines = [
        f'<path class="{kind}" d="M{points(frame.x(hours), frame.y(middle))}"/>'
        for kind, middle in zip(("world factual", "world other"), middles, strict=True)
    ]
    return svg(frame, [*value_axis(frame), *lines, *time_axis(frame, found.scenario.clock)], label=label)


def drawn(found: Counterfactual, name: str) -> Iterator[Drawn]:
    """The drawings of one series, where it was recorded."""
    both = found.pairs.over_time.get(name)
    if both is None or not np.isfinite(both.difference).any():
        return
    words = found.series_words(name)
    end = quantiles(both.difference)[:, -1]
    label = f"{capital(words)}, counterfactual less factual: {signed(end[2])} at the end (90 %: {interval(end, 0, 4)})"
    yield Drawn(
        words,
        at_both_widths(lambda width: difference_chart(found, both, label, width)),
        at_both_widths(lambda width: medians_chart(found, both, f"{capital(words)}: medians of both worlds", width)),
    )


def chapters(found: Counterfactual) -> Iterator[Chapter]:
    """Arrivals first, then the others; measures that belong nowhere go with arrivals."""
    rows = {row.name: row for row in found.rows}
    elsewhere = {name for _, names in CHAPTERS.values() for name in names}
    first = tuple(row for name, row in rows.items() if name not in elsewhere and name != "persons_at_start")
    yield Chapter("Arrivals", "arrivals", tuple(drawn(found, "arrivals")), first)
    for number, (title, (series, names)) in enumerate(CHAPTERS.items()):
        drawings = tuple(one for name in series for one in drawn(found, name))
        kept = tuple(rows[name] for name in names if name in rows)
        if drawings or kept:
            yield Chapter(title, f"part-{number + 1}", drawings, kept)


def key_rows(found: Counterfactual) -> list[MeasureRow]:
    """What a reader wants first: arrivals at the middle one of the times reported, then what sums up a run."""
    wanted = ("hours_to_50pct", "mean_trip_hours", "most_waiting_persons", "without_food_person_days")
    return [found.rows[len(found.hours) // 2], *(row for name in wanted for row in found.rows if row.name == name)]


def context(found: Counterfactual) -> dict[str, object]:
    """Everything the template prints, by the name it uses."""
    reading = found.reading
    parameters = record.parameter_rows(reading)
    return {
        "case": found.scenario,
        "span": (record.when(reading, 0.0), record.when(reading, float(found.pairs.factual.hours[-1]))),
        "zone": record.zone(reading),
        "n_pairs": len(found.pairs),
        "failures": found.failures,
        "changes": changes(found),
        "without_effect": found.game.without_effect if found.game else (),
        "conditions": conditions(found),
        "facts": key_rows(found),
        "chapters": list(chapters(found)),
        "held": [row for row in held_rows(found) if row.name != "persons_at_start"] if found.game else [],
        "held_words": found.game.held_words if found.game else "",
        "gains": [gain_words(found, gain) for gain in found.gains],
        "events": record.event_rows(reading),
        "moved": changed_events(found),
        "parameters": parameters,
        "provenance": record.provenance_words(found.provenance),
        "style": style_sheets("report.css", "whatif.css"),
    }


def middle(value: float | None) -> str:
    """A median for people."""
    return "not reached" if value is None else show_number(value)


def whatif_html(found: Counterfactual) -> str:
    """The whole page."""
    filters = {"signed": signed, "middle": middle}
    return render("whatif.html.j2", context(found), filters=filters, interval=interval)


def write_whatif(folder: Path, found: Counterfactual, *, report: bool = True) -> Path:
    """Write a counterfactual's tables and page; returns what to open. Raises RunStopped where no pair finished."""
    if not len(found.pairs):
        why = f": {found.failures[0].sentence}" if found.failures else ""
        raise RunStopped(f"No run finished in both worlds, so there is nothing to write to {folder}{why}")
    with all_or_nothing(folder) as part:
        put(part / "measures.csv", measures_csv(found))
        put(part / "pairs.csv", pairs_csv(found))
        put(part / "differences.csv", differences_csv(found))
        write_differences(found, part / "differences.parquet")
        put(part / "summary.json", as_json(summary(found)))
        put(part / "provenance.json", as_json({**found.provenance, "outputs": hashes_in(part)}))
        if report:
            put(part / "whatif.html", whatif_html(found))
    return folder / "whatif.html" if report else folder

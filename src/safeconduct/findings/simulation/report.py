"""The report: one page that needs nothing else, no network and, but for the map's slider, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.findings.charts import show_number
from safeconduct.findings.exports import chart_links, one_series
from safeconduct.findings.pages import asset, render, safe_json, style_sheets
from safeconduct.findings.simulation import chapters, mapping, record, sources, waits
from safeconduct.findings.simulation.summaries import NAMES, EnsembleSummary
from safeconduct.findings.simulation.tables import outcomes
from safeconduct.findings.words import capital, outcome_words, quantity_words, with_dates
from safeconduct.inference import Scores
from safeconduct.scenario import Role

if TYPE_CHECKING:
    from safeconduct.inference import Identifiability

KEY_OUTCOMES = (
    "persons_arrived",
    "hours_to_50pct",
    "mean_trip_hours",
    "longest_queue_km",
    "persons_displaced",
    "persons_in_state_shelter",
    "persons_in_camps",
    "persons_in_other_places",
    "persons_on_the_way",
)
SHORT_TABLE = 12  # rows: a longer table of parameters or events is folded
SHORT_OPENING = 100  # characters; after fewer another sentence follows
LICENCES = {
    "MapLibre GL JS 5.24.1 (draws the map)": "maplibre-gl.LICENSE.txt",
    "world-atlas 2.0.2 (Natural Earth 1:10m, public domain, as TopoJSON)": "world-atlas.LICENSE.txt",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure at the head of the report, with its range."""

    words: str
    middle: str
    unit: str
    spread: str
    anchor: str
    told: str = ""  # the same as reported by travellers, where the record has that


def key_facts(reading: EnsembleSummary, told: list[waits.ReportedWait]) -> Iterator[Fact]:
    """The few outcomes that a reader wants first, waits and queues beside their reported ranges."""
    known = outcomes(reading.ensemble, reading.scenario)
    for name in KEY_OUTCOMES:
        if name in known:
            words, unit = outcome_words(name, reading.scenario)
            low, middle, high = (
                "not reached" if value is None else show_number(round(value, 2))
                for value in (known[name][p] for p in ("p05", "p50", "p95"))
            )
            yield Fact(
                capital(words),
                middle,
                "" if middle == "not reached" else unit,
                low if low == middle == high else f"{low}\N{EN DASH}{high}",
                f"#figure-{name}",
                waits.told_range(name, told),
            )


def opening(text: str) -> tuple[str, str]:
    """A text's first sentences, enough for an opening, and the rest of it."""
    first, rest = "", re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip())
    while rest and len(first) < SHORT_OPENING:
        first = f"{first} {rest.pop(0)}".strip()
    return first, " ".join(rest)


def context(
    reading: EnsembleSummary, scores: Scores, provenance: Mapping[str, object], leavings: Identifiability | None
) -> dict[str, object]:
    """Everything the template prints, by the name it uses; long, as the page has many parts."""
    case, ensemble = reading.scenario, reading.ensemble
    base = mapping.surroundings(reading)
    target = record.target_of(reading, *case.headline)
    drawn = record.parameter_rows(reading)
    told = waits.told_waits(reading)
    return {
        "case": case,
        "about": opening(case.about),
        "reading": reading,
        "scores": scores,
        "provenance": record.provenance_words(provenance),
        "n_runs": len(ensemble.runs),
        "failures": ensemble.failures,
        "n_planned": len(ensemble.runs) + len(ensemble.failures),
        "span": (record.when(reading, 0.0), record.when(reading, float(ensemble.hours[-1]))),
        "zone": record.zone(reading),
        "n_origins": sum(place.role is Role.ORIGIN for place in case.places),
        "n_assumed": sum(p.is_assumed for p in case.parameters.values()),
        "facts": list(key_facts(reading, told)),
        "headline_words": capital(quantity_words(case.headline[0])),
        "headline": chapters.headline(reading, scores),
        "headline_saved": headline_links(reading),
        "recorded": list(record.recorded_rows(reading, target, scores)) if target else [],
        "headline_anchor": record.series_anchor(*case.headline),
        "trail": sources.trail(reading, scores, told),
        "open": fit_chapter(leavings),
        "map_still": mapping.still_map(reading, base),
        "map_data": safe_json(mapping.map_data(reading, base)),
        "map_spark": mapping.spark(reading),
        "map_hour": mapping.busiest_hour(reading),
        "map_time": record.when(reading, float(ensemble.hours[mapping.busiest_hour(reading)])),
        "map_places": list(mapping.place_rows(reading)),
        "map_roads": list(mapping.road_rows(reading)),
        "kept": {quantity for quantity, _ in reading.bands},
        "to_cross": chapters.waiting_to_cross(reading),
        "crossing_waits": chapters.waits_by_crossing(reading),
        "told_waits": told,
        "told_anchor": waits.ANCHOR,
        "to_leave": chapters.waiting_to_leave(reading),
        "departures": chapters.departures(reading),
        "origins": chapters.origins(reading),
        "queues": chapters.queues(reading),
        "shelter": chapters.sheltered(reading),
        "camps": camps_chapter(reading, scores),
        "score_groups": [group for group in record.score_groups(reading, scores) if group.is_headline],
        "other_groups": [group for group in record.score_groups(reading, scores) if not group.is_headline],
        "quantile_names": NAMES,
        "outcome_rows": record.outcome_rows(reading),
        "drawn": [row for row in drawn if row.is_drawn],
        "fixed": [row for row in drawn if not row.is_drawn],
        "changes": record.changes(provenance),
        "played": provenance.get("actors", ()),
        "sources": record.source_rows(reading),
        "assumptions": record.assumption_rows(reading),
        "events": record.event_rows(reading),
        "licences": {title: asset(name) for title, name in LICENCES.items()},
        "style": style_sheets("maplibre-gl.css", "report.css"),
        "library": asset("maplibre-gl.js"),
        "script": asset("report.js"),
    }


def headline_links(reading: EnsembleSummary) -> list[tuple[str, str, str]]:
    """The series that the report opens with, to be saved; empty where the runs did not keep it."""
    key, clock = reading.scenario.headline, reading.scenario.clock
    if key not in reading.bands:
        return []
    name = reading.both_names(key[1])
    return chart_links(one_series(key[0], name, clock, hours=reading.ensemble.hours, bands=reading.bands[key]))


def fit_chapter(leavings: Identifiability | None) -> object:
    """The chapter on how far the fit tells parameters apart; None for a case without one."""
    if leavings is None:
        return None
    from safeconduct.findings.simulation.identifiability import chapter  # here, as few cases have one

    return chapter(leavings)


def camps_chapter(reading: EnsembleSummary, scores: Scores) -> object:
    """The chapter on camps; None for a case without any."""
    if scores.camps is None:
        return None
    from safeconduct.findings.simulation.camps import chapter  # here, as few cases have camps

    return chapter(reading, scores)


def report_html(
    reading: EnsembleSummary, scores: Scores, provenance: Mapping[str, object], leavings: Identifiability | None = None
) -> str:
    """The whole page; `leavings` is what the fit behind the runs leaves open."""
    told = context(reading, scores, provenance, leavings)
    return render(
        "report.html.j2",
        told,
        filters={"in_words": with_dates},
        show_both=reading.both_names,
        SHORT_TABLE=SHORT_TABLE,
    )

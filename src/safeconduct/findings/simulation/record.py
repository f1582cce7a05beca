"""The record beside the runs: recorded figures, scores, contested figures, events, parameters, outcomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlsplit

import numpy as np

from safeconduct.findings.charts import Mark, show_number, strip
from safeconduct.findings.simulation.summaries import EnsembleSummary, quantiles
from safeconduct.findings.simulation.tables import outcomes
from safeconduct.findings.words import event_words, outcome_words, quantity_words
from safeconduct.inference import ScoreRow, Scores
from safeconduct.ledger import Claim, Observation
from safeconduct.scenario import (
    QUANTITIES,
    Checkpoint,
    Event,
    Parameter,
    People,
    Place,
    Route,
    Scenario,
    Supply,
    Target,
)
from safeconduct.terms import as_json

COUNTS, PER_DAY = ("cum_", "n_"), "new_"  # how names of quantities begin: see docs/case-folder.md
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A source as a reader sees it: words, and an address where the words were one."""

    text: str
    address: str = ""


def as_link(source: str, title: str = "") -> Link:
    """A source in words, linked to the first web address in it; the site's name where it has no words."""
    found = ADDRESS.search(source)
    if not found:
        return Link(" \N{MIDDLE DOT} ".join(part for part in (title, source) if part))
    address = found.group().rstrip(".,;)")
    words = title or re.sub(r"[,;]\s*([,;])", r"\1", source.replace(address, "")).strip(" ,;:()")
    return Link(words or urlsplit(address).netloc.removeprefix("www."), address)


def source_link(reading: EnsembleSummary, source: str) -> Link:
    """A source's link; where it is the id of a claim, that claim's reporter and row."""
    for claim in reading.scenario.ledger.claims:
        if claim.id == source:
            return Link(f"{claim.reporter} ({source})", f"#claim-{source}")
    return as_link(source)


def when(reading: EnsembleSummary, hour: float) -> str:
    """An hour of the case as people write it, in the case's own zone."""
    moment = reading.scenario.clock.at(hour)
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def zone(reading: EnsembleSummary) -> str:
    """The case's zone, as UTC+hh:mm."""
    text = reading.scenario.clock.start.isoformat()[-6:]
    return f"UTC{text}" if text[0] in "+-" else "UTC"


def kind_of(seen: Observation, target: Target, scores: Scores) -> str:
    """Whether a recorded figure was fitted on, came later, has no exact hour, or was fitted on as reported of a day."""
    until = scores.fitted_until
    if not seen.is_exact:
        is_told = (target.quantity, target.place) in scores.told
        return "told" if is_told and until and (seen.earliest or seen.time) < until else "inexact"
    was_fitted = (target.quantity, target.place) in fitted_targets(scores)
    return "fitted" if was_fitted and until is not None and seen.time <= until else "later"


def fitted_targets(scores: Scores) -> set[tuple[str, str]]:
    """Targets that the runs' parameters were fitted on, as (quantity, place)."""
    own = [row for row in scores.rows if row.model == "simulation" and row.rows == "fitted"]
    return {(row.target_quantity, row.target_place) for row in own}


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One recorded figure and what the runs held at that hour."""

    time: str
    kind: str
    seen: Observation
    band: tuple[float, ...]
    is_in: str
    claims: tuple[Claim, ...]
    left_out: tuple[tuple[str, str], ...]  # (claim, rule that left it out)
    anchor: str


def target_of(reading: EnsembleSummary, quantity: str, place: str) -> Target | None:
    """The scored series of a quantity at a place, where the case has one."""
    targets = reading.scenario.targets
    return next((t for t in targets if (t.quantity, t.place) == (quantity, place)), None)


def series_anchor(quantity: str, place: str) -> str:
    """The anchor of a recorded series in the report."""
    return re.sub(r"[^\w-]+", "-", f"series-{quantity}-{place}")


def recorded_rows(reading: EnsembleSummary, target: Target, scores: Scores) -> Iterator[RecordedRow]:
    """Every recorded figure of a target, in order of time, with the bands at its hour (between hours, in line)."""
    bands = reading.bands.get((target.quantity, target.place))
    by_id = {claim.id: claim for claim in reading.scenario.ledger.claims}
    for number, seen in enumerate(target.observations, 1):
        hour = reading.scenario.clock.hour_of(seen.time)
        if bands is None or not 0 <= hour <= reading.ensemble.hours[-1]:
            continue
        band = tuple(float(np.interp(hour, reading.ensemble.hours, row)) for row in bands)
        inside = "50 %" if band[1] <= seen.best <= band[3] else "90 %" if band[0] <= seen.best <= band[4] else "outside"
        claims = tuple(by_id[name] for name in seen.claims if name in by_id)
        left_out = tuple((name, rule) for name, rule in seen.left_out if name in by_id)
        anchor = f"{series_anchor(target.quantity, target.place).replace('series', 'seen', 1)}-{number}"
        yield RecordedRow(
            when(reading, hour), kind_of(seen, target, scores), seen, band, inside, claims, left_out, anchor
        )


def recorded_marks(reading: EnsembleSummary, target: Target, scores: Scores) -> list[Mark]:
    """A target's figures as marks of a chart."""
    clock = reading.scenario.clock
    words = {
        "fitted": "used for fitting",
        "later": "not used for fitting",
        "inexact": "hour not given by the source",
        "told": "used for fitting as far as published by then",
    }
    found = []
    for row in recorded_rows(reading, target, scores):
        who = "; ".join(sorted({claim.reporter for claim in row.claims}))
        title = f"{row.time}: {show_number(row.seen.best)} {row.seen.unit} ({who or row.seen.why}), {words[row.kind]}"
        shape = "inexact" if row.kind == "told" else row.kind
        found.append(Mark(clock.hour_of(row.seen.time), row.seen.best, shape, title))
    return found


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """Scores of all forecasters on one set of recorded figures."""

    title: str
    is_headline: bool
    is_fitted: bool
    rows: tuple[ScoreRow, ...]
    unit: str
    is_share: bool  # errors of counts are given as shares of the last; of figures a day, or of hours, in their unit
    worst: float  # of the errors in the group, for bars

    def error(self, row: ScoreRow) -> float:
        """The error of a forecaster, as this group tells it."""
        return row.rmse_share if self.is_share else row.rmse


def score_groups(reading: EnsembleSummary, scores: Scores) -> list[ScoreGroup]:
    """Scores by target and set of rows: the headline first, and later rows before fitted ones, as they are the test."""
    order = {"later": 0, "all": 1, "fitted": 2}

    def key(row: ScoreRow) -> tuple[bool, str, str, int, str]:
        target = (row.target_quantity, row.target_place)
        return target != reading.scenario.headline, *target, order.get(row.rows, 3), row.rows

    groups = []
    for (is_other, quantity, place, _, part), found in groupby(sorted(scores.rows, key=key), key):
        rows = tuple(found)
        was_fitted = (quantity, place) in fitted_targets(scores)
        title = f"{quantity_words(quantity)}, {reading.both_names(place)}: {rows_words(part, was_fitted=was_fitted)}"
        unit = QUANTITIES[quantity][1] if quantity in QUANTITIES else ""
        unit += " a day" if quantity.startswith(PER_DAY) else ""
        group = ScoreGroup(title, not is_other, part == "fitted", rows, unit, quantity.startswith(COUNTS), 1.0)
        errors = [abs(group.error(row)) for row in rows if np.isfinite(group.error(row))]
        groups.append(replace(group, worst=max(errors, default=0.0) or 1.0))
    return groups


def rows_words(part: str, *, was_fitted: bool) -> str:
    """Which recorded figures a table of scores is about, and whether they can test anything."""
    if part == "fitted":
        return "figures used for fitting: how close the fit is, no validation" if was_fitted else "earlier figures"
    if part == "all":
        return "all figures; the simulation was fitted on none of them"
    return "later figures, not used for fitting"


def event_target(reading: EnsembleSummary, event: Event) -> str:
    """What an event touches, in names."""
    if event.target == "*":
        return "everywhere"
    kind, _, rest = event.target.rpartition(":")
    return f"{reading.region_names(rest)} region" if kind == "region" else reading.both_names(event.target)


def event_value(event: Event) -> str:
    """What an event's number is: a figure, the name of the parameter that holds it, or nothing where it has none."""
    if event.kind in ("open", "close", "admit", "transfer", "reachable"):
        return ""
    return event.value.parameter or ("" if event.value.value is None else show_number(event.value.value))


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as the report lists it."""

    time: str
    what: str
    where: str
    value: str
    event: Event
    source: Link


def event_rows(reading: EnsembleSummary) -> list[EventRow]:
    """All events in order of time."""
    clock = reading.scenario.clock
    return [
        EventRow(
            when(reading, clock.hour_of(event.time)),
            event_words(event.kind),
            event_target(reading, event)
            + (f" \N{RIGHTWARDS ARROW} {reading.both_names(event.to)}" if event.to else ""),
            event_value(event),
            event,
            source_link(reading, event.source),
        )
        for event in sorted(reading.scenario.events, key=lambda event: event.time)
    ]


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter, its prior and what it was in the runs."""

    parameter: Parameter
    is_drawn: bool
    runs: tuple[float, float, float]  # p05, p50, p95 over runs
    picture: str
    source: Link


def parameter_rows(reading: EnsembleSummary) -> list[ParameterRow]:
    """Drawn parameters first, then those that every run has alike."""
    rows = []
    for name, parameter in reading.scenario.parameters.items():
        drawn = reading.ensemble.parameters.get(name)
        band = quantiles(np.full(1, parameter.value) if drawn is None else drawn)
        runs = (float(band[0]), float(band[2]), float(band[4]))
        is_drawn = runs[0] != runs[2]
        prior = (parameter.prior.quantile(0.05), parameter.prior.quantile(0.95))
        picture = strip(prior, runs) if is_drawn or prior[0] != prior[1] else ""
        rows.append(ParameterRow(parameter, is_drawn, runs, picture, source_link(reading, parameter.source)))
    return sorted(rows, key=lambda row: not row.is_drawn)


def outcome_rows(reading: EnsembleSummary) -> list[tuple[str, str, str, list[str]]]:
    """Every outcome: its name, what it is in words, unit, and its five quantiles."""
    return [
        (
            name,
            *outcome_words(name, reading.scenario),
            ["not reached" if b is None else show_number(b) for b in bands.values()],
        )
        for name, bands in outcomes(reading.ensemble, reading.scenario).items()
    ]


def changes(provenance: Mapping[str, object]) -> list[str]:
    """What a user has changed in the case for these runs, each in a few words."""
    told = []
    for key, words in (("parameters_set", "parameter {} = {}"), ("events_moved", "event {} moved to {}")):
        found = provenance.get(key)
        if isinstance(found, Mapping):
            told += [words.format(name, value) for name, value in found.items()]
    return told + (["roads added or replaced"] if provenance.get("extra_routes") else [])


def provenance_words(provenance: Mapping[str, object]) -> dict[str, str | int | float]:
    """A provenance as a page prints it: whatever is no single value as JSON."""
    return {
        key: value if isinstance(value, str | int | float) else as_json(value).strip()
        for key, value in provenance.items()
    }


def source_rows(reading: EnsembleSummary) -> list[tuple[str, list[tuple[Link, int]]]]:
    """Sources of each table of the case, with how many rows rest on each; the most used first."""
    return [
        (name, [(source_link(reading, source), n) for source, n in Counter(row.source for row in rows).most_common()])
        for name, rows in tables_of(reading.scenario).items()
        if rows
    ]


def tables_of(case: Scenario) -> dict[str, Sequence[Place | Route | Checkpoint | People | Supply]]:
    """The tables of a case whose rows name a source, by what readers call them."""
    return {
        "places": case.places,
        "roads": case.routes,
        "checkpoints": case.checkpoints,
        "people": case.people,
        "supplies": case.supplies,
    }


def assumption_rows(reading: EnsembleSummary) -> list[tuple[str, int, int]]:
    """Tables of the case with how many of their rows rest on an assumption."""
    case = reading.scenario
    tables = {"parameters": tuple(case.parameters.values()), **tables_of(case), "events": case.events}
    return [
        (name, len(rows), sum(row.source.startswith("assumed") for row in rows))
        for name, rows in tables.items()
        if rows
    ]

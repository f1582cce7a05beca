"""The record beside the runs: recorded figures, scores, contested figures, events, parameters, outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

import numpy as np

from safeconduct.findings.bands import Reading, quantiles
from safeconduct.findings.charts import Mark, show_number, strip
from safeconduct.findings.tables import outcomes
from safeconduct.findings.words import event_words, outcome_words, quantity_words
from safeconduct.inference import ScoreRow, Scores
from safeconduct.ledger import Claim, Observation
from safeconduct.scenario import Event, Parameter, Target


@dataclass(frozen=True, slots=True)
class Link:
    """A source as a reader sees it: words, and an address where the words were one."""

    text: str
    address: str = ""


def as_link(source: str, title: str = "") -> Link:
    """A source's title or its site's name, linked where it is a web address."""
    if source.startswith(("https://", "http://")):
        return Link(title or urlsplit(source).netloc.removeprefix("www."), source)
    return Link(" \N{MIDDLE DOT} ".join(part for part in (title, source) if part))


def when(reading: Reading, hour: float) -> str:
    """An hour of the case as people write it, in the case's own zone."""
    moment = reading.scenario.clock.at(hour)
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def zone(reading: Reading) -> str:
    """The case's zone, as UTC+hh:mm."""
    text = reading.scenario.clock.start.isoformat()[-6:]
    return f"UTC{text}" if text[0] in "+-" else "UTC"


def kind_of(seen: Observation, target: Target, scores: Scores) -> str:
    """Whether a recorded figure was fitted on, came later, or has no exact hour."""
    fitted = {(row.target_quantity, row.target_place) for row in scores.rows if row.rows == "fitted"}
    if not seen.is_exact:
        return "inexact"
    is_target = (target.quantity, target.place) in fitted
    until = scores.fitted_until
    return "fitted" if is_target and until is not None and seen.time <= until else "later"


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One recorded figure and what the runs held at that hour."""

    time: str
    kind: str
    seen: Observation
    band: tuple[float, ...]
    is_in: str
    claims: tuple[Claim, ...]


def target_of(reading: Reading, quantity: str, place: str) -> Target | None:
    """The scored series of a quantity at a place, where the case has one."""
    targets = reading.scenario.targets
    return next((t for t in targets if (t.quantity, t.place) == (quantity, place)), None)


def recorded_rows(reading: Reading, target: Target, scores: Scores) -> Iterator[RecordedRow]:
    """Every recorded figure of a target, in order of time, with the bands at its hour (between hours, in line)."""
    bands = reading.bands.get((target.quantity, target.place))
    by_id = {claim.id: claim for claim in reading.scenario.ledger.claims}
    for seen in target.observations:
        hour = reading.scenario.clock.hour_of(seen.time)
        if bands is None or not 0 <= hour <= reading.ensemble.hours[-1]:
            continue
        band = tuple(float(np.interp(hour, reading.ensemble.hours, row)) for row in bands)
        inside = (
            "50 %"
            if band[1] <= seen.best <= band[3]
            else "90 %"
            if band[0] <= seen.best <= band[4]
            else "outside"
        )
        claims = tuple(by_id[name] for name in seen.claims if name in by_id)
        yield RecordedRow(when(reading, hour), kind_of(seen, target, scores), seen, band, inside, claims)


def recorded_marks(reading: Reading, target: Target, scores: Scores) -> list[Mark]:
    """A target's figures as marks of a chart."""
    clock = reading.scenario.clock
    words = {
        "fitted": "used for fitting",
        "later": "not used for fitting",
        "inexact": "hour not given by the source",
    }
    found = []
    for row in recorded_rows(reading, target, scores):
        who = "; ".join(sorted({claim.reporter for claim in row.claims}))
        title = f"{row.time}: {show_number(row.seen.best)} {row.seen.unit} ({who or row.seen.why}), {words[row.kind]}"
        found.append(Mark(clock.hour_of(row.seen.time), row.seen.best, row.kind, title))
    return found


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """Scores of all forecasters on one set of recorded figures."""

    title: str
    is_fitted: bool
    rows: tuple[ScoreRow, ...]
    unit: str
    worst: float  # of rmse_share in the group, for bars


def score_groups(reading: Reading, scores: Scores) -> list[ScoreGroup]:
    """Scores by target and set of rows: later ones first, for they are the test."""
    order = {"later": 0, "all": 1, "fitted": 2}

    def key(row: ScoreRow) -> tuple[str, str, int, str]:
        return row.target_quantity, row.target_place, order.get(row.rows, 3), row.rows

    titles = {
        "later": "later figures, not used for fitting",
        "fitted": "figures used for fitting: how close the fit is, no validation",
        "all": "all figures; none was used for fitting"
        if not scores.fitted_until
        else "all figures, fitted ones included: no validation",
    }
    return [
        ScoreGroup(
            f"{quantity_words(quantity)}, {reading.both_names(place)}: {titles.get(part, part)}",
            part == "fitted" or (part == "all" and scores.fitted_until is not None),
            tuple(rows),
            "vehicles" if "vehicles" in quantity else "hours" if "hours" in quantity else "persons",
            max((row.rmse_share for row in rows if np.isfinite(row.rmse_share)), default=1.0) or 1.0,
        )
        for (quantity, place, _, part), group in groupby(sorted(scores.rows, key=key), key)
        for rows in [list(group)]
    ]


def contested(reading: Reading) -> list[tuple[str, str, tuple[Claim, ...]]]:
    """Figures that differ for one quantity, place and hour: time, what, and each claim with who makes it."""
    claims = [
        claim
        for claim in reading.scenario.ledger.claims
        if claim.kind == "figure" and claim.time is not None and claim.precision in ("exact", "hour")
    ]

    def key(claim: Claim) -> tuple[str, str, str]:
        assert claim.time is not None
        hour = claim.time.astimezone(reading.scenario.clock.start.tzinfo)
        return hour.strftime("%Y-%m-%d %H"), claim.quantity, claim.place

    found = []
    for (_, quantity, place), group in groupby(sorted(claims, key=key), key):
        rows = tuple(group)
        if len({(row.low, row.best, row.high) for row in rows}) > 1:
            hour = reading.scenario.clock.hour_of(rows[0].time) if rows[0].time else 0.0
            found.append(
                (when(reading, hour), f"{quantity_words(quantity)}, {reading.both_names(place)}", rows)
            )
    return found


def claim_value(claim: Claim) -> str:
    """A claim's figure, with its range where it gives one."""
    ends = [show_number(end) if end is not None else "" for end in (claim.low, claim.high)]
    spread = f"{ends[0]}\N{EN DASH}{ends[1]}" if claim.low != claim.high and any(ends) else ends[0]
    if claim.best is None:
        return spread
    return show_number(claim.best) + (f" ({spread})" if spread and claim.low != claim.high else "")


def event_target(reading: Reading, event: Event) -> str:
    """What an event touches, in names."""
    if event.target == "*":
        return "everywhere"
    kind, _, rest = event.target.rpartition(":")
    return rest if kind == "region" else reading.both_names(event.target)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as the report lists it."""

    time: str
    what: str
    where: str
    value: str
    event: Event
    source: Link


def event_rows(reading: Reading) -> list[EventRow]:
    """All events in order of time."""
    clock = reading.scenario.clock
    return [
        EventRow(
            when(reading, clock.hour_of(event.time)),
            event_words(event.kind),
            event_target(reading, event)
            + (f" \N{RIGHTWARDS ARROW} {reading.name(event.to)}" if event.to else ""),
            event.value.parameter or ("" if event.value.value is None else show_number(event.value.value)),
            event,
            as_link(event.source),
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


def parameter_rows(reading: Reading) -> list[ParameterRow]:
    """Drawn parameters first, then those that every run has alike."""
    rows = []
    for name, parameter in reading.scenario.parameters.items():
        drawn = reading.ensemble.parameters.get(name)
        band = quantiles(np.full(1, parameter.value) if drawn is None else drawn)
        runs = (float(band[0]), float(band[2]), float(band[4]))
        is_drawn = runs[0] != runs[2]
        prior = (parameter.prior.quantile(0.05), parameter.prior.quantile(0.95))
        picture = strip(prior, runs) if is_drawn or prior[0] != prior[1] else ""
        rows.append(ParameterRow(parameter, is_drawn, runs, picture, as_link(parameter.source)))
    return sorted(rows, key=lambda row: not row.is_drawn)


def outcome_rows(reading: Reading) -> list[tuple[str, str, list[str]]]:
    """Every outcome in words: what, unit, and its five quantiles."""
    return [
        (*outcome_words(name), ["not reached" if b is None else show_number(b) for b in bands.values()])
        for name, bands in outcomes(reading.ensemble).items()
    ]


def assumption_rows(reading: Reading) -> list[tuple[str, int, int]]:
    """Tables of the case with how many of their rows rest on an assumption."""
    case = reading.scenario
    tables: Sequence[tuple[str, Sequence[object]]] = (
        ("parameters", tuple(case.parameters.values())),
        ("places", case.places),
        ("roads", case.routes),
        ("checkpoints", case.checkpoints),
        ("people", case.people),
        ("supplies", case.supplies),
        ("events", case.events),
    )
    return [
        (name, len(rows), sum(str(getattr(row, "source", "")).startswith("assumed") for row in rows))
        for name, rows in tables
        if rows
    ]

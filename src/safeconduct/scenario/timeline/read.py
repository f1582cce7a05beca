"""Read what a case with phases adds: its three tables, and the phases of case.yaml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.scenario.amount import Amount
from safeconduct.scenario.files.rows import Names, amount, known, places_meant
from safeconduct.scenario.files.tables import CATEGORIES, EVENT_KINDS
from safeconduct.scenario.quantities import QUANTITIES
from safeconduct.scenario.timeline.tables import ACTS, DIRECTIONS, INFLOWS, KINDS, OBSERVED, PASSAGES, SAYS, STOCKS
from safeconduct.scenario.timeline.types import (
    INSIDE,
    MONTHS,
    OUTSIDE,
    ActEffect,
    Inflow,
    Measure,
    Passage,
    Phase,
    Seen,
    Stock,
)
from safeconduct.terms import Fault, Row, Table, cells, is_there, parse_time, read_rows, table_file

Record = TypeVar("Record")
AT = ("start", "end", "change", "highest", "lowest", "mean")
AT_LEVEL = ("first_below:", "first_above:")


class MeasureSpec(BaseModel):
    """A figure that sums up a phase."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1)
    quantity: str
    place: str
    at: str = "end"
    about: str = ""


class PhaseSpec(BaseModel):
    """A phase as case.yaml gives it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: str = Field(min_length=1)
    title: str = Field(min_length=1)
    begins: str = ""  # a time
    when: str = ""  # or the id of an event with which it begins
    step_minutes: float
    record_minutes: float = 0.0  # 0 = every step
    measures: list[MeasureSpec] = []
    about: str = ""
    assumes: list[str] = []
    fit_until: str = ""
    fits: list[str] = []


def phase_of(spec: PhaseSpec) -> Phase:
    """A phase, once `phase_faults` has found nothing."""
    measures = tuple(Measure(one.name, one.quantity, one.place, one.at, one.about) for one in spec.measures)
    return Phase(
        key=spec.key,
        title=spec.title,
        begins=parse_time(spec.begins) if spec.begins else None,
        event=spec.when,
        step_minutes=spec.step_minutes,
        record_minutes=max(spec.record_minutes, spec.step_minutes),
        measures=measures,
        about=spec.about,
        assumes=tuple(spec.assumes),
        fit_until=parse_time(spec.fit_until) if spec.fit_until else None,
        fits=tuple(spec.fits),
    )


def phase_faults(number: int, spec: PhaseSpec) -> Iterator[tuple[tuple[str | int, ...], str, str, str]]:
    """(where, found, expected, advice) for what is wrong with a phase by itself."""
    here = ("phases", number)
    if bool(spec.begins) == bool(spec.when):
        yield here, "both or neither of begins and when", "one of them", "write begins: TIME, or when: ID OF AN EVENT"
    for name, cell in (("begins", spec.begins), ("fit_until", spec.fit_until)):
        try:
            parse_time(cell) if cell else None
        except ValueError:
            yield (*here, name), cell, "a time with its offset", "write 2030-05-06T06:00+02:00"
    if not 1 <= spec.step_minutes <= 1440 or 1440 % spec.step_minutes:
        yield (*here, "step_minutes"), f"{spec.step_minutes:g}", "minutes that divide a day", "use 15, 60 or 1440"
    for i, one in enumerate(spec.measures):
        level = one.at.split(":")[-1]
        is_level = one.at.startswith(AT_LEVEL) and level.replace(".", "", 1).isdigit()
        if one.at not in AT and not is_level:
            expected = f"one of {', '.join(AT)}, first_below:NUMBER or first_above:NUMBER"
            yield (*here, "measures", i, "at"), one.at, expected, "correct it"


def read_stocks(folder: Path, names: Names, faults: list[Fault]) -> tuple[Stock, ...]:
    """Rows of stocks.csv; faults are noted."""
    return _rows(folder, STOCKS, _stock, names, faults)


def read_inflows(folder: Path, names: Names, faults: list[Fault]) -> tuple[Inflow, ...]:
    """Rows of inflows.csv; faults are noted."""
    return _rows(folder, INFLOWS, _inflow, names, faults)


def read_passages(folder: Path, names: Names, faults: list[Fault]) -> tuple[Passage, ...]:
    """Rows of passages.csv; faults are noted."""
    return _rows(folder, PASSAGES, _passage, names, faults)


def read_observed(folder: Path, names: Names, phases: Collection[str], faults: list[Fault]) -> tuple[Seen, ...]:
    """Rows of observed.csv, in order of time; faults are noted."""
    found = _rows(folder, OBSERVED, partial(_seen, phases=phases), names, faults)
    return tuple(sorted(found, key=lambda one: one.time))


def _seen(row: Row, lines: dict[str, int], names: Names, *, phases: Collection[str]) -> Seen:
    places = {INSIDE, OUTSIDE, *(names.places or ()), *(names.passages or ())}
    best, time = cells.number(row, "best") or 0.0, cells.time(row, "time")
    return Seen(
        id=cells.new_key(row, "id", lines),
        phase=known(row, "phase", phases, "a phase of case.yaml"),
        quantity=known(row, "quantity", QUANTITIES, "a quantity that runs record"),
        place=known(
            row, "place", places if names.places is not None else None, "a place, inside, outside or a passage"
        ),
        time=time,
        low=best if not row.cells.get("low") else cells.number(row, "low") or 0.0,
        best=best,
        high=best if not row.cells.get("high") else cells.number(row, "high") or 0.0,
        says=cells.choice(row, "says", SAYS),
        published=cells.time(row, "published") if row.cells.get("published") else time,
        reporter=cells.text(row, "reporter"),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def read_acts(folder: Path, names: Names, faults: list[Fault]) -> tuple[ActEffect, ...]:
    """Rows of act_effects.csv; faults are noted."""
    return _rows(folder, ACTS, _act, names, faults)


def _act(row: Row, lines: dict[str, int], names: Names) -> ActEffect:
    effect = cells.choice(row, "effect", ("drop", "add"))
    kind = row.cells.get("kind", "")
    if effect == "add" and kind not in EVENT_KINDS:
        row.note("kind", f"one of {', '.join(EVENT_KINDS)}", "name the kind of the event that is added")
    return ActEffect(
        act=cells.text(row, "act"),
        effect=effect,
        event=cells.text(row, "event"),
        kind=kind,
        target=cells.text(row, "target"),
        value=amount(row, "value", names, low=-1.0, otherwise=Amount(0.0)),
        to=cells.text(row, "to"),
        days=cells.number(row, "days", low=0.0) or 0.0,
        sets=tuple(cells.text(row, "sets").split()),
        about=cells.text(row, "about"),
        source=cells.text(row, "source"),
    )


def _rows(
    folder: Path, table: Table, make: Callable[[Row, dict[str, int], Names], Record], names: Names, faults: list[Fault]
) -> tuple[Record, ...]:
    path = table_file(folder / table.file, faults)
    lines: dict[str, int] = {}
    return tuple(make(row, lines, names) for row in read_rows(path, table, faults) or ()) if is_there(path) else ()


def _stock(row: Row, lines: dict[str, int], names: Names) -> Stock:
    place, kind = places_meant(row, "place", names), cells.choice(row, "kind", KINDS)
    if f"{place}/{kind}" in lines:
        row.note("kind", f"a kind that line {lines[f'{place}/{kind}']} does not give", "add the two rows up")
    lines.setdefault(f"{place}/{kind}", row.line)
    return Stock(
        place=place,
        kind=kind,
        unit=cells.text(row, "unit"),
        need=amount(row, "need", names, low=1e-6),
        start_days=amount(row, "start_days", names),
        store_days=amount(row, "store_days", names),
        made_share=amount(row, "made_share", names, high=1.0),
        season=_season(row),
        ration_below_days=amount(row, "ration_below_days", names),
        ration_share=amount(row, "ration_share", names, high=1.0),
        spoils_share=amount(row, "spoils_share", names, high=1.0),
        weight=amount(row, "weight", names),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def _season(row: Row) -> tuple[float, ...]:
    words = cells.text(row, "season").split()
    if not words:
        return (1.0,) * MONTHS
    try:
        factors = tuple(float(word) for word in words)
    except ValueError:
        factors = ()
    if len(factors) != MONTHS or min(factors, default=-1.0) < 0.0:
        row.note("season", "twelve numbers of at least 0, with spaces between", "write January first")
        return (1.0,) * MONTHS
    return factors


def _inflow(row: Row, lines: dict[str, int], names: Names) -> Inflow:
    cell = cells.text(row, "route")
    return Inflow(
        id=cells.new_key(row, "id", lines),
        kind=cells.choice(row, "kind", KINDS),
        thousand_per_day=amount(row, "thousand_per_day", names),
        route=known(row, "route", names.routes, "a road of routes.csv") if cell else "",
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )


def _passage(row: Row, lines: dict[str, int], names: Names) -> Passage:
    categories = [name for name in CATEGORIES if name not in ("everyone", "nobody")]
    return Passage(
        id=cells.new_key(row, "id", lines),
        checkpoint=known(row, "checkpoint", names.checkpoints, "a checkpoint of checkpoints.csv"),
        direction=cells.choice(row, "direction", DIRECTIONS),
        category=cells.choice(row, "category", categories),
        persons_per_day=amount(row, "persons_per_day", names),
        asks_per_day=amount(row, "asks_per_day", names),
        source=cells.text(row, "source"),
        note=cells.text(row, "note"),
    )

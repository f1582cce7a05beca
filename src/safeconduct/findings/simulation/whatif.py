"""What-if findings: two worlds run by run, shown as the difference within each pair, never as two bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Failure
from safeconduct.findings.charts import show_number
from safeconduct.findings.simulation.record import event_target, when
from safeconduct.findings.simulation.summaries import NAMES, EnsembleSummary, quantiles
from safeconduct.findings.simulation.tables import as_csv, outcome_bands, plain
from safeconduct.findings.words import capital, event_words, outcome_words, quantity_words
from safeconduct.inference import Gain, PairedEnsemble, PairedValues
from safeconduct.ledger import Table
from safeconduct.scenario import QUANTITIES, Event, Scenario
from safeconduct.terms import show_time

SERIES = {  # name in `PairedEnsemble.over_time` -> words; the headline's come from the case
    "waiting_persons": "persons who want to leave and cannot yet, all places",
    "still_there_persons": "persons at places of origin",
    "sheltered_persons": "persons in organised shelter, all places",
    "without_food_persons": "persons at places of origin where food in store has run out",
}
DEFAULT_SHARES = (0.25, 0.5, 0.75, 1.0)  # of the period, at which arrivals are reported where no time is asked for
LEAST_KNOWN = 0.5  # of the pairs must have a value in both worlds, else the few that have one would mislead


@dataclass(frozen=True)
class GameNotes:
    """What is said where an act of a party was set."""

    changes: tuple[str, ...]
    without_effect: tuple[str, ...]  # why the act changes no dated event, where it does not
    conditions: tuple[str, ...]
    held_words: str  # what is otherwise where the public belief does not take the act as telling
    held: tuple[PairedEnsemble, ...]  # the pairs of that world; empty where all is the same
    touched: Mapping[str, int]  # event -> in how many runs what the parties do makes it otherwise


@dataclass(frozen=True)
class Counterfactual:
    """All that is known of a counterfactual: the two worlds, their runs, how they were made."""

    scenario: Scenario  # the factual one
    changed: Scenario
    pairs: PairedEnsemble
    at_hours: tuple[float, ...]  # hours at which arrivals are reported
    failures: tuple[Failure, ...]  # of either world; their pairs are left out
    provenance: Mapping[str, object]
    game: GameNotes | None = None  # where an act of a party was set

    @cached_property
    def reading(self) -> EnsembleSummary:
        """The factual world, with names for its subjects."""
        return EnsembleSummary(self.scenario, self.pairs.factual)

    @cached_property
    def hours(self) -> tuple[float, ...]:
        """Hours at which arrivals are reported: those asked for, else quarters of the period."""
        span = float(self.pairs.factual.hours[-1])
        return self.at_hours or tuple(float(round(span * share)) for share in DEFAULT_SHARES)

    @cached_property
    def rows(self) -> tuple[MeasureRow, ...]:
        """Every measure as a row: arrivals at the hours asked for, then what sums up a run."""
        unit = unit_of(self.scenario)
        words = quantity_words(self.scenario.headline[0])
        at = [
            row_of(f"arrivals at {self.time(hour)}", f"{words} by {when(self.reading, hour)}", unit,
                   self.pairs.arrivals_at(hour))
            for hour in self.hours
        ]  # fmt: skip
        return (*at, *(row_of(name, *outcome_words(name), both) for name, both in self.pairs.measures.items()))

    @cached_property
    def gains(self) -> tuple[Gain, ...]:
        """How much narrower the difference in arrivals is for the common draws, at each hour."""
        return tuple(self.pairs.gain(hour) for hour in self.hours)

    def time(self, hour: float) -> str:
        """An hour of the case with its offset from UTC."""
        return show_time(self.scenario.clock.at(hour))

    def series_words(self, name: str) -> str:
        """What a series over time is, in words."""
        quantity, place = self.scenario.headline
        return SERIES.get(name, f"{quantity_words(quantity)}, {self.reading.both_names(place)}")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: its middle in each world, and the quantiles of the difference within pairs."""

    name: str
    words: str
    unit: str
    both: PairedValues
    factual: float | None  # median; None where half of the runs never reach it
    other: float | None
    band: tuple[float, ...]  # p05 to p95 of the difference
    n_pairs: int  # in which both worlds have a value


def row_of(name: str, words: str, unit: str, both: PairedValues) -> MeasureRow:
    """A measure's row."""
    late = name.startswith("hours_to_")
    middles = [outcome_bands(values, never_is_late=late)["p50"] for values in (both.factual, both.other)]
    difference = both.difference
    n_known = int(np.isfinite(difference).sum())
    is_told = n_known >= LEAST_KNOWN * len(difference)
    band = tuple(float(value) + 0.0 if is_told else float("nan") for value in quantiles(difference))
    return MeasureRow(name, words, unit, both, middles[0], middles[1], band, n_known)


def unit_of(scenario: Scenario) -> str:
    """The unit of the headline's series."""
    quantity = scenario.headline[0]
    return QUANTITIES[quantity][1] if quantity in QUANTITIES else ""


def signed(value: float) -> str:
    """A difference for people, with its sign; 0 has none."""
    if not np.isfinite(value):
        return "\N{EN DASH}"
    text = show_number(round(abs(value), 0 if abs(value) >= 10 else 3))
    return text if text == "0" else ("+" if value > 0 else "\N{MINUS SIGN}") + text


def interval(band: Sequence[float] | NDArray[np.float64], low: int, high: int) -> str:
    """An interval of a difference, in words."""
    return f"{signed(band[low])} to {signed(band[high])}"


def changes(found: Counterfactual) -> list[str]:
    """What the counterfactual world has otherwise, each in a sentence part."""
    reading, before = found.reading, {event.id: event for event in found.scenario.events}
    told = [told_event(reading, event, before.get(event.id)) for event in found.changed.events]
    after = {event.id for event in found.changed.events}
    told += [f"{said(reading, event)} does not happen" for event in found.scenario.events if event.id not in after]
    for name, parameter in found.changed.parameters.items():
        if parameter != found.scenario.parameters[name]:
            low, middle, high = quantiles(found.pairs.factual.parameters[name])[[0, 2, 4]]
            range_ = f", 90 %: {show_number(low)} to {show_number(high)}" if low < high else ""
            unit = "" if parameter.unit == "1" else f" {parameter.unit}"
            told.append(
                f"parameter {name} is {show_number(parameter.value)}{unit} "
                f"(factual runs: {show_number(middle)}{range_})"
            )
    known = {route.id: route for route in found.scenario.routes}
    for route in found.changed.routes:
        if known.get(route.id) != route:
            told.append(f"road {route.id} is {'replaced' if route.id in known else 'added'}")
    return [*(found.game.changes if found.game else ()), *(one for one in told if one)]


def said(reading: EnsembleSummary, event: Event) -> str:
    """An event in words: its id, what it is and where."""
    return f"{event.id} ({event_words(event.kind)}, {event_target(reading, event)})"


def told_event(reading: EnsembleSummary, event: Event, before: Event | None) -> str:
    """How an event differs from the factual one; empty where it does not."""
    clock = reading.scenario.clock
    at = when(reading, clock.hour_of(event.time))
    if before is None:
        return f"{said(reading, event)} happens on {at}"
    if event.time != before.time:
        return f"{said(reading, event)} is on {at} instead of {when(reading, clock.hour_of(before.time))}"
    return "" if event == before else f"{said(reading, event)} is replaced"


def conditions(found: Counterfactual) -> list[str]:
    """All the ifs, in sentences: whose counterfactual it is, what is held, what is assumed."""
    case, n = found.scenario, len(found.pairs)
    parameters = case.parameters.values()
    drawn = [p for p in parameters if p.prior.kind != "fixed"]
    moved = changed_events(found)
    return [
        "This is a model's counterfactual: what the model's people do when one thing is otherwise. It is no statement "
        "on what would have happened, on what anyone intended, or on who answers for what.",
        f"Within each of the {n} pairs of runs both worlds have the same seed and the same values of all parameters "
        "that were not changed: the same people in the same parties with the same thresholds, delays and vehicles. "
        "Only the change and what follows from it in the model differ.",
        f"Held as in the factual world: {len(case.events) - len(moved)} of {len(case.events)} dated events. "
        "Governments, authorities, forces and bus drivers do not respond to the change.",
        f"{sum(p.is_assumed for p in parameters)} of {len(case.parameters)} parameters rest on no published source and "
        f"are assumed; so do {sum(e.source.startswith('assumed') or 'assumed' in e.note for e in case.events)} events, "
        "in their strength, share or hour. An assumption that is wrong in both worlds does not cancel out.",
        f"{len(drawn)} parameters differ from pair to pair"
        + (", drawn from ranges set beforehand." if found.provenance.get("drawn_from") == "priors" else
           ", drawn from a sample fitted to the factual record where it holds them, else from ranges set beforehand.")
        + " The interval holds what these values and the draws leave open, not what the model leaves out.",
        *(found.game.conditions if found.game else ()),
    ]  # fmt: skip


def changed_events(found: Counterfactual) -> dict[str, str]:
    """The case's events that are otherwise in the counterfactual world, and in which runs."""
    moved = {event.id: "changed" for event in found.scenario.events if event not in found.changed.events}
    touched = found.game.touched if found.game else {}
    n = len(found.pairs) + len({failure.run for failure in found.failures})
    known = [event.id for event in found.scenario.events]
    return moved | {key: f"changed in {many} of {max(n, many)} runs" for key, many in touched.items() if key in known}


def summary(found: Counterfactual) -> dict[str, object]:
    """What summary.json holds."""
    return {
        "changes": changes(found),
        "measures": {row.name: as_record(row) for row in found.rows},
        "common_draws": [
            {
                "time": found.time(gain.hour),
                "quantity": found.scenario.headline[0],
                "paired_width_90": gain.paired_width,
                "unpaired_width_90": gain.unpaired_width,
                "ratio": gain.ratio,
            }
            for gain in found.gains
        ],
        **({"act_without_effect": list(found.game.without_effect)} if found.game else {}),
        **({"belief_held": belief_held(found)} if found.game else {}),
        "conditions": conditions(found),
        "n_pairs": len(found.pairs),
        "n_failed_runs": len(found.failures),
        "n_parameters": len(found.scenario.parameters),
        "n_assumed": sum(p.is_assumed for p in found.scenario.parameters.values()),
    }


def held_rows(found: Counterfactual) -> tuple[MeasureRow, ...]:
    """The same measures with the belief held; those of the main table where nothing is otherwise."""
    held = found.game.held if found.game else ()
    return replace(found, pairs=held[0], game=None).rows if held else found.rows


def belief_held(found: Counterfactual) -> dict[str, object]:
    """What summary.json says of the belief held."""
    words = found.game.held_words if found.game else ""
    return {"says": words, "measures": {row.name: as_record(row) for row in held_rows(found)}}


def as_record(row: MeasureRow) -> dict[str, object]:
    """A measure for programs."""
    difference = dict(zip(NAMES, row.band, strict=True))
    return {
        "unit": row.unit,
        "factual_p50": row.factual,
        "counterfactual_p50": row.other,
        "difference": difference,
        "n_pairs": row.n_pairs,
    }


def measures_csv(found: Counterfactual) -> str:
    """One row a measure: medians of both worlds, quantiles of the paired difference."""
    rows = [
        [row.name, row.unit, *(plain(np.nan if m is None else m) for m in (row.factual, row.other)),
         *map(plain, row.band), row.n_pairs]
        for row in found.rows
    ]  # fmt: skip
    return as_csv(["measure", "unit", "factual_p50", "counterfactual_p50", *NAMES, "pairs"], rows)


def pairs_csv(found: Counterfactual) -> str:
    """One row a pair of runs and measure."""
    runs = found.pairs.factual.runs
    rows = [
        [int(run), row.name, row.unit, plain(float(f)), plain(float(o)), plain(float(o - f))]
        for row in found.rows
        for run, f, o in zip(runs, row.both.factual, row.both.other, strict=True)
    ]
    return as_csv(["run", "measure", "unit", "factual", "counterfactual", "difference"], rows)


def differences_csv(found: Counterfactual) -> str:
    """One row an hour and series: medians of both worlds, quantiles of the paired difference."""
    rows = []
    for name, both in found.pairs.over_time.items():
        middles = [quantiles(values)[2] for values in (both.factual, both.other)]
        bands = quantiles(both.difference)
        for i, hour in enumerate(found.pairs.factual.hours):
            middle = [plain(float(values[i])) for values in middles]
            rows.append([found.time(float(hour)), name, *middle, *(plain(float(b)) for b in bands[:, i])])
    return as_csv(["time", "series", "factual_p50", "counterfactual_p50", *NAMES], rows)


def write_differences(found: Counterfactual, path: Path) -> None:
    """Every pair's series over time: run, time (UTC), series, factual, counterfactual, difference."""
    import polars as pl

    pairs = found.pairs
    n, times = len(pairs), [found.scenario.clock.at(float(hour)) for hour in pairs.factual.hours]

    def column(values: NDArray[np.float64]) -> pl.Series:
        return pl.Series(values.ravel(), dtype=pl.Float64)

    frames = [
        pl.DataFrame(
            {
                "run": pl.Series(np.repeat(pairs.factual.runs, len(times)), dtype=pl.Int32),
                "time": pl.Series(times * n).dt.convert_time_zone("UTC"),
                "series": [name] * (n * len(times)),
                "factual": column(both.factual),
                "counterfactual": column(both.other),
                "difference": column(both.difference),
            }
        )
        for name, both in pairs.over_time.items()
    ]
    pl.concat(frames).write_parquet(path, compression="zstd", compression_level=3)


def whatif_said(found: Counterfactual) -> tuple[list[str], Table, list[str]]:
    """What the terminal shows: the changes, each measure that differs, what common draws gain halfway, the ifs."""
    n = len(found.pairs)
    head = ["Changed: " + ("; ".join(changes(found)) or "nothing") + "."]
    head += found.game.without_effect if found.game else ()
    rows = tuple(told_row(row) for row in found.rows if not is_none(row) and is_known(row))
    title = f"Counterfactual less factual, within {n} pairs of runs with common draws"
    same, few = ([row for row in found.rows if is_none(row)], [row for row in found.rows if not is_known(row)])
    listed = "; ".join(row.words for row in same) if rows else "all that is measured in half of the pairs at least"
    tail = [f"No difference in any pair: {listed}."] * bool(same)
    tail += [f"{capital(row.words)}: reached in both worlds in {row.n_pairs} of {n} pairs only." for row in few]
    tail += [gain_words(found, found.gains[len(found.gains) // 2])]
    tail += [found.game.held_words] if found.game else []
    return head, Table(title, ("measure", "difference", "90 % of pairs"), rows), [*tail, conditions(found)[0]]


def is_none(row: MeasureRow) -> bool:
    """Whether a measure is the same in both worlds of every pair."""
    return is_known(row) and not np.nan_to_num(row.both.difference).any()


def is_known(row: MeasureRow) -> bool:
    """Whether enough pairs have a measure for it to be reported."""
    return not np.isnan(row.band[2])


def told_row(row: MeasureRow) -> tuple[str, str, str]:
    """A measure in a table: its words, the median of its difference with the unit, the interval."""
    return row.words, f"{signed(row.band[2])} {row.unit}".strip(), interval(row.band, 0, 4)


def gain_words(found: Counterfactual, gain: Gain) -> str:
    """What common draws gain at an hour, in a sentence."""
    at = when(found.reading, gain.hour)
    if not np.isfinite(gain.ratio):
        n_other, n = np.count_nonzero(found.pairs.arrivals_at(gain.hour).difference), len(found.pairs)
        return f"{at}: arrivals differ in {f'{n_other} of {n} pairs' if n_other else 'no pair'}."
    return (
        f"{at}: the 90 % interval of the difference in arrivals is {show_number(round(gain.paired_width))} wide; "
        f"without common draws it would be {show_number(round(gain.unpaired_width))}, {gain.ratio:.1f} times as wide."
    )

"""A long case as it stands beside the same with acts set: measures by phase, and what the acts decide by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from safeconduct.ensemble import Ensemble
from safeconduct.findings.folders import all_or_nothing
from safeconduct.findings.simulation.tables import as_csv
from safeconduct.findings.simulation.write import hashes_in, put
from safeconduct.findings.timeline.bands import write_bands
from safeconduct.findings.timeline.phases import goes_with
from safeconduct.findings.words import measure_words, outcome_words
from safeconduct.scenario import INSIDE, Scenario, effects_of, measures_set, with_acts_set
from safeconduct.terms import as_json, show_time

CHANCES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
OF_CASE = ("case.inside", "case.hosted", "case.wish")
LIVES_INSIDE = ("n_persons", INSIDE)
THIRD = 1 / 3
OVERVIEW = "counterfactuals.csv"
OF_OVERVIEW = frozenset({OVERVIEW})
REFUSED = "decided by what the act is assumed to do, so no result"


@dataclass(frozen=True)
class Compared:
    """One measure in both worlds, run by run."""

    name: str
    about: str
    is_set: bool  # follows from the act's assumed effects alone
    factual: NDArray[np.float64]  # [pair]
    other: NDArray[np.float64]

    @property
    def difference(self) -> NDArray[np.float64]:
        """[pair] other less factual, where both are defined."""
        found = self.other - self.factual
        return found[np.isfinite(found)]

    def record(self) -> dict[str, object]:
        """What counterfactual.json holds; no figures where the answer is the assumption."""
        if self.is_set:
            return {"about": self.about, "result": REFUSED}
        worlds = {"unchanged": self.factual, "changed": self.other, "difference": self.difference}
        return {"about": self.about, **{name: counted(values) for name, values in worlds.items()}}


@dataclass(frozen=True)
class Dominant:
    """A parameter that goes with who lives inside at the end, and the answer at both ends of its values."""

    name: str
    rank_correlation: float
    low_third: tuple[float, float]  # its values in the third of the pairs with the smallest
    high_third: tuple[float, float]
    inside_low: NDArray[np.float64]  # who lives inside, with the act, in those pairs
    inside_high: NDArray[np.float64]

    def record(self) -> dict[str, object]:
        """What counterfactual.json holds."""
        thirds = (
            ("lowest_third", self.low_third, self.inside_low),
            ("highest_third", self.high_third, self.inside_high),
        )
        ends = {key: {"from": a, "to": b, "inside": bands(inside)} for key, (a, b), inside in thirds}
        return {"parameter": self.name, "rank_correlation": self.rank_correlation, **ends}


@dataclass(frozen=True)
class ActsCompared:
    """Acts that were set, what they are assumed to do, and every measure in both worlds."""

    title: str  # of the question; empty where it was typed

    case: Scenario
    acts: tuple[tuple[str, datetime], ...]
    measures: tuple[Compared, ...]
    dominates: tuple[Dominant, ...]  # the parameters that go most with who lives inside at the end
    n_pairs: int
    unchanged: Ensemble  # the runs of the world as it stands
    changed: Ensemble  # the same with the acts set

    @property
    def assumed(self) -> list[str]:
        """What the acts are assumed to do, a sentence each, before any result."""
        rows = effects_of(self.case, self.acts)
        return list(dict.fromkeys(f"{row.act} on {show_time(when)}: {row.about} ({row.source})" for row, when in rows))

    @property
    def conditions(self) -> list[str]:
        """Under which phases the answer holds, a sentence each: those of the world with the acts set."""
        recorded, found = dict(self.case.phase_starts()), []
        there = dict(with_acts_set(self.case, self.acts).phase_starts())
        for phase, when in recorded.items():
            if phase not in there:
                found.append(f"{phase.title}: does not take place.")
            elif max((day for _, day in self.acts), default=when) <= when:
                found.append(f"{phase.title}: as recorded, from {show_time(there[phase])}.")
        return found

    @property
    def inside(self) -> Compared:
        """Who lives inside at the end."""
        return next(one for one in self.measures if one.name == "case.inside")


def counted(values: NDArray[np.float64]) -> dict[str, float | int | None]:
    """Quantiles and in how many pairs the measure is defined: what never happens in a run has no day."""
    return {"n": int(np.isfinite(values).sum()), **bands(values)}


def bands(values: NDArray[np.float64]) -> dict[str, float | None]:
    """Quantiles of the defined values."""
    known = values[np.isfinite(values)]
    return {name: float(np.quantile(known, chance)) if known.size else None for name, chance in CHANCES.items()}


def compare(
    case: Scenario, acts: Sequence[tuple[str, datetime]], factual: Ensemble, other: Ensemble, title: str = ""
) -> ActsCompared:
    """Pair the runs that finished in both worlds."""
    both = np.intersect1d(factual.runs, other.runs)
    first, second = np.isin(factual.runs, both), np.isin(other.runs, both)
    decided = measures_set(case, acts)
    names = (*OF_CASE, *measure_words(case))
    words = {name: outcome_words(name, case)[0] for name in names}
    nothing = np.full(both.size, np.nan)
    measures = tuple(
        Compared(
            name,
            about,
            name in decided,
            factual.outcomes[name][first] if name in factual.outcomes else nothing,
            other.outcomes[name][second] if name in other.outcomes else nothing,
        )
        for name, about in words.items()
    )
    inside = next(one.other for one in measures if one.name == "case.inside")
    return ActsCompared(
        title,
        case,
        tuple(acts),
        measures,
        () if "case.inside" in decided else dominant(with_rows(other, second), inside),
        int(both.size),
        factual,
        other,
    )


def dominant(ensemble: Ensemble, inside: NDArray[np.float64]) -> tuple[Dominant, ...]:
    """The parameters whose ranks go most with who lives inside, each with the answer at both ends of its values."""
    found = []
    for name, correlation in goes_with(ensemble, inside).items():
        values = ensemble.parameters[name]
        low, high = values <= np.quantile(values, THIRD), values >= np.quantile(values, 1 - THIRD)
        small, large = ((float(values[part].min()), float(values[part].max())) for part in (low, high))
        found.append(Dominant(name, correlation, small, large, inside[low], inside[high]))
    return tuple(found)


def reported_inside(case: Scenario) -> str:
    """The last reported figure of who lives inside, with its range, reporter and day; empty where there is none."""
    seen = [
        one for one in (case.timeline.observed if case.timeline else ()) if (one.quantity, one.place) == LIVES_INSIDE
    ]
    if not seen:
        return ""
    last = max(seen, key=lambda one: one.time)
    width = "" if last.low == last.high else f" ({last.low:,g} to {last.high:,g})"
    says = "" if last.says in ("exact", "about") else f"{last.says.replace('_', ' ')} "
    return f"{says}{last.best:,g}{width}: {last.reporter}, {last.time.day} {last.time:%B %Y}"


def with_rows(ensemble: Ensemble, rows: NDArray[np.bool_]) -> Ensemble:
    """The ensemble with the parameters of some runs alone."""
    return replace(ensemble, parameters={name: values[rows] for name, values in ensemble.parameters.items()})


def write_acts(folder: Path, found: ActsCompared, provenance: dict[str, object]) -> Path:
    """Write counterfactual.json, counterfactual.csv and the bands of both worlds; returns the folder."""
    rows: list[list[object]] = []
    for one in found.measures:
        if not one.is_set and one.difference.size:  # where the assumption is the answer, counterfactual.json says so
            three = (bands(one.factual), bands(one.other), bands(one.difference))
            figures = ("" if v is None else round(v, 3) for b in three for v in b.values())
            rows.append([one.name, one.about, one.difference.size, *figures])
    worlds = ("unchanged", "changed", "difference")
    head = ["measure", "about", "pairs", *(f"{world}_{chance}" for world in worlds for chance in CHANCES)]
    record = {
        "title": found.title,
        "assumed": found.assumed,
        "conditions": found.conditions,
        "n_pairs": found.n_pairs,
        "measures": {one.name: one.record() for one in found.measures},
        "reported_inside": reported_inside(found.case),
        "dominates": [one.record() for one in found.dominates],
    }
    with all_or_nothing(folder) as part:
        put(part / "counterfactual.json", as_json(record))
        put(part / "counterfactual.csv", as_csv(head, rows))
        write_bands(found.case, found.unchanged, part / "bands_unchanged.parquet")
        write_bands(with_acts_set(found.case, found.acts), found.changed, part / "bands.parquet")
        put(part / "provenance.json", as_json({**provenance, "outputs": hashes_in(part)}))
    return folder


def acts_said(found: ActsCompared) -> list[str]:
    """What the terminal says: assumptions first, then differences that are results."""
    lines = ["Assumed:", *(f"  {one}" for one in found.assumed), f"In {found.n_pairs} pairs of runs (80 % of pairs):"]
    for one in found.measures:
        if one.is_set:
            lines.append(f"  {one.about}: {REFUSED}")
            continue
        now, then, gap = bands(one.factual), bands(one.other), bands(one.difference)
        if None in (*now.values(), *then.values(), *gap.values()):
            if now["p50"] is not None or then["p50"] is not None:
                lines.append(f"  {one.about}: defined in one of the two worlds alone")
            continue
        lines.append(
            f"  {one.about}: {three(now)} simulated without the act, {three(then)} with; difference {three(gap)}"
        )
    return [*lines, *who_stays(found)]


def who_stays(found: ActsCompared) -> list[str]:
    """Who would still live inside at the end: a range with its conditions, and what it depends on most."""
    if found.inside.is_set:
        return [f"Who would still live inside: {REFUSED}."]
    told = bands(found.inside.other)
    if None in told.values():
        return []
    given = " ".join(["All other events happen as recorded.", *found.conditions])
    said = [f"Who would still live inside at the end: {three(told)}. Conditions: what is assumed above. {given}"]
    if reported := reported_inside(found.case):
        now = three(bands(found.inside.factual))
        said.append(f"Simulated without the act: {now}. Last report of who lives inside: {reported}.")
    return [*said, f"It depends most on {depends(found)}."] if found.dominates else said


def depends(found: ActsCompared) -> str:
    """The parameter that goes most with who lives inside at the end, in words, with the answer at its two ends."""
    if not found.dominates or found.inside.is_set:
        return ""
    one = found.dominates[0]
    known = found.case.parameters.get(one.name)
    ends = [
        f"{three(bands(inside))} where it is {low:.2g} to {high:.2g}"
        for (low, high), inside in ((one.low_third, one.inside_low), (one.high_third, one.inside_high))
    ]
    words = (known.note if known else "") or one.name
    return f"{words} (rank correlation {one.rank_correlation:+.2f}): {'; '.join(ends)}"


HEAD = (
    "key", "question", "pairs", "inside, simulated without the change", "inside, simulated with it", "difference",
    "inside, last report", "depends most on",
)  # fmt: skip


def overview(keys: Sequence[str], found: Sequence[ActsCompared]) -> tuple[tuple[str, ...], ...]:
    """A row a question: who lives inside at the end in both worlds, beside the last report; or why none is given."""
    rows = list[tuple[str, ...]]()
    for key, one in zip(keys, found, strict=True):
        inside = one.inside
        now, reported = three(bands(inside.factual)), reported_inside(one.case)
        answer = (REFUSED, "") if inside.is_set else (three(bands(inside.other)), three(bands(inside.difference)))
        rows.append((key, one.title, str(inside.difference.size), now, *answer, reported, depends(one)))
    return tuple(rows)


def write_overview(folder: Path, keys: Sequence[str], found: Sequence[ActsCompared]) -> None:
    """Write counterfactuals.csv beside the folders of the questions."""
    with all_or_nothing(folder, OF_OVERVIEW) as part:
        put(part / OVERVIEW, as_csv(list(HEAD), overview(keys, found)))


def three(band: dict[str, float | None]) -> str:
    """A median and its range, rounded to three figures."""
    if None in band.values():
        return "undefined"
    low, middle, high = (f"{float(f'{band[name]:.3g}'):,g}" for name in ("p10", "p50", "p90"))
    return f"{middle} ({low} to {high})"

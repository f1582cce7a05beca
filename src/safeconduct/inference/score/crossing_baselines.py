"""Rules for the people who cross in a day at the crossings of several countries: nearest border, gravity, servers.

Where a count of the places that are scored is made at more than one crossing, a rule for where people go has to look at
each crossing, not at the point that stands for all of them. The first two are handed the recorded total, as every rule
for where people go; the third is fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from safeconduct.inference.score.baselines import Baseline
from safeconduct.inference.score.destination_baselines import TOLD, Weights, crow_km, last_levels
from safeconduct.inference.score.evidence import RecordedRow, TargetRows
from safeconduct.scenario import Place, Scenario, Target

Array = NDArray[np.float64]
FLOW = "new_arrivals_persons"
Gates = Mapping[str, Sequence[Place]]  # place that counts -> where its crossings lie


def border_baselines(
    scenario: Scenario, target: Target, evidence: Mapping[tuple[str, str], TargetRows], *, has_fit: bool
) -> list[Baseline]:
    """The rules that apply to the people of a day at one of several counting places; none to other targets."""
    group = {place: e for (quantity, place), e in evidence.items() if quantity == FLOW}
    if target.quantity != FLOW or len(group) < 2:
        return []
    gates = {place: lying for place, lying in gates_of(scenario).items() if place in group}
    where = (
        ("persistence of shares", last_levels(group), "shares as in the last fitted rows"),
        (
            "nearest border",
            nearest_border(scenario, gates),
            "everybody over the crossing nearest home, as the crow flies",
        ),
        ("gravity", gravity(scenario, gates), "over each crossing by 1 / km from home, as the crow flies"),
    )
    rules = [
        Baseline(name, part_of_total(target.place, group, weights), note + TOLD)
        for name, weights, note in where
        if target.place in weights
    ]
    rows = {place: [row for row in e.rows if row.is_fitted or not has_fit] for place, e in group.items()}
    return [*rules, constant_server(rows, gates, target.place)]


def part_of_total(place: str, group: Mapping[str, TargetRows], weights: Weights) -> Callable[[Array], Array]:
    """A rule that gives a place its share, by weight, of what was recorded at all of them.

    Their days end at midnights of different zones, so each count is taken from the straight line between its days.
    """
    share = weights[place] / (sum(weights.values()) or 1.0)
    series = [([row.hour for row in group[key].rows], [row.best for row in group[key].rows]) for key in weights]
    return lambda when: share * np.sum([np.interp(when, hours, counts) for hours, counts in series], axis=0)


def gates_of(scenario: Scenario) -> Gates:
    """The starts of the roads that each counting place counts."""
    found: dict[str, list[Place]] = {}
    for route in scenario.routes:
        if route.counts_as:
            found.setdefault(route.counts_as, []).append(scenario.place(route.start))
    return found


def nearest_border(scenario: Scenario, gates: Gates) -> Weights:
    """The people whose nearest crossing each place counts."""
    weights = dict.fromkeys(gates, 0.0)
    for row in scenario.people:
        home = scenario.place(row.place)
        weights[min(gates, key=lambda key: min(crow_km(home, gate) for gate in gates[key]))] += row.weight_persons
    return weights


def gravity(scenario: Scenario, gates: Gates) -> Weights:
    """The people of each home shared over crossings by 1 / km (at least 1 km)."""
    weights = dict.fromkeys(gates, 0.0)
    for row in scenario.people:
        home = scenario.place(row.place)
        pull = {key: sum(1.0 / max(crow_km(home, gate), 1.0) for gate in lying) for key, lying in gates.items()}
        for key, share in pull.items():
            weights[key] += row.weight_persons * share / sum(pull.values())
    return weights


def constant_server(rows: Mapping[str, Sequence[RecordedRow]], gates: Gates, place: str) -> Baseline:
    """Every crossing lets the same number through every day: least squares over all counting places together."""
    pairs = [(len(gates[key]), row.best) for key, some in rows.items() for row in some]
    squares = sum(n * n for n, _ in pairs)
    rate = sum(n * count for n, count in pairs) / squares if squares else 0.0
    count = rate * len(gates[place])
    note = f"{rate:,.0f} persons a day over each of {len(gates[place])} crossings"
    return Baseline("constant server per crossing", lambda when: np.full(len(when), count), note)

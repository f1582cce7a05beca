"""A case with fewer people on proportionally narrower roads, for quick looks.

Every share of people meets the same share of road: capacities, room for queues, booths, fuel and shelter shrink with
the people, so queues and hours stay about the same (traffic models thin demand and flow capacity alike: MATSim's flow
and storage capacity factors). What is lost is fineness: a party then stands for several.
"""

from __future__ import annotations

from dataclasses import replace

from safeconduct.scenario.amount import Amount, Values
from safeconduct.scenario.types import Checkpoint, Event, Scenario, Supply

SHRINK = ("capacity", "fuel", "shelter")  # kinds of event whose value is an amount of vehicles, litres or persons
THINNEST = 0.001  # a party that stands for more than a thousand would be served for a day at a post


def share_of(scenario: Scenario, persons: float) -> float:
    """The share of the people of a case that leaves about so many persons; at most all, at least one in a thousand."""
    present = scenario.parameters.get("persons_present")
    total = present.value if present else sum(row.weight_persons for row in scenario.people)
    return min(1.0, max(THINNEST, persons / total) * scenario.one_in) if total else 1.0


def thinned(scenario: Scenario, values: Values, share: float) -> tuple[Scenario, dict[str, float]]:
    """The case under these parameter values with a share of its people, and the values that go with it."""
    if share >= 1.0:
        return scenario, dict(values)

    def part(one: Amount) -> Amount:
        return one if one == Amount() else Amount(one.at(values) * share)

    smaller = replace(
        scenario,
        places=tuple(
            replace(one, pull_persons=part(one.pull_persons), shelter_persons=part(one.shelter_persons))
            for one in scenario.places
        ),
        routes=tuple(
            replace(one, capacity_per_hour=part(one.capacity_per_hour), jam_per_km=part(one.jam_per_km))
            for one in scenario.routes
        ),
        checkpoints=tuple(_checkpoint(one, values, share) for one in scenario.checkpoints),
        people=tuple(replace(one, weight_persons=one.weight_persons * share) for one in scenario.people),
        supplies=tuple(_supply(one, part(one.stock), part(one.use_per_day)) for one in scenario.supplies),
        events=tuple(_event(one, part(one.value), share) for one in scenario.events),
    )
    present = {name: values[name] * share for name in ("persons_present",) if name in values}
    return smaller, {**values, **present}


def _checkpoint(one: Checkpoint, values: Values, share: float) -> Checkpoint:
    """Fewer booths; where not even one is left over, a slower one."""
    wanted = one.booths * share
    booths = max(1, round(wanted))
    return replace(one, booths=booths, seconds=Amount(one.seconds.at(values) * booths / wanted))


def _supply(one: Supply, stock: Amount, use: Amount) -> Supply:
    """Litres shrink with the people; days of food do not."""
    return replace(one, stock=stock, use_per_day=use) if one.item == "fuel" else one


def _event(one: Event, value: Amount, share: float) -> Event:
    """Amounts shrink; a bus stays a bus, with fewer seats."""
    if one.kind in SHRINK:
        return replace(one, value=value)
    is_bus = one.seats and one.kind != "passage"  # limits of a passage are in real persons
    return replace(one, seats=max(1.0, one.seats * share)) if is_bus else one

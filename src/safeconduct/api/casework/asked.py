"""What a case can be asked to compute: what it simulates, and what of it a question can change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safeconduct.inference.assimilate import Reached
    from safeconduct.ledger import Ledger
    from safeconduct.scenario import Scenario


def scenario_of(folder: Path) -> Scenario | None:
    """What the case simulates; None where it cannot be read, or does not count who crosses a border."""
    found = readable(folder)
    return found if found and found.walk is None and found.timeline is None else None


def readable(folder: Path) -> Scenario | None:
    """What the case simulates; None where it cannot be read yet."""
    from safeconduct.scenario import read_case
    from safeconduct.terms import SafeconductError

    try:
        return read_case(folder)
    except SafeconductError:
        return None


def reach_of(scenario: Scenario, ledger: Ledger) -> Reached:
    """Which reports a forecast would use once all of them are published, and why not the others."""
    from safeconduct.inference.assimilate import reached_by

    last = max((claim.published for claim in ledger.claims if claim.published), default=scenario.clock.start)
    return reached_by(replace(scenario, ledger=ledger), max(last, scenario.clock.end))


def assumed_of(scenario: Scenario) -> list[str]:
    """What of the case is assumed, a line each."""
    from safeconduct.scenario import assumed_in

    return assumed_in(scenario)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a question can change: its name, its value, and what it is."""

    name: str
    value: str
    about: str


def parameters(folder: Path) -> tuple[Named, ...]:
    """Parameters that can be changed, with value, unit and note; none where the case cannot be read yet."""
    found = readable(folder)
    return tuple(
        Named(one.name, f"{one.value:g} {one.unit if one.unit != '1' else ''}".strip(), one.note)
        for one in (found.parameters.values() if found else ())
    )


def events(folder: Path) -> tuple[Named, ...]:
    """Events whose time can be changed: when they happen, and what they are."""
    from safeconduct.findings import event_words

    found = readable(folder)
    if found is None:
        return ()
    names = {place.key: place.both_names for place in found.places} | {"*": "everywhere"}
    names |= {road.id: f"{names[road.start]} - {names[road.end]}" for road in found.routes}
    of = {one.id: names.get(one.target, one.target.removeprefix("region:")) for one in found.events}
    return tuple(
        Named(one.id, one.time.isoformat(timespec="minutes"), f"{event_words(one.kind)}: {of[one.id]}".rstrip(": "))
        for one in found.events
    )


def wrong_changes(folder: Path, changes: Sequence[str]) -> list[str]:
    """What is wrong with changes of a what-if, NAME=VALUE or EVENT.time=TIME, a sentence each."""
    from safeconduct.api.requests import RunRequest
    from safeconduct.api.requests import scenario_of as changed_scenario
    from safeconduct.terms import SafeconductError

    pairs = [change.split("=", 1) for change in changes]
    times = {name.removesuffix(".time"): value for name, value in pairs if name.endswith(".time")}
    values: dict[str, float | str] = {name: value for name, value in pairs if not name.endswith(".time")}
    try:
        changed_scenario(RunRequest(folder, parameters=values, events=dict(times)))
    except SafeconductError as error:
        return str(error).splitlines()
    return []

"""`coupling.yaml` of a case: which act of which party in the game is which event of the simulation.

The file names parties by their keys in `actors.yaml`, says which seat of the game each has in the coding it builds on,
and for each act what it does to the case's dated events. Whatever equals the record changes nothing. It is used only
where it is asked for: `run --actors strategic` and `whatif --do`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from safeconduct.scenario.amount import Amount
from safeconduct.scenario.files import rows
from safeconduct.scenario.files.document import Document, Month, read_document
from safeconduct.scenario.files.tables import EVENTS
from safeconduct.scenario.types import Event, Scenario
from safeconduct.terms import CaseError, Fault, Row, UsageError, closest, is_there, show_time, shown

FILE = "coupling.yaml"
CORRIDOR = "corridor"  # in the place of a party: how open the road is when the simulated period begins


Hours = Annotated[float, Field(ge=0, le=24 * 3660)]  # after an act


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Added(_Strict):
    """An event that the case has not; its hour counts from the act."""

    id: str
    kind: str
    target: str
    value: float | str | None = None  # or =NAME of a parameter
    to: str = ""
    seats: float = 0.0
    hours: Hours = 0.0


class Effect(_Strict):
    """What an act does to the case's events, where it is not what was recorded."""

    about: str
    source: str = Field(min_length=1)
    drops: tuple[str, ...] = ()  # ids of events that do not happen; * stands for any ending
    moves: dict[str, Hours] = Field(default_factory=dict)  # events that happen so many hours after the act
    adds: tuple[Added, ...] = ()


class _Written(_Strict):
    codings: str
    coding: str
    period: Month
    seats: dict[str, str]
    effects: dict[str, Effect]


@dataclass(frozen=True)
class Coupling:
    """How the game and the simulation of a case meet."""

    codings: Path  # folder with the codings of the game
    coding: str  # the one that is used unless another is asked for
    month: str  # of the game, that the simulated period is taken as
    seats: Mapping[str, str]  # party -> role in the codings
    effects: Mapping[str, Effect]  # party.act, or corridor.status -> effect

    def party(self, role: str) -> str:
        """The party that has a role in the codings."""
        return next(key for key, seat in self.seats.items() if seat == role)

    def effect(self, who: str, act: str) -> Effect | None:
        """What an act does; None where the file says nothing of it."""
        return self.effects.get(f"{who}.{act.replace(' ', '_')}")


def read_coupling(folder: Path, scenario: Scenario, roles: Mapping[str, Iterable[str]]) -> Coupling:
    """The case's coupling. `roles`: acts on each role's menu. Raises UsageError without one, CaseError with faults."""
    path = folder / FILE
    if not is_there(path):
        raise UsageError(f"{folder.name} has no {FILE}, so nothing says which act of a party is which event.")
    faults: list[Fault] = []
    document = read_document(path, faults)
    written = document.read_as(_Written, "see docs/whatif.md", faults) if document else None
    if document is None or written is None:
        raise CaseError(faults)
    if written.codings != "." and Path(written.codings).name != written.codings:
        advice = "name a folder beside this one"
        raise CaseError([document.fault(("codings",), shown(written.codings), "a name, or a full stop", advice)])
    codings = (folder.parent / written.codings if written.codings != "." else folder) / "codings"
    parties = _parties(codings.parent, faults)
    faults += _faults(document, written, scenario, roles, parties, codings)
    if any(not fault.is_warning for fault in faults):
        raise CaseError(faults)
    return Coupling(codings, written.coding, written.period, written.seats, written.effects)


def _parties(case: Path, faults: list[Fault]) -> list[str]:
    document = read_document(case / "actors.yaml", faults)
    found = document.value.get("actors") if document else None
    return list(found) if isinstance(found, dict) else []


def _faults(
    document: Document, written: _Written, case: Scenario, roles: Mapping[str, Iterable[str]],
    parties: Collection[str], codings: Path,
) -> Iterator[Fault]:  # fmt: skip
    def fault(where: tuple[str, ...], found: str, expected: str, advice: str) -> Fault:
        return document.fault(where, f'"{found}"', expected, advice)

    if not (codings / f"{written.coding}.yaml").exists():
        yield fault(("coding",), written.coding, f"a coding in {codings.parent.name}/codings", "correct it")
    for party in written.seats:
        if party not in parties:
            yield fault(("seats", party), party, "a party of actors.yaml", closest(party, parties))
    if sorted(written.seats.values()) != sorted(roles):
        yield fault(("seats",), " ".join(written.seats.values()), f"each of {', '.join(roles)} once", "correct it")
    known = rows.Names(
        case.parameters, case.parameters, {place.key: place for place in case.places},
        {route.id: route for route in case.routes}, {one.id for one in case.checkpoints}, clock=case.clock,
    )  # fmt: skip
    acts = {f"{party}.{act}".replace(" ", "_") for party, role in written.seats.items() for act in roles.get(role, ())}
    acts |= {f"{CORRIDOR}.{status}" for status in roles.get(CORRIDOR, ("open", "restricted", "closed"))}
    events = [event.id for event in case.events]
    for key, effect in written.effects.items():
        if key not in acts:
            yield fault(("effects", key), key, "PARTY.ACT or corridor.STATUS", closest(key, acts))
        for what, names in (("drops", effect.drops), ("moves", tuple(effect.moves))):
            for name in names:
                if not any(fnmatchcase(event, name) for event in events):
                    yield fault(("effects", key, what), name, "the id of an event", closest(name, events))
        for n, one in enumerate(effect.adds):
            found: list[Fault] = []
            value = "" if one.value is None else str(one.value)
            said = {"id": one.id, "time": show_time(case.clock.start), "kind": one.kind, "target": one.target,
                    "value": value, "to": one.to, "seats": f"{one.seats:g}" if one.seats else "", "reporter": "assumed",
                    "source": effect.source}  # fmt: skip
            rows.event(Row(EVENTS, FILE, document.line(("effects", key, "adds", n)), said, found), {}, known)
            yield from (replace(one, column=f"effects.{key}.adds.{n}.{one.column}") for one in found)


def with_acts(scenario: Scenario, acts: Sequence[tuple[Effect, datetime]]) -> tuple[Event, ...]:
    """The case's events under acts that were not recorded, each with the time from which it counts.

    What one act drops, a later one of the list may not move; an event that would fall outside the clock does not
    happen.
    """
    events = {event.id: event for event in scenario.events}
    for effect, when in acts:
        for name in [event for event in events if any(fnmatchcase(event, one) for one in effect.drops)]:
            del events[name]
        for name, hours in effect.moves.items():
            if name in events:
                events[name] = replace(events[name], time=when + timedelta(hours=hours))
        for one in effect.adds:
            time = when + timedelta(hours=one.hours)
            amount = Amount(parameter=one.value[1:]) if isinstance(one.value, str) else Amount(one.value)
            events[one.id] = Event(
                one.id, time, one.kind, one.target, amount, one.to, one.seats, "assumed", effect.source, effect.about
            )
    start, end = scenario.clock.start, scenario.clock.end
    inside = [event for event in events.values() if start <= event.time <= end]
    return tuple(sorted(inside, key=lambda event: event.time))

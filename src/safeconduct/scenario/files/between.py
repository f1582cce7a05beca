"""Faults between files: names in case.yaml that the tables do not bear out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from safeconduct.scenario.amount import Amount
from safeconduct.scenario.files.document import Where
from safeconduct.scenario.files.folder import FolderTables
from safeconduct.scenario.files.header import Header
from safeconduct.scenario.files.tables import PEOPLE
from safeconduct.scenario.model_parameters import MODEL_PARAMETERS
from safeconduct.scenario.quantities import COUNTED, ORIGIN, PASSAGE, PLACE, QUANTITIES, RECEPTION, ROUTE, SHELTER
from safeconduct.scenario.roads import Network
from safeconduct.scenario.timeline.parameters import TIMELINE_PARAMETERS
from safeconduct.scenario.timeline.types import INSIDE, OUTSIDE, Inflow, Passage, Stock
from safeconduct.scenario.types import Checkpoint, Event, People, Place, Role, Route, Supply, Target
from safeconduct.terms import Fault, cells, closest

TO_COME = ("cum_arrivals_persons", "wait_hours")  # targets that a case has before their first figure
CASE_PARAMETERS = ("persons_present",)  # the model uses these where a case has them


def faults_between(header: Header, tables: FolderTables, targets: Sequence[Target]) -> Iterator[Fault]:
    """What case.yaml says of the tables and they do not bear out."""
    yield from _series_faults(header, tables, targets)
    yield from _unused_parameters(header, tables)
    if not any(row.weight_persons for row in tables.network.people):
        yield Fault(PEOPLE.file, 0, "weight_persons", "0 in every row", "people somewhere", "fill in the numbers")


def _series_faults(header: Header, tables: FolderTables, targets: Sequence[Target]) -> Iterator[Fault]:
    """Places that a quantity is not recorded for; targets without a figure. Of what is still to be counted in a new
    case, only where such figures stand elsewhere."""
    subjects = _subjects(tables.network)
    told = {tables.ledger.terms.quantity(claim.quantity).name for claim in tables.ledger.claims if claim.quantity}
    missed = [t for t in targets if not t.observations and (t.quantity in told or t.quantity not in TO_COME)]
    unseen = {(t.quantity, t.place) for t in missed}
    asked: list[tuple[Where, str, str]] = [
        (("targets", i, "place"), t.quantity, t.place) for i, t in enumerate(targets)
    ]
    asked.append((("headline", 1), header.spec.headline[0], header.spec.headline[1]))
    for n, phase in enumerate(header.spec.phases):
        asked += [(("phases", n, "measures", i, "place"), m.quantity, m.place) for i, m in enumerate(phase.measures)]
    for where, quantity, place in asked:
        kind = QUANTITIES[quantity][0]
        if header.spec.phases and (place in (INSIDE, OUTSIDE) or kind == PASSAGE):
            continue
        if place not in subjects[kind]:
            yield header.fault(where, f'"{place}"', f"a {kind}, for {quantity}", closest(place, subjects[kind]))
        elif where[0] == "targets" and (quantity, place) in unseen:
            found = f'"{place}", of which claims.csv has no {quantity} inside the clock'
            advice = "add the claims, or remove the target"
            yield header.fault(where, found, "claims to compare with", advice, is_warning=True)


def _unused_parameters(header: Header, tables: FolderTables) -> Iterator[Fault]:
    """A parameter that neither the model nor a cell uses is mostly a slip of the pen."""
    case = tables.network
    records: tuple[Place | Route | Checkpoint | People | Supply | Event | Stock | Inflow | Passage, ...]
    records = (*case.places, *case.routes, *tables.checkpoints, *case.people, *tables.supplies, *case.events)
    if tables.timeline:
        records += (*tables.timeline.stocks, *tables.timeline.inflows, *tables.timeline.passages)
    amounts = [getattr(record, one.name) for record in records for one in fields(record)]
    used = {amount.parameter for amount in amounts if isinstance(amount, Amount)}
    model = {parameter.name for parameter in (*MODEL_PARAMETERS, *TIMELINE_PARAMETERS)} | set(CASE_PARAMETERS)
    for name in header.spec.parameters:
        if name not in used | model:
            expected, advice = "a cell with =" + name, cells.nearest(name, model, "remove it")
            found = "used by nothing"
            yield header.fault(("parameters", name), found, expected, advice, is_warning=True)


def _subjects(case: Network) -> Mapping[str, set[str]]:
    """The keys that each kind of series is recorded for."""
    of_role = {role: {place.key for place in case.places if place.role is role} for role in Role}
    return {
        PLACE: {place.key for place in case.places},
        ORIGIN: of_role[Role.ORIGIN],
        RECEPTION: of_role[Role.RECEPTION],
        SHELTER: of_role[Role.SHELTER],
        ROUTE: {route.id for route in case.routes},
        COUNTED: {route.counts_as for route in case.routes} - {""},
    }

"""Make a case folder from a table of people, roads, and a table of crossings, camps or shelters.

Comes in: paths and answers. Goes out: `Draft`, the text of each file and what was filled in. Nothing is written here.
Every fault of every table is reported at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from safeconduct.scenario.build import checks as check
from safeconduct.scenario.build.agreement import agreement_files
from safeconduct.scenario.build.defaults import SNAP_KM
from safeconduct.scenario.build.files import Answers, new_files, turned
from safeconduct.scenario.build.graph import make_graph
from safeconduct.scenario.build.layers import LAYER_FORMATS, middles
from safeconduct.scenario.build.lines import read_lines
from safeconduct.scenario.build.links import NewLink, read_links
from safeconduct.scenario.build.places import NewPlace, name_faults, read_people, read_sites, with_own_keys
from safeconduct.scenario.build.table_input import Sheet, as_headed
from safeconduct.scenario.types import Role
from safeconduct.terms import CaseError, Fault, UsageError, cells

LINE_FORMATS = (*LAYER_FORMATS, ".osm", ".pbf")


@dataclass(frozen=True)
class Inputs:
    """Where the tables of a new case lie, and what to make of doubts."""

    people: Path
    roads: Path
    sites: Path | None = None
    as_given: bool = False  # take suspected positions as they are given
    snap_km: float = SNAP_KM  # farthest that a place may lie from the lines of road
    agreement: Path | None = None  # a table of obligations: the case can be monitored then
    boundaries: Path | None = None  # a layer of areas with P-codes, for positions that the table of people lacks


@dataclass(frozen=True)
class Draft:
    """A case folder that is not written yet, and what a person should know of it."""

    files: Mapping[str, str]  # name -> text
    told: tuple[str, ...]
    n_places: int
    n_roads: int
    n_persons: float


@dataclass
class Network:
    """Places and roads read so far, with faults and remarks."""

    places: dict[str, NewPlace]
    links: list[NewLink] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)  # faults that are suspected only
    told: list[str] = field(default_factory=list)


LEAST_PERSONS = 1


def draft_case(inputs: Inputs, answers: Answers) -> Draft:
    """A case made from tables. Raises CaseError with every fault of every table."""
    network = read_network(inputs, answers)
    more: dict[str, str] = {}
    if inputs.agreement:
        road = next((p.name for p in network.places.values() if p.role is Role.CROSSING), "the road")
        sheet, more = agreement_files(
            inputs.agreement, answers, road, [k for k, p in network.places.items() if p.persons]
        )
        network.faults += as_headed(sheet.faults, [sheet])
        network.told += [f"{sheet.file}: not used: {', '.join(sheet.unused)}." for _ in sheet.unused[:1]]
    leaving = sum(p.persons for p in network.places.values() if p.role is Role.ORIGIN)
    if not network.faults and leaving < LEAST_PERSONS:
        found = f"{leaving:g} people at places that people leave"
        advice = "fill in the column of people, or choose another --to"
        network.faults.append(Fault(inputs.people.name, 0, "", found, f"at least {LEAST_PERSONS}", advice))
    faults = network.faults + ([] if inputs.as_given and network.links else network.doubts)
    if faults:
        raise CaseError(set(faults))
    told = list(network.told) + [f"Taken as given: {doubt}" for doubt in network.doubts]
    files = {**new_files(network.places, network.links, answers, names_of(inputs)), **more}
    unused = [name for name in answers.values if f"\n  {name}:\n" not in files["case.yaml"]]
    told += [f"{name} was set, but the tables leave nothing open that it would fill." for name in unused]
    return Draft(files, tuple(told), len(network.places), len(network.links), leaving)


def names_of(inputs: Inputs) -> tuple[str, ...]:
    """The files that a case was made from."""
    return tuple(path.name for path in (inputs.people, inputs.roads, inputs.sites, inputs.agreement) if path)


def read_network(inputs: Inputs, answers: Answers) -> Network:
    """Read every table and look at them together."""
    layer_faults: list[Fault] = []
    spots = middles(inputs.boundaries, layer_faults) if inputs.boundaries else None
    people, homes = read_people(inputs.people, spots)
    people.faults += layer_faults
    sheets, sites = [people], list[NewPlace]()
    if inputs.sites:
        sheet, sites = read_sites(inputs.sites, homes)
        sheets.append(sheet)
    with_own_keys(homes, sites)
    network = Network(_merged(homes, sites))
    network.faults += name_faults([*homes, *(s for s in sites if not _same(s, homes))])
    network.faults += [fault for sheet in sheets for fault in sheet.faults]
    _where_to(network, answers, inputs.people.name)
    if inputs.roads.suffix.lower() in LINE_FORMATS:
        _lines(inputs, network)
    else:
        sheets.append(_roads(inputs, network, knows_all=all(sheet.rows and sheet.is_whole for sheet in sheets)))
    network.told += check.at_one_spot(network.places.values())
    network.told += [f"{sheet.file}: not used: {', '.join(sheet.unused)}." for sheet in sheets if sheet.unused]
    network.faults, network.doubts = as_headed(network.faults, sheets), as_headed(network.doubts, sheets)
    return network


def _same(site: NewPlace, homes: Iterable[NewPlace]) -> bool:
    """Whether a row of crossings, camps and shelters speaks of a home."""
    return any(site.name.casefold() == home.name.casefold() for home in homes) and not site.said.get("lat")


def _merged(homes: Iterable[NewPlace], sites: Iterable[NewPlace]) -> dict[str, NewPlace]:
    """Places by key; a shelter in a place of the first table takes that place over, with its people as a pull."""
    places = {home.key: home for home in homes}
    by_name = {home.name.casefold(): home.key for home in places.values()}
    for site in sites:
        key = by_name.get(site.name.casefold()) if not site.said.get("lat") else None
        places[key or site.key] = replace(site, key=key) if key else site
    return places


def _where_to(network: Network, answers: Answers, file: str) -> None:
    """Make shelters of the places that were named; where no table or answer names any, of the largest."""
    for word in answers.to:
        found = [p for p in network.places.values() if word.casefold() in (p.key.casefold(), p.name.casefold())]
        if not found:
            names = [place.name for place in network.places.values()]
            advice = cells.nearest(word, names, "name a place of the table")
            raise UsageError(f'--to is "{word}"; expected a place of {file}; {advice}.')
        network.places[found[0].key] = replace(found[0], role=Role.SHELTER)
    if network.places and not any(place.role in check.ENDS for place in network.places.values()):
        largest = max(network.places.values(), key=lambda place: place.persons)
        network.places[largest.key] = replace(largest, role=Role.SHELTER)
        network.told.append(
            f"No crossing, camp or shelter was given: people leave for {largest.name}, the largest place (assumed)."
        )


def _roads(inputs: Inputs, network: Network, *, knows_all: bool) -> Sheet:
    """Read the roads, and check what only places and roads together tell."""
    sheet, links = read_links(inputs.roads, network.places.values(), knows_all=knows_all)
    network.links = [turned(network.places, link) for link in links]
    _doubts(network, {fault.line for fault in sheet.faults})
    knows_names = knows_all and not any(fault.column in ("name", "key", "pcode", "") for fault in network.faults)
    if knows_names and not any(fault.column in ("from", "to", "") for fault in sheet.faults):
        network.faults += check.apart(network.places, links, inputs.roads.name)
        if not network.faults:
            network.faults += check.one_ways(network.places, links)
    network.faults += sheet.faults
    return sheet


def _lines(inputs: Inputs, network: Network) -> None:
    """Put the places on lines of road. Waits until every place has a position and a name of its own."""
    if not inputs.roads.is_file():
        raise UsageError(f"{inputs.roads} is no file.")
    ways = read_lines(inputs.roads, network.faults, network.told)
    if network.faults or not ways or not network.places:
        return
    graph = make_graph(ways, network.places, inputs.roads.name, snap_km=inputs.snap_km)
    network.doubts += graph.doubts
    network.told += graph.told
    network.places |= {one.key: one for one in graph.junctions}
    network.links = [turned(network.places, link) for link in graph.links]
    if graph.links:
        network.faults += check.apart(network.places, network.links, inputs.roads.name)
        if not network.faults:
            network.faults += check.one_ways(network.places, network.links)


def _doubts(network: Network, faulty: Collection[int]) -> None:
    """Positions that are suspected: of the whole table, else of single places. Faulty rows are left out."""
    told = {(fault.file, fault.line) for fault in network.faults if fault.column in ("lat", "lon")}
    places = {key: one for key, one in network.places.items() if (one.file, one.line) not in told}
    links = [one for one in network.links if one.line not in faulty and {one.start, one.end} <= places.keys()]
    if check.all_swapped(places, links):
        network.doubts.append(check.swapped_table(places))
        return
    network.doubts += check.swapped(list(places.values()))
    told = {(doubt.file, doubt.line) for doubt in network.doubts}
    network.doubts += [doubt for doubt in check.far_off(places, links) if (doubt.file, doubt.line) not in told]


def default_start() -> datetime:
    """The start of a case where none is given: an invented date, so that it is not taken for a forecast."""
    return datetime.fromisoformat("2030-01-01T06:00+00:00")

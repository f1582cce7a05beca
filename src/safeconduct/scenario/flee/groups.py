"""Demographics in Flee's form: which share of those who leave a place shuns dangers, or is indifferent to them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from pathlib import Path

from safeconduct.scenario.flee.places import Map
from safeconduct.scenario.flee.tables import read_cells
from safeconduct.scenario.walk import Group
from safeconduct.terms import Fault, closest, is_there, shown
from safeconduct.terms import cells as forms

Weights = Mapping[str, Mapping[str, float]]  # place name or "Default" -> value -> weight
NEEDED = {
    "WomenAvoidHazards": ("gender",),
    "ChildrenAvoidHazards": ("age",),
    "ElderlyAvoidHazards": ("age",),
    "BoysTakeRisk": ("age", "gender"),
}
NAMES = {2.0: "shuns dangers", 0.0: "indifferent to places"}


Heeds = tuple[float, ...]  # by class of awareness
Kind = tuple[float, float]  # power of scores, how far a forecast of floods is heeded
EVERYBODY: Kind = (1.0, 0.0)
AWARENESS = "floodawareness"


def read_groups(
    folder: Path, found: Map, shuns: tuple[str, ...], heeds: Heeds, faults: list[Fault]
) -> tuple[Group, ...]:
    """Groups that weigh places differently or heed a forecast of floods; none where no rule asks for them."""
    files = sorted(folder.glob("demographics_*.csv"))
    tables = {path.stem.partition("_")[2]: _weights(path, faults) for path in files}
    needed = {attribute for rule in shuns for attribute in NEEDED[rule]} | ({AWARENESS} if heeds else set())
    for attribute in sorted(needed - set(tables)):
        file = f"demographics_{attribute}.csv"
        faults.append(Fault(file, 0, "", "no such file", "a table, as simsetting.yml asks for it", "add it"))
    for attribute in sorted(set(tables) - needed):
        told = "a table that no setting asks for", "a rule of simsetting.yml that uses it", "it is left aside"
        faults.append(Fault(f"demographics_{attribute}.csv", 0, "", *told, is_warning=True))
    if not needed or needed - set(tables):
        return ()
    named = {column for attribute in needed for column in tables[attribute]} & set(found.locations)
    shares = {found.key(name): _shares(name, tables, shuns, heeds) for name in sorted(named)}
    shares[""] = _shares("Default", tables, shuns, heeds)
    kinds = sorted({kind for one in shares.values() for kind in one} - {EVERYBODY})
    return tuple(
        Group(_name_of(kind), kind[0], {key: one.get(kind, 0.0) for key, one in shares.items()}, kind[1])
        for kind in kinds
    )


def _name_of(kind: Kind) -> str:
    parts = [NAMES[kind[0]]] if kind[0] != 1.0 else []
    return ", ".join(parts + ([f"heeds a flood forecast by {kind[1]:g}"] if kind[1] else []))


def _weights(path: Path, faults: list[Fault]) -> Weights:
    """Weights of each value by column."""
    rows = read_cells(path, faults)[1]
    if not rows or "Default" not in (cell.strip() for cell in rows[0].values[1:]):
        expected = "a first line that names the attribute, Default and any places"
        faults.append(Fault(path.name, 1, "", "no column Default", expected, "add it"))
        return {"Default": {}}
    names = [cell.strip() for cell in rows[0].values[1:]]
    return {
        name: {row.at(0): row.number(column, name) for row in rows[1:]} for column, name in enumerate(names, start=1)
    }


def _shares(name: str, tables: Mapping[str, Weights], shuns: tuple[str, ...], heeds: Heeds) -> dict[Kind, float]:
    """Share of people of each kind; attributes are independent of each other."""
    columns = []
    for attribute, is_used in (("age", bool(shuns)), ("gender", bool(shuns)), (AWARENESS, bool(heeds))):
        table = tables.get(attribute) if is_used else None
        columns.append(table.get(name, table["Default"]) if table else {"": 1.0})
    shares: dict[Kind, float] = {}
    total = prod(sum(column.values()) for column in columns)
    for (age, of_age), (gender, of_gender), (aware, of_aware) in product(*[column.items() for column in columns]):
        kind = kind_of_person(age, gender, aware, shuns, heeds)
        shares[kind] = shares.get(kind, 0.0) + of_age * of_gender * of_aware / (total or 1.0)
    return shares


def kind_of_person(age: str, gender: str, aware: str, shuns: tuple[str, ...], heeds: Heeds) -> Kind:
    """The kind of a person with these attributes, as their tables spell them."""
    power = power_of(float(age) if forms.NUMBER.fullmatch(age) else None, gender.lower(), shuns)
    at = int(float(aware)) if heeds and forms.NUMBER.fullmatch(aware) else -1
    return power, heeds[at] if 0 <= at < len(heeds) else 0.0


def read_agents(
    path: Path, found: Map, groups: tuple[Group, ...], shuns: tuple[str, ...], heeds: Heeds, faults: list[Fault]
) -> dict[tuple[str, int], int]:
    """Agents of a file whose first row names attributes: how many of each place and group (0 = everybody else)."""
    if not is_there(path):
        faults.append(Fault(path.name, 0, "", "no such file", "a row for each agent: place, attributes", "add it"))
        return {}
    rows = read_cells(path, faults)[1]
    names = [cell.strip() for cell in rows[0].values] if rows else []
    numbers = {(group.power, group.heed): at for at, group in enumerate(groups, start=1)}
    agents: dict[tuple[str, int], int] = {}
    for row in rows[1:]:
        if row.at(0) not in found.locations:
            advice = closest(row.at(0), found.locations)
            row.note("place", shown(row.at(0)), "a place of locations.csv", f"{advice}; left aside", warns=True)
            continue
        said = {name: row.at(at) for at, name in enumerate(names)}
        kind = kind_of_person(said.get("age", ""), said.get("gender", ""), said.get(AWARENESS, ""), shuns, heeds)
        where = found.key(row.at(0)), numbers.get(kind, 0)
        agents[where] = agents.get(where, 0) + 1
    return agents


def power_of(age: float | None, gender: str, shuns: tuple[str, ...]) -> float:
    """The power of a person's scores: 1 as everybody, 2 where dangers are shunned, 0 where places are all the same."""
    power = 1.0
    is_woman, is_man = gender.startswith("f"), gender.startswith("m")
    if "ChildrenAvoidHazards" in shuns and age is not None and age < 19:
        power = 0.0 if "BoysTakeRisk" in shuns and is_man and age > 14 else 2.0
    if "ElderlyAvoidHazards" in shuns and age is not None and age > 59:
        power = 2.0
    if "WomenAvoidHazards" in shuns and is_woman and power == 1.0:
        power = 2.0
    return power

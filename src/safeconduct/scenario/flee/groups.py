"""Demographics in Flee's form: which share of those who leave a place shuns dangers, or is indifferent to them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path

from safeconduct.scenario.flee.places import Map
from safeconduct.scenario.flee.tables import read_cells
from safeconduct.scenario.walk import Group
from safeconduct.terms import Fault
from safeconduct.terms import cells as forms

Weights = Mapping[str, Mapping[str, float]]  # place name or "Default" -> value -> weight
NEEDED = {
    "WomenAvoidHazards": ("gender",),
    "ChildrenAvoidHazards": ("age",),
    "ElderlyAvoidHazards": ("age",),
    "BoysTakeRisk": ("age", "gender"),
}
NAMES = {2.0: "shuns dangers", 0.0: "indifferent to places"}


def read_groups(folder: Path, found: Map, shuns: tuple[str, ...], faults: list[Fault]) -> tuple[Group, ...]:
    """Groups that weigh places differently; none where no rule asks for them."""
    files = sorted(folder.glob("demographics_*.csv"))
    tables = {path.stem.partition("_")[2]: _weights(path, faults) for path in files}
    needed = {attribute for rule in shuns for attribute in NEEDED[rule]}
    for attribute in sorted(needed - set(tables)):
        file = f"demographics_{attribute}.csv"
        faults.append(Fault(file, 0, "", "no such file", "a table, as simsetting.yml asks for it", "add it"))
    for attribute in sorted(set(tables) - needed):
        told = "a table that no setting asks for", "a rule of simsetting.yml that uses it", "it is left aside"
        faults.append(Fault(f"demographics_{attribute}.csv", 0, "", *told, is_warning=True))
    if not needed or needed - set(tables):
        return ()
    named = {column for attribute in needed for column in tables[attribute]} & set(found.locations)
    shares = {found.key(name): _shares(name, tables, shuns) for name in sorted(named)}
    shares[""] = _shares("Default", tables, shuns)
    powers = sorted({power for one in shares.values() for power in one} - {1.0})
    return tuple(Group(NAMES[p], p, {key: one.get(p, 0.0) for key, one in shares.items()}) for p in powers)


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


def _shares(name: str, tables: Mapping[str, Weights], shuns: tuple[str, ...]) -> dict[float, float]:
    """Share of people of each power; attributes are independent of each other."""
    columns = []
    for attribute in ("age", "gender"):
        table = tables.get(attribute, {"Default": {"": 1.0}})
        columns.append(table.get(name, table["Default"]))
    shares: dict[float, float] = {}
    total = sum(columns[0].values()) * sum(columns[1].values())
    for (age, of_age), (gender, of_gender) in product(columns[0].items(), columns[1].items()):
        power = power_of(float(age) if forms.NUMBER.fullmatch(age) else None, gender.lower(), shuns)
        shares[power] = shares.get(power, 0.0) + of_age * of_gender / (total or 1.0)
    return shares


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

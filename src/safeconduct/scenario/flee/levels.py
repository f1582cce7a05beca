"""Tables of levels by day: how high floods stand at places, how many people in a region are short of food."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from safeconduct.scenario.flee.places import Map
from safeconduct.scenario.flee.series import Points, value_on
from safeconduct.scenario.flee.tables import read_cells, too_wide
from safeconduct.scenario.walk import FloodRules, WalkRules
from safeconduct.terms import Fault, closest, is_there, shown

FLOODS, HUNGER, AGENTS = "flood_level.csv", "region_attributes_IPC.csv", "agents.csv"
ByDay = Mapping[str, tuple[float, ...]]  # name -> value on each day


def read_levels(path: Path, known: Collection[str], kind: str, n_days: int, faults: list[Fault]) -> ByDay:
    """The columns of a table #Day,NAME,... that name something known, on straight lines between the days of its rows.

    Before the first and after the last row its value holds, which is a warning: Flee stops there.
    """
    header, rows = read_cells(path, faults)
    if not header or not rows:
        expected = f"#Day and names of {kind}s, then rows of a day and a level for each"
        faults.append(Fault(path.name, 0, "", "no table", expected, "add it"))
        return {}
    columns: dict[str, int] = {}
    for at, name in enumerate(header[1:], start=1):
        if name in known:
            columns[name] = at
        elif name:
            advice = f"{closest(name, known)}; the column is left aside"
            faults.append(Fault(path.name, 1, "", shown(name), f"a {kind} of locations.csv", advice, is_warning=True))
    if any([too_wide(row, header, 2) for row in rows]):
        return {}
    days = [int(row.number(0, "day", whole=True)) for row in rows]
    for row, day, before in zip(rows[1:], days[1:], days, strict=False):
        if day <= before:
            row.note("day", shown(row.at(0)), "a day after that of the row before", "sort the rows")
            return {}
    if days[0] > 0 or days[-1] < n_days - 1:
        found, expected = f"days {days[0]} to {days[-1]}", f"days 0 to {n_days - 1}"
        advice = "the first and the last row hold before and after"
        faults.append(Fault(path.name, 0, "", found, expected, advice, is_warning=True))
    found_levels = {}
    for name, at in columns.items():
        points: Points = [(day, row.number(at, name, otherwise=0.0)) for row, day in zip(rows, days, strict=True)]
        found_levels[name] = tuple(value_on(points, day) for day in range(n_days))
    return found_levels


def read_floods(folder: Path, found: Map, rules: FloodRules | None, n_days: int, faults: list[Fault]) -> ByDay:
    """Place key -> level of the flood on each day. Flee reads the table only where floods drive people out."""
    path = folder / FLOODS
    if rules is None or not rules.leavers:
        if is_there(path):
            told = (
                "a table that is not used",
                "flood_zone_spawning_only and flood_driven_spawn_mode",
                "it is left aside",
            )
            faults.append(Fault(FLOODS, 0, "", *told, is_warning=True))
        return {}
    if not is_there(path):
        faults.append(Fault(FLOODS, 0, "", "no such file", "#Day and places, then a row for each day", "add it"))
        return {}
    levels = read_levels(path, found.names_used(), "place", n_days, faults)
    highest = max((max(column) for column in levels.values()), default=0.0)
    for what, numbers in (("displaced_per_flood_day", rules.leavers), ("flood_movechances", rules.move_chances),
                          ("flood_loc_weights", rules.weights)):  # fmt: skip
        if numbers and highest > len(numbers) - 1:
            found_word = f"a level of {highest:g}, and {what} has {len(numbers)} numbers"
            expected = "a number in simsetting.yml for each level from 0"
            faults.append(Fault(FLOODS, 0, "", found_word, expected, "add numbers, or correct the level"))
    return {one.key: levels[one.name] for one in found.locations.values() if one.name in levels}


def read_hunger(folder: Path, found: Map, rules: WalkRules, n_days: int, faults: list[Fault]) -> ByDay:
    """Place key -> percent of people short of food in its region, on each day."""
    path = folder / HUNGER
    if not (rules.starvation_driven_spawning or rules.flee_when_starving or rules.avoid_food_deprived_locations):
        if is_there(path):
            told = "a table that is not used", "a rule of food security in simsetting.yml", "it is left aside"
            faults.append(Fault(HUNGER, 0, "", *told, is_warning=True))
        return {}
    if not is_there(path):
        faults.append(Fault(HUNGER, 0, "", "no such file", "#Day and regions, then rows of percentages", "add it"))
        return {}
    regions = {one.place.region for one in found.locations.values()}
    levels = read_levels(path, regions, "region", n_days, faults)
    if any(max(column) > 100.0 for column in levels.values()):
        faults.append(Fault(HUNGER, 0, "", "a value above 100", "percent of the region's people", "correct it"))
    for region in sorted(regions - set(levels)):
        told = f"no column {shown(region)}", "one for each region of locations.csv", "0 percent is taken there"
        faults.append(Fault(HUNGER, 1, "", *told, is_warning=True))
    return {one.key: levels[r] for one in found.locations.values() if (r := one.place.region) in levels}

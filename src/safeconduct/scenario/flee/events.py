"""What is dated in Flee's folder: closures, conflicts, places that change their kind."""

from __future__ import annotations

from pathlib import Path

from safeconduct.scenario.flee.places import KNOWN_TYPES, Map, kind_of
from safeconduct.scenario.flee.tables import Cells, read_cells, too_wide
from safeconduct.scenario.walk import CAMP, CONFLICT, IDP_CAMP, TOWN, Happening, Quirks
from safeconduct.terms import Fault, closest, is_there, shown

CLOSURES, CONFLICTS, CHANGES = "closures.csv", "conflicts.csv", "location_changes.csv"
ACTIVE = 1e-6  # an intensity above this is a conflict
CLOSURE_TYPES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")


def read_happenings(
    folder: Path, found: Map, n_days: int, quirks: Quirks, default_intensity: float, faults: list[Fault],
    *, floods_drive: bool = False,
) -> tuple[Happening, ...]:  # fmt: skip
    """All of it, in order of day; on one day changes of kind come before conflicts, and conflicts before closures.

    Where floods drive people out, the table of conflicts is not read, as in Flee.
    """
    changes = _changes(folder, found, quirks, default_intensity, faults)
    if floods_drive and is_there(folder / CONFLICTS):
        told = "a table that is not used", "no table of conflicts where floods drive people out", "it is left aside"
        faults.append(Fault(CONFLICTS, 0, "", *told, is_warning=True))
    conflicts = [] if floods_drive else _conflicts(folder, found, n_days, quirks, faults)
    dated = [*changes, *conflicts, *_closures(folder, found, quirks, faults)]
    return tuple(sorted(dated, key=lambda one: one.day))


def _changes(
    folder: Path, found: Map, quirks: Quirks, default_intensity: float, faults: list[Fault]
) -> list[Happening]:
    """Places that become of another kind."""
    path, told = folder / CHANGES, []
    for row in read_cells(path, faults)[1] if is_there(path) else ():
        name, kind = row.at(0), kind_of(row.at(1))
        day = row.number(2, "day", whole=True)
        if name not in found.locations:
            row.note("name", shown(name), "a place of locations.csv", closest(name, found.locations))
        elif not kind:
            row.note("new_type", shown(row.at(1)), f"one of {', '.join(KNOWN_TYPES)}", "choose one of them")
        elif day >= 0:
            intensity = default_intensity if kind == CONFLICT else 0.0
            told.append(Happening(int(day), "becomes", found.key(name), intensity, kind))
    return told


def _conflicts(folder: Path, found: Map, n_days: int, quirks: Quirks, faults: list[Fault]) -> list[Happening]:
    """Conflicts that start, end or change, from a table with a row for each day."""
    path = folder / CONFLICTS
    header, rows = read_cells(path, faults) if is_there(path) else ((), [])
    if not is_there(path) or not header:
        found_word = "no header that starts with #Day" if is_there(path) else "no such file"
        faults.append(Fault(CONFLICTS, 0, "", found_word, "#Day and places, then a row for each day", "add it"))
        return []
    names = header[1:]
    while names and not names[-1]:
        names = names[:-1]
        expected, advice = "names of places only", "remove the comma at the end of the line"
        faults.append(Fault(CONFLICTS, 1, "", "a column without a name", expected, advice, is_warning=True))
    for name in names:
        if name not in found.locations:
            expected, advice = "a place of locations.csv", closest(name, found.locations)
            faults.append(Fault(CONFLICTS, 1, "", shown(name), expected, f"{advice}; the column is left aside", True))
    if len(rows) < n_days:
        expected, advice = f"{n_days}, one for each day of the period", "the last row holds to the end; Flee stops here"
        advice = advice if rows else "add rows"
        last, told = rows[-1].line if rows else 1, f"the table ends here, after {len(rows)} rows"
        faults.append(Fault(CONFLICTS, last, "", told, expected, advice, is_warning=bool(rows)))
    if faults_of_width(rows, header):
        return []
    return [
        one
        for column, name in enumerate(names, start=1)
        if name in found.locations
        for one in _of_place(found.key(name), [row.number(column, name, otherwise=0.0) for row in rows[:n_days]],
                             found.locations[name].walk.intensity, quirks)
    ]  # fmt: skip


def faults_of_width(rows: list[Cells], header: tuple[str, ...]) -> bool:
    """Whether any row is wider than the header."""
    return any([too_wide(row, header, 2) for row in rows])


def _of_place(key: str, values: list[float], at_start: float, quirks: Quirks) -> list[Happening]:
    """The changes of one place."""
    told = []
    before = 0.0 if quirks.intensity_changes_ignored else at_start
    for day, value in enumerate(values):
        was, is_now = before > ACTIVE, value > ACTIVE
        is_change = was != is_now if quirks.intensity_changes_ignored else value != before
        if is_change and (was or is_now):
            told.append(Happening(day, "conflict", key, value if is_now else 0.0, restarts=not was))
        before = value
    return told


def _closures(folder: Path, found: Map, quirks: Quirks, faults: list[Fault]) -> list[Happening]:
    """Roads that close and open, and camps that close."""
    path, told = folder / CLOSURES, []
    rows = read_cells(path, faults)[1] if is_there(path) else []
    for row in rows:
        start, end = (int(row.number(i, name, whole=True)) for i, name in ((3, "closure_start"), (4, "closure_end")))
        word = row.at(0)
        if word not in CLOSURE_TYPES:
            row.note("closure_type", shown(word), f"one of {', '.join(CLOSURE_TYPES)}", closest(word, CLOSURE_TYPES))
        elif word in (CAMP, IDP_CAMP):
            key = _key(row, 1, found)
            told += [Happening(start, "becomes", key, to=TOWN)] if start >= 0 and key else []
            told += [Happening(end, "becomes", key, to=word)] if end >= 0 and key else []
        elif word != "remove_forced_redirection":
            for route in _closed_routes(row, word, found, quirks):
                told += [Happening(start, "close", route)] if start >= 0 else []
                told += [Happening(end, "open", route)] if end >= 0 else []
    return told


def _closed_routes(row: Cells, word: str, found: Map, quirks: Quirks) -> list[str]:
    """Ids of the routes that a closure names."""
    everywhere = {one.key for one in found.locations.values()}
    if word == "location":
        key = _key(row, 1, found)
        return found.between({key}, everywhere) if key else []
    if word == "link":
        ends = _key(row, 1, found), _key(row, 2, found)
        routes = found.between({ends[0]}, {ends[1]}) if all(ends) else []
        if all(ends) and not routes:
            row.note("name2", shown(row.at(2)), f"a place with a route to {row.at(1)}", "correct one of the two")
        return [] if quirks.link_closures_ignored else routes
    sides = []
    for column, name in ((1, "name1"), (2, "name2")):
        sides.append({one.key for one in found.locations.values() if one.country == row.at(column)})
        if not sides[-1]:
            known = {one.country for one in found.locations.values()}
            row.note(name, shown(row.at(column)), "a country of locations.csv", closest(row.at(column), known))
    return found.between(*sides)


def _key(row: Cells, column: int, found: Map) -> str:
    """The key of the place that a closure names; empty, with a fault noted, where there is none."""
    name = row.at(column)
    if name not in found.locations:
        row.note(f"name{column}", shown(name), "a place of locations.csv", closest(name, found.locations))
        return ""
    return found.key(name)

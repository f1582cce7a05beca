"""Recorded camp populations in Flee's form: series by date, sums of files, corrections of registers, values by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from safeconduct.scenario.flee.tables import Cells, read_cells
from safeconduct.scenario.walk import Quirks
from safeconduct.terms import Fault, closest, is_there, shown

LAYOUT = "data_layout.csv"
TITLES = ("date", "datetime", "")
Points = list[tuple[int, float]]  # day of the case (negative before it), persons; in order of day, but for a quirk


@dataclass(frozen=True)
class Series:
    """One row of the layout: who or what is counted, and the counts."""

    name: str
    line: int  # in the layout
    files: tuple[str, ...]
    points: Points


def read_layout(folder: Path, start: date, quirks: Quirks, faults: list[Fault]) -> list[Series]:
    """Every series that the layout names; the first is the total."""
    path = folder / LAYOUT
    if not is_there(path):
        expected = "a table whose rows name a camp and its files"
        faults.append(Fault(LAYOUT, 0, "", "no such file", expected, "add it, or name its folder with --data"))
        return []
    found: list[Series] = []
    for row in read_cells(path, faults)[1]:
        files = tuple(cell.strip() for cell in row.values[1:] if cell.strip())
        if not files:
            row.note("", f"{shown(row.at(0))} without a file", "name,file", "name the file of its counts")
            continue
        parts = [_read_points(folder / file, row, start, quirks, faults, is_total=not found) for file in files]
        if not all(parts):
            continue
        points = parts[0]
        for part in parts[1:]:
            points = _shifted_sum(points, part, row) if quirks.sums_shift_dates else _sum(points, part)
        found.append(Series(row.at(0), row.line, files, points))
    if not found:
        faults.append(Fault(LAYOUT, 0, "", "no series", "the total in the first row, then the camps", "add them"))
    return found


def _read_points(path: Path, row: Cells, start: date, quirks: Quirks, faults: list[Fault], *, is_total: bool) -> Points:
    """Counts of one file by day; none where it is not there, which only the total cannot do without."""
    if not is_there(path):
        advice = closest(path.name, [one.name for one in path.parent.glob("*.csv")])
        advice = advice if is_total else f"{advice}; {row.at(0) or 'the row'} is left without counts"
        row.note("", f"{shown(path.name)}, which is not there", "a file beside the layout", advice, warns=not is_total)
        return [(0, 0.0)] if is_total else []
    points: Points = []
    for number, cells in enumerate(read_cells(path, faults)[1]):
        if (number == 0 and cells.at(0).lower() in TITLES) or not cells.at(1):
            continue
        when = cells.day(0, "date")
        count = cells.number(1, "count", whole=True)
        if when is not None:
            points.append(((when - start).days, count))
            if len(points) > 1 and points[-2][0] >= points[-1][0]:
                what = "the rows are read as they stand" if quirks.rows_as_written else "the rows are sorted"
                what = what if points[-2][0] > points[-1][0] or quirks.rows_as_written else "the last one holds"
                cells.note("date", shown(cells.at(0)), "a date after that of the row before", what, warns=True)
    if not points:
        faults.append(Fault(path.name, 0, "", "no count", "rows of date,count", "0 is taken", is_warning=not is_total))
    if not quirks.rows_as_written:
        points = sorted(dict(points).items())
    return points or [(0, 0.0)]


def _sum(first: Points, second: Points) -> Points:
    """Both series together, on every date of either, each on straight lines between its own dates."""
    days = sorted({day for day, _ in (*first, *second)})
    return [(day, value_on(first, day) + value_on(second, day)) for day in days]


def _shifted_sum(first: Points, second: Points, row: Cells) -> Points:
    """Both series together as Flee adds them: without interpolation, with dates of either end lost."""
    summed: Points = []
    at, latest = 0, None
    for day, count in second:
        while day > first[at][0]:
            if latest is None:
                advice = "name it second, or run without --compat"
                row.note("", "a first file that starts before the second", "the same first date in both", advice)
                latest = 0.0
            summed.append((first[at][0], first[at][1] + latest))
            if at == len(first) - 1:
                break
            at += 1
        if day <= first[at][0]:
            summed.append((day, count + first[at][1]))
            latest = count
            at += day == first[at][0] and at < len(first) - 1
    return summed


def read_corrections(path: Path, start: date, series: Sequence[Series], faults: list[Fault]) -> list[float]:
    """Scale what a register said before it was verified; returns the factors, which tell how far registers erred."""
    by_name = {one.name: one for one in series}
    factors = []
    for row in read_cells(path, faults)[1] if is_there(path) else ():
        when, name = row.day(1, "date"), row.at(0)
        if name not in by_name:
            row.note("place", shown(name), f"a camp of {LAYOUT}", closest(name, by_name))
        elif when is not None and when >= start:
            points, day = by_name[name].points, (when - start).days
            at = next((i for i, (d, _) in enumerate(points) if d == day), 0)
            if at == 0 or not points[at - 1][1] > 0:
                file = by_name[name].files[0]
                row.note("date", shown(row.at(1)), f"a date of {file} with a count before it", "correct the date")
                continue
            factors.append(points[at][1] / points[at - 1][1])
            points[:at] = [(d, count * factors[-1]) for d, count in points[:at]]
    return factors


def without_day0(series: Series) -> Series:
    """The counts above those of the first day, for a case that starts with empty camps."""
    base = value_on(series.points, 0)
    return replace(series, points=[(day, max(0.0, count - base)) for day, count in series.points])


def value_on(points: Points, day: int) -> float:
    """The count on a day, on a straight line between dates; the first or last count outside them."""
    if day <= points[0][0]:
        return points[0][1]
    for (d0, c0), (d1, c1) in zip(points, points[1:], strict=False):
        if day < d1:
            return c0 + (c1 - c0) * (day - d0) / (d1 - d0)
    return points[-1][1]


def by_day(points: Points, n_days: int, quirks: Quirks, hasten: int) -> tuple[float, ...]:
    """Persons on each day of the case; under Flee's quirk cut to whole agents after the first date."""
    if not quirks.counts_are_cut:
        return tuple(value_on(points, day) for day in range(n_days))
    scaled = [(day, count / hasten) for day, count in points]
    values = (value_on(scaled, day) for day in range(n_days))
    return tuple(hasten * float(int(value)) for value in values)

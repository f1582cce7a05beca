"""A planning sheet: days that are cut off, those who have not come by the end, room, and what is assumed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from safeconduct.findings.forecast import ForecastRecord
from safeconduct.findings.forecast.frames import plan_rows
from safeconduct.findings.forecast.page import days_shown
from safeconduct.findings.forecast.sentences import (
    TOTAL,
    behind,
    busiest,
    expected,
    people_there,
    still_there,
    when_half,
)
from safeconduct.findings.forecast.sentences import said as said_of
from safeconduct.findings.forecast.workbook import sheet_of_notes, sheet_of_rows, styles_of
from safeconduct.findings.monitor.sheet import forecast_rows
from safeconduct.findings.workbooks import new_workbook
from safeconduct.inference.assimilate import CAPACITY, QUEUES, WAITS, dates_of, plan, rounded_up, unsettled
from safeconduct.scenario import Amount, Role, Scenario, assumed_in, departure_assumed, read_case, room_is

POST = "pass_gate"


@pytest.fixture(scope="module")
def case() -> Scenario:
    """The demo valley, from the beginning of its clock."""
    return read_case("demo-valley")


def foreseen(case: Scenario, per_day: tuple[float, ...], last_hours: float) -> Any:
    """A forecast of one run from midnight on: so many arrive evenly on each day, then for so many hours as on the last.

    One vehicle of one person waits at all times.
    """
    start = case.clock.start.replace(hour=0) + timedelta(days=1)
    clock = replace(case.clock, start=start, end=start + timedelta(days=len(per_day), hours=last_hours))
    rate = np.repeat([one / 24 for one in (*per_day, per_day[-1])], [*[24] * len(per_day), int(last_hours)])
    total = np.concatenate([[0.0], rate.cumsum()])[None, :]
    hours = np.arange(total.shape[1], dtype=float)
    homes = [one.key for one in case.places if one.role is Role.SHELTER]
    series = {(TOTAL, POST): total, ("n_queue_vehicles", "road"): np.ones_like(total)}
    series |= {("n_sheltered_persons", key): total / 2 for key in homes}
    runs = SimpleNamespace(series=series, hours=hours, parameters={"persons_per_vehicle": np.array([1.0])})
    return SimpleNamespace(
        scenario=replace(case, clock=clock), when=start, until=clock.end, origin=0.0, ensemble=runs,
        simulation={POST: total}, simulated={POST: total}, rules={POST: {}}, assimilated=SimpleNamespace(n_born=100),
    )  # fmt: skip


def parted(case: Scenario, n_born: int, low: float = 10_000.0, high: float = 30_000.0) -> Any:
    """Two days in runs of two kinds, 51 and 49 of them, that bring `low` or `high` people evenly."""
    made = foreseen(case, (240.0, 240.0), 0)
    totals = np.repeat([low, high], [51, 49])[:, None] * np.linspace(0.0, 1.0, made.ensemble.hours.size)
    made.ensemble.series = {(TOTAL, POST): totals}
    made.ensemble.parameters = {"persons_per_vehicle": np.ones(100)}
    made.simulated, made.simulation, made.assimilated.n_born = {POST: totals}, {POST: totals}, n_born
    return made


def test_a_day_that_the_end_cuts_off_says_until_when(case: Scenario) -> None:
    """Two days and six hours: only the rows of the third say until 06:00, and 240 / 4 arrive then."""
    made = foreseen(case, (240.0, 240.0), 6)
    days = {one.day: one for one in plan(made) if one.measure == "arrivals on the day"}
    assert [one.until for one in days.values()] == [None, None, time(6)]
    assert [one.most_likely for one in days.values()] == pytest.approx([240.0, 240.0, 60.0])
    written = [row for row in plan_rows(made, plan(made)) if row[0] == max(days).isoformat()]
    assert written and all(str(row[3]).endswith(" until 06:00") for row in written)
    assert not any("midnight" in str(row[3]) for row in plan_rows(made, plan(made)))
    whole = foreseen(case, (240.0, 240.0), 0)
    assert {one.until for one in plan(whole)} == {None}


def test_a_forecast_of_hours_has_no_whole_day_and_no_line_on_the_monitors_sheet(case: Scenario) -> None:
    """Six hours ahead: every row is cut off, so nothing is shown as a day."""
    made = foreseen(case, (240.0,), 0)
    made.until, made.ensemble.hours = made.when + timedelta(hours=6), made.ensemble.hours[:7]
    made.ensemble.series = {key: values[:, :7] for key, values in made.ensemble.series.items()}
    rows = plan_rows(made, plan(made))
    assert rows and all(str(row[3]).endswith("until 06:00") for row in rows)
    assert forecast_rows(ForecastRecord("x", made.when, (), ())) == []


def test_days_that_are_alike_have_no_busiest_one(case: Scenario) -> None:
    """4,650 and 4,700 are within 5 %; 4,000 and 4,700 are not."""
    assert busiest(foreseen(case, (4650.0, 4700.0), 6), POST).startswith(
        "About the same on each whole day to come: 4,6"
    )
    assert "busiest day" in busiest(foreseen(case, (4000.0, 4700.0), 6), POST)
    assert "busiest day" in busiest(foreseen(case, (4700.0,), 6), POST)


def test_shares_are_of_those_expected_by_the_end_and_who_still_waits_is_said(case: Scenario) -> None:
    """Each sentence names the end with its hour, ranges have hours, and the one who waits is told."""
    made = foreseen(case, (240.0, 240.0), 6)
    end = f"{made.until:%d %b, %H:%M}"
    assert end.endswith("06:00") and f"by {end}" in expected(made, POST)
    half, ninety = when_half(made)
    assert "half of the 540 most likely have arrived by" in half and "nine in ten of the 540" in ninety
    assert half.count(":00") == 3
    said = still_there(made, plan(made))[0]
    assert "540 have arrived at" in said and "1 stand in queues" in said and "do not add up" in said
    assert next(one for one in plan(made) if one.measure == QUEUES).most_likely == 1.0


def test_days_are_steps_of_the_line_that_dates_are_read_off(case: Scenario) -> None:
    """Three runs bring 100, 250 and 0 on the first day and 0, 0 and 300 on the second: totals of 100, 250 and 300.

    The line is 100 after the first day and 250 after the second, so days are 100 and 150; medians of days: 100, 0.
    Half of 250 is reached on the second day by the line, before it by the upper line; nine tenths by the lower never.
    """
    made = foreseen(case, (1.0, 1.0), 0)
    ends = np.array([[0.0, 100.0, 100.0], [0.0, 250.0, 250.0], [0.0, 0.0, 300.0]])
    totals = np.array([np.interp(made.ensemble.hours, [0.0, 24.0, 48.0], one) for one in ends])
    made.ensemble.series, made.ensemble.parameters = {(TOTAL, POST): totals}, {"persons_per_vehicle": np.full(3, 2.0)}
    rows = plan(made)
    likely = {one: [row.most_likely for row in rows if row.measure == one] for one in {row.measure for row in rows}}
    assert likely["arrivals on the day"] == pytest.approx([100.0, 150.0])
    assert likely["arrived by the end of the day"] == pytest.approx([100.0, 250.0])
    assert likely["vehicles arriving on the day"] == pytest.approx([50.0, 75.0])
    assert likely["water on arrival"] == pytest.approx([1500.0, 2250.0])
    assert all(row.best_case <= row.most_likely <= row.worst_case for row in rows)
    half = dates_of(made)[0]
    line = np.median(totals, axis=0)
    assert half.persons == 125.0 and half.most_likely is not None
    hour = round(made.scenario.clock.hour_of(half.most_likely))
    assert line[hour] >= 125.0 > line[hour - 1]
    assert half.best_case is not None and half.best_case < half.most_likely
    assert dates_of(made)[1].worst_case is None  # the lower line ends at 130: nine tenths of 250 are not reached


def test_a_middle_that_random_numbers_move_is_told_as_a_range(case: Scenario) -> None:
    """51 of 100 runs bring 10,000 and 49 bring 30,000: of few histories, the middle may as well be the other."""
    assert unsettled(parted(case, 30), POST) == (10_000.0, 30_000.0)
    assert expected(parted(case, 30), POST).startswith("10,000 to 30,000 people expected")
    assert "is not settled" in expected(parted(case, 30), POST)
    assert unsettled(parted(case, 30, high=10_500.0), POST) is None
    assert expected(foreseen(case, (240.0, 240.0), 0), POST).startswith("480 people expected")


def test_waits_are_those_of_who_cross_on_the_day(case: Scenario) -> None:
    """10 persons an hour: 5 hours on the way on the first day, 9 on the second; a third day on which no one crosses."""
    made = foreseen(case, (240.0, 240.0, 0.0), 0)
    waits = np.repeat([5.0, 9.0, np.nan], 24)
    made.ensemble.series["wait_hours", POST] = np.concatenate([[np.nan], waits])[None, :]
    found = [(one.most_likely, one.standard) for one in plan(made) if one.measure == WAITS]
    assert found == [(5.0, "by the runs alone"), (9.0, "by the runs alone")]


def test_people_at_the_start_are_told_with_their_range(case: Scenario) -> None:
    """The prior's 5 and 95 % points, and whose figure it is."""
    parameter = case.parameters["persons_present"]
    low, high = (parameter.prior.quantile(chance) for chance in (0.05, 0.95))
    said = people_there(foreseen(case, (240.0,), 0))[0]
    assert (
        f"{parameter.value:,.0f}" in said and f"{said_of(low)} to {said_of(high)}" in said and parameter.source in said
    )


@pytest.mark.parametrize(("days", "left"), [(9, 0), (12, 3)])
def test_one_sheet_has_nine_days_and_names_those_it_leaves_out(case: Scenario, days: int, left: int) -> None:
    made = foreseen(case, (240.0,) * days, 0)
    full: Any = days_shown(made, plan(made), False)
    short: Any = days_shown(made, plan(made), True)
    assert len(full["days"][0][3]) == days and full["days_left"] == []
    assert len(short["days"][0][3]) == 9 and len(short["days_left"]) == left
    assert short["shelter"] and len(full["shelter"]) == len(short["shelter"]) + short["n_homes_left"]


def test_room_that_no_table_gives_is_not_known_and_marked_room_is_assumed(case: Scenario) -> None:
    """An invented place, a room filled in, a marked number, a marked parameter, and a number with a source."""
    shelter = next(one for one in case.places if one.role is Role.SHELTER)
    given = replace(shelter, source="register of the province, 2029", note="")
    named = replace(given, shelter_persons=Amount(parameter="room"))
    assumed = SimpleNamespace(is_assumed=True)
    assert room_is(given, {}) == "the case folder"
    assert room_is(replace(given, source="assumed"), {}) == ""
    assert room_is(replace(given, note="x; pull and room assumed: as many persons as leave"), {}) == ""
    assert room_is(replace(given, note="pull assumed: as many persons as leave"), {}) == "the case folder"
    assert room_is(replace(given, note="shelter: assumed, split by population"), {}) == "assumed"
    assert room_is(named, {"room": assumed}) == "assumed"  # type: ignore[dict-item]  # of a parameter this alone
    for source, by in (("assumed", set()), ("assumed (invented)", {"assumed"}), ("a register", {"case folder"})):
        places = tuple(replace(one, source=source, note="") for one in case.places)
        rows = [one for one in plan(foreseen(replace(case, places=places), (240.0,), 0)) if one.measure == CAPACITY]
        assert {one.standard for one in rows} == by


def test_what_is_assumed_is_told_until_a_source_stands_in_its_place(case: Scenario) -> None:
    """Departure is told as assumed while every event is marked so; the remark stands beside it."""
    made = foreseen(case, (240.0,), 0)
    assert departure_assumed(case) and departure_assumed(case) in assumed_in(case)
    said = behind(made, "1 of 2 reports known by then has not been checked by a second person.")
    assert said[0] == departure_assumed(case) and said[-1].startswith("1 of 2 reports")
    known = replace(case, events=tuple(replace(one, source="a report") for one in case.events))
    assert departure_assumed(known) == ""
    assert departure_assumed(replace(case, events=()))


@pytest.mark.parametrize(
    ("needed", "told"), [(0.0, 0.0), (0.01, 1.0), (5.2, 6.0), (98.9, 99.0), (99.5, 100.0), (121.0, 130.0)]
)
def test_things_of_which_a_part_is_of_no_use_are_rounded_up(needed: float, told: float) -> None:
    assert rounded_up(needed) == told


def written(path: Path, made: Any, notes: list[str]) -> None:
    """A workbook with all rows, with the same rows without a standard, and notes."""
    rows = plan_rows(made, plan(made))
    book = new_workbook(path, made.when)
    sheet_of_rows(book, "All", "title", rows, styles_of(book))
    sheet_of_rows(book, "Bare", "title", [(*row[:-1], "") for row in rows], styles_of(book))
    sheet_of_notes(book, notes, styles_of(book))
    book.close()


def test_a_workbook_has_no_column_for_keys_or_missing_standards_and_rows_for_two_lines(
    case: Scenario, tmp_path: Path
) -> None:
    """A note of 300 letters takes three lines of 105; a day of ten letters takes one, of 18 points."""
    written(tmp_path / "sheet.xlsx", foreseen(case, (240.0, 240.0), 6), ["abcdefghi " * 30])
    with zipfile.ZipFile(tmp_path / "sheet.xlsx") as file:
        words = file.read("xl/sharedStrings.xml").decode()
        whole, bare, notes = (file.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3))
    assert ">Key<" not in words and ">pass_gate<" not in words
    assert 'r="H3"' in whole and 'r="G3"' in bare and 'r="H3"' not in bare
    assert re.findall(r' ht="(\d+)"', notes) == ["45"] and 'fitToHeight="0"' in whole
    assert 'r="4"' in whole and not re.search(r'<row r="4"[^>]* ht="(?!18)', whole)


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdftotext") is None, reason="no LibreOffice")
def test_a_workbook_prints_as_wide_as_its_table_and_notes_to_their_last_word(case: Scenario, tmp_path: Path) -> None:
    note = "A sentence that goes on for longer than a line is wide, " * 5 + "to its last word."
    written(tmp_path / "sheet.xlsx", foreseen(case, (240.0, 240.0), 6), [note])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "sheet.xlsx")], check=True, capture_output=True)
    reader = ["pdftotext", "-layout", str(tmp_path / "sheet.pdf"), "-"]
    pages = subprocess.run(reader, check=True, capture_output=True, text=True).stdout.split("\f")
    heads = [page for page in pages if "Best case" in page]
    assert heads and all("Worst case" in page and "Day" in page for page in heads)
    assert any("to its last word." in " ".join(page.split()) for page in pages)

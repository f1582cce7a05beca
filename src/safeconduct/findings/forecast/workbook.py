"""The planning sheet as a workbook: what to plan for, triggers, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from safeconduct.findings.forecast.frames import HEADER, place_name, plan_rows, rounded
from safeconduct.findings.forecast.sentences import (
    ADD_UP,
    BETWEEN_COUNTS,
    CASES_ARE,
    behind,
    expected,
    people_there,
    still_there,
    when_half,
)
from safeconduct.findings.workbooks import new_workbook
from safeconduct.inference.assimilate import (
    CAPACITY,
    EVERYWHERE,
    FOR_SHELTER,
    QUEUES,
    READY,
    SHELTERED,
    WAITS,
    Forecast,
    PlanRow,
    doubts,
    triggers,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

TITLES = ("Day", "Place", "What", "Unit", "Best case (10 %)", "Most likely (50 %)", "Worst case (90 %)", "Standard")
SHOWN = tuple(HEADER.index(one) for one in HEADER if one != "place")  # a key is for programs
LINE, FIGURE_LINE = 15, 18  # points of a line, and of one of figures: fonts that stand in for Calibri are higher
NOTE_WIDTH = 105  # characters of a line of the notes
WIDTHS = (11, 30, 42, 14, 13, 13, 13, 46)
SHORT_TITLES = ("best case", "most likely", "worst case")
OF_PLACE = (
    "arrivals on the day", "arrived by the end of the day", WAITS, "vehicles arriving on the day", "bus loads onward",
)  # fmt: skip
OF_ALL = (QUEUES, READY)
OF_SHELTER = (SHELTERED, *(f"{need} {FOR_SHELTER}" for need in ("water", "food", "covered space", "toilets")))
DAY_WIDTH, FIGURE_WIDTH, CHARACTERS = 24, 12, 165  # of the first sheet, in characters; those of a line of its text


def write_workbook(path: Path, made: Forecast, rows: Sequence[PlanRow], remark: str = "") -> None:
    """Write the workbook, with a remark of who asked for it; opens in Excel and LibreOffice."""
    book = new_workbook(path, made.when)
    styles, title = styles_of(book), f"{made.scenario.title}: planning figures as of {as_of(made)}"
    sheet_in_short(book, title, made, rows, styles)
    sheet_of_rows(book, "By day and place", title, plan_rows(made, rows), styles)
    sheet_of_triggers(book, made, styles)
    sheet_of_notes(book, notes(made, remark), styles)
    book.close()


def sheet_in_short(book: Workbook, title: str, made: Forecast, rows: Sequence[PlanRow], styles: dict[str, Any]) -> None:
    """The first sheet: what was counted, when half will have come, what to doubt; then one line a day."""
    sheet = book.add_worksheet("In short")
    sheet.set_column(0, 0, DAY_WIDTH)
    sheet.set_column(1, 3 * len(OF_SHELTER), FIGURE_WIDTH)
    sheet.write(0, 0, title, styles["title"])
    line = 1
    ahead = [expected(made, place) for place in made.simulation]
    still = [*still_there(made, rows), *people_there(made)]
    for sentence in (counted(made), *ahead, *when_half(made), *still, *to_doubt(made), CASES_ARE, ADD_UP):
        sheet.merge_range(line, 0, line, 12, sentence, styles["note"])
        sheet.set_row(line, height(sentence, CHARACTERS))
        line += 1
    homes = list(dict.fromkeys(one.place for one in rows if one.measure == SHELTERED))[:1]  # all, or the only one
    blocks = [(place, OF_PLACE) for place in made.simulation]
    for place, measures in (*blocks, (EVERYWHERE, OF_ALL), *((home, OF_SHELTER) for home in homes)):
        mine = [one for one in rows if one.place == place and one.measure in measures]
        if mine:
            line = block_of_days(sheet, line + 1, place_name(made, place), mine, styles)
    if homes:
        room = next((one for one in rows if one.measure == CAPACITY and one.place in homes), None)
        known = f"{rounded(room.most_likely):,.0f} persons ({room.standard})" if room else "not known"
        sheet.write(line, 0, f"Capacity of organised shelter: {known}.")
    fit_to_width(sheet)


def block_of_days(sheet: Worksheet, line: int, place: str, rows: Sequence[PlanRow], styles: dict[str, Any]) -> int:
    """Figures of one place, a line a day, three columns a measure; the line after them."""
    units = {one.measure: one.unit for one in rows}
    days = list(dict.fromkeys(one.day for one in rows))
    sheet.write(line, 0, place[:1].upper() + place[1:], styles["place"])
    sheet.set_row(line + 1, 3 * LINE)
    sheet.write(line + 1, 0, "", styles["head"])
    sheet.set_row(line + 2, FIGURE_LINE)
    sheet.write(line + 2, 0, "Day", styles["head"])
    for group, (measure, unit) in enumerate(units.items()):
        first = 1 + 3 * group
        sheet.merge_range(
            line + 1, first, line + 1, first + 2, measure if unit in measure else f"{measure}, {unit}", styles["head"]
        )
        for column, head in enumerate(SHORT_TITLES, start=first):
            sheet.write(line + 2, column, head, styles["head"])
        for one in (one for one in rows if one.measure == measure):
            at = line + 3 + days.index(one.day)
            sheet.set_row(at, FIGURE_LINE)
            sheet.write(at, 0, f"{one.day:%a %d %b} {one.cut}".strip(), styles["text"])
            sheet.write(at, first, rounded(one.best_case), styles["number"])
            sheet.write(at, first + 1, rounded(one.most_likely), styles["most"])
            sheet.write(at, first + 2, rounded(one.worst_case), styles["number"])
    return line + 3 + len(days)


def styles_of(book: Workbook) -> dict[str, Any]:
    """The formats of cells by what they hold."""
    return {
        "head": book.add_format({"bold": True, "bg_color": "#DCE6EE", "text_wrap": True, "valign": "top", "border": 1}),
        "number": book.add_format({"num_format": "#,##0", "border": 1, "valign": "vcenter"}),
        "most": book.add_format({"num_format": "#,##0", "border": 1, "bold": True, "valign": "vcenter"}),
        "text": book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"}),
        "place": book.add_format({"bold": True, "font_size": 12}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
        "chance": book.add_format({"num_format": "0 %", "border": 1}),
    }


def sheet_of_rows(
    book: Workbook, name: str, title: str, rows: Sequence[Sequence[object]], styles: dict[str, Any]
) -> None:
    """A sheet of planning rows, its header frozen and with filters."""
    sheet = book.add_worksheet(name)
    sheet.write(0, 0, title, styles["title"])
    shown = SHOWN if any(one[-1] for one in rows) else SHOWN[:-1]  # without standards where no row has one
    for column, (head, width) in enumerate(zip(TITLES[: len(shown)], WIDTHS, strict=False)):
        sheet.set_column(column, column, width)
        sheet.write(2, column, head, styles["head"])
    sheet.set_row(2, 2 * LINE)
    for line, row in enumerate(rows, start=3):
        one = [row[column] for column in shown]
        sheet.set_row(line, max(FIGURE_LINE, *(height(str(v), w) for v, w in zip(one, WIDTHS, strict=False))))
        for column, value in enumerate(one):
            most = HEADER[shown[column]] == "most_likely"
            style = "text" if isinstance(value, str) else "most" if most else "number"
            sheet.write(line, column, value, styles[style])
    sheet.freeze_panes(3, 3)
    sheet.autofilter(2, 0, 2 + len(rows), len(shown) - 1)
    fit_to_width(sheet)
    sheet.repeat_rows(2)


def height(text: str, width: int) -> float:
    """Points of a row whose text wraps in a column of so many characters."""
    return float(LINE * max(1, len(wrap(text, width - 1))))


def fit_to_width(sheet: Worksheet) -> None:
    """Print on A4 across, as many pages long as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(1, 0)


def sheet_of_triggers(book: Workbook, made: Forecast, styles: dict[str, Any]) -> None:
    """A sheet of triggers."""
    sheet = book.add_worksheet("Triggers")
    sheet.write(0, 0, "More than so many new arrivals within so many hours, with the chance of it", styles["title"])
    for column, (title, width) in enumerate(
        (("Place", 40), ("More than, persons", 18), ("Within, hours", 14), ("Chance", 10))
    ):
        sheet.set_column(column, column, width)
        sheet.write(2, column, title, styles["head"])
    for line, one in enumerate(triggers(made), start=3):
        sheet.write(line, 0, place_name(made, one.place), styles["text"])
        sheet.write(line, 1, one.persons, styles["number"])
        sheet.write(line, 2, one.hours, styles["number"])
        sheet.write(line, 3, round(one.chance, 2), styles["chance"])
    fit_to_width(sheet)
    sheet.fit_to_pages(1, 1)


def sheet_of_notes(book: Workbook, sentences: Sequence[str], styles: dict[str, Any]) -> None:
    """A sheet that says how to read the figures."""
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, NOTE_WIDTH)
    for line, sentence in enumerate(sentences):
        sheet.write(line, 0, sentence, styles["note"])
        sheet.set_row(line, height(sentence, NOTE_WIDTH))
    fit_to_width(sheet)


def to_doubt(made: Forecast) -> list[str]:
    """A sentence for each thing to doubt."""
    return [f"To doubt: {sentence}" for sentence in doubts(made)]


def as_of(made: Forecast) -> str:
    """The moment of a forecast, its offset with a colon."""
    return f"{made.when:%d %B %Y, %H:%M} {made.when.isoformat()[-6:]}"


def counted(made: Forecast) -> str:
    """What the forecast knows, and the last counts."""
    last = [f"{one.total:,.0f} by {made.scenario.clock.at(one.hour):%d %b %H:%M} at {place_name(made, place)}"
            for place, one in made.published.last_counts.items() if one.total == one.total]  # fmt: skip
    last += [f"{one.total:,.0f} at about {made.scenario.clock.at(one.hour):%d %b %H:%M}" for one in made.published.rough
             if one.total == one.total and one.hour > made.published.last_counts[one.place].hour]  # fmt: skip
    known = f"Only what was published by {as_of(made)} was used."
    return f"{known} Last counts: {'; '.join(last) or 'none'}."


def notes(made: Forecast, remark: str = "") -> list[str]:
    """How to read the figures: doubts first, then what is assumed."""
    return [
        *to_doubt(made),
        *behind(made, remark),
        *people_there(made),
        CASES_ARE,
        ADD_UP,
        counted(made),
        BETWEEN_COUNTS,
        "The first day counts from midnight: what had already been counted on it is included.",
        "Needs are for all who come or are sheltered, by the standard in the last column. "
        "Capacity is what there is, and no need; where the case gives none it is not known.",
        f"{EVERYWHERE.capitalize()}: added up over roads or homes; single roads and homes are not given out.",
        "A low figure does not mean that a road is safe.",
    ]

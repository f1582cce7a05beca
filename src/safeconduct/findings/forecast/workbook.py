"""The planning sheet as a workbook: what to plan for, triggers, and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.findings.forecast.frames import HEADER, place_name, plan_rows
from safeconduct.findings.workbooks import new_workbook
from safeconduct.inference.assimilate import EVERYWHERE, Forecast, PlanRow, doubts, triggers

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TITLES = (
    "Day",
    "Key",
    "Place",
    "What",
    "Unit",
    "Best case (10 %)",
    "Most likely (50 %)",
    "Worst case (90 %)",
    "Standard",
)
WIDTHS = (11, 18, 34, 46, 14, 16, 18, 17, 44)
FIRST_MEASURES = ("arrivals on the day", "arrived by the end of the day", "standing in queues at midnight")


def write_workbook(path: Path, made: Forecast, rows: Sequence[PlanRow]) -> None:
    """Write the workbook; opens in Excel and LibreOffice."""
    book = new_workbook(path, made.when)
    styles, title = styles_of(book), f"{made.scenario.title}: planning figures as of {made.when:%d %B %Y, %H:%M %z}"
    short = [one for one in rows if one.measure in FIRST_MEASURES]
    sheet_of_rows(book, "In short", title, plan_rows(made, short), styles)
    sheet_of_rows(book, "By day and place", title, plan_rows(made, rows), styles)
    sheet_of_triggers(book, made, styles)
    sheet_of_notes(book, notes(made), styles)
    book.close()


def styles_of(book: Workbook) -> dict[str, Any]:
    """The formats of cells by what they hold."""
    return {
        "head": book.add_format({"bold": True, "bg_color": "#DCE6EE", "text_wrap": True, "valign": "top", "border": 1}),
        "number": book.add_format({"num_format": "#,##0.##", "border": 1}),
        "most": book.add_format({"num_format": "#,##0.##", "border": 1, "bold": True}),
        "text": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
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
    for column, (head, width) in enumerate(zip(TITLES, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(2, column, head, styles["head"])
    for line, one in enumerate(rows, start=3):
        for column, value in enumerate(one):
            style = "text" if isinstance(value, str) else "most" if HEADER[column] == "most_likely" else "number"
            sheet.write(line, column, value, styles[style])
    sheet.freeze_panes(3, 4)
    sheet.autofilter(2, 0, 2 + len(rows), len(TITLES) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


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


def sheet_of_notes(book: Workbook, sentences: Sequence[str], styles: dict[str, Any]) -> None:
    """A sheet that says how to read the figures."""
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 120)
    for line, sentence in enumerate(sentences):
        sheet.write(line, 0, sentence, styles["note"])


def notes(made: Forecast) -> list[str]:
    """How to read the figures, doubts first."""
    last = [f"{one.total:,.0f} by {made.scenario.clock.at(one.hour):%d %b %H:%M} at {place_name(made, place)}"
            for place, one in made.published.last_counts.items() if one.total == one.total]  # fmt: skip
    return [
        *(f"To doubt: {sentence}" for sentence in doubts(made)),
        "Best case, most likely and worst case are the 10, 50 and 90 % points of the forecast, for each row alone. "
        "One day in ten is worse than the worst case.",
        f"Only what was published by {made.when:%d %B %Y, %H:%M %z} was used. "
        f"Last counts: {'; '.join(last) or 'none'}.",
        "The first day counts from midnight: what had already been counted on it is included.",
        "Needs are for all who come or are sheltered, by the standard in the last column. "
        "Capacity is what the case folder says there is; it is no need.",
        f"{EVERYWHERE.capitalize()}: added up over roads or homes; single roads and homes are not given out.",
        "A low figure does not mean that a road is safe.",
    ]

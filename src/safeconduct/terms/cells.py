"""Read a cell of a row: words, names, numbers, times.

Each function notes a fault where the cell is not as it should be, and hands back a harmless stand-in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime

from safeconduct.terms.clock import parse_time
from safeconduct.terms.faults import closest
from safeconduct.terms.sheets import Row, shown

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
WITH_COMMA = re.compile(r"[+-]?[0-9]+(,[0-9]+)+")
GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(([,'’ \u00a0\u202f])[0-9]{3})(\2[0-9]{3})*(\.[0-9]+)?"
)  # one mark throughout
POINT_IN_THREES = re.compile(r"[+-]?[0-9]+\.[0-9]{3}")  # of a count: it may stand between thousands
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")  # three digits may be thousands: refused
LIVE = re.compile(r"'*[=+\-@\t\r]")
HELD = re.compile(r"'+[=+\-@\t\r]")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
INF = float("inf")
MOST = 1e12  # more of anything is a mistake; whole numbers up to it are exact
LEAST = 1e-9  # less of anything but nothing is a mistake too
HUGE = 1e9  # a sentence names an upper limit above this only where a number is beyond it
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def text(row: Row, column: str) -> str:
    """A cell of words."""
    cell = row.cells.get(column, "")
    if not cell and not row.may_be_empty(column):
        advice = 'name the source, or write "assumed"' if column == "source" else "fill it in"
        row.note(column, "some text", advice)
    return cell


def key(row: Row, column: str) -> str:
    """A cell that names something for the computer: letters, digits, _ . and -."""
    cell = row.cells.get(column, "")
    if not KEY.fullmatch(cell):
        row.note(column, "a name of letters, digits, _ . or -", "use a short name such as north_bridge")
    return cell


def new_key(row: Row, column: str, lines: dict[str, int]) -> str:
    """A key that no earlier row of the table has; `lines` keeps where each stands."""
    cell = key(row, column)
    if cell in lines:
        row.note(column, f"a name that line {lines[cell]} has not used", "rename or remove one of the two")
    else:
        lines[cell] = row.line
    return cell


def choice(row: Row, column: str, known: Collection[str], otherwise: str = "") -> str:
    """A cell that is one of some words, or the word it stands for when empty."""
    cell = row.cells.get(column, "")
    if not cell and row.may_be_empty(column):
        return otherwise
    if cell not in known:
        row.note(column, f"one of {', '.join(known)}", nearest(cell, known, "choose one of them"))
    return cell


def nearest(word: str, known: Collection[str], otherwise: str) -> str:
    """The advice to use the nearest known word, or other advice where none is near."""
    advice = closest(word, known)
    return advice if advice.startswith("did you mean") else otherwise


def yes_no(row: Row, column: str, *, otherwise: bool) -> bool:
    """A cell that says yes or no."""
    return choice(row, column, ("yes", "no"), "yes" if otherwise else "no") == "yes"


def number(row: Row, column: str, *, low: float = -MOST, high: float = MOST) -> float | None:
    """A cell with a number in a range; None when the cell is empty and may be, or is faulty."""
    cell = row.cells.get(column, "")
    if cell:
        return number_in(row, column, cell, low=low, high=high)
    if not row.may_be_empty(column):
        row.note(column, number_expected(row, column, low, high), "fill it in")
    return None


def number_in(row: Row, column: str, cell: str, *, low: float, high: float, or_else: str = "") -> float | None:
    """The number that a cell holds, if it holds one in the range; `or_else` is what may stand there instead."""
    if row.separator != "," and DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    if WITH_COMMA.fullmatch(cell):
        advice = "write the decimal mark as a point and thousands without a mark"
    elif not NUMBER.fullmatch(cell) or float(cell) in (INF, -INF):
        advice = "write digits, such as 1250 or 0.4"
    elif not low <= float(cell) <= high or 0 < abs(float(cell)) < LEAST:
        advice = "correct the number or its unit"
    else:
        return float(cell)
    if advice.startswith("correct") and 0 < abs(float(cell)) < LEAST:
        or_else = f", 0 or beyond {LEAST:g}{or_else}"
    if advice.startswith("correct") and float(cell) > high >= HUGE:
        or_else = f", at most {high:,.0f}{or_else}"
    or_empty = "; leave it empty otherwise" if row.may_be_empty(column) else ""
    row.note(column, number_expected(row, column, low, high) + or_else, advice + or_empty)
    return None


def number_expected(row: Row, column: str, low: float, high: float) -> str:
    """What a cell of numbers should hold, in words."""
    unit = row.table.by_name[column].unit
    in_unit = "" if unit in ("", "1", "unit", "by the kind") else f", in {unit}"
    if high >= HUGE:
        return f"a number{'' if low <= -HUGE else f' of at least {low:g}'}{in_unit}"
    return f"a number from {low:g} to {high:g}{in_unit}"


def time(row: Row, column: str) -> datetime:
    """A cell with a time and its offset from UTC."""
    cell = row.cells.get(column, "")
    expected = "a time with its offset from UTC, such as 2023-09-24T14:00+04:00"
    try:
        return parse_time(cell)
    except ValueError as error:
        no_zone = "no offset" in str(error)
        advice = "add the offset, such as +04:00" if no_zone else "write it as in the example"
        row.note(column, expected, advice, f"{shown(cell)}, without a zone" if no_zone else "")
    return NO_TIME


def without_grouping(cell: str) -> str:
    """A number without the marks between its groups of three digits: 12,500 or 12 500 or 12'500 -> 12500.

    Other numbers stay as they are, so that a decimal comma remains a fault.
    """
    return re.sub(r"[,'’ \u00a0\u202f]", "", cell) if GROUPED.fullmatch(cell) else cell


def inert(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula. A plain number stays as it is.

    Spreadsheets run a text of a CSV file that begins with = + - @, a tab or a carriage return. Such a text gets an
    apostrophe before it; one that stands there already gets another, so that reading takes off what writing put on.
    """
    return f"'{text}" if LIVE.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def guarded(text: str) -> str:
    """The text as a typed cell that runs nothing: only what `as_written` would take an apostrophe off gets one more."""
    return f"'{text}" if as_written(text) != text else text


def as_written(cell: str) -> str:
    """The text of a cell that `inert` wrote."""
    return cell[1:] if cell.startswith("'") and HELD.match(cell) else cell


STROKED = {  # letters that no accent can be taken from
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i",
    "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ə": "e", "Ə": "E",
}  # fmt: skip
PLAIN = str.maketrans(STROKED)


def plain_letters(name: str) -> str:
    """A name in ASCII: accents and strokes are taken off, letters of other scripts left out."""
    return unicodedata.normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode()

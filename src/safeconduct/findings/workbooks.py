"""Workbooks that leave the program: no text in them is a formula or a link, and equal contents give equal bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook

INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # where no other time is to be carried


def new_workbook(target: Path | BytesIO, made: datetime | None = None) -> Workbook:
    """An empty workbook. made: the time that it carries; with the same time the same cells give the same bytes."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, INERT)
    book.set_properties({"created": (made or MADE).replace(tzinfo=None)})
    return book

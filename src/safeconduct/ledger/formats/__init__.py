"""Formats: other people's tables as claims, one file a format.

Comes in: a path (text, workbook, JSON) and a case's names. Goes out: claims with reporter, period, basis and source,
faults by line, and the list of what was left out. Does not know: any model.
Start reading at `sheets.py` (how a table is found in a file) and `base.py` (what a format is). `sniff` names the format
of a file, `read_claims` reads it, `import_files` adds it to a case, `ask_headings` makes a mapping for a table that no
format knows.
"""

from safeconduct.ledger.formats.base import ORDERS, ForeignTable, Format, Intake, Line
from safeconduct.ledger.formats.importing import Imported, import_files
from safeconduct.ledger.formats.mapping import (
    HEADINGS,
    TARGETS,
    Heading,
    ask_headings,
    read_headings,
    write_headings,
)
from safeconduct.ledger.formats.places import PlaceFinder, places_of
from safeconduct.ledger.formats.providers import terms_of_use
from safeconduct.ledger.formats.reading import TableClaims, read_claims, sniff, unknown_sheet
from safeconduct.ledger.formats.sheets import formats, sheets_of

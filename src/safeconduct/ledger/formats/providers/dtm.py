"""IOM DTM: displaced people present by area and round, as the DTM interface and its files give them."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line
from safeconduct.ledger.types import NO_ADDRESS, Claim

NEEDED = ("numPresentIdpInd", "reportingDate")
LEVELS = (("admin2Name", "admin2Pcode"), ("admin1Name", "admin1Pcode"), ("admin0Name", "admin0Pcode"))
TOTALS = ("total", "grand total", "sum")  # where a sheet writes the name of an area
BREAKDOWNS = ("numberMales", "numberFemales")
SAID = (
    ("displacementReason", "reason: {}"),
    ("idpOriginAdmin1Name", "from {}"),
)
NOTED = (
    ("operation", "operation {}"),
    ("roundNumber", "round {}"),
    ("assessmentType", "assessment {}"),
    ("operationStatus", "operation status {}"),
)
TAKES = (*NEEDED, *(name for level in LEVELS for name in level), *(n for n, _ in (*SAID, *NOTED)), *BREAKDOWNS)


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has the count of the interface and its date."""
    return sheet.has(*NEEDED)


def read(reading: Intake) -> Iterator[Claim]:
    """The displaced people present in each area on the reporting date, with reason and origin as the scope."""
    for line in reading.lines():
        present = line.count("numPresentIdpInd")
        if present is None:
            if not line.get("numPresentIdpInd"):
                reading.left_out["rows without a count in numPresentIdpInd"] += 1
            continue
        place, code = place_of(line)
        if not code and place.casefold() in TOTALS:
            reading.left_out["rows of a total"] += 1
            continue
        for name in BREAKDOWNS:
            if line.get(name):
                reading.left_out[f"counts by sex: {name}"] += 1
        within = line.within([name for name, _ in LEVELS])
        yield line.claim(
            "n_displaced_persons", present, line.when("reportingDate"), place, code, within,
            reporter="IOM DTM", source_title=f"IOM DTM, {reading.sheet.file}", address=NO_ADDRESS,
            scope="; ".join(_told(line, SAID)), context="; ".join(_told(line, NOTED)), topic="displaced",
        )  # fmt: skip


def place_of(line: Line) -> tuple[str, str]:
    """Name and P-code of the finest area of a row."""
    for name, code in LEVELS:
        if line.get(name) or line.get(code):
            return line.get(name), line.get(code)
    return "", ""


def _told(line: Line, said: tuple[tuple[str, str], ...]) -> list[str]:
    return [words.format(line.get(name)) for name, words in said if line.get(name)]


DTM = Format(
    "dtm", "IOM DTM (interface and files)", fits, read,
    "field list of dtmapi.iom.int v3 in OCHA-DAP/hdx-scraper-iom-dtm, project_configuration.yaml", NEEDED, TAKES,
)  # fmt: skip

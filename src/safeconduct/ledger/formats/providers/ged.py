"""UCDP GED: the deaths of each event, as CSV or as the JSON of its interface."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, parts_of
from safeconduct.ledger.types import Claim

NEEDED = ("id", "date_start", "date_end", "date_prec", "side_a", "side_b", "best", "high", "low")
PLACES = ("where_coordinates", "adm_2", "adm_1", "country")  # the finest first
TAKES = (*NEEDED, *PLACES, "where_prec", "source_original", "source_article")
PRECISION = {"4": "month", "5": "year"}  # 1 the day is known, 2 some days, 3 a week: the two dates say which


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has the columns of the event data set."""
    return sheet.has(*NEEDED)


def read(reading: Intake) -> Iterator[Claim]:
    """The deaths of each event, with low, best and high.

    Columns and codes as in the GED codebook: date_prec 1 the day is known, 2 some days, 3 a week, 4 a month, 5 a year.
    The reporter is UCDP, which codes what the sources named in source_original say.
    """
    file = reading.sheet.file
    for line in reading.lines():
        name, dated = line.key("id"), line.said("date_prec")
        time, precision, until = line.period("date_start", "date_end")
        if time and precision != "year":
            precision = PRECISION.get(dated, precision)
        low, best, high = line.count("low"), line.count("best"), line.count("high")
        place, said, _ = reading.places.find(
            line.get(*PLACES), "", "new_deaths_persons", line.within(PLACES), line.spot("latitude", "longitude")
        )  # fmt: skip
        yield Claim(
            id=f"ged{name}",
            kind="figure",
            time=time,
            precision=precision if time else "unknown",
            until=until,
            place=place,
            place_said=said,
            quantity="new_deaths_persons",
            low=low,
            best=best,
            high=high,
            unit="persons",
            basis="estimated",
            reporter="UCDP GED",
            via=parts_of(line.said("source_original")),
            source_title=line.said("source_article") or f"UCDP GED event {name}",
            address=f"https://ucdp.uu.se/event/{name}",
            actor=f"{line.said('side_a')}; {line.said('side_b')}",
            topic="operation",
            context=f"where_prec {line.said('where_prec') or 'not given'}, date_prec {dated}",
            row=f"{file}:{line.at}",
        )


GED = Format(
    "ged", "UCDP GED (CSV, JSON)", fits, read,
    "UCDP GED codebook; header of GED 24.1 and JSON of ucdpapi.pcr.uu.se (list under Result)", NEEDED, TAKES,
)  # fmt: skip

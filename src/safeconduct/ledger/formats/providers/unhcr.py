"""UNHCR: the yearly statistics of the Refugee Data Finder, and the series of the operational data portal."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake
from safeconduct.ledger.types import Claim

ORIGIN, ASYLUM = "Country of origin", "Country of asylum"
YEARLY = ("Year", f"{ORIGIN} (ISO)", f"{ASYLUM} (ISO)")
API = ("year", "coo_iso", "coa_iso")
AT_ASYLUM, AT_ORIGIN = "asylum", "origin"
COUNTS = {  # heading of the file, and of the interface -> quantity, what is counted, in which country
    "Refugees under UNHCR's mandate": ("n_displaced_persons", "refugees under UNHCR's mandate", AT_ASYLUM),
    "refugees": ("n_displaced_persons", "refugees under UNHCR's mandate", AT_ASYLUM),
    "Asylum-seekers": ("n_displaced_persons", "asylum-seekers", AT_ASYLUM),
    "asylum_seekers": ("n_displaced_persons", "asylum-seekers", AT_ASYLUM),
    "Other people in need of international protection": (
        "n_displaced_persons", "other people in need of international protection", AT_ASYLUM,
    ),
    "oip": ("n_displaced_persons", "other people in need of international protection", AT_ASYLUM),
    "IDPs of concern to UNHCR": ("n_displaced_persons", "internally displaced people of concern to UNHCR", AT_ASYLUM),
    "idps": ("n_displaced_persons", "internally displaced people of concern to UNHCR", AT_ASYLUM),
    "Returned refugees": ("new_returns_persons", "returned refugees", AT_ORIGIN),
    "returned_refugees": ("new_returns_persons", "returned refugees", AT_ORIGIN),
    "Returned IDPs": ("new_returns_persons", "returned internally displaced people", AT_ASYLUM),
    "Returned IDPss": ("new_returns_persons", "returned internally displaced people", AT_ASYLUM),  # as UNHCR spells it
    "returned_idps": ("new_returns_persons", "returned internally displaced people", AT_ASYLUM),
}  # fmt: skip
PORTAL_DATES = ("data_date", "date")
PORTAL_TAKES = (*PORTAL_DATES, "individuals", "geomaster_name", "pop_origin_name", "population_groups_concat", "source")


def fits_yearly(sheet: ForeignTable) -> bool:
    """Whether the table is one of the Refugee Data Finder's, by country of origin and of asylum."""
    return (sheet.has(*YEARLY) or sheet.has(*API)) and any(name in COUNTS for name in sheet.header)


def read_yearly(reading: Intake) -> Iterator[Claim]:
    """The people of each group at the end of a year, or returned in it; the year is the period.

    A 0 is left out: the table gives it for every group that a country does not count.
    """
    is_file = reading.sheet.has(*YEARLY)
    names = {
        AT_ORIGIN: (ORIGIN, f"{ORIGIN} (ISO)") if is_file else ("coo_name", "coo_iso"),
        AT_ASYLUM: (ASYLUM, f"{ASYLUM} (ISO)") if is_file else ("coa_name", "coa_iso"),
    }
    heads = [name for name in reading.sheet.header if name in COUNTS]
    reading.leave_columns([*heads, *YEARLY, *API, *(n for pair in names.values() for n in pair)])
    for line in reading.lines():
        when = line.when("Year" if is_file else "year")
        for head in heads:
            count = line.count(head)
            if not count:
                reading.left_out[f"cells of 0 or without a number: {head}"] += 1
                continue
            quantity, words, where = COUNTS[head]
            there, away = names[where], names[AT_ORIGIN if where == AT_ASYLUM else AT_ASYLUM]
            other = line.get(*away)
            scope = words if other == line.get(*there) or not other else f"{words}, {_way(where)} {other}"
            yield line.claim(
                quantity, count, when, line.get(*there), line.get(there[1]), scope=scope, reporter="UNHCR",
                source_title=f"UNHCR Refugee Data Finder, {reading.sheet.file}", topic="displaced",
                address="https://www.unhcr.org/refugee-statistics/", context=_stock(quantity),
            )  # fmt: skip


def _way(where: str) -> str:
    return "from" if where == AT_ASYLUM else "back from"


def _stock(quantity: str) -> str:
    return "number at the end of the year" if quantity.startswith("n_") else ""


def fits_portal(sheet: ForeignTable) -> bool:
    """Whether the table is a series or a list of places of the operational data portal."""
    return sheet.has("individuals") and any(sheet.has(name) for name in PORTAL_DATES)


def read_portal(reading: Intake) -> Iterator[Claim]:
    """The people of a series or of a list of places. What is counted is not in the table; a person must say it.

    A series of the portal names a number for its population group and nothing of what is counted, so the quantity
    (and the place, where the table gives none) comes in with `--say`.
    """
    head = next(name for name in PORTAL_DATES if reading.sheet.has(name))
    for line in reading.lines():
        count = line.count("individuals")
        if count is None:
            reading.left_out["rows without a number in individuals"] += 1
            continue
        groups, origin = line.get("population_groups_concat"), line.get("pop_origin_name")
        source = line.get("source")
        yield line.claim(
            "", count, line.when(head), line.get("geomaster_name"), reporter="UNHCR",
            scope="; ".join(part for part in (groups, f"from {origin}" if origin else "") if part),
            source_title=f"UNHCR operational data portal, {reading.sheet.file}", address="https://data.unhcr.org",
            context=f"source: {source}" if source else "", topic="displaced",
        )  # fmt: skip


YEARLY_FORMAT = Format(
    "unhcr", "UNHCR Refugee Data Finder (CSV)", fits_yearly, read_yearly,
    "heading of the Refugee Data Finder's population.csv (text may stand above it); api.unhcr.org/population/v1",
    YEARLY,
)  # fmt: skip
PORTAL_FORMAT = Format(
    "unhcr-portal", "UNHCR operational data portal (CSV, JSON)", fits_portal, read_portal,
    "data.unhcr.org/population/get: timeseries (data_date, individuals), sublocation (geomaster_name, date)",
    ("data_date or date", "individuals"), PORTAL_TAKES,
)  # fmt: skip

"""HDX HAPI: displaced people, refugees, returnees, residents and deaths in events, as CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.ledger.formats.base import ForeignTable, Format, Intake, Line
from safeconduct.ledger.types import NO_ADDRESS, Claim

NEEDED = ("reference_period_start", "reference_period_end")
LEVELS = (
    (("admin2_name", "provider_admin2_name"), "admin2_code"),
    (("admin1_name", "provider_admin1_name"), "admin1_code"),
    (("location_name",), "location_code"),
)
GROUPS = {  # population_group -> quantity, what is counted, and which of the two countries it is counted in
    "REF": ("n_displaced_persons", "refugees", "asylum"),
    "ROC": ("n_displaced_persons", "people in a refugee-like situation", "asylum"),
    "ASY": ("n_displaced_persons", "asylum-seekers", "asylum"),
    "OIP": ("n_displaced_persons", "other people in need of international protection", "asylum"),
    "IDP": ("n_displaced_persons", "internally displaced people", "asylum"),
    "IOC": ("n_displaced_persons", "people in a situation like that of displaced people", "asylum"),
    "RET": ("new_returns_persons", "returned refugees", "origin"),
    "RDP": ("new_returns_persons", "returned internally displaced people", "asylum"),
}
TAKES = (
    *NEEDED, *(n for names, code in LEVELS for n in (*names, code)), "population", "population_group", "gender",
    "age_range", "operation", "assessment_type", "reporting_round", "event_type", "events", "fatalities",
    "origin_location_code", "origin_location_name", "asylum_location_code", "asylum_location_name", "warning", "error",
)  # fmt: skip


def fits(sheet: ForeignTable) -> bool:
    """Whether the table has a reference period and a figure of one of the sub-categories known here."""
    if not sheet.has(*NEEDED):
        return False
    return (sheet.has("population") and (sheet.has("location_code") or sheet.has("asylum_location_code"))) or sheet.has(
        "event_type", "fatalities"
    )


def read(reading: Intake) -> Iterator[Claim]:
    """One claim for each row that is no part of another row: those by sex or age are counted as left out."""
    sheet = reading.sheet
    make = _refugees if sheet.has("population_group") else _events if sheet.has("fatalities") else _people
    for line in reading.lines():
        parts = [line.get(name).lower() for name in ("gender", "age_range")]
        if any(part not in ("", "all") for part in parts):
            reading.left_out["rows by sex or age, which are parts of a row for all"] += 1
        elif line.get("error"):
            reading.left_out[f"rows that HDX marks as faulty: {line.get('error')}"] += 1
        else:
            made = make(line)
            if made:
                yield made


def _people(line: Line) -> Claim | None:
    """Displaced people present (from DTM), or residents."""
    count = line.count("population")
    if count is None:
        line.of.left_out["rows without a number in population"] += 1
        return None
    is_displaced = line.of.sheet.has("reporting_round") or line.of.sheet.has("assessment_type")
    noted = (("operation", "operation {}"), ("reporting_round", "round {}"), ("assessment_type", "assessment {}"))
    note = "; ".join(words.format(line.get(name)) for name, words in noted if line.get(name))
    place, code = _place(line)
    return _claim(
        line, "n_displaced_persons" if is_displaced else "n_residents_persons", count, place, code,
        "IOM DTM" if is_displaced else "national statistics in HDX HAPI", context=note,
        topic="displaced" if is_displaced else "people",
    )  # fmt: skip


def _refugees(line: Line) -> Claim | None:
    """People of a group of UNHCR's, counted where they are, with where they are from as the scope."""
    group = line.get("population_group")
    if group not in GROUPS:
        line.of.left_out[f"rows of the population group {group or 'not given'}"] += 1
        return None
    count = line.count("population")
    if not count:
        line.of.left_out["rows of 0 people"] += 1
        return None
    quantity, words, where = GROUPS[group]
    other = "origin" if where == "asylum" else "asylum"
    place, code = (line.get(f"{where}_location_{part}") for part in ("name", "code"))
    away = line.get(f"{other}_location_name", f"{other}_location_code")
    scope = f"{words}, {'from' if other == 'origin' else 'back from'} {away}" if away else words
    return _claim(line, quantity, count, place or code, code, "UNHCR", scope=scope, topic="displaced")


def _events(line: Line) -> Claim | None:
    """Deaths in the events of a month; the types of events overlap, so each is a scope of its own."""
    line.of.left_out["numbers of events (column events)"] += bool(line.get("events"))
    deaths = line.count("fatalities")
    if deaths is None:
        line.of.left_out["rows without a number in fatalities"] += 1
        return None
    place, code = _place(line)
    scope = f"events of the type {line.get('event_type')}; types overlap"
    return _claim(line, "new_deaths_persons", deaths, place, code, "ACLED", scope=scope, topic="operation")


def _place(line: Line) -> tuple[str, str]:
    for names, code in LEVELS:
        if line.get(*names) or line.get(code):
            return line.get(*names), line.get(code)
    return "", ""


def _claim(
    line: Line, quantity: str, count: float, place: str, code: str, reporter: str, *, context: str = "", **more: object
) -> Claim:
    time, precision, until = line.period(*NEEDED)
    within = line.within([next((n for n in names if line.get(n)), code) for names, code in LEVELS])
    warning = f"HDX warns: {line.get('warning')}" if line.get("warning") else ""
    return line.claim(
        quantity, count, (time, precision), place, code, within, until=until, reporter=reporter, via=("HDX HAPI",),
        source_title=f"HDX HAPI, {line.of.sheet.file}", address=NO_ADDRESS,
        context="; ".join(part for part in (context, warning) if part), **more,
    )  # fmt: skip


HAPI = Format(
    "hapi", "HDX HAPI (CSV, JSON)", fits, read,
    "OCHA-DAP/hdx-hapi, docs/data_usage_guides/endpoint_parameters; hapi_headers in OCHA-DAP/hdx-scraper-iom-dtm",
    (*NEEDED, "population or fatalities", "location_code or asylum_location_code or event_type"), TAKES,
)  # fmt: skip

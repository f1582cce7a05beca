"""Other people's tables in their true columns become the claims that a person would write; faults are told by line.

The rows are invented; `docs/formats.md` says where each set of columns was found.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.findings.exports.claims import statements
from safeconduct.ledger import (
    Claim,
    Heading,
    Terms,
    formats,
    import_files,
    places_of,
    read_claims,
    read_ledger,
    sniff,
    to_csv,
)
from safeconduct.ledger.formats.base import period, read_when
from safeconduct.ledger.formats.providers.kobo import ABOUT_THE_FORM
from safeconduct.ledger.views import show_when
from safeconduct.ledger.vocabulary import read_terms
from safeconduct.terms import CaseError

TABLES = Path(__file__).parents[1] / "data" / "formats"
DTM, ACLED, HAPI, UNHCR, PAX, PAM, KOBO, HXL_PERIOD = (
    (TABLES / f"{name}.csv").read_text("utf-8")
    for name in ("dtm", "acled", "hapi", "unhcr", "pax", "pam", "kobo", "hxl")
)
PORTAL = {"data": [{"geomaster_name": "Lowtown", "individuals": "4120", "date": "2030-05-07", "source": "Government",
                    "population_groups_concat": "Refugees"}]}  # fmt: skip
GED_ROW = {
    "id": 101, "relid": "X-1", "year": 2030, "date_prec": 1, "date_start": "2030-05-07T00:00:00",
    "date_end": "2030-05-07T00:00:00", "side_a": "Army A", "side_b": "Band B", "source_original": "council; radio",
    "source_article": "Valley News", "where_coordinates": "Pass Gate", "where_prec": 1, "adm_1": "Upper", "best": 4,
    "high": 6, "low": 3, "country": "Plain",
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case whose places have names and P-codes."""
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "places.csv").write_text(
        "key,name,other_name,lat,lon,role,source,note\n"
        "middle,Middle Village,Mitteldorf,46.58,10.14,origin,assumed,P-code PLN0101\n"
        "pass_gate,Pass Gate,Passtor,46.54,10.24,crossing,assumed,\n"
        "lowtown,Lowtown,Niederstadt,46.50,10.36,shelter,assumed,\n"
    )
    return folder


@pytest.fixture
def read(case: Path, tmp_path: Path) -> Callable[..., list[Claim]]:
    """The claims of a text in the case, in the order of the file."""

    def of(text: str, name: str = "table.csv", **more: object) -> list[Claim]:
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = read_claims(tmp_path / name, places=places_of(case, Terms()), **more)  # type: ignore[arg-type]  # by name
        return list(found.claims)

    return of


def faults_of(run: Callable[[], object]) -> list[str]:
    """The sentences of a refusal."""
    with pytest.raises(CaseError) as error:
        run()
    return [str(fault) for fault in error.value.faults]


def day(number: int, month: int = 5, year: int = 2030) -> datetime:
    """Midnight of a day, UTC."""
    return datetime(year, month, number, tzinfo=UTC)


def test_dtm(read: Callable[..., list[Claim]]) -> None:
    """People present on a day, by the area that has the P-code; counts by sex are left out."""
    known, unknown = read(DTM)
    assert (known.quantity, known.best, known.place, known.place_said) == (
        "n_displaced_persons", 2310, "middle", "Middle Village",
    )  # fmt: skip
    assert (known.time, known.precision, known.reporter) == (day(7), "day", "IOM DTM")
    assert (known.scope, known.context) == (
        "reason: Conflict; from Lakes", "operation Valley response; round 4; assessment BA; operation status Active",
    )  # fmt: skip
    assert (unknown.place, unknown.best, unknown.context.split(";")[0]) == ("Nowhere", 1250, "P-code PLN0199")


def test_acled(read: Callable[..., list[Claim]]) -> None:
    """An act and its deaths; dates in words or figures; a date known to the month is a month."""
    act, deaths, march = read(ACLED)
    assert (act.kind, act.action, act.actor, act.towards) == ("act", "armed_clash", "Army A", "Band B")
    assert (act.place, act.time, act.via) == ("pass_gate", day(7), ("Valley News", "Radio"))
    assert (act.behalf, act.context) == ("", "Battles: Armed clash; time_precision 1; geo_precision 1")
    assert (act.published, act.published_rule) == (datetime(2030, 5, 14, tzinfo=UTC), "recorded")
    assert (deaths.id, deaths.kind, deaths.quantity, deaths.best) == (
        "acledPLN101.deaths", "figure", "new_deaths_persons", 3,
    )  # fmt: skip
    assert (march.kind, march.precision, march.words) == ("act", "month", "A march.")


def test_hapi_csv_and_json(read: Callable[..., list[Claim]]) -> None:
    """The reference period of a whole month is a month; rows that HDX marks as faulty are left out; JSON alike."""
    (claim,) = read(HAPI)
    assert (claim.best, claim.place, claim.time, claim.precision, claim.until) == (
        2310,
        "middle",
        day(1),
        "month",
        None,
    )
    assert (claim.reporter, claim.via) == ("IOM DTM", ("HDX HAPI",))
    head, first = HAPI.splitlines()[0].split(","), HAPI.splitlines()[1].split(",")
    row = dict(zip(head, first, strict=True)) | {"population": 2310, "reference_period_end": "2030-05-31T23:59:59"}
    (other,) = read(json.dumps({"data": [row]}), "hapi.json")
    assert (other.id, other.precision, other.best) == (claim.id, "month", 2310)


def test_unhcr_statistics(read: Callable[..., list[Claim]]) -> None:
    """Under lines of text; each group of people is a figure of the year, zeros and dashes are left out."""
    claims = read(UNHCR)
    told = [(c.best, c.place, c.precision, c.time, c.scope) for c in claims]
    assert told == [
        (5210, "Plain", "year", day(1, 1, 2029), "refugees under UNHCR's mandate, from Valley"),
        (35, "Plain", "year", day(1, 1, 2029), "asylum-seekers, from Valley"),
        (1200, "Plain", "year", day(1, 1, 2029), "internally displaced people of concern to UNHCR"),
    ]


def test_unhcr_portal(read: Callable[..., list[Claim]]) -> None:
    """The file does not say what it counts: that is a fault until a person says it."""
    text = json.dumps(PORTAL)
    assert "--say quantity=" in faults_of(lambda: read(text, "portal.json"))[0]
    (claim,) = read(text, "portal.json", say={"quantity": "n_displaced_persons"})
    assert (claim.best, claim.place, claim.reporter, claim.context) == (4120, "lowtown", "UNHCR", "source: Government")


def test_pax(read: Callable[..., list[Claim]]) -> None:
    """The agreement on its date, and each provision with its code; a 0 says nothing."""
    act, cease, force = read(PAX)
    assert (act.id, act.action, act.time, act.actor) == (
        "pax2001", "agreement", day(1), "Valley council; Plain government",
    )  # fmt: skip
    assert [(c.kind, *c.obligation, c.status) for c in (cease, force)] == [
        ("statement", "CeProv", "provision coded 3"), ("statement", "ImPK", "provision coded 2"),
    ]  # fmt: skip


def test_peace_accords_matrix(read: Callable[..., list[Claim]]) -> None:
    """A status for a provision and year; what the accord does not have is left out."""
    (claim,) = read(PAM)
    assert (claim.kind, *claim.obligation, claim.status) == ("status", "cease", "implementation coded 2")
    assert (claim.precision, claim.source_title) == ("year", "Peace Accords Matrix, The pass agreement")


def test_kobo(read: Callable[..., list[Claim]]) -> None:
    """Questions named as our columns; what was not approved stays out, and so does who submitted."""
    (claim,) = read(KOBO)
    assert (claim.id, claim.quantity, claim.best, claim.place) == ("kobo17", "arrivals", 650, "pass_gate")
    assert claim.time == datetime(2030, 5, 7, 5, 30, tzinfo=UTC) and claim.precision == "exact"
    assert claim.published == datetime(2030, 5, 7, 6, 10, tzinfo=UTC) and "someone" not in repr(claim)
    other = KOBO.replace("report/quantity", "report/what").replace("report/kind", "report/sort")
    assert "say with --map" in faults_of(lambda: read(other))[0]


def test_ged_json(read: Callable[..., list[Claim]]) -> None:
    """The list under Result gives the same claim as the CSV."""
    (claim,) = read(json.dumps({"TotalCount": 1, "Result": [GED_ROW]}), "ged.json")
    assert (claim.id, claim.low, claim.best, claim.high, claim.place) == ("ged101", 3, 4, 6, "pass_gate")
    assert (claim.time, claim.precision, claim.until) == (day(7), "day", None)


def test_hxl_periods_groups_codes_and_ranges(read: Callable[..., list[Claim]]) -> None:
    """A year is a year; midnight no hour; a group no number; a P-code no place; low and high no rival figures."""
    (claim,) = read(HXL_PERIOD)
    assert (claim.time, claim.precision, claim.until) == (day(1, 1), "year", None)
    assert (claim.low, claim.best, claim.high, claim.scope) == (2000, 2310, 2600, "host")
    assert (claim.place, claim.place_said) == ("middle", "Middle Village")


def test_hxl_groups_of_one_quantity_are_claims_of_their_own(read: Callable[..., list[Claim]]) -> None:
    """The bounds of one group are not those of another."""
    text = "#adm2+name,#date,#affected+idps+min,#affected+idps+max,#affected+refugees\nFar End,2030-05-07,50,70,60\n"
    assert [(c.quantity, c.scope, c.low, c.best, c.high) for c in read(text)] == [
        ("n_displaced_persons", "idps", 50, None, 70), ("n_displaced_persons", "refugees", None, 60, None),
    ]  # fmt: skip


def test_hxl_columns_that_are_not_read_are_listed(case: Path, tmp_path: Path) -> None:
    """Figures unknown here, second columns, dates of something else, and columns without a hashtag."""
    (tmp_path / "hxl.csv").write_text(
        "#adm2+name,#date,#date+updated,#affected+idps,#affected+idps,#inneed,#geo+lat,\n"
        "Far End,2030-05-07,2030-05-09,50,51,80,46.5,note\n"
    )
    assert read_claims(tmp_path / "hxl.csv", places=places_of(case, Terms())).left_out == {
        "columns without a place in a claim: #date+updated, #inneed, #geo+lat": 1,
        "further columns of the same hashtag: #affected+idps": 1,
        "columns without a hashtag": 1,
    }


def test_hxl_code_of_an_unknown_place(read: Callable[..., list[Claim]]) -> None:
    """The name is the place, in the words of the source, and the code a remark."""
    text = HXL_PERIOD.replace("Middle Village,PLN0101", "Far End,PLN0777")
    (claim,) = read(text)
    assert (claim.place, claim.context) == ("Far End", "P-code PLN0777")


@pytest.mark.parametrize("key", ["middle", "PLN0101"])
def test_a_code_of_another_place_is_not_overruled_by_the_name(case: Path, tmp_path: Path, key: str) -> None:
    """The place stays in words with its code, is listed, and the row is no duplicate of the place's own."""
    places = case / "places.csv"
    note = "P-code PLN0101" if key == "middle" else ""
    places.write_text(places.read_text().replace("middle,", f"{key},").replace("P-code PLN0101", note))
    head, first, *_ = DTM.splitlines()
    (tmp_path / "dtm.csv").write_text("\n".join([head, first, first.replace("PLN0101", "PLN0999")]))
    claims_file = case / "claims.csv"
    (found,) = import_files(claims_file, [tmp_path / "dtm.csv"]).files
    assert [claim.place for claim in found.claims] == [key, "Middle Village (P-code PLN0999)"]
    assert found.unknown_places == {"Middle Village (P-code PLN0999)": 1}
    assert {claim.place for claim in read_ledger(claims_file).claims} == {claim.place for claim in found.claims}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (DTM.replace("2310,2030", "many,2030"), 'table.csv:2: numPresentIdpInd is "many"'),
        (DTM.replace("2310,2030", "-5,2030"), 'table.csv:2: numPresentIdpInd is "-5"'),
        (DTM.replace("2310,2030", "12.500,2030"), 'table.csv:2: numPresentIdpInd is "12.500"'),
        (DTM.replace("2310,2030", "12.5,2030"), 'table.csv:2: numPresentIdpInd is "12.5"'),
        (KOBO.replace("arrivals,650", "cum_arrivals_persons,40.000"), 'table.csv:2: report/best is "40.000"'),
        (ACLED.replace("2030-05-08,2030", "05/08/2030,2030"), 'table.csv:3: event_date is "05/08/2030"'),
        (HAPI.replace("2030-05-31", "2030-15-31"), 'table.csv:2: reference_period_end is "2030-15-31"'),
        (UNHCR.replace("5210", "x5"), 'table.csv:4: Refugees under UNHCR\'s mandate is "x5"'),
        (PAX.replace("2030-05-01", "May"), 'table.csv:2: Dat is "May"'),
        (PAM.replace("1,2,0,0", "1,two,0,0"), 'table.csv:2: cease_implem is "two"'),
        (KOBO.replace(",650,", ",lots,"), 'table.csv:2: report/best is "lots"'),
        (HXL_PERIOD.replace("2030-12-31", "2029-12-31"), 'table.csv:3: #date+end is "2029-12-31"'),
        (HAPI.replace("2030-05-31", "2030-04-30"), 'table.csv:2: reference_period_end is "2030-04-30"'),
        (
            KOBO.replace("team/colour", "report/until").replace(",blue,", ",2030-05-06,"),
            'table.csv:2: report/until is "2030-05-06"',
        ),
        (HXL_PERIOD.replace("2310", "1,2310"), "table.csv:3: 9 cells"),
        (HXL_PERIOD.replace("2000,2600", "2600,2000"), "table.csv:3: best is out of order"),
    ],
)
def test_faults_are_told_by_line(read: Callable[..., list[Claim]], text: str, fault: str) -> None:
    """With the heading of the table, and nothing is read."""
    assert any(sentence.startswith(fault) for sentence in faults_of(lambda: read(text))), faults_of(lambda: read(text))


def test_a_workbook_is_a_table(case: Path, tmp_path: Path) -> None:
    """Notes stand before the table in a sheet of its own; dates and numbers are cells of their kind."""
    path = tmp_path / "dtm.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("README").write(0, 0, "Notes about this file")
    sheet, dated = book.add_worksheet("IDP_Admin2"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["admin2Name", "admin2Pcode", "numPresentIdpInd", "reportingDate", "roundNumber"])
    sheet.write_row(1, 0, ["Middle Village", "PLN0101", 2310])
    sheet.write_datetime(1, 3, datetime(2030, 5, 7), dated)
    sheet.write_number(1, 4, 4)
    book.close()
    found = read_claims(path, places=places_of(case, Terms()))
    (claim,) = found.claims
    assert (claim.best, claim.place, claim.time, claim.precision) == (2310, "middle", day(7), "day")
    assert (found.format, claim.context, claim.row) == ("dtm", "round 4", "dtm.xlsx:2")
    assert "other sheets: README" in found.left_out


WEEKLY = """Border table
District,Week ending,Crossed
Pass Gate,03/05/2030,"1,240"
Lowtown,10/05/2030,
"""
MAPPED = (
    Heading("District", "place"),
    Heading("Week ending", "time", dates="day/month/year"),
    Heading("Crossed", "best", "new_passages_out_persons"),
    Heading("", "reporter", "Border office"),
)


def test_a_mapping_reads_any_other_table(read: Callable[..., list[Claim]], tmp_path: Path) -> None:
    """Which heading is which column, how dates are written, and what holds for every row."""
    text = WEEKLY.partition("\n")[2]
    assert "--map" in faults_of(lambda: read(text))[0]
    (claim,) = read(text, headings=MAPPED)
    assert (claim.quantity, claim.best, claim.place, claim.time) == (
        "new_passages_out_persons", 1240, "pass_gate", day(3),
    )  # fmt: skip
    assert claim.reporter == "Border office" and read(text, remembered=MAPPED) == [claim]


def test_a_quantity_that_is_almost_known_is_a_fault_of_its_line(case: Path, tmp_path: Path) -> None:
    """The near name is told and nothing is written, whether a form or a mapping names the quantity."""
    table, claims = tmp_path / "table.csv", case / "claims.csv"
    table.write_text(KOBO.replace("arrivals,650", "residents_persons,650"))
    (told,) = faults_of(lambda: import_files(claims, [table]))
    assert told.startswith('table.csv:2: quantity is "residents_persons"') and '"n_residents_persons"' in told
    table.write_text(WEEKLY.partition("\n")[2])
    headings = [Heading("Crossed", "best", "residents_persons") if h.column == "best" else h for h in MAPPED]
    (told,) = faults_of(lambda: import_files(claims, [table], headings=headings))
    assert told.startswith("table.csv:2: quantity") and '"n_residents_persons"' in told
    assert not claims.exists()


def test_what_is_left_out_is_listed(case: Path, tmp_path: Path) -> None:
    """Counts by sex, a row marked as faulty, names of no place."""
    (tmp_path / "dtm.csv").write_text(DTM)
    found = read_claims(tmp_path / "dtm.csv", places=places_of(case, Terms()))
    assert found.left_out == {
        "columns without a place in a claim: id, yearReportingDate, monthReportingDate, idpOriginAdmin1Pcode": 1,
        "counts by sex: numberMales": 1, "counts by sex: numberFemales": 1,
        "areas around the place: admin1Name, admin0Name": 2,
    }  # fmt: skip
    assert found.unknown_places == {"Nowhere": 1}
    assert len(found.sentences()) == 6


@pytest.mark.parametrize("name", ["ged", "acled", "dtm", "hapi", "unhcr", "pax", "pam", "kobo", "hxl"])
def test_a_column_is_taken_or_listed(case: Path, tmp_path: Path, name: str) -> None:
    """Another cell in a column changes what is read, or the column is listed as left out; so for every column.

    A column of coarser places or names is read where the finer ones are empty; a code, where its provision is there.
    """
    text = (TABLES / f"{name}.csv").read_text("utf-8") if name != "ged" else csv_of([GED_ROW])
    rows = list(csv.reader(io.StringIO(text)))
    head = next(n for n, row in enumerate(rows) if len(row) == len(rows[-1]) and (name != "hxl" or row[0][:1] == "#"))

    def said(changed: list[list[str]]) -> tuple[object, str]:
        with open(tmp_path / "table.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(changed)
        try:
            found = read_claims(tmp_path / "table.csv", places=places_of(case, Terms()))
        except CaseError as wrong:
            return sorted(map(str, wrong.faults)), ""
        counted = {what: n for what, n in found.left_out.items() if not what.startswith("columns")}
        return (found.claims, counted), " ".join(found.left_out)

    is_finer = re.compile(r"(?i)adm|loc|where_c|country|asylum|^con$|accord name|_prov$")
    for at, heading in enumerate(rows[head]):
        blank = [n for n, other in enumerate(rows[head]) if is_finer.search(other) and n != at]
        for emptied, put in product(([], blank), ("{}1", "0")):
            plain = [
                [("" if n > head and c in emptied else cell) for c, cell in enumerate(r)] for n, r in enumerate(rows)
            ]
            other = [
                [(put.format(cell) if n > head and c == at else cell) for c, cell in enumerate(r)]
                for n, r in enumerate(plain)
            ]
            (before, told), (after, _) = said(plain), said(other)
            if before != after or heading.rpartition("/")[2] in told or heading in ABOUT_THE_FORM:
                break
        else:
            raise AssertionError(f"{name}: {heading} is neither read nor listed")


def csv_of(records: list[dict[str, object]]) -> str:
    """Records as a table of text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def test_rows_without_a_date_or_place_are_listed(case: Path, tmp_path: Path) -> None:
    """By line, with what follows; a row without the id of its event is a fault."""
    rows = DTM.splitlines()
    (tmp_path / "dtm.csv").write_text("\n".join([*rows, rows[2].replace("2030-05-07T00:00:00", ""),
        "3,Valley response,,,,,,,40,2030-05-07,2030,5,4,Conflict,,,,,BA,Active"]))  # fmt: skip
    told = read_claims(tmp_path / "dtm.csv", places=places_of(case, Terms())).sentences()
    assert any("1 claim has no date (line 4)" in one for one in told), told
    assert any("1 claim has no place (line 5)" in one for one in told), told
    (tmp_path / "acled.csv").write_text(ACLED.replace("PLN102,", ","))
    (fault,) = faults_of(lambda: read_claims(tmp_path / "acled.csv"))
    assert fault.startswith("acled.csv:3: event_id_cnty is empty")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            DTM.replace("reportingDate", "date of report", 1),
            'no column "reportingDate"; expected the columns of IOM DTM',
        ),
        (DTM.replace("numPresentIdpInd", "IDPs"), 'no column "numPresentIdpInd"; expected the columns of IOM DTM'),
        (ACLED.replace("event_date", "Event Date"), 'no column "event_date" (it has "Event Date"); expected'),
        (HAPI.replace("reference_period_end", "to"), 'no column "reference_period_end"; expected the columns of HDX'),
        ("when,what\n2030-05-07,rain\n", 'no format known here has the headings "when", "what"'),
    ],
)
def test_a_table_near_a_format_is_told_what_it_lacks(read: Callable[..., list[Claim]], text: str, told: str) -> None:
    """One sentence with the missing columns and the nearest format; none is named where none is near."""
    (fault,) = faults_of(lambda: read(text))
    assert told in fault and "--map" in fault


def test_a_mapping_reads_below_titles_and_by_semicolons(read: Callable[..., list[Claim]]) -> None:
    """Titles above the header, and cells parted by semicolons, for a mapping given or remembered; with a byte order
    mark and groups of three."""
    other = "\ufeffBorder table, all gates, 2030\n\n" + WEEKLY.partition("\n")[2].replace(",", ";").replace(
        "1;240", "1 240"
    )
    for text in (WEEKLY, other):
        for given in ({"headings": MAPPED}, {"remembered": MAPPED}):
            (claim,) = read(text, **given)
            assert (claim.best, claim.place, claim.time, claim.row) == (1240, "pass_gate", day(3), claim.row)
            assert claim.row.endswith(":3" if text == WEEKLY else ":4")
    with pytest.raises(CaseError, match='headings "District", "Week ending", "Crossed"'):
        read(other)


def test_dates_of_a_known_format_can_be_said(read: Callable[..., list[Claim]]) -> None:
    """07/05/2030 is a fault until a person says how the table writes dates."""
    text = DTM.replace("2030-05-07T00:00:00", "07/05/2030")
    assert "reportingDate" in faults_of(lambda: read(text))[0]
    assert {claim.time for claim in read(text, dates="day/month/year")} == {day(7)}


def test_a_code_without_digits_is_no_p_code(read: Callable[..., list[Claim]]) -> None:
    """A country's or province's code is told as a code."""
    claims = read(UNHCR.replace("Plain,PLN", "Elsewhere,ELS"))
    assert {claim.context.split(";")[0] for claim in claims} == {"code ELS"}


def test_the_terms_of_acled_are_told(case: Path, tmp_path: Path) -> None:
    """When its rows come in, and when they go out."""
    (tmp_path / "acled.csv").write_text(ACLED)
    words = ["ledger", "import", str(tmp_path / "acled.csv"), "--case", str(case)]
    for command in (words, ["ledger", "export", "--case", str(case), "--out", str(tmp_path / "out.csv")]):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0 and "forbid passing its rows on" in done.output, done.output


@pytest.mark.parametrize(("form", "told"), [("yyyy", "year"), ("mmm-yy", "month"), ("yyyy-mm-dd", "day")])
def test_a_date_cell_is_as_exact_as_it_shows(tmp_path: Path, form: str, told: str) -> None:
    """A whole year or month in a cell of dates; one that shows its day, or holds another day, is a day."""
    book = xlsxwriter.Workbook(str(tmp_path / "dtm.xlsx"))
    sheet, shows = book.add_worksheet("Data"), book.add_format({"num_format": form})
    sheet.write_row(0, 0, ["admin2Name", "numPresentIdpInd", "reportingDate"])
    for row, when in ((1, datetime(2030, 1, 1)), (2, datetime(2030, 5, 7))):
        sheet.write_row(row, 0, ["Middle Village", row])
        sheet.write_datetime(row, 2, when, shows)
    book.close()
    first, second = read_claims(tmp_path / "dtm.xlsx").claims
    assert (first.time, first.precision) == (day(1, 1), told)
    assert (second.time, second.precision) == (day(7), "day")


def test_a_text_merged_over_rows_stands_in_each(tmp_path: Path) -> None:
    """A district over two rows names both; a number over two rows is not counted twice; titles are passed over."""
    book = xlsxwriter.Workbook(str(tmp_path / "dtm.xlsx"))
    sheet = book.add_worksheet("Data")
    sheet.merge_range(0, 0, 1, 3, "Displacement, round 4")
    sheet.write_row(2, 0, ["admin1Name", "admin2Name", "numPresentIdpInd", "reportingDate"])
    sheet.merge_range(3, 0, 4, 0, "Upper")
    sheet.merge_range(3, 2, 4, 2, 50)
    sheet.merge_range(3, 3, 4, 3, "2030-05-07")
    sheet.write(5, 0, "Lower")
    sheet.write_row(5, 2, [7, "2030-05-08"])
    sheet.write_row(6, 1, ["Total", 57])
    book.close()
    found = read_claims(tmp_path / "dtm.xlsx")
    assert [(claim.place, claim.best, claim.time) for claim in found.claims] == [
        ("Upper", 50, day(7)),
        ("Lower", 7, day(8)),
    ]
    assert found.left_out["rows without a count in numPresentIdpInd"] == 1
    assert found.left_out["rows of a total"] == 1


def test_formats_are_told_by_content(tmp_path: Path) -> None:
    """Whatever the file is called."""
    tables = {"dtm": DTM, "acled": ACLED, "hapi": HAPI, "unhcr": UNHCR, "pax": PAX, "pam": PAM, "kobo": KOBO}
    for name, text in tables.items():
        (tmp_path / "file.txt").write_text(text)
        found = sniff(tmp_path / "file.txt")
        assert found is not None and found.name == name
    (tmp_path / "file.txt").write_text("a,b\n1,2\n")
    assert sniff(tmp_path / "file.txt") is None


@pytest.mark.parametrize(
    ("cell", "precision"),
    [
        ("2030", "year"), ("2030-05", "month"), ("2030-05-07", "day"), ("2030-05-07T00:00:00", "day"),
        ("2030-05-07 00:00:00.000", "day"), ("2030-05-07T00:00:00Z", "day"), ("2030-05-07T14:30:00Z", "exact"),
        ("7 May 2030", "day"), ("07-May-2030", "day"),
    ],
)  # fmt: skip
def test_dates_keep_what_they_say(cell: str, precision: str) -> None:
    """A day that is written as midnight is a day."""
    found = read_when(cell, UTC)
    assert found is not None and found[1] == precision


def test_a_date_that_may_be_two_is_none() -> None:
    """Until somebody says how the table writes dates."""
    assert read_when("03/04/2030", UTC) is None
    assert read_when("03/04/2030", UTC, "dmy") == (day(3, 4), "day")
    assert read_when("03/04/2030", UTC, "mdy") == (day(4, 3), "day")


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((1, 1), (31, 12), (day(1, 1), "year", None)),
        ((1, 5), (31, 5), (day(1), "month", None)),
        ((7, 5), (7, 5), (day(7), "day", None)),
        ((7, 5), (9, 5), (day(7), "day", day(10))),
    ],
)
def test_periods(start: tuple[int, int], end: tuple[int, int], told: object) -> None:
    """A whole year, a whole month, one day, or from day to day with the end of the last."""
    assert period((day(*start), "day"), (day(*end), "day")) == told


def test_a_package_of_its_own_brings_a_format(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worked example: its entry point names a Format, and its table becomes claims."""
    plugin = Path(__file__).parents[2] / "examples" / "plugin"
    said = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))
    ((name, where),) = said["project"]["entry-points"]["safeconduct.importers"].items()
    monkeypatch.syspath_prepend(str(plugin / "src"))
    point = metadata.EntryPoint(name, where, "safeconduct.importers")
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if group == point.group else [])
    formats.cache_clear()
    try:
        found = read_claims(plugin / "bulletins.csv", places=places_of(case, Terms()))
    finally:
        formats.cache_clear()
    assert [(c.quantity, c.best, c.place, c.unit) for c in found.claims] == [
        ("new_passages_vehicles", 1240, "pass_gate", "vehicles"),
        ("new_passages_vehicles", 310, "pass_gate", "vehicles"),
    ]  # fmt: skip


def test_a_heading_over_two_columns_is_a_fault(read: Callable[..., list[Claim]], case: Path, tmp_path: Path) -> None:
    """Of a column that is read, in every format and mapping; both columns are named. Others are listed as left out."""
    text = "admin2Name,numPresentIdpInd,reportingDate,numPresentIdpInd,x,x\nMiddle Village,100,2030-05-07,999,1,2\n"
    (fault,) = faults_of(lambda: read(text))
    assert 'table.csv:1: heading "numPresentIdpInd" over the columns 2 and 4' in fault
    headings = [Heading("n", "best", "n_displaced_persons"), Heading("", "reporter", "office")]
    (fault,) = faults_of(lambda: read("n,n\n1,2\n", headings=headings))
    assert 'heading "n" over the columns 1 and 2' in fault


def test_a_row_about_another_place_of_the_same_name_stays_in_words(case: Path, tmp_path: Path) -> None:
    """Told by coordinates, without them by the areas around; what stays in words is listed, an alias settles it."""
    text = (case / "places.csv").read_text()
    for kind, region in {"role": "region", "crossing": "Upper", "origin": "", "shelter": ""}.items():
        text = text.replace(f"{kind},", f"{kind},{region},")
    (case / "places.csv").write_text(text)

    def found(near: str, lon: str) -> tuple[list[str], str]:
        rows = ACLED.replace("Plain,Upper,,,Pass Gate,46.5,10.2", f"{near},,,Pass Gate,46.5,{lon}").splitlines()
        (tmp_path / "acled.csv").write_text("\n".join(rows[:2]))
        read = read_claims(tmp_path / "acled.csv", places=places_of(case, read_terms(case, [])))
        return [claim.place for claim in read.claims], " ".join(read.sentences())

    assert found("Plain,Upper", "10.2")[0] == ["pass_gate"] * 2
    assert found("Plain,Upper", "10.2")[1].count("left out areas around the place: admin1, country (1)") == 1
    assert found("Plain,Lower", "10.2")[0] == ["pass_gate"] * 2  # names of areas differ; the coordinates agree
    assert found("Far,Upper", "18.0")[0] == ["Pass Gate (Upper, Far)"] * 2
    places, told = found("Far,Sonora", "")
    assert places == ["Pass Gate (Sonora, Far)"] * 2
    assert "kept as words (1): Pass Gate (Sonora, Far)" in told
    assert found("Plain,Upper", "")[0] == ["pass_gate"] * 2
    (case / "aliases.csv").write_text("alias,keys,quantities,note\nPass Gate,pass_gate,,\n")
    assert found("Far,Sonora", "")[0] == ["pass_gate"] * 2


def test_a_code_and_a_name_of_two_places_stay_in_words(case: Path, tmp_path: Path) -> None:
    """One shifted column would move every figure; a name that the case does not have leaves the code in force."""
    (tmp_path / "dtm.csv").write_text(DTM.replace("Middle Village", "Lowtown"))
    found = read_claims(tmp_path / "dtm.csv", places=places_of(case, Terms()))
    assert found.claims[0].place == "Lowtown (P-code PLN0101)"
    assert "Lowtown (P-code PLN0101)" in found.unknown_places
    (tmp_path / "dtm.csv").write_text(DTM.replace("Middle Village", "Middel"))
    assert read_claims(tmp_path / "dtm.csv", places=places_of(case, Terms())).claims[0].place == "middle"


HXL_DEATHS = (
    "#adm2+name,#date+start,#date+end,#affected+killed,#affected+injured,#affected+returnees,#affected+refugees\n"
    "Far End,2030-05-06,2030-05-12,5,6,120,7\nFar End,2030-05-13,2030-05-19,2,1,80,7\n"
)


def test_hxl_figures_of_a_period_are_no_running_totals(read: Callable[..., list[Claim]], case: Path) -> None:
    """With a period they are of it; with a date alone the table does not say since when; a tag can say it."""
    claims = read(HXL_DEATHS)
    assert [(c.quantity, c.best, c.time, c.until) for c in claims if c.quantity == "new_deaths_persons"] == [
        ("new_deaths_persons", 5, day(6), day(13)), ("new_deaths_persons", 2, day(13), day(20)),
    ]  # fmt: skip
    assert {c.quantity for c in claims} == {
        "new_deaths_persons", "new_injured_persons", "new_returns_persons", "n_displaced_persons",
    }  # fmt: skip
    assert read("#adm2+name,#date,#affected+killed\nFar End,2030-05-07,5\n")[0].quantity == "n_deaths_persons"
    tagged = read(HXL_DEATHS.replace("killed", "killed+cumulative"))[0]
    assert (tagged.quantity, tagged.scope, read_terms(case, []).quantity("n_deaths_persons").kind) == (
        "cum_deaths_persons",
        "",
        "own",
    )


def test_hxl_refugees_alone_stay_refugees(read: Callable[..., list[Claim]]) -> None:
    """The quantity says displaced people, which is less."""
    assert {c.scope for c in read(HXL_DEATHS) if c.quantity == "n_displaced_persons"} == {"refugees"}


def test_a_week_is_a_period(read: Callable[..., list[Claim]]) -> None:
    """In tables; as a time of claims.csv, which has a column for the end, it is a fault."""
    (claim,) = read("admin2Name,numPresentIdpInd,reportingDate\nMiddle Village,100,2030-W19\n")
    assert (claim.time, claim.precision, claim.until) == (day(6), "day", day(13))
    assert period((day(6), "week"), (day(13), "week")) == (day(6), "day", day(20))
    (fault,) = faults_of(lambda: read("admin2Name,numPresentIdpInd,reportingDate\nMiddle Village,100,2030-W60\n"))
    assert '"2030-W60"; expected a date' in fault
    own = "id,kind,time,quantity,best,unit,basis,reporter,source_title,precision\n"
    assert any("2030-W19" in one for one in faults_of(lambda: read(
        f"{own}a,figure,2030-W19,n_displaced_persons,5,persons,counted,X,Y,day\n")))  # fmt: skip


def test_a_last_day_is_within_its_period(read: Callable[..., list[Claim]]) -> None:
    """In HXL and FollowTheMoney; our HXL is read back as the same period, by the clock of the case."""
    claim = replace(read(HXL_DEATHS)[0], until=datetime.fromisoformat("2030-05-13T00:00+04:00"),
                    time=datetime.fromisoformat("2030-05-06T00:00+04:00"))  # fmt: skip
    text = to_csv([claim], tags=True)
    assert ",2030-05-12," in text
    assert read(text)[0].until == claim.until
    said = [json.loads(line) for line in statements([claim], Terms(), "x").splitlines()]
    assert [one["value"] for one in said if one["prop"] == "endDate"] == ["2030-05-12"]


def test_kobo_leaves_out_what_is_on_hold_or_says_no_number(case: Path, tmp_path: Path) -> None:
    """Both are listed; a submission that nobody reviewed yet comes in."""
    head, first, second = KOBO.splitlines()
    (tmp_path / "kobo.csv").write_text("\n".join([
        head, first.replace(",Approved,", ",,"), first.replace(",17,", ",19,").replace("Approved", "On hold"),
        second.replace("Not approved", "").replace("9999", ""),
    ]))  # fmt: skip
    found = read_claims(tmp_path / "kobo.csv", places=places_of(case, Terms()))
    assert [claim.id for claim in found.claims] == ["kobo17"]
    assert found.left_out["submissions on hold"] == 1
    assert found.left_out["submissions without a number in best, low or high"] == 1


def test_rows_that_a_left_out_column_tells_apart_are_kept(case: Path, tmp_path: Path) -> None:
    """Two sites of one area with as many people are two claims; only a row that is the same throughout is dropped."""
    head, first, _ = DTM.splitlines()
    other = first.replace(first.split(",")[0], "77", 1)
    (tmp_path / "dtm.csv").write_text("\n".join([head, first, other, first, other]))
    found = read_claims(tmp_path / "dtm.csv", places=places_of(case, Terms()))
    assert [claim.row for claim in found.claims] == ["dtm.csv:2", "dtm.csv:3"]
    assert len({claim.id for claim in found.claims}) == 2
    assert found.left_out["rows that say the same as one above (lines 4, 5)"] == 2
    assert any("1 row says the same as one above but for columns that are left out" in one for one in found.sentences())


def test_a_formula_without_a_value_is_a_fault(tmp_path: Path) -> None:
    """Some programs save none, and the cell would be read as empty; an empty text is a value."""
    path = tmp_path / "dtm.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["admin2Name", "numPresentIdpInd", "reportingDate", "displacementReason"])
        sheet.write_row(1, 0, ["Middle Village", 7, "2030-05-07"])
        sheet.write_formula(2, 1, "=50+50", None, "")
        sheet.write_formula(2, 3, '=""', None, "")
    text = unzipped(path).replace('<c r="D3">', '<c r="D3" t="str">')
    rezipped(path, text)
    (fault,) = faults_of(lambda: read_claims(path))
    assert fault.startswith("dtm.xlsx:3: a formula without a value in cell B3")


def unzipped(path: Path) -> str:
    """The first sheet of a workbook as its file has it."""
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def rezipped(path: Path, text: str) -> None:
    """Put another first sheet into a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {"xl/worksheets/sheet1.xml": text.encode()}).items():
            archive.writestr(name, content)


def test_a_part_of_a_week_is_about_a_day(read: Callable[..., list[Claim]]) -> None:
    """ACLED's time_precision 2; no hour is shown or exported, as none was given."""
    act = read(ACLED.replace("2030,1,Political", "2030,2,Political"))[0]
    assert (act.precision, show_when(act)) == ("approximate", "~07 May 2030")
    said = [json.loads(line) for line in statements([act], Terms(), "x").splitlines()]
    assert [one["value"] for one in said if one["prop"] == "startDate"] == ["2030-05-07"]


def test_an_estimated_publication_is_told(case: Path, tmp_path: Path) -> None:
    """In one line, with what to do; not where the table or a person says it."""
    (tmp_path / "dtm.csv").write_text(DTM)
    known = places_of(case, Terms())
    told = " ".join(read_claims(tmp_path / "dtm.csv", places=known).sentences())
    assert "2 claims say no date of publication" in told and "--say published=" in told
    said = read_claims(tmp_path / "dtm.csv", places=known, say={"published": "2030-06-01T00:00+00:00"})
    assert "publication" not in " ".join(said.sentences())


@pytest.mark.parametrize(
    ("cell", "dates", "told"),
    [
        ("01/05/2030", "", "say how the table writes dates: --dates day/month/year or month/day/year"),
        ("5/20/2030 12:00:00 AM", "month/day/year", "take the hour off, or write date and hour as"),
        ("13/20/2030", "month/day/year", "correct it, or say another order with --dates"),
    ],
)
def test_a_date_that_is_not_read_says_what_helps(
    read: Callable[..., list[Claim]], cell: str, dates: str, told: str
) -> None:
    """Not what a person has done already."""
    text = f"admin2Name,numPresentIdpInd,reportingDate\nMiddle Village,100,{cell}\n"
    (fault,) = faults_of(lambda: read(text, dates=dates))
    assert told in fault


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "page.xls",
            "<html><table><tr><td>a</td></tr></table></html>",
            "a web page or XML with the name of a workbook",
        ),
        ("table.xlsx", "a,b\n1,2\n", "text with the name of a workbook; expected a workbook; name it .csv"),
        ("torn.xlsx", "PK\x03\x04\0\0\0", "torn.xlsx"),
    ],
)
def test_a_file_with_the_name_of_a_workbook(tmp_path: Path, name: str, text: str, told: str) -> None:
    """Portals hand out web pages so named; the sentence says what the file is."""
    (tmp_path / name).write_text(text)
    assert told in faults_of(lambda: read_claims(tmp_path / name))[0]

"""Tables of a case folder as workbooks: read to the same case as CSV, with the same faults by row."""

from __future__ import annotations

import csv
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.scenario import check_case, find_case, read_case

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>
 <table:table table:name="Sheet1">{}</table:table></office:spreadsheet></office:body></office:document-content>"""

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2"
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""
ERROR = """<table:table-cell table:formula='of:=x' office:value-type='string'
 office:string-value='' calcext:value-type="error"/>"""


def is_number(cell: str) -> bool:
    """Whether a spreadsheet would hold the cell as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def to_xlsx(table: Path, formula: str = "") -> None:
    """Put a workbook in the place of a CSV file: a sheet of remarks first, numbers typed as numbers.

    formula: a cell that is typed as a formula, which gives an error, as in a spreadsheet that knows no such name.
    """
    book = xlsxwriter.Workbook(str(table.with_suffix(".xlsx")), {"strings_to_formulas": False})
    book.add_worksheet("remarks").write_string(0, 0, "made by the office")
    sheet = book.add_worksheet("table")
    for line, cells in enumerate(csv.reader(table.read_text("utf-8").splitlines())):
        for column, cell in enumerate(cells):
            if formula and cell == formula:
                sheet.write_formula(line, column, cell, None, "#NAME?")
            elif is_number(cell):
                sheet.write_number(line, column, float(cell))
            elif cell:
                sheet.write_string(line, column, cell)
    book.close()
    table.unlink()


def ods_cell(cell: str) -> str:
    """A cell of an OpenDocument table."""
    if is_number(cell):
        return f"<table:table-cell office:value-type='float' office:value={quoteattr(cell)}/>"
    text = f"<text:p>{escape(cell)}</text:p>"
    return f"<table:table-cell office:value-type='string'>{text}</table:table-cell>" if cell else "<table:table-cell/>"


def to_ods(table: Path, formula: str = "") -> None:
    """Put an OpenDocument table in the place of a CSV file; `formula` as in a workbook."""
    rows = csv.reader(table.read_text("utf-8").splitlines())
    typed = ("".join(ERROR if formula and c == formula else ods_cell(c) for c in cells) for cells in rows)
    lines = (f"<table:table-row>{cells}</table:table-row>" for cells in typed)
    with zipfile.ZipFile(table.with_suffix(".ods"), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format("".join(lines)))
    table.unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented case."""
    return Path(shutil.copytree(find_case("demo-valley"), tmp_path / "demo-valley"))


def test_workbooks_read_to_the_same_case(folder: Path) -> None:
    """Places, roads and reporters from two formats; the hash alone differs, and follows the workbooks."""
    of_text = read_case("demo-valley")
    for name in ("places", "routes", "reporters"):
        to_xlsx(folder / f"{name}.csv")
    for name in ("people", "names"):
        to_ods(folder / f"{name}.csv")
    found = read_case(folder)
    assert replace(found, hash="", folder=None) == replace(of_text, hash="", folder=None)
    hashes = {of_text.hash, found.hash}
    for name in ("routes.xlsx", "people.ods", "reporters.xlsx"):
        with open(folder / name, "ab") as file:
            file.write(b"\0")  # after the archive's end: the cells stay
        hashes.add(read_case(folder).hash)
    assert len(hashes) == 5


def test_faults_name_the_workbook_and_the_row(folder: Path) -> None:
    """Faults of a cell, and those that come from comparing tables."""
    places = folder / "places.csv"
    text = places.read_text("utf-8")
    places.write_text(
        text.replace("lakeside,Lakeside", "island,Island,,46.5,10.3,junction,,,,assumed,,\nlakeside,Lakeside")
    )
    to_xlsx(places)
    people = folder / "people.csv"
    people.write_text(people.read_text("utf-8").replace("side,900", "side,-900"))
    to_ods(people)
    said = [str(fault) for fault in check_case(folder)]
    assert any(one.startswith('people.ods:4: weight_persons is "-900"') for one in said)
    people.with_suffix(".ods").unlink()
    shutil.copy(find_case("demo-valley") / "people.csv", people)
    said = [str(fault) for fault in check_case(folder)]
    assert any(one.startswith('places.xlsx:9: key is "island", which no road names') for one in said)


def test_a_table_given_twice_is_a_fault(folder: Path) -> None:
    """One sentence that names both files; the same for a table of words."""
    for name in ("places", "reporters"):
        text = (folder / f"{name}.csv").read_text("utf-8")
        to_xlsx(folder / f"{name}.csv")
        (folder / f"{name}.csv").write_text(text, "utf-8")
    said = [str(fault) for fault in check_case(folder)]
    assert said == [
        f"{name}.csv: a table given twice, as {name}.csv and {name}.xlsx; expected one file; keep one of them."
        for name in ("places", "reporters")
    ]


def test_a_parameter_typed_as_a_formula_is_a_fault(folder: Path) -> None:
    """It would be read as empty, and an empty capacity means no limit."""
    to_xlsx(folder / "routes.csv", "=pass_capacity_per_hour")
    said = [str(fault) for fault in check_case(folder)]
    assert any(one.startswith("routes.xlsx:5: a formula without a result in cell F5") for one in said)
    to_ods(folder / "people.csv", "=car_share")
    assert any(str(fault).startswith("people.ods: 3 formulas without a result") for fault in check_case(folder))


def test_claims_as_a_workbook_are_pointed_to_the_import(folder: Path) -> None:
    """The ledger is added to row by row, so it stays a file of text."""
    shutil.rmtree(folder / "codings")
    (folder / "claims.csv").rename(folder / "claims.xlsx")
    assert any(one.file == "claims.xlsx" and one.is_warning for one in check_case(folder))


def test_a_run_gives_the_same_series(folder: Path, tmp_path: Path) -> None:
    """Two runs of the case from text and from workbooks."""
    series = []
    for out in ("text", "books"):
        asked = ["run", str(folder), "--runs", "2", "--no-report", "--workers", "1", "--out", str(tmp_path / out)]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.output
        series.append(pl.read_parquet(tmp_path / out / "series.parquet"))
        if out == "text":
            to_xlsx(folder / "routes.csv")
            to_xlsx(folder / "events.csv")
            to_ods(folder / "people.csv")
    assert series[0].equals(series[1])

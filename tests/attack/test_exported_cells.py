"""Exported cells in LibreOffice: a text that begins like a formula stays a text in every table."""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from inputs import CASES
from payloads import spoil_table

from safeconduct import api
from safeconduct.app import main

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
EVALUATES = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1,true"  # formulas of text too
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "=cmd|'/c calc'!A1", '=HYPERLINK("http://127.0.0.1:9/";"x")', "\t=1+1", "=2*3",
    "==1", "+cmd|' /C calc'!A0", '=WEBSERVICE("http://127.0.0.1:9/")', "-2+3+cmd|' /C calc'!A0", "@A1", "=SUM(A1:A2)",
    '=DDE("a";"b";"c")',
)  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose title and words all begin as formulas do."""
    case = tmp_path_factory.mktemp("cells") / "case"
    shutil.copytree(CASES / "demo-valley", case)
    turn = iter(FORMULAS * 1000)
    for name in ("claims.csv", "places.csv", "routes.csv", "agreement.csv"):
        spoil_table(case / name, turn, is_ahead=True)
    settings = (case / "case.yaml").read_text("utf-8").splitlines()
    titled = ['title: "=1+1"' if line.startswith("title:") else line for line in settings]
    assert titled != settings
    (case / "case.yaml").write_text("\n".join(titled) + "\n", "utf-8")
    return case


@pytest.fixture(scope="module")
def exported(case: Path) -> Path:
    """Everything that leaves the program of that case."""
    out = case.parent / "out"
    calls = (
        ("export", str(case), "--out", str(out)),
        ("ledger", "export", "--case", str(case), "--format", "csv", "--out", str(out / "ledger.csv")),
        ("ledger", "export", "--case", str(case), "--format", "hxl", "--out", str(out / "ledger-hxl.csv")),
        ("monitor", str(case), "--format", "csv", "--out", str(out)),
    )
    for words in calls:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output + str(done.exception)
    return out


def formulas_in(book: Path) -> list[str]:
    """Every formula in the sheets of a workbook."""
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return [part.partition("</f>")[0][:80] for sheet in sheets for part in sheet.split("<f")[1:] if part[:1] in " >"]


def test_the_workbook_holds_no_formula(exported: Path) -> None:
    assert (exported / "planning.xlsx").is_file() and formulas_in(exported / "planning.xlsx") == []


def test_a_forecast_holds_no_formula_and_has_equal_bytes_when_repeated(case: Path, tmp_path: Path) -> None:
    """The planning sheet as workbook and as table; made twice, two seconds of the clock apart."""
    made = api.forecast(str(case), "2030-05-07T18:00+02:00", particles=20, workers=1)
    made.write(tmp_path / "one")
    time.sleep(2)  # workbooks and archives keep whole seconds, some every second one
    made.write(tmp_path / "two")
    assert formulas_in(tmp_path / "one" / "planning.xlsx") == []
    table = (tmp_path / "one" / "planning.csv").read_text("utf-8")
    assert not [cell for row in csv.reader(table.splitlines()) for cell in row if cell[:1] in ("=", "+", "@", "\t")]
    assert {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()
    }


@pytest.mark.slow
def test_libreoffice_finds_no_formula(exported: Path, tmp_path: Path) -> None:
    """Each exported table opened and saved as a workbook by LibreOffice, formulas read from text where it is asked to:
    none is left, and the texts are all there."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not on the PATH, so exported cells are not looked at in it")
    tables = sorted(exported.glob("*.csv"))
    assert len(tables) >= 4
    done = subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}", f"--infilter={EVALUATES}",
         "--convert-to", "xlsx", "--outdir", str(tmp_path / "books"), *map(str, tables)],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    for table in tables:
        book = tmp_path / "books" / f"{table.stem}.xlsx"
        assert book.is_file(), done.stderr
        assert formulas_in(book) == [], table.name
        with zipfile.ZipFile(book) as archive:
            texts = archive.read("xl/sharedStrings.xml").decode()
        assert not table.stem.startswith(("claims", "ledger")) or "1+1" in texts, table.name


@pytest.mark.slow
def test_libreoffice_would_find_one(tmp_path: Path) -> None:
    """The same look at a table with a formula that nobody made inert: it is found, so that the test can fail."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not on the PATH")
    (tmp_path / "live.csv").write_text("a,b\n=1+1,x\n")
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}",
         f"--infilter={EVALUATES}",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "live.csv")],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert formulas_in(tmp_path / "live.xlsx")

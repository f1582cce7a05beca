"""Exports open in the programs that offices use: LibreOffice reads the workbook, GDAL the layers."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from safeconduct.findings.exports import export_files
from safeconduct.scenario import find_case, read_case


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of a shipped case without a run."""
    folder = tmp_path_factory.mktemp("sent")
    case = find_case("demo-valley")
    for name, content in export_files(read_case(case), case, None).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_workbook_opens_in_libreoffice(sent: Path, tmp_path: Path) -> None:
    """Converted by it to CSV: the first sheet has every claim, and no cell became an error or a number."""
    words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--convert-to"]
    words += ["csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path), str(sent / "planning.xlsx")]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    with (tmp_path / "planning.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (sent / "claims.csv").open(encoding="utf-8", newline="") as file:
        ours = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [row["id"] for row in ours]
    text = next(name for name in ours[0] if name in ("words", "what"))
    named = next(name for name in rows[0] if name.split(" (")[0] == text)
    assert [row[named].strip() for row in rows] == [row[text].strip() for row in ours]
    assert not any(cell.startswith(("#REF", "#NAME", "#VALUE", "Err:")) for row in rows for cell in row.values())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_workbook_prints_on_few_pages(sent: Path, tmp_path: Path) -> None:
    """Landscape; a table of ordinary width has all its columns on a page, and its header on each page."""
    from pypdf import PdfReader

    words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--convert-to", "pdf"]
    words += ["--outdir", str(tmp_path), str(sent / "planning.xlsx")]
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    pages = PdfReader(tmp_path / "planning.pdf").pages
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    meant = [text for page in pages if "name of the claim" in (text := page.extract_text()) or "who says so" in text]
    assert meant and all(head in text for text in meant for head in ("table", "column", "meaning", "unit", "type"))
    assert len(pages) < 30


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL is not installed")
@pytest.mark.parametrize("name", ["layers.gpkg", "places.geojson", "roads.geojson"])
def test_the_layers_open_in_gdal(sent: Path, name: str) -> None:
    """Each layer with its number of features, in WGS 84, without a warning."""
    done = subprocess.run(
        ["ogrinfo", "-ro", "-al", "-so", str(sent / name)], check=True, capture_output=True, text=True
    )
    assert "WGS 84" in done.stdout and "Warning" not in done.stderr + done.stdout, done.stderr
    counted = [int(line.split(":")[1]) for line in done.stdout.splitlines() if line.startswith("Feature Count")]
    places, roads = (
        len(json.loads((sent / f"{kind}.geojson").read_text("utf-8"))["features"]) for kind in ("places", "roads")
    )
    assert counted == ([places, roads] if name.endswith("gpkg") else [places if "places" in name else roads])

"""Layers of a map come in as GeoPackage and shapefile; population tables with their own headings and P-codes too."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import shapefile
import xlsxwriter
from click.testing import CliRunner

from safeconduct.app import main
from safeconduct.findings.exports import ExportColumn, ExportTable, Layer, geopackage
from safeconduct.ledger import read_ledger
from safeconduct.scenario import read_case, read_shapes
from safeconduct.scenario.build.layers import middles, read_layer
from safeconduct.scenario.build.lines import read_lines
from safeconduct.terms import Fault

ROAD = ((46.58, 10.14), (46.56, 10.17), (46.54, 10.24))
POPULATION = (("ADM1_EN", "ADM2_EN", "ADM2_PCODE", "POP_2024", "POP_2025"),
              ("Valley", "Middle Village", "PLN0101", "12,000", "12,500"),
              ("Valley", "Pass Gate Town", "PLN0102", "800", "900"))  # fmt: skip
DTM = ("admin2Name", "admin2Pcode", "numPresentIdpInd", "reportingDate", "roundNumber")
ACLED = Path(__file__).parents[1] / "data" / "formats" / "acled.csv"


def roads_gpkg(path: Path) -> Path:
    """A road of three spots, as a GeoPackage that we write ourselves and GDAL reads."""
    columns = (ExportColumn("highway", "class"), ExportColumn("name", "name"))
    path.write_bytes(geopackage([Layer(ExportTable("roads", "Roads", columns, (("primary", "A1"),)), (ROAD,), True)]))
    return path


def roads_shp(path: Path) -> Path:
    """The same as a shapefile."""
    with shapefile.Writer(str(path)) as out:
        out.field("highway", "C")
        out.field("name", "C")
        out.line([[(lon, lat) for lat, lon in ROAD]])
        out.record("primary", "A1")
    return path


def boundaries(path: Path) -> Path:
    """Two areas with P-codes: one says where its middle is, the other is a square around its town."""
    east, north = 10.24, 46.54
    ring = [[east - 0.01, north - 0.01], [east + 0.01, north - 0.01], [east + 0.01, north + 0.01],
            [east - 0.01, north + 0.01], [east - 0.01, north - 0.01]]  # fmt: skip
    areas = [
        ({"adm2_pcode": "PLN0101", "center_lat": 46.58, "center_lon": 10.14}, ring),
        ({"ADM2_PCODE": "PLN0102"}, ring),
    ]
    features = [
        {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [at]}}
        for said, at in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize("make", [roads_gpkg, roads_shp])
def test_roads_come_in(tmp_path: Path, make: object) -> None:
    """Class, name and every spot of the line."""
    faults: list[Fault] = []
    assert callable(make)
    (way,) = read_lines(make(tmp_path / ("r.gpkg" if make is roads_gpkg else "r.shp")), faults, [])
    assert not faults and (way.road_class, way.name) == ("primary", "A1")
    assert [(round(lat, 6), round(lon, 6)) for lat, lon in way.spots] == list(ROAD)


def test_middles_of_areas(tmp_path: Path) -> None:
    """As the layer says, else the centre of gravity."""
    found = middles(boundaries(tmp_path / "b.geojson"), [])
    assert found["PLN0101"] == (46.58, 10.14) and found["PLN0102"] == pytest.approx((46.54, 10.24))


@pytest.mark.parametrize("content", [b"SQLite format 3\0 torn", b"", b"{", b'{"features": [1]}'])
def test_a_torn_layer_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    """Whatever its bytes are; an empty file has no feature."""
    for name in ("a.gpkg", "a.shp", "a.geojson"):
        (tmp_path / name).write_bytes(content)
        faults: list[Fault] = []
        found = read_layer(tmp_path / name, faults)
        assert faults or not found


@pytest.mark.slow
def test_an_office_morning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DTM workbook, an ACLED table, people with P-codes, roads, an agreement: monitor, forecast, run and exports."""
    monkeypatch.setenv("SAFECONDUCT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    with open("population.csv", "w", newline="") as file:
        csv.writer(file).writerows(POPULATION)
    roads_gpkg(tmp_path / "roads.gpkg")
    boundaries(tmp_path / "areas.geojson")
    book = xlsxwriter.Workbook("dtm.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, DTM)
    sheet.write_row(1, 0, ["Middle Village", "PLN0101", 2310, "2030-05-07", 4])
    book.close()
    Path("crossings.csv").write_text("name,kind,lat,lon\nPass Gate,crossing,46.54,10.24\n")
    Path("agreement.csv").write_text(
        "obligation,obligated,due,clause,force\nkeep the gate open,Plain government,,1,\n"
        "send 40 guards,Lakes guard,2030-05-07,2,yes\n"
    )
    typed = [
        "new case --people population.csv --boundaries areas.geojson --roads roads.gpkg --crossings crossings.csv "
        "--agreement agreement.csv --start 2030-05-06T06:00+00:00 --days 3 --no-measure",
        "ledger import dtm.xlsx --case case --check",
        f"ledger import dtm.xlsx {ACLED} --case case --say published=2030-05-07T12:00+00:00",
        "check case",
        "ledger list --case case",
        "monitor case --as-of 2030-05-08 --out monitor",
        "forecast case --as-of 2030-05-07T18:00+00:00 --particles 40 --out forecast",
        "run case --runs 2 --out out",
        "export case --run out --out sent --chart cum_arrivals_persons@pass_gate",
    ]
    for line in typed:
        done = CliRunner().invoke(main, line.split())
        assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception}"
    (home,) = [one for one in read_case("case").people if one.place == "PLN0101"]
    assert home.weight_persons == 12_500
    claims = read_ledger("case").claims
    assert len(claims) == 4 and {claim.place for claim in claims} >= {"PLN0101", "pass_gate"}
    page = Path("monitor/monitor.html").read_text("utf-8")
    assert "keep the gate open" in page and "Lakes guard" in page
    assert {"forecast.html", "planning.xlsx"} <= {path.name for path in Path("forecast").iterdir()}
    sent = {path.name for path in Path("sent").iterdir()}
    assert {"planning.xlsx", "layers.gpkg", "datapackage.json", "chart-cum_arrivals_persons-pass_gate.svg"} <= sent
    real = read_shapes(Path("case"))["PLN0101-pass_gate"]  # the road's own three spots, not a straight line
    assert real == tuple((lat, lon) for lat, lon in ROAD)
    (road,) = [one for one in json.loads(Path("sent/roads.geojson").read_text("utf-8"))["features"]
               if one["properties"]["id"] == "PLN0101-pass_gate"]  # fmt: skip
    assert road["properties"]["shape"] == "real" and len(road["geometry"]["coordinates"]) == 3
    still = re.search(r'<path class="road" d="M([^"]*)"', Path("out/report.html").read_text("utf-8"))
    assert still is not None and still[1].count("L") == 2  # the map draws it with its bend
    assert len(typed) < 15


def test_a_faulty_table_of_obligations_is_told_by_line(tmp_path: Path) -> None:
    """Who owes what is needed, a day is a day; nothing is written."""
    for name, text in (
        ("people.csv", "name,lat,lon,people\nArel,46.6,10.1,900\nBrun,46.58,10.24,2200\n"),
        ("links.csv", "from,to,km\nArel,Brun,14.5\n"),
        ("duties.csv", "obligation,obligated,due\nkeep the gate open,,\n,Guard,\nsend guards,Guard,soon\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = ["new", str(tmp_path / "case"), "--no-measure"]
    for option, name in (("--people", "people.csv"), ("--roads", "links.csv"), ("--agreement", "duties.csv")):
        words += [option, str(tmp_path / name)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and not (tmp_path / "case").exists()
    assert all(f"duties.csv:{line}" in done.output for line in (2, 3, 4)), done.output

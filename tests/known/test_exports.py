"""What is passed on: opens in the readers of others, no cell is a formula, and what we write we read back."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from hand_claims import said
from python_calamine import CalamineWorkbook
from synthetic import PROVENANCE, make_ensemble, make_scenario, make_scores

from safeconduct.findings.exports import (
    ExportColumn,
    ExportTable,
    Layer,
    chart_files,
    claims_table,
    data_package,
    export_files,
    geojson,
    geopackage,
    results_by_day,
    statements,
    table_csv,
    workbook,
)
from safeconduct.findings.simulation import write_findings
from safeconduct.ledger import Terms, read_ledger, to_csv
from safeconduct.scenario import find_case, read_case
from safeconduct.terms import UsageError, as_written, inert

LIVE = ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x")


def one_column(*cells: str | float | None) -> ExportTable:
    """A table of one column."""
    return ExportTable("t", "T", (ExportColumn("a", "what a is", "persons"),), tuple((cell,) for cell in cells))


@pytest.mark.parametrize("text", LIVE)
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    """It begins with an apostrophe, and reading takes off what writing put on."""
    rows = list(csv.reader(io.StringIO(table_csv(one_column(text)), newline="")))
    assert rows[1][0].startswith("'") and as_written(rows[1][0]) == text


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e3", "a=b", "'quoted'", ""])
def test_plain_numbers_and_words_stay(text: str) -> None:
    """They are no formula."""
    assert inert(text) == text == as_written(text)


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    """Text is typed as text, numbers as numbers; the dictionary and the notes have sheets of their own."""
    made = workbook([one_column(*LIVE, 12.5, None)], {"licence": "CC BY 4.0"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.sheet_names == ["t", "data-dictionary", "about"]
    cells = [row[0] for row in book.get_sheet_by_name("t").to_python(skip_empty_area=False)]
    assert cells[0] == "a (persons)" and cells[-1] == 12.5
    assert [as_written(cell).strip() for cell in cells[1:-1]] == [text.strip() for text in LIVE]
    assert b"<f>" not in made and ["licence", "CC BY 4.0"] in book.get_sheet_by_name("about").to_python()


def test_claims_with_live_texts_read_back(tmp_path: Path) -> None:
    """In the file they are inert; as claims they are what was said."""
    claims = [
        replace(said(f"C{n}", 5), words=text.strip(), context="-")
        for n, text in enumerate(LIVE)
        if text.strip() == text
    ]
    text = to_csv(claims)
    assert not any(cell[:1] in ("=", "+", "@") for row in csv.reader(io.StringIO(text)) for cell in row)
    (tmp_path / "claims.csv").write_text(text, encoding="utf-8")
    assert [claim.words for claim in read_ledger(tmp_path).claims] == [claim.words for claim in claims]


def test_a_geopackage_is_one() -> None:
    """Its marks, its tables, and a point as longitude and latitude; the same layers give the same bytes."""
    layer = Layer(one_column("x"), (((46.5, 10.25),),), False)
    made = geopackage([layer])
    assert made[68:72] == b"GPKG" and geopackage([layer]) == made
    database = sqlite3.connect(":memory:")
    database.deserialize(made)
    assert database.execute("SELECT table_name, min_x, min_y FROM gpkg_contents").fetchall() == [("t", 10.25, 46.5)]
    ((blob,),) = database.execute("SELECT geom FROM t").fetchall()
    assert blob[:2] == b"GP" and np.frombuffer(blob[-16:], "<f8").tolist() == [10.25, 46.5]


def test_geojson_has_longitude_first() -> None:
    """A line of two spots, with its row as properties."""
    made = json.loads(geojson(Layer(one_column("x"), (((46.5, 10.0), (46.6, 10.1)),), True)))
    (feature,) = made["features"]
    assert feature["geometry"] == {"type": "LineString", "coordinates": [[10.0, 46.5], [10.1, 46.6]]}
    assert feature["properties"] == {"a": "x"}


def series(folder: Path) -> None:
    """Two runs of two days at one place: a running total by the hour, and a flow by the hour."""
    start = datetime(2030, 5, 7, tzinfo=UTC)
    times = [start.replace(hour=1)] + [start.replace(hour=h) for h in range(2, 24)] + [start.replace(day=8)]
    times += [start.replace(day=8, hour=h) for h in range(1, 24)] + [start.replace(day=9)]
    rows = [
        {"run": run, "time": t, "place": "Gate", "quantity": q, "value": (n + 1.0) * (run + 1) if q[0] == "c" else 2.0}
        for run in (0, 1) for q in ("cum_arrivals_persons", "new_arrivals_persons") for n, t in enumerate(times)
    ]  # fmt: skip
    pl.DataFrame(rows).write_parquet(folder / "series.parquet")


def test_results_by_day(tmp_path: Path) -> None:
    """A total is that of the day's end, midnight belongs to the day before, a flow is summed, runs give the range."""
    series(tmp_path)
    table = results_by_day(tmp_path)
    told = {(row[0], row[2]): (row[5], row[7], row[9]) for row in table.rows}
    assert told[("2030-05-07", "cum_arrivals_persons")] == pytest.approx((24 * 1.05, 36, 24 * 1.95), abs=0.1)
    assert told[("2030-05-08", "cum_arrivals_persons")] == pytest.approx((48 * 1.05, 72, 48 * 1.95), abs=0.1)
    assert told[("2030-05-08", "new_arrivals_persons")] == (48, 48, 48)
    with pytest.raises(UsageError, match="series.parquet"):
        results_by_day(tmp_path / "nowhere")


FTM_PROPERTIES = {  # of schemata in alephdata/followthemoney, their own and inherited, as far as we use them
    (schema, name)
    for schema, names in {
        "LegalEntity": "name notes",
        "Document": "name title author sourceUrl",
        "Documentation": "document entity role",
        "Event": "name summary description startDate endDate location publisher proof sourceUrl keywords recordId",
    }.items()
    for name in names.split()
}


def test_the_page_of_a_run_saves_its_chart(tmp_path: Path) -> None:
    """As drawing and table, without a script; the table holds what `export --chart` writes of the same run."""
    scenario = make_scenario()
    folder = write_findings(
        tmp_path / "run", scenario, make_ensemble(scenario), make_scores(scenario), PROVENANCE
    ).parent
    page = (folder / "report.html").read_text("utf-8")
    links = dict(re.findall(r'<a download="[^"]*[.](\w+)" href="data:[^;]*;base64,([^"]*)"', page))
    quantity, place = scenario.headline
    (sent,) = (v for k, v in chart_files(scenario, folder, [f"{quantity}@{place}"]).items() if k.endswith(".csv"))
    assert list(csv.DictReader(io.StringIO(b64decode(links["csv"]).decode()))) == list(
        csv.DictReader(io.StringIO(sent.decode()))
    )
    assert ElementTree.fromstring(b64decode(links["svg"])).tag.endswith("svg")


def test_statements_say_only_what_claims_say() -> None:
    """Each names its claim; the id is the hash that FollowTheMoney makes."""
    claim = replace(said("C1", 1200), low=1000.0, high=1500.0, hedge="about", address="https://example.org/a")
    lines = [json.loads(line) for line in statements([claim], Terms(), "case").splitlines()]
    assert {line["origin"] for line in lines} == {"C1"}
    assert not {(line["schema"], line["prop"]) for line in lines} - FTM_PROPERTIES
    told = {(line["schema"], line["prop"]): line["value"] for line in lines}
    entities = {line["schema"]: line["entity_id"] for line in lines}
    assert "about 1200 (1000 to 1500)" in told["Event", "summary"]
    assert told["Event", "sourceUrl"] == "https://example.org/a"
    assert told["Event", "proof"] == told["Documentation", "document"] == entities["Document"]
    assert told["Documentation", "entity"] == entities["LegalEntity"]
    assert told["Document", "author"] == told["LegalEntity", "name"] == claim.reporter
    one = lines[0]
    key = f"case.{one['entity_id']}.{one['prop']}.{one['value']}"
    from hashlib import sha1

    assert one["id"] == sha1(key.encode(), usedforsecurity=False).hexdigest()


def test_a_data_package_describes_its_files() -> None:
    """Size, hash, columns, licence; rows that may not be passed on are told."""
    claims = [replace(said("C1", 5), reporter="ACLED")]
    table = claims_table(claims)
    files = {"claims.csv": table_csv(table).encode()}
    made = json.loads(data_package("case", "A case", files, [table], licence="CC BY 4.0", claims=claims))
    (resource,) = made["resources"]
    assert resource["hash"] == "sha256:" + sha256(files["claims.csv"]).hexdigest()
    assert [field["name"] for field in resource["schema"]["fields"]] == list(table.header)
    assert made["licenses"][0]["title"] == "CC BY 4.0" and "ACLED" in made["notes"][0]


def test_a_whole_export(tmp_path: Path) -> None:
    """Every file that the package names is there, and the claims among them are the case's."""
    case = read_case("demo-valley")
    files = export_files(case, find_case("demo-valley"), None)
    named = {one["path"] for one in json.loads(files["datapackage.json"])["resources"]}
    assert named == set(files) - {"datapackage.json"}
    (tmp_path / "claims.csv").write_bytes(files["claims.csv"])
    kept = [replace(claim, retells=()) for claim in read_ledger(tmp_path).claims]
    assert kept == [replace(claim, retells=()) for claim in case.ledger.claims]

"""Texts and tables that come in, cases made from blank, and what is sent on."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from at_the_desk import REPORT, Reply, Visitor

from safeconduct.desk.case import rowfile, sending
from safeconduct.findings.exports import ExportColumn, ExportTable, Layer, geopackage
from safeconduct.ledger import read_ledger, to_csv
from safeconduct.ledger.formats import places_of, read_claims
from safeconduct.monitor import read_monitor_case
from safeconduct.scenario import read_case, read_shapes

AT = "/case/demo-valley"
FORMATS = Path(__file__).parents[1] / "data" / "formats"
PEOPLE = "name,lat,lon,people\nOldtown,46.60,10.10,4000\nMilltown,46.62,10.16,9000\nField,46.57,10.08,1500\n"
ROADS = "from,to,km\nOldtown,Milltown,6\nField,Oldtown,5\nMilltown,River Bridge,18\n"
CROSSINGS = "name,kind,lat,lon\nRiver Bridge,crossing,46.70,10.35\n"
ROAD = ((46.58, 10.14), (46.56, 10.17), (46.54, 10.24))
AGREEMENT = {
    "name": "River accord (invented)", "signed": "2031-02-01", "first": "2031-02-01", "last": "2031-12-31",
    "road": "the road to River Bridge", "out": "towards the river", "into": "towards the province",
    "force": "Hill guard", "parties": "River council, local authorities\nNorth government, state\nHill guard, force",
    "duties": "North government | keep the road open |\nHill guard | send 60 guards | 2031-02-20",
}  # fmt: skip


def upload(visitor: Visitor, path: str, form: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Reply:
    """A form with files, as a browser sends it."""
    line, parts = "seam-of-the-parts", []
    for name, value in {**form, "csrf": visitor.csrf}.items():
        parts.append(f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (file, content) in files.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    kind = f"multipart/form-data; boundary={line}"
    return visitor.follow(visitor.ask("POST", path, body, Origin=f"http://{visitor.at.host}", Content_Type=kind))


def folder(ana: Visitor, key: str = "demo-valley") -> Path:
    """A case on disk."""
    return ana.at.desk.workspace.folder / key


def rows_of(ana: Visitor) -> dict[str, dict[str, str]]:
    """The rows of claims.csv by name."""
    return {row["id"]: dict(row) for _, row in rowfile.rows((folder(ana) / "claims.csv").read_text())}


def test_a_table_becomes_rows_of_which_some_are_accepted_and_one_corrected(ana: Visitor) -> None:
    table = (
        "reporter,source_title,published,time,place,quantity,best,words\n"
        "Lakes radio (invented),noon,2030-05-08,2030-05-08,lowtown,cum_arrivals_persons,2400,\n"
        "Relief society (invented),sheet,2030-05-08,2030-05-08,lowtown,cum_arrivals_persons,2500,\n"
        "Lakes radio (invented),noon,2030-05-08,2030-05-08,pass_gate,,,the pass is quiet\n"
    )
    reply = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": ("today.csv", table.encode())})
    assert reply.status == 303, reply.text
    draft = reply.headers["location"]
    assert "the pass is quiet" in ana.get(draft).text
    before = rows_of(ana)
    look = {"do-0": "accept", "do-1": "accept", "best-1": "2600", "do-2": "reject"}
    assert "Counts" in ana.post(draft, {**look, "look": "1"}).text and rows_of(ana) == before
    assert ana.post(draft, look).status == 303
    new = [row for name, row in rows_of(ana).items() if name not in before]
    assert sorted(row["best"] for row in new) == ["2400", "2600"]
    assert "All 3 proposals are decided" in ana.get(draft).text


def test_an_office_table_is_read_by_remembered_headings(ana: Visitor) -> None:
    """Semicolons, a byte order mark, a title and accents; what is left out and the name of the file are shown."""
    ana.get(f"{AT}/inbox")
    (folder(ana) / "headings.csv").write_text(
        "heading,column,value,table,dates\nDistrict,place,,w,\nSemaine du,time,,w,day/month/year\n"
        "Passés,best,new_passages_out_persons,w,\n,reporter,Bureau (invented),w,\n"
    )
    table = (
        "\ufeffBureau, semaine 19\n\nDistrict;Semaine du;Passés;Retenus\nPass Gate;03/05/2030;1 240;12\nLowtown;;7;\n"
    )
    reply = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": ("frontière 19.csv", table.encode())})
    assert reply.status == 303, reply.text
    page = ana.get(reply.headers["location"]).text
    told = ("left out columns without a place in a claim: Retenus", "1 claim has no date (line 5)", 'value="1240"')
    assert all(one in page for one in told) and "frontière 19.csv" in page
    latin = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": ("latin.csv", table[1:].encode("latin-1"))})
    assert "latin.csv:3: a byte that is not UTF-8" in latin.text


def test_a_faulty_table_is_told_by_line_and_nothing_is_kept(ana: Visitor) -> None:
    table = (
        "reporter,source_title,time,quantity,best\nLakes radio (invented),noon,yesterday,cum_arrivals_persons,many\n"
    )
    reply = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": ("today.csv", table.encode())})
    assert reply.status == 422 and "today" not in reply.headers.get("location", "")
    assert ":2: " in reply.text and not list((ana.at.desk.workspace.own / "drafts").rglob("*.json"))


def test_a_text_becomes_proposals_with_their_words(ana: Visitor) -> None:
    text = "The Valley council said on 8 May 2030 that 2,400 people had crossed to Lowtown. Guards stayed at Pass Gate."
    form = {"text": text, "published": "2030-05-08", "title": "evening bulletin"}
    reply = upload(ana, f"{AT}/inbox/text/upload", form, {})
    assert reply.status == 303, reply.text
    page = ana.get(reply.headers["location"]).text
    assert "2,400 people had crossed" in page
    accepted = ana.post(reply.headers["location"], {"do-0": "accept"})
    assert accepted.status == 303, accepted.text
    assert any("2,400 people" in row["quote"] for row in rows_of(ana).values() if row.get("quote"))


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * (1 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", None), ("cut.xlsx", b"PK\x03\x04 cut"), ("run.exe", b"MZ"), ("none.csv", b""),
        ("bytes.csv", bytes(range(256)) * 40), ("deep.json", b"[" * 100_000), ("../../x.csv", b"a,b\n1,2\n"),
    ],
    ids=["bomb", "cut", "program", "empty", "bytes", "deep", "path"],
)  # fmt: skip
def test_a_hostile_file_is_a_sentence_and_leaves_nothing(ana: Visitor, name: str, content: bytes | None) -> None:
    content = bomb() if content is None else content
    before = sorted(str(path) for path in ana.at.desk.workspace.folder.parent.rglob("*"))
    reply = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": (name, content)})
    assert reply.status == 422 and "expected" in reply.text and "Traceback" not in reply.text
    after = sorted(str(path) for path in ana.at.desk.workspace.folder.parent.rglob("*"))
    assert [path for path in after if path not in before and not path.endswith((".lock", "journal.jsonl"))
            and "/.desk" not in path] == []  # fmt: skip
    assert ana.get("/").status == 200


def test_a_case_from_blank_is_ready_for_monitor_and_simulation(ana: Visitor) -> None:
    form = {"title": "River province", "start": "2031-03-01T06:00+02:00", "days": "5", "people": PEOPLE, "roads": ROADS,
            "crossings": CROSSINGS, **AGREEMENT}  # fmt: skip
    reply = upload(ana, "/new/upload", form, {})
    assert reply.headers.get("location") == "/case/river-province/setup", reply.text
    page = ana.get("/case/river-province/setup").text
    assert page.count("<b>Ready.</b>") == 2 and "accounts.yaml" in page
    assert "When and why people leave is assumed" in page and "Beyond River Bridge" in page
    made = folder(ana, "river-province")
    assert read_case(made).title and len(read_monitor_case(made).obligations) == 2
    report = {**REPORT, "reporter": "North government", "actor": "North government", "obligation": "O1",
              "time": "2031-03-02", "published": "2031-03-02", "place": "River Bridge"}  # fmt: skip
    assert ana.post("/case/river-province/inbox/save", report).status == 303
    assert "the pass is shut again" in ana.get("/case/river-province/").text


def test_a_case_without_an_agreement_says_whether_a_forecast_reads_a_report(ana: Visitor) -> None:
    """A sum with its hour is read, a count of one day is not; no page speaks of a monitor that there is not."""
    form = {"title": "Bare", "start": "2021-03-01T06:00+02:00", "days": "5", "people": PEOPLE, "roads": ROADS,
            "crossings": CROSSINGS}  # fmt: skip
    assert upload(ana, "/new/upload", form, {}).status == 303
    count = {"kind": "figure", "reporter": "Border guard", "source_title": "bulletin 1", "place": "River Bridge",
             "published": "2021-03-02T20:00", "time": "2021-03-02T18:00", "best": "900",
             "quantity": "people who have arrived"}  # fmt: skip
    page = ana.post("/case/bare/inbox", count).text
    assert "A forecast reads it." in page and "this case has no monitor yet" in page
    daily = {**count, "quantity": "people who arrived in the period", "time": "2021-03-02"}
    assert "No forecast reads it: at this place the case compares sums" in ana.post("/case/bare/inbox", daily).text
    after = ana.get(ana.post("/case/bare/inbox/save", count).headers["location"]).text
    assert "See the monitor" not in after and "Ask for a forecast" in after


def test_a_case_is_made_from_layers(ana: Visitor) -> None:
    """Roads and areas as GeoPackage, people by P-code; the road keeps its bend."""
    ends = ExportColumn("highway", "class")
    roads = geopackage([Layer(ExportTable("roads", "Roads", (ends,), (("primary",),)), (ROAD,), True)])
    code = ExportColumn("adm2_pcode", "P-code")
    spots = tuple(((lat, lon),) for lat, lon in (ROAD[0], ROAD[-1]))
    areas = geopackage([Layer(ExportTable("areas", "Areas", (code,), (("PLN0101",), ("PLN0102",))), spots, False)])
    people = b"ADM2_EN;ADM2_PCODE;POP_2025\nMiddle Village;PLN0101;12 500\nGate Town;PLN0102;900\n"
    files = {
        "people_file": ("pop.csv", people),
        "roads_file": ("roads.gpkg", roads), "boundaries_file": ("areas.gpkg", areas),
    }  # fmt: skip
    form = {
        "title": "Layers",
        "start": "2030-05-06",
        "days": "3",
        "crossings": "name,kind,lat,lon\nPass,crossing,46.54,10.24",
    }
    reply = upload(ana, "/new/upload", form, files)
    assert reply.status == 303, reply.text
    case = folder(ana, "layers")
    assert {(one.place, one.weight_persons) for one in read_case(case).people} >= {("PLN0101", 12_500)}
    assert any(len(shape) == len(ROAD) for shape in read_shapes(case).values())
    broken = upload(
        ana, "/new/upload", {**form, "title": "Broken"}, {**files, "roads_file": ("roads.gpkg", roads[:900])}
    )
    assert "roads.gpkg" in broken.text and "no layer that can be read" in broken.text
    assert not folder(ana, "broken").exists()


def test_what_is_sent_is_the_same_bytes_and_the_hash_follows_the_files(ana: Visitor) -> None:
    def cite() -> str:
        return ana.get(f"{AT}/send").text.split("<code>sc-")[1].split("<")[0]

    first = cite()
    assert ana.get(f"{AT}/send/snapshot.zip").headers["content-disposition"].count(first) == 1 and cite() == first
    ana.post(f"{AT}/inbox/save", REPORT)
    assert cite() != first
    ana.post(f"{AT}/inbox/undo", {"claim": "R1"})
    assert cite() == first


def test_under_the_rule_of_two_nothing_unchecked_is_sent(ana: Visitor) -> None:
    ana.post(f"{AT}/inbox/save", REPORT)
    against = {"kind": "statement", "disputes": "R1", "words": "it is open", "source_title": "bulletin 10"}
    ana.post(f"{AT}/inbox/save", {**REPORT, **against})
    Visitor(ana.at).come_in("Ben").post(f"{AT}/inbox/check", {"claim": "R2"})
    assert "the pass is shut again" in ana.get(f"{AT}/send/reports.csv").text
    ana.post(f"{AT}/inbox/rule", {"rule": "two people"})
    for name in ("brief.html", "reports.csv", "reports.geojson"):
        assert "the pass is shut again" not in ana.get(f"{AT}/send/{name}").text, name
    files = sending.files_of(folder(ana), frozenset({"R1"}), with_journal=False)
    assert b"the pass is shut again" not in files["claims.csv"] and "journal.jsonl" not in files


def test_exports_hold_no_formula_and_points_where_places_are(ana: Visitor) -> None:
    for n, start in enumerate("=+-@"):
        ana.post(f"{AT}/inbox/save", {**REPORT, "source_title": f"{start}cmd|' /c calc'!A{n}"})
    cells = [cell for row in csv.reader(io.StringIO(ana.get(f"{AT}/send/reports.csv").text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    told = json.loads(ana.get(f"{AT}/send/reports.geojson").text)
    points = [one["geometry"]["coordinates"] for one in told["features"] if one["geometry"]]
    assert len(points) > 10 and all(9 < lon < 11 and 45 < lat < 48 for lon, lat in points)


@pytest.mark.parametrize("name", sorted(path.name for path in FORMATS.glob("*.csv")))
def test_each_format_comes_in_through_the_desk(ana: Visitor, name: str) -> None:
    """A small file in the true columns: the draft waits with as many rows as the import makes claims.

    Provisions of an agreement that the case does not have are refused with a sentence, and nothing is saved.
    """
    case = folder(ana)
    found = read_claims(FORMATS / name, places=places_of(case, read_ledger(case).terms))
    reply = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": (name, (FORMATS / name).read_bytes())})
    assert reply.status == 303, reply.text
    page = ana.get(reply.headers["location"]).text
    assert found.claims and f"do-{len(found.claims) - 1}" in page and f"do-{len(found.claims)}" not in page
    before = rows_of(ana)
    every = {f"do-{n}": "accept" for n in range(len(found.claims))}
    done = ana.post(reply.headers["location"], every)
    if name in ("pam.csv", "pax.csv"):  # they name provisions that this case's agreement does not have
        assert "expected the id of a row of agreement.csv" in done.text and rows_of(ana) == before
        return
    assert done.status == 303
    new = [row for key, row in rows_of(ana).items() if key not in before]
    told = csv.DictReader(io.StringIO(to_csv(found.claims)))
    columns = set(new[0]) & set(told.fieldnames or ()) - {"published", "published_rule", "remark"}
    assert [{c: row[c] for c in columns} for row in new] == [{c: row[c] for c in columns} for row in told]


def test_a_brief_and_the_page_say_how_many_reports_are_unchecked(ana: Visitor) -> None:
    ana.post(f"{AT}/inbox/save", REPORT)
    told = "1 of these reports has not been checked by a second person."
    for page in ("send/brief.html", "monitor.html"):
        assert told in ana.get(f"{AT}/{page}").text, page
        assert told not in ana.get(f"{AT}/{page}?as_of=2030-05-07").text, page  # not published by then
    assert (
        "1 report has not been checked by a second person and is left out."
        in ana.get(f"{AT}/send/brief.html?checked=1").text
    )
    Visitor(ana.at).come_in("Ben").post(f"{AT}/inbox/check", {"claim": "R1"})
    assert "been checked by a second person" not in ana.get(f"{AT}/send/brief.html").text


def test_each_direction_of_the_road_has_its_own_age(ana: Visitor) -> None:
    first = {**REPORT, "reporter": "Plain government", "time": "2030-05-02", "published": "2030-05-02T20:00",
             "as_it_stands": "1"}  # fmt: skip
    ana.post(f"{AT}/inbox/save", {**first, "road_out": "", "road_in": "nobody"})
    ana.post(f"{AT}/inbox/save", {**first, "time": "2030-05-08", "published": "2030-05-08T09:00"})
    for page in ("", "send/brief.html"):
        assert "outward, report of 8 May 2030, 1 day old; inward, report of 2 May 2030, 7 days old" in ana.get(
            f"{AT}/{page}?as_of=2030-05-09"
        ).text.lower().replace("may", "May")


def test_a_text_dated_by_its_day_counts_from_the_next_day_as_a_typed_report_does(ana: Visitor) -> None:
    form = {"text": "The Valley council said that 2,400 people had crossed to Lowtown.", "published": "2030-05-08"}
    draft = upload(ana, f"{AT}/inbox/text/upload", form, {}).headers["location"]
    ana.post(draft, {"do-0": "accept"})
    ana.post(f"{AT}/inbox/save", {**REPORT, "published": "2030-05-08"})
    published = {one.id: one.published for one in read_ledger(folder(ana)).claims}
    new = "R1"
    assert published[new] == published["R1"] and published[new].isoformat()[:13] == "2030-05-09T00"

"""New cases and files of a case: all faults at once, chosen files kept, every file editable; what changed since."""

from __future__ import annotations

import os
import re
import time
from html import unescape

import pytest
from at_the_desk import REPORT, Visitor
from test_intake_and_send import AGREEMENT, AT, CROSSINGS, PEOPLE, ROADS, folder, rows_of, upload

from safeconduct.desk.case.journal import Journal
from safeconduct.desk.case.uploads import MOST, SECONDS, Uploads

SAVE = f"{AT}/setup/save/upload"


def stamp(ana: Visitor, name: str) -> str:
    """The state of a file that its editor carries."""
    return ana.get(f"{AT}/setup/file/{name}").text.split('name="stamp" value="')[1].split('"')[0]


def put(ana: Visitor, name: str, text: str, **more: object):
    """A file saved in the editor."""
    return upload(ana, SAVE, {"name": name, "text": text, "stamp": stamp(ana, name)}, dict(more))


def test_everything_wrong_with_a_new_case_is_told_at_once_and_no_folder_is_made(ana: Visitor) -> None:
    tables = {
        "people": "name,lat,lon,people\nA,x,10.1,9\n",
        "roads": ROADS,
        "crossings": "name,kind,lat,lon\nB,border post,4,5",
    }
    form = {
        "title": "Demo valley",
        "start": "tomorrow",
        "days": "many",
        "parties": "A, state",
        "headings": "x",
        **tables,
    }
    page = unescape(upload(ana, "/new/upload", form, {}).text)
    for told in (
        'a case "demo-valley" already',
        'Starts is "tomorrow"',
        'Lasts for days is "many"',
        "is matched as",
        "Signed on is",
        "no obligation is given",
        'lat is "x"',
        'kind is "border post"',
        'write "border"',
    ):
        assert told in page, told
    for more in ({"title": ""}, {"title": "X", "people": PEOPLE}, {"title": "X", "parties": "A, state"}):
        reply = upload(ana, "/new/upload", more, {})
        assert reply.status == 422 and "Not ready" in reply.text
    assert sorted(p.name for p in ana.at.desk.workspace.folder.iterdir() if p.name[0] != ".") == ["demo-valley"]


def test_files_that_were_chosen_are_kept_when_a_form_is_refused(ana: Visitor) -> None:
    """Only the faulty one is chosen again; a kept file can be left out; nothing is kept once the case is made."""
    files = {
        "people_file": ("towns.csv", PEOPLE.encode()),
        "roads_file": ("lines.csv", b"from,to,km\nOldtown,Nowhere,x\n"),
        "crossings_file": ("posts.csv", CROSSINGS.encode()),
    }
    form = {"title": "River", "start": "2031-03-01", "days": "3"}
    page = upload(ana, "/new/upload", form, files).text
    assert "lines.csv:2" in page and "towns.csv is kept" in page and "posts.csv is kept" in page
    kept = re.search(r'name="kept_form" value="(\w+)"', page)[1]
    without = upload(ana, "/new/upload", {**form, "kept_form": kept, "without_people": "1"}, {}).text
    assert "the table of who lives where is not there" in without and "towns.csv is kept" not in without
    kept = re.search(r'name="kept_form" value="(\w+)"', without)[1]
    done = upload(
        ana, "/new/upload", {**form, "kept_form": kept, "people": PEOPLE}, {"roads_file": ("lines.csv", ROADS.encode())}
    )
    assert done.headers.get("location") == "/case/river/setup", done.text
    assert "posts.csv" in (folder(ana, "river") / "places.csv").read_text()
    assert list(Uploads(ana.at.desk.workspace.own).folder.iterdir()) == []
    assert "is kept" not in upload(ana, "/new/upload", {"title": "", "kept_form": "../../x"}, {}).text


def test_few_refused_forms_are_kept_and_old_ones_go(tmp_path) -> None:
    kept = Uploads(tmp_path)
    names = [kept.keep({"people": ("a/../b.csv", b"x")}) for _ in range(MOST + 3)]
    assert len(list(kept.folder.iterdir())) == MOST and kept.find(names[-1])["people"] == ("a_.._b.csv", b"x")
    assert kept.find("..") == {} and kept.find("0" * 16) == {}
    for path in kept.folder.iterdir():
        os.utime(path, (0, time.time() - SECONDS - 9))
    kept.forget_old()
    assert list(kept.folder.iterdir()) == []


def test_a_decimal_comma_is_read_where_semicolons_split_cells(ana: Visitor) -> None:
    people = PEOPLE.replace(",", ";").replace("46.", "46,").replace("10.", "10,")
    reply = upload(
        ana, "/new/upload", {"title": "Commas", "people": people, "roads": ROADS, "crossings": CROSSINGS}, {}
    )
    assert reply.status == 303, reply.text
    assert "46.6" in (folder(ana, "commas") / "places.csv").read_text()


def test_a_file_of_the_case_is_saved_when_sound_and_unchanged(ana: Visitor) -> None:
    text = (folder(ana) / "agreement.csv").read_text()
    wrong = put(ana, "agreement.csv", text.replace("valley; plain", "nobody", 1))
    assert wrong.status == 422 and "Not saved" in wrong.text and (folder(ana) / "agreement.csv").read_text() == text
    old = stamp(ana, "agreement.csv")
    (folder(ana) / "agreement.csv").write_text(text + "\n")
    assert "changed meanwhile" in upload(ana, SAVE, {"name": "agreement.csv", "text": text, "stamp": old}, {}).text
    assert put(ana, "agreement.csv", text.replace("at once", "forthwith")).status == 303
    assert "forthwith" in (folder(ana) / "agreement.csv").read_text()
    there = ana.get(f"{AT}/setup/file/agreement.csv?save=1")
    assert (
        there.text == (folder(ana) / "agreement.csv").read_text()
        and "attachment" in there.headers["content-disposition"]
    )
    again = put(ana, "agreement.csv", "", file=("mine.csv", text.encode()))
    assert again.status == 303 and (folder(ana) / "agreement.csv").read_text() == text
    for name in ("journal.jsonl", "../../x", "x.py", "/etc/passwd", ""):
        assert upload(ana, SAVE, {"name": name, "text": "x", "stamp": ""}, {}).status == 422
    assert ana.get(f"{AT}/setup/file/..%2f..%2f.desk%2fpeople.json").status in (404, 422)


def test_every_table_and_file_of_settings_of_a_case_is_among_its_files(ana: Visitor) -> None:
    page = ana.get(f"{AT}/setup").text
    there = [p.relative_to(folder(ana)).as_posix() for p in folder(ana).rglob("*") if p.suffix in (".csv", ".yaml")]
    assert "claims.csv" in there and "codings/acts.csv" in there
    for name in there:
        assert f">{name}</a>" in page and ana.get(f"{AT}/setup/file/{name}").status == 200, name


def test_a_broken_table_of_reports_is_mended_in_the_browser_and_the_journal_says_who(ana: Visitor) -> None:
    ana.post(f"{AT}/inbox/save", REPORT)
    path = folder(ana) / "claims.csv"
    sound = path.read_text()
    path.write_text(sound.replace("2030-05-08", "the eighth", 1))
    page = ana.get(f"{AT}/")
    assert page.status == 422 and "claims.csv:" in page.text and f'href="{AT}/setup/file/claims.csv"' in page.text
    assert f'href="{AT}/setup"' in page.text and ana.get(f"{AT}/setup").status == 200
    assert put(ana, "claims.csv", path.read_text()).status == 422
    assert put(ana, "claims.csv", sound.replace(REPORT["words"], "the pass is closed again")).status == 303
    last = Journal(folder(ana)).entries()[-1]
    assert (last.who, last.what, "R1" in last.claims) == ("Ana", "edited", True)
    assert rows_of(ana)["R1"]["words"] == "the pass is closed again"
    assert "was not entered by the form" in ana.post(f"{AT}/inbox/undo", {"claim": "R1"}).text
    ben = Visitor(ana.at).come_in("Ben")
    assert ben.post(f"{AT}/inbox/check", {"claim": "R1"}).status == 303


def test_what_became_known_since_a_day_has_a_page_in_the_menu(ana: Visitor) -> None:
    assert f'href="{AT}/changes"' in ana.get(f"{AT}/").text
    before = ana.get(f"{AT}/changes?since=2030-05-08").text
    late = {**REPORT, "time": "2030-05-03", "published": "2030-05-08T20:00"}  # of a day long gone, published now
    ana.post(f"{AT}/inbox/save", late)
    page = ana.get(f"{AT}/changes?since=2030-05-07&as_of=2030-05-08").text
    assert "the pass is shut again" in page and f'href="{AT}/report/R1?' in page and "New acts" in page
    assert "the pass is shut again" not in ana.get(f"{AT}/changes?since=2030-05-06&as_of=2030-05-07").text
    assert "the pass is shut again" not in ana.get(f"{AT}/changes?since=2030-05-07&as_of=2030-05-08&checked=1").text
    assert "the pass is shut again" not in before
    default = ana.get(f"{AT}/changes?as_of=2030-05-08").text
    assert "What changed since 7 May 2030" in default
    assert "What changed since 7 May 2030" in ana.get(f"{AT}/changes?since=2030-05-09&as_of=2030-05-08").text
    assert ana.get("/shipped/demo-valley/changes").status == 200


def test_who_was_at_the_desk_is_known_when_it_is_started_again_until_they_leave(ana: Visitor) -> None:
    kept = ana.post("/name", {"name": "Ana Ž; x=1"}).headers["set-cookie"]
    assert kept.startswith("desk-name=") and "httponly" in kept.lower() and "samesite=strict" in kept.lower()
    link = f"/start?token={ana.at.desk.door.token}"
    again = ana.get(link, Cookie=kept.split(";")[0]).headers["set-cookie"].split(";")[0]
    assert "<span>Ana Ž; x=1</span>" in ana.get("/", Cookie=again).text
    assert "Give your name" in ana.get("/", Cookie=ana.get(link, Cookie="").headers["set-cookie"].split(";")[0]).text
    assert "Max-Age=0" in ana.post("/leave", {}).headers["set-cookie"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"what": "whatif", "changes": "road_km=2\ntrst=1"}, ('no parameter "road_km"', 'did you mean "trust"')),
        ({"what": "whatif", "changes": "buses.time=noon"}, ("the time of event buses is wrong",)),
        ({"what": "forecast", "as_of": "", "seed": "7"}, ('the time is ""', 'value="7"')),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_in_its_filled_form(ana: Visitor, form: dict, told: tuple) -> None:
    reply = ana.post(f"{AT}/jobs", form)
    page = unescape(reply.text)
    assert reply.status == 422 and "Not begun" in page and f'value="{form["what"]}" checked' in page
    assert all(one in page for one in told) and form.get("changes", "") in page
    assert "night-closure" in page and "pressure per unit of threat" in page


def test_a_new_case_lists_everything_by_its_name(ana: Visitor) -> None:
    """No key of a table stands on a page for people."""
    form = {
        "title": "River",
        "start": "2031-03-01",
        "people": PEOPLE,
        "roads": ROADS,
        "crossings": CROSSINGS,
        **AGREEMENT,
    }
    assert upload(ana, "/new/upload", form, {}).status == 303
    count = {
        "kind": "figure",
        "reporter": "River council",
        "source_title": "list",
        "quantity": "people who have arrived",
        "place": "River Bridge",
        "best": "12",
        "time": "2031-03-02T10:00",
        "published": "2031-03-02T11:00",
    }
    assert ana.post("/case/river/inbox/save", count).status == 303
    for path in ("", "reports", "inbox", "inbox/check", "inbox/correct/R1", "changes?since=2031-03-01", "report/R1"):
        page = ana.get(f"/case/river/{path}").text
        assert "River Bridge" in page, path
        shown = re.sub(r'value="[^"]*"', "", page)  # what a form sends
        shown = shown.replace("river_bridge</dd>", "").replace("cum_arrivals_persons</dd>", "")  # the row itself
        assert "river_bridge" not in shown and "cum_arrivals_persons" not in shown, path

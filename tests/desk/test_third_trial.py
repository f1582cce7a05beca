"""What a trial of the desk found: days kept by links, files gone or in another encoding, what forecasts read."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from at_the_desk import REPORT, Visitor
from test_intake_and_send import CROSSINGS, PEOPLE, ROADS, upload

from safeconduct.desk.case.setup import key_of
from safeconduct.desk.forms import actions_by_group
from safeconduct.ledger import with_rows
from safeconduct.scenario import shipped_cases

AT = "/case/demo-valley"
SAVE = f"{AT}/inbox/save"
DAY = "as_of=2030-05-07&amp;at=12%3A00"
COUNT = {"kind": "figure", "reporter": "Lakes guard (invented)", "source_title": "bulletin 9", "best": "2150",
         "published": "2030-05-08T20:00", "time": "2030-05-08T17:00", "place": "Pass Gate",
         "quantity": "people who have arrived"}  # fmt: skip


def claims(ana: Visitor) -> Path:
    return ana.at.desk.workspace.folder / "demo-valley" / "claims.csv"


@pytest.mark.parametrize("page", ["/?", "/reports?", "/changes?since=2030-05-02&"])
def test_links_to_reports_keep_the_day_and_so_does_what_is_entered_from_there(ana: Visitor, page: str) -> None:
    text = ana.get(f"{AT}{page}as_of=2030-05-07&at=12:00").text
    links = re.findall(rf'href="{AT}/report/([^"]*)"', text)
    assert links and all(DAY in one for one in links)
    report = ana.get(f"{AT}/report/A03?as_of=2030-05-07&at=12:00").text
    assert f"disputes=A03&amp;{DAY}" in report and f"/inbox/correct/A03?{DAY}" in report


def test_a_report_without_a_day_of_publication_is_asked_for_it_and_saved_where_the_page_has_none(ana: Visitor) -> None:
    without = {**COUNT, "published": ""}
    page = ana.post(SAVE, without)
    assert page.status == 422 and "Published is empty" in page.text and "saved=" not in page.headers.get("location", "")
    assert "saved=R1" in ana.post(SAVE, {**without, "as_it_stands": "1"}).headers["location"]


def test_a_table_in_another_encoding_is_a_sentence_on_every_page_and_mended_there(ana: Visitor) -> None:
    ana.post(SAVE, {**REPORT, "words": "la fen\u00eatre"})
    sound = claims(ana).read_bytes()
    claims(ana).write_bytes(sound.replace("\u00ea".encode(), b"\xea"))
    for page in ("/", "/inbox", "/reports", "/send", "/story", "/inbox/check", "/log", "/jobs", "/changes"):
        reply = ana.get(f"{AT}{page}")
        assert reply.status in (200, 422) and (reply.status == 200 or "a byte that is not UTF-8" in reply.text), page
        assert reply.status == 200 or f'href="{AT}/setup/file/claims.csv"' in reply.text, page
    assert ana.get(f"{AT}/setup").status == 200
    editor = ana.get(f"{AT}/setup/file/claims.csv").text
    assert "a byte that is not UTF-8 (0xea)" in editor and "fen\ufffdtre" in editor
    assert ana.post(SAVE, {**COUNT, "revision": ""}).status == 422
    claims(ana).write_bytes(sound)
    report = ana.get(f"{AT}/report/R1").text
    assert "Entered by Ana" in report and "Undo: take it out again" in report


def test_a_table_of_reports_that_is_gone_is_told_on_every_page_and_back_it_has_lost_nothing(ana: Visitor) -> None:
    ana.post(SAVE, COUNT)
    sound = claims(ana).read_bytes()
    claims(ana).unlink()
    send = ana.get(f"{AT}/send").text
    assert "claims.csv is gone" in send and "1 report that was entered is missing" in send
    assert "has been checked" not in send and "claims.csv is gone" in ana.get(f"{AT}/setup").text
    assert "is gone" in ana.post(SAVE, {**COUNT, "best": "7"}).text and not claims(ana).exists()
    claims(ana).write_bytes(sound)
    report = ana.get(f"{AT}/report/R1").text
    assert "Entered by Ana" in report and "Undo: take it out again" in report and "is gone" not in report


def test_what_a_forecast_reads_of_a_report_is_said_before_and_after_it_is_saved(ana: Visitor) -> None:
    """A closure of a road of the map, a count, and a count above all people of the case."""
    closed = {**REPORT, "time": "2030-05-08T14:00", "map_road": "fork-pass"}
    assert "A forecast reads it: closes " in ana.post(f"{AT}/inbox", closed).text
    saved = ana.get(ana.post(SAVE, closed).headers["location"]).text
    assert "A forecast reads it: closes " in saved
    many = ana.post(f"{AT}/inbox", {**COUNT, "best": "999999999999"}).text
    assert "999,999,999,999 people; the case has" in many
    assert "people; the case has" not in ana.post(f"{AT}/inbox", COUNT).text
    after = ana.get(ana.post(SAVE, COUNT).headers["location"]).text
    assert "forecast reads it" in after
    assert "expected plain digits" in ana.post(SAVE, {**COUNT, "best": "1e3"}).text


def test_a_table_with_other_headings_is_matched_on_the_page(ana: Visitor) -> None:
    table = b"Ort,Tag,Menge,Etwas\nPass Gate,2030-05-08,17,x\n"
    wrong = upload(ana, f"{AT}/inbox/files/upload", {}, {"file": ("woche.csv", table)}).text
    assert "--map" not in wrong and "in the field Headings below" in wrong
    form = {"headings": "Ort = place\nTag = time\nMenge = best", "quantity": "new_passages_out_persons",
            "reporter": "Lakes guard (invented)", "source_title": "weekly"}  # fmt: skip
    reply = upload(ana, f"{AT}/inbox/files/upload", form, {"file": ("woche.csv", table)})
    assert reply.status == 303, reply.text
    assert 'value="17"' in ana.get(reply.headers["location"]).text
    odd = upload(ana, f"{AT}/inbox/files/upload", {**form, "headings": "Ort = platz"}, {"file": ("w.csv", table)}).text
    assert "is matched to &#34;platz&#34;" in odd


def test_a_new_case_offers_acts_says_why_it_has_no_monitor_and_keeps_letters(ana: Visitor) -> None:
    people = PEOPLE.replace("Oldtown", "\u0141\u0119gowo")
    form = {"title": "\u0141\u00f3d\u017a", "people": people, "roads": ROADS.replace("Oldtown", "\u0141\u0119gowo"),
            "crossings": CROSSINGS}  # fmt: skip
    assert upload(ana, "/new/upload", form, {}).headers["location"] == "/case/lodz/setup"
    assert key_of("\u0141\u0119gowo") == "legowo"
    monitor = ana.get("/case/lodz/")
    assert monitor.status == 303 and "There is no monitor of this case yet" in ana.get(monitor.headers["location"]).text
    setup = unescape(ana.get("/case/lodz/setup").text)
    assert "legowo" not in setup and "\u0141\u0119gowo - " in setup
    assert "road closed" in ana.get("/case/lodz/inbox").text
    ana.post("/case/lodz/inbox/save", {**REPORT, "action": "", "place": "", "actor": "", "as_it_stands": "1"})
    assert "not said who: the pass is shut again" in ana.get("/case/lodz/reports").text


def test_a_form_offers_each_act_of_a_group_once_by_the_word_that_reports_use() -> None:
    ledger = with_rows(shipped_cases() / "karabakh", [])[0]
    used: dict[str, int] = {}
    for claim in ledger.claims:
        used[claim.action] = used.get(claim.action, 0) + 1
    labels = [(group, label) for group, found in actions_by_group(ledger.terms, used) for _, label in found]
    assert len(labels) == len(set(labels)) and not any(label.startswith("gas cut off (") for _, label in labels)


def test_marked_proposals_are_counted(ana: Visitor) -> None:
    text = "The Valley council said on 8 May 2030 that 2,400 people had crossed to Lowtown. Guards stayed at Pass Gate."
    form = {"text": text, "published": "2030-05-08", "title": "evening bulletin"}
    draft = upload(ana, f"{AT}/inbox/text/upload", form, {}).headers["location"]
    assert "marked and not saved" not in ana.get(draft).text
    assert "1 of them is marked and not saved yet" in ana.post(draft, {"do-0": "accept", "back": "1"}).text


def test_a_report_keeps_its_act_where_the_form_offers_another_word_for_it(ana: Visitor) -> None:
    ana.post(SAVE, {**REPORT, "action": "road_shut_at_night", "as_it_stands": "1"})
    page = ana.get(f"{AT}/inbox/correct/R1").text
    assert '<option value="road_shut_at_night" selected>road shut at night</option>' in page

"""What a person types is held against the case; a form sent twice adds nothing; a saved report can be corrected."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from at_the_desk import REPORT, Visitor

from safeconduct.desk.case import rowfile
from safeconduct.desk.case.journal import Journal
from safeconduct.desk.case.setup import key_of
from safeconduct.desk.typed import Known, advice, checked
from safeconduct.ledger import Terms
from safeconduct.monitor import read_monitor_case
from safeconduct.scenario import read_case

AT = "/case/demo-valley"
SAVE = f"{AT}/inbox/save"
COUNT = {"kind": "figure", "reporter": "Lakes guard (invented)", "source_title": "bulletin 9", "best": "2150",
         "published": "2030-05-08T20:00", "time": "2030-05-08T17:00", "place": "Pass Gate",
         "quantity": "people who have arrived"}  # fmt: skip
QUEUE = {**COUNT, "quantity": "queue_km", "best": "4"}


def folder(ana: Visitor) -> Path:
    return ana.at.desk.workspace.folder / "demo-valley"


def rows(ana: Visitor) -> list[dict[str, str]]:
    return [dict(row) for _, row in rowfile.rows((folder(ana) / "claims.csv").read_text())]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"quantity": "queue"}, "What is counted is &#34;queue&#34;"),
        ({"quantity": "queue"}, "did you mean &#34;length of the queue&#34;?"),
        ({"place": "Pass"}, "did you mean &#34;Pass Gate / Passtor&#34;?"),
        ({"place": "Somewhere else"}, "not in the tables of this case"),
        ({"quantity": "people who arived"}, "did you mean &#34;people who have arrived&#34;?"),
        ({"reporter": "Guard of the Lakes (invented)"}, "did you mean &#34;Lakes guard (invented)&#34;?"),
        ({"best": "-5"}, "expected 0 or more"),
        ({"published": "2041-01-01"}, "still to come"),
        ({"published": "2020-05-08"}, "after it was published"),
        ({"words": "a" * 4001}, "expected at most 4,000"),
    ],
)
def test_what_cannot_be_right_is_refused_with_advice_and_the_form_stays(
    ana: Visitor, cell: dict[str, str], told: str
) -> None:
    before = rows(ana)
    page = ana.post(SAVE, {**COUNT, **cell}).text
    assert "Not ready to save" in page and told in page and rows(ana) == before
    assert 'value="bulletin 9"' in page


def test_names_are_suggested_by_their_words_and_a_tick_saves_them(ana: Visitor) -> None:
    """The right body of a state, the right town among short names; one sentence for a name nearly known."""
    bodies = ["Azerbaijani MoD", "MFA of Azerbaijan", "Azerbaijan"]
    assert advice("Azerbaijani MFA", bodies) == 'did you mean "MFA of Azerbaijan"?'
    assert advice("Shusa", ["Sus", "Shusha / Shushi"]) == 'did you mean "Shusha / Shushi"?'
    assert advice("something else", bodies) == "choose from the list of the field."
    other = {**COUNT, "reporter": "Guard of the Lakes (invented)"}
    assert ana.post(SAVE, {**other, "as_it_stands": "1"}).status == 303 and rows(ana)[-1]["reporter"].startswith(
        "Guard"
    )
    page = ana.post(SAVE, {**COUNT, "place": "Lowtwn", "as_it_stands": "1"}).text
    assert page.count("Place is &#34;Lowtwn&#34;") == 1 and "add it to names.csv on the page Set up first" in page
    assert "?." not in page


def test_a_place_in_the_words_of_the_source_is_saved_where_the_person_says_so(ana: Visitor) -> None:
    assert ana.post(SAVE, {**COUNT, "place": "Somewhere else", "as_it_stands": "1"}).status == 303
    assert rows(ana)[-1]["place"] == "Somewhere else"


def test_a_label_becomes_the_name_and_the_preview_says_whether_a_forecast_reads_it(ana: Visitor) -> None:
    assert "A forecast reads it." in ana.post(f"{AT}/inbox", COUNT).text
    assert "No forecast reads it: the hour" in ana.post(f"{AT}/inbox", {**COUNT, "time": "2030-05-08"}).text
    of_a_day = {**COUNT, "quantity": "people who arrived in the period", "time": "2030-05-08"}
    assert "A forecast reads it." in ana.post(f"{AT}/inbox", of_a_day).text
    held = ana.post(f"{AT}/inbox", {**of_a_day, "time": "2030-05-07"}).text
    assert "totals counted on that day already hold its people" in held
    ana.post(SAVE, COUNT)
    assert rows(ana)[-1]["quantity"] == "cum_arrivals_persons"
    ana.post(SAVE, {**QUEUE, "place": "hall"})
    ana.post(SAVE, {**COUNT, "place": "hall", "best": "9"})
    page = ana.get(f"{AT}/setup").text
    assert "Reports that a forecast reads" in page and "no target of people who have arrived at hall" in page


@pytest.mark.parametrize(
    ("now", "first", "last", "refused"),
    [
        ("2026-12-01", "2026-11-28", "2027-05-10", "2026-12-03"),
        ("2026-12-01", "2020-01-01", "2023-10-01", "2026-12-03"),
        ("2026-12-01", "2030-05-01", "2030-05-09", "2030-05-11"),
    ],
)  # fmt: skip
def test_nothing_is_published_after_now_or_after_a_case_of_a_time_to_come(
    now: str, first: str, last: str, refused: str
) -> None:
    known = Known(
        Terms(), UTC, date.fromisoformat(first), date.fromisoformat(last), datetime.fromisoformat(f"{now}T10:00+00:00")
    )
    assert checked({"published": refused}, known, as_it_stands=False)[1]
    assert not checked({"published": refused}, known, as_it_stands=True)[1]
    fine = min(refused, last if first > now else now)
    assert not checked({"published": fine}, known, as_it_stands=False)[1]


def test_one_looks_as_of_today_while_the_case_lasts_and_never_later(ana: Visitor) -> None:
    case = read_monitor_case(folder(ana))
    assert case.latest_day(datetime(2030, 5, 4, 12, tzinfo=UTC)) == date(2030, 5, 4)
    last = case.latest_day(datetime(2026, 12, 1, tzinfo=UTC))
    assert case.latest_day(datetime(2031, 1, 1, tzinfo=UTC)) == last and last >= date(2030, 5, 8)


def test_a_form_that_is_sent_twice_adds_one_report(ana: Visitor) -> None:
    ana.post(SAVE, COUNT)
    before = rows(ana)
    again = ana.post(SAVE, COUNT)
    assert "there=R1" in again.headers["location"] and rows(ana) == before
    assert "is there as" in ana.get(again.headers["location"]).text
    assert ana.post(SAVE, {**COUNT, "best": "2151"}).status == 303 and len(rows(ana)) == len(before) + 1


def test_a_spreadsheet_may_rewrite_the_table_with_a_mark_semicolons_and_its_own_lines(ana: Visitor) -> None:
    ana.post(SAVE, COUNT)
    ana.get(f"{AT}/inbox")
    path = folder(ana) / "claims.csv"
    before = rows(ana)
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerows(cells for _, cells in rowfile.parts(path.read_text()))
    path.write_bytes(("\ufeff" + out.getvalue()).encode())
    assert rows(ana) == before
    assert (
        "R1" in ana.get(f"{AT}/inbox/check").text
        and "1 report in it has not been checked" in ana.get(f"{AT}/send").text
    )
    assert [e.claims for e in Journal(folder(ana)).entries() if e.what == "changed outside"] == []
    assert ana.post(f"{AT}/inbox/undo", {"claim": "R1"}).status == 303
    assert [row["id"] for row in rows(ana)] == [row["id"] for row in before if row["id"] != "R1"]


def test_a_report_is_corrected_in_its_filled_form(ana: Visitor) -> None:
    ana.post(SAVE, COUNT)
    page = ana.get(f"{AT}/inbox/correct/R1").text
    assert 'value="2150"' in page and 'name="corrects" value="R1"' in page and 'value="Lakes guard (invented)"' in page
    done = ana.post(SAVE, {**COUNT, "best": "2510", "corrects": "R1"})
    assert "instead=R1" in done.headers["location"]
    assert [row["best"] for row in rows(ana) if row["id"].startswith("R")] == ["2510"]
    assert Journal(folder(ana)).entries()[-1].why == "corrected as R2"
    Visitor(ana.at).come_in("Ben").post(f"{AT}/inbox/check", {"claim": "R2"})
    ana.post(SAVE, {**COUNT, "best": "2511", "corrects": "R2"})  # a checked report stays, and another supersedes it
    assert [(row["best"], row["supersedes"]) for row in rows(ana)[-2:]] == [("2510", ""), ("2511", "R2")]


def test_a_refusal_leads_back_to_the_page_that_it_came_from(ana: Visitor) -> None:
    page = f"{AT}/inbox/text"
    for referer, back in ((f"http://{ana.at.host}{page}", page), ("http://elsewhere.example/x", "/"), ("", "/")):
        reply = ana.post(f"{AT}/inbox/undo", {"claim": "R9"}, Referer=referer)
        assert (
            reply.status == 422
            and f'<a href="{back}">Back to the page</a>' in reply.text
            and "Set up</a>" in reply.text
        )
    ana.post(SAVE, COUNT)
    ana.post(f"{AT}/inbox/undo", {"claim": "R1"})
    assert "R1 was taken out already" in ana.post(f"{AT}/inbox/undo", {"claim": "R1"}).text


def test_a_closure_changes_the_map_of_the_forecast_until_it_is_taken_out(ana: Visitor) -> None:
    closed = {**REPORT, "time": "2030-05-08T14:00", "map_road": "fork-pass"}
    before = (folder(ana) / "events.csv").read_bytes()
    ana.post(SAVE, closed)
    event = next(one for one in read_case(folder(ana)).events if one.id == "R1")
    assert (event.kind, event.target, event.time.hour) == ("close", "fork-pass", 14)
    ana.post(SAVE, {**closed, "time": "2030-05-08T15:00", "corrects": "R1"})
    assert [one.time.hour for one in read_case(folder(ana)).events if one.id.startswith("R")] == [15]
    assert ana.post(f"{AT}/inbox/undo", {"claim": "R2"}).status == 303
    assert (folder(ana) / "events.csv").read_bytes() == before
    told = ana.post(SAVE, {**closed, "time": "2029-05-08T14:00", "published": "2029-05-09"})
    assert "road=" in told.headers["location"] and (folder(ana) / "events.csv").read_bytes() == before
    assert "stays as it was" in ana.get(told.headers["location"]).text


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"best": "12.500"}, "expected 12500; write"),
        ({"best": "12.500", "quantity": "queue_km"}, "expected 12500 or 12.5; write"),
        ({"best": "1.250.000"}, "expected 1250000; write"),
        ({"best": "12.5"}, "expected a whole number"),
    ],
)
def test_a_figure_that_can_be_read_in_two_ways_is_asked_about(ana: Visitor, cell: dict[str, str], told: str) -> None:
    before = rows(ana)
    page = ana.post(SAVE, {**COUNT, **cell}).text
    assert told in page and rows(ana) == before
    assert ana.post(SAVE, {**QUEUE, "best": "12.5"}).status == 303


@pytest.mark.parametrize("at", ["as_of=2023-02-30", "as_of=banana", "as_of=2030-05-08&at=99:99", "at=12:00",
                                "as_of=9999-12-31", "since=2023-02-30"])  # fmt: skip
def test_a_day_that_is_none_is_refused_on_every_page_and_file(ana: Visitor, at: str) -> None:
    pages = ("/", "/changes", "/reports", "/story", "/monitor.html", "/inbox", "/send", "/send/brief.html", "/jobs",
             "/send/reports.csv", "/send/reports.geojson", "/send/case.zip", "/send/snapshot.zip")  # fmt: skip
    for page in pages:
        reply = ana.get(f"{AT}{page}?{at}")
        assert reply.status == 422 and "There is no such day" in reply.text, page
    assert ana.get(f"{AT}/send/brief.html?as_of=2030-05-08&at=12:00").status == 200


def test_a_report_that_may_be_there_already_is_named_in_the_preview(ana: Visitor) -> None:
    """Same reporter, day and figure; another figure is not alike."""
    ana.post(SAVE, COUNT)
    again = {**COUNT, "source_title": "another bulletin", "words": "counted at the gate"}
    assert "Like R1: same reporter, day and figure." in ana.post(f"{AT}/inbox", again).text
    assert "Like R1" not in ana.post(f"{AT}/inbox", {**again, "best": "2151"}).text


def test_send_counts_the_unchecked_reports_of_what_is_sent(ana: Visitor) -> None:
    for hour in ("09", "20"):
        ana.post(SAVE, {**COUNT, "published": f"2030-05-08T{hour}:00", "time": "2030-05-08T08:00", "best": hour})
    assert "2 reports in it have" in ana.get(f"{AT}/send").text
    assert "1 report in it has" in ana.get(f"{AT}/send?as_of=2030-05-08&at=12:00").text


def test_every_page_names_the_case_by_its_title_and_a_folder_by_whole_words(ana: Visitor) -> None:
    title = re.search(r"<h1>(.*?)</h1>", ana.get(f"{AT}/").text)[1]
    for page in ("inbox", "setup", "jobs", "send", "reports", "changes"):
        assert f"/ {title}" in ana.get(f"{AT}/{page}").text, page
    assert key_of("Vallarín province: departure towards Puente Viejo") == "vallarin-province-departure-towards"
    assert key_of("a" * 50) == "a" * 40 and key_of("\u5317") == "case"


def test_the_name_page_and_the_start_link_keep_no_other_address(ana: Visitor) -> None:
    """The name page does not ask for a name again; the key leaves the address; a refusal names this desk's port."""
    new = Visitor(ana.at).come_in("")
    assert "/name?to=" not in new.get("/name?to=/new").text
    assert 'value="/"' in new.get("/name?to=/name%3Fto%3D/new").text
    reply = Visitor(ana.at).get(f"/start?token={ana.at.desk.door.token}")
    assert reply.status == 303 and reply.headers["location"] == "/start/in"
    assert f"http://{ana.at.host}/start?token=..." in Visitor(ana.at).get("/").text


def test_work_offers_the_moment_of_the_newest_report(ana: Visitor) -> None:
    ana.post(SAVE, COUNT)
    assert 'name="as_of" maxlength="40" value="2030-05-' in ana.get(f"{AT}/jobs").text

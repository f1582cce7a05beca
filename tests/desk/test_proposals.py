"""Proposals of a text: as people read and type them, saved under names of the desk, each once; who has to check."""

from __future__ import annotations

import json
import re
from pathlib import Path

from at_the_desk import REPORT, Visitor
from test_intake_and_send import upload

from safeconduct.desk import forms
from safeconduct.desk.case import rowfile
from safeconduct.desk.case.drafts import Drafts
from safeconduct.ledger import Action, Terms

AT = "/case/demo-valley"
TEXT = (
    "Evening news from the pass\n\nThe Valley council said that 2,400 people had crossed to Lowtown in May 2030. "
    "The Relief society said that 80 tonnes of food had arrived."
)


def rows(ana: Visitor) -> list[dict[str, str]]:
    """The rows of claims.csv."""
    return [dict(row) for _, row in rowfile.rows((folder(ana) / "claims.csv").read_text())]


def folder(ana: Visitor) -> Path:
    return ana.at.desk.workspace.folder / "demo-valley"


def read(ana: Visitor) -> str:
    """The address of the text's proposals."""
    reply = upload(ana, f"{AT}/inbox/text/upload", {"text": TEXT, "published": "2030-05-08"}, {})
    return reply.headers["location"]


def test_a_text_is_called_by_its_headline_and_saved_once_under_a_name_of_the_desk(ana: Visitor) -> None:
    draft = read(ana)
    assert "<h1>Evening news from the pass</h1>" in ana.get(draft).text
    n = len(rows(ana))
    done = ana.post(draft, {"do-0": "accept", "do-1": "reject"})
    told = re.sub(r"<[^>]+>", "", ana.get(done.headers["location"]).text)
    assert "1 saved as R1" in told and "1 rejected" in told
    new = rows(ana)[n:]
    assert [(row["id"], row["source_title"]) for row in new] == [("R1", "Evening news from the pass")]
    again = read(ana)
    assert "there already as R1" in ana.get(again).text
    ana.post(again, {"do-0": "accept"})
    assert len(rows(ana)) == n + 1


def test_a_proposal_shows_labels_and_offers_lists_and_only_what_was_changed_is_changed(ana: Visitor) -> None:
    row = {"id": "N1", "kind": "figure", "reporter": "Lakes radio (invented)", "source_title": "noon",
           "place": "lowtown", "time": "2030-05-01T00:00+02:00", "precision": "month", "best": "7",
           "quantity": "cum_arrivals_persons"}  # fmt: skip
    drafts = Drafts(ana.at.desk.workspace.own / "drafts" / "demo-valley")
    name = drafts.add("noon news", "Ana", [row, {**row, "id": "N2"}], [])
    page = ana.get(f"{AT}/inbox/draft/{name}").text
    assert 'name="time-0" value="2030-05"' in page and 'list="l-quantities"' in page and 'id="l-quantities"' in page
    assert "people who have arrived" in page and "cum_arrivals_persons" not in page and "T00:00" not in page
    assert '<select id="f-action-0"' in page
    shown = {"time-0": "2030-05", "quantity-0": "people who have arrived", "place-0": "Lowtown", "do-0": "accept"}
    ana.post(f"{AT}/inbox/draft/{name}", {**shown, "time-1": "2030-05-03", "best-1": "8", "do-1": "accept"})
    one, two = rows(ana)[-2:]
    assert (one["time"], one["precision"], one["quantity"], one["place"]) == (
        row["time"], "month", "cum_arrivals_persons", "lowtown",
    )  # fmt: skip
    assert two["time"].startswith("2030-05-03") and two["precision"] in ("", "day") and two["best"] == "8"


def test_the_preview_of_a_text_lists_what_was_accepted_and_going_back_keeps_the_decisions(ana: Visitor) -> None:
    draft = read(ana)
    look = ana.post(draft, {"do-0": "accept", "look": "1"}).text
    assert "1 report accepted" in look and "2,400 people had crossed" in look and "80 tonnes" not in look
    assert 'name="do-0" value="accept" checked' in ana.post(draft, {"do-0": "accept", "back": "1"}).text


def test_refused_text_stays_in_the_form(ana: Visitor) -> None:
    reply = upload(ana, f"{AT}/inbox/text/upload", {"text": TEXT, "published": "14 March 2030"}, {})
    assert reply.status == 422 and "80 tonnes of food" in reply.text and 'value="14 March 2030"' in reply.text


def test_nothing_is_a_fault_before_it_is_typed(ana: Visitor) -> None:
    """The preview while one types: silent at first, then what is needed, then what is wrong; all of it on saving."""
    script = {"hx_request": "true"}
    none = ana.post(f"{AT}/inbox", {"kind": "figure", "published": "2030-05-08"}, **script).text
    assert "fault" not in none and "Still needed" not in none
    begun = {"kind": "figure", "words": "a queue"}
    some = ana.post(f"{AT}/inbox", begun, **script).text
    assert "Still needed: Who says so, Where you read it, Published, What is counted." in some and "fault" not in some
    assert "Not ready" in ana.post(f"{AT}/inbox", {**begun, "best": "many"}, **script).text
    assert "Who says so is empty" in ana.post(f"{AT}/inbox/save", begun).text


def test_acts_are_listed_in_groups_and_no_two_choices_read_alike() -> None:
    acts = {
        "fuel_cut": Action("fuel_cut", "fuel cut off", "supplies"),
        "fuel_cut_again": Action("fuel_cut_again", "fuel cut off", "supplies"),  # one choice with the first
        "fuel_cut_elsewhere": Action("fuel_cut_elsewhere", "fuel cut off", "corridor"),
        "road_closed": Action("road_closed", "road closed", "corridor"),
    }
    found = forms.actions_by_group(Terms(actions=acts))
    assert [group for group, _ in found] == ["corridor", "supplies"]
    labels = [label for _, choices in found for _, label in choices]
    assert len(set(labels)) == 3 and "road closed" in labels


def test_every_report_can_be_named_and_each_party_is_offered_by_one_name(ana: Visitor) -> None:
    found = json.loads(ana.get(f"{AT}/inbox/names").text)
    assert {name for name, _ in found} == {row["id"] for row in rows(ana)}
    page = ana.get(f"{AT}/inbox").text
    offered = re.search(r'id="l-actors">(.*?)</datalist>', page, re.S)[1]
    assert len(offered.split("<option")) - 1 == len(
        re.findall(r"^  \w+:$", (folder(ana) / "actors.yaml").read_text(), re.M)
    )


def test_a_lone_desk_is_not_asked_to_check_and_a_second_person_is(ana: Visitor) -> None:
    ana.post(f"{AT}/inbox/save", REPORT)
    page = ana.get(f"{AT}/inbox/check").text
    assert 'class="count"' not in page and "disabled" not in page.split("The rule of this case")[0]
    assert 'type="checkbox"' not in page and "No report has to be checked" in page.replace("no report", "No report")
    assert "to check" not in ana.get("/").text
    ben = Visitor(ana.at).come_in("Ben")
    assert '<b class="count">1' in ben.get(f"{AT}/inbox/check").text and "1 to check" in ben.get("/").text
    assert "has not been checked" in ana.get(f"{AT}/send").text


def test_a_report_that_the_chosen_moment_does_not_see_says_so_before_and_after_it_is_saved(ana: Visitor) -> None:
    """By its day alone it is known from the next day; with its hour from that hour, in both forms."""
    at, noon = "/case/demo-valley/inbox", "as_of=2030-05-08&at=12:00"
    told = "No view of the chosen moment has it: 1 report not seen as of 2030-05-08T12:00; known from 2030-05-09T00:00"
    for published, n, is_late in (("2030-05-08", "2,400", True), ("2030-05-08T09:30", "2,500", False)):
        form = {"text": f"The Valley council said that {n} people had crossed to Lowtown.", "published": published}
        draft = upload(ana, f"{at}/text/upload?{noon}", form, {}).headers["location"]
        assert draft.endswith("?as_of=2030-05-08&at=12%3A00")
        assert (told in ana.post(draft, {"do-0": "accept", "look": "1"}).text) is is_late
        assert (told in ana.get(ana.post(draft, {"do-0": "accept"}).headers["location"]).text) is is_late
        row = rows(ana)[-1]
        assert row["published"] == published and row["published_rule"] == ("day only" if is_late else "recorded")
        one = {**REPORT, "published": published, "time": "2030-05-08", "words": f"shut, {published}"}
        assert (told in ana.post(f"{at}?{noon}", one).text) is is_late
        assert (told in ana.get(ana.post(f"{at}/save?{noon}", one).headers["location"]).text) is is_late
        assert rows(ana)[-1]["published_rule"] == row["published_rule"]
    page = ana.get("/case/demo-valley/reports").text
    assert "2030-05-08, end of the day" in page and "2030-05-08 09:30" in page


def test_the_preview_is_as_of_the_chosen_day(ana: Visitor) -> None:
    """The count of reports is that of the day, not of the whole record."""
    at = "/case/demo-valley"
    n = int(re.search(r"As of.*?(\d+) reports", ana.get(f"{at}/?as_of=2030-05-04").text, re.DOTALL)[1])
    early = {**REPORT, "published": "2030-05-04T09:00", "time": "2030-05-03"}
    page = " ".join(re.sub(r"<[^>]+>", " ", ana.post(f"{at}/inbox?as_of=2030-05-04", early).text).split())
    assert f"reports published {n} {n + 1}" in page


def test_a_proposal_can_be_put_right_in_period_unit_casualties_and_disputes(ana: Visitor) -> None:
    draft = read(ana)
    form = {"do-0": "accept", "until-0": "2030-05-07", "unit-0": "vehicles", "disputes-0": "A03"}
    assert ana.post(draft, form).status == 303
    row = rows(ana)[-1]
    assert (row["until"], row["unit"], row["disputes"]) == ("2030-05-07", "vehicles", "A03")
    assert 'name="killed_persons-1"' in ana.get(draft).text and 'name="injured_persons-1"' in ana.get(draft).text

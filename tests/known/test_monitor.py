"""The monitor: what it shows of the shipped record at dates, checked by hand; and the same code on an invented case."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from safeconduct.api import run
from safeconduct.app.commands.monitor import monitor
from safeconduct.app.commands.record.diff import diff
from safeconduct.findings.monitor import as_text, summary_tables, view_case, write_monitor
from safeconduct.findings.monitor.page import monitor_html
from safeconduct.findings.monitor.sheet import onepage_html
from safeconduct.ledger import by_time, show_number
from safeconduct.monitor import NO_REPORT, coming, compare, sheet_acts
from safeconduct.monitor import answers as front_answers
from safeconduct.monitor.answers import by_and_side, furthest_apart
from safeconduct.monitor.calendar import stretches
from safeconduct.monitor.derived import Passage
from safeconduct.monitor.force import answers
from safeconduct.monitor.saying import Saying, in_full
from safeconduct.monitor.views import View, as_read, balance, calendar, doers, in_the_text, predictions, standings
from safeconduct.scenario import shipped_cases
from safeconduct.terms import MANIFEST, CaseError, role_words_in, verdict_words_in

CASE = shipped_cases() / "karabakh"
DATES = ("2020-11-30", "2021-06-30", "2022-12-31", "2023-09-18", "2023-10-05")
DEMO = shipped_cases() / "demo-valley"


@pytest.fixture(scope="module")
def views() -> dict[str, View]:
    """The record as of each date that its readers ask for."""
    return {day: view_case(CASE, date.fromisoformat(day)) for day in DATES}


def obligation(view: View, name: str):
    """One obligation as it stands."""
    return next(one for one in standings(view) if one.obligation.id == name)


def test_statuses_are_somebodys_and_disputes_stand_beside_them(views: dict[str, View]) -> None:
    """The ceasefire by the end of 2022: a report of the force's side that it was not met, disputed; an undated page
    is in no view."""
    ceasefire = obligation(views["2022-12-31"], "AG01")
    assert [report.claim.status for report in ceasefire.reports] == ["reported not met"]
    assert [[claim.reporter for claim in report.disputes] for report in ceasefire.reports] == [["Baku"]]
    assert obligation(views["2020-11-30"], "AG01").says == NO_REPORT
    assert obligation(views["2022-12-31"], "AG06f").says == NO_REPORT
    assert obligation(views["2023-09-18"], "AG06f").says == "court order to ensure unimpeded movement"


def test_a_date_that_was_moved_is_shown_moved_once_that_is_known(views: dict[str, View]) -> None:
    """A district due on 15 November 2020, put off to the 25th on that day: no longer late on the 22nd."""
    early, moved = (obligation(view_case(CASE, date(2020, 11, day)), "AG06a") for day in (14, 22))
    assert (str(early.due), early.clock) == ("2020-11-15", "in 1 day")
    assert (str(moved.due), moved.clock) == ("2020-11-25", "in 3 days")
    assert str(obligation(views["2020-11-30"], "AG06a").due) == "2020-11-25"


def test_every_obligation_shows_whom_it_binds_and_the_acts_of_all(views: dict[str, View]) -> None:
    """All bind an actor that the case knows; most have claims that bear on them, of more than one party in all."""
    found = standings(views["2023-10-05"])
    assert len(in_the_text(found)) == 20 and len(as_read(found)) == 1 and all(one.obligation.binds for one in found)
    assert sum(bool(one.bore) for one in found) >= 20
    ceasefire = obligation(views["2023-10-05"], "AG01")
    parties = {key for bore in ceasefire.bore for key in views["2023-10-05"].parties(bore.claim)}
    assert {"armenia", "azerbaijan", "russia", "armed_groups"} <= parties


@pytest.mark.parametrize(
    ("claim", "known"),
    [
        ("E052", "2023-05-01"),  # September 2022, in a report of April 2023
        ("E053", "2023-05-01"),  # the same
        ("E059", "2023-01-12"),  # November 2022, in an article of 11 January 2023
        ("E065", "2023-08-26"),  # December 2022, in an article of August 2023
        ("E067", "2023-03-01"),  # December 2022, in an article of February 2023
    ],
)
def test_events_of_2022_told_in_2023_are_shown_from_then_on(claim: str, known: str) -> None:
    """Nowhere in page or data the day before; in both on the day."""
    day = date.fromisoformat(known)
    before, after = (view_case(CASE, one) for one in (day - timedelta(days=1), day))
    assert claim not in before.known and claim in after.known
    mark = re.compile(rf"\b{claim}\b")
    assert not mark.search(monitor_html(before)) and not mark.search(as_text(before, "csv"))
    assert mark.search(monitor_html(after)) and mark.search(as_text(after, "csv"))


def test_the_calendar_covers_every_day_and_names_its_claims(views: dict[str, View]) -> None:
    """10 Nov 2020 to 5 Oct 2023, day after day, each with a state and claims, or not known."""
    found = calendar(views["2023-10-05"])
    assert (found[0].first, found[-1].last) == (date(2020, 11, 10), date(2023, 10, 5))
    assert all(b.first - a.last == timedelta(days=1) for a, b in zip(found, found[1:], strict=False))
    assert sum(one.n_days for one in found) == 1060
    assert all(state.claims for one in found for state in one.sides.values())
    assert {claim for one in found for state in one.sides.values() for claim in state.claims} <= set(
        views["2023-10-05"].known
    )


def test_days_reported_differently_show_both(views: dict[str, View]) -> None:
    """20 December 2022: closed to all by one side, open inward to aid by the other."""
    (day,) = [one for one in calendar(views["2022-12-31"]) if one.first <= date(2022, 12, 20) <= one.last]
    assert day.is_contested
    assert day.sides["Nagorno-Karabakh local authorities"].into == ("nobody",)
    assert day.sides["Azerbaijan"].into == ("aid",) and day.sides["Azerbaijan"].out is None


def front(view: View) -> str:
    """The sentences of the front."""
    return " ".join(in_full(say) for one in front_answers(view, standings(view), calendar(view)) for say in one.sayings)


def test_the_newest_closure_is_named_before_older_acts_and_acts_stand_by_date() -> None:
    """20 December 2022: the closure of the 12th, with who disputes it and no end known, before that of the 3rd."""
    view = view_case(CASE, date(2022, 12, 20))
    text = front(view)
    closed = text.index("Closure without a reported end: 12 Dec 2022")
    assert "Closed by Azerbaijan: standing road block by self-described eco-activists" in text
    assert "ForRights, 15 Dec 2022, disputed by Baku and Azerbaijani side" in text
    assert "Closed by Self-described activists: road blocked by people" in text
    assert 0 < closed < text.index("Begun 8 days ago, no end reported") and "hours closed" not in text
    for most in (2, 4):
        found, parties = sheet_acts(view, most), {key for one in sheet_acts(view, 7) for key in view.parties(one)}
        assert found == sorted(found, key=by_time, reverse=True) and len(found) == most
        assert most < len(parties) or {key for one in found for key in view.parties(one)} == parties
    assert "n 90 days 3 reports of 2 closures" in text


def test_the_first_screen_makes_no_state_of_what_was_usual_offered_or_run_out() -> None:
    """Five dates of a desk officer: what each number is made to mean."""
    moved, closed, silent, eve = (front(view_case(CASE, date.fromisoformat(day))) for day in (
        "2021-12-31", "2022-12-20", "2023-08-25", "2023-09-18"))  # fmt: skip
    assert "20,000 to 50,000" in moved and "Wikipedia" not in moved
    assert "usual day" not in closed and 'in short: no "blockade", road open to aid; no source of its own' in closed
    assert "in 1,056 days" not in closed and "in its words" not in closed
    assert "brought in: 40. local authorities (A. Harutyunyan, leader), by 25 Jul 2023, 31 days old" in silent
    assert "outward, report of 21 Aug 2023, 4 days old; inward, report of 12 Aug 2023, 13 days old" in silent
    assert "No report of Azerbaijan holds any longer; its last: both ways, nobody. 11 Jul 2023, 45 days old" in silent
    assert "15 Jun 2023, road closed to all traffic" in silent
    assert "Mediamax, 16 Jun 2023, disputed by Baku" in silent
    assert "people who passed outward: 79. Trend, 16 Sep 2023" in eve and "Other road, Aghdam" in eve
    assert "for bread: 12. RFE/RL (a resident), 28 Aug 2023" in eve and "for bread: 7 (one account)." in eve
    assert "at most 200 grams a person a day, not always met. local authorities (government), 17 Sep 2023" in eve
    assert "no day named" in eve


def test_the_sheet_has_one_figure_of_each_side_and_no_chart_without_a_report() -> None:
    """End of 2021: no report on the road since February."""
    page = onepage_html(view_case(CASE, date(2021, 12, 31)), None)
    assert "<svg" not in page and "at least 55,000" in page
    assert "Last report: Russia, people escorted by the force inward counted." in page
    assert "<small>15 Feb 2021, 319 days old, on 14 Feb 2021</small>" in page
    assert page.count("(Russian MoD,") == 1
    assert "over 7,000" in onepage_html(view_case(CASE, date(2020, 11, 22)), None)


def test_what_is_reported_met_and_undisputed_no_longer_falls_due() -> None:
    """A duty of the valley due on the 20th: a report that it is met ends it, unless another disputes that report."""
    view = view_case(DEMO, date(2030, 5, 9))
    met = replace(view.known["S02"], id="met", obligation=("V4",), status="reported met")
    against = replace(view.known["S01.d1"], id="no", disputes=("met",))
    for added, waits in (((), True), ((met,), False), ((met, against), True)):
        ledger = replace(view.case.ledger, claims=(*view.case.ledger.claims, *added))
        other = View(replace(view.case, ledger=ledger), view.when)
        assert ("V4" in {one.obligation.id for one in coming(standings(other), other)}) == waits


def test_a_later_reading_of_the_agreement_is_shown_from_its_publication_with_its_caveat() -> None:
    """That the force is bound to protect residents: an article of spring 2023; that this is disputed is never cut."""
    before, after = (view_case(CASE, day) for day in (date(2023, 4, 30), date(2023, 8, 25)))
    assert "AG03d" not in {one.obligation.id for one in standings(before)}
    caveat = "(whether the statement obliges the force to this is disputed)"
    assert "AG03d" in {one.obligation.id for one in standings(after)}
    assert caveat in onepage_html(after, None) and caveat not in onepage_html(before, None)


def test_the_age_of_a_sides_state_is_that_of_its_older_direction() -> None:
    """Out told on the 1st, in on the 5th: the sentence rests on the report of the 1st."""
    view = view_case(DEMO, date(2030, 5, 8))
    out, into = (Passage("A", date(2030, 5, 1), ("aid",), None, None, ""),
                 Passage("B", date(2030, 5, 5), None, ("aid",), None, ""))  # fmt: skip
    other = View(replace(view.case, passages=(out, into)), view.when)
    said = stretches({"one side": (out, into)}, date(2030, 5, 1), date(2030, 5, 8))[-1].sides["one side"]
    assert other.rests_on(said) == (date(2030, 5, 1), "A")


def test_rival_counts_are_of_two_voices_and_share_no_number(views: dict[str, View]) -> None:
    """Not a range against a figure within it, not one voice against itself, not a least against more."""
    view = views["2023-09-18"]
    low = replace(view.known["PE026"], reporter="UNHCR", low=None, best=100.0, high=None, hedge="")
    other = replace(low, id="other", reporter="Russian MoD", best=200.0)
    assert furthest_apart(view, (low, other)) == (low, other)
    assert furthest_apart(view, (low, replace(low, id="again", best=200.0))) is None
    assert furthest_apart(view, (replace(low, low=90.0, high=200.0), other)) is None
    assert furthest_apart(view, (replace(low, hedge="over"), other)) is None


def test_the_sheet_names_source_and_dispute_of_every_report_and_no_command(views: dict[str, View]) -> None:
    """Each obligation with a report: who says so; each dispute; nothing for the keyboard."""
    view = views["2022-12-31"]
    page = onepage_html(view, None)
    told = page[page.index("Obligations, as") : page.index("What to watch")]
    reports = [one.reports[-1] for one in standings(view) if one.reports]
    text = unescape(told)
    assert [
        last.claim.id
        for last in reports
        if f"; {by_and_side(view, last.claim)}, " not in text and f"; {view.by(last.claim)}, " not in text
    ] == []
    assert text.count("disputed by") == sum(bool(last.disputes) for last in reports)
    assert "over 780 troops by about 12 Nov" in told
    assert "safeconduct " not in page and "--" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "Reports dated 31 Dec 2022 are counted from the day after" in page
    assert "Another date" not in monitor_html(view)


def test_a_voice_not_further_named_is_no_ministry() -> None:
    """A reporter whom the source calls only by a country speaks for no office of it."""
    with (CASE / "reporters.csv").open(encoding="utf-8", newline="") as file:
        unnamed = [row for row in csv.DictReader(file) if "not further named" in row["reporter"]]
    assert unnamed and all(row["behalf"] == row["reporter"] for row in unnamed)


def report(claim: str, start: int, out: str, days: int | None = None) -> Passage:
    """A report of who could leave from a day of May 2030 on."""
    return Passage(claim, date(2030, 5, start), tuple(out.split()), None, days, "")


def test_a_report_holds_until_the_next_and_one_that_ran_out_brings_nothing_back() -> None:
    """Closed on the 2nd; patients on the 4th, for two days; then nothing is known until the 8th."""
    said = (report("A", 2, "nobody"), report("B", 4, "medical", 2), report("C", 8, "everyone"))
    found = stretches({"one side": said}, date(2030, 5, 1), date(2030, 5, 9))
    told = [(one.first.day, one.last.day, one.sides["one side"].out if one.sides else None) for one in found]
    assert told == [(1, 1, None), (2, 3, ("nobody",)), (4, 5, ("medical",)), (6, 7, None), (8, 9, ("everyone",))]


def test_reports_of_one_day_are_put_together_and_alike_days_keep_all_claims() -> None:
    """Two categories on one day are one state; the same state told again is the same stretch."""
    said = (report("A", 1, "aid"), report("B", 1, "medical"), report("C", 3, "medical aid"))
    (found,) = stretches({"one side": said}, date(2030, 5, 1), date(2030, 5, 5))
    assert found.sides["one side"].out == ("medical", "aid") and found.sides["one side"].claims == ("A", "B", "C")


def test_what_was_never_looked_up_is_told_apart_from_silence(views: dict[str, View]) -> None:
    """The record names acts whose answer nobody looked up; one act of June 2023 had its answer looked for in vain."""
    found = {one.act.id: one.found for one in answers(views["2023-10-05"])}
    assert {found[name] for name in ("E024", "E045", "E079", "E096", "E112")} == {"never looked up"}
    assert found["E092"] == "none found" and found["E042"] == "answered" and found["E011"] == "none linked"


def test_predictions_show_only_what_is_known_by_then(views: dict[str, View]) -> None:
    """Forecast in August 2023, told on 19 September, a day after the fourth date."""
    before = {one.claim.id: one.shows for one in predictions(views["2023-09-18"])}
    after = {one.claim.id: one.shows for one in predictions(views["2023-10-05"])}
    assert before["CS015"] == () and {claim.id for claim, _ in after["CS015"]} == {"E113", "EV007"}
    assert all(not one.claim.status for one in predictions(views["2023-10-05"]))


def test_the_local_authorities_are_not_a_neighbouring_state(views: dict[str, View]) -> None:
    """Each actor has its own acts and statements; none is of both."""
    by_key = {
        doer.key: {claim.id for claim in doer.claims if claim.kind == "act"} for doer in doers(views["2023-10-05"])
    }
    assert "E124" in by_key["local_authorities"] and "E124" not in by_key["armenia"]
    assert "E122" in by_key["armenia"] and "E122" not in by_key["local_authorities"]


def test_acts_by_party_and_reporter_are_printed(views: dict[str, View]) -> None:
    """The sum over sides of a party's acts is its number; balance is in page and terminal."""
    view = views["2023-10-05"]
    found = balance(view)
    assert all(sum(found.counts[key, side] for side in found.sides) == found.by_party[key] for key in found.parties)
    assert sum(found.by_side.values()) == found.n_acts > 180
    last = summary_tables(view)[-1]
    assert last.rows[-1][:2] == ("all acts", str(found.n_acts))
    assert f"{found.n_acts} reports of acts, retellings counted once" in monitor_html(view)


def words_of(page: str) -> str:
    """What a reader sees of a page: titles of sources, styles and scripts apart."""
    page = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<a href="http[^>]*>.*?</a>', " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", page).replace("&#34;", '"').replace("&quot;", '"').replace("&#39;", "'")


@pytest.mark.parametrize("day", DATES)
def test_the_page_gives_no_verdict_and_names_no_role(views: dict[str, View], day: str) -> None:
    """Parties' words stand in quotation marks; titles of sources are as printed."""
    titles = {claim.source_title for claim in views[day].known.values()}
    text = words_of(monitor_html(views[day]))
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(title.replace("'", "'"), " ")
    assert (verdict_words_in(text), role_words_in(text)) == ((), ())


@pytest.mark.parametrize("day", DATES)
def test_acts_stand_in_order_of_time_and_nothing_ranks_them(views: dict[str, View], day: str) -> None:
    """Every list of acts, forwards or backwards in time; no page of the monitor shows a severity."""
    view = views[day]
    page = monitor_html(view)
    assert "severity" not in page.lower()
    item = re.compile(r'<li data-k=.*?<span class="by">[^<]*</span> <a class="ref" href="#c-([^"]+)">')
    lists = [item.findall(body) for body in re.findall(r'<ul class="acts">(.*?)</ul>', page, re.DOTALL)]
    times = [[by_time(view.known[name]) for name in found] for found in lists]
    assert sum(map(len, times)) > 20
    assert [found for found in times if found not in (sorted(found), sorted(found, reverse=True))] == []


def test_an_estimated_time_of_publication_is_marked(views: dict[str, View]) -> None:
    view = views["2023-09-18"]
    rows = dict(re.findall(r'<tr id="c-([^"]+)".*?data-label="Known since">([^<]*)<', monitor_html(view)))
    marked = {name for name, told in rows.items() if told.endswith("(estimated)")}
    assert marked == {name for name, claim in view.known.items() if claim.published_rule != "recorded"} != set()


def test_the_page_is_small_and_whole(views: dict[str, View]) -> None:
    """Under 3 MB; every link within the page leads somewhere; nothing is fetched."""
    page = monitor_html(views["2023-10-05"])
    assert len(page.encode()) < 3_000_000
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)


def test_the_command_writes_two_pages_and_nothing_else(tmp_path: Path) -> None:
    """monitor.html and onepage.html."""
    code = (
        "import sys; from safeconduct.app.main import main; sys.argv = "
        f"['safeconduct', 'monitor', 'karabakh', '--onepage', '--out', {str(tmp_path)!r}]\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {"monitor.html", "onepage.html", MANIFEST}


def test_for_machines_every_day_has_a_row_and_every_claim_is_told(views: dict[str, View]) -> None:
    """CSV and JSON hold the same rows; the calendar has no gap."""
    view = views["2023-10-05"]
    rows = list(csv.DictReader(io.StringIO(as_text(view, "csv"))))
    document = json.loads(as_text(view, "json"))
    assert len(rows) == sum(len(found) for found in document["views"].values())
    days = {row["day"] for row in rows if row["view"] == "road"}
    assert len(days) == 1060
    named = {name for row in rows for name in row["claims"].split()}
    assert named <= set(document["claims"]) == set(view.known)


def test_diff_tells_what_became_known() -> None:
    """From the eve of 19 September 2023 to 5 October: the operation, a new report, the road opened outward."""
    before, after = (view_case(CASE, date.fromisoformat(day)) for day in ("2023-09-18", "2023-10-05"))
    road, reports, acts, signs, predictions, figures, watch = compare(before, after)
    assert "E113" in {row[-1] for row in acts.rows} and "E062" not in {row[-1] for row in acts.rows}
    assert "AG01b" in {row[0] for row in reports.rows}
    assert {row[0] for row in road.rows} >= {"Armenia", "Nagorno-Karabakh local authorities"}
    assert "armed moves" in {row[0] for row in signs.rows}
    assert ("reported", "CS015") in {(row[0], row[-1]) for row in predictions.rows}
    assert figures.rows
    assert all(not table.rows for table in compare(after, after))


def test_the_commands_run_and_tell_mistakes_in_a_sentence(tmp_path: Path) -> None:
    """Summary and files; a wrong date, a case without agreement, and dates the wrong way round."""
    asked = ["karabakh", "--as-of", "2022-12-31", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(monitor, [*asked, "--onepage"])
    assert done.exit_code == 0 and "782 days" in done.output and "all acts" not in done.output
    assert "20 obligations" in done.output and len(done.output.splitlines()) < 25  # a screenful
    assert "all acts" in CliRunner().invoke(monitor, [*asked, "--full"]).output
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"monitor.html", "onepage.html", MANIFEST}
    shared = CliRunner().invoke(monitor, ["karabakh-2023", "--as-of", "2022-12-31", "--format", "json"])
    assert json.loads(shared.output)["case"] == "karabakh"
    wrong = CliRunner().invoke(monitor, ["karabakh", "--as-of", "yesterday"])
    assert wrong.exit_code == 2 and "write 2030-05-06" in wrong.output
    turned = CliRunner().invoke(diff, ["karabakh", "--from", "2023-01-02", "--to", "2023-01-01"])
    assert "exchange them" in str(turned.exception)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "claims.csv").write_text((DEMO / "claims.csv").read_text())
    bare = CliRunner().invoke(monitor, [str(tmp_path / "bare")])
    assert "no agreement to monitor" in str(bare.exception)


def test_an_invented_agreement_works_the_same(tmp_path: Path) -> None:
    """No code knows any case: five obligations, a date moved, a road of which two sides tell different things."""
    view = view_case(DEMO, date(2030, 5, 8))
    stand = {one.obligation.id: one.says for one in standings(view)}
    assert stand["V1"] == "reported not met" and stand["V4"] == NO_REPORT and len(stand) == 5
    assert str(obligation(view, "V5").due) == "2030-05-08"
    assert calendar(view)[-1].is_contested and not calendar(view)[0].is_known
    assert {one.act.id: one.found for one in answers(view)} == {
        "A03": "answered", "A05": "never looked up", "A06": "none found", "A08": "none linked", "A09": "none linked",
        "A10": "none linked",
    }  # fmt: skip
    assert (write_monitor(view, tmp_path, onepage=True)[1]).read_text().count("</html>") == 1


def test_every_mistake_in_a_monitors_tables_is_told_at_once(tmp_path: Path) -> None:
    """By file and line; a faulty ledger is not blamed on the rows that name its claims."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "case"))
    changes = {
        "claims.csv": (",V1,", ",V9,"),
        "agreement.csv": ("valley; plain", "valley; plane"),
        "monitor.yaml": ("signed: 2030-05-01", "signed: in May"),
        "actors.yaml": ("kind: state", "sort: state"),
    }
    for name, (old, new) in changes.items():
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
    with pytest.raises(CaseError) as told:
        view_case(folder, None)
    for name in changes.keys() - {"agreement.csv"}:  # its actors cannot be checked while theirs is faulty
        assert re.search(rf"^{re.escape(name)}", str(told.value), re.MULTILINE), name
    (folder / "actors.yaml").write_text((DEMO / "actors.yaml").read_text())
    with pytest.raises(CaseError, match='agreement.csv:3: binds is "plane".*did you mean "plain"'):
        view_case(folder, None)
    (folder / "agreement.csv").write_text((DEMO / "agreement.csv").read_text())
    (folder / "claims.csv").write_text((DEMO / "claims.csv").read_text().replace("everyone,everyone", "everybody,all"))
    with pytest.raises(CaseError, match='road_out is "everybody".*did you mean "everyone"'):
        view_case(folder, None)


def test_tables_of_an_older_folder_are_named_with_the_columns_that_replace_them(tmp_path: Path) -> None:
    """A calendar beside the claims is not read in silence."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "case"))
    (folder / "calendar.csv").write_text("claim,start,out,in\nA03,2030-05-04,nobody,nobody\n")
    with pytest.raises(CaseError, match="calendar.csv: .*road_out, road_in and road_days of claims.csv"):
        view_case(folder, None)


def test_pages_of_one_folder_name_each_other_whichever_came_first(tmp_path: Path) -> None:
    """A report without a monitor names none; with one, both do; a report that goes leaves no link behind."""
    from safeconduct.findings.folders import link_pages

    report = tmp_path / "report.html"
    report.write_text('<p class="beside"></p>')
    link_pages(tmp_path)
    assert report.read_text() == '<p class="beside"></p>'
    write_monitor(view_case(DEMO, date(2030, 5, 8)), tmp_path)
    assert 'href="monitor.html"' in report.read_text()
    assert 'href="report.html"' in (tmp_path / "monitor.html").read_text()
    report.unlink()
    link_pages(tmp_path)
    assert 'href="report.html"' not in (tmp_path / "monitor.html").read_text()


def test_planning_figures_come_from_a_run_in_the_folder(tmp_path: Path) -> None:
    """Median and range of its outcomes; none where there is no run."""
    view = view_case(DEMO, date(2030, 5, 8))
    assert "Planning figures" not in write_monitor(view, tmp_path, onepage=True)[1].read_text()
    runs = run("demo-valley", 5, workers=1)
    runs.write(tmp_path, report=False)
    page = write_monitor(view, tmp_path, onepage=True)[1].read_text()
    low, middle, high = np.quantile(runs.outcomes["persons_arrived"], (0.05, 0.5, 0.95))
    assert show_number(middle) in page and f"{show_number(low)} to {show_number(high)}" in page


def test_a_sentence_links_a_report_once() -> None:
    assert Saying("Two parts.", (("#c-A", "A"), ("#c-B", "B"), ("#c-A", "A"))).links == (("#c-A", "A"), ("#c-B", "B"))

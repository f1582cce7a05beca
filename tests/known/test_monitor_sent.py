"""What a desk officer must be able to send on: no hindsight, no word put into a mouth, no number made to say more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from safeconduct.findings.monitor import view_case
from safeconduct.findings.monitor.page import monitor_html
from safeconduct.findings.monitor.sheet import onepage_html
from safeconduct.ledger import Claim, by_time
from safeconduct.ledger.publication import find_publication
from safeconduct.monitor import answers, compare, in_brief, recent, report_age, sheet_acts, show_ages
from safeconduct.monitor.calendar import stretches
from safeconduct.monitor.closures import Closure, closure_sayings, closures, in_force
from safeconduct.monitor.derived import Passage, counts_passages, passages
from safeconduct.monitor.passing import passing
from safeconduct.monitor.saying import clause, in_full
from safeconduct.monitor.views import View, calendar, predictions, standings
from safeconduct.scenario import shipped_cases

CASE, DEMO = shipped_cases() / "karabakh", shipped_cases() / "demo-valley"
DATES = ("2020-11-22", "2021-12-31", "2022-12-20", "2023-08-25", "2023-09-18")
TAGS = re.compile(r"<(style|script|title).*?</\1>|<[^>]+>", re.DOTALL)


@pytest.fixture(scope="module")
def views() -> dict[str, View]:
    """The record as of the dates that were read."""
    return {day: view_case(CASE, date.fromisoformat(day)) for day in DATES}


def with_claims(view: View, *added: Claim) -> View:
    """The same case with more reports."""
    ledger = replace(view.case.ledger, claims=(*view.case.ledger.claims, *added))
    return View(replace(view.case, ledger=ledger, passages=passages(ledger.claims, view.case.zone)), view.when)


def front(view: View) -> str:
    """The sentences of the first screen."""
    return " ".join(in_full(say) for one in answers(view, standings(view), calendar(view)) for say in one.sayings)


def closure_said(view: View, one: Closure) -> str:
    """What is told of a closure."""
    return " ".join(map(in_full, closure_sayings(view, one)))


def text_of(page: str) -> str:
    """What a reader reads."""
    return unescape(TAGS.sub(" ", page))


@pytest.mark.parametrize("day", DATES)
def test_no_remark_of_the_compiler_is_on_a_page_of_a_date(views: dict[str, View], day: str) -> None:
    """They were written when all was over; nor does what is said about an actor tell of a later year."""
    view = views[day]
    text = text_of(monitor_html(view))
    assert "our remark" not in text and "cross-check by the compiler" not in text
    remarks = {claim.remark for claim in view.known.values() if len(claim.remark) > 25}
    own = " ".join(f"{c.words} {c.context} {c.hedge} {c.scope} {c.obligation_note}" for c in view.known.values())
    assert len(remarks) > 10 and [one for one in remarks if one in text and one not in own] == []
    first = {key: min((c.published for c in view.known.values() if c.kind == "act" and key in view.parties(c)),
                      default=view.when) for key in view.case.actors}  # fmt: skip
    for key, actor in view.case.actors.items():
        years = [int(year) for year in re.findall(r"\b20\d\d\b", actor.about)]
        assert max(years, default=0) <= first[key].year, key


def test_the_sheet_lists_the_newest_acts_of_each_party_and_says_how_many_it_leaves_out(views: dict[str, View]) -> None:
    """September 2023: the acts of that month, the arrests at the checkpoint among them; none of July."""
    for day, view in views.items():
        found, parties = sheet_acts(view, 6), {key for one in recent(view) for key in view.parties(one)}
        assert found == sorted(found, key=by_time, reverse=True) and len(found) == 6, day
        assert parties <= {key for one in found for key in view.parties(one)}, day
    page = onepage_html(views["2023-09-18"], None)
    n, all_of = map(int, re.search(r"Acts, latest first <small>\((\d+) of (\d+) in 30 days; the latest", page).groups())
    assert 8 <= n < all_of == 13
    assert len(re.findall(r"<li>\d+ \w{3} \d{4}: <b>", page)) == n
    assert "Eagle Partner" in page and "<b>Azerbaijan</b>, arrests" in page and "361 t" not in page


def act(view: View, name: str, day: date, **more: object) -> Claim:
    """A closure of the invented pass."""
    of = datetime.combine(day, datetime.min.time(), view.case.zone)
    return replace(view.known["A03"], id=name, time=of, published=of + timedelta(hours=20), **more)


def test_a_closure_without_a_reported_end_stays_whatever_its_age_with_later_passages() -> None:
    """Shut on 4 May, nothing since: named a year later; three patients that passed are named beside it."""
    view = view_case(DEMO, date(2030, 5, 9))
    late = View(replace(view.case, last=date(2031, 6, 1)), view.when + timedelta(days=366))
    assert [one.day for one in in_force(late)] == [date(2030, 5, 4)]
    said = closure_said(late, in_force(late)[0])
    assert "no end reported" in said and "Passages reported since: everyone. Valley, 7 May 2030" in said
    assert "medical transfers with an escort. Relief society, 6 May 2030" in said
    assert "Closure without a reported end: 4 May 2030" in front(late)


def test_a_closure_is_over_once_its_side_says_so_or_an_end_is_reported() -> None:
    """The same side opens both ways, or a report gives the end; one taken to last a day is not told as lasting."""
    view = view_case(DEMO, date(2030, 5, 9))
    opened = replace(view.known["A08"], id="N1", road_in=("everyone",))
    assert in_force(with_claims(view, opened)) == []
    ended = act(view, "N2", date(2030, 5, 4), until=datetime(2030, 5, 6, tzinfo=view.case.zone))
    assert in_force(with_claims(view, ended)) == []
    brief = with_claims(view, act(view, "N3", date(2030, 5, 8), road_days=1))
    assert date(2030, 5, 8) not in {one.day for one in in_force(brief)}
    assert "taken as 1 day (assumed)" in closure_said(brief, closures(brief, date(2030, 5, 8))[0])


def test_an_end_that_another_side_gives_is_its_own_and_what_leaves_the_list_is_told() -> None:
    """An article's "until" bounds its own report; the side that left the closure open is named beside it."""
    view = view_case(DEMO, date(2030, 5, 9))
    end = datetime(2030, 5, 6, tzinfo=view.case.zone)
    article = act(view, "N2", date(2030, 5, 4), until=end, reporter="Lakes radio (invented)")
    after = with_claims(view, article)
    assert [one.day for one in in_force(after)] == [date(2030, 5, 4)]
    said = closure_said(after, in_force(after)[0])
    assert "no end reported by Valley council" in said and "May 2030 by Lakes radio" in said
    own = with_claims(view, act(view, "N3", date(2030, 5, 4), until=end))
    watch = compare(view, own)[-1]
    assert watch.title == "What to watch" and watch.rows[0][2] == "no longer listed"
    assert "4 May 2030" in watch.rows[0][0] and "not listed" in compare(own, view)[-1].rows[0][1]


def test_the_newest_crossing_is_told_by_whichever_voice_and_a_disputed_word_on_the_road_is_marked() -> None:
    """A figure that the form gives without a class of the road is a crossing where the case counts its kind so."""
    view = view_case(CASE, date(2023, 2, 10))
    day = datetime(2023, 2, 9, 8, tzinfo=view.case.zone)
    count = replace(view.known["CP021"], id="N1", time=day, published=day, until=None, road_out=None, road_in=None,
                    reporter="ICRC", low=None, best=7.0, high=None)  # fmt: skip
    told = " ".join(map(in_full, passing(with_claims(view, count), calendar(view)[-1])))
    assert "Latest count of patients taken outward in the period" in told and "7. ICRC, 9 Feb 2023" in told
    waiting = replace(count, quantity="n_patients_waiting_persons")
    assert "Latest count" not in " ".join(one.text for one in passing(with_claims(view, waiting), calendar(view)[-1]))
    early = view_case(DEMO, date(2030, 5, 9))
    side, said = next(iter(calendar(early)[-1].sides.items()))
    word = early.known[early.rests_on(said)[1]]
    against = replace(word, id="N2", kind="statement", reporter="Lakes radio (invented)", road_out=None, road_in=None,
                      action="", actor="", disputes=(word.id,), published=early.when)  # fmt: skip
    marked = with_claims(early, against)
    assert "disputed by Lakes radio" in show_ages(marked, calendar(marked)[-1].sides[side])
    assert "disputed" not in show_ages(early, said)


def test_a_state_of_the_road_that_ran_out_says_so() -> None:
    """Nothing became known between two mornings, and yet the road is another: a report spoke of some days only."""
    view = view_case(DEMO, date(2030, 5, 9))
    short = with_claims(view, act(view, "N1", date(2030, 5, 8), road_days=1, reporter="Lakes radio (invented)"))
    on, after = (replace(short, when=view.case.end_of(date(2030, 5, day))) for day in (8, 9))
    rows = {row[0]: row[2] for row in compare(on, after)[0].rows}
    assert rows["press"].startswith("not known (a report ran out")


def test_reports_and_closures_are_counted_apart(views: dict[str, View]) -> None:
    """Five reports in 90 days told as if of five closures; the closure of 15 June is still named in September."""
    assert "5 reports of 2 closures" in front(views["2023-08-25"])
    eve = front(views["2023-09-18"])
    assert "Closure without a reported end: 15 Jun 2023" in eve and "closures on" not in eve


def test_a_count_is_no_word_on_who_else_could_pass() -> None:
    """Counts of patients beside a side's word, and beside counts of others: none takes the place of another."""
    word = Passage("W", date(2030, 5, 1), ("checked",), None, None, "")
    patients = Passage("P", date(2030, 5, 3), ("medical",), None, None, "", is_count=True)
    convoy = Passage("C", date(2030, 5, 2), ("escorted",), None, None, "", is_count=True)
    side = stretches({"one": (word, patients)}, date(2030, 5, 1), date(2030, 5, 4))[-1].sides["one"]
    assert (side.out, side.says_out) == (("checked", "medical"), ("checked",))
    both = stretches({"one": (patients,), "other": (convoy,)}, date(2030, 5, 1), date(2030, 5, 4))[-1]
    assert both.sides["one"].says_out is None and not both.is_contested
    shut = Passage("S", date(2030, 5, 1), ("nobody",), None, None, "")
    against = stretches({"one": (shut,), "other": (convoy,)}, date(2030, 5, 1), date(2030, 5, 4))[-1]
    assert against.is_contested  # one side says that nobody could pass, another counts people who did
    own = stretches({"one": (shut, convoy)}, date(2030, 5, 1), date(2030, 5, 4))[-1].sides["one"]
    assert (own.out, own.says_out) == (("escorted",), None)  # its own count ends its word that nobody could


def test_sides_that_only_counted_are_not_said_to_agree(views: dict[str, View]) -> None:
    """September 2023: Azerbaijan counted passages of the checkpoint and patients, the local authorities patients."""
    text = front(views["2023-09-18"])
    (told,) = re.findall(r"Azerbaijan: both ways, ([^;]*);", text)
    assert re.sub(r" counted on \d+ \w+ \d+", "", told) == (
        "people let through at a checkpoint, medical transfers with an escort"
    )
    assert "Azerbaijan and" not in text and "who else could pass is not said" in text
    assert sum(one.n_days for one in calendar(views["2021-12-31"]) if one.is_contested) == 0  # two counts of returns
    figure = views["2023-09-18"].known["CP068"]
    assert counts_passages(figure) and not counts_passages(replace(figure, kind="statement"))
    assert not counts_passages(replace(figure, road_out=("nobody",)))


def test_words_are_a_partys_own_only_where_they_are_quoted() -> None:
    """A summary of the compiler is said to be in short, and that it has no source of its own."""
    view = view_case(DEMO, date(2030, 5, 6))
    plain = front(view)
    assert "in short: the pass is open to all who show papers" in plain and "in its words" not in plain
    said = {c.id: c for c in view.case.ledger.claims}["S01.d1"]
    for other, told in (
        (replace(said, id="Q", quote="All who show papers pass."), "in its words: “All who show papers pass.”"),
        (replace(said, id="Q", source_title='no source of its own; listed beside "x"'), "papers; no source of its own"),
    ):
        assert told in front(
            with_claims(view, replace(other, time=said.time + timedelta(days=1), published=said.published))
        )


def test_words_are_cut_at_a_clause_or_not_at_all() -> None:
    """The first clause is never cut, whatever its length; a mark says that more follows."""
    words = "standing road block by self-described eco-activists; 1,100 people stranded at first; 120,000 affected"
    assert clause(words, 200) == words
    assert clause(words, 10) == "standing road block by self-described eco-activists (shortened)"
    assert in_brief("full ceasefire; each side halts") == "full ceasefire"
    assert in_brief("keep control of the pass, which links two towns") == "keep control of the pass"
    whole = "guarantee safety of people, vehicles and goods both ways"
    assert in_brief(whole) == whole


@pytest.mark.parametrize("day", DATES)
def test_nothing_on_the_sheet_is_cut_within_a_clause(views: dict[str, View], day: str) -> None:
    """No word ends in three dots."""
    assert re.findall(r"\w+,?\s?(?:\.\.\.|…)", text_of(onepage_html(views[day], None))) == []


def test_what_falls_due_is_named_though_a_disputed_report_reads_it_as_met(views: dict[str, View]) -> None:
    """The plan for a new route, due on 10 November 2023: one report of it is disputed."""
    for day in ("2022-12-20", "2023-08-25", "2023-09-18"):
        text = front(views[day])
        assert "Due 10 Nov 2023" in text and "disputed by Armenian side" in text


def test_a_window_begins_no_earlier_than_the_agreement(views: dict[str, View]) -> None:
    """Twelve days after it, nothing is said of 90."""
    text = front(views["2020-11-22"]).lower()
    assert "since the agreement (12 days) no report of a closure" in text and "in 90 days" not in text
    assert "in 90 days" in front(views["2021-12-31"]).lower()


def test_the_age_of_a_report_is_that_of_its_publication() -> None:
    """An article of July on June: its date and age, the day that it speaks of apart."""
    view = view_case(CASE, date(2023, 8, 25))
    late, day = view.known["CP054"], view.known["CP055"]
    assert report_age(view, late) == "31 Jul 2023, 25 days old, on 15 Jun 2023"
    assert report_age(view, replace(day, published=late.published, time=late.published - timedelta(days=1))) == (
        "31 Jul 2023, 25 days old"
    )


def test_an_encyclopaedia_is_known_from_the_day_it_was_read_and_not_before() -> None:
    """It changes without a date: without a day of reading it is in no view of a date."""
    day = datetime(2020, 12, 11, tzinfo=UTC)
    page = Claim("W", "status", day, "day", "", "", None, None, None, "", "", "Wikipedia",
                 "A ceasefire (encyclopaedia copy)", "https://en.wikipedia.org/wiki/A")  # fmt: skip
    assert find_publication(page) == (None, "page not dated")
    assert find_publication(replace(page, retrieved="2024-02-03")) == (
        datetime(2024, 2, 4, tzinfo=UTC),
        "page not dated",
    )
    for day in ("2021-12-31", "2023-09-18"):
        assert "Wikipedia" not in {c.reporter for c in view_case(CASE, date.fromisoformat(day)).known.values()}


@pytest.mark.parametrize("day", DATES)
def test_pages_name_reporters_by_role_and_titles_stand_in_quotes_in_the_claims_row(
    views: dict[str, View], day: str
) -> None:
    """No title that a side disputes, no internal key of a source, outside what a source is called or says."""
    view = views[day]
    names = {r.name for r in view.ledger.terms.reporters.values() if r.shown}
    sheet = text_of(onepage_html(view, None))
    assert [name for name in names if name in sheet] == []
    head = text_of(monitor_html(view).split('<section id="claims"')[0])
    assert re.findall(r"article 00\d", head) == [] and "Artsakh Ombudsman" not in head
    assert "Republic of Artsakh" not in sheet
    titled = {c.reporter for c in view.known.values() if c.reporter in names}
    rows = unescape(monitor_html(view).split('<section id="claims"')[1])
    assert [name for name in titled if f"(in its source: “{name}”)" not in rows] == []


def test_the_words_of_the_source_stand_beside_a_reading_of_not_met(views: dict[str, View]) -> None:
    """On the first screen and on the sheet, for every obligation read so."""
    for day, view in views.items():
        sheet = text_of(onepage_html(view, None))
        for one in standings(view):
            if one.says.startswith("reported not met"):
                assert clause(one.reports[-1].claim.words, 40) in sheet, (day, one.obligation.id)


def test_what_only_a_reading_finds_is_counted_apart(views: dict[str, View]) -> None:
    """The force's duty to protect residents, from an article of 2023: no twenty-first obligation."""
    for day in ("2022-12-20", "2023-08-25"):
        assert front(views[day]).startswith("20 obligations; as this record reads")
    text = front(views["2023-08-25"])
    assert "Read in it by some, not in the text, and not counted: 1." in text
    assert "Read in it by some" not in front(views["2022-12-20"])
    head = "As read by some, not in the text, counted apart"
    for page in (monitor_html(views["2023-08-25"]), onepage_html(views["2023-08-25"], None)):
        assert "protect the residents" in page[page.index(head) :].lower()[:900]


@pytest.mark.parametrize("day", DATES)
def test_the_sheet_says_how_many_claims_have_no_source_of_their_own(views: dict[str, View], day: str) -> None:
    """Counted in the record; disputes of that kind are marked."""
    view = views[day]
    n = sum(c.source_title.startswith("no source of its own") for c in view.known.values())
    text = text_of(onepage_html(view, None))
    assert f"{n} of them ha" in text and "each names its source" not in text
    last = [said for one in standings(view) if one.reports for said in one.reports[-1].disputes if not said.has_source]
    assert [said.id for said in last if f"{view.by(said)}*" not in text] == []


def test_what_was_reported_before_a_prediction_tells_nothing_of_what_came(views: dict[str, View]) -> None:
    """A route foretold on 25 August 2022 for September: a report of that same day is no outcome."""
    for one in predictions(views["2023-09-18"]):
        assert all(claim.time > one.claim.time for claim, _ in one.shows if claim.time and one.claim.time)


def test_a_cut_or_a_closure_is_ended_by_a_later_act_of_the_record() -> None:
    """The end stands where the act does, with who says so; an earlier act or another road ends nothing."""
    view = view_case(CASE, datetime(2023, 3, 14, 12, tzinfo=UTC))
    assert "Newest cut: 10 Mar 2023, Azerbaijan: gas cut off, Shusha" in front(view) and "no end reported" in front(
        view
    )
    cut = view.known["E074"]
    back = replace(cut, id="R1", action="gas_restored", reporter="Artsakhgaz", time=cut.time + timedelta(days=3),
                   published=datetime(2023, 3, 14, 5, 30, tzinfo=UTC), disputes=(), obligation=())  # fmt: skip
    told = front(with_claims(view, back))
    assert "Gas restored reported 13 Mar 2023 (Artsakhgaz" in told
    assert "no end reported" not in told[told.index("Newest cut") :].split("In 90 days")[0]
    for other in (replace(back, time=cut.time - timedelta(days=1)), replace(back, action="power_restored")):
        assert "restored reported" not in front(with_claims(view, other))
    day = view_case(CASE, date(2023, 7, 20))
    closed = in_force(day)[-1]
    times = {"time": day.when - timedelta(days=2), "published": day.when - timedelta(days=1), "until": None}
    open_road = {"action": "road_opened_to_civilians", "road_out": None, "road_in": None}
    opened = replace(closed.reports[-1], id="R2", reporter="AFP", **times, **open_road)
    after = with_claims(day, opened)
    assert closed.day not in {one.day for one in in_force(after)}
    assert "Road opened to civilians reported 1" in closure_said(after, closed)
    elsewhere = with_claims(day, replace(opened, place="aghdam_road"))
    assert "opened to civilians reported 1" not in closure_said(elsewhere, closed)


def test_ages_run_from_the_day_of_the_view_also_after_the_days_of_the_case() -> None:
    """A year and more after the last day: no report is days old, and the page says that it may no longer hold."""
    late = view_case(CASE, date(2025, 1, 1))
    road = next(one for one in answers(late, standings(late), calendar(late)) if "road open" in one.question)
    told = " ".join(map(in_full, road.sayings))
    assert re.findall(r"over \d years? old", told) and not re.findall(r"\d days? old", told)
    assert "may no longer hold" in told and f"The days of the case end on {late.case.last.day} " in told


def test_accounts_of_one_cut_are_one_cut_and_an_end_in_one_of_them_ends_it() -> None:
    """13 December 2022: two reports of the gas, one of which gives its end on the 16th."""
    view = view_case(CASE, date(2022, 12, 20))
    assert {"SU009", "E063"} <= {claim.id for claim in recent(view)} and "gas cut off. No end" not in front(view)
    found = tuple(replace(c, until=None) if c.id == "E063" else c for c in view.case.ledger.claims)
    alone = View(replace(view.case, ledger=replace(view.case.ledger, claims=found)), view.when)
    assert "Newest cut: 13 Dec 2022, party not named: gas cut off. No end reported." in front(alone)
    assert "Newest cut: 13 Dec 2022, Azerbaijan: gas cut off, Shusha / Shushi. No end reported." in front(alone)


@pytest.mark.parametrize("day", DATES)
def test_the_front_is_made_of_short_sentences_each_with_its_source(views: dict[str, View], day: str) -> None:
    """No bracket within a bracket, no semicolon but within a report's words; two lines of a screen at most."""
    for one in answers(views[day], standings(views[day]), calendar(views[day])):
        for said in one.sayings:
            assert not re.search(r"\([^)]*\([^)]*\)[^)]*\)", said.text), said.text
            assert len(said.text) <= 330, said.text
    watch = answers(views[day], standings(views[day]), calendar(views[day]))[-1].sayings
    assert max(len(said.text.split()) for said in watch) <= 32
    told = [
        said for said in watch if said.links and not said.by and not said.text.startswith(("In ", "Since ", "Due "))
    ]
    assert [said.text for said in told if "Closure without" not in said.text] == []


@pytest.mark.parametrize("day", DATES)
def test_where_displaced_people_of_one_side_are_counted_those_of_the_other_stand_beside(
    views: dict[str, View], day: str
) -> None:
    """The sheet names a figure of displaced people in Azerbaijan wherever it names one in Armenia."""
    page = text_of(onepage_html(views[day], None))
    told = page[page.index("Without a report") :]
    assert ("isplaced people present, Azerbaijan" in told) == bool(
        re.search(r"isplaced[\w ]*, (Armenia|Nagorno)", told)
    )


def test_the_type_of_the_sheet_is_eight_points_where_it_has_room(views: dict[str, View]) -> None:
    """The two early dates have it; no date is below seven."""
    sizes = {day: float(re.search(r"--type: ([\d.]+)pt", onepage_html(view, None))[1]) for day, view in views.items()}
    assert min(sizes["2020-11-22"], sizes["2021-12-31"]) >= 8 and min(sizes.values()) >= 7

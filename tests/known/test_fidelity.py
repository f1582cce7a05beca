"""The record says what its sources say: each fault that readers found in it, held to what they found."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

import pytest

from safeconduct.ledger import Claim, Ledger, read_ledger, show_figure, show_saying, trace
from safeconduct.ledger.publication import dates_in_title
from safeconduct.scenario import shipped_cases
from safeconduct.terms import read_text

CASE = shipped_cases() / "karabakh"
RECORD = Path(__file__).parents[3] / "shared" / "record"


@pytest.fixture(scope="module")
def record() -> Ledger:
    """The shipped record."""
    return read_ledger(CASE)


@pytest.mark.parametrize(
    ("claim", "via", "title"),
    [
        ("E099.d1", (), "article 000"),
        ("E110.d1", (), "article 002"),
        ("E114.d2", (), "article 002"),
        ("E055.d1", ("TASS", "IFP"), "IFP/TASS 12 Sep 2023"),
        ("E063.d1", ("Commonspace",), "commonspace: ICJ order"),
        ("E087.d1", (), "Russian MFA statement 15 Jul 2023"),
    ],
)
def test_a_dispute_has_its_own_source_and_outlet(record: Ledger, claim: str, via: tuple[str, ...], title: str) -> None:
    """Six that had been given the outlet of the report they dispute."""
    found = record.by_id(claim)
    assert (found.via, found.source_title.startswith(title)) == (via, True)


def test_no_dispute_borrows_the_outlet_of_what_it_disputes(record: Ledger) -> None:
    """Where the record names no source for a dispute, the claim says so, and names no outlet."""
    listed = [claim for claim in record.claims if claim.source_title.startswith("no source of its own")]
    assert len(listed) > 60 and all(not claim.via for claim in listed)
    alone = {claim.reporter for claim in listed if not claim.disputes}
    assert alone == {"source not named", "Baku", "Yerevan"}  # the last two state what they want of clause 9
    for claim in record.claims:
        for name in claim.disputes:
            assert claim.source_title != record.by_id(name).source_title or not claim.via, claim.id


@pytest.mark.parametrize(
    ("claim", "hedge"),
    [
        ("CS024", "according to some reports"),
        ("CS002", "according to figures said to be revealed"),
        ("CS006", "hinted"),
        ("PE029", "at least"),
        ("AR058", "about"),
        ("WT17", "reportedly"),
        ("PE001", "census of 1989"),
        ("DP03", "census of 2015"),
        ("EV012", "thousands"),
        ("PE026", "a maximum of"),
        ("AR110", "almost"),
    ],
)
def test_a_hedge_is_kept_and_seen_in_a_trace(record: Ledger, claim: str, hedge: str) -> None:
    """In the hedge column, and in what `ledger trace` prints."""
    assert hedge in record.by_id(claim).hedge
    assert any(f"hedged: {record.by_id(claim).hedge}" == step.text for step in trace(record, claim).below)


def test_a_remark_of_the_compiler_is_in_nobodys_mouth(record: Ledger) -> None:
    """CP037 and SU018 had them as a reporter's words; every part of a former note is hedge, context or remark."""
    for name, remark in (("CP037", "no figures in this article"), ("SU018", "conflicts with 9 Jan 14:35")):
        claim = record.by_id(name)
        assert claim.words == "" and remark in claim.remark
        (step,) = [one for one in trace(record, name).below if remark in one.text]
        assert step.text.startswith("remark of the compiler, not of the reporter")
    ours = ("cross-check", "conflicts with", "time approximate", "by sequence", "not looked up")
    mouths = [(c.id, text) for c in record.claims for text in (c.words, c.quote, c.context, c.scope)]
    assert [name for name, text in mouths for phrase in ours if phrase in text] == []


def test_no_village_is_put_into_an_articles_mouth(record: Ledger) -> None:
    """Two tables of the record hold one report of people moving on foot from "frontline villages"."""
    first, other = record.by_id("EV015"), record.by_id("RD050")
    assert {first.place, other.place} == {"nagorno_karabakh"} and first.place_said == "frontline villages"
    assert other.retells == ("EV015",)


def test_displaced_is_not_lost_for_good(record: Ledger) -> None:
    """As many as 50,000 displaced; the article gives no day."""
    claim = record.by_id("PE017")
    assert (claim.quantity, claim.hedge, claim.precision) == ("n_displaced_by_event_persons", "as many as", "year")
    assert show_figure(claim) == "as many as 50,000"


def test_no_precision_is_invented(record: Ledger) -> None:
    """Sirens "around" an hour; transfers "since December" are no figure of a day; a comment without a date has none."""
    sirens = record.by_id("EV008")
    assert (sirens.precision, sirens.hedge, sirens.words) == ("approximate", "around", "air raid sirens")
    moved = record.by_id("CP082")
    assert (moved.precision, moved.scope, moved.best) == ("month", "since December 2022", 700)
    assert record.by_id("CP037").precision == "month"  # the article gives no date of the checkpoint
    assert all(record.by_id(name).time is None for name in ("CS027", "CS028"))


def test_no_length_is_read_from_a_jam_without_one(record: Ledger) -> None:
    """WT16 and WT17 tell of a jam and give no length; WT14 says "tens of kilometres", a bound that shows its words."""
    for name in ("WT16", "WT17"):
        claim = record.by_id(name)
        assert (claim.kind, claim.quantity, claim.low, claim.value) == ("statement", "", None, None)
    assert show_figure(record.by_id("WT14")) == "at least 20 ('tens of kilometres')"
    figures = [claim for claim in record.claims if claim.kind == "figure"]
    assert [claim.id for claim in figures if "without a length" in claim.remark] == []


def test_no_report_is_carried_by_its_own_reporter(record: Ledger) -> None:
    assert [claim.id for claim in record.claims if claim.reporter in claim.via[:1]] == []


@pytest.mark.parametrize(("claim", "first"), [("CS002", "CP082"), ("CS003", "CP077"), ("DP12", "PE017")])
def test_one_report_is_one_claim(record: Ledger, claim: str, first: str) -> None:
    """What two tables of the record hold of one sentence counts once."""
    assert record.by_id(claim).retells == (first,) and not record.by_id(first).retells


def test_places_are_as_said(record: Ledger) -> None:
    """1,235 returned to the city."""
    assert {c.place for c in record.claims if c.best == 1235 and "returns" in c.quantity and c.id != "RT06.day"} == {
        "stepanakert"
    }


def test_an_article_that_asserts_is_said_to_assert() -> None:
    """That the Armenian government wanted the separation is article 001's own assertion."""
    text = read_text(CASE / "accounts.yaml", []) or ""
    assert "Article 001 (A. Babajanyan) asserts it" in text and "Article 001 (A. Babajanyan) reports" not in text


def test_as_of_is_late_rather_than_early(record: Ledger) -> None:
    """A period from its end, a census when a page cites it, a rescheduled duty from its first report."""
    for claim in record.claims:
        told = claim.published_rule in ("date plus a day", "hour plus one")
        if told and claim.until and claim.published:
            assert claim.published >= claim.until, claim.id
    assert record.by_id("PE002").published is None and record.by_id("PE002").published_rule == "page not dated"
    assert record.by_id("E007").published == datetime.fromisoformat("2020-11-16T00:00+04:00")


def given(name: str) -> dict[str, dict[str, str]]:
    """The rows of a table of the given record, by the name that claims keep of them."""
    with (RECORD / name).open(encoding="utf-8", newline="") as file:
        return {f"{name}:{n}": row for n, row in enumerate(csv.DictReader(file), start=2)}


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_titles_and_addresses_are_those_of_the_rows(record: Ledger) -> None:
    """Every claim of the acts, returns and influence names the page of its own row, or says that it names none."""
    rows = {**given("karabakh-2020/events.csv"), **given("karabakh-2020/returns.csv")}
    rows |= given("karabakh-2020/influence.csv")
    wrong = [claim.id for claim in record.claims if claim.row in rows and not is_of(claim, rows[claim.row])]
    assert len(wrong) < 25, wrong  # rows that hold several reports name the others' sources in their words
    assert all("." in name for name in wrong), wrong


def is_of(claim: Claim, row: dict[str, str]) -> bool:
    """Whether a claim names its row's page, or none."""
    title = row["source_title"].split(" (")[0]
    return claim.source_title.startswith((title[:12], "no source of its own")) or "article" in claim.source_title


def test_a_hedge_stands_once_beside_the_words(record: Ledger) -> None:
    """In brackets where the words do not hold it already; never left out."""
    assert show_saying(record.by_id("E121"), record).count("over") == 1
    for claim in record.claims:
        if claim.hedge and claim.kind != "figure":
            told = show_saying(claim, record).lower()
            assert all(part.strip().strip("'\"").lower() in told for part in claim.hedge.split(";")), claim.id


def test_a_channel_is_an_outlet_and_none_is_missing(record: Ledger) -> None:
    """An outlet's name is whole, no document of the reporter's own stands as one, and "(via X)" of a title is there."""
    for claim in record.claims:
        for outlet in claim.via:
            assert outlet == " ".join(outlet.split()) and outlet.count("(") == outlet.count(")"), claim.id
            own = outlet.startswith(f"{claim.reporter} ") and not outlet.endswith("mirror")
            assert not own, (claim.id, outlet)
        named = re.search(r"\(via (\w+)\)", claim.source_title)
        told = named and (named[1] if named[1] != "ANI" else "Armenian National Institute")  # one outlet, one name
        assert told is None or claim.disputes or told in claim.via, (claim.id, claim.via)


@pytest.mark.parametrize(
    ("claim", "reporter", "via"),
    [
        ("E115", "Reuters", ("Vietnam.vn",)),
        ("IN24", "Eurasianet", ("1lurer",)),
        ("RT43.day", "Russian MoD", ("Sputnik", "UrduPoint")),
        ("AR012", "Government of Armenia", ("RIA Novosti", "RT")),
        ("E124.p", "Artsakh authorities", ("Armradio",)),
        ("E129", "Asbarez", ("ArmenianClub",)),
        ("RT30.day", "Russian MoD", ("TASS", "Armenews")),
        ("AR003", "Government of Armenia", ("Reuters", "CivilNet", "Waradana")),
        ("DP34", "AP", ("Washington Post",)),
        ("SU051", "Artsakh Infrastructure Ministry", ("Armlife",)),
        ("CMP06", "a speaker in the European Parliament", ("Wordscope",)),
        ("RT02.buses", "Russian MoD", ("Sputnik", "UrduPoint")),
        ("AR001", "Tegh municipality", ("Armenpress", "ArmenianClub")),
        ("IN14.to", "CSSC", ("JAMnews",)),
        ("AR008", "Government of Armenia", ("RIA Novosti", "ClearStory")),
        ("DP14", "Government of Azerbaijan", ("ACAPS", "ReliefWeb")),
        ("E032", "Russian MoD", ("Armenpress",)),
        ("E064", "Russian MoD", ("CMIO",)),
        ("E073", "Russian MoD", ("Asbarez",)),
        ("E114", "Russian MoD", ("1lurer",)),
    ],
)
def test_the_agency_stands_before_the_outlet_that_copied_it(
    record: Ledger, claim: str, reporter: str, via: tuple[str, ...]
) -> None:
    """Outlets stand nearest to the reporter first; an agency whose text another printed is the reporter."""
    found = next(one for one in record.claims if one.id == claim)
    assert (found.reporter, found.via) == (reporter, via)


@pytest.mark.parametrize(
    ("claim", "remark"),
    [
        ("CP087", "not admitted until after 20 Sept"),
        ("EV005", "the first group to leave on 24 Sept came from here"),
        ("E093", "no Russian statement found"),
        ("AG07", "no Azerbaijani return to the peacekeeper zone found in sources"),
    ],
)
def test_what_the_source_could_not_know_is_a_remark(record: Ledger, claim: str, remark: str) -> None:
    """What came after the page, or was looked for and not found, is the compiler's: in no source's mouth."""
    found = record.by_id(claim)
    assert remark in found.remark and remark not in found.words + found.context


NOT_A_DAY = re.compile(
    r"\b(?:day|date|month) (?:is )?(?:approximate|unknown|inferred|not shown)|\bundated\b|page not dated"
)


def test_a_day_that_the_row_calls_unknown_is_no_day(record: Ledger) -> None:
    """Such a claim speaks of a span of days, a month or a year; of an undated page nothing is known as of a date."""
    spoken = [c for c in record.claims if NOT_A_DAY.search(c.remark)]
    assert len(spoken) > 15
    assert [c.id for c in spoken if c.precision in ("exact", "day") and c.until is None] == []
    for name in ("PE023", "PE024", "PE025", "RT41.day", "RT41.total", "SU030"):
        claim = record.by_id(name)
        assert (claim.published, claim.published_rule) == (None, "page not dated")
    twins = {(record.by_id(name).time, record.by_id(name).until) for name in ("DP05", "PE015")}
    assert len(twins) == 1 and record.by_id("DP05").until is not None


def test_what_would_be_seen_is_the_compilers_test(record: Ledger) -> None:
    """Those who hold an account are not said to expect it; no note of the compiler stands in words."""
    accounts = [c for c in record.claims if c.id.startswith("AC")]
    assert len(accounts) == 21 and all(c.remark.startswith("what would be seen if it holds: ") for c in accounts)
    ours = ("what would be seen", "no number", "not shown", "Russia forces")
    assert [c.id for c in record.claims for phrase in ours if phrase.lower() in c.words.lower()] == []


def test_nobody_acts_whom_the_row_does_not_name(record: Ledger) -> None:
    """Eight reports of a closed or opened road name no one; one names people who call themselves activists."""
    for name in ("CP003", "CP032", "CP042", "CP054", "CP055", "CP112", "EV032", "SU047"):
        assert record.by_id(name).actor == "", name
    assert record.by_id("CP002").actor == "self-described environmental activists"


def test_a_road_class_is_one_that_was_said(record: Ledger) -> None:
    """Baku spoke of aid, which goes in, of a protest, and of readiness: not of patients who pass."""
    said = {
        name: (record.by_id(name).road_out, record.by_id(name).road_in) for name in ("AG06c.d1", "E062.d1", "CP062")
    }
    assert said == {"AG06c.d1": (None, ("aid",)), "E062.d1": (None, None), "CP062": (None, None)}


def test_nothing_is_dated_before_what_it_speaks_of(record: Ledger) -> None:
    """No outcome is older than its prediction; a vote of 9 September is disputed from then on."""
    for claim in record.claims:
        for name in claim.outcome_of:
            other = record.by_id(name)
            assert claim.time is None or other.time is None or (claim.until or claim.time) >= other.time, claim.id
    assert record.by_id("E102.d1").disputes == ("E102.s2",)


def test_an_objection_to_an_early_change_is_no_prediction(record: Ledger) -> None:
    assert "AG06d.p" not in {claim.id for claim in record.claims}


def test_the_records_reading_of_a_report_is_met_only_where_all_that_is_owed_came(record: Ledger) -> None:
    """1,960 troops are owed; the report tells of over 1,100."""
    assert record.by_id("AG03a").status == "reported partly met"


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_a_bound_in_words_is_in_the_row(record: Ledger) -> None:
    """A highest or lowest figure in the row is no "up to" or "at least" in its words; it shows as a sign."""
    bounded = [c for c in record.claims if c.hedge.startswith(("up to", "at least")) and c.row and "'" not in c.hedge]
    rows = {name: row for part in sorted({c.row.split(":")[0] for c in bounded}) for name, row in given(part).items()}
    said = {c.id: " ".join(rows[c.row].values()).lower() for c in bounded}
    assert len(bounded) > 10
    assert [c.id for c in bounded if c.hedge not in said[c.id] and c.id != "CS010"] == []  # CS010: the article's words
    assert show_figure(record.by_id("SU022")) == "≥ 3,900"
    assert show_figure(record.by_id("SU066")) == "≤ 200"


OTHER_OUTLET = {  # an outlet that a title names -> addresses of another at which the record says that it was read
    "Gagrule": ("artsakh.news",), "Infoline": ("azerbaijannewsgazette.com",),
    "247newsagency": ("azerbaijannewsgazette.com",), "24/7 news": ("azerbaijannewsgazette.com",),
    "Sputnik Arabic": ("armenpress.am",),
    "IloveKyiv": ("armenian-genocide.org",), "NashVernisazh": ("armenian-genocide.org", "investigative.am"),
    "NSN": ("tbsnews.net",), "DW copy": ("tbsnews.net",), "WorldReportNow": ("tbsnews.net", "en.interfax.com.ua"),
    "Pasperevoz": ("quotidiano.net",), "PledgeTimes": ("babel.ua", "oc-media.org"),
}  # fmt: skip


def test_an_address_of_another_outlet_than_the_named_one_is_marked(record: Ledger) -> None:
    """Who follows the link is told beforehand."""
    found = [
        claim
        for claim in record.claims
        for outlet, hosts in OTHER_OUTLET.items()
        if outlet in claim.source_title and not claim.source_title.startswith("articles")
        and any(f"//{host}/" in claim.address.replace("www.", "") for host in hosts)
    ]  # fmt: skip
    assert len(found) == 53 and all("the address is of another outlet" in claim.remark for claim in found)


OTHER_VOICE = {"E043", "E078", "E130", "E017"}  # words that go on with another voice; E017 tells what the ministry did


def test_a_ministry_whose_words_an_act_holds_is_its_reporter(record: Ledger) -> None:
    """Words that begin with MoD or MFA are that ministry's; what a person said in public is told by the outlet."""
    spoken = [c for c in record.claims if c.kind == "act" and re.match(r"(MoD|MFA)\b", c.words)]
    wrong = {c.id for c in spoken if not re.search(r"MoD|MFA", c.reporter)}
    assert len(spoken) > 8 and wrong == OTHER_VOICE
    assert record.by_id("E072").reporter == "Russian MoD"


def test_arithmetic_of_the_compiler_has_no_outlet(record: Ledger) -> None:
    """No outlet carried what the compiler worked out, or looked for and did not find."""
    assert [c.id for c in record.claims if c.reporter == "derived" and c.via] == []
    assert record.by_id("E093").reporter == "derived"


def test_an_outlet_has_one_name(record: Ledger) -> None:
    names = {name for c in record.claims for name in (*c.via, c.reporter)}
    assert not names & {
        "ANI",
        "Azer News",
        "Radio Azatutyun",
        "Medialab",
        "Pledge Times",
        "Azerbaijan MoD",
        "RBC digest",
    }


def test_a_page_tells_nothing_of_a_later_day_than_its_title(record: Ledger) -> None:
    """What a row tells beside a page of an earlier day has no named source; the rest was announced or is a length."""
    announced = {"IN20", "SU019", "SU020", "SU034"}
    late = set()
    for claim in record.claims:
        if claim.time is not None and claim.quantity != "road_km" and claim.reporter != "source not named":
            titled = [end for _, end in dates_in_title(claim.source_title, claim.time)]
            if titled and max(titled) <= claim.time and not claim.source_title.startswith(("article", "no source")):
                late.add(claim.id)
    assert late == announced
    assert {c.id for c in record.claims if c.reporter == "source not named"} == {
        "AG09a.s2", "E095.s2", "E102.s2", "E127.s2", "E129.s2", "E130.s2",
    }  # fmt: skip


def test_no_row_is_known_before_what_another_row_of_its_page_tells(record: Ledger) -> None:
    """A page without a date in its title; an encyclopaedia is written on from day to day."""
    pages: dict[tuple[str, str], list[Claim]] = {}
    for claim in record.claims:
        dated = claim.time is None or dates_in_title(claim.source_title, claim.time)
        if claim.published and not dated and claim.reporter != "Wikipedia" and "article" not in claim.source_title:
            pages.setdefault((claim.source_title, claim.address), []).append(claim)
    early = [
        claim.id
        for told in pages.values()
        for claim in told
        if claim.published and claim.published < max(one.time for one in told if one.time)
    ]
    assert len(pages) > 50 and early == []


def test_a_dispute_is_not_known_before_what_it_disputes(record: Ledger) -> None:
    for claim in record.claims:
        for name in claim.disputes if claim.published_rule == "with the disputed report" else ():
            other = record.by_id(name)
            assert claim.published and other.published and claim.published >= other.published, claim.id


def test_an_approximate_day_of_a_page_is_so_in_all_its_rows(record: Ledger) -> None:
    """A day or month that one row calls approximate, in another row of the page."""
    for first, *others in (
        ("CP018", "CP019", "CP020"), ("EV067", "EV065", "EV066", "EV068"), ("EV069", "EV070", "EV071"),
        ("AR151", "AR152", "AR153"), ("PE014", "CS104"),
    ):  # fmt: skip
        one = record.by_id(first)
        assert one.until is not None or one.precision == "year"
        assert {(record.by_id(name).time, record.by_id(name).until) for name in others} == {(one.time, one.until)}
    assert all(record.by_id(name).time is None for name in ("PL013", "PL018", "PL020", "PL022"))  # "year not given"
    for name in ("PE013", "PE016", "PE026"):  # a day that neither the words nor the title have
        assert record.by_id(name).precision == "year", name
    convoy = record.by_id("CP044")  # about 21:00 to 11:10 of the next day
    assert (convoy.precision, convoy.until) == ("approximate", datetime.fromisoformat("2023-04-29T11:10+04:00"))


def test_inferred_is_what_is_counted_not_its_day(record: Ledger) -> None:
    """A figure that a source states is no inference where only its day is one."""
    dated = re.compile(r"(?:date|day) inferred|inferred from first group|implied 16 Nov")
    assert [c.id for c in record.claims if c.basis == "inferred" and dated.search(c.remark)] == []


def test_one_page_gives_a_figure_once(record: Ledger) -> None:
    """The same quantity, place and figure from one page: the second row repeats the first."""
    first: dict[tuple[object, ...], str] = {}
    for claim in record.claims:
        if claim.kind == "figure" and claim.address.startswith("http") and not claim.retells:
            key = (claim.address, claim.quantity, claim.place, claim.low, claim.best, claim.high)
            assert key not in first, (claim.id, first[key])
            first[key] = claim.id
    for name, other in (
        ("AR146", "AR166"),
        ("AR167", "AR166"),
        ("EV053", "AR112"),
        ("PE016", "DP09"),
        ("PE040", "AR192"),
    ):
        assert record.by_id(name).retells == (other,)


def test_a_hedge_is_a_hedge(record: Ledger) -> None:
    """A day ("by Monday") and an adverb of another word ("officially") are none; "about" and "thought" are."""
    assert not {c.hedge for c in record.claims} & {"by Monday", "officially"}
    told = {name: record.by_id(name).hedge for name in ("DP02", "PE010", "DP09", "PE016", "PL058")}
    census = "about; census of 2015"
    assert told == {"DP02": census, "PE010": census, "DP09": "thought", "PE016": "thought", "PL058": "nearly"}


def test_an_hour_of_publication_in_the_row_is_used(record: Ledger) -> None:
    """An article of 19:50, a report of 20:17; a page that tells of over nine hours, and one of a later blast."""
    hours = {name: record.by_id(name).published for name in ("AR031", "EV037", "CP003", "AR018")}
    assert {name: when and f"{when:%d %H:%M}" for name, when in hours.items()} == {
        "AR031": "26 19:50", "EV037": "25 20:17", "CP003": "13 00:00", "AR018": "26 00:00",
    }  # fmt: skip


def test_a_part_says_no_more_than_its_row(record: Ledger) -> None:
    """Words that an earlier splitting of rows had added are gone."""
    said = {name: record.by_id(name).words for name in ("E102.s2", "AG01.d1", "AG08.s2")}
    assert said == {
        "E102.s2": "Shahramanyan elected",
        "AG01.d1": 'its moves were "counter-terrorist", or answers to Armenian fire',
        "AG08.s2": "not fulfilled by Azerbaijan",
    }
    assert "up to" not in record.by_id("PE035").words
    assert not record.by_id("AG09a.d2").is_verified  # "second half unverified"


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_what_a_row_adds_to_its_reporter_is_kept(record: Ledger) -> None:
    """A census figure of a district is no town's; an article that cites local statistics is their outlet."""
    rows = given("karabakh-2023/places.csv")
    for claim in record.claims:
        if claim.row in rows and "(district)" in rows[claim.row]["reporter"]:
            assert (claim.scope, claim.place.endswith("_district")) == ("district", True), claim.id
    for name in ("DP01", "PE013"):
        assert (record.by_id(name).reporter, record.by_id(name).via) == ("NKR statistics", ("Newscafe.ge",))
    assert record.by_id("E087.d2").words == "conditional on guarantees"


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_an_hour_that_one_row_of_a_page_calls_approximate_is_so_in_all(record: Ledger) -> None:
    """Its source gives none."""
    names = ("arrivals", "checkpoint", "events", "places", "population_estimates", "supplies")
    rows = {place: row for name in names for place, row in given(f"karabakh-2023/{name}.csv").items()}
    pages = {(row["source_title"], row["datetime"]) for row in rows.values() if "time approximate" in row["note"]}
    own = {c.id: rows[c.row] for c in record.claims if c.row in rows}
    same = [c for c in record.claims if c.id in own and (own[c.id]["source_title"], own[c.id]["datetime"]) in pages]
    assert len(same) > 60 and [c.id for c in same if c.precision == "exact"] == []


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_a_reading_other_than_the_records_says_so(record: Ledger) -> None:
    """Where a status is not the one that its row gives, the remark has the row's."""
    rows = given("karabakh-2020/agreement.csv")
    first = [c for c in record.claims if c.kind == "status" and c.row in rows and "." not in c.id]
    for claim in first:
        was = rows[claim.row]["status"]
        assert was.replace("kept", "met").startswith(claim.status) or f'"{was}"' in claim.remark, claim.id
    assert len(first) > 20


def test_a_prediction_is_not_dated_to_what_it_speaks_of(record: Ledger) -> None:
    """Its time is when it was said, or none; its due day is another column."""
    said = {
        c.id: (f"{c.time:%Y-%m}", f"{c.due:%Y-%m}")
        for c in record.claims
        if c.kind == "prediction" and c.due and c.time
    }
    assert len(said) > 2 and [name for name, (when, due) in said.items() if when == due] == []
    assert record.by_id("DP24").time is None and "not recorded" in record.by_id("DP24").remark


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_a_plan_tells_nothing_of_its_later_reports(record: Ledger) -> None:
    """The inter-agency plan, its report and its final report are three documents of one voice."""
    documents = {"Plan report": "inter-agency report", "Plan final report": "inter-agency final report"}
    told = [c for c in record.claims if "Inter-agency Response Plan" in c.source_title]
    for claim in told:
        name = next((name for title, name in documents.items() if title in claim.source_title), "inter-agency plan")
        assert name in (claim.reporter, *claim.via), claim.id
    assert len(told) > 10 and record.voice(record.by_id("DP20")) == "inter-agency plan"


def test_the_end_of_an_act_is_not_in_the_mouth_of_an_earlier_page(record: Ledger) -> None:
    """The remark tells whose the end is; an end that was announced is in the words."""
    open_ended = [c for c in record.claims if c.until and c.published and c.until > c.published]
    assert {c.id for c in open_ended if "the page is of" not in c.remark} == {"E108"}
    assert len(open_ended) == 3 and "to 20 Sept" in record.by_id("E108").words


def test_a_figure_of_a_span_has_the_span(record: Ledger) -> None:
    """Deaths of January to July and of July were told on 8 August."""
    ratios = [record.by_id(name) for name in ("SU059", "SU060")]
    assert [(c.time and f"{c.time:%m-%d}", c.precision) for c in ratios] == [("01-01", "day"), ("07-01", "month")]
    assert {c.published and f"{c.published:%m-%d}" for c in ratios} == {"08-09"}


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_what_is_quoted_of_a_row_stands_in_it(record: Ledger) -> None:
    """Letter by letter: a remark had given the row's words in other ones, within quotation marks."""
    rows = given("karabakh-2020/agreement.csv")
    quoted = [(c, found[1]) for c in record.claims if (found := re.search(r'reads "([^"]+)"', c.remark))]
    assert len(quoted) > 5
    assert [c.id for c, words in quoted if words not in rows[c.row].values()] == []


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_media_are_named_where_the_row_names_media(record: Ledger) -> None:
    """ "One claim" and "one Azerbaijani-side claim" name no media: the reporter is a side, no government."""
    names = ("karabakh-2020/agreement", "karabakh-2020/events", "karabakh-2023/checkpoint")
    rows = {place: row for name in names for place, row in given(f"{name}.csv").items()}
    told = [c for c in record.claims if c.reporter == "Azerbaijani media"]
    assert told and all("Azerbaijani media" in " ".join(rows[c.row].values()) for c in told)
    for name in ("AG06c.d2", "E062.d2"):
        claim = record.by_id(name)
        assert (claim.reporter, record.side(claim)) == (
            "Azerbaijani side, not further named",
            "Azerbaijan, not further named",
        )


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_each_of_two_who_counted_has_a_claim(record: Ledger) -> None:
    """A municipality counted 30 and an outlet about 40: neither gave a range."""
    rows = given("karabakh-2023/arrivals.csv")
    both = [c for c in record.claims if c.row in rows and rows[c.row]["reporter"] == "Tegh municipality / CivilNet"]
    assert [(c.reporter, c.low, c.best, c.high, c.hedge) for c in both] == [
        ("Tegh municipality", None, 30, None, ""),
        ("CivilNet", None, 40, None, "about"),
    ]


def test_what_is_under_way_is_not_done(record: Ledger) -> None:
    """Article 004: "shops are opening, infrastructure is being restored"."""
    assert record.by_id("CS105").words == "shops are opening, infrastructure is being restored"


def test_a_hedge_of_a_rounder_figure_is_not_that_of_the_exact_one(record: Ledger) -> None:
    """19.99 is almost 20; nobody said almost 19.99."""
    claim = record.by_id("IN20")
    assert (claim.hedge, claim.best, claim.high, claim.context) == ("", 19.99, None, "almost 20")
    assert all("announced: the page is of" in record.by_id(name).remark for name in ("IN20", "SU019", "SU020", "SU034"))


def test_a_page_dated_by_its_year_is_known_from_its_end(record: Ledger) -> None:
    """Where the year is all that the title says of when it was written, and no month or day stands beside it."""
    year = re.compile(r"^[^:]*?\b((?:19|20)\d\d)(?: mirror)?(?::|$)")  # "Outlet 2015: title"
    dated = {}
    for claim in record.claims:
        found = year.search(claim.source_title)
        if found and claim.time and claim.is_verified and not dates_in_title(claim.source_title, claim.time):
            dated[claim.id] = claim.published and claim.published.year - int(found[1])
    assert {"CMP05", "IN11", "IN16", "PE008"} <= set(dated) and set(dated.values()) == {1}


def test_a_road_class_is_in_the_report(record: Ledger) -> None:
    """Who passed or was stopped is not everyone, and patients who wait or an aid convoy held are not "nobody"."""
    silent = (
        "E051", "DP51", "RT15.total", "RT52.total", "CP074", "CP049", "E096", "CP033", "CP040", "CP045", "CP066",
        "EV056",
    )  # fmt: skip
    assert [name for name in silent if record.by_id(name).road_out or record.by_id(name).road_in] == []
    said = {name: record.by_id(name).road_out for name in ("CP076", "CP084", "CP086", "EV031")}
    assert said == {
        "CP076": ("passport", "escorted"), "CP084": ("medical",), "CP086": ("escorted",), "EV031": ("escorted",),
    }  # fmt: skip
    assert record.by_id("CP018").road_in is None
    closing = [c for c in record.claims if c.kind == "figure" and "nobody" in (c.road_out or ()) + (c.road_in or ())]
    assert {c.quantity for c in closing} == {"closure_hours"}
    for claim in record.claims:
        told = f"{claim.words} {claim.context} {claim.scope} {claim.remark} {claim.hedge}".lower()
        if "passport" in (claim.road_out or ()):
            assert "citizens" in told, claim.id
        if "escorted" in (claim.road_out or ()):
            assert re.search("escort|peacekeeper|by the force", told), claim.id


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_a_page_that_the_row_does_not_name_is_marked(record: Ledger) -> None:
    """A claim names the row that holds its words; where the page is that of another row, the remark has the row."""
    tables = sorted({c.row.split(":")[0] for c in record.claims if c.row})
    rows = {place: " ".join(map(str, row.values())) for name in tables for place, row in given(name).items()}
    other = {c.id for c in record.claims if c.row and c.address.startswith("http") and c.address not in rows[c.row]}
    marked = {c.id for c in record.claims if re.search(r"page is that of another row|another row gives", c.remark)}
    assert len(other) > 8 and other <= marked
    for name, words in (("AG01.d2", "no losses"), ("AG01.d3", "bypass road"), ("AG06c.d3", "in interaction")):
        assert words in rows[record.by_id(name).row], name
    assert record.by_id("E047.d1").words == "over 10,000 remain"
    assert not any(words in record.by_id(name).words for name, words in (("AG01.s2", "asked"), ("AG06c.s2", "beside")))


def test_no_report_repeats_a_later_one(record: Ledger) -> None:
    """Of two pages the earlier is the one that is repeated: the statement of 2020, not an article of 2023 on it."""
    for claim in record.claims:
        for name in claim.retells:
            other = record.by_id(name)
            assert not claim.published or (other.published and other.published <= claim.published), claim.id
    assert record.by_id("EV001").retells == ("IN25",)


def test_a_dispute_is_of_the_day_of_what_it_disputes(record: Ledger) -> None:
    """It is not later than the page that it is listed beside, but where its row has the day."""
    late = set()
    for claim in record.claims:
        if claim.published_rule == "with the disputed report" and claim.time:
            titled = [end for _, end in dates_in_title(claim.source_title, claim.time)]
            if titled and max(titled) <= claim.time:
                late.add(claim.id)
    assert late == {
        "E044.d2",
        "E095.d1",
        "E102.d1",
        "E124.d1",
    }  # 29 March, in August, a vote of 9 September, 19 October


def test_a_dispute_has_the_span_of_what_it_disputes(record: Ledger) -> None:
    """ "No losses" is said of five days, "voluntary" of eight; not where its page is older than the end of the span."""
    spans = set()
    for claim in record.claims:
        for name in claim.disputes if claim.published_rule == "with the disputed report" else ():
            other = record.by_id(name)
            if other.until and claim.time == other.time and claim.published and claim.published >= other.until:
                assert claim.until == other.until, claim.id
                spans.add(claim.id)
    assert len(spans) > 12 and {"E042.d1", "E121.d1"} <= spans
    assert record.by_id("AG01.d2").until == record.by_id("E042").until  # words of the same row
    assert record.by_id("E062.d1").until is None  # its page is of the fourth day


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_a_dispute_names_the_row_of_the_page_that_it_is_listed_beside(record: Ledger) -> None:
    """AG04a.d2 named a row without its page, its day and two of its words."""
    listed = {c: found[1] for c in record.claims if (found := re.search(r'listed beside "(.+)"$', c.source_title))}
    rows = {place: row for name in {c.row.split(":")[0] for c in listed} for place, row in given(name).items()}
    assert len(listed) > 60
    assert [c.id for c, title in listed.items() if title not in " ".join(rows[c.row].values())] == []


@pytest.mark.skipif(not RECORD.is_dir(), reason="the given record is not beside this checkout")
def test_background_knowledge_is_what_the_row_calls_so(record: Ledger) -> None:
    """From memory, not looked up, or unverified; what a row tells beside an older page has no named source."""
    told = [c for c in record.claims if c.reporter == "background knowledge"]
    rows = {place: row for name in {c.row.split(":")[0] for c in told} for place, row in given(name).items()}
    own = ("background knowledge", "from memory", "distance unverified")
    assert len(told) > 30
    assert [c.id for c in told if not any(words in " ".join(rows[c.row].values()) for words in own)] == []


def test_a_shooting_off_the_corridor_is_no_matter_of_its_safety(record: Ledger) -> None:
    """A farmer at Martakert; E031 is of a worker near Shusha, on a page about a major road closed by it."""
    corridor = {"AG06c", "AG06d", "AG06e", "AG06f"}
    assert {c.id for c in record.claims if c.killed_persons and corridor & set(c.obligation)} == {"E031"}
    assert record.by_id("E029").obligation == ("AG01", "AG03d")

"""The story page in a real browser, without network: clocks, zoom, filters, address, keyboard, source, paper."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from visiting import WIDE, Visit, go, violations, wait_until

from safeconduct.app import main
from safeconduct.findings.story import TRACKS, Story, story_of, track_of, write_story
from safeconduct.findings.story.sides import groups_of
from safeconduct.monitor import View, calendar, in_a_word, say_state, standings
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MIDDLE, SMALL = (768, 1024), (390, 844)


def shown(page: Page) -> dict[str, int]:
    """The count beside each track's title."""
    return {track.key: int(page.inner_text(f"#n-{track.key}").replace(",", "")) for track in TRACKS}


@pytest.mark.parametrize("size", [WIDE, MIDDLE, SMALL], ids=["1400", "768", "390"])
def test_it_asks_for_nothing_fits_and_keeps_the_rules(
    browser: Browser, told: tuple[Story, str], size: tuple[int, int]
) -> None:
    for hash_ in ("", "#show=day&day=2030-05-07", "#report=A05&known=now"):
        visit = Visit(browser, told[1] + hash_, size)
        assert visit.faults() == [] and visit.fits(), hash_
        visit.page.context.close()
    assert violations(browser, f"{told[1]}#show=day&day=2030-05-07", size) == []
    assert violations(browser, f"{told[1]}#step=3", size) == []


def count(story: Story, day: date, moment: date, without: set[str]) -> Counter[str]:
    """Reports by track, counted from the ledger: published by the moment, of days up to the day, groups left out."""
    view = View(story.view.case, story.view.case.end_of(moment))
    groups, found = groups_of(story.view), Counter[str]()
    for claim in view.known.values():
        track = track_of(claim, view.ledger.terms)
        speaks_of = claim.published.astimezone(view.case.zone).date() if track == "voices" else view.day(claim)
        if speaks_of and speaks_of <= day and groups.of(story.view, claim.reporter) not in without:
            found[track] += 1
    return found


def random_views(story: Story, n: int) -> Iterator[tuple[date, str, set[str]]]:
    """Days, clocks and filters, the same in every run."""
    draw, case = random.Random(20), story.view.case
    keys = [group.key for group in groups_of(story.view).all]
    for _ in range(n):
        day = case.first + timedelta(days=draw.randrange((case.last - case.first).days + 1))
        yield day, draw.choice(["then", "now"]), set(draw.sample(keys, draw.randrange(3)))


def check_counts(story: Story, page: Page, n: int) -> None:
    """The page's counts, standings and road against the ledger's, for random views."""
    last = max(c.published for c in story.view.known.values()).astimezone(story.view.case.zone).date()
    n_reports = 0
    for day, known, without in random_views(story, n):
        moment = day if known == "then" else last
        go(page, f"day={day}&known={known}&without={','.join(sorted(without))}&show=day")
        expected = count(story, day, moment, without)
        assert shown(page) == {track.key: expected[track.key] for track in TRACKS}, (day, known, without)
        n_reports += expected.total()
        if known == "then" and not without:
            view = View(story.view.case, story.view.case.end_of(day))
            words = Counter(in_a_word(one) for one in standings(view))
            text = page.inner_text("#finding-agreement")
            assert all(f"{word} {k}" in text for word, k in words.items()), (day, text)
            today = calendar(view)[-1] if calendar(view) else None
            rows = {
                row.locator("th").inner_text(): [cell.inner_text() for cell in row.locator("td").all()[:2]]
                for row in page.locator("#day-road tbody tr").all()
            }
            sides = {} if today is None or today.last < day else today.sides
            assert rows == {
                side: [say_state(s).replace("not known", "not said") for s in (said.out, said.into)]
                for side, said in sides.items()
            }, day
    assert n_reports > 0


def test_counts_are_the_ledgers_in_twenty_views(told: tuple[Story, str], visit: Visit) -> None:
    check_counts(told[0], visit.page, 20)


@pytest.mark.slow
def test_counts_are_the_ledgers_in_twenty_views_of_the_large_case(browser: Browser, tmp_path: Path) -> None:
    """And the page of the large case is small enough to send."""
    story = story_of(shipped_cases() / "karabakh")
    file = write_story(story, tmp_path)[0]
    assert file.stat().st_size <= 5_000_000
    visit = Visit(browser, file.as_uri(), WIDE, locale="en-GB")
    check_counts(story, visit.page, 20)
    assert visit.faults() == []
    visit.page.context.close()
    for size in (WIDE, SMALL):
        assert violations(browser, f"{file.as_uri()}#step=6", size) == []
        for step in range(1, len(story.file.steps) + 1):
            check_sheet(browser, f"{file.as_uri()}#step={step}", size, is_cut=False)
        check_sheet(browser, f"{file.as_uri()}#show=day", size, is_cut=True)


def test_both_clocks_move_marks_and_numbers(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-06&known=then")
    then, marks = shown(page), page.locator("svg.track .mark").count()
    page.click("[data-known=now]")
    assert shown(page)["force"] > then["force"] and page.locator("svg.track .mark").count() > marks
    now = shown(page)
    page.click("[data-move='1']")
    wait_until(page, "location.hash.includes('day=2030-05-07')")
    assert sum(shown(page).values()) > sum(now.values())
    page.fill("#day", "2030-05-03")
    wait_until(page, "location.hash.includes('day=2030-05-03')")
    assert sum(shown(page).values()) < sum(now.values())


def test_zoom_reaches_one_day_and_back(visit: Visit) -> None:
    page = visit.page
    for _ in range(8):
        page.click("[data-zoom='0.5']")
    wait_until(page, "new URLSearchParams(location.hash.slice(1)).has('from')")
    assert any(":" in word for word in page.locator("#axis text").all_text_contents())
    page.click("[data-zoom=all]")
    wait_until(page, "!location.hash.includes('from=')")
    area = page.locator("#overview").bounding_box()
    page.mouse.move(area["x"] + area["width"] * 0.4, area["y"] + 15)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.7, area["y"] + 15, steps=4)
    page.mouse.up()
    wait_until(page, "location.hash.includes('from=')")
    before = page.evaluate("location.hash")
    page.locator("#svg-force").scroll_into_view_if_needed()
    track = page.locator("#svg-force").bounding_box()
    page.mouse.move(track["x"] + 500, track["y"] + 10)
    page.mouse.down()
    page.mouse.move(track["x"] + 800, track["y"] + 10, steps=4)
    page.mouse.up()
    wait_until(page, f"location.hash !== '{before}'")


def test_a_filter_takes_a_side_off_every_track(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-09&known=now")
    before = page.locator("svg.track .mark").count()
    page.click("[data-group=press]")
    assert page.get_attribute("[data-group=press]", "aria-pressed") == "false"
    assert page.locator("svg.track .mark").count() < before
    page.click("[data-group=press]")
    assert page.locator("svg.track .mark").count() == before


def test_a_mark_opens_its_source_with_rivals_and_what_it_bears_on(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-09&known=now")
    page.locator("#svg-force").scroll_into_view_if_needed()
    mark = page.locator("#svg-force .mark[data-n]").first.bounding_box()
    page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    assert page.get_attribute("#tab-source", "aria-selected") == "true"
    go(page, "day=2030-05-09&known=now&report=S01")
    said = page.inner_text("#panel-source")
    for part in ("Valley council", "Disputed by", "the pass is open to all who show papers", "Bears on", "V1"):
        assert part in said, part
    go(page, "day=2030-05-03&known=then&report=S01")
    assert "Not yet published" in page.inner_text("#panel-source")


def test_the_address_holds_the_view(browser: Browser, visit: Visit, told: tuple[Story, str]) -> None:
    page = visit.page
    go(page, "day=2030-05-06&known=now&from=2030-05-04&to=2030-05-08&without=press&report=A06&show=source")
    seen = shown(page), page.evaluate("location.hash"), page.inner_text("#panel-source")
    other = Visit(browser, told[1] + page.evaluate("location.hash"), WIDE, locale="en-GB")
    assert (shown(other.page), other.page.evaluate("location.hash"), other.page.inner_text("#panel-source")) == seen
    other.page.context.close()


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-06&known=then")
    page.focus("#track-force")
    page.keyboard.press("ArrowRight")
    wait_until(page, "location.hash.includes('day=2030-05-07')")
    page.keyboard.press("t")
    assert "known=now" in page.evaluate("location.hash")
    page.focus("#track-force")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert "report=" in page.evaluate("location.hash")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "source-title"
    page.keyboard.press("n")
    assert "step=1" in page.evaluate("location.hash")
    page.focus("#tab-path")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-day", "aria-selected") == "true"


def test_the_path_moves_clocks_axis_and_map(visit: Visit, told: tuple[Story, str]) -> None:
    page, map_words = visit.page, set()
    for n, step in enumerate(told[0].file.steps):
        page.locator("#panel-path .next").click()
        hash_ = page.evaluate("location.hash")
        assert f"day={step.day}" in hash_ and f"known={step.known}" in hash_ and f"step={n + 1}" in hash_
        assert step.title == page.inner_text("#step-title")
        map_words.add(page.inner_html("#map"))
    assert len(map_words) > 4


def test_a_screen_reader_finds_each_track_as_a_table(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-09&known=now")
    for track in TRACKS:
        page.locator(f"#details-{track.key}").evaluate("one => { one.open = true; }")
        page.wait_for_selector(f"#table-{track.key} caption")
        rows = page.locator(f"#table-{track.key} tbody tr").count()
        assert rows == page.locator(f"#svg-{track.key} .mark").count(), track.key


@pytest.mark.parametrize(
    ("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbfid,kind,day")]
)
def test_a_track_can_be_saved(visit: Visit, kind: str, begins: bytes) -> None:
    page = visit.page
    page.locator("#details-force summary").click()
    with page.expect_download() as waiting:
        page.click(f"[data-save={kind}][data-track=force]")
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(begins) and waiting.value.suggested_filename.endswith(f".{kind}")


def test_a_switch_draws_the_changed_bands_and_says_what_is_assumed(browser: Browser, tmp_path: Path) -> None:
    """What `whatif` wrote of the invented case with phases: off, on by keyboard, in the address, and refusals named."""
    act = ["--do", "plain.keep_road_open@2030-05-04T08:00+02:00", "--runs", "2", "--workers", "1"]
    done = CliRunner().invoke(main, ["whatif", "demo-ceasefire", *act, "--out", str(tmp_path / "open-road")])
    assert done.exit_code == 0, done.output
    ran = CliRunner().invoke(main, ["run", "demo-ceasefire", *act[2:], "--no-report", "--out", str(tmp_path / "run")])
    assert ran.exit_code == 0, ran.output
    story = story_of(shipped_cases() / "demo-valley", run=tmp_path / "run", whatifs=[tmp_path / "open-road"])
    address = write_story(story, tmp_path / "out")[0].as_uri()
    visit = Visit(browser, f"{address}#show=whatif&known=now&day=2030-05-07", WIDE, locale="en-GB")
    page = visit.page
    said = page.inner_text("#panel-whatif")
    assert "From 4 May 2030: the road stays open to everyone from the act on" in said
    assert "keep_road_open" not in said and not page.is_visible("#panel-whatif table")
    of_run = page.locator("#svg-people .band").count()
    assert of_run == sum(one["track"] == "people" for one in story.run.lanes())
    page.focus("[role=switch]")
    page.keyboard.press("Space")
    assert page.get_attribute("[role=switch]", "aria-checked") == "true" and "whatif=open-road" in page.url
    lanes = [one["track"] for one in story.whatifs[0].bands]
    for track in ("people", "hosts", "supplies"):
        assert page.locator(f"#svg-{track} .band").count() == 2 * lanes.count(track) > 0, "as it was, and changed"
    said = page.inner_text("#panel-whatif")
    assert said.index("Assumed") < said.index("as it was") and said.count("so no result") == 3
    assert violations(browser, page.url, WIDE) == []
    page.keyboard.press("Space")
    assert page.locator("#svg-people .band").count() == of_run and "whatif=" not in page.url
    assert visit.faults() == []
    page.context.close()


def test_play_goes_on_day_after_day_until_something_is_done(visit: Visit) -> None:
    page = visit.page
    go(page, "day=2030-05-03&known=now")
    page.click("#play")
    wait_until(page, "location.hash.includes('day=2030-05-05')")
    page.keyboard.press("Tab")
    assert page.get_attribute("#play", "aria-pressed") == "false"


def test_the_interface_speaks_three_languages(visit: Visit) -> None:
    page = visit.page
    titles = set()
    for language in ("en", "ru", "fr"):
        page.click(f"[data-language={language}]")
        assert page.get_attribute("html", "lang") == language
        titles.add(page.inner_text("#title-people"))
    assert len(titles) == 3


def test_a_view_prints_on_one_sheet(browser: Browser, told: tuple[Story, str]) -> None:
    """Landscape A4, as the page's own style asks."""
    check_sheet(browser, f"{told[1]}#step=6", WIDE, is_cut=False)


def check_sheet(browser: Browser, address: str, size: tuple[int, int], *, is_cut: bool) -> None:
    """One sheet with all tracks, the legends, the foot and the whole text, or a text that says that it is cut."""
    visit = Visit(browser, address, size, locale="en-GB")
    sheet = visit.page.pdf(prefer_css_page_size=True, print_background=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") + sheet.count(b"/Type /Page>") == 1, address
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    bottom = visit.page.evaluate("document.querySelector('footer').getBoundingClientRect().bottom")
    assert bottom <= (210 - 18) / 25.4 * 96, "A4 across, less the margins, at 96 px to the inch"
    inside = (
        "one => one.getBoundingClientRect().bottom <= document.querySelector('main').getBoundingClientRect().bottom"
    )
    assert all(visit.page.locator(f"#svg-{track.key}").evaluate(inside) for track in TRACKS)
    assert visit.page.locator(".shapes.passes").evaluate(inside)
    assert visit.page.is_visible(".cut-words") is is_cut
    text = visit.page.locator(".panel:not([hidden])")
    assert is_cut or text.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visit.faults() == []
    visit.page.context.close()


def test_on_a_small_screen_it_is_a_simpler_page_that_works(browser: Browser, told: tuple[Story, str]) -> None:
    """Text first, then all tracks with both legends, then the map; what is left out is said."""
    visit = Visit(browser, told[1], SMALL, locale="en-GB")
    page = visit.page
    assert all(page.is_visible(f"#svg-{track.key}") for track in TRACKS) and page.is_visible("#map")
    assert page.is_visible(".shapes.passes") and "wider screen" in page.inner_text(".left-out")
    top = {one: page.locator(one).bounding_box()["y"] for one in ("#panel-path", "#svg-road", "#map")}
    assert top["#panel-path"] < top["#svg-road"] < top["#map"]
    page.click("#tab-day")
    before = page.inner_text("#panel-day")
    page.click("[data-move='1']")
    wait_until(page, "location.hash.includes('day=2030-05-08')")
    assert page.inner_text("#panel-day") != before
    page.click("#tab-path")
    page.locator("#panel-path .next").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("#panel-path .next").dispatch_event("click")
    controls = page.locator("#controls").bounding_box()
    assert controls["y"] + controls["height"] <= page.locator("#step-title").bounding_box()["y"] < SMALL[1] / 2
    assert len({round(one.bounding_box()["y"] / 20) for one in page.locator(".moves > button").all()}) == 1
    for shut in (".shut", "#total"):
        page.locator("#panel-path .ref").first.click()
        assert page.is_visible("#panel-source dl") and page.is_visible("#panel-path")
        page.locator(shut).first.dispatch_event("click")
        assert not page.is_visible("#panel-source") and page.is_visible("#panel-path"), shut
    visit.page.context.close()

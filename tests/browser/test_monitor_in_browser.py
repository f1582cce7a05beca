"""The monitor in a real browser, without network: keyboard, filters, deep links, contrast, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from visiting import NARROW, WIDE, Visit, violations

from safeconduct.api import run
from safeconduct.findings.monitor import view_case, write_monitor
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The monitor of the record as of 18 September 2023, and its sheet."""
    out = tmp_path_factory.mktemp("out")
    write_monitor(view_case(shipped_cases() / "karabakh", date(2023, 9, 18)), out, onepage=True)
    return out


@pytest.fixture(scope="module", params=[WIDE, NARROW], ids=["wide", "narrow"])
def visit(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The page with everything unfolded."""
    visit = Visit(browser, (folder / "monitor.html").as_uri(), request.param)
    visit.page.click("#unfold")
    yield visit
    visit.page.context.close()


def test_the_page_asks_the_network_for_nothing_and_fits_the_screen(visit: Visit) -> None:
    assert visit.faults() == [] and visit.fits()


QUESTIONS = [
    "What is promised?",
    "What was done?",
    "Is the road open, and for whom?",
    "What is disputed?",
    "What to watch?",
]


def test_the_first_screen_answers_and_the_rest_is_folded(browser: Browser, folder: Path) -> None:
    """Five answers end within a desk's first screen, each with a link; the rest is folded."""
    visit = Visit(browser, (folder / "monitor.html").as_uri(), WIDE)
    page, height = visit.page, WIDE[1]
    assert page.locator(".answers dt").all_inner_texts() == QUESTIONS
    assert page.evaluate("document.querySelector('.answers').getBoundingClientRect().bottom") <= height
    assert all("[" not in text and len(text) > 40 for text in page.locator(".answers dd").all_inner_texts())
    assert page.locator(".answers dd").count() == page.locator(".answers dd:has(a.ref)").count()
    assert page.evaluate("document.documentElement.scrollHeight") < 16 * height
    assert all(n <= 2 for n in page.locator(".answers dd").evaluate_all("all => all.map(dd => dd.children.length)"))
    assert not page.is_visible("#c-E052")
    visit.page.context.close()


@pytest.mark.parametrize("day", ["2020-11-22", "2021-12-31", "2022-12-20", "2023-08-25", "2023-09-18", "2023-10-05"])
def test_the_page_prints_on_at_most_twenty_sheets(browser: Browser, tmp_path: Path, day: str) -> None:
    """A4; the claims one by one stay in the file, and the sheet says so."""
    page = write_monitor(view_case(shipped_cases() / "karabakh", date.fromisoformat(day)), tmp_path)[0]
    visit = Visit(browser, page.as_uri(), WIDE)
    pdf = visit.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) <= 20
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", pdf)
    visit.page.emulate_media(media="print")
    assert not visit.page.is_visible("#c-E003") and visit.page.is_visible(".paper")
    assert visit.page.is_visible("#obligations .reports")
    visit.page.context.close()


def test_an_address_opens_what_it_stands_in(browser: Browser, folder: Path) -> None:
    for has_script in (True, False):
        visit = Visit(browser, f"{(folder / 'monitor.html').as_uri()}#o-AG06f", WIDE, java_script_enabled=has_script)
        assert visit.page.is_visible("#o-AG06f .reports") and not visit.page.is_visible("#o-AG01 .reports")
        visit.page.context.close()


def test_filters_work_together_and_count_what_they_leave(visit: Visit) -> None:
    """They act on the list of claims alone, and say how many are left; "Show all" brings back every row."""
    page = visit.page
    page.select_option("#party", "armenia")
    page.select_option("#kind", "act")
    rows = page.locator("#all tbody tr:visible")
    assert 0 < rows.count() < 40
    parties = rows.evaluate_all("found => found.map(row => row.dataset.p.split('|').includes('armenia'))")
    assert all(parties)
    assert re.match(rf"{rows.count()} of \d+ claims", page.inner_text("#shown"))
    page.select_option("#side", "press in Russia")
    assert set(rows.evaluate_all("found => found.map(row => row.dataset.s)")) <= {"press in Russia"}
    page.click("#reset")
    assert page.inner_text("#shown").split()[0] == page.inner_text("#shown").split()[2]


def test_the_count_of_a_date_and_filters_is_that_of_the_ledger(visit: Visit) -> None:
    """Ten random dates and filters (seed 16): the count beside the list is the count of claims published by then."""
    page, draw = visit.page, Random(16)
    view = view_case(shipped_cases() / "karabakh", date(2023, 9, 18))
    for _ in range(10):
        day = date(2020, 11, 10) + timedelta(days=draw.randrange(1043))
        kind, side = (
            draw.choice(["", "act", "figure", "statement"]),
            draw.choice(["", "Russia", "Azerbaijan", "Armenia"]),
        )
        page.fill("#day", day.isoformat())
        page.dispatch_event("#day", "change")
        page.select_option("#kind", kind)
        page.select_option("#side", side)
        expected = sum(
            claim.published is not None
            and claim.published.astimezone(view.case.zone).date() <= day
            and kind in ("", claim.kind)
            and side in ("", view.ledger.side(claim))
            for claim in view.known.values()
        )
        assert page.inner_text("#shown") == f"{expected} of {len(view.known)} claims"
        assert page.locator("#all tbody tr:visible").count() == expected
    page.click("#reset")


def test_each_line_opens_its_claim_and_the_address_can_be_sent_on(visit: Visit, browser: Browser) -> None:
    """By Enter; Escape closes; the address of the claim opens it again, in another window."""
    page = visit.page
    page.locator('#obligations a[href="#c-AG06c"]').first.focus()
    page.keyboard.press("Enter")
    assert "Moscow Times" in page.inner_text("dialog[open]") and page.url.endswith("#c-AG06c")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")
    again = Visit(browser, page.url, WIDE)
    assert "Moscow Times" in again.page.inner_text("dialog[open]")
    again.page.context.close()


def test_contrast_names_and_order_pass_axe(browser: Browser, tmp_path: Path) -> None:
    """Both pages, wide and narrow; of an early date, as it is slow."""
    pages = write_monitor(view_case(shipped_cases() / "karabakh", date(2020, 11, 20)), tmp_path, onepage=True)
    for page in pages:
        for size in (WIDE, NARROW):
            assert violations(browser, page.as_uri(), size) == []


def test_without_script_all_rows_and_links_are_there(browser: Browser, folder: Path) -> None:
    visit = Visit(browser, (folder / "monitor.html").as_uri(), WIDE, java_script_enabled=False)
    assert not visit.page.is_visible("#controls") and not visit.page.is_visible("#c-E052")
    visit.page.click('.answers a[href="#o-AG06c"]')
    visit.page.click('#o-AG06c a[href="#c-AG06c"] >> nth=0')
    assert visit.page.url.endswith("#c-AG06c") and visit.page.is_visible("#c-AG06c")
    visit.page.context.close()


def test_labels_of_drawings_do_not_run_into_the_lanes(visit: Visit) -> None:
    over = visit.page.evaluate(
        """[...document.querySelectorAll('svg.lanes')].flatMap(chart => [...chart.querySelectorAll('text.name')]
             .filter(text => text.getBBox().width > Number(chart.dataset.left)).map(text => text.textContent))"""
    )
    assert over == []


@pytest.mark.parametrize("day", ["2020-11-30", "2021-06-30", "2022-12-31", "2023-09-18", "2023-10-05"])
@pytest.mark.parametrize("has_run", [False, True], ids=["record alone", "with a run"])
def test_the_situation_report_is_one_sheet(browser: Browser, tmp_path: Path, day: str, has_run: bool) -> None:
    """Printed to PDF at its own page size, A4."""
    if has_run:
        run("demo-valley", 2, workers=1).write(tmp_path, report=False)
    page = write_monitor(view_case(shipped_cases() / "karabakh", date.fromisoformat(day)), tmp_path, onepage=True)[1]
    visit = Visit(browser, page.as_uri(), WIDE)
    pdf = visit.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", pdf)
    visit.page.context.close()

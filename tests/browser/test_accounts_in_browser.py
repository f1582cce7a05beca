"""The page of accounts in a real browser, without network: it fits, heads stay, links lead, contrast, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_monitor_in_browser import AXE, CHROMIUM, NARROW, QUIET, WIDE, Visit, playwright

from safeconduct.findings import view_accounts, write_accounts
from safeconduct.scenario import shipped_cases

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts of the first real case."""
    return write_accounts(view_accounts(shipped_cases() / "karabakh"), tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH, so the page is not looked at in a browser")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_asks_for_nothing_fits_and_its_links_lead_to_who_reported(
    browser: playwright.Browser, page: Path, size: tuple[int, int]
) -> None:
    visit = Visit(browser, page.as_uri(), size)
    assert [url for url in visit.requests if not url.startswith("file:")] == [] and visit.complaints == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    lost = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1)))"
    assert visit.page.evaluate(f"{lost}.map(a => a.hash)") == []
    visit.page.click("#r-stood_by_june_2023 summary")
    visit.page.click('#r-stood_by_june_2023 a[href="#c-E089"]')
    assert visit.page.url.endswith("#c-E089") and visit.page.is_visible("#c-E089")
    visit.page.context.close()


def test_heads_of_the_table_stay_while_it_is_scrolled(browser: playwright.Browser, page: Path) -> None:
    visit = Visit(browser, page.as_uri(), (1000, 800))
    visit.page.evaluate("document.querySelector('.matrix').scrollTo(300, 1500)")
    box = visit.page.locator(".matrix").bounding_box()
    head, row = (
        visit.page.evaluate(f"document.querySelector('{what}').getBoundingClientRect().{edge}")
        for what, edge in ((".matrix th.col", "top"), (".matrix tbody th.what", "left"))
    )
    assert box is not None and abs(head - box["y"]) < 3 and abs(row - box["x"]) < 3
    visit.page.context.close()


def test_narrow_and_on_paper_nothing_is_lost(browser: playwright.Browser, page: Path) -> None:
    """Narrow: rows as cards in place of the table. On paper the whole table, not its visible part."""
    narrow = Visit(browser, page.as_uri(), NARROW)
    assert not narrow.page.is_visible(".matrix") and narrow.page.locator("article.row:visible").count() > 30
    narrow.page.context.close()
    paper = Visit(browser, page.as_uri(), (1040, 735))
    paper.page.emulate_media(media="print")
    cut = "(one => one.scrollHeight - one.clientHeight)(document.querySelector('.matrix'))"
    assert paper.page.evaluate(cut) <= 1
    paper.page.context.close()


def test_contrast_names_and_order_pass_axe(browser: playwright.Browser, tmp_path: Path) -> None:
    """Every rule of axe-core for WCAG 2.1 A and AA; of the invented case, as it is slow: it has two coders."""
    file, found = write_accounts(view_accounts(shipped_cases() / "demo-valley"), tmp_path), []
    for size in (WIDE, NARROW):
        visit = Visit(browser, file.as_uri(), size, bypass_csp=True)
        visit.page.evaluate(AXE)
        visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        tags = "['wcag2a','wcag2aa','wcag21a','wcag21aa','best-practice']"
        told = visit.page.evaluate(
            f"axe.run({{runOnly: {{type: 'tag', values: {tags}}}, resultTypes: ['violations']}})"
        )
        found += [(size[0], v["id"], v["nodes"][0]["html"][:160], len(v["nodes"])) for v in told["violations"]]
        visit.page.context.close()
    assert found == []

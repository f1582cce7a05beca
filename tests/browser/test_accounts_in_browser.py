"""The page of accounts in a real browser, without network: it fits, heads stay, links lead, contrast, paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from visiting import NARROW, WIDE, Visit, violations

from safeconduct.findings.accounts import view_accounts, write_accounts
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts of the first real case."""
    return write_accounts(view_accounts(shipped_cases() / "karabakh"), tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_asks_for_nothing_fits_and_its_links_lead_to_who_reported(
    browser: Browser, page: Path, size: tuple[int, int]
) -> None:
    visit = Visit(browser, page.as_uri(), size)
    assert visit.faults() == [] and visit.fits()
    lost = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.hash.slice(1)))"
    assert visit.page.evaluate(f"{lost}.map(a => a.hash)") == []
    visit.page.click("details:has(> #r-stood_by_june_2023) > summary")
    visit.page.click("#r-stood_by_june_2023 summary")
    visit.page.click('#r-stood_by_june_2023 a[href="#c-E089"]')
    assert visit.page.url.endswith("#c-E089") and visit.page.is_visible("#c-E089")
    visit.page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_first_screen_answers_and_accounts_are_opened_one_by_one(
    browser: Browser, page: Path, size: tuple[int, int]
) -> None:
    """Five answers end within a desk's first screen; each account and row is folded; an address opens its account."""
    visit = Visit(browser, page.as_uri(), size)
    assert visit.page.locator(".answers dt").count() == 5 == visit.page.locator(".answers dd:has(a.more)").count()
    if size == WIDE:
        assert visit.page.evaluate("document.querySelector('.answers').getBoundingClientRect().bottom") <= WIDE[1]
    assert visit.page.evaluate("document.documentElement.scrollHeight") < 13_000  # 48,000 px before they were folded
    assert visit.page.locator("details.account").count() == 22
    assert not visit.page.is_visible("#a-AC02") and not visit.page.is_visible("#r-enforcement")
    visit.page.goto(f"{page.as_uri()}#a-AC02")
    assert visit.page.is_visible("#a-AC02") and not visit.page.is_visible("#a-AC01")
    visit.page.context.close()


def test_heads_of_the_table_stay_while_it_is_scrolled(browser: Browser, page: Path) -> None:
    visit = Visit(browser, page.as_uri(), (1000, 800))
    visit.page.evaluate("document.querySelector('.matrix').scrollTo(300, 1500)")
    box = visit.page.locator(".matrix").bounding_box()
    head, row = (
        visit.page.evaluate(f"document.querySelector('{what}').getBoundingClientRect().{edge}")
        for what, edge in ((".matrix th.col", "top"), (".matrix tbody th.what", "left"))
    )
    assert box is not None and abs(head - box["y"]) < 3 and abs(row - box["x"]) < 3
    visit.page.context.close()


def test_narrow_and_on_paper_nothing_is_lost(browser: Browser, page: Path) -> None:
    """Narrow: rows as cards in place of the table. On paper the whole table, not its visible part."""
    narrow = Visit(browser, page.as_uri(), NARROW)
    assert not narrow.page.is_visible(".matrix") and narrow.page.locator("details.row > summary:visible").count() > 30
    narrow.page.context.close()
    paper = Visit(browser, page.as_uri(), (1040, 735))
    paper.page.emulate_media(media="print")
    cut = "(one => one.scrollHeight - one.clientHeight)(document.querySelector('.matrix'))"
    assert paper.page.evaluate(cut) <= 1
    for part in ("#a-AC21b", "#r-enforcement", "#counts table", "#apart table", "#flips .two", ".codebook", "#c-E089"):
        assert paper.page.locator(part).first.is_visible(), part
    paper.page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_contrast_names_and_order_pass_axe(browser: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    """Of the invented case, as it is slow: it has two coders."""
    file = write_accounts(view_accounts(shipped_cases() / "demo-valley"), tmp_path)
    assert violations(browser, file.as_uri(), size) == []

"""One browser for all tests of pages; without a chromium or playwright they are skipped, saying so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from visiting import CHROMIUM, QUIET, WIDE, Visit

from safeconduct.findings.story import Story, story_of, write_story
from safeconduct.scenario import shipped_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH, so the page is not looked at in a browser")
    with playwright.sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, str]:
    """The invented case and the address of its page."""
    out = tmp_path_factory.mktemp("out")
    story = story_of(shipped_cases() / "demo-valley")
    return story, write_story(story, out)[0].as_uri()


@pytest.fixture
def visit(browser: Browser, told: tuple[Story, str]) -> Iterator[Visit]:
    """The page on a wide screen, in English."""
    visit = Visit(browser, told[1], WIDE, locale="en-GB")
    yield visit
    visit.page.context.close()

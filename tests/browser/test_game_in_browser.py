"""The game's page in a real browser, without network: asks for nothing, fits 380 px, passes axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.findings import GameView, write_game
from safeconduct.inference.game_compare import AccountComparison

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = "['wcag2a','wcag2aa','wcag21a','wcag21aa','best-practice']"


@pytest.fixture(scope="module")
def address(compared: AccountComparison, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of three accounts with few games."""
    return write_game(GameView("Case", compared), tmp_path_factory.mktemp("out")).as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH, so the page is not looked at in a browser")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1400, 380])
def test_the_page_asks_for_nothing_fits_and_passes_axe(browser: playwright.Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, bypass_csp=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert asked == [address]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    told = page.evaluate(f"axe.run({{runOnly: {{type: 'tag', values: {TAGS}}}, resultTypes: ['violations']}})")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in told["violations"]] == []
    context.close()

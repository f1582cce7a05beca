"""The game's page in a real browser, without network: asks for nothing, fits 380 px, passes axe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from visiting import NARROW, WIDE, Visit, violations

from safeconduct.accounts.game.compare import AccountComparison
from safeconduct.findings.accounts import GameView, write_game

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(compared: AccountComparison, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of three accounts with few games."""
    return write_game(GameView("Case", compared), tmp_path_factory.mktemp("out")).as_uri()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_asks_for_nothing_fits_and_passes_axe(browser: Browser, address: str, size: tuple[int, int]) -> None:
    visit = Visit(browser, address, size)
    assert visit.faults() == [] and visit.fits()
    visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert visit.fits()
    visit.page.context.close()
    assert violations(browser, address, size) == []
